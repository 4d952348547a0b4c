/* The thread that follows the ledger, and what others may ask it. */
#include "app/linking.h"
#include "app/live_private.h"

#include "base/alloc.h"
#include "base/caldate.h"
#include "base/log.h"
#include "base/parallel.h"
#include "model/kinds.h"

#include <stdio.h>
#include <stdlib.h>

#define WAIT_MS        1000 /* between two looks at the clock when nothing comes; after a failure too */
#define LATE_AT_ONCE   200  /* more late lines than this wait for a fresh world */
#define LATE_QUIET_MS  2000
#define RUNS_AT_ONCE   256
#define AGED_ENTRIES   50000 /* so many after what was kept are worth keeping it anew, at the next midnight */
#define PENDING_MAX    ((size_t)1 << 28)
#define WARM_MS(model) ((int64_t)((model)->history_weeks * 7) * MS_PER_DAY)

/* ---- small things ------------------------------------------------------------------------------------ */

static void told(void *state, enum live_news_kind kind, const struct record_id *link)
{
    struct live *l = state;
    pthread_mutex_lock(&l->lock);
    struct live_news *n = &l->news[l->news_number % LIVE_NEWS_KEPT];
    alloc_free((void *)(uintptr_t)n->link.id.ptr);
    *n = (struct live_news){.number = ++l->news_number, .kind = kind};
    if (link != NULL) {
        char *text = alloc_zero(link->id.len + link->ns.len + 1, 1);
        memcpy(text, link->id.ptr, link->id.len);
        memcpy(text + link->id.len, link->ns.ptr, link->ns.len);
        n->link = (struct record_id){{text + link->id.len, link->ns.len}, link->kind, {text, link->id.len}};
    }
    pthread_cond_broadcast(&l->moved);
    pthread_mutex_unlock(&l->lock);
}

static void note_trouble(struct live *l, const char *text)
{
    pthread_mutex_lock(&l->lock);
    snprintf(l->status.trouble, sizeof l->status.trouble, "%s", text);
    pthread_mutex_unlock(&l->lock);
}

/* What everybody may know of how far it is. */
static void publish(struct live *l)
{
    struct live_status s = {0};
    int64_t now = clock_now_ms(&l->o.env->clock);
    s.ready = l->side != NULL;
    s.loading = l->loader_runs;
    s.behind = table_count(l->pending);
    s.decided = l->decided;
    s.linked = s.behind > 0 && l->first_pending <= l->read ? l->first_pending - 1 : l->read;
    if (!s.ready || l->reading_only || l->unsaid.findings > 0) s.linked = 0;
    if (s.ready) {
        s.events = world_event_count(l->side->whole != NULL ? l->side->whole : l->side->open);
        s.world_ms = world_now_ms(l->side->open);
        s.counts_ms = world_counts_ms(l->side->open);
    }
    pthread_mutex_lock(&l->book_lock);
    s.restricted = link_book_restricted_count(l->book, now);
    s.links = link_book_count(l->book);
    s.back_waiting = back_records_untold(l->book);
    pthread_mutex_unlock(&l->book_lock);
    pthread_mutex_lock(&l->lock);
    s.lines = l->status.lines;
    s.kept = l->status.kept;
    memcpy(s.trouble, l->status.trouble, sizeof s.trouble);
    l->status = s;
    pthread_cond_broadcast(&l->moved);
    pthread_mutex_unlock(&l->lock);
}

/* Adds what is restricted now. */
static void restricted_add(struct live *l, struct restricted *to)
{
    pthread_mutex_lock(&l->book_lock);
    link_book_restricted_each(l->book, clock_now_ms(&l->o.env->clock), to->event);
    pthread_mutex_unlock(&l->book_lock);
}

