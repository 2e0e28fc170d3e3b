/* hide.c: what does not go out as it is: secrets, numbers under secret names, and in harmless texts what URLs give
 * away. This is the long way, a character at a time, which can stop at any byte. What is all there and plain, which
 * most is, takes the short ways of mask.c; both must come to the same, and the fuzzer sees to that. */
#include "mask.h"

#include <string.h>

enum { URL_ROOM = 32 }; /* for a character, REDACTED and the quote */

void dc_hide_slowly(dc_masker *mask) {
    mask->mode = MODE_SECRET;
    mask->count = mask->kept = 0;
    mask->held = 0;
    mask->same = true;
    mask->paired = false;
}

/* One character of a secret was read, its spelling appended to `hold` while that matters. */
static void count_character(dc_masker *mask) {
    const uint32_t unit = mask->scan.unit;
    const bool joins = mask->paired && dc_is_low(unit);
    mask->paired = dc_is_high(unit);
    if (!joins) {
        mask->same = mask->same && mask->count < DC_REDACTED_SIZE && unit == (unsigned char)dc_redacted[mask->count];
        mask->count++;
    }
    if (mask->count <= DC_SHOWN) mask->kept = (uint8_t)mask->held;
}

/* The long way: escapes, other than ASCII, or cut in two. */
static bool read_secret(dc_flow *flow) {
    dc_masker *mask = flow->mask;
    for (;;) {
        const char *before = flow->at;
        const bool far = mask->count > DC_REDACTED_SIZE;
        const dc_event event = (far ? dc_scan_text : dc_scan_unit)(&mask->scan, &flow->at, flow->stop);
        if (event == DC_EVENT_FAULT) return dc_mask_fault(flow);
        if (mask->count <= DC_SHOWN) {
            dc_copy(mask->hold + mask->held, before, (size_t)(flow->at - before));
            mask->held = (uint16_t)(mask->held + (flow->at - before));
        }
        if (event == DC_EVENT_UNIT) count_character(mask);
        if (event == DC_EVENT_END) break;
        dc_drop(flow, 0);
        if (event == DC_EVENT_MORE) return false;
    }
    const bool masked_before = mask->same && mask->count == DC_REDACTED_SIZE;
    dc_put_masked(flow, mask->hold, mask->kept,
                  mask->count >= DC_SHOWN && !masked_before && mask->style == DC_MASK_PREFIX);
    return true;
}

static bool hide_text(dc_flow *flow) {
    if (dc_room_left(flow) < DC_MASK_ROOM) return false;
    dc_flush(flow);
    return read_secret(flow);
}

/* A number under a secret name; nothing of it was taken yet. */
static bool hide_number(dc_flow *flow) {
    const dc_event event = dc_scan_number(&flow->mask->scan, &flow->at, flow->stop);
    if (event == DC_EVENT_FAULT) return dc_mask_fault(flow);
    dc_drop(flow, 0);
    if (event == DC_EVENT_MORE) return false;
    flow->mask->mode = MODE_PLAIN;
    return true;
}

static bool begin_hidden_number(dc_flow *flow) {
    static const char text[] = "\"REDACTED\"";
    if (dc_room_left(flow) < sizeof text - 1) return false;
    dc_flush(flow);
    dc_replace(flow, text, sizeof text - 1);
    flow->mask->mode = MODE_HIDE_NUMBER;
    dc_drop(flow, 0);
    return true;
}

/* ---- Harmless texts: URLs in them lose what is secret -------------------------------------------------- */

void dc_look_for_urls(dc_masker *mask) {
    memset(&mask->url, 0, sizeof mask->url);
    mask->url.list = (mask->now & LIST) != 0;
    mask->mode = MODE_URL;
    mask->held = mask->sent = 0;
}

/* What was held back goes out, as the room allows. */
static bool release(dc_flow *flow) {
    dc_masker *mask = flow->mask;
    const size_t left = (size_t)(mask->held - mask->sent), room = dc_room_left(flow);
    const size_t size = left < room ? left : room;
    dc_flush(flow);
    dc_replace(flow, mask->hold + mask->sent, size);
    dc_drop(flow, 0);
    mask->sent = (uint16_t)(mask->sent + size);
    if (size < left) return false;
    mask->held = mask->sent = 0;
    mask->mode = mask->scan.expect == DC_EXPECT_TEXT ? MODE_URL : MODE_PLAIN;
    return true;
}

