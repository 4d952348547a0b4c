#include "model/address_words.h"
#include "base/utf8.h"

#define TEXT_BYTES_MAX 1000

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word_char(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool has_digit(Str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (is_digit(s.ptr[i])) return true;
    return false;
}

static void classify(struct word *w, bool us)
{
    const struct word_entry *found = address_entry(w->text);
    w->canonical = w->text;
    unsigned ordinal = address_ordinal(w->text);
    if (str_eq(w->text, S("&")))
        w->kind = WORD_JOIN;
    else if (ordinal > 0 && is_digit(w->text.ptr[0]))
        w->kind = WORD_ORDINAL;
    else if (is_digit(w->text.ptr[0]))
        w->kind = WORD_NUMBER;
    if (found == NULL) return;
    w->use = found->use;
    if (found->canonical[0] != '\0') w->canonical = str_of(found->canonical);
    if (str_eq(w->canonical, S("&"))) w->kind = WORD_JOIN;
    /* Elsewhere "E" is as likely a letter of a house number. */
    if (!us && w->use == USE_DIRECTION && w->text.len == 1) {
        w->use = 0;
        w->canonical = w->text;
    }
}

static void add_word(struct arena *a, struct words *out, Str text, bool aside, bool us)
{
    if (out->count == ADDRESS_WORDS_MAX || text.len == 0) return;
    Str folded = str_eq(text, S("#")) || str_eq(text, S("&")) ? text : str_lower(a, text);
    for (size_t i = 0; i < folded.len; i++)
        if ((unsigned char)folded.ptr[i] >= 0x80) {
            folded = utf8_fold(a, text);
            break;
        }
    if (folded.len == 0) return;
    struct word *w = &out->item[out->count++];
    *w = (struct word){.text = folded, .segment = out->segments, .aside = aside};
    classify(w, us);
}

/* "apt4", "flat26": the designator and what it names. */
static void add_glued(struct arena *a, struct words *out, Str text, bool aside, bool us)
{
    static const char *const glued[] = {"apartment", "apt", "flat", "unit", "room", "rm", "suite", "ste"};
    for (size_t i = 0; i < COUNT_OF(glued); i++) {
        Str head = str_of(glued[i]);
        if (!us && str_eq(head, S("rm"))) continue; /* RM7 is Romford */
        if (text.len <= head.len || !is_digit(text.ptr[head.len])) continue;
        if (!str_eq_nocase(str_slice(text, 0, head.len), head)) continue;
        add_word(a, out, head, aside, us);
        add_word(a, out, str_slice(text, head.len, text.len), aside, us);
        return;
    }
    /* "i94" */
    int64_t number = 0;
    if (us && text.len > 1 && text.len < 5 && (text.ptr[0] == 'i' || text.ptr[0] == 'I') &&
        str_to_i64(str_slice(text, 1, text.len), &number) == OK) {
        add_word(a, out, S("i"), aside, us);
        text = str_slice(text, 1, text.len);
    }
    add_word(a, out, text, aside, us);
}

/* May the mark at `i` stay inside a word? "26-28", "2/1", "2-e" (closed up), "i-94", "p.o." */
static bool keeps_word(Str text, size_t from, size_t i, bool *silent)
{
    char mark = text.ptr[i];
    *silent = true;
    if (mark == '\'') return true;
    if (i + 1 >= text.len || !is_word_char(text.ptr[i + 1]) || i == from) return false;
    size_t end = i + 1;
    while (end < text.len && is_word_char(text.ptr[end]))
        end++;
    Str left = str_slice(text, from, i), right = str_slice(text, i + 1, end);
    if (mark == '.') return !has_digit(left) && !has_digit(right) && (left.len == 1 || right.len == 1);
    if (mark == '/') {
        *silent = false;
        return has_digit(left) && has_digit(right);
    }
    if (mark != '-') return false;
    if (has_digit(left) && has_digit(right)) {
        *silent = false;
        return true;
    }
    return (has_digit(left) && right.len == 1) || (left.len == 1 && has_digit(right));
}

/* Reads one word from `i` on; the bytes kept go to `to`. Returns where it ends. */
static size_t read_word(Str text, size_t i, char *to, size_t *len)
{
    size_t from = i;
    *len = 0;
    while (i < text.len) {
        bool silent = false;
        if (is_word_char(text.ptr[i])) {
            to[(*len)++] = text.ptr[i++];
        } else if (keeps_word(text, from, i, &silent)) {
            if (!silent) to[(*len)++] = text.ptr[i];
            i++;
            if (text.ptr[i - 1] == '.') from = i;
        } else {
            break;
        }
    }
    return i;
}

/* A mark between words: commas and brackets end a segment. */
static void read_mark(struct arena *a, struct words *out, Str text, size_t i, bool *aside, bool us)
{
    char c = text.ptr[i];
    bool lone_dash =
        c == '-' && i > 0 && text.ptr[i - 1] == ' ' && i + 1 < text.len && text.ptr[i + 1] == ' ';
    if (strchr(",;:|\n()[]", c) != NULL || lone_dash) out->segments++;
    if (c == '(' || c == '[') *aside = true;
    if (c == ')' || c == ']') *aside = false;
    if (c == '#') add_word(a, out, S("#"), *aside, us);
    /* "c/o", "o/s" and "w/b" are no crossings. */
    bool letters = c == '/' && i >= 1 && text.ptr[i - 1] != ' ' && (i < 2 || !is_word_char(text.ptr[i - 2]));
    if (c == '&' || c == '@' || (c == '/' && !letters)) add_word(a, out, S("&"), *aside, us);
}

void address_split(struct arena *a, Str text, bool us, struct words *out)
{
    *out = (struct words){.count = 0};
    text = utf8_clean(a, str_slice(text, 0, TEXT_BYTES_MAX));
    char *flat = str_cstr(a, text);
    for (size_t i = 0; i + 2 < text.len; i++)
        if (memcmp(flat + i, "\xE2\x80\x99", 3) == 0) memcpy(flat + i, "'''", 3);
    text.ptr = flat;
    bool aside = false;
    size_t i = 0;
    while (i < text.len && out->count < ADDRESS_WORDS_MAX) {
        char *to = NEW_ARRAY(a, char, text.len - i + 1);
        size_t len = 0, end = read_word(text, i, to, &len);
        if (len > 0) {
            add_glued(a, out, (Str){to, len}, aside, us);
        } else if (end == i) {
            read_mark(a, out, text, i, &aside, us);
            end = i + 1;
        }
        i = end;
    }
    out->segments++;
}
