/* Auth configs, the project's configuration and API keys: merging, write-only secrets, and records of one line. */
#include "call.h"

#include "catalog.h"

#define KIT \
    "\"toolkit\":{\"slug\":\"t\",\"name\":\"T\",\"auth_schemes\":[{\"scheme\":\"OAUTH2\"},{\"scheme\":\"API_KEY\"}]}"
#define RECORD(more) "\"record\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\"" more "}"

#define GONE_MEMBERS "\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\",\"disabled\":true,\"deleting\":true"
#define GOING(more)  "\"record\":{" GONE_MEMBERS more "}"
#define GONE         "{" GONE_MEMBERS "}"

typedef struct row {
    dc_event_name event;
    const char *head, *body;
    uint32_t status;
    const char *path, *expected; /* of the value; path NULL: the second part */
} row;

#define OLD ",\"credentials\":{\"client_id\":\"i\",\"client_secret\":\"old\"}"
#define TWO ",\"credentials\":{\"client_id\":\"i\",\"client_secret\":\"old\",\"previous_client_secret\":\"older\"}"

#define SIGNING \
    "\"record\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH1\"},\"credentials\":{\"consumer_key\":" \
    "\"old\"," \
    "\"consumer_secret\":\"olds\"}"

static const row rows[] = {
    {DC_EVENT_config_create, "{\"id\":\"ac_1\"," KIT "}",
     "{\"auth_config\":{\"type\":\"use_custom_auth\",\"credentials\":{ \"client_id\":\"i\",\n "
     "\"client_secret\":\"s3cret\"}}}",
     200, NULL, "{\"client_id\":\"i\",\"client_secret\":\"s3cret\"}"},
    {DC_EVENT_config_create, "{\"id\":\"ac_1\",\"managed\":true," KIT "}", "{}", 200, "record.managed", "true"},
    {DC_EVENT_config_create, "{\"id\":\"ac_1\"," KIT "}", "{}", 400, "code", "306"},
    {DC_EVENT_config_create, "{\"id\":\"ac_1\",\"toolkit\":null}", "{}", 404, "code", "401"},
    {DC_EVENT_config_create, "{\"id\":\"ac_1\"," KIT "}",
     "{\"auth_config\":{\"type\":\"use_custom_auth\",\"credentials\":{\"client_secret\":\"s3cret\"}}}", 400, "errors",
     "[\"auth_config.credentials.client_id: is required\"]"},
    {DC_EVENT_config_create, "{\"id\":\"ac_1\"," KIT "}",
     "{\"auth_config\":{\"type\":\"use_custom_auth\",\"credentials\":{\"client_id\":\"i\",\"client_secret\":\"GOCS..."
     "\"}}}",
     400, "errors", "[\"client_secret: is a masked value, not the secret itself\"]"},
    {DC_EVENT_config_create, "{\"id\":\"ac_1\"," KIT "}",
     "{\"auth_config\":{\"type\":\"use_custom_auth\",\"authScheme\":\"BASIC\"}}", 400, "errors",
     "[\"auth_config.authScheme: is not a scheme of this toolkit\"]"},
    {DC_EVENT_config_update, "{" RECORD("") OLD "}",
     "{\"type\":\"custom\",\"credentials\":{\"client_secret\":\"s3cret\"}}", 200, NULL,
     "{\"client_secret\":\"s3cret\",\"previous_client_secret\":\"old\",\"client_id\":\"i\"}"},
    {DC_EVENT_config_update, "{" RECORD("") OLD "}",
     "{\"type\":\"custom\",\"credentials\":{\"client_secret\":\"old\"}}", 200, NULL,
     "{\"client_secret\":\"old\",\"client_id\":\"i\"}"}, /* the same: nothing is renewed */
    {DC_EVENT_config_update, "{" RECORD("") OLD "}",
     "{\"type\":\"custom\",\"credentials\":{\"client_secret\":\"s3cret\"}}", 200, "record.overlap_until",
     "604801000"}, /* a week */
    {DC_EVENT_config_update, "{" RECORD(",\"overlap_until\":1000") TWO "}",
     "{\"type\":\"custom\",\"credentials\":{\"x\":\"1\"}}", 200, NULL,
     "{\"x\":\"1\",\"client_id\":\"i\",\"client_secret\":\"old\"}"}, /* the week is over */
    {DC_EVENT_config_update, "{" RECORD(",\"overlap_until\":1001") TWO "}",
     "{\"type\":\"custom\",\"credentials\":{\"x\":\"1\"}}", 200, NULL,
     "{\"x\":\"1\",\"client_id\":\"i\",\"client_secret\":\"old\",\"previous_client_secret\":\"older\"}"},
    {DC_EVENT_config_update, "{" RECORD(",\"health\":{\"failures\":3,\"broken\":true}") OLD "}",
     "{\"type\":\"custom\",\"credentials\":{\"client_secret\":\"s3cret\"}}", 200, "record.health", ""},
    {DC_EVENT_config_update, "{" RECORD("") OLD "}", "{\"type\":\"custom\",\"credentials\":{ \n},\"scopes\":[ \"a\" ]}",
     200, NULL, "{\"scopes\":[\"a\"],\"client_id\":\"i\",\"client_secret\":\"old\"}"},
    {DC_EVENT_config_update, "{" RECORD("") OLD "}", "{\"type\":\"custom\",\"scopes\":\"a b\"}", 200, NULL,
     "{\"scopes\":\"a b\",\"client_id\":\"i\",\"client_secret\":\"old\"}"},
    {DC_EVENT_config_update, "{" RECORD(",\"name\":\"old\"") OLD "}", "{\"type\":\"custom\",\"name\":\"new\"}", 200,
     NULL, ""},
    {DC_EVENT_config_update, "{" RECORD(",\"managed\":true") "}",
     "{\"type\":\"custom\",\"credentials\":{\"client_id\":\"x\"}}", 400, "code", "301"},
    {DC_EVENT_config_status, "{" RECORD("") ",\"query\":{\"status\":\"DISABLED\"}}", "", 200, "record.disabled",
     "true"},
    {DC_EVENT_config_status, "{" RECORD(",\"disabled\":true") ",\"query\":{\"status\":\"ENABLED\"}}", "", 200,
     "record.disabled", ""},
    {DC_EVENT_config_delete, "{" RECORD("") ",\"accounts\":2}", "", 400, "code", "301"},
    /* A deletion: marked first, and only then anything else. */
    {DC_EVENT_config_delete, "{" RECORD("") ",\"accounts\":2,\"query\":{\"cascade\":true}}", "", 200, "effects",
     "[\"close\"]"},
    {DC_EVENT_config_delete, "{" RECORD("") ",\"accounts\":2,\"query\":{\"cascade\":true}}", "", 200,
     "record.deleting_accounts", "true"},
    {DC_EVENT_config_delete, "{" RECORD("") ",\"accounts\":0}", "", 200, "row.deleting", "\"true\""},
    {DC_EVENT_config_delete, "{" RECORD("") ",\"accounts\":0}", "", 200, "record.disabled", "true"},
    {DC_EVENT_config_delete, "{" RECORD("") ",\"accounts\":0,\"closed\":true}", "", 200, "effects", "[\"remove\"]"},
    {DC_EVENT_config_delete, "{" GOING(",\"deleting_accounts\":true") ",\"accounts\":2}", "", 200, "effects",
     "[\"close\"]"}, /* after a crash the shards are closed again */
    {DC_EVENT_config_delete, "{" GOING(",\"deleting_accounts\":true") ",\"accounts\":2,\"closed\":true}", "", 200,
     "effects", "[\"purge\"]"},
    {DC_EVENT_config_delete, "{" GOING("") ",\"accounts\":2,\"closed\":true,\"query\":{\"cascade\":true}}", "", 200,
     "effects", "[\"purge\"]"},
    {DC_EVENT_config_delete, "{" GOING("") ",\"accounts\":2,\"closed\":true}", "", 200, "effects", "[\"reopen\"]"},
    {DC_EVENT_config_delete, "{" GOING("") ",\"accounts\":2,\"closed\":true}", "", 200, "record",
     "{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\"}"}, /* as it was */
    {DC_EVENT_config_delete, "{" GOING(",\"kept_off\":true") ",\"accounts\":2,\"closed\":true}", "", 200,
     "record.disabled", "true"},
    {DC_EVENT_config_status, "{" GOING("") ",\"query\":{\"status\":\"ENABLED\"}}", "", 400, "message",
     "\"The auth config is being deleted.\""},
    {DC_EVENT_config_update, "{" GOING("") "}", "{\"type\":\"custom\",\"name\":\"new\"}", 400, "message",
     "\"The auth config is being deleted.\""},
    {DC_EVENT_link, "{\"id\":\"ca_1\",\"config\":" GONE "," KIT ",\"link\":{\"url\":\"https://r\"}}", "", 400, "code",
     "301"},
    /* A previous secret by itself says nothing. */
    {DC_EVENT_config_update, "{" RECORD("") OLD "}",
     "{\"type\":\"custom\",\"credentials\":{\"previous_client_secret\":\"s3cret\"}}", 400, "errors",
     "[\"credentials.previous_client_secret: is taken only together with client_secret\"]"},
    {DC_EVENT_config_create, "{\"id\":\"ac_1\"," KIT "}",
     "{\"auth_config\":{\"type\":\"use_custom_auth\",\"credentials\":{\"client_id\":\"i\",\"previous_client_secret\":"
     "\"s3cret\"}}}",
     400, "errors", "[\"auth_config.credentials.previous_client_secret: is taken only together with client_secret\"]"},
    {DC_EVENT_config_update, "{" RECORD("") OLD "}",
     "{\"type\":\"custom\",\"credentials\":{\"client_secret\":\"a\",\"previous_client_secret\":\"s3cret\"}}", 200,
     "record.overlap_until", "604801000"},
    {DC_EVENT_config_update, "{" RECORD("") ",\"credentials\":{\"client_id\":\"i\"}}",
     "{\"type\":\"custom\",\"credentials\":{\"client_secret\":\"a\",\"previous_client_secret\":\"s3cret\"}}", 200,
     "record.overlap_until", "604801000"},
    {DC_EVENT_config_create, "{\"id\":\"ac_1\"," KIT "}",
     "{\"auth_config\":{\"type\":\"use_custom_auth\",\"credentials\":{\"client_id\":\"i\",\"client_secret\":\"a\","
     "\"previous_client_secret\":\"s3cret\"}}}",
     200, "record.overlap_until", "604801000"},
    {DC_EVENT_config_update, "{\"record\":null}", "{}", 404, "code", "302"},
    /* What a creation must have, a change leaves, and only a text that can be read is one. */
    {DC_EVENT_config_create, "{\"id\":\"ac_1\"," KIT "}",
     "{\"auth_config\":{\"type\":\"use_custom_auth\",\"credentials\":{\"client_id\":\"\\ud800\"}}}", 400, "errors",
     "[\"auth_config.credentials.client_id: is required\"]"},
    {DC_EVENT_config_update, "{" RECORD("") OLD "}", "{\"type\":\"custom\",\"credentials\":{\"client_id\":\"\"}}", 400,
     "errors", "[\"credentials.client_id: is required\"]"},
    {DC_EVENT_config_update, "{" RECORD("") OLD "}", "{\"type\":\"custom\",\"credentials\":{\"client_id\":5}}", 400,
     "errors", "[\"credentials.client_id: is required\"]"},
    {DC_EVENT_config_update, "{" RECORD("") OLD "}", "{\"type\":\"custom\",\"credentials\":{\"client_id\":null}}", 200,
     NULL, "{\"client_id\":\"i\",\"client_secret\":\"old\"}"},
    {DC_EVENT_config_update, "{" SIGNING "}",
     "{\"type\":\"custom\",\"credentials\":{\"client_secret\":\"\",\"consumer_secret\":\"\"}}", 400, "errors",
     "[\"credentials.consumer_secret: is required\"]"},
    {DC_EVENT_config_update, "{" SIGNING "}", "{\"type\":\"custom\",\"credentials\":{\"consumer_key\":\"\"}}", 400,
     "errors", "[\"credentials.consumer_key: is required\"]"},
    {DC_EVENT_config_update, "{" SIGNING "}", "{\"type\":\"custom\",\"credentials\":{\"client_id\":\"new\"}}", 200,
     NULL, "{\"client_id\":\"new\",\"consumer_secret\":\"olds\"}"},

    {DC_EVENT_project_open, "{}", "", 200, "record.mask_secret_keys_in_connected_account", "true"},
    {DC_EVENT_project_open, "{}", "", 200, "record.account_selection", "\"explicit\""},
    {DC_EVENT_project_update, "{\"record\":{\"mask_style\":\"full\"}}", "{\"display_name\":\"x\",\"unknown\":1}", 200,
     "record.mask_style", "\"full\""},
    {DC_EVENT_project_update, "{\"record\":{\"mask_style\":\"full\"}}", "{\"mask_style\":null}", 200,
     "record.mask_style", "\"full\""},
    {DC_EVENT_project_update, "{\"record\":null}", "{\"mask_secret_keys_in_connected_account\":null}", 200,
     "record.mask_secret_keys_in_connected_account", "true"},
    {DC_EVENT_project_update, "{\"record\":{\"logo_url\":\"https://l\"}}", "{\"logo_url\":null}", 200,
     "record.logo_url", "null"},
    {DC_EVENT_project_update, "{\"record\":null}", "{\"callback_urls\":[\n\"https://a\" ,\r\n\"b\"]}", 200,
     "record.callback_urls", "[\"https://a\",\"b\"]"},
    {DC_EVENT_project_update, "{\"record\":null}", "{\"unknown\":1}", 200, "record.unknown", ""},

    {DC_EVENT_key_create, "{\"id\":\"k\",\"caller\":{\"scopes\":[\"admin\",\"read\"]}}",
     "{\"name\":\"n\",\"scopes\":[\n\"read\" ]}", 200, "record.scopes", "[\"read\"]"},
    {DC_EVENT_key_create, "{\"id\":\"k\",\"caller\":{\"scopes\":[\"admin\"]}}",
     "{\"name\":\"n\",\"scopes\":[\"reveal\"]}", 403, "code", "10403"}, /* nobody gives what is not theirs */
    {DC_EVENT_key_create, "{\"id\":\"k\"}", "{\"name\":\"n\",\"scopes\":[\"read\"]}", 403, "code", "10403"},
    {DC_EVENT_key_create, "{\"id\":\"k\",\"first\":true}", "", 200, "result.scopes",
     "[\"read\",\"write\",\"reveal\",\"admin\"]"},
    {DC_EVENT_key_create, "{\"id\":\"k\",\"first\":true,\"value\":\"s3cret\"}", "", 400, "code", "10400"},
    {DC_EVENT_key_create, "{\"id\":\"k\",\"first\":true,\"value\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}", "", 400, "code",
     "10400"},
    {DC_EVENT_key_create, "{\"id\":\"k\",\"first\":true,\"value\":\"Zm9vYmFyMTIzNDU2Nzg5MDEyMw s3cret\"}", "", 400,
     "code", "10400"},
    {DC_EVENT_key_create, "{\"id\":\"k\",\"first\":true,\"value\":\"ak_Zm9vYmFyMTIzNDU2Nzg5MDEyMw\"}", "", 200,
     "record.id", "\"k\""},
};

