#include "lesson/take.h"

#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/utf8.h"
#include "board/mark.h"
#include "lesson/answer.h"
#include "lesson/play.h"
#include "lesson/save.h"
#include "lesson/saying.h"
#include "lesson/steps.h"
#include "lesson/task.h"
#include "session/help.h"
#include "session/run.h"
#include "syntax/korean_keys.h"

#define PRAISES 8

/* Never the same words twice running, yet the same each time the lesson is played. */
static void praise(struct session *s) {
    const struct lesson_play *p = desk_here(s);
    int before = p->round;
    for (int i = 0; i < p->at; i++) before += p->lesson->steps[i].kind->answer != NULL;
    struct buf key = {0};
    buf_printf(&key, "play.praise.%d", before % PRAISES);
    out_puts(s->out, out_ink(s->out, OUT_VALUE));
    out_say(s->out, buf_text(&key), NULL);
    out_puts(s->out, out_ink(s->out, OUT_PLAIN));
    buf_free(&key);
}

static void remind(struct session *s) {
    struct buf b = {0};
    buf_printf(&b, "step.%s.open", desk_step(s)->kind->name);
    char *key = desk_key(s, buf_text(&b));
    desk_aside(s, key);
    free(key);
    buf_free(&b);
}

static void take_empty(struct session *s) {
    const struct step *step = desk_step(s);
    if (!step || !step->kind->answer) {
        play_go_on(s);
    } else {
        play_display_by(s, step,
                        step->kind->redraw ? step->kind->redraw : step->kind->show);
        bool again = desk_record(s)->result != RESULT_OPEN && !desk_here(s)->host;
        if (again) desk_aside(s, "play.answered");
        else remind(s);
    }
}

/* An answer, or a line, that was judged. */
static void was_wrong(struct session *s) {
    const struct play_host *host = desk_here(s)->host;
    save_all(s);
    if (host) host->missed(s);
}

/* What was shown of the line came from other numbers than those the lesson speaks of:
 * it is run again, on a board beside, as it counts. */
static void show_anew(struct session *s) {
    struct lesson_play *p = desk_here(s);
    const struct mark *m = &p->marks[p->at];
    struct board *now = s->board, *b = mark_take(desk_began(s));
    bool sandbox = s->sandbox;
    desk_aside(s, "play.anew");
    s->board = b;
    p->aside = s->sandbox = true; /* no file is written twice */
    for (size_t i = m->losses == p->lines.losses ? m->lines : 0; i < p->lines.n; i++) {
        desk_show_line(s, p->lines.at[i]);
        error_free(desk_run(s, p->lines.at[i], false));
    }
    p->aside = false;
    s->sandbox = sandbox;
    s->board = now;
    board_free(b);
}

static void task_solved(struct session *s, bool anew) {
    praise(s);
    if (anew) show_anew(s);
    play_pass(s, RESULT_SOLVED);
}

/* w - 0.1*dE/dw, where w = … is wanted: it showed what w should be, and no more. */
static void say_shown(struct session *s, const struct step *step,
                      const struct typed *t) {
    const char *name = cJSON_GetStringValue(lesson_field(step, "same"));
    const struct stmt *st = t->program && t->program->n == 1 ? t->program->stmts : NULL;
    if (!name || strpbrk(name, " [(") || !st || st->kind != STMT_ITEMS) return;
    struct buf line = {0};
    buf_printf(&line, "%s = %s", name, st->source);
    bool right = st->n_items == 1 && task_would_be(s, step, buf_text(&line));
    buf_free(&line);
    if (!right) return;
    out_puts(s->out, out_ink(s->out, OUT_DIM));
    out_say(s->out, "step.try.shown", "name", name, NULL);
    out_puts(s->out, out_ink(s->out, OUT_PLAIN));
}

/* After a line of the student's own: is the task done? */
static void look(struct session *s, const struct typed *t, bool changed) {
    const struct step *step = desk_step(s);
    if (!step || !step->kind->answer) return;
    int slip;
    bool anew = false;
    if (!step->kind->settled) {
        remind(s);
    } else if (changed ? task_done(s, step, &anew) : task_passes(s, step)) {
        task_solved(s, anew);
    } else if (session_stopped(s)) { /* nobody knows */
        session_report(s, interrupt_stopped());
    } else if (changed && t->program && task_done_at_end(s, step, t->program)) {
        task_solved(s, true);
    } else if (changed && task_remark(s, step, &slip)) {
        record_wrong(desk_record(s), NULL);
        if (slip >= 0) record_slip(desk_record(s), slip);
        was_wrong(s);
    } else if (changed && task_begun(s, step)) {
        desk_aside(s, "step.try.begun");
    } else if (changed) {
        remind(s);
    } else {
        struct answer a = answer_number(s, t->clean, t->program, NULL, NULL);
        if (a.n && !a.is_line) desk_aside(s, "step.try.number");
        else say_shown(s, step, t);
    }
}

