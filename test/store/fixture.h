/* A store in a folder of its own, a clock that stands still, and lines of the feed as changes. */
#ifndef TEST_STORE_FIXTURE_H
#define TEST_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "store/store.h"

#define DAY_MS    INT64_C(86400000)
#define START_MS  (INT64_C(16000) * DAY_MS) /* 2013-10-22 */
#define ALL_KINDS UINT64_MAX

struct fixture {
    char dir[64];
    int64_t now_ms;
    struct arena *arena;
    struct policy policy;
    struct store_env env;
    struct store *store;
    struct actor officer, second;
};

/* The folder, the policy and an open store. */
struct fixture *fixture_new(void);
/* Closes and removes everything. */
void fixture_free(struct fixture *f);
void fixture_reopen(struct fixture *f, enum store_mode mode);
/* The store closed, its folder left as it is. */
void fixture_close(struct fixture *f);
void folder_remove(const char *dir);

/* Fails the test with the error's text. */
#define assert_ok(call)                                                                                      \
    do {                                                                                                     \
        struct err assert_err_ = {0}, *e = &assert_err_;                                                     \
        enum status assert_status_ = (call);                                                                 \
        if (assert_status_ != OK) fail_msg("%s: %s", status_name(assert_status_), assert_err_.text);         \
    } while (0)
/* Expects this status, and a sentence that holds `words`. */
#define assert_fails(expected, words, call)                                                                  \
    do {                                                                                                     \
        struct err assert_err_ = {0}, *e = &assert_err_;                                                     \
        enum status assert_status_ = (call);                                                                 \
        assert_string_equal(status_name(assert_status_), status_name(expected));                             \
        if (!strstr(assert_err_.text, words))                                                                \
            fail_msg("\"%s\" does not say \"%s\"", assert_err_.text, words);                                 \
    } while (0)

/* A change of record `ref` ("death:D1" or "ns:death:D1") known `day` days after START_MS; set: JSON object.
 */
struct change change_make(struct fixture *f, const char *ref, const char *source, int day, const char *set);
struct record_id id_make(const char *ref);

/* Appends one line. */
struct receipt append_one(struct fixture *f, uint64_t batch, const struct change *c);
struct receipt append(struct fixture *f, const char *ref, const char *source, int day, const char *set);
uint64_t batch_open(struct fixture *f, const char *name);

/* The canonical value of a field, "-" when absent or when the record is not there. */
const char *value_at(struct fixture *f, struct view view, const char *ref, const char *field);
const char *value_now(struct fixture *f, const char *ref, const char *field);

/* All lines of store_dump, and of store_export as a feed. */
Str dump(struct fixture *f);
uint64_t head_seq(struct store *s);     /* of store_head */
int64_t head_known_ms(struct store *s); /* the same */
Str export_text(struct fixture *f, struct view view);

#endif
