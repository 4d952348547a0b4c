/* What an account says, as terms that can be counted: stems of words and of two words side by side. Pure. */
#ifndef COMPARE_TEXT_H
#define COMPARE_TEXT_H

#include "base/str.h"

/* Bytes [from, to) of a text that hold a term. */
struct text_spot {
    size_t from, to;
    Str term;
};
struct text_spots {
    struct text_spot *item;
    size_t count;
};

/* The terms of a text, sorted, each once. Words are folded (base/utf8.h), a few spellings of one thing are
 * made one
 * ("mobile", "telephone": "phone"), and stemmed (Porter's English stemmer, snowballstem.org). Not terms:
 * words of fewer than three letters, stop words, anything with a digit. Two terms with nothing but blanks, a
 * hyphen or an article between them also make a phrase, joined by a blank: "clear liquid". "no", "not",
 * "never" and "without" are no terms, but lead a phrase as "no": "without a phone" gives "no phone", because
 * absence is evidence. At most TEXT_WORDS_MAX words are read. */
#define TEXT_WORDS_MAX 20000
struct str_list text_terms(struct arena *a, Str text);

/* Where the given sorted terms stand in a text, in order, longest first where several start together; spots
 * do not overlap. For marking what two accounts share. */
struct text_spots text_find_terms(struct arena *a, Str text, const struct str_list *terms);

/* A term as somebody wrote it: its first occurrence in `text`; the term itself when there is none. Borrowed.
 */
Str text_wording(struct arena *a, Str text, Str term);

/* The words of a folded text that are no stop words, sorted, each once, not stemmed. Borrowed from `folded`.
 */
struct str_list text_words(struct arena *a, Str folded);

#endif
