/* A checkpoint is text that a person can read aloud and a program reads strictly: what was read is written
 * again and must give the same bytes, so there is one spelling of every checkpoint. */
#include "base/caldate.h"
#include "store/ledger.h"

#include <sodium.h>

#define SEED_BYTES      32
#define SIGNATURE_BYTES 64
#define CHECKPOINT_MAX  2048

_Static_assert(sizeof((struct signing_key *)0)->secret == crypto_sign_SECRETKEYBYTES, "Ed25519 secret key");
_Static_assert(sizeof((struct signing_key *)0)->public_half == crypto_sign_PUBLICKEYBYTES,
               "Ed25519 public key");
_Static_assert(SIGNATURE_BYTES == crypto_sign_BYTES && SEED_BYTES == crypto_sign_SEEDBYTES, "Ed25519 sizes");

void signing_key_make(const struct entropy *entropy, struct signing_key *out)
{
    unsigned char seed[SEED_BYTES];
    entropy->fill(entropy->state, seed, sizeof seed);
    crypto_sign_seed_keypair(out->public_half, out->secret, seed);
    sodium_memzero(seed, sizeof seed);
}

static void add_tree(struct buf *b, const char *name, uint64_t size, const Sha256 *root)
{
    buf_addf(b, "%s %llu ", name, (unsigned long long)size);
    buf_add_hex(b, root->byte, SHA256_BYTES);
    buf_add_char(b, '\n');
}

/* All but the signature: what is signed. */
static void write_statement(struct buf *b, const struct checkpoint *c)
{
    char when[32];
    caldate_format(c->at_ms, when);
    buf_addf(b, "colligate checkpoint 1\nstore %.*s\nat %s\n", (int)strnlen(c->store, sizeof c->store),
             c->store, when);
    add_tree(b, "change", c->change_size, &c->change_root);
    add_tree(b, "access", c->access_size, &c->access_root);
    buf_add_cstr(b, "key ");
    buf_add_hex(b, c->public_half, sizeof c->public_half);
    buf_add_char(b, '\n');
}

static void write_signature(struct buf *b, const unsigned char signature[SIGNATURE_BYTES])
{
    buf_add_cstr(b, "signature ");
    buf_add_hex(b, signature, SIGNATURE_BYTES);
    buf_add_char(b, '\n');
}

void checkpoint_write(struct buf *b, const struct checkpoint *c, const struct signing_key *key)
{
    struct checkpoint own = *c;
    memcpy(own.public_half, key->public_half, sizeof own.public_half);
    struct buf statement CLEANUP_BUF;
    buf_init(&statement, CHECKPOINT_MAX);
    write_statement(&statement, &own);
    MUST(!statement.failed);
    unsigned char signature[SIGNATURE_BYTES];
    crypto_sign_detached(signature, NULL, (const unsigned char *)statement.ptr, statement.len, key->secret);
    buf_add(b, buf_str(&statement));
    write_signature(b, signature);
}

/* The rest of the next line after "NAME ". */
static bool take_line(Str *rest, Str name, Str *value)
{
    Str line;
    if (!str_next(rest, '\n', &line) || !str_starts(line, name) || line.len <= name.len) return false;
    if (line.ptr[name.len] != ' ') return false;
    *value = str_slice(line, name.len + 1, line.len);
    return true;
}

static bool take_hex(Str *rest, Str name, void *out, size_t n)
{
    Str value;
    return take_line(rest, name, &value) && value.len == 2 * n && hex_decode(value, out, n) == OK;
}

static bool take_tree(Str *rest, Str name, uint64_t *size, Sha256 *root)
{
    Str value, number;
    int64_t n = 0;
    if (!take_line(rest, name, &value) || !str_next(&value, ' ', &number)) return false;
    if (str_to_i64(number, &n) != OK || n < 0) return false;
    *size = (uint64_t)n;
    return value.len == 2 * (size_t)SHA256_BYTES && hex_decode(value, root->byte, SHA256_BYTES) == OK;
}

static bool read_lines(Str rest, struct checkpoint *c, unsigned char signature[SIGNATURE_BYTES])
{
    Str value;
    bool day_only = false;
    if (!take_line(&rest, S("colligate"), &value) || !str_eq(value, S("checkpoint 1"))) return false;
    if (!take_line(&rest, S("store"), &value) || value.len == 0 || value.len >= sizeof c->store) return false;
    memcpy(c->store, value.ptr, value.len);
    if (memchr(c->store, '\0', value.len) != NULL) return false;
    if (!take_line(&rest, S("at"), &value) || caldate_parse(value, &c->at_ms, &day_only, NULL) != OK)
        return false;
    return take_tree(&rest, S("change"), &c->change_size, &c->change_root) &&
           take_tree(&rest, S("access"), &c->access_size, &c->access_root) &&
           take_hex(&rest, S("key"), c->public_half, sizeof c->public_half) &&
           take_hex(&rest, S("signature"), signature, SIGNATURE_BYTES);
}

enum status checkpoint_read(Str text, struct checkpoint *out, struct err *e)
{
    struct checkpoint c = {0};
    unsigned char signature[SIGNATURE_BYTES];
    struct buf again CLEANUP_BUF;
    buf_init(&again, CHECKPOINT_MAX);
    bool same = text.len <= CHECKPOINT_MAX && read_lines(text, &c, signature);
    size_t signed_bytes = 0;
    if (same) {
        write_statement(&again, &c);
        signed_bytes = again.len;
        write_signature(&again, signature);
        same = !again.failed && str_eq(buf_str(&again), text);
    }
    if (!same)
        return ERR(
            e, E_INVALID, "checkpoint",
            "This is not a checkpoint as written by `colligate checkpoint`: it must be kept byte for byte.");
    if (crypto_sign_verify_detached(signature, (const unsigned char *)again.ptr, signed_bytes,
                                    c.public_half) != 0)
        return ERR(
            e, E_INVALID, "checkpoint",
            "The signature of this checkpoint does not fit its text: it was altered after it was signed.");
    *out = c;
    return OK;
}
