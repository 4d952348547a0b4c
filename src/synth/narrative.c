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

static const char *pronoun(const struct dossier *d, Str name)
{
    bool woman = d->sex == 'F';
    if (str_eq_nocase(name, S("he"))) return woman ? "she" : "he";
    if (str_eq_nocase(name, S("his"))) return woman ? "her" : "his";
    if (str_eq(name, S("him"))) return woman ? "her" : "him";
    return NULL;
}

static void fill_time(struct buf *out, int64_t utc_ms)
{
    int64_t local = utc_ms + synth_london_offset_ms(utc_ms);
    int64_t minute = (local - caldate_midnight(local)) / (60 * MS_PER_SECOND);
    buf_addf(out, "%02d:%02d", (int)(minute / 60), (int)(minute % 60));
}

static void fill_seen(struct buf *out, const struct dossier *d)
{
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

/* Where there is furniture. */
static bool is_indoors(const struct dossier *d)
{
    const uint32_t open = BIT(SETTING_STREET) | BIT(SETTING_PARK) | BIT(SETTING_WOODLAND) |
                          BIT(SETTING_CHURCHYARD) | BIT(SETTING_WATER) | BIT(SETTING_RAIL) |
                          BIT(SETTING_VEHICLE) | BIT(SETTING_BUILDING_SITE) | BIT(SETTING_DERELICT) |
                          BIT(SETTING_OTHER) | BIT(SETTING_UNKNOWN);
    return (BIT(d->setting) & open) == 0;
}

/* Words that are a phrase of their own. */
static const char *phrase_of(const struct dossier *d, Str name)
{
    bool home = is_indoors(d);
    bool ghb = d->found.count > 0 &&
               (str_eq(str_of(d->found.name[0]), S("ghb")) || str_eq(str_of(d->found.name[0]), S("gbl")));
    if (str_eq(name, S("where"))) return synth_phrase_setting[d->setting];
    if (str_eq_nocase(name, S("finder"))) return synth_phrase_finder[d->found_by];
    if (str_eq(name, S("staff")))
        return d->setting == SETTING_HOSTEL      ? "[hostel staff|the key worker|the night worker]"
               : d->setting == SETTING_CARE_HOME ? "[a carer|care staff|the night nurse]"
               : d->setting == SETTING_PARK      ? "[a park keeper|a gardener|the park warden]"
               : d->setting == SETTING_RAIL      ? "[station staff|the train driver]"
               : d->setting == SETTING_HOTEL     ? "[housekeeping|the night porter]"
               : d->setting == SETTING_HOSPITAL  ? "[a nurse|ward staff]"
               : d->setting == SETTING_STREET    ? "[a street cleaner|a warden|a security guard]"
               : home                            ? "[{his} carer|a carer|a support worker]"
                                                 : "a member of staff";
    if (str_eq(name, S("prop")))
        return home ? "[the wall|the bed|the sofa|a door|the radiator]"
                    : "[a wall|the wall|a tree|a fence|railings|a door|a "
                      "headstone]";
    if (str_eq(name, S("seat")))
        return home ? "[armchair|sofa|chair|toilet|edge of the bed]" : "[bench|step|low wall]";
    if (str_eq(name, S("floor"))) return home ? "[ on the [floor|bed|sofa|carpet]|]" : "[ on the ground|]";
    if (str_eq(name, S("container")))
        return ghb ? synth_phrase_liquid
               : d->profile && d->profile->injected
                   ? "[Empty wraps [nearby|on the floor]|Wraps and a spoon|Brown powder in a bag]."
                   : "[A small [bag|bottle|tub] [of [pills|powder|tablets] |]found|Snap bag "
                     "with residue|Small bottle[, label removed|] nearby].";
    if (str_eq(name, S("Ligature"))) return "Ligature [kept for the coroner|seized|in place]";
    if (str_eq(name, S("bedding")))
        return home ? "[A duvet [over|next to] {him}|Pillow and blanket present|Bedding [soiled|pulled to "
                      "the floor]]"
                    : "[A sleeping bag and [blankets|bags] [beside|under] {him}|[Cardboard|A blanket] and a "
                      "sleeping bag]";
    if (str_eq(name, S("frail")))
        return d->age >= 68 ? "Frail, [carers|family] [visited daily|called twice a week]"
                            : "[Had seemed well|Had been off work unwell|Had not been to a doctor for years]";
    if (str_eq(name, S("weekday"))) return "[Monday|Tuesday|Friday|the weekend]";
    return NULL;
}

static void fill_plain(struct buf *out, const struct dossier *d, Str name, struct rng *r)
{
    if (str_eq_nocase(name, S("man")))
        buf_add_cstr(out, man_of(d, r));
    else if (str_eq_nocase(name, S("age"))) {
        if (d->age == 0)
            buf_add_cstr(out, "under 1");
        else
            buf_addf(out, "%d", d->age);
    } else if (str_eq(name, S("time")))
        fill_time(out, d->found_ms);
    else if (str_eq(name, S("pronounced")))
        fill_time(out, d->pronounced_ms);
    else if (str_eq(name, S("seen")))
        fill_seen(out, d);
    else if (str_eq(name, S("daypart"))) {
        int hour = synth_london_hour(d->found_ms);
        buf_add_cstr(out, hour < 12 ? "morning" : hour < 18 ? "afternoon" : "evening");
    } else if (str_eq(name, S("sub"))) {
        if (d->batch != NULL && rng_chance(r, 0.7))
            buf_addf(out, ", %s", d->batch->look);
        else if (d->suspected.count > 0)
            buf_addf(out, ", %s", d->suspected.name[0]);
    } else
        BUG("no such word in a phrase: %.*s", STR_ARG(name));
}

static void fill(struct buf *out, const void *facts, Str name, struct rng *r)
{
    const struct dossier *d = facts;
    size_t from = out->len;
    const char *word = pronoun(d, name), *phrase = phrase_of(d, name);
    if (word != NULL)
        buf_add_cstr(out, word);
    else if (phrase != NULL)
        synth_phrase_expand(out, str_of(phrase), r, fill, d);
    else
        fill_plain(out, d, name, r);
    /* {He} begins a sentence, {he} does not */
    if (name.ptr[0] >= 'A' && name.ptr[0] <= 'Z' && out->len > from && out->ptr[from] >= 'a' &&
        out->ptr[from] <= 'z')
        out->ptr[from] = (char)(out->ptr[from] - 'a' + 'A');
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
    if (out->len > from && out->ptr[from] >= 'a' && out->ptr[from] <= 'z')
        out->ptr[from] = (char)(out->ptr[from] - 'a' + 'A');
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

void synth_narrative_write(struct buf *out, const struct dossier *d, struct rng *r, bool ambulance)
{
    double detail = d->thoroughness;
    bool brief = d->thin || rng_chance(r, 0.25);
    bool sent = d->found_by == FOUND_BY_POLICE || d->found_by == FOUND_BY_EMERGENCY;
    if (ambulance)
        say(out, d, r, synth_phrase_opening_ambulance);
    else if (sent && !brief)
        say(out, d, r, synth_phrase_opening_police);
    else
        say(out, d, r, brief ? synth_phrase_opening_thin : synth_phrase_opening);
    if (rng_chance(r, brief ? 0.35 : 0.75)) say(out, d, r, synth_phrase_posture[d->posture]);
    if (rng_chance(r, brief ? 0.08 : 0.40))
        say(out, d, r, d->found_ms - d->seen_to_ms < 3 * MS_PER_HOUR ? synth_phrase_warm : synth_phrase_cold);
    if (rng_chance(r, brief ? 0.55 : 0.85)) say(out, d, r, synth_phrase_cause[d->cause->kind]);
    say_scene(out, d, r, brief ? 0.15 : detail);
    if (is_home(d) && rng_chance(r, brief ? 0.06 : 0.45 * detail)) say(out, d, r, synth_phrase_room);
    if (rng_chance(r, 0.75 * detail)) say(out, d, r, history_of(d));
    if (rng_chance(r, 0.6 * detail)) say(out, d, r, synth_phrase_seen);
    if (rng_chance(r, brief ? 0.35 : 0.6)) say(out, d, r, synth_phrase_pronounced);
    if (d->homicide) return;
    if (rng_chance(r, 0.15 + 0.6 * detail)) say(out, d, r, synth_phrase_closing);
    if (!brief && rng_chance(r, 0.3 * detail)) say(out, d, r, synth_phrase_closing);
}
