/* The columns of a block, added up: how far each row falls short of the most that a row could weigh. Codes,
 * sets and substances lose by a table of sixteen; places and days stand on the grid of the block, so that
 * eight bits tell how many cells lie between at least. The boxes of a partition are bounded in the same
 * manner, eight at once. */
#include "link/index.h"

#define LAST_GAP    (NIBBLES - 1) /* of the table of age gaps */
#define CELLS_WIDE  255           /* what a distance in cells saturates at: then it may be anything beyond */
#define CELLS_SLACK 0.01          /* more than single precision takes off in all the cells of a block */
#define LONGER      1.0001F       /* a limit counts as passed only well beyond it, for single precision */

/* ---- the query on the grid of a block --------------------------------------------------------------- */

/* Inlined, so that each way of adding columns has what it calls in its own instructions. */
#define ALWAYS __attribute__((always_inline))

/* From a point to a cell: adds(subs(cell, high) | subs(low, cell), off) cells lie between at least. */
struct axis {
    uint8_t low, high, off;
};

struct on_grid {
    struct axis north, east;
    uint8_t day_low, day_high, day_off; /* low against day_to, high against day_from */
    uint8_t place_beyond[SCALES_ROOM], time_beyond[SCALES_ROOM]; /* the scale is passed with more cells */
};

ALWAYS static inline uint8_t to_byte(double cells)
{
    return cells <= 0 ? 0 : cells >= CELLS_WIDE ? CELLS_WIDE : (uint8_t)cells;
}

/* cells: a degree. */
ALWAYS static inline struct axis on_axis(double at, double from, double cells_a_degree)
{
    double cells = (at - from) * cells_a_degree, end = CELLS_LAST + 1;
    if (cells < 0) return (struct axis){0, 0, to_byte(-cells - CELLS_SLACK)};
    if (cells >= end) return (struct axis){CELLS_LAST, CELLS_WIDE, to_byte(cells - end - CELLS_SLACK)};
    return (struct axis){to_byte(cells - CELLS_SLACK - 1), to_byte(cells + CELLS_SLACK + 1), 0};
}

/* Round the earth the other way where that is nearer. A block that reaches half round it tells nothing. */
ALWAYS static inline struct axis on_circle(double at, double from, double step, double cells_a_degree)
{
    double half = (CELLS_LAST + 1) / 2.0 * step, middle = from + half;
    at += at - middle > 180 ? -360 : at - middle < -180 ? 360 : 0;
    if (fabs(at - middle) + half > 180) return (struct axis){0, CELLS_WIDE, 0};
    return on_axis(at, from, cells_a_degree);
}

/* Cells a metre, at the least. */
ALWAYS static inline float place_on_grid(const struct block_grid *g, const struct losses *l,
                                         struct on_grid *o)
{
    float narrow = (g->lon_step * l->cos_lat / g->lat_step + 1.0F) * 0.5F, /* the mean of both cosines */
        cell_m = g->lat_step * (float)METRES_PER_DEGREE * (narrow < 1.0F ? narrow : 1.0F);
    o->north = on_axis(l->lat_deg, g->lat_from, (double)g->lat_cells);
    o->east = on_circle(l->lon_deg, g->lon_from, (double)g->lon_step, (double)g->lon_cells);
    return LONGER / cell_m;
}

ALWAYS static inline uint8_t days_to_byte(int64_t days, uint32_t shift)
{
    int64_t cells = days < 0 ? 0 : days >> shift;
    return cells > CELLS_WIDE ? CELLS_WIDE : (uint8_t)cells;
}

ALWAYS static inline void time_on_grid(const struct block_grid *g, const struct losses *l, struct on_grid *o)
{
    int64_t from = (int64_t)l->day_from - g->day_from, to = (int64_t)l->day_to - g->day_from,
            end = (int64_t)(CELLS_LAST + 1) << g->day_shift;
    o->day_low = o->day_high = o->day_off = 0;
    if (to < 0)
        o->day_off = days_to_byte(-to, g->day_shift);
    else
        o->day_high = days_to_byte(to + ((int64_t)1 << g->day_shift), g->day_shift);
    if (from >= end) {
        o->day_low = CELLS_LAST;
        o->day_off = days_to_byte(from - end, g->day_shift);
    } else
        o->day_low = days_to_byte(from - ((int64_t)1 << g->day_shift), g->day_shift);
}

