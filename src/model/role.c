#include "model/role.h"

/* ORDER role.h */
const struct role_row ROLES[ROLE_COUNT] = {
    {ROLE_RESPONSE, "response", "response officer", false, SCOPE_UNIT,
     "Reports a death from the scene and is told what to do and what to look for."},
    {ROLE_SUPERVISOR, "supervisor", "supervisor", false, SCOPE_UNIT,
     "Sees which procedures were not followed; agrees, returns or escalates; attends."},
    {ROLE_DETECTIVE, "detective", "detective", false, SCOPE_UNIT,
     "Investigates, decides on lines of enquiry and category."},
    {ROLE_ANALYST, "analyst", "crime analyst", false, SCOPE_FORCE,
     "Works the queue of suggested links and builds series."},
    {ROLE_SPECIALIST, "specialist", "specialist homicide detective", false, SCOPE_FORCE,
     "Answers requests, takes on series, or declines with a reason."},
    {ROLE_EXHIBITS, "exhibits", "exhibits officer", false, SCOPE_UNIT,
     "Books, moves and submits exhibits; audits the store."},
    {ROLE_FAMILY, "family", "family liaison officer", false, SCOPE_UNIT,
     "Logs contacts, records what the family says, answers concerns."},
    {ROLE_CORONER_OFFICER, "coroner_officer", "coroner's officer", false, SCOPE_FORCE,
     "Needs a complete report; asks and answers questions."},
    {ROLE_CORONER, "coroner", "coroner or medical examiner", false, SCOPE_FORCE,
     "Enters the cause of death and the conclusion."},
    {ROLE_ADVISER, "adviser", "adviser", false, SCOPE_UNIT,
     "Gives independent advice on deaths they are asked about."},
    {ROLE_STANDARDS, "standards", "professional standards", true, SCOPE_FORCE,
     "Sees conflicts of interest and rates that concern staff."},
    {ROLE_AUDITOR, "auditor", "inspectorate auditor", true, SCOPE_FORCE,
     "Samples records as they were known on a day, and who read them."},
    {ROLE_ADMINISTRATOR, "administrator", "administrator", true, SCOPE_NONE,
     "Keeps people, units, policy, imports, keys and backups."},
    {ROLE_FEED, "feed", "feed", false, SCOPE_NONE, "Another system that sends records."},
};

int role_named(Str code)
{
    for (int i = 0; i < ROLE_COUNT; i++)
        if (str_eq(code, str_of(ROLES[i].code))) return i;
    return -1;
}

bool roles_privileged(RoleSet roles)
{
    for (int i = 0; i < ROLE_COUNT; i++)
        if (ROLES[i].privileged && roles & ROLE_BIT(i)) return true;
    return false;
}
