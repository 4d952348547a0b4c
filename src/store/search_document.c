#include "store/search_document.h"

#include "base/utf8.h"
#include "model/normalise.h"

enum {
    TITLE_BYTES_MAX = 90,
    SNIPPET_BEFORE_BYTES = 70,
    SNIPPET_BYTES_MAX = 220,
    WORDS_MAX = 32,
    KEY_BYTES_MIN = 4,
    SOFT_WORD_BYTES_MIN = 4,
};

/* ---- the document ----------------------------------------------------------------------------------- */

/* Control characters would be taken for marks. */
static void text_add(struct buf *b, Str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        buf_add_char(b, (unsigned char)c < 0x20 && c != '\n' ? ' ' : c);
    }
}

static void list_add(struct buf *b, const struct str_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (i) buf_add(b, S(", "));
        text_add(b, list->item[i]);
    }
}

/* Writes the words of a field; false when its type holds none. */
static bool field_words(struct buf *b, const struct field *field, const void *at)
{
    switch (field->type) {
    case FT_TEXT:
    case FT_NARRATIVE:
    case FT_NAME:
    case FT_POSTCODE:
        text_add(b, *(const Str *)at);
        return true;
    case FT_ADDRESS:
    case FT_IDENTIFIER:
        text_add(b, ((const struct keyed *)at)->text);
        return true;
    case FT_TEXTS:
    case FT_NAMES:
    case FT_CODES:
        list_add(b, at);
        return true;
    case FT_REFS: /* those into other systems are words that people search */
        if (field->values[0] != '\0') return false;
        list_add(b, at);
        return true;
    case FT_ADDRESSES: {
        const struct keyed_list *list = at;
        for (size_t i = 0; i < list->count; i++) {
            if (i) buf_add(b, S(", "));
            text_add(b, list->item[i].text);
        }
        return true;
    }
    case FT_CODE:
    case FT_YESNO:
    case FT_TIME:
    case FT_SPAN:
    case FT_DATE:
    case FT_NUMBER:
    case FT_PLACE:
    case FT_REF:
    case FT_LEVELS:
    case FT_DATED:
        return false;
    }
    return false;
}

/* Not in the middle of a character. */
static size_t cut_before(Str s, size_t at)
{
    while (at > 0 && at < s.len && ((unsigned char)s.ptr[at] & 0xc0) == 0x80)
        at--;
    return at < s.len ? at : s.len;
}

/* How well a field names its record: a name, a reference, the start of a text. */
static int title_rank(const struct field *field)
{
    if (field->type == FT_NAME) return 4;
    if (strcmp(field->name, "ref") == 0 || strcmp(field->name, "name") == 0) return 3;
    if (field->type == FT_IDENTIFIER || field->type == FT_ADDRESS) return 2;
    return field->type == FT_TEXT || field->type == FT_NARRATIVE ? 1 : 0;
}

static Str title_cut(Str words)
{
    size_t end = str_find_char(words, '\n');
    words = str_trim(str_slice(words, 0, end));
    return str_slice(words, 0, cut_before(words, TITLE_BYTES_MAX));
}

bool search_document_make(struct arena *a, const struct record *record, struct search_document *out)
{
    const struct kind *kind = kind_of(record->id.kind);
    struct buf text CLEANUP_BUF = {0}, fields CLEANUP_BUF = {0}, keys CLEANUP_BUF = {0};
    int rank = 0;
    Str title = record->id.id;
    if (kind_kept_apart(kind->id)) return false;
    buf_init(&text, SIZE_MAX / 4);
    buf_init(&fields, 1 << 16);
    buf_init(&keys, 1 << 16);
    text_add(&keys, record->id.id);
    for (size_t i = 0; i < kind->field_count; i++) {
        const struct field *field = &kind->field[i];
        const void *at = (const char *)record->data + field->offset;
        if (!str_present(record->held[i].value) || field->sensitivity == SENS_RESTRICTED) continue;
        size_t before = text.len;
        if (!field_words(&text, field, at) || text.len == before) continue;
        if (title_rank(field) > rank) {
            title = title_cut(str_copy(a, str_slice(buf_str(&text), before, text.len)));
            rank = title_rank(field);
        }
        buf_add_char(&text, PART_MARK);
        buf_add_cstr(&fields, field->name);
        buf_add_char(&fields, PART_MARK);
        if (field->type == FT_IDENTIFIER) {
            buf_add_char(&keys, ' ');
            text_add(&keys, ((const struct keyed *)at)->key);
        }
    }
    *out = (struct search_document){title, str_copy(a, buf_str(&text)), str_copy(a, buf_str(&fields)),
                                    str_copy(a, buf_str(&keys))};
    return true;
}