/* ---- one row at a time ------------------------------------------------------------------------------ */

static uint8_t less(uint8_t a, uint8_t b)
{
    return a > b ? (uint8_t)(a - b) : 0;
}

static uint8_t more(unsigned a, unsigned b)
{
    return a + b > UINT8_MAX ? UINT8_MAX : (uint8_t)(a + b);
}

static uint8_t cells_between(struct axis a, uint8_t cell)
{
    return more(less(cell, a.high) | less(a.low, cell), a.off);
}

static uint8_t loss_at(uint8_t cells, const uint8_t *beyond, const uint8_t *loss, int scales)
{
    int scale = 0;
    for (int s = 0; s < scales; s++)
        scale += cells > beyond[s];
    return loss[scale];
}

static uint8_t place_loss(const struct block *b, const struct losses *l, const struct on_grid *o, size_t i)
{
    if (b->east[i] > CELLS_LAST) return l->place_missing;
    uint8_t north = cells_between(o->north, b->north[i]), east = cells_between(o->east, b->east[i]);
    return loss_at(north > east ? north : east, o->place_beyond, l->place, PLACE_SCALES);
}

static uint8_t time_loss(const struct block *b, const struct losses *l, const struct on_grid *o, size_t i)
{
    if (b->day_from[i] > CELLS_LAST) return l->time_missing;
    uint8_t cells = less(b->day_from[i], o->day_high) | less(o->day_low, b->day_to[i]);
    return loss_at(more(cells, o->day_off), o->time_beyond, l->time, TIME_SCALES);
}

static uint8_t age_loss(const struct losses *l, uint8_t age)
{
    uint8_t gap = less(age, l->age) | less(l->age, age);
    return age == 0 ? l->age_missing : l->age_gap[gap < LAST_GAP ? gap : LAST_GAP];
}

static uint8_t by_nibbles(const uint8_t table[2][NIBBLES], uint8_t byte)
{
    return more(table[0][byte & 15], table[1][byte >> 4]);
}

static uint8_t row_loss(const struct block *b, const struct losses *l, uint32_t columns, size_t i)
{
    uint8_t sum = 0;
    for (uint32_t left = columns & (SCAN_AGE - 1); left != 0; left &= left - 1) {
        int c = __builtin_ctz(left);
        sum = more(sum, l->code[c][b->codes[c / 2][i] >> c % 2 * 4 & 15]);
    }
    if (columns & SCAN_AGE) sum = more(sum, age_loss(l, b->age[i]));
    if (columns & SCAN_SETS) sum = more(sum, by_nibbles(l->sets, b->sets[i]));
    return columns & SCAN_DRUGS ? more(sum, by_nibbles(l->drugs, b->drugs[i])) : sum;
}

static uint8_t measured_loss(const struct block *b, const struct losses *l, const struct on_grid *o,
                             uint32_t columns, size_t i)
{
    uint8_t place = columns & SCAN_PLACE ? place_loss(b, l, o, i) : 0;
    return more(place, columns & SCAN_TIME ? time_loss(b, l, o, i) : 0);
}

/* A block in which nobody has a place or a day has no grid for it. */
static void find_on_grid(const struct block *b, uint32_t any, const struct losses *l, uint32_t columns,
                         struct on_grid *o)
{
    *o = (struct on_grid){0};
    if (columns & SCAN_PLACE && any & ANY_PLACE) {
        float cells_a_metre = place_on_grid(&b->grid, l, o);
        for (int s = 0; s < PLACE_SCALES; s++) {
            float cells = l->radius_m[s] * cells_a_metre;
            o->place_beyond[s] = cells >= CELLS_WIDE ? CELLS_WIDE : (uint8_t)cells;
        }
    }
    if (columns & SCAN_TIME && any & ANY_TIME) {
        time_on_grid(&b->grid, l, o);
        for (int s = 0; s < TIME_SCALES; s++)
            o->time_beyond[s] = days_to_byte(l->days[s], b->grid.day_shift);
    }
}

