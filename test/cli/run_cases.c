/* Runs a transcript and compares what it shows:
 *
 *     # a comment
 *     $ colligate show D1
 *     death D1 [..]
 *     ...
 *     [66]
 *
 * "$ " begins a command, "> " continues it on the next line (for here-documents). What follows is all that it
 * may write, to standard output and standard error together. [..] stands for anything within a line, a line
 * of ... for any number of lines, and a last line such as [66] for the exit code, which is else 0. The
 * commands of a file share a new, empty folder; $CASES is the folder of the file, $SRC that of the sources.
 *
 * Of a page (.md) only the blocks that begin with ```console are read. "```console run": is run, but what it
 * shows changes from run to run and is not compared. "```console once": takes too long, and is run for
 * --print alone.
 *
 *     run_cases PROGRAM FILE           tests; prints the result of each command as TAP
 *     run_cases --print PROGRAM FILE   prints the file with what is shown now where that has changed */
#include "base/buf.h"
#include "base/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FILE_BYTES_MAX = 1 << 22, OUTPUT_BYTES_MAX = 1 << 26 };

enum rule { COMPARE, RUN, ONCE };

struct step {
    size_t line; /* of the command, from 1 */
    Str command;
    struct str_list expected;
    int code;
    enum rule rule;
};

struct transcript {
    struct str_list lines;
    size_t at;
    bool page;   /* Markdown */
    bool inside; /* a block of commands */
    bool echo;   /* prints what stands between the steps */
    enum rule rule;
};

_Noreturn static void stop(const char *what, const char *name)
{
    fprintf(stderr, "run_cases: %s: %s\n", what, name);
    exit(99);
}

/* ---- the transcript --------------------------------------------------------------------------------- */

static bool code_read(Str line, int *code)
{
    int64_t n = 0;
    if (!str_starts(line, S("[")) || !str_ends(line, S("]"))) return false;
    if (str_to_i64(str_slice(line, 1, line.len - 1), &n) != OK) return false;
    *code = (int)n;
    return true;
}

/* Goes to the next command; false at the end. */
static bool command_find(struct transcript *t)
{
    for (; t->at < t->lines.count; t->at++) {
        Str line = t->lines.item[t->at];
        if ((t->inside || !t->page) && str_starts(line, S("$ "))) return true;
        if (t->page && str_starts(line, S("```"))) {
            t->inside = str_starts(line, S("```console"));
            t->rule = str_ends(line, S(" run")) ? RUN : str_ends(line, S(" once")) ? ONCE : COMPARE;
        }
        if (t->echo && (t->at + 1 < t->lines.count || !str_empty(line))) printf("%.*s\n", STR_ARG(line));
    }
    return false;
}

static bool output_ends(const struct transcript *t)
{
    Str line = t->at < t->lines.count ? t->lines.item[t->at] : S("$ ");
    return str_starts(line, S("$ ")) || (t->page ? str_starts(line, S("```")) : str_starts(line, S("# ")));
}

static bool step_next(struct arena *a, struct transcript *t, struct step *out)
{
    struct buf command CLEANUP_BUF;
    buf_init(&command, FILE_BYTES_MAX);
    if (!command_find(t)) return false;
    *out = (struct step){.line = t->at + 1, .rule = t->rule};
    buf_add(&command, str_slice(t->lines.item[t->at], 2, SIZE_MAX));
    for (t->at++; t->at < t->lines.count && str_starts(t->lines.item[t->at], S(">")); t->at++) {
        buf_add_char(&command, '\n');
        buf_add(&command, str_slice(t->lines.item[t->at], 2, SIZE_MAX));
    }
    buf_add_char(&command, '\n');
    out->command = str_copy(a, buf_str(&command));
    out->expected.item = &t->lines.item[t->at];
    for (; !output_ends(t); t->at++)
        out->expected.count++;
    /* Blank lines before the next command are for readers. */
    for (; out->expected.count > 0 && str_empty(out->expected.item[out->expected.count - 1]); t->at--)
        out->expected.count--;
    if (out->expected.count > 0 && code_read(out->expected.item[out->expected.count - 1], &out->code))
        out->expected.count--;
    return true;
}

/* ---- comparing -------------------------------------------------------------------------------------- */

static bool line_matches(Str pattern, Str line)
{
    size_t hole = str_find(pattern, S("[..]"));
    if (hole == STR_NPOS) return str_eq(pattern, line);
    if (!str_eq(str_slice(pattern, 0, hole), str_slice(line, 0, hole)) || line.len < hole) return false;
    Str rest = str_slice(pattern, hole + 4, pattern.len);
    for (size_t at = hole; at <= line.len; at++)
        if (line_matches(rest, str_slice(line, at, line.len))) return true;
    return false;
}

/* Rows by columns of what matches, so that many ... cost no more than lines times lines. */
static bool lines_match(struct arena *a, const struct str_list *pattern, const struct str_list *line)
{
    bool *reach = NEW_ARRAY(a, bool, line->count + 1); /* the lines used by the patterns so far */
    reach[0] = true;
    for (size_t p = 0; p < pattern->count; p++) {
        bool *next = NEW_ARRAY(a, bool, line->count + 1), any = str_eq(pattern->item[p], S("..."));
        for (size_t i = 0; i <= line->count; i++) {
            if (any)
                next[i] = reach[i] || (i > 0 && next[i - 1]);
            else
                next[i] = i > 0 && reach[i - 1] && line_matches(pattern->item[p], line->item[i - 1]);
        }
        reach = next;
    }
    return reach[line->count];
}

/* ---- running ---------------------------------------------------------------------------------------- */

