/* The linker at work inside the server. One thread owns what the linker knows: it loads the ledger, follows
 * it entry by entry, finds the nearest of whatever is new, and writes what is worth a word as records of kind
 * `link` (actor "colligate", role "linker"), with an entry for every linking run. What is on record is never
 * told again, also not after a restart.
 *
 * Restricted deaths (kind `restriction`) are kept out of the world that everybody's pages read: they enter no
 * count, no frequency and no threshold. A second world that holds everything exists while there are any; in
 * it they are compared with all others, and a link that touches one is a record for those who are cleared.
 *
 * Lines whose known_at lies before the world's clock (late feeds) are taken at once with the world's own
 * time, so that their links are told; a fresh world is then made in the background, in which they stand where
 * they belong. Many of them (an import) wait for that fresh world. What they raise about days long gone are
 * back-records: on record at once, and told so many a day, the most valuable first.
 *
 * Calls are safe from several threads. */
#ifndef APP_LIVE_H
#define APP_LIVE_H

#include "app/casework.h"
#include "app/link_book.h"
#include "assure/link_work.h"
#include "link/alert.h"
#include "store/store.h"

struct live;

#define LIVE_ACTOR "colligate"
#define LIVE_ROLE  "linker"

struct live_options {
    struct store *store; /* open for writing */
    const struct store_env *env;
    const struct link_model *model; /* linking_model */
    const struct second_look *look; /* linking_second_look; NULL: deaths are told by weight alone */
    const struct link_policy *work; /* links_policy: how many back-records a day, what counts as strong */
    double price_per_week;          /* false alerts a week that the force accepts; 0: 1 */
};

/* Starts the thread and returns at once; what is loaded can be asked for from `ready` on. Everything pointed
 * to must outlive live_stop. */
MUST_USE enum status live_start(const struct live_options *options, struct live **out, struct err *e);
/* Ends the thread; to be called before store_close. NULL is allowed. */
void live_stop(struct live *l);

struct live_status {
    bool ready;      /* a world is loaded: pages can read it */
    bool loading;    /* one is being made: the first, or a fresh one for late lines */
    bool kept;       /* it went on where the last run left it */
    uint64_t linked; /* every entry of the ledger up to here is taken into account */
    uint64_t head;   /* newest entry of the ledger */
    uint64_t behind; /* lines that are read and wait for a fresh world */
    uint64_t lines;  /* taken since the start */
    size_t events, restricted, links, back_waiting;
    size_t decided; /* links that stood decided as linked at the last midnight: not counted in the price */
    int64_t world_ms, counts_ms; /* the world's clock; the midnight of its counts */
    char trouble[600];           /* the last failure of the store, "" when all is well; it is tried again */
};
void live_status(struct live *l, struct live_status *out);

/* Waits until entry `seq` (receipt.last_seq) is linked and its links are on record; false: not within the
 * time. */
bool live_wait(struct live *l, uint64_t seq, int timeout_ms);

/* ---- asking ------------------------------------------------------------------------------------------ */

/* OPEN: what everybody may be told: without restricted records. WHOLE: everything; only for those who are
 * cleared for all that is asked about (the same as OPEN while nothing is restricted). */
enum live_side { LIVE_OPEN, LIVE_WHOLE };

struct live_view {
    struct world *world;
    struct alarm *alarm;              /* NULL of WHOLE while something is restricted */
    const struct case_places *places; /* for casework and earlier deaths near by */
};
/* Calls `ask` with the world under its lock: be short (a few nearest, a pair, a rank), call nothing that
 * waits, and keep nothing of it. E_BUSY while nothing is loaded yet. */
typedef enum status (*live_ask)(void *state, const struct live_view *view, struct err *e);
MUST_USE enum status live_with(struct live *l, enum live_side side, live_ask ask, void *state, struct err *e);

/* The links on record with what was answered, under the lock of the book: be short, keep nothing. Never waits
 * for the linker. */
typedef enum status (*live_book_ask)(void *state, const struct link_book *book, struct err *e);
MUST_USE enum status live_with_book(struct live *l, live_book_ask ask, void *state, struct err *e);

/* Appends what somebody says about links (an answer, a suggestion), so that nobody who read the same book
 * comes in between: `check` looks at the book as it is then, and refuses with its status (E_CONFLICT). The
 * book knows of it when this returns. */
MUST_USE enum status live_append(struct live *l, const struct actor *actor, live_book_ask check, void *state,
                                 const struct change *change, size_t count, struct receipt *out,
                                 struct err *e);

/* ---- being told -------------------------------------------------------------------------------------- */

enum live_news_kind {
    LIVE_NEWS_LINK,   /* a link is new, has grown, or its facts have changed */
    LIVE_NEWS_ANSWER, /* somebody answered one */
    LIVE_NEWS_CLOCK,  /* a day has begun: counts have moved, work may have become due; no record */
};
struct live_news {
    uint64_t number; /* from 1, rising */
    enum live_news_kind kind;
    struct record_id link;
};
/* News after `number` that is still kept (the last 256), oldest first, in `a`; waits for some at most so
 * long. To whom it may be told is for the caller to ask, before anything of it is shown. */
size_t live_listen(struct live *l, uint64_t number, int timeout_ms, struct arena *a, struct live_news **out);
uint64_t live_news_number(struct live *l); /* of the newest; 0: none yet */

#endif
