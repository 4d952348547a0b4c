/* The columns of a block, added up: how far each row falls short of the most that a row could weigh. Three
 * things can stand in a code column, seen from a query: its own value, another, none; so a column costs two
 * comparisons for 32 rows, whatever the number of codes. */
#include "link/index.h"

#define LAST_GAP 15 /* of the table of age gaps */

static uint8_t add_saturating(uint8_t a, uint8_t b)
{
    unsigned sum = (unsigned)a + b;
    return sum > UINT8_MAX ? UINT8_MAX : (uint8_t)sum;
}

static uint8_t age_loss(const struct losses *l, uint8_t age)
{
    unsigned gap = age > l->age ? (unsigned)(age - l->age) : (unsigned)(l->age - age);
    return age == 0 ? l->age_missing : l->age_gap[gap < LAST_GAP ? gap : LAST_GAP];
}

/* Metres are reckoned in single precision: query.c raises the limits they are compared with, so that a bound
 * never stands below what is weighed. */
static int32_t place_loss(const struct block *b, const struct losses *l, int i)
{
    if (b->cos_lat[i] <= 0) return l->place[7];
    float north = (b->lat_deg[i] - l->lat_deg) * (float)METRES_PER_DEGREE;
    float east = fabsf(b->lon_deg[i] - l->lon_deg), round = 360.0F - east;
    east = (east < round ? east : round) * ((b->cos_lat[i] + l->cos_lat) * 0.5F) * (float)METRES_PER_DEGREE;
    float square = north * north + east * east, sure = (b->radius_m[i] + l->radius_m) * 0.5F;
    square = square > sure * sure ? square : sure * sure;
    int scale = 0;
    for (int s = 0; s < PLACE_SCALES; s++)
        scale += square > l->square_m2[s];
    return l->place[scale];
}

static int32_t time_loss(const struct block *b, const struct losses *l, int i)
{
    if (b->day_from[i] == INT32_MIN) return l->time[7];
    int32_t days = days_apart(l->day_from, l->day_to, b->day_from[i], b->day_to[i]),
            own = l->day_to - l->day_from, theirs = b->day_to[i] - b->day_from[i];
    days = days < own ? own : days;
    days = days < theirs ? theirs : days;
    int scale = 0;
    for (int s = 0; s < TIME_SCALES; s++)
        scale += days > l->days[s];
    return l->time[scale];
}

/* Sixteen rows at once, by the compiler's own vectors, which every machine of ours has. */
#define AT_ONCE 16
typedef uint8_t rows __attribute__((vector_size(AT_ONCE)));

static inline rows load_rows(const uint8_t *p)
{
    rows v;
    memcpy(&v, p, sizeof v);
    return v;
}

static void lose_codes(const uint8_t cell[BLOCK_ROWS], const struct losses *l, int c,
                       uint8_t loss[BLOCK_ROWS])
{
    rows differs = (rows){0} + l->differs[c], to_agrees = differs ^ l->agrees[c],
         to_missing = differs ^ l->missing[c];
    for (int i = 0; i < BLOCK_ROWS; i += AT_ONCE) {
        rows v = load_rows(cell + i), same = (rows)(v == l->wanted[c]), none = (rows)(v == 0);
        rows less = differs ^ (same & to_agrees) ^ (none & to_missing), sum = load_rows(loss + i) + less;
        sum |= (rows)(sum < less); /* over 255: 255 */
        memcpy(loss + i, &sum, sizeof sum);
    }
}

static uint8_t row_loss(const struct block *b, const struct losses *l, int c, int i)
{
    if (SCAN_PLACE == UINT32_C(1) << c) return (uint8_t)place_loss(b, l, i);
    if (SCAN_TIME == UINT32_C(1) << c) return (uint8_t)time_loss(b, l, i);
    uint8_t cell = b->cell[c][i];
    if (c == COLUMN_AGE) return age_loss(l, cell);
    if (c == COLUMN_SETS) return add_saturating(l->sets_low[cell & 15], l->sets_high[cell >> 4]);
    return l->lists[cell & 15];
}

void scan_portable(const struct block *block, const struct losses *l, uint32_t columns, uint8_t budget,
                   uint8_t loss[BLOCK_ROWS], uint32_t passes[BLOCK_ROWS / 32])
{
    memset(loss, 0, BLOCK_ROWS);
    for (uint32_t left = columns; left != 0; left &= left - 1) {
        int c = __builtin_ctz(left);
        if (c < CODE_FEATURES) {
            lose_codes(block->cell[c], l, c, loss);
            continue;
        }
        for (int i = 0; i < BLOCK_ROWS; i++)
            loss[i] = add_saturating(loss[i], row_loss(block, l, c, i));
    }
    for (int i = 0; i < BLOCK_ROWS; i += 32) {
        uint32_t bits = 0;
        for (int k = 31; k >= 0; k--)
            bits = bits << 1 | (loss[i + k] <= budget);
        passes[i / 32] = bits;
    }
}

