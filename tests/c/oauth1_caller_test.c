/* OAuth 1.0a: what a caller may not have signed with the account's credential, and what a provider's answer may not say. */
#include "arena.h"
#include "call.h"

#include "catalog.h"

#define DESK \
    "\"request_token_url\":\"https://P.example:443/O1//request\",\"token_url\":\"https://p.example/o1/access/\"," \
    "\"authorization_url\":\"https://{site}.p.example/o1/authorize?a=b\""
#define KIT \
    "\"toolkit\":{\"slug\":\"t\",\"api_base_url\":\"https://p.example\",\"hosts\":[\"https://acme.p.example\"," \
    "\"https://p.example:8443\"],\"auth_schemes\":[{\"scheme\":\"OAUTH1\"," DESK \
    ",\"fields\":[{\"name\":\"place\"},{\"name\":\"oauth_token\"}],\"api_auth\":{\"in\":\"oauth1_signature\"}}]}," \
    "\"config\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH1\"},\"credentials\":{\"consumer_key\":" \
    "\"k\",\"consumer_secret\":\"s\"}"
#define JANE ",\"val\":{\"oauth_token\":\"t\",\"oauth_token_secret\":\"s\",\"site\":\"acme\",\"place\":\"here\"}"
#define HEAD "{" KIT JANE ",\"timestamp\":1,\"nonce\":\"n\",\"signature\":\"x\""

static const dc_reply *proxy(const char *body) {
    return dc_tool(DC_TOOL_proxy, 1, give(HEAD "}", body));
}

#define QUERY(name) "{\"name\":\"" name "\",\"value\":\"v\",\"type\":\"query\"}"
#define FORM        "{\"name\":\"content-type\",\"value\":\"application/x-www-form-urlencoded\",\"type\":\"header\"}"

/* Signed would be: a callback, a verifier, a version that the client has not chosen. */
static void protocol(void) {
    static const char *const names[][2] = {
        {"oauth_callback", "oauth_callback"},
        {"oauth_verifier", "oauth_verifier"},
        {"oauth_version", "oauth_version"},
        {"oauth_token", "oauth_token"},
        {"oauth_signature", "oauth_signature"},
        {"OAuth_Callback", "OAuth_Callback"},
        {"%6fauth%5fx", "oauth_x"},
        {"oauth_", "oauth_"},
    };
    char body[512], named[64];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(named, sizeof named, "\"%s: ", names[i][1]);
        for (int way = 0; way < 3; way++) {
            const bool parameter = way == 1;
            if (parameter && names[i][0][0] == '%') continue; /* written as it is, and encoded */
            snprintf(body, sizeof body,
                     parameter ? "{\"endpoint\":\"/me\",\"method\":\"GET\",\"parameters\":[" QUERY("%s") "]}"
                     : way ? "{\"endpoint\":\"/me\",\"method\":\"PUT\",\"body\":\"a=b&%s=v\",\"parameters\":[" FORM "]}"
                           : "{\"endpoint\":\"/me?a=b&%s=v\",\"method\":\"GET\"}",
                     names[i][0]);
            const dc_reply *reply = proxy(body);
            if (!CHECK_STATUS(reply, 400) || !CHECK(span_holds(raw_at(reply->part[0], "errors"), named)))
                fprintf(stderr, "  %s\n", body);
        }
        snprintf(body, sizeof body, "a=b&%s=v", names[i][0]);
        const dc_reply *form =
            dc_grant(DC_GRANT_oauth1_sign, 1,
                     give(HEAD ",\"method\":\"POST\",\"url\":\"https://p.example/me\",\"content_type\":"
                               "\"application/x-www-form-urlencoded\"}",
                          body));
        if (!CHECK_STATUS(form, 400) || !CHECK(span_holds(raw_at(form->part[0], "errors"), named)))
            fprintf(stderr, "  %s\n", body);
    }
    const dc_reply *built = dc_tool(
        DC_TOOL_build, 1,
        give(HEAD ",\"tool\":{\"slug\":\"X\",\"method\":\"POST\",\"base_url\":\"https://p.example\",\"path\":\"/"
                  "me\",\"request_format\":\"form\",\"parameters\":[{\"name\":\"oauth_verifier\",\"in\":\"body\"}]}}",
             "{\"arguments\":{\"oauth_verifier\":\"v\"}}"));
    if (CHECK_STATUS(built, 400)) CHECK(reply_holds(built, "oauth_verifier: "));
    CHECK_STATUS(proxy("{\"endpoint\":\"/me?oauth=1&xoauth_x=1&a=oauth_x\",\"method\":\"GET\"}"), 0);
    CHECK_STATUS(proxy("{\"endpoint\":\"/me\",\"method\":\"POST\",\"body\":{\"oauth_x\":1}}"), 0); /* no parameter */
    static char name[3000];
    memset(name, 'x', sizeof name - 1);
    static char long_body[4000];
    snprintf(long_body, sizeof long_body, "{\"endpoint\":\"/me?oauth_%s=v\",\"method\":\"GET\"}", name);
    const dc_reply *reply = proxy(long_body);
    if (CHECK_STATUS(reply, 400)) CHECK(reply_holds(reply, "oauth_...: ") && !reply_holds(reply, "xxxx"));
}

