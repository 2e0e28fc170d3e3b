/* Tokens that may take working accounts along: those that no account takes, and those whose revocation was put off. */
#include "call.h"

#include "catalog.h"

#define VAL ",\"val\":{\"access_token\":\"at\",\"refresh_token\":\"rt\"}"
#define BARE \
    "\"toolkit\":{\"slug\":\"t\",\"auth_schemes\":[{\"scheme\":\"OAUTH2\"}]}," \
    "\"config\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\"}"

static const dc_reply *discard(const char *head) {
    return dc_grant(DC_GRANT_discard, 1000000, give(head, NULL));
}

/* Revoked only where it is known that it takes no other along, or that there is no other. */
static void discards(void) {
    static const struct {
        const char *ends, *more, *outcome; /* outcome NULL: a request */
    } rows[] = {
        {",\"ends\":\"token\"", "", NULL},
        {",\"ends\":\"grant\"", "", NULL},
        {",\"ends\":\"user\"", "", "\"ask\""},
        {"", "", "\"ask\""},
        {",\"ends\":\"tokens\"", "", "\"ask\""},
        {",\"ends\":5", "", "\"ask\""},
        {"", ",\"alone\":true", NULL},
        {"", ",\"alone\":false", "\"kept\""},
        {"", ",\"alone\":null", "\"kept\""},
        {"", ",\"alone\":\"true\"", "\"kept\""},
        {",\"ends\":\"user\"", ",\"alone\":1", "\"kept\""},
    };
    char head[1024];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(head, sizeof head,
                 "{\"toolkit\":{\"slug\":\"t\",\"auth_schemes\":[{\"scheme\":\"OAUTH2\",\"revocation\":{\"url\":"
                 "\"https://p/r\",\"body\":{\"token\":\"{token}\"}%s}}]},\"config\":{\"id\":\"ac_1\",\"toolkit\":\"t\","
                 "\"auth_scheme\":\"OAUTH2\"}" VAL "%s}",
                 rows[i].ends, rows[i].more);
        const dc_reply *reply = discard(head);
        const bool good = CHECK_STATUS(reply, rows[i].outcome ? 204 : 0) &&
                          (!rows[i].outcome || CHECK_RAW(reply->part[0], "outcome", rows[i].outcome));
        if (!good) fprintf(stderr, "  %s%s\n", rows[i].ends, rows[i].more);
    }
    CHECK_RAW(discard("{" BARE VAL "}")->part[0], "outcome", "\"unsupported\"");
}

#define ACCOUNT(user, toolkit) \
    "{\"id\":\"ca_1\",\"user_id\":\"" user "\",\"toolkit\":\"" toolkit "\",\"auth_config_id\":\"ac_1\"," \
    "\"auth_scheme\":\"OAUTH2\",\"status\":\"ACTIVE\""
#define ADA ",\"identity_id\":\"1\""
#define EVE ",\"identity_id\":\"2\""
#define NEW ",\"credential\":true,\"connected_at\":500}"
#define OLD ",\"credential\":true,\"connected_at\":499}"

/* Sent only where nobody has connected since who could be the same. */
static void retries(void) {
    static const struct {
        const char *accounts, *known, *unknown; /* outcome where it is known whose it was, and where it is not */
    } rows[] = {
        {"", "send", "send"},
        {ACCOUNT("ada", "t") ADA NEW, "wait", "wait"},
        {ACCOUNT("ada", "t") ADA OLD, "send", "send"},
        {ACCOUNT("ada", "t") ADA ",\"connected_at\":900}", "send", "send"},
        {ACCOUNT("ada", "t") ADA ",\"held\":true}", "wait", "wait"},
        {ACCOUNT("eve", "other") ADA NEW, "wait", "send"},
        {ACCOUNT("ada", "t") EVE NEW, "send", "wait"},
        {ACCOUNT("ada", "t") NEW, "wait", "wait"},
        {ACCOUNT("ada", "other") NEW, "send", "send"},
        {ACCOUNT("eve", "t") NEW, "send", "send"},
        {ACCOUNT("ada", "t") ADA OLD "," ACCOUNT("eve", "t") NEW "," ACCOUNT("eve", "t") ADA NEW, "wait", "send"},
        {ACCOUNT("eve", "t") OLD ",{}", "wait", "wait"},
        {"7," ACCOUNT("eve", "t") OLD, "wait", "wait"},
        {"{\"id\":\"ca_1\",\"user_id\":\"eve\",\"toolkit\":\"t\",\"auth_config_id\":\"ac_1\",\"auth_scheme\":"
         "\"OAUTH2\",\"status\":\"LATER\"}",
         "wait", "wait"},
    };
    char head[2048], wanted[16];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int known = 0; known < 2; known++) {
            snprintf(head, sizeof head,
                     "{\"identity\":%s,\"user\":\"ada\",\"toolkit\":\"t\",\"since\":500,\"accounts\":[%s]}",
                     known ? "\"1\"" : "null", rows[i].accounts);
            snprintf(wanted, sizeof wanted, "\"%s\"", known ? rows[i].known : rows[i].unknown);
            const dc_reply *reply = dc_grant(DC_GRANT_retry, 1000000, give(head, NULL));
            if (!CHECK_STATUS(reply, 200) || !CHECK_RAW(reply->part[0], "outcome", wanted))
                fprintf(stderr, "  %s\n", head);
        }
    }
}

/* By which column the host finds them: what holds nothing was never given, what waits to be confirmed is given last. */
static void times(void) {
    static const struct {
        const char *more, *given;
    } rows[] = {
        {",\"credential\":true,\"connected_at\":500", "500"},
        {",\"connected_at\":500", "0"},
        {"", "0"},
        {",\"held\":true", "9007199254740991"},
        {",\"held\":true,\"credential\":true,\"connected_at\":500", "9007199254740991"},
    };
    char head[1024];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(head, sizeof head, "{\"record\":" ACCOUNT("ada", "t") "%s}," BARE "}", rows[i].more);
        const dc_reply *reply = dc_change(DC_EVENT_use, 1000000, give(head, NULL));
        if (!CHECK_STATUS(reply, 200) || !CHECK_RAW(reply->part[0], "row.given_at", rows[i].given))
            fprintf(stderr, "  %s\n", head);
    }
    CHECK_RAW(dc_grant(DC_GRANT_retry, 1000000, give("{\"user\":\"ada\",\"toolkit\":\"t\"}", NULL))->part[0], "outcome",
              "\"wait\"");
}

int main(void) {
    discards();
    retries();
    times();
    return check_report();
}
