/* The scanner: the checker and a scan cut in two agree on every input; what the finder finds is what the tokenizer would
 * find, is valid by itself, and leaves nothing out. On bytes that are no document it stays within them and ends. */
#include "scan.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static dc_event read_on(dc_scan *scan, const char *at, const char *end) {
    dc_event event = DC_EVENT_END;
    while (event != DC_EVENT_MORE && event != DC_EVENT_FAULT) {
        if (scan->expect == DC_EXPECT_TEXT || scan->expect == DC_EXPECT_NAME_TEXT) event = dc_scan_text(scan, &at, end);
        else if (scan->expect == DC_EXPECT_NUMBER) event = dc_scan_number(scan, &at, end);
        else event = dc_scan_step(scan, &at, end);
    }
    return event;
}

/* The value at *at as the tokenizer reads it: the finder only looks for its end. */
static dc_span read_value(const char **at, const char *end) {
    while (*at < end && dc_is_space(**at)) (*at)++;
    const char *const start = *at;
    dc_scan scan;
    dc_scan_begin(&scan);
    while (scan.expect != DC_EXPECT_NOTHING) {
        dc_event event = dc_scan_step(&scan, at, end);
        if (event == DC_EVENT_NAME || event == DC_EVENT_TEXT) event = dc_scan_text(&scan, at, end);
        else if (event == DC_EVENT_NUMBER) event = dc_scan_number(&scan, at, end);
        if (event == DC_EVENT_FAULT || event == DC_EVENT_MORE) break;
    }
    if (!dc_scan_done(&scan)) abort();
    return (dc_span){start, (uint32_t)(*at - start)};
}

static bool same(dc_span a, dc_span b) {
    return a.at == b.at && a.size == b.size;
}

/* From behind the opening bracket or the last value to the next entry. False: there is none. */
static bool read_mark(const char **at, const char *end) {
    while (*at < end && (dc_is_space(**at) || **at == ',')) (*at)++;
    return *at < end && **at != ']' && **at != '}';
}

static void check_value(dc_span value) {
    if (!dc_scan_valid(value, NULL)) abort();
    const bool object = value.at[0] == '{', list = value.at[0] == '[';
    const char *at = value.at + 1, *const end = value.at + value.size;
    dc_span rest = value, name, each, text, found;
    while ((object || list) && read_mark(&at, end)) {
        if (object) {
            if (!dc_scan_next(&rest, &name, &each) || !same(name, read_value(&at, end))) abort();
            check_value(name);
            if (dc_scan_string(name, &text)) {
                if (memchr(text.at, 0, text.size) != NULL) abort();
                if (!dc_scan_member_of(value, text, &found) || found.at < each.at) abort();
            }
            while (*at++ != ':') {
            }
        } else if (!dc_scan_item(&rest, &each)) {
            abort();
        }
        if (!same(each, read_value(&at, end)) || rest.at != at || rest.at + rest.size != end) abort();
        check_value(each);
    }
    if (dc_scan_next(&rest, &name, &each) || dc_scan_item(&rest, &each)) abort();
}

static void check_within(dc_span part, dc_span whole) {
    if (part.size == 0 || part.at < whole.at || part.at + part.size > whole.at + whole.size) abort();
}

/* Any bytes at all. Each entry is shorter than what holds it, so this ends. */
static void check_bounds(dc_span bytes, int depth) {
    dc_span rest = bytes, name, each;
    for (uint32_t left = rest.size; dc_scan_next(&rest, &name, &each); left = rest.size) {
        check_within(name, bytes);
        check_within(each, bytes);
        if (rest.size >= left || rest.at + rest.size != bytes.at + bytes.size) abort();
        if (depth < 8) check_bounds(each, depth + 1);
    }
    rest = bytes;
    for (uint32_t left = rest.size; dc_scan_item(&rest, &each); left = rest.size) {
        check_within(each, bytes);
        if (rest.size >= left || rest.at + rest.size != bytes.at + bytes.size) abort();
        if (depth < 8) check_bounds(each, depth + 1);
    }
    if (dc_scan_member(bytes, "a\\", &each)) check_within(each, bytes);
}

/* A copy of the first `size` bytes, so that a sanitizer sees every byte read beyond them. */
static void check_start(const char *text, size_t size) {
    char *const copy = size > 0 ? malloc(size) : NULL;
    if (copy == NULL) return;
    memcpy(copy, text, size);
    check_bounds((dc_span){copy, (uint32_t)size}, 0);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2 || size > 4096) return 0;
    const size_t length = size - 1, cut = data[0] % (length + 1);
    const char *text = (const char *)data + 1;
    uint32_t where = 0;
    dc_scan scan;
    const bool valid = dc_scan_valid((dc_span){text, (uint32_t)length}, &where);
    if (where > length) abort();
    dc_scan_begin(&scan);
    const bool parts = read_on(&scan, text, text + cut) == DC_EVENT_MORE &&
                       read_on(&scan, text + cut, text + length) == DC_EVENT_MORE && dc_scan_done(&scan);
    if (parts != valid) abort();
    if (valid && dc_open(0) != NULL) {
        const char *at = text, *const end = text + length;
        check_value(read_value(&at, end));
        dc_close();
    }
    check_start(text, cut);
    check_start(text, length);
    return 0;
}
