#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

/* One setting of the process, set at its start. */
static _Atomic int level_shown = LOG_INFO;

void log_set_level(enum log_level level)
{
    atomic_store(&level_shown, (int)level);
}

void log_line(enum log_level level, const char *fmt, ...)
{
    static const char *const name[] = {"error", "warning", "info", "debug"};
    if ((int)level > atomic_load(&level_shown)) return;
    char text[2000];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    /* One event is one line, whatever the text quotes. */
    for (char *p = text; *p != '\0'; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7F) *p = ' ';
    fprintf(stderr, "%s: %s\n", name[level], text);
}

void log_err(const struct err *e)
{
    if (e == NULL || e->status == OK) return;
    const char *colon = e->field[0] != '\0' ? ": " : "";
    log_line(LOG_ERROR, "%s%s%s", e->field, colon, e->text);
    log_line(LOG_DEBUG, "%s at %s:%d", status_name(e->status), e->file != NULL ? e->file : "?", e->line);
}
