/* What the linker finds, as records: each pair or series is one record of kind `link`, which grows by later
 * lines. What is on record already is not said again. */
#include "app/live_private.h"

#include "base/caldate.h"
#include "base/log.h"
#include "link/backlog.h"
#include "link/cohesion.h"
#include "model/feed.h"
#include "model/kinds.h"

#include <stdlib.h>

#define LINE_BYTES_MAX ((size_t)1 << 20)
#define WORK_BYTES_MAX ((size_t)64 << 20)
#define ID_HEX_BYTES   5
#define APPENDED_MAX   16
#define DAYS_A_YEAR    365.25

/* ---- appending --------------------------------------------------------------------------------------- */

/* Lines that were appended as one unit stand one behind the other, but for those that said nothing new. */
static void take_appended(struct teller *t, const struct actor *actor, const struct change *change,
                          size_t count, const enum taken *taken, const struct receipt *receipt)
{
    uint64_t seq = receipt->first_seq;
    for (size_t i = 0; i < count; i++) {
        size_t at = 0;
        if (taken[i] == TAKEN_UNCHANGED) continue;
        struct followed f = {.what = FOLLOWED_LINE,
                             .seq = seq++,
                             .recorded_at_ms = receipt->recorded_at_ms,
                             .actor = actor->name,
                             .role = actor->role,
                             .unit = actor->unit,
                             .record = change[i].record,
                             .line = change[i]};
        if (f.line.known_at_implied) f.line.known_at_ms = receipt->recorded_at_ms;
        enum link_book_news news = link_book_take(t->book, &f, &at);
        if (news == LINK_BOOK_LINK) t->told(t->state, LIVE_NEWS_LINK, &link_book_at(t->book, at)->id);
        if (news == LINK_BOOK_ANSWER) t->told(t->state, LIVE_NEWS_ANSWER, &link_book_at(t->book, at)->id);
    }
}

enum status tell_append(struct teller *t, const struct actor *actor, live_book_ask check, void *state,
                        const struct change *change, size_t count, struct receipt *out, struct err *e)
{
    enum taken taken[APPENDED_MAX];
    if (count > APPENDED_MAX) return ERR(e, E_LIMIT, "", "at most %d lines at once", APPENDED_MAX);
    pthread_mutex_lock(t->book_lock);
    enum status status = check != NULL ? check(state, t->book, e) : OK;
    if (status == OK) status = store_append(t->store, actor, 0, change, count, NULL, taken, out, e);
    if (status == OK && out->last_seq != 0) take_appended(t, actor, change, count, taken, out);
    pthread_mutex_unlock(t->book_lock);
    return status;
}

/* ---- writing one line -------------------------------------------------------------------------------- */

struct link_text {
    struct buf text;
    struct json_writer w;
    struct arena *a;
};

static void text_begin(struct link_text *t, struct arena *a)
{
    t->a = a;
    buf_init(&t->text, LINE_BYTES_MAX);
    t->w = json_writer(&t->text, false);
    json_open(&t->w, '{');
}

static void put_time(struct link_text *t, Str key, int64_t ms)
{
    char at[32];
    if (ms <= 0) return;
    caldate_format(ms, at);
    json_kv_str(&t->w, key, str_of(at));
}

static void put_tenfold(struct link_text *t, Str key, int db)
{
    json_put_key(&t->w, key);
    json_put_fixed(&t->w, db / 10.0, 1);
}

static void put_facts(struct link_text *t, uint64_t facts)
{
    unsigned char byte[8];
    char hex[2 * sizeof byte + 1];
    for (size_t i = 0; i < sizeof byte; i++)
        byte[i] = (unsigned char)(facts >> (56 - 8 * i));
    hex_encode(byte, sizeof byte, hex);
    json_kv_str(&t->w, S("facts"), str_of(hex));
}

static void put_members_of(struct link_text *t, Str key, enum kind_id kind, const struct record_id *member,
                           size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += member[i].kind == kind;
    if (n == 0) return;
    json_put_key(&t->w, key);
    json_open(&t->w, '[');
    for (size_t i = 0; i < count; i++)
        if (member[i].kind == kind) json_put_str(&t->w, ref_write(t->a, S(NAMESPACE_DEFAULT), &member[i]));
    json_close(&t->w, ']');
}

