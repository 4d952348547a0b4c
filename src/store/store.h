/* The store: two ledgers (change, access), the typed tables folded from the change ledger, the keys,
 * and the full-text index that follows. The only folder that knows SQL; nothing here names a database,
 * so that another one can stand behind the same calls.
 *
 * A folder holds: change.db (entries, sealed bodies, typed tables), access.db (who read what), keys.db
 * (one key a record, the signing key), search.db (full text; can be thrown away and is made again).
 *
 * Calls are safe from several threads; one thread inside the store writes, and writes what has queued up
 * in one transaction (group commit). What a call has acknowledged survives kill -9 and a power cut. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/clock.h"
#include "base/hash.h"
#include "base/rng.h"
#include "model/record.h"

struct store;

struct store_env {
    struct clock clock;
    struct clock sign_in; /* of sessions and second factors; without one: the same clock */
    struct entropy entropy;
    const struct policy *policy;
};

enum store_mode { STORE_READ, STORE_WRITE };

/* Makes the folder (mode 0700) and an empty store in it. E_CONFLICT when there is one already. */
MUST_USE enum status store_init(const char *dir, const struct store_env *env, struct err *e);
/* E_NOT_FOUND when `dir` is no store, saying how to make one; E_BUSY when another process writes. Old
 * schemas are migrated on opening for writing. */
MUST_USE enum status store_open(const char *dir, enum store_mode mode, const struct store_env *env,
                                struct store **out, struct err *e);
void store_close(struct store *s); /* waits for the writer; NULL is allowed */

/* Who acts: goes into every entry. name and role must not be empty. */
struct actor {
    Str name, role, unit, on_behalf_of, session, origin;
};

/* What kind of operation an entry records (DPA 2018 s.62, and administration). */
enum operation { OP_COLLECT = 1, OP_ALTER, OP_CONSULT, OP_DISCLOSE, OP_COMBINE, OP_ERASE, OP_ADMINISTER };
const char *operation_name(enum operation op);

/* ---- writing -------------------------------------------------------------------------------------- */

/* A batch: what came in together and can be withdrawn together. */
struct batch_info {
    Str ns;        /* namespace of its records */
    Str name;      /* file name without folders */
    Str mapping;   /* name and version of the mapping, "" for a feed */
    Sha256 digest; /* of the file, all zero when unknown */
};
MUST_USE enum status store_batch_open(struct store *s, const struct actor *actor,
                                      const struct batch_info *info, uint64_t *batch, struct err *e);

enum taken { TAKEN_NEW = 1, TAKEN_UPDATED, TAKEN_UNCHANGED };
struct receipt {
    uint64_t first_seq, last_seq; /* 0 when nothing was appended */
    int64_t recorded_at_ms;
    size_t count[4]; /* by enum taken */
};

/* Appends lines in the order given, as one unit: all or none. A line that says again exactly what is on
 * record (change_same), or that has known_at_implied and repeats its source's present values, is
 * TAKEN_UNCHANGED and appends nothing. known_at later than now is E_INVALID (with implied: set to now).
 * expected: versions the records must have (one for each line, UINT64_MAX: any), or NULL; a mismatch is
 * E_CONFLICT. taken: one for each line, or NULL. Durable on return. batch 0: no batch. */
MUST_USE enum status store_append(struct store *s, const struct actor *actor, uint64_t batch,
                                  const struct change *changes, size_t count, const uint64_t *expected,
                                  enum taken *taken, struct receipt *out, struct err *e);

/* The same without waiting. The changes, the actor and `taken` must stay until store_wait, which must be
 * called once for each ticket. */
struct store_ticket;
MUST_USE enum status store_submit(struct store *s, const struct actor *actor, uint64_t batch,
                                  const struct change *changes, size_t count, enum taken *taken,
                                  struct store_ticket **out, struct err *e);
MUST_USE enum status store_wait(struct store *s, struct store_ticket *ticket, struct receipt *out,
                                struct err *e);

/* Withdraws a batch: one entry by two different people. Its facts no longer count at views from then on;
 * records refold. E_DENIED when both are the same person. */
MUST_USE enum status store_batch_withdraw(struct store *s, const struct actor *actor, Str approved_by,
                                          uint64_t batch, Str reason, struct receipt *out, struct err *e);

/* One entry for a linking run: combination of records. digest: of its top k with weights. */
struct link_run {
    struct record_id event;
    Str model;        /* name and version */
    int64_t epoch_ms; /* midnight of the counts used */
    Sha256 digest;
};
MUST_USE enum status store_link_run(struct store *s, const struct actor *actor, const struct link_run *run,
                                    struct receipt *out, struct err *e);

/* Destroys a record's key: its bodies can never be read again, its rows, text and caches are purged,
 * its leaves stay and the tree still verifies. Two people, a reason. */
MUST_USE enum status store_erase(struct store *s, const struct actor *actor, Str approved_by,
                                 const struct record_id *id, Str reason, struct receipt *out, struct err *e);

