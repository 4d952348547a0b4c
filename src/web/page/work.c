/* Your work: what waits for the person who has signed in. */
#include "web/page/pages.h"

enum status page_work(struct visit *v, struct err *e)
{
    (void)e;
    visit_page_begin(v, &(struct visit_page){.title = S("Your work")});
    part_title(v->out, S(""), S("Your work"));
    visit_page_end(v);
    return OK;
}
