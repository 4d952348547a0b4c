#include "synth/narrative.h"

#include "synth/phrases.h"

#include "base/caldate.h"

/* The index of the bracket that closes the one before `at`. */
static size_t closing(Str phrase, size_t at, char open, char close)
{
    int depth = 1;
    for (; at < phrase.len; at++) {
        if (phrase.ptr[at] == open) depth++;
        if (phrase.ptr[at] == close && --depth == 0) return at;
    }
    BUG("a phrase lacks %c: %.*s", close, STR_ARG(phrase));
}

/* One of the pieces between the bars of the outermost level. */
static Str choose_piece(Str inside, struct rng *r)
{
    size_t start[48], count = 1;
    int depth = 0;
    start[0] = 0;
    for (size_t i = 0; i < inside.len; i++) {
        char c = inside.ptr[i];
        depth += c == '[' ? 1 : c == ']' ? -1 : 0;
        if (c == '|' && depth == 0) {
            MUST(count + 1 < COUNT_OF(start));
            start[count++] = i + 1;
        }
    }
    start[count] = inside.len + 1;
    size_t at = rng_below(r, count);
    return str_slice(inside, start[at], start[at + 1] - 1);
}

void synth_phrase_expand(struct buf *out, Str phrase, struct rng *r, narrative_fill fill, const void *facts)
{
    for (size_t i = 0; i < phrase.len;) {
        char c = phrase.ptr[i];
        if (c != '[' && c != '{') {
            buf_add_char(out, c);
            i++;
            continue;
        }
        size_t end = closing(phrase, i + 1, c, c == '[' ? ']' : '}');
        Str inside = str_slice(phrase, i + 1, end);
        if (c == '[')
            synth_phrase_expand(out, choose_piece(inside, r), r, fill, facts);
        else {
            MUST(fill != NULL);
            fill(out, facts, inside, r);
        }
        i = end + 1;
    }
}

static const char *pronoun_of(bool woman, Str name)
{
    if (str_eq_nocase(name, S("he"))) return woman ? "she" : "he";
    if (str_eq_nocase(name, S("his"))) return woman ? "her" : "his";
    if (str_eq(name, S("him"))) return woman ? "her" : "him";
    return NULL;
}

static void add_capital(struct buf *out, size_t from)
{
    if (out->len > from && out->ptr[from] >= 'a' && out->ptr[from] <= 'z')
        out->ptr[from] = (char)(out->ptr[from] - 'a' + 'A');
}

const char *synth_phrase_fault(Str phrase)
{
    int depth = 0, bars[33] = {0};
    if (str_empty(phrase)) return "is empty";
    if (phrase.len > 2000) return "is longer than 2,000 bytes";
    for (size_t i = 0; i < phrase.len; i++) {
        char c = phrase.ptr[i];
        if (c == '[') {
            if (++depth > 32) return "has brackets nested more than 32 deep";
            bars[depth] = 0;
        } else if (c == ']') {
            if (--depth < 0) return "closes a bracket that is not open";
        } else if (c == '|') {
            if (++bars[depth] > 40) return "has more than 40 alternatives";
        } else if (c == '{') {
            Str rest = str_slice(phrase, i + 1, phrase.len);
            size_t end = str_find_char(rest, '}');
            if (end == STR_NPOS || pronoun_of(false, str_slice(rest, 0, end)) == NULL)
                return "names a word that is none of {he}, {his}, {him}, {He}, {His}";
            i += end + 1;
        } else if (c == '}') {
            return "closes a brace that is not open";
        }
    }
    return depth == 0 ? NULL : "lacks a closing bracket";
}

static void fill_pronoun(struct buf *out, const void *facts, Str name, struct rng *r)
{
    const char *sex = facts;
    size_t from = out->len;
    (void)r;
    buf_add_cstr(out, pronoun_of(*sex == 'F', name));
    if (name.ptr[0] == 'H') add_capital(out, from);
}

void synth_remark_write(struct buf *out, Str phrase, struct rng *r, char sex)
{
    synth_phrase_expand(out, phrase, r, fill_pronoun, &sex);
}

static const char *man_of(const struct dossier *d, struct rng *r)
{
    bool woman = d->sex == 'F';
    if (d->age < 2) return woman ? "baby girl" : "baby boy";
    if (d->age < 13) return woman ? "girl" : "boy";
    if (d->age < 18) return woman ? "teenage girl" : "teenage boy";
    if (rng_chance(r, 0.4)) return woman ? "female" : "male";
    if (d->age < 30 && rng_chance(r, 0.6)) return woman ? "young woman" : "young man";
    if (d->age >= 75 && rng_chance(r, 0.5)) return woman ? "elderly woman" : "elderly man";
    return woman ? "woman" : "man";
}