/* ---- reading: every reading of records is one entry of the access ledger; when that cannot be written,
 * nothing is shown ------------------------------------------------------------------------------------ */

/* How far the store has come. */
struct store_place {
    uint64_t seq;     /* of the newest entry: the S of "now" */
    int64_t known_ms; /* the largest known_at on record, 0 when empty */
};
MUST_USE enum status store_head(struct store *s, struct store_place *out, struct err *e);

/* Finds what a person means by "D1", "death:D1", "main:D1", or a force reference as in death.ref.
 * E_NOT_FOUND; E_CONFLICT when several match (the error names them). An answer that names none or several is
 * a reading and is recorded; a single one is recorded by the reading that follows. */
MUST_USE enum status store_resolve(struct store *s, const struct actor *viewer, struct arena *a, Str text,
                                   struct record_id *out, struct err *e);

MUST_USE enum status store_get(struct store *s, const struct actor *viewer, struct view view,
                               const struct record_id *id, struct arena *a, struct record *out,
                               struct err *e);

/* One entry of a record's history. */
struct history_line {
    struct entry_line line;
    int64_t recorded_at_ms;
    enum operation op;
    uint64_t batch;
    Str actor, role, unit;
};
struct history {
    struct history_line *line;
    size_t count;
};
MUST_USE enum status store_history(struct store *s, const struct actor *viewer, struct view view,
                                   const struct record_id *id, struct arena *a, struct history *out,
                                   struct err *e);

/* Who was shown this record by itself (store_get), oldest first; not those who saw it in a list. The question
 * is a reading too. E_NOT_FOUND: there is no such record. */
struct shown {
    int64_t at_ms;
    Str actor, role;
};
MUST_USE enum status store_readings(struct store *s, const struct actor *viewer, const struct record_id *id,
                                    struct arena *a, struct shown **out, size_t *count, struct err *e);

/* Every record of the kinds in `kinds` (bit 1 << kind_id) at a view, by kind, namespace, id. `scratch` is
 * reset after each. A visit that does not return OK ends the walk with its status. purpose: a few words for
 * the access entry. */
typedef enum status (*record_visit)(void *state, const struct record *record, struct err *e);
MUST_USE enum status store_each(struct store *s, const struct actor *viewer, struct view view, uint64_t kinds,
                                Str purpose, record_visit visit, void *state, struct err *e);

/* Rows as they are now, without their history: for what is kept in memory beside the store and follows it.
 * `since`: only records that entries after it touch; 0: every record of the kinds, by number. data: the
 * kind's struct (struct death * ...), its texts good until the visit returns; NULL: the record is not visible
 * any more. *head: the entry up to which was read. Recorded as one consultation with its purpose, unless
 * there was nothing new. */
struct row_now {
    struct record_id id;
    uint64_t version;
    const void *data;
};
typedef enum status (*row_visit)(void *state, const struct row_now *row, struct err *e);
MUST_USE enum status store_rows(struct store *s, const struct actor *viewer, uint64_t kinds, uint64_t since,
                                Str purpose, row_visit visit, void *state, uint64_t *head, struct err *e);

/* What a page shows that was found without the store: one reading of these records, or of so many. query:
 * what was asked, in a few words. When it cannot be recorded, nothing may be shown. */
MUST_USE enum status store_note_shown(struct store *s, const struct actor *viewer, Str verb, Str query,
                                      const struct record_id *ids, size_t count, struct err *e);
/* The same where the page tells of each record so much that it counts as a reading of that record: an entry
 * for each, found by who asks who read it (store/consulted.h). E_NOT_FOUND: one is not on record. */
MUST_USE enum status store_note_read(struct store *s, const struct actor *viewer, Str verb, Str query,
                                     const struct record_id *ids, size_t count, struct err *e);
/* Why somebody opens a record that is not theirs as a matter of course. E_INVALID without a reason. */
MUST_USE enum status store_note_reason(struct store *s, const struct actor *viewer,
                                       const struct record_id *id, Str reason, struct err *e);

/* The lines themselves, in the order of export: known_at, line, seq; withdrawn batches left out. An export is
 * a disclosure and is recorded so. */
typedef enum status (*line_visit)(void *state, const struct change *change, uint64_t seq, struct err *e);
MUST_USE enum status store_export(struct store *s, const struct actor *viewer, struct view view,
                                  uint64_t kinds, line_visit visit, void *state, struct err *e);
/* The same lines for work inside the store (the linker): a consultation, recorded with its purpose in a few
 * words. */
MUST_USE enum status store_lines(struct store *s, const struct actor *viewer, struct view view,
                                 uint64_t kinds, Str purpose, line_visit visit, void *state, struct err *e);

/* The same, only those of entries after `since`, for what is kept beside the store. *head: the entry up to
 * which was read. E_CONFLICT when facts were taken away since (an erasure, a batch withdrawn). */
MUST_USE enum status store_lines_after(struct store *s, const struct actor *viewer, uint64_t since,
                                       uint64_t kinds, Str purpose, line_visit visit, void *state,
                                       uint64_t *head, struct err *e);

