#include "synth/pattern.h"

#include "synth/narrative.h"

const char *const synth_nature_word[NATURE_COUNT] = {
    [NATURE_SERIES] = "series",     [NATURE_LOOK_ALIKE] = "look_alike", [NATURE_BENIGN] = "benign",
    [NATURE_ORDINARY] = "ordinary", [NATURE_DRESSING] = "dressing",
};

const char *const synth_mechanism_word[MECHANISM_COUNT] = {
    "overdose", "poisoning", "hanging", "strangulation", "asphyxia",      "drowning",
    "fall",     "blunt",     "sharp",   "gunshot",       "fire",          "cold_heat",
    "road",     "rail",      "natural", "unknown",       "electrocution", "other"};

int synth_mechanism(Str word)
{
    for (int i = 0; i < MECHANISM_COUNT; i++)
        if (str_eq(word, str_of(synth_mechanism_word[i]))) return i;
    return -1;
}

/* ---- one line --------------------------------------------------------------------------------------- */

struct reading {
    struct arena *arena;
    struct err *e;
    const char *file;
    unsigned line;
    struct pattern *out;
    Str key;
};

#define REFUSE(r, ...) refuse(r, str_format((r)->arena, __VA_ARGS__))
static enum status refuse(const struct reading *r, Str why)
{
    return ERR(r->e, E_INVALID, "plan", "%s, line %u: %.*s", r->file, r->line, STR_ARG(why));
}

static bool next_word(Str *rest, Str *word)
{
    *rest = str_trim(*rest);
    if (str_empty(*rest)) return false;
    size_t end = 0;
    while (end < rest->len && rest->ptr[end] != ' ' && rest->ptr[end] != '\t')
        end++;
    *word = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end, rest->len);
    return true;
}

static enum status take_number(const struct reading *r, Str *rest, const char *what, double low, double high,
                               double *out)
{
    Str word;
    double v;
    if (!next_word(rest, &word) || str_to_f64(word, &v) != OK || v < low || v > high)
        return REFUSE(r, "%.*s wants %s, a number from %g to %g", STR_ARG(r->key), what, low, high);
    *out = v;
    return OK;
}

static enum status take_share(const struct reading *r, Str *rest, double *out)
{
    return take_number(r, rest, "a share", 0, 1, out);
}

static enum status take_keyword(const struct reading *r, Str *rest, const char *keyword)
{
    Str word;
    if (!next_word(rest, &word) || !str_eq(word, str_of(keyword)))
        return REFUSE(r, "%.*s: the word \"%s\" is wanted here", STR_ARG(r->key), keyword);
    return OK;
}

static enum status take_range(const struct reading *r, Str *rest, double low, double high, double *from,
                              double *to)
{
    Str word, first;
    double a, b;
    if (next_word(rest, &word) && str_next(&word, '-', &first) && str_to_f64(first, &a) == OK &&
        str_to_f64(word, &b) == OK && a >= low && b >= a && b <= high) {
        *from = a;
        *to = b;
        return OK;
    }
    return REFUSE(r, "%.*s wants a range such as 3-6, between %g and %g", STR_ARG(r->key), low, high);
}

static enum status end_of(const struct reading *r, Str rest)
{
    if (str_empty(str_trim(rest))) return OK;
    return REFUSE(r, "%.*s: \"%.*s\" is too much", STR_ARG(r->key), STR_ARG(str_trim(rest)));
}

static enum status take_bits(const struct reading *r, Str *rest, const char *stop, const char *const *word,
                             size_t count, uint32_t *out)
{
    Str one;
    uint32_t bits = 0;
    while (!str_empty(str_trim(*rest))) {
        Str before = *rest;
        (void)next_word(rest, &one);
        if (stop != NULL && str_eq(one, str_of(stop))) {
            *rest = before;
            break;
        }
        size_t i = 0;
        while (i < count && !str_eq(one, str_of(word[i])))
            i++;
        if (i == count) return REFUSE(r, "%.*s: there is no \"%.*s\"", STR_ARG(r->key), STR_ARG(one));
        bits |= BIT(i);
    }
    *out = bits;
    return OK;
}

/* ---- habits ----------------------------------------------------------------------------------------- */

