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

static uint8_t code_loss(const struct losses *l, int c, uint8_t code)
{
    return code == 0 ? l->missing[c] : code == l->wanted[c] ? l->agrees[c] : l->differs[c];
}

static uint8_t age_loss(const struct losses *l, uint8_t age)
{
    unsigned gap = age > l->age ? (unsigned)(age - l->age) : (unsigned)(l->age - age);
    return age == 0 ? l->age_missing : l->age_gap[gap < LAST_GAP ? gap : LAST_GAP];
}

void scan_portable(const uint8_t *block, const struct losses *l, uint32_t columns, uint8_t budget,
                   uint8_t loss[BLOCK_ROWS], uint32_t passes[BLOCK_ROWS / 32])
{
    memset(loss, 0, BLOCK_ROWS);
    for (int c = 0; c < COLUMN_COUNT; c++) {
        const uint8_t *cell = block + c * BLOCK_ROWS;
        if (!(columns & UINT32_C(1) << c)) continue;
        for (int i = 0; i < BLOCK_ROWS; i++) {
            uint8_t less = c < CODE_FEATURES ? code_loss(l, c, cell[i])
                           : c == COLUMN_AGE ? age_loss(l, cell[i])
                           : c == COLUMN_SETS
                               ? add_saturating(l->sets_low[cell[i] & 15], l->sets_high[cell[i] >> 4])
                               : l->lists[cell[i] & 15];
            loss[i] = add_saturating(loss[i], less);
        }
    }
    memset(passes, 0, BLOCK_ROWS / 32 * sizeof *passes);
    for (int i = 0; i < BLOCK_ROWS; i++)
        passes[i / 32] |= (loss[i] <= budget ? UINT32_C(1) : 0) << i % 32;
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

__attribute__((target("avx2"))) static void scan_avx2(const uint8_t *block, const struct losses *l,
                                                      uint32_t columns, uint8_t budget,
                                                      uint8_t loss[BLOCK_ROWS],
                                                      uint32_t passes[BLOCK_ROWS / 32])
{
    static const uint8_t NO_HIGH[16] = {0};
    __m256i sum[4] = {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256(),
                      _mm256_setzero_si256()};
    for (uint32_t codes = columns & ((UINT32_C(1) << CODE_FEATURES) - 1); codes != 0; codes &= codes - 1) {
        int c = __builtin_ctz(codes);
        add_code(block + c * BLOCK_ROWS, l, c, sum);
    }
    if (columns & UINT32_C(1) << COLUMN_AGE) add_age(block + COLUMN_AGE * BLOCK_ROWS, l, sum);
    if (columns & UINT32_C(1) << COLUMN_SETS)
        add_sets(block + COLUMN_SETS * BLOCK_ROWS, l->sets_low, l->sets_high, sum);
    if (columns & UINT32_C(1) << COLUMN_LISTS)
        add_sets(block + COLUMN_LISTS * BLOCK_ROWS, l->lists, NO_HIGH, sum);
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
