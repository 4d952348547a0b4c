/* The ledger without a database: leaves, the tree, sealing, checkpoints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "store/ledger.h"

#define BUF_MAX 65536

static Sha256 hash_of_hex(const char *hex)
{
    Sha256 h = {0};
    assert_int_equal(hex_decode(str_of(hex), h.byte, sizeof h.byte), OK);
    return h;
}

#define assert_hash(got, hex)                                                                                \
    do {                                                                                                     \
        const Sha256 want_ = hash_of_hex(hex);                                                               \
        assert_memory_equal((got).byte, want_.byte, 32);                                                     \
    } while (0)

static struct rng seeded(uint64_t seed)
{
    struct rng r;
    rng_seed(&r, seed);
    return r;
}

/* ---- the tree -------------------------------------------------------------------------------------- */

/* The eight leaves that every certificate transparency implementation is tried with. */
static const struct {
    const char *hex, *root;
} reference[8] = {
    {"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
    {"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
    {"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
    {"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
    {"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
    {"40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
    {"5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
    {"606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
};

static void reference_leaves(Sha256 leaf[8])
{
    for (size_t i = 0; i < 8; i++) {
        char raw[16];
        const size_t n = strlen(reference[i].hex) / 2;
        assert_int_equal(hex_decode(str_of(reference[i].hex), raw, n), OK);
        leaf[i] = leaf_hash((Str){raw, n});
    }
}

static void reference_roots(void **state)
{
    (void)state;
    Sha256 leaf[8];
    reference_leaves(leaf);
    struct merkle m;
    merkle_init(&m);
    assert_hash(merkle_root(&m), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (size_t i = 0; i < 8; i++) {
        merkle_append(&m, &leaf[i]);
        assert_int_equal(m.size, i + 1);
        assert_hash(merkle_root(&m), reference[i].root);
        assert_hash(merkle_root_of(leaf, i + 1), reference[i].root);
    }
}

static void reference_proofs(void **state)
{
    (void)state;
    static const struct {
        bool inclusion;
        uint64_t from, size;
        const char *path[4];
    } row[] = {
        {true, 0, 1, {NULL}},
        {true,
         0,
         8,
         {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
          "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
          "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
        {true,
         5,
         8,
         {"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
          "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
        {true, 2, 3, {"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}},
        {false, 1, 1, {NULL}},
        {false,
         1,
         8,
         {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
          "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
          "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
        {false,
         6,
         8,
         {"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
          "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
    };
    Sha256 leaf[8], path[64];
    reference_leaves(leaf);
    for (size_t r = 0; r < COUNT_OF(row); r++) {
        size_t want = 0;
        while (want < 4 && row[r].path[want])
            want++;
        const size_t count = row[r].inclusion ? merkle_inclusion(leaf, row[r].size, row[r].from, path)
                                              : merkle_consistency(leaf, row[r].from, row[r].size, path);
        assert_int_equal(count, want);
        for (size_t i = 0; i < count; i++)
            assert_hash(path[i], row[r].path[i]);
    }
}

#define SIZE_MAX_TRIED 130

struct forest {
    Sha256 leaf[SIZE_MAX_TRIED], root[SIZE_MAX_TRIED + 1];
};

static void plant(struct forest *f)
{
    struct merkle m;
    merkle_init(&m);
    f->root[0] = merkle_root(&m);
    for (size_t i = 0; i < SIZE_MAX_TRIED; i++) {
        const char raw[2] = {(char)i, 'x'};
        f->leaf[i] = leaf_hash((Str){raw, 2});
        merkle_append(&m, &f->leaf[i]);
        f->root[i + 1] = merkle_root(&m);
    }
}

static void flip(Sha256 *h, size_t bit)
{
    h->byte[bit / 8] ^= (unsigned char)(1u << (bit % 8));
}

/* Every bit for small trees; one, which wanders, for the others. */
static size_t bit_step(uint64_t size)
{
    return size <= 9 ? 1 : 256;
}

static void refuse_bent_inclusion(const struct forest *f, uint64_t index, uint64_t size, Sha256 *path,
                                  size_t count)
{
    const size_t step = bit_step(size);
    for (size_t bit = (index * 7 + size) % step; bit < 256; bit += step) {
        for (size_t i = 0; i < count; i++) {
            flip(&path[i], bit);
            assert_false(merkle_inclusion_holds(&f->leaf[index], index, size, path, count, &f->root[size]));
            flip(&path[i], bit);
        }
        Sha256 bent = f->leaf[index];
        flip(&bent, bit);
        assert_false(merkle_inclusion_holds(&bent, index, size, path, count, &f->root[size]));
        bent = f->root[size];
        flip(&bent, bit);
        assert_false(merkle_inclusion_holds(&f->leaf[index], index, size, path, count, &bent));
    }
}

static void inclusion_of_all_sizes(void **state)
{
    (void)state;
    static struct forest f;
    plant(&f);
    Sha256 path[65] = {0};
    for (uint64_t size = 1; size <= SIZE_MAX_TRIED; size++) {
        for (uint64_t index = 0; index < size; index++) {
            const size_t count = merkle_inclusion(f.leaf, size, index, path);
            assert_true(merkle_inclusion_holds(&f.leaf[index], index, size, path, count, &f.root[size]));
            for (uint64_t other = 0; other <= size; other += size <= 40 ? 1 : 1 + index % 7)
                if (other != index)
                    assert_false(
                        merkle_inclusion_holds(&f.leaf[index], other, size, path, count, &f.root[size]));
            assert_false(merkle_inclusion_holds(&f.leaf[index], index, size, path, count + 1, &f.root[size]));
            if (count > 0)
                assert_false(
                    merkle_inclusion_holds(&f.leaf[index], index, size, path, count - 1, &f.root[size]));
            refuse_bent_inclusion(&f, index, size, path, count);
        }
    }
    assert_false(merkle_inclusion_holds(&f.leaf[0], 0, 0, path, 0, &f.root[0]));
}

static void refuse_bent_consistency(const struct forest *f, uint64_t old_size, uint64_t size, Sha256 *path,
                                    size_t count)
{
    const size_t step = bit_step(size);
    for (size_t bit = (old_size * 7 + size) % step; bit < 256; bit += step) {
        for (size_t i = 0; i < count; i++) {
            flip(&path[i], bit);
            assert_false(
                merkle_consistency_holds(old_size, size, path, count, &f->root[old_size], &f->root[size]));
            flip(&path[i], bit);
        }
        Sha256 bent = f->root[old_size];
        flip(&bent, bit);
        assert_false(merkle_consistency_holds(old_size, size, path, count, &bent, &f->root[size]));
        bent = f->root[size];
        flip(&bent, bit);
        if (old_size > 0)
            assert_false(merkle_consistency_holds(old_size, size, path, count, &f->root[old_size], &bent));
    }
}

static void consistency_of_all_sizes(void **state)
{
    (void)state;
    static struct forest f;
    plant(&f);
    Sha256 path[65] = {0};
    for (uint64_t size = 0; size <= SIZE_MAX_TRIED; size++) {
        for (uint64_t old_size = 0; old_size <= size; old_size++) {
            const size_t count = merkle_consistency(f.leaf, old_size, size, path);
            const Sha256 *old_root = &f.root[old_size], *root = &f.root[size];
            assert_true(merkle_consistency_holds(old_size, size, path, count, old_root, root));
            assert_false(merkle_consistency_holds(old_size, size, path, count + 1, old_root, root));
            if (count > 0)
                assert_false(merkle_consistency_holds(old_size, size, path, count - 1, old_root, root));
            if (old_size < size) {
                assert_false(merkle_consistency_holds(old_size + 1, size, path, count, old_root, root));
                assert_false(merkle_consistency_holds(size, old_size, path, count, root, old_root));
            }
            refuse_bent_consistency(&f, old_size, size, path, count);
        }
    }
}

/* ---- leaves ---------------------------------------------------------------------------------------- */

static struct leaf sample(void)
{
    struct leaf leaf = {
        .ledger = "change",
        .stream = 1,
        .seq = 2,
        .recorded_at_ms = 1409212800000,
        .known_at_ms = 1409212799999,
        .actor = S("pc-one"),
        .role = S("officer"),
        .unit = S("KD"),
        .on_behalf_of = S("ds-two"),
        .session = S("s1"),
        .origin = S("10.0.0.1"),
        .operation = 2,
        .verb = S("append"),
        .record = 3,
        .prior = 1,
        .batch = 4,
        .line = 5,
        .source = S("police"),
        .outcome = S("done"),
        .vocabulary_version = 6,
        .normaliser_version = 7,
    };
    for (unsigned i = 0; i < 32; i++)
        leaf.commitment.byte[i] = (unsigned char)i;
    return leaf;
}

static Sha256 hash_of(const struct leaf *leaf)
{
    struct buf b CLEANUP_BUF;
    buf_init(&b, BUF_MAX);
    leaf_write(&b, leaf);
    return leaf_hash(buf_str(&b));
}

/* Made by another program from doc/ledger.md: the layout must never change under its version. */
static void leaf_layout_is_pinned(void **state)
{
    (void)state;
    const struct leaf leaf = sample();
    struct buf b CLEANUP_BUF;
    buf_init(&b, BUF_MAX);
    leaf_write(&b, &leaf);
    assert_int_equal(b.len, 265);
    assert_hash(hash_of(&leaf), "bc63751b9cfb11aa24527d3bb41d5eae5ee3fe2be21a16639ada23c020f835d1");
}

static void every_member_counts(void **state)
{
    (void)state;
    struct leaf v[32];
    size_t n = 0;
#define VARIANT(member, value)                                                                               \
    do {                                                                                                     \
        v[n] = sample();                                                                                     \
        v[n++].member = (value);                                                                             \
    } while (0)
    VARIANT(stream, 1);
    VARIANT(ledger, "access");
    VARIANT(stream, 2);
    VARIANT(seq, 3);
    VARIANT(recorded_at_ms, 1409212800001);
    VARIANT(known_at_ms, -1);
    VARIANT(actor, S("pc-onf"));
    VARIANT(role, S(""));
    VARIANT(unit, S("KE"));
    VARIANT(on_behalf_of, S("ds-tw"));
    VARIANT(session, S("s"));
    VARIANT(origin, S("10.0.0.10"));
    VARIANT(operation, 3);
    VARIANT(verb, S("appenD"));
    VARIANT(record, 4);
    VARIANT(prior, 0);
    VARIANT(batch, 5);
    VARIANT(line, 6);
    VARIANT(source, S("polic"));
    VARIANT(outcome, S("refused"));
    VARIANT(vocabulary_version, 7);
    VARIANT(normaliser_version, 6);
    VARIANT(commitment.byte[31], 0);
    VARIANT(role, S("office")); /* a letter that moves to the next member */
    v[n - 1].unit = S("rKD");
    VARIANT(seq, 1); /* two numbers changed places */
    v[n - 1].stream = 2;
#undef VARIANT
    assert_true(n <= COUNT_OF(v));
    for (size_t i = 0; i < n; i++) {
        const Sha256 a = hash_of(&v[i]);
        for (size_t j = 0; j < i; j++) {
            const Sha256 b = hash_of(&v[j]);
            assert_false(sha256_eq(&a, &b));
        }
    }
}

/* ---- sealing --------------------------------------------------------------------------------------- */

static const struct record_key key_one = {{1, 2, 3}}, key_two = {{1, 2, 4}};

static void sealed_body_opens_in_its_place_only(void **state)
{
    (void)state;
    static const Str bodies[] = {{"", 0}, {"x", 1}, {"{\"id\":\"D1\",\"v\":{\"age\":23}}", 27}};
    struct rng r = seeded(1);
    const struct entropy entropy = entropy_seeded(&r);
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        struct buf sealed CLEANUP_BUF, open CLEANUP_BUF;
        buf_init(&sealed, BUF_MAX);
        buf_init(&open, BUF_MAX);
        struct err e = {0};
        body_seal(&sealed, &key_one, &entropy, "change", 1, 7, bodies[i]);
        assert_int_equal(sealed.len, bodies[i].len + 40);
        assert_int_equal(body_open(&open, &key_one, "change", 1, 7, buf_str(&sealed), &e), OK);
        assert_true(str_eq(buf_str(&open), bodies[i]));

        buf_clear(&open);
        buf_add_cstr(&open, "kept");
        assert_int_equal(body_open(&open, &key_one, "change", 1, 8, buf_str(&sealed), &e), E_INVALID);
        assert_true(strstr(e.text, "entry 8") != NULL);
        assert_int_equal(body_open(&open, &key_one, "change", 2, 7, buf_str(&sealed), NULL), E_INVALID);
        assert_int_equal(body_open(&open, &key_one, "access", 1, 7, buf_str(&sealed), NULL), E_INVALID);
        assert_int_equal(body_open(&open, &key_two, "change", 1, 7, buf_str(&sealed), NULL), E_INVALID);
        for (size_t bit = 0; bit < sealed.len * 8; bit++) {
            sealed.ptr[bit / 8] ^= (char)(1 << (bit % 8));
            assert_int_equal(body_open(&open, &key_one, "change", 1, 7, buf_str(&sealed), NULL), E_INVALID);
            sealed.ptr[bit / 8] ^= (char)(1 << (bit % 8));
        }
        for (size_t cut = 0; cut < sealed.len; cut++)
            assert_int_equal(body_open(&open, &key_one, "change", 1, 7, (Str){sealed.ptr, cut}, NULL),
                             E_INVALID);
        assert_true(str_eq(buf_str(&open), S("kept")));
    }
}

static void sealing_twice_differs(void **state)
{
    (void)state;
    struct rng r = seeded(2);
    const struct entropy entropy = entropy_seeded(&r);
    struct buf a CLEANUP_BUF, b CLEANUP_BUF;
    buf_init(&a, BUF_MAX);
    buf_init(&b, BUF_MAX);
    body_seal(&a, &key_one, &entropy, "change", 1, 1, S("same words"));
    body_seal(&b, &key_one, &entropy, "change", 1, 1, S("same words"));
    assert_false(str_eq(buf_str(&a), buf_str(&b)));
}

static void buffers_that_are_full_say_so(void **state)
{
    (void)state;
    struct rng r = seeded(3);
    const struct entropy entropy = entropy_seeded(&r);
    struct buf sealed CLEANUP_BUF, tight CLEANUP_BUF;
    buf_init(&sealed, BUF_MAX);
    buf_init(&tight, 4);
    body_seal(&sealed, &key_one, &entropy, "change", 1, 1, S("more than four"));
    assert_int_equal(body_open(&tight, &key_one, "change", 1, 1, buf_str(&sealed), NULL), E_LIMIT);
    buf_clear(&tight);
    body_seal(&tight, &key_one, &entropy, "change", 1, 1, S("x"));
    assert_int_equal(buf_status(&tight, NULL), E_LIMIT);
}

static void commitment_binds_body_key_and_place(void **state)
{
    (void)state;
    const Str body = S("{\"id\":\"D1\"}");
    const Sha256 c[] = {
        body_commitment(&key_one, "change", 1, 7, body),
        body_commitment(&key_one, "change", 1, 7, S("{\"id\":\"D2\"}")),
        body_commitment(&key_one, "change", 1, 7, S("")),
        body_commitment(&key_two, "change", 1, 7, body),
        body_commitment(&key_one, "access", 1, 7, body),
        body_commitment(&key_one, "change", 2, 7, body),
        body_commitment(&key_one, "change", 1, 8, body),
    };
    const Sha256 again = body_commitment(&key_one, "change", 1, 7, body);
    assert_true(sha256_eq(&c[0], &again));
    for (size_t i = 0; i < COUNT_OF(c); i++)
        for (size_t j = 0; j < i; j++)
            assert_false(sha256_eq(&c[i], &c[j]));
}

/* ---- checkpoints ----------------------------------------------------------------------------------- */

static struct checkpoint sample_checkpoint(void)
{
    struct checkpoint c = {.store = "00112233445566778899aabbccddeeff",
                           .at_ms = 1409212800123,
                           .change_size = 300,
                           .access_size = 0};
    c.change_root = sha256(S("change"));
    c.access_root = sha256(S(""));
    return c;
}

static void write_sample(struct buf *b, const struct checkpoint *c, uint64_t seed, struct signing_key *key)
{
    struct rng r = seeded(seed);
    const struct entropy entropy = entropy_seeded(&r);
    signing_key_make(&entropy, key);
    buf_init(b, BUF_MAX);
    checkpoint_write(b, c, key);
    assert_int_equal(buf_status(b, NULL), OK);
}

static void checkpoint_comes_back(void **state)
{
    (void)state;
    const struct checkpoint c = sample_checkpoint();
    struct signing_key key;
    struct buf b CLEANUP_BUF;
    write_sample(&b, &c, 4, &key);
    struct checkpoint got = {0};
    assert_int_equal(checkpoint_read(buf_str(&b), &got, NULL), OK);
    assert_string_equal(got.store, c.store);
    assert_int_equal(got.at_ms, c.at_ms);
    assert_int_equal(got.change_size, 300);
    assert_int_equal(got.access_size, 0);
    assert_true(sha256_eq(&got.change_root, &c.change_root));
    assert_true(sha256_eq(&got.access_root, &c.access_root));
    assert_memory_equal(got.public_half, key.public_half, 32);
}

static void refused(Str text)
{
    struct checkpoint out = {.at_ms = 77};
    struct err e = {0};
    assert_int_equal(checkpoint_read(text, &out, &e), E_INVALID);
    assert_int_equal(out.at_ms, 77);
    assert_true(e.text[0] != '\0');
}

static void every_altered_byte_is_refused(void **state)
{
    (void)state;
    const struct checkpoint c = sample_checkpoint();
    struct signing_key key;
    struct buf b CLEANUP_BUF;
    write_sample(&b, &c, 4, &key);
    for (size_t bit = 0; bit < b.len * 8; bit++) {
        b.ptr[bit / 8] ^= (char)(1 << (bit % 8));
        refused(buf_str(&b));
        b.ptr[bit / 8] ^= (char)(1 << (bit % 8));
    }
    for (size_t cut = 0; cut < b.len; cut++)
        refused((Str){b.ptr, cut});
    buf_add_char(&b, '\n');
    refused(buf_str(&b));
}

/* A true signature under another spelling or another key's signature under this key's name. */
static void other_signatures_are_refused(void **state)
{
    (void)state;
    struct checkpoint c = sample_checkpoint();
    struct signing_key key, other;
    struct buf mine CLEANUP_BUF, theirs CLEANUP_BUF;
    write_sample(&mine, &c, 4, &key);
    c.change_size = 299;
    write_sample(&theirs, &c, 4, &other);
    const size_t at = str_find(buf_str(&mine), S("signature "));
    const size_t at_theirs = str_find(buf_str(&theirs), S("signature "));
    assert_true(at != STR_NPOS && at == at_theirs);
    memcpy(mine.ptr + at, theirs.ptr + at, mine.len - at);
    refused(buf_str(&mine));
    refused(S(""));
    refused(STR_NONE);
    refused(S("colligate checkpoint 2\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reference_roots),
        cmocka_unit_test(reference_proofs),
        cmocka_unit_test(inclusion_of_all_sizes),
        cmocka_unit_test(consistency_of_all_sizes),
        cmocka_unit_test(leaf_layout_is_pinned),
        cmocka_unit_test(every_member_counts),
        cmocka_unit_test(sealed_body_opens_in_its_place_only),
        cmocka_unit_test(sealing_twice_differs),
        cmocka_unit_test(buffers_that_are_full_say_so),
        cmocka_unit_test(commitment_binds_body_key_and_place),
        cmocka_unit_test(checkpoint_comes_back),
        cmocka_unit_test(every_altered_byte_is_refused),
        cmocka_unit_test(other_signatures_are_refused),
    };
    return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
