#include "link/trio.h"

#include "base/caldate.h"
#include "link/alert.h"
#include "link/world_internal.h"

#define LOOKED_AT    10 /* of the nearest */
#define THIRD_PART   3  /* one part in so many of the third tie */
#define LEAST_TIE_DB 5  /* of every pair */

/* Three at one address within so many days, against what the address has by itself: -log10 of the Poisson
 * chance of two further deaths in the span, at the rate of the rest of its years. An institution's address
 * ties no two; it ties three that come faster than its own rate (linkage.md, section 1). At most so many
 * decibans. */
#define BURST_MAX_DB   20
#define BURST_LEAST    4 /* deaths at an address that has a rate of its own */
#define BURST_MAX_DAYS 365

static int32_t day_of(const struct world *w, uint32_t event)
{
    return w->event[event].row.day_from;
}

static int burst_at_address(const struct world *w, uint32_t x, uint32_t y, uint32_t z)
{
    uint32_t address = w->event[x].row.address;
    if (address == 0 || w->event[y].row.address != address || w->event[z].row.address != address) return 0;
    int32_t day[3] = {day_of(w, x), day_of(w, y), day_of(w, z)}, low = day[0], high = day[0];
    const struct posting *all = &w->address_events[address];
    int32_t first = INT32_MAX, now = (int32_t)caldate_day_of(w->now_ms);
    for (int i = 0; i < 3; i++) {
        if (day[i] == INT32_MIN) return 0;
        low = day[i] < low ? day[i] : low;
        high = day[i] > high ? day[i] : high;
    }
    for (size_t i = 0; i < all->count; i++) {
        int32_t day_i = day_of(w, all->event[i]);
        if (day_i != INT32_MIN && day_i < first) first = day_i;
    }
    double span = high - low + 1, years = now - first + 1;
    if (all->count < BURST_LEAST || span > BURST_MAX_DAYS || years <= span) return 0;
    double rate = ((double)all->count - 2) / years, expected = rate * span;
    double chance = 1 - exp(-expected) * (1 + expected);
    int db = chance <= 0 ? BURST_MAX_DB : (int)lround(-10 * log10(chance));
    return db < BURST_MAX_DB ? db : BURST_MAX_DB;
}

static int weigh_three(int x, int y, int z)
{
    int least = x < y ? (x < z ? x : z) : (y < z ? y : z);
    return x + y + z - least + (least > 0 ? least / THIRD_PART : least);
}

bool trio_strongest(struct world *w, uint32_t event, const struct hit *nearest, size_t count,
                    struct trio *out)
{
    struct hit near[LOOKED_AT];
    size_t n = 0;
    bool found = false;
    if (world_event_id(w, event)->kind != KIND_DEATH) return false;
    for (size_t i = 0; i < count && n < LOOKED_AT; i++)
        if (nearest[i].score_db >= LEAST_TIE_DB && world_event_id(w, nearest[i].event)->kind == KIND_DEATH &&
            alarm_may_tie(w, event, nearest[i].event))
            near[n++] = nearest[i];
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            int between = world_pair_score(w, near[i].event, near[j].event);
            int score = weigh_three(near[i].score_db, near[j].score_db, between) +
                        burst_at_address(w, event, near[i].event, near[j].event);
            if (between < LEAST_TIE_DB || (found && score <= out->score_db)) continue;
            if (!alarm_may_tie(w, near[i].event, near[j].event)) continue;
            *out = (struct trio){near[i].event, near[j].event, score};
            found = true;
        }
    return found;
}
