#include "lesson/seed.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "lesson/desk.h"
#include "lesson/progress.h"

/* So many that every one is a whole number in JSON. */
#define SEEDS ((uint64_t)1 << 48)

static uint64_t throw_one(void) {
    struct dice d = dice_for((uint64_t)time(NULL), "person", (uint64_t)getpid());
    d.state ^= (uint64_t)(clock_seconds() * 1e9);
    return dice_bits(&d) % SEEDS;
}

uint64_t person_seed(struct session *s) {
    const char *set = getenv("LEARN_SEED");
    if (set && *set) return strtoull(set, NULL, 10);
    struct progress *p = desk_progress(s);
    const cJSON *kept = progress_kept(p, "person", "dice");
    double seed = json_number(kept, "seed", -1);
    if (seed >= 0 && seed < (double)SEEDS) return (uint64_t)seed;
    uint64_t thrown = throw_one();
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddNumberToObject(entry, "seed", (double)thrown);
    progress_keep(p, s->out, "person", "dice", entry);
    return thrown;
}
