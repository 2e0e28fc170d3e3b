/* Connections that the host confirms: a consent whose link carries the hash of a verifier is held, and only the verifier
 * makes a connection of it. */
#include "call.h"

#include "catalog.h"

#define HASH       "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" /* of VERIFIER: RFC 7636, appendix B */
#define VERIFIER   "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define OTHER      "F9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define CONFIG     "\"config\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\"}"
#define KEY_CONFIG "\"config\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"API_KEY\"}"
#define TOOLKIT \
    "\"toolkit\":{\"slug\":\"t\",\"auth_schemes\":[{\"scheme\":\"OAUTH2\",\"fields\":[]},{\"scheme\":\"API_KEY\"," \
    "\"fields\":[{\"name\":\"api_key\",\"required\":true}]}],\"test_request\":{\"url\":\"https://h/\"}}"
#define LINK "\"link\":{\"url\":\"https://me/connect/lk_1\"}"
#define ACCOUNT(scheme, status, more) \
    "{\"record\":{\"id\":\"ca_1\",\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_config_id\":\"ac_1\",\"auth_scheme\":" \
    "\"" scheme "\",\"status\":\"" status "\"," more "}," TOOLKIT "," LINK
#define WAITING(more) ACCOUNT("OAUTH2", "INITIATED", "\"link_until\":1500000,\"verifier_hash\":\"" HASH "\"" more)
#define HELD(more)    WAITING(",\"held\":true" more)
#define AGAIN(more) \
    ACCOUNT("OAUTH2", "ACTIVE", \
            "\"credential\":true,\"reconnect_until\":1500000,\"verifier_hash\":\"" HASH "\",\"held\":true" more)
#define OPEN            ACCOUNT("OAUTH2", "ACTIVE", "\"credential\":true,\"reconnect_until\":1500000")
#define CARRIED(time)   ACCOUNT("OAUTH2", "INITIATED", "\"credential\":true,\"link_until\":" time)
#define DEAD            ",\"grant\":{\"outcome\":\"lost\"}}"
#define GRANT           ",\"grant\":{\"outcome\":\"granted\",\"refreshable\":true}," CONFIG "}"
#define SAID(digest)    ",\"digest\":\"" digest "\"}"
#define BODY            "{\"connected_account_id\":\"ca_1\",\"verifier\":\"" VERIFIER "\"}"
#define NEW(config)     "{\"id\":\"ca_9\"," config "," TOOLKIT ",\"siblings\":[]," LINK "}"
#define WITH_HASH(hash) "{\"auth_config_id\":\"ac_1\",\"user_id\":\"u\",\"verifier_hash\":\"" hash "\"}"

enum { NOW = 1000000 };

typedef struct row {
    const char *rule;
    dc_event_name event;
    const char *head, *body;
    uint32_t status;
    const char *path, *expected; /* "": it is not there */
} row;

