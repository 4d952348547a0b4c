/* Making, opening and closing a store. */
#include "store/store_private.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOCK_TRIES   20
#define LOCK_WAIT_MS 50
#define PATH_ROOM    4096

const char *operation_name(enum operation op)
{
    switch (op) {
    case OP_COLLECT:
        return "collect";
    case OP_ALTER:
        return "alter";
    case OP_CONSULT:
        return "consult";
    case OP_DISCLOSE:
        return "disclose";
    case OP_COMBINE:
        return "combine";
    case OP_ERASE:
        return "erase";
    case OP_ADMINISTER:
        return "administer";
    }
    return "unknown";
}

/* ---- making ----------------------------------------------------------------------------------------- */

static enum status name_put(struct db *db, Str name, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, db, Q_ledger_meta_put, e));
    query_str(&q, S("store"));
    query_str(&q, name);
    return query_run(&q, e);
}

static enum status file_make(const char *dir, enum db_file file, const struct entropy *entropy, Str name,
                             struct err *e)
{
    struct db *db = NULL;
    TRY(db_open(dir, file, DB_MAKE, &db, e));
    enum status status = OK;
    if (file == DB_KEYS) status = keys_make(db, entropy, e);
    if (file == DB_CHANGE || file == DB_ACCESS) status = name_put(db, name, e);
    db_close(db);
    return status;
}

/* change.db last: only with it is the folder a store. */
static const enum db_file MAKING_ORDER[] = {DB_KEYS, DB_ACCESS, DB_SEARCH, DB_ACCOUNTS, DB_CHANGE};

static enum status file_path(const char *dir, enum db_file file, char path[PATH_ROOM], struct err *e)
{
    int len = snprintf(path, PATH_ROOM, "%s/%s", dir, db_file_name(file));
    if (len >= 0 && len < PATH_ROOM) return OK;
    return ERR(e, E_LIMIT, "", "the path of the folder is too long.");
}

/* Nothing that may be somebody's store, or what is left of one, is written over. */
static enum status folder_is_free(const char *dir, struct err *e)
{
    char path[PATH_ROOM];
    for (size_t i = COUNT_OF(MAKING_ORDER); i-- > 0;) {
        TRY(file_path(dir, MAKING_ORDER[i], path, e));
        if (access(path, F_OK) != 0) continue;
        if (MAKING_ORDER[i] == DB_CHANGE)
            return ERR(e, E_CONFLICT, "", "%s is a store already; nothing was changed.", dir);
        return ERR(
            e, E_CONFLICT, "",
            "%s holds %s but no %s: a store whose ledger is missing, or one whose making was cut short. "
            "Bring the ledger back, or make the store in another folder.",
            dir, db_file_name(MAKING_ORDER[i]), db_file_name(DB_CHANGE));
    }
    return OK;
}

/* What a failed making has left: the first `count` files. */
static void files_remove(const char *dir, size_t count)
{
    char path[PATH_ROOM];
    struct err ignored = {0};
    for (size_t i = 0; i < count; i++)
        if (file_path(dir, MAKING_ORDER[i], path, &ignored) == OK) (void)unlink(path);
}

enum status store_init(const char *dir, const struct store_env *env, struct err *e)
{
    unsigned char random[16];
    char name[2 * sizeof random + 1];
    if (sodium_init() < 0) return ERR(e, E_INTERNAL, "", "the cryptographic library could not start.");
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return ERR(e, E_IO, "", "%s: the folder cannot be made: %s.", dir, strerror(errno));
    TRY(folder_is_free(dir, e));
    env->entropy.fill(env->entropy.state, random, sizeof random);
    hex_encode(random, sizeof random, name);
    for (size_t i = 0; i < COUNT_OF(MAKING_ORDER); i++) {
        enum status status = file_make(dir, MAKING_ORDER[i], &env->entropy, str_of(name), e);
        if (status == OK) continue;
        files_remove(dir, i + 1);
        return status;
    }
    return OK;
}

/* ---- opening ---------------------------------------------------------------------------------------- */

static void lock_wait(void)
{
    struct timespec pause = {.tv_nsec = LOCK_WAIT_MS * 1000000L};
    nanosleep(&pause, NULL);
}

