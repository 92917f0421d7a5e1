/* Typing freely in the midst of a talk: on its board, with all that a prompt can. What
 * was typed is put back with Ctrl-D, unless `keep` says otherwise. Where a question is
 * open, what is typed may answer it. */
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "board/mark.h"
#include "present/speaker.h"
#include "session/run.h"
#include "shell/key.h"
#include "shell/prompt.h"

static bool is_word(const char *line, const char *en, const char *ko) {
    size_t lead = strspn(line, " \t"), n = strcspn(line + lead, " \t");
    const char *word = line + lead;
    if (word[n + strspn(word + n, " \t")]) return false;
    return (n == strlen(en) && strncmp(word, en, n) == 0) ||
           (n == strlen(ko) && strncmp(word, ko, n) == 0);
}

struct live {
    struct talk *t;
    struct buf text; /* lines of what is not whole yet */
    bool keep, solved;
};

static void take(struct live *l, struct typed *typed) {
    struct talk *t = l->t;
    if (talk_asks(t) && !l->solved)
        l->solved = t->deck.kind->take(&t->deck, t->at, typed);
    else session_report(t->s, session_take(t->s, typed, NULL));
    interrupt_clear();
    out_flush(t->s->out);
}

/* False: back to the talk. */
static bool take_line(struct live *l, const char *line) {
    struct session *s = l->t->s;
    bool first = !l->text.len;
    if (first && (is_word(line, "back", "돌아가기") || is_word(line, "quit", "끝")))
        return false;
    if (first && is_word(line, "keep", "남기기")) {
        l->keep = true;
        return false;
    }
    if (!first) buf_add(&l->text, "\n");
    buf_add(&l->text, line);
    struct typed typed = session_read(s, buf_text(&l->text), line[strspn(line, " \t")]);
    if (!typed.unfinished) {
        take(l, &typed);
        buf_clear(&l->text);
    }
    typed_free(&typed);
    return !s->quit;
}

static void converse(struct live *l) {
    struct talk *t = l->t;
    for (bool going = true; going;) {
        char *line = NULL;
        const char *own = text_get(t->s->out->text, "talk.live.prompt");
        const char *words = l->text.len ? "… " : own;
        out_flush(t->s->out);
        enum answer a = prompt_ask(t->prompt, words, &line);
        out_turn(t->s->out, words, line ? line : "");
        if (a == ANSWER_LINE) {
            prompt_remember(t->prompt, line);
            going = take_line(l, line);
        } else if (a == ANSWER_INTERRUPT) {
            interrupt_clear();
            buf_clear(&l->text);
        } else {
            going = false;
        }
        free(line);
    }
}

void talk_live(struct talk *t) {
    struct session *s = t->s;
    if (t->options.loop) talk_tell(t, "talk.live.never");
    if (!t->presser.person || t->options.loop) return;
    struct live l = {.t = t};
    enum text_lang lang = text_lang(s->out->text);
    int digits = s->out->digits, threads = s->threads;
    if (stage_tells(t->stage)) talk_draw(t);
    struct board *was = mark_take(s->board);
    int (*key)(bool turns) = s->out->key, heard = stage_deafen(t->stage);
    void (*wait)(double seconds) = s->out->wait;
    s->out->key = key_press;
    s->out->wait = NULL;
    presser_lend(&t->presser);
    if (!t->prompt) t->prompt = prompt_open(s, !s->out->plain);
    out_puts(s->out, "\n");
    out_printf(s->out, "%s", out_ink(s->out, OUT_DIM));
    out_say(s->out, "talk.live", NULL);
    out_printf(s->out, "%s", out_ink(s->out, OUT_PLAIN));
    const char *state = t->state;
    speaker_tell(t, "live", NULL);
    s->depth++; /* no habit of the person's: `lang` is not kept */
    converse(&l);
    s->depth--;
    speaker_tell(t, state, NULL);
    s->quit = false;
    text_set_lang(s->out->text, lang); /* L is the talk's own */
    s->out->key = key;
    s->out->wait = wait;
    presser_take_back(&t->presser);
    if (l.solved) t->act = deck_acts(&t->deck.steps[t->at]) - 1;
    if (!l.solved && !l.keep && !mark_same(s->board, was))
        mark_restore(s->board, was, "back");
    if (!l.keep) s->out->digits = digits, s->threads = threads;
    if (l.keep) talk_settle(t);
    board_free(was);
    buf_free(&l.text);
    stage_hear_on(t->stage, heard);
    out_turn(s->out, "", "");
    talk_draw(t);
}
