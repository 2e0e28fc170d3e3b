/* OAuth 2 as the RFCs and the providers have it: requests, token answers, revocation, callbacks, and values that try to
 * break out of the templates of a definition. */
#include "call.h"

#include "catalog.h"

#define TOOLKIT(more) \
    "\"toolkit\":{\"slug\":\"t\",\"auth_schemes\":[{\"scheme\":\"OAUTH2\",\"authorization_url\":\"https://" \
    "{sub}.p.example/auth?x=1\"," \
    "\"token_url\":\"https://p.example/token\"" more \
    "}]},\"config\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\"}"
#define CLIENT ",\"credentials\":{\"client_id\":\"my id\",\"client_secret\":\"s3:cr/t\",\"scopes\":\"a b\"}"
#define GO \
    ",\"redirect_uri\":\"https://me/cb\",\"state\":\"s t\",\"challenge\":\"ch\",\"code\":\"c&d\",\"verifier\":\"ver\""
#define VAL(more) ",\"val\":{\"access_token\":\"at\",\"refresh_token\":\"rt+\",\"sub\":\"acme\"" more "}"

static const dc_reply *grant(dc_grant_step step, const char *head, const char *rest) {
    return dc_grant(step, 1000000, give(head, rest));
}

typedef struct row {
    dc_grant_step step;
    const char *head;
    const char *target, *headers, *body; /* headers: what they hold; NULL: not looked at */
} row;

#define FORM  "content-type: application/x-www-form-urlencoded\n"
#define JSON  "content-type: application/json\n"
#define BASIC "authorization: Basic bXklMjBpZDpzMyUzQWNyJTJGdA==\n" /* my%20id:s3%3Acr%2Ft (RFC 6749 section 2.3.1) */