static const row rows[] = {
    {"a link keeps the hash", DC_EVENT_link, NEW(CONFIG), WITH_HASH(HASH), 200, "record.verifier_hash", "\"" HASH "\""},
    {"which has 43 characters", DC_EVENT_link, NEW(CONFIG), WITH_HASH("short"), 400, "errors",
     "[\"verifier_hash: must be the SHA-256 of the verifier, as 43 characters of base64url\"]"},
    {"of base64url", DC_EVENT_link, NEW(CONFIG), WITH_HASH("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"), 400, "code",
     "600"},
    {"of 32 bytes", DC_EVENT_link, NEW(CONFIG), WITH_HASH("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN"), 400, "code",
     "600"},
    {"nobody confirms what needs no link", DC_EVENT_create, NEW(KEY_CONFIG),
     "{\"auth_config\":{\"id\":\"ac_1\"},\"connection\":{\"state\":{\"authScheme\":\"API_KEY\",\"val\":{\"api_key\":"
     "\"k\"}}},\"verifier_hash\":\"" HASH "\"}",
     400, "errors", "[\"verifier_hash: is for an account that its user connects by a link\"]"},

    {"a consent is held", DC_EVENT_connect, WAITING("") GRANT, NULL, 200, "effects", "[\"hold\",\"held\"]"},
    {"which waits on", DC_EVENT_connect, WAITING("") GRANT, NULL, 200, "record.status", "\"INITIATED\""},
    {"without a credential", DC_EVENT_connect, WAITING("") GRANT, NULL, 200, "record.credential", ""},
    {"for ten minutes from now", DC_EVENT_connect, WAITING("") GRANT, NULL, 200, "record.link_until", "1600000"},
    {"a second consent comes too late", DC_EVENT_connect, HELD("") GRANT, NULL, 410, "code", "10410"},
    {"nor does one that is refused undo it", DC_EVENT_deny, HELD("") "}", NULL, 410, "code", "10410"},
    {"and nobody opens the link again", DC_EVENT_open, HELD("") "," CONFIG "}", NULL, 410, "code", "10410"},
    {"an account that works goes on with what it has", DC_EVENT_connect,
     ACCOUNT("OAUTH2", "ACTIVE",
             "\"credential\":true,\"expires_at\":77,\"reconnect_until\":1500000,\"verifier_hash\":\"" HASH "\"") GRANT,
     NULL, 200, "record.expires_at", "77"},
    {"also when it is typed in", DC_EVENT_submit,
     ACCOUNT("API_KEY", "INITIATED", "\"link_until\":1500000,\"verifier_hash\":\"" HASH "\"") "," KEY_CONFIG "}",
     "api_key=k", 200, "effects", "[\"hold\",\"verify\",\"held\"]"},
    {"and is not the account's either", DC_EVENT_submit,
     ACCOUNT("API_KEY", "INITIATED", "\"link_until\":1500000,\"verifier_hash\":\"" HASH "\"") "," KEY_CONFIG "}",
     "api_key=k", 200, "record.status", "\"INITIATED\""},
    {"where the fields must be there all the same", DC_EVENT_submit,
     ACCOUNT("API_KEY", "INITIATED", "\"link_until\":1500000,\"verifier_hash\":\"" HASH "\"") "," KEY_CONFIG "}", "a=b",
     400, "code", "612"},
    {"once", DC_EVENT_submit,
     ACCOUNT("API_KEY", "INITIATED",
             "\"link_until\":1500000,\"verifier_hash\":\"" HASH "\",\"held\":true") "," KEY_CONFIG "}",
     "api_key=k", 410, "code", "10410"},

    {"the verifier frees it", DC_EVENT_complete, HELD("") SAID(HASH), BODY, 200, "effects", "[\"confirm\"]"},
    {"for the connection", DC_EVENT_complete, HELD("") SAID(HASH), BODY, 200, "record.verifier_hash", ""},
    {"another one does not", DC_EVENT_complete, HELD("") SAID(OTHER), BODY, 200, "effects", "[\"wrong\",\"held\"]"},
    {"nor none at all", DC_EVENT_complete, HELD("") "}", BODY, 200, "effects", "[\"wrong\",\"held\"]"},
    {"it is counted", DC_EVENT_complete, HELD(",\"wrong_verifiers\":3") SAID(OTHER), BODY, 200,
     "record.wrong_verifiers", "4"},
    {"and the fifth ends it", DC_EVENT_complete, HELD(",\"wrong_verifiers\":4") SAID(OTHER), BODY, 200, "record.status",
     "\"FAILED\""},
    {"with all that was held", DC_EVENT_complete, HELD(",\"wrong_verifiers\":4") SAID(OTHER), BODY, 200, "effects",
     "[\"wrong\"]"},
    {"but not an account that works", DC_EVENT_complete, AGAIN(",\"wrong_verifiers\":4") SAID(OTHER), BODY, 200,
     "record.status", "\"ACTIVE\""},
    {"a verifier has 43 characters", DC_EVENT_complete, HELD("") SAID(HASH), "{\"verifier\":\"short\"}", 400, "errors",
     "[\"verifier: must be 43 to 128 characters of A-Z, a-z, 0-9 and -._~\"]"},
    {"all of them unreserved", DC_EVENT_complete, HELD("") SAID(HASH),
     "{\"verifier\":\"dBjftJeZ4CVP+mB92K27uhbUJU1p1r_wW1gFWFOEjXk\"}", 400, "code", "600"},
    {"before the user has connected there is nothing to confirm", DC_EVENT_complete, WAITING("") SAID(HASH), BODY, 400,
     "message", "\"The user has not connected yet.\""},
    {"nor afterwards", DC_EVENT_complete, ACCOUNT("OAUTH2", "ACTIVE", "\"credential\":true") SAID(HASH), BODY, 400,
     "message", "\"The account waits for no confirmation.\""},

    {"what nobody confirms is over", DC_EVENT_lapse,
     ACCOUNT("OAUTH2", "INITIATED", "\"link_until\":900000,\"verifier_hash\":\"" HASH "\",\"held\":true") "}", NULL,
     200, "record.status_reason", "\"The connection was not confirmed within 10 minutes\""},
    {"and nothing is held any more", DC_EVENT_lapse,
     ACCOUNT("OAUTH2", "INITIATED", "\"link_until\":900000,\"verifier_hash\":\"" HASH "\",\"held\":true") "}", NULL,
     200, "effects", "[]"},
    {"another link for who waits needs the same verifier", DC_EVENT_refresh, HELD("") "," CONFIG "}", "{}", 200,
     "record.verifier_hash", "\"" HASH "\""},
    {"and what was held is let go", DC_EVENT_refresh, HELD("") "," CONFIG "}", "{}", 200, "effects",
     "[\"link\",\"seal\"]"},
    {"or a new one", DC_EVENT_refresh, HELD("") "," CONFIG "}", "{\"verifier_hash\":\"" OTHER "\"}", 200,
     "record.verifier_hash", "\"" OTHER "\""},
    {"a reconnection has one where it is asked for", DC_EVENT_refresh,
     ACCOUNT("OAUTH2", "EXPIRED", "\"credential\":true") "," CONFIG "}", "{\"verifier_hash\":\"" HASH "\"}", 200,
     "record.verifier_hash", "\"" HASH "\""},
    {"and none where it is not", DC_EVENT_refresh, ACCOUNT("OAUTH2", "EXPIRED", "\"credential\":true") "," CONFIG "}",
     "{}", 200, "record.verifier_hash", ""},
    {"but keeps the one that is open", DC_EVENT_refresh, AGAIN("") "," CONFIG "}", "{}", 200, "record.verifier_hash",
     "\"" HASH "\""},
    {"a link remembers that it has one", DC_EVENT_link, NEW(CONFIG), WITH_HASH(HASH), 200, "record.needs_verifier",
     "true"},
    {"and so does a reconnection", DC_EVENT_refresh, ACCOUNT("OAUTH2", "EXPIRED", "\"credential\":true") "," CONFIG "}",
     "{\"verifier_hash\":\"" HASH "\"}", 200, "record.needs_verifier", "true"},
    {"also when it is over", DC_EVENT_lapse,
     ACCOUNT("OAUTH2", "INITIATED", "\"link_until\":900000,\"verifier_hash\":\"" HASH "\"") "}", NULL, 200,
     "record.needs_verifier", "true"},
    {"so nobody connects it without one", DC_EVENT_refresh,
     ACCOUNT("OAUTH2", "EXPIRED", "\"needs_verifier\":true") "," CONFIG "}", "{}", 400, "errors",
     "[\"verifier_hash: is required: the account was begun with one and nobody has confirmed it since; send the hash "
     "of "
     "a new verifier\"]"},
    {"after a refusal neither", DC_EVENT_refresh, ACCOUNT("OAUTH2", "FAILED", "\"needs_verifier\":true") "," CONFIG "}",
     "{}", 400, "code", "600"},
    {"but with a new one", DC_EVENT_refresh, ACCOUNT("OAUTH2", "EXPIRED", "\"needs_verifier\":true") "," CONFIG "}",
     "{\"verifier_hash\":\"" OTHER "\"}", 200, "record.verifier_hash", "\"" OTHER "\""},
    {"until it is confirmed", DC_EVENT_complete, HELD(",\"needs_verifier\":true") SAID(HASH), BODY, 200,
     "record.needs_verifier", ""},

    {"a grant that dies leaves what is held", DC_EVENT_refresh_end, AGAIN("") DEAD, NULL, 200, "effects", "[\"held\"]"},
    {"which is still to be confirmed", DC_EVENT_refresh_end, AGAIN("") DEAD, NULL, 200, "record.status",
     "\"INITIATED\""},
    {"by the same verifier", DC_EVENT_refresh_end, AGAIN("") DEAD, NULL, 200, "record.verifier_hash", "\"" HASH "\""},
    {"for as long as before", DC_EVENT_refresh_end, AGAIN("") DEAD, NULL, 200, "record.link_until", "1500000"},
    {"and says why", DC_EVENT_refresh_end, AGAIN("") DEAD, NULL, 200, "record.status_reason",
     "\"The provider no longer accepts the stored grant; the user has connected anew; waiting for the host to confirm "
     "it.\""},
    {"a reconnection that is open goes on too", DC_EVENT_refresh_end, OPEN DEAD, NULL, 200, "record.status",
     "\"INITIATED\""},
    {"and says it", DC_EVENT_refresh_end, OPEN DEAD, NULL, 200, "record.status_reason",
     "\"The provider no longer accepts the stored grant; waiting for the user to finish the reconnection.\""},
    {"one that is over does not", DC_EVENT_refresh_end, ACCOUNT("OAUTH2", "ACTIVE", "\"reconnect_until\":900000") DEAD,
     NULL, 200, "record.status", "\"EXPIRED\""},
    {"who asked for that refresh begins no other consent", DC_EVENT_refresh,
     CARRIED("1500000") ",\"lost\":true," CONFIG "}", "{}", 200, "effects", "[]"},
    {"who asks again does", DC_EVENT_refresh, CARRIED("1500000") "," CONFIG "}", "{}", 200, "effects",
     "[\"link\",\"seal\"]"},
    {"where nobody finishes it, the grant is what was lost", DC_EVENT_lapse, CARRIED("900000") "}", NULL, 200,
     "record.status_reason",
     "\"The provider no longer accepts the stored grant, and the reconnection was not finished within 10 minutes\""},
    {"nor confirms it", DC_EVENT_lapse,
     ACCOUNT("OAUTH2", "INITIATED", "\"credential\":true,\"link_until\":900000,\"held\":true") "}", NULL, 200,
     "record.status_reason",
     "\"The provider no longer accepts the stored grant, and the reconnection was not confirmed within 10 minutes\""},
    {"who is disabled waits for nothing", DC_EVENT_set_status, AGAIN("") "}", "{\"enabled\":false}", 200, "record.held",
     ""},
};

int main(void) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const row *r = &rows[i];
        const dc_reply *reply = dc_change(r->event, NOW, give(r->head, r->body));
        bool good = CHECK_STATUS(reply, r->status);
        good = good && CHECK_SPAN(raw_at(reply->part[0], r->path), r->expected);
        if (!good) fprintf(stderr, "  rule: %s\n", r->rule);
    }
    return check_report();
}