static void live_free(struct live *l)
{
    for (size_t i = 0; i < LIVE_NEWS_KEPT; i++)
        alloc_free((void *)(uintptr_t)l->news[i].link.id.ptr);
    side_free(l->side);
    side_free(l->fresh);
    link_book_free(l->book);
    table_free(l->pending);
    table_free(l->restricted.event);
    table_free(l->order_restricted.event);
    arena_free(l->round);
    arena_free(l->unsaid_arena);
    arena_free(l->found_arena);
    pthread_mutex_destroy(&l->world_lock);
    pthread_mutex_destroy(&l->book_lock);
    pthread_mutex_destroy(&l->lock);
    pthread_cond_destroy(&l->moved);
    alloc_free(l);
}

/* ---- making a world ---------------------------------------------------------------------------------- */

static void *loader_main(void *state)
{
    struct live *l = state;
    thread_stand_back();
    l->load_err = (struct err){0};
    l->load_status = side_load(&l->order, &l->fresh, &l->found, &l->load_err);
    atomic_store(&l->loaded, true);
    store_ring(l->o.store);
    return NULL;
}

/* `from_ms`: from when on it is gone through tick by tick. */
static void order_fill(struct live *l, int64_t from_ms, uint64_t untold_after)
{
    table_free(l->order_restricted.event);
    l->order_restricted.event = table_new(PENDING_MAX);
    restricted_add(l, &l->order_restricted);
    l->order = (struct load_order){.store = l->o.store,
                                   .actor = &l->actor,
                                   .policy = l->o.env->policy,
                                   .model = l->o.model,
                                   .look = l->o.look,
                                   .price_per_week = l->o.price_per_week,
                                   .warm_from_ms = from_ms,
                                   .restricted = &l->order_restricted,
                                   .untold = {untold_after, l->order_some},
                                   .stop = &l->stop};
}

static void loader_start(struct live *l, int64_t from_ms, uint64_t untold_after)
{
    l->order_some = table_new(PENDING_MAX);
    for (size_t i = 0; i < table_count(l->pending); i++)
        (void)table_at_number(l->order_some, table_key_number(l->pending, i), NULL);
    order_fill(l, from_ms, untold_after);
    l->found_arena = arena_new("found while loading", ROUND_BYTES_MAX);
    l->found = (struct outcome){.a = l->found_arena, .telling = true};
    atomic_store(&l->loaded, false);
    l->reload_due = false;
    l->loader_runs = pthread_create(&l->loader, NULL, loader_main, l) == 0;
    if (!l->loader_runs) l->reload_due = true;
}

static void loader_end(struct live *l)
{
    (void)pthread_join(l->loader, NULL);
    l->loader_runs = false;
    atomic_store(&l->loaded, false);
    table_free(l->order_some);
    l->order_some = NULL;
}

/* ---- writing down ------------------------------------------------------------------------------------ */

static enum status write_runs(struct live *l, const struct outcome *o, uint64_t through, struct err *e)
{
    for (size_t i = 0; i < o->runs; i += RUNS_AT_ONCE) {
        struct receipt receipt;
        size_t n = o->runs - i < RUNS_AT_ONCE ? o->runs - i : RUNS_AT_ONCE;
        TRY(store_link_runs(l->o.store, &l->actor, &o->run[i], n, i + n == o->runs ? through : 0, &receipt,
                            e));
    }
    return OK;
}

static enum status write_down(struct live *l, const struct outcome *o, uint64_t through, struct err *e)
{
    TRY(tell_findings(&l->teller, l->side, o, e));
    TRY(tell_changes(&l->teller, l->side, o, e));
    return write_runs(l, o, through, e);
}

/* ---- following --------------------------------------------------------------------------------------- */

struct round {
    struct live *l;
    struct change *line;
    uint64_t *seq;
    size_t count, room, seq_room;
    bool book_anew;
};

static void round_add(struct round *r, const struct followed *f)
{
    ARENA_ROOM(r->l->round, r->line, r->room, r->count + 1, 256);
    ARENA_ROOM(r->l->round, r->seq, r->seq_room, r->count + 1, 256);
    r->line[r->count] = f->line;
    r->seq[r->count++] = f->seq;
}

