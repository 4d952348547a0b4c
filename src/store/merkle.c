/* The tree of RFC 9162 section 2.1: leaves and nodes are hashed with different first bytes, and a tree of n
 * leaves splits at the largest power of two below n. */
#include "store/ledger.h"

static Sha256 node_hash(const Sha256 *left, const Sha256 *right)
{
    const Str part[3] = {
        {"\1", 1}, {(const char *)left->byte, SHA256_BYTES}, {(const char *)right->byte, SHA256_BYTES}};
    return sha256_parts(part, COUNT_OF(part));
}

/* The largest power of two below n; n > 1. */
static uint64_t split_of(uint64_t n)
{
    return UINT64_C(1) << (63 - __builtin_clzll(n - 1));
}

static bool power_of_two(uint64_t n)
{
    return n != 0 && (n & (n - 1)) == 0;
}

void merkle_init(struct merkle *m)
{
    *m = (struct merkle){0};
}

/* edge[i] is the root of a full tree of 2^i leaves wherever bit i of size is set; appending is adding one to
 * that number, and a carry joins two full trees. */
void merkle_append(struct merkle *m, const Sha256 *leaf)
{
    Sha256 carry = *leaf;
    unsigned level = 0;
    for (; (m->size >> level) & 1; level++)
        carry = node_hash(&m->edge[level], &carry);
    m->edge[level] = carry;
    m->size++;
}

Sha256 merkle_root(const struct merkle *m)
{
    if (m->size == 0) return sha256(S(""));
    unsigned level = (unsigned)__builtin_ctzll(m->size);
    Sha256 root = m->edge[level];
    while (++level < 64)
        if ((m->size >> level) & 1) root = node_hash(&m->edge[level], &root);
    return root;
}

Sha256 merkle_root_of(const Sha256 *leaf, uint64_t size)
{
    struct merkle m;
    merkle_init(&m);
    for (uint64_t i = 0; i < size; i++)
        merkle_append(&m, &leaf[i]);
    return merkle_root(&m);
}

static void reverse(Sha256 *path, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        const Sha256 held = path[i];
        path[i] = path[count - 1 - i];
        path[count - 1 - i] = held;
    }
}

/* PATH(m, D[n]) walked from the root down, which gives it backwards. */
size_t merkle_inclusion(const Sha256 *leaf, uint64_t size, uint64_t index, Sha256 path[64])
{
    MUST(index < size);
    size_t count = 0;
    while (size > 1) {
        const uint64_t half = split_of(size);
        if (index < half) {
            path[count++] = merkle_root_of(leaf + half, size - half);
            size = half;
        } else {
            path[count++] = merkle_root_of(leaf, half);
            leaf += half;
            index -= half;
            size -= half;
        }
    }
    reverse(path, count);
    return count;
}

/* Section 2.1.3.2. fn and sn are the places of this node and of the last node on the level reached. */
bool merkle_inclusion_holds(const Sha256 *leaf, uint64_t index, uint64_t size, const Sha256 *path,
                            size_t count, const Sha256 *root)
{
    if (index >= size) return false;
    uint64_t fn = index, sn = size - 1;
    Sha256 r = *leaf;
    for (size_t i = 0; i < count; i++) {
        if (sn == 0) return false;
        if ((fn & 1) || fn == sn) {
            r = node_hash(&path[i], &r);
            while (!(fn & 1) && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            r = node_hash(&r, &path[i]);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && sha256_eq(&r, root);
}

/* SUBPROOF(m, D[n], b) walked down, backwards likewise. `known`: the old tree is a full subtree whose root
 * the verifier has already, so it is left out. */
size_t merkle_consistency(const Sha256 *leaf, uint64_t old_size, uint64_t size, Sha256 path[64])
{
    MUST(old_size <= size);
    if (old_size == 0 || old_size == size) return 0;
    size_t count = 0;
    bool known = true;
    while (old_size != size) {
        const uint64_t half = split_of(size);
        if (old_size <= half) {
            path[count++] = merkle_root_of(leaf + half, size - half);
            size = half;
        } else {
            path[count++] = merkle_root_of(leaf, half);
            leaf += half;
            old_size -= half;
            size -= half;
            known = false;
        }
    }
    if (!known) path[count++] = merkle_root_of(leaf, size);
    reverse(path, count);
    return count;
}

/* Section 2.1.4.2, for 0 < old_size < size. */
static bool growth_holds(uint64_t old_size, uint64_t size, const Sha256 *path, size_t count,
                         const Sha256 *old_root, const Sha256 *root)
{
    if (count == 0) return false;
    uint64_t fn = old_size - 1, sn = size - 1;
    while (fn & 1) {
        fn >>= 1;
        sn >>= 1;
    }
    size_t next = 0;
    Sha256 fr = power_of_two(old_size) ? *old_root : path[next++];
    Sha256 sr = fr;
    for (; next < count; next++) {
        if (sn == 0) return false;
        if ((fn & 1) || fn == sn) {
            fr = node_hash(&path[next], &fr);
            sr = node_hash(&path[next], &sr);
            while (!(fn & 1) && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            sr = node_hash(&sr, &path[next]);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && sha256_eq(&fr, old_root) && sha256_eq(&sr, root);
}

/* An empty tree is the beginning of every tree. */
bool merkle_consistency_holds(uint64_t old_size, uint64_t size, const Sha256 *path, size_t count,
                              const Sha256 *old_root, const Sha256 *root)
{
    if (old_size > size) return false;
    if (old_size == 0) {
        const Sha256 empty = sha256(S(""));
        return count == 0 && sha256_eq(old_root, &empty) && (size != 0 || sha256_eq(root, &empty));
    }
    if (old_size == size) return count == 0 && sha256_eq(old_root, root);
    return growth_holds(old_size, size, path, count, old_root, root);
}
