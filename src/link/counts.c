/* How common a value is among events of the same kind: integers, frozen at midnight, taken at a node of the
 * tree and smoothed with the nodes above it. */
#include "link/index.h"

#include "base/caldate.h"

/* A value never seen among very few events is not therefore impossible: the root starts with so many
 * pseudo-values. */
#define ROOT_PSEUDO_VALUES 20.0

static void bump(struct world *w, struct feature_counts *c, uint32_t value, int sign)
{
    WORLD_ROOM(w, c->value, c->room, value);
    c->value[value] = (uint32_t)((int64_t)c->value[value] + sign);
}

static void bump_recorded(struct feature_counts *c, int sign)
{
    c->recorded = (uint32_t)((int64_t)c->recorded + sign);
}

static void count_codes(struct world *w, struct node *n, const struct row *r, int sign)
{
    for (int f = 0; f < CODE_FEATURES; f++)
        if (r->code[f] != SILENT_CODE) {
            bump(w, &n->feature[f], r->code[f], sign);
            bump_recorded(&n->feature[f], sign);
        }
    if (r->mechanism != SILENT_CODE) {
        bump(w, &n->feature[FEATURE_MECHANISM], r->mechanism, sign);
        bump_recorded(&n->feature[FEATURE_MECHANISM], sign);
    }
    if (r->setting != SILENT_CODE) {
        bump(w, &n->feature[FEATURE_SETTING], r->setting, sign);
        if (r->group != SILENT_CODE) bump(w, &n->feature[FEATURE_SETTING], r->group, sign);
        bump_recorded(&n->feature[FEATURE_SETTING], sign);
    }
    for (int b = 0; b < BIT_FEATURES; b++) {
        struct feature_counts *c = &n->feature[FEATURE_PRESENT + b];
        if (r->bits[b] == 0) continue;
        for (uint32_t code = 1; code <= BIT_CODES; code++)
            if (r->bits[b] & UINT64_C(1) << (code - 1)) bump(w, c, code, sign);
        bump_recorded(c, sign);
    }
}

static void count_lists(struct world *w, struct node *n, const struct event *ev, bool counted, int sign)
{
    for (size_t l = 0; l < LIST_FEATURES; l++) {
        const struct item_list *list = counted ? &ev->counted_list[l] : &ev->list[l];
        struct feature_counts *c = &n->feature[FEATURE_SUBSTANCES + l];
        if (list->count == 0) continue;
        bump_recorded(c, sign);
        if (l == 0) list = counted ? &ev->counted_wide : &ev->wide;
        for (size_t i = 0; i < list->count; i++)
            bump(w, c, list->item[i], sign);
    }
}

static int32_t clamp_day(int64_t day)
{
    return (int32_t)(day < WORLD_FIRST_DAY ? WORLD_FIRST_DAY : day > WORLD_LAST_DAY ? WORLD_LAST_DAY : day);
}

/* Days before the first so far come rarely: the arrays are then made anew, with room for more of them. */
#define DAYS_BEFORE 400

static void room_for_day(struct world *w, struct node *n, int32_t day)
{
    if (n->days == 0 || day < n->first_day) {
        int64_t first = (int64_t)day - DAYS_BEFORE - (int64_t)n->days / 2;
        first = first < WORLD_FIRST_DAY ? WORLD_FIRST_DAY : first;
        size_t more = n->days == 0 ? 0 : (size_t)(n->first_day - first), room = more + n->days + 1;
        uint32_t *moved = NEW_ARRAY(w->arena, uint32_t, room);
        if (n->days > 0) memcpy(moved + more, n->day, n->days * sizeof *moved);
        n->day = moved;
        n->day_sum = NEW_ARRAY(w->arena, uint32_t, room);
        n->day_room = n->day_sum_room = room;
        n->days += n->days > 0 ? more : 0;
        n->summed = 0;
        n->first_day = (int32_t)first;
    }
    WORLD_ROOM(w, n->day, n->day_room, (size_t)(day - n->first_day));
    WORLD_ROOM(w, n->day_sum, n->day_sum_room, (size_t)(day - n->first_day) + 1);
}