static void take_into_book(struct round *r, const struct followed *f)
{
    struct live *l = r->l;
    size_t at = 0;
    struct record_id link = {0};
    pthread_mutex_lock(&l->book_lock);
    enum link_book_news news = link_book_take(l->book, f, &at);
    if (news == LINK_BOOK_LINK || news == LINK_BOOK_ANSWER) {
        const struct link_note *n = link_book_at(l->book, at);
        if (n != NULL) link = n->id;
    }
    pthread_mutex_unlock(&l->book_lock);
    if (news == LINK_BOOK_RESTRICTION || news == LINK_BOOK_WITHDRAWN) l->reload_due = true;
    if (news == LINK_BOOK_RESTRICTION) restricted_add(l, &l->restricted);
    if (news == LINK_BOOK_WITHDRAWN) r->book_anew = true;
    if (news == LINK_BOOK_LINK) told(l, LIVE_NEWS_LINK, &link);
    if (news == LINK_BOOK_ANSWER) told(l, LIVE_NEWS_ANSWER, &link);
}

static void take_followed(struct round *r, const struct followed *f)
{
    bool ties = f->what != FOLLOWED_WITHDRAWN && (LIVE_TIES >> f->record.kind & 1);
    if (!ties || f->what == FOLLOWED_WITHDRAWN) take_into_book(r, f);
    if (f->what == FOLLOWED_ERASED && ties) r->l->reload_due = true;
    if (f->what == FOLLOWED_LINE && ties && !f->withdrawn) round_add(r, f);
}

struct line_place {
    int64_t known_ms;
    uint64_t seq;
    size_t at;
};

static int compare_lines(const void *x, const void *y)
{
    const struct line_place *a = x, *b = y;
    if (a->known_ms != b->known_ms) return a->known_ms < b->known_ms ? -1 : 1;
    return a->seq < b->seq ? -1 : a->seq > b->seq;
}

/* By the time they became known; of one time as they stand in the ledger. */
static void sort_lines(struct round *r)
{
    struct arena *a = r->l->round;
    struct line_place *place = NEW_ARRAY(a, struct line_place, r->count + 1);
    struct change *line = NEW_ARRAY(a, struct change, r->count + 1);
    for (size_t i = 0; i < r->count; i++)
        place[i] = (struct line_place){r->line[i].known_at_ms, r->seq[i], i};
    qsort(place, r->count, sizeof *place, compare_lines);
    for (size_t i = 0; i < r->count; i++) {
        line[i] = r->line[place[i].at];
        r->seq[i] = place[i].seq;
    }
    r->line = line;
}

static int64_t side_clock(const struct side *s)
{
    int64_t open = world_now_ms(s->open), whole = s->whole != NULL ? world_now_ms(s->whole) : INT64_MIN;
    return open > whole ? open : whole;
}

static void keep_pending(struct live *l, const struct change *line, uint64_t seq)
{
    if (table_count(l->pending) == 0 || seq < l->first_pending) l->first_pending = seq;
    if (table_count(l->pending) == 0 || line->known_at_ms < l->oldest_pending_ms)
        l->oldest_pending_ms = line->known_at_ms;
    *table_at_number(l->pending, seq, NULL) = 1;
    l->last_late_us = clock_ticks_us();
}

/* May a late line be taken with the world's own time? Not where a later word of its record is known already:
 * that one would be overruled. */
static bool may_take_late(const struct side *s, const struct change *line)
{
    const struct world *w = s->whole != NULL ? s->whole : s->open;
    const struct record *r = world_record(w, &line->record);
    return r == NULL || r->last_known_ms <= line->known_at_ms;
}

