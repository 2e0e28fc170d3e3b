/* User tokens: what may be given to whom, which claims hold, and that a request which comes with one never reaches
 * another user. */
#include "call.h"

#define KEY  "\"key\":\"service-1\",\"id\":\"0123456789abcdef\",\"counts\":true,"
#define ALL  "[\"read\",\"write\",\"reveal\",\"admin\"]"
#define HEAD "{" KEY "\"caller\":{\"kind\":\"key\",\"id\":\"ak_1\",\"scopes\":" ALL "},\"epoch\":7}"

static const double now = 1800000000000.0;
static char claims[8192], text[16384];

static const dc_reply *make(const char *body) {
    return dc_user_token_make(now, give(HEAD, body));
}

static const dc_reply *read_at(double at, const char *given) {
    return dc_user_token_read(at, give("{\"key\":\"service-1\"}", given));
}

/* ---- Making ------------------------------------------------------------------------------------------ */

static void test_makes(void) {
    const dc_reply *reply = make("{\"user_id\":\"ada\",\"expires_in\":60,\"toolkits\":[\"gmail\"],\"x\":1}");
    CHECK_STATUS(reply, 200);
    CHECK_SPAN(reply->part[0], "{\"expires_at\":\"2027-01-15T08:01:00.000Z\",\"user_id\":\"ada\"}");
    CHECK_SPAN(reply->part[1], "{\"v\":1,\"key\":\"service-1\",\"id\":\"0123456789abcdef\",\"user_id\":\"ada\","
                               "\"issued\":1800000000000,\"expires\":1800000060000,\"epoch\":7,\"by\":\"ak_1\","
                               "\"toolkits\":[\"gmail\"]}");
    CHECK_RAW(make("{\"user_id\":\"ada\"}")->part[1], "expires", "1800000900000");
    CHECK_RAW(make("{\"user_id\":\"ada\",\"expires_in\":1800}")->part[1], "expires", "1800001800000");
    CHECK_STATUS(make("{\"user_id\":\"ada\",\"operations\":null,\"tools\":null}"), 200);
}

typedef struct bad_row {
    const char *members, *fault;
} bad_row;

static const bad_row bad[] = {
    {"\"expires_in\":1801", "expires_in: is out of range"},
    {"\"expires_in\":0", "expires_in: is out of range"},
    {"\"operations\":[]", "operations: must not be empty"},
    {"\"operations\":[\"connected_accounts.list\",\"api_keys.create\"]", "operations: names one"},
    {"\"operations\":[\"project_config.get\"]", "operations: names one"},
    {"\"operations\":[\"user_tokens.create\"]", "operations: names one"},
    {"\"operations\":[\"session.info\"]", "operations: names one"},
    {"\"operations\":[\"connected_accounts.lis\"]", "operations: names one"},
    {"\"operations\":\"connected_accounts.list\"", "operations: must be a list"},
    {"\"operations\":{\"a\":\"connected_accounts.list\"}", "operations: must be a list"},
    {"\"toolkits\":[\"Gmail\"]", "toolkits: must be slugs"},
    {"\"toolkits\":[7]", "toolkits: must be slugs"},
    {"\"origins\":[\"*\"]", "origins: must be exact"},
    {"\"origins\":[\"null\"]", "origins: must be exact"},
    {"\"origins\":[\"https://a.example/\"]", "origins: must be exact"},
    {"\"origins\":[\"https://a.example:443\"]", "origins: must be exact"},
    {"\"origins\":[\"http://a.example:80\"]", "origins: must be exact"},
    {"\"origins\":[\"https://A.example\"]", "origins: must be exact"},
    {"\"origins\":[\"https://u@a.example\"]", "origins: must be exact"},
    {"\"origins\":[\"https://a.example:\"]", "origins: must be exact"},
    {"\"origins\":[\"https://a.example:08\"]", "origins: must be exact"},
    {"\"origins\":[\"https://\"]", "origins: must be exact"},
    {"\"origins\":[\"https://a b\"]", "origins: must be exact"},
    {"\"origins\":[\"https://[::1\"]", "origins: must be exact"},
    {"\"origins\":[\"file://a\"]", "origins: must be exact"},
    {"\"tools\":[\"no slug\"]", "tools: must be slugs"},
    {"\"tools\":[{\"slug\":\"A\",\"methods\":[\"GET\"]}]", "tools: must be"},
    {"\"tools\":[{}]", "tools: must be"},
    {"\"tools\":[[]]", "tools: must be"},
    {"\"tools\":[{\"slug\":\"A\",\"most\":1}]", "tools: has a member"},
    {"\"tools\":[{\"slug\":\"A\",\"count\":0}]", "tools: has a count"},
    {"\"tools\":[{\"slug\":\"A\",\"count\":-1}]", "tools: has a count"},
    {"\"tools\":[{\"slug\":\"A\",\"count\":1.5}]", "tools: has a count"},
    {"\"tools\":[{\"slug\":\"A\",\"count\":\"1\"}]", "tools: has a count"},
    {"\"tools\":[{\"slug\":\"A\",\"count\":null}]", "tools: has a count"},
    {"\"tools\":[{\"methods\":[]}]", "tools: must not be empty"},
    {"\"tools\":[{\"methods\":[\"TRACE\"]}]", "tools: has a method"},
    {"\"tools\":[\"A\",{\"slug\":\"A\",\"count\":1}]", "tools: names something twice"},
    {"\"tools\":[{\"methods\":[\"GET\",\"PUT\"]},{\"methods\":[\"PUT\"],\"count\":1}]", "tools: names something twice"},
    {"\"operations\":[\"connected_accounts.list\"],\"tools\":[\"A\"]", "tools: names tools, but"},
    {"\"operations\":[\"tools.execute\"],\"tools\":[\"A\",{\"methods\":[\"GET\"]}]", "tools: names methods, but"},
    {"\"operations\":[\"tools.execute\"]", "tools: must name the tools"},
    {"\"operations\":[\"tools.proxy\",\"tools.execute\"],\"tools\":[\"A\"]", "tools: must name the methods"},
};

