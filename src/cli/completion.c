/* completion: a script for bash, from the same rows as help. */
#include "cli/reference.h"

#include "model/field.h"

static void kinds_add(struct buf *out)
{
    for (int id = 0; id < KIND_COUNT; id++)
        buf_addf(out, "%s%s", id > 0 ? " " : "", kind_of((enum kind_id)id)->name);
}

static Str first_word(const struct command *command)
{
    Str name = str_of(command->name);
    return str_slice(name, 0, str_find_char(name, ' '));
}

/* The first words, each once. */
static void commands_add(struct buf *out)
{
    for (const struct command *command = commands; command->name; command++)
        if (command == commands || !str_eq(first_word(command), first_word(command - 1)))
            buf_addf(out, "%s%.*s", command == commands ? "" : " ", STR_ARG(first_word(command)));
}

/* The second words of a command of two, when this is the first row of them. */
static void branches_add(struct buf *out, const struct command *command)
{
    Str first = first_word(command);
    if (first.len == strlen(command->name)) return;
    if (command != commands && str_eq(first, first_word(command - 1))) return;
    buf_addf(out, "    %.*s)\n        COMPREPLY=($(compgen -W \"", STR_ARG(first));
    for (const struct command *branch = command; branch->name; branch++)
        if (command_branch(branch, first) != NULL)
            buf_addf(out, "%s%s", branch == command ? "" : " ", command_branch(branch, first));
    buf_add(out, S("\" -- \"$word\")); return ;;\n"));
}

/* What stands after an option: "--output|-o) files". */
static void value_case(struct buf *out, const struct option *o)
{
    static const char *const reply[] = {
        [OPTION_FLAG] = "",          [OPTION_TEXT] = "words",  [OPTION_FILE] = "files",
        [OPTION_FOLDER] = "folders", [OPTION_COUNT] = "words", [OPTION_WHOLE] = "words",
        [OPTION_NUMBER] = "words",   [OPTION_TIME] = "words",  [OPTION_DAY] = "words",
        [OPTION_KINDS] = "kinds",    [OPTION_FEED] = "words",
    };
    if (o->type == OPTION_FLAG) return;
    buf_addf(out, "        --%s", o->name);
    if (o->letter) buf_addf(out, "|-%c", o->letter);
    buf_addf(out, ") _colligate_%s; return ;;\n", reply[o->type]);
}

static const char *operand_reply(enum operand operand)
{
    switch (operand) {
    case OPERAND_FILE:
        return "files";
    case OPERAND_FOLDER:
        return "folders";
    case OPERAND_COMMAND:
        return "commands";
    case OPERAND_KIND:
        return "kinds";
    case OPERAND_SHELL:
        return "shells";
    case OPERAND_NONE:
    case OPERAND_WORD:
        return "words";
    }
    return "words";
}

static void command_case(struct buf *out, const struct command *command)
{
    bool two = first_word(command).len < strlen(command->name);
    buf_addf(out, "    %s%s%s)\n        case \"$before\" in\n", two ? "'" : "", command->name,
             two ? "'" : "");
    for (const struct option *o = command->option; o->name; o++)
        value_case(out, o);
    buf_add(out, S("        esac\n        options=\""));
    for (const struct option *o = command->option; o->name; o++)
        buf_addf(out, "--%s ", o->name);
    buf_addf(out, "--help\"\n        operand=%s ;;\n", operand_reply(command->operand));
}

/* Past the second word the command is both: "evaluate) command+=" pairs"". */
static void branches_join(struct buf *out)
{
    for (const struct command *command = commands; command->name; command++) {
        Str first = first_word(command);
        if (first.len == strlen(command->name)) continue;
        if (command != commands && str_eq(first, first_word(command - 1))) continue;
        buf_addf(out, "%.*s) command+=\" ${COMP_WORDS[2]}\" ;; ", STR_ARG(first));
    }
    buf_add(out, S("*) ;; "));
}

void reference_completion_bash(struct buf *out)
{
    buf_add(out, S("# completion for bash; load it with: source <(colligate completion bash)\n"
                   "_colligate_commands() { COMPREPLY=($(compgen -W \""));
    commands_add(out);
    buf_add(out, S("\" -- \"$word\")); }\n_colligate_kinds() { COMPREPLY=($(compgen -W \""));
    kinds_add(out);
    buf_add(out,
            S("\" -- \"$word\")); }\n"
              "_colligate_shells() { COMPREPLY=($(compgen -W bash -- \"$word\")); }\n"
              "_colligate_words() { COMPREPLY=(); }\n"
              "_colligate_files() { mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); }\n"
              "_colligate_folders() { mapfile -t COMPREPLY < <(compgen -d -- \"$word\"); }\n"
              "_colligate() {\n"
              "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} options operand\n"
              "    if ((COMP_CWORD == 1)); then _colligate_commands; return; fi\n"
              "    local command=${COMP_WORDS[1]}\n"
              "    if ((COMP_CWORD > 2)); then case $command in "));
    branches_join(out);
    buf_add(out, S("esac; fi\n    case $command in\n"));
    for (const struct command *command = commands; command->name; command++) {
        branches_add(out, command);
        command_case(out, command);
    }
    buf_add(
        out,
        S("    *) return ;;\n"
          "    esac\n"
          "    if [[ $word == -* ]]; then COMPREPLY=($(compgen -W \"$options\" -- \"$word\")); return; fi\n"
          "    _colligate_$operand\n"
          "}\n"
          "complete -o filenames -F _colligate colligate\n"));
}

enum status cmd_completion(struct cli *c, struct err *e)
{
    if (!str_eq(cli_operand(c, 0), S("bash")))
        return ERR(e, E_INVALID, "", "there is completion for bash only, not for \"%s\".", c->operand[0]);
    reference_completion_bash(&c->out->buf);
    return OK;
}