/* One word that means nothing here, nor nearly, where an answer is open. */
static bool is_stray_word(const struct session *s, const struct typed *t,
                          const struct error *e) {
    const struct step *step = desk_holds(s) ? desk_step(s) : NULL;
    return step && step->kind->judge && strcmp(e->key, "unknown-name") == 0 &&
           !error_value(e, "near") && saying_is_prose(t->clean);
}

/* A line that only what was done before it keeps from running: x is a table now. */
static bool is_right_alone(struct session *s, const struct typed *t,
                           const struct error *e) {
    const struct step *step = desk_holds(s) ? desk_step(s) : NULL;
    return e && t->program && !error_is_stop(e) && step && step->kind->settled &&
           task_done_alone(s, step, t->clean);
}

static bool take_line(struct session *s, struct typed *t) {
    struct lesson_play *p = desk_here(s);
    unsigned moves = p->moves;
    enum text_lang lang = text_lang(s->out->text);
    bool changed;
    struct error *e = desk_take(s, t, false, &changed);
    if (e && is_stray_word(s, t, e)) { /* a number in words, or half a sentence */
        error_free(e);
        remind(s);
        return false;
    }
    if (p->moves == moves && is_right_alone(s, t, e)) {
        error_free(e);
        task_solved(s, true);
        return true;
    }
    bool fine = session_report(s, e);
    if (!desk_holds(s) || p->moves != moves) return fine;
    if (lang != text_lang(s->out->text)) { /* the question, in the other language */
        const struct step *step = desk_step(s);
        if (step && step->kind->show) play_display(s, step);
        if (p->waits && step && !step->kind->waits) desk_aside(s, "play.enter");
        return fine;
    }
    if (fine && !s->quit) look(s, t, changed);
    if (changed && p->moves == moves) save_all(s);
    return fine;
}

/* Without the spaces around it. */
static char *trimmed(const char *s) {
    size_t from = strspn(s, " \t\r\n"), n = strlen(s);
    while (n > from && strchr(" \t\r\n", s[n - 1])) n--;
    return mem_copy_n(s + from, n - from);
}

/* Words that are the answer, or one to choose from, are no command. */
static bool says_answer(const struct step *step, const char *text) {
    return answer_says(text, lesson_field(step, "answer")) ||
           answer_says(text, lesson_field(step, "choices"));
}

/* The command whose Korean word these keys are, or nearly: glsxm is 힌트. */
static const struct command *by_keys(const struct session *s, const char *text) {
    const struct command *found = NULL;
    for (int t = 0; s->tables[t] && !found; t++) {
        for (const struct command *c = s->tables[t]; c->name && !found; c++) {
            struct buf keys = {0};
            bool is = c->ko && korean_keys_read(c->ko, &keys) &&
                      utf8_distance(buf_text(&keys), text) <= (keys.len > 4);
            if (is) found = c;
            buf_free(&keys);
        }
    }
    return found;
}

static bool is_hint(const char *command) {
    return command && strcmp(command, "hint") == 0;
}

static bool run_wanted(struct session *s, const char *command) {
    bool quit = strcmp(command, "quit") == 0 && desk_here(s)->at_prompt;
    return session_run(s, quit ? "leave" : command, NULL);
}

/* A command that can't do anything so: "why" of nothing, "help me" of no word. */
static bool is_idle(struct session *s, const struct program *p) {
    const struct stmt *st = p && p->n == 1 ? p->stmts : NULL;
    if (!st || st->kind != STMT_COMMAND || st->n_clauses) return false;
    bool words = (st->command->flags & COMMAND_WORDS) != 0;
    if (!st->n_items) return !words && *st->command->args && *st->command->args != '[';
    return words && st->items[0].text && !help_knows(s, st->items[0].text);
}

/* I am a student. I don't know; 저는 모르겠어요: the last of what is said, where what
 * comes before it answers nothing. */