static void put_members(struct link_text *t, const struct record_id *member, size_t count)
{
    put_members_of(t, S("deaths"), KIND_DEATH, member, count);
    put_members_of(t, S("incidents"), KIND_INCIDENT, member, count);
}

/* Appends it, and takes it into the book at once, so that what is found next knows of it. */
static enum status text_append(struct teller *t, struct link_text *text, const struct record_id *link,
                               struct err *e)
{
    struct json_doc set CLEANUP_JSON = {0};
    struct change change = {.record = *link, .source = S(LINK_SOURCE), .known_at_implied = true, .line = 1};
    struct receipt receipt;
    json_close(&text->w, '}');
    TRY(buf_status(&text->text, e));
    TRY(json_parse(buf_str(&text->text), &set, e));
    TRY(change_facts(text->a, t->env->policy, kind_of(KIND_LINK), set.root, NULL, &change, e));
    return tell_append(t, t->actor, NULL, NULL, &change, 1, &receipt, e);
}

/* ---- which link is it -------------------------------------------------------------------------------- */

static bool has_member(const struct record_id *member, size_t count, const struct record_id *id)
{
    for (size_t i = 0; i < count; i++)
        if (record_id_eq(&member[i], id)) return true;
    return false;
}

static size_t overlap(const struct link_note *n, const struct found_link *f)
{
    size_t in = 0;
    for (size_t i = 0; i < f->count; i++)
        in += has_member(n->event, n->events, &f->member[i]);
    return in;
}

static bool is_series(const struct link_note *n)
{
    return str_eq(n->raised_by, S("pair")) || str_eq(n->raised_by, S("series")) ||
           str_eq(n->raised_by, S("person"));
}

/* What is told of groups and what is told of ties are two things: neither hides or grows the other. */
static bool is_alike(const struct link_note *n, const struct found_link *f)
{
    return f->group ? str_eq(n->raised_by, str_of(alert_by_name(f->by))) : !link_note_is_group(n);
}

struct match {
    size_t at;    /* SIZE_MAX: none */
    bool covered; /* all of it is on record there */
};

/* Could the finding be the growth of this link? A series that the alarm is too young to know of shows as one
 * member alone; a group shows most of itself again. */
static bool may_grow(const struct side *s, const struct link_note *n, const struct found_link *f,
                     size_t shared)
{
    if (f->group) return shared * 2 > f->count || shared * 2 > n->events;
    if (f->series == 0 || !is_series(n)) return false;
    return shared >= 2 || (shared == 1 && n->changed_ms < s->warm_from_ms);
}

/* Of a series, or of a group of its detector. */
static uint64_t series_key(const struct found_link *f)
{
    return f->group ? (uint64_t)(f->by + 1) << 32 | f->series : f->series;
}

static struct match match_of(const struct teller *t, const struct side *s, const struct found_link *f)
{
    struct match best = {SIZE_MAX, false};
    size_t most = 0;
    const uint64_t *known = f->series != 0 ? table_find_number(s->series, series_key(f)) : NULL;
    if (known != NULL) {
        const struct link_note *n = link_book_at(t->book, *known - 1);
        if (n != NULL && !n->merged) return (struct match){*known - 1, overlap(n, f) == f->count};
    }
    for (size_t i = 0; i < f->count; i++) {
        const uint32_t *at = NULL;
        size_t links = link_book_of_event(t->book, &f->member[i], &at);
        for (size_t k = 0; k < links; k++) {
            const struct link_note *n = link_book_at(t->book, at[k]);
            if (n == NULL || n->merged || !is_alike(n, f)) continue;
            size_t shared = overlap(n, f);
            if (shared == f->count) return (struct match){at[k], true};
            if (shared <= most || !may_grow(s, n, f, shared)) continue;
            most = shared;
            best.at = at[k];
        }
    }
    return best;
}

/* ---- telling ----------------------------------------------------------------------------------------- */

