#include "probe.h"

#include "base/caldate.h"
#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define ENTRIES_MAX 4000000

struct synth_options probe_options(const char *from, const char *to, double per_day, uint64_t seed)
{
    struct synth_options o = {.per_day = per_day, .seed = seed};
    bool day_only;
    assert_int_equal(caldate_parse(str_of(from), &o.from_ms, &day_only, NULL), OK);
    assert_int_equal(caldate_parse(str_of(to), &o.to_ms, &day_only, NULL), OK);
    return o;
}

static void *grown(struct arena *a, void *old, size_t count, size_t *room, size_t size, size_t align)
{
    if (count < *room) return old;
    size_t wider = *room == 0 ? 1024 : 2 * *room;
    void *fresh = arena_grow(a, old, *room, wider, size, align);
    *room = wider;
    return fresh;
}

static int64_t time_of(const Json *v)
{
    int64_t ms = 0;
    bool day_only;
    assert_int_equal(caldate_parse(json_str(v), &ms, &day_only, NULL), OK);
    return ms;
}

static Str keep(struct probe *p, const Json *v)
{
    return str_present(json_str(v)) ? str_copy(p->arena, json_str(v)) : STR_NONE;
}

static void note_death(struct probe *p, Str id, Str source, int64_t known_ms, const Json *set)
{
    bool fresh;
    uint64_t *place = table_at(p->by_id, id, &fresh);
    if (fresh) {
        *place = p->death_count;
        p->death = grown(p->arena, p->death, p->death_count, &p->death_room, sizeof *p->death,
                         _Alignof(struct seen_death));
        struct seen_death *d = &p->death[p->death_count++];
        *d = (struct seen_death){.id = str_copy(p->arena, id), .known_ms = known_ms};
        d->twin = str_eq(source, S("ambulance"));
        d->sex = keep(p, json_get(set, "sex"));
        d->setting = keep(p, json_get(set, "setting"));
        d->mechanism = keep(p, json_get(set, "mechanism"));
        d->unit = keep(p, json_get(set, "unit"));
        d->address = keep(p, json_get(set, "address"));
        d->age = json_number(json_get(set, "age"));
        d->lat = json_number(json_get(json_get(set, "place"), "lat"));
        d->lon = json_number(json_get(json_get(set, "place"), "lon"));
        d->found_ms = time_of(json_get(json_get(set, "found"), "to"));
    }
    const Json *list = json_get(set, "substances");
    if (list == NULL) return;
    struct seen_death *d = &p->death[*place];
    d->substances.count = json_count(list);
    d->substances.item = NEW_ARRAY(p->arena, Str, d->substances.count + 1);
    for (size_t i = 0; i < d->substances.count; i++)
        d->substances.item[i] = keep(p, json_at(list, i));
}

static Str digits_of(struct arena *a, Str phone)
{
    char *out = arena_alloc(a, phone.len + 1, 1, 1);
    size_t n = 0;
    for (size_t i = str_starts(phone, S("+44")) ? 3 : 1; i < phone.len; i++)
        if (phone.ptr[i] != ' ') out[n++] = phone.ptr[i];
    return (Str){out, n};
}

static void note_reference(struct probe *p, Str id, int64_t known_ms)
{
    bool fresh;
    uint64_t *at = table_at(p->refs, id, &fresh);
    if (fresh || (int64_t)*at > known_ms) *at = (uint64_t)known_ms;
}

static void note_rest(struct probe *p, Str kind, Str id, const Json *set)
{
    if (str_eq(kind, S("incident")))
        *table_at(p->incident_type, id, NULL) = table_intern(p->words, json_str(json_get(set, "type")));
    if (str_eq(kind, S("result"))) {
        const uint64_t *at = table_find(p->by_id, json_str(json_get(set, "death")));
        assert_non_null(at);
        p->death[*at].toxicology = true;
    }
    if (str_eq(kind, S("involvement")) && str_eq(json_str(json_get(set, "role")), S("finder"))) {
        const uint64_t *at = table_find(p->by_id, json_str(json_get(set, "event")));
        assert_non_null(at);
        p->death[*at].finder = keep(p, json_get(set, "person"));
    }
    if (str_eq(kind, S("identifier")) && str_eq(json_str(json_get(set, "type")), S("phone"))) {
        p->phone = grown(p->arena, p->phone, p->phone_count, &p->phone_room, sizeof *p->phone,
                         _Alignof(struct seen_phone));
        struct seen_phone *f = &p->phone[p->phone_count++];
        f->digits = digits_of(p->arena, json_str(json_get(set, "value")));
        f->holder = keep(p, json_get(set, "holder"));
        f->role = keep(p, json_get(set, "role"));
    }
}

