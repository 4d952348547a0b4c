#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int exit_code;
} statuses[] = {
    [OK] = {"ok", 0},
    [E_NOT_FOUND] = {"not found", 66},       /* EX_NOINPUT */
    [E_CONFLICT] = {"conflict", 75},         /* EX_TEMPFAIL: read again, then repeat */
    [E_INVALID] = {"invalid", 65},           /* EX_DATAERR */
    [E_DENIED] = {"denied", 77},             /* EX_NOPERM */
    [E_LIMIT] = {"over a limit", 69},        /* EX_UNAVAILABLE */
    [E_BUSY] = {"busy", 75},                 /* EX_TEMPFAIL */
    [E_IO] = {"input or output failed", 74}, /* EX_IOERR */
    [E_DB] = {"database failed", 74},        /* EX_IOERR */
    [E_INTERNAL] = {"internal error", 70},   /* EX_SOFTWARE */
};

/* Drops a UTF-8 sequence that the end of the buffer cut in two. */
static void trim_partial_sequence(char *text)
{
    size_t len = strlen(text);
    size_t at = len;
    while (at > 0 && len - at < 3 && ((unsigned char)text[at - 1] & 0xC0) == 0x80)
        at--;
    if (at == 0) return;
    unsigned char lead = (unsigned char)text[at - 1];
    size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (need > 1 && len - (at - 1) < need) text[at - 1] = '\0';
}

enum status err_fill(struct err *e, enum status status, const char *field, const char *file, int line,
                     const char *fmt, ...)
{
    if (e == NULL || e->status != OK) return status;
    e->status = status;
    e->file = file;
    e->line = line;
    snprintf(e->field, sizeof e->field, "%s", field != NULL ? field : "");
    va_list args;
    va_start(args, fmt);
    vsnprintf(e->text, sizeof e->text, fmt, args);
    va_end(args);
    trim_partial_sequence(e->field);
    trim_partial_sequence(e->text);
    return status;
}

void err_clear(struct err *e)
{
    if (e != NULL) *e = (struct err){0};
}

const char *status_name(enum status status)
{
    size_t i = (size_t)status;
    return i < COUNT_OF(statuses) ? statuses[i].name : "unknown status";
}

int status_exit_code(enum status status)
{
    size_t i = (size_t)status;
    return i < COUNT_OF(statuses) ? statuses[i].exit_code : 70;
}

void err_bug(const char *file, int line, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fprintf(stderr, "defect: %s:%d: ", file, line);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
    va_end(args);
    fflush(stderr);
    abort();
}
