/* What the words of an address mean. Private to model/. */
#ifndef MODEL_ADDRESS_WORDS_H
#define MODEL_ADDRESS_WORDS_H

#include "base/str.h"

enum word_kind {
    WORD_NAME = 0, /* any other word */
    WORD_NUMBER,   /* begins with a digit and is no ordinal: 26, 26a, 26-28, 2/1 */
    WORD_ORDINAL,  /* 89th */
    WORD_JOIN,     /* & @ and the like between two streets */
};

/* A word is of one kind, but may have several uses; which one holds depends on its neighbours. */
enum word_use {
    USE_ROAD = 1 << 0,       /* street, road, avenue: surely a street's last word */
    USE_SOFT = 1 << 1,       /* court, green, park: a street's last word, or a building, or a place */
    USE_BUILDING = 1 << 2,   /* house, court, lodge: a building with flats in it */
    USE_PLACE = 1 << 3,      /* station, churchyard: a place with a name of its own */
    USE_UNIT = 1 << 4,       /* flat, apt, #: an identifier of a dwelling follows */
    USE_ROOM = 1 << 5,       /* room: the same, within a flat where both are given */
    USE_BLOCK = 1 << 6,      /* block, bldg: the same, around flats */
    USE_FLOOR = 1 << 7,      /* floor: stands after an ordinal or before a number */
    USE_POSITION = 1 << 8,   /* upper, rear, basement: a dwelling where it stands alone */
    USE_DIRECTION = 1 << 9,  /* north, s, nw */
    USE_VAGUE = 1 << 10,     /* by, near, against: a description, not an address, begins */
    USE_REMARK = 1 << 11,    /* corner, wall, entrance: part of a description */
    USE_ROUTE = 1 << 12,     /* highway, route: a number follows */
    USE_NUMBER_OF = 1 << 13, /* no, number: a number follows and says all */
    USE_ALONE = 1 << 14,     /* broadway, strand: a street's whole name */
    USE_TOWNISH = 1 << 15,   /* wood, forest: a place, but towns end so too */
};

struct word {
    Str text;      /* folded; abbreviations written out where `use` says so */
    Str canonical; /* as a street's word: st -> street, n -> north; else the text */
    enum word_kind kind;
    unsigned use;
    unsigned segment; /* pieces between commas, from 0 */
    bool aside;       /* stood in brackets */
    bool taken;       /* its meaning is settled */
    bool gap;         /* taken words stood before it in its segment */
};

/* A row of the table of words; canonical "": the word itself. NULL for words that mean nothing special. */
struct word_entry {
    const char *word, *canonical;
    unsigned use;
};
const struct word_entry *address_entry(Str word);

#define ADDRESS_WORDS_MAX 64

struct words {
    struct word item[ADDRESS_WORDS_MAX];
    size_t count;
    unsigned segments;
};

/* Cuts and folds; what goes beyond ADDRESS_WORDS_MAX words is left out. `us`: n s e w are directions
 * anywhere. */
void address_split(struct arena *a, Str text, bool us, struct words *out);
/* "first" -> 1 ... "tenth" -> 10, "3rd" -> 3; 0 for other words. */
unsigned address_ordinal(Str word);
bool address_is_us_state(Str word);
bool address_is_country(Str word);
bool address_is_town(Str name);  /* one that could be taken for a street or a place */
Str address_canonical(Str word); /* st -> street, n -> north; other words as they are */
/* The uses of a word whatever its neighbours, for keys that are made already. */
unsigned address_uses(Str word);

#endif
