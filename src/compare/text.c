#include "compare/text.h"

#include "base/alloc.h"
#include "base/utf8.h"

#include <libstemmer.h>
#include <stdlib.h>

/* Sorted. Words so common that they say nothing, what is left of "didn't" after folding, and what every
 * report of a death says. */
/* clang-format off */
static const char *const STOP_WORDS[] = {
    "about", "above", "after", "again", "against", "all", "also", "and", "any", "are", "aren", "around",
    "because", "been", "before", "being", "below", "between", "both", "but", "call", "called", "can",
    "could", "couldn", "dead", "death", "deceased", "did", "didn", "does", "doesn", "doing", "don", "down",
    "during", "each", "few", "for", "found", "from", "further", "had", "hadn", "has", "hasn", "have",
    "haven", "having", "her", "here", "hers", "herself", "him", "himself", "his", "how", "into", "isn",
    "its", "itself", "just", "later", "let", "man", "may", "men", "might", "more", "most", "must", "myself",
    "nor", "now", "off", "officer", "officers", "once", "one", "only", "other", "our", "ours", "out",
    "over", "own", "person", "police", "reported", "reports", "said", "same", "says", "shall", "she",
    "should", "shouldn", "since", "some", "such", "than", "that", "the", "their", "theirs", "them", "then",
    "there", "these", "they", "this", "those", "through", "told", "too", "two", "under", "until", "very",
    "was", "wasn", "were", "weren", "what", "when", "where", "which", "while", "who", "whom", "why", "will",
    "with", "woman", "women", "won", "would", "wouldn", "you", "your", "yours",
};
/* clang-format on */

/* One thing with several everyday names, British and American. Sorted by the first word. */
struct same_thing {
    const char *word, *as;
};
/* clang-format off */
static const struct same_thing SAME_THINGS[] = {
    {"adolescent", "teenager"}, {"apartment", "flat"}, {"automobile", "car"}, {"billfold", "wallet"},
    {"cellphone", "phone"}, {"cemetery", "graveyard"}, {"churchyard", "graveyard"}, {"duvet", "blanket"},
    {"handset", "phone"}, {"iphone", "phone"}, {"mobile", "phone"}, {"quilt", "blanket"},
    {"sidewalk", "pavement"}, {"smartphone", "phone"}, {"telephone", "phone"},
    {"unresponsive", "unconscious"},
};
/* clang-format on */

enum word_use { WORD_TERM, WORD_STOP, WORD_ARTICLE, WORD_NO };

struct word {
    size_t from, to; /* in the text */
    Str stem;
    enum word_use use;
    bool parted; /* more than blanks and hyphens stand before it */
};

struct words {
    struct word *item;
    size_t count;
};

/* As str_compare does, without looking for the end of the text first: nearly all differ in the first letters.
 */
static int compare_word(Str word, const char *with)
{
    for (size_t i = 0; i < word.len; i++) {
        int difference = (unsigned char)word.ptr[i] - (unsigned char)with[i];
        if (difference != 0) return difference;
        if (with[i] == '\0') return 1;
    }
    return with[word.len] == '\0' ? 0 : -1;
}

static int compare_stop(const void *key, const void *item)
{
    return compare_word(*(const Str *)key, *(const char *const *)item);
}

static int compare_thing(const void *key, const void *item)
{
    return compare_word(*(const Str *)key, ((const struct same_thing *)item)->word);
}

static bool is_stop_word(Str folded)
{
    return bsearch(&folded, STOP_WORDS, COUNT_OF(STOP_WORDS), sizeof STOP_WORDS[0], compare_stop) != NULL;
}

static bool is_one_of(Str word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (compare_word(word, list[i]) == 0) return true;
    return false;
}

static bool has_digit(Str word)
{
    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] >= '0' && word.ptr[i] <= '9') return true;
    return false;
}

static enum word_use word_use_of(Str folded)
{
    static const char *const ARTICLES[] = {"a", "an", "the", "any", "his", "her", "their"};
    static const char *const NOES[] = {"no", "not", "never", "without"};
    if (is_one_of(folded, NOES, COUNT_OF(NOES))) return WORD_NO;
    if (is_one_of(folded, ARTICLES, COUNT_OF(ARTICLES))) return WORD_ARTICLE;
    if (utf8_length(folded) < 3 || has_digit(folded) || is_stop_word(folded)) return WORD_STOP;
    return WORD_TERM;
}

static Str stem_of(struct arena *a, struct sb_stemmer *stemmer, Str folded)
{
    const struct same_thing *thing =
        bsearch(&folded, SAME_THINGS, COUNT_OF(SAME_THINGS), sizeof SAME_THINGS[0], compare_thing);
    if (thing) folded = str_of(thing->as);
    const sb_symbol *stem = sb_stemmer_stem(stemmer, (const sb_symbol *)folded.ptr, (int)folded.len);
    if (!stem) alloc_exhausted("stemmer", folded.len);
    return str_copy(a, (Str){(const char *)stem, (size_t)sb_stemmer_length(stemmer)});
}