static int command_run(Str command, struct arena *a, struct buf *output)
{
    char piece[4096];
    Str text = str_format(a, "exec 2>&1 </dev/null\n%.*s", STR_ARG(command));
    FILE *pipe = popen(str_cstr(a, text), "r");
    if (!pipe) stop("cannot run", str_cstr(a, command));
    for (size_t n; (n = fread(piece, 1, sizeof piece, pipe)) > 0;)
        buf_add(output, (Str){piece, n});
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static struct str_list output_lines(struct arena *a, const struct buf *output)
{
    Str text = str_copy(a, buf_str(output));
    if (str_ends(text, S("\n"))) text = str_slice(text, 0, text.len - 1);
    return text.len > 0 || output->len > 0 ? str_split(a, text, '\n') : (struct str_list){0};
}

static void lines_tell(const char *mark, const struct str_list *lines, int code)
{
    for (size_t i = 0; i < lines->count; i++)
        printf("# %s %.*s\n", mark, STR_ARG(lines->item[i]));
    if (code != 0) printf("# %s [%d]\n", mark, code);
}

struct outcome {
    struct str_list lines;
    int code;
    bool good;
};

static struct outcome step_run(struct arena *a, const struct step *s)
{
    struct buf output CLEANUP_BUF;
    struct outcome o = {0};
    buf_init(&output, OUTPUT_BYTES_MAX);
    o.code = command_run(s->command, a, &output);
    o.lines = output_lines(a, &output);
    o.good = o.code == s->code && (s->rule == RUN || lines_match(a, &s->expected, &o.lines));
    return o;
}

static bool step_test(struct arena *a, const struct step *s, size_t number)
{
    struct outcome o = step_run(a, s);
    size_t end = str_find_char(s->command, '\n');
    printf("%s %zu - line %zu: %.*s\n", o.good ? "ok" : "not ok", number, s->line, (int)end, s->command.ptr);
    if (!o.good) {
        lines_tell("expected", &s->expected, s->code);
        lines_tell("got     ", &o.lines, o.code);
    }
    fflush(stdout);
    return o.good;
}

/* What still holds stays as it is written, with its gaps. */
static void step_print(struct arena *a, const struct step *s)
{
    struct outcome o = step_run(a, s);
    bool keep = o.good && !(s->rule == RUN && s->expected.count == 0);
    const struct str_list *shown = keep ? &s->expected : &o.lines;
    struct str_list line = str_split(a, str_slice(s->command, 0, s->command.len - 1), '\n');
    for (size_t i = 0; i < line.count; i++)
        printf("%s%s%.*s\n", i == 0 ? "$" : ">", line.item[i].len > 0 ? " " : "", STR_ARG(line.item[i]));
    for (size_t i = 0; i < shown->count; i++)
        printf("%.*s\n", STR_ARG(shown->item[i]));
    if (o.code != 0) printf("[%d]\n", o.code);
    fflush(stdout);
}

/* A folder of its own, the program on the path, nothing of the account that runs the tests. */
static char *folder_make(struct arena *a, const char *program, const char *transcript)
{
    const char *path = getenv("PATH"), *tmp = getenv("TMPDIR");
    char *dir = str_cstr(a, str_format(a, "%s/colligate-cases-XXXXXX", tmp ? tmp : "/tmp"));
    char *full = realpath(program, NULL);
    if (!full) stop("no such program", program);
    Str bin = str_of(full);
    while (bin.len > 0 && bin.ptr[bin.len - 1] != '/')
        bin.len--;
    setenv("PATH", str_cstr(a, str_format(a, "%.*s:%s", STR_ARG(bin), path ? path : "/usr/bin:/bin")), 1);
    free(full);
    const char *sources = getenv("COLLIGATE_SOURCE_ROOT");
    setenv("SRC", sources ? sources : ".", 1);
    unsetenv("COLLIGATE_DIR");
    if (!(full = realpath(transcript, NULL))) stop("no such file", transcript);
    Str cases = str_of(full);
    while (cases.len > 1 && cases.ptr[cases.len - 1] != '/')
        cases.len--;
    setenv("CASES", str_cstr(a, str_slice(cases, 0, cases.len - 1)), 1);
    free(full);
    setenv("LC_ALL", "C.UTF-8", 1);
    if (!mkdtemp(dir) || chdir(dir) != 0) stop("cannot make", dir);
    return dir;
}

int main(int argc, char **argv)
{
    bool print = argc == 4 && strcmp(argv[1], "--print") == 0;
    struct arena *a CLEANUP_ARENA = arena_new("a transcript", (size_t)1 << 30);
    struct buf text CLEANUP_BUF;
    struct err e = {0};
    struct step step;
    size_t steps = 0, failed = 0;
    if (argc != 3 && !print) stop("usage", "run_cases [--print] PROGRAM FILE");
    buf_init(&text, FILE_BYTES_MAX);
    if (file_read(argv[argc - 1], &text, &e) != OK) stop(e.text, argv[argc - 1]);
    struct transcript t = {.lines = str_split(a, buf_str(&text), '\n'), .echo = print};
    t.page = str_ends(str_of(argv[argc - 1]), S(".md"));
    char *dir = folder_make(a, argv[argc - 2], argv[argc - 1]);
    while (step_next(a, &t, &step)) {
        if (step.rule == ONCE && !print) continue;
        steps++;
        if (print)
            step_print(a, &step);
        else if (!step_test(a, &step, steps))
            failed++;
    }
    if (!print) printf("1..%zu\n", steps);
    Str clean = str_format(a, "rm -rf '%s'", dir);
    if (chdir("/") != 0 || system(str_cstr(a, clean)) != 0) stop("cannot remove", dir);
    return failed > 0 || steps == 0;
}
