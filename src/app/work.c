#include "app/work.h"

#include "base/alloc.h"
#include "base/caldate.h"
#include "base/hash.h"
#include "base/parallel.h"
#include "base/table.h"
#include "model/canon.h"
#include "model/kinds.h"
#include "store/follow.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    BATCH = 64,          /* deaths judged as one consultation */
    AT_A_TIME = 512,     /* of those that wait their turn, between two looks at the ledger */
    FOLLOW_LINES = 2000, /* entries taken at a time */
    POLL_MS = 500,       /* how soon a clock that struck is noticed */
    KEY_BYTES_MAX = 1024,
    SETTLE_MS = 1000, /* how long the linker is waited for, so that a death is not judged twice */
};
#define READINGS_AGAIN_MS (10 * INT64_C(60000)) /* who read what is asked again after so long */
#define SCRATCH_MAX       ((size_t)1 << 30)

static const struct actor SELF = {
    .name = S_INIT("colligate"), .role = S_INIT("service"), .origin = S_INIT("work")};

/* Which cases looked at a record: a list for each. */
struct looked {
    uint32_t at, next; /* case + 1, node + 1 */
};

struct work_entry {
    struct work_case c;
    char *block; /* all that c points to */
    bool dirty;  /* something about it has changed */
    bool linked; /* judged with what the linker knows */
};

struct work {
    struct work_options o;
    struct session session;
    pthread_t thread;
    bool stopping; /* atomic by the mutex */
    pthread_mutex_t mutex;
    pthread_cond_t moved;
    pthread_rwlock_t lock; /* of entry, count, by_key */
    struct work_entry *entry;
    size_t count, room, judged;
    struct table *by_key;          /* "ns:id" -> place + 1 */
    struct work_progress progress; /* under the mutex */
    /* the thread's own */
    struct arena *scratch;
    struct table *looked_at; /* hash of "ns:id" -> node + 1 */
    struct table *pair;      /* hash of the same with a place: thousands of deaths look at one officer */
    struct looked *node;
    size_t nodes, node_room;
    bool *reads; /* for each check of the pack: can a reading complete it? */
    uint32_t
        *order; /* those that were there at the start, the newest first: judged in turn, between changes */
    size_t ordered, turn;
    uint64_t start; /* the entry up to which they were there */
    bool linked; /* the linker is asked; before it was ready all are judged without, to be judged once more */
};

/* ---- one block for a case --------------------------------------------------------------------------- */

static Str move_text(char **at, Str s)
{
    Str moved = {*at, s.len};
    if (s.ptr == NULL) return s;
    if (s.len > 0) memcpy(*at, s.ptr, s.len);
    *at += s.len;
    return moved;
}

static size_t case_bytes(const struct work_case *c)
{
    size_t bytes = 1 + c->death.ns.len + c->death.id.len + c->items * sizeof *c->item +
                   c->events * sizeof *c->event + c->requests * sizeof *c->request +
                   c->oweds * sizeof *c->owed + c->attendeds * sizeof *c->attended;
    for (size_t i = 0; i < c->events; i++)
        bytes += c->event[i].ns.len + c->event[i].id.len;
    for (size_t i = 0; i < c->requests; i++)
        bytes += c->request[i].id.ns.len + c->request[i].id.id.len + c->request[i].to.len +
                 c->request[i].by.len + c->request[i].rationale.len;
    for (size_t i = 0; i < c->oweds; i++)
        bytes += c->owed[i].id.ns.len + c->owed[i].id.id.len + c->owed[i].owner.len;
    for (size_t i = 0; i < c->attendeds; i++)
        bytes += c->attended[i].len;
    return bytes;
}

static void *move_array(char **at, const void *from, size_t bytes)
{
    void *to = *at;
    if (bytes > 0) memcpy(to, from, bytes);
    *at += bytes;
    return to;
}

static void move_id(char **at, struct record_id *id)
{
    id->ns = move_text(at, id->ns);
    id->id = move_text(at, id->id);
}