static void test_refuses_by_name(void) {
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(text, sizeof text, "{\"user_id\":\"ada\",%s}", bad[i].members);
        const dc_reply *reply = make(text);
        CHECK_STATUS(reply, 400);
        if (!CHECK(reply_holds(reply, bad[i].fault))) fprintf(stderr, "  %s\n", text);
    }
    static const char *const origins[] = {"https://app.example", "http://localhost:5173", "https://[2001:db8::1]:8443",
                                          "http://127.0.0.1"};
    for (size_t i = 0; i < sizeof origins / sizeof origins[0]; i++) {
        snprintf(text, sizeof text, "{\"user_id\":\"ada\",\"origins\":[\"%s\"]}", origins[i]);
        CHECK_STATUS(make(text), 200);
    }
}

static void test_too_long(void) {
    size_t size = (size_t)snprintf(text, sizeof text, "{\"user_id\":\"ada\",\"toolkits\":[\"a\"");
    for (int i = 0; i < 900; i++) size += (size_t)snprintf(text + size, sizeof text - size, ",\"tk%d\"", i);
    snprintf(text + size, sizeof text - size, "]}");
    const dc_reply *reply = make(text);
    CHECK_STATUS(reply, 400);
    CHECK(reply_holds(reply, "too long for a token"));
}

static const dc_reply *make_as(const char *caller, const char *body) {
    snprintf(text, sizeof text, "{" KEY "\"caller\":%s}", caller);
    return dc_user_token_make(now, give(text, body));
}

static void test_maker(void) {
    static const char ada[] = "{\"user_id\":\"ada\"}";
    CHECK_STATUS(make_as("{\"kind\":\"key\",\"scopes\":[\"read\",\"write\"]}", ada), 200);
    CHECK_STATUS(make_as("{\"kind\":\"key\",\"scopes\":[\"write\"]}", ada), 403);
    CHECK_STATUS(make_as("{\"kind\":\"key\",\"scopes\":[\"read\"]}", ada), 403);
    CHECK_STATUS(make_as("{\"kind\":\"session\",\"scopes\":" ALL "}", ada), 403);
    CHECK_STATUS(make_as("{\"kind\":\"token\",\"scopes\":" ALL "}", ada), 403);
    CHECK_STATUS(make_as("{}", ada), 403);
    CHECK_STATUS(make_as("{\"kind\":\"key\",\"scopes\":[\"read\"]}",
                         "{\"user_id\":\"ada\",\"operations\":[\"connected_accounts.list\"]}"),
                 200);
    CHECK_STATUS(make_as("{\"kind\":\"key\",\"scopes\":[\"read\"]}",
                         "{\"user_id\":\"ada\",\"operations\":[\"tools.execute\"],\"tools\":[\"A\"]}"),
                 403);
    const dc_reply *uncounted = dc_user_token_make(
        now, give("{\"key\":\"gateway\",\"id\":\"0123456789abcdef\",\"caller\":{\"kind\":\"key\",\"scopes\":" ALL "}}",
                  "{\"user_id\":\"ada\",\"tools\":[{\"slug\":\"A\",\"count\":1}]}"));
    CHECK_STATUS(uncounted, 400);
    CHECK(reply_holds(uncounted, "a gateway does not count"));
}

