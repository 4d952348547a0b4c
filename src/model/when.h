/* Moments and dates as the feed writes them. */
#ifndef MODEL_WHEN_H
#define MODEL_WHEN_H

#include "model/value.h"

#define YEAR_MIN 1800
#define YEAR_MAX 2200

/* RFC 3339, or a day when only the day is known. E_INVALID says what would be accepted. */
MUST_USE enum status moment_parse(Str text, struct moment *out, struct err *e);
/* "2014-08-28T08:00:00Z" or "2014-08-28"; present moments only. out >= 32 bytes. */
void moment_format(const struct moment *m, char out[32]);

/* "1990", "1990-05" or "1990-05-17", just so. */
MUST_USE enum status date_parse(Str text, struct date *out, struct err *e);

#endif
