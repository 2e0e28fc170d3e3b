/* The finder: members and items of documents as spans, names however they are written, and decoding strings. */
#include "call.h"

#include "catalog.h"
#include "reply.h"

static dc_span span(const char *text) {
    return (dc_span){text, (uint32_t)strlen(text)};
}

static void test_finding(void) {
    dc_span value = {NULL, 0}, name, rest;
    dc_span object = span(" { \"a\" : 1e999 , \"\\u0062\\u00e9\\ud83d\\ude00\" : [ 1,{\"a\":2} ] ,\"a\": \"x\\\"}\" , "
                          "\"c\":null,\"d\":true }");
    CHECK(dc_scan_member(object, "a", &value));
    CHECK_SPAN(value, "\"x\\\"}\"");
    CHECK(dc_scan_member(object, "b\xC3\xA9\xF0\x9F\x98\x80", &value));
    CHECK_SPAN(value, "[ 1,{\"a\":2} ]");
    CHECK(dc_scan_member(object, "c", &value));
    CHECK_SPAN(value, "null");
    CHECK(dc_scan_member(object, "d", &value));
    CHECK_SPAN(value, "true");
    CHECK(!dc_scan_member(object, "e", &value));
    CHECK(!dc_scan_member(object, "A", &value));
    CHECK(!dc_scan_member(object, "", &value));
    CHECK(!dc_scan_member(span("[\"a\",1]"), "a", &value));
    CHECK(!dc_scan_member(span("{}"), "a", &value));
    CHECK(!dc_scan_member(span("{\"a\\u0000\":1}"), "a", &value));
    CHECK(dc_scan_member(span("{\"\":false}"), "", &value));
    CHECK_SPAN(value, "false");

    rest = span("{\"n\\u0061me\": -0.0 ,\"o\":{} }");
    CHECK(dc_scan_next(&rest, &name, &value));
    CHECK_SPAN(name, "\"n\\u0061me\"");
    CHECK_SPAN(value, "-0.0");
    CHECK(dc_scan_next(&rest, &name, &value));
    CHECK_SPAN(value, "{}");
    CHECK(!dc_scan_next(&rest, &name, &value));

    const char *const items[] = {"true", "[false,null]", "{\"a\":true}", "\"]\"", "12", "null"};
    rest = span(" [true ,[false,null] , {\"a\":true},\"]\",12,null] ");
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        CHECK(dc_scan_item(&rest, &value));
        CHECK_SPAN(value, items[i]);
    }
    CHECK(!dc_scan_item(&rest, &value));
    rest = span("[]");
    CHECK(!dc_scan_item(&rest, &value));
    rest = span("{\"a\":1}");
    CHECK(!dc_scan_item(&rest, &value));
    rest = span("7");
    CHECK(!dc_scan_next(&rest, &name, &value));
}

/* A value, all of it, whatever stands before it and behind it; what is in a container at every place of a block. */
static void check_skip(const char *value) {
    enum { MOST = 40 };
    const bool holds = value[0] == '[' || value[0] == '{';
    char text[400], spaces[MOST + 1];
    dc_span rest, name, each;
    for (size_t wide = 0; wide < MOST; wide++) {
        memset(spaces, ' ', sizeof spaces);
        spaces[wide] = '\0';
        snprintf(text, sizeof text, "{%s\"a\":%.*s%s%s,\"}\":[]}", holds ? "" : spaces, holds, value,
                 holds ? spaces : "", value + holds);
        const size_t front = strlen("{\"a\":") + (holds ? 0 : wide), size = strlen(value) + (holds ? wide : 0);
        rest = span(text);
        CHECK(dc_scan_next(&rest, &name, &each));
        if (!CHECK(each.at == text + front && each.size == size)) fprintf(stderr, "  %s\n", text);
        CHECK(dc_scan_next(&rest, &name, &each));
        CHECK_SPAN(each, "[]");
        CHECK(!dc_scan_next(&rest, &name, &each));
        /* Without its end it is none: nothing behind the bytes that are there is looked at. */
        for (size_t cut = front; cut < front + size; cut++) {
            char *const copy = malloc(cut);
            memcpy(copy, text, cut);
            rest = (dc_span){copy, (uint32_t)cut};
            if (!CHECK(!dc_scan_next(&rest, &name, &each))) fprintf(stderr, "  %.*s\n", (int)cut, text);
            CHECK(rest.at == copy);
            free(copy);
        }
    }
}

