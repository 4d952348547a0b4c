/* Plan files: how deaths that belong together, or only look so, behave in the world. Data, one file a kind
 * (demo/plans/NAME.plan); nothing in them was taken from the linkage model. doc/planted.md tells the form. */
#ifndef SYNTH_PATTERN_H
#define SYNTH_PATTERN_H

#include "synth/causes.h"

#include "base/arena.h"
#include "base/str.h"

enum nature {
    NATURE_SERIES,
    NATURE_LOOK_ALIKE, /* no tie at all, or none of one person's doing */
    NATURE_BENIGN,     /* a true tie that is no series */
    NATURE_ORDINARY,   /* fills up what a town's file lacks; nobody is to tell it apart */
    NATURE_DRESSING,   /* what every death is given */
    NATURE_COUNT
};
extern const char *const synth_nature_word[NATURE_COUNT];

/* What a doing keeps to: drawn once for a group among weighted words, then followed by each member with the
 * share; a member that does not follow has its own. */
enum habit_kind {
    HABIT_SETTING,
    HABIT_MECHANISM,
    HABIT_SUBSTANCES,
    HABIT_DAYPART,
    HABIT_POSTURE,
    HABIT_MOVED,
    HABIT_COVERING,
    HABIT_CLOTHING,
    HABIT_PRESENT,
    HABIT_ABSENT,
    HABIT_INJURIES,
    HABIT_EXPLANATION,
    HABIT_FOUND_BY,
    HABIT_PERSON,  /* the role in which one person recurs */
    HABIT_CONTACT, /* the kind of value that recurs: handle, phone */
    HABIT_ROUTE,
    HABIT_COUNT
};
#define CHOICE_WORDS_MAX 4
struct choice {
    const char *word[CHOICE_WORDS_MAX]; /* "phone+wallet" has two */
    size_t words;
    uint16_t weight;
};
struct habit {
    double share; /* 0: not spoken of */
    struct choice *choice;
    size_t count;
};

enum whereabouts {
    WHERE_ANYWHERE,  /* where the real death was */
    WHERE_NEAR,      /* lognormal around the anchor with the median radius */
    WHERE_DOWNSTREAM /* along the river from the anchor, exponential with the mean */
};
enum anchor { ANCHOR_OWN, ANCHOR_RIVER, ANCHOR_CARE_HOME };
enum address_of { ADDRESS_NEAR, ADDRESS_SAME };

/* Dressing: people about a death, and contacts. */
enum person_from { PERSON_STRANGER, PERSON_STAFF, PERSON_POOL };
struct person_rule {
    const char *role;
    double has, told;  /* share of such deaths with one; of those, share in which it is written down */
    uint32_t settings; /* bits of enum setting */
    int age_low, age_high;
    enum person_from from;
    size_t pool; /* of one district */
};
struct contact_rule {
    double has, told;
    struct choice *kind;
    size_t kinds;
    uint32_t mechanisms; /* bits of synth_mechanism_word */
};
struct saying {
    double share;
    Str phrase;
};
#define PATTERN_RULES_MAX   16
#define PATTERN_SAYINGS_MAX 64

struct pattern {
    Str name, about, source;
    enum nature nature;
    /* how many */
    double count;  /* groups a run */
    bool per_1000; /* of deaths */
    bool until;    /* ordinary: at least so many deaths in its first setting */
    int members_low, members_high;
    bool in_window; /* all within the span of days; else gaps from neighbour to neighbour */
    double days_low, days_high;
    uint16_t months; /* of the first member: bit 1 << (month - 1); 0: any */
    /* who */
    uint32_t pick; /* real mechanisms of those chosen: bits; 0: any */
    int age_low, age_high;
    double sex_share, age_share, age_within;
    /* where */
    enum whereabouts where;
    double where_share, metres;
    enum anchor anchor;
    enum address_of address;
    /* what */
    struct habit habit[HABIT_COUNT];
    double fresh;    /* share of records in which the person is entered anew, misheard */
    double misspelt; /* share of contacts written otherwise */
    struct saying *saying;
    size_t sayings;
    /* dressing only */
    double thin, thorough_low, thorough_high;
    struct person_rule person[PATTERN_RULES_MAX];
    size_t persons;
    struct contact_rule contact[PATTERN_RULES_MAX];
    size_t contacts;
    double route_told;
};

/* Codes of death.mechanism, by which real deaths are picked; an absent one counts as unknown. */
#define MECHANISM_COUNT 18
extern const char *const synth_mechanism_word[MECHANISM_COUNT];
int synth_mechanism(Str word); /* -1 when there is none */

/* Reads one plan file. `name` stands in messages: E_INVALID names file, line, what is wrong and what would
 * do. Everything lives in `a`. */
MUST_USE enum status synth_pattern_parse(struct arena *a, const char *name, Str text, struct pattern *out,
                                         struct err *e);

#endif
