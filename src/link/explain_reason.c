/* One reason, or the shared items of one feature, as sentences with their rarity. */
#include "link/explain_internal.h"

#include "compare/text.h"

#include <math.h>

#define FEW              5     /* below so many, a share is told with the wider group behind it */
#define SMALLEST_PLACE_M 100.0 /* a distance counted at this scale is as near as anything is told */

void add_capital(struct buf *out, const char *words)
{
    char first = words[0];
    buf_add_char(out, first >= 'a' && first <= 'z' ? (char)(first - 'a' + 'A') : first);
    if (first != '\0') buf_add_cstr(out, words + 1);
}

void add_event(struct buf *out, const struct telling *t, bool second)
{
    const struct record_id *id = second ? &t->ev->b : &t->ev->a;
    Str name = second ? t->o->name_b : t->o->name_a;
    if (!str_empty(name)) {
        buf_add(out, name);
        return;
    }
    if (!str_eq(t->ev->a.ns, t->ev->b.ns)) buf_addf(out, "%.*s:", STR_ARG(id->ns));
    buf_add(out, id->id);
}

static bool both_deaths(const struct telling *t)
{
    return t->ev->a.kind == KIND_DEATH && t->ev->b.kind == KIND_DEATH;
}

/* ---- how common it is ----------------------------------------------------------------------------- */

/* "overdoses in the street"; at the root "deaths and incidents". */
static void add_group(struct buf *out, const struct telling *t, enum node_level level)
{
    bool all = level == NODE_ALL;
    if (all)
        buf_add_cstr(out, "deaths and incidents");
    else
        explain_group(out, t->ev, level);
}

/* What the smoothed share is, where the count alone would mislead: " (1 in 59 with deaths of a wider kind
 * counted in)". */
static void add_smoothed(struct buf *out, const struct reason *r)
{
    buf_add_cstr(out, " (");
    explain_one_in(out, r->frequency);
    buf_add_cstr(out, r->level == NODE_ALL ? ", counted with care, being few)"
                                           : " with deaths of a wider kind counted in)");
}

/* "6 of 214 overdoses in the street" */
static void add_count_of(struct buf *out, const struct telling *t, const struct reason *r)
{
    if (r->count == 0)
        buf_add_cstr(out, "none");
    else
        explain_count(out, r->count);
    buf_add_cstr(out, " of ");
    explain_count(out, r->base);
    buf_add_char(out, ' ');
    add_group(out, t, r->level);
}

/* "6 of 214 overdoses in the street, 1 in 36." */
static void add_share(struct buf *out, const struct telling *t, const struct reason *r)
{
    double raw = r->base ? (double)r->count / (double)r->base : 0;
    add_count_of(out, t, r);
    if (r->count >= FEW) {
        buf_add_cstr(out, ", ");
        explain_one_in(out, raw);
    }
    if (r->count < FEW || r->frequency > raw * 1.25 || r->frequency < raw / 1.25) add_smoothed(out, r);
    buf_add_char(out, '.');
}

/* Too few to go on a sentence with: none, or one that may be half of this very pair. */
static bool is_rare(const struct reason *r)
{
    return r->count <= 1 || r->base == 0;
}

static void add_nothing_yet(struct buf *out, const struct reason *r)
{
    buf_add_cstr(out, " There was nothing of its kind yet to compare it with");
    add_smoothed(out, r);
    buf_add_char(out, '.');
}

/* " (1 in 59)." */
static void add_rarity_brief(struct buf *out, const struct reason *r)
{
    double raw = r->base ? (double)r->count / (double)r->base : 0;
    bool as_counted = r->count >= FEW && r->frequency <= raw * 1.25 && r->frequency >= raw / 1.25;
    buf_add_cstr(out, " (");
    explain_one_in(out, as_counted ? raw : r->frequency); /* as add_share says it */
    buf_add_cstr(out, ").");
}

/* Ends a clause that stands without its full stop. */
static void add_rarity_so(struct buf *out, const struct telling *t, const struct reason *r, const char *so)
{
    if (t->o->brief) {
        add_rarity_brief(out, r);
        return;
    }
    if (!is_rare(r)) {
        buf_addf(out, "; %s ", so);
        add_share(out, t, r);
        return;
    }
    buf_add_char(out, '.');
    if (r->base == 0) {
        add_nothing_yet(out, r);
        return;
    }
    buf_add_cstr(out, " By the last count that goes for ");
    add_count_of(out, t, r);
    if (r->count > 0) buf_add_cstr(out, ", perhaps one of these two");
    add_smoothed(out, r);
    buf_add_char(out, '.');
}

