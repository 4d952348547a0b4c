/* One run: which command, its options, its result. */
#include "cli/command.h"
#include "model/suggest.h"

#include <stdio.h>
#include <unistd.h>

enum { EXIT_USAGE = 64 };
#define RUN_BYTES_MAX ((size_t)8 << 30)

/* One plain line on standard error, whatever the text quotes. Where the fault lies in an option, its name
 * leads. */
static void complain(const struct command *command, const struct err *e)
{
    char text[sizeof e->text + sizeof e->field + 8];
    const struct option *at = NULL;
    for (const struct option *o = command ? command->option : NULL; o && o->name; o++)
        if (strcmp(o->name, e->field) == 0) at = o;
    bool named = at && strstr(e->text, at->name) == NULL;
    snprintf(text, sizeof text, "%s%s%s%s", named ? "--" : "", named ? at->name : "", named ? ": " : "",
             e->text);
    for (char *p = text; *p != '\0'; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7F) *p = ' ';
    fprintf(stderr, "colligate: %s\n", text);
}

/* The commands whose name begins with this word and goes on: "pairs, groups". */
static Str command_branches(Str first, struct arena *a)
{
    struct str_list list = {NULL, 0};
    for (const struct command *command = commands; command->name; command++)
        if (command_branch(command, first) != NULL) list.count++;
    list.item = NEW_ARRAY(a, Str, list.count + 1);
    list.count = 0;
    for (const struct command *command = commands; command->name; command++)
        if (command_branch(command, first) != NULL)
            list.item[list.count++] = str_of(command_branch(command, first));
    return str_join(a, &list, S(", "));
}

/* The command that the first words name, of one word or of two; *words says how many. */
static enum status command_choose(Str name, Str next, const struct command **out, int *words, struct arena *a,
                                  struct err *e)
{
    *words = 1;
    *out = command_find(name);
    if (*out) return OK;
    Str branches = command_branches(name, a);
    if (!str_empty(branches)) {
        *words = 2;
        *out = command_find(str_format(a, "%.*s %.*s", STR_ARG(name), STR_ARG(next)));
        if (*out) return OK;
        return ERR(e, E_INVALID, "", "say what to %.*s: %.*s", STR_ARG(name), STR_ARG(branches));
    }
    struct suggest s = suggest_for(name);
    for (const struct command *command = commands; command->name; command++)
        suggest_try(&s, str_of(command->name));
    Str best = suggest_best(&s);
    if (str_present(best))
        return ERR(e, E_INVALID, "", "there is no command \"%.*s\"; did you mean %.*s?", STR_ARG(name),
                   STR_ARG(best));
    return ERR(e, E_INVALID, "", "there is no command \"%.*s\"; see: colligate help", STR_ARG(name));
}

static bool wants_help(int argc, const char *const *argv)
{
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0) return false;
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) return true;
    }
    return false;
}

/* `colligate COMMAND --help` is `colligate help COMMAND`. */
static int run(struct cli *c, int argc, const char *const *argv, struct err *e)
{
    const char *help_of[] = {c->command->name}; /* one word or two: help takes it whole */
    bool help = wants_help(argc, argv);
    if (help) {
        c->command = command_find(S("help"));
        argc = strcmp(help_of[0], "help") == 0 ? 0 : 1;
        argv = help_of;
    }
    if (options_parse(c, argc, argv, e) != OK) return EXIT_USAGE;
    enum status status = c->command->run(c, e);
    struct err lost = {0};
    enum status written = screen_flush(c->out, status == OK ? e : &lost);
    if (status == OK) status = written;
    return status == OK ? c->exit_code : status_exit_code(status);
}

static const char *command_name(int argc, const char *const *argv)
{
    if (argc < 2) return NULL;
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) return "help";
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) return "version";
    return argv[1];
}

int cli_main(int argc, const char *const *argv)
{
    struct err e = {0};
    struct screen out;
    const char *name = command_name(argc, argv);
    struct cli c = {.out = &out};
    int code = EXIT_USAGE;
    if (!name) {
        fputs("colligate: say what to do; see: colligate help\n", stderr);
        return EXIT_USAGE;
    }
    c.arena = arena_new("one run of the program", RUN_BYTES_MAX);
    screen_init(&out, STDOUT_FILENO, "standard output");
    int words;
    Str next = argc > 2 ? str_of(argv[2]) : S("");
    if (command_choose(str_of(name), next, &c.command, &words, c.arena, &e) == OK)
        code = run(&c, argc - 1 - words, argv + 1 + words, &e);
    if (e.status != OK) complain(c.command, &e);
    screen_done(&out);
    arena_free(c.arena);
    return code;
}