static void scan_block_portable(const struct block *block, uint32_t any, const struct losses *l,
                                uint32_t columns, size_t rows, uint8_t budget, uint8_t least,
                                uint8_t loss[BLOCK_ROWS], uint32_t passes[BLOCK_ROWS / 32])
{
    struct on_grid o;
    memset(passes, 0, BLOCK_ROWS / 8);
    if (least > budget) return;
    find_on_grid(block, any, l, columns, &o);
    for (size_t i = 0; i < (rows + 31) / 32 * 32; i++) {
        uint8_t without = row_loss(block, l, columns, i);
        loss[i] = more(without, measured_loss(block, l, &o, columns, i));
        passes[i / 32] |= (uint32_t)(without <= budget - least && loss[i] <= budget) << i % 32;
    }
}

/* ---- boxes ------------------------------------------------------------------------------------------ */

static float larger(float a, float b)
{
    return a > b ? a : b;
}

static float smaller(float a, float b)
{
    return a < b ? a : b;
}

/* Single precision: square_m2 is raised by what may be lost. */
static int32_t most_of_place(const struct boxes *b, size_t i, const struct box_query *q)
{
    float north = larger(larger(b->lat_min[i] - q->lat_deg, q->lat_deg - b->lat_max[i]), 0),
          to_low = b->lon_min[i] - q->lon_deg, to_high = q->lon_deg - b->lon_max[i],
          other_way = 360.0F - larger(fabsf(to_low), fabsf(to_high)),
          east = smaller(larger(larger(to_low, to_high), 0), other_way);
    east = east * ((b->cos_min[i] + q->cos_lat) * 0.5F);
    float square = (north * north + east * east) * (float)(METRES_PER_DEGREE * METRES_PER_DEGREE);
    int scale = 0;
    for (int s = 0; s < PLACE_SCALES; s++)
        scale += square > q->square_m2[s];
    int32_t most = b->any[i] & ANY_PLACE ? q->place[scale] : 0;
    return b->any[i] & ANY_NO_PLACE && most < 0 ? 0 : most;
}

static int32_t most_of_time(const struct boxes *b, size_t i, const struct box_query *q)
{
    int32_t before = q->day_from - b->day_max[i], after = b->day_min[i] - q->day_to,
            gap = before > after ? before : after;
    int scale = 0;
    for (int s = 0; s < TIME_SCALES; s++)
        scale += gap > q->days[s];
    int32_t most = b->any[i] & ANY_TIME ? q->time[scale] : 0;
    return b->any[i] & ANY_NO_TIME && most < 0 ? 0 : most;
}

static int32_t most_of_box(const struct boxes *box, size_t i, const struct box_query *q)
{
    return (q->has_place ? most_of_place(box, i, q) : 0) + (q->has_time ? most_of_time(box, i, q) : 0);
}

static size_t scan_boxes_portable(const struct boxes *box, const struct boxes *wide, size_t count,
                                  const struct box_query *q, int32_t need, struct near_box *out)
{
    size_t found = 0;
    for (size_t at = 0; at * BOXES_AT_ONCE < count; at++) {
        size_t first = at * BOXES_AT_ONCE;
        bool one = count <= BOXES_AT_ONCE;
        if (!one && most_of_box(&wide[at / BOXES_AT_ONCE], at % BOXES_AT_ONCE, q) < need) continue;
        for (size_t i = 0; i < BOXES_AT_ONCE && first + i < count; i++) {
            int32_t most = most_of_box(&box[at], i, q);
            if (most >= need) out[found++] = (struct near_box){(uint32_t)(first + i), most};
        }
    }
    return found;
}

struct scanning scan_portable(void)
{
    return (struct scanning){scan_block_portable, scan_boxes_portable};
}

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2     __attribute__((target("avx2")))
#define UNROLLED _Pragma("GCC unroll 4")
#define LANES    32

