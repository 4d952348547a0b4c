#include "live_kit.h"

#include "base/alloc.h"
#include "base/caldate.h"
#include "base/stream.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_S       240    /* a busy machine takes its time */
#define LINKED_WITHIN_MS 120000 /* far more than it takes, also on a slow machine under sanitizers */

void bed_folder_remove(const char *dir)
{
    DIR *d = opendir(dir);
    if (!d) return;
    for (struct dirent *entry; (entry = readdir(d)) != NULL;)
        if (entry->d_name[0] != '.') unlinkat(dirfd(d), entry->d_name, 0);
    closedir(d);
    rmdir(dir);
}

int bed_setup(void **state)
{
    struct bed *b = alloc_zero(1, sizeof *b);
    struct err e = {0};
    struct buf text CLEANUP_BUF;
    char path[1024];
    worldkit_open(&b->kit);
    buf_init(&text, (size_t)1 << 20);
    (void)snprintf(path, sizeof path, "%s/policy/link-work.tsv", getenv("COLLIGATE_SOURCE_ROOT"));
    if (file_read(path, &text, &e) != OK) fail_msg("%s", e.text);
    if (link_policy_load(b->kit.arena, buf_str(&text), &b->work, &e) != OK) fail_msg("%s", e.text);
    (void)snprintf(b->dir, sizeof b->dir, "%s", "/tmp/colligate-live-XXXXXX");
    assert_non_null(mkdtemp(b->dir));
    b->env = (struct store_env){
        .clock = clock_manual(&b->now_ms), .entropy = entropy_system(), .policy = &b->kit.policy};
    b->officer = (struct actor){.name = S("tester"), .role = S("detective"), .unit = S("KG")};
    bed_clock(b, "2014-01-02T00:00:00Z");
    if (store_init(b->dir, &b->env, &e) != OK) fail_msg("%s", e.text);
    if (store_open(b->dir, STORE_WRITE, &b->env, &b->store, &e) != OK) fail_msg("%s", e.text);
    *state = b;
    return 0;
}

int bed_teardown(void **state)
{
    struct bed *b = *state;
    live_stop(b->live);
    store_close(b->store);
    bed_folder_remove(b->dir);
    worldkit_close(&b->kit);
    alloc_free(b);
    return 0;
}

void bed_clock(struct bed *b, const char *at)
{
    struct err e = {0};
    bool day_only;
    if (caldate_parse(str_of(at), &b->now_ms, &day_only, &e) != OK) fail_msg("%s", e.text);
}

uint64_t bed_put(struct bed *b, const struct change *line, size_t count)
{
    struct receipt receipt = {0};
    struct err e = {0};
    for (size_t i = 0; i < count; i++)
        if (line[i].known_at_ms > b->now_ms) b->now_ms = line[i].known_at_ms;
    if (store_append(b->store, &b->officer, 0, line, count, NULL, NULL, &receipt, &e) != OK)
        fail_msg("%s", e.text);
    return receipt.last_seq;
}

uint64_t bed_line(struct bed *b, const char *json)
{
    struct change line = worldkit_line(&b->kit, json);
    return bed_put(b, &line, 1);
}

void bed_wait(struct bed *b, uint64_t seq)
{
    struct live_status s;
    if (live_wait(b->live, seq, LINKED_WITHIN_MS)) return;
    live_status(b->live, &s);
    fail_msg("not linked: at %llu of %llu, wanted %llu, %llu wait; %s", (unsigned long long)s.linked,
             (unsigned long long)s.head, (unsigned long long)seq, (unsigned long long)s.behind, s.trouble);
}

void bed_live(struct bed *b)
{
    struct err e = {0};
    struct store_place head;
    struct live_options o = {.store = b->store,
                             .env = &b->env,
                             .model = &b->kit.model,
                             .look = &b->kit.look,
                             .work = &b->work,
                             .price_per_week = 1};
    if (store_head(b->store, &head, &e) != OK) fail_msg("%s", e.text);
    if (live_start(&o, &b->live, &e) != OK) fail_msg("%s", e.text);
    bed_wait(b, head.seq);
}

void bed_rest(struct bed *b)
{
    live_stop(b->live);
    b->live = NULL;
}

struct listing {
    struct buf text;
    size_t count;
};

static enum status list_link(void *state, const struct record *r, struct err *e)
{
    struct listing *l = state;
    const struct link *d = r->data;
    (void)e;
    for (size_t i = 0; i < d->deaths.count; i++)
        buf_addf(&l->text, "%.*s ", STR_ARG(d->deaths.item[i]));
    for (size_t i = 0; i < d->incidents.count; i++)
        buf_addf(&l->text, "%.*s ", STR_ARG(d->incidents.item[i]));
    buf_addf(&l->text, "%.*s%s%s\n", STR_ARG(d->raised_by), str_eq(d->back_record, S("yes")) ? " back" : "",
             str_present(d->part_of) ? " merged" : "");
    l->count++;
    return OK;
}

