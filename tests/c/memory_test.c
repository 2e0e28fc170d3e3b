/* Memory that runs out: whichever allocation of a call is the first to fail, the answer is the static reply and never
 * one that lacks something, since what is lacking could be a restriction. */
#include "arena.h"
#include "call.h"
#include "catalog.h"

#define CONFIG "\"config\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\",\"tools\":[\"T_X\"]}"
#define TOOLKIT \
    "\"toolkit\":{\"slug\":\"t\",\"name\":\"T\",\"api_base_url\":\"https://" \
    "h\",\"auth_schemes\":[{\"scheme\":\"OAUTH2\"," \
    "\"authorization_url\":\"https://h/a\",\"token_url\":\"https://h/" \
    "t\",\"api_auth\":{\"in\":\"header\",\"name\":\"a\"," \
    "\"template\":\"Bearer {access_token}\"}}]}"
#define RECORD \
    "\"record\":{\"id\":\"ca_1\",\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_config_id\":\"ac_1\",\"auth_scheme\":" \
    "\"OAUTH2\",\"status\":\"ACTIVE\",\"refreshable\":true,\"credential\":true}"
#define SIGNING \
    "\"config\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH1\"},\"toolkit\":{\"slug\":\"t\",\"api_" \
    "base_url\":" \
    "\"https://h\",\"auth_schemes\":[{\"scheme\":\"OAUTH1\",\"request_token_url\":\"https://h/" \
    "r\",\"authorization_url\":" \
    "\"https://h/a\",\"token_url\":\"https://h/t\",\"extra_authorization_params\":{\"x\":\"y\"},\"api_auth\":{\"in\":" \
    "\"oauth1_signature\"}}]},\"credentials\":{\"consumer_key\":\"ck\",\"consumer_secret\":\"cs\"},\"val\":{\"oauth_" \
    "token\":" \
    "\"tok\",\"oauth_token_secret\":\"sec\",\"sub\":\"x\"},\"timestamp\":5,\"nonce\":\"n\""
#define ENDING \
    "\"toolkit\":{\"slug\":\"t\",\"auth_schemes\":[{\"scheme\":\"OAUTH2\",\"token_url\":\"https://h/" \
    "t\",\"revocation\":{\"url\":" \
    "\"https://h/" \
    "rv\",\"auth\":\"Basic\",\"query\":{\"a\":\"{token}\"},\"headers\":{\"x\":\"{token}\"},\"body\":{\"token\":" \
    "\"{token}\"}}}]},\"credentials\":{\"client_id\":\"i\",\"client_secret\":\"s\"},\"val\":{\"access_token\":\"at\"}" \
    "," CONFIG
#define MINE "\"scope\":{\"user_id\":\"u\",\"toolkits\":[\"t\"]}"
#define OURS "\"user_id\":\"u\",\"toolkits\":[\"t\"]"
#define HELD "\"user_id\":\"u\",\"toolkit\":{\"slug\":\"t\"}"
#define HOLDER \
    "{\"id\":\"ca_1\",\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_config_id\":\"ac_1\",\"auth_scheme\":\"OAUTH2\"," \
    "\"status\":" \
    "\"ACTIVE\",\"credential\":true,\"connected_at\":9}"
#define FORM "\"content_type\":\"application/x-www-form-urlencoded\""
#define VAL \
    "\"val\":{\"access_token\":\"secret-1\",\"refresh_token\":\"secret-2\"},\"credentials\":{\"client_id\":\"c\"}"

typedef const dc_reply *(*entry)(uint32_t number, uint32_t size);

static const dc_reply *route(uint32_t number, uint32_t size) {
    (void)number;
    return dc_route(size);
}

static const dc_reply *response(uint32_t number, uint32_t size) {
    return dc_response(number, 200, size);
}

static const dc_reply *change(uint32_t number, uint32_t size) {
    return dc_change(number, 1000, size);
}

static const dc_reply *grant(uint32_t number, uint32_t size) {
    return dc_grant(number, 1000, size);
}

static const dc_reply *tool(uint32_t number, uint32_t size) {
    return dc_tool(number, 1000, size);
}

static const dc_reply *webhook(uint32_t number, uint32_t size) {
    (void)number;
    return dc_webhook(1000, size);
}

static const dc_reply *token_make(uint32_t number, uint32_t size) {
    (void)number;
    return dc_user_token_make(1000, size);
}

