#include "base/csv.h"

#include "base/alloc.h"
#include "base/utf8.h"

enum {
    WINDOW_FIRST = 256 << 10,
    ROW_BYTES_DEFAULT = 16 << 20,
    COLUMNS_DEFAULT = 4096,
    CELLS_FIRST = 32,
};

struct csv_reader {
    struct stream *stream;
    char delimiter;
    char row_end; /* '\n', or '\r' in files that know nothing else */
    size_t row_bytes_max;
    size_t columns_max;
    char *window; /* bytes read but not yet given out: [at, end) */
    size_t at, end, room;
    bool at_end; /* the stream has no more */
    Str *cell;
    size_t cell_room;
    char *unquoted; /* cells whose quotes had to be taken out; as roomy as their row */
    size_t unquoted_room, unquoted_len;
    struct arena *converted; /* a row read as Windows-1252 */
    struct arena *kept;      /* the header */
    struct csv_row header;
    bool has_header;
    uint64_t number;
    uint64_t line;
};

/* A row as found in a run of bytes. */
struct found {
    size_t raw_len;  /* without the row's end */
    size_t consumed; /* with it */
    size_t count;
    uint64_t lines; /* ends of line inside quotes, and the one that ends it */
    bool unclosed;
};

enum outcome { FOUND, NEED_MORE, TOO_MANY };

/* Reads until `wanted` bytes are there or the stream ends. */
static enum status fill(struct csv_reader *r, size_t wanted, struct err *e)
{
    if (r->at > 0) {
        memmove(r->window, r->window + r->at, r->end - r->at);
        r->end -= r->at;
        r->at = 0;
    }
    if (wanted > r->room) {
        r->room = wanted > r->room * 2 ? wanted : r->room * 2;
        r->window = alloc_resize(r->window, r->room, 1);
    }
    while (r->end < wanted && !r->at_end) {
        size_t got;
        TRY(stream_read(r->stream, r->window + r->end, r->room - r->end, &got, e));
        r->end += got;
        r->at_end = got == 0;
    }
    return OK;
}

static bool add_cell(struct csv_reader *r, size_t i, Str text)
{
    if (i >= r->columns_max) return false;
    if (i == r->cell_room) {
        r->cell_room *= 2;
        r->cell = alloc_resize(r->cell, r->cell_room, sizeof r->cell[0]);
    }
    r->cell[i] = text;
    return true;
}

/* The row's last byte when its end of line stands at `mark` ("\r\n" counts as one). */
static const char *before_return(const struct csv_reader *r, const char *start, const char *mark)
{
    return r->row_end == '\n' && mark > start && mark[-1] == '\r' ? mark - 1 : mark;
}

static uint64_t count_char(const char *p, const char *end, char c)
{
    uint64_t count = 0;
    while ((p = memchr(p, c, (size_t)(end - p))) != NULL) {
        count++;
        p++;
    }
    return count;
}

/* After an opening quote: copies the text up to the closing one, doubled quotes once.
 * Returns the byte behind the closing quote, or NULL when there is none before `end`. */
static const char *unquote(struct csv_reader *r, const char *p, const char *end)
{
    for (;;) {
        const char *quote = memchr(p, '"', (size_t)(end - p));
        const char *stop = quote != NULL ? quote : end;
        memcpy(r->unquoted + r->unquoted_len, p, (size_t)(stop - p));
        r->unquoted_len += (size_t)(stop - p);
        if (quote == NULL) return NULL;
        p = quote + 1;
        if (p == end || *p != '"') return p;
        r->unquoted[r->unquoted_len++] = '"';
        p++;
    }
}

