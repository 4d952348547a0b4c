#include "link/index.h"

#include "base/alloc.h"

/* Runs of rows that are sorted together. */
#define RUN_LARGEST  32768
#define RUN_SMALLEST 512
static const size_t RUNS[] = {RUN_LARGEST, 4096, RUN_SMALLEST};
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

void index_free(struct index *x)
{
    if (x == NULL) return;
    for (size_t i = 0; i < x->partition_count; i++) {
        struct partition *p = &x->partition[i];
        alloc_free(p->event);
        alloc_free(p->block);
        alloc_free(p->box);
        alloc_free(p->group_box);
    }
    alloc_free(x->partition);
    table_free(x->by_key);
    alloc_free(x->seat);
    alloc_free(x->own_place);
    alloc_free(x->moved);
    alloc_free(x->is_moved);
    alloc_free(x);
}

/* ---- boxes ----------------------------------------------------------------------------------------- */

static const struct block_box NOWHERE = {.lat_min = INFINITY,
                                         .lat_max = -INFINITY,
                                         .lon_min = INFINITY,
                                         .lon_max = -INFINITY,
                                         .cos_min = INFINITY,
                                         .day_min = INT32_MAX,
                                         .day_max = INT32_MIN};

static void box_add(struct block_box *b, const struct block_box *o)
{
    b->lat_min = o->lat_min < b->lat_min ? o->lat_min : b->lat_min;
    b->lat_max = o->lat_max > b->lat_max ? o->lat_max : b->lat_max;
    b->lon_min = o->lon_min < b->lon_min ? o->lon_min : b->lon_min;
    b->lon_max = o->lon_max > b->lon_max ? o->lon_max : b->lon_max;
    b->cos_min = o->cos_min < b->cos_min ? o->cos_min : b->cos_min;
    b->day_min = o->day_min < b->day_min ? o->day_min : b->day_min;
    b->day_max = o->day_max > b->day_max ? o->day_max : b->day_max;
    b->any |= o->any;
}

static struct block_box box_of(const struct block *b, size_t i)
{
    struct block_box box = NOWHERE;
    for (int c = 0; c <= COLUMN_AGE; c++)
        if (b->cell[c][i] != 0) box.any |= UINT32_C(1) << c;
    box.any |= (uint32_t)b->cell[COLUMN_SETS][i] << ANY_SETS_AT | (uint32_t)b->cell[COLUMN_LISTS][i]
                                                                      << ANY_LISTS_AT;
    box.any |= b->cos_lat[i] > 0 ? ANY_PLACE : ANY_NO_PLACE;
    box.any |= b->day_from[i] != INT32_MIN ? ANY_TIME : ANY_NO_TIME;
    if (b->cos_lat[i] > 0) {
        box.lat_min = box.lat_max = b->lat_deg[i];
        box.lon_min = box.lon_max = b->lon_deg[i];
        box.cos_min = b->cos_lat[i];
    }
    if (b->day_from[i] != INT32_MIN) {
        box.day_min = b->day_from[i];
        box.day_max = b->day_to[i];
    }
    return box;
}

static void box_row(struct partition *p, size_t row)
{
    struct block_box own = box_of(&p->block[row / BLOCK_ROWS], row % BLOCK_ROWS);
    box_add(&p->box[row / BLOCK_ROWS], &own);
    box_add(&p->group_box[row / BLOCK_ROWS / GROUP_BLOCKS], &own);
}