static void count_measured(struct world *w, struct node *n, const struct row *r, int sign)
{
    if (r->age >= 0) {
        n->age[r->age] = (uint32_t)((int64_t)n->age[r->age] + sign);
        bump_recorded(&n->feature[FEATURE_AGE], sign);
    }
    if (r->day_from != INT32_MIN) {
        int32_t day = clamp_day(((int64_t)r->day_from + r->day_to) / 2);
        room_for_day(w, n, day);
        size_t at = (size_t)(day - n->first_day);
        n->day[at] = (uint32_t)((int64_t)n->day[at] + sign);
        if (at + 1 > n->days) n->days = at + 1;
        if (at < n->summed) n->summed = at;
        n->dated = (uint32_t)((int64_t)n->dated + sign);
    }
    if (r->cos_lat > 0) n->placed = (uint32_t)((int64_t)n->placed + sign);
}

static void count_event(struct world *w, const struct event *ev, bool counted, int sign)
{
    const struct row *r = counted ? &ev->counted : &ev->row;
    const uint32_t *nodes = counted ? ev->counted_nodes : ev->nodes;
    for (int l = 0; l < NODE_LEVELS; l++) {
        if (nodes[l] == UINT32_MAX) continue;
        struct node *n = w->node[nodes[l]];
        n->events = (uint32_t)((int64_t)n->events + sign);
        count_codes(w, n, r, sign);
        count_lists(w, n, ev, counted, sign);
        count_measured(w, n, r, sign);
    }
    if (r->cos_lat > 0) counts_place_add(w, r, nodes, sign);
}

/* Each day's sum of the days before it; only what changed and what came behind it is summed again. */
static void sum_days(struct node *n)
{
    for (size_t d = n->summed; d < n->days; d++)
        n->day_sum[d + 1] = n->day_sum[d] + n->day[d];
    n->summed = n->days;
}

static void settle_event(struct world *w, uint32_t event)
{
    struct event *ev = &w->event[event];
    if (ev->is_counted) count_event(w, ev, true, -1);
    ev->counted = ev->row;
    memcpy(ev->counted_nodes, ev->nodes, sizeof ev->nodes);
    for (size_t l = 0; l < LIST_FEATURES; l++)
        item_list_copy(w, &ev->counted_list[l], &ev->list[l]);
    item_list_copy(w, &ev->counted_wide, &ev->wide);
    count_event(w, ev, false, +1);
    ev->waiting = false;
    if (ev->is_counted) return;
    ev->is_counted = true;
    index_touch(w, event); /* goes to the partition of those counted */
}

void counts_freeze(struct world *w, int64_t midnight_ms)
{
    for (size_t i = 0; i < w->uncounted_count; i++)
        settle_event(w, w->uncounted[i]);
    if (w->uncounted_count > 0)
        for (size_t i = 0; i < w->node_count; i++)
            if (w->node[i]->summed < w->node[i]->days) sum_days(w->node[i]);
    w->counts_epoch += w->uncounted_count > 0;
    MUST(w->counts_epoch < COUNTS_EPOCHS);
    w->uncounted_count = 0;
    w->frozen_ms = midnight_ms;
}

/* The nodes from the root down to a level. */
struct chain {
    int length;
    enum node_level level[4];
};
static const struct chain CHAIN[NODE_LEVELS] = {
    [NODE_ALL] = {1, {NODE_ALL}},
    [NODE_MECHANISM] = {2, {NODE_ALL, NODE_MECHANISM}},
    [NODE_SETTING_GROUP] = {3, {NODE_ALL, NODE_MECHANISM, NODE_SETTING_GROUP}},
    [NODE_SETTING] = {4, {NODE_ALL, NODE_MECHANISM, NODE_SETTING_GROUP, NODE_SETTING}},
    [NODE_GROUP_ALONE] = {2, {NODE_ALL, NODE_GROUP_ALONE}},
    [NODE_SETTING_ALONE] = {3, {NODE_ALL, NODE_GROUP_ALONE, NODE_SETTING_ALONE}},
};

/* ---- asking --------------------------------------------------------------------------------------- */

static uint64_t less(uint64_t count, unsigned minus)
{
    return count > minus ? count - minus : 0;
}

/* One more level down: pseudo-events of the node above stand behind a small node's own counts. */
static void smooth(const struct world *w, struct frequency *f, uint64_t count, uint64_t base, bool root)
{
    double s = w->model->smoothing;
    f->p = root ? ((double)count + 1) / ((double)base + ROOT_PSEUDO_VALUES)
                : ((double)count + s * f->p) / ((double)base + s);
    f->count = count;
    f->base = base;
}

