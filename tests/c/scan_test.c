/* The scanner: what is JSON and what is not, cut at every byte. */
#include "check.h"

#include "scan.h"

#include <stdlib.h>

static dc_span span(const char *text) {
    return (dc_span){text, (uint32_t)strlen(text)};
}

static const char *const good[] = {
    "null",
    " true ",
    "false\n",
    "0",
    "-0",
    "-0.0e+10",
    "1E9",
    "1e-9",
    "123.456",
    "9007199254740993",
    "1e999",
    "\"\"",
    "\"a\"",
    "[]",
    "{}",
    "[[]]",
    "[ ]",
    "{ }",
    "[1,2]",
    "[1 , 2 ]",
    "{\"a\":1}",
    "{ \"a\" : 1 , \"b\" : [ ] }",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\uFFFF\\uabCD\"",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"\x7f\"",
    "\"\xC2\x80\xDF\xBF\"",
    "\"\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF\"",
    "\"\xF0\x90\x80\x80\xF4\x8F\xBF\xBF\"",
    "{\"\":\"\",\"\":0}",
    "[true,false,null,{\"a\":[{}]}]",
    "\t\r\n [\t\r\n1\t\r\n]\t\r\n ",
    "\"a long string that spans more than one block of sixteen bytes \\n and goes on after it, twice\"",
};

typedef struct bad_row {
    const char *text;
    uint32_t where;
} bad_row;

static const bad_row bad[] = {
    {"", 0},
    {" ", 1},
    {"nul", 3},
    {"nulL", 3},
    {"truefalse", 4},
    {"True", 0},
    {"NaN", 0},
    {"Infinity", 0},
    {"01", 1},
    {"-", 1},
    {"+1", 0},
    {"--1", 1},
    {".5", 0},
    {"1.", 2},
    {"1.e1", 2},
    {"1e", 2},
    {"1e+", 3},
    {"1e1.5", 3},
    {"0x1", 1},
    {"1 2", 2},
    {"[1 2]", 3},
    {"[", 1},
    {"[1", 2},
    {"[1,", 3},
    {"[1,]", 3},
    {"[,1]", 1},
    {"]", 0},
    {"[}", 1},
    {"{", 1},
    {"{]", 1},
    {"{\"a\"", 4},
    {"{\"a\":", 5},
    {"{\"a\":1", 6},
    {"{\"a\":1,", 7},
    {"{\"a\":1,}", 7},
    {"{\"a\" 1}", 5},
    {"{a:1}", 1},
    {"{1:1}", 1},
    {"{\"a\":}", 5},
    {"{\"a\"::1}", 5},
    {"{\"a\":1 \"b\":2}", 7},
    {"{,}", 1},
    {"[]]", 2},
    {"{}{}", 2},
    {"\"", 1},
    {"\"a", 2},
    {"'a'", 0},
    {"\"\n\"", 1},
    {"\"\t\"", 1},
    {"\"\x01\"", 1},
    {"\"\\x\"", 2},
    {"\"\\u12\"", 5},
    {"\"\\u12g4\"", 5},
    {"\"\\", 2},
    {"\"\\'\"", 2},
    {"\"\\U0041\"", 2},
    {"\xEF\xBB\xBF[]", 0},
    {"\"\x80\"", 1},
    {"\"\xC0\x80\"", 1},
    {"\"\xC1\xBF\"", 1},
    {"\"\xC3\"", 2},
    {"\"\xE0\x9F\xBF\"", 2},
    {"\"\xED\xA0\x80\"", 2},
    {"\"\xE2\x82\"", 3},
    {"\"\xF0\x8F\xBF\xBF\"", 2},
    {"\"\xF4\x90\x80\x80\"", 2},
    {"\"\xF5\x80\x80\x80\"", 1},
    {"\"\xFF\"", 1},
    {"\"\xF0\x9F\x98\"", 4},
    {"/**/1", 0},
    {"1//", 1},
    {"[1]\x0b", 3},
    {"{\"a\":nullx}", 9},
    {"[1e5x]", 4},
    {"[-a]", 2},
    {"[-]", 2},
    {"[1.]", 3},
    {"{\"a\":1e+}", 8},
    {"[nu ll]", 3},
    {"[t\nrue]", 2},
    {"\x0c[]", 0},
    {"[1]\xA0", 3},
    {"\"0123456789abcdef0123456789\x02\"", 27},
};

/* The same answer when the input comes in two parts, cut anywhere. The parts are copied so that a sanitizer
 * sees every byte read beyond them. */
static dc_event feed(dc_scan *scan, const char *from, size_t size) {
    char *copy = malloc(size + 1);
    memcpy(copy, from, size);
    const char *at = copy, *end = copy + size;
    dc_event event = DC_EVENT_END;
    while (event != DC_EVENT_MORE && event != DC_EVENT_FAULT) {
        if (scan->expect == DC_EXPECT_TEXT || scan->expect == DC_EXPECT_NAME_TEXT) event = dc_scan_text(scan, &at, end);
        else if (scan->expect == DC_EXPECT_NUMBER) event = dc_scan_number(scan, &at, end);
        else event = dc_scan_step(scan, &at, end);
    }
    free(copy);
    return event;
}

static bool valid_in_parts(const char *text, size_t cut) {
    dc_scan scan;
    size_t size = strlen(text);
    dc_scan_begin(&scan);
    if (feed(&scan, text, cut) == DC_EVENT_FAULT || feed(&scan, text + cut, size - cut) == DC_EVENT_FAULT) return false;
    return dc_scan_done(&scan);
}

static void test_grammar(void) {
    uint32_t where = 0;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        if (!CHECK(dc_scan_valid(span(good[i]), &where))) fprintf(stderr, "  good[%zu] %s at %u\n", i, good[i], where);
        for (size_t cut = 0; cut <= strlen(good[i]); cut++) CHECK(valid_in_parts(good[i], cut));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        bool valid = dc_scan_valid(span(bad[i].text), &where);
        if (!CHECK(!valid) || !CHECK_NUMBER(where, bad[i].where)) fprintf(stderr, "  bad[%zu] %s\n", i, bad[i].text);
        for (size_t cut = 0; cut <= strlen(bad[i].text); cut++) CHECK(!valid_in_parts(bad[i].text, cut));
    }
    CHECK(!dc_scan_valid((dc_span){"[\0]", 3}, &where));
    CHECK(!dc_scan_valid((dc_span){"\"\0\"", 3}, NULL));
}

static void test_depth(void) {
    char text[200];
    for (size_t depth = 63; depth <= 66; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        CHECK(dc_scan_valid((dc_span){text, (uint32_t)(2 * depth)}, NULL) == (depth <= 64));
    }
    strcpy(text, "[{\"a\":[{}]},[{}],{\"b\":[]}]"); /* kinds of brackets are kept by depth */
    CHECK(dc_scan_valid(span(text), NULL));
    text[10] = ']';
    CHECK(!dc_scan_valid(span(text), NULL));
}

int main(void) {
    test_grammar();
    test_depth();
    return check_report();
}
