#include "base/percent.h"

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

static void percent_char(struct buf *out, char c)
{
    if (is_unreserved(c))
        buf_add_char(out, c);
    else
        buf_addf(out, "%%%02X", (unsigned)(unsigned char)c);
}

void percent_text(struct buf *out, Str text)
{
    for (size_t i = 0; i < text.len; i++)
        percent_char(out, text.ptr[i]);
}

void percent_segment(struct buf *out, Str text)
{
    bool dots = str_eq(text, S(".")) || str_eq(text, S(".."));
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '/' || c == '%' || dots)
            buf_addf(out, "%%25%02X", (unsigned)(unsigned char)c);
        else
            percent_char(out, c);
    }
}
