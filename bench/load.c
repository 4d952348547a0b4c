/* Many people at once, people on bad lines, and kill -9: load COLLIGATE STORE SECONDS [SEED].
 *
 * Starts the server on the store, signs in 50 people who read and 5 who report deaths, holds 500 connections
 * open that send a byte a second, and measures each answer; of each report how long its nearest and its first
 * link take to stand on its Links page. After SECONDS, as soon as one more report has been acknowledged, the
 * server is killed; it is started again, every report that was acknowledged is looked for, and the ledger is
 * proved. Makes its accounts when they are not there. Everything runs on one machine: what the clients cost
 * is taken from the server. */
#include "app/session.h"
#include "base/alloc.h"
#include "base/caldate.h"
#include "base/clock.h"
#include "base/rng.h"
#include "load_http.h"
#include "model/permission.h"
#include "store/accounts.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PASSWORD       "three blue kettles"
#define PORT           8390
#define READERS        50
#define WRITERS        5
#define SLOW           500
#define PAUSE_MS       1000 /* of a reader between two pages, on average */
#define STEP_MS        300  /* of a writer between two steps */
#define WARM_S         900  /* so long the linker may take until it tells links */
#define LINK_S         20
#define KNOWN_MAX      64 /* deaths a reader has seen in lists */
#define REPORTS_MAX    4096
#define PATH_BYTES_MAX 512
#define FORM_BYTES_MAX 1024

/* ---- what is asked ---------------------------------------------------------------------------------- */

enum route {
    WORK,
    LIST,
    LATER,
    FILTERED,
    MAP,
    TIMELINE,
    BY_NAME,
    BY_WORDS,
    RECORD,
    HISTORY,
    CHECKS,
    LINKS_OF,
    COMPARE,
    LINKS,
    NEAR,
    EXHIBITS,
    ASSURANCE,
    STEP,
    SAVE,
    SEND,
    REPORTED,
    AS_DATA,
    TO_NEAREST,
    TO_LINK,
    ROUTES
};
/* {death}, {other}: one the reader has seen in a list; {name}, {words}, {page}, {lat}: drawn. */
static const struct {
    const char *about, *path;
    unsigned weight; /* of the mix of a reader; 0: not part of it */
    enum permission permission;
} ROUTE[ROUTES] = {
    [WORK] = {"your work", "/", 10, PERMISSION_SIGNED_IN},
    [LIST] = {"deaths", "/deaths", 10, PERMISSION_READ},
    [LATER] = {"deaths, a later page", "/deaths?page={page}", 4, PERMISSION_READ},
    [FILTERED] = {"deaths, filtered", "/deaths?setting=street&sex=M&age_min=20&age_max=30", 4,
                  PERMISSION_READ},
    [MAP] = {"deaths, as a map", "/deaths?view=map", 3, PERMISSION_READ},
    [TIMELINE] = {"deaths, in time", "/deaths?view=time", 2, PERMISSION_READ},
    [BY_NAME] = {"search by name", "/deaths?q={name}", 7, PERMISSION_READ},
    [BY_WORDS] = {"search by words", "/deaths?q={words}", 4, PERMISSION_READ},
    [RECORD] = {"record", "/deaths/{death}", 16, PERMISSION_READ},
    [HISTORY] = {"history", "/deaths/{death}/history", 3, PERMISSION_READ},
    [CHECKS] = {"checks", "/deaths/{death}/checks", 9, PERMISSION_READ},
    [LINKS_OF] = {"links of a death", "/deaths/{death}/links", 8, PERMISSION_LINKS},
    [COMPARE] = {"compare", "/links/{death}/{other}", 6, PERMISSION_LINKS},
    [LINKS] = {"links", "/links", 5, PERMISSION_LINKS},
    [NEAR] = {"near a place", "/near?place-lat={lat}&place-lon=0.0791", 4, PERMISSION_REPORT},
    [EXHIBITS] = {"exhibits", "/exhibits", 2, PERMISSION_READ},
    [ASSURANCE] = {"assurance", "/assurance", 3, PERMISSION_ASSURANCE},
    [STEP] = {"report: a step", "", 0, PERMISSION_REPORT},
    [SAVE] = {"report: save a step", "", 0, PERMISSION_REPORT},
    [SEND] = {"report: send", "", 0, PERMISSION_REPORT},
    [REPORTED] = {"report sent", "", 0, PERMISSION_REPORT},
    [AS_DATA] = {"links of a death, as data", "", 0, PERMISSION_LINKS},
    [TO_NEAREST] = {"sent, until its nearest stand", "", 0, PERMISSION_LINKS},
    [TO_LINK] = {"sent, until its link stands", "", 0, PERMISSION_LINKS},
};
static const char *const NAMES[] = {"Smith", "Osman", "Begum", "Nowak", "Clarke", "Khan", "Okafor", "Jones"};
static const char *const WORDS[] = {"bottle", "churchyard", "no+phone", "passer-by", "note", "hostel+stairs"};
static const char *const UNITS[] = {"KG", "CE", "CN", "AS", "AW", "NA", "NE", "NW", "SE", "SW"};
static const enum role READING[] = {ROLE_SUPERVISOR, ROLE_ANALYST, ROLE_DETECTIVE, ROLE_RESPONSE,
                                    ROLE_SPECIALIST};

