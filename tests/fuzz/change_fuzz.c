/* Events on accounts, auth configs, projects and keys: whatever stands in the head and body, the reply is one line of
 * JSON, the new record is a record, no record and no error holds a secret, and a credential is whole JSON. */
#include "draw.h"

#include "catalog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RECORD(status, more) \
    "{\"id\":\"ca_1\",\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_config_id\":\"ac_1\",\"auth_scheme\":\"OAUTH2\"," \
    "\"status\":\"" status "\"" more "}"

static const char *const names[] = {
    "id",         "status",      "auth_scheme", "alias",       "identity_id", "val",          "state",
    "connection", "auth_config", "enabled",     "credentials", "scopes",      "access_token", "refresh_token",
    "fields",     "name",        "required",    "tools",       "user_id",     "toolkit",      "auth_config_id",
    "url",        "outcome",     "expires_at",  "granted",     "missing",     "label",        NULL};
static const char *const records[] = {
    RECORD("ACTIVE", ",\"credential\":true,\"refreshable\":true,\"identity_id\":\"i\",\"journal\":5,\"failures\":3"),
    RECORD("ACTIVE", ",\"reconnect_until\":5000,\"next_refresh_at\":1"),
    RECORD("INITIATED", ",\"link_until\":5000,\"scopes_granted\":[\"a\"]"),
    RECORD("INITIALIZING", ",\"link_until\":5000"),
    RECORD("EXPIRED", ""),
    RECORD("FAILED", ""),
    RECORD("REVOKED", ""),
    RECORD("INACTIVE", ",\"resume\":\"EXPIRED\""),
    "{\"id\":\"ca_1\",\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_config_id\":\"ac_1\",\"auth_scheme\":\"API_KEY\","
    "\"status\":\"INITIATED\",\"link_until\":5000}",
    NULL};
static const char *const configs[] = {
    "{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\",\"managed\":true}",
    "{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"API_KEY\"}",
    "{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"NO_AUTH\"}",
    "{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\",\"disabled\":true}",
    "{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"SAML\"}",
    NULL};
static const char *const toolkits[] = {
    "{\"slug\":\"t\",\"name\":\"T\",\"auth_schemes\":[{\"scheme\":\"OAUTH2\",\"fields\":[]},{\"scheme\":\"API_KEY\","
    "\"fields\":[{\"name\":\"api_key\","
    "\"required\":true}]},{\"scheme\":\"NO_AUTH\"}],\"test_request\":{\"url\":\"https://h/\"}}",
    NULL};
static const char *const grants[] = {"{\"outcome\":\"granted\",\"expires_at\":9000,\"refreshable\":true,\"scopes\":{"
                                     "\"granted\":[\"a\"],\"missing\":[]}}",
                                     "{\"outcome\":\"lost\"}", "{\"outcome\":\"later\",\"unanswered\":true}",
                                     "{\"outcome\":\"broken\"}", NULL};
static const char *const links[] = {"{\"url\":\"https://me/connect/lk_1\",\"token\":\"lk_1\"}", NULL};
static const char *const identities[] = {"{\"id\":\"i\",\"label\":\"l\"}", "{\"id\":\"other\"}", "null", NULL};
static const char *const credentials[] = {"{\"client_id\":\"c\",\"client_secret\":\"PLANTED5ecret\"}", "{ }", NULL};
static const char *const requests[] = {
    "{\"method\":\"GET\",\"target\":\"https://u:PLANTED5ecret@h:8/v1/users/PLANTED5ecret/"
    "list?k=PLANTED5ecret\",\"http\":200}",
    "{\"method\":\"PUT\",\"target\":\"https://h/xPLANTED5ecret#PLANTED5ecret\",\"fault\":\"provider_timeout\"}", NULL};
static const char *const vals[] = {"{\"access_token\":\"PLANTED5ecret\"}", "null", NULL};
static const char *const actors[] = {"{\"kind\":\"key\",\"id\":\"ak_1\",\"request_id\":\"r\"}", NULL};
static const char *const queries[] = {"{\"status\":\"ENABLED\"}", "{\"cascade\":true}",
                                      "{\"redirect_url\":\"https://c/\"}", NULL};
static const char *const bodies[] = {
    "{\"auth_config\":{\"id\":\"ac_1\",\"type\":\"use_custom_auth\",\"authScheme\":\"OAUTH2\",\"credentials\":{ "
    "\"client_id\":\"c\",\n\"client_secret\":\"PLANTED5ecret\"}},"
    "\"connection\":{\"user_id\":\"u\",\"alias\":\"a\",\"state\":{\"authScheme\":\"OAUTH2\",\"val\":{\"access_token\":"
    "\"PLANTED5ecret\"}}}}",
    "{\"connection\":{\"state\":{\"val\":{\n\"api_key\": \"PLANTED5ecret\" , \"x\":{ \"y\" : [ 1 ] } }}}}",
    "api_key=PLANTED5ecret&a=%00",
    "{\"credentials\":{ },\"scopes\":[\n\"a\"\n],\"type\":\"custom\"}",
    "{\"name\":\"k\",\"scopes\":[\n\"read\" ]}",
    "{\"callback_urls\":[ \n\"https://a\" ],\"mask_style\":null,\"account_selection\":\"latest\"}",
    "{\"enabled\":false}",
    "",
    NULL};

static void check_reply(const dc_reply *reply, uint32_t event) {
    dc_span record;
    draw_check(reply, true);
    if (reply->part[2].size && (!dc_scan_valid(reply->part[2], NULL) || draw_leaks(reply->part[2]))) abort();
    if (reply->status >= 400 || !reply->part[0].size) return;
    if (draw_leaks(reply->part[0])) abort(); /* records are stored in the clear */
    if (event == DC_EVENT_health) return;    /* of no record at all */
    if (!dc_scan_member(reply->part[0], "record", &record) || record.at[0] != '{') abort();
    if (reply->part[1].size && (!dc_scan_valid(reply->part[1], NULL) || reply->part[1].at[0] != '{')) abort();
    if (draw_found(reply->part[1], "\n")) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    draw_begin(data, size);
    const uint32_t event = draw_byte() % DC_EVENT_COUNT;
    draw_words("{\"id\":\"ca_1\",\"uuid\":\"x\",\"seed\":77,\"managed\":true");
    draw_member("record", event >= DC_EVENT_config_create ? configs : records, names);
    draw_member("config", configs, names);
    draw_member("toolkit", toolkits, names);
    draw_member("siblings", NULL, names);
    draw_member("link", links, names);
    draw_member("grant", grants, names);
    draw_member("identity", identities, names);
    draw_member("credentials", credentials, names);
    draw_member("query", queries, names);
    if (event < DC_EVENT_config_create) draw_member("error_description", NULL, names);
    draw_member("by", actors, names);
    if (event == DC_EVENT_use) {
        draw_member("request", requests, names);
        draw_member("val", vals, names);
    }
    draw_words("}\n");
    const unsigned kind = draw_byte();
    if (kind % 4 == 0) draw_value(names, 0);
    else draw_one(bodies);
    check_reply(dc_change(event, kind & 64 ? 1000 : 9000, draw_give()), event);
    dc_close();
    return 0;
}
