/* Events of connected accounts, end to end: a record goes in, and the record, effects and credential that come out are
 * what the contract says (sections 2 and 10). */
#include "call.h"

#include "catalog.h"

#define CONFIG(scheme, more) "{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"" scheme "\"" more "}"
#define TOOLKIT \
    "{\"slug\":\"t\",\"name\":\"T\",\"auth_schemes\":[{\"scheme\":\"OAUTH2\",\"fields\":[]},{\"scheme\":\"API_KEY\"," \
    "\"fields\":[{\"name\":" \
    "\"api_key\",\"required\":true}]},{\"scheme\":\"BASIC\"},{\"scheme\":\"BEARER_TOKEN\"},{\"scheme\":\"NO_AUTH\"}]," \
    "\"test_request\":{\"url\":\"https://h/\"}}"
#define RECORD(scheme, status, more) \
    "{\"id\":\"ca_1\",\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_config_id\":\"ac_1\",\"auth_scheme\":\"" scheme \
    "\",\"status\":\"" status "\"" more "}"
#define LINK "\"link\":{\"url\":\"https://me/connect/lk_1\",\"token\":\"lk_1\"}"
#define NEW(scheme) \
    "{\"id\":\"ca_9\",\"seed\":5,\"config\":" CONFIG(scheme, "") ",\"toolkit\":" TOOLKIT ",\"siblings\":[]," LINK "}"
#define WITH(record, more) \
    "{\"record\":" record ",\"config\":" CONFIG("OAUTH2", "") ",\"toolkit\":" TOOLKIT "," LINK more "}"

enum { NOW = 1000000 };

static const char *rule; /* what is being checked, for the report */

static const dc_reply *change(dc_event_name event, const char *head, const char *rest) {
    return dc_change(event, NOW, give(head, rest));
}

/* Expected: this status and effects; *credential NULL: none. */
static void check_done(const dc_reply *reply, const char *status, const char *effects, const char *credential) {
    char word[32];
    snprintf(word, sizeof word, "\"%s\"", status);
    bool good = CHECK_STATUS(reply, 200);
    good = good && CHECK_RAW(reply->part[0], "record.status", word) && CHECK_RAW(reply->part[0], "effects", effects);
    good = good &&
           CHECK_SPAN(reply->part[1].size ? reply->part[1] : ((dc_span){"", 0}), credential != NULL ? credential : "");
    good = good && CHECK_RAW(reply->part[0], "row.status", word) && CHECK(!span_holds(reply->part[0], "s3cret"));
    if (!good) fprintf(stderr, "  %s\n", rule);
}

static void check_no(const dc_reply *reply, uint32_t status, const char *holds) {
    if (!(CHECK_STATUS(reply, status) && CHECK(span_holds(reply->part[0], holds)) &&
          CHECK(!reply_holds(reply, "s3cret"))))
        fprintf(stderr, "  %s: %s in %.*s\n", rule, holds, (int)reply->part[0].size, reply->part[0].at);
}

typedef struct row {
    const char *rule;
    dc_event_name event;
    const char *head, *body;
    const char *status, *effects, *credential;
} row;

#define ACTIVE RECORD("OAUTH2", "ACTIVE", ",\"credential\":true,\"refreshable\":true,\"identity_id\":\"me\"")
#define RECONNECTING \
    RECORD("OAUTH2", "ACTIVE", ",\"credential\":true,\"identity_id\":\"me\",\"reconnect_until\":2000000")
#define WAITING  RECORD("OAUTH2", "INITIATED", ",\"link_until\":2000000")
#define REDIRECT "{\"redirectUrl\":\"https://me/connect/lk_1\"}"
#define GRANTED  ",\"grant\":{\"outcome\":\"granted\",\"expires_at\":5000000,\"refreshable\":true}"

