#include "store/ledger.h"

#define LEAF_MAGIC "colligate-leaf-1"

static void put_number(struct buf *b, uint64_t value, size_t bytes)
{
    unsigned char raw[8];
    for (size_t i = 0; i < bytes; i++)
        raw[i] = (unsigned char)(value >> (8 * (bytes - 1 - i)));
    buf_add_bytes(b, raw, bytes);
}

/* Every member is four bytes of length and then its bytes, so that no two leaves share their bytes. */
static void put_text(struct buf *b, Str text)
{
    MUST(text.len <= UINT32_MAX);
    put_number(b, text.len, 4);
    buf_add(b, text);
}

static void put_u64(struct buf *b, uint64_t value)
{
    put_number(b, 8, 4);
    put_number(b, value, 8);
}

static void put_u32(struct buf *b, uint32_t value)
{
    put_number(b, 4, 4);
    put_number(b, value, 4);
}

void leaf_write(struct buf *b, const struct leaf *leaf)
{
    buf_add(b, S(LEAF_MAGIC));
    put_text(b, str_of(leaf->ledger));
    put_u64(b, leaf->stream);
    put_u64(b, leaf->seq);
    put_u64(b, (uint64_t)leaf->recorded_at_ms);
    put_u64(b, (uint64_t)leaf->known_at_ms);
    put_text(b, leaf->actor);
    put_text(b, leaf->role);
    put_text(b, leaf->unit);
    put_text(b, leaf->on_behalf_of);
    put_text(b, leaf->session);
    put_text(b, leaf->origin);
    put_u32(b, leaf->operation);
    put_text(b, leaf->verb);
    put_u64(b, leaf->record);
    put_u64(b, leaf->prior);
    put_u64(b, leaf->batch);
    put_u64(b, leaf->line);
    put_text(b, leaf->source);
    put_text(b, leaf->outcome);
    put_u32(b, leaf->vocabulary_version);
    put_u32(b, leaf->normaliser_version);
    put_text(b, (Str){(const char *)leaf->commitment.byte, SHA256_BYTES});
}

Sha256 leaf_hash(Str canonical)
{
    const Str part[2] = {{"\0", 1}, canonical};
    return sha256_parts(part, COUNT_OF(part));
}
