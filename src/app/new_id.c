#include "app/new_id.h"

/* Without I, L, O and U: they are misread, or spell words. */
static const char LETTERS[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
_Static_assert(sizeof LETTERS == 33, "five bits a letter");

Str new_id(struct arena *a, const struct entropy *entropy, Str prefix)
{
    unsigned char random[10];
    char text[sizeof random];
    entropy->fill(entropy->state, random, sizeof random);
    for (size_t i = 0; i < sizeof random; i++)
        text[i] = LETTERS[random[i] & 31];
    return str_format(a, "%.*s%.*s", STR_ARG(prefix), (int)sizeof text, text);
}