/* The ticks of a round on a side. `o` gets what came of them. */
static enum status run_ticks(struct live *l, struct side *s, struct round *r, struct outcome *o, bool shared,
                             struct err *e)
{
    size_t late = 0;
    for (size_t i = 0; i < r->count; i++)
        late += r->line[i].known_at_ms < side_clock(s);
    bool at_once = late <= LATE_AT_ONCE && table_count(l->pending) == 0;
    for (size_t i = 0; i < r->count;) {
        int64_t known = r->line[i].known_at_ms, clock = side_clock(s);
        size_t n = 1;
        bool unheld = s->whole == NULL && line_restricted(&l->restricted, &r->line[i]);
        bool waits = known < clock && !(at_once && may_take_late(s, &r->line[i]));
        if (shared && (waits || unheld)) {
            keep_pending(l, &r->line[i], r->seq[i]);
            i++;
            continue;
        }
        if (known < clock) {
            l->late_taken = true;
            known = clock;
        } else {
            while (i + n < r->count && r->line[i + n].known_at_ms == known &&
                   (s->whole != NULL || !line_restricted(&l->restricted, &r->line[i + n])))
                n++;
        }
        if (shared) pthread_mutex_lock(&l->world_lock);
        enum status status = side_tick(s, &l->restricted, &r->line[i], n, known, o, e);
        if (shared) pthread_mutex_unlock(&l->world_lock);
        TRY(status);
        i += n;
    }
    return OK;
}

static enum status book_read(struct live *l, uint64_t through, struct err *e);

/* One look at the ledger. *more: there is more to read. */
static enum status follow(struct live *l, bool *more, struct err *e)
{
    struct followed *f = NULL;
    size_t count = 0;
    uint64_t through = 0;
    arena_reset(l->round);
    TRY(store_follow(l->o.store, l->read, LIVE_TIES | LINK_BOOK_KINDS, LIVE_ROUND_LINES, l->round, &f, &count,
                     &through, e));
    *more = through > l->read;
    if (!*more) return OK;
    struct round r = {.l = l};
    for (size_t i = 0; i < count; i++)
        take_followed(&r, &f[i]);
    if (r.book_anew) TRY(book_read(l, through, e));
    sort_lines(&r);
    struct outcome o = {.a = l->round, .telling = true};
    TRY(run_ticks(l, l->side, &r, &o, true, e));
    l->read = through;
    pthread_mutex_lock(&l->lock);
    l->status.lines += r.count;
    pthread_mutex_unlock(&l->lock);
    return write_down(l, &o, table_count(l->pending) > 0 ? 0 : through, e);
}

/* The book alone, from the beginning. */
static enum status book_read(struct live *l, uint64_t through, struct err *e)
{
    struct link_book *book = link_book_new(l->o.env->policy);
    struct arena *a CLEANUP_ARENA = arena_new("reading links", ROUND_BYTES_MAX);
    enum status status = OK;
    for (uint64_t at = 0; at < through && status == OK;) {
        struct followed *f = NULL;
        size_t count = 0, place = 0;
        arena_reset(a);
        status = store_follow(l->o.store, at, LINK_BOOK_KINDS, LIVE_ROUND_LINES, a, &f, &count, &at, e);
        for (size_t i = 0; i < count && status == OK; i++)
            if (f[i].what == FOLLOWED_LINE) (void)link_book_take(book, &f[i], &place);
    }
    if (status != OK) {
        link_book_free(book);
        return status;
    }
    pthread_mutex_lock(&l->book_lock);
    struct link_book *old = l->book;
    l->book = l->teller.book = book;
    l->suggested = 0;
    pthread_mutex_unlock(&l->book_lock);
    link_book_free(old);
    return OK;
}

/* ---- a fresh world takes over ------------------------------------------------------------------------- */

