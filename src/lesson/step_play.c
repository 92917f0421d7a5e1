/* play: a "what if" left open. The student types whatever they like, as long as they
 * like; `lines` are some to begin with. Enter goes on, and the lesson's numbers come
 * back. */
#include "lesson/steps.h"

const struct field play_fields[] = {{"play", FIELD_TEXT, true},
                                    {"lines", FIELD_LINES, true},
                                    {"name", FIELD_NAME, false},
                                    {0}};

void play_show(struct session *s, const struct step *step) {
    const cJSON *line;
    desk_say(s, desk_text(s, lesson_field(step, "play")));
    cJSON_ArrayForEach(line, lesson_field(step, "lines")) {
        out_printf(s->out, "  %s%s%s\n", out_ink(s->out, OUT_STRONG),
                   desk_text(s, line), out_ink(s->out, OUT_PLAIN));
    }
    desk_aside(s, "step.play.free");
}
