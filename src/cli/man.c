/* man: the manual page in mdoc(7), from the same rows as help. */
#include "cli/reference.h"

/* The day of the page: it changes with the commands. */
#define MAN_DATE "November 22, 2026"

/* Text as roff takes it literally. A sentence that ends inside stays on one line: no line begins with a dot.
 */
static void roff_add(struct buf *out, Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool first = out->len == 0 || out->ptr[out->len - 1] == '\n';
        if (c == '\\')
            buf_add(out, S("\\e"));
        else if (c == '-')
            buf_add(out, S("\\-"));
        else if (first && (c == '.' || c == '\''))
            buf_addf(out, "\\&%c", c);
        else
            buf_add_char(out, c);
    }
}

/* A sentence, broken where a line is full. */
static void sentence_add(struct buf *out, Str text)
{
    enum { LINE_BYTES = 72 };
    size_t began = out->len;
    Str word;
    while (text.len > 0 && str_next(&text, ' ', &word)) {
        if (out->len > began && out->len - began + 1 + word.len > LINE_BYTES) {
            buf_add_char(out, '\n');
            began = out->len;
        } else if (out->len > began) {
            buf_add_char(out, ' ');
        }
        roff_add(out, word);
    }
    buf_add_char(out, '\n');
}

/* New sentence, new line: what mandoc asks for, and what makes changes easy to read. */
static void sentences_add(struct buf *out, Str text)
{
    while (text.len > 0) {
        size_t end = 0;
        while (end < text.len) {
            bool stop = text.ptr[end] == '.' || text.ptr[end] == '?';
            if (stop && (end + 1 == text.len || text.ptr[end + 1] == ' ')) break;
            end++;
        }
        end = end < text.len ? end + 1 : end;
        sentence_add(out, str_slice(text, 0, end));
        text = str_trim(str_slice(text, end, text.len));
    }
}

static void paragraphs_add(struct buf *out, Str text)
{
    for (bool first = true; text.len > 0; first = false) {
        size_t end = str_find(text, S("\n\n"));
        if (!first) buf_add(out, S(".Pp\n"));
        sentences_add(out, str_slice(text, 0, end));
        text = end == STR_NPOS ? S("") : str_slice(text, end + 2, text.len);
    }
}

static void list_add(struct buf *out, const char *const *paragraph)
{
    for (const char *const *p = paragraph; *p; p++) {
        if (p != paragraph) buf_add(out, S(".Pp\n"));
        sentences_add(out, str_of(*p));
    }
}

/* "ID", "FILE...", "[KIND]" as mdoc arguments. */
static void operands_add(struct buf *out, const char *operands)
{
    Str rest = str_of(operands), word;
    while (rest.len > 0 && str_next(&rest, ' ', &word)) {
        bool optional = word.ptr[0] == '[';
        if (optional) word = str_slice(word, 1, word.len - 1);
        bool many = str_ends(word, S("..."));
        if (many) word = str_slice(word, 0, word.len - 3);
        buf_addf(out, " %sAr %.*s%s", optional ? "Op " : "", STR_ARG(word), many ? " ..." : "");
    }
}

static void option_add(struct buf *out, struct arena *a, const struct option *o)
{
    buf_add(out, S(".It "));
    if (o->letter) buf_addf(out, "Fl %c , ", o->letter);
    buf_addf(out, "Fl \\-%s", o->name);
    if (o->type != OPTION_FLAG) buf_addf(out, " Ar %s", o->value);
    buf_add_char(out, '\n');
    sentences_add(out, reference_option_doc(a, o));
}

static void command_add(struct buf *out, struct arena *a, const struct command *command)
{
    buf_addf(out, ".Ss %s\n.Nm\n.Cm %s", command->name, command->name);
    if (command->option[0].name) buf_add(out, S(" Oo Ar options Oc"));
    operands_add(out, command->operands);
    buf_add(out, S("\n.Pp\n"));
    paragraphs_add(out, str_of(command->about));
    if (command->option[0].name) buf_add(out, S(".Bl -tag -width indent\n"));
    for (const struct option *o = command->option; o->name; o++)
        option_add(out, a, o);
    if (command->option[0].name) buf_add(out, S(".El\n"));
}

static void rows_add(struct buf *out, const struct reference_row *row, const char *macro)
{
    buf_add(out, S(".Bl -tag -width indent\n"));
    for (; row->name; row++) {
        buf_addf(out, ".It %s%s\n", macro, row->name);
        sentences_add(out, str_of(row->doc));
    }
    buf_add(out, S(".El\n"));
}

static void examples_add(struct buf *out, const struct command *command)
{
    for (const struct example *x = command->example; x->line; x++) {
        buf_add(out, S(".Pp\n"));
        roff_add(out, str_of(x->about));
        buf_add(out, S(":\n.Bd -literal -offset indent -compact\n"));
        roff_add(out, str_of(x->line));
        buf_add(out, S("\n.Ed\n"));
    }
}

void reference_man(struct buf *out, struct arena *a)
{
    buf_add(out,
            S(".Dd " MAN_DATE "\n.Dt COLLIGATE 1\n.Os\n.Sh NAME\n.Nm colligate\n.Nd " REFERENCE_ONE_LINE "\n"
              ".Sh SYNOPSIS\n"));
    for (const struct command *command = commands; command->name; command++) {
        buf_addf(out, ".Nm\n.Cm %s", command->name);
        if (command->option[0].name) buf_add(out, S(" Oo Ar options Oc"));
        operands_add(out, command->operands);
        buf_add_char(out, '\n');
    }
    buf_add(out, S(".Sh DESCRIPTION\n"));
    list_add(out, reference_about);
    buf_add(out, S(".Pp\n"));
    list_add(out, reference_actor);
    for (const struct command *command = commands; command->name; command++)
        command_add(out, a, command);
    buf_add(out, S(".Sh ENVIRONMENT\n"));
    rows_add(out, reference_environment, "Ev ");
    buf_add(out, S(".Sh EXIT STATUS\n"));
    rows_add(out, reference_exits, "");
    buf_add(out, S(".Sh EXAMPLES\n"));
    size_t before = out->len;
    for (const struct command *command = commands; command->name; command++)
        examples_add(out, command);
    /* A section does not begin with a paragraph break. */
    if (out->len > before + 4) {
        memmove(out->ptr + before, out->ptr + before + 4, out->len - before - 4);
        out->len -= 4;
        out->ptr[out->len] = '\0';
    }
}

enum status cmd_man(struct cli *c, struct err *e)
{
    (void)e;
    reference_man(&c->out->buf, c->arena);
    return OK;
}
