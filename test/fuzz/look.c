/* The file of a second look: what is read is written as the same bytes again, and leads any pair to a leaf. */
#include "link/second_look.h"
#include "target.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a CLEANUP_ARENA = arena_new("fuzz", (size_t)256 << 20);
    struct second_look look;
    struct str_list none = {0};
    struct err e = {0};
    if (second_look_load(a, target_text(data, size), &look, &e) != OK) {
        MUST(e.text[0] != '\0');
        return 0;
    }
    struct buf first CLEANUP_BUF, again CLEANUP_BUF;
    buf_init(&first, (size_t)64 << 20);
    buf_init(&again, (size_t)64 << 20);
    second_look_write(&look, &none, &first);
    MUST(second_look_load(a, buf_str(&first), &look, &e) == OK);
    second_look_write(&look, &none, &again);
    MUST(str_eq(buf_str(&first), buf_str(&again)));
    static const double GIVEN[] = {(double)NAN, -1e9, -3, 0, 0.5, 4, 1e9};
    for (size_t k = 0; k < COUNT_OF(GIVEN); k++) {
        double value[LOOK_MEASURES];
        for (size_t m = 0; m < LOOK_MEASURES; m++)
            value[m] = GIVEN[(k + m * k) % COUNT_OF(GIVEN)];
        MUST(isfinite(trees_score(&look.trees, value)));
    }
    return 0;
}