static void put_finding(struct link_text *t, const struct teller *teller, const struct found_link *f,
                        const char *raised_by)
{
    json_kv_str(&t->w, S("raised_by"), str_of(raised_by));
    json_kv_str(&t->w, S("first"), ref_write(t->a, S(NAMESPACE_DEFAULT), &f->first));
    json_kv_str(&t->w, S("second"), ref_write(t->a, S(NAMESPACE_DEFAULT), &f->second));
    put_tenfold(t, S("weight"), f->weight_db);
    if (f->looked) put_tenfold(t, S("second_look"), f->look_db);
    if (!f->group) put_tenfold(t, S("threshold"), f->threshold_db);
    if (!str_empty(f->words)) json_kv_str(&t->w, S("note"), f->words);
    if (f->once_in_weeks > 0) {
        json_put_key(&t->w, S("once_in_weeks"));
        json_put_fixed(&t->w, f->once_in_weeks, 2);
    }
    json_kv_str(&t->w, S("unverified"), f->unverified ? S("yes") : S("no"));
    json_kv_str(&t->w, S("model"), f->model);
    put_time(t, S("counts_at"), f->counts_ms);
    (void)teller;
}

/* Not to be guessed from outside, and the same when the same is found again. */
static struct record_id link_id(struct arena *a, const struct found_link *f)
{
    char hex[2 * ID_HEX_BYTES + 1];
    struct buf text CLEANUP_BUF;
    buf_init(&text, LINE_BYTES_MAX);
    buf_addf(&text, "%lld", (long long)f->tick_ms);
    for (size_t i = 0; i < f->count; i++)
        buf_addf(&text, "\n%.*s:%d:%.*s", STR_ARG(f->member[i].ns), (int)f->member[i].kind,
                 STR_ARG(f->member[i].id));
    Sha256 hash = sha256(buf_str(&text));
    hex_encode(hash.byte, ID_HEX_BYTES, hex);
    return (struct record_id){S(NAMESPACE_DEFAULT), KIND_LINK, str_format(a, "L-%s", hex)};
}

/* Readers of pages ask the same world. */
static bool measure(const struct teller *t, const struct side *s, const struct record_id *member,
                    size_t count, struct link_measure *out)
{
    pthread_mutex_lock(t->world_lock);
    bool known = side_measure(s, member, count, out);
    pthread_mutex_unlock(t->world_lock);
    return known;
}

/* Found in records of earlier years, and told nobody yet. */
static bool waits(const struct link_note *n)
{
    return n != NULL && n->back_record && n->told_ms == 0 && !n->merged;
}

static bool is_old_news(const struct teller *t, const struct found_link *f, int64_t now_ms)
{
    return f->tick_ms < now_ms - t->work->back_after_ms;
}

static enum status tell_new(struct teller *t, struct arena *a, const struct found_link *f,
                            struct record_id *id, struct err *e)
{
    struct link_text text;
    int64_t now = clock_now_ms(&t->env->clock);
    bool back = is_old_news(t, f, now);
    *id = link_id(a, f);
    text_begin(&text, a);
    put_members(&text, f->member, f->count);
    put_finding(&text, t, f, alert_by_name(f->by));
    put_facts(&text, f->facts);
    json_kv_str(&text.w, S("back_record"), back ? S("yes") : S("no"));
    if (!back) put_time(&text, S("told_at"), now);
    enum status status = text_append(t, &text, id, e);
    buf_free(&text.text);
    return status;
}

static enum status tell_growth(struct teller *t, struct side *s, struct arena *a, const struct link_note *n,
                               const struct found_link *f, struct err *e)
{
    struct link_text text;
    struct record_id *member = NEW_ARRAY(a, struct record_id, n->events + f->count);
    struct link_measure now = {.facts = f->facts};
    int64_t now_ms = clock_now_ms(&t->env->clock);
    size_t count = n->events;
    memcpy(member, n->event, n->events * sizeof *member);
    for (size_t i = 0; i < f->count; i++)
        if (!has_member(n->event, n->events, &f->member[i])) member[count++] = f->member[i];
    (void)measure(t, s, member, count, &now);
    text_begin(&text, a);
    put_members(&text, member, count);
    put_finding(&text, t, f, f->group ? alert_by_name(f->by) : "series");
    if (n->looked && !f->looked) {
        json_put_key(&text.w, S("second_look"));
        json_put_null(&text.w);
    }
    put_facts(&text, now.facts);
    if (waits(n) &&
        !is_old_news(t, f, now_ms)) { /* a death of today does not wait for the turn of old ones */
        json_kv_str(&text.w, S("back_record"), S("no"));
        put_time(&text, S("told_at"), now_ms);
    }
    enum status status = text_append(t, &text, &n->id, e);
    buf_free(&text.text);
    return status;
}