struct samples {
    uint32_t *us;
    size_t count, room, errors;
    char first_error[160];
};

struct report {
    char death[64], name[32];
};

struct load {
    const char *program, *store;
    int seconds;
    uint64_t seed;
    pid_t server;
    atomic_bool over, warm;
    atomic_int until_kill; /* acknowledged reports from now until the server is killed; below 0: not yet */
    int64_t began_us, ended_us;
    pthread_mutex_t mutex; /* of what follows */
    struct samples all[ROUTES];
    struct report report[REPORTS_MAX];
    size_t reports;
};

struct user {
    struct load *load;
    int number;
    bool writes;
    enum role role;
    struct rng rng;
    struct client client;
    char known[KNOWN_MAX][48];
    size_t knows;
    struct samples own[ROUTES];
    int sent;
};

static void check(enum status status, const struct err *e)
{
    if (status == OK) return;
    fprintf(stderr, "load: %s\n", e->text);
    exit(status_exit_code(status));
}

static void sample_add(struct samples *s, int64_t us)
{
    s->us = alloc_room(s->us, &s->room, s->count, sizeof *s->us);
    s->us[s->count++] = us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
}

/* ---- the server ------------------------------------------------------------------------------------- */

static pid_t program_start(const struct load *l, const char *const *argument)
{
    pid_t child = fork();
    if (child != 0) return child;
    int log = open("/dev/null", O_WRONLY | O_CLOEXEC);
    (void)dup2(log, STDOUT_FILENO);
    (void)execv(l->program, (char *const *)(uintptr_t)argument);
    _exit(127);
}

/* Seconds until the first page is answered. */
static double server_start(struct load *l)
{
    char listen[16];
    struct client c;
    snprintf(listen, sizeof listen, "%d", PORT);
    const char *argument[] = {l->program, "serve", "-d", l->store, "--listen", listen, NULL};
    int64_t began_us = clock_ticks_us();
    l->server = program_start(l, argument);
    client_init(&c, PORT);
    while (c.status != 200) {
        clock_pause_ms(5);
        if (waitpid(l->server, NULL, WNOHANG) != 0) check(E_IO, &(struct err){.text = "the server ended."});
        (void)client_ask(&c, "/sign-in", NULL);
    }
    client_done(&c);
    return (double)(clock_ticks_us() - began_us) / 1e6;
}

/* ---- accounts --------------------------------------------------------------------------------------- */

static const char *user_unit(const struct user *u)
{
    return UNITS[(size_t)u->number / COUNT_OF(READING) % COUNT_OF(UNITS)];
}

static void user_name(const struct user *u, char name[32])
{
    snprintf(name, 32, "load-%s-%02d", u->writes ? "writes" : "reads", u->number);
}