/* Only a connection goes where credentials are given. */
static void desk(void) {
    static const char *const refused[] = {
        "/o1/request",
        "/o1/access",
        "/o1/access/",
        "/o1/request?a=b",
        "/O1/Request",
        "//o1/request",
        "/o1//request",
        "/o1/%72equest",
        "/o1/%2572equest",
        "/o1%2Frequest",
        "/o1/request;x=y",
        "/o1/request%00",
        "/o1/request%3fx",
        "/o1/%252e/request",
        "https://p.example/o1/request",
        "https://p.example:8443/o1/request",
        "https://acme.p.example/o1/authorize",
    };
    static const char *const taken[] = {"/o1/requests",
                                        "/o1",
                                        "/",
                                        "/o1/request/x",
                                        "/x/o1/request",
                                        "/o1/authorize",
                                        "https://acme.p.example/o1/request"};
    char body[512];
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        snprintf(body, sizeof body, "{\"endpoint\":\"%s\",\"method\":\"POST\"}", refused[i]);
        const dc_reply *reply = proxy(body);
        if (!CHECK_STATUS(reply, 400) || !CHECK(reply_holds(reply, "endpoint: "))) fprintf(stderr, "  %s\n", body);
    }
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        snprintf(body, sizeof body, "{\"endpoint\":\"%s\",\"method\":\"POST\"}", taken[i]);
        if (!CHECK_STATUS(proxy(body), 0)) fprintf(stderr, "  %s\n", body);
    }
    static const char *const urls[] = {"HTTPS://P.EXAMPLE:443/o1/request", "http://p.example./o1/access"};
    for (size_t i = 0; i < 2; i++) {
        char head[2048];
        snprintf(head, sizeof head, HEAD ",\"method\":\"POST\",\"url\":\"%s\"}", urls[i]);
        const dc_reply *reply = dc_grant(DC_GRANT_oauth1_sign, 1, give(head, ""));
        if (CHECK_STATUS(reply, 400)) CHECK(reply_holds(reply, "endpoint: "));
    }
    const dc_reply *built = dc_tool(
        DC_TOOL_build, 1,
        give(HEAD ",\"tool\":{\"slug\":\"X\",\"method\":\"POST\",\"base_url\":\"https://p.example\",\"path\":\"/o1/"
                  "{id}\",\"parameters\":[{\"name\":\"id\",\"in\":\"path\"}]}}",
             "{\"arguments\":{\"id\":\"request\"}}"));
    if (CHECK_STATUS(built, 400)) CHECK(reply_holds(built, "endpoint: "));
    CHECK_STATUS(dc_grant(DC_GRANT_oauth1_temporary, 1, give(HEAD ",\"callback\":\"https://me/c\"}", NULL)), 0);
}

