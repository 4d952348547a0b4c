/* help: the list of commands, one command in full, the whole reference as Markdown. */
#include "cli/reference.h"

enum { INDENT = 4, COMMAND_COLUMN = 24, OPTION_COLUMN = 26, EXIT_COLUMN = 8 };

static void indented_label(struct screen *out, Str label, size_t column, Str text)
{
    struct buf line CLEANUP_BUF;
    buf_init(&line, 1 << 16);
    buf_add(&line, S("    "));
    buf_add(&line, label);
    print_labelled(out, buf_str(&line), column + INDENT, text);
}

static void paragraphs_print(struct screen *out, Str text, size_t indent)
{
    print_wrapped(out, text, indent, indent);
}

static void list_print(struct cli *c)
{
    for (const char *const *p = reference_about; *p; p++) {
        print_wrapped(c->out, str_of(*p), 0, 0);
        print_line(c->out, "%s", "");
    }
    print_line(c->out, "Usage: colligate COMMAND [OPTIONS] [OPERANDS]");
    print_line(c->out, "%s", "");
    for (const struct command *command = commands; command->name; command++)
        indented_label(c->out, str_format(c->arena, "%s %s", command->name, command->operands),
                       COMMAND_COLUMN, str_of(command->summary));
    print_line(c->out, "%s", "");
    print_line(c->out, "One command in full: colligate help COMMAND. All of it: colligate man | man -l -");
}

static void command_print(struct cli *c, const struct command *command)
{
    print_wrapped(c->out, str_format(c->arena, "colligate %s: %s", command->name, command->summary), 0,
                  INDENT);
    print_line(c->out, "%s", "");
    print_wrapped(c->out, str_format(c->arena, "Usage: %.*s", STR_ARG(reference_usage(c->arena, command))), 0,
                  INDENT);
    print_line(c->out, "%s", "");
    paragraphs_print(c->out, str_of(command->about), 0);
    if (command->option[0].name) {
        print_line(c->out, "%s", "");
        print_line(c->out, "Options");
    }
    for (const struct option *o = command->option; o->name; o++)
        indented_label(c->out, reference_option_form(c->arena, o), OPTION_COLUMN,
                       reference_option_doc(c->arena, o));
    if (command->example[0].line) {
        print_line(c->out, "%s", "");
        print_line(c->out, "Examples");
    }
    for (const struct example *x = command->example; x->line; x++) {
        print_wrapped(c->out, str_format(c->arena, "%s:", x->about), INDENT, INDENT);
        print_line(c->out, "        %s", x->line);
    }
}

enum status cmd_help(struct cli *c, struct err *e)
{
    if (cli_flag(c, "markdown")) {
        reference_markdown(&c->out->buf, c->arena);
        return OK;
    }
    if (c->operand_count == 0) {
        list_print(c);
        return OK;
    }
    Str name = cli_operands(c);
    const struct command *command = command_find(name);
    if (command) {
        command_print(c, command);
        return OK;
    }
    bool branches = false; /* the first word of several commands: each of them */
    for (command = commands; command->name; command++)
        if (command_branch(command, name) != NULL) {
            if (branches) print_line(c->out, "%s", "");
            command_print(c, command);
            branches = true;
        }
    if (!branches)
        return ERR(e, E_NOT_FOUND, "", "there is no command \"%.*s\"; see: colligate help", STR_ARG(name));
    return OK;
}

enum status cmd_version(struct cli *c, struct err *e)
{
    (void)e;
    if (!cli_flag(c, "json")) {
        print_line(c->out, "colligate %s", COLLIGATE_VERSION);
        return OK;
    }
    struct json_writer w = json_writer(&c->out->buf, true);
    json_open(&w, '{');
    json_kv_str(&w, S("name"), S("colligate"));
    json_kv_str(&w, S("version"), S(COLLIGATE_VERSION));
    json_close(&w, '}');
    print_line(c->out, "%s", "");
    return OK;
}

/* ---- Markdown --------------------------------------------------------------------------------------- */

/* A | would end a cell of a table, < would begin a tag. */
static void cell_add(struct buf *out, Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '|') buf_add_char(out, '\\');
        if (text.ptr[i] == '<')
            buf_add(out, S("&lt;"));
        else
            buf_add_char(out, text.ptr[i]);
    }
}

static void rows_markdown(struct buf *out, const char *title, const struct reference_row *row)
{
    buf_addf(out, "\n## %s\n\n", title);
    for (; row->name; row++)
        buf_addf(out, "- `%s`: %s\n", row->name, row->doc);
}

static void command_markdown(struct buf *out, struct arena *a, const struct command *command)
{
    buf_addf(out, "\n## %s\n\n", command->name);
    buf_addf(out, "    %.*s\n\n%s\n", STR_ARG(reference_usage(a, command)), command->about);
    if (command->option[0].name) buf_add(out, S("\n| option | |\n|---|---|\n"));
    for (const struct option *o = command->option; o->name; o++) {
        buf_add(out, S("| `"));
        cell_add(out, reference_option_form(a, o));
        buf_add(out, S("` | "));
        cell_add(out, reference_option_doc(a, o));
        buf_add(out, S(" |\n"));
    }
    for (const struct example *x = command->example; x->line; x++)
        buf_addf(out, "\n%c%s:\n\n    %s\n",
                 x->about[0] >= 'a' && x->about[0] <= 'z' ? x->about[0] - 'a' + 'A' : x->about[0],
                 x->about + 1, x->line);
}

/* What a heading is called by a link: blanks become dashes. */
static Str anchor_of(struct arena *a, const struct command *command)
{
    char *name = str_cstr(a, str_of(command->name));
    for (char *p = name; *p != '\0'; p++)
        if (*p == ' ') *p = '-';
    return str_of(name);
}

void reference_markdown(struct buf *out, struct arena *a)
{
    buf_add(out, S("# The command line\n\n"
                   "This page is printed by `colligate help --markdown`; a test compares the two.\n"));
    for (const char *const *p = reference_about; *p; p++)
        buf_addf(out, "\n%s\n", *p);
    buf_add(out, S("\n| command | what it does |\n|---|---|\n"));
    for (const struct command *command = commands; command->name; command++)
        buf_addf(out, "| [%s](#%.*s) | %s |\n", command->name, STR_ARG(anchor_of(a, command)),
                 command->summary);
    buf_add(out, S("\n## Who acts\n"));
    for (const char *const *p = reference_actor; *p; p++)
        buf_addf(out, "\n%s\n", *p);
    for (const struct command *command = commands; command->name; command++)
        command_markdown(out, a, command);
    rows_markdown(out, "Exit codes", reference_exits);
    rows_markdown(out, "Environment", reference_environment);
}
