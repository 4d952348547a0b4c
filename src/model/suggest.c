#include "model/suggest.h"

#define WORD_MAX 48 /* longer words are never near anything in a list */

struct suggest suggest_for(Str word)
{
    return (struct suggest){word, STR_NONE, SIZE_MAX};
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Levenshtein's distance, one row at a time. */
static size_t distance(Str a, Str b)
{
    size_t row[WORD_MAX + 1];

    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t best = diagonal + (lower(a.ptr[i - 1]) != lower(b.ptr[j - 1]));
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[b.len];
}

void suggest_try(struct suggest *s, Str candidate)
{
    size_t d;

    if (str_empty(s->word) || s->word.len > WORD_MAX || candidate.len > WORD_MAX) return;
    d = distance(s->word, candidate);
    if (d < s->distance) {
        s->distance = d;
        s->best = candidate;
    }
}

Str suggest_best(const struct suggest *s)
{
    size_t allowed = s->word.len / 3 > 2 ? s->word.len / 3 : 2;

    return s->distance <= allowed && s->distance < s->word.len ? s->best : STR_NONE;
}
