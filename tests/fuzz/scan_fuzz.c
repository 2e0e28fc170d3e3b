/* The scanner: the checker and a scan cut in two agree on every input, and what the finder finds lies in the
 * document, is valid by itself, and leaves nothing out. */
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

static void check_value(dc_span value) {
    if (!dc_scan_valid(value, NULL)) abort();
    dc_span rest = value, name, each, text;
    while (dc_scan_next(&rest, &name, &each)) {
        if (each.at < value.at || each.at + each.size > value.at + value.size) abort();
        check_value(name);
        check_value(each);
        if (dc_scan_string(name, &text) && memchr(text.at, 0, text.size) != NULL) abort();
    }
    rest = value;
    while (dc_scan_item(&rest, &each)) check_value(each);
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
        check_value((dc_span){text, (uint32_t)length});
        dc_close();
    }
    return 0;
}