static void list(struct bed *b, struct listing *l)
{
    struct err e = {0};
    buf_init(&l->text, (size_t)1 << 20);
    if (store_each(b->store, &b->officer, VIEW_NOW, UINT64_C(1) << KIND_LINK, S("test"), list_link, l, &e) !=
        OK)
        fail_msg("%s", e.text);
}

const char *bed_links(struct bed *b)
{
    struct listing l = {0};
    list(b, &l);
    const char *out = str_cstr(b->kit.arena, buf_str(&l.text));
    buf_free(&l.text);
    return out;
}

static enum status take_looked(void *state, const struct record *r, struct err *e)
{
    struct looked *l = state;
    const struct link *d = r->data;
    (void)e;
    if (l->weight == 0) *l = (struct looked){d->weight, d->second_look, d->threshold};
    return OK;
}

struct looked bed_first_looked(struct bed *b)
{
    struct looked l = {0};
    struct err e = {0};
    if (store_each(b->store, &b->officer, VIEW_NOW, UINT64_C(1) << KIND_LINK, S("test"), take_looked, &l,
                   &e) != OK)
        fail_msg("%s", e.text);
    return l;
}

const char *bed_links_with(struct bed *b, const char *text)
{
    int64_t until_us = clock_ticks_us() + (int64_t)PATIENCE_S * 1000000;
    while (strstr(bed_links(b), text) == NULL && clock_ticks_us() < until_us)
        (void)live_wait(b->live, UINT64_MAX, 100);
    return bed_links(b);
}

struct first_note {
    struct arena *a;
    const char *text;
};

static enum status take_note(void *state, const struct record *r, struct err *e)
{
    struct first_note *n = state;
    const struct link *d = r->data;
    (void)e;
    if (n->text[0] == 0 && str_present(d->note)) n->text = str_cstr(n->a, d->note);
    return OK;
}

const char *bed_first_note(struct bed *b)
{
    struct first_note n = {b->kit.arena, ""};
    struct err e = {0};
    if (store_each(b->store, &b->officer, VIEW_NOW, UINT64_C(1) << KIND_LINK, S("test"), take_note, &n, &e) !=
        OK)
        fail_msg("%s", e.text);
    return n.text;
}

size_t bed_link_count(struct bed *b)
{
    struct listing l = {0};
    list(b, &l);
    buf_free(&l.text);
    return l.count;
}

void bed_background(struct bed *b, int deaths)
{
    struct change *line = NEW_ARRAY(b->kit.arena, struct change, (size_t)deaths);
    char json[512];
    for (int i = 0; i < deaths; i++) {
        (void)snprintf(json, sizeof json,
                       "{\"known_at\":\"2014-01-01T%02d:%02d:00Z\",\"kind\":\"death\",\"id\":\"B%d\","
                       "\"source\":\"death_report\",\"set\":{\"age\":%d,\"sex\":\"%s\",\"setting\":"
                       "\"private_home\",\"mechanism\":\"natural\",\"unit\":\"KG\"}}",
                       i / 60 % 24, i % 60, i, 20 + i % 70, i % 2 ? "M" : "F");
        line[i] = worldkit_line(&b->kit, json);
    }
    (void)bed_put(b, line, (size_t)deaths);
}

/* Groups have nothing but their town in common: the second look would see one series in what is alike. */
static const char *scene_of(int group)
{
    if (group == 1)
        return "\"age\":22,\"sex\":\"M\",\"setting\":\"churchyard\",\"mechanism\":\"overdose\","
               "\"substances\":[\"ghb\"],\"posture\":\"seated_propped\",\"absent\":[\"phone\"],"
               "\"explanation\":\"note\",\"explanation_verified\":\"no\"";
    return "\"age\":71,\"sex\":\"F\",\"setting\":\"hotel\",\"mechanism\":\"drowning\","
           "\"posture\":\"in_bath\",\"absent\":[\"jewellery\"]";
}

uint64_t bed_sharer(struct bed *b, const char *id, const char *known_at, int group)
{
    struct change line[4];
    char json[768];
    (void)snprintf(json, sizeof json,
                   "{\"known_at\":\"%s\",\"kind\":\"death\",\"id\":\"%s\",\"source\":\"death_report\","
                   "\"set\":{%s,\"unit\":\"KG\"}}",
                   known_at, id, scene_of(group));
    line[0] = worldkit_line(&b->kit, json);
    for (int n = 1; n <= 3; n++) {
        (void)snprintf(
            json, sizeof json,
            "{\"known_at\":\"%s\",\"kind\":\"identifier\",\"id\":\"N-%s-%d\",\"source\":"
            "\"intelligence\",\"set\":{\"type\":\"phone\",\"value\":\"077009%02d12%d\",\"holder\":\"%s\","
            "\"role\":\"contact\"}}",
            known_at, id, n, group, n, id);
        line[n] = worldkit_line(&b->kit, json);
    }
    return bed_put(b, line, COUNT_OF(line));
}
