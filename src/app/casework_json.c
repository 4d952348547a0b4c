#include "app/casework_words.h"
#include "base/caldate.h"
#include "model/kinds.h"

static void kv_time(struct json_writer *w, Str key, int64_t ms)
{
    char stamp[32];
    bool has_time = ms != FOREVER_MS && ms != INT64_MIN;
    if (has_time) caldate_format(ms, stamp);
    json_kv_str(w, key, has_time ? str_of(stamp) : STR_NONE);
}

static void row_json(struct json_writer *w, Str key, const struct fact_row *row)
{
    json_put_key(w, key);
    if (!row) {
        json_put_null(w);
        return;
    }
    json_open(w, '{');
    json_kv_str(w, S("kind"), row->kind);
    json_kv_str(w, S("key"), row->key);
    json_close(w, '}');
}

static void item_json(struct json_writer *w, const struct check_item *item)
{
    json_open(w, '{');
    json_kv_str(w, S("subject"), item->subject);
    json_kv_str(w, S("state"), str_of(check_state_name(item->state)));
    kv_time(w, S("opened_at"), item->opened_ms);
    row_json(w, S("opened_by"), item->opened_by);
    kv_time(w, S("due_at"), item->due_ms);
    kv_time(w, S("since"), item->since_ms);
    json_kv_str(w, S("whom"), item->whom);
    json_kv_str(w, S("second"), item->second);
    json_kv_str(w, S("reason"), item->reason);
    json_kv_str(w, S("refused"), item->refused);
    json_kv_bool(w, S("late"), item->late);
    row_json(w, S("reopened_by"), item->reopened_by);
    if (item->reopened_by) kv_time(w, S("reopened_at"), item->reopened_ms);
    json_put_key(w, S("evidence"));
    json_open(w, '[');
    for (size_t i = 0; i < item->evidences; i++)
        json_put_str(w, item->evidence[i]->key);
    json_close(w, ']');
    json_close(w, '}');
}

static void status_json(struct json_writer *w, const struct check_pack *pack, const struct check_status *s)
{
    json_open(w, '{');
    json_kv_str(w, S("check"), s->check->id);
    json_kv_str(w, S("title"), s->check->title);
    json_kv_str(w, S("asks"), s->check->asks);
    json_kv_str(w, S("why"), s->check->why);
    json_kv_str(w, S("source"), s->check->source);
    json_kv_str(w, S("group"), pack->group[s->check->group].id);
    json_kv_str(w, S("for"), s->check->role);
    json_kv_str(w, S("guidance"), s->check->guidance);
    json_kv_str(w, S("state"), str_of(check_state_name(s->state)));
    kv_time(w, S("opened_at"), s->opened_ms);
    kv_time(w, S("due_at"), s->due_ms);
    json_put_key(w, S("items"));
    json_open(w, '[');
    for (size_t i = 0; i < s->items; i++)
        item_json(w, &s->item[i]);
    json_close(w, ']');
    json_close(w, '}');
}

static void category_json(struct json_writer *w, const struct casework *c)
{
    json_put_key(w, S("category"));
    json_open(w, '{');
    json_kv_str(w, S("is"), c->category);
    json_kv_bool(w, S("challenged"), c->challenged);
    json_put_key(w, S("steps"));
    json_open(w, '[');
    for (size_t i = 0; i < c->steps; i++) {
        const struct category_step *s = &c->step[i];
        json_open(w, '{');
        kv_time(w, S("at"), s->at_ms);
        json_kv_str(w, S("to"), s->to);
        json_kv_str(w, S("direction"), str_of(category_direction_name(s->direction)));
        json_kv_str(w, S("record"), s->row->key);
        json_put_key(w, S("breaks"));
        json_open(w, '[');
        for (unsigned bit = 1; bit < 1u << CATEGORY_FAULTS; bit <<= 1)
            if (s->fault & bit) json_put_str(w, str_of(category_fault_name((enum category_fault)bit)));
        json_close(w, ']');
        json_close(w, '}');
    }
    json_close(w, ']');
    json_close(w, '}');
}

static void quality_json(struct json_writer *w, const struct quality *q)
{
    json_put_key(w, S("quality"));
    json_open(w, '{');
    json_kv_i64(w, S("score"), q->score);
    json_kv_i64(w, S("asked"), q->asked);
    json_kv_i64(w, S("answered"), q->answered);
    json_kv_i64(w, S("contradictions"), q->contradictions);
    json_put_key(w, S("findings"));
    json_open(w, '[');
    for (size_t i = 0; i < q->count; i++) {
        json_open(w, '{');
        json_kv_str(w, S("nature"), str_of(quality_nature_name(q->finding[i].nature)));
        json_kv_str(w, S("rule"), str_of(q->finding[i].rule));
        json_kv_str(w, S("sentence"), q->finding[i].sentence);
        json_close(w, '}');
    }
    json_close(w, ']');
    json_close(w, '}');
}

void casework_write_json(struct json_writer *w, const struct check_pack *pack, const struct casework *c)
{
    json_open(w, '{');
    json_kv_str(w, S("ns"), c->death.ns);
    json_kv_str(w, S("kind"), str_of(kind_of(c->death.kind)->name));
    json_kv_str(w, S("id"), c->death.id);
    json_kv_str(w, S("title"), c->title);
    json_kv_str(w, S("unit"), c->unit);
    json_kv_str(w, S("pack"), pack->name);
    json_kv_i64(w, S("pack_version"), (int64_t)pack->version);
    json_kv_i64(w, S("opened"), (int64_t)c->report.count);
    json_kv_i64(w, S("done"), (int64_t)c->report.done);
    json_kv_i64(w, S("overdue"), (int64_t)c->report.in_state[CHECK_OVERDUE]);
    json_kv_str(w, S("next"), c->report.next ? c->report.next->check->id : STR_NONE);
    kv_time(w, S("changes_at"), c->report.changes_ms);
    category_json(w, c);
    quality_json(w, &c->quality);
    json_put_key(w, S("checks"));
    json_open(w, '[');
    for (size_t i = 0; i < c->report.count; i++)
        status_json(w, pack, &c->report.status[i]);
    json_close(w, ']');
    json_close(w, '}');
}