static const row good[] = {
    {"a link waits for its user", DC_EVENT_link, NEW("OAUTH2"), "{\"user_id\":\"u\"}", "INITIALIZING",
     "[\"link\",\"seal\"]", REDIRECT},
    {"create by consent", DC_EVENT_create, NEW("OAUTH2"), "{}", "INITIATED", "[\"link\",\"seal\"]", REDIRECT},
    {"create as the family's clients do", DC_EVENT_create, NEW("OAUTH2"),
     "{\"connection\":{\"state\":{\"authScheme\":\"OAUTH2\",\"val\":{\"status\":\"INITIALIZING\"}}}}", "INITIATED",
     "[\"link\",\"seal\"]", REDIRECT},
    {"create with tokens", DC_EVENT_create, NEW("OAUTH2"),
     "{\"connection\":{\"state\":{\"val\":{ \"access_token\" : \"s3cret\\u0041\", \"n\": 9007199254740993 , "
     "\"x\":null,\"status\":\"ACTIVE\"}}}}",
     "ACTIVE", "[\"seal\",\"identify\"]", "{\"access_token\":\"s3cret\\u0041\",\"n\":9007199254740993}"},
    {"create with a key that is to be checked", DC_EVENT_create, NEW("API_KEY"),
     "{\"connection\":{\"state\":{\"val\":{\"api_key\":\"s3cret\"}}},\"validate_credentials\":true}", "ACTIVE",
     "[\"seal\",\"identify\",\"verify\"]", "{\"api_key\":\"s3cret\"}"},
    {"create without any auth", DC_EVENT_create, NEW("NO_AUTH"), "{}", "ACTIVE", "[\"seal\",\"identify\"]", "{}"},
    {"create a key later", DC_EVENT_create, NEW("API_KEY"), "{}", "INITIATED", "[\"link\",\"seal\"]", REDIRECT},
    {"the form", DC_EVENT_submit, WITH(RECORD("API_KEY", "INITIATED", ",\"link_until\":2000000"), ""),
     "api_key=s3cret%26%22+x&empty=", "ACTIVE", "[\"seal\",\"identify\",\"verify\"]",
     "{\"api_key\":\"s3cret&\\\" x\"}"},
    {"opened", DC_EVENT_open, WITH(RECORD("OAUTH2", "INITIALIZING", ",\"link_until\":2000000"), ""), NULL, "INITIATED",
     "[]", NULL},
    {"connected", DC_EVENT_connect, WITH(WAITING, GRANTED ",\"identity\":{\"id\":\"me\"}"), NULL, "ACTIVE",
     "[\"seal\"]", NULL},
    {"connected, nobody knows whose", DC_EVENT_connect, WITH(WAITING, GRANTED ",\"identity\":null"), NULL, "ACTIVE",
     "[\"seal\"]", NULL},
    {"reconnected as the same", DC_EVENT_connect, WITH(RECONNECTING, GRANTED ",\"identity\":{\"id\":\"me\"}"), NULL,
     "ACTIVE", "[\"seal\"]", NULL},
    {"denied", DC_EVENT_deny, WITH(WAITING, ",\"error\":\"access_denied\""), NULL, "FAILED", "[]", NULL},
    {"a denied reconnection keeps the account", DC_EVENT_deny, WITH(RECONNECTING, ",\"error\":\"access_denied\""), NULL,
     "ACTIVE", "[]", NULL},
    {"lapsed", DC_EVENT_lapse, WITH(RECORD("OAUTH2", "INITIATED", ",\"link_until\":1000000"), ""), NULL, "EXPIRED",
     "[]", NULL},
    {"not lapsed yet", DC_EVENT_lapse, WITH(RECORD("OAUTH2", "INITIATED", ",\"link_until\":1000001"), ""), NULL,
     "INITIATED", "[]", NULL},
    {"a lapsed reconnection", DC_EVENT_lapse, WITH(RECORD("OAUTH2", "ACTIVE", ",\"reconnect_until\":5"), ""), NULL,
     "ACTIVE", "[]", NULL},
    {"time to refresh ahead", DC_EVENT_lapse,
     WITH(RECORD("OAUTH2", "ACTIVE", ",\"refreshable\":true,\"next_refresh_at\":999999"), ""), NULL, "ACTIVE",
     "[\"refresh\"]", NULL},
    {"no refresh while disabled", DC_EVENT_lapse,
     WITH(RECORD("OAUTH2", "INACTIVE", ",\"refreshable\":true,\"next_refresh_at\":9"), ""), NULL, "INACTIVE", "[]",
     NULL},
    {"refresh with a refresh token", DC_EVENT_refresh, WITH(ACTIVE, ""), "", "ACTIVE", "[\"refresh\"]", NULL},
    {"refresh without one is a consent, meanwhile it works", DC_EVENT_refresh,
     WITH(RECORD("OAUTH2", "ACTIVE", ",\"credential\":true"), ""), "{}", "ACTIVE", "[\"link\"]", NULL},
    {"refresh of EXPIRED", DC_EVENT_refresh, WITH(RECORD("OAUTH2", "EXPIRED", ",\"refreshable\":true"), ""), "",
     "INITIATED", "[\"link\",\"seal\"]", REDIRECT},
    {"refresh of FAILED", DC_EVENT_refresh, WITH(RECORD("OAUTH2", "FAILED", ""), ""), "", "INITIATED",
     "[\"link\",\"seal\"]", REDIRECT},
    {"refresh of REVOKED", DC_EVENT_refresh, WITH(RECORD("OAUTH2", "REVOKED", ""), ""), "", "INITIATED",
     "[\"link\",\"seal\"]", REDIRECT},
    {"a refresh begins", DC_EVENT_refresh_begin, WITH(ACTIVE, ""), NULL, "ACTIVE", "[]", NULL},
    {"a refresh ends", DC_EVENT_refresh_end, WITH(ACTIVE, GRANTED), NULL, "ACTIVE", "[\"seal\"]", NULL},
    {"a refresh ends while disabled: nothing is lost", DC_EVENT_refresh_end,
     WITH(RECORD("OAUTH2", "INACTIVE", ",\"resume\":\"ACTIVE\""), GRANTED), NULL, "INACTIVE", "[\"seal\"]", NULL},
    {"a refresh is lost", DC_EVENT_refresh_end, WITH(ACTIVE, ",\"grant\":{\"outcome\":\"lost\"}"), NULL, "EXPIRED",
     "[]", NULL},
    {"a broken client leaves accounts alone", DC_EVENT_refresh_end, WITH(ACTIVE, ",\"grant\":{\"outcome\":\"broken\"}"),
     NULL, "ACTIVE", "[]", NULL},
    {"later", DC_EVENT_refresh_end, WITH(ACTIVE, ",\"grant\":{\"outcome\":\"later\"}"), NULL, "ACTIVE", "[]", NULL},
    {"disable", DC_EVENT_set_status, WITH(ACTIVE, ""), "{\"enabled\":false}", "INACTIVE", "[]", NULL},
    {"enable", DC_EVENT_set_status, WITH(RECORD("OAUTH2", "INACTIVE", ",\"resume\":\"EXPIRED\""), ""),
     "{\"enabled\":true}", "EXPIRED", "[]", NULL},
    {"a new key", DC_EVENT_update, WITH(RECORD("API_KEY", "EXPIRED", ",\"expires_at\":5,\"uncertain\":true"), ""),
     "{\"connection\":{\"state\":{\"val\":{\"api_key\":\"s3cret2\"}}}}", "ACTIVE", "[\"seal\",\"identify\",\"verify\"]",
     "{\"api_key\":\"s3cret2\"}"},
    {"the alias alone", DC_EVENT_update, WITH(RECORD("API_KEY", "FAILED", ",\"alias\":\"old\""), ""),
     "{\"alias\":\"\"}", "FAILED", "[]", NULL},
    {"revoke", DC_EVENT_revoke, WITH(ACTIVE, ""), NULL, "ACTIVE", "[\"revoke\"]", NULL},
    {"revoked", DC_EVENT_revoked, WITH(ACTIVE, ",\"outcome\":\"revoked\""), NULL, "REVOKED", "[\"forget\"]", NULL},
    {"revoke of REVOKED", DC_EVENT_revoke, WITH(RECORD("OAUTH2", "REVOKED", ""), ""), NULL, "REVOKED", "[]", NULL},
    {"delete revokes", DC_EVENT_delete, WITH(ACTIVE, ""), NULL, "ACTIVE", "[\"revoke\",\"remove\"]", NULL},
    {"delete of one that waits", DC_EVENT_delete, WITH(WAITING, ""), NULL, "INITIATED", "[\"remove\"]", NULL},
};

