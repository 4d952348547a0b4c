#include "app/notices.h"

#include "app/links.h"
#include "app/notice_send.h"
#include "app/work.h"
#include "base/alloc.h"
#include "base/caldate.h"
#include "base/log.h"
#include "base/percent.h"
#include "model/feed.h"
#include "model/kinds.h"

#include <pthread.h>
#include <string.h>

#define LOOK_MS      500
#define SCAN_US      30000000 /* between two looks at what is to be told while no link is new */
#define ROUND_BYTES  ((size_t)1 << 30)
#define CONFIG_BYTES ((size_t)16 << 20)
#define PATH_BYTES   4096
#define AT_ONCE_MAX  50 /* sent between two looks */

static const char *const LINK_NEW = "link_new", *const LINK_OVERDUE = "link_overdue",
                         *const CHECKS_OVERDUE = "checks_overdue";

struct notices {
    const struct service *service;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t moved;
    atomic_bool stopping; /* set under the lock */
    struct arena *config_arena;
    struct notice_config config;
    struct notice_stamp stamp; /* of the file that config is of */
    uint64_t news;             /* of the linker, when it was last looked what is to be told */
    int64_t scanned_us;
    struct err said; /* the last failure that was logged */
};

struct round {
    const struct service *service;
    const struct notice_config *config;
    struct arena *a;
    int64_t now_ms;
};

int64_t notice_wait_ms(unsigned tries)
{
    static const int MINUTES[NOTICE_TRIES_MAX - 1] = {1, 5, 15, 60, 240, 720, 1440};
    return tries == 0 || tries >= NOTICE_TRIES_MAX ? 0 : (int64_t)MINUTES[tries - 1] * 60000;
}

/* ---- what is to be told ------------------------------------------------------------------------------- */

static enum status queue(struct round *r, const struct notice_receiver *to, const char *kind, Str reference,
                         Str path, int64_t of_ms, struct err *e)
{
    char hex[2 * SHA256_BYTES + 1];
    Sha256 digest = sha256(str_format(r->a, "%.*s\n%s\n%.*s\n%lld", STR_ARG(to->name), kind,
                                      STR_ARG(reference), (long long)of_ms));
    hex_encode(digest.byte, SHA256_BYTES / 2, hex);
    struct notice n = {.id = str_of(hex),
                       .receiver = to->name,
                       .kind = str_of(kind),
                       .reference = reference,
                       .path = path,
                       .made_ms = r->now_ms};
    return notice_put(r->service->session.store, &n, e);
}

static bool of_unit(const struct link_row *row, Str unit)
{
    bool found = str_empty(unit);
    for (size_t i = 0; i < row->unit.count && !found; i++)
        found = str_eq(row->unit.item[i], unit);
    return found;
}

/* Of a unit the receiver is told of, and touching nothing restricted. */
static bool may_be_told(const struct link_row *row, const struct notice_receiver *to)
{
    return !row->restricted && !row->note.merged && of_unit(row, to->unit);
}

static bool link_is(const struct link_row *row, const char *kind)
{
    return kind == LINK_NEW ? row->work.stage == STAGE_NEW : row->work.overdue;
}

static Str link_path(struct arena *a, Str reference)
{
    struct buf path CLEANUP_BUF = {0};
    buf_init(&path, PATH_BYTES);
    buf_add_cstr(&path, "/series/");
    percent_segment(&path, reference);
    return str_copy(a, buf_str(&path));
}

/* New since the receiver is told; late since the clock of its step ran out. */
static enum status link_queue(struct round *r, const struct notice_receiver *to, int64_t since_ms,
                              const struct link_row *row, struct err *e)
{
    Str id = ref_write(r->a, S(NAMESPACE_DEFAULT), &row->note.id), path = link_path(r->a, id);
    int64_t began_ms = row->note.told_ms > 0 ? row->note.told_ms : row->note.raised_ms;
    if (began_ms >= since_ms && link_is(row, LINK_NEW)) TRY(queue(r, to, LINK_NEW, id, path, began_ms, e));
    if (row->work.since_ms >= since_ms && link_is(row, LINK_OVERDUE))
        TRY(queue(r, to, LINK_OVERDUE, id, path, row->work.since_ms, e));
    return OK;
}

static enum status links_queue(struct round *r, const struct links_viewer *v, struct err *e)
{
    struct links_listing open;
    TRY(links_list(v, LINKS_OPEN, S(""), r->a, &open, e));
    for (size_t i = 0; i < r->config->count; i++) {
        const struct notice_receiver *to = &r->config->receiver[i];
        int64_t since_ms = 0;
        TRY(notice_since(r->service->session.store, to->name, r->now_ms, &since_ms, e));
        for (size_t k = 0; k < open.count; k++)
            if (may_be_told(&open.row[k], to)) TRY(link_queue(r, to, since_ms, &open.row[k], e));
    }
    return OK;
}

