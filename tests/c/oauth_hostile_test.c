/* What a provider, a page before it, a browser or an account may say to make the core lose a grant, keep half of one, show
 * a secret, or send one elsewhere. */
#include "call.h"

#include "catalog.h"

#define SCHEME(more) \
    "\"toolkit\":{\"slug\":\"t\"" MARKERS ",\"auth_schemes\":[{\"scheme\":\"OAUTH2\"" more \
    "}]},\"config\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\"}"
#define MARKERS \
    ",\"revoked_markers\":[{\"where\":\"token endpoint\",\"match\":{\"error\":\"any\"}},{\"where\":\"token " \
    "endpoint\"," \
    "\"http_status\":[503],\"match\":{\"error\":\"gone\"}}]"
#define URL    ",\"token_url\":\"https://p.example/t\""
#define CLIENT ",\"credentials\":{\"client_id\":\"id\",\"client_secret\":\"S3cret/of+client\"}"
#define VAL    ",\"val\":{\"access_token\":\"A-0123456789abc\",\"refresh_token\":\"R0123456789SECRETxyz\",\"x\":\"ab\"}"
#define GO     ",\"redirect_uri\":\"https://me/cb\",\"state\":\"s\",\"challenge\":\"ch\",\"code\":\"c\",\"verifier\":\"v\""

static const dc_reply *grant(dc_grant_step step, const char *head, const char *rest) {
    return dc_grant(step, 1000000, give(head, rest));
}

static void check_outcome(dc_grant_step step, const char *body, double http, const char *outcome) {
    char head[1024], word[24];
    snprintf(head, sizeof head, "{%s,\"http\":%g}", SCHEME(URL) CLIENT VAL, http);
    snprintf(word, sizeof word, "\"%s\"", outcome);
    const dc_reply *reply = grant(step, head, body);
    if (!CHECK_STATUS(reply, 200) || !CHECK_RAW(reply->part[0], "outcome", word))
        fprintf(stderr, "  %g %s\n", http, body);
}

