#include "app/comparison.h"

#include "app/linking.h"
#include "app/words.h"
#include "base/caldate.h"
#include "link/explain.h"
#include "model/canon.h"
#include "model/kinds.h"

#define TEXT_BYTES_MAX ((size_t)4 << 20)
#define NAMELESS       "a person without a name"
#define NEAREST_SEEN   4 /* so many times what is wanted is looked at, for those that may not be seen */

struct titles {
    const struct world *world;
    const struct policy *policy;
    struct arena *arena;
};

/* NULL: another kind, or not of this world. */
static const struct death *death_of(const struct world *w, const struct record_id *id)
{
    const struct record *r = id->kind == KIND_DEATH ? world_record(w, id) : NULL;
    return r == NULL ? NULL : r->data;
}

static const struct incident *incident_of(const struct world *w, const struct record_id *id)
{
    const struct record *r = id->kind == KIND_INCIDENT ? world_record(w, id) : NULL;
    return r == NULL ? NULL : r->data;
}

static Str title_of(void *state, const struct record_id *id)
{
    const struct titles *t = state;
    const struct death *d = death_of(t->world, id);
    const struct incident *i = incident_of(t->world, id);
    if (i != NULL) return words_incident(t->arena, t->policy, i);
    if (d == NULL) {
        Str title = linking_title(t->world, id, t->arena);
        /* a person without a name: "the same person" says more than a number of the source */
        return id->kind == KIND_PERSON && str_eq(title, id->id) ? STR_NONE : str_copy(t->arena, title);
    }
    return words_death(t->arena, d->deceased_name, d->ref, id);
}

/* In a sentence: the person; the reference of one without a name; "the missing person record". */
static Str name_of(const struct titles *t, const struct record_id *id)
{
    const struct death *d = death_of(t->world, id);
    const struct incident *i = incident_of(t->world, id);
    if (i != NULL && !str_empty(i->type))
        return str_format(
            t->arena, "the %.*s record",
            STR_ARG(words_code(t->arena, t->policy, kind_of(KIND_INCIDENT), incident_field_type, i->type)));
    if (d == NULL) return str_copy(t->arena, id->id);
    return str_copy(t->arena, !str_empty(d->deceased_name) ? d->deceased_name
                              : !str_empty(d->ref)         ? d->ref
                                                           : id->id);
}

static enum status event_find(const struct world *w, const struct record_id *id, uint32_t *out, struct err *e)
{
    int64_t found = world_find(w, id);
    if (found < 0)
        return ERR(e, E_BUSY, "", "%.*s is not known to the linker yet; try again in a moment.",
                   STR_ARG(id->id));
    *out = (uint32_t)found;
    return OK;
}

static Str narrative_of(const struct world *w, uint32_t event, struct arena *a)
{
    const struct record *r = world_event_record(w, event);
    Str text = r->id.kind == KIND_DEATH ? ((const struct death *)r->data)->narrative
                                        : ((const struct incident *)r->data)->narrative;
    return str_empty(text) ? STR_NONE : str_copy(a, text);
}

/* What is measured has no word of its own: it is said as it was recorded. */
static Str measured_words(const struct world *w, uint32_t event, enum feature f, struct arena *a)
{
    const struct record *r = world_event_record(w, event);
    bool is_death = r->id.kind == KIND_DEATH;
    const struct death *d = r->data;
    const struct incident *i = r->data;
    int32_t day = 0;
    char words[48];
    if (f == FEATURE_AGE && is_death && number_present(d->age)) return str_format(a, "%g years", d->age);
    if (f == FEATURE_TIME && world_event_day(w, event, &day)) {
        caldate_words_day((int64_t)day * MS_PER_DAY, words);
        return str_copy(a, str_of(words));
    }
    if (f == FEATURE_PLACE || f == FEATURE_ADDRESS) {
        Str address = is_death ? d->address.text : i->address.text;
        bool placed = is_death ? d->place.present : i->place.present;
        double radius_m = is_death ? d->place.radius_m : i->place.radius_m;
        Str where = !str_empty(address)            ? str_copy(a, address)
                    : placed && f == FEATURE_PLACE ? S("a point on the map")
                                                   : STR_NONE;
        if (f != FEATURE_PLACE || !placed || !str_present(where) || !(radius_m > 0)) return where;
        return str_format(a, "%.*s, known to %.0f m", STR_ARG(where), radius_m);
    }
    return STR_NONE;
}