static void account_of(struct store *store, const struct user *u)
{
    static const struct actor MAKER = {.name = S_INIT("load"), .role = S_INIT("administrator")};
    struct arena *a CLEANUP_ARENA = arena_new("an account", (size_t)1 << 20);
    struct account given = {.roles = ROLE_BIT(u->role)}, there;
    struct err e = {0}, none = {0};
    Token link;
    char name[32], officer[32];
    user_name(u, name);
    snprintf(officer, sizeof officer, "BO%06d", u->number + 1);
    given.name = given.person = str_of(name);
    given.unit = str_of(user_unit(u));
    given.officer = str_of(officer);
    if (account_find(store, given.name, a, &there, &none) == OK) return;
    check(account_make(store, &MAKER, &given, &link, &e), &e);
    check(invitation_accept(store, str_of(link.text), S(PASSWORD), &e), &e);
}

static void accounts_make(const struct load *l, const struct user *user, size_t count)
{
    struct arena *a CLEANUP_ARENA = arena_new("the accounts", (size_t)64 << 20);
    struct session s;
    struct err e = {0};
    struct actor actor = {.name = S("load"), .role = S("administrator")};
    check(session_open(a, l->store, STORE_WRITE, &actor, &s, &e), &e);
    for (size_t i = 0; i < count; i++)
        account_of(s.store, &user[i]);
    session_close(&s);
}

static void sign_in(struct user *u)
{
    char name[32], form[128];
    user_name(u, name);
    snprintf(form, sizeof form, "name=%s&password=three+blue+kettles&code=", name);
    (void)client_ask(&u->client, "/sign-in", NULL);
    (void)client_ask(&u->client, "/sign-in", form);
    if (u->client.status != 303) {
        fprintf(stderr, "load: %s could not sign in: %u\n", name, u->client.status);
        exit(70);
    }
    (void)client_ask(&u->client, "/", NULL);
}

/* ---- measuring -------------------------------------------------------------------------------------- */

static bool ask(struct user *u, enum route route, const char *path, const char *form, unsigned expected)
{
    struct samples *s = &u->own[route];
    int64_t us = client_ask(&u->client, path, form);
    if (atomic_load(&u->load->over)) return false; /* it was killed meanwhile */
    if (!atomic_load(&u->load->warm)) return u->client.status == expected;
    sample_add(s, us);
    if (u->client.status == expected) return true;
    if (s->errors++ == 0)
        snprintf(s->first_error, sizeof s->first_error, "%u to %.100s", u->client.status, path);
    return false;
}

static void pause_about(struct user *u, double mean_ms)
{
    double ms = rng_exponential(&u->rng, mean_ms);
    clock_pause_ms(ms > 10 * mean_ms ? (int)(10 * mean_ms) : (int)ms);
}

/* ---- readers ---------------------------------------------------------------------------------------- */

/* Keeps the deaths that a list leads to. */
static void list_keep(struct user *u)
{
    static const char LEADS[] = "href=\"/deaths/";
    Str rest = buf_str(&u->client.body);
    for (size_t at; (at = str_find(rest, S("href=\"/deaths/"))) != STR_NPOS;) {
        rest = str_slice(rest, at + sizeof LEADS - 1, rest.len);
        Str id = str_slice(rest, 0, str_find_char(rest, '"'));
        bool plain = id.len < sizeof u->known[0] && str_find_char(id, '/') == STR_NPOS &&
                     str_find_char(id, '?') == STR_NPOS && !str_eq(id, S("new"));
        for (size_t i = 0; plain && i < u->knows; i++)
            plain = !str_eq(id, str_of(u->known[i]));
        if (!plain) continue;
        size_t to = u->knows < KNOWN_MAX ? u->knows++ : rng_below(&u->rng, KNOWN_MAX);
        snprintf(u->known[to], sizeof u->known[to], "%.*s", STR_ARG(id));
    }
}

