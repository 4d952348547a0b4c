/* The codes a report is written in, as the feed spells them. Order is free; the words are the contract. */
#ifndef SYNTH_WORDS_H
#define SYNTH_WORDS_H

#include <stdbool.h>
#include <stdint.h>

enum setting {
    SETTING_PRIVATE_HOME,
    SETTING_SHARED_HOME,
    SETTING_HOSTEL,
    SETTING_HOTEL,
    SETTING_CARE_HOME,
    SETTING_HOSPITAL,
    SETTING_PRISON,
    SETTING_STREET,
    SETTING_PARK,
    SETTING_WOODLAND,
    SETTING_CHURCHYARD,
    SETTING_WATER,
    SETTING_RAIL,
    SETTING_VEHICLE,
    SETTING_LICENSED,
    SETTING_WORKPLACE,
    SETTING_SCHOOL,
    SETTING_BUILDING_SITE,
    SETTING_DERELICT,
    SETTING_OTHER,
    SETTING_UNKNOWN,
    SETTING_COUNT
};

/* Who is about: decides who finds somebody, and how they lie. */
enum where { WHERE_HOME, WHERE_STAFFED, WHERE_OPEN, WHERE_WATER, WHERE_RAIL, WHERE_COUNT };

struct setting_row {
    const char *word;   /* code of death.setting */
    const char *access; /* code of death.access */
    enum where where;
    bool indoors;   /* there is furniture */
    bool rough;     /* rough sleepers sleep there */
    bool anonymous; /* the dead often carry no name */
};
extern const struct setting_row synth_setting[SETTING_COUNT];

enum found_by {
    FOUND_BY_HOUSEHOLD,
    FOUND_BY_FAMILY,
    FOUND_BY_FRIEND,
    FOUND_BY_NEIGHBOUR,
    FOUND_BY_PASSER_BY,
    FOUND_BY_STAFF,
    FOUND_BY_EMERGENCY,
    FOUND_BY_POLICE,
    FOUND_BY_OTHER,
    FOUND_BY_UNKNOWN,
    FOUND_BY_COUNT
};
extern const char *const synth_found_by_word[FOUND_BY_COUNT];

enum posture {
    POSTURE_SUPINE,
    POSTURE_PRONE,
    POSTURE_ON_SIDE,
    POSTURE_SEATED_PROPPED,
    POSTURE_SEATED,
    POSTURE_KNEELING,
    POSTURE_CURLED,
    POSTURE_HANGING_FULL,
    POSTURE_HANGING_PARTIAL,
    POSTURE_IN_BED,
    POSTURE_IN_BATH,
    POSTURE_IN_WATER,
    POSTURE_IN_VEHICLE,
    POSTURE_OTHER,
    POSTURE_UNKNOWN,
    POSTURE_COUNT
};
extern const char *const synth_posture_word[POSTURE_COUNT];

/* Things present at a scene, or missed there: sets are bits. */
enum thing {
    THING_DRUG_CONTAINER,
    THING_SYRINGE,
    THING_PARAPHERNALIA,
    THING_ALCOHOL,
    THING_MEDICATION,
    THING_NOTE,
    THING_LIGATURE,
    THING_WEAPON,
    THING_BEDDING,
    THING_SHEET,
    THING_BAG,
    THING_WALLET,
    THING_CASH,
    THING_KEYS,
    THING_PHONE,
    THING_DEVICE,
    THING_VEHICLE,
    THING_SUNGLASSES,
    THING_OTHER,
    THING_COUNT
};
extern const char *const synth_thing_word[THING_COUNT];

enum missed {
    MISSED_PHONE,
    MISSED_WALLET,
    MISSED_CASH,
    MISSED_KEYS,
    MISSED_JEWELLERY,
    MISSED_ID_DOCUMENT,
    MISSED_SHOES,
    MISSED_MEDICATION,
    MISSED_OTHER,
    MISSED_COUNT
};
extern const char *const synth_missed_word[MISSED_COUNT];

enum injury {
    INJURY_NONE_SEEN,
    INJURY_BRUISING,
    INJURY_BRUISING_UNDERARMS,
    INJURY_LIGATURE_MARK,
    INJURY_NECK_MARKS,
    INJURY_DEFENSIVE,
    INJURY_NEEDLE_MARK,
    INJURY_BLUNT,
    INJURY_SHARP,
    INJURY_GUNSHOT,
    INJURY_BURN,
    INJURY_OTHER,
    INJURY_COUNT
};
extern const char *const synth_injury_word[INJURY_COUNT];

enum tie {
    TIE_LIVES_HERE,
    TIE_LIVES_NEAR,
    TIE_WORKS_NEAR,
    TIE_VISITING,
    TIE_TRAVELLING,
    TIE_NONE,
    TIE_UNKNOWN,
    TIE_COUNT
};
extern const char *const synth_tie_word[TIE_COUNT];

#define BIT(n) (1u << (n))

#endif
