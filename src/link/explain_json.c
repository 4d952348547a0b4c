/* The same evidence for programs: every number, and every reason with its sentence. */
#include "link/explain_internal.h"

#include "base/caldate.h"
#include "compare/text.h"

static Str verdict_word(enum verdict v)
{
    switch (v) {
    case SAME:
        return S("same");
    case SIMILAR:
        return S("similar");
    case DIFFERENT:
        return S("different");
    case NOT_RECORDED:
        return S("not_recorded");
    }
    BUG("no such verdict: %d", (int)v);
}

static Str level_word(enum node_level level)
{
    switch (level) {
    case NODE_ALL:
        return S("all");
    case NODE_MECHANISM:
        return S("mechanism");
    case NODE_SETTING_GROUP:
        return S("setting_group");
    case NODE_SETTING:
        return S("setting");
    case NODE_GROUP_ALONE:
        return S("setting_group_alone");
    case NODE_SETTING_ALONE:
        return S("setting_alone");
    case NODE_LEVELS:
        break;
    }
    BUG("no such level: %d", (int)level);
}

static void put_id(struct json_writer *w, Str key, const struct record_id *id)
{
    json_put_key(w, key);
    if (!str_present(id->id)) {
        json_put_null(w);
        return;
    }
    json_open(w, '{');
    json_kv_str(w, S("ns"), id->ns);
    json_kv_str(w, S("kind"), str_of(kind_of(id->kind)->name));
    json_kv_str(w, S("id"), id->id);
    json_close(w, '}');
}

static void put_time(struct json_writer *w, Str key, int64_t ms)
{
    json_put_key(w, key);
    if (ms <= 0) { /* never: nothing was counted yet */
        json_put_null(w);
        return;
    }
    char text[32];
    caldate_format(ms, text);
    json_put_str(w, str_of(text));
}

static void put_identifier(struct json_writer *w, const struct reason *r)
{
    if (r->feature != FEATURE_IDENTIFIER) return;
    json_kv_str(w, S("identifier_type"), r->identifier_type);
    put_id(w, S("via_a"), &r->via_a);
    put_id(w, S("via_b"), &r->via_b);
    json_kv_str(w, S("role_a"), r->role_a);
    json_kv_str(w, S("role_b"), r->role_b);
    json_kv_bool(w, S("hop"), r->hop);
}