static enum status take_line(void *state, Str line, struct err *e)
{
    static const char *const reference[] = {"event",   "person",    "holder", "death",
                                            "officer", "certifier", "by",     "approved_by"};
    struct probe *p = state;
    struct json_doc doc CLEANUP_JSON = {.root = NULL};
    TRY(json_parse(line, &doc, e));
    const Json *set = json_get(doc.root, "set");
    Str kind = json_str(json_get(doc.root, "kind")), id = json_str(json_get(doc.root, "id"));
    int64_t known_ms = time_of(json_get(doc.root, "known_at"));
    assert_int_equal(json_type(set), JSON_OBJECT);
    assert_true(json_count(set) > 0);
    p->out_of_order |= known_ms < p->last_known_ms;
    p->last_known_ms = known_ms;
    p->line_count++;
    p->digest = hash64_mix(p->digest, hash64(line));
    bool fresh;
    uint64_t *first = table_at(p->ids, id, &fresh);
    if (fresh) *first = (uint64_t)known_ms;
    for (size_t i = 0; i < COUNT_OF(reference); i++)
        if (str_present(json_str(json_get(set, reference[i]))))
            note_reference(p, json_str(json_get(set, reference[i])), known_ms);
    if (str_eq(kind, S("death")))
        note_death(p, id, json_str(json_get(doc.root, "source")), known_ms, set);
    else
        note_rest(p, kind, id, set);
    return OK;
}

static enum status take_truth(void *state, Str line, struct err *e)
{
    struct probe *p = state;
    (void)e;
    p->truth = grown(p->arena, p->truth, p->truth_count, &p->truth_room, sizeof *p->truth, _Alignof(Str));
    p->truth[p->truth_count++] = str_copy(p->arena, line);
    p->digest = hash64_mix(p->digest, hash64(line));
    return OK;
}

void probe_run(struct probe *p, const char *from, const char *to, double per_day, uint64_t seed)
{
    struct err e = {.status = OK};
    *p = (struct probe){.arena = arena_new("probe", (size_t)2 << 30)};
    p->ids = table_new(ENTRIES_MAX);
    p->by_id = table_new(ENTRIES_MAX);
    p->refs = table_new(ENTRIES_MAX);
    p->incident_type = table_new(ENTRIES_MAX);
    p->words = table_new(1000);
    struct synth_options o = probe_options(from, to, per_day, seed);
    enum status s = synth_write(&o, take_line, p, take_truth, p, &e);
    if (s != OK) fail_msg("%s", e.text);
}

void probe_done(struct probe *p)
{
    table_free(p->ids);
    table_free(p->by_id);
    table_free(p->refs);
    table_free(p->incident_type);
    table_free(p->words);
    arena_free(p->arena);
}

static enum status take_digest(void *state, Str line, struct err *e)
{
    uint64_t *digest = state;
    (void)e;
    *digest = hash64_mix(*digest, hash64(line));
    return OK;
}

uint64_t probe_digest(const char *from, const char *to, double per_day, uint64_t seed)
{
    struct err e = {.status = OK};
    uint64_t digest = 1;
    struct synth_options o = probe_options(from, to, per_day, seed);
    assert_int_equal(synth_write(&o, take_digest, &digest, take_digest, &digest, &e), OK);
    return digest;
}

const struct seen_death *probe_death(const struct probe *p, Str id)
{
    const uint64_t *at = table_find(p->by_id, id);
    return at == NULL ? NULL : &p->death[*at];
}
