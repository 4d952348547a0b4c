#include "app/news.h"

#include "app/links.h"
#include "app/work_queue.h"
#include "base/alloc.h"
#include "base/log.h"
#include "model/role.h"

#include <pthread.h>
#include <stdio.h>

#define WAIT_MS    250      /* between two looks while somebody listens */
#define BEAT_US    15000000 /* something is said at least so often, so that those who left are noticed */
#define LOOK_US    2000000  /* between two looks at a listener for whom there is nothing new */
#define WORK_US    20000000 /* the work of a listener is counted anew at most so often */
#define KNOWN_MAX  64       /* links told to one listener; more of them are counted as that many */
#define LOOK_BYTES ((size_t)64 << 20)
#define TEXT_BYTES 4096

struct listener {
    char token[64];
    enum role role;
    uint64_t account;
    struct news_ear ear;
    uint64_t known[KNOWN_MAX]; /* digests of the links told */
    size_t links, due, due_at_first, told_due;
    bool due_known;
    int64_t looked_us, said_us, worked_us;
};

struct news {
    const struct service *service;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t moved;
    bool stopping;
    struct listener *listener[NEWS_LISTENERS_MAX];
    size_t count;
};

/* ---- one listener ------------------------------------------------------------------------------------- */

struct look {
    const struct service *service;
    struct arena *a;
    struct roll *roll;
    struct live_news *news;
    size_t count;
};

static bool was_told(struct listener *l, const struct record_id *link)
{
    uint64_t digest = hash64_mix(hash64(link->ns), hash64(link->id));
    for (size_t i = 0; i < l->links && i < KNOWN_MAX; i++)
        if (l->known[i] == digest) return true;
    if (l->links < KNOWN_MAX) l->known[l->links] = digest;
    return false;
}

/* Links among the news that wait for them and that they may see. */
static bool count_links(struct look *k, struct listener *l, const struct links_viewer *v)
{
    size_t before = l->links;
    for (size_t i = 0; i < k->count; i++) {
        struct arena_mark mark = arena_mark(k->a);
        struct link_row row;
        struct err none = {0};
        if (k->news[i].kind != LIVE_NEWS_LINK) continue;
        if (links_read(v, &k->news[i].link, k->a, &row, &none) == OK && links_waits(v, &row) &&
            !was_told(l, &k->news[i].link) && l->links < KNOWN_MAX)
            l->links++;
        arena_release(k->a, mark);
    }
    return l->links > before;
}

/* What waits for a second person, was sent back or is overdue, against when they began to listen. */
static bool count_work(struct look *k, struct listener *l, const struct links_viewer *v, int64_t now_us)
{
    size_t count[WORK_LINE_KINDS];
    struct work_line *line = NULL;
    struct work_progress progress;
    if (l->due_known && now_us - l->worked_us < WORK_US) return false;
    l->worked_us = now_us;
    work_progress(k->service->work, &progress);
    if (!progress.ready) return false;
    const struct roll_officer *officer = roll_officer(k->roll, S("main"), v->officer);
    struct person_acting who = {.account = v->session->actor.name,
                                .officer = v->officer,
                                .rank = officer == NULL ? S("") : officer->rank,
                                .role = str_of(ROLES[l->role].label)};
    struct work_ask ask = {.work = k->service->work,
                           .roll = k->roll,
                           .sight = v->sight,
                           .pack = &k->service->checks,
                           .role = l->role,
                           .who = &who,
                           .unit = S(""),
                           .only = -1,
                           .own = work_is_personal(l->role),
                           .now_ms = v->now_ms};
    work_hold(k->service->work);
    (void)work_queue_read(&ask, 0, 0, k->a, &line, count);
    work_release(k->service->work);
    size_t due = count[WORK_SECOND] + count[WORK_RETURNED] + count[WORK_OVERDUE];
    if (!l->due_known || due < l->due_at_first) l->due_at_first = due;
    l->due_known = true;
    l->due = due - l->due_at_first;
    return l->due > l->told_due;
}

/* As they may see now. False: the session has ended, or the role was taken away. */
static bool look_for(struct look *k, struct listener *l, int64_t now_us)
{
    struct signed_in who;
    struct err none = {0};
    struct session session = k->service->session;
    char text[TEXT_BYTES];
    int n = 0;
    if (k->count == 0 && l->looked_us > 0 && now_us - l->looked_us < LOOK_US) return true;
    l->looked_us = now_us;
    if (session_peek(session.store, str_of(l->token), k->a, &who, &none) != OK) return false;
    if (!(who.account.roles & ROLE_BIT(l->role))) return false;
    session.actor = (struct actor){.name = who.account.name, .role = str_of(ROLES[l->role].code)};
    struct viewer viewer = {l->role, who.account.officer, who.account.unit};
    roll_hold(k->roll);
    struct links_viewer v = {.session = &session,
                             .live = k->service->live,
                             .policy = k->service->link_policy,
                             .roll = k->roll,
                             .sight = sight_new(k->roll, &viewer, k->a),
                             .role = l->role,
                             .officer = viewer.officer,
                             .unit = viewer.unit,
                             .now_ms = service_now_ms(k->service)};
    bool links = role_may(l->role, PERMISSION_LINKS) && count_links(k, l, &v),
         work = count_work(k, l, &v, now_us);
    sight_done(v.sight);
    roll_release(k->roll);
    if (links) n = snprintf(text, sizeof text, "event: links\ndata: %zu\n\n", l->links);
    if (work) n += snprintf(text + n, sizeof text - (size_t)n, "event: work\ndata: %zu\n\n", l->due);
    if (work) l->told_due = l->due;
    if (n == 0 && now_us - l->said_us < BEAT_US) return true;
    if (n == 0) n = snprintf(text, sizeof text, ": still here\n\n");
    l->said_us = now_us;
    return l->ear.tell(l->ear.state, (Str){text, (size_t)n});
}

