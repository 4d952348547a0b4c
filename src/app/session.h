/* What every use case starts from: the policy in force, the store, and who acts. */
#ifndef APP_SESSION_H
#define APP_SESSION_H

#include "model/policy.h"
#include "store/store.h"

/* The policy that the program carries inside. Lives in `a`. */
MUST_USE enum status session_policy(struct arena *a, struct policy *out, struct err *e);

struct session {
    struct arena *arena; /* lives as long as the session; owned by the caller */
    struct policy policy;
    struct store_env env; /* points to the policy: the session must not be moved while open */
    struct store *store;  /* NULL until session_open */
    struct actor actor;
    const char *dir;
};

/* Loads the policy and sets clock, keys and actor; opens nothing. actor.name absent: the account that runs
 * the program; actor.role absent: "administrator". */
MUST_USE enum status session_prepare(struct arena *a, const char *dir, const struct actor *actor,
                                     struct session *out, struct err *e);
/* session_prepare, then opens the store. Close it with session_close, also after a failure. */
MUST_USE enum status session_open(struct arena *a, const char *dir, enum store_mode mode,
                                  const struct actor *actor, struct session *out, struct err *e);
void session_close(struct session *s);
#define CLEANUP_SESSION __attribute__((cleanup(session_close)))

#endif