/* Arrays first, for their alignment (all of 8 bytes), then texts. */
static char *case_keep(struct work_case *c)
{
    char *block = alloc_zero(case_bytes(c), 1), *at = block;
    c->item = move_array(&at, c->item, c->items * sizeof *c->item);
    c->event = move_array(&at, c->event, c->events * sizeof *c->event);
    c->request = move_array(&at, c->request, c->requests * sizeof *c->request);
    c->owed = move_array(&at, c->owed, c->oweds * sizeof *c->owed);
    c->attended = move_array(&at, c->attended, c->attendeds * sizeof *c->attended);
    move_id(&at, &c->death);
    for (size_t i = 0; i < c->events; i++)
        move_id(&at, &c->event[i]);
    for (size_t i = 0; i < c->requests; i++) {
        move_id(&at, &c->request[i].id);
        c->request[i].to = move_text(&at, c->request[i].to);
        c->request[i].by = move_text(&at, c->request[i].by);
        c->request[i].rationale = move_text(&at, c->request[i].rationale);
    }
    for (size_t i = 0; i < c->oweds; i++) {
        move_id(&at, &c->owed[i].id);
        c->owed[i].owner = move_text(&at, c->owed[i].owner);
    }
    for (size_t i = 0; i < c->attendeds; i++)
        c->attended[i] = move_text(&at, c->attended[i]);
    return block;
}
_Static_assert(sizeof(struct work_item) % 8 == 0 && sizeof(struct record_id) % 8 == 0 &&
                   sizeof(struct second_request) % 8 == 0,
               "one after the other they stay aligned");

/* ---- cases ------------------------------------------------------------------------------------------ */

static Str key_write(struct buf *out, const struct record_id *id)
{
    buf_clear(out);
    buf_addf(out, "%.*s:%.*s", STR_ARG(id->ns), STR_ARG(id->id));
    return buf_str(out);
}

/* The place of a death, made when it is new: not judged yet. */
static uint32_t entry_of(struct work *w, const struct record_id *death)
{
    struct buf key CLEANUP_BUF = {0};
    bool fresh = false;
    buf_init(&key, KEY_BYTES_MAX);
    MUST(pthread_rwlock_wrlock(&w->lock) == 0);
    uint64_t *at = table_at(w->by_key, key_write(&key, death), &fresh);
    if (fresh) {
        if (w->count == w->room) {
            w->room = w->room * 2 + 1024;
            w->entry = alloc_resize(w->entry, w->room, sizeof *w->entry);
        }
        struct work_entry *entry = &w->entry[w->count];
        *entry = (struct work_entry){.c = {.death = *death, .changes_ms = FOREVER_MS}};
        entry->block = case_keep(&entry->c);
        *at = ++w->count;
    }
    uint32_t place = (uint32_t)(*at - 1);
    MUST(pthread_rwlock_unlock(&w->lock) == 0);
    return place;
}

static void entry_put(struct work *w, uint32_t place, const struct work_case *c)
{
    struct work_case kept = *c;
    char *block = case_keep(&kept);
    MUST(pthread_rwlock_wrlock(&w->lock) == 0);
    char *old = w->entry[place].block;
    w->judged += !w->entry[place].c.judged;
    w->entry[place] = (struct work_entry){.c = kept, .block = block, .linked = w->linked};
    MUST(pthread_rwlock_unlock(&w->lock) == 0);
    alloc_free(old);
}

/* ---- which cases a record touches ------------------------------------------------------------------- */

static uint64_t hash_of(Str key)
{
    return hash64(key) >> 1; /* a table of numbers keeps one value for itself */
}

static uint64_t pair_of(Str key, uint32_t place)
{
    uint64_t both[2] = {hash64(key), place};
    return hash_of((Str){(const char *)both, sizeof both});
}

static bool looks_at(const struct work *w, Str key, uint32_t place)
{
    return table_find_number(w->pair, pair_of(key, place)) != NULL;
}

static void look_at(struct work *w, Str key, uint32_t place)
{
    bool fresh = false;
    (void)table_at_number(w->pair, pair_of(key, place), &fresh);
    if (!fresh) return;
    if (w->nodes == w->node_room) {
        w->node_room = w->node_room * 2 + 4096;
        w->node = alloc_resize(w->node, w->node_room, sizeof *w->node);
    }
    uint64_t *first = table_at_number(w->looked_at, hash_of(key), &fresh);
    w->node[w->nodes] = (struct looked){place + 1, fresh ? 0 : (uint32_t)*first};
    *first = ++w->nodes;
}