static const row requests[] = {
    {DC_GRANT_authorize, "{" TOOLKIT("") CLIENT GO VAL("") "}",
     "https://acme.p.example/"
     "auth?x=1&response_type=code&client_id=my%20id&redirect_uri=https%3A%2F%2Fme%2Fcb&scope=a%20b&state=s%20t"
     "&code_challenge=ch&code_challenge_method=S256",
     NULL, NULL},
    {DC_GRANT_authorize,
     "{" TOOLKIT(",\"pkce\":\"unsupported\",\"scope_separator\":\",\",\"extra_authorization_params\":{\"access_type\":"
                 "\"offline\",\"p\":\"a b\"}") ",\"credentials\":{\"client_id\":\"i\",\"scopes\":[\"https:\\/\\/h\\/"
                                               "a.b\",\"c\"],\"sub\":\"x\"}" GO "}",
     "https://x.p.example/"
     "auth?x=1&response_type=code&client_id=i&redirect_uri=https%3A%2F%2Fme%2Fcb&scope=https%3A%2F%2Fh%2Fa.b%2Cc&state="
     "s%20t"
     "&access_type=offline&p=a%20b",
     NULL, NULL},
    {DC_GRANT_exchange, "{" TOOLKIT("") CLIENT GO "}", "https://p.example/token", BASIC FORM,
     "grant_type=authorization_code&code=c%26d&redirect_uri=https%3A%2F%2Fme%2Fcb&code_verifier=ver"},
    {DC_GRANT_exchange, "{" TOOLKIT(",\"client_auth\":\"client_secret_post\"") CLIENT GO "}", "https://p.example/token",
     FORM,
     "client_id=my%20id&client_secret=s3%3Acr%2Ft&grant_type=authorization_code&code=c%26d&redirect_uri=https%3A%2F%"
     "2Fme%2Fcb&code_verifier=ver"},
    {DC_GRANT_exchange, "{" TOOLKIT(",\"client_auth\":\"none\"") CLIENT GO "}", "https://p.example/token", FORM,
     "client_id=my%20id&grant_type=authorization_code&code=c%26d&redirect_uri=https%3A%2F%2Fme%2Fcb&code_verifier=ver"},
    {DC_GRANT_exchange,
     "{" TOOLKIT(",\"token_request_format\":\"json\",\"extra_token_params\":{\"z\":\"1\"},\"pkce\":\"unsupported\"")
         CLIENT GO "}",
     "https://p.example/token", BASIC JSON,
     "{\"grant_type\":\"authorization_code\",\"code\":\"c&d\",\"redirect_uri\":\"https://me/cb\",\"z\":\"1\"}"},
    {DC_GRANT_refresh, "{" TOOLKIT(",\"extra_token_headers\":{\"Accept\":\"application/vnd.x\"}") CLIENT VAL("") "}",
     "https://p.example/token", "Accept: application/vnd.x\n" BASIC FORM,
     "grant_type=refresh_token&refresh_token=rt%2B"},
    {DC_GRANT_refresh,
     "{" TOOLKIT(",\"refresh_url\":\"https://{sub}.r.example/\"") ",\"credentials\":{\"client_id\":\"i\",\"sub\":"
                                                                  "\"ours\"}" VAL("") "}",
     "https://ours.r.example/", FORM,
     "client_id=i&grant_type=refresh_token&refresh_token=rt%2B"}, /* the account does not say where the secret goes */
    {DC_GRANT_revoke,
     "{" TOOLKIT(",\"revocation\":{\"url\":\"https://p/"
                 "r\",\"token_to_send\":\"refresh_token\",\"body\":{\"token\":\"{token}\"}}") CLIENT VAL("") "}",
     "https://p/r", FORM, "token=rt%2B"},
    {DC_GRANT_revoke,
     "{" TOOLKIT(",\"client_auth\":\"client_secret_post\",\"revocation\":{\"url\":\"https://p/"
                 "{client_id}\",\"method\":\"DELETE\",\"auth\":\"Basic client\","
                 "\"content_type\":\"application/json\",\"body\":{\"access_token\":\"{access_token}\"}}")
         CLIENT VAL("") "}",
     "https://p/my%20id", BASIC JSON, "{\"access_token\":\"at\"}"},
    {DC_GRANT_revoke,
     "{" TOOLKIT(",\"revocation\":{\"url\":\"https://p/r\",\"auth\":\"Bearer {access_token}\"}") CLIENT VAL("") "}",
     "https://p/r", "authorization: Bearer at\n", ""},
    {DC_GRANT_revoke,
     "{" TOOLKIT(
         ",\"revocation\":{\"url\":\"https://p/r\",\"auth\":\"Basic\",\"query\":{\"token\":\"{access_token}\"}}")
         CLIENT VAL("") "}",
     "https://p/r?token=at", BASIC, ""},
};

static void building(void) {
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        const row *r = &requests[i];
        const dc_reply *reply = grant(r->step, r->head, NULL);
        bool good = CHECK_STATUS(reply, 0) && CHECK_SPAN(reply->part[1], r->target);
        good = good && (!r->headers || CHECK(span_holds(reply->part[2], r->headers)));
        good = good && (!r->body || CHECK_SPAN(reply->part[3].size ? reply->part[3] : ((dc_span){"", 0}), r->body));
        if (!good) fprintf(stderr, "  row %zu: %.*s\n", i, (int)reply->part[2].size, reply->part[2].at);
    }
    const dc_reply *once = grant(DC_GRANT_refresh, requests[6].head, NULL);
    CHECK(!span_holds(once->part[2], "accept: application/json")); /* the definition's own replaces ours */
}

/* Token answers as they come. `status` is the provider's. */
typedef struct answer {
    const char *rule, *val, *body;
    double http;
    const char *outcome, *expires, *credential; /* NULL: not granted */
} answer;

#define OLD ",\"val\":{\"access_token\":\"old\",\"refresh_token\":\"keep\",\"redirectUrl\":\"x\",\"expires_in\":60}"

