/* What the program tells its operator. Used by cli, web and the job runner only: libraries return errors. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/err.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* Lines go to stderr: "warning: text". On by default: errors, warnings and infos. */
void log_set_level(enum log_level level);
void log_line(enum log_level level, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* The error's sentence, with its field; at debug level also file and line. */
void log_err(const struct err *e);

#endif
