/* Accounts and invitations. */
#include "store/accounts_private.h"

#include "base/json.h"

#include <sodium.h>

#define ACCOUNT_NAME_CHARS_MAX 64
#define PERSON_BYTES_MAX       200

/* ---- the file --------------------------------------------------------------------------------------- */

enum status accounts_take(struct store *s, struct db **out, struct err *e)
{
    struct err none = {0};
    pthread_mutex_lock(&s->accounts_mutex);
    if (s->accounts == NULL) {
        enum status status = db_open(s->dir, DB_ACCOUNTS, DB_WRITE, &s->accounts, &none);
        if (status == E_NOT_FOUND) status = db_open(s->dir, DB_ACCOUNTS, DB_MAKE, &s->accounts, e);
        if (status != OK) {
            pthread_mutex_unlock(&s->accounts_mutex);
            return ERR(e, status, none.field, "%s", none.text);
        }
    }
    *out = s->accounts;
    return OK;
}

void accounts_give(struct store *s)
{
    db_rollback(s->accounts); /* of work that failed half-way */
    pthread_mutex_unlock(&s->accounts_mutex);
}

void account_read_row(struct query *q, struct arena *a, struct account *out)
{
    *out = (struct account){
        .number = query_get_u64(q, 0),
        .name = str_copy(a, query_get_str(q, 1)),
        .person = str_copy(a, query_get_str(q, 2)),
        .unit = str_copy(a, query_get_str(q, 3)),
        .officer = str_copy(a, query_get_str(q, 4)),
        .roles = (RoleSet)query_get_u64(q, 5),
        .disabled = query_get_i64(q, 6) != 0,
        .has_password = query_get_i64(q, 7) != 0,
        .has_second_factor = query_get_i64(q, 8) != 0,
        .locked_until_ms = query_get_i64(q, 9),
    };
}

static enum status find(struct db *db, Str name, struct arena *a, struct account *out, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&q, db, Q_account_find, e));
    query_str(&q, name);
    TRY(query_step(&q, &row, e));
    if (!row) return ERR(e, E_NOT_FOUND, "name", "there is no account \"%.*s\".", STR_ARG(name));
    account_read_row(&q, a, out);
    return OK;
}

enum status account_get(struct db *db, uint64_t number, struct arena *a, struct account *out, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&q, db, Q_account_get, e));
    query_u64(&q, number);
    TRY(query_step(&q, &row, e));
    if (!row) return ERR(e, E_NOT_FOUND, "", "there is no such account.");
    account_read_row(&q, a, out);
    return OK;
}

static enum status list(struct db *db, struct arena *a, struct account **out, size_t *count, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    size_t room = 0;
    TRY(query_start(&q, db, Q_account_list, e));
    for (bool row = true;;) {
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        ARENA_ROOM(a, *out, room, *count + 1, 16);
        account_read_row(&q, a, &(*out)[(*count)++]);
    }
}

enum status account_find(struct store *s, Str name, struct arena *a, struct account *out, struct err *e)
{
    struct db *db = NULL;
    TRY(accounts_take(s, &db, e));
    enum status status = find(db, name, a, out, e);
    accounts_give(s);
    return status;
}

enum status account_list(struct store *s, struct arena *a, struct account **out, size_t *count, struct err *e)
{
    struct db *db = NULL;
    *out = NULL;
    *count = 0;
    TRY(accounts_take(s, &db, e));
    enum status status = list(db, a, out, count, e);
    accounts_give(s);
    return status;
}

/* ---- what may be ------------------------------------------------------------------------------------ */

static bool name_valid(Str name)
{
    if (name.len < 2 || name.len > ACCOUNT_NAME_CHARS_MAX) return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'))
            return false;
    }
    return true;
}

static enum status account_check(const struct account *given, struct err *e)
{
    if (!name_valid(given->name))
        return ERR(e, E_INVALID, "name", "a name to sign in with is 2 to %d of a-z 0-9 . _ -",
                   ACCOUNT_NAME_CHARS_MAX);
    if (str_empty(str_trim(given->person)) || given->person.len > PERSON_BYTES_MAX)
        return ERR(e, E_INVALID, "person", "say who this is, in at most %d letters.", PERSON_BYTES_MAX);
    if (given->roles == 0 || given->roles >= ROLE_BIT(ROLE_COUNT))
        return ERR(e, E_INVALID, "roles", "an account needs at least one of the roles there are.");
    return OK;
}

static void account_write(struct buf *b, const struct account *x)
{
    struct json_writer w = json_writer(b, false);
    json_open(&w, '{');
    json_kv_str(&w, S("account"), x->name);
    json_put_key(&w, S("disabled"));
    json_put_bool(&w, x->disabled);
    json_kv_str(&w, S("officer"), x->officer);
    json_kv_str(&w, S("person"), x->person);
    json_put_key(&w, S("roles"));
    json_open(&w, '[');
    for (int i = 0; i < ROLE_COUNT; i++)
        if (x->roles & ROLE_BIT(i)) json_put_str(&w, str_of(ROLES[i].code));
    json_close(&w, ']');
    json_kv_str(&w, S("unit"), x->unit);
    json_close(&w, '}');
}

