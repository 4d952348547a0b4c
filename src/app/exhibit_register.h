/* The register of exhibits: each as it is now, with its holder, in memory, so that the list of a store and
 * the search for a seal answer at once. It follows the ledger as the roll does. Many may read at once (hold),
 * one follows. Who shows something out of it notes that (store_note_shown). */
#ifndef APP_EXHIBIT_REGISTER_H
#define APP_EXHIBIT_REGISTER_H

#include "app/sight.h"
#include "assure/custody.h"

struct exhibit_register;
struct exhibit_register *exhibit_register_new(void);
void exhibit_register_free(struct exhibit_register *r); /* NULL is allowed */

/* Reads what entered the ledger since the last call. Not while held by the same thread. */
MUST_USE enum status exhibit_register_follow(struct exhibit_register *r, struct store *s, struct err *e);
void exhibit_register_hold(struct exhibit_register *r);
void exhibit_register_release(struct exhibit_register *r);

/* Texts are "" when not recorded; the pointers hold until release. */
struct exhibit_row {
    struct record_id id, death;
    Str ref, description, item, state, found_where, packaging, quantity, listed_by;
    int64_t found_ms; /* INT64_MIN: not recorded */
    int64_t due_ms;   /* when the first examination that is asked for is due; INT64_MAX: none */
    struct custody custody;
    unsigned fault; /* bits of enum custody_fault in its chain */
    bool gone;
};

/* What is asked of the list; empty texts ask nothing. */
struct exhibit_query {
    Str words;                 /* each in a reference, a seal, a description or an id */
    Str state;                 /* a code of exhibit.state */
    Str holder;                /* a key: held by this officer or unit */
    struct custody_person who; /* for the next two */
    bool held_by_who, waits_for_who;
    int64_t due_until_ms;          /* an examination is due by then; INT64_MAX: all the same */
    const struct record_id *death; /* NULL: of all deaths that the viewer's list holds */
};
/* Those on deaths that the viewer may see, newest booking first; out: rows. Between hold and release of both.
 */
size_t exhibit_register_ask(const struct exhibit_register *r, const struct roll *roll,
                            const struct sight *sight, const struct exhibit_query *q, struct arena *a,
                            const struct exhibit_row ***out);

/* Lists are compared: what is on one and on no other. */
struct exhibit_discrepancy {
    const struct exhibit_row *row;
    bool missing_at_mortuary; /* on the scene's list only; else on the mortuary's only */
};
/* Of rows of one death. Two rows are the same thing when their seals are, or else their kind and the words of
 * their descriptions. Nothing when there is but one list. */
size_t exhibit_discrepancies(const struct exhibit_row *const *row, size_t count, struct arena *a,
                             struct exhibit_discrepancy **out);

#endif