static void fill_time(struct buf *out, int64_t utc_ms)
{
    int64_t local = utc_ms + synth_london_offset_ms(utc_ms);
    int64_t minute = (local - caldate_midnight(local)) / (60 * MS_PER_SECOND);
    buf_addf(out, "%02d:%02d", (int)(minute / 60), (int)(minute % 60));
}

static void fill_seen(struct buf *out, const struct dossier *d, struct rng *r)
{
    (void)r;
    static const char *const weekday[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                          "Friday", "Saturday", "Sunday"};
    int64_t hours = (d->found_ms - d->seen_to_ms) / MS_PER_HOUR;
    if (hours < 6)
        buf_addf(out, "about %d hours before", hours < 2 ? 2 : (int)hours);
    else if (hours < 30)
        buf_add_cstr(out, synth_london_hour(d->seen_to_ms) < 12 ? "that morning or the day before"
                                                                : "the day before");
    else if (hours < 24 * 7)
        buf_addf(out, "on %s", weekday[caldate_weekday(caldate_day_of(d->seen_to_ms))]);
    else
        buf_addf(out, "over %d days before", (int)(hours / 24 - 1));
}

static bool is_home(const struct dossier *d)
{
    return d->setting == SETTING_PRIVATE_HOME || d->setting == SETTING_SHARED_HOME;
}

/* What a drug was kept in. */
static const char *container_of(const struct dossier *d)
{
    Str first = d->found.count > 0 ? str_of(d->found.name[0]) : S("");
    if (str_eq(first, S("ghb")) || str_eq(first, S("gbl"))) return synth_phrase_liquid;
    bool injected = d->profile != NULL && d->profile->injected;
    return injected ? synth_phrase_container_injected : synth_phrase_container_other;
}

/* Words that are a phrase of their own. */
static const char *phrase_of(const struct dossier *d, Str name)
{
    if (str_eq(name, S("where"))) return synth_phrase_setting[d->setting];
    if (str_eq_nocase(name, S("finder"))) return synth_phrase_finder[d->found_by];
    if (str_eq(name, S("container"))) return container_of(d);
    if (str_eq(name, S("frail"))) return d->age >= 68 ? synth_phrase_frail : synth_phrase_not_frail;
    if (str_eq(name, S("staff"))) {
        const char *staff = synth_phrase_staff[d->setting];
        return staff != NULL ? staff : "a member of staff";
    }
    for (const struct phrase_word *w = synth_phrase_word; w->name != NULL; w++)
        if (str_eq(name, str_of(w->name)))
            return synth_setting[d->setting].indoors ? w->indoors : w->outdoors;
    return NULL;
}

static void fill_man(struct buf *out, const struct dossier *d, struct rng *r)
{
    const char *man = man_of(d, r);
    if (man[0] == 'e' && str_ends(buf_str(out), S(" a "))) { /* an elderly man */
        out->len -= 1;
        buf_add_cstr(out, "n ");
    }
    buf_add_cstr(out, man);
}

static void fill_age(struct buf *out, const struct dossier *d, struct rng *r)
{
    (void)r;
    if (d->age_told == 0)
        buf_add_cstr(out, "under 1");
    else
        buf_addf(out, "%d", d->age_told);
}

static void fill_found(struct buf *out, const struct dossier *d, struct rng *r)
{
    (void)r;
    fill_time(out, d->found_ms);
}

static void fill_pronounced(struct buf *out, const struct dossier *d, struct rng *r)
{
    (void)r;
    fill_time(out, d->pronounced_ms);
}

static void fill_daypart(struct buf *out, const struct dossier *d, struct rng *r)
{
    int hour = synth_london_hour(d->found_ms);
    (void)r;
    buf_add_cstr(out, hour < 12 ? "morning" : hour < 18 ? "afternoon" : "evening");
}

/* ", heroin": what it was taken for, after a sentence; or nothing. */
static void fill_substance(struct buf *out, const struct dossier *d, struct rng *r)
{
    if (d->batch != NULL && rng_chance(r, 0.7))
        buf_addf(out, ", %s", d->batch->look);
    else if (d->suspected.count > 0)
        buf_addf(out, ", %s", d->suspected.name[0]);
}

static const struct {
    const char *name;
    void (*fill)(struct buf *out, const struct dossier *d, struct rng *r);
} plain[] = {
    {"man", fill_man},   {"age", fill_age},         {"time", fill_found},    {"pronounced", fill_pronounced},
    {"seen", fill_seen}, {"daypart", fill_daypart}, {"sub", fill_substance},
};

