#include "link/feature.h"

#include "base/str.h"

/* ORDER feature.h */
const struct feature_row FEATURES[FEATURE_COUNT] = {
    {FEATURE_SEX, "sex", FAMILY_PERSON, "Both were of the same sex", "sex", "Recorded sex of the dead."},
    {FEATURE_ACCESS, "access", FAMILY_SCENE, "Both places were open to the same people", "who could get in",
     "Who can get in: public, shared, private."},
    {FEATURE_POSTURE, "posture", FAMILY_SCENE, "Both were found in the same position", "position of the body",
     "Position in which the body was found."},
    {FEATURE_MOVED, "moved", FAMILY_SCENE, "Both showed the same signs of having been moved",
     "signs of having been moved", "Anything that suggests that the body was moved."},
    {FEATURE_COVERING, "covering", FAMILY_SCENE, "Both were covered or laid on the same thing", "covering",
     "What covered the body or lay under it."},
    {FEATURE_FOUND_BY, "found_by", FAMILY_SCENE, "Both were found by the same kind of person",
     "who found them", "The kind of person who found the body."},
    {FEATURE_TIE, "tie", FAMILY_PERSON, "Both had the same tie to the place", "tie to the place",
     "What ties the person to the place, 'none' included."},
    {FEATURE_EXPLANATION, "explanation", FAMILY_ACCOUNT, "The same explanation was offered for both",
     "explanation offered", "What was offered as the explanation."},
    {FEATURE_HOUSING, "housing", FAMILY_PERSON, "Both were housed in the same way", "housing",
     "How the person was housed."},
    {FEATURE_OCCUPATION, "occupation", FAMILY_PERSON, "Both had the same occupation", "occupation",
     "Occupation, compared folded."},
    {FEATURE_DAY_PART, "day_part", FAMILY_TIME, "Both were found in the same part of the day",
     "part of the day", "Night, morning, afternoon or evening, by the clock of UTC, when the hour is known."},
    {FEATURE_WEEKDAY, "weekday", FAMILY_TIME, "Both were found on the same day of the week",
     "day of the week", "Day of the week, when the day is known."},
    {FEATURE_PRESENT, "present", FAMILY_SCENE, "The same things were there", "things found there",
     "Items at the scene."},
    {FEATURE_ABSENT, "absent", FAMILY_SCENE, "The same things were missing", "things missing",
     "Items that would be expected and were not there: absence is evidence."},
    {FEATURE_CLOTHING, "clothing", FAMILY_SCENE, "Their clothing was in the same state",
     "state of the clothing", "Clothing."},
    {FEATURE_INJURIES, "injuries", FAMILY_MECHANISM, "Both had the same injuries", "injuries",
     "Injuries seen or found."},
    {FEATURE_CONFLICT, "account_conflict", FAMILY_ACCOUNT,
     "In both an account conflicts with the body or the scene in the same way", "conflicts with the account",
     "Accounts that conflict with the body or the scene."},
    {FEATURE_ROUTE, "contact_route", FAMILY_CONTACT, "Both had met their last contact in the same way",
     "how the last contact was met", "How they had met whoever they were last with."},
    {FEATURE_SUBSTANCES, "substances", FAMILY_MECHANISM, "The same substance was involved", "substances",
     "Substances known or suspected; a shared parent in the vocabulary counts where the substances differ."},
    {FEATURE_SITE, "contact_site", FAMILY_CONTACT, "Both used the same site or app", "site or app",
     "Name of the site or app, folded."},
    {FEATURE_TEXT, "text", FAMILY_TEXT, "Both accounts use the same rare words", "rare words in the accounts",
     "Rare terms and phrases that both narratives use, after stemming."},
    {FEATURE_MECHANISM, "mechanism", FAMILY_MECHANISM, "Both died in the same apparent way",
     "apparent mechanism", "Apparent mechanism."},
    {FEATURE_SETTING, "setting", FAMILY_SCENE, "Both were found in the same kind of place", "kind of place",
     "Kind of place; a shared group of settings counts where the settings differ."},
    {FEATURE_AGE, "age", FAMILY_PERSON, "They were of nearly the same age", "age", "Difference of age."},
    {FEATURE_TIME, "time", FAMILY_TIME, "They were found close together in time", "time",
     "Gap between the dates."},
    {FEATURE_PLACE, "place", FAMILY_PLACE, "They were found close together", "place",
     "Distance, judged by how many comparable events lie that near."},
    {FEATURE_ADDRESS, "address", FAMILY_PLACE, "They were found at the same address", "address",
     "The same address, judged by how many events that address has."},
    {FEATURE_IDENTIFIER, "identifier", FAMILY_IDENTIFIERS, "The same person or number occurs in both",
     "people and numbers in common",
     "Shared persons, telephones, handles, addresses, vehicles, devices, DNA and documents, by the paths "
     "that lead to them."},
};

static const char *const FAMILY_NAMES[FAMILY_COUNT] = {
    "identifiers", "place", "time", "the person", "the scene", "mechanism", "contact", "account", "text"};

const char *family_name(enum family f)
{
    MUST((unsigned)f < FAMILY_COUNT);
    return FAMILY_NAMES[f];
}

int feature_named(const char *name, unsigned long len)
{
    for (int i = 0; i < FEATURE_COUNT; i++)
        if (str_eq(str_of(FEATURES[i].name), (Str){name, len})) return i;
    return -1;
}

int feature_value_is_silent(const char *word, unsigned long len)
{
    static const char *const SILENT[] = {"unknown", "none_seen", "none_known",
                                         "other",   "none_yet",  "unknown_drug"};
    for (size_t i = 0; i < COUNT_OF(SILENT); i++)
        if (str_eq(str_of(SILENT[i]), (Str){word, len})) return 1;
    return 0;
}