AVX2 ALWAYS static inline __m256i spread(uint8_t byte)
{
    return _mm256_set1_epi8((char)byte);
}

AVX2 ALWAYS static inline __m256i load_bytes(const uint8_t *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

AVX2 ALWAYS static inline __m256i table_of(const uint8_t table[NIBBLES])
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)table));
}

AVX2 ALWAYS static inline __m256i low_nibbles(__m256i v)
{
    return _mm256_and_si256(v, spread(15));
}

AVX2 ALWAYS static inline __m256i high_nibbles(__m256i v)
{
    return _mm256_and_si256(_mm256_srli_epi16(v, 4), spread(15));
}

/* Two tables, by the nibbles of each byte. */
AVX2 ALWAYS static inline void add_nibbles(const uint8_t *cell, const uint8_t *low, const uint8_t *high,
                                           size_t lanes, __m256i sum[4])
{
    __m256i table_low = table_of(low), table_high = table_of(high);
    UNROLLED for (size_t i = 0; i < lanes; i++)
    {
        __m256i v = load_bytes(cell + i * LANES);
        __m256i loss = _mm256_adds_epu8(_mm256_shuffle_epi8(table_low, low_nibbles(v)),
                                        _mm256_shuffle_epi8(table_high, high_nibbles(v)));
        sum[i] = _mm256_adds_epu8(sum[i], loss);
    }
}

AVX2 ALWAYS static inline void add_age(const uint8_t *cell, const struct losses *l, size_t lanes,
                                       __m256i sum[4])
{
    __m256i own = spread(l->age), table = table_of(l->age_gap), missing = spread(l->age_missing);
    UNROLLED for (size_t i = 0; i < lanes; i++)
    {
        __m256i v = load_bytes(cell + i * LANES);
        __m256i gap = _mm256_or_si256(_mm256_subs_epu8(v, own), _mm256_subs_epu8(own, v));
        __m256i loss = _mm256_shuffle_epi8(table, _mm256_min_epu8(gap, spread(LAST_GAP)));
        loss = _mm256_blendv_epi8(loss, missing, _mm256_cmpeq_epi8(v, _mm256_setzero_si256()));
        sum[i] = _mm256_adds_epu8(sum[i], loss);
    }
}

AVX2 ALWAYS static inline __m256i cells_from(struct axis a, __m256i cell)
{
    __m256i off =
        _mm256_or_si256(_mm256_subs_epu8(cell, spread(a.high)), _mm256_subs_epu8(spread(a.low), cell));
    return _mm256_adds_epu8(off, spread(a.off));
}

/* Bytes compare as signed ones: the half is taken off both. */
AVX2 ALWAYS static inline __m256i losses_at(__m256i cells, const uint8_t *beyond, const uint8_t loss[NIBBLES],
                                            int scales)
{
    const __m256i half = spread(128);
    __m256i scale = _mm256_setzero_si256(), from_half = _mm256_xor_si256(cells, half);
    for (int s = 0; s < scales; s++)
        scale =
            _mm256_sub_epi8(scale, _mm256_cmpgt_epi8(from_half, _mm256_xor_si256(spread(beyond[s]), half)));
    return _mm256_shuffle_epi8(table_of(loss), scale);
}

AVX2 ALWAYS static inline __m256i add_places(const struct block *b, const struct losses *l,
                                             const struct on_grid *o, size_t lane, __m256i sum)
{
    __m256i east = load_bytes(b->east + lane * LANES),
            cells = _mm256_max_epu8(cells_from(o->north, load_bytes(b->north + lane * LANES)),
                                    cells_from(o->east, east)),
            loss = losses_at(cells, o->place_beyond, l->place, PLACE_SCALES),
            missing = _mm256_cmpeq_epi8(east, spread(255));
    return _mm256_adds_epu8(sum, _mm256_blendv_epi8(loss, spread(l->place_missing), missing));
}