static void touch(struct work *w, Str key)
{
    const uint64_t *first = table_find_number(w->looked_at, hash_of(key));
    for (size_t n = first == NULL ? 0 : *first; n > 0; n = w->node[n - 1].next)
        w->entry[w->node[n - 1].at - 1].dirty = true;
}

/* What a line refers to; not officers: what they do elsewhere changes nothing here. */
static void touch_references(struct work *w, const struct change *change)
{
    const struct kind *kind = kind_of(change->record.kind);
    for (size_t i = 0; i < change->fact_count; i++) {
        const struct field *field = &kind->field[change->fact[i].field];
        struct str_list list = {0};
        Str one = STR_NONE;
        if (field->values[0] == '\0' || str_eq(str_of(field->values), S("officer"))) continue;
        if (field->type == FT_REF && canon_read_string(w->scratch, change->fact[i].value, &one))
            touch(w, fact_key_of(w->scratch, change->record.ns, one));
        else if (field->type == FT_REFS && canon_read_strings(w->scratch, change->fact[i].value, &list))
            for (size_t r = 0; r < list.count; r++)
                touch(w, fact_key_of(w->scratch, change->record.ns, list.item[r]));
    }
}

/* ---- judging ---------------------------------------------------------------------------------------- */

static bool is_stopping(struct work *w)
{
    pthread_mutex_lock(&w->mutex);
    bool stopping = w->stopping;
    pthread_mutex_unlock(&w->mutex);
    return stopping;
}

static bool check_reads(const struct check *check)
{
    for (size_t v = 0; v < check->variants; v++)
        for (size_t i = 0; i < check->variant[v].closings; i++)
            for (size_t s = 0; s < check->variant[v].closed[i].steps; s++)
                if (str_eq(check->variant[v].closed[i].step[s].any[0].kind, S("reading"))) return true;
    return false;
}

/* Readings are in no entry of the ledger that is followed: while one could complete something, it is asked
 * again after a while. */
static int64_t changes_of(const struct work *w, const struct work_case *c, int64_t now_ms)
{
    int64_t changes_ms = c->changes_ms;
    for (size_t i = 0; i < c->items; i++) {
        bool done = c->item[i].state == CHECK_COMPLETED || c->item[i].state == CHECK_NOT_NEEDED;
        if (!done && w->reads[c->item[i].check] && changes_ms > now_ms + READINGS_AGAIN_MS)
            changes_ms = now_ms + READINGS_AGAIN_MS;
    }
    return changes_ms;
}

/* Deaths that this one was found to be linked with and that do not know of it yet are judged again. */
static void touch_linked(struct work *w, const struct casework *c, uint32_t place)
{
    struct buf key CLEANUP_BUF = {0};
    buf_init(&key, KEY_BYTES_MAX);
    for (size_t i = 0; i < c->facts.count; i++) {
        const struct fact_row *row = &c->facts.row[i];
        Str other = str_eq(row->kind, S("link")) ? fact_now(row, S("other")) : STR_NONE;
        if (!str_present(other)) continue;
        look_at(w, other, place);
        const uint64_t *at = table_find(w->by_key, other);
        if (at == NULL || !w->entry[*at - 1].linked) continue; /* its turn comes */
        if (!looks_at(w, key_write(&key, &c->death), (uint32_t)(*at - 1))) w->entry[*at - 1].dirty = true;
    }
}

static enum status judge_one(struct work *w, struct casework_reader *r, uint32_t place, int64_t now_ms,
                             struct err *e)
{
    struct casework_taken taken = {0};
    struct casework work;
    struct work_case c;
    struct err none = {0};
    struct record_id death = w->entry[place].c.death;
    enum status status = casework_next(r, &death, w->scratch, &work, &taken, &none);
    if (status == E_NOT_FOUND) {
        c = (struct work_case){.death = death, .judged = true, .gone = true, .changes_ms = FOREVER_MS};
        entry_put(w, place, &c);
        return OK;
    }
    if (status != OK) return ERR(e, status, none.field, "%s", none.text);
    for (size_t i = 0; i < taken.count; i++)
        look_at(w, fact_key(w->scratch, &taken.id[i]), place);
    touch_linked(w, &work, place);
    work_case_read(&work, w->o.pack, w->scratch, &c);
    c.changes_ms = changes_of(w, &c, now_ms);
    entry_put(w, place, &c);
    return OK;
}