static const char *const dayparts[] = {"night", "morning", "afternoon", "evening"};
static const char *const moved[] = {"yes", "suspected", "no"};
static const char *const coverings[] = {"none",    "blanket",    "sheet_over", "sheet_under",
                                        "plastic", "vegetation", "bag",        "other"};
static const char *const clothings[] = {"normal", "disturbed",     "removed", "inside_out",
                                        "wet",    "missing_items", "other"};
static const char *const explanations[] = {"none",
                                           "note",
                                           "witness_account",
                                           "medical_history",
                                           "drug_history",
                                           "mental_health_history",
                                           "accident_account",
                                           "other"};
static const char *const roles[] = {"carer",  "last_seen_with", "finder",      "friend",
                                    "family", "neighbour",      "next_of_kin", "witness"};
static const char *const contacts[] = {"handle", "phone", "name"};
static const char *const routes[] = {"dating_app", "escort_site", "social_media", "phone",
                                     "in_person",  "work",        "care"};

/* One row a habit: its key, and the words it may take (none: any code). */
static const struct habit_row {
    const char *key;
    const char *const *word;
    size_t words;
} habit_rows[HABIT_COUNT] = {
    [HABIT_SETTING] = {"setting", NULL, 0}, /* of synth_setting */
    [HABIT_MECHANISM] = {"mechanism", synth_mechanism_word, MECHANISM_COUNT},
    [HABIT_SUBSTANCES] = {"substances", NULL, 0},
    [HABIT_DAYPART] = {"daypart", dayparts, COUNT_OF(dayparts)},
    [HABIT_POSTURE] = {"posture", synth_posture_word, POSTURE_COUNT},
    [HABIT_MOVED] = {"moved", moved, COUNT_OF(moved)},
    [HABIT_COVERING] = {"covering", coverings, COUNT_OF(coverings)},
    [HABIT_CLOTHING] = {"clothing", clothings, COUNT_OF(clothings)},
    [HABIT_PRESENT] = {"present", synth_thing_word, THING_COUNT},
    [HABIT_ABSENT] = {"absent", synth_missed_word, MISSED_COUNT},
    [HABIT_INJURIES] = {"injuries", synth_injury_word, INJURY_COUNT},
    [HABIT_EXPLANATION] = {"explanation", explanations, COUNT_OF(explanations)},
    [HABIT_FOUND_BY] = {"found_by", synth_found_by_word, FOUND_BY_COUNT},
    [HABIT_PERSON] = {"person", roles, COUNT_OF(roles)},
    [HABIT_CONTACT] = {"contact", contacts, COUNT_OF(contacts)},
    [HABIT_ROUTE] = {"route", routes, COUNT_OF(routes)},
};

static bool is_setting(Str word)
{
    for (int i = 0; i < SETTING_COUNT; i++)
        if (str_eq(word, str_of(synth_setting[i].word))) return true;
    return false;
}

static bool is_code(Str word)
{
    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
    }
    return word.len > 0;
}

static bool word_allowed(enum habit_kind kind, Str word)
{
    const struct habit_row *row = &habit_rows[kind];
    if (kind == HABIT_SETTING) return is_setting(word);
    if (row->word == NULL) return is_code(word);
    for (size_t i = 0; i < row->words; i++)
        if (str_eq(word, str_of(row->word[i]))) return true;
    return false;
}

static enum status take_choice(const struct reading *r, enum habit_kind kind, Str text, struct choice *out)
{
    size_t colon = str_find_char(text, ':');
    int64_t weight;
    if (colon == STR_NPOS || str_to_i64(str_slice(text, colon + 1, text.len), &weight) != OK || weight < 1 ||
        weight > 10000)
        return REFUSE(
            r, "%.*s: write each choice as word:weight, the weight a whole number from 1; not \"%.*s\"",
            STR_ARG(r->key), STR_ARG(text));
    Str words = str_slice(text, 0, colon), one;
    *out = (struct choice){.weight = (uint16_t)weight};
    while (str_next(&words, '+', &one)) {
        if (out->words == CHOICE_WORDS_MAX)
            return REFUSE(r, "%.*s: more than %d words in one choice", STR_ARG(r->key), CHOICE_WORDS_MAX);
        if (!word_allowed(kind, one))
            return REFUSE(r, "%.*s: there is no \"%.*s\"", STR_ARG(r->key), STR_ARG(one));
        out->word[out->words++] = str_cstr(r->arena, one);
    }
    return OK;
}