#if defined(__x86_64__)
#include <immintrin.h>

#define LANES 32

__attribute__((target("avx2"))) static inline __m256i spread(uint8_t byte)
{
    return _mm256_set1_epi8((char)byte);
}

__attribute__((target("avx2"))) static inline __m256i table_of(const uint8_t table[16])
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table));
}

__attribute__((target("avx2"))) static void add_code(const uint8_t *cell, const struct losses *l, int c,
                                                     __m256i sum[4])
{
    __m256i wanted = spread(l->wanted[c]), none = _mm256_setzero_si256(), differs = spread(l->differs[c]),
            to_agrees = spread((uint8_t)(l->differs[c] ^ l->agrees[c])),
            to_missing = spread((uint8_t)(l->differs[c] ^ l->missing[c]));
    for (int i = 0; i < BLOCK_ROWS / LANES; i++) {
        __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(cell + i * LANES));
        __m256i less = _mm256_xor_si256(
            differs, _mm256_xor_si256(_mm256_and_si256(_mm256_cmpeq_epi8(v, wanted), to_agrees),
                                      _mm256_and_si256(_mm256_cmpeq_epi8(v, none), to_missing)));
        sum[i] = _mm256_adds_epu8(sum[i], less);
    }
}

__attribute__((target("avx2"))) static void add_age(const uint8_t *cell, const struct losses *l,
                                                    __m256i sum[4])
{
    __m256i own = spread(l->age), none = _mm256_setzero_si256(), last = spread(LAST_GAP),
            table = table_of(l->age_gap), missing = spread(l->age_missing);
    for (int i = 0; i < BLOCK_ROWS / LANES; i++) {
        __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(cell + i * LANES));
        __m256i gap = _mm256_sub_epi8(_mm256_max_epu8(v, own), _mm256_min_epu8(v, own));
        __m256i less = _mm256_shuffle_epi8(table, _mm256_min_epu8(gap, last));
        sum[i] = _mm256_adds_epu8(sum[i], _mm256_blendv_epi8(less, missing, _mm256_cmpeq_epi8(v, none)));
    }
}

__attribute__((target("avx2"))) static void add_sets(const uint8_t *cell, const uint8_t low[16],
                                                     const uint8_t high[16], __m256i sum[4])
{
    __m256i nibble = spread(15), table_low = table_of(low), table_high = table_of(high);
    for (int i = 0; i < BLOCK_ROWS / LANES; i++) {
        __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(cell + i * LANES));
        __m256i less_low = _mm256_shuffle_epi8(table_low, _mm256_and_si256(v, nibble)),
                less_high =
                    _mm256_shuffle_epi8(table_high, _mm256_and_si256(_mm256_srli_epi16(v, 4), nibble));
        sum[i] = _mm256_adds_epu8(sum[i], _mm256_adds_epu8(less_low, less_high));
    }
}

/* The scale of eight rows: how many of the limits they are beyond. */
__attribute__((target("avx2"))) static __m256i place_scales(const struct block *b, const struct losses *l,
                                                            int at)
{
    const __m256 metres = _mm256_set1_ps((float)METRES_PER_DEGREE), half = _mm256_set1_ps(0.5F);
    __m256 cosine = _mm256_loadu_ps(b->cos_lat + at);
    __m256 north =
        _mm256_mul_ps(_mm256_sub_ps(_mm256_loadu_ps(b->lat_deg + at), _mm256_set1_ps(l->lat_deg)), metres);
    __m256 east = _mm256_andnot_ps(
        _mm256_set1_ps(-0.0F), _mm256_sub_ps(_mm256_loadu_ps(b->lon_deg + at), _mm256_set1_ps(l->lon_deg)));
    east = _mm256_min_ps(east, _mm256_sub_ps(_mm256_set1_ps(360.0F), east));
    east = _mm256_mul_ps(
        _mm256_mul_ps(east, _mm256_mul_ps(_mm256_add_ps(cosine, _mm256_set1_ps(l->cos_lat)), half)), metres);
    __m256 sure =
        _mm256_mul_ps(_mm256_add_ps(_mm256_loadu_ps(b->radius_m + at), _mm256_set1_ps(l->radius_m)), half);
    __m256 square = _mm256_max_ps(_mm256_add_ps(_mm256_mul_ps(north, north), _mm256_mul_ps(east, east)),
                                  _mm256_mul_ps(sure, sure));
    __m256i scale = _mm256_setzero_si256();
    for (int s = 0; s < PLACE_SCALES; s++)
        scale = _mm256_sub_epi32(
            scale, _mm256_castps_si256(_mm256_cmp_ps(square, _mm256_set1_ps(l->square_m2[s]), _CMP_GT_OQ)));
    __m256 none = _mm256_cmp_ps(cosine, _mm256_setzero_ps(), _CMP_LE_OQ);
    return _mm256_blendv_epi8(scale, _mm256_set1_epi32(7), _mm256_castps_si256(none));
}

