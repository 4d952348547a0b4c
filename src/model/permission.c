#include "model/permission.h"

#define ROLES_ALL     (ROLE_BIT(ROLE_COUNT) - 1)
#define ROLES_UNIT    (ROLE_BIT(ROLE_RESPONSE) | ROLE_BIT(ROLE_SUPERVISOR) | ROLE_BIT(ROLE_DETECTIVE))
#define ROLES_LINKS   (ROLE_BIT(ROLE_ANALYST) | ROLE_BIT(ROLE_SPECIALIST))
#define ROLES_CORONER (ROLE_BIT(ROLE_CORONER_OFFICER) | ROLE_BIT(ROLE_CORONER))
#define ROLES_WATCH   (ROLE_BIT(ROLE_STANDARDS) | ROLE_BIT(ROLE_AUDITOR))
#define ROLES_CASE                                                                                           \
    (ROLES_UNIT | ROLES_LINKS | ROLES_CORONER | ROLE_BIT(ROLE_EXHIBITS) | ROLE_BIT(ROLE_FAMILY) |            \
     ROLE_BIT(ROLE_ADVISER))

/* ORDER permission.h */
const struct permission_row PERMISSIONS[PERMISSION_COUNT] = {
    {PERMISSION_NOT_STATED, "not_stated", "", 0},
    {PERMISSION_OPEN, "open", "be here without signing in", ROLES_ALL},
    {PERMISSION_SIGNED_IN, "signed_in", "sign in", ROLES_ALL},
    {PERMISSION_READ, "read", "read records of deaths", ROLES_CASE | ROLES_WATCH},
    {PERMISSION_REPORT, "report", "report a death", ROLES_UNIT | ROLES_CORONER},
    {PERMISSION_RECORD, "record", "add to the record of a death",
     ROLES_UNIT | ROLES_LINKS | ROLES_CORONER | ROLE_BIT(ROLE_EXHIBITS) | ROLE_BIT(ROLE_FAMILY)},
    {PERMISSION_SUPERVISE, "supervise", "review a report and say that a check is not needed",
     ROLE_BIT(ROLE_SUPERVISOR) | ROLE_BIT(ROLE_DETECTIVE) | ROLE_BIT(ROLE_SPECIALIST)},
    {PERMISSION_CLASSIFY, "classify", "decide the category of a death",
     ROLE_BIT(ROLE_SUPERVISOR) | ROLE_BIT(ROLE_DETECTIVE) | ROLE_BIT(ROLE_SPECIALIST)},
    {PERMISSION_LINKS, "links", "see suggested links and compare deaths",
     ROLES_UNIT | ROLES_LINKS | ROLES_CORONER | ROLES_WATCH},
    {PERMISSION_DECIDE_LINK, "decide_link", "decide on a suggested link",
     ROLES_LINKS | ROLE_BIT(ROLE_DETECTIVE) | ROLE_BIT(ROLE_SUPERVISOR)},
    {PERMISSION_SPECIALIST, "specialist", "answer for the specialist team", ROLE_BIT(ROLE_SPECIALIST)},
    {PERMISSION_EXHIBITS, "exhibits", "book, seal and move exhibits",
     ROLES_UNIT | ROLE_BIT(ROLE_EXHIBITS) | ROLE_BIT(ROLE_SPECIALIST)},
    {PERMISSION_FAMILY, "family", "log contacts with the family and answer concerns",
     ROLE_BIT(ROLE_FAMILY) | ROLE_BIT(ROLE_DETECTIVE) | ROLE_BIT(ROLE_SUPERVISOR) |
         ROLE_BIT(ROLE_SPECIALIST) | ROLES_CORONER},
    {PERMISSION_IMPORT, "import", "bring in a file", ROLE_BIT(ROLE_ANALYST) | ROLE_BIT(ROLE_ADMINISTRATOR)},
    {PERMISSION_ASSURANCE, "assurance", "see how the units do",
     ROLE_BIT(ROLE_SUPERVISOR) | ROLE_BIT(ROLE_SPECIALIST) | ROLES_CORONER | ROLES_WATCH},
    {PERMISSION_AUDIT, "audit", "see who read what", ROLES_WATCH},
    {PERMISSION_RESTRICT, "restrict", "restrict a record to named people",
     ROLE_BIT(ROLE_SPECIALIST) | ROLE_BIT(ROLE_STANDARDS)},
    {PERMISSION_CONFLICTS, "conflicts", "see and record conflicts of interest", ROLE_BIT(ROLE_STANDARDS)},
    {PERMISSION_ACCOUNTS, "accounts", "keep the accounts of people", ROLE_BIT(ROLE_ADMINISTRATOR)},
    {PERMISSION_SYSTEM, "system", "see how the system is and keep it",
     ROLE_BIT(ROLE_ADMINISTRATOR) | ROLE_BIT(ROLE_AUDITOR)},
    {PERMISSION_FEED, "feed", "send records as a system", ROLE_BIT(ROLE_FEED)},
};

bool role_may(enum role role, enum permission permission)
{
    return permission < PERMISSION_COUNT && (PERMISSIONS[permission].roles & ROLE_BIT(role)) != 0;
}

bool roles_may(RoleSet roles, enum permission permission)
{
    return permission < PERMISSION_COUNT && (PERMISSIONS[permission].roles & roles) != 0;
}

enum status permissions_check(struct err *e)
{
    for (int i = 0; i < PERMISSION_COUNT; i++) {
        const struct permission_row *row = &PERMISSIONS[i];
        if (row->id != (enum permission)i)
            return ERR(e, E_INTERNAL, row->code, "permission %d stands in the wrong row.", i);
        if ((row->roles == 0) != (i == PERMISSION_NOT_STATED))
            return ERR(e, E_INTERNAL, row->code, "permission %s has no role.", row->code);
    }
    return OK;
}
