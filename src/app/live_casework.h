/* Casework with what the linker at work says. */
#ifndef APP_LIVE_CASEWORK_H
#define APP_LIVE_CASEWORK_H

#include "app/casework.h"
#include "app/live.h"

/* may_see: what is not to be seen is left out before anything is made of it; NULL: nothing is hidden. */
struct casework_live {
    struct live *live;
    enum live_side side;
    bool (*may_see)(void *state, const struct record_id *event);
    void *state;
};
struct casework_links casework_of_live(struct casework_live *from);

#endif