static void path_write(struct user *u, const char *pattern, struct buf *out)
{
    Str rest = str_of(pattern), piece;
    size_t first = rng_below(&u->rng, u->knows), more = 1 + rng_below(&u->rng, u->knows - 1);
    buf_clear(out);
    while (str_next(&rest, '{', &piece)) {
        buf_add(out, piece);
        if (!str_next(&rest, '}', &piece)) return;
        if (str_eq(piece, S("death"))) buf_add_cstr(out, u->known[first]);
        if (str_eq(piece, S("other"))) buf_add_cstr(out, u->known[(first + more) % u->knows]);
        if (str_eq(piece, S("name"))) buf_add_cstr(out, NAMES[rng_below(&u->rng, COUNT_OF(NAMES))]);
        if (str_eq(piece, S("words"))) buf_add_cstr(out, WORDS[rng_below(&u->rng, COUNT_OF(WORDS))]);
        if (str_eq(piece, S("page"))) buf_addf(out, "%d", (int)rng_between(&u->rng, 2, 60));
        if (str_eq(piece, S("lat"))) buf_addf(out, "%.4f", 51.45 + rng_unit(&u->rng) / 5);
    }
}

static enum route route_draw(struct user *u)
{
    double weight[ROUTES];
    for (int i = 0; i < ROUTES; i++)
        weight[i] = role_may(u->role, ROUTE[i].permission) ? ROUTE[i].weight : 0;
    return (enum route)rng_pick(&u->rng, weight, ROUTES);
}

static void *read_pages(void *state)
{
    struct user *u = state;
    struct buf path CLEANUP_BUF;
    buf_init(&path, PATH_BYTES_MAX);
    while (!atomic_load(&u->load->over)) {
        enum route route = u->knows < 2 ? LIST : route_draw(u);
        if (u->knows < 2)
            buf_add_cstr(&path, ROUTE[LIST].path);
        else
            path_write(u, ROUTE[route].path, &path);
        if (ask(u, route, buf_str(&path).ptr, NULL, 200) && route <= FILTERED && route >= LIST) list_keep(u);
        buf_clear(&path);
        pause_about(u, PAUSE_MS);
    }
    return NULL;
}

/* ---- writers ---------------------------------------------------------------------------------------- */

/* What ties the reports of a writer: the place, the drug, who found them, and their telephone. */
struct step {
    const char *name;
    const char *form; /* {writer}, {report}: their numbers; {day}: when it was found */
};
static const struct step STEPS[] = {
    {"place", "field=place&place-lat=51.53{writer}{report}&place-lon=0.079{writer}&place-radius=20&field="
              "address&address="},
    {"setting", "field=setting&setting=park_open_space"},
    {"times",
     "field=found&found-from-date={day}&found-from-time=05%3A00&field=reported_at&reported_at-date={day}&"
     "reported_at-time=05%3A05"},
    {"person",
     "field=deceased_name&deceased_name=Load+{writer}{report}&field=age&age=2{writer}&field=sex&sex=M"},
    {"finder", "field=found_by&found_by=passer_by&field=finder-name&finder-name=Walker+{writer}&field="
               "finderphone-value&"
               "finderphone-value=07700+900+11{writer}"},
    {"caller",
     "caller_is_finder=yes&field=caller-name&caller-name=&field=callerphone-value&callerphone-value="},
    {"position", "field=posture&posture=seated_propped&field=signs_moved&signs_moved=no"},
    {"phone", "phone=not_seen&field=ownphone-value&ownphone-value="},
    {"things", "field=present&present=drug_container&present=sunglasses&field=absent&absent=wallet"},
    {"body", "field=injuries&injuries=none_seen&field=substances&substances=GHB"},
    {"account",
     "field=narrative&narrative=Found+by+the+gate.&field=account-text&account-text=I+walk+here&field="
     "account_conflict"},
    {"told", "not_known=yes&there=no"},
};

