#include "web/visit.h"

#include "app/words.h"
#include "base/caldate.h"
#include "base/csv.h"
#include "model/feed.h"
#include "web/route.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- what was asked --------------------------------------------------------------------------------- */

Str visit_param(const struct visit *v, const char *name)
{
    for (size_t i = 0; i < v->params; i++)
        if (str_eq(v->param[i].name, str_of(name))) return v->param[i].value;
    return STR_NONE;
}

static Str trimmed(Str s)
{
    return str_present(s) ? str_trim(s) : s;
}

Str visit_query(const struct visit *v, const char *name)
{
    return trimmed(http_pair_of(&v->request->query, str_of(name)));
}

Str visit_asked(const struct visit *v, const char *name)
{
    Str text = visit_query(v, name);
    return str_present(text) ? text : S("");
}

Str visit_form(const struct visit *v, const char *name)
{
    return trimmed(http_pair_of(&v->request->form, str_of(name)));
}

Str visit_typed(const struct visit *v, const char *name, Str recorded)
{
    Str typed = visit_form(v, name);
    return str_present(typed) ? typed : recorded;
}

bool visit_may(const struct visit *v, enum permission permission)
{
    return role_may(v->viewer.role, permission);
}

void visit_error(struct visit *v, Str field, const char *fmt, ...)
{
    char text[1000];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    part_errors_add(v->arena, &v->errors, field, str_copy(v->arena, str_of(text)));
}

enum status visit_take_error(struct visit *v, enum status status, const struct err *why, struct err *e)
{
    if (status != E_INVALID && status != E_CONFLICT && status != E_DENIED) {
        if (e->status == OK) *e = *why;
        return status;
    }
    visit_error(v, str_copy(v->arena, str_of(why->field)), "%.*s",
                STR_ARG(words_capital(v->arena, str_of(why->text))));
    return OK;
}

/* ---- answering -------------------------------------------------------------------------------------- */

void visit_redirect(struct visit *v, Url to)
{
    buf_clear(v->out);
    v->answer->status = 303;
    http_answer_header(v->answer, S("Location"), to.ready);
}

Url visit_next(struct visit *v, Url otherwise)
{
    Str next = visit_typed(v, "next", visit_query(v, "next"));
    /* two slashes, or a backslash that browsers take for one, would lead to another site */
    bool ours = str_starts(next, S("/")) && str_find(next, S("//")) == STR_NPOS &&
                str_find_char(next, '\\') == STR_NPOS;
    return ours ? url_path(v->arena, next) : otherwise;
}

#define NOTICE_COOKIE "__Host-notice"

