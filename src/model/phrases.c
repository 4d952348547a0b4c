#include "model/phrases.h"

#include "base/hash.h"
#include "base/utf8.h"

/* A phrase, the first word of one, or both. */
struct slot {
    Str text, code; /* code absent: a first word only */
    uint32_t tag;
    uint32_t reach; /* of a first word: the words of the longest phrase that begins with it */
};

/* Open addressing, at most half full. Most words of a text begin no phrase: one look at the word alone says
 * so, and else how many words to try. */
struct phrases {
    struct slot *slot;
    size_t slots, used;
};

static struct phrases *phrases_new(struct arena *a, size_t spellings_max)
{
    struct phrases *p = NEW(a, struct phrases);
    p->slots = 16;
    while (p->slots < spellings_max * 4) /* each phrase and its first word */
        p->slots *= 2;
    p->slot = NEW_ARRAY(a, struct slot, p->slots);
    return p;
}

static struct slot *slot_for(const struct phrases *p, Str text)
{
    size_t i = (size_t)hash64(text) & (p->slots - 1);
    while (str_present(p->slot[i].text) && !str_eq(p->slot[i].text, text))
        i = (i + 1) & (p->slots - 1);
    return &p->slot[i];
}

static struct slot *slot_taken(struct phrases *p, Str text)
{
    struct slot *s = slot_for(p, text);
    if (!str_present(s->text)) {
        MUST(++p->used * 2 <= p->slots);
        s->text = text;
    }
    return s;
}

static uint32_t count_words(Str folded)
{
    uint32_t n = folded.len > 0;
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

static size_t word_end(Str text, size_t at)
{
    while (at < text.len && text.ptr[at] != ' ')
        at++;
    return at;
}

static void phrase_add(struct phrases *p, Str phrase, Str code, uint32_t tag)
{
    struct slot *s = slot_taken(p, phrase);
    if (str_present(s->code)) return;
    s->code = code;
    s->tag = tag;
    uint32_t words = count_words(phrase);
    s = slot_taken(p, str_slice(phrase, 0, word_end(phrase, 0)));
    if (words > s->reach) s->reach = words;
}

static void vocabulary_add(struct phrases *p, const struct vocabulary *v, uint32_t tag, const Str *except,
                           size_t except_count)
{
    for (size_t i = 0; i < vocabulary_count(v); i++) {
        struct str_list spellings = vocabulary_spellings(v, i);
        for (size_t j = 0; j < spellings.count; j++) {
            Str phrase = spellings.item[j];
            if (str_empty(phrase) || listed(phrase, except, except_count)) continue;
            phrase_add(p, phrase, vocabulary_code(v, i), tag);
        }
    }
}

struct phrases *phrases_of(struct arena *a, const struct vocabulary *const *v, size_t count,
                           const Str *except, size_t except_count)
{
    size_t spellings = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < vocabulary_count(v[i]); j++)
            spellings += vocabulary_spellings(v[i], j).count;
    struct phrases *p = phrases_new(a, spellings);
    for (size_t i = 0; i < count; i++)
        vocabulary_add(p, v[i], (uint32_t)i, except, except_count);
    return p;
}

bool phrases_at(const struct phrases *p, Str text, size_t from, struct phrase_match *out)
{
    size_t word = word_end(text, from), end = word;
    uint32_t reach = slot_for(p, str_slice(text, from, word))->reach;
    bool found = false;
    for (uint32_t words = 1; words <= reach; words++) {
        if (words > 1) end = word_end(text, end + 1);
        const struct slot *s = slot_for(p, str_slice(text, from, end));
        if (str_present(s->code)) {
            *out = (struct phrase_match){s->code, s->tag, from, end};
            found = true;
        }
        if (end == text.len) break;
    }
    return found;
}

bool phrases_next(const struct phrases *p, Str folded, size_t *at, struct phrase_match *out)
{
    while (*at < folded.len) {
        bool found = phrases_at(p, folded, *at, out);
        *at = (found ? out->to : word_end(folded, *at)) + 1;
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