static const answer answers[] = {
    {"plain", "", "{\"access_token\":\"n\",\"expires_in\":3600}", 200, "granted", "4600000",
     "{\"access_token\":\"n\",\"expires_in\":3600}"},
    {"bytes survive", "", " {\"access_token\":\"\\u0061\\/\",\"id\":9007199254740993, \"x\":1e999}", 200, "granted",
     "0", "{\"access_token\":\"\\u0061\\/\",\"id\":9007199254740993,\"x\":1e999}"},
    {"a string of seconds", "", "{\"access_token\":\"n\",\"expires_in\":\"3600\"}", 200, "granted", "4600000",
     "{\"access_token\":\"n\",\"expires_in\":\"3600\"}"},
    {"negative", "", "{\"access_token\":\"n\",\"expires_in\":-5}", 200, "granted", "0",
     "{\"access_token\":\"n\",\"expires_in\":-5}"},
    {"absurd", "", "{\"access_token\":\"n\",\"expires_in\":99999999999999999999999999}", 200, "granted", "315361000000",
     "{\"access_token\":\"n\",\"expires_in\":99999999999999999999999999}"},
    {"words", "", "{\"access_token\":\"n\",\"expires_in\":\"soon\"}", 200, "granted", "0",
     "{\"access_token\":\"n\",\"expires_in\":\"soon\"}"},
    {"nothing of a lifetime keeps the known one", OLD, "{\"access_token\":\"n\"}", 200, "granted", "1060000",
     "{\"access_token\":\"n\",\"refresh_token\":\"keep\",\"expires_in\":60}"},
    {"a new refresh token", OLD, "{\"access_token\":\"n\",\"refresh_token\":\"r2\",\"expires_in\":1}", 200, "granted",
     "1001000", "{\"access_token\":\"n\",\"refresh_token\":\"r2\",\"expires_in\":1}"},
    {"null and empty keep the old one", OLD, "{\"access_token\":\"n\",\"refresh_token\":null,\"expires_in\":\"\"}", 200,
     "granted", "1060000", "{\"access_token\":\"n\",\"refresh_token\":\"keep\",\"expires_in\":60}"},
    {"an empty refresh token is none", OLD, "{\"access_token\":\"n\",\"refresh_token\":\"\"}", 200, "granted",
     "1060000", "{\"access_token\":\"n\",\"refresh_token\":\"keep\",\"expires_in\":60}"},
    {"a name with three dots is no mask", OLD, "{\"access_token\":\"n\",\"workspace\":\"Home...\",\"bad\":\"\\ud800\"}",
     200, "granted", "1060000",
     "{\"access_token\":\"n\",\"workspace\":\"Home...\",\"bad\":\"\\ud800\",\"refresh_token\":\"keep\",\"expires_in\":"
     "60}"},
    {"form-encoded", "", "access_token=n%2B1&scope=a%2Cb&token_type=bearer", 200, "granted", "0",
     "{\"access_token\":\"n+1\",\"scope\":\"a,b\",\"token_type\":\"bearer\"}"},
    {"below authed_user", "", "{\"ok\":true,\"authed_user\":{\"access_token\":\"x\"}}", 200, "granted", "0",
     "{\"access_token\":\"x\",\"ok\":true,\"authed_user\":{\"access_token\":\"x\"}}"},
    {"an error in HTTP 200", OLD, "{\"ok\":false,\"error\":\"invalid_refresh_token\"}", 200, "lost", NULL, NULL},
    {"invalid_grant", OLD, "{\"error\":\"invalid_grant\",\"error_description\":\"x\"}", 400, "lost", NULL, NULL},
    {"invalid_client", OLD, "{\"error\":\"invalid_client\"}", 401, "broken", NULL, NULL},
    {"401 without words", OLD, "", 401, "later", NULL, NULL},
    {"overloaded", OLD, "{\"error\":\"server_error\"}", 503, "later", NULL, NULL},
    {"overloaded, in HTML", OLD, "<html a=b>", 502, "later", NULL, NULL},
    {"429", OLD, "", 429, "later", NULL, NULL},
    {"empty", OLD, "", 200, "later", NULL, NULL},
    {"HTML", OLD, "<!doctype html><a href=\"x?access_token\">", 200, "later", NULL, NULL},
    {"a list", OLD, "[{\"access_token\":\"n\"}]", 200, "later", NULL, NULL},
    {"cut short", OLD, "{\"access_token\":\"n\"", 200, "later", NULL, NULL},
    {"a number is no token", OLD, "{\"access_token\":5}", 200, "later", NULL, NULL},
    {"an empty token", OLD, "{\"access_token\":\"\"}", 200, "later", NULL, NULL},
    {"half a character is no token", OLD, "{\"access_token\":\"\\ud83d\"}", 200, "later", NULL, NULL},
    {"no answer", OLD, "", 0, "later", NULL, NULL},
    {"a granted token under an error", OLD, "{\"access_token\":\"n\"}", 500, "later", NULL, NULL},
};

