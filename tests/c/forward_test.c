/* The gateway's reading of a request: what goes on is built anew, a scope narrows it, and what comes back is looked at.
 * Every row is a request of somebody who may do less than the API's key. */
#include "call.h"

static char head[8192];

#define ADA     "{\"user_id\":\"ada\"}"
#define CREATES "{\"user_id\":\"ada\",\"operations\":[\"connected_accounts.create\"]}"

static const dc_reply *forward(const char *method, const char *target, const char *scope, const char *body) {
    snprintf(head, sizeof head, "{\"method\":\"%s\",\"target\":\"%s\",\"scope\":%s}", method, target, scope);
    return dc_forward(give(head, body));
}

typedef struct row {
    const char *method, *target, *scope, *body; /* paths are below /api/v3 */
    const char *sent, *sent_body;               /* what goes on */
} row;

static const row passed[] = {
    /* Written anew: one form for each parameter, whatever form it came in. */
    {"GET", "/connected_accounts?statuses=ACTIVE&statuses[]=FAILED&limit=7", "\"all\"", NULL,
     "/connected_accounts?statuses=ACTIVE%2CFAILED&limit=7", ""},
    {"GET", "/connected_accounts?user_ids[]=a%2Cb&user_ids[]=c", "\"all\"", NULL,
     "/connected_accounts?user_ids%5B%5D=a%2Cb&user_ids%5B%5D=c", ""},
    {"GET", "/connected_accounts?cursor=a%26user_ids%3Deve", "\"all\"", NULL,
     "/connected_accounts?cursor=a%26user_ids%3Deve", ""},
    {"PATCH", "/auth_configs/ac_1/DISABLED", "\"all\"", "{}", "/auth_configs/ac_1/DISABLED", "{}"},
    {"POST", "/connected_accounts/ca_1/refresh?redirect_url=https://a.b/c", "\"all\"", "{\"x\":1}",
     "/connected_accounts/ca_1/refresh?redirect_url=https%3A%2F%2Fa.b%2Fc", "{}"},
    {"GET", "/tools?toolkit_versions[gmail]=1&limit=3", "\"all\"", NULL, "/tools?limit=3&toolkit_versions%5Bgmail%5D=1",
     ""},
    {"POST", "/connected_accounts", "\"all\"",
     "{\"auth_config\":{\"id\":\"ac_1\",\"x\":1},\"connection\":{\"alias\":null,\"state\":{\"n\":9007199254740993}}}",
     "/connected_accounts", "{\"auth_config\":{\"id\":\"ac_1\"},\"connection\":{\"state\":{\"n\":9007199254740993}}}"},
    /* A list is the user's own. */
    {"GET", "/connected_accounts", ADA, NULL, "/connected_accounts?user_ids=ada", ""},
    {"GET", "/connected_accounts?user_ids=ada", ADA, NULL, "/connected_accounts?user_ids=ada", ""},
    {"GET", "/connected_accounts", "{\"user_id\":\"ada\",\"toolkits\":[\"gmail\",\"slack\"]}", NULL,
     "/connected_accounts?user_ids=ada&toolkit_slugs=gmail%2Cslack", ""},
    {"GET", "/connected_accounts?toolkit_slugs=slack", "{\"user_id\":\"ada\",\"toolkits\":[\"gmail\",\"slack\"]}", NULL,
     "/connected_accounts?user_ids=ada&toolkit_slugs=slack", ""},
    /* A new account is the user's, said or not. */
    {"POST", "/connected_accounts/link", ADA, "{\"auth_config_id\":\"ac_1\",\"user_id\":\"ada\",\"x\":2}",
     "/connected_accounts/link", "{\"auth_config_id\":\"ac_1\",\"user_id\":\"ada\"}"},
    {"POST", "/connected_accounts", CREATES,
     "{\"auth_config\":{\"id\":\"ac_1\"},\"connection\":{\"state\":{\"val\":{\"api_key\":\"user_id\",\"n\":[1,{}]}}}}",
     "/connected_accounts",
     "{\"auth_config\":{\"id\":\"ac_1\"},\"connection\":{\"user_id\":\"ada\",\"state\":{\"val\":{\"api_key\":\"user_"
     "id\",\"n\":[1,{}]}}}}"},
    {"POST", "/connected_accounts", CREATES, "{\"auth_config\":{\"id\":\"ac_1\"}}", "/connected_accounts",
     "{\"auth_config\":{\"id\":\"ac_1\"},\"connection\":{\"user_id\":\"ada\"}}"},
    {"POST", "/connected_accounts/link", "{\"user_id\":\"ada\",\"origins\":[\"https://a.b\"]}",
     "{\"auth_config_id\":\"ac_1\",\"user_id\":\"ada\",\"callback_url\":\"https://a.b/c\"}", "/connected_accounts/link",
     "{\"auth_config_id\":\"ac_1\",\"user_id\":\"ada\",\"callback_url\":\"https://a.b/c\"}"},
    {"POST", "/tools/execute/GMAIL_SEND", "{\"user_id\":\"ada\",\"operations\":[\"tools.execute\"]}",
     "{\"arguments\":{\"user_id\":\"eve\"}}", "/tools/execute/GMAIL_SEND",
     "{\"user_id\":\"ada\",\"arguments\":{\"user_id\":\"eve\"}}"},
    {"POST", "/tools/execute/GOOGLE_DRIVE_LIST",
     "{\"user_id\":\"ada\",\"operations\":[\"tools.execute\"],\"toolkits\":[\"google-drive\"]}", "{\"arguments\":{}}",
     "/tools/execute/GOOGLE_DRIVE_LIST", "{\"user_id\":\"ada\",\"arguments\":{}}"},
};

