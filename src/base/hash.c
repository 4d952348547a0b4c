#include "base/hash.h"

#include <sodium.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

_Static_assert(SHA256_BYTES == crypto_hash_sha256_BYTES, "size of SHA-256");

uint64_t hash64(Str s)
{
    return XXH3_64bits(s.len > 0 ? s.ptr : "", s.len);
}

/* Finalizer of MurmurHash3 over both words: every input bit reaches every output bit. */
uint64_t hash64_mix(uint64_t a, uint64_t b)
{
    uint64_t x = a ^ (b + UINT64_C(0x9E3779B97F4A7C15) + (a << 6) + (a >> 2));
    x = (x ^ (x >> 33)) * UINT64_C(0xFF51AFD7ED558CCD);
    x = (x ^ (x >> 33)) * UINT64_C(0xC4CEB9FE1A85EC53);
    return x ^ (x >> 33);
}

Sha256 sha256(Str s)
{
    return sha256_parts(&s, 1);
}

Sha256 sha256_parts(const Str *part, size_t count)
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < count; i++)
        if (part[i].len > 0)
            crypto_hash_sha256_update(&state, (const unsigned char *)part[i].ptr, part[i].len);
    Sha256 digest;
    crypto_hash_sha256_final(&state, digest.byte);
    return digest;
}

Sha256 blake2b_keyed(const unsigned char key[32], Str s)
{
    Sha256 digest;
    const unsigned char *text = s.len > 0 ? (const unsigned char *)s.ptr : (const unsigned char *)"";
    MUST(crypto_generichash(digest.byte, sizeof digest.byte, text, s.len, key, 32) == 0);
    return digest;
}

Sha256 hmac_sha256(const void *key, size_t len, Str s)
{
    crypto_auth_hmacsha256_state state;
    Sha256 digest;
    MUST(crypto_auth_hmacsha256_init(&state, key, len) == 0);
    MUST(crypto_auth_hmacsha256_update(&state, (const unsigned char *)(s.len > 0 ? s.ptr : ""), s.len) == 0);
    MUST(crypto_auth_hmacsha256_final(&state, digest.byte) == 0);
    return digest;
}

bool sha256_eq(const Sha256 *a, const Sha256 *b)
{
    return sodium_memcmp(a->byte, b->byte, SHA256_BYTES) == 0;
}

void hex_encode(const void *p, size_t n, char *out)
{
    static const char digit[] = "0123456789abcdef";
    const unsigned char *byte = p;
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digit[byte[i] >> 4];
        out[2 * i + 1] = digit[byte[i] & 15];
    }
    out[2 * n] = '\0';
}

/* 0-15, or 16 for anything else. */
static unsigned hex_digit(char c)
{
    if (c >= '0' && c <= '9') return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f') return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') return (unsigned)(c - 'A') + 10;
    return 16;
}

enum status hex_decode(Str s, void *out, size_t n)
{
    if (s.len % 2 != 0 || s.len / 2 != n) return E_INVALID;
    for (size_t i = 0; i < s.len; i++)
        if (hex_digit(s.ptr[i]) > 15) return E_INVALID;
    unsigned char *byte = out;
    for (size_t i = 0; i < n; i++)
        byte[i] = (unsigned char)(hex_digit(s.ptr[2 * i]) << 4 | hex_digit(s.ptr[2 * i + 1]));
    return OK;
}

Str base64_encode(struct arena *a, const void *p, size_t n)
{
    size_t room = sodium_base64_encoded_len(n, sodium_base64_VARIANT_ORIGINAL);
    char *text = arena_alloc(a, room, 1, 1);
    sodium_bin2base64(text, room, p, n, sodium_base64_VARIANT_ORIGINAL);
    return (Str){text, room - 1};
}

/* The value of a digit of the standard alphabet, or 64. */
static unsigned base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z') return (unsigned)(c - 'A');
    if (c >= 'a' && c <= 'z') return (unsigned)(c - 'a') + 26;
    if (c >= '0' && c <= '9') return (unsigned)(c - '0') + 52;
    return c == '+' ? 62 : c == '/' ? 63 : 64;
}

/* Strict: padding is demanded and the bits it hides must be zero, so each value has one text. */
enum status base64_decode(Str s, void *out, size_t room, size_t *n)
{
    if (s.len % 4 != 0) return E_INVALID;
    size_t pad = s.len == 0 ? 0 : s.ptr[s.len - 1] != '=' ? 0 : s.ptr[s.len - 2] != '=' ? 1 : 2;
    size_t digits = s.len - pad;
    size_t bytes = s.len / 4 * 3 - pad;
    for (size_t i = 0; i < digits; i++)
        if (base64_digit(s.ptr[i]) > 63) return E_INVALID;
    unsigned unused = pad == 0 ? 0 : pad == 1 ? 3 : 15;
    if (digits > 0 && (base64_digit(s.ptr[digits - 1]) & unused) != 0) return E_INVALID;
    if (bytes > room) return E_LIMIT;
    unsigned char *byte = out;
    for (size_t i = 0, at = 0; i < s.len; i += 4) {
        unsigned group = 0;
        for (size_t k = 0; k < 4; k++)
            group = group << 6 | (i + k < digits ? base64_digit(s.ptr[i + k]) : 0);
        for (unsigned k = 0; k < 3 && at < bytes; k++)
            byte[at++] = (unsigned char)(group >> (16 - 8 * k));
    }
    *n = bytes;
    return OK;
}
