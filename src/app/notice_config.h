/* Whom to tell outside the program, and how: the file notices.tsv in the folder of the store, which holds
 * passwords and keys and so is for its owner alone. Without it nobody is told anything. A row a receiver,
 * tabs between:
 *
 *     pages  https://colligate.example
 *     mail   NAME  UNIT  smtp://host:25  from@example  to@example  [USER:PASSWORD]
 *     hook   NAME  UNIT  https://host/path  KEY
 *
 * pages: the address at which people open the program, once, first. UNIT: whose links and checks, * for all.
 * KEY: 64 hexadecimal digits. */
#ifndef APP_NOTICE_CONFIG_H
#define APP_NOTICE_CONFIG_H

#include "base/arena.h"
#include "base/hash.h"

struct notice_receiver {
    Str name, unit; /* unit "" : all */
    bool is_hook;
    Str address; /* of the mail server or the hook */
    Str from, to, login;
    unsigned char key[SHA256_BYTES];
};
struct notice_config {
    Str pages; /* without a last "/" */
    struct notice_receiver *receiver;
    size_t count;
};
/* E_INVALID with the line. */
MUST_USE enum status notice_config_parse(struct arena *a, Str text, struct notice_config *out, struct err *e);
/* Of the store's folder; an absent file: nobody. E_DENIED when others than its owner may read it. */
MUST_USE enum status notice_config_read(struct arena *a, const char *dir, struct notice_config *out,
                                        struct err *e);
/* Tells one state of the file from another, without reading it. */
struct notice_stamp {
    bool read; /* the struct was filled; the file may be absent all the same */
    uint64_t device, inode, bytes;
    int64_t changed_s, changed_ns; /* its content, name or mode; 0: there is none */
};
void notice_config_stamp(const char *dir, struct notice_stamp *out);
bool notice_stamp_eq(const struct notice_stamp *a, const struct notice_stamp *b);
const struct notice_receiver *notice_receiver_named(const struct notice_config *c, Str name); /* NULL */

#endif
