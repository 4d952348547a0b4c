#include "web/answer.h"

#include "base/hash.h"
#include "base/log.h"
#include "model/kinds.h"
#include "model/when.h"
#include "store/accounts.h"
#include "web/asset.h"
#include "web/route.h"

#include <stdio.h>

/* ---- who ------------------------------------------------------------------------------------------- */

/* Known to nobody but the holder of the session: it is made from the token, of which the store has the hash.
 */
static Str csrf_of(struct arena *a, Str token)
{
    static const unsigned char KEY[32] = "colligate: the token of a form";
    Sha256 mac = blake2b_keyed(KEY, token);
    char hex[2 * SHA256_BYTES + 1];
    hex_encode(mac.byte, SHA256_BYTES, hex);
    return str_copy(a, str_of(hex));
}

/* The role that was chosen, if the account has it; else its first. */
static enum role role_of(const struct visit *v)
{
    int chosen = role_named(http_pair_of(&v->request->cookie, S(ROLE_COOKIE)));
    RoleSet roles = v->who.account.roles;
    if (chosen >= 0 && roles & ROLE_BIT(chosen)) return (enum role)chosen;
    for (int i = 0; i < ROLE_COUNT; i++)
        if (roles & ROLE_BIT(i)) return (enum role)i;
    return ROLE_FEED;
}

static enum status session_read(struct visit *v, struct err *e)
{
    struct err why = {0};
    v->token = http_pair_of(&v->request->cookie, S(SESSION_COOKIE));
    if (!str_present(v->token)) return OK;
    bool idle = v->route != NULL && v->route->idle;
    enum status status =
        (idle ? session_peek : session_find)(v->service->session.store, v->token, v->arena, &v->who, &why);
    if (status == E_DENIED) return OK; /* ended: as if nobody were signed in */
    if (status != OK) return ERR(e, status, "", "%s", why.text);
    v->signed_in = true;
    v->csrf = csrf_of(v->arena, v->token);
    v->viewer = (struct viewer){role_of(v), v->who.account.officer, v->who.account.unit};
    v->actor = (struct actor){.name = v->who.account.name,
                              .role = str_of(ROLES[v->viewer.role].code),
                              .unit = v->who.account.unit,
                              .session = str_slice(v->csrf, 0, 12),
                              .origin = v->request->peer};
    v->session.actor = v->actor;
    return OK;
}

/* ---- what ------------------------------------------------------------------------------------------- */

/* "/api/v1/deaths" and "/deaths.json" are the same data as /deaths. */
static Str path_read(struct visit *v)
{
    static const struct {
        Str end;
        enum visit_format format;
    } ENDS[] = {{S_INIT(".json"), FORMAT_JSON}, {S_INIT(".csv"), FORMAT_CSV}};
    Str path = v->request->path, api = S("/api/v1");
    if (str_starts(path, S("/api/v1/")) && !str_eq(path, S("/api/v1/"))) {
        v->format = FORMAT_JSON;
        return str_slice(path, api.len, path.len);
    }
    for (size_t i = 0; i < COUNT_OF(ENDS); i++)
        if (str_ends(path, ENDS[i].end) && !str_starts(path, S("/api/"))) {
            v->format = ENDS[i].format;
            return str_slice(path, 0, path.len - ENDS[i].end.len);
        }
    return path;
}

static enum status view_read(struct visit *v, struct err *e)
{
    Str at = visit_query(v, "at"), ledger = visit_query(v, "ledger");
    struct moment moment = {0};
    int64_t seq = 0;
    v->view = VIEW_NOW;
    if (!str_empty(at)) {
        TRY(moment_parse(at, &moment, e));
        v->view.known_at_ms = moment.precision == PRECISION_DAY ? moment.ms + 86400000 - 1 : moment.ms;
    }
    if (!str_empty(ledger)) {
        if (str_to_i64(ledger, &seq) != OK || seq < 1)
            return ERR(e, E_INVALID, "ledger", "ledger is the number of an entry, from 1.");
        v->view.seq = (uint64_t)seq;
    }
    return OK;
}

/* A browser says where a form came from; what says nothing (a program) has no cookies of somebody else. */
static bool is_of_this_site(const struct visit *v)
{
    Str site = http_header(v->request, "Sec-Fetch-Site"), origin = http_header(v->request, "Origin");
    Str host = http_header(v->request, "Host");
    if (str_present(site) && !str_eq(site, S("same-origin")) && !str_eq(site, S("none"))) return false;
    if (!str_present(origin)) return true;
    size_t at = str_find(origin, S("://"));
    return at != STR_NPOS && str_eq(str_slice(origin, at + 3, origin.len), host);
}

static enum status token_check(const struct visit *v, struct err *e)
{
    Str given = http_pair_of(&v->request->form, S(PART_CSRF_NAME));
    if (!is_of_this_site(v)) return ERR(e, E_DENIED, "", "the form did not come from this site.");
    if (!v->signed_in) return OK;
    Sha256 mine = sha256(v->csrf), theirs = sha256(given); /* compared in a time that tells nothing */
    if (sha256_eq(&mine, &theirs)) return OK;
    return ERR(e, E_DENIED, "",
               "this form belongs to a session that has ended. Go back, load the page again and send "
               "it once more.");
}

