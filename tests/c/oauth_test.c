/* What single providers need of OAuth 2: their words for a dead grant, a user's token one level down, parameters of the
 * callback; the client's own grant; and who decides where a client's secret goes. */
#include "call.h"

#include "catalog.h"

#define HEAD(config, toolkit, scheme, more) \
    "{\"config\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"" config \
    "\"},\"toolkit\":{\"slug\":\"t\"" toolkit \
    ",\"auth_schemes\":[{\"scheme\":\"OAUTH2\",\"token_url\":\"https://p.example/t\"" scheme \
    "},{\"scheme\":\"S2S_OAUTH2\",\"token_url\":\"https://p.example/t\"" scheme "}]}" more "}"
#define OAUTH2(toolkit, scheme, more) HEAD("OAUTH2", toolkit, scheme, more)
#define CLIENT(more)                  ",\"credentials\":{\"client_id\":\"my id\",\"client_secret\":\"s3:cr/t\"" more "}"

static const dc_reply *grant(dc_grant_step step, const char *head, const char *rest) {
    return dc_grant(step, 1000000, give(head, rest));
}

/* ---- Words of a provider's own ------------------------------------------------------------------------------ */

#define MARKED(match) \
    ",\"revoked_markers\":[{\"where\":\"api\",\"http_status\":400,\"match\":{\"error\":\"x\"}}," \
    "{\"where\":\"token endpoint\",\"http_status\":[400,403],\"match\":" match "}]"
#define BROKEN_ONE \
    ",\"revoked_markers\":[{\"where\":\"token endpoint\",\"match\":{\"error\":\"app_gone\"},\"outcome\":\"broken\"}," \
    "{\"where\":\"token endpoint\",\"match\":{\"error\":\"invalid_grant\",\"hint\":\"wait\"},\"outcome\":\"later\"}," \
    "{\"where\":\"token endpoint\",\"match\":{\"error\":\"odd\"},\"outcome\":\"granted\"}]"

