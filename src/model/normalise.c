#include "model/normalise.h"
#include "base/utf8.h"

#include <arpa/inet.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static Str trim_chars(Str s, const char *chars)
{
    while (s.len > 0 && strchr(chars, s.ptr[0]) != NULL)
        s = str_slice(s, 1, s.len);
    while (s.len > 0 && strchr(chars, s.ptr[s.len - 1]) != NULL)
        s.len--;
    return s;
}

/* The same text without the characters in `chars`. */
static Str without(struct arena *a, Str s, const char *chars)
{
    char *to = NEW_ARRAY(a, char, s.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == '\0' || strchr(chars, s.ptr[i]) == NULL) to[len++] = s.ptr[i];
    return (Str){to, len};
}

/* Mail providers that deliver a.b+tag@ to ab@. Each states so in its own help pages. */
struct mail_provider {
    const char *domain, *canonical;
    bool ignores_dots;
};
static const struct mail_provider mail_provider[] = {
    {"gmail.com", "gmail.com", true},
    {"googlemail.com", "gmail.com", true},
    {"protonmail.com", "proton.me", true},
    {"proton.me", "proton.me", true},
    {"pm.me", "proton.me", true},
    {"outlook.com", "outlook.com", false},
    {"hotmail.com", "hotmail.com", false},
    {"hotmail.co.uk", "hotmail.co.uk", false},
    {"live.com", "live.com", false},
    {"live.co.uk", "live.co.uk", false},
    {"msn.com", "msn.com", false},
    {"icloud.com", "icloud.com", false},
    {"me.com", "icloud.com", false},
    {"mac.com", "icloud.com", false},
    {"fastmail.com", "fastmail.com", false},
};

static bool domain_valid(Str domain)
{
    size_t labels = 0;
    Str label;
    while (str_next(&domain, '.', &label)) {
        if (label.len == 0 || label.len > 63 || label.ptr[0] == '-' || label.ptr[label.len - 1] == '-')
            return false;
        for (size_t i = 0; i < label.len; i++)
            if (!is_alnum(label.ptr[i]) && label.ptr[i] != '-' && (unsigned char)label.ptr[i] < 0x80)
                return false;
        labels++;
    }
    return labels >= 2;
}

/* The word with the @ in it: "Jay <mailto:jay@site.org>" holds one, two addresses are too many. */
static Str mail_word(Str text)
{
    size_t at = str_find_char(text, '@');
    if (at == STR_NPOS || str_find_char(str_slice(text, at + 1, text.len), '@') != STR_NPOS) return STR_NONE;
    size_t from = at, to = at;
    while (from > 0 && strchr(" \t<>\"(),;:[]", text.ptr[from - 1]) == NULL)
        from--;
    while (to < text.len && strchr(" \t<>\"(),;:[]", text.ptr[to]) == NULL)
        to++;
    return trim_chars(str_slice(text, from, to), ".'");
}

Str normalise_email(struct arena *a, Str text)
{
    Str word = mail_word(str_lower(a, utf8_clean(a, text)));
    if (!str_present(word)) return S("");
    size_t at = str_find_char(word, '@');
    Str local = str_slice(word, 0, at), domain = str_slice(word, at + 1, word.len);
    if (local.len == 0 || !domain_valid(domain)) return S("");
    for (size_t i = 0; i < COUNT_OF(mail_provider); i++) {
        const struct mail_provider *p = &mail_provider[i];
        if (!str_eq(domain, str_of(p->domain))) continue;
        size_t plus = str_find_char(local, '+');
        if (plus != STR_NPOS && plus > 0) local.len = plus;
        if (p->ignores_dots) local = without(a, local, ".");
        domain = str_of(p->canonical);
        break;
    }
    return local.len == 0 ? S("") : str_format(a, "%.*s@%.*s", STR_ARG(local), STR_ARG(domain));
}

