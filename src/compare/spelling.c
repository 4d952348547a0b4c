#include "base/hash.h"
#include "compare/mentions_internal.h"
#include "compare/name.h"

#include <stdlib.h>

#define LETTERS_ONE_EDIT  6 /* of six letters only neighbours may have changed places */
#define LETTERS_TWO_EDITS 10
#define HALF_LETTERS_MIN  5 /* of each of two words without a blank between */

struct known {
    Str word;
    Str code;         /* of the spelling that is this word alone; absent: it stands in longer ones only */
    uint32_t letters; /* which occur, as bits */
    bool target;      /* may be what another word was meant to be */
};

struct spellings {
    struct known *known; /* sorted by first letter and length, then by word */
    size_t count;
    size_t first[27]; /* of each letter; what begins otherwise is not corrected */
    uint32_t *slot;   /* word -> index + 1; open addressing, at most half full */
    size_t slots;
};

static uint32_t letters_of(Str word)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] >= 'a' && word.ptr[i] <= 'z') bits |= 1U << (word.ptr[i] - 'a');
    return bits;
}

static bool is_letters(Str word)
{
    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] < 'a' || word.ptr[i] > 'z') return false;
    return word.len > 0;
}

static int compare_known(const void *x, const void *y)
{
    const struct known *a = x, *b = y;
    if (a->word.ptr[0] != b->word.ptr[0])
        return (unsigned char)a->word.ptr[0] < (unsigned char)b->word.ptr[0] ? -1 : 1;
    if (a->word.len != b->word.len) return a->word.len < b->word.len ? -1 : 1;
    int order = str_compare(a->word, b->word);
    if (order != 0) return order;
    /* The first of equal ones stays: a target, and of those the one that has a code. */
    if (a->target != b->target) return a->target ? -1 : 1;
    return str_present(b->code) - str_present(a->code);
}

static size_t slot_of(const struct spellings *s, Str word)
{
    size_t i = (size_t)hash64(word) & (s->slots - 1);
    while (s->slot[i] != 0 && !str_eq(s->known[s->slot[i] - 1].word, word))
        i = (i + 1) & (s->slots - 1);
    return i;
}

/* A listed misspelling is no model for others: what is near it would be far from the name. */
static bool is_slip(const struct vocabulary *v, Str code, Str word)
{
    Str label = vocabulary_label(v, code);
    bool near = word.len >= LETTERS_ONE_EDIT && label.len <= NAME_CHARS_MAX && word.len <= NAME_CHARS_MAX;
    int edits = near ? name_edits_aligned(word, label) : 0;
    return near && edits > 0 && edits <= 2;
}

static void take_spelling(struct spellings *s, Str spelling, Str code, bool target)
{
    Str rest = spelling, word = STR_NONE;
    bool alone = str_find_char(spelling, ' ') == STR_NPOS;
    while (str_next(&rest, ' ', &word))
        if (word.len > 0)
            s->known[s->count++] = (struct known){word, alone ? code : STR_NONE, letters_of(word), target};
}

static void index_known(struct spellings *s, struct arena *a)
{
    size_t kept = 0;
    qsort(s->known, s->count, sizeof *s->known, compare_known);
    for (size_t i = 0; i < s->count; i++)
        if (kept == 0 || !str_eq(s->known[kept - 1].word, s->known[i].word)) s->known[kept++] = s->known[i];
    s->count = kept;
    s->slots = 16;
    while (s->slots < kept * 2)
        s->slots *= 2;
    s->slot = NEW_ARRAY(a, uint32_t, s->slots);
    for (size_t i = 0; i < kept; i++)
        s->slot[slot_of(s, s->known[i].word)] = (uint32_t)i + 1;
    for (size_t letter = 0, i = 0; letter < 27; letter++) {
        while (i < kept && (unsigned char)s->known[i].word.ptr[0] < 'a' + letter)
            i++;
        s->first[letter] = i;
    }
}

