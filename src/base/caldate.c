#include "base/caldate.h"

#include <stdio.h>

enum { YEAR_MIN = 1, YEAR_MAX = 9999 };

static const char *const month_name[12] = {"January",   "February", "March",    "April",
                                           "May",       "June",     "July",     "August",
                                           "September", "October",  "November", "December"};

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Years are counted from March, so that a leap day ends its year; eras are 400 years (146097 days). */
int64_t caldate_to_days(int year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = floor_div(y, 400);
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void caldate_from_days(int64_t days, int *year, int *month, int *day)
{
    int64_t shifted = days + 719468;
    int64_t era = floor_div(shifted, 146097);
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t from_march = (5 * day_of_year + 2) / 153;
    *day = (int)(day_of_year - (153 * from_march + 2) / 5 + 1);
    *month = (int)(from_march < 10 ? from_march + 3 : from_march - 9);
    *year = (int)(year_of_era + era * 400 + (*month <= 2));
}

bool caldate_valid(int year, int month, int day)
{
    static const int length[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1) return false;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= length[month - 1] + (month == 2 && leap);
}

int caldate_weekday(int64_t days)
{
    int64_t from_monday = (days + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(from_monday < 0 ? from_monday + 7 : from_monday);
}

int64_t caldate_day_of(int64_t ms)
{
    return floor_div(ms, MS_PER_DAY);
}

int64_t caldate_midnight(int64_t ms)
{
    return caldate_day_of(ms) * MS_PER_DAY;
}

/* What a text gave of a moment. */
struct moment {
    int year, month, day;
    int hour, minute, second, ms;
    int offset_minutes;
};

/* The moment in ms, when it exists and, moved to UTC, lies within the years we know. */
static bool moment_to_ms(const struct moment *m, int64_t *ms)
{
    if (!caldate_valid(m->year, m->month, m->day) || m->hour > 23 || m->minute > 59) return false;
    /* A leap second is the second after 59, as in POSIX time. */
    if (m->second > 60 || (m->second == 60 && m->minute != 59)) return false;
    int64_t minutes = m->hour * 60 + m->minute - m->offset_minutes;
    int64_t value = caldate_to_days(m->year, m->month, m->day) * MS_PER_DAY + minutes * 60 * MS_PER_SECOND +
                    m->second * MS_PER_SECOND + m->ms;
    if (value < caldate_to_days(YEAR_MIN, 1, 1) * MS_PER_DAY) return false;
    if (value >= caldate_to_days(YEAR_MAX + 1, 1, 1) * MS_PER_DAY) return false;
    *ms = value;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool take_char(Str *s, char c)
{
    if (s->len == 0 || s->ptr[0] != c) return false;
    *s = str_slice(*s, 1, s->len);
    return true;
}

/* Takes `least` to `most` digits. */
static bool take_number(Str *s, size_t least, size_t most, int *value)
{
    size_t n = 0;
    int number = 0;
    for (; n < most && n < s->len && is_digit(s->ptr[n]); n++)
        number = number * 10 + (s->ptr[n] - '0');
    if (n < least) return false;
    *s = str_slice(*s, n, s->len);
    *value = number;
    return true;
}

/* Digits after the decimal mark, to whole milliseconds; the rest is cut off. */
static bool take_fraction(Str *s, int *ms)
{
    size_t n = 0;
    int value = 0;
    for (; n < s->len && is_digit(s->ptr[n]); n++)
        if (n < 3) value = value * 10 + (s->ptr[n] - '0');
    if (n == 0) return false;
    for (size_t i = n; i < 3; i++)
        value *= 10;
    *s = str_slice(*s, n, s->len);
    *ms = value;
    return true;
}

/* Z, +01:00, +0100 or +01. */
static bool take_offset(Str *s, int *minutes)
{
    if (take_char(s, 'Z') || take_char(s, 'z')) {
        *minutes = 0;
        return true;
    }
    bool west = s->len > 0 && s->ptr[0] == '-';
    if (!west && (s->len == 0 || s->ptr[0] != '+')) return false;
    Str rest = str_slice(*s, 1, s->len);
    int hour;
    int minute = 0;
    if (!take_number(&rest, 2, 2, &hour) || hour > 23) return false;
    bool colon = take_char(&rest, ':');
    if (!take_number(&rest, 2, 2, &minute) && colon) return false;
    if (minute > 59) return false;
    *s = rest;
    *minutes = west ? -(hour * 60 + minute) : hour * 60 + minute;
    return true;
}

/* The part of a bad text that a message can quote. */
static Str excerpt(Str text)
{
    return str_slice(text, 0, 60);
}

static enum status fail_text(Str text, struct err *e)
{
    return ERR(e, E_INVALID, "",
               "\"%.*s\" is not a date or time; write 2014-08-28, or 2014-08-28T08:00:00Z with a time zone.",
               STR_ARG(excerpt(text)));
}

static bool take_clock(Str *s, struct moment *m)
{
    if (!take_number(s, 2, 2, &m->hour) || !take_char(s, ':')) return false;
    if (!take_number(s, 2, 2, &m->minute)) return false;
    if (!take_char(s, ':')) return true;
    if (!take_number(s, 2, 2, &m->second)) return false;
    return !take_char(s, '.') || take_fraction(s, &m->ms);
}

enum status caldate_parse(Str text, int64_t *ms, bool *day_only, struct err *e)
{
    struct moment m = {0};
    Str rest = text;
    if (!take_number(&rest, 4, 4, &m.year) || !take_char(&rest, '-') || !take_number(&rest, 2, 2, &m.month) ||
        !take_char(&rest, '-') || !take_number(&rest, 2, 2, &m.day))
        return fail_text(text, e);
    bool day = rest.len == 0;
    if (!day) {
        if (!take_char(&rest, 'T') && !take_char(&rest, 't') && !take_char(&rest, ' '))
            return fail_text(text, e);
        if (!take_clock(&rest, &m) || !take_offset(&rest, &m.offset_minutes) || rest.len > 0)
            return fail_text(text, e);
    }
    if (!moment_to_ms(&m, ms))
        return ERR(e, E_INVALID, "", "\"%.*s\" does not exist in the calendar.", STR_ARG(excerpt(text)));
    if (day_only != NULL) *day_only = day;
    return OK;
}

static struct moment moment_of(int64_t ms)
{
    struct moment m = {0};
    int64_t day = caldate_day_of(ms);
    int rest = (int)(ms % MS_PER_DAY);
    if (rest < 0) rest += (int)MS_PER_DAY;
    caldate_from_days(day, &m.year, &m.month, &m.day);
    m.ms = rest % 1000;
    m.second = rest / 1000 % 60;
    m.minute = rest / 60000 % 60;
    m.hour = rest / 3600000;
    return m;
}

void caldate_format(int64_t ms, char out[32])
{
    struct moment m = moment_of(ms);
    int n = snprintf(out, 32, "%04d-%02d-%02dT%02d:%02d:%02d", m.year, m.month, m.day, m.hour, m.minute,
                     m.second);
    size_t at = (size_t)n;
    if (m.ms != 0)
        snprintf(out + at, 32 - at, ".%03dZ", m.ms);
    else
        snprintf(out + at, 32 - at, "Z");
}

void caldate_format_day(int64_t ms, char out[32])
{
    struct moment m = moment_of(ms);
    snprintf(out, 32, "%04d-%02d-%02d", m.year, m.month, m.day);
}

void caldate_words_day(int64_t ms, char out[48])
{
    struct moment m = moment_of(ms);
    snprintf(out, 48, "%d %s %d", m.day, month_name[m.month - 1], m.year);
}

void caldate_words(int64_t ms, char out[48])
{
    struct moment m = moment_of(ms);
    int hour = m.hour % 12 == 0 ? 12 : m.hour % 12;
    snprintf(out, 48, "%d %s %d, %d:%02d%s", m.day, month_name[m.month - 1], m.year, hour, m.minute,
             m.hour < 12 ? "am" : "pm");
}

/* Reading by a pattern. */
struct pattern_state {
    Str text;
    struct moment m;
    uint32_t seen; /* of the fields below */
    bool afternoon;
};

enum {
    HAS_YEAR = 1,
    HAS_MONTH = 2,
    HAS_DAY = 4,
    HAS_HOUR = 8,
    HAS_HALF = 16,
    HAS_MINUTE = 32,
    HAS_SECOND = 64,
    HAS_FRACTION = 128,
    HAS_OFFSET = 256,
    HAS_HOUR_12 = 512
};

static bool take_word(Str *s, Str word)
{
    if (!str_eq_nocase(str_slice(*s, 0, word.len), word)) return false;
    *s = str_slice(*s, word.len, s->len);
    return true;
}

/* English names: the whole one, three letters, or Sept; a point may end a short one. */
static bool take_month(Str *s, int *month)
{
    for (int i = 0; i < 12; i++) {
        Str name = str_of(month_name[i]);
        if (take_word(s, name)) {
            *month = i + 1;
            return true;
        }
    }
    for (int i = 0; i < 12; i++) {
        if (!(i == 8 && take_word(s, S("Sept"))) && !take_word(s, str_slice(str_of(month_name[i]), 0, 3)))
            continue;
        take_char(s, '.');
        *month = i + 1;
        return true;
    }
    return false;
}

static bool take_half(Str *s, bool *afternoon)
{
    if (s->len == 0 || (lower(s->ptr[0]) != 'a' && lower(s->ptr[0]) != 'p')) return false;
    bool pm = lower(s->ptr[0]) == 'p';
    Str rest = str_slice(*s, 1, s->len);
    bool point = take_char(&rest, '.');
    if (!take_word(&rest, S("m"))) return false;
    if (point && !take_char(&rest, '.')) return false;
    *s = rest;
    *afternoon = pm;
    return true;
}

static bool take_short_year(Str *s, int *year)
{
    int value;
    if (!take_number(s, 2, 2, &value)) return false;
    *year = value <= 68 ? 2000 + value : 1900 + value;
    return true;
}

static bool take_hour_12(Str *s, int *hour)
{
    int value;
    if (!take_number(s, 1, 2, &value) || value < 1 || value > 12) return false;
    *hour = value % 12;
    return true;
}

/* Takes the field that `code` stands for; *unknown when it stands for none. */
static bool take_field(struct pattern_state *p, char code, uint32_t *bit, bool *unknown)
{
    struct moment *m = &p->m;
    switch (code) {
    case 'Y':
        *bit = HAS_YEAR;
        return take_number(&p->text, 4, 4, &m->year);
    case 'y':
        *bit = HAS_YEAR;
        return take_short_year(&p->text, &m->year);
    case 'm':
        *bit = HAS_MONTH;
        return take_number(&p->text, 1, 2, &m->month);
    case 'b':
    case 'B':
        *bit = HAS_MONTH;
        return take_month(&p->text, &m->month);
    case 'd':
        *bit = HAS_DAY;
        return take_number(&p->text, 1, 2, &m->day);
    case 'H':
        *bit = HAS_HOUR;
        return take_number(&p->text, 1, 2, &m->hour);
    case 'I':
        *bit = HAS_HOUR | HAS_HOUR_12;
        return take_hour_12(&p->text, &m->hour);
    case 'p':
        *bit = HAS_HALF;
        return take_half(&p->text, &p->afternoon);
    case 'M':
        *bit = HAS_MINUTE;
        return take_number(&p->text, 1, 2, &m->minute);
    case 'S':
        *bit = HAS_SECOND;
        return take_number(&p->text, 1, 2, &m->second);
    case 'f':
        *bit = HAS_FRACTION;
        return take_fraction(&p->text, &m->ms);
    case 'z':
        *bit = HAS_OFFSET;
        return take_offset(&p->text, &m->offset_minutes);
    case '%':
        *bit = 0;
        return take_char(&p->text, '%');
    default:
        *unknown = true;
        return false;
    }
}

static enum status fail_pattern(Str text, Str pattern, struct err *e)
{
    return ERR(e, E_INVALID, "", "\"%.*s\" does not have the form \"%.*s\".", STR_ARG(excerpt(text)),
               STR_ARG(excerpt(pattern)));
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool take_blanks(Str *s)
{
    size_t n = 0;
    while (n < s->len && is_blank(s->ptr[n]))
        n++;
    *s = str_slice(*s, n, s->len);
    return n > 0;
}

/* Whether the fields of the pattern make a moment: a day needs its month, a month its year, and so on. */
static const char *pattern_fault(uint32_t seen)
{
    if (!(seen & HAS_YEAR)) return "it has no year (%Y or %y)";
    if ((seen & HAS_DAY) && !(seen & HAS_MONTH)) return "it has a day without a month (%m or %b)";
    if ((seen & HAS_HOUR) && !(seen & HAS_DAY)) return "it has an hour without a day (%d)";
    if (((seen & HAS_HALF) != 0) != ((seen & HAS_HOUR_12) != 0)) return "%I and %p go together";
    if ((seen & (HAS_MINUTE | HAS_OFFSET)) && !(seen & HAS_HOUR))
        return "it has a part of a time without an hour";
    if ((seen & HAS_SECOND) && !(seen & HAS_MINUTE)) return "it has seconds without minutes";
    if ((seen & HAS_FRACTION) && !(seen & HAS_SECOND)) return "it has a fraction without seconds";
    return NULL;
}

static enum status walk_pattern(struct pattern_state *p, Str text, Str pattern, struct err *e)
{
    for (Str rest = pattern; rest.len > 0;) {
        char c = rest.ptr[0];
        size_t used = 1;
        bool matched;
        if (is_blank(c)) {
            take_blanks(&rest);
            used = 0;
            matched = take_blanks(&p->text);
        } else if (c == '%') {
            uint32_t bit = 0;
            bool unknown = rest.len < 2;
            matched = !unknown && take_field(p, rest.ptr[1], &bit, &unknown);
            if (unknown || (p->seen & bit) != 0)
                return ERR(e, E_INVALID, "pattern",
                           "The date pattern \"%.*s\" is wrong: \"%.*s\" is unknown there, or given twice.",
                           STR_ARG(excerpt(pattern)), STR_ARG(str_slice(rest, 0, 2)));
            p->seen |= bit;
            used = 2;
        } else {
            matched = take_char(&p->text, c);
        }
        if (!matched) return fail_pattern(text, pattern, e);
        rest = str_slice(rest, used, rest.len);
    }
    return p->text.len == 0 ? OK : fail_pattern(text, pattern, e);
}

enum status caldate_parse_pattern(Str text, Str pattern, int64_t *ms, bool *has_time, struct err *e)
{
    struct pattern_state p = {.text = text, .m = {.month = 1, .day = 1}};
    TRY(walk_pattern(&p, text, pattern, e));
    const char *fault = pattern_fault(p.seen);
    if (fault != NULL)
        return ERR(e, E_INVALID, "pattern", "The date pattern \"%.*s\" is wrong: %s.",
                   STR_ARG(excerpt(pattern)), fault);
    if (p.afternoon) p.m.hour += 12;
    bool day_end = p.m.hour == 24 && p.m.minute == 0 && p.m.second == 0 && p.m.ms == 0 && p.m.year < 9999;
    if (day_end) p.m.hour = 0;
    if (!moment_to_ms(&p.m, ms))
        return ERR(e, E_INVALID, "", "\"%.*s\" does not exist in the calendar.", STR_ARG(excerpt(text)));
    if (day_end) *ms += MS_PER_DAY;
    if (has_time != NULL) *has_time = (p.seen & HAS_HOUR) != 0;
    return OK;
}
