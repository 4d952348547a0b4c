/* What db.c and query.c share. */
#ifndef STORE_DB_PRIVATE_H
#define STORE_DB_PRIVATE_H

#include "store/db.h"

enum db_steering {
    DB_STEER_BEGIN,
    DB_STEER_BEGIN_WRITE,
    DB_STEER_COMMIT,
    DB_STEER_ROLLBACK,
    DB_STEER_SAVEPOINT,
    DB_STEER_RELEASE,
    DB_STEER_UNDO,
    DB_STEERING_COUNT
};

struct db {
    uint32_t magic;
    enum db_file file;
    sqlite3 *handle;
    sqlite3_stmt *stmt[STATEMENT_COUNT]; /* prepared at first use */
    sqlite3_stmt *steering[DB_STEERING_COUNT];
};

#endif