static void markers(void) {
    static const struct {
        const char *toolkit, *body;
        double http;
        const char *outcome;
    } rows[] = {
        {MARKED("{\"status\":[\"BAD_REFRESH_TOKEN\"]}"), "{\"status\":\"BAD_REFRESH_TOKEN\"}", 400, "lost"},
        {MARKED("{\"status\":[\"BAD_REFRESH_TOKEN\"]}"), "{\"status\":\"BAD_\\u0052EFRESH_TOKEN\"}", 403, "lost"},
        {MARKED("{\"status\":[\"BAD_REFRESH_TOKEN\"]}"), "{\"status\":\"BAD_REFRESH_TOKEN\"}", 500, "later"},
        {MARKED("{\"status\":[\"BAD_REFRESH_TOKEN\"]}"), "{\"status\":\"BAD_REFRESH_TOKENS\"}", 400, "later"},
        {MARKED("{\"status\":[\"BAD_REFRESH_TOKEN\"]}"), "{\"a\":{\"status\":\"BAD_REFRESH_TOKEN\"}}", 400, "later"},
        {MARKED("{\"status\":[\"BAD_REFRESH_TOKEN\"]}"), "status=BAD_REFRESH_TOKEN", 400, "lost"},
        {MARKED("{\"status\":[\"BAD_REFRESH_TOKEN\"]}"), "", 403, "later"},
        /* both members, or the standard's meaning */
        {MARKED("{\"error\":[\"unauthorized_client\"],\"error_description\":\"Gone.\"}"),
         "{\"error\":\"unauthorized_client\",\"error_description\":\"Gone.\"}", 403, "lost"},
        {MARKED("{\"error\":[\"unauthorized_client\"],\"error_description\":\"Gone.\"}"),
         "{\"error\":\"unauthorized_client\",\"error_description\":\"Other.\"}", 403, "broken"},
        {MARKED("{\"error\":[\"unauthorized_client\"],\"error_description\":\"Gone.\"}"),
         "{\"error\":\"unauthorized_client\"}", 403, "broken"},
        /* one of several members; a number is its text */
        {MARKED("{\"reason/code\":[\"4735\",\"4741\"]}"), "{\"code\":4741}", 400, "lost"},
        {MARKED("{\"reason/code\":[\"4735\",\"4741\"]}"), "{\"reason\":\"4735\",\"code\":1}", 400, "lost"},
        {MARKED("{\"reason/code\":[\"4735\",\"4741\"]}"), "{\"reason\":47,\"code\":null}", 400, "later"},
        {MARKED("{\"reason/code\":[\"4735\",\"4741\"]}"), "{\"reason/code\":\"4735\"}", 400, "later"},
        {MARKED("{\"ok\":false,\"n\":5}"), "{\"ok\":false,\"n\":\"5\"}", 400, "lost"},
        {MARKED("{\"ok\":false,\"n\":5}"), "{\"ok\":true,\"n\":5}", 400, "later"},
        /* a marker that says nothing fits nothing */
        {MARKED("{}"), "{\"error\":\"y\"}", 400, "later"},
        {MARKED("null"), "{\"error\":\"y\"}", 400, "later"},
        {MARKED("{\"error\":[]}"), "{\"error\":\"y\"}", 400, "later"},
        {MARKED("{\"error\":\"z\"}"), "{\"error\":\"x\"}", 400, "later"}, /* that one is the API's */
        {MARKED("{\"error\":\"z\"}"), "{\"error\":\"invalid_grant\"}", 400, "lost"},
        /* the class is data, too; only the three there are */
        {BROKEN_ONE, "{\"error\":\"app_gone\"}", 400, "broken"},
        {BROKEN_ONE, "{\"error\":\"invalid_grant\",\"hint\":\"wait\"}", 400, "later"},
        {BROKEN_ONE, "{\"error\":\"invalid_grant\"}", 400, "lost"},
        {BROKEN_ONE, "{\"error\":\"odd\"}", 400, "lost"},
        /* OAuth 1.0 problem reporting */
        {"", "oauth_problem=token_rejected", 401, "lost"},
        {"", "oauth_problem=signature_invalid", 401, "broken"},
    };
    char head[2048], word[24];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(head, sizeof head, HEAD("OAUTH2", "%s", "", ",\"http\":%g"), rows[i].toolkit, rows[i].http);
        snprintf(word, sizeof word, "\"%s\"", rows[i].outcome);
        const dc_reply *reply = grant(DC_GRANT_token, head, rows[i].body);
        if (!CHECK_STATUS(reply, 200) || !CHECK_RAW(reply->part[0], "outcome", word))
            fprintf(stderr, "  %s\n", rows[i].body);
    }
    /* It did answer, so the refresh token was not used up by a call that got lost. */
    const dc_reply *said = grant(
        DC_GRANT_token,
        OAUTH2(",\"revoked_markers\":[{\"where\":\"token endpoint\",\"match\":{\"ok\":false}}]", "", ",\"http\":200"),
        "{\"ok\":false}");
    CHECK_RAW(said->part[0], "outcome", "\"lost\"");
    CHECK(!span_holds(said->part[0], "unanswered"));
}

/* ---- A user's token one level down ------------------------------------------------------------------------- */

#define USER_VAL \
    ",\"val\":{\"access_token\":\"u1\",\"refresh_token\":\"r1\",\"authed_user\":{\"id\":\"U\",\"access_token\":" \
    "\"u1\"," \
    "\"refresh_token\":\"r1\"}}"

