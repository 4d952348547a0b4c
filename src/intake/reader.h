/* Inside the reading process: what it does from its first instruction to its last. */
#ifndef INTAKE_READER_H
#define INTAKE_READER_H

/* Where it finds what its parent gave it. */
enum { READER_FILE_FD = 3, READER_PIPE_FD = 4, READER_ORDER_FD = 5 };
/* The first argument of a program that is started to be one; the second names the file for messages. */
#define READER_WORD "--reading-process"

/* Gives up every right, then reads the file as the order says and writes messages (intake/frame.h). */
_Noreturn void reader_main(const char *name);

#endif
