/* What the files of the store share. */
#ifndef STORE_PRIVATE_H
#define STORE_PRIVATE_H

#include "base/table.h"
#include "store/bodies.h"
#include "store/journal.h"
#include "store/keys.h"
#include "store/queue.h"
#include "store/store.h"
#include "store/typed.h"

#include <pthread.h>

#define STORE_MAGIC 0x73746f72u

enum {
    GROUP_JOBS_MAX = 256,
    READERS_MAX = 64,
    SCRATCH_BYTES_MAX = 512 << 20, /* for one record, or one line: its whole history */
};

/* The state of the thread that writes change.db and keys.db. Only its jobs touch it. */
struct writer {
    struct store *store;
    struct db *change, *keys;
    struct journal journal;
    struct entropy_pool pool;
    struct entropy entropy;
    struct bodies bodies;
    struct typed typed;
    struct arena *scratch; /* reset for each line */
    uint64_t last_record, last_batch;
    bool checkpoint_due;
    bool logs_due; /* write-ahead logs still hold something erased */
};

/* A job of the writer. run appends within a savepoint of its own; after (NULL allowed) is called once the
 * group is durable. */
struct write_job {
    struct job job; /* first: the queue hands it back */
    enum status (*run)(struct writer *w, struct write_job *job, struct err *e);
    enum status (*after)(struct writer *w, struct write_job *job, struct err *e);
};

/* The thread that writes access.db. */
struct access_log {
    struct db *db;
    struct journal journal;
    struct entropy_pool pool;
    struct queue *queue;
    pthread_mutex_t mutex; /* of the published tree */
    uint64_t size;
    Sha256 root;
};

/* A connection for reading; one snapshot while it is taken. */
struct reader {
    struct reader *next;
    struct bodies bodies; /* its change and keys */
    struct typed typed;
    struct db *search; /* NULL until it searches */
    uint64_t head;
};

/* Tells those who follow that there is something new. */
struct bell {
    pthread_mutex_t mutex;
    pthread_cond_t moved;
    uint64_t head; /* the newest entry that this process committed or found at opening */
    uint64_t rings;
};

struct store {
    uint32_t magic;
    char *dir;
    enum store_mode mode;
    struct store_env env;
    char name[40];
    struct store_keys keys;
    int lock_fd; /* -1: none */
    struct writer writer;
    struct queue *write_queue; /* NULL in STORE_READ */
    struct access_log access;
    pthread_mutex_t mutex; /* of what follows */
    pthread_cond_t reader_free;
    struct reader *readers;
    size_t readers_open;
    struct bell bell;
    pthread_mutex_t search_mutex; /* of who writes the index; who asks has a connection of its own */
    struct db *search;            /* opened at first use */
    pthread_mutex_t accounts_mutex;
    struct db *accounts; /* opened at first use */
    char nobody[128];    /* a hash of no password, for names without an account */
};

/* ---- kept.c: what is kept beside the databases can never be read again. */
struct writer;
MUST_USE enum status kept_destroy(struct writer *w, struct err *e);

/* ---- writer.c */
MUST_USE enum status writer_open(struct writer *w, struct store *s, struct err *e);
void writer_close(struct writer *w);
/* Hands a job to the writer and waits. E_DENIED when the store is open for reading only. */
MUST_USE enum status writer_submit(struct store *s, struct write_job *job, struct err *e);
MUST_USE enum status writer_do(struct store *s, struct write_job *job, struct err *e);
/* Appends an entry that belongs to no record, its body sealed with the store's own key. */
MUST_USE enum status writer_note(struct writer *w, const struct actor *actor, enum operation op, Str verb,
                                 uint64_t record, uint64_t batch, Str body, struct receipt *out,
                                 struct err *e);
/* Empties the write-ahead logs of what was erased, once nobody reads older snapshots; else after a later
 * group. */
void writer_empty_logs(struct writer *w);
/* Makes the typed row and the references of a record again from all of its lines. */
MUST_USE enum status writer_refold(struct writer *w, uint64_t number, struct err *e);
/* The same from lines at hand; fresh: the record has no row yet. */
MUST_USE enum status writer_fold(struct writer *w, uint64_t number, enum kind_id kind,
                                 const struct entry_line *lines, size_t count, bool fresh, struct err *e);
MUST_USE enum status actor_check(const struct actor *actor, struct err *e);