static const char *asks_for_help(const struct step *step, const char *text) {
    const char *last = saying_last(text);
    char *before = mem_copy_n(text, (size_t)(last - text));
    bool says = last > text && saying_is_prose(before) && !says_answer(step, before);
    const char *wanted = says ? saying_wants(last) : NULL;
    free(before);
    return is_hint(wanted) ? wanted : NULL;
}

/* What a person says to a person: "I don't know", "what is a synapse?". */
static bool take_saying(struct session *s, const char *text, const struct typed *t) {
    const struct step *step = desk_step(s);
    const char *wanted = saying_wants(text);
    if (!wanted && step && t->error) wanted = asks_for_help(step, text);
    bool is_line = answer_is_line(s, t->program) && !(wanted && is_idle(s, t->program));
    if (is_line || !step || says_answer(step, text)) return false;
    const struct command *meant = wanted ? NULL : by_keys(s, text);
    if (meant && is_hint(meant->name)) wanted = meant->name;
    else if (meant)
        return !session_report(
            s, error_new("latin-keys", "word", text, "near", meant->ko, NULL));
    if (wanted) {
        run_wanted(s, wanted);
        return true;
    }
    struct buf help = {0};
    buf_add(&help, "help ");
    bool asks = saying_topic(text, &help) && help_knows(s, help.data + strlen("help "));
    if (asks) session_run(s, buf_text(&help), NULL);
    buf_free(&help);
    if (asks && step->kind->answer) remind(s);
    return asks;
}

/* A sentence is met with words a beginner understands, not as a broken formula; but a
 * near word is worth more, where it is not a question's (이건 뭐예요?). */
static bool take_prose(struct session *s, const char *text, const struct typed *t) {
    const struct step *step = desk_step(s);
    if (step && step->kind->answer && t->error && saying_is_signs(text)) {
        remind(s);
        return true;
    }
    if (!step || !t->error || !saying_is_prose(text)) return false;
    bool open = step->kind->answer, asked = saying_is_asked(text);
    if (!asked && (!open || error_value(t->error, "near"))) return false;
    char *key = open ? desk_key(s, "play.prose") : mem_copy("play.prose.free");
    out_say(s->out, key, NULL);
    free(key);
    return true;
}

/* ㅗㅑㅜㅅ, ㅈ: the keyboard was left on, and this is what would have stood there: an
 * answer, or a call for a hint, which does no harm. The caller frees it; NULL: it is
 * no such word. */
static char *without_hangul(const struct step *step, const char *text) {
    struct buf latin = {0};
    bool is = step && korean_keys_read(text, &latin);
    const char *keys = buf_text(&latin);
    int n = is ? cJSON_GetArraySize(lesson_field(step, "choices")) : 0;
    bool letter = is && !keys[1] && *keys >= 'a' && *keys < 'a' + n;
    if (is && (letter || is_hint(saying_wants(keys)) || says_answer(step, keys)))
        return buf_take(&latin);
    buf_free(&latin);
    return NULL;
}

/* Could it be run? Of one word alone nothing is said. */
static bool is_runnable(struct session *s, const char *line) {
    if (!strpbrk(line, " =+-*/(")) return false;
    struct typed t = session_read(s, line, false);
    bool is = t.program && t.program->n;
    typed_free(&t);
    return is;
}

/* ㄴㄷㄷㅇ 4, ㅈ=2, ㅂ: no answer, and what it does was not asked for: the person is
 * asked. */
static bool take_keys(struct session *s, const char *text) {
    struct buf latin = {0};
    bool keys = korean_keys_line(text, &latin), loose = korean_keys_loose(text);
    const char *line = buf_text(&latin);
    char *first = mem_copy_n(line, strcspn(line, " ="));
    char *typed = mem_copy_n(text, strcspn(text, " ="));
    const char *wanted = loose && *line ? saying_wants(line) : NULL;
    bool command = session_command(s, first) && !session_command(s, typed);
    bool is = keys && (wanted || command || (loose && is_runnable(s, line)));
    if (is)
        session_report(s, error_new("korean-keys", "word", text, "near",
                                    wanted ? wanted : line, NULL));
    free(first);
    free(typed);
    buf_free(&latin);
    return is;
}

/* 2번이요, the second one: to a task, or where nothing is asked. */
static bool take_count(struct session *s, const char *text, const struct typed *t) {
    const struct step *step = desk_step(s);
    bool words = t->error || utf8_has_hangul(text) || strchr(text, ' ');
    if (!step || step->kind->judge || !words || !answer_counts(text)) return false;
    if (step->kind->answer) desk_aside(s, "step.try.number");
    else out_say(s->out, "play.nothing-asked", NULL);
    return true;
}

