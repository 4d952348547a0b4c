/* One row a field: from it come validation, storage, import, export, history, the form and the
 * reference pages. The rows stand in model/kind_*.h, one list a kind; each list also makes the
 * kind's struct (struct death, struct person ...), so a field cannot be in one and not the other. */
#ifndef MODEL_FIELD_H
#define MODEL_FIELD_H

#include "model/value.h"

enum field_type {
    FT_TEXT,       /* one line: Str */
    FT_NARRATIVE,  /* many lines: Str */
    FT_NAME,       /* a person's name: Str */
    FT_ADDRESS,    /* struct keyed */
    FT_IDENTIFIER, /* a telephone number, handle ...: struct keyed; the key depends on the record's `type` */
    FT_POSTCODE,   /* Str, normalised in place */
    FT_CODE,       /* one word of `values`: Str */
    FT_YESNO,      /* yes, no, unknown: Str */
    FT_TIME,       /* struct moment */
    FT_SPAN,       /* struct span */
    FT_DATE,       /* struct date */
    FT_NUMBER,     /* double */
    FT_PLACE,      /* struct place */
    FT_REF,        /* the id of another record, "id" or "namespace:id": Str */
    /* sets: sources are united, not ranked; the first four are struct str_list, sorted, no repeats */
    FT_TEXTS,
    FT_NAMES,
    FT_CODES,
    FT_REFS,
    FT_ADDRESSES, /* struct keyed_list */
    FT_LEVELS,    /* str_list of canonical JSON objects {"substance","mg_per_l","specimen"} */
    FT_DATED,     /* courses: str_list of canonical JSON objects {"name","passed","expires"} */
};
bool field_type_is_set(enum field_type type);
const char *field_type_name(enum field_type type); /* "span", "codes" ... */

enum sensitivity {
    SENS_NOT_STATED = 0, /* refused at start */
    SENS_PLAIN,          /* facts of the case */
    SENS_PERSONAL,       /* names a living or dead person: read on need */
    SENS_RESTRICTED,     /* held apart; never compared, never searched, never in a link */
};

enum asked { ASKED_LATER, ASKED_SCENE };

struct field {
    const char *name;
    enum field_type type;
    /* codes: words separated by blanks, "@vocabulary", or "" for any word of letters, digits, _ and -;
     * refs: the kinds, "death|incident" or "any"; "" is a reference in another system */
    const char *values;
    enum asked asked; /* scene: on the first form */
    enum sensitivity sensitivity;
    const char *compare; /* the row of compare/features that uses it; "" when it never scores */
    const char *unit;    /* of a number: "years" */
    const char *label;   /* what a person is asked */
    const char *hint;
    size_t offset; /* in the kind's struct */
};

enum kind_id {
    KIND_DEATH,
    KIND_PERSON,
    KIND_INVOLVEMENT,
    KIND_IDENTIFIER,
    KIND_INCIDENT,
    KIND_EXHIBIT,
    KIND_MOVEMENT,
    KIND_SEARCH,
    KIND_SCENE,
    KIND_SUBMISSION,
    KIND_RESULT,
    KIND_DECISION,
    KIND_OFFICER,
    KIND_UNIT,
    KIND_ATTENDANCE,
    KIND_REVIEW,
    KIND_ACTION,
    KIND_STATEMENT,
    KIND_CONTACT,
    KIND_CONCERN,
    KIND_ADVICE,
    KIND_CHARACTERISTICS,
    KIND_REFERRAL,
    KIND_SAME_EVENT,
    KIND_LINK,
    KIND_RESTRICTION,
    KIND_CONFLICT,
    KIND_MEETING,
    KIND_COUNT
};

struct kind {
    enum kind_id id;
    const char *name;  /* also the name of its SQL table */
    const char *about; /* what it records, one sentence */
    const struct field *field;
    size_t field_count;
    size_t size; /* of the struct */
};

#define FIELDS_MAX 64 /* of one kind */

/* Never NULL for an id below KIND_COUNT. */
const struct kind *kind_of(enum kind_id id);
const struct kind *kind_named(Str name); /* NULL when there is none */
/* Is it held apart? Such records (joins, links, restrictions, conflicts of interest, meetings,
 * characteristics) are not listed beside what they refer to and are not found by words: who may see them
 * depends on everything they refer to, so each has calls of its own. */
bool kind_kept_apart(enum kind_id id);
/* Index of a field, -1 when there is none. */
int field_index(const struct kind *kind, Str name);
/* Is `word` one of a blank-separated list (or pipe-separated)? */
bool field_value_listed(const char *values, Str word);
/* The rows are checked at start and in a test: names, sensitivities, offsets, labels. */
MUST_USE enum status kinds_check(struct err *e);

#endif
