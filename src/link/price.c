#include "link/price.h"

#include "base/alloc.h"
#include "base/caldate.h"
#include "base/hash.h"
#include "base/table.h"

#include <stdlib.h>

/* Fewer days of history than this cannot price anything. */
#define DAYS_TO_PRICE 56
#define KEYS_MAX      ((size_t)1 << 30)

struct scored {
    int64_t at_ms;
    uint64_t key;
    int score_db;
};

struct detector {
    struct scored *scored; /* in the order of time; the window starts at `first` */
    size_t count, room, first;
    struct table *place; /* key -> its place in `scored`, from 1 */
    int64_t priced_day;  /* the threshold is set anew at each midnight, and stands for the day */
    int threshold_db;
};

struct prices {
    struct detector *detector;
    size_t count;
    double history_weeks;
    int32_t *day; /* on which something was looked at, in order, each once */
    size_t days, days_room, first_day;
    struct told {
        int64_t at_ms;
        uint64_t excuse; /* excuse_key */
        bool held;
    } * told;              /* in order */
    struct table *excused; /* by excuse_key */
    size_t tellings, told_room, first_told;
    int *sorted; /* work space */
    size_t sorted_room;
};

struct prices *prices_new(size_t detectors, double history_weeks)
{
    struct prices *p = alloc_zero(1, sizeof *p);
    p->detector = alloc_zero(detectors, sizeof *p->detector);
    p->count = detectors;
    p->history_weeks = history_weeks;
    for (size_t i = 0; i < detectors; i++) {
        p->detector[i].place = table_new(KEYS_MAX);
        p->detector[i].priced_day = INT64_MIN;
    }
    p->excused = table_new(KEYS_MAX);
    return p;
}

void prices_free(struct prices *p)
{
    if (p == NULL) return;
    for (size_t i = 0; i < p->count; i++) {
        alloc_free(p->detector[i].scored);
        table_free(p->detector[i].place);
    }
    table_free(p->excused);
    alloc_free(p->detector);
    alloc_free(p->day);
    alloc_free(p->told);
    alloc_free(p->sorted);
    alloc_free(p);
}

/* ---- kept ------------------------------------------------------------------------------------------- */

struct kept_detector {
    int64_t priced_day;
    uint64_t first;
    int64_t threshold_db;
};

void prices_save(const struct prices *p, struct buf *out)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct detector *d = &p->detector[i];
        struct kept_detector kept = {d->priced_day, d->first, d->threshold_db};
        image_put(out, &kept, 1, sizeof kept);
        image_put(out, d->scored, d->count, sizeof *d->scored);
        table_save(d->place, out);
    }
    table_save(p->excused, out);
    image_put(out, p->day, p->days, sizeof *p->day);
    image_put(out, p->told, p->tellings, sizeof *p->told);
    uint64_t first[] = {p->first_day, p->first_told};
    image_put(out, first, COUNT_OF(first), sizeof first[0]);
}

static bool detector_restore(struct detector *d, struct image_rest *from)
{
    size_t count, room;
    struct kept_detector *kept = image_take(from, &count, &room, sizeof *kept);
    if (count == 1) {
        d->priced_day = kept->priced_day;
        d->first = (size_t)kept->first;
        d->threshold_db = (int)kept->threshold_db;
    }
    alloc_free(kept);
    if (count != 1) return false;
    d->scored = image_take(from, &d->count, &d->room, sizeof *d->scored);
    if (!image_take_table(from, KEYS_MAX, &d->place)) return false;
    for (size_t i = 0; i < table_count(d->place); i++)
        if (*table_value(d->place, i) > d->count) return false;
    return d->first <= d->count;
}

bool prices_restore(struct prices *p, struct image_rest *from)
{
    size_t count, room;
    for (size_t i = 0; i < p->count; i++)
        if (!detector_restore(&p->detector[i], from)) return false;
    if (!image_take_table(from, KEYS_MAX, &p->excused)) return false;
    p->day = image_take(from, &p->days, &p->days_room, sizeof *p->day);
    p->told = image_take(from, &p->tellings, &p->told_room, sizeof *p->told);
    uint64_t *first = image_take(from, &count, &room, sizeof *first);
    bool whole = count == 2 && first[0] <= p->days && first[1] <= p->tellings;
    if (whole) {
        p->first_day = (size_t)first[0];
        p->first_told = (size_t)first[1];
    }
    alloc_free(first);
    return whole;
}

/* ---- scores ----------------------------------------------------------------------------------------- */

void prices_note_day(struct prices *p, int64_t now_ms)
{
    int32_t day = (int32_t)caldate_day_of(now_ms);
    if (p->days > 0 && p->day[p->days - 1] == day) return;
    p->day = alloc_room(p->day, &p->days_room, p->days, sizeof *p->day);
    p->day[p->days++] = day;
}