Str normalise_handle(struct arena *a, Str text)
{
    text = str_trim(text);
    /* A profile's page names its owner at the end: ".../in/jay-dunn/?x=1". */
    if (str_find(text, S("://")) != STR_NPOS || str_starts(text, S("www."))) {
        size_t query = str_find_char(text, '?');
        if (query != STR_NPOS) text.len = query;
        text = trim_chars(text, "/");
        size_t scheme = str_find(text, S("://"));
        if (scheme != STR_NPOS) text = str_slice(text, scheme + 3, text.len);
        for (size_t slash; (slash = str_find_char(text, '/')) != STR_NPOS;)
            text = str_slice(text, slash + 1, text.len);
    }
    return without(a, utf8_fold(a, text), " ");
}

static bool word_listed(const char *const *list, size_t count, Str word)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(str_of(list[i]), word)) return true;
    return false;
}
#define LISTED(list, word) word_listed(list, COUNT_OF(list), word)

static const char *const title[] = {
    "mr",   "mrs",  "ms",   "miss", "mx",   "master",   "dr",   "doctor", "prof", "professor", "sir",
    "dame", "lord", "lady", "rev",  "revd", "reverend", "fr",   "hon",    "capt", "captain",   "sgt",
    "pc",   "dc",   "ds",   "mme",  "mlle", "herr",     "frau", "sr",     "sra"};
static const char *const generation[] = {"jr", "junior", "snr", "senior", "ii", "iii", "iv"};
static const char *const letters_after[] = {"md",  "phd", "rn", "esq", "obe", "mbe",
                                            "cbe", "qc",  "kc", "dds", "do"};
static const char *const nobody[] = {"unknown",
                                     "unknown male",
                                     "unknown female",
                                     "unknown man",
                                     "unknown woman",
                                     "unidentified",
                                     "unidentified male",
                                     "unidentified female",
                                     "not known",
                                     "not stated",
                                     "nk",
                                     "n k",
                                     "na",
                                     "n a",
                                     "none",
                                     "anonymous",
                                     "john doe",
                                     "jane doe",
                                     "tbc",
                                     "withheld"};

/* Appends the folded words of one part of a name. Titles go from its front; "Jr" and its like wait in `late`.
 */
static void take_name_words(struct arena *a, Str part, struct str_list *out, Str *late)
{
    struct str_list words = str_split(a, utf8_fold(a, part), ' ');
    bool front = true;
    for (size_t i = 0; i < words.count; i++) {
        Str word = words.item[i];
        if (word.len == 0 || (front && LISTED(title, word))) continue;
        front = false;
        if (out->count > 0 && LISTED(generation, word)) {
            bool younger = str_eq(word, S("jr")) || str_eq(word, S("junior"));
            bool older = str_eq(word, S("snr")) || str_eq(word, S("senior"));
            *late = younger ? S("jr") : older ? S("sr") : word;
        } else {
            out->item[out->count++] = word;
        }
    }
}

/* Drops what stands in brackets or double quotes (by-names) and everything from "aka" on. */
static Str main_name(struct arena *a, Str text)
{
    char *to = NEW_ARRAY(a, char, text.len + 1);
    size_t len = 0, depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '"') quoted = !quoted;
        if (c == '(' || c == '[') depth++;
        bool inside = quoted || depth > 0 || c == '"';
        if ((c == ')' || c == ']') && depth > 0) depth--;
        if (c == '\'') continue;
        to[len++] = inside ? ' ' : c;
    }
    Str name = {to, len}, lower = str_lower(a, name);
    static const char *const also[] = {" aka ",   " a.k.a. ", " a.k.a ",
                                       " a/k/a ", " alias ",  " also known as "};
    for (size_t i = 0; i < COUNT_OF(also); i++) {
        size_t at = str_find(lower, str_of(also[i]));
        if (at != STR_NPOS && at < name.len) name.len = at;
    }
    return name;
}