static void add_rarity(struct buf *out, const struct telling *t, const struct reason *r)
{
    add_rarity_so(out, t, r, explain_so(r->feature));
}

/* ---- measured ones -------------------------------------------------------------------------------- */

bool measure_is_sure(const struct reason *r)
{
    if (isnan(r->measure)) return false;
    if (isnan(r->radius)) return true;
    /* Counted at a wider scale than the number itself would fall into: the records are less sure than it
     * looks. */
    if (r->feature == FEATURE_PLACE) return r->radius <= SMALLEST_PLACE_M || r->measure * 4 >= r->radius;
    if (r->feature == FEATURE_TIME) return r->radius <= 1 || r->measure * 5 >= r->radius;
    return true;
}

static void add_days(struct buf *out, double days)
{
    bool years = days >= 365 && fmod(days, 365) < 1;
    double n = years ? floor(days / 365) : days;
    const char *unit = years ? "year" : "day";
    buf_addf(out, n < 2 ? "%.0f %s" : "%.0f %ss", n, unit);
}

static void add_radius(struct buf *out, const struct reason *r)
{
    if (r->feature == FEATURE_PLACE && r->radius < 1000)
        buf_addf(out, "%.0f m", r->radius);
    else if (r->feature == FEATURE_PLACE)
        buf_addf(out, "%g km", r->radius / 1000);
    else if (r->feature == FEATURE_TIME)
        add_days(out, r->radius);
    else
        buf_addf(out, r->radius < 2 ? "%.0f year" : "%.0f years", r->radius);
}

static void add_age_gap(struct buf *out, double years)
{
    if (years < 1)
        buf_add_cstr(out, "of the same age");
    else
        buf_addf(out, years < 2 ? "%.0f year apart in age" : "%.0f years apart in age", years);
}

/* "They were found about 250 m apart" */
static void add_measure(struct buf *out, const struct telling *t, const struct reason *r)
{
    bool found = both_deaths(t);
    if (r->feature == FEATURE_AGE) {
        buf_add_cstr(out, "They were ");
        add_age_gap(out, r->measure);
    } else if (!measure_is_sure(r)) {
        buf_add_cstr(out, found ? "As far as is known they were found within "
                                : "As far as is known they lie within ");
        add_radius(out, r);
        buf_add_cstr(out, " of each other");
    } else if (r->feature == FEATURE_PLACE) {
        buf_add_cstr(out, found ? "They were found " : "They happened ");
        explain_metres(out, r->measure);
        buf_add_cstr(out, " apart");
    } else {
        buf_add_cstr(out, found ? "They were found " : "They happened ");
        explain_days_apart(out, r->measure);
    }
}

static void tell_measured(struct buf *out, const struct telling *t, const struct reason *r)
{
    add_measure(out, t, r);
    if (t->o->brief) {
        add_rarity_brief(out, r);
        return;
    }
    buf_add_char(out, '.');
    if (r->base == 0) {
        add_nothing_yet(out, r);
    } else if (is_rare(r)) {
        buf_add_cstr(out, " By the last count ");
        add_count_of(out, t, r);
        buf_add_cstr(out, r->count ? " is as near to one of them, perhaps the other"
                                   : " is as near to one of them");
        add_smoothed(out, r);
        buf_add_char(out, '.');
    } else {
        buf_add_cstr(out, " Within ");
        add_radius(out, r);
        buf_add_cstr(out, r->feature == FEATURE_AGE ? " of the age of one of them there are "
                                                    : " of one of them there are ");
        add_share(out, t, r);
    }
}

/* ---- people and numbers --------------------------------------------------------------------------- */

static Str title_of(const struct telling *t, const struct record_id *id)
{
    return t->o->title ? t->o->title(t->o->title_state, id) : STR_NONE;
}

static bool has_person(const struct record_id *id)
{
    return str_present(id->id);
}

static void add_title(struct buf *out, const struct telling *t, const struct record_id *id,
                      const char *unnamed)
{
    Str title = title_of(t, id);
    if (str_empty(title))
        buf_add_cstr(out, unnamed);
    else
        buf_add(out, title);
}

