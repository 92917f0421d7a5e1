/* steps: the kinds of step a lesson is made of. To add one: a row in steps.c and its
 * functions in a step_*.c.
 *
 *     const struct step_kind *kind = step->kind;
 *     if (kind->show) kind->show(s, step);
 *     if (kind->answer) …                       // it waits for one
 */
#ifndef LESSON_STEPS_H
#define LESSON_STEPS_H

#include "lesson/desk.h"

struct check;
struct game;

enum verdict {
    VERDICT_NONE, /* no answer: a line for the board */
    VERDICT_RIGHT,
    VERDICT_WRONG,  /* the reply has been given, and the answer recorded */
    VERDICT_UNCLEAR /* an answer, but none of those there are: not counted */
};

struct step_kind {
    const char *name;           /* the key that makes a step one of these */
    const struct field *fields; /* what it may hold, the key first; ended by no name */
    /* The field that holds its answer: it waits until it is solved or skipped. NULL:
     * nothing is asked. */
    const char *answer;
    bool reads; /* a text: read in peace, or with the question that follows at once */
    bool waits; /* for Enter, even where nobody sits at a terminal */
    /* What of its shape the fields do not say: a check, and the same for the schema. */
    void (*check)(struct check *c, const cJSON *json);
    const char *schema;

    /* Puts what the step has of its own on the board, before it begins; takes it away
     * when it is done. NULL: nothing. */
    void (*prepare)(struct session *s, const struct step *step);
    void (*restore)(struct session *s);
    void (*show)(struct session *s, const struct step *step); /* NULL: passed over */
    /* What Enter shows of it anew; NULL: all. */
    void (*redraw)(struct session *s, const struct step *step);
    /* What of that stands on paper below its text; NULL: nothing. */
    void (*sketch)(struct session *s, const struct step *step);
    /* Of what was typed, cleaned, and (where it can be read) its program; NULL: nothing
     * is ever an answer. */
    enum verdict (*judge)(struct session *s, const struct step *step, const char *line,
                          const struct program *p);
    /* After a line ran: does the board stand as it should? NULL: that is not asked. */
    bool (*settled)(struct session *s, const struct step *step);
    /* Where it does not: known slips get their own words. Which one it was; -1 or NULL:
     * there is none. */
    int (*remark)(struct session *s, const struct step *step);
    /* A hint for what stands open of it just now, before its own; owned, or NULL. */
    char *(*hint)(struct session *s, const struct step *step);
    /* Where it has no hints: what helps on from what was tried; owned, or NULL. */
    char *(*clue)(struct session *s, const struct step *step);
    /* What skip shows before `why`. */
    void (*reveal)(struct session *s, const struct step *step);
    /* The line that makes the board what later steps stand on, or NULL. */
    const cJSON *(*makes)(const struct step *step);

    /* ---- for a talk ---- */

    const char *typed; /* the field of the lines that it types and runs, or NULL */
    bool says;         /* it types the answer, and then says why */

    /* ---- for the typist and lint; all but the solution may be NULL ---- */

    /* The line a person would type to solve it, added to b. */
    struct error *(*solution)(struct session *s, const struct step *step,
                              struct buf *b);
    /* The i-th wrong line a person might type, added to b (none: this one is not to be
     * typed), and where it stands in the step. NULL: there are no more. */
    const cJSON *(*wrong)(struct session *s, const struct step *step, int i,
                          struct buf *b);
    /* Where the board judges: is the i-th wrong line on it wrong as it should be? */
    bool (*slipped)(struct session *s, const struct step *step, int i);
    /* What else may be wrong with it, on the board where it has been solved. */
    void (*lint)(struct game *g, struct session *s, const struct step *step);
};

extern const struct step_kind step_kinds[]; /* ended by a row without name */

extern const struct field say_fields[], note_fields[], run_fields[], ask_fields[],
    predict_fields[], try_fields[], board_fields[], play_fields[];

void say_show(struct session *s, const struct step *step);
void play_show(struct session *s, const struct step *step);

void run_show(struct session *s, const struct step *step);
const cJSON *run_makes(const struct step *step);

extern const char ask_schema[];
void ask_check(struct check *c, const cJSON *json);
void board_check(struct check *c, const cJSON *json);
void ask_show(struct session *s, const struct step *step);
enum verdict ask_judge(struct session *s, const struct step *step, const char *line,
                       const struct program *p);
char *ask_clue(struct session *s, const struct step *step);
void ask_reveal(struct session *s, const struct step *step);
struct error *ask_solution(struct session *s, const struct step *step, struct buf *b);
const cJSON *ask_wrong(struct session *s, const struct step *step, int i,
                       struct buf *b);
void ask_lint(struct game *g, struct session *s, const struct step *step);

void predict_show(struct session *s, const struct step *step);
enum verdict predict_judge(struct session *s, const struct step *step, const char *line,
                           const struct program *p);
char *predict_clue(struct session *s, const struct step *step);
void predict_reveal(struct session *s, const struct step *step);
struct error *predict_solution(struct session *s, const struct step *step,
                               struct buf *b);
const cJSON *predict_wrong(struct session *s, const struct step *step, int i,
                           struct buf *b);
void predict_lint(struct game *g, struct session *s, const struct step *step);

void board_prepare(struct session *s, const struct step *step);
void board_restore(struct session *s);
void board_show(struct session *s, const struct step *step);
void board_sketch(struct session *s, const struct step *step);
void board_redraw(struct session *s, const struct step *step);
char *board_hint(struct session *s, const struct step *step);
enum verdict board_judge(struct session *s, const struct step *step, const char *line,
                         const struct program *p);
void board_reveal(struct session *s, const struct step *step);
struct error *board_solution(struct session *s, const struct step *step, struct buf *b);
const cJSON *board_wrong(struct session *s, const struct step *step, int i,
                         struct buf *b);
void board_lint(struct game *g, struct session *s, const struct step *step);

void try_show(struct session *s, const struct step *step);
bool try_settled(struct session *s, const struct step *step);
int try_remark(struct session *s, const struct step *step);
char *try_clue(struct session *s, const struct step *step);
void try_reveal(struct session *s, const struct step *step);
const cJSON *try_makes(const struct step *step);
struct error *try_solution(struct session *s, const struct step *step, struct buf *b);
const cJSON *try_wrong(struct session *s, const struct step *step, int i,
                       struct buf *b);
bool try_slipped(struct session *s, const struct step *step, int i);
void try_lint(struct game *g, struct session *s, const struct step *step);

#endif
