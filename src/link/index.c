#include "link/index.h"

#include "base/alloc.h"

/* Runs of rows that are sorted together. */
#define RUN_LARGEST  262144
#define RUN_SMALLEST 512
static const size_t RUNS[] = {RUN_LARGEST, 32768, 4096, RUN_SMALLEST};
#define PARTITIONS_MAX ((size_t)1 << 24)
/* So many rows may be gone before a partition is packed: a quarter of it, and these. */
#define GONE_PART 4
#define GONE_MIN  256

struct index *index_new(void)
{
    struct index *x = alloc_zero(1, sizeof *x);
    x->by_key = table_new(PARTITIONS_MAX);
    x->scan = scan_fastest();
    return x;
}

/* ---- boxes ----------------------------------------------------------------------------------------- */

/* Farther than any day, and differences still fit. */
#define NO_DAY (INT32_MAX / 4)

static void box_clear(struct boxes *boxes, size_t block)
{
    struct boxes *b = &boxes[block / BOXES_AT_ONCE];
    size_t i = block % BOXES_AT_ONCE;
    b->lat_min[i] = b->lon_min[i] = b->cos_min[i] = INFINITY;
    b->lat_max[i] = b->lon_max[i] = -INFINITY;
    b->day_min[i] = NO_DAY;
    b->day_max[i] = -NO_DAY;
    b->any[i] = 0;
}

static void widen(float *low, float *high, float at)
{
    *low = at < *low ? at : *low;
    *high = at > *high ? at : *high;
}

static uint32_t recorded_by(const struct row *r)
{
    uint32_t any = r->age >= 0 ? UINT32_C(1) << ANY_AGE_AT : 0;
    for (unsigned c = 0; c < CODE_FEATURES; c++)
        any |= (uint32_t)(r->code[c] != SILENT_CODE) << c;
    for (unsigned b = 0; b < BIT_FEATURES; b++)
        any |= (uint32_t)(r->bits[b] != 0) << (ANY_SETS_AT + b);
    any |= r->lists << ANY_LISTS_AT;
    any |= r->cos_lat > 0 ? ANY_PLACE : ANY_NO_PLACE;
    return any | (r->day_from != INT32_MIN ? ANY_TIME : ANY_NO_TIME);
}

static void box_take(struct boxes *boxes, size_t block, const struct row *r)
{
    struct boxes *b = &boxes[block / BOXES_AT_ONCE];
    size_t i = block % BOXES_AT_ONCE;
    b->any[i] |= recorded_by(r);
    if (r->cos_lat > 0) {
        widen(&b->lat_min[i], &b->lat_max[i], r->lat_deg);
        widen(&b->lon_min[i], &b->lon_max[i], r->lon_deg);
        b->cos_min[i] = r->cos_lat < b->cos_min[i] ? r->cos_lat : b->cos_min[i];
    }
    if (r->day_from == INT32_MIN) return;
    b->day_min[i] = r->day_from < b->day_min[i] ? r->day_from : b->day_min[i];
    b->day_max[i] = r->day_to > b->day_max[i] ? r->day_to : b->day_max[i];
}

static void box_add(struct partition *p, size_t block, const struct row *r)
{
    box_take(p->box, block, r);
    box_take(p->wide, block / BOXES_AT_ONCE, r);
    p->any |= recorded_by(r);
}

static void lower(float *low, float to)
{
    *low = to < *low ? to : *low;
}

static void lift(float *high, float to)
{
    *high = to > *high ? to : *high;
}

/* A box without places, or days, widens none: its least lies above its most. */
void boxes_join(struct boxes *wide, size_t at, const struct boxes *box, size_t count)
{
    struct boxes *to = &wide[at / BOXES_AT_ONCE];
    const struct boxes *b = &box[at];
    size_t k = at % BOXES_AT_ONCE, left = count - at * BOXES_AT_ONCE;
    box_clear(wide, at);
    for (size_t i = 0; i < BOXES_AT_ONCE && i < left; i++) {
        lower(&to->lat_min[k], b->lat_min[i]);
        lower(&to->lon_min[k], b->lon_min[i]);
        lower(&to->cos_min[k], b->cos_min[i]);
        lift(&to->lat_max[k], b->lat_max[i]);
        lift(&to->lon_max[k], b->lon_max[i]);
        to->day_min[k] = b->day_min[i] < to->day_min[k] ? b->day_min[i] : to->day_min[k];
        to->day_max[k] = b->day_max[i] > to->day_max[k] ? b->day_max[i] : to->day_max[k];
        to->any[k] |= b->any[i];
    }
}

