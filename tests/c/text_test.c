/* Texts, numbers, times, encodings, UTF-8, JSON writing and the arena underneath. */
#include "call.h"

#include "arena.h"
#include "json.h"

typedef struct pair {
    const char *in, *out;
} pair;

static dc_span made(const dc_out *out) {
    CHECK(!out->failed);
    return out->size ? dc_out_span(out) : (dc_span){"", 0};
}

/* RFC 4648 section 10, and bytes that need both of the last two digits. */
static void base64(void) {
    static const pair rows[] = {{"", ""},
                                {"f", "Zg=="},
                                {"fo", "Zm8="},
                                {"foo", "Zm9v"},
                                {"foob", "Zm9vYg=="},
                                {"fooba", "Zm9vYmE="},
                                {"foobar", "Zm9vYmFy"},
                                {"\xfb\xff\xfe", "+//+"},
                                {"\xff", "/w=="},
                                {"id:s\xc3\xa9", "aWQ6c8Op"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        dc_out out = {0};
        dc_put_base64(&out, dc_span_of(rows[i].in));
        CHECK_SPAN(made(&out), rows[i].out);
    }
    dc_out zero = {0};
    dc_put_base64(&zero, (dc_span){"\0\0\0\0", 4});
    CHECK_SPAN(made(&zero), "AAAAAA==");
}

static void percent(void) {
    static const pair written[] = {{"", ""},
                                   {"AZaz09-._~", "AZaz09-._~"},
                                   {" +&=?#/%", "%20%2B%26%3D%3F%23%2F%25"},
                                   {"\xc3\xa9", "%C3%A9"},
                                   {"\r\n", "%0D%0A"},
                                   {"a,b", "a%2Cb"},
                                   {"..", ".."}};
    static const pair read[] = {{"a%20b", "a b"}, {"%c3%A9", "\xc3\xa9"}, {"a+b", "a+b"}, {"%2525", "%25"}, {"", ""}};
    static const char *const bad[] = {"%", "%4", "a%", "a%4", "%g0", "%0g", "%%41", "% 1"};
    dc_span text;
    for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
        dc_out out = {0};
        dc_put_percent(&out, dc_span_of(written[i].in));
        CHECK_SPAN(made(&out), written[i].out);
        CHECK(dc_percent_decode(made(&out), false, &text));
        CHECK_SPAN(text, written[i].in);
    }
    for (size_t i = 0; i < sizeof read / sizeof read[0]; i++) {
        CHECK(dc_percent_decode(dc_span_of(read[i].in), false, &text));
        CHECK_SPAN(text, read[i].out);
    }
    CHECK(dc_percent_decode(dc_span_of("a+%2B+b"), true, &text));
    CHECK_SPAN(text, "a + b");
    CHECK(dc_percent_decode(dc_span_of("a%00b"), false, &text));
    CHECK_NUMBER(text.size, 3);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) CHECK(!dc_percent_decode(dc_span_of(bad[i]), true, &text));
    for (unsigned byte = 0; byte < 256; byte++) {
        const char one = (char)byte;
        dc_out out = {0};
        dc_put_percent(&out, (dc_span){&one, 1});
        CHECK(dc_percent_decode(made(&out), false, &text) && text.size == 1 && text.at[0] == one);
    }
}