/* The rest of the text does not go out. */
static bool refuse_text(dc_flow *flow) {
    dc_masker *mask = flow->mask;
    if (dc_room_left(flow) < 1) return false;
    if (mask->scan.expect == DC_EXPECT_TEXT) {
        const dc_event event = dc_scan_text(&mask->scan, &flow->at, flow->stop);
        if (event == DC_EVENT_FAULT) return dc_mask_fault(flow);
        dc_drop(flow, 0);
        if (event == DC_EVENT_MORE) return false;
    }
    dc_drop(flow, 1);
    mask->mode = MODE_PLAIN;
    return true;
}

static bool refuse(dc_flow *flow) {
    flow->mask->held = 0;
    dc_replace(flow, dc_redacted, DC_REDACTED_SIZE);
    dc_drop(flow, 0);
    flow->mask->mode = MODE_REFUSED;
    return refuse_text(flow);
}

/* A character (or the closing quote) in a phase that holds: its spelling is held back. */
static bool hold_character(dc_flow *flow) {
    dc_masker *mask = flow->mask;
    const char *before = flow->at;
    dc_flush(flow);
    const dc_event event = dc_scan_unit(&mask->scan, &flow->at, flow->stop);
    if (event == DC_EVENT_FAULT) return dc_mask_fault(flow);
    dc_copy(mask->hold + mask->held, before, (size_t)(flow->at - before));
    mask->held = (uint16_t)(mask->held + (flow->at - before));
    dc_drop(flow, 0);
    if (event == DC_EVENT_MORE) return false;
    const bool hidden = mask->url.phase == DC_URL_HIDDEN;
    dc_url_act act = DC_URL_RELEASE;
    if (event == DC_EVENT_UNIT) act = dc_url_take(&mask->url, mask->scan.unit, mask->hold);
    else if (!dc_url_shows_end(&mask->url)) act = DC_URL_REFUSE;
    if (act == DC_URL_FORGET || (act == DC_URL_GO_ON && hidden)) mask->held = 0;
    if (act == DC_URL_GO_ON && mask->held > HOLD) act = dc_url_let_go(&mask->url) ? DC_URL_RELEASE : DC_URL_REFUSE;
    if (act == DC_URL_REFUSE) return refuse(flow);
    if (act == DC_URL_RELEASE) mask->mode = MODE_RELEASE;
    return true;
}

/* A character that is shown, whatever follows from it. */
static bool show_character(dc_flow *flow) {
    dc_masker *mask = flow->mask;
    const dc_event event = dc_scan_unit(&mask->scan, &flow->at, flow->end);
    if (event == DC_EVENT_FAULT) return dc_mask_fault(flow);
    if (event == DC_EVENT_MORE) return false;
    if (event == DC_EVENT_END) {
        mask->mode = MODE_PLAIN;
        return true;
    }
    if (dc_url_take(&mask->url, mask->scan.unit, mask->hold) == DC_URL_HIDE) {
        dc_flush(flow);
        dc_replace(flow, dc_redacted, DC_REDACTED_SIZE);
        dc_drop(flow, 0);
    }
    return true;
}

static bool pass_url(dc_flow *flow) {
    dc_masker *mask = flow->mask;
    while (mask->mode == MODE_URL) {
        if (dc_room_left(flow) < URL_ROOM) return false;
        if (!(dc_url_holds(&mask->url) ? hold_character : show_character)(flow)) return false;
    }
    return true;
}

bool dc_hide(dc_flow *flow) {
    switch (flow->mask->mode) {
    case MODE_SECRET: return hide_text(flow);
    case MODE_SHOW_REDACTED: return begin_hidden_number(flow);
    case MODE_HIDE_NUMBER: return hide_number(flow);
    case MODE_URL: return pass_url(flow);
    case MODE_RELEASE: return release(flow);
    default: return refuse_text(flow);
    }
}
