#include "model/address_parts.h"

bool address_has_digit(Str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] >= '0' && s.ptr[i] <= '9') return true;
    return false;
}

bool address_is_letter(Str s)
{
    return s.len == 1 && s.ptr[0] >= 'a' && s.ptr[0] <= 'z';
}

Str address_drop_zeros(Str s)
{
    while (s.len > 1 && s.ptr[0] == '0' && s.ptr[1] >= '0' && s.ptr[1] <= '9')
        s = str_slice(s, 1, s.len);
    return s;
}

/* The word at `i` when it is in the same segment as `near` and still free; NULL otherwise. */
struct word *address_free_word(struct address *d, size_t i, unsigned segment)
{
    if (i >= d->words.count) return NULL;
    struct word *w = &d->words.item[i];
    return w->segment == segment && !w->taken ? w : NULL;
}

void address_add_unit(struct address *d, enum unit_rank rank, Str id)
{
    for (size_t i = 0; i < d->units; i++)
        if (d->unit[i].rank == rank && str_eq(d->unit[i].id, id)) return;
    if (d->units < UNIT_PARTS_MAX) d->unit[d->units++] = (struct unit_part){rank, address_drop_zeros(id)};
}

static size_t last_free(const struct address *d)
{
    size_t i = d->words.count;
    while (i > 0 && d->words.item[i - 1].taken)
        i--;
    return i; /* one past it; 0: none is left */
}

static bool unit_before(const struct address *d, size_t i)
{
    return i > 0 &&
           (d->words.item[i - 1].use & (USE_UNIT | USE_ROOM | USE_BLOCK | USE_FLOOR | USE_NUMBER_OF)) != 0;
}

static void take_gb_postcode(struct address *d)
{
    struct word *w = d->words.item;
    for (size_t i = d->words.count; i-- > 0;) {
        if (unit_before(d, i) || w[i].kind == WORD_JOIN) continue;
        Str whole = normalise_postcode(d->a, w[i].text);
        if (i > 0 && str_present(whole) && whole.len > 5 && str_find_char(whole, ' ') != STR_NPOS) {
            d->postcode = whole;
            w[i].taken = true;
            return;
        }
        if (i == 0 || w[i].text.len != 3 || w[i - 1].segment != w[i].segment || unit_before(d, i - 1))
            continue;
        Str both = normalise_postcode(
            d->a, str_format(d->a, "%.*s%.*s", STR_ARG(w[i - 1].text), STR_ARG(w[i].text)));
        if (!str_present(both) || !address_has_digit(w[i - 1].text)) continue;
        d->postcode = both;
        w[i].taken = w[i - 1].taken = true;
        return;
    }
    /* A district alone is believed at the end only. */
    size_t end = last_free(d);
    if (end < 2 || unit_before(d, end - 1) || w[end - 1].text.len > 4) return;
    Str district = normalise_postcode(d->a, w[end - 1].text);
    bool letter_first = w[end - 1].kind == WORD_NAME;
    bool road = (w[end - 2].use & (USE_VAGUE | USE_ROUTE)) != 0 || str_eq(w[end - 2].text, S("the"));
    if (!str_present(district) || !letter_first || road) return;
    d->postcode = district;
    w[end - 1].taken = true;
}

static void take_us_zip(struct address *d)
{
    size_t end = last_free(d);
    if (end < 3) return;
    struct word *w = &d->words.item[end - 1];
    bool zip_length = w->text.len == 5 || w->text.len == 10;
    if (w->kind != WORD_NUMBER || !zip_length || unit_before(d, end - 1)) return;
    Str zip = normalise_postcode(d->a, w->text);
    if (!str_present(zip)) return;
    d->postcode = zip;
    w->taken = true;
}

static void take_state(struct address *d)
{
    size_t end = last_free(d);
    if (end < 2) return;
    struct word *w = d->words.item;
    if (!address_is_us_state(w[end - 1].text)) return;
    bool own_segment = w[end - 2].segment != w[end - 1].segment;
    bool court = str_eq(w[end - 1].text, S("ct"));
    bool after_comma = w[end - 1].segment > 0 && !own_segment;
    if (own_segment || (str_present(d->postcode) && !court) || (after_comma && !court))
        w[end - 1].taken = true;
}

