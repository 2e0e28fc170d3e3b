/* mask.c: the masker, a filter over one JSON document (contract section 3).
 *
 * What stays as it is, is copied in runs: [from, at) is read and not yet written. A masked string writes nothing
 * before its closing quote, so a document that is cut short gives away nothing of it. Whatever a value may turn
 * into fits into 64 bytes; there must be room for that before a value is taken, so nothing is ever half done.
 *
 * The masker does not judge JSON, the scanner does: the first fault ends the stream for good, and the call that
 * meets it produces nothing. */
#include "mask.h"

#include <string.h>

/* ---- Writing ----------------------------------------------------------------------------------------- */

const char dc_redacted[] = "REDACTED";

void dc_replace(dc_flow *flow, const char *text, size_t size) {
    dc_copy(flow->out, text, size);
    flow->out += size;
}

void dc_flush(dc_flow *flow) {
    dc_replace(flow, flow->from, (size_t)(flow->at - flow->from));
    flow->from = flow->at;
}

/* The closing quote was taken: what the value turns into, and the quote. */
void dc_put_masked(dc_flow *flow, const char *start, size_t size, bool shown) {
    if (shown) dc_replace(flow, start, size);
    dc_replace(flow, shown ? "..." : dc_redacted, shown ? 3 : DC_REDACTED_SIZE);
    dc_drop(flow, 1);
    flow->mask->mode = MODE_PLAIN;
}

/* ---- Names ------------------------------------------------------------------------------------------- */

/* `scope` and `scopes` hold words with colons in them, often with nothing but commas between: no addresses. */
static bool is_list(dc_span name) {
    return name.size >= 5 && name.at[1] == 'c' && memcmp(name.at, "scope", 5) == 0;
}

/* What the value of this member is. `whole`: the name is all there; one too long for us to know is secret. */
static uint8_t judge(const dc_masker *mask, dc_span name, bool whole) {
    const uint8_t parent = mask->kinds[mask->scan.depth];
    if ((parent & ALL) != 0) return ALL;
    if ((parent & CREDENTIAL) != 0 && whole &&
        (dc_name_harmless(name) || dc_name_listed((dc_span){mask->extra, mask->extras}, name)))
        return CREDENTIAL | HARMLESS | (is_list(name) ? LIST : 0);
    const uint32_t meaning = whole ? dc_name_meaning(name) : DC_NAME_SECRET;
    if ((parent & CREDENTIAL) != 0) return (uint8_t)(CREDENTIAL | (meaning & DC_NAME_SECRET));
    const uint32_t applies = meaning & mask->scope;
    bool credential = (applies & (DC_NAME_DATA | DC_NAME_PARAMS | DC_NAME_CREDENTIALS)) != 0;
    if ((meaning & DC_NAME_VAL) != 0) credential = (parent & (DC_NAME_STATE | DC_NAME_CONNECTION)) != 0;
    return (uint8_t)((applies & (DC_NAME_SECRET | DC_NAME_STATE | DC_NAME_CONNECTION)) | (credential ? CREDENTIAL : 0));
}

/* A name with escapes, or cut in two: it is decoded into `hold` while it passes. */
static bool pass_name(dc_flow *flow) {
    dc_masker *mask = flow->mask;
    for (;;) {
        const dc_event event = dc_scan_unit(&mask->scan, &flow->at, flow->end);
        if (event == DC_EVENT_FAULT) return dc_mask_fault(flow);
        if (event == DC_EVENT_MORE) return false;
        if (event == DC_EVENT_END) break;
        uint32_t code = mask->scan.unit;
        const bool joins = mask->paired && dc_is_low(code);
        mask->paired = dc_is_high(code);
        if (mask->held > HOLD) continue;
        if (joins) { /* the high one stands there as three bytes, its ten bits in the last two */
            mask->held = (uint16_t)(mask->held - 3);
            const uint32_t high =
                ((uint32_t)mask->hold[mask->held + 1] & 0xF) << 6 | ((uint32_t)mask->hold[mask->held + 2] & 0x3F);
            code = 0x10000U + (high << 10) + (code & 0x3FF);
        }
        mask->held = (uint16_t)(mask->held + dc_scan_put(mask->hold + mask->held, code));
    }
    mask->now = judge(mask, (dc_span){mask->hold, mask->held}, mask->held <= HOLD);
    mask->mode = MODE_PLAIN;
    return true;
}

/* ---- The document ------------------------------------------------------------------------------------ */

