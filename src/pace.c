/* pace.c: how long to wait before an attempt is repeated. */
#include "devcaster.h"

/* Doubling from half a second to eight, less up to a quarter by chance, so that callers who failed together do
 * not come back together. A server's own word (Retry-After) is followed when it is at most a minute. */
uint32_t dc_delay(uint32_t attempt, uint32_t hint, uint32_t seed) {
    enum { LEAST = 500, MOST = 8000, HINT_MOST = 60000 };
    if (hint && hint <= HINT_MOST) return hint;
    const uint32_t doublings = attempt > 5 ? 4 : attempt ? attempt - 1 : 0;
    const uint32_t base = (uint32_t)LEAST << doublings;
    const uint32_t most = base > MOST ? MOST : base;
    return most - (uint32_t)((uint64_t)(most / 4) * (seed & 0xFFFF) / 0xFFFF);
}