static void add_holders(struct buf *out, const struct telling *t, const struct reason *r)
{
    if (r->count <= 2) {
        buf_add_cstr(out, " No other death or incident on record shares this.");
        return;
    }
    buf_add_char(out, ' ');
    explain_count(out, r->count);
    buf_add_cstr(out, " of ");
    explain_count(out, r->base ? r->base : t->ev->events);
    buf_add_cstr(out, " deaths and incidents share this, these two among them.");
}

static void add_hop(struct buf *out, const struct reason *r)
{
    if (r->hop)
        buf_add_cstr(out, " The way leads through somebody who shares a telephone, device or DNA profile.");
}

static void tell_person(struct buf *out, const struct telling *t, const struct reason *r)
{
    const struct record_id *person = has_person(&r->via_a) ? &r->via_a : &r->via_b;
    struct buf name CLEANUP_BUF;
    buf_init(&name, 4096);
    add_title(&name, t, person, "the same person");
    add_capital(out, buf_str(&name).len ? name.ptr : "the same person");
    if (str_empty(r->role_a) || str_empty(r->role_b)) {
        buf_add_cstr(out, " is named in both.");
    } else if (str_eq(r->role_a, r->role_b)) {
        buf_add_cstr(out, " is ");
        explain_role(out, t->policy, r->role_a);
        buf_add_cstr(out, " in both.");
    } else {
        buf_add_cstr(out, " is ");
        explain_role(out, t->policy, r->role_a);
        buf_add_cstr(out, " in ");
        add_event(out, t, false);
        buf_add_cstr(out, " and ");
        explain_role(out, t->policy, r->role_b);
        buf_add_cstr(out, " in ");
        add_event(out, t, true);
        buf_add_char(out, '.');
    }
    add_hop(out, r);
    add_holders(out, t, r);
}

/* "in D1 with Stuart Pell, the finder": on one side of a shared number. */
static void add_side(struct buf *out, const struct telling *t, const struct reason *r, bool second)
{
    const struct record_id *via = second ? &r->via_b : &r->via_a;
    Str role = second ? r->role_b : r->role_a;
    buf_add_cstr(out, "in ");
    add_event(out, t, second);
    if (has_person(via)) {
        Str title = title_of(t, via);
        buf_add_cstr(out, " it belongs to ");
        if (!str_empty(title)) buf_add(out, title);
        if (!str_empty(title) && !str_empty(role)) buf_add_cstr(out, ", ");
        if (!str_empty(role))
            explain_role(out, t->policy, role);
        else if (str_empty(title))
            buf_add_cstr(out, "a person named there");
    } else if (!str_empty(role)) {
        buf_add_cstr(out, " it is recorded as ");
        explain_role(out, t->policy, role);
    } else {
        buf_add_cstr(out, " it is on the record");
    }
}

void explain_identifier_value(struct buf *out, const struct reason *r)
{
    Str rest = r->value, piece;
    bool first = true;
    if (!str_eq(r->identifier_type, S("address"))) {
        buf_add(out, r->value);
        return;
    }
    while (str_next(&rest, '|', &piece)) {
        if (str_empty(piece) || str_eq(piece, S("0"))) continue;
        if (!first) buf_add_cstr(out, ", ");
        buf_add(out, piece);
        first = false;
    }
}

static void tell_identifier(struct buf *out, const struct telling *t, const struct reason *r)
{
    if (str_eq(r->identifier_type, S("person"))) {
        tell_person(out, t, r);
        return;
    }
    if (str_ends(r->identifier_type, S("_like"))) { /* the value is a key of spellings, nothing for people */
        const char *words = explain_identifier_type(r->identifier_type);
        buf_addf(out, "%c%s comes up in both: ", words[0] - 'a' + 'A', words + 1);
    } else {
        buf_addf(out, "The %s ", explain_identifier_type(r->identifier_type));
        explain_identifier_value(out, r);
        buf_add_cstr(out, " comes up in both: ");
    }
    add_side(out, t, r, false);
    buf_add_cstr(out, "; ");
    add_side(out, t, r, true);
    buf_add_char(out, '.');
    add_hop(out, r);
    add_holders(out, t, r);
}

