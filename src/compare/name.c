#include "compare/name.h"

#include "compare/name_parts.h"

#include <math.h>
#include <utf8proc.h>

#define PART_LEAST 700000 /* below it two parts are different names that happen to share letters */

struct letters {
    int32_t c[NAME_CHARS_MAX];
    int count;
};

static struct letters letters_of(Str s)
{
    struct letters out = {.count = 0};
    size_t at = 0;
    while (at < s.len && out.count < NAME_CHARS_MAX) {
        utf8proc_int32_t c;
        utf8proc_ssize_t len =
            utf8proc_iterate((const utf8proc_uint8_t *)s.ptr + at, (utf8proc_ssize_t)(s.len - at), &c);
        if (len <= 0) { /* an invalid byte stands for itself, away from every character */
            c = -1 - (unsigned char)s.ptr[at];
            len = 1;
        }
        out.c[out.count++] = c;
        at += (size_t)len;
    }
    return out;
}

/* The shorter first (ties by content), because the greedy search of Jaro depends on who is first. */
static bool letters_before(const struct letters *a, const struct letters *b)
{
    if (a->count != b->count) return a->count < b->count;
    for (int i = 0; i < a->count; i++)
        if (a->c[i] != b->c[i]) return a->c[i] < b->c[i];
    return true;
}

static double jaro(const struct letters *a, const struct letters *b)
{
    if (!letters_before(a, b)) return jaro(b, a);
    if (b->count == 0) return 1;
    bool used_a[NAME_CHARS_MAX] = {false}, used_b[NAME_CHARS_MAX] = {false};
    int reach = b->count / 2 - 1, same = 0, moved = 0;
    if (reach < 0) reach = 0;
    for (int i = 0; i < a->count; i++) {
        int from = i > reach ? i - reach : 0, to = i + reach < b->count ? i + reach : b->count - 1;
        for (int j = from; j <= to; j++) {
            if (used_b[j] || a->c[i] != b->c[j]) continue;
            used_a[i] = used_b[j] = true;
            same++;
            break;
        }
    }
    if (same == 0) return 0;
    for (int i = 0, j = 0; i < a->count; i++) {
        if (!used_a[i]) continue;
        while (!used_b[j])
            j++;
        moved += a->c[i] != b->c[j++];
    }
    double m = same;
    return (m / a->count + m / b->count + (m - moved / 2) / m) / 3;
}

double name_jaro(Str a, Str b)
{
    struct letters la = letters_of(a), lb = letters_of(b);
    return jaro(&la, &lb);
}

