/* find.c: whole documents, for scan.h: checking them, and finding members and items in them as spans. It reads
 * with the tokenizer, so what it finds is what the checker accepted and the masker masks. */
#include "arena.h"
#include "scan.h"

#include <string.h>

bool dc_scan_valid(dc_span text, uint32_t *where) {
    dc_scan scan;
    const char *at = text.at, *end = text.at + text.size;
    dc_event event;
    dc_scan_begin(&scan);
    do {
        event = dc_scan_step(&scan, &at, end);
        if (event == DC_EVENT_NAME || event == DC_EVENT_TEXT) event = dc_scan_text(&scan, &at, end);
        else if (event == DC_EVENT_NUMBER) event = dc_scan_number(&scan, &at, end);
    } while (event != DC_EVENT_FAULT && event != DC_EVENT_MORE);
    if (where != NULL) *where = (uint32_t)(at - text.at);
    return event == DC_EVENT_MORE && dc_scan_done(&scan);
}

static const char *skip_space(const char *at, const char *end) {
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) at++;
    return at;
}

/* Take one value off the front of *rest. A name is a string and comes off the same way. */
static bool take_value(dc_span *rest, dc_span *value) {
    const char *end = rest->at + rest->size;
    const char *start = skip_space(rest->at, end), *at = start;
    dc_scan scan;
    dc_scan_begin(&scan);
    while (scan.expect != DC_EXPECT_NOTHING) {
        dc_event event = dc_scan_step(&scan, &at, end);
        if (event == DC_EVENT_NAME || event == DC_EVENT_TEXT) event = dc_scan_text(&scan, &at, end);
        else if (event == DC_EVENT_NUMBER) event = dc_scan_number(&scan, &at, end);
        if (event == DC_EVENT_FAULT || (event == DC_EVENT_MORE && !dc_scan_done(&scan))) return false;
        if (event == DC_EVENT_MORE) break;
    }
    *value = (dc_span){start, (uint32_t)(at - start)};
    *rest = (dc_span){at, (uint32_t)(end - at)};
    return true;
}

/* Take the mark that stands before the next entry: the bracket at first, a comma later. False: the end. */
static bool take_mark(dc_span *rest, char bracket) {
    if (rest->size == 0) return false;
    const char *end = rest->at + rest->size, *at = skip_space(rest->at, end);
    if (at == end || (*at != bracket && *at != ',')) return false;
    at = skip_space(at + 1, end);
    if (at == end || *at == bracket + 2) /* `]` and `}` stand two behind `[` and `{` */
        return false;
    *rest = (dc_span){at, (uint32_t)(end - at)};
    return true;
}

bool dc_scan_next(dc_span *rest, dc_span *name, dc_span *value) {
    dc_span left = *rest;
    if (!take_mark(&left, '{') || !take_value(&left, name) || *name->at != '"') return false;
    const char *end = left.at + left.size, *at = skip_space(left.at, end);
    if (at == end || *at != ':') return false;
    left = (dc_span){at + 1, (uint32_t)(end - at - 1)};
    if (!take_value(&left, value)) return false;
    *rest = left;
    return true;
}

bool dc_scan_item(dc_span *rest, dc_span *value) {
    dc_span left = *rest;
    if (!take_mark(&left, '[') || !take_value(&left, value)) return false;
    *rest = left;
    return true;
}

/* ---- Decoding ---------------------------------------------------------------------------------------- */

uint32_t dc_scan_put(char *out, uint32_t code) {
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    const uint32_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (uint32_t i = size; i-- > 1; code >>= 6) out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)((0xF00U >> size & 0xFF) | code);
    return size;
}

/* The next code point of a string, pairs of surrogates joined. END: the closing quote; FAULT: no text. */
static dc_event next_code(dc_scan *scan, const char **at, const char *end, uint32_t *code) {
    dc_event event = dc_scan_unit(scan, at, end);
    *code = scan->unit;
    if (event != DC_EVENT_UNIT || (*code & 0xFFFFF800U) != 0xD800U) return event;
    if (*code >= 0xDC00U || dc_scan_unit(scan, at, end) != DC_EVENT_UNIT || (scan->unit & 0xFFFFFC00U) != 0xDC00U)
        return DC_EVENT_FAULT;
    *code = 0x10000U + ((*code - 0xD800U) << 10) + (scan->unit - 0xDC00U);
    return DC_EVENT_UNIT;
}

static bool begin_string(dc_scan *scan, const char **at, const char *end) {
    dc_scan_begin(scan);
    return *at < end && **at == '"' && dc_scan_step(scan, at, end) == DC_EVENT_TEXT;
}

/* Is this raw string, decoded, the text `name`? Compared as it is read, without a copy. */
static bool is_name(dc_span raw, const char *name) {
    const char *at = raw.at, *end = raw.at + raw.size;
    dc_scan scan;
    uint32_t code;
    if (!begin_string(&scan, &at, end)) return false;
    for (;;) {
        dc_event event = next_code(&scan, &at, end, &code);
        if (event != DC_EVENT_UNIT) return event == DC_EVENT_END && *name == '\0';
        char bytes[4];
        uint32_t size = dc_scan_put(bytes, code);
        if (code == 0 || strncmp(name, bytes, size) != 0) return false;
        name += size;
    }
}

bool dc_scan_member(dc_span object, const char *name, dc_span *value) {
    dc_span rest = object, raw, each;
    bool found = false;
    if (!name) return false; /* a copy that found no memory */
    while (dc_scan_next(&rest, &raw, &each)) {
        if (is_name(raw, name)) {
            *value = each;
            found = true;
        }
    }
    return found;
}

bool dc_scan_string(dc_span raw, dc_span *text) {
    const char *at = raw.at, *end = raw.at + raw.size;
    dc_scan scan;
    uint32_t code;
    uint32_t size = 0;
    if (!begin_string(&scan, &at, end)) return false;
    char *out = dc_arena_take(raw.size); /* no character grows when it is decoded */
    if (out == NULL) return false;
    for (;;) {
        dc_event event = next_code(&scan, &at, end, &code);
        if (event == DC_EVENT_END) break;
        if (event != DC_EVENT_UNIT || code == 0) return false;
        size += dc_scan_put(out + size, code);
    }
    *text = (dc_span){out, size};
    return at == end;
}
