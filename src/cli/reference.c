#include "cli/reference.h"

const char *const reference_about[] = {
    "Colligate takes in reports of unexplained deaths, keeps them in a ledger from which nothing can vanish, "
    "weighs every death against all others, and says in plain words why two of them may belong together, how "
    "rare that is, and what speaks against it.",
    "A data folder holds everything. Facts come in as feeds or tables, each with its source and the time at "
    "which it became known; every view can be asked for as of any earlier time.",
    NULL,
};

const char *const reference_actor[] = {
    "Every change and every reading is an entry of the ledger with a name and a role. The name is that of "
    "the account that runs the program unless --as gives another, the role is administrator unless --role "
    "does. The program believes both: who may run it on the data folder may read and write all of it, so "
    "keep the folder to accounts that may.",
    NULL,
};

const struct reference_row reference_exits[] = {
    {"0", "It went well."},
    {"64", "The command line is wrong."},
    {"65", "The input is wrong; or verify and rebuild have findings."},
    {"66", "What was named is not there."},
    {"69", "A limit was reached."},
    {"70", "A defect of the program."},
    {"74", "A file, a disk or the database failed."},
    {"75", "Somebody else is writing, or changed it first: try again."},
    {"77", "Not allowed, such as approving one's own act."},
    {NULL, NULL},
};

const struct reference_row reference_environment[] = {
    {"COLLIGATE_DIR", "The data folder where --data is not given."},
    {"TMPDIR", "Where replay --json - keeps its file while it runs; /tmp without it."},
    {NULL, NULL},
};

Str reference_option_form(struct arena *a, const struct option *o)
{
    Str letter = o->letter ? str_format(a, "-%c, ", o->letter) : S("");
    const char *blank = o->type == OPTION_FLAG ? "" : " ";
    return str_format(a, "%.*s--%s%s%s", STR_ARG(letter), o->name, blank,
                      o->type == OPTION_FLAG ? "" : o->value);
}

Str reference_option_doc(struct arena *a, const struct option *o)
{
    const char *fallback = o->fallback && strcmp(o->fallback, ".") == 0 ? "this folder" : o->fallback;
    if (fallback) return str_format(a, "%s Default: %s.", o->doc, fallback);
    return o->required ? str_format(a, "%s Must be given.", o->doc) : str_of(o->doc);
}

Str reference_usage(struct arena *a, const struct command *command)
{
    bool options = command->option[0].name != NULL;
    return str_format(a, "colligate %s%s%s%s", command->name, options ? " [OPTIONS]" : "",
                      command->operands[0] ? " " : "", command->operands);
}