/* ---- the question ----------------------------------------------------------------------------------- */

static void quoted_add(struct buf *b, Str s)
{
    buf_add_char(b, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"') buf_add_char(b, '"');
        buf_add_char(b, s.ptr[i] ? s.ptr[i] : ' ');
    }
    buf_add_char(b, '"');
}

/* The last word may be unfinished. The index holds stems, which end in neither e nor y: "churchy" has to find
 * what "church" begins. */
static void beginning_add(struct buf *b, Str word)
{
    bool soft = word.len >= SOFT_WORD_BYTES_MIN && (str_ends(word, S("e")) || str_ends(word, S("y")));
    buf_add_char(b, '(');
    quoted_add(b, word);
    if (word.len >= 2) buf_add(b, S(" *"));
    if (soft) {
        buf_add(b, S(" OR "));
        quoted_add(b, str_slice(word, 0, word.len - 1));
        buf_add(b, S(" *"));
    }
    buf_add_char(b, ')');
}

static void key_add(struct buf *b, Str key)
{
    if (key.len < KEY_BYTES_MIN) return;
    buf_add(b, S(" OR keys : "));
    quoted_add(b, key);
}

Str search_expression(struct arena *a, Str words, Str region)
{
    struct buf b CLEANUP_BUF;
    size_t count = 0;
    buf_init(&b, 1 << 16);
    Str folded = utf8_fold(a, words), word = STR_NONE, next;
    buf_add_char(&b, '(');
    while (str_next(&folded, ' ', &next) && count < WORDS_MAX) {
        if (str_empty(next)) continue;
        if (count++) {
            quoted_add(&b, word);
            buf_add(&b, S(" AND "));
        }
        word = next;
    }
    if (count == 0) return STR_NONE;
    beginning_add(&b, word);
    buf_add_char(&b, ')');
    key_add(&b, normalise_phone(a, words, region));
    key_add(&b, normalise_email(a, words));
    key_add(&b, normalise_code_number(a, words));
    return str_copy(a, buf_str(&b));
}

/* ---- the answer ------------------------------------------------------------------------------------- */

static size_t count_char(Str s, char c)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += s.ptr[i] == c;
    return n;
}

/* A window that starts some words before the first find and keeps every mark closed. */
static Str window(struct arena *a, Str value)
{
    size_t first = str_find_char(value, FOUND_FROM);
    if (first == STR_NPOS) first = 0;
    size_t from = 0, to = value.len;
    if (value.len > SNIPPET_BYTES_MAX) {
        from = first > SNIPPET_BEFORE_BYTES ? first - SNIPPET_BEFORE_BYTES : 0;
        while (from > 0 && from < first && value.ptr[from - 1] != ' ')
            from++;
        to = from + SNIPPET_BYTES_MAX < value.len ? from + SNIPPET_BYTES_MAX : value.len;
        if (to < value.len) {
            size_t blank = to;
            while (blank > first + 1 && value.ptr[blank] != ' ')
                blank--;
            to = blank > first + 1 ? blank : cut_before(value, to);
        }
    }
    Str piece = str_slice(value, from, to);
    bool open = count_char(piece, FOUND_FROM) > count_char(piece, FOUND_TO);
    return str_format(a, "%s%.*s%s%s", from > 0 ? "… " : "", STR_ARG(piece), open ? "\x03" : "",
                      to < value.len ? " …" : "");
}

void search_snippet(struct arena *a, Str text, Str fields, Str *field, Str *snippet)
{
    Str value, name, best = STR_NONE, best_name = S("id");
    size_t most = 0;
    while (str_next(&fields, PART_MARK, &name) && str_next(&text, PART_MARK, &value)) {
        size_t finds = count_char(value, FOUND_FROM);
        if (finds <= most) continue;
        most = finds;
        best = value;
        best_name = name;
    }
    *field = str_copy(a, best_name);
    *snippet = str_present(best) ? window(a, best) : S("");
}