static void reading(void) {
    char head[2048], word[40];
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        const answer *a = &answers[i];
        snprintf(head, sizeof head, "{%s%s,\"http\":%g}", TOOLKIT(""), a->val, a->http);
        const dc_reply *reply = grant(DC_GRANT_token, head, a->body);
        snprintf(word, sizeof word, "\"%s\"", a->outcome);
        bool good = CHECK_STATUS(reply, 200) && CHECK_RAW(reply->part[0], "outcome", word);
        good = good && CHECK_SPAN(reply->part[1].size ? reply->part[1] : ((dc_span){"", 0}),
                                  a->credential ? a->credential : "");
        if (a->expires) good = good && CHECK_RAW(reply->part[0], "expires_at", a->expires);
        if (!good) fprintf(stderr, "  %s\n", a->rule);
    }
    static char huge[3 << 20];
    memset(huge, 'x', sizeof huge - 1);
    memcpy(huge, "{\"access_token\":\"n\",\"x\":\"", 25);
    memcpy(huge + sizeof huge - 3, "\"}", 3);
    CHECK_RAW(grant(DC_GRANT_token, "{" TOOLKIT("") ",\"http\":200}", huge)->part[0], "outcome", "\"granted\"");
    CHECK_RAW(grant(DC_GRANT_token, "{" TOOLKIT("") ",\"http\":0}", "")->part[0], "unanswered", "true");
    /* Was the refresh token used up? A gateway does not know; who says `later` has not looked at it. */
    static const char *const said[][3] = {
        {"500", "", "true"},
        {"502", "<html>", "true"},
        {"504", "", "true"},
        {"408", "", "true"},
        {"200", "{}", "true"},
        {"503", "", ""},
        {"429", "", ""},
        {"400", "{\"error\":\"slow_down\"}", ""},
        {"500", "{\"error\":\"server_error\"}", ""},
    };
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        char told[1024];
        snprintf(told, sizeof told, "{" TOOLKIT("") ",\"http\":%s,\"retry_after\":\"120\"}", said[i][0]);
        const dc_reply *reply = grant(DC_GRANT_token, told, said[i][1]);
        CHECK_RAW(reply->part[0], "unanswered", said[i][2]);
        CHECK_RAW(reply->part[0], "outcome", "\"later\"");
        CHECK_RAW(reply->part[0], "retry_after", "120");
    }
}

