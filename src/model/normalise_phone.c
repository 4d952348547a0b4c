#include "base/utf8.h"
#include "model/normalise.h"

#define DIGITS_MAX 32

/* The digits of one number, and whether it was marked as international. */
struct dialled {
    char digit[DIGITS_MAX];
    size_t count;
    bool international;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void drop_front(struct dialled *d, size_t n)
{
    memmove(d->digit, d->digit + n, d->count - n);
    d->count -= n;
}

static bool starts(const struct dialled *d, const char *digits)
{
    size_t n = strlen(digits);
    return d->count >= n && memcmp(d->digit, digits, n) == 0;
}

/* Reads one number. Letters before it are a label ("tel", "mob"); letters after it end it; letters
 * in the middle of it make it none. false when it has too many digits. */
static bool read_number(Str text, struct dialled *d)
{
    *d = (struct dialled){.count = 0};
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        Str rest = str_slice(text, i, text.len);
        /* "(0)" is dialled only at home. */
        if (d->count > 0 && d->international && str_starts(rest, S("(0)"))) {
            i += 2;
            continue;
        }
        if (is_digit(c)) {
            if (d->count == DIGITS_MAX) return false;
            d->digit[d->count++] = c;
        } else if (c == '+') {
            if (d->count > 0) break;
            d->international = true;
        } else if (d->count > 0 && (is_letter(c) || c == '#' || c == ';')) {
            return d->count >= 7; /* "x12", "ext. 12", "#12": an extension, or a remark */
        }
    }
    return true;
}

/* Takes off the prefix that is dialled for abroad, so that the country's number comes first. */
static void drop_exit_code(struct dialled *d, bool us)
{
    if (d->international) {
        if (starts(d, "00")) drop_front(d, 2); /* "+0044" */
        return;
    }
    if (us && starts(d, "011") && d->count > 11) {
        drop_front(d, 3);
        d->international = true;
    } else if (starts(d, "00")) {
        drop_front(d, 2);
        d->international = true;
    }
}

/* North American Numbering Plan: ten digits, area and exchange beginning with 2 to 9. */
static bool nanp_valid(const char *ten)
{
    return ten[0] >= '2' && ten[3] >= '2' && !(ten[1] == '9' && ten[2] == '9');
}

/* The national significant number of the United Kingdom: nine or ten digits, mobiles always ten. */
static bool gb_valid(const char *digit, size_t count)
{
    if (count < 9 || count > 10 || strchr("1235789", digit[0]) == NULL) return false;
    return count == 10 || digit[0] == '1' || digit[0] == '8' || digit[0] == '5';
}

/* Is every digit the same? Nobody's number is; clerks fill a box that way. */
static bool filler(const struct dialled *d)
{
    for (size_t i = 1; i < d->count; i++)
        if (d->digit[i] != d->digit[0]) return false;
    return true;
}

static Str with_country(struct arena *a, const char *country, const char *digit, size_t count)
{
    return str_format(a, "+%s%.*s", country, (int)count, digit);
}

static Str from_abroad(struct arena *a, struct dialled *d)
{
    if (starts(d, "44")) {
        drop_front(d, 2);
        if (starts(d, "0")) drop_front(d, 1); /* "+44 07700 ..." */
        return gb_valid(d->digit, d->count) ? with_country(a, "44", d->digit, d->count) : S("");
    }
    if (starts(d, "1"))
        return d->count == 11 && nanp_valid(d->digit + 1) ? with_country(a, "", d->digit, d->count) : S("");
    bool possible = d->count >= 8 && d->count <= 15 && d->digit[0] != '0';
    return possible ? with_country(a, "", d->digit, d->count) : S("");
}

static Str from_home(struct arena *a, struct dialled *d, bool us)
{
    if (us) {
        if (d->count == 11 && d->digit[0] == '1') drop_front(d, 1);
        return d->count == 10 && nanp_valid(d->digit) ? with_country(a, "1", d->digit, 10) : S("");
    }
    if (starts(d, "0")) {
        drop_front(d, 1);
        return gb_valid(d->digit, d->count) ? with_country(a, "44", d->digit, d->count) : S("");
    }
    /* "447700900126" without its plus, "7700900126" after a spreadsheet took its zero. */
    if (d->count == 12 && starts(d, "44")) return from_abroad(a, d);
    if (d->count == 10 && gb_valid(d->digit, d->count)) return with_country(a, "44", d->digit, d->count);
    return S("");
}

static Str one_number(struct arena *a, Str text, bool us)
{
    struct dialled d;
    if (!read_number(text, &d) || d.count < 7 || filler(&d)) return S("");
    drop_exit_code(&d, us);
    return d.international ? from_abroad(a, &d) : from_home(a, &d, us);
}

Str normalise_phone(struct arena *a, Str text, Str region)
{
    bool us = str_eq(region, S("US"));
    Str clean = utf8_clean(a, text);
    Str whole = one_number(a, clean, us);
    if (whole.len > 0) return whole;
    /* "07700 900126 / 07700 900127": the first that is a number. */
    char *text_copy = str_cstr(a, clean);
    for (size_t i = 0; i < clean.len; i++)
        if (strchr("/,;|", text_copy[i]) != NULL) text_copy[i] = '/';
    Str rest = {text_copy, clean.len}, piece;
    while (str_next(&rest, '/', &piece)) {
        Str found = one_number(a, piece, us);
        if (found.len > 0) return found;
    }
    return S("");
}