static void open_container(dc_masker *mask) {
    if ((mask->now & DC_NAME_SECRET) != 0) mask->now = ALL;
    mask->kinds[mask->scan.depth] = mask->now;
}

/* The short way for a string that stays: all of it is there and plain. */
static bool pass_whole(dc_flow *flow) {
    const char *quote = dc_run(flow->at, flow->end, '"');
    if (quote == flow->end || *quote != '"') return false;
    flow->at = quote + 1;
    dc_scan_text_end(&flow->mask->scan);
    return true;
}

/* The short way for a secret: all of it is there and plain. */
static void begin_secret(dc_flow *flow) {
    dc_masker *mask = flow->mask;
    const char *start = flow->at, *quote = dc_run(start, flow->stop, '"');
    const size_t size = (size_t)(quote - start);
    if (quote == flow->stop || *quote != '"' || dc_room_left(flow) < DC_MASK_ROOM) {
        dc_hide_slowly(mask);
        return;
    }
    const bool masked_before = size == DC_REDACTED_SIZE && memcmp(start, dc_redacted, size) == 0;
    dc_flush(flow);
    flow->at = quote + 1;
    dc_scan_text_end(&mask->scan);
    dc_put_masked(flow, start, DC_SHOWN, size >= DC_SHOWN && !masked_before && mask->style == DC_MASK_PREFIX);
}

/* May the word in front of this colon be the scheme of a URL that needs no slashes (http, https, ftp, ws, wss)? */
static bool may_be_scheme(const char *start, const char *colon) {
    if (colon - start < 2) return false;
    const int last = colon[-1] | 0x20, second = colon[-2] | 0x20, third = colon - start > 2 ? colon[-3] | 0x20 : 0;
    if (last == 'p') return second == 't';
    return last == 's' && (second == 'w' || (second == 's' && third == 'w') || (second == 'p' && third == 't'));
}

/* Does anything in [at, end) go on for longer than the long way can hold? A space or a slash lets it go. */
static bool runs_long(const char *at, const char *end) {
    for (const char *next = at; end - at >= HOLD; at = next + 1) {
        next = dc_seek(at, end, ' ', '/');
        if (next - at >= HOLD) return true;
    }
    return false;
}

/* A harmless string. The short way is for one that is all there and has nothing in it that could lead to user info
 * or to a parameter, nor anything that the long way would refuse: too long an authority, or a port that is none. So
 * colons stand in front of a slash (`https://`), or in words without slashes (`read:user`), where no authority is. */
static void begin_harmless(dc_flow *flow) {
    dc_masker *mask = flow->mask;
    const char *start = flow->at, *at = start;
    bool worded = false;
    for (;; at++) {
        while (at < flow->end && !dc_url_tells(*at)) at++;
        if (flow->end - at < 2 || *at != ':') break;
        if (at[1] == '/') continue;
        if (may_be_scheme(start, at)) break;
        worded = true;
    }
    bool plain = at < flow->end && *at == '"';
    if (plain && (worded || at - start > HOLD)) {
        const bool words = dc_seek(start, at, '/', '/') == at, list = (mask->now & LIST) != 0;
        plain = (words || !worded) && (at - start <= HOLD || (words && list) || !runs_long(start, at));
    }
    if (!plain) {
        dc_look_for_urls(mask);
        return;
    }
    flow->at = at + 1;
    dc_scan_text_end(&mask->scan);
}

static void begin_text(dc_flow *flow) {
    const uint8_t now = flow->mask->now;
    if ((now & (ALL | DC_NAME_SECRET)) != 0 || (now & (CREDENTIAL | HARMLESS)) == CREDENTIAL) begin_secret(flow);
    else if ((now & HARMLESS) != 0) begin_harmless(flow);
    else if (!pass_whole(flow)) flow->mask->mode = MODE_TEXT;
}

/* The short way for a name: all of it is there and plain. */
static bool begin_name(dc_flow *flow) {
    dc_masker *mask = flow->mask;
    const char *start = flow->at, *quote = dc_run(start, flow->end, '"');
    if (quote == flow->end || *quote != '"') {
        mask->mode = MODE_NAME;
        mask->held = 0;
        mask->paired = false;
        return false;
    }
    mask->now = judge(mask, (dc_span){start, (uint32_t)(quote - start)}, quote - start <= HOLD);
    flow->at = quote + 1;
    dc_scan_text_end(&mask->scan);
    return true;
}

/* From the opening quote of a name on, as long as members follow each other without white space and have strings for
 * values: most of most documents. Anything else is left to the scanner, which finds itself where it would have got to. */