AVX2 ALWAYS static inline __m256i add_times(const struct block *b, const struct losses *l,
                                            const struct on_grid *o, size_t lane, __m256i sum)
{
    __m256i from = load_bytes(b->day_from + lane * LANES), to = load_bytes(b->day_to + lane * LANES),
            apart = _mm256_or_si256(_mm256_subs_epu8(from, spread(o->day_high)),
                                    _mm256_subs_epu8(spread(o->day_low), to)),
            cells = _mm256_adds_epu8(apart, spread(o->day_off)),
            loss = losses_at(cells, o->time_beyond, l->time, TIME_SCALES),
            missing = _mm256_cmpeq_epi8(from, spread(255));
    return _mm256_adds_epu8(sum, _mm256_blendv_epi8(loss, spread(l->time_missing), missing));
}

AVX2 ALWAYS static inline __m256i load_ints(const void *p)
{
    return _mm256_loadu_si256((const __m256i *)p);
}

/* Eight numbers from 0 to 255 as bytes. */
AVX2 ALWAYS static inline void store_as_bytes(__m256i v, uint8_t out[SCALES_ROOM])
{
    __m128i half = _mm_packus_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    _mm_storel_epi64((__m128i *)(void *)out, _mm_packus_epi16(half, half));
}

/* find_on_grid, with the limits of all scales at once. */
AVX2 ALWAYS static inline void find_on_grid_avx2(const struct block *b, uint32_t any, const struct losses *l,
                                                 uint32_t columns, struct on_grid *o)
{
    *o = (struct on_grid){0};
    if (columns & SCAN_PLACE && any & ANY_PLACE) {
        __m256 cells =
            _mm256_mul_ps(_mm256_loadu_ps(l->radius_m), _mm256_set1_ps(place_on_grid(&b->grid, l, o)));
        cells = _mm256_min_ps(cells, _mm256_set1_ps(CELLS_WIDE));
        store_as_bytes(_mm256_cvttps_epi32(cells), o->place_beyond);
    }
    if (columns & SCAN_TIME && any & ANY_TIME) {
        time_on_grid(&b->grid, l, o);
        __m256i cells = _mm256_sra_epi32(load_ints(l->days), _mm_cvtsi32_si128((int)b->grid.day_shift));
        cells = _mm256_max_epi32(cells, _mm256_setzero_si256());
        store_as_bytes(_mm256_min_epi32(cells, _mm256_set1_epi32(CELLS_WIDE)), o->time_beyond);
    }
}

/* Is any of the sums within the budget? */
AVX2 ALWAYS static inline bool any_within(const __m256i sum[4], size_t lanes, __m256i most)
{
    __m256i least = sum[0];
    UNROLLED for (size_t i = 1; i < lanes; i++) least = _mm256_min_epu8(least, sum[i]);
    return _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_max_epu8(least, most), most)) != 0;
}

/* What everything but place and time loses. lanes: a constant where it is called, so that the sums stay in
 * registers. */
AVX2 ALWAYS static inline void add_bytes(const struct block *block, const struct losses *l, uint32_t columns,
                                         size_t lanes, __m256i sum[4])
{
    static const uint8_t NO_LOSS[NIBBLES] = {0};
    if (columns & SCAN_AGE) add_age(block->age, l, lanes, sum);
    for (int pair = 0; pair < CODE_PAIRS; pair++) {
        uint32_t both = columns >> pair * 2 & 3;
        if (both != 0)
            add_nibbles(block->codes[pair], both & 1 ? l->code[pair * 2] : NO_LOSS,
                        both & 2 ? l->code[pair * 2 + 1] : NO_LOSS, lanes, sum);
    }
    if (columns & SCAN_SETS) add_nibbles(block->sets, l->sets[0], l->sets[1], lanes, sum);
    if (columns & SCAN_DRUGS) add_nibbles(block->drugs, l->drugs[0], l->drugs[1], lanes, sum);
}

AVX2 ALWAYS static inline uint32_t within(__m256i sum, __m256i most)
{
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_max_epu8(sum, most), most));
}

/* The columns that cost least and tell most come first; nearly half of the blocks end there, and are never
 * laid against their grid. */
