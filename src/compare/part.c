#include "compare/part.h"

#include "compare/name.h"

#define SLIP_LETTERS_LEAST 4
#define DISTRICT_BYTES     7

static Str part_cut(Str s)
{
    return str_slice(s, 0, PART_BYTES_MAX);
}

static bool starts_letter(Str s, size_t at)
{
    return at >= s.len || ((unsigned char)s.ptr[at] & 0xC0) != 0x80;
}

static size_t letter_end(Str s, size_t at)
{
    do
        at++;
    while (!starts_letter(s, at));
    return at;
}

static size_t letters_in(Str s)
{
    size_t n = 0;
    for (size_t at = 0; at < s.len; at++)
        n += starts_letter(s, at);
    return n;
}

bool part_one_slip(Str a, Str b)
{
    size_t start = 0, end = 0;
    a = part_cut(a);
    b = part_cut(b);
    while (start < a.len && start < b.len && a.ptr[start] == b.ptr[start])
        start++;
    while (start > 0 && !(starts_letter(a, start) && starts_letter(b, start)))
        start--;
    while (end < a.len - start && end < b.len - start && a.ptr[a.len - 1 - end] == b.ptr[b.len - 1 - end])
        end++;
    while (end > 0 && !(starts_letter(a, a.len - end) && starts_letter(b, b.len - end)))
        end--;
    Str x = str_slice(a, start, a.len - end), y = str_slice(b, start, b.len - end);
    size_t in_x = letters_in(x), in_y = letters_in(y);
    if (in_x == 0 && in_y == 0) return false;
    if (in_x <= 1 && in_y <= 1) return true;
    if (in_x != 2 || in_y != 2) return false;
    size_t cut_x = letter_end(x, 0), cut_y = letter_end(y, 0);
    return str_eq(str_slice(x, 0, cut_x), str_slice(y, cut_y, y.len)) &&
           str_eq(str_slice(y, 0, cut_y), str_slice(x, cut_x, x.len));
}

double part_alike(Str a, Str b)
{
    a = part_cut(a);
    b = part_cut(b);
    if (str_eq(a, b)) return 1;
    if (name_forms_related(&NAME_FORMS_ENGLISH, a, b)) return 0.95;
    size_t in_a = letters_in(a), in_b = letters_in(b);
    size_t longer = in_a > in_b ? in_a : in_b, shorter = in_a + in_b - longer;
    if (longer >= SLIP_LETTERS_LEAST && shorter > 1 && part_one_slip(a, b)) return 0.9;
    if (name_sounds_alike(a, b)) return 0.86;
    if (!str_starts(a, b) && !str_starts(b, a)) return 0;
    return shorter == 1 ? 0.75 : 0.8;
}

void part_keys_one_slip(Str word, struct near_keys *out)
{
    char without[PART_BYTES_MAX];
    Str w = part_cut(word);
    near_key_add(out, NEAR_SLIP, hash64(w), NEAR_BOTH);
    for (size_t at = 0; at < w.len;) {
        size_t next = letter_end(w, at);
        memcpy(without, w.ptr, at);
        memcpy(without + at, w.ptr + next, w.len - next);
        near_key_add(out, NEAR_SLIP, hash64((Str){without, w.len - (next - at)}), NEAR_BOTH);
        at = next;
    }
}

/* Two names are related when one is a form of the other or both are of a third: as forms and as names they
 * meet under the name. */
static void keys_of_forms(Str part, struct near_keys *out)
{
    const struct name_forms *f = &NAME_FORMS_ENGLISH;
    near_key_add(out, NEAR_FORM, hash64(part), NEAR_BOTH);
    for (size_t i = 0; i < f->count && out->count < NEAR_KEYS_MAX / 2; i++)
        if (str_eq(str_of(f->item[i].form), part))
            near_key_add(out, NEAR_FORM, hash64(str_of(f->item[i].name)), NEAR_BOTH);
}

void part_keys(Str part, struct near_keys *out)
{
    char sound[2 * NAME_KEY_MAX];
    Str w = part_cut(part);
    part_keys_one_slip(w, out);
    keys_of_forms(w, out);
    name_nysiis(w, sound);
    size_t len = strlen(sound);
    if (len > 1) {
        char refined[NAME_KEY_MAX];
        name_soundex_refined(w, refined);
        memcpy(sound + len, refined + 1, strlen(refined));
        near_key_add(out, NEAR_SOUND, hash64(str_of(sound)), NEAR_BOTH);
    }
    near_key_add(out, NEAR_SHORTER, hash64(w), NEAR_SHORT);
    for (size_t at = letter_end(w, 0); at < w.len; at = letter_end(w, at))
        near_key_add(out, NEAR_SHORTER, hash64(str_slice(w, 0, at)), NEAR_LONG);
}

static Str postcode_district(Str s)
{
    size_t blank = str_find_char(s, ' ');
    return str_slice(s, 0, blank < DISTRICT_BYTES ? blank : DISTRICT_BYTES);
}

Str postcode_sector(Str s)
{
    size_t blank = str_find_char(s, ' ');
    return blank == STR_NPOS ? s : str_slice(s, 0, blank + 2);
}

uint64_t postcode_packed(Str s)
{
    Str district = postcode_district(s);
    uint64_t packed = 0, area = 0;
    for (size_t i = district.len; i > 0; i--)
        packed = packed << 8 | (unsigned char)district.ptr[i - 1];
    while (area < district.len && !(district.ptr[area] >= '0' && district.ptr[area] <= '9'))
        area++;
    return packed | area << 56;
}

bool postcode_same_area(uint64_t a, uint64_t b)
{
    uint64_t area = a >> 56;
    return area > 0 && area == b >> 56 && ((a ^ b) & ((UINT64_C(1) << 8 * area) - 1)) == 0;
}

double postcode_alike(Str a, Str b)
{
    if (str_eq(a, b)) return 1;
    if (part_one_slip(a, b)) return 0.9;
    if (str_eq(postcode_sector(a), postcode_sector(b))) return 0.8;
    uint64_t in_a = postcode_packed(a), in_b = postcode_packed(b);
    return in_a == in_b ? 0.6 : postcode_same_area(in_a, in_b) ? 0.4 : 0;
}
