#include "model/address_parts.h"

struct range address_segment_range(const struct address *d, unsigned segment)
{
    struct range r = {0, 0};
    while (r.from < d->words.count &&
           (d->words.item[r.from].segment != segment || d->words.item[r.from].taken))
        r.from++;
    r.to = r.from;
    while (r.to < d->words.count && d->words.item[r.to].segment == segment && !d->words.item[r.to].taken)
        r.to++;
    return r;
}

static bool only_directions(const struct address *d, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if ((d->words.item[i].use & USE_DIRECTION) == 0) return false;
    return true;
}

/* "st" and "dr" before a name are saint and doctor. */
static bool is_title(const struct address *d, size_t from, size_t i, size_t to)
{
    Str text = d->words.item[i].text;
    if (str_eq(text, S("saint"))) return true;
    bool article = d->us && str_eq(text, S("la")); /* "La Salle" */
    if (!str_eq(text, S("st")) && !str_eq(text, S("dr")) && !article) return false;
    if (i + 1 >= to) return false;
    return i == from || (d->us && only_directions(d, from, i)) ||
           (i > from && (d->words.item[i - 1].use & USE_ROAD) != 0 && str_eq(text, S("st")));
}

/* The run of words that ends a street's name. false when the range has none. */
static bool find_suffix(const struct address *d, struct range r, bool numbered, struct range *suffix)
{
    const struct word *w = d->words.item;
    size_t found = r.to;
    for (size_t i = r.from + 1; i < r.to && found == r.to; i++)
        if ((w[i].use & USE_ROAD) != 0 && !is_title(d, r.from, i, r.to)) found = i;
    unsigned use = USE_ROAD;
    if (found == r.to) {
        use = USE_SOFT;
        for (size_t i = r.from + 1; i < r.to; i++)
            if ((w[i].use & USE_SOFT) != 0 && (found == r.to || !numbered)) found = i;
        if (found == r.to && r.from < r.to && (w[r.from].use & USE_ALONE) != 0) found = r.from;
    }
    if (found == r.to) return false;
    *suffix = (struct range){found, found + 1};
    while (suffix->to < r.to && (w[suffix->to].use & use) != 0 && !is_title(d, r.from, suffix->to, r.to))
        suffix->to++;
    if (suffix->to < r.to && (address_uses(w[suffix->to].text) & USE_DIRECTION) != 0 &&
        (w[suffix->to].text.len <= 2 || suffix->to + 1 == r.to))
        suffix->to++;
    return true;
}

/* The words [from, to) as they are compared; the street's last words begin at `suffix`. */
static Str street_text(struct address *d, size_t from, size_t suffix, size_t to)
{
    struct str_list parts = {NEW_ARRAY(d->a, Str, to - from + 1), 0};
    for (size_t i = from; i < to; i++) {
        const struct word *w = &d->words.item[i];
        bool before_suffix = i + 1 == suffix && suffix < to;
        unsigned ordinal = before_suffix ? address_ordinal(w->text) : 0;
        int64_t number = 0;
        if (before_suffix && w->kind == WORD_NUMBER && str_to_i64(w->text, &number) == OK)
            ordinal = (unsigned)number;
        Str text = i >= suffix ? address_canonical(w->text) : w->canonical;
        if (ordinal > 0 && ordinal < 1000) {
            static const char *const tail[] = {"th", "st", "nd", "rd"};
            unsigned last = ordinal % 100 >= 11 && ordinal % 100 <= 13 ? 0 : ordinal % 10;
            text = str_format(d->a, "%u%s", ordinal, tail[last < 4 ? last : 0]);
        } else if (i < suffix && (str_eq(w->text, S("saint")) || is_title(d, from, i, to))) {
            text = str_eq(w->text, S("saint")) ? S("st") : w->text;
        }
        parts.item[parts.count++] = text;
    }
    return str_join(d->a, &parts, S(" "));
}

