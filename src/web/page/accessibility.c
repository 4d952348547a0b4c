/* What is promised about using the pages, and what is not yet so. */
#include "web/page/pages.h"

enum status page_accessibility(struct visit *v, struct err *e)
{
    (void)e;
    visit_page_begin(v, &(struct visit_page){.title = S("Accessibility")});
    part_title(v->out, S(""), S("Accessibility"));
    part_paragraph(
        v->out,
        S("These pages are made for everybody who has to use them, on a telephone in the rain and with a "
          "screen reader. They follow the Web Content Accessibility Guidelines 2.2, level AA."));
    part_paragraph(
        v->out,
        S("They work without script, with the keyboard alone, at 320 pixels and with text of twice the "
          "size. Every picture has its table, and no state is told by colour alone."));
    part_paragraph(
        v->out,
        S("The pages are tested with axe and an HTML checker each time the program is built. People who "
          "use assistive technology have not tested them yet. If something does not work for you, tell "
          "your administrator."));
    visit_page_end(v);
    return OK;
}
