/* In what capacity somebody acts. An account has one or more; one is acted in at a time, and every entry of
 * the ledgers names it. */
#ifndef MODEL_ROLE_H
#define MODEL_ROLE_H

#include "base/str.h"

#include <stdint.h>

enum role {
    ROLE_RESPONSE,
    ROLE_SUPERVISOR,
    ROLE_DETECTIVE,
    ROLE_ANALYST,
    ROLE_SPECIALIST,
    ROLE_EXHIBITS,
    ROLE_FAMILY,
    ROLE_CORONER_OFFICER,
    ROLE_CORONER,
    ROLE_ADVISER,
    ROLE_STANDARDS,
    ROLE_AUDITOR,
    ROLE_ADMINISTRATOR,
    ROLE_FEED,
    ROLE_COUNT
};
typedef uint32_t RoleSet; /* bit 1 << role */
#define ROLE_BIT(role) ((RoleSet)1 << (role))

/* Whose deaths somebody sees as a matter of course; beyond it a reason is asked. */
enum role_scope {
    SCOPE_NONE,  /* no records of deaths at all */
    SCOPE_UNIT,  /* those of the own unit */
    SCOPE_FORCE, /* all */
};

struct role_row {
    enum role id;
    const char *code;  /* in files and ledgers */
    const char *label; /* for people */
    bool privileged;   /* signs in with a second factor */
    enum role_scope scope;
    const char *about; /* what they come for, one sentence */
};
extern const struct role_row ROLES[ROLE_COUNT];
int role_named(Str code); /* -1 when there is none */
/* Does one of them need a second factor? */
bool roles_privileged(RoleSet roles);

#endif
