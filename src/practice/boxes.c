#include "practice/boxes.h"

#include <limits.h>

#include "base/clock.h"
#include "lesson/json.h"

static const int days[BOXES] = {1, 3, 7, 16};

bool boxes_is_ahead(const cJSON *kept) {
    return json_whole(kept, "day", 0) > clock_day();
}

long boxes_due(const cJSON *kept) {
    int day = json_whole(kept, "day", 0), box = json_whole(kept, "box", 0);
    if (!kept->string || !day || box >= BOXES) return LONG_MAX;
    return boxes_is_ahead(kept) ? clock_day() : (long)day + days[box];
}

void boxes_put(cJSON *kept, bool knew) {
    int box = json_whole(kept, "box", 0);
    json_set_number(kept, "box", knew ? box + 1 : 0);
    json_set_number(kept, "day", (double)clock_day());
}
