/* What the texts of a table mention, and how that agrees with flags that people set. */
#ifndef APP_EXTRACT_H
#define APP_EXTRACT_H

#include "base/sheet.h"
#include "compare/mentions.h"

/* The vocabularies a text can be read with: substances, mechanisms, injuries, items, settings, postures,
 * finders.
 */
#define EXTRACT_VOCABULARIES_MAX 8

struct extract_options {
    struct str_list columns;      /* of type text or code; empty: all columns of texts */
    struct str_list vocabularies; /* by name; empty: substances, mechanisms, injuries, items */
    bool exact;                   /* misspellings are not looked for */
};

/* One thing mentioned. */
struct extract_found {
    size_t row;
    const struct column *column;
    Str vocabulary;
    Str text; /* all of the cell; start and length count its bytes */
    struct mention mention;
};

struct extract_result {
    struct extract_found *item; /* by row, column in the order asked for, place in the text */
    size_t count;
    size_t texts, texts_different; /* read */
};

/* E_INVALID names what there is when a column or vocabulary is not there. */
MUST_USE enum status extract_run(const struct sheet *f, const struct policy *policy,
                                 const struct extract_options *options, struct arena *a,
                                 struct extract_result *out, struct err *e);

/* ---- agreement with flags -------------------------------------------------------------------------------
 */

/* A flags file: TSV with the columns flag, codes, except and about. The flag is a column of the table, a
 * number (not 0: set) or a code (1, yes, true: set). codes: what sets it, comma between, "fentanyls*" with
 * all that belongs to it by the parents of the vocabulary; except: what of them does not. Denied mentions do
 * not count. */
struct flag_measure {
    Str name, about;
    uint64_t published, found, both; /* rows */
};
struct flag_disagreement {
    size_t row;
    size_t flag;
    bool published; /* else found, and not published */
};
struct flags_result {
    struct flag_measure *flag;
    size_t flags;
    struct flag_disagreement *disagreement; /* by row, then flag */
    size_t disagreements;
};
MUST_USE enum status extract_flags(const struct sheet *f, const struct policy *policy,
                                   const struct extract_result *found, Str name, Str tsv, struct arena *a,
                                   struct flags_result *out, struct err *e);
/* The text of a flags file, by path or by the name of one that the program carries (policy/flags/NAME.tsv).
 */
MUST_USE enum status extract_flags_file(const char *path_or_name, struct arena *a, Str *out, struct err *e);

#endif