/* One writing process. Tried for a second: one that has just been killed may not be gone yet. */
static enum status lock_take(struct store *s, struct err *e)
{
    char path[PATH_ROOM];
    int len = snprintf(path, sizeof path, "%s/writer.lock", s->dir);
    if (len < 0 || (size_t)len >= sizeof path)
        return ERR(e, E_LIMIT, "", "the path of the folder is too long.");
    s->lock_fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (s->lock_fd < 0) return ERR(e, E_IO, "", "%s: cannot be opened: %s.", path, strerror(errno));
    for (int i = 0; i < LOCK_TRIES; i++) {
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        if (fcntl(s->lock_fd, F_OFD_SETLK, &lock) == 0) return OK;
        if (errno != EAGAIN && errno != EACCES)
            return ERR(e, E_IO, "", "%s: cannot be locked: %s.", path, strerror(errno));
        lock_wait();
    }
    return ERR(e, E_BUSY, "", "another process is writing to %s; wait until it has ended, or stop it.",
               s->dir);
}

static enum status name_read(struct store *s, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&q, s->access.db, Q_ledger_meta_get, e));
    query_str(&q, S("store"));
    TRY(query_step(&q, &row, e));
    Str name = row ? query_get_str(&q, 0) : STR_NONE;
    if (name.len == 0 || name.len >= sizeof s->name)
        return ERR(e, E_DB, "", "access.db does not name its store.");
    memcpy(s->name, name.ptr, name.len);
    return OK;
}

static enum status keys_read(struct store *s, struct err *e)
{
    struct db *keys = NULL;
    TRY(db_open(s->dir, DB_KEYS, DB_READ, &keys, e));
    enum status status = keys_load(keys, &s->keys, e);
    db_close(keys);
    return status;
}

static enum status parts_open(struct store *s, struct err *e)
{
    if (s->mode == STORE_WRITE) TRY(lock_take(s, e));
    TRY(keys_read(s, e));
    TRY(access_open(s, e));
    TRY(name_read(s, e));
    return s->mode == STORE_WRITE ? writer_open(&s->writer, s, e) : OK;
}

static enum status folder_check(const char *dir, struct err *e)
{
    char path[PATH_ROOM];
    TRY(file_path(dir, DB_CHANGE, path, e));
    if (access(path, F_OK) == 0) return OK;
    return ERR(e, E_NOT_FOUND, "", "%s holds no store; make one with: colligate init %s", dir, dir);
}

enum status store_open(const char *dir, enum store_mode mode, const struct store_env *env, struct store **out,
                       struct err *e)
{
    if (sodium_init() < 0) return ERR(e, E_INTERNAL, "", "the cryptographic library could not start.");
    TRY(folder_check(dir, e));
    struct store *s = alloc_zero(1, sizeof *s);
    s->magic = STORE_MAGIC;
    s->mode = mode;
    s->env = *env;
    s->lock_fd = -1;
    s->dir = alloc_zero(strlen(dir) + 1, 1);
    memcpy(s->dir, dir, strlen(dir));
    pthread_mutex_init(&s->mutex, NULL);
    pthread_mutex_init(&s->search_mutex, NULL);
    pthread_mutex_init(&s->accounts_mutex, NULL);
    pthread_mutex_init(&s->access.mutex, NULL);
    pthread_cond_init(&s->reader_free, NULL);
    bell_open(&s->bell);
    enum status status = parts_open(s, e);
    if (status != OK) {
        store_close(s);
        return status;
    }
    *out = s;
    return OK;
}

void store_close(struct store *s)
{
    if (!s) return;
    MUST(s->magic == STORE_MAGIC);
    writer_close(&s->writer);
    access_close(s);
    readers_close(s);
    db_close(s->search);
    db_close(s->accounts);
    if (s->lock_fd >= 0) close(s->lock_fd);
    bell_close(&s->bell);
    pthread_cond_destroy(&s->reader_free);
    pthread_mutex_destroy(&s->access.mutex);
    pthread_mutex_destroy(&s->search_mutex);
    pthread_mutex_destroy(&s->accounts_mutex);
    pthread_mutex_destroy(&s->mutex);
    sodium_memzero(&s->keys, sizeof s->keys);
    alloc_free(s->dir);
    s->magic = 0;
    alloc_free(s);
}