static void fill_plain(struct buf *out, const struct dossier *d, Str name, struct rng *r)
{
    for (size_t i = 0; i < COUNT_OF(plain); i++) {
        if (!str_eq_nocase(name, str_of(plain[i].name))) continue;
        plain[i].fill(out, d, r);
        return;
    }
    BUG("no such word in a phrase: %.*s", STR_ARG(name));
}

static void fill(struct buf *out, const void *facts, Str name, struct rng *r)
{
    const struct dossier *d = facts;
    size_t from = out->len;
    const char *word = pronoun_of(d->sex == 'F', name), *phrase = phrase_of(d, name);
    if (word != NULL)
        buf_add_cstr(out, word);
    else if (phrase != NULL)
        synth_phrase_expand(out, str_of(phrase), r, fill, d);
    else
        fill_plain(out, d, name, r);
    /* {He} begins a sentence, {he} does not */
    if (name.ptr[0] >= 'A' && name.ptr[0] <= 'Z') add_capital(out, from);
}

static void say(struct buf *out, const struct dossier *d, struct rng *r, const char *phrase)
{
    if (phrase == NULL) return;
    size_t before = out->len;
    if (out->len > 0) buf_add_char(out, ' ');
    size_t from = out->len;
    synth_phrase_expand(out, str_of(phrase), r, fill, d);
    if (out->len == from && from > before) {
        out->len = before;
        out->ptr[before] = 0;
    }
    add_capital(out, from);
}

static void say_scene(struct buf *out, const struct dossier *d, struct rng *r, double detail)
{
    for (int i = 0; i < THING_COUNT; i++)
        if ((d->present & BIT(i)) &&
            rng_chance(r, i == THING_NOTE || i == THING_LIGATURE ? 0.8 : 0.15 + 0.45 * detail))
            say(out, d, r, synth_phrase_thing[i]);
    for (int i = 0; i < MISSED_COUNT; i++)
        if ((d->absent & BIT(i)) && rng_chance(r, 0.25 + 0.6 * detail))
            say(out, d, r, synth_phrase_missed[i]);
    for (int i = 0; i < INJURY_COUNT; i++)
        if ((d->injuries & BIT(i)) && rng_chance(r, 0.2 + 0.5 * detail))
            say(out, d, r, synth_phrase_injury[i]);
}

static const char *history_of(const struct dossier *d)
{
    Str e = str_of(d->explanation);
    if (str_eq(e, S("medical_history"))) return synth_phrase_explanation_medical;
    if (str_eq(e, S("drug_history"))) return synth_phrase_explanation_drugs;
    if (str_eq(e, S("mental_health_history"))) return synth_phrase_explanation_mental;
    return NULL;
}

static const char *opening_of(const struct dossier *d, bool brief, bool ambulance)
{
    if (ambulance) return synth_phrase_opening_ambulance;
    if (brief) return synth_phrase_opening_thin;
    bool sent = d->found_by == FOUND_BY_POLICE || d->found_by == FOUND_BY_EMERGENCY;
    return sent ? synth_phrase_opening_police : synth_phrase_opening;
}

static void say_maybe(struct buf *out, const struct dossier *d, struct rng *r, double share,
                      const char *phrase)
{
    if (rng_chance(r, share)) say(out, d, r, phrase);
}

void synth_narrative_write(struct buf *out, const struct dossier *d, struct rng *r, bool ambulance)
{
    double detail = d->thoroughness;
    bool brief = d->thin || rng_chance(r, 0.25);
    bool fresh = d->found_ms - d->seen_to_ms < 3 * MS_PER_HOUR;
    say(out, d, r, opening_of(d, brief, ambulance));
    say_maybe(out, d, r, brief ? 0.35 : 0.75, synth_phrase_posture[d->posture]);
    say_maybe(out, d, r, brief ? 0.08 : 0.40, fresh ? synth_phrase_warm : synth_phrase_cold);
    say_maybe(out, d, r, brief ? 0.55 : 0.85, synth_phrase_cause[d->cause->kind]);
    say_scene(out, d, r, brief ? 0.15 : detail);
    if (is_home(d)) say_maybe(out, d, r, brief ? 0.06 : 0.45 * detail, synth_phrase_room);
    say_maybe(out, d, r, 0.75 * detail, history_of(d));
    say_maybe(out, d, r, 0.6 * detail, synth_phrase_seen);
    say_maybe(out, d, r, brief ? 0.35 : 0.6, synth_phrase_pronounced);
    if (d->homicide) return;
    say_maybe(out, d, r, 0.15 + 0.6 * detail, synth_phrase_closing);
    say_maybe(out, d, r, brief ? 0 : 0.3 * detail, synth_phrase_closing);
}