/* Wisconsin's grid: "n95w25901", or "w156 n8480" in two words. */
static bool is_grid(Str s)
{
    if (s.len < 3 || strchr("nsew", s.ptr[0]) == NULL) return false;
    size_t digits = 0;
    for (size_t i = 1; i < s.len; i++) {
        if (s.ptr[i] >= '0' && s.ptr[i] <= '9')
            digits++;
        else if (strchr("nsew", s.ptr[i]) == NULL)
            return false;
    }
    return digits >= 2;
}

/* Takes a house number off the front of `r`. */
static Str take_house(struct address *d, struct range *r)
{
    struct word *w = d->words.item;
    size_t at = r->from;
    if (at + 1 < r->to && (w[at].use & USE_NUMBER_OF) != 0) at++;
    if (d->us && at < r->to && is_grid(w[at].text)) {
        Str grid = w[at++].text;
        if (at < r->to && is_grid(w[at].text)) {
            grid = str_format(d->a, "%.*s%.*s", STR_ARG(grid), STR_ARG(w[at].text));
            at++;
        }
        r->from = at;
        return grid;
    }
    if (at >= r->to || w[at].kind != WORD_NUMBER) return S("");
    /* "42 St" is the 42nd street. */
    if (at + 2 == r->to && (w[at + 1].use & USE_ROAD) != 0) return S("");
    Str house = address_drop_zeros(w[at++].text);
    if (at < r->to && str_eq(w[at].text, S("1/2"))) {
        at++;
        house = str_format(d->a, "%.*s 1/2", STR_ARG(house));
    } else if (!d->us && at + 1 < r->to && address_is_letter(w[at].text) && (w[at + 1].use & USE_ROAD) == 0) {
        house = str_format(d->a, "%.*s%.*s", STR_ARG(house), STR_ARG(w[at].text));
        at++;
    }
    size_t slash = str_find_char(house, '/');
    if (slash != STR_NPOS && slash > 0 && at < r->to && str_find_char(house, ' ') == STR_NPOS) {
        address_add_unit(d, UNIT_FLAT, str_slice(house, slash + 1, house.len));
        house = str_slice(house, 0, slash);
    }
    r->from = at;
    return house;
}

/* A number with a road behind it is where an address begins, whatever stood before; "the" counts only before
 * the likes of "green". */
static struct range skip_names(const struct address *d, struct range r)
{
    const struct word *w = d->words.item;
    size_t last_road = r.to;
    for (size_t i = r.from; i < r.to; i++)
        if ((w[i].use & USE_ROAD) != 0) last_road = i;
    for (size_t i = r.from + 1; last_road < r.to && i + 1 < last_road && w[r.from].kind != WORD_NUMBER; i++) {
        bool route = (w[i - 1].use & (USE_ROUTE | USE_DIRECTION)) != 0 || (d->us && is_grid(w[r.from].text));
        if (w[i].kind == WORD_NUMBER && !route) return (struct range){i, r.to};
    }
    while (r.from + 1 < r.to && str_eq(w[r.from].text, S("the")) && (w[r.from + 1].use & USE_SOFT) == 0)
        r.from++;
    return r;
}

/* The last word of a place's name ("church" of "st margarets church"), r.to when there is none. A prison's
 * name follows its word. */
static size_t place_end(const struct address *d, struct range r)
{
    size_t found = r.to;
    for (size_t i = r.from; i < r.to; i++) {
        const struct word *w = &d->words.item[i];
        if (str_eq(w->text, S("hmp")) && i + 1 < r.to) return r.to - 1;
        if ((w->use & USE_PLACE) != 0 && i > r.from) found = i;
    }
    return found;
}

