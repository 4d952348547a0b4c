/* A file of what agreement means (match/model_file.c): what is read is written as the same bytes again, and
 * weighs two rows alike from both ends. */
#include "match/match.h"
#include "target.h"

/* Columns that a model of the corpus may name. */
static const struct sheet *small_sheet(struct arena *a)
{
    static const char *const NAME[] = {"john smith", "jon smyth", "mary", "smith john j"};
    struct err e = {0};
    struct sheet_maker *m = sheet_maker_new(a, S("fuzz"), 4);
    size_t name = sheet_add_column(m, S("name"), COLUMN_TEXT, S("full_name"), false);
    size_t born = sheet_add_column(m, S("born"), COLUMN_TEXT, S("date"), false);
    size_t number = sheet_add_column(m, S("n"), COLUMN_NUMBER, S(""), false);
    for (int i = 0; i < 4; i++) {
        MUST(sheet_begin_row(m, str_format(a, "r%d", i), (uint64_t)i + 2, &e) == OK);
        sheet_put_word(m, name, str_of(NAME[i]));
        if (i < 3) sheet_put_word(m, born, str_format(a, "19%d0-01-0%d", i + 1, i + 1));
        sheet_put_number(m, number, i / 2);
    }
    return sheet_finish(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a CLEANUP_ARENA = arena_new("fuzz", (size_t)256 << 20);
    struct match_model m, again;
    struct match_index *x;
    struct match_pairs over;
    struct err e = {0};
    if (match_model_read(target_text(data, size), a, &m, &e) != OK) {
        MUST(e.text[0] != '\0');
        return 0;
    }
    struct buf first CLEANUP_BUF, second CLEANUP_BUF;
    buf_init(&first, (size_t)64 << 20);
    buf_init(&second, (size_t)64 << 20);
    match_model_write(&m, &first);
    MUST(match_model_read(buf_str(&first), a, &again, &e) == OK);
    match_model_write(&again, &second);
    MUST(str_eq(buf_str(&first), buf_str(&second)));
    const struct sheet *f = small_sheet(a);
    if (match_index_new(f, &m, 1, a, &x, &e) != OK) return 0;
    size_t reach = 0;
    for (size_t i = 0; i < f->rows; i++)
        for (size_t j = 0; j < i; j++) {
            int weight = match_weigh(x, i, j, NULL);
            MUST(weight == match_weigh(x, j, i, NULL));
            reach += weight >= 1;
        }
    MUST(match_pairs_over(x, 1, a, &over, &e) == OK && over.count == reach);
    return 0;
}
