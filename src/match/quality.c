#include "match/match.h"

#include "base/table.h"

#include <math.h>

static double pairs_of(uint64_t n)
{
    return (double)n * ((double)n - 1) / 2;
}

struct match_quality match_quality(const uint32_t *group, const uint32_t *truth, size_t rows)
{
    struct table *found CLEANUP_TABLE = table_new(rows + 1);
    struct table *right CLEANUP_TABLE = table_new(rows + 1);
    struct table *both CLEANUP_TABLE = table_new(rows + 1);
    struct match_quality q = {0};
    for (size_t r = 0; r < rows; r++) {
        if (truth[r] == 0) continue;
        q.rows++;
        ++*table_at_number(found, group[r], NULL);
        ++*table_at_number(right, truth[r], NULL);
        ++*table_at_number(both, (uint64_t)truth[r] << 32 | group[r], NULL);
    }
    for (size_t i = 0; i < table_count(found); i++)
        q.found_pairs += (uint64_t)pairs_of(*table_value(found, i));
    for (size_t i = 0; i < table_count(right); i++)
        q.true_pairs += (uint64_t)pairs_of(*table_value(right, i));
    for (size_t i = 0; i < table_count(both); i++)
        q.right_pairs += (uint64_t)pairs_of(*table_value(both, i));
    double right_pairs = (double)q.right_pairs, sum = (double)q.found_pairs + (double)q.true_pairs;
    q.precision = q.found_pairs > 0 ? right_pairs / (double)q.found_pairs : (double)NAN;
    q.recall = q.true_pairs > 0 ? right_pairs / (double)q.true_pairs : (double)NAN;
    q.f1 = sum > 0 ? 2 * right_pairs / sum : (double)NAN;
    return q;
}
