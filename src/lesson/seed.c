#include "lesson/seed.h"

#include <stdlib.h>

#include "base/random.h"
#include "lesson/desk.h"
#include "lesson/progress.h"

/* So many that every one is a whole number in JSON. */
#define SEEDS ((uint64_t)1 << 48)

bool seed_is_set(uint64_t *seed) {
    const char *set = getenv("LEARN_SEED");
    if (!set || !*set) return false;
    *seed = strtoull(set, NULL, 10);
    return true;
}

uint64_t person_seed(struct session *s) {
    uint64_t set;
    if (seed_is_set(&set)) return set;
    struct progress *p = desk_progress(s);
    const cJSON *kept = progress_kept(p, "person", "dice");
    double seed = json_number(kept, "seed", -1);
    if (seed >= 0 && seed < (double)SEEDS) return (uint64_t)seed;
    uint64_t thrown = dice_throw() % SEEDS;
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddNumberToObject(entry, "seed", (double)thrown);
    progress_keep(p, s->out, "person", "dice", entry);
    return thrown;
}