/* An account is EXPIRED, or an auth config broken, by what the provider decided, and not by what fell over on the way. */
static void losing(void) {
    static const struct {
        const char *body;
        double http;
        const char *outcome;
    } rows[] = {
        {"{\"error\":\"invalid_grant\"}", 500, "later"},
        {"{\"error\":\"access_denied\"}", 503, "later"},
        {"error=access_denied", 502, "later"},
        {"{\"error\":\"invalid_client\"}", 504, "later"},
        {"{\"error\":\"invalid_grant\"}", 429, "later"},
        {"{\"error\":\"token_expired\"}", 408, "later"},
        {"{\"error\":\"login_required\"}", 302, "later"},
        {"{\"error\":\"invalid_grant\"}", 0, "later"},
        {"{\"error\":\"invalid_grant\"}", 103, "later"},
        {"{\"error\":\"invalid_grant\"}", 599, "later"},
        {"{\"error\":\"invalid_grant\"}", 400, "lost"},
        {"{\"error\":\"invalid_grant\"}", 200, "lost"},
        /* only a marker that names the status knows better */
        {"{\"error\":\"gone\"}", 503, "lost"},
        {"{\"error\":\"gone\"}", 500, "later"},
        {"{\"error\":\"any\"}", 500, "later"},
        {"{\"error\":\"any\"}", 429, "later"},
        {"{\"error\":\"any\"}", 418, "lost"},
        /* the client is refused in words that can be read, or it is not refused */
        {"<html>blocked", 403, "later"},
        {"", 401, "later"},
        {"{\"message\":\"Unauthorized\"}", 401, "later"},
        {"{\"error\":\"forbidden\"}", 403, "later"},
        {"{\"error\":{\"code\":\"invalid_client\"}}", 401, "later"},
        {"{\"error\":\"invalid_client\"}", 401, "broken"},
        {"{\"error\":\"unauthorized_client\"}", 403, "broken"},
        {"\xEF\xBB\xBF{\"error\":\"invalid_grant\"}", 400, "lost"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_outcome(DC_GRANT_token, rows[i].body, rows[i].http, rows[i].outcome);
}

/* `revoked` is said to the user: then the token is dead. */
static void revoking(void) {
    static const struct {
        const char *body;
        double http;
        const char *outcome;
    } rows[] = {
        {"", 200, "revoked"},
        {"", 204, "revoked"},
        {"{}", 200, "revoked"},
        {"null", 200, "revoked"},
        {"OK", 200, "revoked"},
        {"All tokens are revoked.", 200, "revoked"},
        {"{\"ok\":true,\"revoked\":true}", 200, "revoked"},
        {"{\"error\":null,\"status\":\"success\"}", 200, "revoked"},
        {"{\"ok\":false,\"error\":\"token_revoked\"}", 200, "revoked"},
        {"{\"ok\":false,\"error\":\"ratelimited\"}", 200, "pending"},
        {"{\"ok\":false}", 200, "pending"},
        {"{\"success\":false}", 200, "pending"},
        {"{\"error\":\"invalid_client\"}", 200, "pending"},
        {"{\"error\":{\"code\":5}}", 200, "pending"},
        {"error=invalid_client", 200, "pending"},
        {"{\"ok\":fal", 200, "pending"},
        {"<html>sign in", 200, "pending"},
        {"\xEF\xBB\xBF\n <!DOCTYPE html>", 200, "pending"},
        {"{\"error\":\"invalid_token\"}", 400, "revoked"},
        {"error=invalid_token", 400, "revoked"},
        {"error=unsupported_token_type", 400, "pending"},
        {"{\"message\":\"Not Found\"}", 404, "revoked"},
        {"{\"error\":\"invalid_client\"}", 404, "pending"},
        {"<html>no such page", 404, "pending"},
        {"not found", 404, "pending"},
        {"", 404, "pending"},
        {"{\"error\":\"invalid_token\"}", 503, "pending"},
        {"", 302, "pending"},
        {"", 0, "pending"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_outcome(DC_GRANT_revoked, rows[i].body, rows[i].http, rows[i].outcome);
}

/* Its words are shown and kept: short, on one line, and never with what was sent. */
static void words(void) {
    static const char *const rows[][3] = {
        /* body, error, error_description */
        {"{\"error\":\"R0123456789SECRETxyz\",\"error_description\":\"refresh token R0123456789SECRETxyz is invalid\"}",
         "\"REDACTED\"", "\"refresh token REDACTED is invalid\""},
        {"{\"error\":\"invalid_grant\",\"error_description\":\"secret S3cret%2Fof%2bclient, "
         "\\u0052\\u0030123456789SECRETxyz\"}",
         "\"invalid_grant\"", "\"secret REDACTED, REDACTED\""},
        {"{\"error\":\"x\",\"error_description\":\"UjAxMjM0NTY3ODlTRUNSRVR4eXo=\"}", "\"x\"", "\"REDACTED=\""},
        {"error=x&error_description=A-0123456789abc", "\"x\"", "\"REDACTED\""},
        {"{\"error\":\"a\\r\\nb\\u0007\",\"error_description\":\"\\u007f\\u0085c\\u202ed\\u2028\\u20ac\"}", "\"a  b\"",
         "\"c d \xE2\x82\xAC\""},
        {"{\"error\":\"\\n\",\"error_description\":5}", "null", "null"},
        {"{\"oauth_problem\":\"R0123456789SECRETxyz\"}", "\"REDACTED\"", "null"},
    };
    char body[4096];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const dc_reply *reply = grant(DC_GRANT_token, "{" SCHEME(URL) CLIENT VAL ",\"http\":400}", rows[i][0]);
        if (!CHECK_STATUS(reply, 200)) continue;
        CHECK_RAW(reply->part[0], "error", rows[i][1]);
        CHECK_RAW(reply->part[0], "error_description", rows[i][2]);
        CHECK(!reply_holds(reply, "SECRET") && !reply_holds(reply, "0123456789"));
    }
    /* Nor what was sent besides the credential. */
    const dc_reply *code =
        grant(DC_GRANT_token, "{" SCHEME(URL) CLIENT ",\"sent\":{\"code\":\"CODEabc12345\"},\"http\":400}",
              "{\"error\":\"invalid_grant\",\"error_description\":\"code CODEabc12345 is used\"}");
    CHECK_RAW(code->part[0], "error_description", "\"code REDACTED is used\"");
    /* The cut does not leave half a secret, or half a character. */
    snprintf(body, sizeof body, "{\"error\":\"x\",\"error_description\":\"%0290d R0123456789SECRETxyz\"}", 0);
    CHECK(!reply_holds(grant(DC_GRANT_token, "{" SCHEME(URL) CLIENT VAL ",\"http\":400}", body), "R012"));
    size_t size = (size_t)snprintf(body, sizeof body, "{\"error\":\"x\",\"error_description\":\"");
    for (int i = 0; i < 400; i++) size += (size_t)snprintf(body + size, sizeof body - size, "\xE2\x82\xAC");
    snprintf(body + size, sizeof body - size, "\"}");
    const dc_reply *cut = grant(DC_GRANT_token, "{" SCHEME(URL) CLIENT VAL ",\"http\":400}", body);
    CHECK_NUMBER(raw_at(cut->part[0], "error_description").size, 300 * 3 + 2);
    /* Anybody can write what the user's browser brings. */
    const dc_reply *back =
        grant(DC_GRANT_callback, "{\"query\":\"error=a%0D%0Ab&error_description=%E2%80%AEx%1B\"}", NULL);
    CHECK_SPAN(back->part[0], "{\"error\":\"a  b\",\"error_description\":\"x\"}");
    CHECK_SPAN(grant(DC_GRANT_callback, "{\"query\":\"error=%0A&error_description=\"}", NULL)->part[0],
               "{\"error\":\"?\"}");
    snprintf(body, sizeof body, "{\"query\":\"error_description=%03000d\"}", 0);
    CHECK_NUMBER(raw_at(grant(DC_GRANT_callback, body, NULL)->part[0], "error_description").size, 302);
}

static void tokens(void) {
    static const char *const rows[][2] = {
        /* body, credential; NULL: not granted */
        {"access_token=a&access_token=b&scope=x&scope=y", "{\"access_token\":\"b\",\"scope\":\"y\"}"},
        {"access_token=a&%61ccess_token=b", "{\"access_token\":\"b\"}"},
        {"access_token=a&access_token=", NULL},
        {"x<html>&access_token=abc", NULL},
        {"see https://h/?x&access_token=abc", NULL},
        {"access_token=a%0Ab", NULL},
        {"access_token=%C3%A9", NULL},
        {"access_token=a+b", "{\"access_token\":\"a b\"}"},
        {"\xEF\xBB\xBF{\"access_token\":\"n\",\"refresh_token\":\"r\"}",
         "{\"access_token\":\"n\",\"refresh_token\":\"r\"}"},
        {"\xEF\xBB\xBF\r\naccess_token=n", "{\"access_token\":\"n\"}"},
        {"{\"access_token\":\"a\\nb\"}", NULL},
        {"{\"access_token\":\"a\\u007f\"}", NULL},
        {"{\"access_token\":\"\\u00e9\"}", NULL},
        {"{\"authed_user\":{\"access_token\":\"a\\r\"}}", NULL},
        {"{\"access_token\":\"a~ !\"}", "{\"access_token\":\"a~ !\"}"},
    };
    static char many[8192];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const dc_reply *reply = grant(DC_GRANT_token, "{" SCHEME(URL) ",\"http\":200}", rows[i][0]);
        bool good = CHECK_RAW(reply->part[0], "outcome", rows[i][1] ? "\"granted\"" : "\"later\"");
        good =
            good && CHECK_SPAN(reply->part[1].size ? reply->part[1] : ((dc_span){"", 0}), rows[i][1] ? rows[i][1] : "");
        if (!good) fprintf(stderr, "  %s\n", rows[i][0]);
    }
    for (size_t i = 0; i + 2 < sizeof many; i += 2) memcpy(many + i, "a&", 2);
    CHECK_RAW(grant(DC_GRANT_token, "{" SCHEME(URL) ",\"http\":200}", many)->part[0], "outcome", "\"later\"");
}

/* ---- Requests ---------------------------------------------------------------------------------------------- */

/* Status and target of a refresh at that address; x is the account's, c the client's. NULL: refused. */
static void check_target(const char *url, const char *client, const char *x, const char *target) {
    char head[1024];
    snprintf(head, sizeof head,
             "{" SCHEME(",\"token_url\":\"%s\"") ",\"credentials\":{\"client_id\":\"i\",\"c\":\"%s\"},\"val\":{"
                                                 "\"refresh_token\":\"r\",\"x\":\"%s\"}}",
             url, client, x);
    const dc_reply *reply = grant(DC_GRANT_refresh, head, NULL);
    const bool good = target ? CHECK_STATUS(reply, 0) && CHECK_SPAN(reply->part[1], target) : CHECK_STATUS(reply, 400);
    if (!good) fprintf(stderr, "  %s %s %s\n", url, client, x);
}

static void addresses(void) {
    /* What stands right behind a base address belongs to its host. */
    check_target("{c}{x}/t", "https://good.example", ".evil.com", NULL);
    check_target("{c}{x}/t", "https://good.example", "/a", NULL);
    check_target("{c}-{x}/t", "https://good.example", "evil.com", NULL);
    check_target("{c}:{x}/t", "https://good.example", "1", NULL);
    check_target("{c}{x}.p.example/t", "https://good", "-a", "https://good-a.p.example/t");
    check_target("{c}/{x}/t", "https://good.example", "a/b", "https://good.example/a%2Fb/t");
    check_target("{c}?x={x}", "https://good.example", "a.b", "https://good.example?x=a.b");
    check_target("{c}/t?u=https://{x}", "https://good.example", "a/b", "https://good.example/t?u=https://a%2Fb");
    /* Nothing walks. */
    check_target("https://p.example/{x}/t", "", "..", NULL);
    check_target("https://p.example/{x}/t", "", ".", NULL);
    check_target("https://p.example/{x}", "", "..", NULL);
    check_target("https://p.example/.{x}/t", "", ".", NULL);
    check_target("https://p.example/{x}{x}/t", "", ".", NULL);
    check_target("https://p.example/{x}?a", "", "..", NULL);
    check_target("{c}/t", "https://p.example/a/%2E%2e", "", NULL);
    check_target("{c}/t", "https://p.example/a/./b", "", NULL);
    check_target("{c}/t", "https://p.example/a/.%2E/b", "", NULL);
    check_target("https://p.example/{x}/t", "", "%2e%2e", "https://p.example/%252e%252e/t");
    check_target("https://p.example/{x}/t", "", "...", "https://p.example/.../t");
    check_target("https://p.example/a.{x}/t", "", ".", "https://p.example/a../t");
    check_target("https://p.example/t?a={x}", "", "..", "https://p.example/t?a=..");
    /* Secrets travel encrypted, or do not leave the machine. */
    check_target("http://p.example/t", "", "", NULL);
    check_target("http://localhost.evil.example/t", "", "", NULL);
    check_target("http://127.0.0.1.evil.example/t", "", "", NULL);
    check_target("http://127.0.0.1@evil.example/t", "", "", NULL);
    check_target("ftp://p.example/t", "", "", NULL);
    check_target("http://127.0.0.1:8788/t", "", "", "http://127.0.0.1:8788/t");
    check_target("http://localhost/t", "", "", "http://localhost/t");
    check_target("http://demo.localhost:1/t", "", "", "http://demo.localhost:1/t");
    check_target("http://[::1]:1/t", "", "", "http://[::1]:1/t");
    check_target("http://{x}/t", "", "localhost", NULL); /* the definition says so, nobody else */
    check_target("http://{c}/t", "localhost", "", NULL);
}

static void authorizing(void) {
#define LEAVE(url, more) "{" SCHEME(",\"authorization_url\":\"" url "\"" URL more)
#define PLAIN            LEAVE("https://p.example/a", "")
    CHECK_STATUS(grant(DC_GRANT_authorize, PLAIN CLIENT GO "}", NULL), 0);
    CHECK_STATUS(grant(DC_GRANT_authorize, PLAIN GO "}", NULL), 400); /* without a client */
    CHECK_STATUS(grant(DC_GRANT_authorize, PLAIN ",\"credentials\":{\"client_id\":\"\"}" GO "}", NULL), 400);
    CHECK_STATUS(grant(DC_GRANT_exchange, PLAIN CLIENT ",\"redirect_uri\":\"https://me\",\"code\":\"c\"}", NULL), 500);
    CHECK_STATUS(grant(DC_GRANT_authorize, LEAVE("https://p.example/a#/b", "") CLIENT GO "}", NULL), 400);
    CHECK_STATUS(grant(DC_GRANT_authorize, LEAVE("http://p.example/a", "") CLIENT GO "}", NULL), 400);
    const dc_reply *reply = grant(
        DC_GRANT_authorize,
        LEAVE("https://p.example/a",
              ",\"extra_authorization_params\":{\"state\":\"x\",\"response_type\":\"token\",\"redirect_uri\":\"x\","
              "\"client_id\":\"x\",\"code_challenge\":\"x\",\"code_challenge_method\":\"plain\",\"prompt\":\"p\"}")
            CLIENT GO "}",
        NULL);
    if (CHECK_STATUS(reply, 0))
        CHECK_SPAN(reply->part[1],
                   "https://p.example/a?response_type=code&client_id=id&redirect_uri=https%3A%2F%2Fme%2Fcb&state=s"
                   "&code_challenge=ch&code_challenge_method=S256&prompt=p");
}

/* What a provider sends along is nested as deep as it likes; an account must stand in a list all the same. */
static void deep(void) {
    static const char *const members[] = {"authed_user", "scope", "oauth_verifier", "id_token", "x"};
    char nested[128] = "", body[512], list[1024];
    enum { LIST = 0 }; /* connected_accounts.list */
    for (size_t depth = 16; depth <= 62; depth += 46) {
        memset(nested, '[', depth);
        memset(nested + depth, ']', depth);
        nested[2 * depth] = '\0';
        for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
            snprintf(body, sizeof body, "{\"access_token\":\"abcdefghijk\",\"%s\":%s}", members[i], nested);
            const dc_reply *reply = grant(DC_GRANT_token, "{" SCHEME(URL) CLIENT ",\"val\":{},\"http\":200}", body);
            if (!CHECK_STATUS(reply, 200)) continue;
            CHECK(span_holds(reply->part[1], nested) == (depth == 16));
            snprintf(
                list, sizeof list,
                "{\"accounts\":[{\"record\":{\"id\":\"ca_1\",\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_config_id\":"
                "\"ac_1\",\"auth_scheme\":\"OAUTH2\",\"status\":\"ACTIVE\",\"credential\":true},\"val\":%.*s}],"
                "\"total\":1}",
                (int)reply->part[1].size, reply->part[1].at);
            CHECK_STATUS(dc_answer(LIST, 1000000, give(list, NULL)), 200);
        }
    }
}

int main(void) {
    deep();
    losing();
    revoking();
    words();
    tokens();
    addresses();
    authorizing();
    return check_report();
}