/* ---- the ledger ------------------------------------------------------------------------------------- */

struct note_job {
    struct write_job job; /* first */
    const struct actor *actor;
    Str verb, body;
};

static enum status note_run(struct writer *w, struct write_job *job, struct err *e)
{
    const struct note_job *n = (const struct note_job *)job;
    struct receipt receipt;
    return writer_note(w, n->actor, OP_ADMINISTER, n->verb, 0, 0, n->body, &receipt, e);
}

enum status administration_note(struct store *s, const struct actor *actor, Str verb, Str body, struct err *e)
{
    TRY(actor_check(actor, e));
    struct note_job job = {.job.run = note_run, .actor = actor, .verb = verb, .body = body};
    return writer_do(s, &job.job, e);
}

static enum status note_account(struct store *s, const struct actor *actor, Str verb, const struct account *x,
                                struct err *e)
{
    struct buf body CLEANUP_BUF;
    buf_init(&body, 1 << 16);
    account_write(&body, x);
    TRY(buf_status(&body, e));
    return administration_note(s, actor, verb, buf_str(&body), e);
}

/* ---- tokens and invitations ------------------------------------------------------------------------- */

void token_make(struct store *s, Token *out)
{
    unsigned char random[TOKEN_BYTES];
    s->env.entropy.fill(s->env.entropy.state, random, sizeof random);
    (void)sodium_bin2base64(out->text, sizeof out->text, random, sizeof random,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(random, sizeof random);
}

Sha256 token_hash(Str token)
{
    return sha256(token);
}

static enum status invitations_drop(struct db *db, uint64_t account, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, db, Q_invitation_drop_all, e));
    query_u64(&q, account);
    return query_run(&q, e);
}

static enum status invitation_put(struct store *s, struct db *db, uint64_t account, const Token *token,
                                  struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    Sha256 hash = token_hash(str_of(token->text));
    TRY(query_start(&q, db, Q_invitation_put, e));
    query_blob(&q, hash.byte, SHA256_BYTES);
    query_u64(&q, account);
    query_i64(&q, sign_in_now_ms(s) + INVITATION_MS);
    return query_run(&q, e);
}

static enum status password_set(struct db *db, uint64_t account, Str hash, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, db, Q_account_set_password, e));
    query_u64(&q, account);
    query_str(&q, hash);
    return query_run(&q, e);
}

static enum status totp_clear(struct db *db, uint64_t account, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, db, Q_account_set_totp, e));
    query_u64(&q, account);
    query_null(&q);
    query_i64(&q, 0);
    query_i64(&q, 0);
    return query_run(&q, e);
}

static enum status make_in(struct store *s, struct db *db, const struct account *given, const Token *token,
                           struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    struct account made;
    struct arena *scratch CLEANUP_ARENA = arena_new("an account", 1 << 16);
    TRY(db_begin_write(db, e));
    TRY(query_start(&q, db, Q_account_put, e));
    query_str(&q, given->name);
    query_str(&q, given->person);
    query_str(&q, str_present(given->unit) ? given->unit : S(""));
    query_str(&q, str_present(given->officer) ? given->officer : S(""));
    query_u64(&q, given->roles);
    TRY(query_run(&q, e));
    TRY(find(db, given->name, scratch, &made, e));
    TRY(invitation_put(s, db, made.number, token, e));
    return db_commit(db, e);
}

enum status account_make(struct store *s, const struct actor *actor, const struct account *given,
                         Token *invitation, struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("an account", 1 << 16);
    struct account there;
    struct err none = {0};
    struct db *db = NULL;
    TRY(account_check(given, e));
    enum status status = account_find(s, given->name, scratch, &there, &none);
    if (status == OK)
        return ERR(e, E_CONFLICT, "name", "there is an account \"%.*s\" already.", STR_ARG(given->name));
    if (status != E_NOT_FOUND) return ERR(e, status, "", "%s", none.text);
    TRY(note_account(s, actor, S("make_account"), given, e));
    token_make(s, invitation);
    TRY(accounts_take(s, &db, e));
    status = make_in(s, db, given, invitation, e);
    accounts_give(s);
    return status;
}

/* ---- changing --------------------------------------------------------------------------------------- */

/* Would somebody be left who can administer? */
static enum status administrator_left(struct db *db, const struct account *changed, struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("the accounts", 64 << 20);
    struct account *all = NULL;
    size_t count = 0;
    TRY(list(db, scratch, &all, &count, e));
    for (size_t i = 0; i < count; i++) {
        const struct account *x = all[i].number == changed->number ? changed : &all[i];
        if (!x->disabled && x->roles & ROLE_BIT(ROLE_ADMINISTRATOR)) return OK;
    }
    return ERR(e, E_CONFLICT, "roles",
               "nobody would be left to administer; make another administrator first.");
}

enum status sessions_drop(struct db *db, uint64_t account, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, db, Q_session_drop_all, e));
    query_u64(&q, account);
    return query_run(&q, e);
}