static void times(void) {
    static const struct {
        double at;
        const char *text;
    } rows[] = {
        {0, "1970-01-01T00:00:00.000Z"},
        {1, "1970-01-01T00:00:00.001Z"},
        {86399999, "1970-01-01T23:59:59.999Z"},
        {951782400000.0, "2000-02-29T00:00:00.000Z"},
        {951868800000.0, "2000-03-01T00:00:00.000Z"},
        {1709164800000.0, "2024-02-29T00:00:00.000Z"},
        {4107456000000.0, "2100-02-28T00:00:00.000Z"},
        {4107542400000.0, "2100-03-01T00:00:00.000Z"},
        {978307199999.0, "2000-12-31T23:59:59.999Z"},
        {1795359600123.0, "2026-11-22T15:00:00.123Z"},
        {253402300799999.0, "9999-12-31T23:59:59.999Z"},
        {253402300800000.0, "9999-12-31T23:59:59.999Z"},
        {1e300, "9999-12-31T23:59:59.999Z"},
        {-1, "1970-01-01T00:00:00.000Z"},
        {1.9, "1970-01-01T00:00:00.001Z"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        dc_out out = {0};
        dc_put_time(&out, rows[i].at);
        CHECK_SPAN(made(&out), rows[i].text);
    }
    dc_out none = {0};
    dc_json_put_time(&none, NULL, 0);
    dc_json_put_time(&none, NULL, -5);
    CHECK_SPAN(made(&none), "null,null");
}

static void numbers(void) {
    static const struct {
        double value;
        const char *text;
    } rows[] = {{0, "0"},
                {7, "7"},
                {-1, "-1"},
                {1000, "1000"},
                {4294967296.0, "4294967296"},
                {1795364400123.0, "1795364400123"},
                {9007199254740991.0, "9007199254740991"},
                {-9007199254740991.0, "-9007199254740991"},
                {1e300, "9007199254740992"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        dc_out out = {0};
        dc_put_integer(&out, rows[i].value);
        CHECK_SPAN(made(&out), rows[i].text);
    }
}

static void utf8(void) {
    static const char *const good[] = {"",
                                       "a",
                                       "\x7f",
                                       "\xc2\x80",
                                       "\xdf\xbf",
                                       "\xe0\xa0\x80",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80",
                                       "\xef\xbf\xbf",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf",
                                       "\xf0\x9f\x98\x80!"};
    static const char *const bad[] = {"\x80",
                                      "\xbf",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xc2",
                                      "\xc2z",
                                      "\xe0\x9f\xbf",
                                      "\xed\xa0\x80",
                                      "\xed\xbf\xbf",
                                      "\xe2\x82",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xf0\x9f\x98",
                                      "\xff",
                                      "\xfe",
                                      "a\xf8\x88\x80\x80\x80"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) CHECK(dc_utf8_valid(dc_span_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (!CHECK(!dc_utf8_valid(dc_span_of(bad[i])))) fprintf(stderr, "  row %zu\n", i);
    }
    CHECK_NUMBER(dc_utf8_count(dc_span_of("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80")), 4);
    CHECK_NUMBER(dc_utf8_count(dc_span_of("")), 0);
}

static void writing(void) {
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "quote\"back\\", "line\n tab\t nul? \x01 del\x7f \xc3\xa9");
    dc_json_put_text(&out, "none", NULL);
    dc_json_put_span(&out, "zero", (dc_span){"a\0b", 3});
    dc_json_put_bool(&out, "yes", true);
    dc_json_open(&out, "list", '[');
    dc_json_put_number(&out, NULL, -2);
    dc_json_put_text(&out, NULL, "{");
    dc_json_put_text(&out, NULL, "[");
    dc_json_put_text(&out, NULL, ":");
    dc_json_open(&out, NULL, '{');
    dc_json_close(&out, '}');
    dc_json_put_raw(&out, NULL, dc_span_of("1e999"));
    dc_json_close(&out, ']');
    dc_json_close(&out, '}');
    CHECK_SPAN(made(&out),
               "{\"quote\\\"back\\\\\":\"line\\u000a tab\\u0009 nul? \\u0001 del\x7f \xc3\xa9\",\"none\":null,"
               "\"zero\":\"a\\u0000b\",\"yes\":true,\"list\":[-2,\"{\",\"[\",\":\",{},1e999]}");
    CHECK(dc_scan_valid(made(&out), NULL));
}

/* A document of ours that is read and written again is the same. */
static void reading(void) {
    static const char *const same[] = {"{}",
                                       "[]",
                                       "null",
                                       "\"\"",
                                       "{\"a\":[1,-2,true,false,null,\"x\\\"\\\\\"],\"b\":{\"c\":{}}}",
                                       "[9007199254740991]",
                                       "[0.5,-0.25,1.000000001,0.999999999,123456.789,-1.5,-0.1,100,0]",
                                       "{\"a\":1,\"A\":2}"};
    static const char *const bad[] = {
        "",   " ",  "{",  "{\"a\":1,}", "{a:1}",      "[1 2]", "\"\\u0000\"", "{\"a\\u0000b\":1}", "'a'",
        "01", "+1", ".5", "nul",        "[\"\xff\"]", "{} {}", "\"\\x\"",     "\xef\xbb\xbf{}"};
    char deep[140];
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        dc_out out = {0};
        const cJSON *tree = dc_json_read(dc_span_of(same[i]));
        CHECK(tree != NULL);
        dc_json_put_tree(&out, NULL, tree);
        CHECK_SPAN(made(&out), same[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (!CHECK(dc_json_read(dc_span_of(bad[i])) == NULL)) fprintf(stderr, "  row %zu\n", i);
    }
    for (int depth = 63; depth <= 66; depth++) {
        memset(deep, '[', (size_t)depth);
        memset(deep + depth, ']', (size_t)depth);
        const bool fits = depth <= 64, read = dc_json_read((dc_span){deep, (uint32_t)depth * 2}) != NULL;
        if (!CHECK(read == fits || depth == 64)) fprintf(stderr, "  depth %d\n", depth);
    }
    dc_out rounded = {0};
    dc_json_put_tree(&rounded, NULL,
                     dc_json_read(dc_span_of("[0.9999999999,-1.9999999999,1.00000000001,1e3,5e-1,1e999,-1e999]")));
    CHECK_SPAN(made(&rounded), "[1,-2,1,1000,0.5,9007199254740992,-9007199254740992]");
    const cJSON *doubled = dc_json_read(dc_span_of("{\"a\":1,\"a\":2,\"A\":3,\"\\u0061\":4}"));
    CHECK_NUMBER(dc_json_number(doubled, "a", 0), 4); /* as JSON.parse has it */
    CHECK_NUMBER(dc_json_number(dc_json_read(dc_span_of("{\"n\":1.5e3}")), "n", 0), 1500);
    CHECK(dc_json_text(doubled, "a") == NULL && dc_json_get(NULL, "a") == NULL);
    CHECK(dc_json_read(dc_span_of("\"\\\\u0000\"")) != NULL); /* an escaped backslash, no NUL */
}

/* What was taken is aligned, does not overlap, and does not outlive its call. */
static void arena(void) {
    CHECK(dc_open(3) != NULL);
    char *first = dc_arena_take(1), *second = dc_arena_take(9);
    CHECK(((uintptr_t)first & 7) == 0 && ((uintptr_t)second & 7) == 0 && second - first >= 8);
    memset(second, 'x', 9);
    char *grown = dc_arena_grow(second, 9, 4000);
    CHECK(grown == second && grown[8] == 'x'); /* the last one grows where it is */
    CHECK(dc_arena_grow(first, 1, 64) != first);
    CHECK(dc_arena_take((size_t)-1) == NULL && dc_arena_take((size_t)300 << 20) == NULL);
    CHECK(dc_open(0xFFFFFFFFU) == NULL);
    CHECK(dc_open(8) != NULL);
    dc_out full = {0};
    dc_span much = {dc_arena_take((size_t)100 << 20), (uint32_t)100 << 20};
    CHECK(much.at != NULL);
    for (int i = 0; i < 4; i++) dc_put(&full, much); /* 400 MB do not fit */
    dc_put_text(&full, "more");
    CHECK(full.failed);
    CHECK(dc_open(16) != NULL);
    memcpy(dc_arena_input(), "planted-secret-1", 16);
    char *taken = dc_arena_take(64);
    memcpy(taken, "planted-secret-2", 16);
    char *input = dc_arena_input();
    dc_close();
    for (int i = 0; i < 16; i++) CHECK(input[i] == 0 && taken[i] == 0);
}

/* `a=b&c=d`, in both directions. What is read is written as name>value, a faulty pair as `!`. */
static void forms(void) {
    static const char *const rows[][2] = {
        {"a=b&c=d", "a>b,c>d,"},
        {"", ""},
        {"&&", ""},
        {"a", "a>,"},
        {"=b", ">b,"},
        {"a=&b", "a>,b>,"},
        {"a=b=c", "a>b=c,"},
        {"&a=1&", "a>1,"},
        {"a+b=+%2B", "a b> +,"},
        {"%26=%3D", "&>=,"},
        {"a=%zz&b=1", "!b>1,"},
        {"a=%f", "!"},
        {"%=1", "!"},
        {"a=%ff&b", "!b>,"},
        {"a%00=1&b", "!b>,"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        dc_span rest = dc_span_of(rows[i][0]), name, value;
        dc_out out = {0};
        dc_open(0);
        for (dc_form form; (form = dc_form_next(&rest, &name, &value)) != DC_FORM_END;) {
            if (form == DC_FORM_PAIR) {
                dc_put(&out, name);
                dc_put_byte(&out, '>');
                dc_put(&out, value);
            }
            dc_put_byte(&out, form == DC_FORM_PAIR ? ',' : '!');
        }
        CHECK_SPAN(out.size ? dc_out_span(&out) : dc_span_of(""), rows[i][1]);
    }
    dc_out out = {0};
    dc_open(0);
    dc_form_put(&out, "a b", dc_span_of("&="));
    dc_form_put(&out, "", dc_span_of(""));
    CHECK_SPAN(dc_out_span(&out), "a%20b=%26%3D&=");
}

int main(void) {
    forms();
    dc_open(0);
    base64();
    percent();
    times();
    numbers();
    utf8();
    writing();
    reading();
    arena();
    return check_report();
}
