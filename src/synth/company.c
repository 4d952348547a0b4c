#include "synth/company.h"

#include "base/caldate.h"

#define THIN_TOLD 0.25 /* of what a full report would tell, a thin one tells so much */

void synth_company_make(struct company *c, struct arena *a, const struct pattern *dressing,
                        const struct town *town, const struct rng *root)
{
    *c = (struct company){.dressing = dressing, .town = town};
    c->pool = NEW_ARRAY(a, struct regular *, dressing->persons + 1);
    for (size_t i = 0; i < dressing->persons; i++) {
        const struct person_rule *rule = &dressing->person[i];
        if (rule->from != PERSON_POOL) continue;
        struct rng r = synth_rng(root, CONCERN_SITES, 1000 + i);
        c->pool[i] = NEW_ARRAY(a, struct regular, BOROUGH_COUNT * rule->pool);
        for (size_t k = 0; k < BOROUGH_COUNT * rule->pool; k++) {
            c->pool[i][k].sex = rng_chance(&r, 0.75) ? 'F' : 'M';
            c->pool[i][k].name = synth_name(&r, c->pool[i][k].sex, 40);
        }
    }
}

static bool told(struct rng *r, const struct dossier *d, double share)
{
    return rng_chance(r, d->thin ? share * THIN_TOLD : share);
}

/* ---- people -------------------------------------------------------------------------------------------- */

static bool rule_holds(const struct person_rule *rule, const struct dossier *d)
{
    return (rule->settings & BIT((unsigned)d->setting)) != 0 && d->age >= rule->age_low &&
           d->age <= rule->age_high &&
           (rule->from != PERSON_STAFF || (d->site != NULL && d->site->staff_count > 0));
}

static RecordId put_stranger(struct run *run, struct rng *r, const struct dossier *d, Str name, char sex)
{
    struct person_facts p = {.name = name, .sex = sex};
    if (rng_chance(r, 0.35) && run->elsewhere_count > 0)
        p.address = str_format(run->scratch, "%u %.*s", 100 + (unsigned)rng_below(r, 4900),
                               STR_ARG(synth_run_street(run, r).address));
    return synth_put_person(run, d->known_ms, "death_report", &p);
}

static struct regular *regular_of(const struct company *c, size_t i, struct rng *r, const struct dossier *d)
{
    const struct person_rule *rule = &c->dressing->person[i];
    if (rule->from == PERSON_STAFF) return &d->site->staff[synth_pick_skewed(r, d->site->staff_count, 0.4)];
    uint16_t borough = synth_outcode[d->place.outcode].borough;
    return &c->pool[i][borough * rule->pool + synth_pick_skewed(r, rule->pool, 0.4)];
}

/* The group's person: most often under their own record, else entered anew as somebody heard the name. */
static RecordId put_common(struct run *run, struct group *g, struct rng *r, const struct dossier *d)
{
    if (!rng_chance(r, g->pattern->fresh)) return synth_put_regular(run, d->found_ms, &g->person);
    struct person_facts p = {.name = synth_name_misheard(run->scratch, r, &g->person.name),
                             .sex = g->person.sex};
    return synth_put_person(run, d->known_ms, "death_report", &p);
}

static void put_person(struct run *run, const struct company *c, size_t i, struct group *common,
                       struct rng *r, const struct dossier *d, RecordId death)
{
    const struct person_rule *rule = &c->dressing->person[i];
    RecordId person;
    if (common != NULL) {
        person = put_common(run, common, r, d);
    } else if (rule->from == PERSON_STRANGER) {
        char sex = rng_chance(r, 0.5) ? 'F' : 'M';
        struct name n = synth_name(r, sex, 40);
        if (str_eq(str_of(rule->role), S("next_of_kin"))) n = synth_name_of_kin(r, &d->name, sex, 40);
        person = put_stranger(run, r, d, synth_name_text(run->scratch, &n), sex);
    } else {
        person = synth_put_regular(run, d->found_ms, regular_of(c, i, r, d));
    }
    synth_put_involvement(run, d->known_ms, "death_report", death, person, rule->role);
}

static void put_people(struct run *run, const struct company *c, struct group *g, const struct rng *own,
                       const struct dossier *d, RecordId death)
{
    bool follows = g != NULL && synth_member_follows(g, own, HABIT_PERSON);
    for (size_t i = 0; i < c->dressing->persons; i++) {
        const struct person_rule *rule = &c->dressing->person[i];
        struct rng r = rng_fork(own, 300 + i);
        if (!rule_holds(rule, d)) continue;
        bool common = follows && str_eq(str_of(rule->role), str_of(g->kept[HABIT_PERSON]->word[0]));
        bool has = rng_chance(&r, rule->has) || common;
        if (!has || !told(&r, d, rule->told)) continue;
        put_person(run, c, i, common ? g : NULL, &r, d, death);
        if (common) follows = false; /* one line a person */
    }
}

