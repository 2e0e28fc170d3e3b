/* scan.c: the tokenizer, with scan_text.c the one place that knows what JSON is. Checking and masking stand on it, so that
 * they cannot disagree about a document; finding (find.c) skips by itself, but only through what was checked before.
 *
 * It never looks back: what it must remember of a token that the input cut in two is in dc_scan. Whole
 * characters take a short way, the byte-by-byte way is for those that are cut. */
#include "scan.h"

#include <string.h>

enum { SIGN, ZERO, WHOLE, POINT, DECIMALS, POWER, POWER_SIGN, POWER_DIGITS }; /* part: inside numbers */

static const char *const words[] = {"true", "false", "null"};

void dc_scan_begin(dc_scan *scan) {
    memset(scan, 0, sizeof *scan);
    scan->expect = DC_EXPECT_VALUE;
}

static void value_done(dc_scan *scan) {
    scan->expect = scan->depth > 0 ? DC_EXPECT_NEXT : DC_EXPECT_NOTHING;
}

void dc_scan_text_end(dc_scan *scan) {
    if (scan->expect == DC_EXPECT_NAME_TEXT) scan->expect = DC_EXPECT_COLON;
    else value_done(scan);
}

/* ---- Structure --------------------------------------------------------------------------------------- */

static dc_event open_container(dc_scan *scan, const char **at, bool object) {
    if (scan->depth >= DC_DEPTH) return DC_EVENT_FAULT;
    uint64_t bit = (uint64_t)1 << scan->depth;
    scan->objects = object ? scan->objects | bit : scan->objects & ~bit;
    scan->depth++;
    scan->expect = object ? DC_EXPECT_FIRST : DC_EXPECT_ITEM;
    (*at)++;
    return DC_EVENT_OPEN;
}

static dc_event close_container(dc_scan *scan, const char **at) {
    scan->depth--;
    value_done(scan);
    (*at)++;
    return DC_EVENT_CLOSE;
}

static dc_event begin_text(dc_scan *scan, const char **at, uint8_t expect, dc_event event) {
    scan->expect = expect;
    scan->part = DC_SCAN_BETWEEN;
    (*at)++;
    return event;
}

static dc_event begin_word(dc_scan *scan, uint8_t which, uint8_t size) {
    scan->expect = DC_EXPECT_WORD;
    scan->part = which;
    scan->left = size;
    return DC_EVENT_MORE;
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static dc_event begin_value(dc_scan *scan, const char **at) {
    switch (**at) {
    case '"': return begin_text(scan, at, DC_EXPECT_TEXT, DC_EVENT_TEXT);
    case '{': return open_container(scan, at, true);
    case '[': return open_container(scan, at, false);
    case 't': return begin_word(scan, 0, 4);
    case 'f': return begin_word(scan, 1, 5);
    case 'n': return begin_word(scan, 2, 4);
    default: break;
    }
    if (**at != '-' && !is_digit(**at)) return DC_EVENT_FAULT;
    scan->expect = DC_EXPECT_NUMBER;
    scan->part = SIGN;
    scan->left = 1; /* a minus may still come */
    return DC_EVENT_NUMBER;
}

static dc_event take_word(dc_scan *scan, const char **at, const char *end) {
    const char *word = words[scan->part];
    size_t size = scan->part == 1 ? 5 : 4;
    for (; scan->left > 0 && *at < end; (*at)++, scan->left--) {
        if (**at != word[size - scan->left]) return DC_EVENT_FAULT;
    }
    if (scan->left > 0) return DC_EVENT_MORE;
    value_done(scan);
    return scan->depth > 0 ? DC_EVENT_MORE : DC_EVENT_END;
}

/* What a byte that is no white space means where it stands; DC_EVENT_MORE: it was taken and is no event. */
static dc_event take_mark(dc_scan *scan, const char **at, const char *end) {
    char byte = **at;
    bool object = dc_scan_in_object(scan);
    switch (scan->expect) {
    case DC_EXPECT_NEXT:
        if (byte == (object ? '}' : ']')) return close_container(scan, at);
        if (byte != ',') return DC_EVENT_FAULT;
        scan->expect = object ? DC_EXPECT_NAME : DC_EXPECT_VALUE;
        (*at)++;
        return DC_EVENT_MORE;
    case DC_EXPECT_COLON:
        if (byte != ':') return DC_EVENT_FAULT;
        scan->expect = DC_EXPECT_VALUE;
        (*at)++;
        return DC_EVENT_MORE;
    case DC_EXPECT_FIRST:
        if (byte == '}') return close_container(scan, at);
        __attribute__((fallthrough));
    case DC_EXPECT_NAME: return byte == '"' ? begin_text(scan, at, DC_EXPECT_NAME_TEXT, DC_EVENT_NAME) : DC_EVENT_FAULT;
    case DC_EXPECT_ITEM:
        if (byte == ']') return close_container(scan, at);
        __attribute__((fallthrough));
    case DC_EXPECT_VALUE: return begin_value(scan, at);
    case DC_EXPECT_WORD: return take_word(scan, at, end);
    default: return DC_EVENT_FAULT; /* behind the end, or in a text or number that the caller must read */
    }
}

dc_event dc_scan_step(dc_scan *scan, const char **at, const char *end) {
    while (*at < end) {
        if (dc_is_space(**at) && scan->expect != DC_EXPECT_WORD) {
            (*at)++;
            continue;
        }
        dc_event event = take_mark(scan, at, end);
        if (event != DC_EVENT_MORE) return event;
    }
    return DC_EVENT_MORE;
}

bool dc_scan_done(const dc_scan *scan) {
    if (scan->expect == DC_EXPECT_NUMBER && scan->depth == 0)
        return scan->part == ZERO || scan->part == WHOLE || scan->part == DECIMALS || scan->part == POWER_DIGITS;
    return scan->expect == DC_EXPECT_NOTHING;
}

/* ---- Numbers ----------------------------------------------------------------------------------------- */

/* The next place in the number grammar (RFC 8259 section 6), or -1: `byte` does not go on with the number. */
static int number_place(const dc_scan *scan, char byte) {
    bool digit = is_digit(byte);
    switch (scan->part) {
    case SIGN:
        if (byte == '-' && scan->left > 0) return SIGN;
        return !digit ? -1 : byte == '0' ? ZERO : WHOLE;
    case WHOLE:
        if (digit) return WHOLE;
        __attribute__((fallthrough));
    case ZERO: return byte == '.' ? POINT : (byte | 0x20) == 'e' ? POWER : -1;
    case POINT: return digit ? DECIMALS : -1;
    case DECIMALS: return digit ? DECIMALS : (byte | 0x20) == 'e' ? POWER : -1;
    case POWER:
        if (byte == '+' || byte == '-') return POWER_SIGN;
        __attribute__((fallthrough));
    default: return digit ? POWER_DIGITS : -1;
    }
}

dc_event dc_scan_number(dc_scan *scan, const char **at, const char *end) {
    for (; *at < end; (*at)++) {
        int place = number_place(scan, **at);
        if (place < 0) {
            bool whole =
                scan->part == ZERO || scan->part == WHOLE || scan->part == DECIMALS || scan->part == POWER_DIGITS;
            if (!whole) return DC_EVENT_FAULT;
            value_done(scan);
            return DC_EVENT_END;
        }
        scan->part = (uint8_t)place;
        scan->left = 0;
    }
    return DC_EVENT_MORE;
}
