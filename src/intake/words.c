#include "intake/words.h"

#include "base/hash.h"
#include "base/utf8.h"

/* Open addressing over folded phrases and their first words. Most words of a text begin no phrase: one look
 * at the word alone says so, and else how many words to try. */
struct words {
    struct {
        Str phrase, code; /* code absent: a first word only */
        size_t reach;     /* of a first word: the words of the longest phrase that begins with it */
    } * slot;
    size_t slots; /* a power of two, at most half full */
};

static size_t slot_for(const struct words *w, Str phrase)
{
    size_t i = (size_t)hash64(phrase) & (w->slots - 1);
    while (str_present(w->slot[i].phrase) && !str_eq(w->slot[i].phrase, phrase))
        i = (i + 1) & (w->slots - 1);
    return i;
}

static size_t token_count(Str folded)
{
    size_t n = folded.len > 0;
    for (size_t i = 0; i < folded.len; i++)
        n += folded.ptr[i] == ' ';
    return n;
}

static bool listed(Str phrase, const Str *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(phrase, list[i])) return true;
    }
    return false;
}

static Str first_word(Str folded)
{
    return str_slice(folded, 0, str_find_char(folded, ' '));
}

/* The first code that claims a spelling keeps it. */
static void phrase_add(struct words *w, Str phrase, Str code)
{
    size_t at = slot_for(w, phrase), tokens = token_count(phrase);
    if (str_present(w->slot[at].code)) return;
    w->slot[at].phrase = phrase;
    w->slot[at].code = code;
    at = slot_for(w, first_word(phrase));
    w->slot[at].phrase = first_word(phrase);
    if (tokens > w->slot[at].reach) w->slot[at].reach = tokens;
}

struct words *words_compile(struct arena *a, const struct vocabulary *v, const Str *except,
                            size_t except_count)
{
    Str *skip = NEW_ARRAY(a, Str, except_count + 1);
    for (size_t i = 0; i < except_count; i++)
        skip[i] = utf8_fold(a, except[i]);

    size_t codes = vocabulary_count(v), total = 0;
    struct str_list *spelling = NEW_ARRAY(a, struct str_list, codes + 1);
    for (size_t i = 0; i < codes; i++) {
        spelling[i] = vocabulary_spellings(v, i);
        total += spelling[i].count;
    }
    struct words *w = NEW(a, struct words);
    w->slots = 16;
    while (w->slots < total * 4) /* each phrase and its first word */
        w->slots *= 2;
    w->slot = arena_alloc(a, w->slots, sizeof *w->slot, _Alignof(Str));
    for (size_t i = 0; i < codes; i++) {
        for (size_t j = 0; j < spelling[i].count; j++) {
            Str phrase = spelling[i].item[j];
            if (str_empty(phrase) || listed(phrase, skip, except_count)) continue;
            phrase_add(w, phrase, vocabulary_code(v, i));
        }
    }
    return w;
}

/* Where the phrase of up to `tokens` words from `from` ends. */
static size_t phrase_end(Str text, size_t from, size_t tokens, size_t *taken)
{
    size_t end = from;
    *taken = 0;
    while (end < text.len && *taken < tokens) {
        if (*taken > 0) end++; /* the blank between */
        while (end < text.len && text.ptr[end] != ' ')
            end++;
        (*taken)++;
    }
    return end;
}

static void add_once(struct arena *a, struct str_list *list, Str code)
{
    if (listed(code, list->item, list->count)) return;
    list->item = arena_grow(a, list->item, list->count, list->count + 1, sizeof(Str), _Alignof(Str));
    list->item[list->count++] = code;
}

struct str_list words_find(struct arena *a, const struct words *w, Str text)
{
    struct str_list found = {0};
    Str folded = utf8_fold(a, text);
    size_t at = 0;
    while (at < folded.len) {
        size_t taken = 0;
        Str word = first_word(str_slice(folded, at, folded.len));
        size_t end = phrase_end(folded, at, w->slot[slot_for(w, word)].reach, &taken);
        size_t next = STR_NPOS;
        while (taken > 0 && end > at) {
            size_t slot = slot_for(w, str_slice(folded, at, end));
            if (str_present(w->slot[slot].code)) {
                add_once(a, &found, w->slot[slot].code);
                next = end;
                break;
            }
            taken--;
            do
                end--;
            while (end > at && folded.ptr[end] != ' ');
        }
        at = (next == STR_NPOS ? at + word.len : next) + 1;
    }
    return found;
}