struct spellings *spellings_new(struct arena *a, const struct vocabulary *const *v, size_t count)
{
    struct spellings *s = NEW(a, struct spellings);
    size_t room = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < vocabulary_count(v[i]); j++) {
            struct str_list spelling = vocabulary_spellings(v[i], j);
            for (size_t k = 0; k < spelling.count; k++)
                room += spelling.item[k].len / 2 + 1;
        }
    s->known = NEW_ARRAY(a, struct known, room + 1);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < vocabulary_count(v[i]); j++) {
            struct str_list spelling = vocabulary_spellings(v[i], j);
            for (size_t k = 0; k < spelling.count; k++) {
                Str code = vocabulary_code(v[i], j);
                bool target = i == 0 && !is_slip(v[i], code, spelling.item[k]);
                take_spelling(s, spelling.item[k], code, target);
            }
        }
    index_known(s, a);
    return s;
}

bool spellings_know(const struct spellings *s, Str word)
{
    return s->slot[slot_of(s, word)] != 0;
}

static unsigned edits_allowed(size_t letters)
{
    if (letters < LETTERS_ONE_EDIT) return 0;
    return letters < LETTERS_TWO_EDITS ? 1 : 2;
}

/* The nearest so far. */
struct nearest {
    const struct known *known;
    unsigned edits;
    bool several; /* different things are as near */
};

static void try_known(const struct known *k, Str word, uint32_t letters, struct nearest *best)
{
    unsigned allowed = edits_allowed(word.len < k->word.len ? word.len : k->word.len);
    size_t apart = word.len < k->word.len ? k->word.len - word.len : word.len - k->word.len;
    if (best->edits < allowed) allowed = best->edits;
    if (apart > allowed || (unsigned)__builtin_popcount(letters ^ k->letters) > 2 * allowed) return;
    int edits = name_edits_aligned(word, k->word);
    bool swapped = apart == 0 && letters == k->letters;
    if (edits > (int)allowed || (k->word.len == LETTERS_ONE_EDIT && !swapped)) return;
    bool nearer = (unsigned)edits < best->edits || !best->known;
    if (nearer)
        *best = (struct nearest){k, (unsigned)edits, false};
    else if (!str_eq(best->known->code, k->code) || !str_present(k->code))
        best->several = true;
}

/* second: 0, or what the second letter must be. */
static void try_letter(const struct spellings *s, char first, char second, Str word, struct nearest *best)
{
    if (first < 'a' || first > 'z') return;
    uint32_t letters = letters_of(word);
    for (size_t i = s->first[first - 'a']; i < s->first[first - 'a' + 1]; i++) {
        const struct known *k = &s->known[i];
        bool meant = k->target && k->word.len >= LETTERS_ONE_EDIT;
        if (meant && (second == 0 || k->word.ptr[1] == second)) try_known(k, word, letters, best);
    }
}

Str spellings_correct(const struct spellings *s, Str word, unsigned *edits)
{
    *edits = 0;
    if (word.len < LETTERS_ONE_EDIT || word.len > NAME_CHARS_MAX || !is_letters(word)) return word;
    struct nearest best = {NULL, edits_allowed(word.len) + 1, false};
    try_letter(s, word.ptr[0], 0, word, &best);
    /* "ehroin": the first letter changed places with the second. */
    if (word.ptr[1] != word.ptr[0]) try_letter(s, word.ptr[1], word.ptr[0], word, &best);
    if (!best.known || best.several) return word;
    *edits = best.edits;
    return best.known->word;
}

/* "ofcocaine", "heroinand" */
static size_t split_joined(const struct spellings *s, Str word)
{
    const Str joins[] = {S("and"), S("of"), S("or"), S("with")};
    for (size_t i = 0; i < COUNT_OF(joins); i++) {
        size_t len = joins[i].len;
        if (word.len < LETTERS_ONE_EDIT + len) continue;
        if (str_starts(word, joins[i]) && spellings_know(s, str_slice(word, len, word.len))) return len;
        if (str_ends(word, joins[i]) && spellings_know(s, str_slice(word, 0, word.len - len)))
            return word.len - len;
    }
    return 0;
}

size_t spellings_split(const struct spellings *s, Str word)
{
    if (!is_letters(word)) return 0;
    size_t joined = split_joined(s, word);
    if (joined > 0 || word.len < 2 * HALF_LETTERS_MIN) return joined;
    for (size_t at = word.len - HALF_LETTERS_MIN; at >= HALF_LETTERS_MIN; at--)
        if (spellings_know(s, str_slice(word, 0, at)) && spellings_know(s, str_slice(word, at, word.len)))
            return at;
    return 0;
}