static void progress_tell(struct work *w, uint64_t seq)
{
    bool through = w->turn == w->ordered;
    pthread_mutex_lock(&w->mutex);
    w->progress = (struct work_progress){.judged = w->judged,
                                         .deaths = w->count,
                                         .ready = w->progress.ready || through,
                                         .linked = through && (w->linked || w->o.links == NULL),
                                         .seq = seq};
    pthread_cond_broadcast(&w->moved);
    pthread_mutex_unlock(&w->mutex);
}

/* Judges these, as consultations of BATCH deaths each. */
static enum status judge(struct work *w, const uint32_t *place, size_t count, struct err *e)
{
    struct casework_ask ask = {.session = &w->session,
                               .links = w->linked ? w->o.links : NULL,
                               .pack = w->o.pack,
                               .view = VIEW_NOW,
                               .now_ms = clock_now_ms(&w->session.env.clock)};
    for (size_t i = 0; i < count && !is_stopping(w); i += BATCH) {
        struct casework_reader *r = NULL;
        size_t n = 0;
        enum status status = casework_begin(&ask, &r, e);
        for (; status == OK && n < BATCH && i + n < count; n++) {
            arena_reset(w->scratch);
            status = judge_one(w, r, place[i + n], ask.now_ms, e);
        }
        if (status == OK) status = casework_note(r, S("the index of work"), NULL, e);
        casework_end(r);
        TRY(status);
    }
    return OK;
}

/* ---- all of them, once ------------------------------------------------------------------------------ */

struct beginning {
    struct work *w;
    struct newest {
        uint32_t place;
        int64_t ms;
    } * item;
    size_t count, room;
};

static enum status begin_row(void *state, const struct row_now *row, struct err *e)
{
    struct beginning *b = state;
    const struct death *d = row->data;
    (void)e;
    if (d == NULL) return OK;
    b->item = alloc_room(b->item, &b->room, b->count, sizeof *b->item);
    b->item[b->count++] = (struct newest){
        entry_of(b->w, &row->id), d->reported_at.precision == PRECISION_NONE ? INT64_MIN : d->reported_at.ms};
    return OK;
}

static int compare_newest(const void *left, const void *right)
{
    const struct newest *a = left, *b = right;
    if (a->ms != b->ms) return a->ms > b->ms ? -1 : 1;
    return a->place < b->place ? -1 : a->place > b->place;
}

/* Has the linker taken the ledger into account up to there? */
static bool settled(struct work *w, uint64_t seq, int timeout_ms)
{
    return w->o.settle == NULL || w->o.settle(w->o.settle_state, seq, timeout_ms);
}

/* Which there are. */
static enum status begin(struct work *w, uint64_t *seq, struct err *e)
{
    struct beginning b = {.w = w};
    enum status status = store_rows(w->session.store, &w->session.actor, UINT64_C(1) << KIND_DEATH, 0,
                                    S("the index of work"), begin_row, &b, seq, e);
    if (status == OK) {
        if (b.count > 1) qsort(b.item, b.count, sizeof *b.item, compare_newest);
        w->order = alloc_resize(w->order, b.count + 1, sizeof *w->order);
        for (size_t i = 0; i < b.count; i++)
            w->order[i] = b.item[i].place;
        w->ordered = b.count;
        w->start = *seq;
        w->linked = w->o.links != NULL && settled(w, w->start, SETTLE_MS);
    }
    alloc_free(b.item);
    return status;
}

/* ---- what changes ----------------------------------------------------------------------------------- */

/* A line that says nothing of the person may yet lead elsewhere what that person has a part in, and who looks
 * at the person alone is to know. */
