/* Rate limits: what a window of sixty seconds lets through, wherever in the minute of the clock it lies. */
#include "check.h"

#include "limit.h"

typedef struct row {
    const char *rule;
    uint32_t limit, before, count, into, left, wait; /* wait: seconds, where nothing is left */
} row;

static const row rows[] = {
    {"nothing was asked yet", 10, 0, 0, 0, 10, 0},
    {"each request takes one", 10, 0, 9, 0, 1, 0},
    {"enough", 10, 0, 10, 30000, 0, 31},
    {"the last minute counts whole at its turn", 10, 10, 0, 0, 0, 1},
    {"and half in the middle", 10, 10, 0, 30000, 5, 0},
    {"together with this one", 10, 10, 5, 30000, 0, 1},
    {"and not at its end", 10, 10, 9, 59999, 1, 0},
    {"what is left of it is rounded in the caller's favour", 10, 10, 9, 54001, 1, 0},
    {"until enough of it has moved out", 10, 10, 4, 0, 0, 25},
    {"or this minute is over", 10, 10, 10, 59000, 0, 2},
    {"a minute that is over, by a clock that is late", 10, 10, 0, 90000, 10, 0},
    {"one a minute", 1, 0, 1, 0, 0, 61},
    {"numbers at their largest", 4294967295U, 4294967295U, 4294967294U, 0, 0, 60},
    {"a limit of none", 0, 0, 0, 0, 0, 61},
};

enum { LIMIT = 20 };

/* What is left `wait` milliseconds later, when nobody has asked meanwhile. */
static uint32_t later(uint32_t before, uint32_t count, uint32_t into, uint32_t wait) {
    const uint32_t at = into + wait;
    return at < DC_WINDOW_MS ? dc_limit(LIMIT, before, count, at) : dc_limit(LIMIT, count, 0, at - DC_WINDOW_MS);
}

/* Whoever waits as long as is said gets through, and nobody is told to wait for a second too many. */
static void waiting(uint32_t before, uint32_t count) {
    for (uint32_t into = 0; into < DC_WINDOW_MS; into += 1351) {
        if (dc_limit(LIMIT, before, count, into) > 0) continue;
        const uint32_t wait = dc_limit_wait(LIMIT, before, count, into) * 1000;
        bool good = CHECK(later(before, count, into, wait) > 0);
        if (wait > 1000) good = good && CHECK(later(before, count, into, wait - 1001) == 0);
        if (!good) fprintf(stderr, "  %u before, %u now, %u into the minute: %u\n", before, count, into, wait);
    }
}

int main(void) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const row *r = &rows[i];
        const uint32_t left = dc_limit(r->limit, r->before, r->count, r->into);
        bool good = CHECK_NUMBER(left, r->left);
        if (r->wait > 0) good = good && CHECK_NUMBER(dc_limit_wait(r->limit, r->before, r->count, r->into), r->wait);
        if (!good) fprintf(stderr, "  rule: %s\n", r->rule);
    }
    for (uint32_t before = 0; before <= LIMIT; before++) {
        for (uint32_t count = 0; count <= LIMIT; count++) waiting(before, count);
    }
    CHECK_NUMBER(dc_limit_wait(LIMIT, 1, 0, 0), 1); /* whoever need not wait is told the least there is */
    return check_report();
}