/* Where the line that holds `p` ends: its '\n', or `end`. */
static const char *line_mark(const struct csv_reader *r, const char *p, const char *end)
{
    const char *mark = memchr(p, r->row_end, (size_t)(end - p));
    return mark != NULL ? mark : end;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The words of a line with blanks between them; a line of blanks alone has none. */
static enum outcome split_blanks(struct csv_reader *r, const char *start, const char *end, bool complete,
                                 struct found *found)
{
    const char *mark = line_mark(r, start, end);
    if (mark == end && !complete) return NEED_MORE;
    const char *stop = before_return(r, start, mark);
    enum outcome outcome = FOUND;
    *found = (struct found){
        .lines = 1, .raw_len = (size_t)(stop - start), .consumed = (size_t)(mark - start) + (mark < end)};
    for (const char *p = start; p < stop && outcome == FOUND;) {
        if (is_blank(*p)) {
            p++;
            continue;
        }
        const char *from = p;
        while (p < stop && !is_blank(*p))
            p++;
        if (add_cell(r, found->count, (Str){from, (size_t)(p - from)}))
            found->count++;
        else
            outcome = TOO_MANY;
    }
    return outcome;
}

/* Splits the first row of [start, end) into r->cell. `complete` says that nothing follows `end`. */
static enum outcome split(struct csv_reader *r, const char *start, const char *end, bool complete,
                          struct found *found)
{
    if (r->delimiter == ' ') return split_blanks(r, start, end, complete, found);
    const char *mark = line_mark(r, start, end);
    if (mark == end && !complete) return NEED_MORE;
    const char *stop = before_return(r, start, mark);
    *found = (struct found){.lines = 1};
    r->unquoted_len = 0;
    for (const char *p = start;;) {
        Str text;
        const char *next;
        if (p == stop || *p != '"') {
            next = memchr(p, r->delimiter, (size_t)(stop - p));
            if (next == NULL) next = stop;
            text = (Str){p, (size_t)(next - p)};
        } else {
            size_t from = r->unquoted_len;
            const char *behind = unquote(r, p + 1, end);
            if ((behind == NULL || behind == end) && !complete) return NEED_MORE;
            found->unclosed = behind == NULL;
            if (behind == NULL) behind = end;
            if (behind > mark) {
                found->lines += count_char(p, behind, r->row_end);
                mark = line_mark(r, behind, end);
                if (mark == end && !complete) return NEED_MORE;
                stop = before_return(r, behind, mark);
            }
            if (stop < behind) stop = behind; /* an open quote took the last '\r' in */
            next = memchr(behind, r->delimiter, (size_t)(stop - behind));
            if (next == NULL) next = stop;
            /* Whatever stands between the closing quote and the delimiter is kept as it is. */
            memcpy(r->unquoted + r->unquoted_len, behind, (size_t)(next - behind));
            r->unquoted_len += (size_t)(next - behind);
            text = (Str){r->unquoted + from, r->unquoted_len - from};
        }
        bool added = add_cell(r, found->count, text);
        if (added) found->count++;
        if (next == stop || !added) {
            found->raw_len = (size_t)(stop - start);
            found->consumed = (size_t)(mark - start) + (mark < end);
            return added ? FOUND : TOO_MANY;
        }
        p = next + 1;
    }
}

/* Room to unquote a row that reaches to the window's end. */
static void reserve_unquoted(struct csv_reader *r, size_t bytes)
{
    if (bytes <= r->unquoted_room) return;
    r->unquoted_room = bytes;
    r->unquoted = alloc_resize(r->unquoted, bytes, 1);
}

static enum status fail_long(const struct csv_reader *r, struct err *e)
{
    return ERR(
        e, E_LIMIT, "",
        "The row that starts in line %llu is longer than %zu bytes; perhaps a quote there is never closed.",
        (unsigned long long)r->line, r->row_bytes_max);
}

static enum status fail_wide(struct csv_reader *r, const struct found *found, struct err *e)
{
    enum status status = ERR(e, E_LIMIT, "", "The row that starts in line %llu has more than %zu columns.",
                             (unsigned long long)r->line, r->columns_max);
    r->at += found->consumed;
    r->line += found->lines;
    return status;
}

/* Skips empty lines, then finds one row; *more is false at the end. */
static enum status next_row(struct csv_reader *r, struct found *found, bool *more, struct err *e)
{
    for (;;) {
        size_t held = r->end - r->at;
        if (held > 0 || r->at_end) {
            if (held == 0) {
                *more = false;
                return OK;
            }
            reserve_unquoted(r, held);
            enum outcome outcome = split(r, r->window + r->at, r->window + r->end, r->at_end, found);
            if (outcome == TOO_MANY) return fail_wide(r, found, e);
            if (outcome == FOUND && found->raw_len > r->row_bytes_max) return fail_long(r, e);
            if (outcome == FOUND && found->raw_len > 0 && found->count > 0) {
                *more = true;
                return OK;
            }
            if (outcome == FOUND) {
                r->at += found->consumed;
                r->line++;
                continue;
            }
            if (held > r->row_bytes_max + 2) return fail_long(r, e);
        }
        /* Twice as much each time, so that a long row is not scanned over and over. */
        size_t wanted = held < WINDOW_FIRST / 4 ? held + 1 : held * 2;
        TRY(fill(r, wanted, e));
    }
}

enum status csv_next(struct csv_reader *r, struct csv_row *row, bool *more, struct err *e)
{
    struct found found;
    bool any;
    TRY(next_row(r, &found, &any, e));
    *more = any;
    if (!any) return OK;
    Str raw = {r->window + r->at, found.raw_len};
    bool unclosed = found.unclosed;
    bool foreign = !utf8_valid(raw, NULL);
    r->at += found.consumed;
    uint64_t line = r->line;
    r->line += found.lines;
    if (foreign) {
        arena_reset(r->converted);
        Str text = utf8_from_latin1(r->converted, raw);
        reserve_unquoted(r, text.len);
        struct found again;
        /* The delimiter, quotes and line ends are ASCII, so the cells are the same. */
        MUST(split(r, text.ptr, text.ptr + text.len, true, &again) == FOUND && again.count == found.count);
    }
    *row = (struct csv_row){
        .cell = r->cell,
        .count = found.count,
        .number = r->number,
        .line = line,
        .raw = raw,
        .converted = foreign,
        .unclosed = unclosed,
    };
    r->number++;
    return OK;
}

/* The character that separates most of the first line, outside quotes. */
static char guess_delimiter(const struct csv_reader *r)
{
    static const char candidate[] = {',', ';', '\t', '|'};
    size_t count[sizeof candidate] = {0};
    bool quoted = false;
    for (size_t i = r->at; i < r->end; i++) {
        char c = r->window[i];
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '\n' || c == '\r') break;
        for (size_t k = 0; k < sizeof candidate; k++)
            count[k] += c == candidate[k];
    }
    size_t best = 0;
    for (size_t k = 1; k < sizeof candidate; k++)
        if (count[k] > count[best]) best = k;
    return candidate[best];
}