/* "word:weight word:weight ...", up to the word `stop`. */
static enum status take_choices(const struct reading *r, enum habit_kind kind, const char *stop, Str *rest,
                                struct choice **out, size_t *count)
{
    Str word;
    size_t n = 0;
    struct choice room[64];
    while (!str_empty(str_trim(*rest))) {
        Str before = *rest;
        (void)next_word(rest, &word);
        if (stop != NULL && str_eq(word, str_of(stop))) {
            *rest = before;
            break;
        }
        if (n == COUNT_OF(room)) return REFUSE(r, "%.*s: more than 64 choices", STR_ARG(r->key));
        TRY(take_choice(r, kind, word, &room[n]));
        n++;
    }
    if (n == 0) return REFUSE(r, "%.*s names nothing to choose from", STR_ARG(r->key));
    *out = NEW_ARRAY(r->arena, struct choice, n);
    memcpy(*out, room, n * sizeof room[0]);
    *count = n;
    return OK;
}

static enum status take_habit(const struct reading *r, enum habit_kind kind, Str rest)
{
    struct habit *h = &r->out->habit[kind];
    if (h->count > 0) return REFUSE(r, "%.*s stands twice", STR_ARG(r->key));
    TRY(take_share(r, &rest, &h->share));
    TRY(take_keyword(r, &rest, "of"));
    return take_choices(r, kind, NULL, &rest, &h->choice, &h->count);
}

/* ---- the keys --------------------------------------------------------------------------------------- */

static enum status take_name(const struct reading *r, Str rest)
{
    if (!is_code(rest)) return REFUSE(r, "a name is made of small letters, digits and _");
    r->out->name = str_copy(r->arena, rest);
    return OK;
}

static enum status take_nature(const struct reading *r, Str rest)
{
    for (int i = 0; i < NATURE_COUNT; i++)
        if (str_eq(rest, str_of(synth_nature_word[i]))) {
            r->out->nature = (enum nature)i;
            return OK;
        }
    return REFUSE(r, "nature is series, look_alike, benign, ordinary or dressing, not \"%.*s\"",
                  STR_ARG(rest));
}

static enum status take_about(const struct reading *r, Str rest)
{
    *(str_eq(r->key, S("about")) ? &r->out->about : &r->out->source) = str_copy(r->arena, rest);
    return OK;
}

static enum status take_count(const struct reading *r, Str rest)
{
    r->out->until = str_starts(rest, S("until "));
    if (r->out->until) rest = str_slice(rest, strlen("until "), rest.len);
    TRY(take_number(r, &rest, "how many", 0, 100000, &r->out->count));
    if (str_eq(str_trim(rest), S("per 1000"))) {
        r->out->per_1000 = true;
        return OK;
    }
    return end_of(r, rest);
}

static enum status take_members(const struct reading *r, Str rest)
{
    double low, high;
    TRY(take_range(r, &rest, 2, 1000, &low, &high));
    r->out->members_low = (int)low;
    r->out->members_high = (int)high;
    return end_of(r, rest);
}

static enum status take_days(const struct reading *r, Str rest)
{
    struct pattern *p = r->out;
    p->in_window = str_eq(r->key, S("within_days"));
    if (p->in_window)
        TRY(take_number(r, &rest, "days", 0, 36500, &p->days_high));
    else
        TRY(take_range(r, &rest, 1, 36500, &p->days_low, &p->days_high));
    return end_of(r, rest);
}

static enum status take_months(const struct reading *r, Str rest)
{
    while (!str_empty(str_trim(rest))) {
        double month;
        TRY(take_number(r, &rest, "months", 1, 12, &month));
        r->out->months |= (uint16_t)BIT((unsigned)month - 1);
    }
    return OK;
}

static enum status take_pick(const struct reading *r, Str rest)
{
    return take_bits(r, &rest, NULL, synth_mechanism_word, MECHANISM_COUNT, &r->out->pick);
}

