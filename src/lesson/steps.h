/* steps: the kinds of step a lesson is made of. To add one: a row in steps.c and its
 * functions in a step_*.c.
 */
#ifndef LESSON_STEPS_H
#define LESSON_STEPS_H

#include "lesson/load.h"
#include "lesson/play.h"
#include "text/number.h"

enum verdict {
    VERDICT_NONE, /* no answer: a line for the board */
    VERDICT_RIGHT,
    VERDICT_WRONG,  /* the reply has been given */
    VERDICT_UNCLEAR /* an answer, but none of those there are: not counted */
};

struct step_kind {
    const char *name;           /* the key that makes a step one of these */
    const struct field *fields; /* what it may hold, the key first; ended by no name */
    bool asks;                  /* waits until it is solved or skipped */
    void (*show)(struct session *s, const struct step *step);
    /* Of what was typed, cleaned; NULL: nothing is ever an answer. */
    enum verdict (*judge)(struct session *s, const struct step *step, const char *line);
    /* After a line ran: does the board stand as it should? NULL: that is not asked. */
    bool (*settled)(struct session *s, const struct step *step);
    /* Where it does not: known slips get their own words. False: there are none. */
    bool (*remark)(struct session *s, const struct step *step);
    /* The line a person would type to solve it, added to b. */
    struct error *(*solution)(struct session *s, const struct step *step,
                              struct buf *b);
    /* What skip shows before `why`. */
    void (*reveal)(struct session *s, const struct step *step);
    bool waits; /* for Enter, even where nobody sits at a terminal */
};

extern const struct step_kind step_kinds[]; /* ended by a row without name */

extern const struct field say_fields[], note_fields[], run_fields[], ask_fields[],
    predict_fields[], try_fields[], play_fields[];

void say_show(struct session *s, const struct step *step);
void note_show(struct session *s, const struct step *step);
void run_show(struct session *s, const struct step *step);
void play_show(struct session *s, const struct step *step);

void ask_show(struct session *s, const struct step *step);
enum verdict ask_judge(struct session *s, const struct step *step, const char *line);
struct error *ask_solution(struct session *s, const struct step *step, struct buf *b);
void ask_reveal(struct session *s, const struct step *step);

void predict_show(struct session *s, const struct step *step);
enum verdict predict_judge(struct session *s, const struct step *step,
                           const char *line);
struct error *predict_solution(struct session *s, const struct step *step,
                               struct buf *b);
void predict_reveal(struct session *s, const struct step *step);
/* The number of an expression of the step (a string, or a number) on the board as it
 * was when the step began. */
struct error *predict_number(struct session *s, const cJSON *expr, double *out);
/* A number with as many figures as `within` asks for, as a student would type it. */
void predict_digits(const struct session *s, const struct step *step, double value,
                    char shown[NUM_SIZE]);

void try_show(struct session *s, const struct step *step);
bool try_slipped(struct session *s, const cJSON *slip); /* is this slip made? */
bool try_settled(struct session *s, const struct step *step);
bool try_remark(struct session *s, const struct step *step);
struct error *try_solution(struct session *s, const struct step *step, struct buf *b);
void try_reveal(struct session *s, const struct step *step);

#endif