/* dE/dh = 4, dE/dh는 4, where that is no answer: neither is it a line. */
static bool take_claim(struct session *s, const char *text, const struct typed *t) {
    static const char nothing[] = "nothing"; /* is asked for */
    if (t->program) return false;
    const struct step *step = desk_step(s);
    const char *said;
    struct answer a = answer_number(s, text, NULL, nothing, "");
    if (!a.states && !a.other) return false;
    char *subject = answer_subject(text, nothing, &said);
    bool open = step && step->kind->answer;
    out_say(s->out,
            !open      ? "play.nothing-asked"
            : a.states ? "step.predict.states"
                       : "step.predict.other",
            "name", subject, NULL);
    free(subject);
    return true;
}

static bool take_answer(struct session *s, const char *text, struct typed *t) {
    if (!*text) {
        take_empty(s);
        return true;
    }
    if (strcmp(text, "quit") == 0 || strcmp(text, "끝") == 0) {
        return run_wanted(s, "quit");
    }
    if (take_saying(s, text, t) || take_count(s, text, t)) return true;
    const struct step *step = desk_step(s);
    enum verdict v = VERDICT_NONE;
    *desk_here(s)->told = '\0';
    if (step && step->kind->judge) v = step->kind->judge(s, step, text, t->program);
    if (v == VERDICT_NONE && take_claim(s, text, t)) return true;
    if (v == VERDICT_NONE && take_prose(s, text, t)) return true;
    if (v == VERDICT_NONE) return take_line(s, t);
    if (v == VERDICT_WRONG) was_wrong(s);
    if (v == VERDICT_UNCLEAR && desk_holds(s)) save_all(s); /* a box may be filled */
    if (v == VERDICT_RIGHT) {
        praise(s);
        play_pass(s, RESULT_SOLVED);
    }
    return true;
}

/* k = W3 @ relu(f). was copied with its sentence's full stop. */
static void drop_stop(struct session *s, struct typed *t) {
    size_t n = strlen(t->clean);
    while (n && strchr(" \t\r\n", t->clean[n - 1])) n--;
    if (!t->error || n < 2 || t->clean[n - 1] != '.' || t->clean[n - 2] == '.') return;
    char *line = mem_copy_n(t->clean, n - 1);
    struct typed without = session_read(s, line, false);
    const struct program *p = without.program;
    bool command = p && p->n && p->stmts[0].kind == STMT_COMMAND;
    if (p && (command || !saying_is_prose(line))) {
        typed_free(t);
        *t = without;
    } else typed_free(&without);
    free(line);
}

/* w ← 2.6, as `step` writes it, w := 2.6, w <- 2.6: where a task is open, w = 2.6. */
static void read_arrow(struct session *s, struct typed *t) {
    static const char *const signs[] = {"←", ":=", "<-"};
    const struct step *step = desk_step(s);
    const char *at = t->clean + strspn(t->clean, " "), *end = at, *from;
    if (!step || !step->kind->settled) return;
    while (utf8_is_letter(end) && strncmp(end, signs[0], strlen(signs[0])) != 0) end++;
    end += strspn(end, "0123456789");
    if (end > at && *end == '[') end += strcspn(end, "]") + (strchr(end, ']') != NULL);
    from = end + strspn(end, " ");
    for (size_t i = 0; end > at && i < sizeof signs / sizeof *signs; i++) {
        size_t n = strlen(signs[i]);
        if (strncmp(from, signs[i], n) != 0) continue;
        struct buf line = {0};
        buf_add_n(&line, at, (size_t)(end - at));
        buf_printf(&line, " = %s", from + n + strspn(from + n, " "));
        struct typed plain = session_read(s, buf_text(&line), false);
        buf_free(&line);
        if (plain.program) {
            desk_aside(s, "step.try.arrow");
            typed_free(t);
            *t = plain;
        } else typed_free(&plain);
        return;
    }
}

bool take_typed(struct session *s, struct typed *t) {
    drop_stop(s, t);
    read_arrow(s, t);
    char *text = trimmed(t->clean), *keys = without_hangul(desk_step(s), text);
    desk_count_time(s);
    bool fine = (!keys && take_keys(s, text)) || take_answer(s, keys ? keys : text, t);
    free(keys);
    free(text);
    return fine;
}