/* ---- the grid of a block --------------------------------------------------------------------------- */

#define CELL_LEAST_M 20
#define COS_LEAST    0.001

/* Room on all sides for those to come: a part of the span. */
static void grid_lay(struct block_grid *g, const struct boxes *boxes, size_t block, double room)
{
    const struct boxes *b = &boxes[block / BOXES_AT_ONCE];
    size_t i = block % BOXES_AT_ONCE;
    *g = (struct block_grid){0};
    if (b->any[i] & ANY_PLACE) {
        double lat = (double)b->lat_max[i] - (double)b->lat_min[i],
               lon = (double)b->lon_max[i] - (double)b->lon_min[i],
               least = CELL_LEAST_M / METRES_PER_DEGREE * CELLS_LAST * room;
        g->lat_from = (double)b->lat_min[i] - lat * room - least;
        double end = (double)b->lat_max[i] + lat * room + least,
               pole = fabs(end) > fabs(g->lat_from) ? fabs(end) : fabs(g->lat_from),
               cosine = pole < 90 ? cos(pole * (M_PI / 180)) : 0;
        bool at_pole = cosine < COS_LEAST; /* all columns are one there */
        cosine = at_pole ? COS_LEAST : cosine;
        g->lon_from = (double)b->lon_min[i] - lon * room - least / cosine;
        double span = lon * (1 + 2 * room) * cosine + 2 * least;
        span = span < end - g->lat_from ? end - g->lat_from : span;
        span = span < CELL_LEAST_M / METRES_PER_DEGREE * CELLS_LAST
                   ? CELL_LEAST_M / METRES_PER_DEGREE * CELLS_LAST
                   : span;
        g->lat_step = (float)(span / CELLS_LAST * 1.0001);
        g->lon_step = at_pole ? 720 : (float)((double)g->lat_step / cosine * 1.0001);
        g->lat_cells = 1 / g->lat_step;
        g->lon_cells = 1 / g->lon_step;
    }
    if (b->any[i] & ANY_TIME) {
        int32_t days = b->day_max[i] - b->day_min[i], margin = (int32_t)(days * room);
        g->day_from = b->day_min[i] - margin;
        while ((days + 2 * margin) >> g->day_shift > CELLS_LAST)
            g->day_shift++;
    }
}

/* -1: not on the grid. */
static int cell_on(double at, double from, double step)
{
    double cell = step > 0 ? floor((at - from) / step) : -1;
    return cell >= 0 && cell <= CELLS_LAST ? (int)cell : -1;
}

/* False when the row does not stand on the grid of the block. */
static bool cells_write(struct block *b, size_t i, const struct row *r)
{
    const struct block_grid *g = &b->grid;
    b->north[i] = b->east[i] = b->day_from[i] = b->day_to[i] = CELLS_LAST + 1;
    if (r->cos_lat > 0) {
        int north = cell_on((double)r->lat_deg, g->lat_from, (double)g->lat_step),
            east = cell_on((double)r->lon_deg, g->lon_from, (double)g->lon_step);
        if (north < 0 || east < 0) return false;
        b->north[i] = (uint8_t)north;
        b->east[i] = (uint8_t)east;
    }
    if (r->day_from == INT32_MIN) return true;
    int64_t from = (int64_t)r->day_from - g->day_from, to = (int64_t)r->day_to - g->day_from;
    if (from < 0 || to >> g->day_shift > CELLS_LAST) return false;
    b->day_from[i] = (uint8_t)(from >> g->day_shift);
    b->day_to[i] = (uint8_t)(to >> g->day_shift);
    return true;
}

