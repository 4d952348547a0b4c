#include "app/work_queue.h"

#include "base/caldate.h"

#include <stdlib.h>

static const struct {
    const char *code, *words;
} KINDS[WORK_LINE_KINDS] = {
    [WORK_SECOND] = {"second", "waiting for a second person"},
    [WORK_RETURNED] = {"returned", "sent back"},
    [WORK_OVERDUE] = {"overdue", "overdue"},
    [WORK_DUE] = {"due", "due within a day"},
    [WORK_OPEN] = {"open", "to do later"},
};

const char *work_line_code(enum work_line_kind kind)
{
    return KINDS[kind].code;
}

const char *work_line_words(enum work_line_kind kind)
{
    return KINDS[kind].words;
}

/* ---- for whom --------------------------------------------------------------------------------------- */

static const struct {
    const char *check_role;
    enum role role;
} FOR[] = {
    {"response_officer", ROLE_RESPONSE},
    {"supervisor", ROLE_SUPERVISOR},
    {"duty_inspector", ROLE_SUPERVISOR},
    {"detective", ROLE_DETECTIVE},
    {"analyst", ROLE_ANALYST},
    {"specialist_homicide", ROLE_SPECIALIST},
    {"exhibits_officer", ROLE_EXHIBITS},
    {"family_liaison", ROLE_FAMILY},
    {"coroners_officer", ROLE_CORONER_OFFICER},
    {"medical_examiner", ROLE_CORONER},
};

bool work_is_for(const struct check *check, enum role role)
{
    for (size_t i = 0; i < COUNT_OF(FOR); i++)
        if (FOR[i].role == role && str_eq(check->role, str_of(FOR[i].check_role))) return true;
    return false;
}

bool work_is_personal(enum role role)
{
    return role == ROLE_RESPONSE;
}

bool work_item_seen(const struct work_case *c, const struct work_item *item, const struct sight *sight)
{
    return item->about == WORK_NONE || sight_of(sight, &c->event[item->about]) != SIGHT_NONE;
}

void work_progress_seen(const struct work *w, const struct roll *roll, const struct sight *sight,
                        size_t *judged, size_t *deaths)
{
    *judged = *deaths = 0;
    for (size_t i = 0; i < work_cases(w); i++) {
        const struct work_case *c = work_case(w, i);
        uint32_t at = roll_find(roll, &c->death);
        if (at == ROLL_NONE || !sight_lists(sight, roll_death(roll, at))) continue;
        ++*deaths;
        *judged += c->judged;
    }
}

/* ---- the most urgent so many ------------------------------------------------------------------------ */

/* A heap whose root is the least urgent of those kept. */
struct best {
    struct work_line *line;
    size_t count, most;
};

/* By kind; overdue ones latest first, so that what happened today is not hidden behind last year; others by
 * date; then by death. */
static int compare_lines(const void *left, const void *right)
{
    const struct work_line *a = left, *b = right;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    if (a->due_ms != b->due_ms) return (a->due_ms < b->due_ms) == (a->kind != WORK_OVERDUE) ? -1 : 1;
    int order = record_id_compare(&a->c->death, &b->c->death);
    if (order != 0 || a->item == NULL || b->item == NULL) return order;
    return a->item->check < b->item->check ? -1 : a->item->check > b->item->check;
}

static void sift_down(struct best *b, size_t i)
{
    for (;;) {
        size_t worst = i, child = 2 * i + 1;
        for (size_t k = child; k < child + 2 && k < b->count; k++)
            if (compare_lines(&b->line[k], &b->line[worst]) > 0) worst = k;
        if (worst == i) return;
        struct work_line swap = b->line[i];
        b->line[i] = b->line[worst];
        b->line[worst] = swap;
        i = worst;
    }
}

static void best_add(struct best *b, const struct work_line *line)
{
    if (b->most == 0) return;
    if (b->count == b->most) {
        if (compare_lines(line, &b->line[0]) >= 0) return;
        b->line[0] = *line;
        sift_down(b, 0);
        return;
    }
    size_t i = b->count++;
    b->line[i] = *line;
    while (i > 0 && compare_lines(&b->line[i], &b->line[(i - 1) / 2]) > 0) {
        struct work_line swap = b->line[i];
        b->line[i] = b->line[(i - 1) / 2];
        b->line[(i - 1) / 2] = swap;
        i = (i - 1) / 2;
    }
}

/* ---- one death -------------------------------------------------------------------------------------- */

struct reading {
    const struct work_ask *ask;
    struct best best;
    size_t *count;
};