static Str kept(struct arena *a, struct buf *text)
{
    Str s = str_copy(a, buf_str(text));
    buf_clear(text);
    return s;
}

static struct record_id id_copy(struct arena *a, const struct record_id *id)
{
    if (!str_present(id->id)) return *id;
    return (struct record_id){str_copy(a, id->ns), id->kind, str_copy(a, id->id)};
}

/* The person, or the number or address that both have; not the key by which they were found alike. */
static Str shared_words(const struct reason *r, const struct explain_options *options, struct arena *a)
{
    struct buf text CLEANUP_BUF;
    const struct record_id *person = r->via_a.kind == KIND_PERSON ? &r->via_a : &r->via_b;
    if (r->verdict != SAME && r->verdict != SIMILAR) return STR_NONE;
    if (str_eq(r->identifier_type, S("person")) && str_present(person->id)) {
        Str name = options->title(options->title_state, person);
        return str_present(name) ? name : S(NAMELESS);
    }
    if (str_ends(r->identifier_type, S("_like"))) return S("recorded");
    buf_init(&text, TEXT_BYTES_MAX);
    explain_identifier_value(&text, r);
    return kept(a, &text);
}

static void reason_read(const struct policy *policy, const struct pair_evidence *ev, const struct reason *r,
                        const struct explain_options *options, struct arena *a, struct compared_reason *out)
{
    struct buf text CLEANUP_BUF;
    buf_init(&text, TEXT_BYTES_MAX);
    *out = (struct compared_reason){.feature = r->feature,
                                    .family = FEATURES[r->feature].family,
                                    .verdict = r->verdict,
                                    .weight_db = r->weight_db,
                                    .full_weight_db = r->full_weight_db,
                                    .topic = str_of(FEATURES[r->feature].topic),
                                    .worth = r->verdict == NOT_RECORDED ? explain_worth(r->feature) : 0,
                                    .via_a = id_copy(a, &r->via_a),
                                    .via_b = id_copy(a, &r->via_b)};
    explain_reason(&text, policy, ev, r, options);
    out->text = kept(a, &text);
    explain_value(&text, policy, r->feature, r->value_a);
    out->words_a = kept(a, &text);
    explain_value(&text, policy, r->feature, r->value_b);
    out->words_b = kept(a, &text);
    Str shared = r->feature == FEATURE_IDENTIFIER ? shared_words(r, options, a) : STR_NONE;
    if (str_present(shared)) out->words_a = out->words_b = shared;
}

/* The terms that count, in both accounts. */
static void spots_find(const struct pair_evidence *ev, struct arena *a, struct comparison *out)
{
    struct str_list terms = {NEW_ARRAY(a, Str, ev->count + 1), 0};
    for (size_t i = 0; i < ev->count; i++)
        if (ev->reason[i].feature == FEATURE_TEXT && ev->reason[i].verdict == SAME)
            terms.item[terms.count++] = str_copy(a, ev->reason[i].value);
    str_sort_unique(&terms);
    if (str_present(out->account_a)) out->spots_a = text_find_terms(a, out->account_a, &terms);
    if (str_present(out->account_b)) out->spots_b = text_find_terms(a, out->account_b, &terms);
}

/* "none seen" of one source says nothing beside what another has seen. */
static Str codes_words(struct arena *a, const struct policy *policy, const struct kind *kind, int field,
                       const struct str_list *codes)
{
    static const char *const SILENT[] = {"none", "none_seen", "unknown"};
    struct str_list words = {NEW_ARRAY(a, Str, codes->count), 0};
    for (size_t i = 0; i < codes->count; i++) {
        bool silent = false;
        for (size_t k = 0; k < COUNT_OF(SILENT); k++)
            silent = silent || str_eq(codes->item[i], str_of(SILENT[k]));
        if (!silent) words.item[words.count++] = words_code(a, policy, kind, field, codes->item[i]);
    }
    return words.count == 0 ? STR_NONE : str_join(a, &words, S(", "));
}

