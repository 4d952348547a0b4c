#include "app/background.h"

#include "base/alloc.h"
#include "base/caldate.h"
#include "base/stream.h"
#include "intake/intake.h"
#include "model/kinds.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#define PLAN_BYTES_MAX ((size_t)1 << 20)
#define PLANS_MAX      100

/* ---- deaths -------------------------------------------------------------------------------------------- */

static bool day_of(const struct death *d, int64_t *day)
{
    /* where a file has both, the day of the incident may lie years before the death, or be a slip of the pen
     */
    const struct moment *at[] = {&d->died.from, &d->died.to, &d->found.from, &d->found.to, &d->reported_at};
    for (size_t i = 0; i < COUNT_OF(at); i++)
        if (at[i]->precision != PRECISION_NONE) {
            *day = caldate_day_of(at[i]->ms);
            return true;
        }
    return false;
}

static enum setting setting_of(Str word)
{
    for (int i = 0; i < SETTING_COUNT; i++)
        if (str_eq(word, str_of(synth_setting[i].word))) return (enum setting)i;
    return SETTING_COUNT;
}

static struct known_death known_of(struct arena *a, const struct record_id *id, const struct death *d)
{
    struct known_death k = {.id = str_copy(a, id->id), .age = -1, .mechanism = -1};
    if (number_present(d->age) && d->age >= 0 && d->age < 130) k.age = (int)d->age;
    if (str_eq(d->sex, S("F")) || str_eq(d->sex, S("M"))) k.sex = d->sex.ptr[0];
    k.mechanism = synth_mechanism(d->mechanism);
    k.natural = str_eq(d->manner, S("natural"));
    k.homicide = str_eq(d->manner, S("homicide"));
    k.suicide = str_eq(d->manner, S("suicide"));
    k.setting = setting_of(d->setting);
    k.placed = d->place.present;
    k.lat = d->place.lat;
    k.lon = d->place.lon;
    if (str_present(d->address.text)) k.address = str_copy(a, d->address.text);
    if (str_present(d->postcode)) k.postcode = str_copy(a, d->postcode);
    for (size_t i = 0; i < d->substances.count && i < SUBSTANCES_MAX; i++)
        synth_intake_add(&k.found, str_cstr(a, d->substances.item[i]));
    return k;
}

struct deaths {
    struct background *out;
    size_t room;
};

static enum status take(struct deaths *t, struct arena *a, struct arena *scratch, const struct policy *policy,
                        const struct change *change, struct err *e)
{
    struct entry_line line = {.change = *change, .seq = 1};
    struct record record;
    int64_t day;
    if (change->record.kind != KIND_DEATH) return OK;
    line.change.known_at_ms = 0;
    TRY(record_fold(scratch, policy, &line, 1, VIEW_NOW, &record, e));
    if (!day_of(record.data, &day)) {
        t->out->without_day++;
        return OK;
    }
    ARENA_ROOM(a, t->out->death, t->room, t->out->count + 1, 4096);
    t->out->death[t->out->count] = known_of(a, &change->record, record.data);
    t->out->death[t->out->count++].day = day;
    return OK;
}

static enum status read_deaths(struct arena *a, const struct policy *policy, const char *file,
                               const struct mapping *mapping, struct background *out, struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("a row", (size_t)256 << 20);
    struct intake_options options = {.policy = policy, .mapping = mapping};
    struct deaths t = {.out = out};
    struct intake *in;
    struct intake_item item = {0};
    enum status s = intake_open(file, &options, &in, e);
    if (s != OK) return s;
    while (s == OK && item.kind != INTAKE_DONE) {
        arena_reset(scratch);
        s = intake_next(in, scratch, &item, e);
        if (s == OK && item.kind == INTAKE_CHANGE) s = take(&t, a, scratch, policy, &item.change, e);
    }
    if (s == OK) out->rows = item.summary.rows;
    intake_close(in);
    return s;
}

/* ---- plans --------------------------------------------------------------------------------------------- */

static enum status list_plans(struct arena *a, const char *folder, struct str_list *out, struct err *e)
{
    DIR *d = opendir(folder);
    if (d == NULL)
        return ERR(e, E_NOT_FOUND, "plans", "the folder of plans %s cannot be read: %s", folder,
                   strerror(errno));
    struct str_list list = {NEW_ARRAY(a, Str, PLANS_MAX), 0};
    size_t found = 0;
    for (const struct dirent *f = readdir(d); f != NULL; f = readdir(d)) {
        Str name = str_of(f->d_name);
        if (!str_ends(name, S(".plan")) || name.ptr[0] == '.') continue;
        if (found++ < PLANS_MAX) list.item[list.count++] = str_copy(a, name);
    }
    closedir(d);
    if (found > PLANS_MAX) return ERR(e, E_LIMIT, "plans", "%s holds more than %d plans", folder, PLANS_MAX);
    if (found == 0)
        return ERR(e, E_INVALID, "plans",
                   "%s holds no file NAME.plan; the plans of this program are in demo/plans", folder);
    str_sort(&list);
    *out = list;
    return OK;
}

static enum status read_plans(struct arena *a, const char *folder, struct background *out, struct err *e)
{
    struct str_list file = {NULL, 0};
    TRY(list_plans(a, folder, &file, e));
    out->pattern = NEW_ARRAY(a, struct pattern, file.count);
    for (size_t i = 0; i < file.count; i++) {
        struct buf text CLEANUP_BUF;
        const char *path = str_cstr(a, str_format(a, "%s/%.*s", folder, STR_ARG(file.item[i])));
        buf_init(&text, PLAN_BYTES_MAX);
        TRY(file_read(path, &text, e));
        TRY(synth_pattern_parse(a, path, str_copy(a, buf_str(&text)), &out->pattern[i], e));
        for (size_t k = 0; k < i; k++)
            if (str_eq(out->pattern[k].name, out->pattern[i].name))
                return ERR(e, E_INVALID, "plans",
                           "%s: another plan is called %.*s already; give it a name of its own", path,
                           STR_ARG(out->pattern[i].name));
    }
    out->patterns = file.count;
    return OK;
}

enum status background_read(struct arena *a, const struct policy *policy, const char *file,
                            const struct mapping *mapping, const char *plans, struct background *out,
                            struct err *e)
{
    *out = (struct background){.count = 0};
    TRY(read_plans(a, plans, out, e));
    return read_deaths(a, policy, file, mapping, out, e);
}