static void tell_address(struct buf *out, const struct telling *t, const struct reason *r)
{
    buf_add_cstr(out, both_deaths(t) ? "They were found at the same address."
                                     : "They happened at the same address.");
    add_holders(out, t, r);
}

/* ---- values and sets ------------------------------------------------------------------------------ */

/* A shared term as it was written, where the accounts are at hand. */
static void add_term(struct buf *out, const struct telling *t, Str term)
{
    Str account = str_empty(t->o->narrative_a) ? t->o->narrative_b : t->o->narrative_a;
    if (str_empty(account)) {
        buf_addf(out, "“%.*s”", STR_ARG(term));
        return;
    }
    struct arena *scratch CLEANUP_ARENA = arena_new("wording of a term", (size_t)64 << 20);
    Str wording = text_wording(scratch, account, term);
    buf_addf(out, "“%.*s”", STR_ARG(wording));
}

static void add_item(struct buf *out, const struct telling *t, const struct reason *r)
{
    if (r->feature == FEATURE_TEXT)
        add_term(out, t, r->value);
    else
        explain_value(out, t->policy, r->feature, r->value);
}

/* A word that a shared phrase holds already: "dog" beside "dog walker". */
static bool told_by_phrase(const struct reason_group *g, size_t shown, size_t i)
{
    Str word = g->item[i]->value;
    if (g->feature != FEATURE_TEXT || str_find_char(word, ' ') != STR_NPOS) return false;
    for (size_t j = 0; j < shown; j++) {
        Str rest = g->item[j]->value, piece;
        while (j != i && str_next(&rest, ' ', &piece))
            if (str_eq(piece, word)) return true;
    }
    return false;
}

/* "a phone, keys and 2 more" */
static void add_items(struct buf *out, const struct telling *t, const struct reason_group *g)
{
    const struct reason *told[GROUP_ITEMS_MAX];
    size_t stored = g->count < GROUP_ITEMS_MAX ? g->count : GROUP_ITEMS_MAX, count = 0,
           left = g->count - stored;
    for (size_t i = 0; i < stored; i++)
        if (!told_by_phrase(g, stored, i)) told[count++] = g->item[i];
    for (size_t i = 0; i < count; i++) {
        if (i > 0) buf_add_cstr(out, i + 1 == count && left == 0 ? " and " : ", ");
        add_item(out, t, told[i]);
    }
    if (left > 0) buf_addf(out, " and %zu more", left);
}

static void tell_set(struct buf *out, const struct telling *t, const struct reason_group *g)
{
    explain_shared(out, t->policy, g->feature, STR_NONE);
    add_items(out, t, g);
    if (g->count == 1 || t->o->brief) {
        add_rarity(out, t, g->item[0]);
        return;
    }
    buf_add_cstr(out, ". The most telling of them is ");
    add_item(out, t, g->item[0]);
    add_rarity(out, t, g->item[0]);
}

static void tell_wider(struct buf *out, const struct telling *t, const struct reason *r)
{
    if (r->feature == FEATURE_SETTING) {
        buf_add_cstr(out, "Both were found ");
        explain_setting_group(out, t->ev);
        buf_add_cstr(out, ", ");
        explain_value(out, t->policy, FEATURE_SETTING, r->value_a);
        buf_add_cstr(out, " and ");
        explain_value(out, t->policy, FEATURE_SETTING, r->value_b);
    } else {
        buf_add_cstr(out, "Both involve substances of one family, ");
        explain_value(out, t->policy, r->feature, r->value);
    }
    add_rarity(out, t, r);
}

void tell_agreement(struct buf *out, const struct telling *t, const struct reason_group *g)
{
    const struct reason *r = g->item[0];
    switch ((int)g->feature) {
    case FEATURE_AGE:
    case FEATURE_TIME:
    case FEATURE_PLACE:
        tell_measured(out, t, r);
        return;
    case FEATURE_ADDRESS:
        tell_address(out, t, r);
        return;
    case FEATURE_IDENTIFIER:
        tell_identifier(out, t, r);
        return;
    default:
        break;
    }
    bool set = g->feature >= FEATURE_PRESENT && g->feature <= FEATURE_TEXT;
    bool hour = g->feature == FEATURE_DAY_PART || g->feature == FEATURE_WEEKDAY;
    if (r->verdict == SIMILAR) {
        tell_wider(out, t, r);
    } else if (hour && !both_deaths(t)) {
        buf_add_cstr(out, "Both happened ");
        explain_value(out, t->policy, g->feature, r->value);
        add_rarity_so(out, t, r, "so did");
    } else if (set) {
        tell_set(out, t, g);
    } else {
        explain_shared(out, t->policy, g->feature, r->value);
        add_rarity(out, t, r);
    }
}