static enum status take_ages(const struct reading *r, Str rest)
{
    double low, high;
    TRY(take_range(r, &rest, 0, 130, &low, &high));
    r->out->age_low = (int)low;
    r->out->age_high = (int)high;
    return end_of(r, rest);
}

static enum status take_sex(const struct reading *r, Str rest)
{
    TRY(take_share(r, &rest, &r->out->sex_share));
    return end_of(r, rest);
}

static enum status take_age(const struct reading *r, Str rest)
{
    TRY(take_share(r, &rest, &r->out->age_share));
    TRY(take_keyword(r, &rest, "within"));
    TRY(take_number(r, &rest, "years", 0, 100, &r->out->age_within));
    return end_of(r, rest);
}

static enum status take_place(const struct reading *r, Str rest)
{
    struct pattern *p = r->out;
    Str word;
    if (str_eq(rest, S("anywhere"))) return OK;
    TRY(take_share(r, &rest, &p->where_share));
    if (!next_word(&rest, &word) || (!str_eq(word, S("near")) && !str_eq(word, S("downstream"))))
        return REFUSE(r, "place is anywhere, SHARE near METRES, or SHARE downstream METRES");
    p->where = str_eq(word, S("near")) ? WHERE_NEAR : WHERE_DOWNSTREAM;
    TRY(take_number(r, &rest, "metres", 1, 1e6, &p->metres));
    return end_of(r, rest);
}

static enum status take_anchor(const struct reading *r, Str rest)
{
    static const char *const word[] = {"own", "river", "care_home"};
    for (int i = 0; i < (int)COUNT_OF(word); i++)
        if (str_eq(rest, str_of(word[i]))) {
            r->out->anchor = (enum anchor)i;
            return OK;
        }
    return REFUSE(r, "anchor is own, river or care_home");
}

static enum status take_address(const struct reading *r, Str rest)
{
    if (!str_eq(rest, S("near")) && !str_eq(rest, S("same"))) return REFUSE(r, "address is near or same");
    r->out->address = str_eq(rest, S("same")) ? ADDRESS_SAME : ADDRESS_NEAR;
    return OK;
}

static enum status take_fresh(const struct reading *r, Str rest)
{
    TRY(take_share(r, &rest, str_eq(r->key, S("fresh")) ? &r->out->fresh : &r->out->misspelt));
    return end_of(r, rest);
}

static enum status take_saying(const struct reading *r, Str rest)
{
    struct pattern *p = r->out;
    if (p->saying == NULL) p->saying = NEW_ARRAY(r->arena, struct saying, PATTERN_SAYINGS_MAX);
    if (p->sayings == PATTERN_SAYINGS_MAX)
        return REFUSE(r, "more than %d lines of says", PATTERN_SAYINGS_MAX);
    struct saying *s = &p->saying[p->sayings];
    TRY(take_share(r, &rest, &s->share));
    s->phrase = str_copy(r->arena, str_trim(rest));
    const char *fault = synth_phrase_fault(s->phrase);
    if (fault != NULL) return REFUSE(r, "the phrase %s", fault);
    p->sayings++;
    return OK;
}

static enum status take_thin(const struct reading *r, Str rest)
{
    TRY(take_share(r, &rest, &r->out->thin));
    return end_of(r, rest);
}

static enum status take_thorough(const struct reading *r, Str rest)
{
    TRY(take_range(r, &rest, 0, 1.5, &r->out->thorough_low, &r->out->thorough_high));
    return end_of(r, rest);
}

