/* Accounts, signing in, sessions (accounts.db). Passwords are hashed with Argon2id (RFC 9106, by libsodium);
 * second factors are time-based codes (RFC 6238: SHA-1, 6 digits, 30 seconds, one step either way, each code
 * once). Tokens are 256 random bits, shown once; the file holds their hashes. Five failures within 15 minutes
 * lock an account for 15 minutes, whatever is typed then. A session ends after 30 minutes without a request
 * and 12 hours after it began, at signing out, and when the account is changed or disabled.
 *
 * What is done to an account is an entry of administration in the change ledger, by whom; the ledger holds no
 * secret. */
#ifndef STORE_ACCOUNTS_H
#define STORE_ACCOUNTS_H

#include "model/role.h"
#include "store/store.h"

#define TOKEN_BYTES         32
#define TOKEN_CHARS         43 /* base64url without padding */
#define TOTP_SECRET_BYTES   20
#define SESSION_IDLE_MS     ((int64_t)30 * 60 * 1000)
#define SESSION_ABSOLUTE_MS ((int64_t)12 * 3600 * 1000)
#define INVITATION_MS       ((int64_t)7 * 24 * 3600 * 1000)
#define LOCK_FAILURES       5
#define LOCK_WITHIN_MS      ((int64_t)15 * 60 * 1000)
#define LOCK_FOR_MS         ((int64_t)15 * 60 * 1000)
#define PASSWORD_CHARS_MIN  12
#define PASSWORD_BYTES_MAX  256

typedef struct {
    char text[TOKEN_CHARS + 1];
} Token;

struct account {
    uint64_t number; /* 0: not made yet */
    Str name;        /* to sign in with: 2 to 64 of a-z 0-9 . _ - */
    Str person;      /* for people: "Sgt A. Person" */
    Str unit;        /* record id of the unit; "" for none */
    Str officer;     /* record id of the officer; "" for none */
    RoleSet roles;
    bool disabled, has_password, has_second_factor;
    int64_t locked_until_ms;
};

/* E_CONFLICT when the name is taken; E_INVALID for a name, person or set of roles that cannot be. */
MUST_USE enum status account_make(struct store *s, const struct actor *actor, const struct account *given,
                                  Token *invitation, struct err *e);
/* person, unit, officer, roles and disabled of the account `number`; its sessions end. E_CONFLICT when nobody
 * would be left to administer. */
MUST_USE enum status account_change(struct store *s, const struct actor *actor, const struct account *given,
                                    struct err *e);
/* A new link to choose a password; older links serve no more, sessions end, a second factor is forgotten. */
MUST_USE enum status account_invite(struct store *s, const struct actor *actor, Str name, Token *invitation,
                                    struct err *e);
/* E_NOT_FOUND. Texts in `a`. */
MUST_USE enum status account_find(struct store *s, Str name, struct arena *a, struct account *out,
                                  struct err *e);
MUST_USE enum status account_list(struct store *s, struct arena *a, struct account **out, size_t *count,
                                  struct err *e);

/* Who the link is for; E_NOT_FOUND when it is none, has served or is too old. */
MUST_USE enum status invitation_read(struct store *s, Str token, struct arena *a, struct account *out,
                                     struct err *e);
/* Sets the password and uses the link up. E_INVALID when the password is too short, too long, or the name. */
MUST_USE enum status invitation_accept(struct store *s, Str token, Str password, struct err *e);

/* A new secret, not yet in force, for the authenticator; in force once a code of it was given. */
MUST_USE enum status second_factor_begin(struct store *s, uint64_t account,
                                         unsigned char secret[TOTP_SECRET_BYTES], struct err *e);
MUST_USE enum status second_factor_confirm(struct store *s, uint64_t account, Str code, struct err *e);
/* The code of a secret at a time, six digits; for tests and for showing that a clock is right. */
void totp_code(const unsigned char secret[TOTP_SECRET_BYTES], int64_t at_ms, char out[7]);

enum sign_in {
    SIGN_IN_DONE,
    SIGN_IN_WRONG,      /* name, password or code; it is not said which */
    SIGN_IN_LOCKED,     /* too many failures */
    SIGN_IN_NEEDS_CODE, /* the password is right, and the account has a second factor */
};
struct credentials {
    Str name, password, code; /* code: empty when none was typed */
    Str peer;
};
/* A password is checked for names that do not exist too, so that time tells nothing. */
MUST_USE enum status session_begin(struct store *s, const struct credentials *given, Token *token,
                                   enum sign_in *outcome, struct err *e);

struct signed_in {
    struct account account;
    int64_t began_ms;
    bool second_factor; /* given when this session began */
};
/* Whose session it is, and that it was seen now. E_DENIED when there is none, or it has ended: sign in again.
 */
MUST_USE enum status session_find(struct store *s, Str token, struct arena *a, struct signed_in *out,
                                  struct err *e);
/* The same without its being a use: the session ends as if it had not been asked. */
MUST_USE enum status session_peek(struct store *s, Str token, struct arena *a, struct signed_in *out,
                                  struct err *e);
MUST_USE enum status session_end(struct store *s, Str token, struct err *e);

/* Has a reason for opening this record been given in this session? (store_note_reason records it.) */
MUST_USE enum status session_reason_given(struct store *s, Str token, const struct record_id *id, bool *given,
                                          struct err *e);
MUST_USE enum status session_reason_keep(struct store *s, Str token, const struct record_id *id,
                                         struct err *e);

/* Notes: what somebody has begun to fill in, or keeps for themselves, under a name of their own
 * ("report/7F3A"). Sealed with the store's key, outside the ledger. Texts live in `a`. */
struct note {
    Str name, text;
    int64_t changed_ms;
};
#define NOTE_BYTES_MAX ((size_t)256 << 10)
MUST_USE enum status note_put(struct store *s, uint64_t account, Str name, Str text, struct err *e);
MUST_USE enum status note_get(struct store *s, uint64_t account, Str name, struct arena *a, struct note *out,
                              struct err *e); /* E_NOT_FOUND */
MUST_USE enum status note_drop(struct store *s, uint64_t account, Str name, struct err *e);
/* Those whose name begins so, by name. */
MUST_USE enum status note_list(struct store *s, uint64_t account, Str beginning, struct arena *a,
                               struct note **out, size_t *count, struct err *e);

#endif