/* "highway 41", "i 94", "county road q", "avenue l": the name follows its word. */
static bool route_name(struct address *d, struct range r, struct site *site)
{
    const struct word *w = d->words.item;
    size_t i = r.from;
    while (i + 1 < r.to && (w[i].use & (USE_ROUTE | USE_ROAD)) == 0)
        i++;
    while (i + 1 < r.to && (w[i + 1].use & (USE_ROUTE | USE_ROAD)) != 0)
        i++;
    if (i + 1 >= r.to || (w[i].use & (USE_ROUTE | USE_ROAD)) == 0) return false;
    const struct word *name = &w[i + 1];
    bool number = address_has_digit(name->text) && (w[i].use & USE_ROUTE) != 0;
    if (!number && !(address_is_letter(name->text) && d->us)) return false;
    bool county = i > r.from && str_eq(w[r.from].text, S("county"));
    site->name = str_format(d->a, "%s%.*s %.*s", county ? "county " : "", STR_ARG(w[i].canonical),
                            STR_ARG(name->text));
    site->rest = i + 2;
    site->kind = SITE_ROAD;
    site->uses = USE_ROAD;
    return true;
}

static bool looks_like_street(const struct address *d, struct range r)
{
    for (size_t i = r.from; i < r.to; i++)
        if (d->words.item[i].kind == WORD_ORDINAL || (d->words.item[i].use & (USE_ROAD | USE_DIRECTION)) != 0)
            return true;
    return false;
}

/* Where two streets meet in `r`: the place of "&", "junction with" or, between streets, "and", in the United
 * States also "at"; r.to: nowhere. */
static size_t find_join(const struct address *d, struct range r)
{
    const struct word *w = d->words.item;
    bool numbers = false;
    for (size_t i = r.from; i < r.to; i++)
        numbers = numbers || w[i].kind == WORD_NUMBER;
    for (size_t i = r.from + 1; i + 1 < r.to; i++) {
        if (w[i].kind == WORD_JOIN) return i;
        bool with_and = str_eq(w[i].text, S("and")), at = str_eq(w[i].text, S("at"));
        if (numbers || !(with_and || at)) continue;
        bool left = looks_like_street(d, (struct range){r.from, i});
        bool right = looks_like_street(d, (struct range){i + 1, r.to});
        bool few = r.to - r.from <= 6 && (w[r.to - 1].use & (USE_PLACE | USE_BUILDING)) == 0;
        if (left && right && (with_and || d->us)) return i;
        if (with_and && d->us && (few || left || right)) return i;
    }
    return r.to;
}

/* One side of a crossing, "" for a bare number; *end is where it ends. */
static Str crossing_side(struct address *d, struct range r, size_t *end)
{
    struct range suffix = {r.to, r.to};
    *end = find_suffix(d, r, false, &suffix) ? suffix.to : r.to;
    if (r.from + 1 == *end && d->words.item[r.from].kind == WORD_NUMBER) return S("");
    return street_text(d, r.from, suffix.from, *end);
}

/* Two streets that meet, in an order of their own. */
static bool crossing_name(struct address *d, struct range r, struct site *site)
{
    const struct word *w = d->words.item;
    if (r.from + 2 < r.to && (w[r.from].use & USE_REMARK) != 0 && str_eq(w[r.from + 1].text, S("of")))
        r.from += 2;
    size_t at = find_join(d, r), next = at + 1, end = 0;
    while (next < r.to && ((w[next].use & USE_VAGUE) != 0 || str_eq(w[next].text, S("with")) ||
                           str_eq(w[next].text, S("of"))))
        next++;
    if (next >= r.to) return false;
    struct str_list both = {NEW_ARRAY(d->a, Str, 2), 2};
    both.item[0] = crossing_side(d, (struct range){r.from, at}, &end);
    both.item[1] = crossing_side(d, (struct range){next, r.to}, &end);
    if (both.item[0].len == 0 || both.item[1].len == 0) return false;
    str_sort(&both);
    site->name = str_join(d->a, &both, S(" & "));
    site->kind = SITE_ROAD;
    site->uses = USE_ROAD;
    site->rest = end;
    return true;
}