/* What came while it was made; nothing of it is told, it has been. */
static enum status catch_up(struct live *l, struct side *fresh, struct err *e)
{
    for (uint64_t at = fresh->through; at < l->read;) {
        struct followed *f = NULL;
        size_t count = 0;
        arena_reset(l->round);
        TRY(store_follow(l->o.store, at, LIVE_TIES, LIVE_ROUND_LINES, l->round, &f, &count, &at, e));
        struct round r = {.l = l};
        for (size_t i = 0; i < count && f[i].seq <= l->read; i++)
            if (f[i].what == FOLLOWED_LINE && !f[i].withdrawn) round_add(&r, &f[i]);
        sort_lines(&r);
        struct outcome quiet = {.a = l->round};
        TRY(run_ticks(l, fresh, &r, &quiet, false, e));
    }
    return OK;
}

/* Waiting lines that it holds wait no longer. */
static void pending_settle(struct live *l, uint64_t through)
{
    struct table *rest = table_new(PENDING_MAX);
    for (size_t i = 0; i < table_count(l->pending); i++) {
        uint64_t seq = table_key_number(l->pending, i);
        if (seq <= through) continue;
        if (table_count(rest) == 0 || seq < l->first_pending) l->first_pending = seq;
        *table_at_number(rest, seq, NULL) = 1;
    }
    table_free(l->pending);
    l->pending = rest;
}

static void swap_in(struct live *l)
{
    struct side *fresh = l->fresh;
    pthread_mutex_lock(&l->world_lock);
    struct side *old = l->side;
    l->side = fresh;
    pthread_mutex_unlock(&l->world_lock);
    side_free(old);
    l->fresh = NULL;
    l->reading_only = false;
    l->late_taken = false;
    table_free(l->restricted.event);
    l->restricted = l->order_restricted;
    l->order_restricted = (struct restricted){0};
    restricted_add(l, &l->restricted);
    l->decided = tell_decided(&l->teller, fresh, clock_now_ms(&l->o.env->clock));
    pending_settle(l, fresh->through);
}

static enum status take_over(struct live *l, struct err *e)
{
    if (l->side == NULL || l->reading_only)
        l->read = l->fresh->through;
    else
        TRY(catch_up(l, l->fresh, e));
    swap_in(l);
    return OK;
}

static enum status loader_result(struct live *l, struct err *e)
{
    if (l->load_status != OK) {
        struct err *why = &l->load_err;
        l->reload_due = true;
        table_free(l->order_restricted.event);
        l->order_restricted = (struct restricted){0};
        arena_free(l->found_arena);
        l->found_arena = NULL;
        return ERR(e, l->load_status, why->field, "%s", why->text);
    }
    enum status status = take_over(l, e);
    if (status != OK) {
        side_free(l->fresh);
        l->fresh = NULL;
        l->reload_due = true;
        arena_free(l->found_arena);
    } else {
        l->unsaid = l->found;
        l->unsaid_arena = l->found_arena;
        l->unsaid.telling = true;
    }
    l->found_arena = NULL;
    return status;
}

/* ---- the thread --------------------------------------------------------------------------------------- */

/* How far back it goes tick by tick: the alarm's window, and as much before the oldest line that waits. */
static int64_t warm_from(struct live *l, int64_t newest_ms)
{
    int64_t from = newest_ms - WARM_MS(l->o.model);
    if (table_count(l->pending) > 0 && l->oldest_pending_ms - WARM_MS(l->o.model) < from)
        from = l->oldest_pending_ms - WARM_MS(l->o.model);
    return from;
}

/* Pages can be answered before the alarm knows its prices. */
static enum status read_meanwhile(struct live *l, struct err *e)
{
    struct side *quick = NULL;
    TRY(side_quick(&l->order, &quick, e));
    pthread_mutex_lock(&l->world_lock);
    l->side = quick;
    l->reading_only = true;
    pthread_mutex_unlock(&l->world_lock);
    return OK;
}

/* Goes on where the last run kept its side; false: it has to be made. What came since then, and is on record
 * as linked, is taken without being told again. */