/* ---- may they? -------------------------------------------------------------------------------------- */

static void to_sign_in(struct visit *v)
{
    Url sign_in = url(v->arena, "/sign-in");
    if (str_eq(v->request->method, S("GET")) && !str_eq(v->request->path, S("/")))
        sign_in = url_with(v->arena, sign_in, S("next"), v->request->path);
    visit_redirect(v, sign_in);
}

/* False: it has been answered. */
static bool admitted(struct visit *v)
{
    enum permission permission = v->route->permission;
    struct err why = {0};
    if (permission == PERMISSION_OPEN) return true;
    if (!v->signed_in && v->format != FORMAT_HTML) {
        (void)ERR(&why, E_DENIED, "", "sign in first.");
        visit_fail(v, E_DENIED, &why);
        v->answer->status = 401;
        return false;
    }
    if (!v->signed_in) {
        to_sign_in(v);
        return false;
    }
    if (permission != PERMISSION_SIGNED_IN && ROLES[v->viewer.role].privileged && !v->who.second_factor) {
        visit_redirect(v, url(v->arena, "/account/second-factor"));
        return false;
    }
    if (role_may(v->viewer.role, permission)) return true;
    (void)ERR(&why, E_DENIED, "", "You act as %s, who may not %s.%s", ROLES[v->viewer.role].label,
              PERMISSIONS[permission].about,
              roles_may(v->who.account.roles, permission)
                  ? " Another of your roles may: choose it under Settings."
                  : "");
    visit_fail(v, E_DENIED, &why);
    return false;
}

/* ---- the record in the path ------------------------------------------------------------------------- */

static enum status reason_asked(struct visit *v, const struct roll_death *d, bool *given, struct err *e)
{
    return session_reason_given(v->service->session.store, v->token, &d->id, given, e);
}

/* Stops before a record of another unit, or a restricted one, until a reason is on record. */
static void ask_reason(struct visit *v, const struct roll_death *d)
{
    struct err why = {0};
    if (v->format != FORMAT_HTML) {
        (void)ERR(&why, E_DENIED, "reason", "give a reason for access first: POST it to /deaths/%.*s/reason.",
                  STR_ARG(d->id.id));
        visit_fail(v, E_DENIED, &why);
        return;
    }
    Url ask = visit_death_url(v, &d->id, "reason");
    if (str_eq(v->request->method, S("GET"))) ask = url_with(v->arena, ask, S("next"), v->request->path);
    visit_redirect(v, ask);
}

/* Whether it is open to them now; if not, it has been answered. asks: seeing that it exists is enough. */
static bool death_opened(struct visit *v, const struct roll_death *d, bool asks)
{
    struct err why = {0};
    bool given = false;
    enum sight_level level = sight_of_death(v->sight, d);
    if (level == SIGHT_NONE) {
        visit_fail(v, E_NOT_FOUND, &why);
        return false;
    }
    if (level == SIGHT_FULL || asks) return true;
    enum status status = reason_asked(v, d, &given, &why);
    if (status != OK) visit_fail(v, status, &why);
    if (status == OK && !given) ask_reason(v, d);
    return status == OK && given;
}

bool visit_death_opened(struct visit *v, const struct roll_death *d)
{
    return death_opened(v, d, false);
}

/* {death}: found in the roll and seen, else as if it were not there. False: it has been answered. */
static bool death_found(struct visit *v)
{
    Str word = visit_param(v, "death");
    struct err why = {0};
    if (!str_present(word)) return true;
    uint32_t at = roll_find_word(v->service->roll, word);
    if (at == ROLL_NONE) {
        visit_fail(v, E_NOT_FOUND, &why);
        return false;
    }
    v->death = roll_death(v->service->roll, at);
    return death_opened(v, v->death, strcmp(v->route->path, "/deaths/{death}/reason") == 0);
}

/* Parameters that are records about a death, or about events: the field that says so. */
static const struct {
    const char *name;
    enum kind_id kind;
    int field;
    bool beside; /* says nothing of what is in the record: no reason is asked */
} ABOUT[] = {
    {"exhibit", KIND_EXHIBIT, exhibit_field_death, false},
    {"contact", KIND_CONTACT, contact_field_death, false},
    {"concern", KIND_CONCERN, concern_field_events, false},
    {"restriction", KIND_RESTRICTION, restriction_field_events, true},
};

/* Who asks does not yet read it: whether they may is looked up. */
static const struct actor LOOKUP = {
    .name = S_INIT("colligate"), .role = S_INIT("service"), .origin = S_INIT("permission")};