struct frequency counts_value(const struct world *w, enum feature f, const uint32_t nodes[NODE_LEVELS],
                              enum node_level level, uint32_t value, unsigned minus)
{
    struct frequency q = {0};
    for (int i = 0; i < CHAIN[level].length; i++) {
        enum node_level l = CHAIN[level].level[i];
        if (nodes[l] == UINT32_MAX) continue;
        const struct feature_counts *c = &w->node[nodes[l]]->feature[f];
        uint64_t seen = value < c->room ? c->value[value] : 0;
        smooth(w, &q, less(seen, minus), less(c->recorded, minus), i == 0);
    }
    return q;
}

struct frequency counts_age(const struct world *w, const uint32_t nodes[NODE_LEVELS], enum node_level level,
                            int age, int within, unsigned minus)
{
    struct frequency q = {0};
    int low = age - within < 0 ? 0 : age - within, high = age + within > 130 ? 130 : age + within;
    for (int i = 0; i < CHAIN[level].length; i++) {
        enum node_level l = CHAIN[level].level[i];
        if (nodes[l] == UINT32_MAX) continue;
        const struct node *n = w->node[nodes[l]];
        uint64_t seen = 0;
        for (int a = low; a <= high; a++)
            seen += n->age[a];
        smooth(w, &q, less(seen, minus), less(n->feature[FEATURE_AGE].recorded, minus), i == 0);
    }
    return q;
}

/* How many days of the arrays lie before a day. */
static size_t days_before(const struct node *n, int32_t day)
{
    size_t days = day < n->first_day ? 0 : (size_t)(day - n->first_day);
    return days < n->days ? days : n->days;
}

struct frequency counts_days(const struct world *w, const uint32_t nodes[NODE_LEVELS], enum node_level level,
                             int32_t from, int32_t to, unsigned minus)
{
    struct frequency q = {0};
    for (int i = 0; i < CHAIN[level].length; i++) {
        enum node_level l = CHAIN[level].level[i];
        if (nodes[l] == UINT32_MAX) continue;
        const struct node *n = w->node[nodes[l]];
        size_t low = days_before(n, clamp_day(from)), high = days_before(n, clamp_day(to) + 1);
        uint64_t seen = n->days == 0 ? 0 : n->day_sum[high] - n->day_sum[low];
        smooth(w, &q, less(seen, minus), less(n->dated, minus), i == 0);
    }
    return q;
}

/* ---- places: a pyramid of grids, one a scale, cells two thirds of the radius wide, so that the nine around
 * a point cover the disc (area 4 r^2 against 3.14 r^2)
 * ------------------------------------------------------- */

static void cell_of(const struct world *w, const struct row *r, size_t scale, int32_t *cx, int32_t *cy)
{
    double size = w->model->place_radius_m[scale] * 2 / 3;
    /* Longitude is scaled by the latitude of the row's own band, so that a row of cells is of one width. */
    double y = (double)r->lat_deg * METRES_PER_DEGREE;
    *cy = (int32_t)floor(y / size);
    double band_lat = (*cy + 0.5) * size / METRES_PER_DEGREE;
    *cx = (int32_t)floor((double)r->lon_deg * METRES_PER_DEGREE * cos(band_lat * (M_PI / 180)) / size);
}

/* The column of a longitude in another band. */
static int32_t column_in_band(const struct world *w, const struct row *r, size_t scale, int32_t cy)
{
    double size = w->model->place_radius_m[scale] * 2 / 3;
    double band_lat = (cy + 0.5) * size / METRES_PER_DEGREE;
    return (int32_t)floor((double)r->lon_deg * METRES_PER_DEGREE * cos(band_lat * (M_PI / 180)) / size);
}

static uint64_t cell_key(uint32_t node, size_t scale, int32_t cx, int32_t cy)
{
    /* 20 bits of node, 3 of scale, 41 of the cell: the finest cells of the earth number under 2^40 */
    uint64_t x = (uint64_t)(uint32_t)(cx + (1 << 20)) & 0x1fffff,
             y = (uint64_t)(uint32_t)(cy + (1 << 19)) & 0xfffff;
    return (uint64_t)node << 44 | (uint64_t)scale << 41 | x << 20 | y;
}