/* What the record itself says where the reason has no word of it: sets, what says nothing ("unknown"), what
 * only one side has. */
static Str recorded_words(const struct world *w, const struct policy *policy, uint32_t event, enum feature f,
                          struct arena *a)
{
    const struct record *r = world_event_record(w, event);
    const struct kind *kind = kind_of(r->id.kind);
    for (size_t i = 0; r->held != NULL && i < kind->field_count; i++) {
        struct str_list codes;
        Str value = r->held[i].value;
        if (!str_eq(str_of(kind->field[i].compare), str_of(FEATURES[f].name)) || !str_present(value))
            continue;
        if (kind->field[i].type == FT_CODES && canon_read_strings(a, value, &codes) && codes.count > 1)
            return codes_words(a, policy, kind, (int)i, &codes);
        return words_of(a, policy, kind, (int)i, value, r->held[i].key);
    }
    return STR_NONE;
}

static void side_fill(const struct world *w, const struct policy *policy, uint32_t event, bool shared_stands,
                      enum feature f, struct arena *a, Str *words)
{
    if (f == FEATURE_TEXT) return; /* the accounts stand by themselves */
    Str measured = measured_words(w, event, f, a);
    Str recorded = shared_stands || str_present(measured) ? STR_NONE : recorded_words(w, policy, event, f, a);
    if (str_present(measured)) *words = measured;
    if (str_present(recorded)) *words = recorded;
}

/* One of several shared items keeps its own words; for all others each side says what it holds. */
static void sides_fill(const struct world *w, const struct policy *policy, const uint32_t event[2],
                       struct arena *a, struct comparison *out)
{
    for (size_t i = 0; i < out->reasons; i++) {
        struct compared_reason *r = &out->reason[i];
        bool shared_stands = r->verdict == SAME || r->verdict == SIMILAR;
        side_fill(w, policy, event[0], shared_stands, r->feature, a, &r->words_a);
        side_fill(w, policy, event[1], shared_stands, r->feature, a, &r->words_b);
    }
}

/* "Injuries: bruising (Aidan Warden), none seen (Gabor Kovac).": what the records say, and cannot be
 * compared. */
static void missing_fill(const struct explain_options *options, struct arena *a, struct comparison *out)
{
    const Str silent = S("not recorded");
    for (size_t i = 0; i < out->reasons; i++) {
        struct compared_reason *r = &out->reason[i];
        bool said_a = !str_eq(r->words_a, silent), said_b = !str_eq(r->words_b, silent);
        if (r->feature == FEATURE_TEXT || r->verdict != NOT_RECORDED || (!said_a && !said_b)) continue;
        Str text = str_format(a, "%.*s: %.*s (%.*s), %.*s (%.*s).", STR_ARG(r->topic), STR_ARG(r->words_a),
                              STR_ARG(options->name_a), STR_ARG(r->words_b), STR_ARG(options->name_b));
        r->text = words_capital(a, text);
    }
}

static void words_make(const struct policy *policy, const struct pair_evidence *ev,
                       struct explain_options *options, struct arena *a, struct comparison *out)
{
    struct buf text CLEANUP_BUF;
    buf_init(&text, TEXT_BYTES_MAX);
    explain_headline(&text, policy, ev, options);
    out->headline = kept(a, &text);
    explain_text(&text, policy, ev, options);
    out->working = kept(a, &text);
    out->reason = NEW_ARRAY(a, struct compared_reason, ev->count + 1);
    out->reasons = ev->count;
    for (size_t i = 0; i < ev->count; i++)
        reason_read(policy, ev, &ev->reason[i], options, a, &out->reason[i]);
    options->brief = true;
    out->ties = explain_ties(policy, ev, options, a, &out->tie);
}