static bool word_next(Str text, size_t *at, struct word *out)
{
    size_t before = *at, from, to;
    if (!utf8_word_next(text, at, &from, &to)) return false;
    *out = (struct word){.from = from, .to = to};
    for (size_t i = before; i < from; i++)
        out->parted |= strchr(" \t-_", text.ptr[i]) == NULL || text.ptr[i] == '\0';
    return true;
}

static struct words words_read(struct arena *a, Str text)
{
    struct words w = {0};
    size_t room = 0, at = 0;
    struct word word;
    /* The stemmer of this library is made and dropped here: it holds no state that outlives a word. */
    struct sb_stemmer *stemmer = sb_stemmer_new("english", "UTF_8");
    if (!stemmer) alloc_exhausted("stemmer", sizeof(void *));
    while (w.count < TEXT_WORDS_MAX && word_next(text, &at, &word)) {
        Str folded = utf8_fold(a, str_slice(text, word.from, word.to));
        word.use = word_use_of(folded);
        word.stem = word.use == WORD_TERM ? stem_of(a, stemmer, folded) : STR_NONE;
        ARENA_ROOM(a, w.item, room, w.count + 1, 64);
        w.item[w.count++] = word;
    }
    sb_stemmer_delete(stemmer);
    return w;
}

/* The phrase that starts at word i: its last word, or 0 when there is none. */
static size_t phrase_end(const struct words *w, size_t i)
{
    const struct word *first = &w->item[i];
    if (first->use != WORD_TERM && first->use != WORD_NO) return 0;
    for (size_t j = i + 1; j < w->count && !w->item[j].parted; j++) {
        if (w->item[j].use == WORD_TERM) return j;
        if (w->item[j].use != WORD_ARTICLE) return 0;
    }
    return 0;
}

static Str phrase_of(struct arena *a, const struct words *w, size_t i, size_t end)
{
    Str first = w->item[i].use == WORD_NO ? S("no") : w->item[i].stem;
    Str last = w->item[end].stem;
    char *text = NEW_ARRAY(a, char, first.len + 1 + last.len);
    memcpy(text, first.ptr, first.len);
    text[first.len] = ' ';
    memcpy(text + first.len + 1, last.ptr, last.len);
    return (Str){text, first.len + 1 + last.len};
}

struct str_list text_terms(struct arena *a, Str text)
{
    struct words w = words_read(a, text);
    struct str_list terms = {NEW_ARRAY(a, Str, w.count * 2 + 1), 0};
    for (size_t i = 0; i < w.count; i++) {
        if (w.item[i].use == WORD_TERM) terms.item[terms.count++] = w.item[i].stem;
        size_t end = phrase_end(&w, i);
        if (end) terms.item[terms.count++] = phrase_of(a, &w, i, end);
    }
    str_sort_unique(&terms);
    return terms;
}

static int compare_terms(const void *a, const void *b)
{
    return str_compare(*(const Str *)a, *(const Str *)b);
}

static const Str *listed(const struct str_list *terms, Str term)
{
    if (terms->count == 0) return NULL;
    return bsearch(&term, terms->item, terms->count, sizeof terms->item[0], compare_terms);
}

struct text_spots text_find_terms(struct arena *a, Str text, const struct str_list *terms)
{
    struct words w = words_read(a, text);
    struct text_spots spots = {NEW_ARRAY(a, struct text_spot, w.count + 1), 0};
    for (size_t i = 0; i < w.count; i++) {
        size_t last = phrase_end(&w, i);
        const Str *hit = last ? listed(terms, phrase_of(a, &w, i, last)) : NULL;
        if (!hit) {
            last = i;
            hit = w.item[i].use == WORD_TERM ? listed(terms, w.item[i].stem) : NULL;
        }
        if (!hit) continue;
        spots.item[spots.count++] = (struct text_spot){w.item[i].from, w.item[last].to, *hit};
        i = last;
    }
    return spots;
}

Str text_wording(struct arena *a, Str text, Str term)
{
    struct str_list one = {&term, 1};
    struct text_spots spots = text_find_terms(a, text, &one);
    return spots.count ? str_slice(text, spots.item[0].from, spots.item[0].to) : term;
}

struct str_list text_words(struct arena *a, Str folded)
{
    struct str_list all = str_split(a, folded, ' '), kept = {all.item, 0};
    for (size_t i = 0; i < all.count; i++)
        if (!str_empty(all.item[i]) && !is_stop_word(all.item[i])) kept.item[kept.count++] = all.item[i];
    str_sort_unique(&kept);
    return kept;
}