/* One call may not take the memory and the time of all others. */
static void much(void) {
    static char body[1100000], head[60000];
    static const int counts[] = {1000, 1001, 300000};
    for (int i = 0; i < 3; i++) {
        char *at = body;
        for (int n = 0; n < counts[i]; n++) at += snprintf(at, 4, "a&&");
        const uint32_t size = give(HEAD ",\"method\":\"POST\",\"url\":\"https://p.example/me\",\"content_type\":"
                                        "\"application/x-www-form-urlencoded\"}",
                                   body);
        if (i) dc_arena_allowance = 500; /* refused before a piece is taken for any of them */
        const dc_reply *reply = dc_grant(DC_GRANT_oauth1_sign, 1, size);
        dc_arena_allowance = SIZE_MAX;
        if (CHECK_STATUS(reply, i ? 400 : 0) && i) CHECK(reply_holds(reply, "more than 1,000 parameters"));
    }
    for (int more = 0; more < 2; more++) { /* query and form together */
        char *at =
            head + snprintf(head, sizeof head, "%s", HEAD ",\"method\":\"POST\",\"url\":\"https://p.example/me?");
        for (int n = 0; n < 600; n++) at += snprintf(at, 3, "a&");
        snprintf(at, 128, "\",\"content_type\":\"application/x-www-form-urlencoded\"}");
        at = body;
        for (int n = 0; n < 400 + more; n++) at += snprintf(at, 3, "b&");
        CHECK_STATUS(dc_grant(DC_GRANT_oauth1_sign, 1, give(head, body)), more ? 400 : 0);
    }
    for (int count = 1000; count < 1002; count++) {
        char *at = body + sprintf(body, "{\"endpoint\":\"/\",\"method\":\"GET\",\"parameters\":[");
        for (int n = 0; n < count; n++) at += sprintf(at, "{\"type\":\"query\",\"name\":\"a\",\"value\":\"\"},");
        sprintf(at - 1, "]}");
        const dc_reply *reply = proxy(body);
        if (CHECK_STATUS(reply, count > 1000 ? 400 : 0) && reply->status)
            CHECK(reply_holds(reply, "parameters: are more than 1,000"));
    }
}

/* What whoever connects is asked for (`fields`), no answer changes; what belongs to a connection under way, none has. */
static void facts(void) {
#define OTHERS \
    "site=evil&place=there&user_no=7&redirectUrl=u&authUri=u&callback_url=u&callbackUrl=u&code_verifier=v&" \
    "finalRedirectUri=u&"
    const dc_reply *reply = dc_grant(DC_GRANT_oauth1_answer, 1,
                                     give("{" KIT JANE ",\"http\":200}", OTHERS "oauth_token=n&oauth_token_secret=p"));
    if (CHECK_STATUS(reply, 200))
        CHECK_SPAN(reply->part[1], "{\"oauth_token\":\"n\",\"oauth_token_secret\":\"p\",\"consumer_key\":\"k\","
                                   "\"user_no\":\"7\",\"site\":\"acme\",\"place\":\"here\"}");
    reply =
        dc_grant(DC_GRANT_oauth1_answer, 1,
                 give("{" KIT ",\"val\":{\"site\":\"\"},\"http\":200}", "site=new&oauth_token=n&oauth_token_secret=p"));
    if (CHECK_STATUS(reply, 200)) CHECK_RAW(reply->part[1], "site", "\"new\""); /* nobody has said it yet */
    static const char *const anew[] = {"true", "false"};
    for (int i = 0; i < 2; i++) {
        char head[1024];
        snprintf(
            head, sizeof head,
            "{\"toolkit\":{\"slug\":\"t\",\"api_base_url\":\"{instance_url}\",\"auth_schemes\":[{\"scheme\":"
            "\"OAUTH2\",\"fields\":[{\"name\":\"host\"},{\"name\":\"access_token\"}]}]},\"config\":{\"id\":\"ac_1\","
            "\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\"},\"val\":{\"access_token\":\"old\",\"host\":\"acme\","
            "\"instance_url\":\"https://old\"},\"http\":200,\"anew\":%s}",
            anew[i]);
        reply = dc_grant(DC_GRANT_token, 1,
                         give(head, "{\"access_token\":\"new\",\"host\":\"evil\",\"authUri\":\"u\","
                                    "\"instance_url\":\"https://new\"}"));
        if (CHECK_STATUS(reply, 200))
            CHECK_SPAN(reply->part[1], "{\"access_token\":\"new\",\"instance_url\":\"https://new\",\"host\":\"acme\"}");
    }
}

int main(void) {
    protocol();
    desk();
    much();
    facts();
    return check_report();
}