static bool go_on(struct live *l, uint64_t linked)
{
    struct err why = {0};
    order_fill(l, INT64_MIN, linked);
    if (table_count(l->order_restricted.event) > 0) return false;
    enum status status = side_restore(&l->order, linked, &l->fresh, &why);
    if (status == OK) {
        l->read = linked > l->fresh->through ? linked : l->fresh->through;
        status = l->read > linked ? book_read(l, l->read, &why) : catch_up(l, l->fresh, &why);
    }
    if (status == OK) {
        swap_in(l);
        pthread_mutex_lock(&l->lock);
        l->status.kept = true;
        pthread_mutex_unlock(&l->lock);
        return true;
    }
    side_free(l->fresh);
    l->fresh = NULL;
    l->late_taken = false;
    if (status != E_NOT_FOUND)
        log_line(LOG_INFO, "the linker goes through the ledger again, what was kept of it does not serve: %s",
                 why.text);
    return false;
}

static enum status first_load(struct live *l, struct err *e)
{
    struct store_place head;
    uint64_t linked = 0;
    TRY(store_head(l->o.store, &head, e));
    TRY(store_linked_through(l->o.store, &linked, e));
    if (linked > 0) {
        TRY(book_read(l, linked, e));
        if (go_on(l, linked)) return OK;
    }
    TRY(book_read(l, head.seq, e));
    /* never linked: everything is gone through, and what is found about the past are back-records */
    loader_start(l, linked == 0 ? INT64_MIN : warm_from(l, head.known_ms), linked);
    return table_count(l->order_restricted.event) == 0 ? read_meanwhile(l, e) : OK;
}

static bool reload_is_due(const struct live *l)
{
    if (l->loader_runs) return false;
    bool quiet = clock_ticks_us() - l->last_late_us > (int64_t)LATE_QUIET_MS * 1000;
    return l->reload_due || (table_count(l->pending) > 0 && quiet);
}

static enum status say_unsaid(struct live *l, struct err *e)
{
    if (l->unsaid_arena == NULL) return OK;
    TRY(write_down(l, &l->unsaid, l->side->through, e));
    arena_free(l->unsaid_arena);
    l->unsaid_arena = NULL;
    l->unsaid = (struct outcome){0};
    return OK;
}

/* What is found stays unsaid until it is on record: the alarm does not find it twice. A night that cannot be
 * looked through is told, and stops nothing else. */
static enum status look_for_groups(struct live *l, int64_t midnight, struct err *e)
{
    l->unsaid_arena = arena_new("groups of a night", ROUND_BYTES_MAX);
    l->unsaid = (struct outcome){.a = l->unsaid_arena, .telling = true};
    publish(l); /* a night takes seconds: whoever waits for what is linked already need not */
    struct err why = {0};
    if (side_look_for_groups(l->side, &l->restricted, midnight, &l->world_lock, &l->unsaid, &why) != OK)
        log_line(LOG_WARNING, "clusters, rates and people in common could not all be looked for tonight: %s",
                 why.text);
    return say_unsaid(l, e);
}

/* A new day: counts move, work may be due, some back-records are told; and late lines get their places. */
static enum status new_day(struct live *l, struct err *e)
{
    int64_t now = clock_now_ms(&l->o.env->clock), midnight = caldate_midnight(now);
    if (midnight > l->midnight_ms) {
        l->decided = tell_decided(&l->teller, l->side, now);
        pthread_mutex_lock(&l->world_lock);
        enum status status = side_midnight(l->side, midnight, e);
        pthread_mutex_unlock(&l->world_lock);
        TRY(status);
        TRY(look_for_groups(l, midnight, e));
        if (l->midnight_ms != INT64_MIN) told(l, LIVE_NEWS_CLOCK, NULL);
        l->midnight_ms = midnight;
        if (l->late_taken || l->read - l->side->through > AGED_ENTRIES) l->reload_due = true;
    }
    return tell_back_records(&l->teller, l->side, now, e);
}

