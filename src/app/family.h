/* The family and those close to a death: who they are, who was told what and when, what they said, and what
 * they raised and are owed an answer to. Partners and friends count. */
#ifndef APP_FAMILY_H
#define APP_FAMILY_H

#include "app/session.h"
#include "app/sight.h"
#include "base/json.h"
#include "model/kinds.h"

struct family_person {
    struct record_id id;
    Str name, role; /* role: a code of involvement.role */
    bool told;      /* a contact says what they were told, and by whom */
};
struct family_contact {
    struct record_id id;
    const struct contact *data;
    int64_t at_ms; /* as given, else when it became known */
    Str with, by;  /* ids: "ns:id", "" for none */
};
struct family_concern {
    struct record_id id;
    uint64_t version;
    const struct concern *data;
    int64_t at_ms, due_ms, answered_ms; /* due INT64_MAX: none; answered INT64_MIN: not yet */
    Str owner;                          /* "ns:id" of an officer, "" for none */
};
/* Next of kin: told by police? */
enum family_told { FAMILY_NOBODY_KNOWN, FAMILY_NOT_TOLD, FAMILY_TOLD };

struct family {
    struct family_person *person;
    struct family_contact *contact; /* latest first */
    struct family_concern *concern; /* open first, by due date; then answered, latest first */
    size_t persons, contacts, concerns;
    enum family_told told;
};
/* Each record that is read is an entry of the access ledger. A concern that is also about an event which may
 * not be seen is left out. */
MUST_USE enum status family_read(struct session *s, struct view view, const struct record_id *death,
                                 const struct sight *sight, struct arena *a, struct family *out,
                                 struct err *e);
Str family_person_name(const struct family *f, Str key); /* "" when it is none of them */

/* Somebody who is not on record yet, and what they are to the dead. name "": nobody new. */
struct family_newcomer {
    Str name, role;
};
/* Logs a contact: set holds its fields without death and by. All lines at once. E_INVALID names the field. */
MUST_USE enum status family_log_contact(struct session *s, const struct record_id *death, Str officer,
                                        const struct family_newcomer *newcomer, Json *set, int64_t now_ms,
                                        struct arena *a, struct err *e);
/* Raises a concern about one death. */
MUST_USE enum status family_raise(struct session *s, const struct record_id *death, Json *set, int64_t now_ms,
                                  struct arena *a, struct record_id *out, struct err *e);
/* Answers it, or changes owner and due date: what `set` holds. version: as it was read. */
MUST_USE enum status family_change(struct session *s, const struct record_id *concern, uint64_t version,
                                   const Json *set, struct arena *a, struct err *e);
/* One concern, to be answered. */
MUST_USE enum status family_concern_read(struct session *s, struct view view, const struct record_id *id,
                                         struct arena *a, struct family_concern *out, struct record *record,
                                         struct err *e);

#endif
