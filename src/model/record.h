/* A line of the feed as facts, and a record folded from such lines. Pure.
 *
 * A fact is an assertion: (namespace, kind, id, source, known_at, field, value, batch) at a place in the
 * ledger. The value of a field at (K, S) is: per source the latest assertion with known_at <= K, seq <= S
 * and a batch not withdrawn (ties by line, then seq); a single-valued field takes the source of highest
 * precedence (policy/sources.tsv; ties by latest known_at, then by the source's name), a set the union of
 * all sources; null withdraws its own source's value and nobody else's. */
#ifndef MODEL_RECORD_H
#define MODEL_RECORD_H

#include "base/buf.h"
#include "base/json.h"
#include "model/field.h"
#include "model/policy.h"

/* Which record. The namespace is the feed's own ("main" unless stated), so that two feeds may use one id. */
struct record_id {
    Str ns;
    enum kind_id kind;
    Str id;
};
bool record_id_eq(const struct record_id *a, const struct record_id *b);
int record_id_compare(const struct record_id *a, const struct record_id *b); /* ns, kind, id */
/* "ns:id" or "id" as a reference seen from `ns`: both parts, borrowed from `text`. A prefix counts as a
 * namespace when it is 1-32 of a-z 0-9 _ -. */
void ref_split(Str text, Str ns, Str *ref_ns, Str *ref_id);
bool namespace_valid(Str ns);
/* A reference to `id` as it is written in a record of namespace `ns`. */
Str ref_write(struct arena *a, Str ns, const struct record_id *id);

/* One field of one line. value: canonical JSON text of the normalised value, "null" withdraws.
 * key: canonical JSON text of what addresses and identifiers are compared by (a string, for sets a list
 * beside value), "" for other types. given: canonical JSON of what the sender wrote where it differs, else
 * "". */
struct fact {
    int field;
    Str value, key, given;
};

/* One line: facts about one record, given together. */
struct change {
    struct record_id record;
    Str source;
    int64_t known_at_ms;
    bool known_at_implied; /* the sender gave none: it is the time of recording */
    uint64_t line;         /* in its file, from 1 */
    struct fact *fact;     /* sorted by field index, no repeats, at least one */
    size_t fact_count;
};

/* Checks and normalises one given value. For FT_IDENTIFIER `type` is the identifier's type code, else "".
 * E_INVALID says field, value, reason and what would be accepted. Substances not in the vocabulary are
 * taken under their own folded name. The fact lives in `a`. */
MUST_USE enum status fact_make(struct arena *a, const struct policy *policy, const struct kind *kind,
                               int field, const Json *given, Str identifier_type, struct fact *out,
                               struct err *e);
/* A whole object of fields ("set" of a feed line). Facts sorted, repeats impossible. An identifier's `value`
 * and `type` must come together. `given` (NULL allowed) is a feed line's "given" object: it overrides. */
MUST_USE enum status change_facts(struct arena *a, const struct policy *policy, const struct kind *kind,
                                  const Json *set, const Json *given, struct change *out, struct err *e);

/* The body of a ledger entry: canonical JSON
 * {"g":{},"id","implied","k":{},"kind","known_at","line","ns","source","v":{}} (g and k only where not empty,
 * "implied":true only where known_at_implied). Reading it normalises nothing: values are taken as they stand,
 * and a body that is no such object is E_INVALID. */
void change_write_body(struct buf *b, const struct change *c);
MUST_USE enum status change_read_body(struct arena *a, Str body, struct change *out, struct err *e);
/* The same as a line of the feed (without a line end): known_at, ns when `with_ns`, kind, id, source, set,
 * given. */
void change_write_feed(struct buf *b, const struct change *c, bool with_ns);
/* Do both say the same: record, source, known_at and facts? The line number does not count. */
bool change_same(const struct change *a, const struct change *b);

/* A line with its place in the ledger. */
struct entry_line {
    struct change change;
    uint64_t seq;
    bool withdrawn; /* its batch is withdrawn, as seen from the view */
};

/* A point of view: what was known at known_at_ms, of what the ledger held at seq. */
struct view {
    int64_t known_at_ms;
    uint64_t seq;
};
#define VIEW_NOW ((struct view){INT64_MAX, UINT64_MAX})

/* Where a field's value comes from. count 0: the field is absent. A set may rest on several lines. */
struct holding {
    Str value, key; /* canonical JSON, STR_NONE when absent */
    Str source;     /* the winning source; for sets the highest ranked of them */
    int64_t known_at_ms;
    uint64_t seq;   /* the entry the value comes from */
    size_t sources; /* how many sources hold a value of their own */
    bool disputed;  /* single-valued and another source says otherwise */
};

struct record {
    struct record_id id;
    uint64_t version; /* seq of the last line in the view; withdrawn ones count, so that it never goes back */
    int64_t first_known_ms, last_known_ms;
    const struct holding *held; /* one for each field of the kind */
    const void *data;           /* the kind's struct: const struct death * ... */
};

/* Folds the lines of one record (any order). E_NOT_FOUND when none is visible in the view.
 * Text in the result borrows from the lines and from `a`. */
MUST_USE enum status record_fold(struct arena *a, const struct policy *policy, const struct entry_line *lines,
                                 size_t count, struct view view, struct record *out, struct err *e);

/* canonical value (and key) -> struct member, and back. A member of an absent field is its type's absent
 * value. */
MUST_USE enum status field_decode(struct arena *a, const struct field *field, Str value, Str key, void *data,
                                  struct err *e);

#endif