static bool checks_late(struct round *r, const struct notice_receiver *to)
{
    struct work *work = r->service->work;
    const struct roll *roll = r->service->roll;
    bool late = false;
    work_hold(work);
    for (size_t i = 0; i < work_cases(work) && !late; i++) {
        const struct work_case *c = work_case(work, i);
        uint32_t at = c->gone ? ROLL_NONE : roll_find(roll, &c->death);
        const struct roll_death *d = at == ROLL_NONE ? NULL : roll_death(roll, at);
        if (d == NULL || d->restricted || d->gone || (!str_empty(to->unit) && !str_eq(to->unit, d->unit)))
            continue;
        for (size_t k = 0; k < c->items && !late; k++)
            late = c->item[k].state == CHECK_OVERDUE;
    }
    work_release(work);
    return late;
}

/* Once a day, when something is overdue. */
static enum status checks_queue(struct round *r, const struct notice_receiver *to, struct err *e)
{
    int64_t day_ms = r->now_ms - r->now_ms % MS_PER_DAY;
    Str unit = str_empty(to->unit) ? S("all units") : to->unit;
    if (!checks_late(r, to)) return OK;
    return queue(r, to, CHECKS_OVERDUE, unit, S("/assurance"), day_ms, e);
}

/* ---- as somebody who is cleared for nothing ----------------------------------------------------------- */

struct outsider {
    struct session session;
    struct links_viewer v;
};

static enum status outsider_begin(struct round *r, struct outsider *o, struct err *e)
{
    struct viewer viewer = {ROLE_AUDITOR, S(""), S("")};
    struct roll *roll = r->service->roll;
    o->session = r->service->session;
    TRY(roll_follow(roll, o->session.store, e));
    roll_hold(roll);
    o->v = (struct links_viewer){.session = &o->session,
                                 .live = r->service->live,
                                 .policy = r->service->link_policy,
                                 .roll = roll,
                                 .sight = sight_new(roll, &viewer, r->a),
                                 .role = viewer.role,
                                 .officer = S(""),
                                 .unit = S(""),
                                 .now_ms = r->now_ms};
    return OK;
}

static void outsider_end(struct round *r, struct outsider *o)
{
    sight_done(o->v.sight);
    roll_release(r->service->roll);
}

static enum status queue_all(struct round *r, struct err *e)
{
    struct outsider o;
    TRY(outsider_begin(r, &o, e));
    enum status status = links_queue(r, &o.v, e);
    for (size_t i = 0; i < r->config->count && status == OK; i++)
        status = checks_queue(r, &r->config->receiver[i], e);
    outsider_end(r, &o);
    return status;
}

static enum status link_still(struct round *r, const struct links_viewer *v, const struct notice *n,
                              const struct notice_receiver *to, bool *holds, struct err *e)
{
    struct record_id id = {.kind = KIND_LINK};
    struct link_row row;
    struct err why = {0};
    *holds = false;
    ref_split(n->reference, S(NAMESPACE_DEFAULT), &id.ns, &id.id);
    enum status status = links_read(v, &id, r->a, &row, &why);
    if (status == E_NOT_FOUND) return OK;
    if (status != OK) return ERR(e, status, why.field, "%s", why.text);
    const char *kind = str_eq(n->kind, str_of(LINK_NEW)) ? LINK_NEW : LINK_OVERDUE;
    *holds = may_be_told(&row, to) && link_is(&row, kind);
    return OK;
}

/* Is it still so, and may it still be told? Much can have happened since it was queued. */
static enum status holds_still(struct round *r, const struct notice *n, const struct notice_receiver *to,
                               bool *holds, struct err *e)
{
    struct outsider o;
    enum status status = OK;
    TRY(outsider_begin(r, &o, e));
    if (str_eq(n->kind, str_of(CHECKS_OVERDUE)))
        *holds = checks_late(r, to);
    else
        status = link_still(r, &o.v, n, to, holds, e);
    outsider_end(r, &o);
    return status;
}

/* Are the links on record and the work of all deaths known? After a start that takes a while. */
static bool can_look(const struct service *service)
{
    struct live_status live;
    struct work_progress work;
    live_status(service->live, &live);
    work_progress(service->work, &work);
    return live.ready && work.ready;
}

/* ---- on its way --------------------------------------------------------------------------------------- */