double name_jaro_winkler(Str a, Str b)
{
    struct letters la = letters_of(a), lb = letters_of(b);
    double alike = jaro(&la, &lb);
    int start = 0;
    while (start < 4 && start < la.count && start < lb.count && la.c[start] == lb.c[start])
        start++;
    return alike + start * 0.1 * (1 - alike);
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

int name_edits_aligned(Str a, Str b)
{
    struct letters la = letters_of(a), lb = letters_of(b);
    int row[3][NAME_CHARS_MAX + 1] = {{0}};
    for (int j = 0; j <= lb.count; j++)
        row[0][j] = j;
    for (int i = 1; i <= la.count; i++) {
        int *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (int j = 1; j <= lb.count; j++) {
            bool same = la.c[i - 1] == lb.c[j - 1];
            now[j] = least(last[j - 1] + !same, least(last[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && la.c[i - 1] == lb.c[j - 2] && la.c[i - 2] == lb.c[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
        }
    }
    return row[la.count % 3][lb.count];
}

int name_edits_damerau(Str a, Str b)
{
    struct letters la = letters_of(a), lb = letters_of(b);
    int d[NAME_CHARS_MAX + 1][NAME_CHARS_MAX + 1];
    int row_with[NAME_CHARS_MAX] = {0}; /* last row whose letter is b's letter j */
    for (int j = 0; j <= lb.count; j++)
        d[0][j] = j;
    for (int i = 1; i <= la.count; i++) {
        int column_with = 0; /* last column before j whose letter is a's letter i */
        d[i][0] = i;
        for (int j = 1; j <= lb.count; j++) {
            bool same = la.c[i - 1] == lb.c[j - 1];
            int best = least(d[i - 1][j - 1] + !same, least(d[i - 1][j], d[i][j - 1]) + 1);
            int k = row_with[j - 1], l = column_with;
            if (k > 0 && l > 0) best = least(best, d[k - 1][l - 1] + (i - k - 1) + 1 + (j - l - 1));
            d[i][j] = best;
            if (same) column_with = j;
        }
        for (int j = 0; j < lb.count; j++)
            if (lb.c[j] == la.c[i - 1]) row_with[j] = i;
    }
    return d[la.count][lb.count];
}

struct name_parts name_parts_of(Str name)
{
    struct name_parts p = {.whole = str_trim(name)};
    Str rest = p.whole, piece;
    while (p.count < NAME_PARTS_MAX && str_next(&rest, ' ', &piece))
        if (!str_empty(piece)) p.item[p.count++] = piece;
    return p;
}

bool name_sounds_alike(Str a, Str b)
{
    char sound_a[NAME_KEY_MAX], sound_b[NAME_KEY_MAX];
    name_nysiis(a, sound_a);
    name_nysiis(b, sound_b);
    if (sound_a[0] == '\0' || sound_a[1] == '\0' || strcmp(sound_a, sound_b) != 0) return false;
    name_soundex_refined(a, sound_a);
    name_soundex_refined(b, sound_b);
    return strcmp(sound_a + 1, sound_b + 1) == 0;
}

int name_part_alike(const struct name_forms *forms, Str a, Str b)
{
    if (str_eq(a, b)) return NAME_PART_SAME;
    if (a.len == 1 || b.len == 1) return a.ptr[0] == b.ptr[0] ? 850000 : 0;
    if (forms && name_forms_related(forms, a, b)) return 950000;
    int alike = (int)lround(NAME_PART_SAME * name_jaro_winkler(a, b));
    if (alike < NAME_PART_SOUND && name_sounds_alike(a, b)) alike = NAME_PART_SOUND;
    return alike >= PART_LEAST ? alike : 0;
}

static int most(int a, int b)
{
    return a > b ? a : b;
}

/* The best sum when parts keep their order, leaving out what does not fit. */
static int match_in_order(int alike[NAME_PARTS_MAX][NAME_PARTS_MAX], int rows, int columns)
{
    int best[NAME_PARTS_MAX + 1][NAME_PARTS_MAX + 1] = {{0}};
    for (int i = 1; i <= rows; i++)
        for (int j = 1; j <= columns; j++)
            best[i][j] = most(best[i - 1][j - 1] + alike[i - 1][j - 1], most(best[i - 1][j], best[i][j - 1]));
    return best[rows][columns];
}

/* The best sum in any order, each part used once: over all sets of used columns. */
static int match_any_order(int alike[NAME_PARTS_MAX][NAME_PARTS_MAX], int rows, int columns)
{
    int best[1 << NAME_PARTS_MAX] = {0};
    int sets = 1 << columns;
    for (int i = 0; i < rows; i++)
        for (int used = sets - 1; used > 0; used--) /* downwards: a set is read before it is changed */
            for (int j = 0; j < columns; j++)
                if (used & (1 << j)) best[used] = most(best[used], best[used & ~(1 << j)] + alike[i][j]);
    return best[sets - 1];
}

double name_together(const struct name_parts *a, const struct name_parts *b)
{
    char together[2][NAME_CHARS_MAX * 4];
    Str joined[2];
    const struct name_parts *side[2] = {a, b};
    for (int s = 0; s < 2; s++) {
        size_t len = 0;
        for (int i = 0; i < side[s]->count; i++) {
            Str part = side[s]->item[i];
            size_t room = sizeof together[s] - len, n = part.len < room ? part.len : room;
            memcpy(together[s] + len, part.ptr, n);
            len += n;
        }
        joined[s] = (Str){together[s], len};
    }
    if (str_eq(joined[0], joined[1])) return NAME_TOGETHER_MOST;
    bool long_enough = joined[0].len >= 6 && joined[1].len >= 6;
    return long_enough && name_edits_damerau(joined[0], joined[1]) == 1 ? 0.92 : 0;
}

double name_matched(int alike[NAME_PARTS_MAX][NAME_PARTS_MAX], int rows, int columns)
{
    double ordered = match_in_order(alike, rows, columns);
    double any = 0.97 * match_any_order(alike, rows, columns);
    int fewer = least(rows, columns), extra = rows + columns - 2 * fewer;
    double matched = fmax(ordered, any) / fewer / NAME_PART_SAME;
    /* One part against several says little: many people are called Jay. */
    if (extra > 0) matched *= fewer == 1 ? 0.8 : fmax(1 - 0.04 * extra, 0.8);
    return matched;
}

double name_alike_by(const struct name_forms *forms, Str folded_a, Str folded_b)
{
    struct name_parts a = name_parts_of(folded_a), b = name_parts_of(folded_b);
    if (a.count == 0 || b.count == 0) return (double)NAN;
    if (str_eq(a.whole, b.whole)) return 1;
    int alike[NAME_PARTS_MAX][NAME_PARTS_MAX] = {{0}};
    for (int i = 0; i < a.count; i++)
        for (int j = 0; j < b.count; j++)
            alike[i][j] = name_part_alike(forms, a.item[i], b.item[j]);
    return fmax(name_matched(alike, a.count, b.count), name_together(&a, &b));
}

double name_alike(Str folded_a, Str folded_b)
{
    return name_alike_by(&NAME_FORMS_ENGLISH, folded_a, folded_b);
}