AVX2 ALWAYS static inline void scan_lanes(const struct block *block, uint32_t any, const struct losses *l,
                                          uint32_t columns, size_t lanes, uint8_t budget, uint8_t least,
                                          uint8_t loss[BLOCK_ROWS], uint32_t passes[BLOCK_ROWS / 32])
{
    __m256i zero = _mm256_setzero_si256(), sum[4] = {zero, zero, zero, zero},
            most = spread((uint8_t)(budget - least));
    struct on_grid o;
    add_bytes(block, l, columns, lanes, sum);
    if (!any_within(sum, lanes, most)) return;
    find_on_grid_avx2(block, any, l, columns, &o);
    for (size_t i = 0; i < lanes; i++) {
        uint32_t left = within(sum[i], most);
        if (left == 0) continue;
        if (columns & SCAN_PLACE) sum[i] = add_places(block, l, &o, i, sum[i]);
        if (columns & SCAN_TIME) sum[i] = add_times(block, l, &o, i, sum[i]);
        _mm256_storeu_si256((__m256i *)(void *)(loss + i * LANES), sum[i]);
        passes[i] = left & within(sum[i], spread(budget));
    }
}

AVX2 static void scan_block_avx2(const struct block *block, uint32_t any, const struct losses *l,
                                 uint32_t columns, size_t rows, uint8_t budget, uint8_t least,
                                 uint8_t loss[BLOCK_ROWS], uint32_t passes[BLOCK_ROWS / 32])
{
    memset(passes, 0, BLOCK_ROWS / 8);
    if (least > budget) return;
    if (rows <= LANES)
        scan_lanes(block, any, l, columns, 1, budget, least, loss, passes);
    else if (rows <= 2 * LANES)
        scan_lanes(block, any, l, columns, 2, budget, least, loss, passes);
    else
        scan_lanes(block, any, l, columns, 4, budget, least, loss, passes);
}

/* `most` where the box has any such row; no less than nothing where it has rows without. */
AVX2 ALWAYS static inline __m256i most_recorded(__m256i most, __m256i any, uint32_t with, uint32_t without)
{
    __m256i zero = _mm256_setzero_si256(), has = _mm256_set1_epi32((int)with),
            lacks = _mm256_set1_epi32((int)without);
    most = _mm256_and_si256(most, _mm256_cmpeq_epi32(_mm256_and_si256(any, has), has));
    __m256i floor = _mm256_cmpeq_epi32(_mm256_and_si256(any, lacks), lacks);
    return _mm256_blendv_epi8(most, _mm256_max_epi32(most, zero), floor);
}

AVX2 ALWAYS static inline __m256i places_of_boxes(const struct boxes *b, const struct box_query *q)
{
    const __m256 zero = _mm256_setzero_ps(), sign = _mm256_set1_ps(-0.0F);
    __m256 lat = _mm256_set1_ps(q->lat_deg), lon = _mm256_set1_ps(q->lon_deg);
    __m256 south = _mm256_sub_ps(_mm256_loadu_ps(b->lat_min), lat),
           north = _mm256_max_ps(_mm256_max_ps(south, _mm256_sub_ps(lat, _mm256_loadu_ps(b->lat_max))), zero);
    __m256 to_low = _mm256_sub_ps(_mm256_loadu_ps(b->lon_min), lon),
           to_high = _mm256_sub_ps(lon, _mm256_loadu_ps(b->lon_max));
    __m256 other_way = _mm256_sub_ps(_mm256_set1_ps(360.0F), _mm256_max_ps(_mm256_andnot_ps(sign, to_low),
                                                                           _mm256_andnot_ps(sign, to_high)));
    __m256 east = _mm256_min_ps(_mm256_max_ps(_mm256_max_ps(to_low, to_high), zero), other_way);
    __m256 cosine = _mm256_mul_ps(_mm256_add_ps(_mm256_loadu_ps(b->cos_min), _mm256_set1_ps(q->cos_lat)),
                                  _mm256_set1_ps(0.5F));
    east = _mm256_mul_ps(east, cosine);
    __m256 square = _mm256_mul_ps(_mm256_add_ps(_mm256_mul_ps(north, north), _mm256_mul_ps(east, east)),
                                  _mm256_set1_ps((float)(METRES_PER_DEGREE * METRES_PER_DEGREE)));
    __m256i scale = _mm256_setzero_si256();
    for (int s = 0; s < PLACE_SCALES; s++)
        scale = _mm256_sub_epi32(
            scale, _mm256_castps_si256(_mm256_cmp_ps(square, _mm256_set1_ps(q->square_m2[s]), _CMP_GT_OQ)));
    __m256i most = _mm256_permutevar8x32_epi32(load_ints(q->place), scale);
    return most_recorded(most, load_ints(b->any), ANY_PLACE, ANY_NO_PLACE);
}