static struct str_list events_of(struct visit *v, const struct record *record, int field)
{
    const struct field *row = &kind_of(record->id.kind)->field[field];
    const void *at = (const char *)record->data + row->offset;
    if (row->type == FT_REFS) return *(const struct str_list *)at;
    Str *one = NEW(v->arena, Str);
    *one = *(const Str *)at;
    return (struct str_list){one, str_empty(*one) ? 0 : 1};
}

/* All of them: what speaks of two deaths tells of both. */
static bool events_opened(struct visit *v, Str ns, const struct str_list *event, bool beside)
{
    struct err why = {0};
    for (size_t i = 0; i < event->count; i++) {
        struct record_id id = {.kind = KIND_DEATH};
        ref_split(event->item[i], ns, &id.ns, &id.id);
        uint32_t at = roll_find(v->service->roll, &id);
        if (at != ROLL_NONE) {
            const struct roll_death *d = roll_death(v->service->roll, at);
            if (!death_opened(v, d, beside)) return false;
            if (v->death == NULL) v->death = d;
            continue;
        }
        id.kind = KIND_INCIDENT;
        if (sight_of(v->sight, &id) != SIGHT_NONE) continue;
        visit_fail(v, E_NOT_FOUND, &why);
        return false;
    }
    if (v->death != NULL) return true;
    visit_fail(v, E_NOT_FOUND, &why);
    return false;
}

static bool record_found(struct visit *v)
{
    size_t i = 0;
    struct record record;
    struct err why = {0};
    while (i < COUNT_OF(ABOUT) && !str_present(visit_param(v, ABOUT[i].name)))
        i++;
    if (i == COUNT_OF(ABOUT)) return true;
    struct record_id *id = NEW(v->arena, struct record_id);
    id->kind = ABOUT[i].kind;
    ref_split(visit_param(v, ABOUT[i].name), S("main"), &id->ns, &id->id);
    enum status status = store_get(v->service->session.store, &LOOKUP, VIEW_NOW, id, v->arena, &record, &why);
    if (status != OK) {
        visit_fail(v, status, &why);
        return false;
    }
    struct str_list event = events_of(v, &record, ABOUT[i].field);
    v->record = id;
    return events_opened(v, id->ns, &event, ABOUT[i].beside);
}

/* ---- the way ---------------------------------------------------------------------------------------- */

static enum status prepare(struct visit *v, struct err *e)
{
    TRY(view_read(v, e));
    if (str_eq(v->request->method, S("POST"))) TRY(token_check(v, e));
    return route_inputs_check(v, e);
}

static void run_held(struct visit *v)
{
    struct err why = {0};
    if (!death_found(v) || !record_found(v)) return;
    enum status status = v->route->run(v, &why);
    if (status == OK && v->out->failed) status = ERR(&why, E_LIMIT, "", "the page is too large to be shown.");
    if (status == OK) return;
    if (status == E_INTERNAL || status == E_DB || status == E_IO)
        log_line(LOG_ERROR, "%.*s %.*s: %s: %s (%s:%d)", STR_ARG(v->request->method),
                 STR_ARG(v->request->path), status_name(status), why.text, why.file, why.line);
    v->answer->headers = 0;
    visit_fail(v, status, &why);
}

static void run(struct visit *v)
{
    struct roll *roll = v->service->roll;
    struct err why = {0};
    enum status status = roll_follow(roll, v->service->session.store, &why);
    if (status != OK) {
        visit_fail(v, status, &why);
        return;
    }
    roll_hold(roll);
    v->sight = sight_new(roll, &v->viewer, v->arena);
    if (admitted(v)) {
        status = prepare(v, &why);
        if (status == OK)
            run_held(v);
        else
            visit_fail(v, status, &why);
    }
    sight_done(v->sight);
    roll_release(roll);
}

static void not_found(struct visit *v, bool other_method)
{
    struct err why = {0};
    roll_hold(v->service->roll);
    visit_fail(v, E_NOT_FOUND, &why);
    roll_release(v->service->roll);
    if (other_method) v->answer->status = 405;
}

void answer_request(void *service, struct http_request *request, struct http_answer *answer)
{
    struct visit v = {.service = service,
                      .request = request,
                      .answer = answer,
                      .arena = request->arena,
                      .viewer = {.role = ROLE_FEED},
                      .view = VIEW_NOW,
                      .out = answer->body};
    struct err why = {0};
    bool other = false;
    v.session = v.service->session;
    v.session.arena = v.arena;
    if (str_starts(request->path, S("/assets/"))) {
        web_asset_answer(request, answer);
        return;
    }
    Str path = path_read(&v);
    v.now_ms = service_now_ms(v.service);
    v.route = route_find(&v, request->method, path, &other);
    enum status status = session_read(&v, &why);
    bool has_format = v.route != NULL &&
                      (v.format == FORMAT_HTML || (v.format == FORMAT_JSON ? v.route->json : v.route->csv));
    if (status != OK)
        visit_fail(&v, status, &why);
    else if (has_format)
        run(&v);
    else
        not_found(&v, other);
}
