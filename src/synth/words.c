#include "synth/words.h"

/* code, access, who is about, indoors, rough sleepers, often without a name */
const struct setting_row synth_setting[SETTING_COUNT] = {
    [SETTING_PRIVATE_HOME] = {"private_home", "private", WHERE_HOME, true, false, false},
    [SETTING_SHARED_HOME] = {"shared_home", "shared", WHERE_HOME, true, false, false},
    [SETTING_HOSTEL] = {"hostel", "shared", WHERE_STAFFED, true, false, false},
    [SETTING_HOTEL] = {"hotel", "shared", WHERE_STAFFED, true, false, false},
    [SETTING_CARE_HOME] = {"care_home", "shared", WHERE_STAFFED, true, false, false},
    [SETTING_HOSPITAL] = {"hospital", "shared", WHERE_STAFFED, true, false, false},
    [SETTING_PRISON] = {"prison_custody", "shared", WHERE_STAFFED, true, false, false},
    [SETTING_STREET] = {"street", "public", WHERE_OPEN, false, true, true},
    [SETTING_PARK] = {"park_open_space", "public", WHERE_OPEN, false, true, true},
    [SETTING_WOODLAND] = {"woodland", "public", WHERE_OPEN, false, true, true},
    [SETTING_CHURCHYARD] = {"churchyard", "public", WHERE_OPEN, false, true, true},
    [SETTING_WATER] = {"water", "public", WHERE_WATER, false, false, true},
    [SETTING_RAIL] = {"rail", "public", WHERE_RAIL, false, false, true},
    [SETTING_VEHICLE] = {"road_vehicle", "shared", WHERE_OPEN, false, false, false},
    [SETTING_LICENSED] = {"licensed_premises", "public", WHERE_STAFFED, true, false, false},
    [SETTING_WORKPLACE] = {"workplace", "shared", WHERE_STAFFED, true, false, false},
    [SETTING_SCHOOL] = {"school", "shared", WHERE_STAFFED, true, false, false},
    [SETTING_BUILDING_SITE] = {"building_site", "shared", WHERE_STAFFED, false, false, false},
    [SETTING_DERELICT] = {"derelict", "unknown", WHERE_OPEN, false, true, true},
    [SETTING_OTHER] = {"other", "unknown", WHERE_OPEN, false, false, false},
    [SETTING_UNKNOWN] = {"unknown", "unknown", WHERE_OPEN, false, false, false},
};

const char *const synth_found_by_word[FOUND_BY_COUNT] = {
    [FOUND_BY_HOUSEHOLD] = "household",
    [FOUND_BY_FAMILY] = "family",
    [FOUND_BY_FRIEND] = "friend",
    [FOUND_BY_NEIGHBOUR] = "neighbour",
    [FOUND_BY_PASSER_BY] = "passer_by",
    [FOUND_BY_STAFF] = "staff",
    [FOUND_BY_EMERGENCY] = "emergency_service",
    [FOUND_BY_POLICE] = "police",
    [FOUND_BY_OTHER] = "other",
    [FOUND_BY_UNKNOWN] = "unknown",
};

const char *const synth_posture_word[POSTURE_COUNT] = {
    [POSTURE_SUPINE] = "supine",
    [POSTURE_PRONE] = "prone",
    [POSTURE_ON_SIDE] = "on_side",
    [POSTURE_SEATED_PROPPED] = "seated_propped",
    [POSTURE_SEATED] = "seated",
    [POSTURE_KNEELING] = "kneeling",
    [POSTURE_CURLED] = "curled",
    [POSTURE_HANGING_FULL] = "hanging_full",
    [POSTURE_HANGING_PARTIAL] = "hanging_partial",
    [POSTURE_IN_BED] = "in_bed",
    [POSTURE_IN_BATH] = "in_bath",
    [POSTURE_IN_WATER] = "in_water",
    [POSTURE_IN_VEHICLE] = "in_vehicle",
    [POSTURE_OTHER] = "other",
    [POSTURE_UNKNOWN] = "unknown",
};

const char *const synth_thing_word[THING_COUNT] = {
    [THING_DRUG_CONTAINER] = "drug_container",
    [THING_SYRINGE] = "syringe",
    [THING_PARAPHERNALIA] = "drug_paraphernalia",
    [THING_ALCOHOL] = "alcohol",
    [THING_MEDICATION] = "medication",
    [THING_NOTE] = "note",
    [THING_LIGATURE] = "ligature",
    [THING_WEAPON] = "weapon",
    [THING_BEDDING] = "bedding",
    [THING_SHEET] = "sheet",
    [THING_BAG] = "bag",
    [THING_WALLET] = "wallet",
    [THING_CASH] = "cash",
    [THING_KEYS] = "keys",
    [THING_PHONE] = "phone",
    [THING_DEVICE] = "device",
    [THING_VEHICLE] = "vehicle",
    [THING_SUNGLASSES] = "sunglasses",
    [THING_OTHER] = "other",
};

const char *const synth_missed_word[MISSED_COUNT] = {
    [MISSED_PHONE] = "phone", [MISSED_WALLET] = "wallet",         [MISSED_CASH] = "cash",
    [MISSED_KEYS] = "keys",   [MISSED_JEWELLERY] = "jewellery",   [MISSED_ID_DOCUMENT] = "id_document",
    [MISSED_SHOES] = "shoes", [MISSED_MEDICATION] = "medication", [MISSED_OTHER] = "other",
};

const char *const synth_injury_word[INJURY_COUNT] = {
    [INJURY_NONE_SEEN] = "none_seen",
    [INJURY_BRUISING] = "bruising",
    [INJURY_BRUISING_UNDERARMS] = "bruising_underarms",
    [INJURY_LIGATURE_MARK] = "ligature_mark",
    [INJURY_NECK_MARKS] = "neck_marks",
    [INJURY_DEFENSIVE] = "defensive",
    [INJURY_NEEDLE_MARK] = "needle_mark",
    [INJURY_BLUNT] = "blunt",
    [INJURY_SHARP] = "sharp",
    [INJURY_GUNSHOT] = "gunshot",
    [INJURY_BURN] = "burn",
    [INJURY_OTHER] = "other",
};

const char *const synth_tie_word[TIE_COUNT] = {
    [TIE_LIVES_HERE] = "lives_here", [TIE_LIVES_NEAR] = "lives_near", [TIE_WORKS_NEAR] = "works_near",
    [TIE_VISITING] = "visiting",     [TIE_TRAVELLING] = "travelling", [TIE_NONE] = "none",
    [TIE_UNKNOWN] = "unknown",
};
