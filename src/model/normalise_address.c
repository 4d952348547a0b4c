#include "base/utf8.h"
#include "model/address_parts.h"

/* Can the word stand in a town's name, as its first, an inner or its last word? */
static bool is_town_word(const struct word *w, bool first, bool last)
{
    if (w->kind != WORD_NAME) return false;
    if (!first && !last && str_eq(w->text, S("on"))) return true;
    if (str_eq(w->text, S("st")) || (first && !last && str_eq(w->text, S("la")))) return true;
    const unsigned never =
        USE_VAGUE | USE_REMARK | USE_UNIT | USE_ROOM | USE_BLOCK | USE_FLOOR | USE_ROAD | USE_ROUTE;
    if ((w->use & never) != 0 || str_eq(w->text, S("the"))) return false;
    return !last || (w->use & (USE_PLACE | USE_BUILDING)) == 0 || (w->use & USE_TOWNISH) != 0;
}

static Str town_text(struct address *d, struct range r)
{
    size_t count = r.to - r.from;
    if (count == 0 || count > 4) return S("");
    if (count == 1 && (d->words.item[r.from].use & USE_DIRECTION) != 0) return S("");
    struct str_list parts = {NEW_ARRAY(d->a, Str, count), 0};
    for (size_t i = r.from; i < r.to; i++) {
        const struct word *w = &d->words.item[i];
        if (!is_town_word(w, i == r.from, i + 1 == r.to)) return S("");
        bool as_written = str_eq(w->text, S("st")) || str_eq(w->text, S("la"));
        Str text = str_eq(w->text, S("saint")) ? S("st") : as_written ? w->text : w->canonical;
        parts.item[parts.count++] = text;
    }
    return str_join(d->a, &parts, S(" "));
}

/* What follows the site: the rest of its segment, else the first later segment that can be a town. */
static Str find_town(struct address *d, const struct site *site)
{
    struct range rest = {site->rest, site->rest};
    for (struct word *w; (w = address_free_word(d, rest.to, site->segment)) != NULL; rest.to++)
        if ((w->use & USE_VAGUE) != 0) break;
    Str town = town_text(d, rest);
    for (unsigned s = site->segment + 1; town.len == 0 && s < d->words.segments; s++)
        town = town_text(d, address_segment_range(d, s));
    /* "Barking station, Barking" says no more than "Barking station". */
    bool named_after = site->kind == SITE_PLACE && str_starts(site->name, town) &&
                       site->name.len > town.len && site->name.ptr[town.len] == ' ';
    return named_after ? S("") : town;
}

/* "26 Crane Court, High Street" and "Flat 26, Crane Court, High Street" are one flat. */
static void enter_building(struct address *d, struct site *all, unsigned count, unsigned *chosen)
{
    struct site *site = &all[*chosen];
    bool building = (site->uses & USE_BUILDING) != 0;
    if (site->kind == SITE_NUMBERED_ROAD && building && !d->us && *chosen + 1 < count) {
        struct site *street = &all[*chosen + 1];
        bool road = (street->kind == SITE_ROAD || street->kind == SITE_NUMBERED_ROAD) &&
                    (street->uses & USE_ROAD) != 0;
        if (!road || street->vague) return;
        address_add_unit(d, UNIT_FLAT, site->house);
        if (street->house.len == 0) street->house = site->name;
        *chosen += 1;
    } else if (site->kind == SITE_ROAD && site->house.len == 0 && *chosen > 0) {
        const struct site *before = &all[*chosen - 1];
        if (before->kind == SITE_SOFT && (before->uses & USE_BUILDING) != 0) site->house = before->name;
    }
}

/* A segment that is a number and nothing else: "26, Crane Street", "3, 10 High Street", "601 East Ogden,
 * 504". */
static void place_lone_number(struct address *d, struct site *site)
{
    if (!str_present(d->lone_number)) return;
    bool before = d->lone_segment < site->segment;
    bool street = (site->uses & (USE_ROAD | USE_SOFT)) != 0 || site->kind == SITE_NUMBERED;
    size_t slash = str_find_char(d->lone_number, '/');
    if (before && site->house.len == 0 && street) {
        if (slash != STR_NPOS)
            address_add_unit(d, UNIT_FLAT, str_slice(d->lone_number, slash + 1, d->lone_number.len));
        site->house = address_drop_zeros(str_slice(d->lone_number, 0, slash));
    } else if ((before || d->us) && site->house.len > 0) {
        address_add_unit(d, UNIT_FLAT, d->lone_number);
    }
}

