/* What is compared about two events: one row a feature, with its family and the words of its sentence.
 * A field takes part by naming its feature in its own row (model/kind_*.h, column compare). */
#ifndef LINK_FEATURE_H
#define LINK_FEATURE_H

#include <stdint.h>

/* ORDER feature.c */
enum feature {
    /* one code each; compared equal or not */
    FEATURE_SEX,
    FEATURE_ACCESS,
    FEATURE_POSTURE,
    FEATURE_MOVED,
    FEATURE_COVERING,
    FEATURE_FOUND_BY,
    FEATURE_TIE,
    FEATURE_EXPLANATION,
    FEATURE_HOUSING,
    FEATURE_OCCUPATION,
    FEATURE_DAY_PART,
    FEATURE_WEEKDAY,
    /* small sets, held as bits */
    FEATURE_PRESENT,
    FEATURE_ABSENT,
    FEATURE_CLOTHING,
    FEATURE_INJURIES,
    FEATURE_CONFLICT,
    FEATURE_ROUTE,
    /* large sets, held as lists with posting lists */
    FEATURE_SUBSTANCES,
    FEATURE_SITE,
    FEATURE_TEXT,
    /* the tree on which everything above is conditioned */
    FEATURE_MECHANISM,
    FEATURE_SETTING,
    /* measured ones */
    FEATURE_AGE,
    FEATURE_TIME,
    FEATURE_PLACE,
    FEATURE_ADDRESS,
    FEATURE_IDENTIFIER,
    FEATURE_COUNT
};
#define CODE_FEATURES FEATURE_PRESENT /* 0 .. CODE_FEATURES-1 */
#define BIT_FEATURES  (FEATURE_SUBSTANCES - FEATURE_PRESENT)
#define LIST_FEATURES (FEATURE_MECHANISM - FEATURE_SUBSTANCES)

enum family {
    FAMILY_IDENTIFIERS,
    FAMILY_PLACE,
    FAMILY_TIME,
    FAMILY_PERSON,
    FAMILY_SCENE,
    FAMILY_MECHANISM,
    FAMILY_CONTACT,
    FAMILY_ACCOUNT,
    FAMILY_TEXT,
    FAMILY_COUNT
};

struct feature_row {
    enum feature id;
    const char *name; /* as in a field's compare column and in the model file */
    enum family family;
    const char *agree; /* "found in the same position": used as "Both were ..." by explain.c */
    const char *topic; /* a noun for lists: "position of the body" */
    const char *doc;   /* one sentence for the reference */
};
extern const struct feature_row FEATURES[FEATURE_COUNT];
const char *family_name(enum family f);
int feature_named(const char *name, unsigned long len); /* -1 when there is none */

/* Values that say nothing: missing, not evidence. */
int feature_value_is_silent(const char *word, unsigned long len);

#endif
