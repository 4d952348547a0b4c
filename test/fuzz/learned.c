/* A file of a learned model: what is read is written as the same bytes again, and judges two rows alike from
 * both ends. */
#include "learn/model_file.h"
#include "target.h"

static const struct sheet *small_sheet(struct arena *a)
{
    struct err e = {0};
    struct sheet_maker *m = sheet_maker_new(a, S("fuzz"), 4);
    size_t number = sheet_add_column(m, S("n"), COLUMN_NUMBER, S(""), false);
    size_t code = sheet_add_column(m, S("town"), COLUMN_CODE, S(""), false);
    for (int i = 0; i < 4; i++) {
        MUST(sheet_begin_row(m, str_format(a, "r%d", i), (uint64_t)i + 2, &e) == OK);
        if (i < 3) sheet_put_number(m, number, i * 1.5);
        sheet_put_word(m, code, i % 2 ? S("a") : S("b"));
    }
    return sheet_finish(m);
}

static bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a CLEANUP_ARENA = arena_new("fuzz", (size_t)256 << 20);
    struct learned_model m;
    struct model_scorer s;
    struct err e = {0};
    if (model_read(target_text(data, size), a, &m, &e) != OK) {
        MUST(e.text[0] != '\0');
        return 0;
    }
    struct buf first CLEANUP_BUF, again CLEANUP_BUF;
    buf_init(&first, (size_t)64 << 20);
    buf_init(&again, (size_t)64 << 20);
    model_write(&m, &first);
    MUST(model_read(buf_str(&first), a, &m, &e) == OK);
    model_write(&m, &again);
    MUST(str_eq(buf_str(&first), buf_str(&again)));
    if (model_scorer_for(&m, small_sheet(a), a, &s, &e) != OK) return 0;
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < i; j++)
            MUST(same(model_score(&s, i, j, NULL), model_score(&s, j, i, NULL)));
    return 0;
}