void address_take_region(struct address *d)
{
    size_t end = last_free(d);
    if (end > 1 && address_is_country(d->words.item[end - 1].text)) d->words.item[end - 1].taken = true;
    if (d->us) {
        take_us_zip(d);
        take_state(d);
    } else {
        take_gb_postcode(d);
        if (!str_present(d->postcode)) take_us_zip(d);
    }
}

/* Can the word name a dwelling: 26, 2f, b, b2? */
static bool names_unit(const struct word *w)
{
    if (w == NULL) return false;
    return w->kind == WORD_NUMBER || address_is_letter(w->text) ||
           (address_has_digit(w->text) && w->text.len <= 6) || (w->use & USE_POSITION) != 0;
}

/* "rear" -> r, "north" -> n: as the letter behind a number. STR_NONE for other words. */
static Str side_letter(Str word)
{
    static const char *const side[] = {"north", "south", "east", "west", "front", "rear"};
    for (size_t i = 0; i < COUNT_OF(side); i++)
        if (str_eq(word, str_of(side[i]))) return str_slice(word, 0, 1);
    return address_is_letter(word) ? word : STR_NONE;
}

/* "3north" -> 3n */
static Str shorten_side(struct address *d, Str id)
{
    size_t digits = 0;
    while (digits < id.len && id.ptr[digits] >= '0' && id.ptr[digits] <= '9')
        digits++;
    Str side = side_letter(str_slice(id, digits, id.len));
    return digits > 0 && str_present(side) ? str_format(d->a, "%.*s%.*s", (int)digits, id.ptr, STR_ARG(side))
                                           : id;
}

/* "2 a", "3 e" and "2 rear" at the end of a segment are 2a, 3e and 2r. */
Str address_unit_id(struct address *d, size_t i, size_t *next)
{
    struct word *w = &d->words.item[i];
    struct word *after = address_free_word(d, i + 1, w->segment);
    w->taken = true;
    *next = i + 1;
    if ((w->use & USE_POSITION) != 0) return w->canonical;
    if (w->kind != WORD_NUMBER || after == NULL) return shorten_side(d, w->text);
    Str side = side_letter(after->text);
    bool last = address_free_word(d, i + 2, w->segment) == NULL;
    if (!str_present(side) || !last) return shorten_side(d, w->text);
    after->taken = true;
    *next = i + 2;
    return str_format(d->a, "%.*s%.*s", STR_ARG(w->text), STR_ARG(side));
}

/* "flat 26", "apt no 4", "# 4", "block c". Returns the next word to look at. */
static size_t take_designated(struct address *d, size_t i)
{
    struct word *w = &d->words.item[i];
    size_t at = i + 1;
    for (struct word *next; (next = address_free_word(d, at, w->segment)) != NULL; at++)
        if ((next->use & USE_NUMBER_OF) == 0 && !str_eq(next->text, S("#"))) break;
    if (!names_unit(address_free_word(d, at, w->segment))) {
        if (str_eq(w->text, S("#"))) w->taken = true;
        return i + 1;
    }
    for (size_t k = i; k < at; k++)
        d->words.item[k].taken = true;
    enum unit_rank rank = (w->use & USE_BLOCK) != 0  ? UNIT_BLOCK
                          : (w->use & USE_ROOM) != 0 ? UNIT_ROOM
                                                     : UNIT_FLAT;
    Str id = address_unit_id(d, at, &at);
    address_add_unit(d, rank, id);
    return at;
}

static Str floor_id(struct address *d, const struct word *w)
{
    unsigned n = address_ordinal(w->text);
    if (n > 0) return str_format(d->a, "%u", n);
    if (str_eq(w->text, S("ground")) || str_eq(w->text, S("gnd"))) return S("ground");
    if (str_eq(w->text, S("top")) || (w->use & USE_POSITION) != 0) return w->canonical;
    return w->kind == WORD_NUMBER && w->text.len <= 3 ? w->text : STR_NONE;
}