static void pass_members(dc_flow *flow) {
    dc_scan *scan = &flow->mask->scan;
    while (begin_name(flow)) {
        if (flow->end - flow->at < 2 || flow->at[0] != ':' || flow->at[1] != '"') return;
        flow->at += 2;
        scan->expect = DC_EXPECT_TEXT;
        begin_text(flow);
        if (flow->mask->mode != MODE_PLAIN || flow->end - flow->at < 2 || flow->at[0] != ',' || flow->at[1] != '"')
            return;
        flow->at += 2;
        scan->expect = DC_EXPECT_NAME_TEXT;
    }
}

static bool pass_plain(dc_flow *flow) {
    dc_masker *mask = flow->mask;
    while (mask->mode == MODE_PLAIN) {
        switch (dc_scan_step(&mask->scan, &flow->at, flow->end)) {
        case DC_EVENT_MORE: return false;
        case DC_EVENT_FAULT: return dc_mask_fault(flow);
        case DC_EVENT_NAME: pass_members(flow); break;
        case DC_EVENT_TEXT: begin_text(flow); break;
        case DC_EVENT_OPEN: open_container(mask); break;
        case DC_EVENT_CLOSE: mask->now = mask->kinds[mask->scan.depth]; break;
        case DC_EVENT_NUMBER:
            mask->mode = (mask->now & (ALL | DC_NAME_SECRET)) != 0 ? MODE_SHOW_REDACTED : MODE_NUMBER;
            break;
        default: break;
        }
    }
    return true;
}

static bool pass_text(dc_flow *flow) {
    dc_masker *mask = flow->mask;
    dc_event (*const read)(dc_scan *, const char **, const char *) =
        mask->mode == MODE_TEXT ? dc_scan_text : dc_scan_number;
    const dc_event event = read(&mask->scan, &flow->at, flow->end);
    if (event == DC_EVENT_FAULT) return dc_mask_fault(flow);
    if (event == DC_EVENT_MORE) return false;
    mask->mode = MODE_PLAIN;
    return true;
}

/* Go on where the last byte left off; false: input or room is used up, or the document is at fault. */
static bool go_on(dc_flow *flow) {
    switch (flow->mask->mode) {
    case MODE_PLAIN: return pass_plain(flow);
    case MODE_NAME: return pass_name(flow);
    case MODE_TEXT:
    case MODE_NUMBER: return pass_text(flow);
    case MODE_FAULT: return false;
    default: return dc_hide(flow);
    }
}

uint32_t dc_mask_size(void) {
    return (sizeof(dc_masker) + 7) & ~(uint32_t)7;
}

uint32_t dc_mask_begin(void *state, uint32_t scope, uint32_t style, const char *harmless, uint32_t size) {
    dc_masker *mask = state;
    if (size > EXTRAS || style > DC_MASK_FULL) return 0;
    memset(mask, 0, sizeof *mask);
    dc_scan_begin(&mask->scan);
    mask->scope = (uint8_t)scope;
    mask->style = (uint8_t)style;
    mask->now = mask->kinds[0] = (scope & DC_MASK_WHOLE) != 0 ? CREDENTIAL : 0;
    mask->extras = (uint16_t)size;
    if (size > 0) memcpy(mask->extra, harmless, size);
    return 1;
}

uint32_t dc_mask(void *state, const char *in, uint32_t n, char *out, uint32_t room) {
    dc_masker *mask = state;
    dc_flow flow = {mask, in, in, in + n, in, out, out + room};
    dc_fit(&flow);
    while (go_on(&flow)) {
    }
    mask->consumed = mask->produced = 0;
    if (mask->mode == MODE_FAULT) {
        memset(mask->hold, 0, sizeof mask->hold);
        return DC_MASK_FAULT;
    }
    dc_flush(&flow);
    mask->consumed = (uint32_t)(flow.at - in);
    mask->produced = (uint32_t)(flow.out - out);
    return DC_MASK_GOING;
}

uint32_t dc_mask_end(void *state) {
    dc_masker *mask = state;
    const bool whole = (mask->mode == MODE_PLAIN || mask->mode == MODE_NUMBER) && dc_scan_done(&mask->scan);
    memset(mask->hold, 0, sizeof mask->hold);
    mask->consumed = mask->produced = 0;
    mask->mode = MODE_FAULT; /* nothing may follow */
    return whole ? DC_MASK_DONE : DC_MASK_FAULT;
}
