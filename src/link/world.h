/* Everything the linker knows: records as they come in line by line, the events made of them, and the counts
 * that say how common a value is. Pure: no clock, no files; the same lines in the same order give the same
 * bytes. The store feeds it on the way up, a replay feeds it line by line: both go through the same door.
 *
 * The honest clock: lines come in the order of known_at. Counts are frozen at midnight (UTC) and hold what
 * was known before it. Lines of one known_at are one tick: world_apply them all, then world_tick. */
#ifndef LINK_WORLD_H
#define LINK_WORLD_H

#include "base/buf.h"
#include "link/evidence.h"
#include "link/model.h"
#include "model/record.h"

struct world;

struct world *world_new(const struct link_model *model, const struct policy *policy, size_t memory_max_bytes);
void world_free(struct world *w);
#define CLEANUP_WORLD __attribute__((cleanup(world_cleanup)))
void world_cleanup(struct world **w);

/* Takes one line (copied). E_INVALID when its known_at lies before one already taken. Kinds that tie nothing
 * are kept out and cost nothing. */
MUST_USE enum status world_apply(struct world *w, const struct change *line, struct err *e);

/* The linker as bytes in an empty buffer, after a tick was ended, so that it need not take every line again:
 * what is restored answers as what was saved, byte for byte, and goes on as it would have gone on. Only for
 * the same program on the same machine; seals nothing. */
void world_save(struct world *w, struct buf *out);
/* Takes the bytes over, emptying `image`. E_INVALID when they were saved under another model, vocabulary or
 * form, or are no whole image: the reason is for people. */
MUST_USE enum status world_restore(const struct link_model *model, const struct policy *policy,
                                   size_t memory_max_bytes, struct buf *image, struct world **out,
                                   struct err *e);

/* Ends a tick: brings events up to date with what was applied since the last. changed: events that are new or
 * whose comparable facts changed, in the order of their ids; borrowed until the next call. */
struct tick {
    const uint32_t *event;
    size_t count;
};
struct tick world_tick(struct world *w);
/* By how many threads a large tick is read; 0 (and before this is called): as many as there are cores. The
 * answer does not depend on it. */
void world_read_by(struct world *w, size_t threads);

/* Takes everything known into the counts at once, as the next midnight would: for a file that has no history.
 */
void world_count_all(struct world *w);

size_t world_event_count(const struct world *w);
/* -1 when there is none. */
int64_t world_find(const struct world *w, const struct record_id *id);
const struct record_id *world_event_id(const struct world *w, uint32_t event);
/* The record behind it, folded as known now: struct death or struct incident by id->kind. Borrowed: until the
 * next tick, or until a thousand others were asked for. Not for several threads at once. */
const struct record *world_event_record(const struct world *w, uint32_t event);
/* Any record of the kinds the linker reads (deaths, incidents, persons, involvements, identifiers); NULL when
 * unknown. */
const struct record *world_record(const struct world *w, const struct record_id *id);
int64_t world_event_known_ms(const struct world *w, uint32_t event); /* when it first became known */
/* The day it happened, or was found or reported, as days since 1970 (of a span the first); false: not known.
 */
bool world_event_day(const struct world *w, uint32_t event, int32_t *day);
/* Everybody with a part in an event who is on record, a part each, as the parts came on record. How many; at
 * most `room` are given. Borrowed: until the next tick. */
struct event_person {
    const struct record_id *person;
    Str role;
};
size_t world_event_people(const struct world *w, uint32_t event, struct event_person *out, size_t room);
int64_t world_now_ms(const struct world *w);    /* known_at of the last line */
int64_t world_counts_ms(const struct world *w); /* the midnight of the counts */
const struct link_model *world_model(const struct world *w);

struct hit {
    uint32_t event;
    int score_db;
};
/* The k best partners of an event among all others, by the sum of weights; ties by id. Exactly those that
 * weighing every pair would give. `scratch` holds the answer. */
size_t world_nearest(struct world *w, uint32_t event, size_t k, struct arena *scratch, struct hit **out);

/* The same for many events, by several threads (0: as many as there are cores); the answer does not depend on
 * their number. hit: room for count * k, k a row; found: how many of each. */
void world_nearest_many(struct world *w, const uint32_t *event, size_t count, size_t k, size_t threads,
                        struct hit *hit, size_t *found);

/* The place of `of` among the nearest of `among`, from 1. Where it is far down, every pair is weighed. */
size_t world_rank(struct world *w, uint32_t of, uint32_t among);
/* The same in the time of one search: 0 when it is not among the RANK_NEAR nearest. */
#define RANK_NEAR 100
size_t world_rank_near(struct world *w, uint32_t of, uint32_t among);

/* One pair, weighed, with everything an explanation needs. Symmetric. */
void world_pair(struct world *w, struct arena *a, uint32_t x, uint32_t y, struct pair_evidence *out);
/* Only the sum. */
int world_pair_score(struct world *w, uint32_t x, uint32_t y);
/* The sum by family. */
struct pair_families {
    int sum_db, weight_db[FAMILY_COUNT];
    bool same_event_likely;
};
void world_pair_families(struct world *w, uint32_t x, uint32_t y, struct pair_families *out);

/* What each feature weighs, whether it was recorded on both sides (bits by feature), and how far the two lie
 * apart (NAN: not known). The same from both ends. */
struct pair_features {
    int sum_db, weight_db[FEATURE_COUNT];
    uint64_t recorded;
    double days, metres, years;
    enum node_level level;
    size_t at_address; /* events known at the address of either, the larger number */
};
void world_pair_features(struct world *w, uint32_t x, uint32_t y, struct pair_features *out);

/* Has it an explanation that was offered and never verified? */
bool world_unverified(const struct world *w, uint32_t event);

/* Distance and address alone, before anything shares their cause. */
int world_place_weight(const struct world *w, uint32_t x, uint32_t y);

/* Posterior probability that a pair of this score is of one series: prior odds from the model and the number
 * of pairs compared, times 10^(score/10). */
double world_probability(const struct world *w, int score_db);

#endif
