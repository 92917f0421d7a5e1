/* THE TABLE of step kinds. To add one: a row here, its fields and functions in a file
 * step_NAME.c, its words ("step.NAME.…") in text/words/lesson.json, and its shape in
 * lessons/schema.json. Loading, lint, the player and progress follow from the row. */
#include "lesson/steps.h"

const struct step_kind step_kinds[] = {
    {"say", say_fields, .show = say_show},
    {"run", run_fields, .show = run_show},
    {"ask", ask_fields, true, ask_show, ask_judge, .solution = ask_solution,
     .reveal = ask_reveal},
    {"predict", predict_fields, true, predict_show, predict_judge,
     .solution = predict_solution, .reveal = predict_reveal},
    {"try", try_fields, true, try_show, .settled = try_settled, .remark = try_remark,
     .solution = try_solution, .reveal = try_reveal},
    {"play", play_fields, .show = play_show, .waits = true},
    {"note", note_fields, .show = note_show},
    {0},
};