/* ---- reader.c */
/* Takes a connection and begins a snapshot; E_BUSY when all are in use for long. */
MUST_USE enum status reader_take(struct store *s, struct reader **out, struct err *e);
void reader_give(struct store *s, struct reader *r);
void readers_close(struct store *s);
/* A row of `record`. */
struct record_row {
    uint64_t number, version, erased;
    struct record_id id;
};
/* E_NOT_FOUND names the record. */
MUST_USE enum status record_row_find(struct db *change, const struct record_id *id, struct record_row *out,
                                     struct err *e);
/* Texts in `a`. */
MUST_USE enum status record_row_get(struct db *change, uint64_t number, struct arena *a,
                                    struct record_row *out, struct err *e);
/* All records of the kinds that are not erased, by kind, namespace, id; texts in `a`. */
MUST_USE enum status record_rows_list(struct db *change, uint64_t kinds, struct arena *a,
                                      struct record_row **out, size_t *count, struct err *e);
/* Folds one record as seen by `view`; everything in `a`. */
MUST_USE enum status reader_fold(struct store *s, struct reader *r, const struct record_row *row,
                                 struct view view, struct arena *a, struct record *out, struct err *e);

/* ---- batch.c: what takes two people and a reason */
MUST_USE enum status two_people_check(const struct actor *actor, Str approved_by, Str reason, struct err *e);
void two_people_write(struct buf *body, const struct actor *actor, Str approved_by, Str reason);

/* ---- access.c */
MUST_USE enum status access_open(struct store *s, struct err *e);
void access_close(struct store *s);
/* One entry of the access ledger; durable on return. record 0: several or none. body: JSON. */
MUST_USE enum status access_note(struct store *s, const struct actor *viewer, enum operation op, Str verb,
                                 uint64_t record, Str body, struct err *e);
/* The same of a response that shows the records listed: ids when few, else count and digest. record: the
 * number of the one that was asked for, 0: none. */
MUST_USE enum status access_note_records(struct store *s, const struct actor *viewer, enum operation op,
                                         Str verb, Str query, uint64_t record, const struct record_id *ids,
                                         size_t count, struct err *e);
/* An entry for each of these records, with its number, in one group. */
MUST_USE enum status access_note_each(struct store *s, const struct actor *viewer, Str verb, Str query,
                                      const uint64_t *record, const struct record_id *ids, size_t count,
                                      struct err *e);
void access_published(struct store *s, uint64_t *size, Sha256 *root);

/* ---- rows.c: the numbers of the records that the entries after `from` touch, up to `to`, as keys. */
MUST_USE enum status records_changed(struct reader *r, uint64_t from, uint64_t to, struct table *records,
                                     struct err *e);

/* ---- follow.c */
void bell_open(struct bell *b);
void bell_close(struct bell *b);
void bell_publish(struct store *s, uint64_t head);

/* ---- related.c, readings.c: without an entry of the access ledger; texts in `a` */
MUST_USE enum status referrers_read(struct reader *r, const struct record_id *id, struct arena *a,
                                    struct record_id **out, size_t *count, struct err *e);
/* Those of kind `from` that refer to no record of kind `unless`. */
MUST_USE enum status referrers_unless_read(struct reader *r, const struct record_id *id, enum kind_id from,
                                           enum kind_id unless, struct arena *a, struct record_id **out,
                                           size_t *count, struct err *e);
MUST_USE enum status readings_list(struct db *access_db, uint64_t number, struct arena *a, struct shown **out,
                                   size_t *count, struct err *e);

/* ---- search_events.c: the events that a record belongs to, at most EVENTS_OF_RECORD. */
enum { EVENTS_OF_RECORD = 16 };
MUST_USE enum status record_events(struct reader *r, const struct record_row *row, struct arena *a,
                                   struct record_id *out, size_t *count, struct err *e);

/* ---- search.c */
/* One row of a search; hits with no record any more are passed over. */
struct search_row {
    struct record_row row;
    struct search_hit hit;
};
/* Calls for each row that answers, best first, until `visit` says that it is enough. */
typedef bool (*search_visit)(void *state, struct reader *r, const struct search_row *row, enum status *status,
                             struct err *e);
MUST_USE enum status search_each(struct store *s, Str words, struct arena *a, search_visit visit, void *state,
                                 uint64_t *behind, struct err *e);

MUST_USE enum status search_limit_check(size_t limit, struct err *e);
/* Takes a record out of the full-text index, its words included. */
MUST_USE enum status search_purge(struct store *s, uint64_t number, struct err *e);

#endif
