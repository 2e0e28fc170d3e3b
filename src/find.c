/* find.c: whole documents, for scan.h: checking them, and finding members and items in them as spans. Checking is the
 * tokenizer's business, with a short way through what is plain. Finding skips what was checked before: of a value it looks
 * for the end and for nothing else, and whatever the bytes are, it stays within them. */
#include "arena.h"
#include "run.h"
#include "scan.h"
#include "text.h"

#include <string.h>

static inline const char *skip_space(const char *at, const char *end) {
    while (at < end && dc_is_space(*at)) at++;
    return at;
}

/* ---- Checking ---------------------------------------------------------------------------------------- */

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

/* ---- Skipping what was checked before ---------------------------------------------------------------- */

/* The first quote or backslash. Not inlined: it is called from several places. */
__attribute__((noinline)) static const char *to_mark(const char *at, const char *end) {
    return dc_seek(at, end, '"', '\\');
}

/* Behind the closing quote of the string that begins at `at`; NULL: it has no end. */
static const char *skip_string(const char *at, const char *end) {
    do at = to_mark(at + 1, end);
    while (end - at > 1 && *at == '\\' && at++);
    return at < end && *at == '"' ? at + 1 : NULL;
}

/* The block at `at`, with zeros behind `end`. */
static inline dc_bytes first_of(const char *at, const char *end) {
    dc_bytes block = {0};
    if (end - at >= DC_BLOCK) return dc_load(at);
    memcpy(&block, at, (size_t)(end - at));
    return block;
}

/* Behind the bracket that closes the container which begins at `at`; NULL: none does. Sixteen bytes at once, a bit for
 * each: it stands in a string when the quotes up to it are odd in number, without those that are escaped. */
static const char *skip_container(const char *at, const char *end) {
    uint32_t depth = 0, escaped = 0, odd = 0;
    for (; at < end; at += end - at < DC_BLOCK ? end - at : DC_BLOCK) {
        const dc_bytes block = first_of(at, end), lower = block | dc_each(0x20);
        const uint32_t slashes = dc_bits(block == dc_each('\\'));
        for (uint32_t bit = 1; slashes != 0 && bit >> DC_BLOCK == 0; bit *= 2)
            escaped |= (slashes & ~escaped & bit) << 1;
        uint32_t inside = dc_bits(block == dc_each('"')) & ~escaped;
        escaped >>= DC_BLOCK; /* the first byte of the next block may be */
        inside ^= inside << 1;
        inside ^= inside << 2;
        inside ^= inside << 4;
        inside ^= inside << 8 ^ odd;
        odd = 0 - (inside >> (DC_BLOCK - 1) & 1);
        const uint32_t opens = dc_bits(lower == dc_each('{')) & ~inside;
        const uint32_t closes = dc_bits(lower == dc_each('}')) & ~inside;
        const uint32_t ends = (uint32_t)__builtin_popcount(closes);
        if (ends < depth) { /* it does not end here */
            depth += (uint32_t)__builtin_popcount(opens) - ends;
            continue;
        }
        for (uint32_t marks = opens | closes; marks != 0; marks &= marks - 1) {
            depth += (opens & marks & (~marks + 1)) != 0 ? 1U : -1U;
            if (depth == 0) return at + __builtin_ctz(marks) + 1;
        }
    }
    return NULL;
}

/* Behind the value that begins at `at`; NULL: it has no end. */
static const char *skip_value(const char *at, const char *end) {
    const char *const start = at;
    if (at == end) return NULL;
    if (*at == '"') return skip_string(at, end);
    if (*at == '{' || *at == '[') return skip_container(at, end);
    while (at < end && (unsigned char)*at > ' ' && *at != ',' && (*at | 0x20) != '}') at++; /* `]` | 0x20 is `}` */
    return at > start && at < end ? at : NULL;
}

/* Where the next entry begins, behind the mark that stands before it: the bracket at first, a comma later. NULL: the
 * end. */
static const char *to_entry(const dc_span *rest, char bracket) {
    if (rest->size == 0) return NULL;
    const char *const end = rest->at + rest->size, *at = skip_space(rest->at, end);
    if (at == end || (*at != bracket && *at != ',')) return NULL;
    at = skip_space(at + 1, end);
    return at < end && *at != bracket + 2 ? at : NULL; /* `]` and `}` stand two behind `[` and `{` */
}

