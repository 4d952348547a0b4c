/* The statements of sql/: found by the name that stands before them. */
#include "base/assets.h"
#include "store/db.h"

#define STATEMENT_NAME(name) #name,
static const char *const names[STATEMENT_COUNT] = {
    STATEMENTS_ACCESS(STATEMENT_NAME) STATEMENTS_LEDGER(STATEMENT_NAME) STATEMENTS_CHANGE(STATEMENT_NAME)
        STATEMENTS_KEYS(STATEMENT_NAME) STATEMENTS_SEARCH(STATEMENT_NAME)
            STATEMENTS_ACCOUNTS(STATEMENT_NAME)};

#define STATEMENT_FILE_ACCESS(name)   "sql/access.sql",
#define STATEMENT_FILE_LEDGER(name)   "sql/ledger.sql",
#define STATEMENT_FILE_CHANGE(name)   "sql/change.sql",
#define STATEMENT_FILE_KEYS(name)     "sql/keys.sql",
#define STATEMENT_FILE_SEARCH(name)   "sql/search.sql",
#define STATEMENT_FILE_ACCOUNTS(name) "sql/accounts.sql",
static const char *const files[STATEMENT_COUNT] = {
    STATEMENTS_ACCESS(STATEMENT_FILE_ACCESS) STATEMENTS_LEDGER(STATEMENT_FILE_LEDGER)
        STATEMENTS_CHANGE(STATEMENT_FILE_CHANGE) STATEMENTS_KEYS(STATEMENT_FILE_KEYS)
            STATEMENTS_SEARCH(STATEMENT_FILE_SEARCH) STATEMENTS_ACCOUNTS(STATEMENT_FILE_ACCOUNTS)};

const char *statement_name(enum statement id)
{
    MUST(id < STATEMENT_COUNT);
    return names[id];
}

bool statement_belongs(enum statement id, enum db_file file)
{
    switch (file) {
    case DB_CHANGE:
        return id >= Q_ledger_meta_get && id <= Q_checkpoint_list;
    case DB_ACCESS:
        return id <= Q_ledger_bodies_alone;
    case DB_KEYS:
        return id >= Q_key_get && id <= Q_key_named_put;
    case DB_SEARCH:
        return id >= Q_search_watermark_get && id < Q_account_put;
    case DB_ACCOUNTS:
        return id >= Q_account_put;
    case DB_COUNT:
        break;
    }
    return false;
}

Str statement_text(enum statement id)
{
    MUST(id < STATEMENT_COUNT);
    Str rest = asset_find(str_of(files[id]));
    Str wanted = str_of(names[id]);
    Str line;
    while (str_next(&rest, '\n', &line)) {
        Str mark = S("-- name: ");
        if (!str_starts(line, mark)) continue;
        if (!str_eq(str_trim(str_slice(line, mark.len, line.len)), wanted)) continue;
        size_t end = str_find(rest, S("-- name: "));
        return str_trim(end == STR_NPOS ? rest : str_slice(rest, 0, end));
    }
    BUG("%s holds no statement %s", files[id], names[id]);
}