AVX2 ALWAYS static inline __m256i times_of_boxes(const struct boxes *b, const struct box_query *q)
{
    __m256i before = _mm256_sub_epi32(_mm256_set1_epi32(q->day_from), load_ints(b->day_max)),
            after = _mm256_sub_epi32(load_ints(b->day_min), _mm256_set1_epi32(q->day_to)),
            gap = _mm256_max_epi32(before, after), scale = _mm256_setzero_si256();
    for (int s = 0; s < TIME_SCALES; s++)
        scale = _mm256_sub_epi32(scale, _mm256_cmpgt_epi32(gap, _mm256_set1_epi32(q->days[s])));
    __m256i most = _mm256_permutevar8x32_epi32(load_ints(q->time), scale);
    return most_recorded(most, load_ints(b->any), ANY_TIME, ANY_NO_TIME);
}

/* What eight boxes reach. */
AVX2 ALWAYS static inline __m256i most_of_eight(const struct boxes *b, const struct box_query *q)
{
    __m256i sum = q->has_place ? places_of_boxes(b, q) : _mm256_setzero_si256();
    return q->has_time ? _mm256_add_epi32(sum, times_of_boxes(b, q)) : sum;
}

/* A bit for each of the eight at `i` that reaches; count: of all. */
AVX2 ALWAYS static inline uint32_t which_reach(__m256i sum, __m256i beyond, size_t i, size_t count)
{
    uint32_t reach = (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(sum, beyond)));
    return count - i < BOXES_AT_ONCE ? reach & ((1U << (count - i)) - 1) : reach;
}

AVX2 static size_t scan_boxes_avx2(const struct boxes *box, const struct boxes *wide, size_t count,
                                   const struct box_query *q, int32_t need, struct near_box *out)
{
    const __m256i beyond = _mm256_set1_epi32(need - 1);
    size_t found = 0, wides = (count + BOXES_AT_ONCE - 1) / BOXES_AT_ONCE;
    for (size_t n = 0; n < wides; n += BOXES_AT_ONCE) {
        uint32_t open =
            wides == 1 ? 1 : which_reach(most_of_eight(&wide[n / BOXES_AT_ONCE], q), beyond, n, wides);
        for (uint32_t left = wides == 1 ? 0 : open; left != 0; left &= left - 1)
            boxes_ask(&box[n + (unsigned)__builtin_ctz(left)]);
        for (; open != 0; open &= open - 1) {
            size_t i = (n + (unsigned)__builtin_ctz(open)) * BOXES_AT_ONCE;
            __m256i sum = most_of_eight(&box[i / BOXES_AT_ONCE], q);
            uint32_t reach = which_reach(sum, beyond, i, count);
            if (reach == 0) continue;
            int32_t most[BOXES_AT_ONCE];
            _mm256_storeu_si256((__m256i *)(void *)most, sum);
            for (; reach != 0; reach &= reach - 1) {
                unsigned at = (unsigned)__builtin_ctz(reach);
                out[found].box = (uint32_t)i + at;
                out[found++].most = most[at];
            }
        }
    }
    return found;
}

struct scanning scan_fastest(void)
{
    return __builtin_cpu_supports("avx2") ? (struct scanning){scan_block_avx2, scan_boxes_avx2}
                                          : scan_portable();
}
#else
struct scanning scan_fastest(void)
{
    return scan_portable();
}
#endif