typedef struct wrong {
    const char *rule;
    dc_event_name event;
    const char *head, *body;
    uint32_t status;
    const char *holds;
} wrong;

#define KEY(value) "{\"connection\":{\"state\":{\"val\":" value "}}}"

static const wrong bad[] = {
    {"no auth config", DC_EVENT_create, "{\"id\":\"ca_9\",\"config\":null,\"toolkit\":" TOOLKIT "}", "{}", 404,
     "AuthConfig_NotFound"},
    {"no toolkit", DC_EVENT_create, "{\"id\":\"ca_9\",\"config\":" CONFIG("OAUTH2", "") ",\"toolkit\":null}", "{}", 404,
     "Toolkit_NotFound"},
    {"disabled config", DC_EVENT_link,
     "{\"id\":\"ca_9\",\"config\":" CONFIG("OAUTH2", ",\"disabled\":true") ",\"toolkit\":" TOOLKIT "," LINK "}", "{}",
     400, "DISABLED"},
    {"a scheme that is not run", DC_EVENT_create, NEW("SAML"), "{}", 501, "SAML"},
    {"another scheme", DC_EVENT_create, NEW("API_KEY"),
     "{\"connection\":{\"state\":{\"authScheme\":\"BASIC\",\"val\":{}}}}", 400, "connection.state.authScheme"},
    {"a missing field", DC_EVENT_create, NEW("API_KEY"), KEY("{\"api_kay\":\"s3cret\"}"), 400, "api_key: is required"},
    {"missing fields of the scheme", DC_EVENT_create, NEW("BASIC"), KEY("{\"username\":\"s3cret\"}"), 400,
     "password: is required"},
    {"a number is no token", DC_EVENT_create, NEW("BEARER_TOKEN"), KEY("{\"token\":5}"), 400, "token: is required"},
    {"a masked value", DC_EVENT_create, NEW("API_KEY"), KEY("{\"api_key\":\"gho_...\"}"), 400,
     "api_key: is a masked value"},
    {"REDACTED", DC_EVENT_create, NEW("API_KEY"), KEY("{\"api_key\":\"REDACTED\"}"), 400, "api_key: is a masked value"},
    {"masked in escapes", DC_EVENT_create, NEW("API_KEY"), KEY("{\"api_key\":\"REDA\\u0043TED\"}"), 400,
     "api_key: is a masked value"},
    {"masked beside the secret", DC_EVENT_create, NEW("API_KEY"),
     KEY("{\"api_key\":\"s3cret\",\"more\":\"\\u00e9\\u00e9\\u00e9\\u00e9...\"}"), 400, "more: is a masked value"},
    {"masked further down", DC_EVENT_create, NEW("OAUTH2"),
     KEY("{\"access_token\":\"s3cret\",\"authed_user\":{\"access_token\":\"xoxp...\"}}"), 400,
     "authed_user: is a masked value"},
    {"masked in a list", DC_EVENT_update, WITH(ACTIVE, ""),
     KEY("{\"access_token\":\"s3cret\",\"l\":[1,[\"REDACTED\"]]}"), 400, "l: is a masked value"},
    {"half a character", DC_EVENT_create, NEW("API_KEY"), KEY("{\"api_key\":\"s3cret\",\"b\":\"\\ud800\"}"), 400,
     "b: must not hold"},
    {"state without val", DC_EVENT_create, NEW("API_KEY"), "{\"connection\":{\"state\":{}}}", 400,
     "connection.state.val: is required"},
    {"taken alias", DC_EVENT_link,
     "{\"id\":\"ca_9\",\"config\":" CONFIG("OAUTH2", "") ",\"toolkit\":" TOOLKIT ",\"siblings\":[" RECORD(
         "OAUTH2", "FAILED", ",\"alias\":\"work\"") "]," LINK "}",
     "{\"user_id\":\"u\",\"alias\":\"work\"}", 400, "alias: is the alias of ca_1"},
    {"one is enough", DC_EVENT_create,
     "{\"id\":\"ca_9\",\"config\":" CONFIG("OAUTH2", "") ",\"toolkit\":" TOOLKIT ",\"siblings\":[" ACTIVE "]," LINK "}",
     "{\"allow_multiple\":false}", 400, "ConnectedAccount_AlreadyConnected"},
    {"one is enough, and it is named", DC_EVENT_create,
     "{\"id\":\"ca_9\",\"config\":" CONFIG("OAUTH2", "") ",\"toolkit\":" TOOLKIT ",\"siblings\":[" ACTIVE "]," LINK "}",
     "{\"allow_multiple\":false}", 400, "ca_1"},
    {"the link is over", DC_EVENT_open, WITH(RECORD("OAUTH2", "INITIATED", ",\"link_until\":1000000"), ""), NULL, 410,
     "ten minutes"},
    {"no link at all", DC_EVENT_open, WITH(ACTIVE, ""), NULL, 410, "ten minutes"},
    {"the form of a consent", DC_EVENT_submit, WITH(WAITING, ""), "access_token=s3cret", 400, "consent"},
    {"the form too late", DC_EVENT_submit, WITH(RECORD("API_KEY", "INITIATED", ",\"link_until\":5"), ""),
     "api_key=s3cret", 410, "ten minutes"},
    {"the form twice", DC_EVENT_submit, WITH(RECORD("API_KEY", "ACTIVE", ""), ""), "api_key=s3cret", 410,
     "ten minutes"},
    {"the form with a bad escape", DC_EVENT_submit, WITH(RECORD("API_KEY", "INITIATED", ",\"link_until\":2000000"), ""),
     "api_key=s3cret%", 400, "form could not be read"},
    {"the form without its field", DC_EVENT_submit, WITH(RECORD("API_KEY", "INITIATED", ",\"link_until\":2000000"), ""),
     "api_key=&a=s3cret", 400, "api_key: is required"},
    {"consent that nobody waits for", DC_EVENT_connect, WITH(ACTIVE, GRANTED ",\"identity\":{\"id\":\"me\"}"), NULL,
     400, "waits for no connection"},
    {"consent for one that was disabled", DC_EVENT_connect, WITH(RECORD("OAUTH2", "INACTIVE", ""), GRANTED), NULL, 400,
     "INACTIVE"},
    {"consent after its ten minutes", DC_EVENT_connect,
     WITH(RECORD("OAUTH2", "INITIATED", ",\"link_until\":999999"), GRANTED), NULL, 400, "waits for no"},
    {"reconnected as somebody else", DC_EVENT_connect, WITH(RECONNECTING, GRANTED ",\"identity\":{\"id\":\"other\"}"),
     NULL, 400, "somebody else"},
    {"reconnected as nobody", DC_EVENT_connect, WITH(RECONNECTING, GRANTED ",\"identity\":null"), NULL, 400,
     "did not say who"},
    {"refresh of INACTIVE", DC_EVENT_refresh, WITH(RECORD("OAUTH2", "INACTIVE", ",\"refreshable\":true"), ""), "", 400,
     "INACTIVE"},
    {"refresh of a key", DC_EVENT_refresh, WITH(RECORD("API_KEY", "ACTIVE", ""), ""), "", 400,
     "PATCH /connected_accounts/{id}"},
    {"refresh without its config", DC_EVENT_refresh, "{\"record\":" ACTIVE ",\"config\":null}", "", 404,
     "AuthConfig_NotFound"},
    {"no provider call for INACTIVE", DC_EVENT_refresh_begin,
     WITH(RECORD("OAUTH2", "INACTIVE", ",\"credential\":true,\"refreshable\":true"), ""), NULL, 400,
     "nothing to refresh"},
    {"nothing to refresh with", DC_EVENT_refresh_begin, WITH(RECORD("OAUTH2", "ACTIVE", ",\"credential\":true"), ""),
     NULL, 400, "nothing to refresh"},
    {"enable one that waits", DC_EVENT_set_status, WITH(WAITING, ""), "{\"enabled\":true}", 400,
     "ConnectedAccount_BadRequest"},
    {"disable REVOKED", DC_EVENT_set_status, WITH(RECORD("OAUTH2", "REVOKED", ""), ""), "{\"enabled\":false}", 400,
     "REVOKED"},
    {"a key for one that waits", DC_EVENT_update, WITH(WAITING, ""), KEY("{\"access_token\":\"s3cret\"}"), 400,
     "waits for its user"},
    {"tokens without a token", DC_EVENT_update, WITH(ACTIVE, ""), KEY("{\"refresh_token\":\"s3cret\"}"), 400,
     "MissingRequiredFields"},
    {"revoke what holds nothing", DC_EVENT_revoke, WITH(WAITING, ""), NULL, 409, "no credential"},
    {"no record", DC_EVENT_delete, "{\"record\":null}", NULL, 404, "ConnectedAccount_ResourceNotFound"},
    {"no such event", DC_EVENT_COUNT, "{}", NULL, 500, "HTTP_InternalServerError"},
};

