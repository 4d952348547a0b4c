/* Hashes: XXH3 for tables, SHA-256 and BLAKE2b (libsodium) for promises. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/str.h"

uint64_t hash64(Str s);
uint64_t hash64_mix(uint64_t a, uint64_t b);

#define SHA256_BYTES 32
typedef struct Sha256 {
    unsigned char byte[SHA256_BYTES];
} Sha256;
Sha256 sha256(Str s);
Sha256 sha256_parts(const Str *part, size_t count); /* of the concatenation */
/* BLAKE2b-256 with a key of 32 bytes. */
Sha256 blake2b_keyed(const unsigned char key[32], Str s);
Sha256 hmac_sha256(const void *key, size_t len, Str s); /* RFC 2104 */
bool sha256_eq(const Sha256 *a, const Sha256 *b);

void hex_encode(const void *p, size_t n, char *out); /* 2n + 1 bytes */
MUST_USE enum status hex_decode(Str s, void *out, size_t n);
/* Padded base64, standard alphabet. */
Str base64_encode(struct arena *a, const void *p, size_t n);
MUST_USE enum status base64_decode(Str s, void *out, size_t room, size_t *n);

#endif