/* ---- Reading ----------------------------------------------------------------------------------------- */

static void test_reads(void) {
    const dc_reply *made = make("{\"user_id\":\"ada\",\"origins\":[\"https://a.example\"],\"tools\":[\"A_B\"]}");
    snprintf(claims, sizeof claims, "%.*s", (int)made->part[1].size, made->part[1].at);
    const dc_reply *reply = read_at(now + 1000, claims);
    CHECK_STATUS(reply, 200);
    CHECK_SPAN(reply->part[0],
               "{\"over\":false,\"id\":\"0123456789abcdef\",\"by\":\"ak_1\",\"expires\":1800000900000,\"epoch\":7,"
               "\"scopes\":[\"read\",\"write\"],\"links\":true,\"scope\":{\"user_id\":\"ada\",\"origins\":[\"https://"
               "a.example\"],\"tools\":[\"A_B\"]}}");
    CHECK_RAW(read_at(now + 899999, claims)->part[0], "over", "false");
    CHECK_RAW(read_at(now + 900000, claims)->part[0], "over", "true");
    CHECK_STATUS(read_at(now - 60000, claims), 200);
    CHECK_STATUS(read_at(now - 60001, claims), 401); /* of a clock that is ahead by more than a minute */
    CHECK_STATUS(dc_user_token_read(now, give("{\"key\":\"service-2\"}", claims)), 401);
    CHECK_STATUS(dc_user_token_read(now, give("{}", claims)), 401);
    const dc_reply *list = make("{\"user_id\":\"ada\",\"operations\":[\"connected_accounts.list\"]}");
    snprintf(claims, sizeof claims, "%.*s", (int)list->part[1].size, list->part[1].at);
    reply = read_at(now, claims);
    CHECK_RAW(reply->part[0], "scopes", "[\"read\"]");
    CHECK_RAW(reply->part[0], "links", "false");
}

#define GOOD \
    "\"key\":\"service-1\",\"id\":\"x\",\"user_id\":\"ada\",\"issued\":1800000000000,\"expires\":1800000001000," \
    "\"epoch\":0"

/* Claims that our own key may have signed, but not we as we are now: by another version, or by a mistake. */
static const char *const unsound[] = {
    "",
    "null",
    "[]",
    "{}",
    "\"ada\"",
    "{" GOOD "}",
    "{\"v\":2," GOOD "}",
    "{\"v\":\"1\"," GOOD "}",
    "{\"v\":1.5," GOOD "}",
    "{\"v\":1,\"alg\":\"none\"," GOOD "}",
    "{\"v\":1,\"admin\":true," GOOD "}",
    "{\"v\":1," GOOD ",\"user_id\":\"bob\"}",
    "{\"v\":1," GOOD ",\"operations\":null}",
    "{\"v\":1," GOOD ",\"operations\":[]}",
    "{\"v\":1," GOOD ",\"operations\":[\"api_keys.create\"]}",
    "{\"v\":1," GOOD ",\"operations\":[\"of.tomorrow\"]}",
    "{\"v\":1," GOOD ",\"toolkits\":\"gmail\"}",
    "{\"v\":1," GOOD ",\"origins\":[\"*\"]}",
    "{\"v\":1," GOOD ",\"tools\":[{\"slug\":\"A\",\"limit\":1}]}",
    "{\"v\":1," GOOD ",\"operations\":[\"tools.execute\"]}",
    "{\"v\":1," GOOD ",\"by\":\"\"}",
    "{\"v\":1," GOOD ",\"by\":7}",
    "{\"v\":1," GOOD "} {}",
    "{\"v\":1," GOOD,
    "{\"v\":1,\"key\":\"service-1\",\"id\":\"x\",\"issued\":1800000000000,\"expires\":1800000001000,\"epoch\":0}",
    "{\"v\":1,\"key\":\"service-1\",\"id\":\"x\",\"user_id\":\"\",\"issued\":1800000000000,"
    "\"expires\":1800000001000,\"epoch\":0}",
    "{\"v\":1,\"key\":\"service-1\",\"id\":\"x\",\"user_id\":[\"ada\"],\"issued\":1800000000000,"
    "\"expires\":1800000001000,\"epoch\":0}",
    "{\"v\":1,\"key\":\"service-1\",\"id\":\"x y\",\"user_id\":\"ada\",\"issued\":1800000000000,"
    "\"expires\":1800000001000,\"epoch\":0}",
    "{\"v\":1,\"key\":\"service-1\",\"id\":\"x\",\"user_id\":\"ada\",\"issued\":1800000000000,"
    "\"expires\":1800001800001,\"epoch\":0}",
    "{\"v\":1,\"key\":\"service-1\",\"id\":\"x\",\"user_id\":\"ada\",\"issued\":1800000000000,"
    "\"expires\":1800000000000,\"epoch\":0}",
    "{\"v\":1,\"key\":\"service-1\",\"id\":\"x\",\"user_id\":\"ada\",\"issued\":1800000000000,"
    "\"expires\":1e300,\"epoch\":0}",
    "{\"v\":1,\"key\":\"service-1\",\"id\":\"x\",\"user_id\":\"ada\",\"issued\":1799999999999.5,"
    "\"expires\":1800000001000,\"epoch\":0}",
    "{\"v\":1,\"key\":\"service-1\",\"id\":\"x\",\"user_id\":\"ada\",\"issued\":1800000000000,"
    "\"expires\":1800000001000,\"epoch\":-1}",
    "{\"v\":1,\"key\":\"service-1\",\"id\":\"x\",\"user_id\":\"ada\",\"issued\":1800000000000,"
    "\"expires\":1800000001000}",
};