void synth_company_before(struct group *g, const struct rng *own, struct dossier *d)
{
    if (g == NULL || !synth_member_follows(g, own, HABIT_PERSON)) return;
    if (!str_eq(str_of(g->kept[HABIT_PERSON]->word[0]), S("finder"))) return;
    struct rng r = rng_fork(own, 299);
    d->found_by = rng_chance(&r, 0.6) ? FOUND_BY_FRIEND : FOUND_BY_OTHER;
    d->regular = &g->person;
}

/* ---- contacts ------------------------------------------------------------------------------------------ */

/* As another hand writes it: capitals, blanks, a letter or figure wrong. */
static Str misspelt(struct run *run, struct rng *r, const char *kind, Str value)
{
    if (str_eq(str_of(kind), S("phone"))) return synth_phone_rewrite(run->scratch, r, value);
    char *text = NEW_ARRAY(run->scratch, char, value.len + 2);
    memcpy(text, value.ptr, value.len);
    size_t len = value.len, at = len > 2 ? 1 + rng_below(r, len - 2) : 0;
    switch (rng_below(r, 4)) {
    case 0:
        text[0] = (char)(text[0] >= 'a' && text[0] <= 'z' ? text[0] - 'a' + 'A' : text[0]);
        break;
    case 1: /* a blank before the figures */
        while (at + 1 < len && !(text[at] >= '0' && text[at] <= '9'))
            at++;
        memmove(text + at + 1, text + at, len - at);
        text[at] = ' ';
        len++;
        break;
    case 2: /* a letter left out */
        memmove(text + at, text + at + 1, len - at - 1);
        len--;
        break;
    default: /* two turned round */
        if (at + 1 < len) {
            char c = text[at];
            text[at] = text[at + 1];
            text[at + 1] = c;
        }
    }
    return str_trim((Str){text, len});
}

static Str own_contact(struct run *run, struct rng *r, const char *kind)
{
    if (str_eq(str_of(kind), S("phone"))) return synth_phone(run->scratch, r);
    if (str_eq(str_of(kind), S("handle"))) return synth_handle(run->scratch, r);
    char sex = rng_chance(r, 0.6) ? 'M' : 'F';
    struct name n = synth_name(r, sex, 35);
    return synth_name_text(run->scratch, &n);
}

static const char *draw_choice(struct rng *r, const struct choice *choice, size_t count)
{
    double weight[64];
    for (size_t i = 0; i < count; i++)
        weight[i] = choice[i].weight;
    return choice[rng_pick(r, weight, count)].word[0];
}

static void put_contact(struct run *run, const struct contact_rule *rule, struct group *g,
                        const struct rng *own, const struct dossier *d, RecordId death)
{
    struct rng r = rng_fork(own, 400);
    bool follows = g != NULL && synth_member_follows(g, own, HABIT_CONTACT);
    bool has = rng_chance(&r, rule->has) || follows;
    if (d->age < 14 || !has || !told(&r, d, rule->told)) return;
    const char *kind = follows ? g->kept[HABIT_CONTACT]->word[0] : draw_choice(&r, rule->kind, rule->kinds);
    Str value = follows ? g->contact : own_contact(run, &r, kind);
    if (follows && rng_chance(&r, g->pattern->misspelt)) value = misspelt(run, &r, kind, value);
    int64_t at = d->known_ms + rng_between(&r, 0, 10 * 24) * MS_PER_HOUR;
    bool phone = str_eq(str_of(kind), S("phone"));
    if (phone || str_eq(str_of(kind), S("handle")))
        synth_put_identifier(run, at, phone ? "phone_download" : "death_report", kind, value, death,
                             "contact");
    if (phone) return;
    struct json_writer *w = synth_line(&run->feed, at, MADE_DEATH, death, "death_report");
    synth_set_text(w, "last_contact_name", value);
    synth_line_end(&run->feed);
}

static void put_route(struct run *run, const struct pattern *dressing, const struct group *g,
                      const struct rng *own, const struct dossier *d, RecordId death)
{
    const struct habit *h = &dressing->habit[HABIT_ROUTE];
    struct rng r = rng_fork(own, 401);
    bool follows = g != NULL && synth_member_follows(g, own, HABIT_ROUTE);
    bool has = rng_chance(&r, h->share) || follows;
    if (d->age < 14 || h->count == 0 || !has || !told(&r, d, dressing->route_told)) return;
    const char *word = follows ? g->kept[HABIT_ROUTE]->word[0] : draw_choice(&r, h->choice, h->count);
    struct json_writer *w = synth_line(&run->feed, d->known_ms, MADE_DEATH, death, "death_report");
    synth_set_words(w, "contact_route", &word, 1);
    synth_line_end(&run->feed);
}

void synth_company_write(struct run *run, const struct company *c, struct group *g, const struct rng *own,
                         const struct dossier *d, RecordId death)
{
    put_people(run, c, g, own, d, death);
    int mechanism = synth_mechanism(str_of(d->cause->mechanism));
    for (size_t i = 0; i < c->dressing->contacts && mechanism >= 0; i++)
        if (c->dressing->contact[i].mechanisms & BIT((unsigned)mechanism)) {
            put_contact(run, &c->dressing->contact[i], g, own, d, death);
            put_route(run, c->dressing, g, own, d, death);
            break;
        }
}