/* U+2019 and U+02BC to the apostrophe of the keyboard. */
static Str plain_apostrophes(struct arena *a, Str s)
{
    char *to = NEW_ARRAY(a, char, s.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        Str rest = str_slice(s, i, s.len);
        size_t skip = str_starts(rest, S("\xE2\x80\x99")) ? 3 : str_starts(rest, S("\xCA\xBC")) ? 2 : 0;
        to[len++] = skip > 0 ? '\'' : s.ptr[i];
        if (skip > 0) i += skip - 1;
    }
    return (Str){to, len};
}

Str normalise_name(struct arena *a, Str text)
{
    Str name = main_name(a, plain_apostrophes(a, utf8_clean(a, text)));
    struct str_list out = {NEW_ARRAY(a, Str, name.len + 2), 0};
    Str late = STR_NONE, rest = name, surname = S(""), part;
    if (str_next(&rest, ',', &part)) surname = part;
    bool turned = false;
    while (str_next(&rest, ',', &part)) {
        Str folded = utf8_fold(a, part);
        if (LISTED(letters_after, folded)) continue;
        struct str_list before = out;
        take_name_words(a, part, &out, &late);
        /* "Smith, Jr": nothing but a generation is no given name. */
        if (out.count == before.count + 1 && LISTED(generation, out.item[before.count])) {
            late = str_eq(out.item[before.count], S("junior")) ? S("jr") : out.item[before.count];
            out.count = before.count;
        }
        turned = turned || out.count > before.count;
    }
    struct str_list all = {NEW_ARRAY(a, Str, name.len + 3), 0};
    for (size_t i = 0; i < out.count; i++)
        all.item[all.count++] = out.item[i];
    struct str_list last = {NEW_ARRAY(a, Str, name.len + 2), 0};
    take_name_words(a, surname, &last, &late);
    for (size_t i = 0; i < last.count; i++)
        all.item[all.count++] = last.item[i];
    if (all.count > 0 && str_present(late)) all.item[all.count++] = late;
    Str joined = str_join(a, &all, S(" "));
    /* A title alone is better than nothing. */
    if (joined.len == 0 && !turned) joined = utf8_fold(a, name);
    return LISTED(nobody, joined) ? S("") : joined;
}

static bool is_letter(char c)
{
    return is_alnum(c) && !is_digit(c);
}

/* A9, A99, AA9, AA99, A9A, AA9A: the length of an outward code that is exactly `s`. */
static bool outward_valid(Str s)
{
    if (s.len < 2 || s.len > 4 || !is_letter(s.ptr[0])) return false;
    size_t i = is_letter(s.ptr[1]) ? 2 : 1;
    if (i >= s.len || !is_digit(s.ptr[i])) return false;
    i++;
    if (i < s.len) i++; /* a second digit or a letter */
    return i == s.len;
}

/* Letters never used in the second half: C I K M O V (Royal Mail). */
static bool inward_valid(Str s)
{
    if (s.len != 3 || !is_digit(s.ptr[0])) return false;
    for (size_t i = 1; i < 3; i++)
        if (!is_letter(s.ptr[i]) || strchr("CIKMOV", s.ptr[i]) != NULL) return false;
    return true;
}

static Str normalise_zip(Str upper)
{
    size_t from = upper.len > 2 && is_letter(upper.ptr[0]) && is_letter(upper.ptr[1]) ? 2 : 0;
    Str digits = str_slice(upper, from, upper.len);
    if (str_ends(digits, S(".0"))) digits.len -= 2; /* a spreadsheet's number */
    size_t n = 0;
    while (n < digits.len && is_digit(digits.ptr[n]))
        n++;
    bool plain = digits.len == 5 && n == 5, joined = digits.len == 9 && n == 9;
    bool plus_four = digits.len == 10 && n == 5 && digits.ptr[5] == '-';
    for (size_t i = 6; plus_four && i < 10; i++)
        plus_four = is_digit(digits.ptr[i]);
    return plain || joined || plus_four ? str_slice(digits, 0, 5) : STR_NONE;
}

