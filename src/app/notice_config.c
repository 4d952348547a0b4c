#include "app/notice_config.h"

#include "base/stream.h"

#include <stdio.h>
#include <sys/stat.h>

enum { CELLS = 7, PATH_BYTES = 4096 };
#define CONFIG_BYTES_MAX ((size_t)1 << 20)

static bool is_one_of(Str address, Str first, Str second)
{
    bool plain = str_find_char(address, ' ') == STR_NPOS && str_find_char(address, '\r') == STR_NPOS;
    return plain && (str_starts(address, first) || str_starts(address, second));
}

static bool is_mailbox(Str s)
{
    return str_find_char(s, '@') != STR_NPOS && str_find_char(s, ' ') == STR_NPOS &&
           str_find_char(s, '<') == STR_NPOS && str_find_char(s, '>') == STR_NPOS &&
           str_find_char(s, '\r') == STR_NPOS;
}

static enum status mail_read(const Str *cell, size_t cells, size_t line, struct notice_receiver *r,
                             struct err *e)
{
    if (cells < 6 || !is_one_of(cell[3], S("smtp://"), S("smtps://")) || !is_mailbox(cell[4]) ||
        !is_mailbox(cell[5]))
        return ERR(
            e, E_INVALID, "notices.tsv",
            "line %zu: mail has a name, a unit or *, smtp://host:port, from and to, with tabs between.",
            line);
    r->from = cell[4];
    r->to = cell[5];
    r->login = cells > 6 ? cell[6] : S("");
    return OK;
}

static enum status hook_read(const Str *cell, size_t cells, size_t line, struct notice_receiver *r,
                             struct err *e)
{
    if (cells < 5 || !is_one_of(cell[3], S("https://"), S("http://")) ||
        hex_decode(cell[4], r->key, sizeof r->key) != OK)
        return ERR(e, E_INVALID, "notices.tsv",
                   "line %zu: hook has a name, a unit or *, its address, and a key of 64 hexadecimal digits, "
                   "with tabs between.",
                   line);
    r->is_hook = true;
    return OK;
}

static enum status row_read(struct arena *a, Str row, size_t line, struct notice_config *c, struct err *e)
{
    struct str_list cell = str_split(a, row, '\t');
    if (str_eq(cell.item[0], S("pages"))) {
        if (cell.count != 2 || !is_one_of(cell.item[1], S("https://"), S("http://")))
            return ERR(e, E_INVALID, "notices.tsv", "line %zu: pages has one address, https://...", line);
        c->pages =
            str_ends(cell.item[1], S("/")) ? str_slice(cell.item[1], 0, cell.item[1].len - 1) : cell.item[1];
        return OK;
    }
    bool is_mail = str_eq(cell.item[0], S("mail"));
    if ((!is_mail && !str_eq(cell.item[0], S("hook"))) || cell.count < 4 || cell.count > CELLS)
        return ERR(e, E_INVALID, "notices.tsv", "line %zu: a row begins with pages, mail or hook.", line);
    if (!str_present(c->pages) || notice_receiver_named(c, cell.item[1]) != NULL)
        return ERR(e, E_INVALID, "notices.tsv",
                   "line %zu: a receiver stands after the row \"pages\", and each has a name of its own.",
                   line);
    struct notice_receiver *r = &c->receiver[c->count];
    *r = (struct notice_receiver){.name = cell.item[1],
                                  .unit = str_eq(cell.item[2], S("*")) ? S("") : cell.item[2],
                                  .address = cell.item[3]};
    TRY(is_mail ? mail_read(cell.item, cell.count, line, r, e)
                : hook_read(cell.item, cell.count, line, r, e));
    c->count++;
    return OK;
}

enum status notice_config_parse(struct arena *a, Str text, struct notice_config *out, struct err *e)
{
    struct notice_config c = {0};
    Str rest = str_copy(a, text), row;
    size_t rows = 1, line = 0;
    for (size_t i = 0; i < text.len; i++)
        rows += text.ptr[i] == '\n';
    c.receiver = NEW_ARRAY(a, struct notice_receiver, rows);
    while (str_next(&rest, '\n', &row)) {
        line++;
        row = str_trim(row);
        if (!str_empty(row) && row.ptr[0] != '#') TRY(row_read(a, row, line, &c, e));
    }
    *out = c;
    return OK;
}

static void path_write(const char *dir, char path[PATH_BYTES])
{
    (void)snprintf(path, PATH_BYTES, "%s/notices.tsv", dir);
}

enum status notice_config_read(struct arena *a, const char *dir, struct notice_config *out, struct err *e)
{
    char path[PATH_BYTES];
    struct buf text CLEANUP_BUF;
    struct stat about;
    *out = (struct notice_config){0};
    buf_init(&text, CONFIG_BYTES_MAX);
    path_write(dir, path);
    if (stat(path, &about) != 0) return OK;
    if ((about.st_mode & 077) != 0)
        return ERR(
            e, E_DENIED, "notices.tsv",
            "%s holds keys and may be read by others: chmod 600 it. Until then nobody is told anything.",
            path);
    TRY(file_read(path, &text, e));
    return notice_config_parse(a, buf_str(&text), out, e);
}

void notice_config_stamp(const char *dir, struct notice_stamp *out)
{
    char path[PATH_BYTES];
    struct stat about;
    *out = (struct notice_stamp){.read = true};
    path_write(dir, path);
    if (stat(path, &about) != 0) return;
    out->device = (uint64_t)about.st_dev;
    out->inode = (uint64_t)about.st_ino;
    out->bytes = (uint64_t)about.st_size;
    out->changed_s = (int64_t)about.st_ctim.tv_sec;
    out->changed_ns = (int64_t)about.st_ctim.tv_nsec;
}

bool notice_stamp_eq(const struct notice_stamp *a, const struct notice_stamp *b)
{
    return a->read == b->read && a->device == b->device && a->inode == b->inode && a->bytes == b->bytes &&
           a->changed_s == b->changed_s && a->changed_ns == b->changed_ns;
}

const struct notice_receiver *notice_receiver_named(const struct notice_config *c, Str name)
{
    for (size_t i = 0; i < c->count; i++)
        if (str_eq(c->receiver[i].name, name)) return &c->receiver[i];
    return NULL;
}