static void touch_person(struct work *w, const struct followed *f)
{
    struct record record;
    struct err ignored = {0};
    for (size_t i = 0; i < f->line.fact_count; i++)
        if (f->line.fact[i].field == involvement_field_person)
            return; /* touched as what the line refers to */
    if (store_get(w->session.store, &SELF, VIEW_NOW, &f->record, w->scratch, &record, &ignored) != OK) return;
    Str person = ((const struct involvement *)record.data)->person;
    if (str_present(person) && !str_empty(person)) touch(w, fact_key_of(w->scratch, f->record.ns, person));
}

static void follow_one(struct work *w, const struct followed *f)
{
    struct buf key CLEANUP_BUF = {0};
    buf_init(&key, KEY_BYTES_MAX);
    if (f->what == FOLLOWED_WITHDRAWN) {
        for (size_t i = 0; i < w->count; i++)
            w->entry[i].dirty = true;
        return;
    }
    if (f->record.kind == KIND_DEATH) {
        uint32_t place = entry_of(w, &f->record); /* may move the entries */
        w->entry[place].dirty = true;
    }
    touch(w, key_write(&key, &f->record));
    if (f->what == FOLLOWED_LINE) touch_references(w, &f->line);
    if (f->what == FOLLOWED_LINE && f->record.kind == KIND_INVOLVEMENT) touch_person(w, f);
}

static enum status follow(struct work *w, uint64_t *seq, struct err *e)
{
    for (bool more = true; more;) {
        struct arena *a CLEANUP_ARENA = arena_new("what the index of work follows", SCRATCH_MAX);
        struct followed *list = NULL;
        size_t count = 0;
        uint64_t through = *seq;
        TRY(store_follow(w->session.store, *seq, UINT64_MAX, FOLLOW_LINES, a, &list, &count, &through, e));
        for (size_t i = 0; i < count; i++) {
            arena_reset(w->scratch);
            follow_one(w, &list[i]);
        }
        more = through > *seq;
        *seq = through;
    }
    return OK;
}

static enum status judge_dirty(struct work *w, struct err *e)
{
    int64_t now_ms = clock_now_ms(&w->session.env.clock);
    uint32_t *place = alloc_zero(w->count + 1, sizeof *place);
    size_t count = 0;
    for (size_t i = 0; i < w->count; i++)
        if (w->entry[i].dirty || w->entry[i].c.changes_ms <= now_ms) place[count++] = (uint32_t)i;
    enum status status = judge(w, place, count, e);
    alloc_free(place);
    return status;
}

static bool any_dirty(const struct work *w)
{
    for (size_t i = 0; i < w->count; i++)
        if (w->entry[i].dirty) return true;
    return false;
}

/* Once the linker is ready everything is judged again, with what it knows. */
static void ask_linker(struct work *w, uint64_t seq, bool moved)
{
    if (w->o.links == NULL) return;
    if (w->linked && moved) (void)settled(w, seq, SETTLE_MS);
    if (w->linked || !settled(w, w->start, 0)) return;
    w->linked = true;
    w->turn = 0;
}

/* What has changed first; then some of those whose turn it is. */
static enum status round_of(struct work *w, uint64_t *seq, struct err *e)
{
    uint64_t before = *seq;
    TRY(follow(w, seq, e));
    ask_linker(w, *seq, *seq > before);
    TRY(judge_dirty(w, e));
    for (int again = 0; again < 4 && any_dirty(w) && !is_stopping(w); again++)
        TRY(judge_dirty(w, e));
    size_t left = w->ordered - w->turn, count = left < AT_A_TIME ? left : AT_A_TIME;
    TRY(judge(w, w->order + w->turn, count, e));
    w->turn += count;
    progress_tell(w, *seq);
    return OK;
}

/* A store that fails is tried again: what was dirty stays dirty. */
static void *run(void *state)
{
    struct work *w = state;
    uint64_t seq = 0;
    bool begun = false;
    thread_stand_back();
    while (!is_stopping(w)) {
        struct err e = {0};
        enum status status = begun ? round_of(w, &seq, &e) : begin(w, &seq, &e);
        bool on = status == OK && (!begun || w->turn < w->ordered);
        begun = begun || status == OK;
        if (!on) (void)store_wait_beyond(w->session.store, status == OK ? seq : UINT64_MAX, POLL_MS);
    }
    return NULL;
}

