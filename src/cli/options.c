/* Options as they are typed: --name value, --name=value, -x value; -- ends them; every type is checked here.
 */
#include "base/caldate.h"
#include "cli/command.h"
#include "model/suggest.h"

#include <stdlib.h>

const struct command *command_find(Str name)
{
    for (const struct command *command = commands; command->name; command++)
        if (str_eq(str_of(command->name), name)) return command;
    return NULL;
}

const char *command_branch(const struct command *command, Str first)
{
    Str name = str_of(command->name);
    bool goes_on = name.len > first.len + 1 && str_starts(name, first) && name.ptr[first.len] == ' ';
    return goes_on ? command->name + first.len + 1 : NULL;
}

static const struct option *option_find(const struct command *command, Str name, size_t *index)
{
    for (size_t i = 0; command->option[i].name; i++)
        if (str_eq(str_of(command->option[i].name), name)) {
            *index = i;
            return &command->option[i];
        }
    return NULL;
}

static const struct option *option_by_letter(const struct command *command, char letter, size_t *index)
{
    for (size_t i = 0; command->option[i].name; i++)
        if (command->option[i].letter == letter) {
            *index = i;
            return &command->option[i];
        }
    return NULL;
}

static enum status option_unknown(const struct cli *c, Str typed, struct err *e)
{
    Str name = str_slice(typed, 2, typed.len);
    struct suggest s = suggest_for(str_slice(name, 0, str_find_char(name, '=')));
    for (const struct option *o = c->command->option; o->name; o++)
        suggest_try(&s, str_of(o->name));
    Str best = suggest_best(&s);
    if (str_present(best))
        return ERR(e, E_INVALID, "", "%s has no option %.*s; did you mean --%.*s?", c->command->name,
                   STR_ARG(typed), STR_ARG(best));
    return ERR(e, E_INVALID, "", "%s has no option %.*s; see: colligate help %s", c->command->name,
               STR_ARG(typed), c->command->name);
}

/* ---- one value -------------------------------------------------------------------------------------- */

static enum status whole_read(const struct option *o, int64_t least, struct option_value *v, struct err *e)
{
    int64_t n = 0;
    if (str_to_i64(v->text, &n) != OK || n < least)
        return ERR(e, E_INVALID, "", "--%s must be a whole number from %d, not \"%.*s\".", o->name,
                   (int)least, STR_ARG(v->text));
    v->whole = n;
    return OK;
}

static enum status time_read(const struct option *o, struct option_value *v, struct err *e)
{
    struct err inner = {0};
    bool day_only = false;
    int64_t ms = 0;
    enum status status = caldate_parse(v->text, &ms, &day_only, &inner);
    if (status == OK && o->type == OPTION_DAY && !day_only) status = E_INVALID;
    if (status != OK)
        return ERR(e, E_INVALID, "", "--%s must be %s, not \"%.*s\".", o->name,
                   o->type == OPTION_DAY ? "a day such as 2014-08-28"
                                         : "a time such as 2014-08-28T08:00:00Z, or a day such as 2014-08-28",
                   STR_ARG(v->text));
    if (o->type == OPTION_TIME && day_only)
        ms += MS_PER_DAY - 1; /* all that was known by the end of that day */
    v->whole = ms;
    return OK;
}

static enum status kinds_read(const struct option *o, struct option_value *v, struct err *e)
{
    Str rest = v->text, name;
    while (str_next(&rest, ',', &name)) {
        const struct kind *kind = kind_named(name);
        if (!kind) {
            struct suggest s = suggest_for(name);
            for (int id = 0; id < KIND_COUNT; id++)
                suggest_try(&s, str_of(kind_of((enum kind_id)id)->name));
            Str best = suggest_best(&s);
            if (str_present(best))
                return ERR(e, E_INVALID, "", "--%s: there is no kind \"%.*s\"; did you mean %.*s?", o->name,
                           STR_ARG(name), STR_ARG(best));
            return ERR(e, E_INVALID, "", "--%s: there is no kind \"%.*s\"; colligate kinds lists them.",
                       o->name, STR_ARG(name));
        }
        v->kinds |= UINT64_C(1) << kind->id;
    }
    return OK;
}

static enum status number_read(const struct option *o, struct option_value *v, struct err *e)
{
    double n = 0;
    if (str_to_f64(v->text, &n) != OK || n <= 0)
        return ERR(e, E_INVALID, "", "--%s must be a number above 0, not \"%.*s\".", o->name,
                   STR_ARG(v->text));
    v->real = n;
    return OK;
}

static enum status feed_read(const struct option *o, const struct option_value *v, struct err *e)
{
    if (namespace_valid(v->text)) return OK;
    return ERR(e, E_INVALID, "", "--%s must be 1 to 32 of a-z, 0-9, _ and -, not \"%.*s\".", o->name,
               STR_ARG(v->text));
}

static enum status value_read(const struct option *o, Str text, struct option_value *v, struct err *e)
{
    struct option_value read = {.given = true, .text = text};
    if (str_empty(text) && o->type != OPTION_FLAG)
        return ERR(e, E_INVALID, "", "--%s must not be empty.", o->name);
    enum status status = OK;
    switch (o->type) {
    case OPTION_FLAG:
    case OPTION_TEXT:
    case OPTION_FILE:
    case OPTION_FOLDER:
        break;
    case OPTION_COUNT:
        status = whole_read(o, 1, &read, e);
        break;
    case OPTION_WHOLE:
        status = whole_read(o, 0, &read, e);
        break;
    case OPTION_NUMBER:
        status = number_read(o, &read, e);
        break;
    case OPTION_TIME:
    case OPTION_DAY:
        status = time_read(o, &read, e);
        break;
    case OPTION_KINDS:
        status = kinds_read(o, &read, e);
        break;
    case OPTION_FEED:
        status = feed_read(o, &read, e);
        break;
    }
    if (status == OK) *v = read;
    return status;
}