/* What was worked out of all lines up to entry `seq`, kept in the folder of the store under a name, sealed.
 * An erasure destroys its key. E_CONFLICT when facts were taken away since. */
MUST_USE enum status store_keep(struct store *s, Str name, uint64_t seq, Str content, struct err *e);
/* Appends it to `content`. E_NOT_FOUND: nothing is kept, or its key was destroyed; E_CONFLICT, E_INVALID: it
 * no longer holds, or is damaged; the reason is for people. Looking is a consultation of all those records.
 */
MUST_USE enum status store_kept(struct store *s, const struct actor *viewer, Str name, uint64_t *seq,
                                struct buf *content, struct err *e);

/* Records related to one: those that refer to it in any field of FT_REF/FT_REFS, by kind, ns, id. */
MUST_USE enum status store_referrers(struct store *s, const struct actor *viewer, const struct record_id *id,
                                     struct arena *a, struct record_id **out, size_t *count, struct err *e);
/* References that point to records that have not arrived. */
struct dangling {
    struct record_id from;
    Str field, to;
};
MUST_USE enum status store_unresolved(struct store *s, const struct actor *viewer, struct arena *a,
                                      size_t limit, struct dangling **out, size_t *count, size_t *total,
                                      struct err *e);

struct batch_row {
    uint64_t batch;
    Str ns, name, mapping, by;
    int64_t opened_at_ms;
    uint64_t entries, first_seq, last_seq; /* the places of its entries; 0: none */
    bool withdrawn;
};
MUST_USE enum status store_batches(struct store *s, const struct actor *viewer, struct arena *a,
                                   struct batch_row **out, size_t *count, struct err *e);

/* ---- what follows the ledger ------------------------------------------------------------------------ */

struct search_hit {
    struct record_id id;
    Str title;   /* a name, a reference or the start of a text */
    Str snippet; /* with the found words between \x02 and \x03 */
    Str field;   /* where it was found */
    double rank; /* smaller is better (BM25) */
};
/* Ranked full text over texts, names, references, identifiers and places; restricted fields are not indexed.
 * behind: how many entries the index has yet to read. */
MUST_USE enum status store_search(struct store *s, const struct actor *viewer, Str words, size_t limit,
                                  struct arena *a, struct search_hit **out, size_t *count, uint64_t *behind,
                                  struct err *e);
/* The same by event: each hit with the deaths and incidents it belongs to, through what it refers to and, of
 * a person, the parts they play. Only events that `may_see` allows are in the answer; a hit with none is
 * passed over before anything is counted. */
struct event_hit {
    struct search_hit hit;
    const struct record_id *event;
    size_t events;
};
typedef bool (*event_may_see)(void *state, const struct record_id *event);
MUST_USE enum status store_search_events(struct store *s, const struct actor *viewer, Str words, size_t limit,
                                         event_may_see may_see, void *state, struct arena *a,
                                         struct event_hit **out, size_t *count, uint64_t *behind,
                                         struct err *e);
/* Brings the index up to the head. progress (NULL allowed) is called now and then with done and total
 * entries. */
typedef void (*store_progress)(void *state, uint64_t done, uint64_t total);
MUST_USE enum status store_search_catch_up(struct store *s, store_progress progress, void *state,
                                           uint64_t *read, struct err *e);

/* ---- proving ----------------------------------------------------------------------------------------- */

/* The signed checkpoint of both ledgers as text, to be kept elsewhere. */
MUST_USE enum status store_checkpoint(struct store *s, struct buf *out, struct err *e);

/* Findings of a verification or a rebuild: one sentence each; ledger "change" or "access", seq 0 where none.
 */
struct finding {
    const char *ledger;
    uint64_t seq;
    const char *what; /* a stable word: "altered", "missing", "inserted", "reordered", "truncated", "rolled
                         back" ... */
    char text[400];
};
typedef void (*finding_visit)(void *state, const struct finding *f);
struct verify_report {
    uint64_t change_entries, access_entries, bodies_opened, bodies_erased, checkpoints, findings;
};
/* Reads everything and trusts nothing but the signing key's public half. checkpoint: text kept elsewhere, or
 * STR_NONE. OK also when there are findings: look at report->findings. */
MUST_USE enum status store_verify(const char *dir, const struct store_env *env, Str checkpoint,
                                  finding_visit visit, void *state, struct verify_report *out, struct err *e);

struct rebuild_report {
    uint64_t entries, records, differences;
    Sha256 digest_before, digest_after; /* of the ordered dumps of the typed tables */
};
/* Folds every record again from entries, bodies and keys. check: into a second set of tables, compared and
 * thrown away; else the typed tables are replaced. */
MUST_USE enum status store_rebuild(struct store *s, const struct actor *actor, bool check,
                                   finding_visit visit, void *state, struct rebuild_report *out,
                                   struct err *e);

/* An ordered dump of the typed tables as text, for comparing two stores. */
MUST_USE enum status store_dump(struct store *s, const struct actor *viewer,
                                enum status (*put)(void *state, Str line, struct err *e), void *state,
                                struct err *e);

#endif