/* ROLE has SHARE told SHARE in SETTING... ages A-B from pool N | staff | strangers */
static enum status take_person_rule(const struct reading *r, Str rest)
{
    struct pattern *p = r->out;
    Str role, from;
    double low, high, pool;
    if (p->persons == PATTERN_RULES_MAX) return REFUSE(r, "more than %d lines of person", PATTERN_RULES_MAX);
    struct person_rule *rule = &p->person[p->persons];
    if (!next_word(&rest, &role) || !word_allowed(HABIT_PERSON, role))
        return REFUSE(r, "person: there is no role \"%.*s\"", STR_ARG(role));
    rule->role = str_cstr(r->arena, role);
    TRY(take_keyword(r, &rest, "has"));
    TRY(take_share(r, &rest, &rule->has));
    TRY(take_keyword(r, &rest, "told"));
    TRY(take_share(r, &rest, &rule->told));
    TRY(take_keyword(r, &rest, "in"));
    if (str_starts(str_trim(rest), S("any "))) {
        TRY(take_keyword(r, &rest, "any"));
        rule->settings = UINT32_MAX;
    } else {
        const char *word[SETTING_COUNT];
        for (int i = 0; i < SETTING_COUNT; i++)
            word[i] = synth_setting[i].word;
        TRY(take_bits(r, &rest, "ages", word, SETTING_COUNT, &rule->settings));
    }
    TRY(take_keyword(r, &rest, "ages"));
    TRY(take_range(r, &rest, 0, 130, &low, &high));
    rule->age_low = (int)low;
    rule->age_high = (int)high;
    TRY(take_keyword(r, &rest, "from"));
    if (!next_word(&rest, &from)) from = S("");
    if (str_eq(from, S("pool"))) {
        rule->from = PERSON_POOL;
        TRY(take_number(r, &rest, "how many to a district", 1, 1000, &pool));
        rule->pool = (size_t)pool;
    } else if (str_eq(from, S("staff"))) {
        rule->from = PERSON_STAFF;
    } else if (!str_eq(from, S("strangers"))) {
        return REFUSE(r, "people come from pool N, from staff or from strangers, not from \"%.*s\"",
                      STR_ARG(from));
    }
    p->persons++;
    return end_of(r, rest);
}

/* has SHARE told SHARE of KIND:WEIGHT... when MECHANISM... */
static enum status take_contact_rule(const struct reading *r, Str rest)
{
    struct pattern *p = r->out;
    if (p->contacts == PATTERN_RULES_MAX)
        return REFUSE(r, "more than %d lines of contact", PATTERN_RULES_MAX);
    struct contact_rule *rule = &p->contact[p->contacts];
    TRY(take_keyword(r, &rest, "has"));
    TRY(take_share(r, &rest, &rule->has));
    TRY(take_keyword(r, &rest, "told"));
    TRY(take_share(r, &rest, &rule->told));
    TRY(take_keyword(r, &rest, "of"));
    TRY(take_choices(r, HABIT_CONTACT, "when", &rest, &rule->kind, &rule->kinds));
    TRY(take_keyword(r, &rest, "when"));
    TRY(take_bits(r, &rest, NULL, synth_mechanism_word, MECHANISM_COUNT, &rule->mechanisms));
    p->contacts++;
    return OK;
}

/* has SHARE told SHARE of ROUTE:WEIGHT... */
static enum status take_route_rule(const struct reading *r, Str rest)
{
    struct habit *h = &r->out->habit[HABIT_ROUTE];
    TRY(take_keyword(r, &rest, "has"));
    TRY(take_share(r, &rest, &h->share));
    TRY(take_keyword(r, &rest, "told"));
    TRY(take_share(r, &rest, &r->out->route_told));
    TRY(take_keyword(r, &rest, "of"));
    return take_choices(r, HABIT_ROUTE, NULL, &rest, &h->choice, &h->count);
}

enum key_for { FOR_ALL, FOR_GROUPS, FOR_DRESSING };
static const struct key_row {
    const char *section, *key;
    enum key_for who;
    enum status (*take)(const struct reading *r, Str rest);
} key_rows[] = {
    {"plan", "name", FOR_ALL, take_name},
    {"plan", "nature", FOR_ALL, take_nature},
    {"plan", "about", FOR_ALL, take_about},
    {"plan", "source", FOR_ALL, take_about},
    {"plan", "count", FOR_GROUPS, take_count},
    {"plan", "members", FOR_GROUPS, take_members},
    {"plan", "gap_days", FOR_GROUPS, take_days},
    {"plan", "within_days", FOR_GROUPS, take_days},
    {"plan", "months", FOR_GROUPS, take_months},
    {"who", "pick", FOR_GROUPS, take_pick},
    {"who", "ages", FOR_GROUPS, take_ages},
    {"who", "sex", FOR_GROUPS, take_sex},
    {"who", "age", FOR_GROUPS, take_age},
    {"where", "place", FOR_GROUPS, take_place},
    {"where", "anchor", FOR_GROUPS, take_anchor},
    {"where", "address", FOR_GROUPS, take_address},
    {"company", "fresh", FOR_GROUPS, take_fresh},
    {"company", "misspelt", FOR_GROUPS, take_fresh},
    {"words", "says", FOR_ALL, take_saying},
    {"record", "thin", FOR_DRESSING, take_thin},
    {"record", "thorough", FOR_DRESSING, take_thorough},
    {"company", "person", FOR_DRESSING, take_person_rule},
    {"company", "contact", FOR_DRESSING, take_contact_rule},
    {"company", "route", FOR_DRESSING, take_route_rule},
};

