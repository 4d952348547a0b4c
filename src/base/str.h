/* Text that knows its length. Not terminated, never owned: it points into an arena,
 * a buffer or a literal. An absent text has ptr NULL (STR_NONE); "" is present and empty. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct Str {
    const char *ptr;
    size_t len;
} Str;

#define S(literal) ((Str){"" literal, sizeof(literal) - 1})
/* The same in the initialiser of a static. */
#define S_INIT(literal)                                                                                      \
    {                                                                                                        \
        "" literal, sizeof(literal) - 1                                                                      \
    }
#define STR_NONE ((Str){NULL, 0})
/* For printf: "%.*s", STR_ARG(s) */
#define STR_ARG(s) (int)(s).len, ((s).ptr ? (s).ptr : "")

struct str_list {
    Str *item;
    size_t count;
};

static inline bool str_present(Str s)
{
    return s.ptr != NULL;
}
static inline bool str_empty(Str s)
{
    return s.len == 0;
}
static inline bool str_eq(Str a, Str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}
Str str_of(const char *cstr);  /* NULL gives STR_NONE; no copy */
int str_compare(Str a, Str b); /* by bytes, shorter first: a total order */
bool str_starts(Str s, Str prefix);
bool str_ends(Str s, Str suffix);
bool str_eq_nocase(Str a, Str b);             /* ASCII letters only */
Str str_slice(Str s, size_t from, size_t to); /* clamped */
Str str_trim(Str s);                          /* ASCII white space at both ends */
#define STR_NPOS ((size_t)-1)
size_t str_find(Str s, Str needle); /* STR_NPOS when absent */
size_t str_find_char(Str s, char c);
/* Cuts the next piece off `rest` at `sep`; false when nothing is left. "a,,b" gives three. */
bool str_next(Str *rest, char sep, Str *piece);

/* Whole text must be a number. E_INVALID leaves `out` untouched. f64 refuses nan and inf. */
MUST_USE enum status str_to_i64(Str s, int64_t *out);
MUST_USE enum status str_to_f64(Str s, double *out);

Str str_copy(struct arena *a, Str s);
char *str_cstr(struct arena *a, Str s); /* terminated copy */
Str str_lower(struct arena *a, Str s);  /* ASCII letters only */
Str str_format(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
Str str_join(struct arena *a, const struct str_list *list, Str between);
struct str_list str_split(struct arena *a, Str s, char sep);
void str_sort(struct str_list *list);        /* by str_compare */
void str_sort_unique(struct str_list *list); /* and drops repeats */

#endif