/* stop: once it is true, what could not be sent is as if it had not been tried. */
static enum status send_one(struct round *r, const struct notice *n, const atomic_bool *stop, struct err *e)
{
    struct store *store = r->service->session.store;
    const struct notice_receiver *to = notice_receiver_named(r->config, n->receiver);
    struct err why = {0};
    unsigned tries = n->tries + 1;
    bool holds = false;
    if (to == NULL)
        return notice_tried(store, n->id, NOTICE_GIVEN_UP, r->now_ms, tries,
                            S("The receiver is not in notices.tsv any more."), e);
    TRY(holds_still(r, n, to, &holds, e));
    if (!holds) return notice_tried(store, n->id, NOTICE_DROPPED, r->now_ms, n->tries, S(""), e);
    if (notice_send(r->config, to, n, r->now_ms, stop, r->a, &why) == OK)
        return notice_tried(store, n->id, NOTICE_SENT, r->now_ms, tries, S(""), e);
    if (atomic_load(stop)) return OK;
    int64_t wait_ms = notice_wait_ms(tries);
    return notice_tried(store, n->id, wait_ms > 0 ? NOTICE_WAITING : NOTICE_GIVEN_UP, r->now_ms + wait_ms,
                        tries, str_of(why.text), e);
}

/* Read again only when the file has changed, or could not be read. */
static enum status config_follow(struct notices *n, struct err *e)
{
    const char *dir = n->service->session.dir;
    struct notice_stamp now;
    notice_config_stamp(dir, &now);
    if (n->stamp.read && notice_stamp_eq(&n->stamp, &now)) return OK;
    arena_reset(n->config_arena);
    n->stamp = (struct notice_stamp){0};
    TRY(notice_config_read(n->config_arena, dir, &n->config, e));
    n->stamp = now;
    return OK;
}

static enum status look(struct notices *n, struct arena *a, struct err *e)
{
    struct round r = {
        .service = n->service, .config = &n->config, .a = a, .now_ms = service_now_ms(n->service)};
    TRY(config_follow(n, e));
    if (n->config.count == 0) {
        n->scanned_us = 0;
        return OK;
    }
    if (!can_look(n->service)) return OK;
    uint64_t news = live_news_number(n->service->live);
    if (n->scanned_us == 0 || news != n->news || clock_ticks_us() - n->scanned_us > SCAN_US) {
        TRY(queue_all(&r, e));
        n->news = news;
        n->scanned_us = clock_ticks_us();
    }
    for (int i = 0; i < AT_ONCE_MAX && !atomic_load(&n->stopping); i++) {
        struct notice next;
        struct err none = {0};
        enum status status = notice_next(n->service->session.store, r.now_ms, a, &next, &none);
        if (status == E_NOT_FOUND) return OK;
        if (status != OK) return ERR(e, status, "", "%s", none.text);
        TRY(send_one(&r, &next, &n->stopping, e));
    }
    return OK;
}

/* False: it is being stopped. */
static bool wait_a_little(struct notices *n)
{
    struct timespec until = clock_ticks_after(LOOK_MS);
    pthread_mutex_lock(&n->lock);
    while (!n->stopping)
        if (pthread_cond_timedwait(&n->moved, &n->lock, &until) != 0) break;
    bool goes_on = !n->stopping;
    pthread_mutex_unlock(&n->lock);
    return goes_on;
}

static void *run(void *state)
{
    struct notices *n = state;
    struct arena *a = arena_new("notices", ROUND_BYTES);
    while (wait_a_little(n)) {
        struct err why = {0};
        arena_reset(a);
        if (look(n, a, &why) == OK) why.text[0] = '\0';
        if (why.text[0] != '\0' && strcmp(why.text, n->said.text) != 0)
            log_line(LOG_WARNING, "notices stand still: %s", why.text);
        n->said = why;
    }
    arena_free(a);
    return NULL;
}

enum status notices_start(const struct service *service, struct notices **out, struct err *e)
{
    struct notices *n = alloc_zero(1, sizeof *n);
    n->service = service;
    n->config_arena = arena_new("whom to tell", CONFIG_BYTES);
    pthread_mutex_init(&n->lock, NULL);
    pthread_condattr_t by_ticks;
    pthread_condattr_init(&by_ticks);
    pthread_condattr_setclock(&by_ticks, CLOCK_MONOTONIC);
    pthread_cond_init(&n->moved, &by_ticks);
    pthread_condattr_destroy(&by_ticks);
    if (pthread_create(&n->thread, NULL, run, n) != 0) {
        pthread_mutex_destroy(&n->lock);
        pthread_cond_destroy(&n->moved);
        arena_free(n->config_arena);
        alloc_free(n);
        return ERR(e, E_LIMIT, "", "no thread can be had for notices.");
    }
    *out = n;
    return OK;
}

void notices_stop(struct notices *n)
{
    if (n == NULL) return;
    pthread_mutex_lock(&n->lock);
    n->stopping = true;
    pthread_cond_signal(&n->moved);
    pthread_mutex_unlock(&n->lock);
    (void)pthread_join(n->thread, NULL);
    pthread_mutex_destroy(&n->lock);
    pthread_cond_destroy(&n->moved);
    arena_free(n->config_arena);
    alloc_free(n);
}