static void test_skipping(void) {
    static const char *const values[] = {
        "1",
        "-0.5e+10",
        "true",
        "null",
        "\"\"",
        "\"a\"",
        "\"]}\\\"\"",
        "\"\\\\\"",
        "\"\\\\\\\"\\\\\"",
        "\"more than a block of sixteen bytes, and \\\" in it, twice: \\\\\"",
        "[]",
        "{}",
        "[[],{},[{}]]",
        "{\"]\":\"}\"}",
        "[\"\\\"]\"]",
        "[\"\\\\\",\"]\"]",
        "[\"\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\",\"]\"]",
        "[\"\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"]\",[]]",
        "{\"a\":[1,2,{\"b\":\"c{[\"}],\"d\":{\"e\":[[[]]],\"f\":\"\\u005d]\"},\"g\":\"more than a block }]\"}",
        "[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]",
        "[\"\xC3\xA9]\",\"\xF0\x9F\x98\x80}\"]",
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) check_skip(values[i]);
    static const char *const endless[] = {
        "{\"a\":}",    "{\"a\":,\"b\":1}", "{\"a\":1", "{\"a\":\"b}", "{\"a\":[", "{\"a\" 12}",   "{\"a",
        "{\"a\\",      "{\"a\":\"\\",      "{a:1}",    "{1:1}",       "{\"a\":",  "{\"a\":[\"]}", "{",
        "{\"a\":{\"\\"};
    dc_span rest, name, each;
    for (size_t i = 0; i < sizeof endless / sizeof *endless; i++) {
        rest = span(endless[i]);
        if (!CHECK(!dc_scan_next(&rest, &name, &each))) fprintf(stderr, "  %s\n", endless[i]);
    }
}

/* Names are compared as they are where nothing in them is escaped. */
static void test_names(void) {
    dc_span value;
    const dc_span object = span("{\"a\":1,\"ab\":2,\"a\\\\b\":3,\"abc\":4,\"a\\u0062c\":5,\"\\\\\":6,\"a\\\"\":7}");
    static const char *const names[][2] = {{"a", "1"},   {"ab", "2"}, {"a\\b", "3"},
                                           {"abc", "5"}, {"\\", "6"}, {"a\"", "7"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        CHECK(dc_scan_member(object, names[i][0], &value));
        CHECK_SPAN(value, names[i][1]);
    }
    static const char *const absent[] = {"b", "a\\\\b", "abcd", "a\\u0062c", "a\\", "", "\\\\", "a\\\""};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) CHECK(!dc_scan_member(object, absent[i], &value));
    CHECK(!dc_scan_member(object, NULL, &value));
    CHECK(dc_scan_member_of(object, (dc_span){"abc", 2}, &value));
    CHECK_SPAN(value, "2");
    CHECK(!dc_scan_member_of(object, (dc_span){"abc", 0}, &value));
}

static void test_decoding(void) {
    dc_span text = {NULL, 0};
    CHECK(dc_open(64) != NULL);
    CHECK(dc_scan_string(span("\"\""), &text));
    CHECK_SPAN(text, "");
    CHECK(dc_scan_string(span("\"a\\n\\/\\u00e9\\u20AC\\uD83D\\uDE00\xC3\xA9\xF0\x9F\x98\x80\""), &text));
    CHECK_SPAN(text, "a\n/\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xC3\xA9\xF0\x9F\x98\x80");
    static const char *const refused[] = {"\"\\ud800\"",
                                          "\"\\udc00\"",
                                          "\"\\ud800\\u0041\"",
                                          "\"\\ud83dx\"",
                                          "\"a\\u0000\"",
                                          "1",
                                          "null",
                                          "[]",
                                          "\"a",
                                          "",
                                          "\"a\"b"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) CHECK(!dc_scan_string(span(refused[i]), &text));
    dc_close();
}