static enum status change_in(struct db *db, const struct account *given, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(db_begin_write(db, e));
    TRY(administrator_left(db, given, e));
    TRY(query_start(&q, db, Q_account_change, e));
    query_u64(&q, given->number);
    query_str(&q, given->person);
    query_str(&q, str_present(given->unit) ? given->unit : S(""));
    query_str(&q, str_present(given->officer) ? given->officer : S(""));
    query_u64(&q, given->roles);
    query_i64(&q, given->disabled ? 1 : 0);
    TRY(query_run(&q, e));
    TRY(sessions_drop(db, given->number, e));
    if (given->disabled) TRY(invitations_drop(db, given->number, e));
    return db_commit(db, e);
}

enum status account_change(struct store *s, const struct actor *actor, const struct account *given,
                           struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("an account", 1 << 16);
    struct account there, changed = *given;
    struct db *db = NULL;
    TRY(account_check(given, e));
    TRY(account_find(s, given->name, scratch, &there, e));
    changed.number = there.number;
    TRY(note_account(s, actor, S("change_account"), &changed, e));
    TRY(accounts_take(s, &db, e));
    enum status status = change_in(db, &changed, e);
    accounts_give(s);
    return status;
}

static enum status invite_in(struct store *s, struct db *db, uint64_t account, const Token *token,
                             struct err *e)
{
    TRY(db_begin_write(db, e));
    TRY(invitations_drop(db, account, e));
    TRY(sessions_drop(db, account, e));
    TRY(totp_clear(db, account, e));
    TRY(password_set(db, account, STR_NONE, e));
    TRY(invitation_put(s, db, account, token, e));
    return db_commit(db, e);
}

enum status account_invite(struct store *s, const struct actor *actor, Str name, Token *invitation,
                           struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("an account", 1 << 16);
    struct account there;
    struct db *db = NULL;
    TRY(account_find(s, name, scratch, &there, e));
    if (there.disabled) return ERR(e, E_CONFLICT, "name", "the account is disabled; enable it first.");
    TRY(note_account(s, actor, S("invite_account"), &there, e));
    token_make(s, invitation);
    TRY(accounts_take(s, &db, e));
    enum status status = invite_in(s, db, there.number, invitation, e);
    accounts_give(s);
    return status;
}

/* ---- taking an invitation up ------------------------------------------------------------------------ */

static enum status invitation_find(struct store *s, struct db *db, Str token, struct arena *a,
                                   struct account *out, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    Sha256 hash = token_hash(token);
    bool row = false;
    TRY(query_start(&q, db, Q_invitation_get, e));
    query_blob(&q, hash.byte, SHA256_BYTES);
    TRY(query_step(&q, &row, e));
    if (row && query_get_i64(&q, 1) >= sign_in_now_ms(s))
        return account_get(db, query_get_u64(&q, 0), a, out, e);
    return ERR(e, E_NOT_FOUND, "",
               "this link has been used or is too old; ask an administrator for another one.");
}

enum status invitation_read(struct store *s, Str token, struct arena *a, struct account *out, struct err *e)
{
    struct db *db = NULL;
    TRY(accounts_take(s, &db, e));
    enum status status = invitation_find(s, db, token, a, out, e);
    accounts_give(s);
    return status;
}

static size_t characters(Str text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
    return n;
}

static enum status password_check(Str password, const struct account *x, struct err *e)
{
    if (characters(password) < PASSWORD_CHARS_MIN)
        return ERR(e, E_INVALID, "password", "choose at least %d characters; several words are good.",
                   PASSWORD_CHARS_MIN);
    if (password.len > PASSWORD_BYTES_MAX)
        return ERR(e, E_INVALID, "password", "choose at most %d characters.", PASSWORD_BYTES_MAX);
    if (str_find(password, x->name) != STR_NPOS)
        return ERR(e, E_INVALID, "password", "do not use your name.");
    return OK;
}

static enum status accept_in(struct store *s, struct db *db, Str token, Str hash, struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("an account", 1 << 16);
    struct account x;
    TRY(db_begin_write(db, e));
    TRY(invitation_find(s, db, token, scratch, &x, e)); /* again: it may have served meanwhile */
    TRY(invitations_drop(db, x.number, e));
    TRY(sessions_drop(db, x.number, e));
    TRY(password_set(db, x.number, hash, e));
    return db_commit(db, e);
}

enum status invitation_accept(struct store *s, Str token, Str password, struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("an account", 1 << 16);
    struct account x;
    struct db *db = NULL;
    char hash[crypto_pwhash_STRBYTES];
    TRY(invitation_read(s, token, scratch, &x, e));
    TRY(password_check(password, &x, e));
    if (crypto_pwhash_str(hash, password.ptr, password.len, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        return ERR(e, E_LIMIT, "", "there is not enough memory to keep a password safely; try again.");
    const struct actor self = {.name = x.name, .role = S("account holder")};
    TRY(note_account(s, &self, S("choose_password"), &x, e));
    TRY(accounts_take(s, &db, e));
    enum status status = accept_in(s, db, token, str_of(hash), e);
    accounts_give(s);
    sodium_memzero(hash, sizeof hash);
    return status;
}
