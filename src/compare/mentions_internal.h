/* A sentence taken apart. Shared by mentions.c, spelling.c and denial.c, nobody else. */
#ifndef COMPARE_MENTIONS_INTERNAL_H
#define COMPARE_MENTIONS_INTERNAL_H

#include "compare/mentions.h"
#include "model/phrases.h"

enum tag { TAG_ITEM, TAG_DENIAL, TAG_NO_NAME };

/* ---- spelling.c: the words that spellings are made of ---- */

struct spellings;
/* Words of the first vocabulary may be what a misspelt word was meant to be; those of the others are known
 * words and stay as they are. */
struct spellings *spellings_new(struct arena *a, const struct vocabulary *const *v, size_t count);
/* Is it a word of a spelling? */
bool spellings_know(const struct spellings *s, Str word);
/* The known word that was meant; the word itself (edits 0) when none is near enough or several are. */
Str spellings_correct(const struct spellings *s, Str word, unsigned *edits);
/* Where two known words, or one and "and", "of", "or", "with", stand in one ("heroinfentanyl", "ofcocaine"):
 * the length of the first part, 0 when they do not. */
size_t spellings_split(const struct spellings *s, Str word);

/* ---- denial.c ---- */

enum token_kind {
    TOKEN_ITEM,
    TOKEN_WORD,
    TOKEN_BEFORE,
    TOKEN_AFTER,
    TOKEN_BOTH,
    TOKEN_NOT,
    TOKEN_END,
    TOKEN_OR,
    TOKEN_AND,
    TOKEN_ASSERTS,
    TOKEN_FILLER,
};
struct token {
    enum token_kind kind;
    bool comma;           /* a comma, colon or bracket stands before it */
    size_t start, length; /* in the text */
    size_t mention;       /* of an item: which */
};
/* By the code of policy/denials.tsv; TOKEN_WORD when it is none. */
enum token_kind token_kind_of(Str code);
/* Marks what is denied in one sentence. */
void denial_mark(const struct token *token, size_t count, struct mention *mention);

#endif
