/* A row of a file as a row of the table. Shared by mapper.c and table_row.c, nobody else. */
#ifndef INTAKE_TABLE_ROW_H
#define INTAKE_TABLE_ROW_H

#include "intake/draft.h"

/* Fills the row's id and cells; what is wrong with it is added to the problems, and `out` is good only when
 * there are none. */
void table_row_fill(const struct run *run, const struct table_plan *plan, struct table_row *out,
                    struct problems *p);

#endif
