/* How an address is taken apart, in three steps: what stands at its end, what names a dwelling, and what each
 * segment says. Private to model/. */
#ifndef MODEL_ADDRESS_PARTS_H
#define MODEL_ADDRESS_PARTS_H

#include "model/address_words.h"
#include "model/normalise.h"

/* Where a dwelling lies in its building, outermost first. */
enum unit_rank { UNIT_BLOCK, UNIT_FLOOR, UNIT_FLAT, UNIT_ROOM, UNIT_POSITION };
struct unit_part {
    enum unit_rank rank;
    Str id;
};
#define UNIT_PARTS_MAX 6

/* What a segment says, the more telling the higher. */
enum site_kind { SITE_NONE, SITE_SOFT, SITE_ROAD, SITE_PLACE, SITE_NUMBERED, SITE_NUMBERED_ROAD };
struct site {
    enum site_kind kind;
    bool vague;    /* after "near" and the like */
    unsigned uses; /* of the last word of the name */
    Str house, name;
    size_t rest; /* the first word after the name */
    unsigned segment;
};

struct address {
    struct arena *a;
    bool us;
    struct words words;
    struct unit_part unit[UNIT_PARTS_MAX];
    size_t units;
    Str postcode, lone_number;
    unsigned lone_segment;
};

/* Takes country, state and postcode off the end. */
void address_take_region(struct address *d);
/* Takes every flat, room, floor and block, and closes the gaps. */
void address_take_units(struct address *d);
void address_add_unit(struct address *d, enum unit_rank rank, Str id);
/* The word at `i` as a dwelling's, with a letter behind it; marked as taken. */
Str address_unit_id(struct address *d, size_t i, size_t *next);
/* "flat 26", "block b flat 2", "floor ground". */
Str address_unit_text(struct address *d);

/* The words of a segment that are left: [from, to). */
struct range {
    size_t from, to;
};
struct range address_segment_range(const struct address *d, unsigned segment);
/* What one segment says; a number that stands alone goes to d->lone_number. */
void address_read_segment(struct address *d, unsigned segment, struct site *site);

/* The word at `i` when it is in that segment and still free; NULL otherwise. */
struct word *address_free_word(struct address *d, size_t i, unsigned segment);
Str address_drop_zeros(Str s); /* "026" -> "26" */
bool address_has_digit(Str s);
bool address_is_letter(Str s);

#endif
