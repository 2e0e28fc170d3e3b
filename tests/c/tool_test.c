/* Tools and the proxy: every fault of the arguments is named, a request holds them byte for byte where they belong, only
 * the right account is chosen, and nothing leads to a host that the toolkit does not list. */
#include "call.h"

#include "catalog.h"

#define TOOL(more) \
    "{\"slug\":\"X\",\"toolkit\":\"t\",\"method\":\"POST\",\"base_url\":\"https://api.example/v1\",\"path\":\"/u/" \
    "{id}/x\",\"versions\":[\"20251111_00\"]," \
    "\"parameters\":[{\"name\":\"id\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"}},{\"name\":" \
    "\"n\",\"in\":\"query\",\"schema\":{\"type\":" \
    "\"integer\",\"minimum\":1,\"maximum\":10}},{\"name\":\"l\",\"in\":\"query\",\"schema\":{\"type\":\"array\"," \
    "\"items\":{\"type\":\"string\",\"enum\":[\"a\",\"b c\"]}}}," \
    "{\"name\":\"o\",\"in\":\"body\",\"schema\":{\"type\":\"object\",\"required\":[\"k\"],\"properties\":{\"k\":{" \
    "\"type\":\"boolean\"}},\"additionalProperties\":false}}," \
    "{\"name\":\"start.at\",\"in\":\"body\",\"schema\":{}},{\"name\":\"start.zone.name\",\"in\":\"body\"},{\"name\":" \
    "\"d\",\"in\":\"body\",\"schema\":{\"default\":7}}]" more "}"
#define KIT \
    "\"toolkit\":{\"slug\":\"t\",\"api_base_url\":\"https://api.example/v1\",\"hosts\":[\"https://" \
    "up.example\"],\"auth_schemes\":[{\"scheme\":\"OAUTH2\",\"api_auth\":" \
    "{\"in\":\"header\",\"name\":\"Authorization\",\"template\":\"Bearer " \
    "{access_token}\"},\"required_headers\":{\"V\":\"1\"}}]}," \
    "\"config\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\"},\"val\":{\"access_token\":\"s3cret\"}"
#define RECORD(id, user, status, more) \
    "{\"id\":\"" id "\",\"user_id\":\"" user \
    "\",\"toolkit\":\"t\",\"auth_config_id\":\"ac_1\",\"auth_scheme\":\"OAUTH2\",\"status\":\"" status "\"" more "}"

static const dc_reply *tool(dc_tool_step step, const char *head, const char *rest) {
    return dc_tool(step, 1000000, give(head, rest));
}

static void arguments(void) {
    static const char *const rows[][2] = {
        /* arguments, the fault (NULL: none) */
        {"{\"id\":\"a\"}", NULL},
        {"{\"id\":\"a\",\"n\":10,\"l\":[\"a\",\"b c\"],\"o\":{\"k\":true},\"start.at\":[1]}", NULL},
        {"{}", "id: is required"},
        {"{\"id\":5}", "id: is of the wrong type"},
        {"{\"id\":\"a\\u0000\"}", "id: must not hold NUL"},
        {"{\"id\":\"a\",\"n\":0}", "n: is under the least"},
        {"{\"id\":\"a\",\"n\":11}", "n: is over the most"},
        {"{\"id\":\"a\",\"n\":1.5}", "n: is of the wrong type"},
        {"{\"id\":\"a\",\"n\":\"1\"}", "n: is of the wrong type"},
        {"{\"id\":\"a\",\"n\":99999999999999999999999999999999999999999999999999999999999999999999999999999999}",
         "n: "},
        {"{\"id\":\"a\",\"l\":[\"a\",\"planted\"]}", "l: is not one of the allowed"},
        {"{\"id\":\"a\",\"l\":\"a\"}", "l: is of the wrong type"},
        {"{\"id\":\"a\",\"o\":{}}", "o.k: is required"},
        {"{\"id\":\"a\",\"o\":{\"k\":\"planted\"}}", "o.k: is of the wrong type"},
        {"{\"id\":\"a\",\"o\":{\"k\":true,\"z\":\"planted\"}}", "o.z: is not known"},
        {"{\"id\":\"a\",\"o\":{\"k\":true,\"k\":1}}", "o.k: is of the wrong type"}, /* doubled: both are looked at */
        {"{\"id\":\"a\",\"zz\":\"planted\"}", "zz: is not an argument of this tool"},
    };
    char body[1024];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(body, sizeof body, "{\"user_id\":\"u\",\"arguments\":%s}", rows[i][0]);
        const dc_reply *reply = tool(DC_TOOL_find, "{\"tool\":" TOOL("") ",\"api\":\"v3\"}", body);
        bool good = CHECK_STATUS(reply, rows[i][1] ? 400 : 200) && CHECK(!reply_holds(reply, "planted"));
        if (rows[i][1]) good = good && CHECK(span_holds(raw_at(reply->part[0], "errors"), rows[i][1]));
        if (!good) fprintf(stderr, "  %s\n", rows[i][0]);
    }
    const dc_reply *all =
        tool(DC_TOOL_find, "{\"tool\":" TOOL("") "}", "{\"user_id\":\"u\",\"arguments\":{\"n\":0,\"l\":5,\"q\":1}}");
    static const char *const each[] = {"id: is required", "n: is under", "l: is of the wrong", "q: is not an"};
    for (int i = 0; i < 4; i++) CHECK(span_holds(all->part[0], each[i]));
    CHECK_STATUS(tool(DC_TOOL_find, "{\"tool\":" TOOL("") "}", "{\"arguments\":{\"id\":\"a\"}}"), 400); /* 1811 */
    CHECK_STATUS(tool(DC_TOOL_find, "{\"tool\":null}", "{\"user_id\":\"u\"}"), 404);
    CHECK_STATUS(tool(DC_TOOL_find, "{\"tool\":" TOOL("") "}",
                      "{\"user_id\":\"u\",\"version\":\"20990101_00\",\"arguments\":{\"id\":\"a\"}}"),
                 404);
    CHECK_STATUS(tool(DC_TOOL_find, "{\"tool\":" TOOL("") "}",
                      "{\"user_id\":\"u\",\"version\":\"20251111_00\",\"arguments\":{\"id\":\"a\"}}"),
                 200);
}