/* Box and grid of a block anew, from the events that sit in it. */
static void block_lay(const struct world *w, struct partition *p, size_t block, double room)
{
    const uint32_t *event = p->event + block * BLOCK_ROWS;
    struct block *b = &p->block[block];
    box_clear(p->box, block);
    for (size_t i = 0; i < BLOCK_ROWS; i++)
        if (event[i] != NO_EVENT) box_add(p, block, &w->event[event[i]].row);
    grid_lay(&b->grid, p->box, block, room);
    for (size_t i = 0; i < BLOCK_ROWS; i++)
        if (event[i] != NO_EVENT) MUST(cells_write(b, i, &w->event[event[i]].row));
}

void index_free(struct index *x)
{
    if (x == NULL) return;
    for (size_t i = 0; i < x->partition_count; i++) {
        struct partition *p = &x->partition[i];
        alloc_free(p->event);
        alloc_free(p->block);
        alloc_free(p->signs);
        alloc_free(p->box);
        alloc_free(p->wide);
    }
    alloc_free(x->partition);
    table_free(x->by_key);
    alloc_free(x->seat);
    alloc_free(x->glance);
    alloc_free(x->own_place);
    alloc_free(x->moved);
    alloc_free(x->is_moved);
    alloc_free(x);
}

/* ---- sorting a run into blocks ---------------------------------------------------------------------- */

/* A row while it is sorted: kilometres and years in units of like weight (a middle scale of the model). */
struct sorted_row {
    float at[3];
    uint32_t row;
};

static float largest_side(const struct sorted_row *r, size_t n, int *side)
{
    float widest = -1;
    for (int d = 0; d < 3; d++) {
        float low = r[0].at[d], high = low;
        for (size_t i = 1; i < n; i++) {
            low = r[i].at[d] < low ? r[i].at[d] : low;
            high = r[i].at[d] > high ? r[i].at[d] : high;
        }
        if (high - low > widest) widest = high - low, *side = d;
    }
    return widest;
}

static bool row_before(const struct sorted_row *x, const struct sorted_row *y, int side)
{
    return x->at[side] < y->at[side] || (x->at[side] == y->at[side] && x->row < y->row);
}

/* Puts the `half` smallest first (Hoare's find, as Wirth has it). */
static void split_rows(struct sorted_row *r, int64_t n, int64_t half, int side)
{
    for (int64_t low = 0, high = n - 1; low < high;) {
        struct sorted_row pivot = r[half];
        int64_t i = low, j = high;
        while (i <= j) {
            while (row_before(&r[i], &pivot, side))
                i++;
            while (row_before(&pivot, &r[j], side))
                j--;
            if (i > j) break;
            struct sorted_row swap = r[i];
            r[i++] = r[j];
            r[j--] = swap;
        }
        if (j < half) low = i;
        if (half < i) high = j;
    }
}

/* In a block too, rows that are searched for together lie close. */
#define SORTED_ROWS 16

/* Halves at the middle of the longest side until few are left. n is a power of two of blocks. */
static void sort_rows(struct sorted_row *r, size_t n)
{
    int side = 0;
    if (n <= SORTED_ROWS || largest_side(r, n, &side) <= 0) return;
    split_rows(r, (int64_t)n, (int64_t)n / 2, side);
    sort_rows(r, n / 2);
    sort_rows(r + n / 2, n / 2);
}

/* The rows of a run, while they are put in order. */
struct carried {
    uint32_t event[RUN_LARGEST];
    struct sorted_row row[RUN_LARGEST];
    struct row_signs signs[RUN_LARGEST];
    struct block block[RUN_LARGEST / BLOCK_ROWS];
};

