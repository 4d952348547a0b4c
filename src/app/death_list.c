#include "app/death_list.h"

#define WORDS_MAX 12

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* word: lower case */
static bool holds(Str text, Str word)
{
    for (size_t i = 0; i + word.len <= text.len; i++) {
        size_t k = 0;
        while (k < word.len && lower(text.ptr[i + k]) == word.ptr[k])
            k++;
        if (k == word.len) return true;
    }
    return false;
}

static bool has_word(const struct roll_death *d, Str word)
{
    const Str texts[] = {d->name, d->ref, d->id.id, d->address, d->postcode, d->mechanism, d->setting};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (holds(texts[i], word)) return true;
    for (size_t i = 0; i < d->substance.count; i++)
        if (holds(d->substance.item[i], word)) return true;
    return false;
}

static bool is_asked(Str asked, Str has)
{
    return str_empty(asked) || str_eq(asked, has);
}

static bool answers(const struct death_query *q, const struct str_list *words, const struct roll_death *d)
{
    if (!is_asked(q->unit, d->unit) || !is_asked(q->category, d->category) ||
        !is_asked(q->setting, d->setting) || !is_asked(q->mechanism, d->mechanism) ||
        !is_asked(q->sex, d->sex))
        return false;
    if (number_present(q->age_min) && !(d->age >= q->age_min)) return false; /* an age not recorded is none */
    if (number_present(q->age_max) && !(d->age <= q->age_max)) return false;
    if (q->from_ms != INT64_MIN && d->when_ms < q->from_ms) return false;
    if (q->until_ms != INT64_MAX && d->when_ms >= q->until_ms) return false;
    for (size_t i = 0; i < words->count; i++)
        if (!has_word(d, words->item[i])) return false;
    return true;
}

static struct str_list words_of_query(struct arena *a, Str text)
{
    struct str_list words = {NEW_ARRAY(a, Str, WORDS_MAX), 0};
    Str rest = str_lower(a, text), word;
    while (words.count < WORDS_MAX && str_next(&rest, ' ', &word))
        if (word.len > 0) words.item[words.count++] = word;
    return words;
}

size_t death_list_find(struct roll *r, const struct sight *sight, const struct death_query *q,
                       struct arena *a, uint32_t **out)
{
    size_t count = 0, found = 0;
    const uint32_t *all = roll_by_time(r, &count);
    struct str_list words = words_of_query(a, q->words);
    *out = NEW_ARRAY(a, uint32_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct roll_death *d = roll_death(r, all[i]);
        if (answers(q, &words, d) && sight_lists(sight, d)) (*out)[found++] = all[i];
    }
    return found;
}