void visit_notice(struct visit *v, const char *code)
{
    http_answer_header(
        v->answer, S("Set-Cookie"),
        str_format(v->arena, NOTICE_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60", code));
}

static const struct {
    const char *code, *title, *text;
} NOTICES[] = {
    {"saved", "Saved", "What you entered is on record."},
    {"discarded", "Draft thrown away", "It was never on record."},
    {"decided", "Decision recorded", "It stands below, with your name and reason."},
    {"waits", "A second person must agree",
     "Your answer is on record. It is in force when somebody else agrees."},
    {"booked", "Exhibit booked", "Its history begins with this entry."},
    {"moved", "Hand-over recorded", "It waits for the receiver to confirm."},
    {"confirmed", "Receipt confirmed", "It is part of the chain of custody."},
    {"sealed", "Seal recorded", "Whoever receives the exhibit must read this number from it."},
    {"notice", "On its way", "The notice is sent again."},
    {"ended", "Recorded", "The exhibit stays with who held it before."},
    {"logged", "Contact logged", "It is part of the record."},
    {"raised", "Concern raised", "Its owner sees it in their work until it is answered."},
    {"answered", "Answer recorded", "Who raised it can be told now."},
    {"second", "Asked", "It is on record, and counts once a second person has agreed."},
    {"agreed", "Agreed", "It counts from now on, with both names."},
    {"declined", "Not agreed", "Your reason is on record. It does not count."},
    {"classified", "Category recorded", "It stands with your reason."},
    {"reviewed", "Review recorded", "What you found is part of the record."},
    {"role", "You act in another role now", "Every entry names the role you act in."},
    {"changed", "Changed", "The change is an entry of the ledger."},
    {"kept", "Search kept", "It stands above the list, for you alone."},
    {"removed", "Search removed", "The deaths it found are as they were."},
    {"clock", "The clock was moved", "What became known until then has come in."},
};

static void notice_of(struct visit *v, struct part_notice *out, size_t *count)
{
    Str code = http_pair_of(&v->request->cookie, S(NOTICE_COOKIE));
    if (!str_present(code)) return;
    for (size_t i = 0; i < COUNT_OF(NOTICES); i++)
        if (str_eq(code, str_of(NOTICES[i].code))) {
            *out = (struct part_notice){
                .success = true, .title = str_of(NOTICES[i].title), .text = str_of(NOTICES[i].text)};
            *count = 1;
        }
    http_answer_header(v->answer, S("Set-Cookie"),
                       S(NOTICE_COOKIE "=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"));
}

/* ---- pages ------------------------------------------------------------------------------------------ */

/* The items of the bar that lead somewhere this person may go. */
static unsigned bar_of(const struct visit *v)
{
    unsigned bar = 0;
    for (size_t i = 0; i < ROUTES_COUNT; i++)
        if (ROUTES[i].bar != BAR_NONE && visit_may(v, ROUTES[i].permission)) bar |= 1U << ROUTES[i].bar;
    return bar;
}

static Str looking_back(const struct visit *v)
{
    char words[48];
    if (v->view.known_at_ms == INT64_MAX && v->view.seq == UINT64_MAX) return STR_NONE;
    if (v->view.known_at_ms == INT64_MAX)
        return str_format(v->arena, "entry %llu of the ledger", (unsigned long long)v->view.seq);
    caldate_words(v->view.known_at_ms, words);
    return str_copy(v->arena, str_of(words));
}

/* Who has signed in, for the bar. */
static void account_line(struct visit *v, struct layout *l)
{
    if (!v->signed_in) return;
    l->person = v->who.account.person;
    l->role = str_of(ROLES[v->viewer.role].label);
    l->unit = roll_unit_words(v->service->roll, v->viewer.unit);
    l->csrf = v->csrf;
    l->bar = bar_of(v);
    l->idle_s = (unsigned)(SESSION_IDLE_MS / 1000);
    if (ROLES[v->viewer.role].scope != SCOPE_NONE) l->news = url(v->arena, "/events");
}

void visit_page_begin(struct visit *v, const struct visit_page *p)
{
    char words[48];
    struct layout *l = &v->layout;
    *l = (struct layout){.title = p->title,
                         .has_errors = v->errors.count > 0,
                         .current = v->route == NULL ? BAR_NONE : v->route->bar,
                         .back = p->back,
                         .wide = p->wide,
                         .scripts = p->scripts,
                         .at = looking_back(v),
                         .at_leave = url_path(v->arena, v->request->path),
                         .notice = &v->notice};
    notice_of(v, &v->notice, &l->notices);
    account_line(v, l);
    if (v->service->stage != NULL) {
        caldate_words(v->now_ms, words);
        l->demo = str_format(v->arena, "Demonstration with invented names. Its clock stands at %s.", words);
    }
    layout_begin(v->out, l);
    part_error_summary(v->out, &v->errors);
}

void visit_page_end(struct visit *v)
{
    layout_end(v->out, &v->layout);
}

void visit_form_begin(struct visit *v, Url action)
{
    part_form_begin(v->out, &(struct part_form){.action = action, .csrf = v->csrf});
}

static void day_input(struct visit *v, const char *name, const char *label)
{
    part_input(v->out, &(struct part_input){.name = str_of(name),
                                            .label = str_of(label),
                                            .type = S("date"),
                                            .value = visit_asked(v, name),
                                            .width = 10});
}

void visit_period_inputs(struct visit *v, const char *from_label, const char *to_label)
{
    day_input(v, "from", from_label);
    day_input(v, "to", to_label);
}

/* ---- JSON and CSV ----------------------------------------------------------------------------------- */

struct json_writer visit_json(struct visit *v)
{
    v->answer->type = S("application/json; charset=utf-8");
    return json_writer(v->out, false);
}

void visit_json_end(struct visit *v)
{
    buf_add_char(v->out, '\n');
}

Str visit_id_words(struct arena *a, const struct record_id *id)
{
    return ref_write(a, S(NAMESPACE_DEFAULT), id);
}

void json_put_id(struct json_writer *w, const struct record_id *id)
{
    struct buf words CLEANUP_BUF = {0};
    buf_init(&words, 1 << 12);
    if (!str_eq(id->ns, S("main"))) buf_addf(&words, "%.*s:", STR_ARG(id->ns));
    buf_add(&words, id->id);
    json_put_str(w, buf_str(&words));
}

void visit_json_time(struct json_writer *w, Str key, int64_t ms)
{
    char stamp[32];
    if (ms == INT64_MIN || ms == INT64_MAX) return;
    caldate_format(ms, stamp);
    json_kv_str(w, key, str_of(stamp));
}

void visit_csv_begin(struct visit *v, Str file_name)
{
    v->answer->type = S("text/csv; charset=utf-8");
    http_answer_header(v->answer, S("Content-Disposition"),
                       str_format(v->arena, "attachment; filename=\"%.*s\"", STR_ARG(file_name)));
}

void visit_csv_row(struct visit *v, const Str *cell, size_t count)
{
    for (size_t i = 0; i < count; i++)
        csv_add_cell(v->out, cell[i], i == 0, true);
    buf_add(v->out, S("\r\n"));
}

Url visit_death_url(struct visit *v, const struct record_id *death, const char *page)
{
    Str id = visit_id_words(v->arena, death);
    Url death_url = url(v->arena, "/deaths/%.*s", STR_ARG(id));
    if (page[0] == '\0') return death_url;
    Str rest = url_path(v->arena, str_of(page)).ready; /* "exhibits/new" is two segments */
    return (Url){str_format(v->arena, "%.*s/%.*s", STR_ARG(death_url.ready), STR_ARG(rest))};
}

/* ---- errors ----------------------------------------------------------------------------------------- */

static const struct {
    enum status status;
    unsigned http;
    const char *title, *text;
} FAILURES[] = {
    {E_NOT_FOUND, 404, "Page not found",
     "There is nothing at this address, or it is not for you to see. Check the address, or search for it."},
    {E_CONFLICT, 409, "Somebody else changed it first", "Look at it again and repeat what you meant to do."},
    {E_INVALID, 400, "This could not be read", ""},
    {E_DENIED, 403, "Not in this role", ""},
    {E_LIMIT, 413, "Too much at once", ""},
    {E_BUSY, 503, "Busy", "Try again in a moment. Nothing was lost."},
    {E_IO, 503, "The store cannot be written or read",
     "Nothing was saved. Tell the administrator; the record keeps what it had."},
    {E_DB, 500, "Something is wrong with the store", "Nothing was saved. Tell the administrator."},
    {E_INTERNAL, 500, "Something went wrong",
     "This is a defect of the program. Tell the administrator what you did."},
};

void visit_fail(struct visit *v, enum status status, const struct err *e)
{
    size_t i = 0;
    while (i + 1 < COUNT_OF(FAILURES) && FAILURES[i].status != status)
        i++;
    bool told =
        FAILURES[i].text[0] == '\0' && e->text[0] != '\0'; /* else it says what only we need to know */
    Str text = told ? str_of(e->text) : str_of(FAILURES[i].text);
    buf_clear(v->out);
    v->answer->status = FAILURES[i].http;
    if (v->format != FORMAT_HTML) {
        struct json_writer w = visit_json(v);
        json_open(&w, '{');
        json_kv_str(&w, S("error"), str_of(status_name(status)));
        json_kv_str(&w, S("text"), text);
        json_close(&w, '}');
        visit_json_end(v);
        return;
    }
    v->answer->type = S("text/html; charset=utf-8");
    v->errors.count = 0;
    visit_page_begin(v, &(struct visit_page){.title = str_of(FAILURES[i].title)});
    part_title(v->out, S(""), str_of(FAILURES[i].title));
    part_paragraph(v->out, text);
    visit_page_end(v);
}
