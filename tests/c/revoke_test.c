/* Tokens that no account takes: whether they may be revoked without taking working accounts along. */
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
int main(void) {
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
    return check_report();
}