__attribute__((target("avx2"))) static __m256i time_scales(const struct block *b, const struct losses *l,
                                                           int at)
{
    __m256i from = _mm256_loadu_si256((const __m256i *)(const void *)(b->day_from + at)),
            to = _mm256_loadu_si256((const __m256i *)(const void *)(b->day_to + at)),
            own_from = _mm256_set1_epi32(l->day_from), own_to = _mm256_set1_epi32(l->day_to);
    __m256i days = _mm256_max_epi32(_mm256_sub_epi32(own_from, to), _mm256_sub_epi32(from, own_to));
    days = _mm256_max_epi32(days, _mm256_sub_epi32(own_to, own_from));
    days = _mm256_max_epi32(days, _mm256_sub_epi32(to, from));
    __m256i scale = _mm256_setzero_si256();
    for (int s = 0; s < TIME_SCALES; s++)
        scale = _mm256_sub_epi32(scale, _mm256_cmpgt_epi32(days, _mm256_set1_epi32(l->days[s])));
    return _mm256_blendv_epi8(scale, _mm256_set1_epi32(7),
                              _mm256_cmpeq_epi32(from, _mm256_set1_epi32(INT32_MIN)));
}

__attribute__((target("avx2"))) static void add_scales(const struct block *b, const struct losses *l,
                                                       bool place, __m256i sum[4])
{
    __m256i table = _mm256_loadu_si256((const __m256i *)(const void *)(place ? l->place : l->time)),
            in_order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7), four[4];
    for (int i = 0; i < BLOCK_ROWS / LANES; i++) {
        for (int k = 0; k < 4; k++) {
            int at = i * LANES + k * 8;
            four[k] =
                _mm256_permutevar8x32_epi32(table, place ? place_scales(b, l, at) : time_scales(b, l, at));
        }
        __m256i bytes =
            _mm256_packus_epi16(_mm256_packs_epi32(four[0], four[1]), _mm256_packs_epi32(four[2], four[3]));
        sum[i] = _mm256_adds_epu8(sum[i], _mm256_permutevar8x32_epi32(bytes, in_order));
    }
}

__attribute__((target("avx2"))) static void scan_avx2(const struct block *block, const struct losses *l,
                                                      uint32_t columns, uint8_t budget,
                                                      uint8_t loss[BLOCK_ROWS],
                                                      uint32_t passes[BLOCK_ROWS / 32])
{
    static const uint8_t NO_HIGH[16] = {0};
    __m256i sum[4] = {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256(),
                      _mm256_setzero_si256()};
    for (uint32_t codes = columns & ((UINT32_C(1) << CODE_FEATURES) - 1); codes != 0; codes &= codes - 1) {
        int c = __builtin_ctz(codes);
        add_code(block->cell[c], l, c, sum);
    }
    if (columns & UINT32_C(1) << COLUMN_AGE) add_age(block->cell[COLUMN_AGE], l, sum);
    if (columns & UINT32_C(1) << COLUMN_SETS)
        add_sets(block->cell[COLUMN_SETS], l->sets_low, l->sets_high, sum);
    if (columns & UINT32_C(1) << COLUMN_LISTS) add_sets(block->cell[COLUMN_LISTS], l->lists, NO_HIGH, sum);
    if (columns & SCAN_PLACE) add_scales(block, l, true, sum);
    if (columns & SCAN_TIME) add_scales(block, l, false, sum);
    __m256i most = spread(budget);
    for (int i = 0; i < BLOCK_ROWS / LANES; i++) {
        _mm256_storeu_si256((__m256i *)(void *)(loss + i * LANES), sum[i]);
        passes[i] = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_max_epu8(sum[i], most), most));
    }
}

scan_block scan_fastest(void)
{
    return __builtin_cpu_supports("avx2") ? scan_avx2 : scan_portable;
}
#else
scan_block scan_fastest(void)
{
    return scan_portable;
}
#endif