static void test_unsound(void) {
    CHECK_STATUS(read_at(now, "{\"v\":1," GOOD "}"), 200);
    for (size_t i = 0; i < sizeof unsound / sizeof unsound[0]; i++) {
        const dc_reply *reply = read_at(now, unsound[i]);
        if (!CHECK_STATUS(reply, 401)) fprintf(stderr, "  %s\n", unsound[i]);
        CHECK(!reply_holds(reply, "ada"));
    }
}

/* ---- No request reaches another user ------------------------------------------------------------------ */

static uint32_t seed = 20261122;

static uint32_t draw(uint32_t most) {
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % most;
}

static void put(const char *word) {
    const size_t size = strlen(text);
    snprintf(text + size, sizeof text - size, "%s", word);
}

static const char *one(const char *const *words, uint32_t count) {
    return words[draw(count)];
}

#define ONE(words) one(words, sizeof words / sizeof words[0])

static void put_query(const char *mark) {
    static const char *const names[] = {"user_ids", "user_ids%5B%5D", "user_id", "userIds"};
    static const char *const values[] = {"bob", "ada", "ada%2Cbob", "ada,bob", "%62ob", "bob%00", "", "BOB", "ada%20"};
    put(mark);
    for (uint32_t left = draw(4); left > 0; left--) {
        put(ONE(names));
        put("=");
        put(ONE(values));
        if (left > 1) put("&");
    }
}

static void put_body(void) {
    static const char *const members[] = {"\"user_id\":\"bob\"",
                                          "\"user_id\":\"ada\"",
                                          "\"user_id\":\"\\u0062ob\"",
                                          "\"user_id\":[\"bob\"]",
                                          "\"user_id\":null",
                                          "\"us\\u0065r_id\":\"bob\"",
                                          "\"connection\":{\"user_id\":\"bob\"}",
                                          "\"connection\":{\"user_id\":\"ada\",\"user_id\":\"bob\"}",
                                          "\"connection\":{\"user_id\":\"bob\",\"user_id\":\"ada\"}",
                                          "\"connection\":{}",
                                          "\"connection.user_id\":\"bob\"",
                                          "\"auth_config\":{\"id\":\"ac_1\"}",
                                          "\"auth_config_id\":\"ac_1\"",
                                          "\"connected_account_id\":\"ca_1\"",
                                          "\"enabled\":true",
                                          "\"endpoint\":\"/\"",
                                          "\"method\":\"GET\""};
    put("{");
    for (uint32_t left = draw(6); left > 0; left--) {
        put(ONE(members));
        if (left > 1) put(",");
    }
    put("}");
}

#define SCOPE \
    "\"scope\":{\"user_id\":\"ada\",\"operations\":[\"connected_accounts.list\",\"connected_accounts.get\"," \
    "\"connected_accounts.link\",\"connected_accounts.create\",\"connected_accounts.update\",\"connected_accounts." \
    "refresh\"," \
    "\"connected_accounts.delete\",\"connected_accounts.set_status\",\"connected_accounts.revoke\"," \
    "\"connected_accounts.activity\",\"tools.execute\",\"tools.proxy\",\"api_keys.list\",\"user_tokens.create\"," \
    "\"user_tokens.revoke\",\"project_config.get\"],\"tools\":[\"A_B\",{\"methods\":[\"GET\"]}]}}\n"

