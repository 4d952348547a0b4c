/* lint [--tap] ROOT: checks the tree under ROOT; the exit code is 1 when there is a finding. */
#include "base/stream.h"
#include "lint.h"

#include <fts.h>
#include <stdio.h>

enum { TREE_BYTES_MAX = 1 << 30, FILE_BYTES_MAX = 64 << 20, PATHS_MAX = 20000 };

static bool is_text(Str path)
{
    static const char *const endings[] = {".c",     ".h",    ".md",    ".tsv",    ".sql",   ".map",
                                          ".build", ".txt",  ".sh",    ".awk",    ".cases", ".mjs",
                                          ".js",    ".scss", "NOTICE", ".ci/run", "/do"};
    for (size_t i = 0; i < COUNT_OF(endings); i++)
        if (str_ends(path, str_of(endings[i]))) return true;
    return false;
}

/* What was built, what git keeps, and the files whose business is to break the rules. */
static bool is_skipped(Str below)
{
    return str_starts(below, S("build")) || str_starts(below, S(".git")) ||
           str_starts(below, S("bench/out")) || str_ends(below, S("/node_modules")) ||
           str_ends(below, S("/venv")) || str_eq(below, S("tools/lint/house.tsv")) ||
           (str_starts(below, S("test/lint/")) && str_ends(below, S(".txt")));
}

static enum status tree_list(struct arena *a, const char *root, struct str_list *out, struct err *e)
{
    struct str_list list = {NEW_ARRAY(a, Str, PATHS_MAX), 0};
    char *start = str_cstr(a, str_of(root));
    char *const roots[] = {start, NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    if (!tree) return ERR(e, E_IO, "", "%s: cannot be read.", root);
    for (FTSENT *f; (f = fts_read(tree));) {
        Str path = str_of(f->fts_path);
        Str below = str_slice(path, strlen(root) + 1, path.len);
        if (f->fts_info == FTS_D && is_skipped(below)) (void)fts_set(tree, f, FTS_SKIP);
        if (f->fts_info != FTS_F || is_skipped(below) || !is_text(path)) continue;
        if (list.count < PATHS_MAX) list.item[list.count++] = str_copy(a, below);
    }
    (void)fts_close(tree);
    str_sort(&list);
    *out = list;
    return OK;
}

static enum status file_load(struct arena *a, const char *root, Str path, Str *out, struct err *e)
{
    struct buf b CLEANUP_BUF = {0};
    buf_init(&b, FILE_BYTES_MAX);
    TRY(file_read(str_cstr(a, str_format(a, "%s/%.*s", root, STR_ARG(path))), &b, e));
    *out = str_copy(a, buf_str(&b));
    return OK;
}

static enum status tree_lint(struct arena *a, const char *root, struct report *r, struct err *e)
{
    struct str_list paths = {NULL, 0};
    struct rules rules = {NULL, 0};
    Str text;
    TRY(file_load(a, root, S("tools/lint/house.tsv"), &text, e));
    TRY(rules_parse(a, text, &rules, e));
    TRY(tree_list(a, root, &paths, e));
    for (size_t i = 0; i < paths.count; i++) {
        TRY(file_load(a, root, paths.item[i], &text, e));
        struct source s = source_read(a, paths.item[i], text);
        lint_source(&rules, &s, r);
    }
    return OK;
}

static void print_plain(const struct report *r)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct finding *f = &r->finding[i];
        printf("%.*s:%zu: %s%s: %.*s\n", STR_ARG(f->path), f->line, f->warning ? "warning, " : "", f->rule,
               STR_ARG(f->text));
    }
    printf("rules: %zu files, %zu findings, %zu warnings\n", r->files, r->count - r->warnings, r->warnings);
}

/* As one test when all is well, else one failed test a finding. */
static void print_tap(const struct report *r)
{
    size_t n = 0, findings = r->count - r->warnings;
    printf("1..%zu\n", findings ? findings : 1);
    if (!findings) printf("ok 1 - the rules of the house over %zu files\n", r->files);
    for (size_t i = 0; i < r->count; i++) {
        const struct finding *f = &r->finding[i];
        if (f->warning) continue;
        printf("not ok %zu - %.*s:%zu: %s: %.*s\n", ++n, STR_ARG(f->path), f->line, f->rule,
               STR_ARG(f->text));
    }
}

int main(int argc, char **argv)
{
    bool tap = argc > 1 && strcmp(argv[1], "--tap") == 0;
    if (argc != 2 + tap) {
        fputs("use: lint [--tap] ROOT\n", stderr);
        return 64;
    }
    struct arena *a CLEANUP_ARENA = arena_new("lint", TREE_BYTES_MAX);
    struct report r = {.arena = a};
    struct err e = {0};
    if (tree_lint(a, argv[1 + tap], &r, &e) != OK) {
        fprintf(stderr, "lint: %s\n", e.text);
        return status_exit_code(e.status);
    }
    if (tap)
        print_tap(&r);
    else
        print_plain(&r);
    return r.count > r.warnings ? 1 : 0;
}