static struct alarm_sight sight_of(struct alarm *alarm, struct world *w, uint32_t x, uint32_t y)
{
    if (alarm != NULL) return alarm_see(alarm, w, x, y);
    return (struct alarm_sight){.score_db = world_pair_score(w, x, y),
                                .threshold_db = (int)world_model(w)->start_threshold_db};
}

enum status comparison_make(struct world *w, const struct policy *policy, const struct record_id *x,
                            const struct record_id *y, struct alarm *alarm, struct arena *a,
                            struct comparison *out, struct err *e)
{
    struct pair_evidence ev;
    struct titles titles = {w, policy, a};
    uint32_t first = 0, second = 0;
    TRY(event_find(w, x, &first, e));
    TRY(event_find(w, y, &second, e));
    if (first == second) return ERR(e, E_INVALID, "", "a record is not compared with itself.");
    world_pair(w, a, first, second, &ev);
    bool turned = record_id_eq(world_event_id(w, first), &ev.b);
    ev.rank_ab = turned ? world_rank_near(w, first, second) : world_rank_near(w, second, first);
    ev.rank_ba = turned ? world_rank_near(w, second, first) : world_rank_near(w, first, second);
    *out = (struct comparison){
        .a = id_copy(a, &ev.a),
        .b = id_copy(a, &ev.b),
        .title_a = title_of(&titles, &ev.a),
        .title_b = title_of(&titles, &ev.b),
        .score_db = ev.score_db,
        .alarm = sight_of(alarm, w, first, second),
        .probability = ev.probability,
        .rank_ab = ev.rank_ab,
        .rank_ba = ev.rank_ba,
        .events = ev.events,
        .unverified_a = world_unverified(w, turned ? second : first),
        .unverified_b = world_unverified(w, turned ? first : second),
        .explanation_a = recorded_words(w, policy, turned ? second : first, FEATURE_EXPLANATION, a),
        .explanation_b = recorded_words(w, policy, turned ? first : second, FEATURE_EXPLANATION, a),
        .same_event_likely = ev.same_event_likely,
        .model = str_copy(a, ev.model),
        .counts_at_ms = ev.counts_at_ms,
        .account_a = narrative_of(w, turned ? second : first, a),
        .account_b = narrative_of(w, turned ? first : second, a)};
    struct explain_options options = {.title_a = out->title_a,
                                      .title_b = out->title_b,
                                      .name_a = name_of(&titles, &ev.a),
                                      .name_b = name_of(&titles, &ev.b),
                                      .narrative_a = out->account_a,
                                      .narrative_b = out->account_b,
                                      .title = title_of,
                                      .title_state = &titles};
    words_make(policy, &ev, &options, a, out);
    sides_fill(w, policy, (const uint32_t[2]){turned ? second : first, turned ? first : second}, a, out);
    missing_fill(&options, a, out);
    spots_find(&ev, a, out);
    return OK;
}

static void headline_make(const struct world *w, const struct policy *policy, const struct pair_evidence *ev,
                          struct titles *titles, uint32_t x, uint32_t y, struct buf *text)
{
    bool turned = record_id_eq(world_event_id(w, x), &ev->b);
    struct explain_options options = {.narrative_a = narrative_of(w, turned ? y : x, titles->arena),
                                      .narrative_b = narrative_of(w, turned ? x : y, titles->arena),
                                      .title = title_of,
                                      .title_state = titles};
    explain_headline(text, policy, ev, &options);
}

/* An address is compared in small letters: "flat 26, crane street" -> "Flat 26, Crane Street". */
static Str address_words(struct arena *a, Str words)
{
    char *out = str_cstr(a, words);
    for (size_t i = 0; i < words.len; i++)
        if ((i == 0 || out[i - 1] == ' ') && out[i] >= 'a' && out[i] <= 'z')
            out[i] = (char)(out[i] - 'a' + 'A');
    return (Str){out, words.len};
}