static void scopes(void) {
    static const char *const rows[][3] = {
        /* asked for, answered, {granted, missing} */
        {"\"a b\"", ",\"scope\":\"a\"", "{\"granted\":[\"a\"],\"missing\":[\"b\"]}"},
        {"[\"a\",\"b\"]", ",\"scope\":[\"b\",\"a\",\"c\"]", "{\"granted\":[\"b\",\"a\",\"c\"],\"missing\":[]}"},
        {"\"a,b\"", ",\"scope\":\"b,a\"", "{\"granted\":[\"b\",\"a\"],\"missing\":[]}"},
        {"\"a\"", "", "{\"granted\":[\"a\"],\"missing\":[]}"}, /* RFC 6749 section 5.1: as asked for */
        {"\"a\"", ",\"scope\":\"\"", "{\"granted\":[\"a\"],\"missing\":[]}"},
        {"\"https://h/x\"", ",\"scope\":\"https:\\/\\/h\\/x\"", "{\"granted\":[\"https://h/x\"],\"missing\":[]}"},
    };
    char head[2048], body[256];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(head, sizeof head, "{%s,\"http\":200,\"credentials\":{\"client_id\":\"i\",\"scopes\":%s}}",
                 TOOLKIT(""), rows[i][0]);
        snprintf(body, sizeof body, "{\"access_token\":\"n\"%s}", rows[i][1]);
        CHECK_RAW(grant(DC_GRANT_token, head, body)->part[0], "scopes", rows[i][2]);
    }
}

/* Values of a credential never choose a host, end a header line, or leave their place. */
static void breaking_out(void) {
    static const char *const hosts[] = {"evil.com/",    "evil.com#", "evil.com?", "a@evil.com",
                                        "evil.com\\\\", "a b",       "a%2fb",     "a:1",
                                        "\\u00e9",      "\\t",       ""};
    static const char *const bases[] = {
        "http://h/",    "https://u@h/", "https://h#/",  "https://h?/",  "https://h\\\\@g/", "//h/",        "https:///x",
        "javascript:x", "https://",     "https://h/x?", "https://h/x#", "https://h/\\n",    "https://h:1/"};
    static const char *const lines[] = {"a\\r\\nx: y", "a\\nb", "a\\u0000b", "a\\u007f", "\\u20ac"};
    char head[2048];
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        snprintf(head, sizeof head, "{%s,\"credentials\":{\"client_id\":\"i\",\"sub\":\"%s\"}%s}", TOOLKIT(""),
                 hosts[i], GO);
        if (!CHECK(grant(DC_GRANT_authorize, head, NULL)->status >= 400)) fprintf(stderr, "  %s\n", hosts[i]);
    }
#define WHO \
    TOOLKIT(",\"api_auth\":{\"in\":\"header\",\"name\":\"Authorization\",\"template\":\"Bearer " \
            "{access_token}\"},\"identity\":{\"url\":\"{base}/me\",\"id_path\":\"id\"}")
    for (size_t i = 0; i < sizeof bases / sizeof bases[0]; i++) {
        snprintf(head, sizeof head, "{%s,\"val\":{\"access_token\":\"t\",\"base\":\"%s\"}}", WHO, bases[i]);
        if (!CHECK(grant(DC_GRANT_identify, head, NULL)->status >= 400)) fprintf(stderr, "  %s\n", bases[i]);
    }
    CHECK_SPAN(
        grant(DC_GRANT_identify, "{" WHO ",\"val\":{\"access_token\":\"t\",\"base\":\"https://h.example/a/\"}}", NULL)
            ->part[1],
        "https://h.example/a/me");
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        snprintf(head, sizeof head, "{%s,\"val\":{\"access_token\":\"%s\",\"base\":\"https://h\"}}", WHO, lines[i]);
        CHECK_STATUS(grant(DC_GRANT_identify, head, NULL), 400);
        snprintf(head, sizeof head, "{%s,\"val\":{\"access_token\":\"%s\"}}",
                 TOOLKIT(",\"revocation\":{\"url\":\"https://p/r\",\"auth\":\"Bearer\"}"), lines[i]);
        CHECK(grant(DC_GRANT_revoke, head, NULL)->status >= 204);
    }
    const dc_reply *half = grant(
        DC_GRANT_revoke,
        "{" TOOLKIT(
            ",\"revocation\":{\"url\":\"https://p/r\",\"body\":{\"token\":\"{refresh_token}\"}}") ",\"val\":{\"access_"
                                                                                                  "token\":\"t\"}}",
        NULL);
    CHECK_RAW(half->part[0], "outcome", "\"unsupported\""); /* not a request without its token */
    CHECK_RAW(grant(DC_GRANT_revoke, "{" TOOLKIT("") VAL("") "}", NULL)->part[0], "outcome", "\"unsupported\"");
    CHECK_RAW(grant(DC_GRANT_revoke, "{" TOOLKIT("") ",\"val\":{}}", NULL)->part[0], "outcome", "\"none\"");
}