/* Looks at the start of the file: byte order mark, kind of line end, delimiter. */
static enum status look_ahead(struct csv_reader *r, struct err *e)
{
    TRY(fill(r, 4, e));
    while (!r->at_end && r->end < WINDOW_FIRST && memchr(r->window, '\n', r->end) == NULL)
        TRY(fill(r, r->end + 1, e));
    Str text = {r->window, r->end};
    if (str_starts(text, S("\xFF\xFE")) || str_starts(text, S("\xFE\xFF")))
        return ERR(e, E_INVALID, "", "The file is UTF-16; save it as UTF-8 (\"CSV UTF-8\") and try again.");
    if (str_starts(text, S("\xEF\xBB\xBF"))) r->at = 3;
    bool newline = str_find_char(text, '\n') != STR_NPOS;
    r->row_end = !newline && str_find_char(text, '\r') != STR_NPOS ? '\r' : '\n';
    if (r->delimiter == 0) r->delimiter = guess_delimiter(r);
    return OK;
}

static enum status read_header(struct csv_reader *r, struct err *e)
{
    struct csv_row row;
    bool more;
    TRY(csv_next(r, &row, &more, e));
    if (!more) return ERR(e, E_INVALID, "", "The file is empty: it should start with a row of column names.");
    Str *cell = NEW_ARRAY(r->kept, Str, row.count);
    for (size_t i = 0; i < row.count; i++)
        cell[i] = str_copy(r->kept, row.cell[i]);
    r->header = row;
    r->header.cell = cell;
    r->header.raw = str_copy(r->kept, row.raw);
    return OK;
}

