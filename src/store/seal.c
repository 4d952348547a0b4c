/* Bodies under the key of their record. A sealed body is 24 bytes of nonce and then the cipher text with its
 * tag; the place of the entry is authenticated, so that a body cannot stand in for another one of the same
 * record. */
#include "store/ledger.h"

#include <sodium.h>

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES   crypto_aead_xchacha20poly1305_ietf_ABYTES
#define PLACE_MAX   64

_Static_assert(RECORD_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
               "a record's key is the cipher's key");
_Static_assert(RECORD_KEY_BYTES == crypto_generichash_KEYBYTES, "and the key of the salt");

/* ledger, a zero byte, stream and seq with the big end first. */
static size_t write_place(unsigned char out[PLACE_MAX], const char *ledger, uint64_t stream, uint64_t seq)
{
    size_t n = strlen(ledger) + 1;
    MUST(n + 16 <= PLACE_MAX);
    memcpy(out, ledger, n);
    for (int shift = 56; shift >= 0; shift -= 8)
        out[n++] = (unsigned char)(stream >> shift);
    for (int shift = 56; shift >= 0; shift -= 8)
        out[n++] = (unsigned char)(seq >> shift);
    return n;
}

/* Appends room for n bytes and returns its offset, STR_NPOS when the cap refuses. */
static size_t make_room(struct buf *b, size_t n)
{
    static const unsigned char blank[256];
    const size_t at = b->len;
    for (size_t left = n; left > 0;) {
        const size_t piece = left < sizeof blank ? left : sizeof blank;
        buf_add_bytes(b, blank, piece);
        left -= piece;
    }
    return b->failed ? STR_NPOS : at;
}

void body_seal(struct buf *out, const struct record_key *key, const struct entropy *entropy,
               const char *ledger, uint64_t stream, uint64_t seq, Str body)
{
    unsigned char nonce[NONCE_BYTES], place[PLACE_MAX];
    entropy->fill(entropy->state, nonce, sizeof nonce);
    const size_t place_len = write_place(place, ledger, stream, seq);
    const size_t at = make_room(out, NONCE_BYTES + body.len + TAG_BYTES);
    if (at == STR_NPOS) return;
    unsigned char *sealed = (unsigned char *)out->ptr + at;
    memcpy(sealed, nonce, NONCE_BYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE_BYTES, NULL, (const unsigned char *)body.ptr,
                                               body.len, place, place_len, NULL, nonce, key->byte);
}

enum status body_open(struct buf *out, const struct record_key *key, const char *ledger, uint64_t stream,
                      uint64_t seq, Str sealed, struct err *e)
{
    if (sealed.len < NONCE_BYTES + TAG_BYTES)
        return ERR(e, E_INVALID, "body", "The body of entry %llu of the %s ledger is cut short.",
                   (unsigned long long)seq, ledger);
    unsigned char place[PLACE_MAX];
    const size_t place_len = write_place(place, ledger, stream, seq);
    const size_t body_len = sealed.len - NONCE_BYTES - TAG_BYTES;
    const size_t at = make_room(out, body_len);
    if (at == STR_NPOS) return buf_status(out, e);
    const unsigned char *raw = (const unsigned char *)sealed.ptr;
    unsigned char none = 0;
    unsigned char *into = body_len > 0 ? (unsigned char *)out->ptr + at : &none;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(into, NULL, NULL, raw + NONCE_BYTES,
                                                   sealed.len - NONCE_BYTES, place, place_len, raw,
                                                   key->byte) == 0)
        return OK;
    out->len = at;
    if (out->ptr) out->ptr[at] = '\0';
    return ERR(
        e, E_INVALID, "body",
        "The body of entry %llu of the %s ledger was altered, moved here from another entry, or sealed with "
        "another key.",
        (unsigned long long)seq, ledger);
}

Sha256 body_commitment(const struct record_key *key, const char *ledger, uint64_t stream, uint64_t seq,
                       Str body)
{
    unsigned char salted[4 + PLACE_MAX];
    memcpy(salted, "salt", 4);
    const size_t place_len = write_place(salted + 4, ledger, stream, seq);
    Sha256 salt = blake2b_keyed(key->byte, (Str){(const char *)salted, 4 + place_len});
    const Sha256 out = blake2b_keyed(salt.byte, body);
    sodium_memzero(salt.byte, sizeof salt.byte);
    return out;
}