/* "2nd floor", "ground floor flat", "fl 2". Returns the next word to look at. */
static size_t take_floor(struct address *d, size_t i)
{
    struct word *w = &d->words.item[i];
    struct word *before = i > 0 ? address_free_word(d, i - 1, w->segment) : NULL,
                *after = address_free_word(d, i + 1, w->segment);
    Str id = before != NULL ? floor_id(d, before) : STR_NONE;
    size_t next = i + 1;
    if (str_present(id)) {
        before->taken = w->taken = true;
        if (after != NULL && (after->use & USE_UNIT) != 0 &&
            !names_unit(address_free_word(d, i + 2, w->segment))) {
            after->taken = true;
            next++;
        }
    } else if (after != NULL && after->kind == WORD_NUMBER && after->text.len <= 3) {
        id = after->text;
        w->taken = after->taken = true;
        next++;
    } else {
        return next;
    }
    address_add_unit(d, UNIT_FLOOR, id);
    return next;
}

/* "upper", "rear", "basement" where nothing else follows, or before "flat". */
static void take_position(struct address *d, size_t i)
{
    struct word *w = &d->words.item[i];
    struct word *after = address_free_word(d, i + 1, w->segment);
    bool position = (w->use & USE_POSITION) != 0;
    if (after != NULL && (after->use & USE_UNIT) != 0 && (position || str_eq(w->text, S("garden")))) {
        w->taken = after->taken = true;
        address_add_unit(d, UNIT_POSITION, w->canonical);
        return;
    }
    bool first = i == 0 || d->words.item[i - 1].segment != w->segment;
    bool beside_others = !first || d->words.segments > 1;
    if (!position || after != NULL || !beside_others) return;
    w->taken = true;
    address_add_unit(d, UNIT_POSITION, w->canonical);
}

void address_take_units(struct address *d)
{
    for (size_t i = 0; i < d->words.count;) {
        struct word *w = &d->words.item[i];
        if (!w->taken && (w->use & (USE_UNIT | USE_ROOM | USE_BLOCK)) != 0)
            i = take_designated(d, i);
        else if (!w->taken && (w->use & USE_FLOOR) != 0)
            i = take_floor(d, i);
        else
            i++;
    }
    for (size_t i = d->words.count; i-- > 0;)
        if (!d->words.item[i].taken) take_position(d, i);
    size_t kept = 0;
    for (size_t i = 0; i < d->words.count; i++) {
        if (d->words.item[i].taken) continue;
        bool gap =
            i > 0 && d->words.item[i - 1].taken && d->words.item[i - 1].segment == d->words.item[i].segment;
        d->words.item[kept] = d->words.item[i];
        d->words.item[kept++].gap = gap;
    }
    d->words.count = kept;
}

Str address_unit_text(struct address *d)
{
    bool numbered_flat = false;
    for (size_t i = 0; i < d->units; i++)
        numbered_flat = numbered_flat || (d->unit[i].rank >= UNIT_FLAT && address_has_digit(d->unit[i].id));
    struct str_list parts = {NEW_ARRAY(d->a, Str, UNIT_PARTS_MAX), 0};
    bool flat = false;
    for (unsigned rank = UNIT_BLOCK; rank <= UNIT_POSITION; rank++) {
        for (size_t i = 0; i < d->units; i++) {
            if (d->unit[i].rank != rank) continue;
            /* Which floor a flat lies on is said or left out as people like. */
            if (numbered_flat && (rank == UNIT_FLOOR || rank == UNIT_POSITION)) continue;
            const char *kind = rank == UNIT_BLOCK   ? "block "
                               : rank == UNIT_FLOOR ? "floor "
                               : flat               ? ""
                                                    : "flat ";
            flat = flat || rank > UNIT_FLOOR;
            parts.item[parts.count++] = str_format(d->a, "%s%.*s", kind, STR_ARG(d->unit[i].id));
        }
    }
    return str_join(d->a, &parts, S(" "));
}