void prices_remember(struct prices *p, size_t detector, int64_t now_ms, uint64_t key, int score_db)
{
    struct detector *d = &p->detector[detector];
    bool fresh;
    uint64_t *at = table_at_number(d->place, key, &fresh);
    if (!fresh && *at > d->first) {
        struct scored *old = &d->scored[*at - 1];
        if (old->score_db < score_db) old->score_db = score_db;
        return;
    }
    *at = d->count + 1;
    d->scored = alloc_room(d->scored, &d->room, d->count, sizeof *d->scored);
    d->scored[d->count++] = (struct scored){now_ms, key, score_db};
}

static void slide_window(struct prices *p, struct detector *d, int64_t midnight_ms)
{
    int64_t from = midnight_ms - (int64_t)(p->history_weeks * 7) * MS_PER_DAY;
    while (d->first < d->count && d->scored[d->first].at_ms < from)
        d->first++;
    while (p->first_day < p->days && p->day[p->first_day] < caldate_day_of(from))
        p->first_day++;
}

static size_t days_of_history(const struct prices *p)
{
    return p->days - p->first_day;
}

static int compare_falling(const void *x, const void *y)
{
    const int *a = x, *b = y;
    return *a < *b ? 1 : *a > *b ? -1 : 0;
}

static uint64_t excuse_key(size_t detector, uint64_t key)
{
    return hash64_mix(detector + 1, key);
}

static bool is_excused(const struct prices *p, size_t detector, uint64_t key)
{
    return table_count(p->excused) > 0 && table_find_number(p->excused, excuse_key(detector, key)) != NULL;
}

static int price(struct prices *p, size_t detector, double per_week, int start_db)
{
    const struct detector *d = &p->detector[detector];
    size_t n = 0, k = (size_t)(per_week * (double)days_of_history(p) / 7);
    p->sorted = alloc_room(p->sorted, &p->sorted_room, d->count - d->first, sizeof *p->sorted);
    for (size_t i = d->first; i < d->count; i++)
        if (!is_excused(p, detector, d->scored[i].key)) p->sorted[n++] = d->scored[i].score_db;
    bool much = days_of_history(p) >= DAYS_TO_PRICE;
    if (k == 0 && !much) return start_db;
    if (d->count - d->first < k || n == 0) return start_db;
    /* A budget of less than one in a long window: the highest seen is as far as history can say. And where
     * what was found true has left, the least of the rest. */
    bool enough = much && k > 0;
    k = k == 0 ? 1 : k < n ? k : n;
    qsort(p->sorted, n, sizeof *p->sorted, compare_falling);
    int own = p->sorted[k - 1];
    return enough || own > start_db ? own : start_db;
}

int prices_threshold_db(struct prices *p, size_t detector, int64_t now_ms, double per_week, int start_db,
                        bool *priced)
{
    struct detector *d = &p->detector[detector];
    int64_t day = caldate_day_of(now_ms);
    if (day != d->priced_day) {
        slide_window(p, d, caldate_midnight(now_ms));
        d->threshold_db = price(p, detector, per_week, start_db);
        d->priced_day = day;
    }
    *priced = days_of_history(p) >= DAYS_TO_PRICE;
    return d->threshold_db;
}

void prices_note_told(struct prices *p, int64_t now_ms, bool held, size_t detector, uint64_t key)
{
    p->told = alloc_room(p->told, &p->told_room, p->tellings, sizeof *p->told);
    p->told[p->tellings++] = (struct told){now_ms, excuse_key(detector, key), held};
}

void prices_excuse(struct prices *p, size_t detector, uint64_t key)
{
    (void)table_at_number(p->excused, excuse_key(detector, key), NULL);
}

void prices_excuse_none(struct prices *p)
{
    table_free(p->excused);
    p->excused = table_new(KEYS_MAX);
}

struct told_rate prices_told_per_week(struct prices *p, int64_t now_ms)
{
    int64_t midnight = caldate_midnight(now_ms),
            from = midnight - (int64_t)(p->history_weeks * 7) * MS_PER_DAY;
    double weeks = (double)days_of_history(p) / 7;
    struct told_rate rate = {0};
    while (p->first_told < p->tellings && p->told[p->first_told].at_ms < from)
        p->first_told++;
    for (size_t i = p->first_told; i < p->tellings && p->told[i].at_ms < midnight; i++) {
        if (table_find_number(p->excused, p->told[i].excuse) != NULL) continue;
        rate.all++;
        rate.free += !p->told[i].held;
    }
    if (weeks < 1) weeks = 1;
    return (struct told_rate){rate.all / weeks, rate.free / weeks};
}

double prices_once_in_weeks(const struct prices *p, size_t detector, int score_db)
{
    const struct detector *d = &p->detector[detector];
    size_t as_high = 1;
    for (size_t i = d->first; i < d->count; i++)
        as_high += d->scored[i].score_db >= score_db && !is_excused(p, detector, d->scored[i].key);
    double weeks = (double)days_of_history(p) / 7;
    return weeks < 1 ? 1 : weeks / (double)as_high;
}
