/* desk: a lesson in hand: which step, what was answered, and the board it is played on.
 *
 * The lesson's board stands in the place of the person's own (s->board); leaving puts
 * theirs back. A board left behind may still be in use by the line that left it, so it
 * is freed when that line has ended.
 *
 *     const struct step *step = desk_step(s);
 *     desk_say(s, desk_text(s, lesson_field(step, "say")));
 *     struct error *e = desk_run(s, "E at w = 3", true);
 */
#ifndef LESSON_DESK_H
#define LESSON_DESK_H

#include <stdint.h>

#include "board/session.h"
#include "lesson/content.h"
#include "lesson/record.h"

struct progress;

/* What made the board as it is, from the setup on; forgotten where that is too much. */
struct lines {
    char **at;
    size_t n, bytes;
    unsigned losses; /* how often they were forgotten */
};

struct mark {            /* where a step began */
    struct board *board; /* NULL: not been there */
    size_t lines;
    unsigned losses; /* of lines, until then */
    /* … and before the step put numbers of its own on the board; NULL: it has none */
    struct board *before;
    size_t before_lines;
};

/* Who else has the lesson in hand: a drill's exercise, a question asked again. What is
 * answered is theirs to keep, and where it goes on theirs to say. */
struct play_host {
    void (*passed)(struct session *s); /* the question is answered, or shown */
    void (*missed)(struct session *s); /* a wrong answer was judged */
    void (*ended)(struct session *s);  /* behind the last step */
    void (*save)(struct session *s);   /* something may have changed */
    void (*left)(struct session *s);   /* says so */
    void (*prompt)(const struct session *s, struct buf *b);
    /* Before a question is shown, each time: what it stands on. */
    void (*lead)(struct session *s, const struct step *step);
};

/* A board step's boxes: which are filled. Kept with the place. */
enum { FILL_BLANKS = 40 };
struct fill {
    uint64_t boxes;
    int box, missed; /* how often in a row, and where */
    int hinted;      /* the box that a hint was given for, from 1 */
};
enum { TOLD_MOST = 48 };

struct lesson_play {
    struct lesson *lesson; /* NULL: no lesson in hand */
    struct board *own;     /* the person's; s->board is the lesson's */
    int at;                /* the step in hand; n_steps: after the last */
    bool waits;            /* a text is read until Enter */
    bool practice;         /* lint's: nothing is kept, and nothing goes on by itself */
    bool resuming;         /* on the way back to where one was: not to be kept */
    char told[TOLD_MOST];  /* the mistake that was told last, by its key; "": none */
    const struct play_host *host; /* NULL: it is the course's */
    int round;                    /* of the host's: praise is another each time */
    bool talk; /* presented: other keys turn the pages, nobody is told to type */
    struct error
        *short_of;     /* lint's to take: the memory that a judge lacked, or NULL */
    bool at_prompt;    /* opened at the prompt: quit goes back there */
    bool aside;        /* a board beside is played on: no line is written down */
    bool weights_told; /* that they can't be written, and they still can't */
    bool number_told;  /* that the number alone will do: once is enough */
    bool no_files;     /* lines that made the board were left out: they touch files */
    int hint;          /* hints shown since the step began */
    struct fill fill;
    unsigned moves; /* counts what the lesson's commands do */
    struct record *records;
    double seconds; /* at this lesson, all in all */
    double key;     /* when something was typed last, by the clock */
    struct mark *marks;
    struct lines lines;
    struct buf prompt;
    struct progress *progress;
    char *kept;            /* what was saved last, as text, or NULL */
    struct board **behind; /* to be freed when the line has ended */
    size_t n_behind;
};

/* The lesson room's place in the session: NULL, or made where missing. */
struct lesson_play *desk_here(const struct session *s);
struct lesson_play *desk_of(struct session *s);
/* The lesson goes, the person's own board comes back; what it has not saved is lost. */
void desk_leave(struct session *s);
void desk_bury(struct session *s);                     /* the line has ended */
bool desk_holds(const struct session *s);              /* is a lesson in hand? */
const struct step *desk_step(const struct session *s); /* NULL: after the last */
struct record *desk_record(const struct session *s);   /* of the step in hand */
/* A wrong answer was told by this mistake, "mistake.mul.own"; "": by none. */
void desk_told(struct session *s, const char *mistake);
/* Something has been typed: the time since the last counts, but for a pause. */
void desk_count_time(const struct session *s);
/* What is kept of all lessons, as it is now; lives until the line has ended, or longer
 * where it could not be written. */
struct progress *desk_progress(struct session *s);
/* Today's board where the step began, for judging. */
struct board *desk_began(const struct session *s);
/* What an undo says that it takes back, where the lesson itself put numbers back. */
const char *desk_label(const struct session *s);
void desk_go_back(struct session *s); /* the board as it was when the step began */
void desk_clear(struct session *s);   /* an empty board, no lines */
/* The one that desk_clear put aside is in its place again. */
void desk_take_back(struct session *s);

/* ---- what is shown ---- */

const char *desk_text(const struct session *s, const cJSON *text);
/* A text of the lesson, wrapped; `[3/31] ` before it. */
void desk_say(struct session *s, const char *text);
void desk_aside(struct session *s, const char *key); /* dim, to whoever types */
/* The key of a sentence that names `hint`, or of the one that doesn't, KEY.bare, where
 * the step has none; in a talk, of the one that names its key, KEY.talk. The caller
 * frees it. */
char *desk_key(const struct session *s, const char *key);
void desk_show_line(struct session *s, const char *line); /* > descend E rate 0.1 */

/* ---- what is run ---- */

/* Runs a line on the lesson's board and writes it down where it changed anything. own:
 * the lesson's own line, which may not touch files. The caller owns the error. */
struct error *desk_run(struct session *s, const char *line, bool own);
/* The same of what has been read; says whether it changed the board. */
struct error *desk_take(struct session *s, struct typed *t, bool own, bool *changed);
/* Without a word. */
struct error *desk_take_silently(struct session *s, struct typed *t);
struct error *desk_run_silently(struct session *s, const char *line);
/* Runs a line on a board beside ours: nothing is shown nor kept. */
struct error *desk_rehearse(struct session *s, struct board *b, const char *line);
/* It changes nothing; undo and redo do. */
bool desk_only_shows(const struct stmt *st);
/* What was done since the step began, statement by statement: its lines without what
 * only shows. False where lines have been forgotten: then since that. */
bool desk_done(struct session *s, struct lines *out);
/* The value of an expression on a board. *out: one reference. */
struct error *desk_value(struct session *s, struct board *b, const char *expr,
                         struct tensor **out);
/* The same, of one number. */
struct error *desk_number(struct session *s, struct board *b, const char *expr,
                          double *out);
/* Says why an answer could not be judged; under lint what memory lacked is kept for it
 * (short_of). Frees e. */
void desk_unjudged(struct session *s, struct error *e);

void lines_add(struct lines *l, const char *line);
void lines_cut(struct lines *l, size_t n);
void lines_free(struct lines *l);

#endif
