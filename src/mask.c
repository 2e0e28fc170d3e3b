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

/* What the value of this member is, but for HIDE. A name too long for us to know is secret. */
static uint8_t judge(const dc_masker *mask, uint8_t parent, dc_span name) {
    const bool whole = name.size <= HOLD;
    if ((parent & ALL) != 0) return ALL;
    if ((parent & CREDENTIAL) != 0 && whole &&
        (dc_name_harmless(name) || dc_name_listed((dc_span){mask->extra, mask->extras}, name)))
        return CREDENTIAL | HARMLESS | (is_list(name) ? LIST : 0);
    const uint32_t meaning = whole ? dc_name_meaning(name) : DC_NAME_SECRET;
    if ((parent & CREDENTIAL) != 0) return (uint8_t)(CREDENTIAL | (meaning & DC_NAME_SECRET));
    const uint32_t applies = meaning & mask->scope;
    bool credential = (applies & (DC_NAME_DATA | DC_NAME_PARAMS | DC_NAME_CREDENTIALS)) != 0;
    if ((meaning & DC_NAME_VAL) != 0) credential = (parent & (DC_NAME_STATE | DC_NAME_CONNECTION)) != 0;
    if ((mask->scope & DC_MASK_WIDE) != 0) {
        if ((applies & (DC_NAME_STATE | DC_NAME_CONNECTION | DC_NAME_WIDE)) != 0) credential = true;
        else if (name.size == 10 && memcmp(name.at, "link_token", 10) == 0) return 0;
    }
    return (uint8_t)((applies & (DC_NAME_SECRET | DC_NAME_STATE | DC_NAME_CONNECTION)) | (credential ? CREDENTIAL : 0));
}

static uint8_t with_hide(uint8_t kind) {
    const bool hidden = (kind & (ALL | DC_NAME_SECRET)) != 0 || (kind & (CREDENTIAL | HARMLESS)) == CREDENTIAL;
    return hidden ? kind | HIDE : kind;
}

uint8_t dc_mask_judge(const dc_masker *mask, uint8_t parent, dc_span name) {
    return with_hide(judge(mask, parent, name));
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
    mask->now = dc_mask_judge(mask, mask->kinds[mask->scan.depth], (dc_span){mask->hold, mask->held});
    mask->mode = MODE_PLAIN;
    return true;
}

/* ---- The document ------------------------------------------------------------------------------------ */

static void open_container(dc_masker *mask) {
    mask->kinds[mask->scan.depth] = mask->now = dc_mask_held(mask->now);
}

static bool pass_plain(dc_flow *flow) {
    dc_masker *mask = flow->mask;
    while (mask->mode == MODE_PLAIN) {
        switch (dc_scan_step(&mask->scan, &flow->at, flow->end)) {
        case DC_EVENT_MORE: return false;
        case DC_EVENT_FAULT: return dc_mask_fault(flow);
        case DC_EVENT_NAME: dc_pass(flow); break;
        case DC_EVENT_TEXT: dc_begin_text(flow); break;
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
    memset(mask, 0, offsetof(dc_masker, hold)); /* what is behind it is written before it is read */
    dc_scan_begin(&mask->scan);
    mask->mode = MODE_PLAIN;
    mask->scope = (uint8_t)scope;
    mask->style = (uint8_t)style;
    mask->now = mask->kinds[0] = (scope & DC_MASK_WHOLE) != 0 ? CREDENTIAL | HIDE : 0;
    mask->extras = (uint16_t)size;
    if (size > 0) memcpy(mask->extra, harmless, size);
    return 1;
}

uint32_t dc_mask(void *state, const char *in, uint32_t n, char *out, uint32_t room) {
    dc_masker *mask = state;
    dc_memo memo;
    memset(memo.parent, 0, sizeof memo.parent);
    dc_flow flow = {mask, in, in, in + n, in, out, out + room, &memo};
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