static void user_tokens(void) {
    static const char *const rows[][3] = {
        /* lifted: what belongs to the token, and nothing else */
        {"",
         "{\"ok\":true,\"access_token\":null,\"authed_user\":{\"id\":\"U\",\"scope\":\"a,b\",\"access_token\":\"u1\","
         "\"refresh_token\":\"r1\",\"expires_in\":60},\"token_type\":\"bot\"}",
         "{\"access_token\":\"u1\",\"refresh_token\":\"r1\",\"expires_in\":60,\"scope\":\"a,b\",\"ok\":true,"
         "\"authed_user\":{\"id\":\"U\",\"scope\":\"a,b\",\"access_token\":\"u1\",\"refresh_token\":\"r1\",\"expires_"
         "in\":60},\"token_type\":\"bot\"}"},
        /* a bot's token is the account's, the user's stays where it is */
        {"", "{\"access_token\":\"b\",\"authed_user\":{\"access_token\":\"u\",\"refresh_token\":\"r\"}}",
         "{\"access_token\":\"b\",\"authed_user\":{\"access_token\":\"u\",\"refresh_token\":\"r\"}}"},
        {"", "{\"access_token\":\"b\",\"authed_user\":{\"id\":\"U\"}}",
         "{\"access_token\":\"b\",\"authed_user\":{\"id\":\"U\"}}"},
        /* refreshed at the top level: authed_user follows */
        {USER_VAL, "{\"access_token\":\"u2\",\"refresh_token\":\"r2\",\"expires_in\":9}",
         "{\"access_token\":\"u2\",\"refresh_token\":\"r2\",\"expires_in\":9,\"authed_user\":{\"access_token\":\"u2\","
         "\"refresh_token\":\"r2\",\"expires_in\":9,\"id\":\"U\"}}"},
        {USER_VAL, "{\"authed_user\":{\"access_token\":\"u2\"}}",
         "{\"access_token\":\"u2\",\"authed_user\":{\"access_token\":\"u2\"},\"refresh_token\":\"r1\"}"},
        /* but not where the account's token is another one */
        {",\"val\":{\"access_token\":\"b\",\"authed_user\":{\"access_token\":\"u1\"}}", "{\"access_token\":\"b2\"}",
         "{\"access_token\":\"b2\",\"authed_user\":{\"access_token\":\"u1\"}}"},
    };
    char head[2048];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(head, sizeof head, OAUTH2("", "", "%s,\"http\":200"), rows[i][0]);
        const dc_reply *reply = grant(DC_GRANT_token, head, rows[i][1]);
        if (CHECK_STATUS(reply, 200)) CHECK_SPAN(reply->part[1], rows[i][2]);
    }
    static const char *const none[] = {
        "{\"authed_user\":{}}", "{\"authed_user\":\"access_token\"}", "{\"authed_user\":{\"access_token\":\"\"}}",
        "{\"authed_user\":[{\"access_token\":\"x\"}]}", "{\"x\":{\"access_token\":\"x\"}}"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        CHECK_RAW(grant(DC_GRANT_token, OAUTH2("", "", ",\"http\":200"), none[i])->part[0], "outcome", "\"later\"");
    }
    const dc_reply *first = grant(DC_GRANT_token, OAUTH2("", "", ",\"http\":200"),
                                  "{\"authed_user\":{\"access_token\":\"u\",\"refresh_token\":\"r\",\"expires_in\":"
                                  "\"60\",\"scope\":\"a,b\"}}");
    CHECK_RAW(first->part[0], "expires_at", "1060000");
    CHECK_RAW(first->part[0], "refreshable", "true");
    CHECK_RAW(first->part[0], "scopes.granted", "[\"a\",\"b\"]");
}

/* ---- What only the callback says --------------------------------------------------------------------------- */

