#include "link/narrative.h"

#include "base/utf8.h"

/* In this order they claim a spelling. */
enum tag { TAG_MECHANISM, TAG_POSTURE, TAG_FINDER, TAG_ITEM, TAG_SUBSTANCE };

#define NEGATION_REACH 3 /* words */

struct phrases *narrative_phrases(struct arena *a, const struct policy *policy)
{
    const struct vocabulary *const sets[] = {[TAG_MECHANISM] = policy->mechanisms,
                                             [TAG_ITEM] = policy->items,
                                             [TAG_POSTURE] = policy->postures,
                                             [TAG_FINDER] = policy->finders,
                                             [TAG_SUBSTANCE] = policy->substances};
    return phrases_of(a, sets, COUNT_OF(sets), NULL, 0);
}

static bool denies(Str word)
{
    const Str WORDS[] = {S("no"), S("not"), S("without"), S("missing"), S("nor"), S("never"), S("denied")};
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (str_eq(word, WORDS[i])) return true;
    return false;
}

static bool denied_before(Str text, size_t from)
{
    for (int words = 0; words < NEGATION_REACH && from > 1; words++) {
        size_t end = from - 1, start = end;
        while (start > 0 && text.ptr[start - 1] != ' ')
            start--;
        if (denies(str_slice(text, start, end))) return true;
        from = start;
    }
    return false;
}

static bool gone_after(Str text, size_t to)
{
    const Str WORDS[] = {S("missing"),     S("gone"),         S("not found"),
                         S("was missing"), S("were missing"), S("absent")};
    Str rest = str_trim(str_slice(text, to, text.len));
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (str_starts(rest, WORDS[i])) return true;
    return false;
}

static void add_code(struct arena *a, struct str_list *list, Str code)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->item[i], code)) return;
    list->item = arena_grow(a, list->item, list->count, list->count + 1, sizeof(Str), _Alignof(Str));
    list->item[list->count++] = code;
}

/* The first thing said of its kind stands. */
static void first_code(Str *into, Str code)
{
    if (!str_present(*into)) *into = code;
}

static void read_sentence(const struct phrases *phrases, Str sentence, struct arena *a,
                          struct narrative_facts *out)
{
    Str folded = utf8_fold(a, sentence);
    struct phrase_match m;
    for (size_t at = 0; phrases_next(phrases, folded, &at, &m);) {
        bool denied = denied_before(folded, m.from);
        if (m.tag == TAG_ITEM) {
            bool gone = denied || gone_after(folded, m.to);
            add_code(a, gone ? &out->absent : &out->present, m.code);
            continue;
        }
        if (denied) continue;
        if (m.tag == TAG_MECHANISM) first_code(&out->mechanism, m.code);
        if (m.tag == TAG_POSTURE) first_code(&out->posture, m.code);
        if (m.tag == TAG_FINDER) first_code(&out->found_by, m.code);
        if (m.tag == TAG_SUBSTANCE) add_code(a, &out->substances, m.code);
    }
}

/* A denial ends with its sentence. */
static bool ends_sentence(Str text, size_t at)
{
    char c = text.ptr[at];
    if (c == ';' || c == '!' || c == '?' || c == '\n') return true;
    return c == '.' && (at + 1 == text.len || text.ptr[at + 1] == ' ' || text.ptr[at + 1] == '\n');
}

void narrative_read(const struct phrases *phrases, Str narrative, struct arena *a,
                    struct narrative_facts *out)
{
    *out = (struct narrative_facts){0};
    size_t from = 0;
    for (size_t at = 0; at < narrative.len; at++)
        if (ends_sentence(narrative, at)) {
            read_sentence(phrases, str_slice(narrative, from, at), a, out);
            from = at + 1;
        }
    if (from < narrative.len) read_sentence(phrases, str_slice(narrative, from, narrative.len), a, out);
}
