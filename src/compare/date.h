/* How alike two dates of birth are, as people misremember and mistype them. Pure. */
#ifndef COMPARE_DATE_H
#define COMPARE_DATE_H

#include "compare/near_key.h"
#include "model/value.h"

/* From nearest to farthest. ORDER date.c */
enum date_relation {
    DATE_NOT_RECORDED,
    DATE_SAME,
    DATE_SAME_AS_KNOWN,     /* equal as far as the less exact one goes */
    DATE_DAY_MONTH_SWAPPED, /* 03/04 for 04/03, both possible dates */
    DATE_ONE_DIGIT,         /* one digit differs, or two neighbouring digits are swapped */
    DATE_TWO_DIGITS,        /* two digits differ, and not only in the year */
    DATE_SAME_DAY_OTHER_YEAR,
    DATE_SAME_YEAR,
    DATE_DIFFERENT,
    DATE_RELATIONS
};

enum date_relation date_relate(const struct date *a, const struct date *b);
/* 1 for the same ... 0 for different; NAN when either has no year. */
double date_alike(const struct date *a, const struct date *b);
/* A date as it was written, right or not: eight digits, or parts by - / or . with the year first or last, day
 * before month then; "1856-86-18" is kept, because its other digits still tell. Year 0 when it is none. */
struct date date_written(Str text);
/* Dates that are the same but for one slip, a swap or what is not known share a key. */
void date_keys(const struct date *d, struct near_keys *out);
/* A date as a number, one digit in four bits; and how two relate that are farther apart than one slip, a swap
 * or what is not known. */
uint64_t date_packed(const struct date *d);
enum date_relation date_relate_packed(uint64_t a, uint64_t b);

#endif
