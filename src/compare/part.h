/* How alike two single words are: parts of names, references, postcodes. Pure; all is folded first
 * (base/utf8.h). Words are read up to PART_BYTES_MAX bytes. */
#ifndef COMPARE_PART_H
#define COMPARE_PART_H

#include "compare/near_key.h"

#define PART_BYTES_MAX 64

/* One insertion, deletion, replacement or swap of neighbours makes one of the other; not for equal words. */
bool part_one_slip(Str a, Str b);
/* Parts of names: the levels of the comparison "part". One slip counts from four letters on in the longer;
 * a shorter form has two letters at least. */
double part_alike(Str a, Str b);
void part_keys(Str part, struct near_keys *out);
void part_keys_one_slip(Str word, struct near_keys *out);

/* "sw1a 2bj": district sw1a, sector "sw1a 2", area sw. A text without a blank is all district, of which
 * seven bytes count. */
double postcode_alike(Str a, Str b);
Str postcode_sector(Str s);
/* District and area as a number: the first seven bytes of the district, and how many of them are the area. */
uint64_t postcode_packed(Str s);
bool postcode_same_area(uint64_t a, uint64_t b);

#endif