/* Take the value that begins at `at`, and what stands before it, off the front of *rest. */
static bool take_value(dc_span *rest, const char *at, dc_span *value) {
    const char *const end = rest->at + rest->size, *const behind = skip_value(at, end);
    if (behind == NULL) return false;
    *value = (dc_span){at, (uint32_t)(behind - at)};
    *rest = (dc_span){behind, (uint32_t)(end - behind)};
    return true;
}

bool dc_scan_name(dc_span *rest, dc_span *name) {
    const char *const start = to_entry(rest, '{');
    if (start == NULL || *start != '"') return false;
    const char *const end = rest->at + rest->size, *at = skip_string(start, end);
    if (at == NULL) return false;
    *name = (dc_span){start, (uint32_t)(at - start)};
    at = skip_space(at, end);
    if (at == end || *at != ':') return false;
    at = skip_space(at + 1, end);
    *rest = (dc_span){at, (uint32_t)(end - at)};
    return true;
}

bool dc_scan_value(dc_span *rest, dc_span *value) {
    return take_value(rest, rest->at, value);
}

bool dc_scan_next(dc_span *rest, dc_span *name, dc_span *value) {
    dc_span left = *rest;
    if (!dc_scan_name(&left, name) || !dc_scan_value(&left, value)) return false;
    *rest = left;
    return true;
}

bool dc_scan_enter(dc_span *rest) {
    const char *const at = to_entry(rest, '[');
    if (at == NULL) return false;
    *rest = (dc_span){at, rest->size - (uint32_t)(at - rest->at)};
    return true;
}

bool dc_scan_leave(dc_span *rest, char bracket) {
    const char *const end = rest->at + rest->size, *at = skip_space(rest->at, end);
    if (at < end && *at == bracket) at = skip_space(at + 1, end); /* there was nothing in it */
    if (at == end || *at != bracket + 2) return false;
    *rest = (dc_span){at + 1, (uint32_t)(end - at - 1)};
    return true;
}

bool dc_scan_item(dc_span *rest, dc_span *value) {
    const char *const at = to_entry(rest, '[');
    return at != NULL && take_value(rest, at, value);
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
static bool is_name_decoded(dc_span raw, dc_span name) {
    const char *at = raw.at, *end = raw.at + raw.size;
    dc_scan scan;
    uint32_t code;
    if (!begin_string(&scan, &at, end)) return false;
    for (;;) {
        dc_event event = next_code(&scan, &at, end, &code);
        if (event != DC_EVENT_UNIT) return event == DC_EVENT_END && name.size == 0;
        char bytes[4];
        uint32_t size = dc_scan_put(bytes, code);
        if (size > name.size || memcmp(name.at, bytes, size) != 0) return false;
        name = (dc_span){name.at + size, name.size - size};
    }
}

/* The same; where nothing is escaped, the bytes are the text. */
bool dc_scan_is(dc_span raw, dc_span name) {
    const char *const quote = raw.at + raw.size - 1;
    if (to_mark(raw.at + 1, quote) != quote) return is_name_decoded(raw, name);
    return raw.size == name.size + 2 && memcmp(raw.at + 1, name.at, name.size) == 0;
}

/* How often a name stands in an object; `value` is that of the last one. */
static uint32_t count_members(dc_span object, dc_span name, dc_span *value) {
    dc_span rest = object, raw, each;
    uint32_t count = 0;
    while (dc_scan_next(&rest, &raw, &each)) {
        if (dc_scan_is(raw, name)) {
            *value = each;
            count++;
        }
    }
    return count;
}

bool dc_scan_member(dc_span object, const char *name, dc_span *value) {
    return name != NULL && dc_scan_member_of(object, dc_span_of(name), value); /* NULL: a copy that found no memory */
}

bool dc_scan_member_of(dc_span object, dc_span name, dc_span *value) {
    return count_members(object, name, value) > 0;
}

bool dc_scan_only(dc_span object, const char *name, dc_span *value) {
    return count_members(object, dc_span_of(name), value) == 1;
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