static void order_rows(const struct world *w, const struct partition *p, size_t from, size_t n,
                       struct sorted_row *r)
{
    const struct link_model *m = w->model;
    double unit_deg = m->place_radius_m[PLACE_SCALES - 2] / METRES_PER_DEGREE,
           unit_days = m->time_days[TIME_SCALES - 2];
    for (size_t i = 0; i < n; i++) {
        uint32_t event = p->event[from + i];
        const struct row *row = event == NO_EVENT ? NULL : &w->event[event].row;
        bool placed = row != NULL && row->cos_lat > 0, dated = row != NULL && row->day_from != INT32_MIN;
        r[i] = (struct sorted_row){
            .row = (uint32_t)(from + i),
            .at = {placed ? (float)((double)row->lat_deg / unit_deg) : -1e9F,
                   placed ? (float)((double)row->lon_deg * (double)row->cos_lat / unit_deg) : -1e9F,
                   dated ? (float)(((double)row->day_from + row->day_to) / 2 / unit_days) : -1e9F}};
    }
    sort_rows(r, n);
}

/* All but the cells, which stand on the grid of the new block. */
static void copy_row(struct block *to, size_t i, const struct block *from, size_t k)
{
    for (int c = 0; c < CODE_PAIRS; c++)
        to->codes[c][i] = from->codes[c][k];
    to->age[i] = from->age[k];
    to->sets[i] = from->sets[k];
    to->drugs[i] = from->drugs[k];
}

static void sort_run(struct world *w, struct partition *p, size_t from, size_t n, struct carried *c)
{
    order_rows(w, p, from, n, c->row);
    for (size_t i = 0; i < n; i++) {
        size_t row = c->row[i].row;
        c->event[i] = p->event[row];
        c->signs[i] = p->signs[row];
        copy_row(&c->block[i / BLOCK_ROWS], i % BLOCK_ROWS, &p->block[row / BLOCK_ROWS], row % BLOCK_ROWS);
    }
    memcpy(p->block + from / BLOCK_ROWS, c->block, n / BLOCK_ROWS * sizeof *c->block);
    memcpy(p->signs + from, c->signs, n * sizeof *c->signs);
    memcpy(p->event + from, c->event, n * sizeof *c->event);
    for (size_t i = 0; i < n; i++)
        if (c->event[i] != NO_EVENT) w->index->seat[c->event[i]].row = (uint32_t)(from + i);
    for (size_t block = from / BLOCK_ROWS; block < (from + n) / BLOCK_ROWS; block++)
        block_lay(w, p, block, 0);
    for (size_t at = from / BLOCK_ROWS / BOXES_AT_ONCE; at * BOXES_AT_ONCE < (from + n) / BLOCK_ROWS; at++)
        boxes_join(p->wide, at, p->box, (p->count + BLOCK_ROWS - 1) / BLOCK_ROWS);
}

/* Whole runs of the largest first, as many as there are; then of the next size. What is already sorted in a
 * run of its size is left. */
static void sort_tail(struct world *w, struct partition *p)
{
    size_t at = 0, sorted = p->sorted;
    struct carried *c = alloc_zero(1, sizeof *c);
    for (size_t i = 0; i < COUNT_OF(RUNS); i++) {
        size_t old_end = sorted / RUNS[i] * RUNS[i]; /* so far runs of this size were sorted */
        size_t end = p->count / RUNS[i] * RUNS[i];
        for (at = at > old_end ? at : old_end; at + RUNS[i] <= end; at += RUNS[i])
            sort_run(w, p, at, RUNS[i], c);
    }
    p->sorted = p->count / RUN_SMALLEST * RUN_SMALLEST;
    alloc_free(c);
}

/* ---- seats ------------------------------------------------------------------------------------------ */

static size_t partition_for(struct world *w, const struct event *ev)
{
    struct index *x = w->index;
    const struct row *r = &ev->row;
    bool fresh;
    uint64_t key = (uint64_t)r->mechanism << 17 | (uint64_t)r->setting << 1 | (ev->is_counted ? 1 : 0);
    uint64_t *at = table_at_number(x->by_key, key, &fresh);
    if (!fresh) return *at - 1;
    if (x->partition_count == x->partition_room) {
        x->partition_room = x->partition_room * 2 + 64;
        x->partition = alloc_resize(x->partition, x->partition_room, sizeof *x->partition);
    }
    x->partition[x->partition_count] = (struct partition){
        .mechanism = r->mechanism, .setting = r->setting, .group = r->group, .counted = ev->is_counted};
    *at = ++x->partition_count;
    return x->partition_count - 1;
}

