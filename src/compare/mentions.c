#include "base/utf8.h"
#include "compare/mentions_internal.h"

struct mention_reader {
    struct phrases *phrases;     /* tags: enum tag */
    struct spellings *spellings; /* NULL: misspellings are not looked for */
};

/* A word as it is looked up; several may come from one of the text. */
struct part {
    Str text; /* folded, corrected */
    size_t start, end;
    size_t at; /* in the joined text of the sentence */
    unsigned edits;
    bool comma;
};

struct sentence {
    struct part *part;
    size_t count, room;
    Str joined;
    bool comma; /* before the next part */
};

struct mention_reader *mention_reader_new(struct arena *a, const struct policy *policy,
                                          const struct vocabulary *v, bool corrects)
{
    struct mention_reader *r = NEW(a, struct mention_reader);
    const struct vocabulary *const looked_for[] = {
        [TAG_ITEM] = v, [TAG_DENIAL] = policy->denials, [TAG_NO_NAME] = policy->no_names};
    const struct vocabulary *const known[] = {v,
                                              policy->denials,
                                              policy->no_names,
                                              policy->substances,
                                              policy->mechanisms,
                                              policy->injuries,
                                              policy->items,
                                              policy->settings,
                                              policy->postures,
                                              policy->finders};
    r->phrases = phrases_of(a, looked_for, COUNT_OF(looked_for), NULL, 0);
    if (corrects) r->spellings = spellings_new(a, known, COUNT_OF(known));
    return r;
}

/* ---- a sentence as parts --------------------------------------------------------------------------------
 */

static void part_add(struct sentence *s, struct arena *a, Str text, size_t start, size_t end, unsigned edits)
{
    ARENA_ROOM(a, s->part, s->room, s->count + 1, 32);
    s->part[s->count++] =
        (struct part){.text = text, .start = start, .end = end, .edits = edits, .comma = s->comma};
    s->comma = false;
}

static void part_correct(const struct mention_reader *r, struct sentence *s, struct arena *a, Str text,
                         size_t start, size_t end)
{
    unsigned edits = 0;
    if (!r->spellings || spellings_know(r->spellings, text)) {
        part_add(s, a, text, start, end, 0);
        return;
    }
    size_t half = spellings_split(r->spellings, text);
    if (half > 0) {
        bool plain = end - start == text.len; /* folding changed no length: the halves can be told apart */
        part_add(s, a, str_slice(text, 0, half), start, plain ? start + half : end, 0);
        part_add(s, a, str_slice(text, half, text.len), plain ? start + half : start, end, 0);
        return;
    }
    text = spellings_correct(r->spellings, text, &edits);
    part_add(s, a, text, start, end, edits);
}

/* A word of the text; folding may make several of it, or none. */
static void word_add(const struct mention_reader *r, struct sentence *s, struct arena *a, Str text,
                     size_t start, size_t end)
{
    Str rest = utf8_fold(a, str_slice(text, start, end)), piece = STR_NONE;
    while (str_next(&rest, ' ', &piece))
        if (piece.len > 0) part_correct(r, s, a, piece, start, end);
}

static void sentence_join(struct sentence *s, struct arena *a)
{
    struct str_list words = {NEW_ARRAY(a, Str, s->count + 1), s->count};
    size_t at = 0;
    for (size_t i = 0; i < s->count; i++) {
        words.item[i] = s->part[i].text;
        s->part[i].at = at;
        at += s->part[i].text.len + 1;
    }
    s->joined = str_join(a, &words, S(" "));
}

/* ---- parts as tokens ------------------------------------------------------------------------------------
 */

static void mention_add(struct mentions *m, struct arena *a, const struct mention *one)
{
    if ((m->count & (m->count + 1)) == 0) { /* 0, 1, 3, 7 ...: the room is used up */
        size_t room = m->count * 2 + 1;
        m->item = arena_grow(a, m->item, m->count, room, sizeof *one, _Alignof(struct mention));
    }
    m->item[m->count++] = *one;
}

/* The match that begins with part i; its last part, or i - 1 when there is none. */
static bool match_at(const struct mention_reader *r, const struct sentence *s, size_t i,
                     struct phrase_match *match, size_t *last)
{
    if (!phrases_at(r->phrases, s->joined, s->part[i].at, match)) return false;
    size_t j = i;
    while (j + 1 < s->count && s->part[j + 1].at < match->to)
        j++;
    *last = j;
    return true;
}

static struct mention mention_of(const struct sentence *s, const struct phrase_match *match, size_t first,
                                 size_t last)
{
    struct mention m = {.code = match->code,
                        .start = s->part[first].start,
                        .length = s->part[last].end - s->part[first].start,
                        .spelling = str_slice(s->joined, match->from, match->to)};
    for (size_t i = first; i <= last; i++)
        m.edits += s->part[i].edits;
    return m;
}

static void sentence_read(const struct mention_reader *r, struct sentence *s, struct arena *a,
                          struct mentions *out)
{
    struct token *token = NEW_ARRAY(a, struct token, s->count + 1);
    size_t tokens = 0, last = 0;
    sentence_join(s, a);
    for (size_t i = 0; i < s->count; i = last + 1) {
        struct token *t = &token[tokens++];
        struct phrase_match match;
        last = i;
        bool found = match_at(r, s, i, &match, &last);
        *t = (struct token){.kind = TOKEN_WORD,
                            .comma = s->part[i].comma,
                            .start = s->part[i].start,
                            .length = s->part[last].end - s->part[i].start};
        if (!found || match.tag == TAG_NO_NAME) continue;
        t->kind = match.tag == TAG_ITEM ? TOKEN_ITEM : token_kind_of(match.code);
        if (t->kind != TOKEN_ITEM) continue;
        struct mention m = mention_of(s, &match, i, last);
        t->mention = out->count;
        mention_add(out, a, &m);
    }
    denial_mark(token, tokens, out->item);
    s->count = 0;
    s->comma = false;
}

/* What stands between two words: does a sentence end there, or a part of one? */
static bool gap_ends(Str text, size_t from, size_t to, bool *comma)
{
    for (size_t i = from; i < to; i++) {
        char c = text.ptr[i];
        bool end = c == ';' || c == '!' || c == '?' || c == '\n' || c == '\r';
        bool stop = c == '.' && (i + 1 == text.len || text.ptr[i + 1] == ' ' || text.ptr[i + 1] == '\n' ||
                                 text.ptr[i + 1] == '\r');
        if (end || stop) return true;
        if (c == ',' || c == ':' || c == '(' || c == ')' || c == '[' || c == ']') *comma = true;
    }
    return false;
}

struct mentions mentions_find(const struct mention_reader *r, Str text, struct arena *a)
{
    struct mentions out = {0};
    struct sentence s = {0};
    size_t at = 0, before = 0, from, to;
    if (text.len > MENTION_TEXT_BYTES_MAX) text = utf8_cut(text, MENTION_TEXT_BYTES_MAX);
    while (utf8_word_next(text, &at, &from, &to)) {
        bool comma = false;
        if (gap_ends(text, before, from, &comma)) {
            sentence_read(r, &s, a, &out);
            comma = false;
        }
        s.comma = s.comma || comma;
        word_add(r, &s, a, text, from, to);
        before = to;
    }
    sentence_read(r, &s, a, &out);
    return out;
}