/* Where a shared term stands in an account: bytes of it, so that a page can mark them. */
static void put_spots(struct json_writer *w, Str key, Str account, Str term)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("places of a term", (size_t)64 << 20);
    struct str_list one = {&term, 1};
    struct text_spots spots = text_find_terms(scratch, account, &one);
    json_put_key(w, key);
    json_open(w, '[');
    for (size_t i = 0; i < spots.count; i++) {
        const struct text_spot *s = &spots.item[i];
        json_open(w, '{');
        json_kv_i64(w, S("start"), (int64_t)s->from);
        json_kv_i64(w, S("length"), (int64_t)(s->to - s->from));
        json_kv_str(w, S("text"), str_slice(account, s->from, s->to));
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void put_term(struct json_writer *w, const struct telling *t, const struct reason *r)
{
    if (r->feature != FEATURE_TEXT || r->verdict != SAME) return;
    if (str_present(t->o->narrative_a)) put_spots(w, S("spots_a"), t->o->narrative_a, r->value);
    if (str_present(t->o->narrative_b)) put_spots(w, S("spots_b"), t->o->narrative_b, r->value);
}

static void put_reason(struct json_writer *w, const struct telling *t, const struct reason *r)
{
    struct buf text CLEANUP_BUF;
    buf_init(&text, (size_t)1 << 16);
    explain_reason(&text, t->policy, t->ev, r, t->o);
    json_open(w, '{');
    json_kv_str(w, S("feature"), str_of(FEATURES[r->feature].name));
    json_kv_str(w, S("family"), str_of(family_name(FEATURES[r->feature].family)));
    json_kv_str(w, S("verdict"), verdict_word(r->verdict));
    json_kv_i64(w, S("weight_db"), r->weight_db);
    json_kv_i64(w, S("full_weight_db"), r->full_weight_db);
    json_kv_str(w, S("text"), buf_str(&text));
    json_kv_str(w, S("value"), r->value);
    json_kv_str(w, S("value_a"), r->value_a);
    json_kv_str(w, S("value_b"), r->value_b);
    if (r->verdict == SAME || r->verdict == SIMILAR) {
        json_kv_i64(w, S("count"), (int64_t)r->count);
        json_kv_i64(w, S("base"), (int64_t)r->base);
        json_kv_f64(w, S("frequency"), r->frequency);
        json_kv_str(w, S("level"), level_word(r->level));
    }
    if (number_present(r->measure)) json_kv_f64(w, S("measure"), r->measure);
    if (number_present(r->radius)) json_kv_f64(w, S("radius"), r->radius);
    put_identifier(w, r);
    put_term(w, t, r);
    json_close(w, '}');
}

static void put_node(struct json_writer *w, const struct pair_evidence *ev)
{
    json_put_key(w, S("compared_within"));
    json_open(w, '{');
    json_kv_str(w, S("level"), level_word(ev->level));
    json_kv_str(w, S("mechanism"), ev->mechanism);
    json_kv_str(w, S("setting"), ev->setting);
    json_kv_str(w, S("setting_group"), ev->setting_group);
    json_kv_i64(w, S("events"), (int64_t)ev->comparable);
    json_close(w, '}');
}

static void put_headline(struct json_writer *w, const struct telling *t)
{
    struct buf text CLEANUP_BUF;
    buf_init(&text, (size_t)1 << 16);
    explain_headline(&text, t->policy, t->ev, t->o);
    json_kv_str(w, S("headline"), buf_str(&text));
}

/* Words only for a calibrated model; else how unusual it is. */
static void put_words(struct json_writer *w, const struct telling *t)
{
    uint64_t unusual = explain_unusual(t->ev);
    bool words = t->o->calibrated;
    json_kv_str(w, S("strength"),
                words ? policy_scale_words(t->policy, SCALE_STRENGTH, t->ev->score_db / 10.0) : STR_NONE);
    json_kv_str(w, S("likely"),
                words ? policy_scale_words(t->policy, SCALE_PROBABILITY, t->ev->probability) : STR_NONE);
    json_put_key(w, S("unusual_one_in"));
    unusual > 1 ? json_put_i64(w, (int64_t)unusual) : json_put_null(w);
}

void explain_json(struct json_writer *w, const struct policy *policy, const struct pair_evidence *ev,
                  const struct explain_options *options)
{
    struct telling t = {policy, ev, options};
    json_open(w, '{');
    put_id(w, S("a"), &ev->a);
    put_id(w, S("b"), &ev->b);
    put_time(w, S("known_a"), ev->known_a_ms);
    put_time(w, S("known_b"), ev->known_b_ms);
    put_headline(w, &t);
    json_kv_i64(w, S("score_db"), ev->score_db);
    json_put_key(w, S("rank_of_b_for_a"));
    ev->rank_ab ? json_put_i64(w, (int64_t)ev->rank_ab) : json_put_null(w);
    json_put_key(w, S("rank_of_a_for_b"));
    ev->rank_ba ? json_put_i64(w, (int64_t)ev->rank_ba) : json_put_null(w);
    put_node(w, ev);
    json_kv_i64(w, S("events"), (int64_t)ev->events);
    json_kv_f64(w, S("prior_odds"), ev->prior_odds);
    json_kv_f64(w, S("probability"), ev->probability);
    json_kv_bool(w, S("probability_is_calibrated"), options->calibrated);
    put_words(w, &t);
    put_time(w, S("counts_at"), ev->counts_at_ms);
    json_kv_str(w, S("model"), ev->model);
    json_kv_bool(w, S("unverified_explanation"), ev->unverified_explanation);
    json_kv_bool(w, S("same_event_likely"), ev->same_event_likely);
    json_put_key(w, S("reasons"));
    json_open(w, '[');
    for (size_t i = 0; i < ev->count; i++)
        put_reason(w, &t, &ev->reason[i]);
    json_close(w, ']');
    json_close(w, '}');
}