/* Polls until the nearest and a link stand on the Links page of the death. */
static void links_await(struct user *u, const char *death, int64_t sent_us)
{
    char path[PATH_BYTES_MAX];
    bool nearest = false, link = false;
    snprintf(path, sizeof path, "/api/v1/deaths/%s/links", death);
    while (!(nearest && link) && clock_ticks_us() - sent_us < (int64_t)LINK_S * 1000000) {
        if (!ask(u, AS_DATA, path, NULL, 200)) return;
        int64_t took_us = clock_ticks_us() - sent_us;
        bool now = client_says(&u->client, "\"rank\""), tied = client_says(&u->client, "\"raised_by\"");
        if (now && !nearest) sample_add(&u->own[TO_NEAREST], took_us);
        if (tied && !link) sample_add(&u->own[TO_LINK], took_us);
        nearest = nearest || now;
        link = link || tied;
        clock_pause_ms(25);
    }
    u->own[TO_NEAREST].errors += !nearest;
    u->own[TO_LINK].errors += !link;
}

static void acknowledged(struct user *u, const char *death, const char *name)
{
    struct load *l = u->load;
    pthread_mutex_lock(&l->mutex);
    struct report *r = &l->report[l->reports < REPORTS_MAX ? l->reports++ : REPORTS_MAX - 1];
    snprintf(r->death, sizeof r->death, "%s", death);
    snprintf(r->name, sizeof r->name, "%s", name);
    pthread_mutex_unlock(&l->mutex);
    if (atomic_load(&l->until_kill) < 0 || atomic_fetch_sub(&l->until_kill, 1) != 0) return;
    l->ended_us = clock_ticks_us();
    atomic_store(&l->over, true);
    (void)kill(l->server, SIGKILL);
}

static void form_write(const struct user *u, const char *pattern, const char *day, struct buf *out)
{
    Str rest = str_of(pattern), piece;
    while (str_next(&rest, '{', &piece)) {
        buf_add(out, piece);
        if (!str_next(&rest, '}', &piece)) return;
        if (str_eq(piece, S("writer"))) buf_addf(out, "%d", u->number);
        if (str_eq(piece, S("report"))) buf_addf(out, "%d", u->sent);
        if (str_eq(piece, S("day"))) buf_add_cstr(out, day);
    }
}

static bool step_take(struct user *u, const char *draft, const struct step *step, const char *day)
{
    char path[PATH_BYTES_MAX];
    struct buf form CLEANUP_BUF;
    buf_init(&form, FORM_BYTES_MAX);
    snprintf(path, sizeof path, "%s/%s", draft, step->name);
    if (!ask(u, STEP, path, NULL, 200)) return false;
    pause_about(u, STEP_MS);
    form_write(u, step->form, day, &form);
    return ask(u, SAVE, path, form.ptr, 303);
}

/* One report from its first step to its links. */
static void report_death(struct user *u)
{
    struct arena *a CLEANUP_ARENA = arena_new("a report", (size_t)1 << 16);
    char draft[128], path[PATH_BYTES_MAX], to[PATH_BYTES_MAX], day[32];
    const struct clock clock = clock_system();
    caldate_format(clock_now_ms(&clock) - (1 + u->sent % 200) * (int64_t)3 * 86400000, day);
    day[10] = '\0';
    if (!ask(u, SAVE, "/deaths/new", "", 303) || !client_location(&u->client, draft, sizeof draft)) return;
    char *end = strrchr(draft, '/');
    if (end == NULL || end == draft) return;
    *end = '\0';
    for (size_t i = 0; i < COUNT_OF(STEPS); i++)
        if (!step_take(u, draft, &STEPS[i], day)) return;
    snprintf(path, sizeof path, "%s/links", draft);
    if (!ask(u, STEP, path, NULL, 200) || !ask(u, SAVE, path, "field=known-text&known-text=", 303)) return;
    snprintf(path, sizeof path, "%s/check", draft);
    if (!ask(u, STEP, path, NULL, 200) || !ask(u, SEND, path, "", 303)) return;
    int64_t sent_us = clock_ticks_us();
    if (!client_location(&u->client, to, sizeof to) || (end = strrchr(to, '/')) == NULL) return;
    *end = '\0';
    char *death = strrchr(to, '/') + 1;
    acknowledged(u, death, str_cstr(a, str_format(a, "Load %d%d", u->number, u->sent)));
    u->sent++;
    links_await(u, death, sent_us);
    *end = '/';
    (void)ask(u, REPORTED, to, NULL, 200);
}