/* ---- the thread --------------------------------------------------------------------------------------- */

static void listener_end(struct listener *l)
{
    l->ear.end(l->ear.state);
    alloc_free(l);
}

/* Everybody who listens, one after the other. The list is only shortened here. */
static void look_for_all(struct news *n, struct look *k)
{
    struct arena_mark mark = arena_mark(k->a);
    struct err why = {0};
    if (roll_follow(k->roll, n->service->session.store, &why) != OK) {
        log_line(LOG_WARNING, "nobody is told what is new: %s", why.text);
        return;
    }
    pthread_mutex_lock(&n->lock);
    size_t count = n->count;
    pthread_mutex_unlock(&n->lock);
    for (size_t i = count; i-- > 0;) {
        struct listener *l = n->listener[i];
        bool goes_on = look_for(k, l, clock_ticks_us());
        arena_release(k->a, mark);
        if (goes_on) continue;
        pthread_mutex_lock(&n->lock);
        n->listener[i] = n->listener[--n->count];
        pthread_mutex_unlock(&n->lock);
        listener_end(l);
    }
}

/* False: it is being stopped. */
static bool wait_for_listeners(struct news *n)
{
    pthread_mutex_lock(&n->lock);
    while (n->count == 0 && !n->stopping)
        pthread_cond_wait(&n->moved, &n->lock);
    bool goes_on = !n->stopping;
    pthread_mutex_unlock(&n->lock);
    return goes_on;
}

static void *tell_news(void *state)
{
    struct news *n = state;
    struct arena *a = arena_new("what is new", LOOK_BYTES);
    uint64_t number = live_news_number(n->service->live);
    bool nobody = true;
    while (wait_for_listeners(n)) {
        arena_reset(a);
        struct look k = {.service = n->service, .a = a, .roll = n->service->roll};
        if (nobody) number = live_news_number(n->service->live);
        k.count = live_listen(n->service->live, number, WAIT_MS, a, &k.news);
        if (k.count > 0) number = k.news[k.count - 1].number;
        look_for_all(n, &k);
        nobody = news_listeners(n) == 0;
    }
    arena_free(a);
    return NULL;
}

/* ---- outside ------------------------------------------------------------------------------------------ */

enum status news_start(const struct service *service, struct news **out, struct err *e)
{
    struct news *n = alloc_zero(1, sizeof *n);
    n->service = service;
    pthread_mutex_init(&n->lock, NULL);
    pthread_cond_init(&n->moved, NULL);
    if (pthread_create(&n->thread, NULL, tell_news, n) != 0) {
        pthread_mutex_destroy(&n->lock);
        pthread_cond_destroy(&n->moved);
        alloc_free(n);
        return ERR(e, E_LIMIT, "", "no thread can be had for telling what is new.");
    }
    *out = n;
    return OK;
}

void news_stop(struct news *n)
{
    if (n == NULL) return;
    pthread_mutex_lock(&n->lock);
    n->stopping = true;
    pthread_cond_signal(&n->moved);
    pthread_mutex_unlock(&n->lock);
    (void)pthread_join(n->thread, NULL);
    for (size_t i = 0; i < n->count; i++)
        listener_end(n->listener[i]);
    pthread_mutex_destroy(&n->lock);
    pthread_cond_destroy(&n->moved);
    alloc_free(n);
}

enum status news_listen(struct news *n, Str token, enum role role, uint64_t account,
                        const struct news_ear *ear, struct err *e)
{
    struct listener *l = alloc_zero(1, sizeof *l);
    size_t own = 0;
    MUST(token.len < sizeof l->token);
    memcpy(l->token, token.ptr, token.len);
    l->role = role;
    l->account = account;
    l->ear = *ear;
    pthread_mutex_lock(&n->lock);
    for (size_t i = 0; i < n->count; i++)
        own += n->listener[i]->account == account;
    bool taken = !n->stopping && n->count < NEWS_LISTENERS_MAX && own < NEWS_LISTENERS_OF_ONE;
    if (taken) n->listener[n->count++] = l;
    pthread_cond_signal(&n->moved);
    pthread_mutex_unlock(&n->lock);
    if (taken) return OK;
    alloc_free(l);
    return ERR(e, E_LIMIT, "", "as many listen as can at a time.");
}

size_t news_listeners(struct news *n)
{
    pthread_mutex_lock(&n->lock);
    size_t count = n->count;
    pthread_mutex_unlock(&n->lock);
    return count;
}