static void put_request(void) {
    static const char *const methods[] = {"GET", "POST", "PATCH", "DELETE"};
    static const char *const paths[] = {"connected_accounts",
                                        "connected_accounts/ca_1",
                                        "connected_accounts/link",
                                        "connected_accounts/ca_1/status",
                                        "connected_accounts/ca_1/refresh",
                                        "connected_accounts/ca_1/revoke",
                                        "connected_accounts/ca_1/activity",
                                        "tools/execute/A_B",
                                        "tools/execute/proxy",
                                        "user_tokens",
                                        "api_keys",
                                        "org/project/config"};
    text[0] = '\0';
    put("{\"method\":\"");
    put(ONE(methods));
    put("\",\"target\":\"/api/v3/");
    put(ONE(paths));
    put_query(draw(3) == 0 ? "?" : "?limit=5&");
    put("\"," SCOPE);
    if (draw(3)) put_body();
}

/* Every request that may pass names the user of the token, wherever it names one, or an account that is looked at first. */
static bool is_own(const dc_reply *reply) {
    const dc_span value = reply->part[0], body = reply->part[1];
    const dc_span name = raw_at(value, "name"), user = raw_at(value, "refs.user"), reads = raw_at(value, "reads");
    const bool read = span_holds(reads, "\"kind\":\"account\"") && span_holds(reads, "\"user_id\":\"ada\"");
    if (span_holds(value, "bob")) return false;
    if (user.size && !dc_span_is(user, "\"ada\"")) return false;
    if (dc_span_is(name, "\"connected_accounts.list\"")) return span_holds(value, "[\"user_id\",[\"ada\"");
    if (dc_span_is(name, "\"connected_accounts.link\"")) return dc_span_is(raw_at(body, "user_id"), "\"ada\"");
    if (dc_span_is(name, "\"connected_accounts.create\""))
        return dc_span_is(raw_at(body, "connection.user_id"), "\"ada\"") && !span_holds(body, "bob");
    if (dc_span_is(name, "\"tools.execute\""))
        return dc_span_is(raw_at(body, "user_id"), "\"ada\"") && (read || !raw_at(body, "connected_account_id").size);
    return read;
}

static void test_never_another(void) {
    uint32_t passed = 0;
    for (int i = 0; i < 100000; i++) {
        put_request();
        memcpy(claims, text, strlen(text) + 1 < sizeof claims ? strlen(text) + 1 : sizeof claims);
        memcpy(dc_open((uint32_t)strlen(text)), text, strlen(text));
        const dc_reply *reply = dc_route((uint32_t)strlen(text));
        if (reply->status != 200) continue;
        passed++;
        if (!CHECK(is_own(reply)))
            fprintf(stderr, "  %s\n  -> %.*s\n", claims, (int)reply->part[0].size, reply->part[0].at);
        memcpy(dc_open((uint32_t)strlen(text)), text, strlen(text));
        reply = dc_forward((uint32_t)strlen(text));
        if (reply->status == 200 && !CHECK(!reply_holds(reply, "bob"))) fprintf(stderr, "  %s\n", claims);
    }
    CHECK(passed > 2500);
}

static void test_refuses_another(void) {
    static const char *const requests[][2] = {
        {"POST\",\"target\":\"/api/v3/connected_accounts/link", "{\"auth_config_id\":\"ac_1\",\"user_id\":\"bob\"}"},
        {"POST\",\"target\":\"/api/v3/connected_accounts",
         "{\"auth_config\":{\"id\":\"ac_1\"},\"connection\":{\"user_id\":\"bob\"}}"},
        {"POST\",\"target\":\"/api/v3/tools/execute/A_B", "{\"user_id\":\"bob\"}"},
        {"GET\",\"target\":\"/api/v3/connected_accounts?user_ids=ada&user_ids[]=bob", ""},
    };
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        snprintf(text, sizeof text, "{\"method\":\"%s\"," SCOPE "%s", requests[i][0], requests[i][1]);
        memcpy(dc_open((uint32_t)strlen(text)), text, strlen(text));
        CHECK_STATUS(dc_route((uint32_t)strlen(text)), 403);
    }
}

int main(void) {
    test_refuses_another();
    test_makes();
    test_refuses_by_name();
    test_too_long();
    test_maker();
    test_reads();
    test_unsound();
    test_never_another();
    return check_report();
}
