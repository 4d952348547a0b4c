/* What domain people edit, loaded: vocabularies, source precedence. The texts are data under policy/,
 * dated and versioned; the program carries a copy inside and can be given another folder. */
#ifndef MODEL_POLICY_H
#define MODEL_POLICY_H

#include "base/str.h"

/* A vocabulary of codes: synonyms and misspellings lead to one code, codes have parents. */
struct vocabulary;
/* TSV with a header: code, label, parents (codes, comma), synonyms (pipe), group. Lines starting with # are
 * comments. A code is 1-48 of a-z 0-9 _. A synonym after ~ is a common word ("~road"): it is found, but no
 * spelling to look for in text. One spelling leads to one code: repeats, unknown parents and rings of parents
 * are refused. Errors name line and column. The text must live as long as `a`. */
MUST_USE enum status vocabulary_load(struct arena *a, Str name, Str tsv, struct vocabulary **out,
                                     struct err *e);
/* The code for a word, by code, label or synonym; case, accents, blanks and punctuation do not count
 * ("6-MAM" is "6 mam"). STR_NONE when it is not listed. */
Str vocabulary_find(const struct vocabulary *v, Str word);
bool vocabulary_has(const struct vocabulary *v, Str code);
Str vocabulary_label(const struct vocabulary *v, Str code); /* the code itself when unknown */
Str vocabulary_group(const struct vocabulary *v, Str code); /* STR_NONE when unknown */
/* Parents, nearest first (a code's own parents, then theirs). */
struct str_list vocabulary_parents(const struct vocabulary *v, Str code);
/* All codes in the order of the file. */
size_t vocabulary_count(const struct vocabulary *v);
Str vocabulary_code(const struct vocabulary *v, size_t i);
/* All spellings of a code, its synonyms and label among them, as folded phrases: for finding them in text. */
struct str_list vocabulary_spellings(const struct vocabulary *v, size_t i);

/* How far a source is believed: where two of them differ, the higher rank is shown. */
struct source_rank {
    Str source, label;
    uint64_t rank;
};

/* Words for a number, from `least` upwards. */
struct scale_word {
    double least;
    Str words;
};
enum word_scale {
    SCALE_STRENGTH,    /* of evidence, tenfold steps */
    SCALE_PROBABILITY, /* 0 to 1 */
    SCALE_COUNT
};

/* One of the texts it was loaded from, so that another process can load the same. */
struct policy_file {
    Str path, text;
};
#define POLICY_FILES_MAX 16

struct policy {
    const struct vocabulary *substances;
    const struct vocabulary *settings; /* labels and synonyms of the codes of death.setting */
    const struct vocabulary *mechanisms;
    const struct vocabulary *injuries;
    const struct vocabulary *items;    /* of present, absent and exhibits */
    const struct vocabulary *postures; /* codes of death.posture, with the words of narratives */
    const struct vocabulary *finders;  /* codes of death.found_by, likewise */
    const struct vocabulary *roles;    /* of involvement and identifier */
    const struct vocabulary *denials;  /* how texts deny: for compare/mentions.h */
    const struct vocabulary *no_names; /* words that only look like the name of a substance */
    const struct source_rank *source;  /* sorted by source */
    size_t source_count;
    struct scale_word *scale[SCALE_COUNT]; /* rising */
    size_t scale_count[SCALE_COUNT];
    Str default_region;          /* "GB" or "US": telephone numbers and addresses without a country */
    uint32_t vocabulary_version; /* of all of them together: a ledger entry names it */
    struct policy_file file[POLICY_FILES_MAX];
    size_t files;
};
#define PRECEDENCE_DEFAULT 50
#define NORMALISER_VERSION 1u
uint64_t policy_precedence(const struct policy *p, Str source); /* PRECEDENCE_DEFAULT when not listed */
Str policy_source_label(const struct policy *p, Str source);    /* the source itself when not listed */

/* "strong support", "likely"; STR_NONE below the first word, and without scales. Said only where calibration
 * allows it (learn/calibrate.h). */
Str policy_scale_words(const struct policy *p, enum word_scale scale, double value);

/* Loads every file of policy/. find(path) gives a file's text ("policy/substances.tsv") or STR_NONE; what is
 * loaded borrows from it. defaults.tsv (region) may be absent: GB; scales.tsv too: no words. */
typedef Str (*policy_find)(void *state, Str path);
MUST_USE enum status policy_load(struct arena *a, policy_find find, void *state, struct policy *out,
                                 struct err *e);

#endif