static const dc_reply *token_read(uint32_t number, uint32_t size) {
    (void)number;
    return dc_user_token_read(1000, size);
}

static const dc_reply *forward(uint32_t number, uint32_t size) {
    (void)number;
    return dc_forward(size);
}

static const dc_reply *owned(uint32_t number, uint32_t size) {
    (void)number;
    return dc_owned(size);
}

static const dc_reply *answer(uint32_t number, uint32_t size) {
    return dc_answer(number, 1000, size);
}

static const dc_reply *tools(uint32_t number, uint32_t size) {
    while (strcmp(dc_operations[number].name, "tools.list") != 0) number++;
    return dc_answer(number, 1000, size);
}

typedef struct sample {
    entry call;
    uint32_t number;
    const char *head, *rest;
} sample;

enum { LIST = 0, CREATE = 1 };

static const sample samples[] = {
    {route, 0, "{\"method\":\"GET\",\"target\":\"/api/v3/connected_accounts?user_ids=a,b&limit=5&cursor=c\"}", NULL},
    {route, 0, "{\"method\":\"POST\",\"target\":\"/api/v3/connected_accounts\"}", "{\"auth_config\":{\"id\":5}}"},
    {route, 0,
     "{\"method\":\"GET\",\"target\":\"/api/v3/"
     "connected_accounts\",\"scope\":{\"user_id\":\"u\",\"toolkits\":[\"t\"]}}",
     NULL},
    {route, 0,
     "{\"method\":\"POST\",\"target\":\"/api/v3/tools/execute/T_A\",\"scope\":{\"user_id\":\"u\",\"toolkits\":[\"t\"],"
     "\"tools\":[{\"slug\":\"T_A\",\"count\":1}]}}",
     "{\"connected_account_id\":\"ca_1\"}"},
    {token_make, 0,
     "{\"key\":\"k\",\"id\":\"x\",\"counts\":true,\"caller\":{\"kind\":\"key\",\"id\":\"ak_1\",\"scopes\":[\"read\","
     "\"write\"]}}",
     "{\"user_id\":\"u\",\"toolkits\":[\"t\"],\"tools\":[\"T_A\"]}"},
    {token_read, 0, "{\"key\":\"k\"}",
     "{\"v\":1,\"key\":\"k\",\"id\":\"x\",\"user_id\":\"u\",\"issued\":900,\"expires\":2000,\"epoch\":0,\"toolkits\":["
     "\"t\"]}"},
    {dc_request, LIST, "{\"userIds\":[\"a,b\"],\"limit\":3}", NULL},
    {dc_request, CREATE, "{\"authConfigId\":\"ac_1\",\"userId\":\"u\",\"x\":1}", NULL},
    {response, LIST, "{}", "{\"items\":[{\"id\":\"ca_1\",\"status\":\"ACTIVE\",\"toolkit\":{\"slug\":\"t\"}}]}"},
    {change, DC_EVENT_create,
     "{\"id\":\"ca_1\",\"link\":{\"url\":\"https://h/l\"},\"project\":{\"callback_urls\":[\"https://a\"]}," CONFIG
     "," TOOLKIT "}",
     "{\"connection\":{\"callback_url\":\"https://evil.example/x\"}}"},
    {change, DC_EVENT_key_create, "{\"id\":\"ak_1\",\"caller\":{\"scopes\":[\"admin\"]}}",
     "{\"name\":\"n\",\"scopes\":[\"reveal\"]}"},
    {change, DC_EVENT_refresh_end,
     "{" RECORD ",\"grant\":{\"outcome\":\"granted\",\"expires_at\":5000,\"refreshable\":true}}", NULL},
    {change, DC_EVENT_config_update,
     "{\"record\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\"},\"credentials\":{\"client_secret\":"
     "\"s\"}}",
     "{\"credentials\":{\"client_id\":\"i\"},\"restrict_to_following_tools\":[\"A\"]}"},
    {grant, DC_GRANT_authorize,
     "{" TOOLKIT "," CONFIG "," VAL ",\"state\":\"s\",\"challenge\":\"c\",\"redirect_uri\":\"https://r\"}", NULL},
    {grant, DC_GRANT_token, "{" TOOLKIT "," CONFIG "," VAL ",\"http\":200}",
     "{\"access_token\":\"new\",\"expires_in\":\"60\"}"},
    {tool, DC_TOOL_build,
     "{" TOOLKIT "," CONFIG "," VAL
     ",\"tool\":{\"slug\":\"T_Y\",\"base_url\":\"https://h\",\"path\":\"/\",\"method\":\"GET\"}}",
     "{}"},
    {tool, DC_TOOL_proxy,
     "{" TOOLKIT "," VAL ",\"config\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\"}}",
     "{\"endpoint\":\"/x\",\"method\":\"GET\"}"},
    {webhook, 0,
     "{\"headers\":{\"webhook-id\":\"a\",\"webhook-timestamp\":\"1\",\"webhook-signature\":"
     "\"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=\"},"
     "\"secrets\":[\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"]}",
     NULL},
    {forward, 0, "{\"method\":\"GET\",\"target\":\"/api/v3/connected_accounts?user_ids=u&limit=5\"," MINE "}", NULL},
    {forward, 0, "{\"method\":\"GET\",\"target\":\"/api/v3/connected_accounts/ca_1\"," MINE "}", NULL},
    {forward, 0,
     "{\"method\":\"POST\",\"target\":\"/api/v3/connected_accounts/link\",\"scope\":{\"user_id\":\"u\",\"origins\":["
     "\"https://a\"]}}",
     "{\"auth_config_id\":\"ac_1\",\"user_id\":\"u\",\"callback_url\":\"https://a/x\"}"},
    {forward, 0,
     "{\"method\":\"POST\",\"target\":\"/api/v3/tools/execute/T_A\",\"scope\":{" OURS ",\"operations\":["
     "\"tools.execute\"],\"tools\":[{\"slug\":\"T_A\",\"count\":1}]}}",
     "{\"connected_account_id\":\"ca_1\",\"arguments\":{\"a\":1}}"},
    {owned, 0, "{\"read\":{\"kind\":\"account\",\"id\":\"ca_1\"," OURS "}}", "{\"id\":\"ca_1\"," HELD "}"},
    {owned, 0, "{\"read\":{\"kind\":\"account\",\"id\":\"ca_1\"," OURS "}}", "{\"id\":\"ca_1\",\"user_id\":\"v\"}"},
    {owned, 0, "{\"read\":{\"kind\":\"list\"," OURS "}}", "{\"items\":[{" HELD "}]}"},
    {owned, 0, "{\"read\":{\"kind\":\"list\",\"user_id\":\"u\"}}", "{\"items\":[{\"user_id\":\"v\"}]}"},
    {dc_upstream, 500, "{}", "{\"error\":{\"code\":5}}"},
    {dc_upstream, 400, "{}", "{\"error\":{\"code\":5,\"message\":\"x\",\"errors\":[\"a\",\"b\"]}}"},
    {dc_upstream, 401, "{}", "{}"},
    {grant, DC_GRANT_oauth1_temporary, "{" SIGNING ",\"callback\":\"https://c/x\",\"state\":\"s\"}", NULL},
    {grant, DC_GRANT_oauth1_temporary, "{" SIGNING ",\"callback\":\"https://c/x\",\"state\":\"s\",\"signature\":\"q\"}",
     NULL},
    {grant, DC_GRANT_oauth1_authorize, "{" SIGNING "}", NULL},
    {grant, DC_GRANT_oauth1_returned, "{" SIGNING ",\"oauth_token\":\"tok\",\"oauth_verifier\":\"v\"}", NULL},
    {grant, DC_GRANT_oauth1_returned, "{" SIGNING ",\"denied\":\"tok\",\"error_description\":\"e\"}", NULL},
    {grant, DC_GRANT_oauth1_returned,
     "{" SIGNING ",\"oauth_token\":\"tok\",\"oauth_verifier\":\"v\",\"oauth_problem\":\"user_refused\"}", NULL},
    {grant, DC_GRANT_oauth1_token, "{" SIGNING ",\"oauth_token\":\"tok\",\"oauth_verifier\":\"v\",\"signature\":\"q\"}",
     NULL},
    {grant, DC_GRANT_oauth1_answer, "{" SIGNING ",\"http\":200}", "oauth_token=a&oauth_token_secret=b&x=y"},
    {grant, DC_GRANT_oauth1_answer, "{" SIGNING ",\"http\":200,\"temporary\":true}",
     "oauth_token=a&oauth_token_secret=b&oauth_callback_confirmed=true"},
    {grant, DC_GRANT_oauth1_answer, "{" SIGNING ",\"http\":401,\"temporary\":true}",
     "oauth_problem=consumer_key_unknown"},
    {grant, DC_GRANT_oauth1_answer, "{" SIGNING ",\"http\":401}",
     "oauth_problem=token_rejected&oauth_problem_advice=x"},
    {grant, DC_GRANT_oauth1_sign,
     "{" SIGNING ",\"method\":\"POST\",\"url\":\"https://h/p?b=2&a=1\"," FORM ",\"signature\":\"s\"}", "c=3&d"},
    {grant, DC_GRANT_oauth1_sign, "{" SIGNING ",\"method\":\"POST\",\"url\":\"https://h/p?b=2&a=1\"," FORM "}",
     "c=3&d"},
    {grant, DC_GRANT_revoke, "{" ENDING "}", NULL},
    {grant, DC_GRANT_discard, "{" ENDING ",\"alone\":true}", NULL},
    {grant, DC_GRANT_discard, "{" ENDING "}", NULL},
    {grant, DC_GRANT_discard, "{" ENDING ",\"alone\":false}", NULL},
    {grant, DC_GRANT_revoked, "{\"http\":400}", "{\"error\":\"invalid_token\"}"},
    {grant, DC_GRANT_retry, "{\"user\":\"u\",\"toolkit\":\"t\",\"since\":5,\"accounts\":[" HOLDER "]}", NULL},
    {change, DC_EVENT_config_update,
     "{\"record\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH1\"},\"credentials\":{\"consumer_key\":"
     "\"a\","
     "\"client_secret\":\"s\"}}",
     "{\"credentials\":{\"client_id\":\"i\",\"consumer_secret\":\"z\"}}"},
    {change, DC_EVENT_create, "{\"id\":\"ca_1\",\"link\":{\"url\":\"https://h/l\"},\"project\":{}," SIGNING "}",
     "{\"connection\":{\"user_id\":\"u\",\"state\":{\"authScheme\":\"OAUTH1\",\"val\":{\"oauth_token\":\"a\","
     "\"oauth_token_secret\":\"b\"}}}}"},
    {tool, DC_TOOL_proxy, "{" SIGNING "}",
     "{\"endpoint\":\"/"
     "x\",\"method\":\"POST\",\"body\":\"a=1&b=2\",\"parameters\":[{\"name\":\"content-type\",\"value\":"
     "\"application/x-www-form-urlencoded\",\"type\":\"header\"}]}"},
    {tool, DC_TOOL_build,
     "{" SIGNING
     ",\"signature\":\"s\",\"tool\":{\"slug\":\"T_Y\",\"base_url\":\"https://h\",\"path\":\"/{p}\",\"method\":"
     "\"POST\",\"request_format\":\"form\",\"parameters\":[{\"name\":\"p\",\"in\":\"path\"},{\"name\":\"q\",\"in\":"
     "\"query\"},{\"name\":\"f\"}]}}",
     "{\"arguments\":{\"p\":\"x\",\"q\":[1,\"2\"],\"f\":\"g\"}}"},
    {tools, 0,
     "{\"tools\":[{\"slug\":\"T_A\",\"toolkit\":\"t\",\"parameters\":[{\"name\":\"p\",\"required\":true}]}],"
     "\"toolkits\":[{"
     "\"slug\":\"t\",\"name\":\"T\"}],\"total\":1}",
     NULL},
    {answer, LIST, "{\"accounts\":[{" RECORD "," VAL "}],\"total\":1}", NULL},
};

/* The same call, with its n-th allocation failing and all behind it succeeding or failing too. */
static bool holds(const sample *s, size_t n, bool *ended) {
    const uint32_t size = give(s->head, s->rest);
    dc_arena_allowance = n;
    const dc_reply *reply = s->call(s->number, size);
    *ended = !dc_arena_failed();
    dc_arena_allowance = SIZE_MAX;
    return *ended || (reply->status == 500 && reply_holds(reply, "Send less at once"));
}

int main(void) {
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        bool ended = false;
        size_t n = 0;
        for (; !ended && n < 5000; n++) {
            const bool good = CHECK(holds(&samples[i], n, &ended));
            if (!good) fprintf(stderr, "  sample %zu, allocation %zu\n", i, n);
        }
        CHECK(ended && n > 1);
    }
    return check_report();
}
