/* How anything here says that it failed: a status to branch on, and one
 * sentence for people, filled once, at the place where the failure happened. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

#define MUST_USE               __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

enum status {
    OK = 0,
    E_NOT_FOUND, /* the thing named does not exist, or the viewer may not know of it */
    E_CONFLICT,  /* somebody else changed it first */
    E_INVALID,   /* the input is wrong; the error says what would be accepted */
    E_DENIED,    /* the viewer may not do this */
    E_LIMIT,     /* a stated limit was reached */
    E_BUSY,      /* try again */
    E_IO,        /* a file, pipe or disk failed */
    E_DB,        /* the database failed */
    E_INTERNAL,  /* a defect of ours */
};

/* One error. `text` is one plain sentence: what is wrong and how to mend it.
 * `field` names the field or argument concerned, "" where there is none. */
struct err {
    enum status status;
    char text[600];
    char field[64];
    const char *file;
    int line;
};

/* Fills `e` unless it is NULL or already filled; returns `status` either way,
 * so that a caller can write: return ERR(e, E_INVALID, "age", "..."). */
#define ERR(e, status, field, ...) err_fill(e, status, field, __FILE__, __LINE__, __VA_ARGS__)

enum status err_fill(struct err *e, enum status status, const char *field, const char *file, int line,
                     const char *fmt, ...) PRINTF_LIKE(6, 7);

/* Empties `e` so that it can be filled again. NULL is allowed. */
void err_clear(struct err *e);

/* "not found", "invalid" ...: the status in words. Never NULL. */
const char *status_name(enum status status);

/* The exit code of a command that ended with `status` (sysexits where one fits). */
int status_exit_code(enum status status);

/* A defect of ours: prints file, line and text to stderr and aborts. Stays on in release. */
#define BUG(...) err_bug(__FILE__, __LINE__, __VA_ARGS__)
#define MUST(cond)                                                                                           \
    do {                                                                                                     \
        if (__builtin_expect(!(cond), 0)) BUG("%s", #cond);                                                  \
    } while (0)
_Noreturn void err_bug(const char *file, int line, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* TRY(call): returns the status of a failed call to the caller. For functions that own nothing yet. */
#define TRY(call)                                                                                            \
    do {                                                                                                     \
        enum status try_status_ = (call);                                                                    \
        if (try_status_ != OK) return try_status_;                                                           \
    } while (0)

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
