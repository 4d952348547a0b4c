/* Words for numbers: policy/scales.tsv. */
#include "model/policy_tsv.h"

#include "model/policy.h"

#include <math.h>

/* ORDER enum word_scale */
static const char *const scale_names[SCALE_COUNT] = {"strength", "probability"};

enum status policy_load_scales(struct arena *a, Str name, Str tsv, struct policy *p, struct err *e)
{
    static const char *const column[] = {"scale", "least", "words"};
    struct policy_tsv reader;
    size_t room[SCALE_COUNT] = {0};
    TRY(policy_tsv_open(&reader, name, tsv, column, COUNT_OF(column), COUNT_OF(column), e));
    for (;;) {
        struct policy_line line;
        bool more = false;
        int scale = 0;
        double least;
        TRY(policy_tsv_next(&reader, &line, &more, e));
        if (!more) return OK;
        while (scale < SCALE_COUNT && !str_eq(line.cell[0], str_of(scale_names[scale])))
            scale++;
        if (scale == SCALE_COUNT)
            return ERR(e, E_INVALID, "scale",
                       "%.*s, line %zu, column scale: \"%.*s\" is not known; strength and probability are",
                       STR_ARG(name), line.number, STR_ARG(line.cell[0]));
        struct scale_word **word = &p->scale[scale];
        size_t *count = &p->scale_count[scale];
        if (str_to_f64(line.cell[1], &least) != OK || (*count > 0 && least <= (*word)[*count - 1].least))
            return ERR(e, E_INVALID, "least",
                       "%.*s, line %zu, column least: a number above that of the line before is wanted, not "
                       "\"%.*s\"",
                       STR_ARG(name), line.number, STR_ARG(line.cell[1]));
        if (str_empty(line.cell[2]))
            return ERR(e, E_INVALID, "words", "%.*s, line %zu, column words: empty", STR_ARG(name),
                       line.number);
        ARENA_ROOM(a, *word, room[scale], *count + 1, 8);
        (*word)[(*count)++] = (struct scale_word){least, line.cell[2]};
    }
}

Str policy_scale_words(const struct policy *p, enum word_scale scale, double value)
{
    Str words = STR_NONE;
    for (size_t i = 0; p != NULL && i < p->scale_count[scale]; i++)
        if (value >= p->scale[scale][i].least) words = p->scale[scale][i].words;
    return words;
}