/* How much of the suffix is compared. Cities whose streets carry a direction name each street once, and
 * people leave "avenue" out or guess it: "3216 N Cicero" is "3216 N Cicero Ave". (In 34,000 real addresses of
 * two such cities this joins 430 pairs of spellings, none of them more than 400 m apart.) Numbered streets
 * need theirs: 63rd Street and 63rd Place are two. */
static size_t suffix_end(const struct address *d, struct range r, struct range suffix)
{
    const struct word *w = d->words.item;
    bool direction = d->us && (w[r.from].use & USE_DIRECTION) != 0 && suffix.from > r.from + 1;
    bool numbered = address_ordinal(w[suffix.from - (suffix.from > 0)].text) > 0 ||
                    w[suffix.from - (suffix.from > 0)].kind == WORD_NUMBER;
    bool plain = suffix.to == suffix.from + 1;
    return direction && !numbered && plain ? suffix.from : suffix.to;
}

/* A number or a letter behind a street's name is a dwelling: "south lotus 2 f". */
static void take_trailing_unit(struct address *d, struct site *site, struct range r)
{
    for (size_t i = site->rest; i < r.to; i++) {
        if (!address_has_digit(d->words.item[i].text) || d->words.item[i].text.len > 6) continue;
        if (d->words.item[i].kind == WORD_ORDINAL) continue;
        size_t next = i;
        Str id = address_unit_id(d, i, &next);
        address_add_unit(d, UNIT_FLAT, id);
        return;
    }
}

/* Where the name of a street without "street" ends: before a number, a remark or what a unit stood in. */
static size_t bare_name_end(const struct address *d, struct range r)
{
    const struct word *w = d->words.item;
    size_t end = r.from + 1;
    if ((w[r.from].use & USE_DIRECTION) != 0 && end < r.to && !w[end].gap) end++;
    while (end < r.to && w[end].kind != WORD_NUMBER && (w[end].use & (USE_REMARK | USE_POSITION)) == 0 &&
           !w[end].gap)
        end++;
    return end;
}

static void read_numbered(struct address *d, struct range r, struct site *site)
{
    struct range suffix;
    if (route_name(d, r, site)) {
        site->kind = SITE_NUMBERED_ROAD;
    } else if (find_suffix(d, r, true, &suffix)) {
        site->kind = SITE_NUMBERED_ROAD;
        site->uses = d->words.item[suffix.to - 1].use;
        site->name = street_text(d, r.from, suffix.from, suffix_end(d, r, suffix));
        site->rest = suffix.to;
    } else {
        size_t end = bare_name_end(d, r);
        if (end - r.from > 5) return;
        site->kind = SITE_NUMBERED;
        site->name = street_text(d, r.from, end, end);
        site->rest = end;
    }
    take_trailing_unit(d, site, r);
}