static void building(void) {
    static const char *const rows[][4] = {
        /* more of the tool, arguments, target, body (NULL: refused) */
        {",\"request_format\":\"json\"",
         "{\"id\":\"a/b ?\",\"n\":5,\"l\":[\"a\",\"b c\"],\"o\":{ \"k\" : 1e999 },\"start.at\":9007199254740993}",
         "https://api.example/v1/u/a%2Fb%20%3F/x?n=5&l=a&l=b%20c",
         "{\"o\":{ \"k\" : 1e999 },\"start\":{\"at\":9007199254740993},\"d\":7}"},
        {",\"request_format\":\"json\"", "{\"id\":\"a\",\"start.zone.name\":\"\\u0061\",\"start.at\":null}",
         "https://api.example/v1/u/a/x", "{\"start\":{\"at\":null,\"zone\":{\"name\":\"\\u0061\"}},\"d\":7}"},
        {",\"request_format\":\"form\"", "{\"id\":\"a\",\"o\":\"x y&\"}", "https://api.example/v1/u/a/x",
         "o=x%20y%26&d=7"},
        {",\"request_format\":\"graphql\",\"graphql_query\":\"q{a}\"", "{\"id\":\"a\"}", "https://api.example/v1/u/a/x",
         "{\"query\":\"q{a}\",\"variables\":{\"d\":7}}"},
        {",\"request_format\":\"query\"", "{\"id\":\"%2e\",\"l\":[]}", "https://api.example/v1/u/%252e/x", ""},
        {"", "{\"id\":\"..\"}", NULL, NULL},
        {"", "{\"id\":\".\"}", NULL, NULL},
        {"", "{\"id\":\"\"}", NULL, NULL},
        {"", "{}", NULL, NULL},
    };
    char head[4096], body[1024];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(head, sizeof head, "{\"tool\":" TOOL("%s") "," KIT "}", rows[i][0]);
        snprintf(body, sizeof body, "{\"arguments\":%s}", rows[i][1]);
        const dc_reply *reply = tool(DC_TOOL_build, head, body);
        if (!rows[i][2]) {
            CHECK_STATUS(reply, 400);
            continue;
        }
        CHECK_STATUS(reply, 0);
        CHECK_SPAN(reply->part[1], rows[i][2]);
        CHECK_SPAN(reply->part[3].size ? reply->part[3] : ((dc_span){"", 0}), rows[i][3]);
        CHECK(span_holds(reply->part[2], "V: 1\nAuthorization: Bearer s3cret\n"));
    }
    CHECK_STATUS(tool(DC_TOOL_build, "{\"tool\":" TOOL("") "," KIT ",\"val\":{}}", "{\"arguments\":{\"id\":\"a\"}}"),
                 400); /* nothing goes out without its credential */
}

