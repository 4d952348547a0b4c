/* A store with real policy, a clock that stands until it is moved, and the linker at work on it. */
#ifndef TEST_APP_LIVE_KIT_H
#define TEST_APP_LIVE_KIT_H

#include "../link/worldkit.h"
#include "app/live.h"
#include "store/follow.h"

struct bed {
    struct worldkit kit;
    char dir[64];
    int64_t now_ms;
    struct store_env env;
    struct store *store;
    struct link_policy work;
    struct live *live;
    struct actor officer;
};

int bed_setup(void **state);
int bed_teardown(void **state);
void bed_folder_remove(const char *dir); /* a folder of files, without folders */

/* Sets the clock: "2014-06-19T05:00:00Z". */
void bed_clock(struct bed *b, const char *at);
/* Appends lines of the feed as one unit; the clock is moved to the latest known_at where that is later. The
 * last entry. */
uint64_t bed_put(struct bed *b, const struct change *line, size_t count);
uint64_t bed_line(struct bed *b, const char *json);

/* Starts the linker and waits until all that is on record is linked; stops it. */
void bed_live(struct bed *b);
void bed_rest(struct bed *b);
/* Waits until the entry is linked; fails the test when it is not. */
void bed_wait(struct bed *b, uint64_t seq);

/* The links on record, each as "D1 D2 I3; raised_by", oldest first, a line each. */
const char *bed_links(struct bed *b);
size_t bed_link_count(struct bed *b);
/* What the oldest link says of its weights, in tenfold steps. */
struct looked {
    double weight, look, threshold;
};
struct looked bed_first_looked(struct bed *b);

/* The links once they hold the text; as they are when it does not come within minutes. */
const char *bed_links_with(struct bed *b, const char *text);
/* What the oldest link with a note says. */
const char *bed_first_note(struct bed *b);

/* Enough deaths for a shared telephone to be rare; the first day of 2014. */
void bed_background(struct bed *b, int deaths);
/* A death that shares three telephones with every other of its `group`. */
uint64_t bed_sharer(struct bed *b, const char *id, const char *known_at, int group);

#endif