static void details(void) {
    const dc_reply *reply =
        change(DC_EVENT_link, NEW("OAUTH2"), "{\"user_id\":\"u\",\"alias\":\"work\",\"callback_url\":\"https://c/\"}");
    CHECK_RAW(reply->part[0], "record.link_until", "1600000"); /* ten minutes */
    CHECK_RAW(reply->part[0], "row.due_at", "1600000");
    CHECK_RAW(reply->part[0], "record.alias", "\"work\"");
    CHECK_RAW(reply->part[0], "record.callback_url", "\"https://c/\"");
    CHECK_RAW(reply->part[0], "result.redirect_url", "\"https://me/connect/lk_1\"");
    CHECK(!span_holds(raw_at(reply->part[0], "record"), "lk_1")); /* the link is a secret of its own */
    reply = change(DC_EVENT_create, NEW("OAUTH2"), "{}");
    CHECK_RAW(reply->part[0], "record.user_id", "\"default\"");
    reply =
        change(DC_EVENT_refresh, WITH(RECORD("OAUTH2", "ACTIVE", ""), ",\"query\":{\"redirect_url\":\"https://q/\"}"),
               "{\"redirect_url\":\"https://b/\"}");
    CHECK_RAW(reply->part[0], "record.reconnect_until", "1600000");
    CHECK_RAW(reply->part[0], "record.callback_url", "\"https://q/\"");
    reply = change(
        DC_EVENT_update,
        WITH(RECORD("OAUTH2", "ACTIVE", ",\"expires_at\":5,\"next_refresh_at\":4,\"journal\":3,\"uncertain\":true"),
             ""),
        KEY("{\"access_token\":\"s3cret\",\"refresh_token\":\"\"}"));
    CHECK_RAW(reply->part[0], "record.expires_at", ""); /* that was the old token's */
    CHECK_RAW(reply->part[0], "record.uncertain", "");
    CHECK_RAW(reply->part[0], "record.refreshable", "");
    reply = change(DC_EVENT_revoked,
                   WITH(RECORD("OAUTH2", "ACTIVE", ",\"expires_at\":5,\"credential\":true,\"refreshable\":true"), ""),
                   NULL);
    CHECK_RAW(reply->part[0], "record.credential", "");
    CHECK_RAW(reply->part[0], "record.expires_at", "");
    reply = change(DC_EVENT_use, WITH(ACTIVE, ""), NULL);
    CHECK_RAW(reply->part[0], "record.last_used_at", "1000000");
    char long_words[1200];
    memset(long_words, 'x', sizeof long_words);
    char head[3000];
    snprintf(head, sizeof head,
             "{\"record\":" WAITING ",\"error\":\"e\",\"error_description\":\"%.1000s\xe2\x82\xac\"}", long_words);
    reply = change(DC_EVENT_deny, head, NULL);
    CHECK(raw_at(reply->part[0], "record.status_reason").size <= 302); /* a provider may say anything, and much */
}

int main(void) {
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        rule = good[i].rule;
        check_done(change(good[i].event, good[i].head, good[i].body), good[i].status, good[i].effects,
                   good[i].credential);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        rule = bad[i].rule;
        check_no(change(bad[i].event, bad[i].head, bad[i].body), bad[i].status, bad[i].holds);
    }
    details();
    return check_report();
}