static size_t eights(size_t boxes)
{
    return (boxes + BOXES_AT_ONCE - 1) / BOXES_AT_ONCE;
}

static void room_for_row(struct partition *p)
{
    if (p->count < p->room) return;
    size_t room = p->room + (p->room / 2 + BLOCK_ROWS) / BLOCK_ROWS * BLOCK_ROWS, blocks = room / BLOCK_ROWS;
    p->event = alloc_resize(p->event, room, sizeof *p->event);
    p->block = alloc_resize(p->block, blocks, sizeof *p->block);
    p->signs = alloc_resize(p->signs, room, sizeof *p->signs);
    p->box = alloc_resize_lines(p->box, eights(p->room / BLOCK_ROWS), eights(blocks), sizeof *p->box);
    p->wide = alloc_resize_lines(p->wide, eights(eights(p->room / BLOCK_ROWS)), eights(eights(blocks)),
                                 sizeof *p->wide);
    p->room = room;
}

uint64_t list_signature(const struct item_list *l)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < l->count; i++)
        bits |= UINT64_C(1) << l->item[i] % 64;
    return bits;
}

struct term_bits term_signature(const struct item_list *l)
{
    struct term_bits t = {0};
    for (size_t i = 0; i < l->count; i++)
        term_sign(&t, l->item[i]);
    return t;
}

static const struct {
    uint8_t first, width;
} SET_BITS[BIT_FEATURES] = {{0, 20}, {20, 12}, {32, 8}, {40, 12}, {52, 6}, {58, 6}};

unsigned set_signature_bit(int set, unsigned code)
{
    return SET_BITS[set].first + code % SET_BITS[set].width;
}

uint64_t set_signature(const uint64_t bits[BIT_FEATURES])
{
    uint64_t all = 0;
    for (int b = 0; b < BIT_FEATURES; b++)
        for (uint64_t left = bits[b]; left != 0; left &= left - 1)
            all |= UINT64_C(1) << set_signature_bit(b, (unsigned)__builtin_ctzll(left));
    return all;
}

static void write_row(struct block *b, size_t i, const struct event *ev)
{
    const struct row *r = &ev->row;
    unsigned sets = r->lists >> 1 << BIT_FEATURES, drugs = 0;
    for (int c = 0; c < CODE_PAIRS; c++)
        b->codes[c][i] = (uint8_t)(code_nibble(r->code[c * 2]) |
                                   (c * 2 + 1 < CODE_FEATURES ? code_nibble(r->code[c * 2 + 1]) << 4 : 0));
    for (unsigned k = 0; k < BIT_FEATURES; k++)
        sets |= (r->bits[k] != 0 ? 1U : 0U) << k;
    for (size_t k = 0; k < ev->wide.count; k++)
        drugs |= 1U << ev->wide.item[k] % DRUG_BITS;
    b->age[i] = (uint8_t)(r->age + 1);
    b->sets[i] = (uint8_t)sets;
    b->drugs[i] = (uint8_t)drugs;
}

/* The grid of a block that grows leaves room around it. */
#define GRID_ROOM 0.5

static void seat_event(struct world *w, uint32_t event)
{
    struct index *x = w->index;
    const struct event *ev = &w->event[event];
    size_t at = partition_for(w, ev);
    struct partition *p = &x->partition[at];
    room_for_row(p);
    size_t row = p->count++, block = row / BLOCK_ROWS;
    if (row % BLOCK_ROWS == 0) { /* rows of a block that are not there yet */
        memset(&p->block[block], 0, sizeof *p->block);
        box_clear(p->box, block);
        if (block % BOXES_AT_ONCE == 0) box_clear(p->wide, block / BOXES_AT_ONCE);
        for (size_t i = row; i < row + BLOCK_ROWS; i++)
            p->event[i] = NO_EVENT;
    }
    p->event[row] = event;
    p->signs[row] = (struct row_signs){list_signature(&ev->wide), set_signature(ev->row.bits),
                                       term_signature(&ev->list[FEATURE_TEXT - FEATURE_SUBSTANCES])};
    write_row(&p->block[block], row % BLOCK_ROWS, ev);
    box_add(p, block, &ev->row);
    if (!cells_write(&p->block[block], row % BLOCK_ROWS, &ev->row)) block_lay(w, p, block, GRID_ROOM);
    x->seat[event] = (struct seat){(uint32_t)at, (uint32_t)row};
    glance_take(&x->glance[event], ev, (uint32_t)at);
}

