/* A text of any kind: every mention lies in it, in order, and says by what it is denied. */
#include "compare/mentions.h"
#include "base/utf8.h"
#include "target.h"

#include <stdlib.h>

static struct arena *kept; /* for as long as the process lives */

static void kept_free(void)
{
    arena_free(kept);
}

static const struct mention_reader *reader(void)
{
    static const struct mention_reader *made;
    if (!made) {
        kept = arena_new("fuzz reader", (size_t)1 << 26);
        made = mention_reader_new(kept, target_policy(), target_policy()->substances, true);
        MUST(atexit(kept_free) == 0);
    }
    return made;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a CLEANUP_ARENA = arena_new("fuzz", (size_t)256 << 20);
    Str text = target_text(data, size);
    struct mentions m = mentions_find(reader(), text, a);
    for (size_t i = 0, at = 0; i < m.count; i++) {
        const struct mention *one = &m.item[i];
        /* Two may come from one word that folds into several. */
        MUST(one->length > 0 && one->start + one->length <= text.len && one->start + one->length >= at);
        MUST(one->negated == (one->cue_length > 0) && one->cue_start + one->cue_length <= text.len);
        MUST(vocabulary_has(target_policy()->substances, one->code));
        at = one->start + one->length;
    }
    return 0;
}
