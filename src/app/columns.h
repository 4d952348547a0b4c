/* Picking the columns of a table that a command works on, when they are named and when there is only one. */
#ifndef APP_COLUMNS_H
#define APP_COLUMNS_H

#include "base/sheet.h"

/* The column of that name, which must be of one of the types (bits 1 << type). name STR_NONE: the only one of
 * those types; E_INVALID, naming the option, when there are none or several. */
MUST_USE enum status column_pick(const struct sheet *f, Str name, unsigned types, const char *option,
                                 const struct column **out, struct err *e);

/* "COLUMN=VALUE". E_INVALID when there is no =, no such column of words, or no row with the value. */
struct column_choice {
    const struct column *column;
    uint32_t word;
};
MUST_USE enum status column_choose(const struct sheet *f, Str text, const char *option,
                                   struct column_choice *out, struct err *e);

/* The day in the middle of a row's time; days_most: rows that span more have none. false: none. */
bool column_day(const struct column *c, size_t row, double days_most, int64_t *day);

#endif
