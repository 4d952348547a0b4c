/* Work cut into parts, done by several threads. The parts and what they give do not depend on the number of
 * threads: whoever puts results together does it in the order of the parts, so that the bytes are the same
 * with one thread and with many. */
#ifndef BASE_PARALLEL_H
#define BASE_PARALLEL_H

#include <stddef.h>

#define THREADS_MAX 64

/* Does the part; `thread` (below the number of threads) tells which work space is its own. Parts must not
 * touch what other parts write. */
typedef void (*parallel_part)(void *state, size_t part, size_t thread);

/* Runs parts 0 .. parts-1 and returns when all are done. threads 0: as many as the machine has cores; a
 * thread that cannot be had is done without. */
void parallel_run(size_t threads, size_t parts, parallel_part run, void *state);
/* How many threads a run would have at most: for work spaces. */
size_t parallel_threads(size_t threads);

/* From now on the calling thread leaves the processor to those whom somebody waits for. */
void thread_stand_back(void);

#endif
