/* Persons with errors, for the side-by-side runs: persons ROWS SEED writes a CSV with the columns of the
 * mapping historical_50k; `cluster` is the truth. Everything is invented: given names and trades from
 * src/synth, surnames and towns put together from syllables. The same rows and seed give the same bytes. */
#include "base/csv.h"
#include "synth/people.h"

#include <stdio.h>

#define SURNAMES  40000
#define TOWNS     900
#define ROWS_MOST 9
#define PERIOD    80 /* years in which they are born */

struct made {
    Str given, family, born, town, post, trade;
    char sex;
};

static Str from_syllables(struct arena *a, uint64_t number, const char *ending)
{
    static const char *const FIRST[] = {"bar", "wil",  "ha",   "thor", "mor", "ash", "cran",
                                        "pen", "stan", "whit", "hol",  "bra", "ken", "mar",
                                        "len", "dun",  "fair", "gre",  "os",  "rad"};
    static const char *const NEXT[] = {"ley",   "ton",  "by",   "ham", "wick", "field", "den",
                                       "worth", "ford", "ston", "er",  "low",  "man",   "well",
                                       "croft", "shaw", "son",  "nor", "cot",  "gate"};
    uint64_t n = number;
    Str s = str_of(FIRST[n % COUNT_OF(FIRST)]);
    for (n /= COUNT_OF(FIRST);; n /= COUNT_OF(NEXT)) {
        s = str_format(a, "%.*s%s", STR_ARG(s), NEXT[n % COUNT_OF(NEXT)]);
        if (n < COUNT_OF(NEXT)) break;
    }
    return str_format(a, "%.*s%s", STR_ARG(s), ending);
}

static Str post_in(struct arena *a, struct rng *r, uint64_t town)
{
    return str_format(a, "%c%c%u %u%c%c", (int)('a' + town % 26), (int)('a' + town / 26 % 26),
                      (unsigned)(1 + town / 676 + rng_below(r, 12)), (unsigned)rng_below(r, 10),
                      (int)('a' + rng_below(r, 20)), (int)('a' + rng_below(r, 20)));
}

static struct made make(struct arena *a, struct rng *r)
{
    struct made p = {.sex = rng_chance(r, 0.5) ? 'M' : 'F'};
    int year = 1900 + (int)rng_below(r, PERIOD);
    struct name name = synth_name(r, p.sex, 2000 - year);
    uint64_t town = synth_pick_skewed(r, TOWNS, 0.8);
    p.given = str_lower(a, str_of(name.given));
    if (rng_chance(r, 0.5))
        p.given = str_format(a, "%.*s %.*s", STR_ARG(p.given),
                             STR_ARG(str_lower(a, str_of(synth_name(r, p.sex, 2000 - year).given))));
    p.family = from_syllables(a, synth_pick_skewed(r, SURNAMES, 0.7), "");
    p.born = rng_chance(r, 0.2)
                 ? str_format(a, "%d-01-01", year)
                 : str_format(a, "%d-%02d-%02d", year, 1 + (int)rng_below(r, 12), 1 + (int)rng_below(r, 28));
    p.town = from_syllables(a, town, " town");
    p.post = post_in(a, r, town);
    const char *trade = synth_occupation(r, 40);
    p.trade = trade ? str_of(trade) : S("clerk");
    return p;
}

/* One letter or digit goes wrong: another, none, twice, or swapped with the next. */
static Str slip(struct arena *a, struct rng *r, Str s, const char *low, const char *high)
{
    size_t at = rng_below(r, s.len);
    char other = (char)(*low + (char)rng_below(r, (uint64_t)(*high - *low) + 1));
    Str before = str_slice(s, 0, at), after = str_slice(s, at + 1, s.len);
    if (s.ptr[at] < *low || s.ptr[at] > *high) return s;
    switch (*low == '0' ? 0 : rng_below(r, 3)) {
    case 0:
        return str_format(a, "%.*s%c%.*s", STR_ARG(before), other, STR_ARG(after));
    case 1:
        return s.len > 2 ? str_format(a, "%.*s%.*s", STR_ARG(before), STR_ARG(after)) : s;
    default:
        return str_format(a, "%.*s%c%c%.*s", STR_ARG(before), s.ptr[at], other, STR_ARG(after));
    }
}