Str normalise_postcode(struct arena *a, Str text)
{
    Str tight = without(a, str_trim(text), " \t,");
    char *upper = str_cstr(a, tight);
    for (size_t i = 0; i < tight.len; i++)
        if (upper[i] >= 'a' && upper[i] <= 'z') upper[i] = (char)(upper[i] - 'a' + 'A');
    Str code = {upper, tight.len};
    Str zip = normalise_zip(code);
    if (str_present(zip)) return zip;
    if (str_eq(code, S("GIR0AA"))) return S("GIR 0AA");
    if (outward_valid(code)) return code;
    if (code.len < 5 || code.len > 7) return STR_NONE;
    Str outward = str_slice(code, 0, code.len - 3), inward = str_slice(code, code.len - 3, code.len);
    /* The letter O where only a digit can stand. */
    if (inward.ptr[0] == 'O') upper[code.len - 3] = '0';
    if (!outward_valid(outward) || !inward_valid(inward)) return STR_NONE;
    return str_format(a, "%.*s %.*s", STR_ARG(outward), STR_ARG(inward));
}

Str normalise_code_number(struct arena *a, Str text)
{
    Str folded = utf8_fold(a, text);
    char *to = NEW_ARRAY(a, char, folded.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < folded.len; i++) {
        char c = folded.ptr[i];
        if (is_alnum(c)) to[len++] = is_letter(c) ? (char)(c - 'a' + 'A') : c;
    }
    return (Str){to, len};
}

/* 14 digits name a handset; the 15th checks them, a 15th and 16th number its software (3GPP TS 23.003). */
static Str normalise_imei(struct arena *a, Str text)
{
    Str code = normalise_code_number(a, text);
    if (str_starts(code, S("IMEI"))) code = str_slice(code, 4, code.len);
    for (size_t i = 0; i < code.len; i++)
        if (!is_digit(code.ptr[i])) return code;
    return code.len >= 14 && code.len <= 16 ? str_slice(code, 0, 14) : code;
}

/* One spelling of an IPv4 or IPv6 address; a port and brackets are dropped. "" for anything else. */
static Str normalise_ip(struct arena *a, Str text)
{
    Str s = str_trim(text);
    size_t close = str_find_char(s, ']');
    if (str_starts(s, S("[")) && close != STR_NPOS) s = str_slice(s, 1, close);
    size_t colon = str_find_char(s, ':');
    bool one_colon = colon != STR_NPOS && str_find_char(str_slice(s, colon + 1, s.len), ':') == STR_NPOS;
    if (one_colon) s.len = colon;
    char *cstr = str_cstr(a, s);
    struct in6_addr address;
    char *out = NEW_ARRAY(a, char, INET6_ADDRSTRLEN);
    int family = str_find_char(s, ':') == STR_NPOS ? AF_INET : AF_INET6;
    if (inet_pton(family, cstr, &address) != 1) return S("");
    if (inet_ntop(family, &address, out, INET6_ADDRSTRLEN) == NULL) return S("");
    return str_of(out);
}

Str normalise_identifier(struct arena *a, Str type, Str text, Str region)
{
    if (str_eq(type, S("phone"))) return normalise_phone(a, text, region);
    if (str_eq(type, S("email"))) return normalise_email(a, text);
    if (str_eq(type, S("handle"))) return normalise_handle(a, text);
    if (str_eq(type, S("address"))) return normalise_address(a, text, region);
    if (str_eq(type, S("ip"))) return normalise_ip(a, text);
    if (str_eq(type, S("imei"))) return normalise_imei(a, text);
    /* An account is a number, a mail address or a screen name. */
    if (str_eq(type, S("account")) && str_find_char(text, '@') != STR_NPOS) {
        Str mail = normalise_email(a, text);
        if (mail.len > 0) return mail;
    }
    return normalise_code_number(a, text);
}
