/* What a server holds open for all requests: the store, the policy, the roll, the checks, the linker at work.
 */
#ifndef APP_SERVICE_H
#define APP_SERVICE_H

#include "app/exhibit_register.h"
#include "app/roll.h"
#include "app/session.h"
#include "assure/pack.h"
#include "store/accounts.h"

struct stage;
struct live;
struct link_model;
struct link_policy;
struct news;
struct notices;
struct second_look;
struct word_index;
struct work;

struct service_options {
    const char *dir;
    const char *model;       /* a linkage model; NULL: the shipped one */
    const char *checks;      /* a pack by its name; NULL: england-wales */
    const char *const *play; /* feeds of a demonstration; its clock stands where it is set */
    size_t play_count;
    int64_t play_ms;
    struct clock clock; /* for tests; without a function: the system's */
};

/* The second factor of an account of a demonstration, which is shown to everybody. */
struct demonstration_secret {
    bool known;
    unsigned char secret[TOTP_SECRET_BYTES];
};
#define DEMONSTRATION_ACCOUNTS_MAX 16

struct service {
    struct session session;
    struct roll *roll;
    struct exhibit_register *exhibits;
    struct check_pack checks;
    struct link_model *link_model;
    struct link_policy *link_policy;
    struct second_look *second_look;
    struct live *live;        /* the linker at work */
    struct word_index *words; /* keeps the index of words up to date */
    int64_t started_us;       /* clock_ticks_us when it was opened */
    struct work *work;        /* what has to be done; follows the ledger by itself */
    struct news *news;        /* tells those who listen of new links and work */
    struct notices *notices;  /* tells receivers outside */
    struct stage *stage;      /* of a demonstration; NULL: none */
    struct demonstration_secret secret[DEMONSTRATION_ACCOUNTS_MAX];
};

MUST_USE enum status service_open(struct arena *a, const struct service_options *options, struct service *out,
                                  struct err *e);
void service_close(struct service *s); /* repeated calls are allowed */

int64_t service_now_ms(const struct service *s);

#endif