static void check_passed(const row *r) {
    char target[1024], wanted[1024];
    snprintf(target, sizeof target, "/api/v3.1%s", r->target);
    snprintf(wanted, sizeof wanted, "/api/v3.1%s", r->sent);
    const dc_reply *reply = forward(r->method, target, r->scope, r->body);
    if (!CHECK_STATUS(reply, 200)) {
        fprintf(stderr, "  %s %s\n", r->target, r->scope);
        return;
    }
    CHECK_SPAN(reply->part[1], wanted);
    if (*r->sent_body) CHECK_SPAN(reply->part[2], r->sent_body);
    else CHECK_NUMBER(reply->part[2].size, 0);
}

typedef struct refusal {
    uint32_t status;
    const char *method, *target, *scope, *body;
} refusal;

static const refusal refused[] = {
    /* A scope that is forgotten, or not understood, allows nothing. */
    {403, "GET", "/connected_accounts", "null", NULL},
    {403, "GET", "/connected_accounts", "\"ALL\"", NULL},
    {403, "GET", "/connected_accounts", "{}", NULL},
    {403, "GET", "/connected_accounts", "{\"user_id\":\"\"}", NULL},
    {403, "GET", "/connected_accounts", "{\"user_id\":7}", NULL},
    {403, "GET", "/connected_accounts", "{\"user_id\":\"ada\\u0000\"}", NULL},
    {403, "GET", "/connected_accounts", "{\"user_id\":\"ada\",\"operations\":\"connected_accounts.list\"}", NULL},
    {403, "GET", "/connected_accounts", "{\"user_id\":\"ada\",\"operations\":[]}", NULL},
    {403, "GET", "/connected_accounts", "{\"user_id\":\"ada\",\"toolkits\":[]}", NULL},
    {403, "GET", "/connected_accounts", "{\"user_id\":\"ada\",\"toolkits\":[7]}", NULL},
    {403, "GET", "/connected_accounts", "{\"user_id\":\"ada\",\"tools\":{}}", NULL},
    /* Another user, another toolkit. */
    {403, "GET", "/connected_accounts?user_ids=eve", ADA, NULL},
    {403, "GET", "/connected_accounts?user_ids=ada,eve", ADA, NULL},
    {403, "GET", "/connected_accounts?user_ids[]=ada&user_ids=eve", ADA, NULL},
    {403, "GET", "/connected_accounts?toolkit_slugs=slack", "{\"user_id\":\"ada\",\"toolkits\":[\"gmail\"]}", NULL},
    {403, "GET", "/connected_accounts?account_type=SHARED", ADA, NULL},
    {403, "GET", "/connected_accounts", "{\"user_id\":\"ada,eve\"}", NULL},
    {403, "POST", "/connected_accounts/link", ADA, "{\"auth_config_id\":\"ac_1\",\"user_id\":\"eve\"}"},
    /* A credential that says where the link leads back to, or whose it is. */
    {403, "POST", "/connected_accounts", CREATES,
     "{\"auth_config\":{\"id\":\"ac_1\"},\"connection\":{\"state\":{\"user-id\":1}}}"},
    {403, "POST", "/connected_accounts", CREATES,
     "{\"auth_config\":{\"id\":\"ac_1\"},\"connection\":{\"state\":{\"n\":1.5,\"val\":{\"callback\\u005furl\":\"x\"},"
     "\"val\":{}}}}"},
    {403, "PATCH", "/connected_accounts/ca_1", "{\"user_id\":\"ada\",\"operations\":[\"connected_accounts.update\"]}",
     "{\"connection\":{\"state\":{\"val\":{\"a\":[{\"FinalRedirectUri\":\"x\"}]}}}}"},
    {403, "POST", "/connected_accounts/link", ADA, "{\"auth_config_id\":\"ac_1\",\"user_id\":\"ada \"}"},
    {403, "POST", "/tools/execute/X_Y", "{\"user_id\":\"ada\",\"operations\":[\"tools.execute\"]}",
     "{\"user_id\":\"eve\"}"},
    /* What is not asked for by name. */
    {403, "POST", "/tools/execute/X_Y", ADA, "{}"},
    {403, "POST", "/tools/execute/proxy", ADA,
     "{\"connected_account_id\":\"ca_1\",\"endpoint\":\"/\",\"method\":\"GET\"}"},
    {403, "POST", "/connected_accounts", ADA, "{\"auth_config\":{\"id\":\"ac_1\"}}"},
    {403, "POST", "/connected_accounts/ca_1/revoke", ADA, "{}"},
    {403, "GET", "/auth_configs", ADA, NULL},
    {403, "PATCH", "/connected_accounts/ca_1", ADA, "{\"connection\":{\"state\":{}}}"},
    /* What is nothing for a user, named or not. */
    {403, "GET", "/api_keys", "{\"user_id\":\"ada\",\"operations\":[\"api_keys.list\"]}", NULL},
    {403, "GET", "/org/project/config", "{\"user_id\":\"ada\",\"operations\":[\"project_config.get\"]}", NULL},
    {403, "DELETE", "/auth_configs/ac_1", "{\"user_id\":\"ada\",\"operations\":[\"auth_configs.delete\"]}", NULL},
    /* Tools and methods that are not listed. */
    {403, "POST", "/tools/execute/X_Y",
     "{\"user_id\":\"ada\",\"operations\":[\"tools.execute\"],\"tools\":[\"X_Z\",{\"methods\":[\"GET\"]}]}", "{}"},
    {403, "POST", "/tools/execute/proxy",
     "{\"user_id\":\"ada\",\"operations\":[\"tools.proxy\"],\"tools\":[{\"methods\":[\"GET\"]}]}",
     "{\"connected_account_id\":\"ca_1\",\"endpoint\":\"/\",\"method\":\"POST\"}"},
    /* Where the user is sent afterwards. */
    {400, "POST", "/connected_accounts/link", ADA,
     "{\"auth_config_id\":\"ac_1\",\"user_id\":\"ada\",\"callback_url\":\"https://a.b/c\"}"},
    {400, "POST", "/connected_accounts/ca_1/refresh?redirect_url=https://evil.b/",
     "{\"user_id\":\"ada\",\"origins\":[\"https://a.b\"]}", "{}"},
    {400, "POST", "/connected_accounts/ca_1/refresh", "{\"user_id\":\"ada\",\"origins\":[\"https://a.b\"]}",
     "{\"redirect_url\":\"https://a.b.evil/\"}"},
    {400, "POST", "/connected_accounts/ca_1/refresh", "{\"user_id\":\"ada\",\"origins\":[\"\"]}",
     "{\"redirect_url\":\"https://evil/\"}"},
    /* Paths and bodies that are none. */
    {400, "GET", "/connected_accounts/a%2Fb", "\"all\"", NULL},
    {400, "GET", "/connected_accounts/..", "\"all\"", NULL},
    {400, "GET", "/connected_accounts/%2e%2E", "\"all\"", NULL},
    {400, "GET", "/connected_accounts/a%3Fb", "\"all\"", NULL},
    {400, "GET", "/connected_accounts?x=1", "\"all\"", NULL},
    {404, "GET", "/connected_accounts/../api_keys", "\"all\"", NULL},
    {400, "PATCH", "/connected_accounts/ca_1/status", ADA, "{}"},
    {404, "POST", "/tools/execute/proxy", "{\"user_id\":\"ada\",\"operations\":[\"tools.proxy\"]}",
     "{\"connected_account_id\":\"../api_keys\",\"endpoint\":\"/\",\"method\":\"GET\"}"},
};