static void choosing(void) {
#define TWO \
    "[" RECORD("ca_1", "u", "ACTIVE", ",\"connected_at\":5,\"alias\":\"home\"") "," RECORD( \
        "ca_2", "u", "ACTIVE", \
        ",\"connected_at\":9,\"word_id\":\"w\"") "," RECORD("ca_3", "u", "EXPIRED", \
                                                            "") "," RECORD("ca_4", "other", "ACTIVE", \
                                                                           ",\"connected_at\":99") "]"
    static const struct {
        const char *head;
        uint32_t status;
        const char *holds;
    } rows[] = {
        {"{\"user\":\"u\",\"toolkit\":\"t\",\"candidates\":[" RECORD("ca_1", "u", "ACTIVE", "") "]}", 200, "\"ca_1\""},
        {"{\"user\":\"u\",\"toolkit\":\"t\",\"candidates\":" TWO ",\"project\":{\"account_selection\":\"latest\"}}",
         200, "\"ca_2\""},
        {"{\"user\":\"u\",\"toolkit\":\"t\",\"candidates\":" TWO "}", 400, "[\"ca_1 (home)\",\"ca_2 (w)\"]"},
        {"{\"user\":\"u\",\"toolkit\":\"t\",\"candidates\":" TWO ",\"project\":{\"account_selection\":\"explicit\"}}",
         400, "1813"},
        {"{\"user\":\"u\",\"toolkit\":\"other\",\"candidates\":" TWO ",\"project\":{\"account_selection\":\"latest\"}}",
         404, "1810"},
        {"{\"user\":\"nobody\",\"toolkit\":\"t\",\"candidates\":" TWO "}", 404, "1810"},
        {"{\"toolkit\":\"t\",\"candidates\":[]}", 400, "1811"},
        {"{\"account\":\"ca_1\",\"toolkit\":\"t\",\"found\":" RECORD("ca_1", "u", "ACTIVE", "") "}", 200, "\"ca_1\""},
        {"{\"account\":\"ca_1\",\"user\":\"other\",\"toolkit\":\"t\",\"found\":" RECORD("ca_1", "u", "ACTIVE", "") "}",
         400, "1812"},
        {"{\"account\":\"ca_1\",\"user\":\"u\",\"toolkit\":\"x\",\"found\":" RECORD("ca_1", "u", "ACTIVE", "") "}", 400,
         "1812"},
        {"{\"account\":\"ca_1\",\"found\":null}", 404, "606"},
        {"{\"account\":\"ca_1\",\"found\":" RECORD("ca_1", "u", "EXPIRED", ",\"status_reason\":\"why\"") "}", 410,
         "why"},
        {"{\"account\":\"ca_1\",\"found\":" RECORD("ca_1", "u", "INACTIVE", "") "}", 422, "1821"},
        {"{\"account\":\"ca_1\",\"found\":" RECORD("ca_1", "u", "INITIALIZING", "") "}", 422, "1821"},
        {"{\"account\":\"ca_1\",\"found\":" RECORD("ca_1", "u", "INITIATED", "") "}", 422, "1821"},
        {"{\"account\":\"ca_1\",\"found\":" RECORD("ca_1", "u", "FAILED", "") "}", 422, "1821"},
        {"{\"account\":\"ca_1\",\"found\":" RECORD("ca_1", "u", "REVOKED", "") "}", 422, "1821"},
        {"{\"account\":\"ca_1\",\"found\":" RECORD(
             "ca_1", "u", "ACTIVE",
             "") ",\"config\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\",\"disabled\":true}}",
         400, "DISABLED"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const dc_reply *reply = tool(DC_TOOL_choose, rows[i].head, NULL);
        if (!(CHECK_STATUS(reply, rows[i].status) && CHECK(span_holds(reply->part[0], rows[i].holds))))
            fprintf(stderr, "  row %zu: %s\n", i, rows[i].holds);
        CHECK(!reply_holds(reply, "ca_4")); /* another user's */
    }
#define READY(more) \
    tool(DC_TOOL_ready, "{\"record\":" RECORD("ca_1", "u", "ACTIVE", ",\"refreshable\":true" more) "}", NULL)->part[0]
    CHECK_RAW(READY(",\"expires_at\":1020000"), "refresh", "true");
    CHECK_RAW(READY(",\"expires_at\":1040000"), "refresh", "false");
    CHECK_RAW(READY(""), "refresh", "false");
    CHECK_RAW(READY(",\"expires_at\":1020000,\"journal\":5"), "refresh", "false"); /* while it lives it is used */
    CHECK_RAW(READY(",\"expires_at\":1000000,\"journal\":5"), "refresh", "true");
}

static void proxying(void) {
    static const char *const good[][3] = {
        /* body, target, header */
        {"{\"endpoint\":\"/me?a=b\",\"method\":\"GET\",\"parameters\":[{\"name\":\"q\",\"value\":\"x "
         "y\",\"type\":\"query\"},{\"name\":\"X-Q\",\"value\":\"z\",\"type\":\"header\"}]}",
         "https://api.example/v1/me?a=b&q=x%20y", "X-Q: z\n"},
        {"{\"endpoint\":\"https://up.example/files/..a\",\"method\":\"GET\"}", "https://up.example/files/..a",
         "Authorization: Bearer s3cret\n"},
        {"{\"endpoint\":\"https://api.example/v2\",\"method\":\"DELETE\"}", "https://api.example/v2", "V: 1\n"},
        {"{\"endpoint\":\"/a\",\"method\":\"PATCH\",\"body\":{ \"n\":1e999}}", "https://api.example/v1/a",
         "content-type: application/json\n"},
        {"{\"endpoint\":\"/"
         "a\",\"method\":\"PATCH\",\"body\":{},\"parameters\":[{\"name\":\"Content-Type\",\"value\":\"application/"
         "merge-patch+json\",\"type\":\"header\"}]}",
         "https://api.example/v1/a", "Content-Type: application/merge-patch+json\n"},
        {"{\"endpoint\":\"/a?next=../b&c=%2e%2e\",\"method\":\"GET\"}", "https://api.example/v1/a?next=../b&c=%2e%2e",
         "V: 1\n"},
        {"{\"endpoint\":\"/100%25\",\"method\":\"GET\"}", "https://api.example/v1/100%25", "V: 1\n"},
    };
    static const char *const bad[] = {
        "//evil.example/x",
        "/\\\\evil.example",
        "https://evil.example/",
        "http://api.example/v1/",
        "https://api.example.evil.example/",
        "https://api.example@evil.example/",
        "https://api.example:8443/",
        "https://api.example\\\\@evil.example/",
        "HTTPS://api.example/",
        "https:api.example/x",
        "javascript:x",
        "me",
        "",
        "?x",
        "..",
        "/..",
        "/../admin",
        "/a/../../b",
        "/%2e%2e/x",
        "/%2E./x",
        "/.%2e",
        "/a%2f..%2fb",
        "/a/..%5cb",
        "/a\\\\..\\\\b",
        "/%252e%252e/x",
        "/a%3f/../../b",
        "/a#b",
        "/a b",
        "/a\\tb",
        "/a\\r\\nHost: x",
        "/%zz",
        "https://up.example/../x",
        "https://\\u0430pi.example/",
        "/..;/x",
    };
    static const char *const headers[] = {"Authorization",
                                          "authorization",
                                          "HOST",
                                          "Cookie",
                                          "Content-Length",
                                          "Content_Type",
                                          "Transfer-Encoding",
                                          "Connection",
                                          "X-API-Key",
                                          "Proxy-Authorization",
                                          "a b",
                                          "a:b",
                                          "a\\nb",
                                          "",
                                          "\\u00e9"};
    char body[1024];
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        const dc_reply *reply = tool(DC_TOOL_proxy, "{" KIT "}", good[i][0]);
        if (!(CHECK_STATUS(reply, 0) && CHECK_SPAN(reply->part[1], good[i][1]) &&
              CHECK(span_holds(reply->part[2], good[i][2]))))
            fprintf(stderr, "  %s: %.*s\n", good[i][0], (int)reply->part[2].size, reply->part[2].at);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(body, sizeof body, "{\"endpoint\":\"%s\",\"method\":\"GET\"}", bad[i]);
        if (!CHECK_STATUS(tool(DC_TOOL_proxy, "{" KIT "}", body), 400)) fprintf(stderr, "  %s\n", bad[i]);
    }
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        snprintf(body, sizeof body,
                 "{\"endpoint\":\"/"
                 "a\",\"method\":\"GET\",\"parameters\":[{\"name\":\"%s\",\"value\":\"planted\",\"type\":\"header\"}]}",
                 headers[i]);
        const dc_reply *reply = tool(DC_TOOL_proxy, "{" KIT "}", body);
        if (!(CHECK_STATUS(reply, 400) && CHECK(!reply_holds(reply, "planted")))) fprintf(stderr, "  %s\n", headers[i]);
    }
    CHECK_STATUS(tool(DC_TOOL_proxy, "{" KIT "}",
                      "{\"endpoint\":\"/a\",\"method\":\"GET\",\"parameters\":[{\"name\":\"x\",\"value\":\"a\\r\\nb: "
                      "c\",\"type\":\"header\"}]}"),
                 400);
    CHECK_STATUS(tool(DC_TOOL_proxy, "{" KIT "}", "{\"endpoint\":\"/a\",\"method\":\"GET\",\"body\":{}}"), 400);
}

