/* The alarm as bytes. Its events are numbers of the world that it watched: kept and restored together with
 * it. */
#include "link/alert_internal.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "link/image.h"

#define ALARM_FORM 2 /* raise it whenever what is kept, or what it means, changes */

/* What the alarm was asked for; the world's own image says which model it belongs to. */
static uint64_t identity(const struct alarm *a)
{
    const size_t forms[] = {ALARM_FORM, DETECTORS, sizeof(struct series_move), a->look != NULL};
    uint64_t h = hash64_mix(hash64(S(COLLIGATE_VERSION)), hash64((Str){(const char *)forms, sizeof forms}));
    h = hash64_mix(h, hash64((Str){(const char *)&a->price_per_week, sizeof a->price_per_week}));
    if (a->look != NULL) h = hash64_mix(h, a->look->digest);
    return hash64_mix(h, hash64((Str){(const char *)&a->model->history_weeks, sizeof(double)}));
}

void alarm_save(const struct alarm *a, struct buf *out)
{
    uint64_t is = identity(a);
    buf_add_bytes(out, &is, sizeof is);
    prices_save(a->prices, out);
    series_book_save(a->book, out);
    for (size_t i = 0; i < GROUP_DETECTORS; i++)
        series_book_save(a->groups[i], out);
    image_put(out, a->speaks, DETECTORS, sizeof a->speaks[0]);
    table_save(a->told, out);
    table_save(a->told_of, out);
    table_save(a->told_groups, out);
}

static bool speaks_take(struct image_rest *from, bool speaks[DETECTORS])
{
    size_t count, room;
    bool *own = image_take(from, &count, &room, sizeof *own);
    if (count == DETECTORS) memcpy(speaks, own, DETECTORS * sizeof *own);
    alloc_free(own);
    return count == DETECTORS;
}

enum status alarm_restore(struct alarm *a, size_t events, Str image, struct err *e)
{
    struct image_rest rest = {.bytes = image};
    uint64_t is = 0;
    if (image.len >= sizeof is) memcpy(&is, image.ptr, sizeof is);
    if (is != identity(a))
        return ERR(e, E_INVALID, "snapshot", "the alarm was kept by another version, or for another price");
    rest.bytes = str_slice(image, sizeof is, image.len);
    bool whole = prices_restore(a->prices, &rest) && series_book_restore(a->book, events, &rest);
    for (size_t i = 0; i < GROUP_DETECTORS; i++)
        whole = whole && series_book_restore(a->groups[i], events, &rest);
    whole = whole && speaks_take(&rest, a->speaks) && image_take_table(&rest, TOLD_MAX, &a->told) &&
            image_take_table(&rest, TOLD_MAX, &a->told_of) &&
            image_take_table(&rest, TOLD_MAX, &a->told_groups);
    if (!whole || rest.bytes.len > 0)
        return ERR(e, E_INVALID, "snapshot", "what was kept of the alarm does not hold what it should");
    return OK;
}