static void check_refused(const refusal *r) {
    char target[1024];
    snprintf(target, sizeof target, "/api/v3%s", r->target);
    if (!CHECK_STATUS(forward(r->method, target, r->scope, r->body), r->status))
        fprintf(stderr, "  %s %s %s\n", r->method, r->target, r->scope);
}

/* What is outside of the API is nothing for a gateway. */
static void outside(void) {
    static const char *const targets[] = {"/health", "/connect/lk_1", "/oauth/callback",
                                          "/api/v3", "/api/v2/tools", ""};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++)
        CHECK_STATUS(forward("GET", targets[i], "\"all\"", NULL), 404);
    CHECK(dc_forward(give("{}", NULL))->status >= 400);
    CHECK(dc_forward(give("x", NULL))->status >= 400);
}

static void reads(void) {
    const dc_reply *reply = forward("DELETE", "/api/v3/connected_accounts/ca_1", ADA, NULL);
    CHECK_RAW(reply->part[0], "reads",
              "[{\"kind\":\"account\",\"id\":\"ca_1\",\"target\":\"/api/v3/connected_accounts/ca_1\",\"self\":false,"
              "\"user_id\":\"ada\"}]");
    reply = forward("GET", "/api/v3/connected_accounts/ca_1", "{\"user_id\":\"ada\",\"toolkits\":[\"gmail\"]}", NULL);
    CHECK_RAW(reply->part[0], "reads",
              "[{\"kind\":\"account\",\"id\":\"ca_1\",\"target\":\"/api/v3/connected_accounts/ca_1\",\"self\":true,"
              "\"user_id\":\"ada\",\"toolkits\":[\"gmail\"]}]");
    reply = forward("POST", "/api/v3/connected_accounts/link", "{\"user_id\":\"ada\",\"toolkits\":[\"gmail\"]}",
                    "{\"auth_config_id\":\"ac_1\",\"user_id\":\"ada\"}");
    CHECK_RAW(reply->part[0], "reads",
              "[{\"kind\":\"config\",\"id\":\"ac_1\",\"target\":\"/api/v3/auth_configs/ac_1\",\"self\":false,"
              "\"toolkits\":[\"gmail\"]}]");
    reply = forward("POST", "/api/v3/tools/execute/X_Y",
                    "{\"user_id\":\"ada\",\"operations\":[\"tools.execute\"],\"count\":9,"
                    "\"tools\":[{\"slug\":\"X_Y\",\"count\":2}]}",
                    "{}");
    CHECK_RAW(reply->part[0], "counts", "[{\"of\":\"X_Y\",\"most\":2},{\"of\":\"\",\"most\":9}]");
    reply = forward("POST", "/api/v3/tools/execute/ZOHO_MAIL_SEND",
                    "{\"user_id\":\"ada\",\"operations\":[\"tools.execute\"],\"toolkits\":[\"zoho\"]}", "{}");
    CHECK_RAW(
        reply->part[0], "reads",
        "[{\"kind\":\"tool\",\"id\":\"ZOHO_MAIL_SEND\",\"target\":\"/api/v3/tools/ZOHO_MAIL_SEND\",\"self\":false,"
        "\"toolkits\":[\"zoho\"]}]");
    reply = forward("POST", "/api/v3/tools/execute/A_B",
                    "{\"user_id\":\"ada\",\"tools\":[\"A_B\"],\"toolkits\":[\"zoho\"]}", /* named, and looked at */
                    "{\"connected_account_id\":\"ca_1\"}");
    CHECK_RAW(
        reply->part[0], "reads",
        "[{\"kind\":\"tool\",\"id\":\"A_B\",\"target\":\"/api/v3/tools/A_B\",\"self\":false,\"toolkits\":[\"zoho\"]},"
        "{\"kind\":\"account\",\"id\":\"ca_1\",\"target\":\"/api/v3/connected_accounts/ca_1\",\"self\":false,"
        "\"user_id\":\"ada\",\"toolkits\":[\"zoho\"]}]");
    reply = forward("POST", "/api/v3/tools/execute/A_B", "{\"user_id\":\"ada\",\"tools\":[\"A_B\"]}", "{}");
    CHECK_RAW(reply->part[0], "reads", "[]");
    reply = forward("GET", "/api/v3/connected_accounts", "{\"user_id\":\"ada\",\"toolkits\":[\"gmail\"]}", NULL);
    CHECK_RAW(reply->part[0], "reads",
              "[{\"kind\":\"list\",\"self\":true,\"user_id\":\"ada\",\"toolkits\":[\"gmail\"]}]");
    reply = forward("GET", "/api/v3/auth_configs",
                    "{\"user_id\":\"ada\",\"operations\":[\"auth_configs.list\"],\"toolkits\":[\"gmail\"]}", NULL);
    CHECK_RAW(reply->part[0], "reads", "[{\"kind\":\"list\",\"self\":true,\"toolkits\":[\"gmail\"]}]");
    reply = forward("GET", "/api/v3/connected_accounts", "\"all\"", NULL);
    CHECK_RAW(reply->part[0], "reads", "[]");
    CHECK_RAW(reply->part[0], "mask", "191");
    CHECK_RAW(forward("GET", "/api/v3/tools", "\"all\"", NULL)->part[0], "mask", "0");
    CHECK_RAW(forward("GET", "/api/v3/api_keys", "\"all\"", NULL)->part[0], "mask", "63");
}

