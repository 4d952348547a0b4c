#include "app/report_steps.h"

#include "model/kinds.h"

const struct report_part_row REPORT_PART[REPORT_PARTS] = {
    [REPORT_DEATH] = {"death", KIND_DEATH, "the death"},
    [REPORT_FINDER] = {"finder", KIND_PERSON, "who found them"},
    [REPORT_FINDER_PHONE] = {"finderphone", KIND_IDENTIFIER, "the finder's telephone"},
    [REPORT_FIRST_ACCOUNT] = {"account", KIND_STATEMENT, "what the finder said"},
    [REPORT_CALLER] = {"caller", KIND_PERSON, "who called"},
    [REPORT_CALLER_PHONE] = {"callerphone", KIND_IDENTIFIER, "the caller's telephone"},
    [REPORT_OWN_PHONE] = {"ownphone", KIND_IDENTIFIER, "the dead person's telephone"},
    [REPORT_ARRIVAL] = {"arrival", KIND_ATTENDANCE, "you at the scene"},
    [REPORT_TOLD] = {"told", KIND_ATTENDANCE, "your supervisor"},
    [REPORT_KNOWN] = {"known", KIND_STATEMENT, "what you know of a death near by"},
};

/* clang-format off */
const struct report_extra_row REPORT_EXTRA[REPORT_EXTRAS] = {
    [EXTRA_PHONE] = {"phone", "Was their phone there?", "A phone that is not there matters as much as one that is.",
        {{"seen", "Yes, it was there"}, {"not_seen", "No, it was not there"}, {"unknown", "Not known"}}},
    [EXTRA_CALLER] = {"caller_is_finder", "Was it the person who found them?", "",
        {{"yes", "Yes, the same person"}, {"no", "No, somebody else"}, {"unknown", "Not known"}}},
    [EXTRA_THERE] = {"there", "Were you at the scene?", "", {{"yes", "Yes"}, {"no", "No, I report what others told me"}, {NULL, NULL}}},
};

#define DEATH(name, ...)             {.part = REPORT_DEATH, .field = death_field_##name, __VA_ARGS__}
#define OF(record, kind, name, ...)  {.part = record, .field = kind##_field_##name, __VA_ARGS__}
#define EXTRA(which)                 {.extra = 1 + (which)}
#define STEP(address, text, why, n, ...) {.name = address, .title = text, .lead = why, .count = n, .question = {__VA_ARGS__}}

const struct report_step REPORT_STEP[REPORT_STEPS] = {
    STEP("place", "Where was the person found?",
        "As soon as the place is known you are shown earlier deaths near it.", 2,
        DEATH(place, .label = "Place on the map", .hint = "Latitude and longitude, if you have them"),
        DEATH(address, .hint = "As exact as you can: flat, number, street, or what is near it")),
    STEP("setting", "What kind of place is it?", "", 1, DEATH(setting)),
    STEP("times", "When was the person found?", "Times are UTC.", 2,
        DEATH(found, .label = "When the person was found"), DEATH(reported_at)),
    STEP("person", "Who is the person?", "", 3, DEATH(deceased_name), DEATH(age), DEATH(sex)),
    STEP("finder", "Who found the person?", "The same finder at two deaths is worth knowing.", 3,
        DEATH(found_by, .label = "What they are to the dead", .hint = "Or how they came to be there"),
        OF(REPORT_FINDER, person, name, .label = "Their name"),
        OF(REPORT_FINDER_PHONE, identifier, value, .label = "Their telephone number", .hint = "")),
    STEP("caller", "Who reported it?", "", 3, EXTRA(EXTRA_CALLER),
        OF(REPORT_CALLER, person, name, .label = "Their name", .hint = "Leave it empty when it was the finder"),
        OF(REPORT_CALLER_PHONE, identifier, value, .label = "Telephone number of the call",
           .hint = "Also when the caller gave no name")),
    STEP("position", "How was the body?", "", 2, DEATH(posture),
        DEATH(signs_moved, .hint = "Marks, clothing pulled up, lividity that does not fit")),
    STEP("phone", "Their phone", "", 2, EXTRA(EXTRA_PHONE),
        OF(REPORT_OWN_PHONE, identifier, value, .label = "Its number, if known", .hint = "")),
    STEP("things", "What was there, and what was not?", "", 2, DEATH(present),
        DEATH(absent, .hint = "What is missing is evidence too")),
    STEP("body", "What was seen on the body?", "", 2, DEATH(injuries),
        DEATH(substances, .hint = "")),
    STEP("account", "What happened?", "", 3,
        DEATH(narrative, .hint = "Facts first. Say which part is your opinion"),
        OF(REPORT_FIRST_ACCOUNT, statement, text, .label = "What did the person who found them say?",
           .hint = "In their own words"),
        DEATH(account_conflict, .hint = "What was said does not fit what you saw. Leave it empty when all fits")),
    STEP("told", "You, and your supervisor", "A supervisor should know of every unexplained death.", 4,
        EXTRA(EXTRA_THERE), OF(REPORT_ARRIVAL, attendance, from, .label = "When did you arrive?", .hint = ""),
        OF(REPORT_TOLD, attendance, officer, .label = "Which supervisor have you told?",
           .hint = "Not in the list? Write the name in the step before, under what happened"),
        OF(REPORT_TOLD, attendance, told_at, .label = "When were they told?", .hint = "")),
};
/* clang-format on */

int report_step_named(Str name)
{
    for (int i = 0; i < REPORT_STEPS; i++)
        if (str_eq(name, str_of(REPORT_STEP[i].name))) return i;
    return -1;
}