static enum status work(struct live *l, struct err *e)
{
    bool none = l->side == NULL || l->reading_only;
    if (none && !l->loader_runs && !atomic_load(&l->loaded)) return first_load(l, e);
    if (l->loader_runs && atomic_load(&l->loaded)) {
        loader_end(l);
        TRY(loader_result(l, e));
    }
    if (l->side == NULL || l->reading_only) return OK;
    TRY(say_unsaid(l, e));
    for (bool more = true; more && !atomic_load(&l->stop);)
        TRY(follow(l, &more, e));
    TRY(tell_suggested(&l->teller, l->side, &l->suggested, e));
    TRY(new_day(l, e));
    if (reload_is_due(l)) loader_start(l, warm_from(l, world_now_ms(l->side->open)), UINT64_MAX);
    return OK;
}

/* Nobody reads any more. Lines taken out of their order are not kept: a fresh world puts them in theirs. */
static void keep_at_end(struct live *l)
{
    bool whole = l->side != NULL && !l->reading_only && !l->late_taken && table_count(l->pending) == 0 &&
                 l->unsaid_arena == NULL;
    if (!whole || l->read - l->side->through < LINKING_LINES_WORTH_KEEPING) return;
    l->side->through = l->read;
    side_keep(l->o.store, l->side, true);
}

static void *worker_main(void *state)
{
    struct live *l = state;
    while (!atomic_load(&l->stop)) {
        struct err e = {0};
        enum status status = work(l, &e);
        note_trouble(l, status == OK ? "" : e.text);
        publish(l);
        /* while the first side is being made nothing is read: the loader rings when it is done */
        bool reads = status == OK && l->side != NULL && !l->reading_only;
        (void)store_wait_beyond(l->o.store, reads ? l->read : UINT64_MAX, WAIT_MS);
    }
    if (l->loader_runs) loader_end(l);
    keep_at_end(l);
    return NULL;
}

/* ---- starting and ending ------------------------------------------------------------------------------ */

enum status live_start(const struct live_options *options, struct live **out, struct err *e)
{
    struct live *l = alloc_zero(1, sizeof *l);
    pthread_condattr_t attr;
    l->o = *options;
    if (!(l->o.price_per_week > 0)) l->o.price_per_week = 1;
    l->actor = (struct actor){.name = S(LIVE_ACTOR), .role = S(LIVE_ROLE)};
    l->book = link_book_new(options->env->policy);
    l->teller = (struct teller){.store = l->o.store,
                                .env = l->o.env,
                                .actor = &l->actor,
                                .work = l->o.work,
                                .book = l->book,
                                .book_lock = &l->book_lock,
                                .world_lock = &l->world_lock,
                                .told = told,
                                .state = l};
    l->round = arena_new("a look at the ledger", ROUND_BYTES_MAX);
    l->pending = table_new(PENDING_MAX);
    l->restricted.event = table_new(PENDING_MAX);
    l->midnight_ms = INT64_MIN;
    pthread_mutex_init(&l->world_lock, NULL);
    pthread_mutexattr_t again;
    pthread_mutexattr_init(&again);
    pthread_mutexattr_settype(&again, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&l->book_lock, &again);
    pthread_mutexattr_destroy(&again);
    pthread_mutex_init(&l->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&l->moved, &attr);
    pthread_condattr_destroy(&attr);
    l->status.loading = true;
    if (pthread_create(&l->worker, NULL, worker_main, l) != 0) {
        atomic_store(&l->stop, true);
        live_free(l);
        return ERR(e, E_INTERNAL, "", "the linker's thread could not be started.");
    }
    *out = l;
    return OK;
}

void live_stop(struct live *l)
{
    if (l == NULL) return;
    atomic_store(&l->stop, true);
    pthread_mutex_lock(&l->lock);
    pthread_cond_broadcast(&l->moved);
    pthread_mutex_unlock(&l->lock);
    store_ring(l->o.store);
    (void)pthread_join(l->worker, NULL);
    live_free(l);
}
