/* What rows of any table have in common, in words. */
#ifndef APP_ROWS_SHARED_H
#define APP_ROWS_SHARED_H

#include "base/buf.h"
#include "base/sheet.h"

struct rows_shared;
/* Makes ready: how usual each column's distances are. The sheet must live as long; columns in `leave_out` are
 * not told. */
MUST_USE enum status rows_shared_new(const struct sheet *f, const struct str_list *leave_out, struct arena *a,
                                     struct rows_shared **out, struct err *e);
/* "how: by the window (3); where: within 420 m (3)": words that at least half of the rows hold, and places,
 * times and numbers that lie at least ten times nearer together than those of two rows usually do. The most
 * telling first, eight at most: k holders of a word that a share p of the rows has tell -k log10 p, k rows
 * that lie r times nearer than usual (k - 1) log10 r. Of many rows the first ROWS_SHARED_MOST are compared.
 */
#define ROWS_SHARED_MOST 64
void rows_shared_words(const struct rows_shared *s, const uint32_t *row, size_t count, struct buf *out);

#endif
