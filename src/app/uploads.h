/* Files that somebody sends to be brought in: kept in the data folder, readable by nobody else, until they
 * are. Whose a file is stands in a note of the account (store/accounts.h): nobody else finds it. */
#ifndef APP_UPLOADS_H
#define APP_UPLOADS_H

#include "app/import.h"
#include "app/session.h"

struct upload {
    Str id, path; /* path: of the file, under its own name */
    Str map;      /* the text of a mapping; "" : the file is a feed */
};
/* E_INVALID for a file without a name or content. */
MUST_USE enum status upload_keep(struct session *s, uint64_t account, Str name, Str content, Str map,
                                 struct arena *a, struct upload *out, struct err *e);
/* E_NOT_FOUND when it is not one of this account. */
MUST_USE enum status upload_find(struct session *s, uint64_t account, Str id, struct arena *a,
                                 struct upload *out, struct err *e);
MUST_USE enum status upload_map(struct session *s, uint64_t account, const struct upload *u, Str map,
                                struct err *e);
/* Where refused rows go. */
const char *upload_refused_path(struct arena *a, const struct upload *u);

/* The text of a mapping that the program carries; STR_NONE when there is none. */
Str upload_shipped_map(struct arena *a, Str name);
/* A mapping to begin with: columns of the table whose names are those of fields of a death, or nearly, each
 * with a transform that fits. The file is read by the child, as always. */
MUST_USE enum status upload_suggest(struct session *s, const struct upload *u, struct arena *a, Str *map,
                                    struct err *e);

/* The first records that would be made. */
MUST_USE enum status upload_first(struct session *s, const struct upload *u, const struct mapping *mapping,
                                  int64_t now_ms, struct arena *a, struct change *out, size_t room,
                                  size_t *count, struct err *e);

#endif
