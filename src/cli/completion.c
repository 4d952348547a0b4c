/* completion: a script for bash, from the same rows as help. */
#include "cli/reference.h"

#include "model/field.h"

static void kinds_add(struct buf *out)
{
    for (int id = 0; id < KIND_COUNT; id++)
        buf_addf(out, "%s%s", id > 0 ? " " : "", kind_of((enum kind_id)id)->name);
}

static void commands_add(struct buf *out)
{
    for (const struct command *command = commands; command->name; command++)
        buf_addf(out, "%s%s", command == commands ? "" : " ", command->name);
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
    buf_addf(out, "    %s)\n        case \"$before\" in\n", command->name);
    for (const struct option *o = command->option; o->name; o++)
        value_case(out, o);
    buf_add(out, S("        esac\n        options=\""));
    for (const struct option *o = command->option; o->name; o++)
        buf_addf(out, "--%s ", o->name);
    buf_addf(out, "--help\"\n        operand=%s ;;\n", operand_reply(command->operand));
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
              "    case ${COMP_WORDS[1]} in\n"));
    for (const struct command *command = commands; command->name; command++)
        command_case(out, command);
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