static void callback(void) {
    static const char *const rows[][2] = {
        {"code=a%2Bb&state=s+t", "{\"code\":\"a+b\",\"state\":\"s t\"}"},
        {"", "{}"},
        {"code=&state=s", "{\"state\":\"s\"}"},
        {"error=access_denied&error_description=No%21&x=y&x=z",
         "{\"error\":\"access_denied\",\"error_description\":\"No!\"}"},
        {"iss=https%3A%2F%2Fp", "{\"iss\":\"https://p\"}"},
        {"code=a&code=b", NULL},
        {"state=a&code=c&state=a", NULL},
        {"code=a&%63ode=b", NULL},
        {"code=%zz", NULL},
        {"code=%ff", NULL},
        {"code=a%00", NULL},
    };
    char head[512];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(head, sizeof head, "{\"query\":\"%s\"}", rows[i][0]);
        const dc_reply *reply = grant(DC_GRANT_callback, head, NULL);
        if (rows[i][1] && CHECK_STATUS(reply, 200)) CHECK_SPAN(reply->part[0], rows[i][1]);
        if (!rows[i][1] && !CHECK_STATUS(reply, 400)) fprintf(stderr, "  %s\n", rows[i][0]);
    }
#define ISS TOOLKIT(",\"issuer\":\"https://p\"")
    CHECK_STATUS(grant(DC_GRANT_callback_check, "{" ISS ",\"iss\":\"https://p\"}", NULL), 204);
    CHECK_STATUS(grant(DC_GRANT_callback_check, "{" ISS ",\"iss\":\"https://evil\"}", NULL), 400);
    CHECK_STATUS(grant(DC_GRANT_callback_check, "{" ISS "}", NULL), 400);
}

static void identity(void) {
#define ID(path) \
    "{" TOOLKIT(",\"identity\":{\"url\":\"https://p/me\",\"id_path\":\"" path \
                "\",\"label_paths\":[\"no\",\"user.mail\"]}") ",\"http\":200}"
    static const char body[] =
        "{\"sub\":\"s1\",\"n\":9007199254740993,\"user\":{\"mail\":\"m@x\",\"id\":\"\"},\"l\":[{\"t\":\"u\"}]}";
    CHECK_RAW(grant(DC_GRANT_identity, ID("sub"), body)->part[0], "identity", "{\"id\":\"s1\",\"label\":\"m@x\"}");
    CHECK_RAW(grant(DC_GRANT_identity, ID("n"), body)->part[0], "identity.id", "\"9007199254740993\"");
    CHECK_RAW(grant(DC_GRANT_identity, ID("l[0].t"), body)->part[0], "identity.id", "\"u\"");
    CHECK_RAW(grant(DC_GRANT_identity, ID("l[1].t"), body)->part[0], "identity", "null");
    CHECK_RAW(grant(DC_GRANT_identity, ID("user.id"), body)->part[0], "identity", "null");
    CHECK_RAW(grant(DC_GRANT_identity, ID("user"), body)->part[0], "identity", "null");
    CHECK_RAW(grant(DC_GRANT_identity, ID("sub"), "<html>")->part[0], "identity", "null");
    CHECK_RAW(grant(DC_GRANT_identity, ID("sub.x[2]"), body)->part[0], "identity", "null");
}

int main(void) {
    building();
    reading();
    scopes();
    breaking_out();
    callback();
    identity();
    for (uint32_t step = 0; step <= DC_GRANT_COUNT; step++)
        CHECK(dc_grant(step, 1, give("{}", NULL))->status >= 200 && dc_grant(step, 1, give("", NULL))->status >= 400);
    return check_report();
}