/* What the provider wrote goes along byte for byte. */
static void results(void) {
    static const struct {
        double http;
        const char *body, *data, *error, *good;
    } rows[] = {
        {200, "{\"n\":9007199254740993}", "{\"n\":9007199254740993}", "null", "true"},
        {200, " [1e999] ", "{\"result\":[1e999]}", "null", "true"},
        {200, "plain\n", "{\"text\":\"plain\\u000a\"}", "null", "true"},
        {204, "", "{}", "null", "true"},
        {200, "\xff\xfe", "{\"base64\":\"//4=\"}", "null", "true"},
        {404, "{\"error\":{\"message\":\"no\"}}", "{\"error\":{\"message\":\"no\"}}", "\"no\"", "false"},
        {500, "<html>", "{\"text\":\"<html>\"}", "\"The provider answered with HTTP 500.\"", "false"},
        {200, "{\"ok\":false,\"error\":\"not_in_channel\"}", "{\"ok\":false,\"error\":\"not_in_channel\"}",
         "\"not_in_channel\"", "false"},
        {200, "{\"data\":null,\"errors\":[{\"message\":\"m\"}]}", "{\"data\":null,\"errors\":[{\"message\":\"m\"}]}",
         "\"The provider answered with HTTP 200.\"", "false"},
        {200, "{\"a\":1", "{\"text\":\"{\\\"a\\\":1\"}", "null", "true"},
    };
    char head[128];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(head, sizeof head, "{\"http\":%g,\"log_id\":\"log_1\",\"attempt\":1}", rows[i].http);
        const dc_reply *reply = tool(DC_TOOL_read, head, rows[i].body);
        CHECK_STATUS(reply, 200);
        CHECK_RAW(reply->part[0], "data", rows[i].data);
        CHECK_RAW(reply->part[0], "error", rows[i].error);
        CHECK_RAW(reply->part[0], "successful", rows[i].good);
    }
    CHECK_SPAN(tool(DC_TOOL_read, "{\"http\":401,\"attempt\":1}", "{}")->part[1], "refresh");
    CHECK_NUMBER(tool(DC_TOOL_read, "{\"http\":401,\"attempt\":2}", "{}")->part[1].size, 0);
    const dc_reply *binary =
        dc_tool(DC_TOOL_proxied, 1,
                give_bytes("{\"http\":200,\"headers\":[[\"set-cookie\",\"s3cret\"],[\"x-a\",\"b\"]]}", "\0\xff\0", 3));
    CHECK_RAW(binary->part[0], "binary_data", "\"AP8A\"");
    CHECK_RAW(binary->part[0], "headers", "{\"x-a\":\"b\"}");
}

int main(void) {
    arguments();
    building();
    choosing();
    proxying();
    results();
    for (uint32_t step = 0; step <= DC_TOOL_COUNT; step++) CHECK(dc_tool(step, 1, give("", NULL))->status >= 400);
    return check_report();
}