static void callback_parameters(void) {
#define REALM(query) \
    OAUTH2("", ",\"callback_params\":{\"realm_id\":\"realmId\",\"access_token\":\"at\"}", \
           ",\"http\":200,\"query\":\"" query "\"")
    static const char plain[] = "{\"access_token\":\"n\"}";
    static const char *const rows[][3] = {
        {REALM("code=c&realmId=12%2034&state=s&other=x"), plain, "{\"access_token\":\"n\",\"realm_id\":\"12 34\"}"},
        {REALM("realmId=1&at=stolen"), plain, "{\"access_token\":\"n\",\"realm_id\":\"1\"}"},
        {REALM("realmId=1"), "{\"access_token\":\"n\",\"realm_id\":7}", "{\"access_token\":\"n\",\"realm_id\":7}"},
        {REALM("realmId=1&realmId=2"), plain, plain},
        {REALM("realmId=1&realm%49d=2"), plain, plain},
        {REALM("realmId="), plain, plain},
        {REALM("realmId=%zz"), plain, plain},
        {REALM("xrealmId=1"), plain, plain},
        {OAUTH2("", "", ",\"http\":200,\"query\":\"realmId=1\""), plain, plain},
        {REALM("realmId=1"), "{\"error\":\"invalid_grant\"}", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const dc_reply *reply = grant(DC_GRANT_token, rows[i][0], rows[i][1]);
        if (CHECK_STATUS(reply, 200)) CHECK_SPAN(reply->part[1].size ? reply->part[1] : ((dc_span){"", 0}), rows[i][2]);
    }
}

/* ---- The client's own grant -------------------------------------------------------------------------------- */

#define S2S(scheme, more) HEAD("S2S_OAUTH2", "", scheme, more)

static void client_credentials(void) {
#define BASIC "authorization: Basic bXklMjBpZDpzMyUzQWNyJTJGdA==\n" /* my%20id:s3%3Acr%2Ft */
#define FORM  "content-type: application/x-www-form-urlencoded\n"
    static const char *const rows[][3] = {
        {S2S("", CLIENT("")), "accept: application/json\n" BASIC FORM, "grant_type=client_credentials"},
        {S2S("", CLIENT(",\"scopes\":[\"a\",\"b c\"]")), "accept: application/json\n" BASIC FORM,
         "grant_type=client_credentials&scope=a%20b%20c"},
        {S2S(",\"default_scopes\":[\"a\",\"b\"],\"scope_separator\":\",\",\"client_auth\":\"client_secret_post\","
             "\"extra_token_params\":{\"audience\":\"https://api\"}",
             CLIENT("")),
         "accept: application/json\n" FORM,
         "client_id=my%20id&client_secret=s3%3Acr%2Ft&grant_type=client_credentials&scope=a%2Cb"
         "&audience=https%3A%2F%2Fapi"},
        {S2S(",\"token_request_format\":\"json\",\"client_auth\":\"client_secret_post\"", CLIENT("")),
         "accept: application/json\ncontent-type: application/json\n",
         "{\"client_id\":\"my id\",\"client_secret\":\"s3:cr/t\",\"grant_type\":\"client_credentials\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const dc_reply *reply = grant(DC_GRANT_client_credentials, rows[i][0], NULL);
        if (!CHECK_STATUS(reply, 0)) continue;
        CHECK_SPAN(reply->part[0], "POST");
        CHECK_SPAN(reply->part[1], "https://p.example/t");
        CHECK_SPAN(reply->part[2], rows[i][1]);
        CHECK_SPAN(reply->part[3], rows[i][2]);
    }
    /* It is for clients that can prove who they are, and not for a config that is switched off. */
    CHECK_STATUS(grant(DC_GRANT_client_credentials, S2S("", ",\"credentials\":{\"client_id\":\"i\"}"), NULL), 400);
    CHECK_STATUS(grant(DC_GRANT_client_credentials, S2S(",\"client_auth\":\"none\"", CLIENT("")), NULL), 400);
    CHECK_STATUS(
        grant(DC_GRANT_client_credentials, S2S("", ",\"val\":{\"client_id\":\"i\",\"client_secret\":\"s\"}"), NULL),
        400);
    const dc_reply *off = grant(DC_GRANT_client_credentials,
                                "{\"config\":{\"id\":\"a\",\"toolkit\":\"t\",\"auth_scheme\":\"S2S_OAUTH2\","
                                "\"disabled\":true},\"toolkit\":{\"slug\":\"t\",\"auth_schemes\":[{\"scheme\":"
                                "\"S2S_OAUTH2\",\"token_url\":\"https://p/t\"}]}" CLIENT("") "}",
                                NULL);
    CHECK(off->status >= 400);
    const dc_reply *answer =
        grant(DC_GRANT_token, S2S("", CLIENT(",\"scopes\":\"a\"") ",\"http\":200"),
              "{\"access_token\":\"m\",\"token_type\":\"Bearer\",\"expires_in\":60,\"scope\":\"a\"}");
    CHECK_RAW(answer->part[0], "outcome", "\"granted\"");
    CHECK_RAW(answer->part[0], "expires_at", "1060000");
    CHECK_RAW(answer->part[0], "refreshable", "true");
    CHECK_SPAN(answer->part[1], "{\"access_token\":\"m\",\"token_type\":\"Bearer\",\"expires_in\":60,\"scope\":\"a\"}");
}

/* ---- Where the client's secret goes ------------------------------------------------------------------------ */

static void hosts(void) {
    /* A template; may the account's `x` fill it in a request with the client's secret? */
    static const struct {
        const char *url;
        bool account;
    } rows[] = {
        {"https://{x}/t", false},
        {"https://{x}", false},
        {"https://{x}:8443/t", false},
        {"https://{x}?a=b.c.d", false},
        {"https://{x}#.a.b", false},
        {"https://login.{x}/t", false},
        {"https://{x}.com/a.b.c", false},
        {"https://{x}.example./t", false},
        {"https://{x}.p.{x}/t", false},
        {"https://{x}p.example.com/t", false},
        {"https://{x}@p.example.com/t", false},
        {"{x}/t", false},
        {"{x}", false},
        {"https://{x}.p.example/t", true},
        {"https://{x}.p.example", true},
        {"https://{x}.p.example:8443/t", true},
        {"https://p.example/{x}/t", true},
        {"https://p.example/t?x={x}", true},
    };
    char head[2048];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int own = 0; own < 2; own++) {
            const char *x = rows[i].url[0] == '{' ? "https://evil.example" : "evil.example";
            snprintf(
                head, sizeof head,
                "{\"config\":{\"id\":\"a\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\"},\"toolkit\":{\"slug\":"
                "\"t\",\"auth_schemes\":[{\"scheme\":\"OAUTH2\",\"token_url\":\"%s\",\"revocation\":{\"url\":\"%s\","
                "\"auth\":\"Basic\",\"body\":{\"token\":\"{token}\"}}}]},\"credentials\":{\"client_id\":\"i\","
                "\"client_secret\":\"s\"%s%s%s},\"val\":{\"access_token\":\"a\",\"refresh_token\":\"r\",\"x\":\"%s\"}}",
                rows[i].url, rows[i].url, own ? ",\"x\":\"" : "", own ? x : "", own ? "\"" : "", x);
            const bool refreshes = grant(DC_GRANT_refresh, head, NULL)->status == 0;
            const bool speaks = grant(DC_GRANT_client_credentials, head, NULL)->status == 0;
            const bool revokes = grant(DC_GRANT_revoke, head, NULL)->status == 0;
            const bool expected = own || rows[i].account;
            if (!CHECK(refreshes == expected && revokes == expected && speaks == expected))
                fprintf(stderr, "  %s %d\n", rows[i].url, own);
        }
    }
    /* The account's own token goes where the account's API is. */
#define BASE \
    "\"toolkit\":{\"slug\":\"t\",\"auth_schemes\":[{\"scheme\":\"OAUTH2\",\"identity\":{\"url\":\"{instance_url}/" \
    "me\"}," \
    "\"api_auth\":{\"name\":\"Authorization\",\"template\":\"Bearer {access_token}\"}}]}"
    const dc_reply *who =
        grant(DC_GRANT_identify,
              "{\"config\":{\"id\":\"a\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\"}," BASE CLIENT(
                  "") ",\"val\":{\"access_token\":\"a\",\"instance_url\":\"https://acme.p.example\"}}",
              NULL);
    if (CHECK_STATUS(who, 0)) CHECK_SPAN(who->part[1], "https://acme.p.example/me");
}

static void scope_parameter(void) {
    const dc_reply *reply =
        grant(DC_GRANT_authorize,
              OAUTH2("",
                     ",\"authorization_url\":\"https://p.example/a\",\"pkce\":\"unsupported\",\"scope_parameter\":"
                     "\"user_scope\",\"scope_separator\":\",\"",
                     ",\"credentials\":{\"client_id\":\"i\",\"scopes\":\"a b\"},\"state\":\"s\",\"redirect_uri\":"
                     "\"https://me\""),
              NULL);
    if (CHECK_STATUS(reply, 0))
        CHECK_SPAN(reply->part[1], "https://p.example/a?response_type=code&client_id=i&redirect_uri=https%3A%2F%2Fme"
                                   "&user_scope=a%2Cb&state=s");
}

int main(void) {
    markers();
    user_tokens();
    callback_parameters();
    client_credentials();
    hosts();
    scope_parameter();
    return check_report();
}
