/* Reading records as people do: one death with everything beside it, and the lines it was made from. */
#ifndef APP_RECORDS_H
#define APP_RECORDS_H

#include "app/same_events.h"

/* What another source says of a field than the one that is shown. */
struct record_version {
    Str source, words;
    Str value, key; /* canonical JSON */
    int64_t known_at_ms;
};

struct record_item {
    int field;
    const struct holding *held;
    Str words;
    struct record_version *other; /* of a disputed field: what the other sources say */
    size_t others;
};

struct record_relative {
    struct record_id id;
    Str words; /* in a few words; "" when nothing says what it is */
    struct record record;
};

/* What a record that is referred to is called. */
struct record_named {
    struct record_id id;
    Str words; /* STR_NONE: it cannot be read */
};

struct record_sheet {
    struct record record;
    Str words;                /* what it is, in a few words */
    struct record_item *item; /* fields that have a value, in the order of the form */
    size_t items;
    struct record_relative *relative; /* records that refer to it, by kind; those held apart are left out */
    size_t relatives;
    struct record_named *named; /* people, officers and others that it and its relatives refer to */
    size_t names, name_room;
};
/* The name of a reference as seen from `ns`; STR_NONE when none was read. */
Str record_sheet_name(const struct record_sheet *sheet, enum kind_id kind, Str ns, Str reference);

/* One record at a view. */
MUST_USE enum status record_sheet_read(struct session *s, struct view view, const struct record_id *id,
                                       struct arena *a, struct record_sheet *out, struct err *e);

/* A death and its other records, joined: the one asked for first. */
struct record_dossier {
    struct record_sheet *sheet;
    size_t sheets;
    struct same_event_member *joined; /* of sheet[i + 1] */
};
MUST_USE enum status record_dossier_read(struct session *s, struct view view, const struct record_id *id,
                                         struct arena *a, struct record_dossier *out, struct err *e);

/* What a person typed, as a record: store_resolve with a word on how to find it when there is none. */
MUST_USE enum status record_find(struct session *s, Str text, struct arena *a, struct record_id *out,
                                 struct err *e);

/* Lines as feed lines, in the order of export; a namespace is written unless it is the default one. */
typedef enum status (*feed_line_sink)(void *state, Str line, struct err *e);
MUST_USE enum status records_export(struct session *s, struct view view, uint64_t kinds, feed_line_sink put,
                                    void *state, uint64_t *lines, struct err *e);

#endif