enum status csv_open(struct stream *s, const struct csv_options *options, bool has_header,
                     struct csv_reader **out, struct err *e)
{
    struct csv_options given = options != NULL ? *options : (struct csv_options){0};
    struct csv_reader *r = alloc_zero(1, sizeof *r);
    r->stream = s;
    r->delimiter = given.delimiter;
    r->row_bytes_max = given.row_bytes_max > 0 ? given.row_bytes_max : ROW_BYTES_DEFAULT;
    r->columns_max = given.columns_max > 0 ? given.columns_max : COLUMNS_DEFAULT;
    r->room = WINDOW_FIRST;
    r->window = alloc_resize(NULL, r->room, 1);
    r->cell_room = CELLS_FIRST;
    r->cell = alloc_resize(NULL, r->cell_room, sizeof r->cell[0]);
    r->converted = arena_new("a row of a CSV file", SIZE_MAX);
    r->kept = arena_new("the header of a CSV file", SIZE_MAX);
    r->has_header = has_header;
    r->number = has_header ? 0 : 1;
    r->line = 1;
    enum status status = OK;
    if ((unsigned char)r->delimiter >= 0x80 || (r->delimiter != 0 && strchr("\"\r\n", r->delimiter) != NULL))
        status = ERR(e, E_INVALID, "delimiter",
                     "The delimiter must be one ASCII character, not a quote or line end.");
    if (status == OK) status = look_ahead(r, e);
    if (status == OK && has_header) status = read_header(r, e);
    if (status != OK) {
        csv_close(r);
        return status;
    }
    *out = r;
    return OK;
}

const struct csv_row *csv_header(const struct csv_reader *r)
{
    return r->has_header ? &r->header : NULL;
}

char csv_delimiter(const struct csv_reader *r)
{
    return r->delimiter;
}

const struct stream *csv_stream(const struct csv_reader *r)
{
    return r->stream;
}

void csv_close(struct csv_reader *r)
{
    if (r == NULL) return;
    stream_close(r->stream);
    arena_free(r->converted);
    arena_free(r->kept);
    alloc_free(r->window);
    alloc_free(r->cell);
    alloc_free(r->unquoted);
    alloc_free(r);
}

/* Blanks at the ends are quoted too, for readers that trim. */
static bool needs_quotes(Str s)
{
    if (s.len == 0) return false;
    if (s.ptr[0] == ' ' || s.ptr[s.len - 1] == ' ') return true;
    for (size_t i = 0; i < s.len; i++)
        if (strchr("\",;\t|\r\n", s.ptr[i]) != NULL && s.ptr[i] != '\0') return true;
    return false;
}

/* How much of the start of a cell is one of these; 0: none. */
static size_t start_among(Str cell, const char *const *list)
{
    for (; *list != NULL; list++)
        if (str_starts(cell, str_of(*list))) return strlen(*list);
    return 0;
}

/* A number is left alone: -1.5 is no formula. Some spreadsheet passes over the blanks, some takes the wide
 * signs for the narrow ones. */
static bool is_formula(Str cell)
{
    static const char *const BLANKS[] = {" ", "\u00a0", "\u200b", "\u2060", "\ufeff", NULL};
    static const char *const SIGNS[] = {"=",      "+",      "-",      "@",      "\t", "\r",
                                        "\uff1d", "\uff0b", "\uff0d", "\uff20", NULL};
    double number;
    Str seen = cell;
    for (size_t blank; (blank = start_among(seen, BLANKS)) > 0;)
        seen = str_slice(seen, blank, seen.len);
    return start_among(seen, SIGNS) > 0 && str_to_f64(cell, &number) != OK;
}

void csv_add_cell(struct buf *b, Str cell, bool first, bool safe_for_sheets)
{
    if (!first) buf_add_char(b, ',');
    bool formula = safe_for_sheets && is_formula(cell);
    if (!formula && !needs_quotes(cell)) {
        buf_add(b, cell);
        return;
    }
    bool quoted = needs_quotes(cell);
    if (quoted) buf_add_char(b, '"');
    if (formula) buf_add_char(b, '\'');
    Str piece;
    for (bool again = false; str_next(&cell, '"', &piece); again = true) {
        if (again) buf_add(b, S("\"\""));
        buf_add(b, piece);
    }
    if (quoted) buf_add_char(b, '"');
}

void csv_end_row(struct buf *b)
{
    /* A row of one empty cell would be an empty line, which readers skip. */
    if (b->len == 0 || b->ptr[b->len - 1] == '\n') buf_add(b, S("\"\""));
    buf_add(b, S("\r\n"));
}
