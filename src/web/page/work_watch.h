/* What those who look at the work of others begin with: what is overdue, by unit, and where to look further.
 */
#ifndef WEB_WORK_WATCH_H
#define WEB_WORK_WATCH_H

#include "web/visit.h"

/* Between work_hold and work_release. The figures are of deaths that the viewer may see. */
void work_watch_show(struct visit *v);

#endif