/* What finds members in the rest of an input looks at all of it first. What it is to find there stands whole. */
static void test_rest(void) {
    static const char *const torn[] = {"{\"alias\":\"a\"", "{\"alias\":\"a\"}}", "{\"alias\":\"a\",\"b\":[}}",
                                       "{\"alias\":\"a\",\"b\":truth}", " "};
    static const char *const record =
        "{\"record\":{\"id\":\"ca_1\",\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_config_id\":"
        "\"ac_1\",\"auth_scheme\":\"API_KEY\",\"status\":\"ACTIVE\"},\"siblings\":[]}";
    static const char *const tool = "{\"tool\":{\"slug\":\"T\",\"toolkit\":\"t\"}}";
    static const char *const request = "{\"config\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"BASIC\"},"
                                       "\"toolkit\":{\"slug\":\"t\",\"auth_schemes\":[{\"scheme\":\"BASIC\"}]}}";
    CHECK_NUMBER(dc_change(DC_EVENT_update, 1, give(record, "{\"alias\":\"a\"}"))->status, 200);
    CHECK_NUMBER(dc_tool(DC_TOOL_find, 1, give(tool, "{\"user_id\":\"u\"}"))->status, 200);
    CHECK_NUMBER(dc_tool(DC_TOOL_ready, 1, give(record, NULL))->status, 200);
    CHECK(dc_tool(DC_TOOL_build, 1, give(request, "{}"))->status != 500);
    CHECK(dc_tool(DC_TOOL_proxy, 1, give(request, "{}"))->status != 500);
    for (size_t i = 0; i < sizeof torn / sizeof *torn; i++) {
        CHECK_NUMBER(dc_change(DC_EVENT_update, 1, give(record, torn[i]))->status, 500);
        CHECK_NUMBER(dc_tool(DC_TOOL_find, 1, give(tool, torn[i]))->status, 500);
        CHECK_NUMBER(dc_tool(DC_TOOL_ready, 1, give(record, torn[i]))->status, 500);
        for (uint32_t event = 0; event < DC_EVENT_COUNT; event++) {
            if (event == DC_EVENT_submit) continue; /* its rest is a form */
            CHECK_NUMBER(dc_change(event, 1, give(record, torn[i]))->status, 500);
        }
        CHECK_NUMBER(dc_tool(DC_TOOL_build, 1, give(request, torn[i]))->status, 500);
        CHECK_NUMBER(dc_tool(DC_TOOL_proxy, 1, give(request, torn[i]))->status, 500);
    }
    CHECK_NUMBER(dc_tool(DC_TOOL_read, 1, give("{\"http\":200}", "{torn"))->status, 200);
    dc_close();
}

/* Members of a head by name, however many there are and however they are written; and never those of the call before. */
static void test_head(void) {
    char many[800] = "{\"a\":0";
    dc_input in;
    for (size_t i = 0, size = strlen(many); i < 40; i++)
        size += (size_t)snprintf(many + size, sizeof many - size, ",\"m%zu\":%zu%s", i, i, i == 39 ? ",\"a\":1}" : "");
    CHECK(dc_input_read(give(many, NULL), &in));
    CHECK_SPAN(dc_input_raw(&in, "a"), "1");
    CHECK_SPAN(dc_input_raw(&in, "m39"), "39");
    CHECK(dc_input_raw(&in, "m40").size == 0);
    CHECK(dc_input_read(give("{\"a\":1,\"ab\":2,\"a\":[3]}", "rest"), &in));
    CHECK_SPAN(dc_input_raw(&in, "a"), "[3]");
    CHECK_SPAN(dc_input_raw(&in, "ab"), "2");
    CHECK(dc_input_raw(&in, "b").size == 0 && dc_input_raw(&in, "").size == 0);
    CHECK(dc_input_read(give("{\"bbb\":1,\"ab\":4,\"c\":5}", "rest"), &in)); /* as long, at the same place */
    CHECK(dc_input_raw(&in, "a").size == 0);
    CHECK_SPAN(dc_input_raw(&in, "ab"), "4");
    CHECK(dc_input_read(give("{\"\\u0061\":1,\"a\\\\\":2}", NULL), &in));
    CHECK_SPAN(dc_input_raw(&in, "a"), "1");
    CHECK_SPAN(dc_input_raw(&in, "a\\"), "2");
    dc_close();
}

/* An escaped NUL would end a text of ours early; an escaped backslash before `u0000` is none. */
static void test_nul(void) {
    static const char *const refused[] = {"\"\\u0000\"", "[\"a long text with a NUL behind it \\u0000\"]",
                                          "{\"\\u0000\":1}", "\"\\\\\\u0000\""};
    CHECK(dc_open(0) != NULL);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) CHECK(dc_json_read(span(refused[i])) == NULL);
    CHECK_TEXT(cJSON_GetStringValue(dc_json_read(span("\"\\\\u0000\""))), "\\u0000");
    CHECK_TEXT(cJSON_GetStringValue(dc_json_read(span("\"\\u0001\\n\""))), "\x01\n");
    CHECK(dc_json_read(span("\"")) == NULL && dc_json_read(span("[1]]")) == NULL);
    const cJSON *read = dc_json_read(span("{\"a\":1,\"ab\":2,\"\":3,\"b\":4,\"a\":5}"));
    CHECK_NUMBER(dc_json_number(read, "a", 0), 5);
    CHECK_NUMBER(dc_json_number(read, "ab", 0), 2);
    CHECK_NUMBER(dc_json_number(read, "", 0), 3);
    CHECK(dc_json_get(read, "abc") == NULL && dc_json_get(read, "c") == NULL);
    dc_close();
}

int main(void) {
    test_finding();
    test_skipping();
    test_names();
    test_decoding();
    test_rest();
    test_head();
    test_nul();
    return check_report();
}