/* ---- the line --------------------------------------------------------------------------------------- */

struct line {
    int argc;
    const char *const *argv;
    int at;
};

static enum status option_take(struct cli *c, struct line *line, Str typed, struct err *e)
{
    size_t index = 0, equals = str_find_char(typed, '=');
    bool is_long = str_starts(typed, S("--"));
    Str text = STR_NONE;
    const struct option *o;
    if (is_long) {
        o = option_find(c->command, str_slice(typed, 2, equals), &index);
        if (equals != STR_NPOS) text = str_slice(typed, equals + 1, typed.len);
    } else {
        o = option_by_letter(c->command, typed.ptr[1], &index);
        if (typed.len > 2) text = str_slice(typed, 2, typed.len);
    }
    if (!o && is_long) return option_unknown(c, typed, e);
    if (!o)
        return ERR(e, E_INVALID, "", "%s has no option %.*s; see: colligate help %s", c->command->name,
                   STR_ARG(typed), c->command->name);
    if (c->value[index].given) return ERR(e, E_INVALID, "", "--%s is given twice.", o->name);
    if (o->type == OPTION_FLAG && str_present(text))
        return ERR(e, E_INVALID, "", "--%s takes no value.", o->name);
    if (o->type != OPTION_FLAG && !str_present(text)) {
        if (line->at >= line->argc)
            return ERR(e, E_INVALID, "", "--%s needs a value: --%s %s", o->name, o->name, o->value);
        text = str_of(line->argv[line->at++]);
    }
    return value_read(o, text, &c->value[index], e);
}

static enum status operands_check(const struct cli *c, struct err *e)
{
    const struct command *command = c->command;
    const char *blank = command->operands[0] ? " " : "";
    if (c->operand_count < command->operands_min)
        return ERR(e, E_INVALID, "", "that is too little; the form is: colligate %s%s%s", command->name,
                   blank, command->operands);
    if (c->operand_count > command->operands_max)
        return ERR(e, E_INVALID, "", "\"%s\" is too much; the form is: colligate %s%s%s",
                   c->operand[command->operands_max], command->name, blank, command->operands);
    return OK;
}

/* The default; NULL when there is none, or the environment does not give it. */
static const char *option_fallback(const struct option *o)
{
    if (!o->fallback || o->fallback[0] != '$') return o->fallback;
    const char *value = getenv(o->fallback + 1);
    return value && value[0] != '\0' ? value : NULL;
}

/* What was not typed: defaults, and what must be there. */
static enum status options_fill(struct cli *c, struct err *e)
{
    for (size_t i = 0; c->command->option[i].name; i++) {
        const struct option *o = &c->command->option[i];
        MUST(i < OPTIONS_MAX);
        if (c->value[i].given) continue;
        const char *fallback = option_fallback(o);
        if (fallback)
            TRY(value_read(o, str_of(fallback), &c->value[i], e));
        else if (o->required && o->fallback)
            return ERR(e, E_INVALID, "", "%s needs --%s %s: %s (Or set %s.)", c->command->name, o->name,
                       o->value, o->doc, o->fallback + 1);
        else if (o->required)
            return ERR(e, E_INVALID, "", "%s needs --%s %s: %s", c->command->name, o->name, o->value, o->doc);
    }
    return OK;
}

enum status options_parse(struct cli *c, int argc, const char *const *argv, struct err *e)
{
    struct line line = {argc, argv, 0};
    const char **operand = NEW_ARRAY(c->arena, const char *, (size_t)argc + 1);
    bool ended = false;
    c->operand = operand;
    while (line.at < argc) {
        Str typed = str_of(argv[line.at++]);
        if (!ended && str_eq(typed, S("--")))
            ended = true;
        else if (!ended && typed.len > 1 && typed.ptr[0] == '-')
            TRY(option_take(c, &line, typed, e));
        else
            operand[c->operand_count++] = typed.ptr;
    }
    TRY(operands_check(c, e));
    return options_fill(c, e);
}

const struct option_value *cli_option(const struct cli *c, const char *name)
{
    size_t index = 0;
    MUST(option_find(c->command, str_of(name), &index) != NULL);
    return &c->value[index];
}

bool cli_flag(const struct cli *c, const char *name)
{
    return cli_option(c, name)->given;
}

const char *cli_path(const struct cli *c, const char *name)
{
    const struct option_value *v = cli_option(c, name);
    return v->given ? str_cstr(c->arena, v->text) : NULL;
}

Str cli_text(const struct cli *c, const char *name)
{
    const struct option_value *v = cli_option(c, name);
    return v->given ? v->text : STR_NONE;
}

size_t cli_count(const struct cli *c, const char *name)
{
    const struct option_value *v = cli_option(c, name);
    return v->given ? (size_t)v->whole : 0;
}

double cli_number(const struct cli *c, const char *name, double none)
{
    const struct option_value *v = cli_option(c, name);
    return v->given ? v->real : none;
}

int64_t cli_day(const struct cli *c, const char *name)
{
    const struct option_value *v = cli_option(c, name);
    return v->given ? caldate_day_of(v->whole) : INT64_MIN;
}

Str cli_operand(const struct cli *c, size_t i)
{
    MUST(i < c->operand_count);
    return str_of(c->operand[i]);
}

Str cli_operands(const struct cli *c)
{
    struct str_list list = {NEW_ARRAY(c->arena, Str, c->operand_count + 1), c->operand_count};
    for (size_t i = 0; i < list.count; i++)
        list.item[i] = cli_operand(c, i);
    return str_join(c->arena, &list, S(" "));
}