static const char *section_of_habit(enum habit_kind kind)
{
    if (kind == HABIT_SETTING) return "where";
    return kind == HABIT_PERSON || kind == HABIT_CONTACT || kind == HABIT_ROUTE ? "company" : "how";
}

static enum status take_line(struct reading *r, Str section, Str rest)
{
    bool dressing = r->out->nature == NATURE_DRESSING;
    for (size_t i = 0; i < COUNT_OF(key_rows); i++) {
        const struct key_row *row = &key_rows[i];
        bool wanted = row->who == FOR_ALL || (row->who == FOR_DRESSING) == dressing;
        if (wanted && str_eq(section, str_of(row->section)) && str_eq(r->key, str_of(row->key)))
            return row->take(r, rest);
    }
    for (int k = 0; k < HABIT_COUNT && !dressing; k++)
        if (str_eq(section, str_of(section_of_habit((enum habit_kind)k))) &&
            str_eq(r->key, str_of(habit_rows[k].key)))
            return take_habit(r, (enum habit_kind)k, rest);
    return REFUSE(r, "[%.*s] of a plan of the nature %s has no \"%.*s\"", STR_ARG(section),
                  synth_nature_word[r->out->nature], STR_ARG(r->key));
}

/* ---- the whole -------------------------------------------------------------------------------------- */

static enum status check_whole(const struct reading *r)
{
    const struct pattern *p = r->out;
    const char *missing = NULL;
    if (str_empty(p->name))
        missing = "name";
    else if (str_empty(p->about))
        missing = "about";
    else if (str_empty(p->source))
        missing = "source";
    else if (p->nature == NATURE_DRESSING)
        missing = p->thorough_high > 0 ? NULL : "thorough";
    else if (p->count <= 0)
        missing = "count";
    else if (p->nature == NATURE_ORDINARY)
        missing = p->habit[HABIT_SETTING].count > 0 && p->until ? NULL : "setting, with count = until N";
    else if (p->members_high == 0)
        missing = "members";
    else if (!p->in_window && p->days_high <= 0)
        missing = "gap_days or within_days";
    if (missing == NULL && p->until && p->nature != NATURE_ORDINARY) missing = "count without until";
    if (missing != NULL) return ERR(r->e, E_INVALID, "plan", "%s: the plan lacks %s", r->file, missing);
    return OK;
}

enum status synth_pattern_parse(struct arena *a, const char *name, Str text, struct pattern *out,
                                struct err *e)
{
    struct pattern p = {.name = S(""), .about = S(""), .source = S(""), .age_high = 130};
    struct reading r = {.arena = a, .e = e, .file = name, .out = &p};
    Str rest = text, line, section = S("");
    while (str_next(&rest, '\n', &line)) {
        r.line++;
        line = str_trim(line);
        if (str_empty(line) || line.ptr[0] == '#') continue;
        if (line.ptr[0] == '[' && str_ends(line, S("]"))) {
            section = str_slice(line, 1, line.len - 1);
            continue;
        }
        size_t equals = str_find_char(line, '=');
        if (equals == STR_NPOS)
            return REFUSE(&r, "write a [section], or KEY = VALUE; not \"%.*s\"",
                          (int)(line.len > 60 ? 60 : line.len), line.ptr);
        r.key = str_trim(str_slice(line, 0, equals));
        TRY(take_line(&r, section, str_trim(str_slice(line, equals + 1, line.len))));
    }
    TRY(check_whole(&r));
    *out = p;
    return OK;
}