static void line_add(struct reading *r, const struct work_line *line)
{
    r->count[line->kind]++;
    if (r->ask->only < 0 || r->ask->only == (int)line->kind) best_add(&r->best, line);
}

static enum work_line_kind kind_by_date(int64_t due_ms, int64_t now_ms)
{
    if (due_ms == FOREVER_MS) return WORK_OPEN;
    if (due_ms < now_ms) return WORK_OVERDUE;
    return due_ms <= now_ms + MS_PER_DAY ? WORK_DUE : WORK_OPEN;
}

static bool is_done(const struct work_item *item)
{
    return item->state == CHECK_COMPLETED || item->state == CHECK_NOT_NEEDED;
}

/* One line a check: its subject that is due first. Items are in the order of checks. */
static void checks_add(struct reading *r, struct work_line base)
{
    const struct work_case *c = base.c;
    for (size_t i = 0; i < c->items;) {
        const struct work_item *first = NULL;
        uint32_t check = c->item[i].check;
        for (; i < c->items && c->item[i].check == check; i++) {
            const struct work_item *item = &c->item[i];
            if (is_done(item) || !work_item_seen(c, item, r->ask->sight)) continue;
            if (first == NULL || item->due_ms < first->due_ms) first = item;
        }
        if (first == NULL || !work_is_for(&r->ask->pack->check[check], r->ask->role)) continue;
        base.item = first;
        base.due_ms = first->due_ms;
        base.kind = kind_by_date(first->due_ms, r->ask->now_ms);
        line_add(r, &base);
    }
}

static void requests_add(struct reading *r, struct work_line base)
{
    for (size_t i = 0; i < base.c->requests; i++) {
        const struct second_request *q = &base.c->request[i];
        struct err no = {0};
        bool may =
            role_may(r->ask->role, q->kind == SECOND_LOWER ? PERMISSION_CLASSIFY : PERMISSION_SUPERVISE);
        if (!may || second_check(q, r->ask->who, NULL, 0, &no) != OK) continue;
        base.request = q;
        base.kind = WORK_SECOND;
        base.due_ms = q->asked_ms;
        line_add(r, &base);
    }
}

static void owed_add(struct reading *r, struct work_line base)
{
    for (size_t i = 0; i < base.c->oweds; i++) {
        const struct work_owed *o = &base.c->owed[i];
        Str ns, id;
        ref_split(o->owner, S("main"), &ns, &id);
        if (str_empty(r->ask->who->officer) || !str_eq(id, r->ask->who->officer)) continue;
        base.owed = o;
        base.due_ms = o->due_ms;
        base.kind = kind_by_date(o->due_ms, r->ask->now_ms);
        line_add(r, &base);
    }
}

static bool attended(const struct work_case *c, const struct person_acting *who)
{
    for (size_t i = 0; i < c->attendeds; i++) {
        Str ns, id;
        ref_split(c->attended[i], S("main"), &ns, &id);
        if (!str_empty(who->officer) && str_eq(id, who->officer)) return true;
    }
    return false;
}

static void case_add(struct reading *r, const struct work_case *c)
{
    if (!c->judged || c->gone) return;
    uint32_t at = roll_find(r->ask->roll, &c->death);
    if (at == ROLL_NONE) return;
    struct work_line base = {.c = c, .death = roll_death(r->ask->roll, at), .due_ms = FOREVER_MS};
    if (!sight_lists(r->ask->sight, base.death)) return;
    if (!str_empty(r->ask->unit) && !str_eq(r->ask->unit, base.death->unit)) return;
    bool theirs = !r->ask->own || attended(c, r->ask->who);
    if (theirs) checks_add(r, base);
    requests_add(r, base);
    owed_add(r, base);
    if (!c->returned || !theirs || r->ask->role != ROLE_RESPONSE) return;
    base.kind = WORK_RETURNED;
    line_add(r, &base);
}

size_t work_queue_read(const struct work_ask *ask, size_t from, size_t most, struct arena *a,
                       struct work_line **out, size_t count[WORK_LINE_KINDS])
{
    struct reading r = {.ask = ask, .count = count};
    r.best.most = from + most;
    r.best.line = NEW_ARRAY(a, struct work_line, r.best.most + 1);
    for (int i = 0; i < WORK_LINE_KINDS; i++)
        count[i] = 0;
    for (size_t i = 0; i < work_cases(ask->work); i++)
        case_add(&r, work_case(ask->work, i));
    if (r.best.count > 1) qsort(r.best.line, r.best.count, sizeof *r.best.line, compare_lines);
    *out = r.best.line + (from < r.best.count ? from : r.best.count);
    return r.best.count > from ? r.best.count - from : 0;
}
