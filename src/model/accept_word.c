/* Given values that are text: words of a list, names, narratives, references. */
#include "model/accept.h"

#include "base/utf8.h"
#include "model/normalise.h"
#include "model/suggest.h"

#define SHOWN_MAX 60

int accept_shown(Str s)
{
    size_t n = s.len < SHOWN_MAX ? s.len : SHOWN_MAX;

    while (n > 0 && n < s.len && ((unsigned char)s.ptr[n] & 0xC0) == 0x80)
        n--;
    return (int)n;
}

static enum status take_string(const struct accept *c, const Json *v, Str *out)
{
    Str s = json_str(v);
    size_t at;

    if (json_type(v) != JSON_STRING)
        return ERR(c->e, E_INVALID, c->field, "%s was given; write a text in quotes", json_type_name(v));
    if (!utf8_valid(s, &at))
        return ERR(c->e, E_INVALID, c->field, "the text is not UTF-8 (byte %zu)", at + 1);
    *out = s;
    return OK;
}

static enum status refuse_empty(const struct accept *c)
{
    return ERR(c->e, E_INVALID, c->field,
               "the text is empty; leave the field out, or write null to withdraw it");
}

static enum status refuse_long(const struct accept *c, size_t len, size_t bytes_max)
{
    return ERR(c->e, E_INVALID, c->field, "the text is %zu bytes long; at most %zu are taken", len,
               bytes_max);
}

static Str on_one_line(struct arena *a, Str s)
{
    char *copy = str_cstr(a, s);

    for (size_t i = 0; i < s.len; i++) {
        if (copy[i] == '\n' || copy[i] == '\t') copy[i] = ' ';
    }
    return (Str){copy, s.len};
}

enum status accept_text(const struct accept *c, const Json *v, size_t bytes_max, bool one_line, Str *out)
{
    Str s;

    TRY(take_string(c, v, &s));
    s = utf8_clean(c->a, s);
    if (one_line) s = on_one_line(c->a, s);
    s = str_trim(s);
    if (str_empty(s)) return refuse_empty(c);
    if (s.len > bytes_max) return refuse_long(c, s.len, bytes_max);
    *out = s;
    return OK;
}

static bool is_word(Str s)
{
    if (s.len == 0 || s.len > ACCEPT_WORD_BYTES_MAX) return false;
    for (size_t i = 0; i < s.len; i++) {
        char ch = s.ptr[i];
        bool ok = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
                  ch == '_' || ch == '-';
        if (!ok) return false;
    }
    return true;
}

static enum status refuse_code(const struct accept *c, Str word, const char *values)
{
    struct suggest s = suggest_for(word);
    Str rest = str_of(values), one, best;

    while (str_next(&rest, ' ', &one))
        suggest_try(&s, one);
    best = suggest_best(&s);
    if (str_present(best))
        return ERR(c->e, E_INVALID, c->field, "\"%.*s\" is not in the list; did you mean %.*s? Accepted: %s",
                   accept_shown(word), word.ptr, STR_ARG(best), values);
    return ERR(c->e, E_INVALID, c->field, "\"%.*s\" is not in the list. Accepted: %s", accept_shown(word),
               word.ptr, values);
}

enum status accept_code(const struct accept *c, const Json *v, const char *values, Str *out)
{
    Str s;

    TRY(take_string(c, v, &s));
    s = str_trim(s);
    if (str_empty(s)) return refuse_empty(c);
    if (values[0] ? !field_value_listed(values, s) : false) return refuse_code(c, s, values);
    if (!is_word(s))
        return ERR(c->e, E_INVALID, c->field,
                   "\"%.*s\" is not a code: write one word of at most %d letters, digits, _ and -",
                   accept_shown(s), s.ptr, ACCEPT_WORD_BYTES_MAX);
    *out = str_copy(c->a, s);
    return OK;
}

enum status accept_substance(const struct accept *c, const Json *v, Str *out)
{
    Str s, code, folded;
    char *word;

    TRY(accept_text(c, v, ACCEPT_TEXT_BYTES_MAX, true, &s));
    code = c->policy->substances ? vocabulary_find(c->policy->substances, s) : STR_NONE;
    if (str_present(code)) {
        *out = str_copy(c->a, code);
        return OK;
    }
    folded = utf8_fold(c->a, s);
    if (str_empty(folded))
        return ERR(c->e, E_INVALID, c->field, "\"%.*s\" names no substance; write its name", accept_shown(s),
                   s.ptr);
    if (folded.len > ACCEPT_SUBSTANCE_BYTES_MAX)
        return refuse_long(c, folded.len, ACCEPT_SUBSTANCE_BYTES_MAX);
    word = str_cstr(c->a, folded);
    for (size_t i = 0; i < folded.len; i++) {
        if (word[i] == ' ') word[i] = '_';
    }
    *out = (Str){word, folded.len};
    return OK;
}

enum status accept_yesno(const struct accept *c, const Json *v, Str *out)
{
    if (json_type(v) == JSON_BOOL) {
        *out = json_bool(v) ? S("yes") : S("no");
        return OK;
    }
    return accept_code(c, v, "yes no unknown", out);
}

enum status accept_postcode(const struct accept *c, const Json *v, Str *out)
{
    Str s, code;

    TRY(accept_text(c, v, ACCEPT_TEXT_BYTES_MAX, true, &s));
    code = normalise_postcode(c->a, s);
    if (str_empty(code))
        return ERR(
            c->e, E_INVALID, c->field,
            "\"%.*s\" is not a postcode: write one of the United Kingdom, IG11 7AA or just IG11, or of the "
            "United States, 53220",
            accept_shown(s), s.ptr);
    *out = code;
    return OK;
}

enum status accept_id(const struct accept *c, const Json *v, Str *out)
{
    Str s;

    TRY(take_string(c, v, &s));
    s = str_trim(s);
    if (str_empty(s)) return refuse_empty(c);
    if (s.len > ACCEPT_ID_BYTES_MAX) return refuse_long(c, s.len, ACCEPT_ID_BYTES_MAX);
    for (size_t i = 0; i < s.len; i++) {
        unsigned char ch = (unsigned char)s.ptr[i];
        if (ch < 0x20 || ch == 0x7F)
            return ERR(c->e, E_INVALID, c->field,
                       "the id holds a control character; write printable text only");
    }
    *out = str_copy(c->a, s);
    return OK;
}