static uint32_t owned(const char *read, const char *answer) {
    snprintf(head, sizeof head, "{\"read\":%s}", read);
    const uint32_t status = dc_owned(give(head, answer))->status, size = (uint32_t)strlen(answer);
    /* What is well-formed is judged alike where it stands. */
    if (dc_scan_valid((dc_span){answer, size}, NULL))
        CHECK_NUMBER(dc_owned_at(read, (uint32_t)strlen(read), answer, size)->status, status);
    return status;
}

static void ownership(void) {
    const char *read = "{\"kind\":\"account\",\"id\":\"ca_1\",\"user_id\":\"ada\",\"toolkits\":[\"gmail\"]}";
    const char *good = "{\"id\":\"ca_1\",\"user_id\":\"ada\",\"toolkit\":{\"slug\":\"gmail\"}}";
    static const char *const bad[] = {
        "{\"id\":\"ca_1\",\"user_id\":\"eve\",\"toolkit\":{\"slug\":\"gmail\"}}",
        "{\"id\":\"ca_2\",\"user_id\":\"ada\",\"toolkit\":{\"slug\":\"gmail\"}}",
        "{\"id\":\"ca_1\",\"user_id\":\"ada\",\"toolkit\":{\"slug\":\"slack\"}}",
        "{\"id\":\"ca_1\",\"toolkit\":{\"slug\":\"gmail\"}}",
        "{\"id\":\"ca_1\",\"user_id\":[\"ada\"],\"toolkit\":{\"slug\":\"gmail\"}}",
        "{\"id\":\"ca_1\",\"user_id\":\"ada\",\"user_id\":\"eve\",\"toolkit\":{\"slug\":\"gmail\"}}",
        "{\"id\":\"ca_1\",\"user_id\":\"ada\",\"toolkit\":\"gmail\"}",
        "[{\"id\":\"ca_1\",\"user_id\":\"ada\",\"toolkit\":{\"slug\":\"gmail\"}}]",
        "{\"id\":\"ca_1\",\"user_id\":\"ada\",\"toolkit\":{\"slug\":\"gmail\"}",
        "null",
        "",
    };
    CHECK_NUMBER(owned(read, good), 200);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) CHECK_NUMBER(owned(read, bad[i]), 404);
    CHECK_NUMBER(owned("{\"kind\":\"account\",\"id\":\"ca_1\"}", good), 404);
    CHECK_NUMBER(owned("{\"kind\":\"config\",\"id\":\"ca_1\",\"toolkits\":[\"gmail\"]}", good), 200);
    CHECK_NUMBER(owned("null", good), 404);
}

