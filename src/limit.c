/* limit.c: the arithmetic of rate limits. The counts are the host's. */
#include "limit.h"

#include "devcaster.h"
#include "json.h"

static uint32_t left_in(uint32_t into) {
    return into < DC_WINDOW_MS ? DC_WINDOW_MS - into : 0;
}

uint32_t dc_limit(uint32_t limit, uint32_t before, uint32_t count, uint32_t into) {
    const uint64_t used = count + (uint64_t)before * left_in(into) / DC_WINDOW_MS;
    return used < limit ? (uint32_t)(limit - used) : 0;
}

uint32_t dc_limit_wait(uint32_t limit, uint32_t before, uint32_t count, uint32_t into) {
    enum { SECOND = 1000 };
    uint64_t wait = left_in(into);
    if (count < limit && before > 0) {
        /* This minute has room; the last one must move out far enough: before * (left - wait) < (limit - count) * window */
        const uint64_t room = ((uint64_t)(limit - count) * DC_WINDOW_MS - 1) / before;
        wait = room < wait ? wait - room : 0;
    } else {
        wait++; /* one millisecond into the next minute, this one no longer counts whole */
    }
    const uint64_t seconds = (wait + SECOND - 1) / SECOND;
    return seconds > 1 ? (uint32_t)seconds : 1;
}

void dc_limit_put_numbers(dc_out *out) {
    dc_json_open(out, "rates", '{');
    dc_json_put_number(out, "window", DC_WINDOW_MS);
    dc_json_put_number(out, "keys", DC_MOST_OF_KEY);
    dc_json_put_number(out, "tokens", DC_MOST_OF_TOKEN);
    dc_json_put_number(out, "addresses", DC_MOST_OF_ADDRESS);
    dc_json_close(out, '}');
}