/* People by name, numbers as they are; not what is only alike. */
static struct str_list shared_list(const struct pair_evidence *ev, struct titles *titles)
{
    struct str_list list = {NEW_ARRAY(titles->arena, Str, ev->count + 1), 0};
    struct explain_options options = {.title = title_of, .title_state = titles};
    for (size_t i = 0; i < ev->count; i++) {
        const struct reason *r = &ev->reason[i];
        if (r->feature != FEATURE_IDENTIFIER || r->weight_db <= 0 || str_ends(r->identifier_type, S("_like")))
            continue;
        Str words = shared_words(r, &options, titles->arena);
        bool person = str_eq(r->identifier_type, S("person"));
        if (!str_present(words) || (person && str_eq(words, S(NAMELESS)))) continue;
        if (str_eq(r->identifier_type, S("address"))) words = address_words(titles->arena, words);
        list.item[list.count++] =
            person ? words
                   : str_format(titles->arena, "the %s %.*s", explain_identifier_type(r->identifier_type),
                                STR_ARG(words));
    }
    return list;
}

static bool people_are_shared(const struct pair_evidence *ev)
{
    for (size_t i = 0; i < ev->count; i++) {
        const struct reason *r = &ev->reason[i];
        bool agrees = r->verdict == SAME || r->verdict == SIMILAR;
        if (agrees && (r->feature == FEATURE_IDENTIFIER || r->feature == FEATURE_ADDRESS)) return true;
    }
    return false;
}

enum status comparison_brief(struct world *w, const struct policy *policy, const struct record_id *x,
                             const struct record_id *y, struct arena *a, struct comparison *out,
                             struct err *e)
{
    struct buf text CLEANUP_BUF;
    struct titles titles = {w, policy, a};
    struct pair_evidence ev;
    uint32_t first = 0, second = 0;
    TRY(event_find(w, x, &first, e));
    TRY(event_find(w, y, &second, e));
    if (first == second) return ERR(e, E_INVALID, "", "a record is not compared with itself.");
    buf_init(&text, TEXT_BYTES_MAX);
    world_pair(w, a, first, second, &ev);
    headline_make(w, policy, &ev, &titles, first, second, &text);
    *out = (struct comparison){.a = id_copy(a, &ev.a),
                               .b = id_copy(a, &ev.b),
                               .score_db = ev.score_db,
                               .headline = kept(a, &text),
                               .shared = shared_list(&ev, &titles),
                               .people_shared = people_are_shared(&ev)};
    return OK;
}

enum status comparison_nearest(struct world *w, const struct policy *policy, const struct record_id *id,
                               size_t most, comparison_may_see may_see, void *state, struct arena *a,
                               struct near_link **out, size_t *count, struct err *e)
{
    struct buf text CLEANUP_BUF;
    struct titles titles = {w, policy, a};
    struct hit *hit = NULL;
    uint32_t event = 0;
    TRY(event_find(w, id, &event, e));
    size_t found = world_nearest(w, event, most * NEAREST_SEEN, a, &hit), n = 0;
    *out = NEW_ARRAY(a, struct near_link, most + 1);
    buf_init(&text, TEXT_BYTES_MAX);
    for (size_t i = 0; i < found && n < most; i++) {
        const struct record_id *other = world_event_id(w, hit[i].event);
        struct pair_evidence ev;
        if (!may_see(state, other)) continue;
        world_pair(w, a, event, hit[i].event, &ev);
        headline_make(w, policy, &ev, &titles, event, hit[i].event, &text);
        (*out)[n] = (struct near_link){.other = id_copy(a, other),
                                       .title = title_of(&titles, other),
                                       .headline = kept(a, &text),
                                       .score_db = hit[i].score_db,
                                       .rank = n + 1};
        n++;
    }
    *count = n;
    return OK;
}

Str comparison_title(const struct world *w, const struct policy *policy, const struct record_id *id,
                     struct arena *a)
{
    struct titles titles = {w, policy, a};
    return title_of(&titles, id);
}

Str comparison_account(const struct world *w, const struct record_id *id, struct arena *a)
{
    const struct incident *i = incident_of(w, id);
    return i == NULL || str_empty(i->narrative) ? STR_NONE : str_copy(a, i->narrative);
}