static struct made again(struct arena *a, struct rng *r, struct made p)
{
    size_t blank = str_find_char(p.given, ' ');
    if (blank != STR_NPOS && rng_chance(r, 0.4)) p.given = str_slice(p.given, 0, blank);
    if (rng_chance(r, 0.12)) p.given = slip(a, r, p.given, "a", "z");
    if (rng_chance(r, 0.06)) p.given = str_slice(p.given, 0, 1);
    if (rng_chance(r, 0.15)) p.family = slip(a, r, p.family, "a", "z");
    if (rng_chance(r, 0.04)) p.family = from_syllables(a, synth_pick_skewed(r, SURNAMES, 0.7), "");
    if (rng_chance(r, 0.20)) p.born = slip(a, r, p.born, "0", "9");
    if (rng_chance(r, 0.15)) p.post = slip(a, r, p.post, "a", "z");
    if (rng_chance(r, 0.20)) p.born = S("");
    if (rng_chance(r, 0.12)) p.town = S("");
    if (rng_chance(r, 0.22)) p.post = S("");
    if (rng_chance(r, 0.40)) p.trade = S("");
    if (rng_chance(r, 0.20)) p.sex = 0;
    return p;
}

static void put_row(struct buf *b, struct arena *a, const struct made *p, uint64_t person, int copy)
{
    size_t blank = str_find_char(p->given, ' ');
    Str first = blank == STR_NPOS ? p->given : str_slice(p->given, 0, blank);
    buf_addf(b, "P%llu-%d,P%llu,", (unsigned long long)person, copy, (unsigned long long)person);
    csv_add_cell(b, str_format(a, "%.*s %.*s", STR_ARG(p->given), STR_ARG(p->family)), true, false);
    csv_add_cell(b, str_format(a, "%.*s %.*s", STR_ARG(first), STR_ARG(p->family)), false, false);
    csv_add_cell(b, first, false, false);
    csv_add_cell(b, p->family, false, false);
    csv_add_cell(b, p->born, false, false);
    csv_add_cell(b, p->town, false, false);
    csv_add_cell(b, p->post, false, false);
    csv_add_cell(b, p->sex == 0 ? S("") : p->sex == 'M' ? S("male") : S("female"), false, false);
    csv_add_cell(b, str_lower(a, p->trade), false, false);
    buf_add_char(b, '\n');
}

int main(int argc, char **argv)
{
    int64_t rows = 0, seed = 0;
    struct rng r;
    struct arena *a CLEANUP_ARENA = arena_new("persons", (size_t)16 << 20);
    struct buf b CLEANUP_BUF;
    if (argc != 3 || str_to_i64(str_of(argv[1]), &rows) != OK || str_to_i64(str_of(argv[2]), &seed) != OK) {
        (void)fputs("persons ROWS SEED: persons with errors, as CSV\n", stderr);
        return 64;
    }
    rng_seed(&r, (uint64_t)seed);
    buf_init(&b, (size_t)1 << 20);
    buf_add_cstr(&b, "unique_id,cluster,full_name,first_and_surname,first_name,surname,dob,birth_place,"
                     "postcode_fake,gender,occupation\n");
    for (uint64_t person = 1; rows > 0; person++) {
        struct made p = make(a, &r);
        int64_t copies = rng_between(&r, 1, ROWS_MOST);
        for (int copy = 1; copy <= copies && rows > 0; copy++, rows--) {
            struct made q = copy == 1 ? p : again(a, &r, p);
            put_row(&b, a, &q, person, copy);
        }
        (void)fwrite(b.ptr, 1, b.len, stdout);
        buf_clear(&b);
        arena_reset(a);
    }
    return 0;
}