void counts_place_add(struct world *w, const struct row *row, const uint32_t nodes[NODE_LEVELS], int sign)
{
    for (size_t s = 0; s < PLACE_SCALES; s++) {
        int32_t cx, cy;
        cell_of(w, row, s, &cx, &cy);
        for (int l = 0; l < NODE_LEVELS; l++) {
            if (nodes[l] == UINT32_MAX) continue;
            uint64_t *at = table_at_number(w->cells, cell_key(nodes[l], s, cx, cy), NULL);
            *at = (uint64_t)((int64_t)*at + sign);
        }
    }
}

/* The cell of a row and its eight neighbours: three rows of cells, each with its own columns. */
struct nine {
    int32_t middle[3], cy;
};

static struct nine nine_around(const struct world *w, const struct row *row, size_t scale)
{
    struct nine n;
    int32_t cx;
    cell_of(w, row, scale, &cx, &n.cy);
    for (int32_t i = 0; i < 3; i++)
        n.middle[i] = i == 1 ? cx : column_in_band(w, row, scale, n.cy + i - 1);
    return n;
}

/* A cell around a place, and what its nodes hold there. */
struct cell {
    int32_t x, y;
    uint64_t here[NODE_LEVELS];
};
#define CELLS 9

/* A node holds no more than the one above it: where that is empty, nothing is looked for. */
static bool may_hold(const struct cell *c, const uint32_t nodes[NODE_LEVELS], int level)
{
    static const enum node_level ABOVE[NODE_LEVELS] = {
        [NODE_SETTING_GROUP] = NODE_MECHANISM,
        [NODE_SETTING] = NODE_MECHANISM,
    };
    return nodes[level] != UINT32_MAX && (level == NODE_ALL || c->here[ABOVE[level]] > 0);
}

/* The cells lie far apart in their table: all nine are on their way at once. */
static void read_cells(const struct world *w, const uint32_t nodes[NODE_LEVELS], size_t scale, int level,
                       struct cell cell[CELLS])
{
    for (int pass = 0; pass < 3; pass++)
        for (int i = 0; i < CELLS; i++) {
            struct cell *c = &cell[i];
            if (!may_hold(c, nodes, level)) continue;
            uint64_t key = cell_key(nodes[level], scale, c->x, c->y);
            if (pass == 0)
                table_ask_number(w->cells, key);
            else if (pass == 1)
                table_ask_again(w->cells, key);
            else {
                const uint64_t *at = table_find_number(w->cells, key);
                c->here[level] = at == NULL ? 0 : *at;
            }
        }
}

void counts_place_nodes(const struct world *w, const uint32_t nodes[NODE_LEVELS], const struct row *row,
                        size_t scale, uint64_t seen[NODE_LEVELS])
{
    struct nine n = nine_around(w, row, scale);
    struct cell cell[CELLS] = {0};
    for (int32_t i = 0; i < CELLS; i++) {
        cell[i].x = n.middle[i / 3] - 1 + i % 3;
        cell[i].y = n.cy + i / 3 - 1;
    }
    for (int l = 0; l < NODE_LEVELS; l++) {
        read_cells(w, nodes, scale, l, cell);
        seen[l] = 0;
        for (int i = 0; i < CELLS; i++)
            seen[l] += cell[i].here[l];
    }
}

struct frequency counts_place_seen(const struct world *w, const uint32_t nodes[NODE_LEVELS],
                                   enum node_level level, const uint64_t seen[NODE_LEVELS], unsigned minus)
{
    struct frequency q = {0};
    for (int i = 0; i < CHAIN[level].length; i++) {
        enum node_level l = CHAIN[level].level[i];
        if (nodes[l] == UINT32_MAX) continue;
        smooth(w, &q, less(seen[l], minus), less(w->node[nodes[l]]->placed, minus), i == 0);
    }
    return q;
}

struct frequency counts_place(const struct world *w, const uint32_t nodes[NODE_LEVELS], enum node_level level,
                              const struct row *row, size_t scale, unsigned minus)
{
    uint64_t seen[NODE_LEVELS];
    counts_place_nodes(w, nodes, row, scale, seen);
    return counts_place_seen(w, nodes, level, seen, minus);
}