static void *write_reports(void *state)
{
    struct user *u = state;
    while (!atomic_load(&u->load->over)) {
        report_death(u);
        pause_about(u, STEP_MS);
    }
    return NULL;
}

/* ---- bad lines -------------------------------------------------------------------------------------- */

/* Each sends a byte of a request a second; who is cut off calls again. */
static void *send_slowly(void *state)
{
    struct load *l = state;
    static const char TEXT[] =
        "GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    int line[SLOW];
    size_t at[SLOW] = {0};
    for (int i = 0; i < SLOW; i++)
        line[i] = -1;
    for (int i = 0; !atomic_load(&l->over); i = (i + 1) % SLOW) {
        if (line[i] < 0) {
            line[i] = client_connect(PORT);
            at[i] = 0;
        } else if (send(line[i], &TEXT[at[i]++ % (sizeof TEXT - 1)], 1, MSG_NOSIGNAL | MSG_DONTWAIT) != 1) {
            close(line[i]);
            line[i] = -1;
        }
        clock_pause_ms(1000 / SLOW);
    }
    for (int i = 0; i < SLOW; i++)
        if (line[i] >= 0) close(line[i]);
    return NULL;
}

/* ---- telling ---------------------------------------------------------------------------------------- */

static int compare_us(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return (a > b) - (a < b);
}

static double at_share_ms(const struct samples *s, double share)
{
    return s->count == 0 ? 0 : s->us[(size_t)((double)(s->count - 1) * share + 0.5)] / 1e3;
}

static void samples_join(struct samples *all, const struct samples *own)
{
    for (size_t i = 0; i < own->count; i++)
        sample_add(all, own->us[i]);
    if (all->errors == 0) memcpy(all->first_error, own->first_error, sizeof all->first_error);
    all->errors += own->errors;
}

static void tell_line(const char *about, struct samples *s, double seconds)
{
    if (s->count + s->errors == 0) return;
    if (s->count > 0) qsort(s->us, s->count, sizeof *s->us, compare_us);
    printf("%-32s %7zu in %7.2f s  p50 %.1f ms, p99 %.1f ms, max %.1f ms, %zu errors%s%s\n", about, s->count,
           seconds, at_share_ms(s, 0.5), at_share_ms(s, 0.99), at_share_ms(s, 1), s->errors,
           s->first_error[0] != '\0' ? ": " : "", s->first_error);
}

static void tell_all(struct load *l, struct user *user, size_t count)
{
    struct samples pages = {0};
    double seconds = (double)(l->ended_us - l->began_us) / 1e6;
    for (int r = 0; r < ROUTES; r++) {
        for (size_t i = 0; i < count; i++)
            samples_join(&l->all[r], &user[i].own[r]);
        tell_line(ROUTE[r].about, &l->all[r], seconds);
        if (r < TO_NEAREST) samples_join(&pages, &l->all[r]);
    }
    pages.first_error[0] = '\0';
    tell_line("all pages", &pages, seconds);
    alloc_free(pages.us);
}

/* ---- afterwards ------------------------------------------------------------------------------------- */

/* How many acknowledged reports are not there. */
static size_t reports_lost(struct load *l, struct user *finder)
{
    size_t lost = 0;
    char path[PATH_BYTES_MAX];
    for (size_t i = 0; i < l->reports; i++) {
        snprintf(path, sizeof path, "/deaths/%s", l->report[i].death);
        (void)client_ask(&finder->client, path, NULL);
        lost += finder->client.status != 200 || !client_says(&finder->client, l->report[i].name);
    }
    return lost;
}

static int ledger_prove(const struct load *l)
{
    const char *argument[] = {l->program, "verify", "-d", l->store, NULL};
    int how = 0;
    pid_t child = program_start(l, argument);
    (void)waitpid(child, &how, 0);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 255;
}

