/* The hint "earlier deaths near this place": as a page, and as JSON for the form that asks while one types.
 */
#include "web/page/near.h"

#include "web/page/death_frame.h"
#include "web/page/pages.h"

enum status near_note(struct visit *v, const struct near_answer *n, struct err *e)
{
    struct record_id *id = NEW_ARRAY(v->arena, struct record_id, n->count + 1);
    for (size_t i = 0; i < n->count; i++)
        id[i] = roll_death(v->service->roll, n->item[i].death)->id;
    return store_note_read(v->service->session.store, &v->actor, S("near"), S("earlier deaths near a place"),
                           id, n->count, e);
}

Str near_title(struct visit *v, const struct near_death *n)
{
    const struct roll_death *d = roll_death(v->service->roll, n->death);
    Str ref = death_reference_words(v, d);
    if (n->sight == SIGHT_FULL)
        return str_format(v->arena, "%.*s, %.*s", STR_ARG(death_name_words(d)), STR_ARG(ref));
    if (d->restricted) return str_format(v->arena, "Restricted record %.*s", STR_ARG(ref));
    Str unit = roll_unit_words(v->service->roll, d->unit);
    return str_format(v->arena, "A death of %.*s, %.*s", STR_ARG(str_empty(unit) ? S("another unit") : unit),
                      STR_ARG(ref));
}

void near_show(struct visit *v, const struct near_query *q, const struct near_answer *n)
{
    part_paragraph(v->out, near_count_words(v->arena, q, n));
    if (n->count == 0) return;
    part_entries_begin(v->out);
    for (size_t i = 0; i < n->count; i++) {
        const struct roll_death *d = roll_death(v->service->roll, n->item[i].death);
        part_entry(v->out, &(struct part_entry){.href = visit_death_url(v, &d->id, ""),
                                                .title = near_title(v, &n->item[i]),
                                                .why = near_words(v->arena, &n->item[i])});
    }
    part_entries_end(v->out);
}

static double number_of(const struct visit *v, const char *name)
{
    double n = (double)NAN;
    return str_to_f64(visit_query(v, name), &n) == OK ? n : (double)NAN;
}

static struct near_query query_of(const struct visit *v)
{
    double lat = number_of(v, "place-lat"), lon = number_of(v, "place-lon");
    bool present = lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180;
    return (struct near_query){.place = {.lat = lat, .lon = lon, .present = present},
                               .now_ms = v->now_ms,
                               .setting = visit_query(v, "setting"),
                               .posture = visit_query(v, "posture")};
}

static void as_json(struct visit *v, const struct near_query *q, const struct near_answer *n)
{
    struct json_writer w = visit_json(v);
    json_open(&w, '{');
    json_kv_str(&w, S("text"), q->place.present ? near_count_words(v->arena, q, n) : S(""));
    json_kv_i64(&w, S("count"), (int64_t)n->all);
    json_put_key(&w, S("items"));
    json_open(&w, '[');
    for (size_t i = 0; i < n->count; i++) {
        const struct roll_death *d = roll_death(v->service->roll, n->item[i].death);
        json_open(&w, '{');
        json_kv_str(&w, S("href"), visit_death_url(v, &d->id, "").ready);
        json_kv_str(&w, S("text"),
                    str_format(v->arena, "%.*s: %.*s", STR_ARG(near_title(v, &n->item[i])),
                               STR_ARG(near_words(v->arena, &n->item[i]))));
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    visit_json_end(v);
}

enum status page_near(struct visit *v, struct err *e)
{
    struct near_query q = query_of(v);
    struct near_answer n;
    near_find(v->service->roll, v->sight, &v->service->session.policy, &q, v->arena, &n);
    TRY(near_note(v, &n, e));
    if (v->format == FORMAT_JSON) {
        as_json(v, &q, &n);
        return OK;
    }
    visit_page_begin(v, &(struct visit_page){.title = S("Earlier deaths near a place")});
    part_title(v->out, S(""), S("Earlier deaths near a place"));
    if (q.place.present)
        near_show(v, &q, &n);
    else
        part_paragraph(v->out, S("Give the place: latitude and longitude in the address."));
    visit_page_end(v);
    return OK;
}
