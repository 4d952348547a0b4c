/* A linkage model file: what is taken holds numbers that scoring can use. */
#include "link/model.h"
#include "target.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a CLEANUP_ARENA = arena_new("fuzz", (size_t)64 << 20);
    struct link_model m;
    struct err e = {0};
    if (link_model_load(a, target_text(data, size), &m, &e) != OK) {
        MUST(e.text[0] != '\0');
        return 0;
    }
    for (size_t i = 0; i < FEATURE_COUNT; i++)
        MUST(m.feature[i].m > 0 && m.feature[i].m < 1 && m.feature[i].factor > 0 && m.feature[i].factor <= 1);
    for (size_t i = 0; i < PLACE_SCALES; i++)
        MUST(isfinite(m.place_radius_m[i]) && m.place_radius_m[i] > 0 && m.place_m[i] > 0 &&
             m.place_m[i] <= 1);
    for (size_t i = 0; i < TIME_SCALES; i++)
        MUST(isfinite(m.time_days[i]) && m.time_days[i] > 0 && m.time_m[i] > 0 && m.time_m[i] <= 1);
    MUST(m.role_count <= ROLES_MAX && m.name.len > 0);
    MUST(isfinite(m.smoothing) && isfinite(m.prior_series_pairs) && m.history_weeks > 0);
    return 0;
}
