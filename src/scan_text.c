/* scan_text.c: names and strings of JSON, for scan.h. Whole characters take a short way, the byte-by-byte way is for
 * those that the input cut in two. */
#include "run.h"
#include "scan.h"
#include "utf8.h"

enum { BACKSLASH = DC_SCAN_BETWEEN + 1, HEX, SEQUENCE }; /* part */

static int hex_value(char byte) {
    if (byte >= '0' && byte <= '9') return byte - '0';
    if ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f') return (byte | 0x20) - 'a' + 10;
    return -1;
}

/* What the letter after a backslash stands for; 0: no such escape (no escape of one letter stands for NUL). */
static uint32_t short_escape(char letter) {
    switch (letter) {
    case '"':
    case '\\':
    case '/': return (unsigned char)letter;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return 0;
    }
}

/* The first byte of a UTF-8 sequence (RFC 3629 section 4): how many follow, and what the next may be. */
static bool begin_sequence(dc_scan *scan, unsigned char byte) {
    if (byte < 0xC2 || byte > 0xF4) return false;
    scan->part = SEQUENCE;
    scan->left = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
    scan->unit = byte & (0x3FU >> scan->left);
    scan->low = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80;
    scan->high = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF;
    return true;
}

static dc_event take_escape(dc_scan *scan, char byte) {
    if (byte == 'u') {
        scan->part = HEX;
        scan->left = 4;
        scan->unit = 0;
        return DC_EVENT_MORE;
    }
    scan->unit = short_escape(byte);
    scan->part = DC_SCAN_BETWEEN;
    return scan->unit != 0 ? DC_EVENT_UNIT : DC_EVENT_FAULT;
}

/* One byte of a string; MORE: it was taken and the character is not whole yet. */
static dc_event take_byte(dc_scan *scan, char byte) {
    unsigned char code = (unsigned char)byte;
    switch (scan->part) {
    case BACKSLASH: return take_escape(scan, byte);
    case HEX: {
        int value = hex_value(byte);
        if (value < 0) return DC_EVENT_FAULT;
        scan->unit = scan->unit << 4 | (uint32_t)value;
        break;
    }
    case SEQUENCE:
        if (code < scan->low || code > scan->high) return DC_EVENT_FAULT;
        scan->unit = scan->unit << 6 | (code & 0x3FU);
        scan->low = 0x80;
        scan->high = 0xBF;
        break;
    default:
        if (byte == '\\') {
            scan->part = BACKSLASH;
            return DC_EVENT_MORE;
        }
        if (code >= 0x80) return begin_sequence(scan, code) ? DC_EVENT_MORE : DC_EVENT_FAULT;
        scan->unit = code;
        return code >= 0x20 ? DC_EVENT_UNIT : DC_EVENT_FAULT;
    }
    scan->left--;
    if (scan->left > 0) return DC_EVENT_MORE;
    scan->part = DC_SCAN_BETWEEN;
    return DC_EVENT_UNIT;
}

/* The short way for `\uXXXX` that is all there. */
static inline bool take_whole_escape(dc_scan *scan, const char **at, const char *end) {
    return end - *at >= 6 && **at == '\\' && (*at)[1] == 'u' && dc_hex4(*at + 2, &scan->unit) && (*at += 6);
}

/* Take the closing quote, where it is next. */
static inline bool take_quote(dc_scan *scan, const char **at, const char *end) {
    if (*at == end || **at != '"') return false;
    (*at)++;
    dc_scan_text_end(scan);
    return true;
}

dc_event dc_scan_unit(dc_scan *scan, const char **at, const char *end) {
    while (*at < end) {
        if (scan->part == DC_SCAN_BETWEEN) {
            if (take_quote(scan, at, end)) return DC_EVENT_END;
            if (take_whole_escape(scan, at, end)) return DC_EVENT_UNIT;
        }
        dc_event event = take_byte(scan, **at);
        if (event == DC_EVENT_FAULT) return event;
        (*at)++;
        if (event == DC_EVENT_UNIT) return event;
    }
    return DC_EVENT_MORE;
}

/* Over whole characters that are neither plain nor the closing quote. */
static const char *run_odd(const char *at, const char *end) {
    uint32_t unit, size;
    at = dc_run_escapes(at, end);
    while (end - at >= 6 && at[0] == '\\' && at[1] == 'u' && dc_hex4(at + 2, &unit)) at += 6;
    while (at < end && (*at & 0x80) != 0 && (size = dc_utf8_size(at, (size_t)(end - at))) > 0) at += size;
    return at;
}

/* Over whole characters, up to the closing quote or what only dc_scan_unit can tell. */
static const char *run_text(const char *at, const char *end) {
    for (;;) {
        const char *odd = dc_run(at, end, '"');
        if (odd == end || *odd == '"') return odd;
        at = run_odd(odd, end);
        if (at == odd) return at;
    }
}

dc_event dc_scan_text(dc_scan *scan, const char **at, const char *end) {
    for (;;) {
        if (scan->part == DC_SCAN_BETWEEN) {
            *at = run_text(*at, end);
            if (take_quote(scan, at, end)) return DC_EVENT_END;
        }
        const dc_event event = dc_scan_unit(scan, at, end);
        if (event != DC_EVENT_UNIT) return event;
    }
}

const char *dc_scan_ascii(const char *at, const char *end, char *out, uint32_t *size) {
    const char *const start = out, *const full = out + *size;
    while (at < end && out < full) {
        uint32_t code = (unsigned char)*at;
        if (code == '"') {
            *size = (uint32_t)(out - start);
            return at;
        }
        if (code == '\\') {
            if (end - at < 6 || at[1] != 'u' || !dc_hex4(at + 2, &code)) return NULL;
            at += 5;
        }
        if (!dc_plain((char)code, '"') || code >= 0x80) return NULL;
        *out++ = (char)code;
        at++;
    }
    return NULL;
}