/* Both ends are at block borders; groups at the ends may hold other blocks too, and are boxed anew. */
static void box_rows(struct partition *p, size_t from, size_t to)
{
    size_t first = from / BLOCK_ROWS, blocks = (p->count + BLOCK_ROWS - 1) / BLOCK_ROWS;
    for (size_t b = first; b < to / BLOCK_ROWS; b++)
        p->box[b] = NOWHERE;
    for (size_t row = from; row < to; row++)
        if (p->event[row] != NO_EVENT) {
            struct block_box own = box_of(&p->block[row / BLOCK_ROWS], row % BLOCK_ROWS);
            box_add(&p->box[row / BLOCK_ROWS], &own);
        }
    for (size_t g = first / GROUP_BLOCKS; g * GROUP_BLOCKS * BLOCK_ROWS < to; g++) {
        p->group_box[g] = NOWHERE;
        for (size_t b = g * GROUP_BLOCKS; b < (g + 1) * GROUP_BLOCKS && b < blocks; b++)
            box_add(&p->group_box[g], &p->box[b]);
    }
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

/* Halves at the middle of the longest side until a block is left. n is a power of two of blocks. */
static void sort_rows(struct sorted_row *r, size_t n)
{
    int side = 0;
    if (n <= BLOCK_ROWS || largest_side(r, n, &side) <= 0) return;
    split_rows(r, (int64_t)n, (int64_t)n / 2, side);
    sort_rows(r, n / 2);
    sort_rows(r + n / 2, n / 2);
}

/* The rows of a run, while they are put in order. */
struct carried {
    uint32_t event[RUN_LARGEST];
    struct sorted_row row[RUN_LARGEST];
    struct block block[RUN_LARGEST / BLOCK_ROWS];
};

static void order_rows(const struct partition *p, size_t from, size_t n, const struct link_model *m,
                       struct sorted_row *r)
{
    double unit_deg = m->place_radius_m[PLACE_SCALES - 2] / METRES_PER_DEGREE,
           unit_days = m->time_days[TIME_SCALES - 2];
    for (size_t i = 0; i < n; i++) {
        const struct block *b = &p->block[(from + i) / BLOCK_ROWS];
        size_t k = (from + i) % BLOCK_ROWS;
        bool placed = b->cos_lat[k] > 0, dated = b->day_from[k] != INT32_MIN;
        r[i] = (struct sorted_row){
            .row = (uint32_t)(from + i),
            .at = {placed ? (float)((double)b->lat_deg[k] / unit_deg) : -1e9F,
                   placed ? (float)((double)b->lon_deg[k] * (double)b->cos_lat[k] / unit_deg) : -1e9F,
                   dated ? (float)(((double)b->day_from[k] + b->day_to[k]) / 2 / unit_days) : -1e9F}};
    }
    sort_rows(r, n);
}

static void copy_row(struct block *to, size_t i, const struct block *from, size_t k)
{
    for (int c = 0; c < COLUMN_COUNT; c++)
        to->cell[c][i] = from->cell[c][k];
    to->lat_deg[i] = from->lat_deg[k];
    to->lon_deg[i] = from->lon_deg[k];
    to->cos_lat[i] = from->cos_lat[k];
    to->radius_m[i] = from->radius_m[k];
    to->day_from[i] = from->day_from[k];
    to->day_to[i] = from->day_to[k];
    to->sets[i] = from->sets[k];
    to->wide[i] = from->wide[k];
    to->terms[i] = from->terms[k];
}

static void sort_run(struct world *w, struct partition *p, size_t from, size_t n, struct carried *c)
{
    order_rows(p, from, n, w->model, c->row);
    for (size_t i = 0; i < n; i++) {
        size_t row = c->row[i].row;
        c->event[i] = p->event[row];
        copy_row(&c->block[i / BLOCK_ROWS], i % BLOCK_ROWS, &p->block[row / BLOCK_ROWS], row % BLOCK_ROWS);
    }
    memcpy(p->block + from / BLOCK_ROWS, c->block, n / BLOCK_ROWS * sizeof *c->block);
    memcpy(p->event + from, c->event, n * sizeof *c->event);
    for (size_t i = 0; i < n; i++)
        if (c->event[i] != NO_EVENT) w->index->seat[c->event[i]].row = (uint32_t)(from + i);
    box_rows(p, from, from + n);
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

static void room_for_row(struct partition *p)
{
    if (p->count < p->room) return;
    size_t room = p->room + (p->room / 2 + BLOCK_ROWS) / BLOCK_ROWS * BLOCK_ROWS, blocks = room / BLOCK_ROWS;
    p->event = alloc_resize(p->event, room, sizeof *p->event);
    p->block = alloc_resize(p->block, blocks, sizeof *p->block);
    p->box = alloc_resize(p->box, blocks, sizeof *p->box);
    p->group_box = alloc_resize(p->group_box, blocks / GROUP_BLOCKS + 1, sizeof *p->group_box);
    p->room = room;
}

static uint8_t code_byte(uint16_t code)
{
    return code < CODE_MANY ? (uint8_t)code : CODE_MANY;
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
        t.word[l->item[i] / 64 % 4] |= UINT64_C(1) << l->item[i] % 64;
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
    unsigned sets = 0;
    for (int c = 0; c < CODE_FEATURES; c++)
        b->cell[c][i] = code_byte(r->code[c]);
    for (unsigned k = 0; k < BIT_FEATURES; k++)
        sets |= (r->bits[k] != 0 ? 1U : 0U) << k;
    b->cell[COLUMN_AGE][i] = (uint8_t)(r->age + 1);
    b->cell[COLUMN_SETS][i] = (uint8_t)sets;
    b->cell[COLUMN_LISTS][i] = (uint8_t)r->lists;
    b->lat_deg[i] = r->lat_deg;
    b->lon_deg[i] = r->lon_deg;
    b->cos_lat[i] = r->cos_lat;
    b->radius_m[i] = r->radius_m;
    b->day_from[i] = r->day_from;
    b->day_to[i] = r->day_to;
    b->sets[i] = set_signature(r->bits);
    b->wide[i] = list_signature(&ev->wide);
    b->terms[i] = term_signature(&ev->list[FEATURE_TEXT - FEATURE_SUBSTANCES]);
}

static void seat_event(struct world *w, uint32_t event)
{
    struct index *x = w->index;
    const struct event *ev = &w->event[event];
    size_t at = partition_for(w, ev);
    struct partition *p = &x->partition[at];
    room_for_row(p);
    size_t row = p->count++;
    if (row % BLOCK_ROWS == 0) { /* rows of a block that are not there yet */
        p->box[row / BLOCK_ROWS] = NOWHERE;
        memset(&p->block[row / BLOCK_ROWS], 0, sizeof *p->block);
        for (size_t i = row; i < row + BLOCK_ROWS; i++)
            p->event[i] = NO_EVENT;
    }
    if (row % (BLOCK_ROWS * GROUP_BLOCKS) == 0) p->group_box[row / BLOCK_ROWS / GROUP_BLOCKS] = NOWHERE;
    p->event[row] = event;
    write_row(&p->block[row / BLOCK_ROWS], row % BLOCK_ROWS, ev);
    box_row(p, row);
    x->seat[event] = (struct seat){(uint32_t)at, (uint32_t)row};
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
    x->own_place = alloc_resize(x->own_place, room, sizeof *x->own_place);
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
        s.other_bytes += p->room * sizeof *p->event + blocks * sizeof *p->box +
                         (blocks / GROUP_BLOCKS + 1) * sizeof *p->group_box + sizeof *p;
    }
    s.other_bytes += x->event_room * (sizeof *x->seat + sizeof *x->own_place + sizeof *x->is_moved) +
                     x->moved_room * sizeof *x->moved;
    return s;
}
