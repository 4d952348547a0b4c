/* What somebody may do, by the role they act in. Whether they may do it to a certain record is another
 * question (app/sight.h). Pure. */
#ifndef MODEL_PERMISSION_H
#define MODEL_PERMISSION_H

#include "model/role.h"

enum permission {
    PERMISSION_NOT_STATED = 0, /* nobody; a route without a permission refuses to start */
    PERMISSION_OPEN,           /* without signing in */
    PERMISSION_SIGNED_IN,
    PERMISSION_READ,
    PERMISSION_REPORT,
    PERMISSION_RECORD,
    PERMISSION_SUPERVISE,
    PERMISSION_CLASSIFY,
    PERMISSION_LINKS,
    PERMISSION_DECIDE_LINK,
    PERMISSION_SPECIALIST,
    PERMISSION_EXHIBITS,
    PERMISSION_FAMILY,
    PERMISSION_IMPORT,
    PERMISSION_ASSURANCE,
    PERMISSION_AUDIT,
    PERMISSION_RESTRICT,
    PERMISSION_CONFLICTS,
    PERMISSION_ACCOUNTS,
    PERMISSION_SYSTEM,
    PERMISSION_FEED,
    PERMISSION_COUNT
};

struct permission_row {
    enum permission id;
    const char *code;
    const char *about; /* "report a death": after "may" */
    RoleSet roles;     /* of PERMISSION_OPEN and PERMISSION_SIGNED_IN: all */
};
extern const struct permission_row PERMISSIONS[PERMISSION_COUNT];

bool role_may(enum role role, enum permission permission);
/* May any of these roles? */
bool roles_may(RoleSet roles, enum permission permission);
/* Every row in its place, and none without a role. */
MUST_USE enum status permissions_check(struct err *e);

#endif
