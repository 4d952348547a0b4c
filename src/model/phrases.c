#include "model/phrases.h"

#include "base/hash.h"
#include "base/utf8.h"

struct spelling_slot {
    Str phrase, code;
    uint32_t tag;
};

/* Open addressing, at most half full. words_max bounds how far a match may reach. */
struct phrases {
    struct spelling_slot *slot;
    size_t slots, used, words_max;
};

struct phrases *phrases_new(struct arena *a, size_t spellings_max)
{
    struct phrases *p = NEW(a, struct phrases);
    p->slots = 16;
    while (p->slots < spellings_max * 2)
        p->slots *= 2;
    p->slot = NEW_ARRAY(a, struct spelling_slot, p->slots);
    return p;
}

static struct spelling_slot *slot_for(const struct phrases *p, Str phrase)
{
    size_t i = (size_t)hash64(phrase) & (p->slots - 1);
    while (str_present(p->slot[i].phrase) && !str_eq(p->slot[i].phrase, phrase))
        i = (i + 1) & (p->slots - 1);
    return &p->slot[i];
}

static size_t count_words(Str folded)
{
    size_t n = folded.len > 0;
    for (size_t i = 0; i < folded.len; i++)
        n += folded.ptr[i] == ' ';
    return n;
}

static bool listed(Str phrase, const Str *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(phrase, list[i])) return true;
    return false;
}

void phrases_add(struct phrases *p, const struct vocabulary *v, uint32_t tag, const Str *except,
                 size_t except_count)
{
    for (size_t i = 0; i < vocabulary_count(v); i++) {
        struct str_list spellings = vocabulary_spellings(v, i);
        for (size_t j = 0; j < spellings.count; j++) {
            Str phrase = spellings.item[j];
            if (str_empty(phrase) || listed(phrase, except, except_count)) continue;
            struct spelling_slot *s = slot_for(p, phrase);
            if (str_present(s->phrase)) continue;
            MUST(++p->used * 2 <= p->slots);
            *s = (struct spelling_slot){phrase, vocabulary_code(v, i), tag};
            size_t words = count_words(phrase);
            if (words > p->words_max) p->words_max = words;
        }
    }
}

static size_t word_end(Str text, size_t at)
{
    while (at < text.len && text.ptr[at] != ' ')
        at++;
    return at;
}

/* The longest spelling that starts at `from`; its end, or `from` when there is none. */
static size_t longest_at(const struct phrases *p, Str text, size_t from, struct phrase_match *out)
{
    size_t best = from, end = from;
    for (size_t words = 0; words < p->words_max && end < text.len; words++) {
        end = word_end(text, words == 0 ? from : end + 1);
        const struct spelling_slot *s = slot_for(p, str_slice(text, from, end));
        if (!str_present(s->phrase)) continue;
        *out = (struct phrase_match){s->code, s->tag, from, end};
        best = end;
    }
    return best;
}

bool phrases_next(const struct phrases *p, Str folded, size_t *at, struct phrase_match *out)
{
    while (*at < folded.len) {
        size_t end = longest_at(p, folded, *at, out);
        bool found = end > *at;
        *at = (found ? end : word_end(folded, *at)) + 1;
        if (found) return true;
    }
    return false;
}

struct str_list phrases_codes(struct arena *a, const struct phrases *p, Str text)
{
    struct str_list found = {0};
    Str folded = utf8_fold(a, text);
    struct phrase_match m;
    for (size_t at = 0; phrases_next(p, folded, &at, &m);) {
        if (listed(m.code, found.item, found.count)) continue;
        found.item = arena_grow(a, found.item, found.count, found.count + 1, sizeof(Str), _Alignof(Str));
        found.item[found.count++] = m.code;
    }
    return found;
}