static void unseat_event(struct index *x, uint32_t event)
{
    struct seat *s = &x->seat[event];
    if (s->partition == NO_EVENT) return;
    struct partition *p = &x->partition[s->partition];
    p->event[s->row] = NO_EVENT;
    p->gone++;
    s->partition = NO_EVENT;
}

/* Seats again, in their order, those who are still there. */
static void pack(struct world *w, struct partition *p)
{
    size_t n = p->count, kept = 0;
    for (size_t row = 0; row < n; row++)
        if (p->event[row] != NO_EVENT) {
            p->event[kept] = p->event[row];
            kept++;
        }
    p->count = p->gone = p->sorted = 0;
    p->any = 0;
    uint32_t *event = alloc_zero(kept + 1, sizeof *event);
    if (kept > 0) memcpy(event, p->event, kept * sizeof *event);
    for (size_t i = 0; i < kept; i++)
        seat_event(w, event[i]);
    alloc_free(event);
}

static void room_for_events(struct index *x, size_t count)
{
    if (count <= x->event_room) return;
    size_t room = count + count / 2 + 64;
    x->seat = alloc_resize(x->seat, room, sizeof *x->seat);
    x->glance = alloc_resize_lines(x->glance, x->event_room, room, sizeof *x->glance);
    x->own_place = alloc_resize_lines(x->own_place, x->event_room, room, sizeof *x->own_place);
    x->is_moved = alloc_resize(x->is_moved, room, sizeof *x->is_moved);
    for (size_t i = x->event_room; i < room; i++) {
        x->seat[i] = (struct seat){NO_EVENT, 0};
        x->own_place[i].state = 0;
        x->is_moved[i] = false;
    }
    x->event_room = room;
}

void index_touch(struct world *w, uint32_t event)
{
    struct index *x = w->index;
    room_for_events(x, w->event_count);
    x->own_place[event].state = 0;
    if (x->is_moved[event]) return;
    x->is_moved[event] = true;
    if (x->moved_count == x->moved_room) {
        x->moved_room = x->moved_room * 2 + 256;
        x->moved = alloc_resize(x->moved, x->moved_room, sizeof *x->moved);
    }
    x->moved[x->moved_count++] = event;
}

void index_settle(struct world *w)
{
    struct index *x = w->index;
    if (x->moved_count == 0) return;
    for (size_t i = 0; i < x->moved_count; i++) {
        uint32_t event = x->moved[i];
        unseat_event(x, event);
        seat_event(w, event);
        x->is_moved[event] = false;
    }
    x->moved_count = 0;
    for (size_t i = 0; i < x->partition_count; i++) {
        struct partition *p = &x->partition[i];
        if (p->gone == p->count || (p->gone > GONE_MIN && p->gone > p->count / GONE_PART)) pack(w, p);
        if (p->count - p->sorted >= RUN_SMALLEST) sort_tail(w, p);
    }
}

struct index_size index_size(const struct world *w)
{
    const struct index *x = w->index;
    struct index_size s = {0};
    for (size_t i = 0; i < x->partition_count; i++) {
        const struct partition *p = &x->partition[i];
        size_t blocks = p->room / BLOCK_ROWS;
        s.rows += p->count - p->gone;
        s.column_bytes += blocks * sizeof *p->block;
        s.other_bytes += p->room * (sizeof *p->event + sizeof *p->signs) +
                         (eights(blocks) + eights(eights(blocks))) * sizeof *p->box + sizeof *p;
    }
    s.column_bytes += x->event_room * sizeof *x->glance; /* what is compared, once more by event */
    s.other_bytes += x->event_room * (sizeof *x->seat + sizeof *x->own_place + sizeof *x->is_moved) +
                     x->moved_room * sizeof *x->moved;
    return s;
}