/* A list of which one item is another's is of no use at all. */
static void lists(void) {
    const char *read = "{\"kind\":\"list\",\"user_id\":\"ada\",\"toolkits\":[\"gmail\"]}";
#define GMAIL "\"toolkit\":{\"slug\":\"gmail\"}"
#define EVES  "{\"user_id\":\"eve\"," GMAIL "}"
#define ADAS  "{\"user_id\":\"ada\"," GMAIL "}"
    static const char *const good[] = {
        "{\"items\":[]}",
        ("{ \"a\" : [ { \"user_id\" : 1 } ] , \"items\" : [ " ADAS " , " ADAS " ] , \"b\" : { } , \"items\" : [ ] }"),
        ("{\"items\":[" ADAS ",{" GMAIL ",\"user_id\":\"\\u0061da\"}],\"next_cursor\":null}"),
    };
    static const char *const bad[] = {
        ("{\"items\":[" ADAS "," EVES "]}"),
        ("{\"items\":[{" GMAIL "}]}"),
        ("{\"items\":[" EVES "],\"items\":[]}"),
        ("{\"it\\u0065ms\":[" EVES "],\"items\":[]}"),
        ("{\"items\":{\"a\":" EVES "}}"),
        ("[" EVES "]"),
        "{\"items\":[{\"user_id\":\"ada\",\"toolkit\":{\"slug\":\"slack\"}}]}",
        "{\"items\":[\"eve\"]}",
        "{\"items\":[{ }]}",
        ("{\"items\":[" ADAS ",[]]}"),
        ("{\"items\":[" ADAS "],\"x\":[" ADAS "],\"items\":[" EVES "]}"),
        ("{\"items\":[{\"user_id\":[\"ada\"]," GMAIL "}]}"),
        ("{\"items\":[{\"x\":{\"user_id\":\"ada\"}," GMAIL "}]}"),
        "{\"items\":null}",
        ("{\"items\":[{\"user_id\":\"eve\",\"user_id\":\"ada\"," GMAIL "}]}"),
        ("{\"items\":[{\"user_id\":\"ada\",\"toolkit\":{\"slug\":\"slack\"}," GMAIL "}]}"),
        "{\"items\":[{\"user_id\":\"ada\",\"toolkit\":{\"slug\":\"slack\",\"slug\":\"gmail\"}}]}",
        "{\"data\":[]}",
        "[]",
        "",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) CHECK_NUMBER(owned(read, good[i]), 200);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) CHECK_NUMBER(owned(read, bad[i]), 502);
    const char *tool = "{\"kind\":\"tool\",\"id\":\"ZOHO_SEND\",\"toolkits\":[\"zoho\"]}";
    CHECK_NUMBER(owned(tool, "{\"slug\":\"ZOHO_SEND\",\"toolkit\":{\"slug\":\"zoho\"}}"), 200);
    CHECK_NUMBER(owned(tool, "{\"slug\":\"ZOHO_SEND\",\"toolkit\":{\"slug\":\"zoho_mail\"}}"), 403);
    CHECK_NUMBER(owned(tool, "{\"slug\":\"ZOHO_READ\",\"toolkit\":{\"slug\":\"zoho\"}}"), 403);
}