static int recover(struct load *l, struct user *finder)
{
    int64_t began_us;
    (void)waitpid(l->server, NULL, 0);
    printf("%-32s %7d in %7.2f s\n", "start after kill -9", 1, server_start(l));
    client_done(&finder->client);
    client_init(&finder->client, PORT);
    sign_in(finder);
    began_us = clock_ticks_us();
    size_t lost = reports_lost(l, finder);
    printf("%-32s %7zu in %7.2f s  %zu lost\n", "acknowledged reports looked for", l->reports,
           (double)(clock_ticks_us() - began_us) / 1e6, lost);
    began_us = clock_ticks_us();
    (void)kill(l->server, SIGTERM);
    (void)waitpid(l->server, NULL, 0);
    printf("%-32s %7d in %7.2f s\n", "stopping", 1, (double)(clock_ticks_us() - began_us) / 1e6);
    began_us = clock_ticks_us();
    int code = ledger_prove(l);
    printf("%-32s %7d in %7.2f s  exit code %d\n", "colligate verify", 1,
           (double)(clock_ticks_us() - began_us) / 1e6, code);
    return lost > 0 || code != 0;
}

/* Reports until the linker tells links, so that what follows is measured at work. */
static void warm_up(struct load *l, struct user *writer)
{
    int64_t began_us = clock_ticks_us();
    do
        report_death(writer);
    while (writer->own[TO_LINK].count == 0 && clock_ticks_us() - began_us < (int64_t)WARM_S * 1000000);
    printf("%-32s %7d in %7.2f s  %d reports\n", "until links are told", 1,
           (double)(clock_ticks_us() - began_us) / 1e6, writer->sent);
    for (int r = 0; r < ROUTES; r++)
        writer->own[r].count = writer->own[r].errors = 0;
    atomic_store(&l->warm, true);
}

int main(int argc, char **argv)
{
    static struct load l = {.mutex = PTHREAD_MUTEX_INITIALIZER, .until_kill = -1};
    static struct user user[READERS + WRITERS];
    pthread_t thread[READERS + WRITERS + 1];
    const size_t count = COUNT_OF(user);
    int64_t seconds = 0, seed = 1;
    struct rng rng;
    if (argc < 4 || argc > 5 || str_to_i64(str_of(argv[3]), &seconds) != OK || seconds < 1 ||
        (argc == 5 && str_to_i64(str_of(argv[4]), &seed) != OK)) {
        fputs("use: load COLLIGATE STORE SECONDS [SEED]\n", stderr);
        return 64;
    }
    l.program = argv[1];
    l.store = argv[2];
    rng_seed(&rng, (uint64_t)seed);
    for (size_t i = 0; i < count; i++) {
        user[i] =
            (struct user){.load = &l, .number = (int)(i < READERS ? i : i - READERS), .writes = i >= READERS};
        user[i].role = user[i].writes ? ROLE_RESPONSE : READING[i % COUNT_OF(READING)];
        user[i].rng = rng_fork(&rng, i);
        client_init(&user[i].client, PORT);
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    accounts_make(&l, user, count);
    printf("%-32s %7d in %7.2f s\n", "start", 1, server_start(&l));
    for (size_t i = 0; i < count; i++)
        sign_in(&user[i]);
    warm_up(&l, &user[READERS]);
    l.began_us = clock_ticks_us();
    for (size_t i = 0; i < count; i++)
        MUST(pthread_create(&thread[i], NULL, user[i].writes ? write_reports : read_pages, &user[i]) == 0);
    MUST(pthread_create(&thread[count], NULL, send_slowly, &l) == 0);
    clock_pause_ms((int)seconds * 1000);
    atomic_store(&l.until_kill, (int)rng_below(&rng, 2 * WRITERS));
    for (size_t i = 0; i <= count; i++)
        pthread_join(thread[i], NULL);
    tell_all(&l, user, count);
    int failed = recover(&l, &user[READERS]);
    for (size_t i = 0; i < count; i++)
        client_done(&user[i].client);
    return failed;
}