/* A numbered road of Great Britain: a13, b1335, m25, a1m. */
static bool is_numbered_road(Str s)
{
    if (s.len > 1 && s.ptr[s.len - 1] == 'm') s.len--;
    if (s.len < 2 || s.len > 5 || strchr("abm", s.ptr[0]) == NULL) return false;
    for (size_t i = 1; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9') return false;
    return true;
}

/* "the park" is any park. */
static bool is_common_noun(Str name)
{
    static const char *const noun[] = {"park", "estate", "court", "yard", "path",
                                       "bank", "house",  "hall",  "point"};
    if (!str_starts(name, S("the "))) return false;
    for (size_t i = 0; i < COUNT_OF(noun); i++)
        if (str_eq(str_slice(name, 4, name.len), str_of(noun[i]))) return true;
    return false;
}

static void read_unnumbered(struct address *d, struct range r, struct site *site)
{
    if (!d->us && is_numbered_road(d->words.item[r.from].text)) {
        *site = (struct site){.kind = SITE_ROAD,
                              .uses = USE_ROAD,
                              .vague = site->vague,
                              .house = S(""),
                              .name = d->words.item[r.from].text,
                              .rest = r.from + 1,
                              .segment = site->segment};
        return;
    }
    struct range suffix = {r.to, r.to};
    bool street = find_suffix(d, r, false, &suffix);
    size_t place = place_end(d, r);
    bool after_street = !street || place >= suffix.to;
    if (place < r.to && after_street) {
        site->kind = SITE_PLACE;
        site->uses = d->words.item[place].use;
        site->name = street_text(d, r.from, place + 1, place + 1);
        site->rest = place + 1;
    } else if (street) {
        site->uses = d->words.item[suffix.from].use;
        site->kind = (site->uses & USE_ROAD) != 0 ? SITE_ROAD : SITE_SOFT;
        site->name = street_text(d, r.from, suffix.from, suffix.to);
        site->rest = suffix.to;
    } else {
        (void)route_name(d, r, site);
    }
    if (is_common_noun(site->name)) site->kind = SITE_NONE;
    bool could_be_town = site->kind == SITE_SOFT || (site->uses & USE_TOWNISH) != 0;
    if (could_be_town && address_is_town(site->name)) site->kind = SITE_NONE;
}

static bool read_box(struct address *d, struct range r, struct site *site)
{
    const struct word *w = d->words.item;
    for (size_t i = r.from; i + 2 < r.to; i++) {
        if (!str_eq(w[i].text, S("po")) || !str_eq(w[i + 1].text, S("box")) ||
            !address_has_digit(w[i + 2].text))
            continue;
        site->kind = SITE_PLACE;
        site->name = str_format(d->a, "po box %.*s", STR_ARG(w[i + 2].text));
        site->rest = i + 3;
        return true;
    }
    return false;
}

/* A piece of a segment that holds no "near" or "by". */
static void read_piece(struct address *d, struct range r, struct site *site)
{
    r = skip_names(d, r);
    Str house = take_house(d, &r);
    if (r.from == r.to) return;
    site->house = house;
    if (house.len > 0)
        read_numbered(d, r, site);
    else
        read_unnumbered(d, r, site);
    if (site->kind == SITE_NONE) site->house = S("");
}

/* Does the word end a piece? "near", "corner of", and "/" or "&" behind a house number. */
static bool ends_piece(const struct address *d, struct range r, size_t i)
{
    const struct word *w = d->words.item;
    if ((w[i].use & USE_VAGUE) != 0) return true;
    if (w[i].kind == WORD_JOIN) return true;
    return str_eq(w[i].text, S("of")) && i > r.from && (w[i - 1].use & (USE_REMARK | USE_POSITION)) != 0;
}

/* "in", "at" and "on" say where; "near" says only where about. */
static bool is_vague(const struct word *w)
{
    static const char *const exact[] = {"in", "at", "on", "inside", "from", "to", "over", "outside"};
    if ((w->use & USE_VAGUE) == 0) return false;
    for (size_t i = 0; i < COUNT_OF(exact); i++)
        if (str_eq(w->text, str_of(exact[i]))) return false;
    return true;
}

void address_read_segment(struct address *d, unsigned segment, struct site *site)
{
    *site = (struct site){.house = S(""), .name = S(""), .segment = segment};
    struct range r = address_segment_range(d, segment);
    if (r.from == r.to || read_box(d, r, site)) return;
    const struct word *first = &d->words.item[r.from];
    if (r.from + 1 == r.to && first->kind == WORD_NUMBER) {
        d->lone_number = first->text;
        d->lone_segment = segment;
        return;
    }
    if (first->kind != WORD_NUMBER && crossing_name(d, r, site)) return;
    size_t from = r.from;
    for (size_t i = r.from; i <= r.to && site->kind == SITE_NONE; i++) {
        if (i < r.to && !ends_piece(d, r, i)) continue;
        site->vague = from > r.from && is_vague(&d->words.item[from - 1]);
        if (from < i) read_piece(d, (struct range){from, i}, site);
        from = i + 1;
    }
}