/* A service that knows a scope itself narrows with the same function. */
static void service(void) {
    const char *line = "{\"method\":\"GET\",\"target\":\"/api/v3/connected_accounts\",\"scope\":" ADA "}";
    CHECK_RAW(dc_route(give(line, NULL))->part[0], "filters", "[[\"user_id\",[\"ada\"]]]");
    const char *link = "{\"method\":\"POST\",\"target\":\"/api/v3/connected_accounts/link\",\"scope\":" ADA "}";
    CHECK_STATUS(dc_route(give(link, "{\"auth_config_id\":\"ac_1\",\"user_id\":\"eve\"}")), 403);
    const char *get = "{\"method\":\"GET\",\"target\":\"/api/v3/connected_accounts/ca_1\",\"scope\":" ADA "}";
    CHECK_RAW(dc_route(give(get, NULL))->part[0], "counts", "[]");
    CHECK(reply_holds(dc_route(give(get, NULL)), "\"reads\":[{\"kind\":\"account\""));
}

typedef struct upstream {
    uint32_t http, status, code;
    const char *body;
    bool failed; /* the API itself, and not what was asked of it */
} upstream;

static const upstream errors[] = {
    {400, 400, 600, "{\"error\":{\"code\":600,\"message\":\"m\"}}", false},
    {404, 404, 606, "{\"error\":{\"code\":606}}", false},
    {404, 404, 10404, "<html>", false},
    {429, 429, 10429, "", false},
    {418, 418, 10400, "{\"error\":{\"code\":-1}}", false},
    {418, 418, 10400, "{\"error\":{\"code\":1e9}}", false},
    {401, 502, 10502, "{\"error\":{\"message\":\"ak_12345\",\"code\":10401}}", true},
    {407, 502, 10502, "", true},
    {403, 403, 10403, "{\"error\":{\"message\":\"ak_12345\"}}", false},
    {408, 504, 10504, "", true},
    {500, 502, 10502, "{\"error\":{\"message\":\"ak_12345\",\"code\":600}}", true},
    {502, 502, 1830, "{\"error\":{\"message\":\"ak_12345\",\"code\":1830}}", false},
    {504, 504, 1831, "{\"error\":{\"code\":1831}}", false},
    {502, 502, 10502, "{\"error\":{\"code\":1831}}", true},
    {504, 504, 10504, "", true},
    {503, 503, 10503, "ak_12345", true},
    {501, 501, 10501, "", false},
    {200, 502, 10502, "", true},
    {302, 502, 10502, "", true},
};

static void failures(void) {
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        char code[16];
        snprintf(code, sizeof code, "%u", errors[i].code);
        const dc_reply *reply = dc_upstream(errors[i].http, give("{}", errors[i].body));
        CHECK_STATUS(reply, errors[i].status);
        CHECK_RAW(reply->part[0], "code", code);
        CHECK(!reply_holds(reply, "ak_12345"));
        CHECK((reply->part[1].size > 0) == errors[i].failed);
    }
    uint32_t before = 0;
    for (uint32_t count = 0; count < 100; count++) {
        const uint32_t rest = dc_rest(count);
        CHECK(rest >= before && rest <= 30000 && (rest == 0) == (count < 5));
        before = rest;
    }
}

int main(void) {
    for (size_t i = 0; i < sizeof passed / sizeof passed[0]; i++) check_passed(&passed[i]);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) check_refused(&refused[i]);
    outside();
    reads();
    ownership();
    lists();
    service();
    failures();
    return check_report();
}
