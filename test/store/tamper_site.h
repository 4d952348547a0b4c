/* Where the store is made that tamper_test.c tampers with. */
#ifndef TEST_TAMPER_SITE_H
#define TEST_TAMPER_SITE_H

#include "base/buf.h"
#include "store/store.h"

#define FILE_BYTES_MAX (64u << 20)

/* The store as it should be, an older copy of it (201 of its 300 entries), and the one that is tampered with;
 * and the checkpoints that were kept elsewhere when the first two were closed. */
struct site {
    char root[64], clean[96], older[96], work[96];
    char checkpoint[2048], older_checkpoint[2048];
};
extern struct site site;

#define assert_ok(call)                                                                                      \
    do {                                                                                                     \
        struct err e = {0};                                                                                  \
        if ((call) != OK) fail_msg("%s: %s (%s:%d)", #call, e.text, e.file, e.line);                         \
    } while (0)

int site_make(void **state);
int site_remove(void **state);
struct store_env site_environment(void);

/* One database of a store, with its log. */
void site_copy_part(const char *from, const char *to, const char *name);
void site_copy_store(const char *from, const char *to);
void site_remove_store(const char *dir);
/* Opens a store and appends single lines, each of a new record; then reads them. */
void site_write_more(const char *dir, unsigned lines);

#endif
