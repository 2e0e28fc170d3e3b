/* What looks at sixteen bytes at once comes to the same as looking at each: runs, seeking, escapes, hex digits, copies,
 * and whole sequences of UTF-8; from every beginning to every end, so over every edge of a block. */
#include "check.h"

#include "run.h"
#include "utf8.h"

#include <ctype.h>
#include <stdlib.h>

enum { SIZE = 52 };

/* A text of plain bytes, with one byte put in at each place. */
static void test_runs(void) {
    static const unsigned char marks[] = {0,    1,   0x1F, ' ',  '!',  '"',  '#',  '[',
                                          '\\', ']', '~',  0x7F, 0x80, 0xC3, 0xFF, ':'};
    char text[SIZE];
    memset(text, 'a', sizeof text);
    for (size_t m = 0; m < sizeof marks; m++) {
        const bool stops = marks[m] < 0x20 || marks[m] >= 0x80 || marks[m] == '"' || marks[m] == '\\';
        for (size_t place = 0; place < SIZE; place++) {
            text[place] = (char)marks[m];
            for (size_t from = 0; from <= place; from++) {
                for (size_t to = from; to <= SIZE; to++) {
                    const char *const end = text + to, *const found = place < to ? text + place : end;
                    bool good = dc_run(text + from, end, '"') == (stops ? found : end);
                    good = good && dc_run(text + from, end, ':') == (stops || marks[m] == ':' ? found : end);
                    good = good && dc_seek(text + from, end, (char)marks[m], '%') == found;
                    good = good && dc_seek(text + from, end, '%', (char)marks[m]) == found;
                    if (!good && !CHECK(good))
                        fprintf(stderr, "  %02x at %zu of %zu to %zu\n", marks[m], place, from, to);
                }
            }
            text[place] = 'a';
        }
    }
}

/* Of several marks, the first one. */
static void test_first(void) {
    char text[SIZE];
    for (size_t place = 0; place < SIZE; place++) {
        memset(text, 'a', sizeof text);
        memset(text + place, '"', sizeof text - place);
        CHECK(dc_run(text, text + SIZE, '"') == text + place);
        CHECK(dc_seek(text, text + SIZE, '"', '%') == text + place);
    }
}

static bool is_escape(const char *at) {
    bool good = at[0] == '\\' && at[1] == 'u';
    for (int i = 2; i < 6; i++) good = good && isxdigit((unsigned char)at[i]) != 0;
    return good;
}

/* Escapes are taken by twos while a block is left; never is anything taken for one that is none. */
static void test_escapes(void) {
    static const char bytes[] = "0fFgGG/:`@\\u \x80";
    char text[SIZE];
    for (size_t place = 0; place < 48; place++) {
        for (size_t b = 0; b < sizeof bytes; b++) {
            for (size_t i = 0; i < SIZE; i++) text[i] = "\\u09aF"[i % 6];
            text[place] = bytes[b];
            size_t whole = 0;
            while (whole + 12 <= 48 && is_escape(text + whole) && is_escape(text + whole + 6)) whole += 12;
            for (size_t to = 0; to <= 48; to++) {
                const size_t most = to < 16 ? 0 : (to - 4) / 12 * 12; /* the last two need a block */
                const size_t got = (size_t)(dc_run_escapes(text, text + to) - text);
                if (!CHECK_NUMBER(got, whole < most ? whole : most))
                    fprintf(stderr, "  %zu %02x %zu\n", place, bytes[b], to);
            }
        }
    }
}

/* All four digits, and every byte in the place of each. */
static void test_hex(void) {
    uint32_t value = 0;
    char text[8];
    for (uint32_t code = 0; code <= 0xFFFF; code += 0x101) {
        for (int upper = 0; upper < 2; upper++) {
            snprintf(text, sizeof text, upper ? "%04X" : "%04x", code);
            CHECK(dc_hex4(text, &value) && value == code);
        }
    }
    for (int place = 0; place < 4; place++) {
        for (int byte = 0; byte < 256; byte++) {
            memcpy(text, "1cD9", 5);
            text[place] = (char)byte;
            const bool good = isxdigit(byte) != 0;
            const uint32_t expected = good ? (uint32_t)strtoul(text, NULL, 16) : 0;
            CHECK(dc_hex4(text, &value) == good && (!good || value == expected));
        }
    }
}

static void test_copies(void) {
    char from[SIZE], to[SIZE + 1], expected[SIZE + 1];
    for (int i = 0; i < SIZE; i++) from[i] = (char)(i + 1);
    for (size_t size = 0; size <= SIZE; size++) {
        memset(to, 0, sizeof to);
        memset(expected, 0, sizeof expected);
        memcpy(expected, from, size);
        dc_copy(to, from, size);
        CHECK(memcmp(to, expected, sizeof to) == 0); /* and nothing behind it */
    }
}

/* Every well-formed sequence begins and ends one of these ranges (RFC 3629 section 4). */
static void test_utf8(void) {
    static const struct {
        const char *bytes;
        uint32_t size;
    } rows[] = {
        {"a", 1},
        {"\x7F", 1},
        {"\x80", 0},
        {"\xBF", 0},
        {"\xC0\x80", 0},
        {"\xC1\xBF", 0},
        {"\xC2\x80", 2},
        {"\xDF\xBF", 2},
        {"\xC2\x7F", 0},
        {"\xC2\xC0", 0},
        {"\xE0\x9F\xBF", 0},
        {"\xE0\xA0\x80", 3},
        {"\xE1\x80\x80", 3},
        {"\xE1\x80\x7F", 0},
        {"\xE1\x80\xC0", 0},
        {"\xE1\x7F\x80", 0},
        {"\xED\x9F\xBF", 3},
        {"\xED\xA0\x80", 0},
        {"\xEE\x80\x80", 3},
        {"\xEF\xBF\xBF", 3},
        {"\xF0\x8F\xBF\xBF", 0},
        {"\xF0\x90\x80\x80", 4},
        {"\xF1\x80\x80\x80", 4},
        {"\xF1\x80\x80\x7F", 0},
        {"\xF1\x80\xC0\x80", 0},
        {"\xF4\x8F\xBF\xBF", 4},
        {"\xF4\x90\x80\x80", 0},
        {"\xF5\x80\x80\x80", 0},
        {"\xF8\x80\x80\x80", 0},
        {"\xFF\x80\x80\x80", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const size_t size = strlen(rows[i].bytes);
        if (!CHECK_NUMBER(dc_utf8_size(rows[i].bytes, size), rows[i].size)) fprintf(stderr, "  row %zu\n", i);
        for (size_t left = 1; left < size; left++) CHECK_NUMBER(dc_utf8_size(rows[i].bytes, left), 0);
    }
}

int main(void) {
    test_runs();
    test_first();
    test_escapes();
    test_hex();
    test_copies();
    test_utf8();
    return check_report();
}
