/* THE TABLE of step kinds. To add one: a row here, its fields and functions in a
 * step_*.c, and its words in text/words/lesson.json: "step.NAME.…" that a student
 * reads, "schema.step.NAME.…" that its author reads. Loading, lint, the schema, the
 * player and progress follow from the row (lessons/schema.json: `make golden`). */
#include "lesson/steps.h"

// clang-format off
const struct step_kind step_kinds[] = {
    {"say", say_fields, .reads = true, .show = say_show},
    {"run", run_fields, .show = run_show, .makes = run_makes,
     .typed = "run"},
    {"ask", ask_fields, .answer = "answer", .check = ask_check, .schema = ask_schema,
     .show = ask_show, .judge = ask_judge, .clue = ask_clue, .reveal = ask_reveal,
     .solution = ask_solution, .wrong = ask_wrong, .lint = ask_lint},
    {"predict", predict_fields, .answer = "answer",
     .show = predict_show, .judge = predict_judge, .clue = predict_clue, .reveal = predict_reveal, .says = true,
     .solution = predict_solution, .wrong = predict_wrong, .lint = predict_lint},
    {"try", try_fields, .answer = "solution",
     .show = try_show, .settled = try_settled, .remark = try_remark,
     .clue = try_clue, .reveal = try_reveal, .makes = try_makes, .typed = "solution",
     .solution = try_solution, .wrong = try_wrong, .slipped = try_slipped,
     .lint = try_lint},
    {"board", board_fields, .answer = "graph", .check = board_check,
     .prepare = board_prepare, .restore = board_restore,
     .show = board_show, .redraw = board_redraw, .sketch = board_sketch,
     .judge = board_judge, .hint = board_hint, .reveal = board_reveal,
     .solution = board_solution, .wrong = board_wrong, .lint = board_lint},
    {"play", play_fields, .waits = true, .show = play_show, .typed = "lines"},
    {"note", note_fields, .show = NULL},
    {0},
};
// clang-format on