/* Two series became one: what is wholly in it is worked there from now on. */
static enum status tell_merged(struct teller *t, struct arena *a, size_t into, struct err *e)
{
    const struct link_note *whole = link_book_at(t->book, into);
    for (size_t i = 0; i < whole->events; i++) {
        const uint32_t *at = NULL;
        size_t links = link_book_of_event(t->book, &whole->event[i], &at);
        for (size_t k = 0; k < links; k++) {
            const struct link_note *part = link_book_at(t->book, at[k]);
            size_t in = 0;
            if (at[k] == into || part == NULL || part->merged || !is_series(part)) continue;
            for (size_t m = 0; m < part->events; m++)
                in += has_member(whole->event, whole->events, &part->event[m]);
            if (in < part->events) continue;
            struct link_text text;
            text_begin(&text, a);
            json_kv_str(&text.w, S("part_of"), whole->id.id);
            enum status status = text_append(t, &text, &part->id, e);
            buf_free(&text.text);
            TRY(status);
            whole = link_book_at(t->book, into);
        }
    }
    return OK;
}

static enum status tell_finding(struct teller *t, struct side *s, struct arena *a, const struct found_link *f,
                                struct err *e)
{
    struct match m = match_of(t, s, f);
    if (!m.covered && m.at != SIZE_MAX) {
        TRY(tell_growth(t, s, a, link_book_at(t->book, m.at), f, e));
        if (!f->group) TRY(tell_merged(t, a, m.at, e));
    } else if (!m.covered) {
        struct record_id id;
        TRY(tell_new(t, a, f, &id, e));
        m.at = link_book_find(t->book, &id);
    }
    if (f->series != 0 && m.at != SIZE_MAX) *table_at_number(s->series, series_key(f), NULL) = m.at + 1;
    return OK;
}

/* What the store refuses for what it is would be refused again and again: it is told, and left. */
static bool is_refused(enum status status, const struct found_link *f, const struct err *e)
{
    if (status != E_INVALID && status != E_LIMIT) return false;
    log_line(LOG_WARNING, "a link of %zu events, raised by %s, could not be put on record: %s", f->count,
             alert_by_name(f->by), e->text);
    return true;
}

enum status tell_findings(struct teller *t, struct side *s, const struct outcome *o, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("telling links", WORK_BYTES_MAX);
    for (size_t i = 0; i < o->findings; i++) {
        struct err own = {0};
        arena_reset(a);
        pthread_mutex_lock(t->book_lock);
        enum status status = tell_finding(t, s, a, &o->finding[i], &own);
        pthread_mutex_unlock(t->book_lock);
        if (status == OK || is_refused(status, &o->finding[i], &own)) continue;
        *e = own;
        return status;
    }
    return OK;
}

/* ---- new facts about what is on record ---------------------------------------------------------------- */

/* The strongest pair, unless what is on record is more by no more than several members together add. */
static int weight_now(const struct link_note *n, const struct link_measure *m)
{
    bool fell = is_series(n) && m->strongest_db < n->score_db - COHESION_MORE_MAX_DB;
    return m->strongest_db > n->score_db || fell ? m->strongest_db : n->score_db;
}

static enum status tell_change(struct teller *t, const struct side *s, struct arena *a, size_t at,
                               struct err *e)
{
    const struct link_note *n = link_book_at(t->book, at);
    struct link_measure m;
    struct link_text text;
    if (n == NULL || n->merged || !measure(t, s, n->event, n->events, &m) || m.facts == n->facts) return OK;
    text_begin(&text, a);
    put_facts(&text, m.facts);
    if (weight_now(n, &m) != n->score_db) put_tenfold(&text, S("weight"), weight_now(n, &m));
    if (m.unverified != n->unverified)
        json_kv_str(&text.w, S("unverified"), m.unverified ? S("yes") : S("no"));
    struct record_id id = n->id;
    enum status status = text_append(t, &text, &id, e);
    buf_free(&text.text);
    return status;
}