/* ---- starting, asking ------------------------------------------------------------------------------- */

enum status work_start(const struct work_options *o, struct work **out, struct err *e)
{
    struct work *w = alloc_zero(1, sizeof *w);
    pthread_rwlockattr_t fair;
    pthread_condattr_t ticks;
    w->o = *o;
    w->session = *o->session;
    w->session.actor = SELF;
    w->scratch = arena_new("the index of work", SCRATCH_MAX);
    w->session.arena = w->scratch;
    w->by_key = table_new(UINT32_MAX);
    w->looked_at = table_new(UINT32_MAX);
    w->pair = table_new(UINT32_MAX);
    w->reads = alloc_zero(o->pack->count + 1, sizeof *w->reads);
    for (size_t i = 0; i < o->pack->count; i++)
        w->reads[i] = check_reads(&o->pack->check[i]);
    MUST(pthread_mutex_init(&w->mutex, NULL) == 0);
    MUST(pthread_condattr_init(&ticks) == 0);
    MUST(pthread_condattr_setclock(&ticks, CLOCK_MONOTONIC) == 0);
    MUST(pthread_cond_init(&w->moved, &ticks) == 0);
    pthread_condattr_destroy(&ticks);
    MUST(pthread_rwlockattr_init(&fair) == 0);
    MUST(pthread_rwlockattr_setkind_np(&fair, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP) == 0);
    MUST(pthread_rwlock_init(&w->lock, &fair) == 0);
    pthread_rwlockattr_destroy(&fair);
    if (pthread_create(&w->thread, NULL, run, w) != 0)
        return ERR(e, E_LIMIT, "", "no thread for the index of work could be started.");
    *out = w;
    return OK;
}

void work_stop(struct work *w)
{
    if (w == NULL) return;
    pthread_mutex_lock(&w->mutex);
    w->stopping = true;
    pthread_mutex_unlock(&w->mutex);
    store_ring(w->session.store);
    pthread_join(w->thread, NULL);
    for (size_t i = 0; i < w->count; i++)
        alloc_free(w->entry[i].block);
    alloc_free(w->entry);
    alloc_free(w->node);
    alloc_free(w->reads);
    alloc_free(w->order);
    table_free(w->by_key);
    table_free(w->looked_at);
    table_free(w->pair);
    arena_free(w->scratch);
    pthread_mutex_destroy(&w->mutex);
    pthread_cond_destroy(&w->moved);
    pthread_rwlock_destroy(&w->lock);
    alloc_free(w);
}

void work_progress(struct work *w, struct work_progress *out)
{
    pthread_mutex_lock(&w->mutex);
    *out = w->progress;
    pthread_mutex_unlock(&w->mutex);
}

bool work_wait(struct work *w, uint64_t seq, int timeout_ms)
{
    struct timespec until = clock_ticks_after(timeout_ms);
    pthread_mutex_lock(&w->mutex);
    int code = 0;
    while (code == 0 && (!w->progress.linked || w->progress.seq < seq))
        code = pthread_cond_timedwait(&w->moved, &w->mutex, &until);
    bool there = w->progress.linked && w->progress.seq >= seq;
    pthread_mutex_unlock(&w->mutex);
    return there;
}

void work_hold(struct work *w)
{
    MUST(pthread_rwlock_rdlock(&w->lock) == 0);
}

void work_release(struct work *w)
{
    MUST(pthread_rwlock_unlock(&w->lock) == 0);
}

size_t work_cases(const struct work *w)
{
    return w->count;
}

const struct work_case *work_case(const struct work *w, size_t i)
{
    MUST(i < w->count);
    return &w->entry[i].c;
}

const struct work_case *work_find(const struct work *w, const struct record_id *death)
{
    struct buf key CLEANUP_BUF = {0};
    buf_init(&key, KEY_BYTES_MAX);
    const uint64_t *at = table_find(w->by_key, key_write(&key, death));
    return at == NULL ? NULL : &w->entry[*at - 1].c;
}
