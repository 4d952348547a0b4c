/* Bringing a file into the store: read by a child process, appended in chunks, every row accounted for. */
#ifndef APP_IMPORT_H
#define APP_IMPORT_H

#include "app/refusals.h"
#include "store/store.h"

/* A mapping by the path of a file, or by the name of one that the program carries ("milwaukee"). E_NOT_FOUND
 * names those there are. */
MUST_USE enum status import_mapping(struct arena *a, const struct policy *policy, const char *path_or_name,
                                    const struct mapping **out, struct err *e);

/* Now and then while a file is read: what was read so far, and how many records are durable. */
typedef void (*import_progress)(void *state, const struct intake_progress *read, uint64_t committed);

struct import_options {
    const char *path;              /* "-" is standard input */
    const struct mapping *mapping; /* of a table; NULL: the file is a feed */
    Str ns;                        /* --feed NAME; absent: the mapping's namespace, or "main" */
    bool dry_run;                  /* reads and judges everything, changes nothing */
    const char *refused_path;      /* where refused rows go; NULL: nowhere */
    int64_t now_ms;                /* a known_at after it is refused */
    import_progress progress;      /* NULL: none */
    void *progress_state;
};

/* Every row is accounted for: rows = given + merged + refused + dropped, and (unless it was a dry run)
 * changes = taken + updated + unchanged + refused_by_store. */
struct import_result {
    struct intake_summary sum;          /* of the rows */
    uint64_t taken, updated, unchanged; /* records; 0 in a dry run */
    uint64_t refused_by_store;          /* records that the store would not take: erased ones */
    uint64_t batch;                     /* 0: nothing was submitted */
    uint64_t first_seq, last_seq;       /* of the entries made; 0: none */
    struct refusal_group *refusal;      /* most rows first */
    size_t refusals;
    uint64_t refused_written; /* rows in the file at refused_path */
    Str ns, mapping;          /* as recorded with the batch */
    bool done;                /* the file was read to its end */
};

/* s may be NULL in a dry run. When reading stops half way (E_LIMIT, E_IO, E_INVALID) what was committed
 * stays, as one batch that can be withdrawn; `out` is filled then too, with done false. Texts live in `a`. */
MUST_USE enum status import_run(struct store *s, const struct actor *actor, const struct policy *policy,
                                const struct import_options *options, struct arena *a,
                                struct import_result *out, struct err *e);

#endif