static enum status tell_event(struct teller *t, const struct side *s, struct arena *a,
                              const struct record_id *event, struct err *e)
{
    const uint32_t *at = NULL;
    for (size_t k = 0; k < link_book_of_event(t->book, event, &at); k++) {
        arena_reset(a);
        TRY(tell_change(t, s, a, at[k], e));
    }
    return OK;
}

enum status tell_changes(struct teller *t, const struct side *s, const struct outcome *o, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("telling links", WORK_BYTES_MAX);
    for (size_t i = 0; i < o->changes; i++) {
        pthread_mutex_lock(t->book_lock);
        enum status status = tell_event(t, s, a, &o->changed[i], e);
        pthread_mutex_unlock(t->book_lock);
        TRY(status);
    }
    return OK;
}

enum status tell_suggested(struct teller *t, const struct side *s, size_t *from, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("telling links", WORK_BYTES_MAX);
    for (; *from < link_book_count(t->book); (*from)++) {
        arena_reset(a);
        pthread_mutex_lock(t->book_lock);
        const struct link_note *n = link_book_at(t->book, *from);
        enum status status = n != NULL && n->facts == 0 ? tell_change(t, s, a, *from, e) : OK;
        pthread_mutex_unlock(t->book_lock);
        TRY(status);
    }
    return OK;
}

/* ---- back-records ------------------------------------------------------------------------------------ */

size_t back_records_untold(const struct link_book *b)
{
    size_t count = 0;
    for (size_t i = 0; i < link_book_count(b); i++)
        count += waits(link_book_at(b, i));
    return count;
}

static int64_t newest_ms(const struct side *s, const struct link_note *n)
{
    int64_t newest = INT64_MIN;
    const struct world *w = s->whole != NULL ? s->whole : s->open;
    for (size_t i = 0; i < n->events; i++) {
        int64_t event = world_find(w, &n->event[i]);
        int64_t known = event < 0 ? INT64_MIN : world_event_known_ms(w, (uint32_t)event);
        if (known > newest) newest = known;
    }
    return newest == INT64_MIN ? n->raised_ms : newest;
}

static enum status tell_waiting(struct teller *t, const struct waiting_alert *w, int64_t now_ms,
                                struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("telling links", WORK_BYTES_MAX);
    struct link_text text;
    struct record_id id = link_book_at(t->book, w->event)->id;
    text_begin(&text, a);
    put_time(&text, S("told_at"), now_ms);
    enum status status = text_append(t, &text, &id, e);
    buf_free(&text.text);
    return status;
}

static enum status tell_some(struct teller *t, const struct side *s, int64_t now_ms, struct err *e)
{
    int64_t day = caldate_day_of(now_ms);
    size_t told_today = 0;
    for (size_t i = 0; i < link_book_count(t->book); i++) {
        const struct link_note *n = link_book_at(t->book, i);
        told_today += n != NULL && n->back_record && n->told_ms != 0 && caldate_day_of(n->told_ms) == day;
    }
    if (told_today >= t->work->back_daily || back_records_untold(t->book) == 0) return OK;
    struct backlog *queue CLEANUP_BACKLOG = backlog_new(t->work->back_daily - told_today);
    for (size_t i = 0; i < link_book_count(t->book); i++) {
        const struct link_note *n = link_book_at(t->book, i);
        if (!waits(n)) continue;
        int64_t since = newest_ms(s, n);
        double years = (double)(now_ms - since) / (double)MS_PER_DAY / DAYS_A_YEAR;
        (void)backlog_put(queue, (struct waiting_alert){.id = i,
                                                        .value = backlog_value(n->score_db, n->events, years),
                                                        .since_ms = since,
                                                        .event = (uint32_t)i});
    }
    struct waiting_alert next;
    while (backlog_take(queue, day, &next))
        TRY(tell_waiting(t, &next, now_ms, e));
    return OK;
}

enum status tell_back_records(struct teller *t, const struct side *s, int64_t now_ms, struct err *e)
{
    pthread_mutex_lock(t->book_lock);
    enum status status = tell_some(t, s, now_ms, e);
    pthread_mutex_unlock(t->book_lock);
    return status;
}