/* Addresses that a project with a list lets users be sent to. */
static void callbacks(void) {
    static const char *const urls[][2] = {
        /* the entry; an address, `!` before what is refused */
        {"https://a.example/cb", "https://a.example/cb"},      {"https://a.example/cb", "!https://a.example/cb2"},
        {"https://a.example/cb", "!https://a.example/cb?x=1"}, {"https://a.example", "https://a.example/any?x#y"},
        {"https://a.example", "!https://a.example.evil.com/"}, {"https://a.example", "!https://a.example@evil.com/"},
        {"https://a.example", "!https://a.example:444/"},      {"https://a.example", "!http://a.example/"},
        {"https://a.example", "!https://A.example/"},          {"https://a.example:8443", "https://a.example:8443/x"},
        {"https://a.example/", "!https://a.example/x"},
    };
    char head[1024], body[256];
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        const bool refused = urls[i][1][0] == '!';
        snprintf(head, sizeof head,
                 "{\"id\":\"ca_1\",\"config\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\"}," KIT
                 ",\"link\":{\"url\":\"https://r\"},\"project\":{\"callback_urls\":[\"https://other\",\"%s\"]}}",
                 urls[i][0]);
        snprintf(body, sizeof body, "{\"user_id\":\"u\",\"callback_url\":\"%s\"}", urls[i][1] + refused);
        const dc_reply *reply = dc_change(DC_EVENT_link, 1000, give(head, body));
        if (!CHECK_STATUS(reply, refused ? 400 : 200)) fprintf(stderr, "  %s\n", urls[i][1]);
    }
}

int main(void) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const row *r = &rows[i];
        const dc_reply *reply = dc_change(r->event, 1000, give(r->head, r->body));
        bool good = CHECK_STATUS(reply, r->status) && CHECK(!span_holds(reply->part[0], "s3cret")) &&
                    CHECK(!span_holds(reply->part[0], "\n"));
        if (r->path) good = good && CHECK_RAW(reply->part[0], r->path, r->expected);
        else good = good && CHECK_SPAN(reply->part[1].size ? reply->part[1] : ((dc_span){"", 0}), r->expected);
        if (!good) fprintf(stderr, "  row %zu\n", i);
    }
    callbacks();
    return check_report();
}
