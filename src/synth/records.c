#include "synth/run.h"

#include "base/caldate.h"

void synth_set_born(struct json_writer *w, int64_t born_day, int parts)
{
    char day[32];
    caldate_format_day(born_day * MS_PER_DAY, day);
    size_t len = parts == 1 ? 4 : parts == 2 ? 7 : 10;
    json_kv_str(w, S("dob"), (Str){day, len});
}

RecordId synth_put_person(struct run *run, int64_t known_ms, const char *source, const struct person_facts *p)
{
    RecordId id = synth_feed_new(&run->feed, MADE_PERSON);
    struct json_writer *w = synth_line(&run->feed, known_ms, MADE_PERSON, id, source);
    synth_set_text(w, "name", p->name);
    if (p->born_day != 0) synth_set_born(w, p->born_day, p->dob_parts);
    if (p->sex != 0) synth_set_word(w, "sex", p->sex == 'F' ? "F" : "M");
    if (str_present(p->address)) {
        json_put_key(w, S("addresses"));
        json_open(w, '[');
        json_put_str(w, p->address);
        json_close(w, ']');
    }
    synth_set_text(w, "note", p->note);
    synth_line_end(&run->feed);
    return id;
}

RecordId synth_put_regular(struct run *run, int64_t at_ms, struct regular *p)
{
    if (p->person != 0) return synth_id(MADE_PERSON, p->person);
    struct person_facts facts = {.name = synth_name_text(run->scratch, &p->name), .sex = p->sex};
    RecordId id = synth_put_person(run, at_ms, "directory", &facts);
    p->person = run->feed.last[MADE_PERSON];
    return id;
}

RecordId synth_put_involvement(struct run *run, int64_t known_ms, const char *source, RecordId event,
                               RecordId person, const char *role)
{
    RecordId id = synth_feed_new(&run->feed, MADE_INVOLVEMENT);
    struct json_writer *w = synth_line(&run->feed, known_ms, MADE_INVOLVEMENT, id, source);
    synth_set_word(w, "event", event.text);
    synth_set_word(w, "person", person.text);
    synth_set_word(w, "role", role);
    synth_line_end(&run->feed);
    return id;
}

RecordId synth_put_identifier(struct run *run, int64_t known_ms, const char *source, const char *type,
                              Str value, RecordId holder, const char *role)
{
    RecordId id = synth_feed_new(&run->feed, MADE_IDENTIFIER);
    struct json_writer *w = synth_line(&run->feed, known_ms, MADE_IDENTIFIER, id, source);
    synth_set_word(w, "type", type);
    synth_set_text(w, "value", value);
    synth_set_word(w, "holder", holder.text);
    synth_set_word(w, "role", role);
    synth_line_end(&run->feed);
    return id;
}

RecordId synth_put_incident(struct run *run, int64_t known_ms, const char *source,
                            const struct incident_facts *i)
{
    RecordId id = synth_feed_new(&run->feed, MADE_INCIDENT);
    struct json_writer *w = synth_line(&run->feed, known_ms, MADE_INCIDENT, id, source);
    synth_set_word(w, "type", i->type);
    synth_set_span(w, "at", i->from_ms, i->to_ms);
    if (i->spot != NULL) {
        synth_set_place(w, "place", i->spot->lat, i->spot->lon, i->spot->radius_m);
        synth_set_text(w, "address", i->spot->address);
    }
    synth_set_text(w, "narrative", i->narrative);
    if (i->substance != NULL) synth_set_words(w, "substances", &i->substance, 1);
    synth_line_end(&run->feed);
    return id;
}

struct spot synth_run_street(struct run *run, struct rng *r)
{
    if (run->elsewhere_count > 0) return run->elsewhere[rng_below(r, run->elsewhere_count)];
    return synth_street(run->scratch, r, synth_outcode_draw(r));
}
