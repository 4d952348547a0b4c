/* How a name sounds: two keys for English letters. */
#include "compare/name.h"

struct key {
    char *out;
    size_t len;
};

static void key_add(struct key *k, char c)
{
    if (k->len + 1 < NAME_KEY_MAX) k->out[k->len++] = c;
    k->out[k->len] = '\0';
}

static char key_last(const struct key *k)
{
    return k->len ? k->out[k->len - 1] : '\0';
}

/* The letters of a part, upper case; everything else is passed over. */
static size_t letters_upper(Str part, char *out, size_t room)
{
    size_t len = 0;
    for (size_t i = 0; i < part.len && len + 1 < room; i++) {
        char c = part.ptr[i];
        if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
        if (c >= 'A' && c <= 'Z') out[len++] = c;
    }
    out[len] = '\0';
    return len;
}

void name_soundex_refined(Str part, char out[NAME_KEY_MAX])
{
    static const char DIGITS[] = "01360240043788015936020505"; /* A to Z */
    char name[NAME_CHARS_MAX];
    size_t len = letters_upper(part, name, sizeof name);
    struct key key = {out, 0};
    out[0] = '\0';
    if (len == 0) return;
    key_add(&key, name[0]);
    for (size_t i = 0; i < len; i++) {
        char digit = DIGITS[name[i] - 'A'];
        if (digit != key_last(&key)) key_add(&key, digit);
    }
}

static bool is_vowel(char c)
{
    return c == 'A' || c == 'E' || c == 'I' || c == 'O' || c == 'U';
}

struct beginning {
    const char *from, *to;
};

static void nysiis_beginning(char *name)
{
    static const struct beginning BEGINNINGS[] = {{"MAC", "MCC"}, {"KN", "NN"}, {"K", "C"},
                                                  {"PH", "FF"},   {"PF", "FF"}, {"SCH", "SSS"}};
    for (size_t i = 0; i < COUNT_OF(BEGINNINGS); i++) {
        size_t len = strlen(BEGINNINGS[i].from);
        if (strncmp(name, BEGINNINGS[i].from, len) != 0) continue;
        memcpy(name, BEGINNINGS[i].to, len);
        return;
    }
}

/* EE and IE become Y; DT, RT, RD, NT and ND become D. Returns the new length. */
static size_t nysiis_ending(char *name, size_t len)
{
    static const char *const D_ENDINGS[] = {"DT", "RT", "RD", "NT", "ND"};
    if (len < 2) return len;
    char *end = name + len - 2;
    char replaced = '\0';
    if (strcmp(end, "EE") == 0 || strcmp(end, "IE") == 0) replaced = 'Y';
    for (size_t i = 0; i < COUNT_OF(D_ENDINGS); i++)
        if (strcmp(end, D_ENDINGS[i]) == 0) replaced = 'D';
    if (!replaced) return len;
    end[0] = replaced;
    end[1] = '\0';
    return len - 1;
}

/* The sound of the letter at i; `step` is how many letters it takes. */
static char nysiis_letter(const char *name, size_t i, const struct key *key, size_t *step)
{
    char c = name[i], next = name[i + 1], before = name[i - 1];
    *step = 1;
    switch (c) {
    case 'Q':
        return 'G';
    case 'Z':
        return 'S';
    case 'M':
        return 'N';
    case 'K':
        return next == 'N' ? 'N' : 'C';
    case 'S':
        if (next == 'C' && name[i + 2] == 'H') *step = 3;
        return 'S';
    case 'P':
        if (next != 'H') return 'P';
        *step = 2;
        return 'F';
    case 'H':
        if (is_vowel(before) && (next == '\0' || is_vowel(next))) return 'H';
        return is_vowel(before) ? 'A' : key_last(key);
    case 'W':
        return is_vowel(before) ? 'A' : 'W';
    default:
        return is_vowel(c) ? 'A' : c;
    }
}

void name_nysiis(Str part, char out[NAME_KEY_MAX])
{
    char name[NAME_CHARS_MAX + 2] = {0}; /* two letters may be looked at beyond the last */
    size_t len = letters_upper(part, name, NAME_CHARS_MAX), step = 1;
    struct key key = {out, 0};
    out[0] = '\0';
    if (len == 0) return;
    nysiis_beginning(name);
    len = nysiis_ending(name, len);
    key_add(&key, name[0]);
    for (size_t i = 1; i < len; i += step) {
        if (name[i] == 'E' && name[i + 1] == 'V') {
            if (key_last(&key) != 'A') key_add(&key, 'A');
            key_add(&key, 'F');
            step = 2;
            continue;
        }
        char c = nysiis_letter(name, i, &key, &step);
        if (c != key_last(&key)) key_add(&key, c);
    }
    if (key.len > 1 && key_last(&key) == 'S') out[--key.len] = '\0';
    if (key.len > 2 && key_last(&key) == 'Y' && out[key.len - 2] == 'A') {
        out[key.len - 2] = 'Y';
        out[--key.len] = '\0';
    }
    if (key.len > 1 && key_last(&key) == 'A') out[--key.len] = '\0';
}