static bool says_nothing(struct arena *a, Str text)
{
    static const char *const nothing[] = {"unknown",          "not known",   "no fixed abode", "nfa",
                                          "no fixed address", "homeless",    "none",           "n a",
                                          "not stated",       "undetermined"};
    Str folded = utf8_fold(a, text);
    for (size_t i = 0; i < COUNT_OF(nothing); i++)
        if (str_eq(folded, str_of(nothing[i]))) return true;
    return folded.len == 0;
}

/* A town stands for the postcode, so that leaving it out changes nothing; London has too many High Roads for
 * that. */
static Str postcode_part(struct address *d, Str town)
{
    if (!str_present(d->postcode)) return S("");
    if (town.len == 0) return d->postcode;
    if (!str_eq(town, S("london"))) return S("");
    size_t blank = str_find_char(d->postcode, ' ');
    return str_slice(d->postcode, 0, blank == STR_NPOS ? d->postcode.len : blank);
}

#define SEGMENTS_MAX 16

Str normalise_address(struct arena *a, Str text, Str region)
{
    struct address *d = NEW(a, struct address);
    *d = (struct address){.a = a, .us = str_eq(region, S("US"))};
    if (says_nothing(a, text)) return S("");
    address_split(a, text, d->us, &d->words);
    if (d->words.segments > SEGMENTS_MAX) d->words.segments = SEGMENTS_MAX;
    address_take_region(d);
    address_take_units(d);
    struct site site[SEGMENTS_MAX];
    unsigned count = d->words.segments, chosen = count;
    int best = 0;
    for (unsigned s = 0; s < count; s++) {
        address_read_segment(d, s, &site[s]);
        int worth = site[s].kind == SITE_NONE ? 0 : 10 + (int)site[s].kind - (site[s].vague ? 8 : 0);
        if (worth <= best) continue;
        best = worth;
        chosen = s;
    }
    if (chosen == count) return S("");
    enter_building(d, site, count, &chosen);
    place_lone_number(d, &site[chosen]);
    const struct site *at = &site[chosen];
    Str town = find_town(d, at), postcode = postcode_part(d, town);
    return str_format(a, "%.*s|%.*s|%.*s|%.*s|%.*s", STR_ARG(address_unit_text(d)), STR_ARG(at->house),
                      STR_ARG(at->name), STR_ARG(town), STR_ARG(postcode));
}

enum { KEY_UNIT, KEY_HOUSE, KEY_STREET, KEY_TOWN, KEY_POSTCODE, KEY_PARTS };

static bool cut_key(Str key, Str part[static KEY_PARTS])
{
    size_t n = 0;
    Str piece;
    while (str_next(&key, '|', &piece)) {
        if (n == KEY_PARTS) return false;
        part[n++] = piece;
    }
    return n == KEY_PARTS;
}

enum address_level address_level(Str key)
{
    Str part[KEY_PARTS];
    if (!cut_key(key, part) || part[KEY_STREET].len == 0) return ADDRESS_NONE;
    if (part[KEY_UNIT].len > 0) return ADDRESS_FLAT;
    if (part[KEY_HOUSE].len > 0) return ADDRESS_HOUSE;
    if (str_find(part[KEY_STREET], S(" & ")) != STR_NPOS) return ADDRESS_STREET;
    unsigned last = 0;
    Str rest = part[KEY_STREET], word;
    bool road = false;
    while (str_next(&rest, ' ', &word)) {
        last = address_uses(word);
        road = road || (last & (USE_ROAD | USE_ROUTE)) != 0;
    }
    if ((last & USE_PLACE) != 0 || str_starts(part[KEY_STREET], S("po box "))) return ADDRESS_NAMED_PLACE;
    return road || (last & (USE_SOFT | USE_ALONE)) != 0 ? ADDRESS_STREET : ADDRESS_NAMED_PLACE;
}

Str address_building(struct arena *a, Str key)
{
    Str part[KEY_PARTS];
    if (!cut_key(key, part) || part[KEY_UNIT].len == 0) return key;
    return str_format(a, "|%.*s", STR_ARG(str_slice(key, part[KEY_UNIT].len + 1, key.len)));
}
