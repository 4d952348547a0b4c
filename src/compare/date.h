/* How alike two dates of birth are, as people misremember and mistype them. Pure. */
#ifndef COMPARE_DATE_H
#define COMPARE_DATE_H

#include "model/value.h"

/* From nearest to farthest. ORDER date.c */
enum date_relation {
    DATE_NOT_RECORDED,
    DATE_SAME,
    DATE_SAME_AS_KNOWN,     /* equal as far as the less exact one goes */
    DATE_DAY_MONTH_SWAPPED, /* 03/04 for 04/03, both possible dates */
    DATE_ONE_DIGIT,         /* one digit differs, or two neighbouring digits are swapped */
    DATE_SAME_DAY_OTHER_YEAR,
    DATE_SAME_YEAR,
    DATE_DIFFERENT,
    DATE_RELATIONS
};

enum date_relation date_relate(const struct date *a, const struct date *b);
/* 1 for the same ... 0 for different; NAN when either has no year. */
double date_alike(const struct date *a, const struct date *b);

#endif