void tell_difference(struct buf *out, const struct telling *t, const struct reason *r)
{
    bool measured = r->feature == FEATURE_AGE || r->feature == FEATURE_TIME || r->feature == FEATURE_PLACE;
    if (measured) {
        add_measure(out, t, r);
        buf_add_char(out, '.');
        return;
    }
    add_capital(out, FEATURES[r->feature].topic);
    if (r->feature >= FEATURE_PRESENT && r->feature <= FEATURE_TEXT) {
        buf_add_cstr(out, ": recorded for both, with nothing in common.");
        return;
    }
    buf_add_cstr(out, ": ");
    explain_value(out, t->policy, r->feature, r->value_a);
    buf_add_cstr(out, " in ");
    add_event(out, t, false);
    buf_add_cstr(out, ", ");
    explain_value(out, t->policy, r->feature, r->value_b);
    buf_add_cstr(out, " in ");
    add_event(out, t, true);
    buf_add_char(out, '.');
}

void tell_missing(struct buf *out, const struct telling *t, const struct reason *r)
{
    bool a = str_present(r->value_a), b = str_present(r->value_b);
    bool measured = r->feature == FEATURE_AGE || r->feature == FEATURE_TIME || r->feature == FEATURE_PLACE;
    buf_add_cstr(out, "not recorded for ");
    if (a || b)
        add_event(out, t, a);
    else
        buf_add_cstr(out, measured ? "one of them or both" : "either");
}

/* ---- in brief ------------------------------------------------------------------------------------- */

static void brief_identifier(struct buf *out, const struct telling *t, const struct reason *r)
{
    if (!str_eq(r->identifier_type, S("person"))) {
        buf_addf(out, "%s%s", str_ends(r->identifier_type, S("_like")) ? "" : "the same ",
                 explain_identifier_type(r->identifier_type));
        return;
    }
    add_title(out, t, has_person(&r->via_a) ? &r->via_a : &r->via_b, "the same person");
    buf_add_cstr(out, " in both");
}

void tell_brief(struct buf *out, const struct telling *t, const struct reason_group *g)
{
    const struct reason *r = g->item[0];
    switch ((int)g->feature) {
    case FEATURE_AGE:
        add_age_gap(out, r->measure);
        return;
    case FEATURE_IDENTIFIER:
        brief_identifier(out, t, r);
        return;
    case FEATURE_PLACE:
        if (measure_is_sure(r)) {
            explain_metres(out, r->measure);
            buf_add_cstr(out, " apart");
        } else {
            buf_add_cstr(out, "within ");
            add_radius(out, r);
        }
        return;
    case FEATURE_TIME:
        if (measure_is_sure(r)) {
            explain_days_apart(out, r->measure);
        } else {
            buf_add_cstr(out, "within ");
            add_radius(out, r);
        }
        return;
    default:
        break;
    }
    if (r->verdict == SIMILAR && g->feature == FEATURE_SETTING) {
        buf_add_cstr(out, "both ");
        explain_setting_group(out, t->ev);
    } else if (g->feature == FEATURE_TEXT) {
        explain_shared_brief(out, t->policy, g->feature, STR_NONE);
        add_term(out, t, r->value);
    } else {
        explain_shared_brief(out, t->policy, g->feature, r->value);
    }
}

void explain_reason(struct buf *out, const struct policy *policy, const struct pair_evidence *ev,
                    const struct reason *r, const struct explain_options *options)
{
    struct telling t = {policy, ev, options};
    struct reason_group g = {r->feature, r->verdict, r->weight_db, r->full_weight_db, {r}, 1};
    if (r->verdict == NOT_RECORDED) {
        add_capital(out, FEATURES[r->feature].topic);
        buf_add_cstr(out, ": ");
        tell_missing(out, &t, r);
        buf_add_char(out, '.');
    } else if (r->verdict == DIFFERENT) {
        tell_difference(out, &t, r);
    } else {
        tell_agreement(out, &t, &g);
    }
}
