/* What name_alike_by is made of, for those who compare one name with very many (compare/name_index.h). */
#ifndef COMPARE_NAME_PARTS_H
#define COMPARE_NAME_PARTS_H

#include "compare/name.h"

struct name_parts {
    Str item[NAME_PARTS_MAX];
    int count;
    Str whole;
};
struct name_parts name_parts_of(Str folded);

/* In whole millionths, so that the order of adding does not show. */
#define NAME_PART_SAME 1000000
/* A part that only sounds alike is worth this much: whatever is above it, is so by spelling or by form. */
#define NAME_PART_SOUND 860000
int name_part_alike(const struct name_forms *forms, Str a, Str b);

/* Of names of rows and columns parts, alike[i][j] each: what name_alike_by gives, but for names written
 * together or apart. */
double name_matched(int alike[NAME_PARTS_MAX][NAME_PARTS_MAX], int rows, int columns);
/* Written together or apart: "jay dunn" and "jaydunn"; 0 where neither is so. Not 0 only if the joined
 * letters are at most one edit apart. */
#define NAME_TOGETHER_MOST 0.97
double name_together(const struct name_parts *a, const struct name_parts *b);

#endif
