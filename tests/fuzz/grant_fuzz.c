/* Grants and tools: hostile provider answers, definitions, credentials and callbacks. A request that is built is one
 * line of a target and headers of one line each, whatever the values hold; no error repeats a secret. */
#include "draw.h"

#include "catalog.h"
#include "template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {"scheme",
                                    "auth_schemes",
                                    "client_id",
                                    "client_secret",
                                    "access_token",
                                    "refresh_token",
                                    "scope",
                                    "scopes",
                                    "expires_in",
                                    "url",
                                    "method",
                                    "headers",
                                    "body",
                                    "token",
                                    "username",
                                    "password",
                                    "host",
                                    "in",
                                    "name",
                                    "template",
                                    "endpoint",
                                    "parameters",
                                    "value",
                                    "type",
                                    "arguments",
                                    "path",
                                    "query",
                                    "id",
                                    "error",
                                    "authed_user",
                                    "schema",
                                    "required",
                                    "properties",
                                    "items",
                                    "minimum",
                                    "enum",
                                    "start.a",
                                    "start.b",
                                    "oauth_token",
                                    "oauth_token_secret",
                                    "consumer_key",
                                    "consumer_secret",
                                    "where",
                                    "http_status",
                                    "match",
                                    "reason/code",
                                    "revoked_markers",
                                    "callback_params",
                                    "user_id",
                                    "identity_id",
                                    "connected_at",
                                    NULL};
static const char *const toolkits[] = {
    "{\"slug\":\"t\",\"api_base_url\":\"https://api.h.example/"
    "v1\",\"auth_schemes\":[{\"scheme\":\"OAUTH2\",\"authorization_url\":\"https://{host}/a\","
    "\"token_url\":\"https://h.example/"
    "t\",\"token_request_format\":\"json\",\"client_auth\":\"client_secret_post\",\"default_scopes\":[\"a\",\"b\"],"
    "\"api_auth\":{\"in\":\"header\",\"name\":\"Authorization\",\"template\":\"Bearer "
    "{access_token}\"},\"revocation\":{\"url\":\"https://h/r/{token}\","
    "\"auth\":\"Bearer\",\"body\":{\"token\":\"{token}\"}},\"identity\":{\"url\":\"{instance_url}/"
    "me\",\"id_path\":\"data[0].id\",\"label_paths\":[\"a.b\"]}}]}",
    "{\"slug\":\"t\",\"api_base_url\":\"{instance_url}\",\"hosts\":[\"https://"
    "h2.example\"],\"auth_schemes\":[{\"scheme\":\"OAUTH2\",\"pkce\":\"unsupported\","
    "\"authorization_url\":\"https://h/a?x=y\",\"token_url\":\"https://{sub}.h/"
    "t\",\"extra_token_headers\":{\"X-A\":\"{client_id}\"},"
    "\"scope_separator\":\",\",\"api_auth\":{\"in\":\"query\",\"params\":{\"k\":\"{access_token}\"}},\"required_"
    "headers\":{\"V\":\"1\"},"
    "\"revocation\":{\"url\":\"https://h/r\",\"auth\":\"Basic\",\"content_type\":\"application/"
    "json\",\"body\":{\"t\":\"{refresh_token}\"}}}]}",
    "{\"slug\":\"t\",\"auth_schemes\":[{\"scheme\":\"BASIC\",\"api_auth\":{\"in\":\"header\",\"name\":\"A\","
    "\"template\":\"Basic base64({username}:{password})\"}}],"
    "\"test_request\":{\"url\":\"https://{host}/x\",\"method\":\"POST\",\"body\":{\"q\":\"{ a }\"}}}",
    "{\"slug\":\"t\",\"revoked_markers\":[{\"where\":\"token "
    "endpoint\",\"http_status\":[200,400],\"match\":{\"error\":["
    "\"x\",\"lost\"],\"id/error\":5}},{\"where\":\"token endpoint\",\"match\":{\"ok\":false},\"outcome\":\"broken\"}],"
    "\"auth_schemes\":[{\"scheme\":\"OAUTH2\",\"token_url\":\"https://{host}/t\",\"callback_params\":{\"realm_id\":"
    "\"a\"}}]}",
    "{\"slug\":\"t\",\"auth_schemes\":[{\"scheme\":\"OAUTH2\",\"authorization_url\":\"https://h/{sub}/a\","
    "\"token_url\":\"{instance_url}{host}.h.example/{sub}{host}/t\"}]}",
    "{\"slug\":\"t\",\"auth_schemes\":[{\"scheme\":\"OAUTH1\",\"request_token_url\":\"https://h/r?x=y\",\"token_url\":"
    "\"https://{host}.h.example/t\",\"authorization_url\":\"https://h/a\",\"extra_authorization_params\":{\"a\":\"b "
    "c\"},"
    "\"api_auth\":{\"in\":\"oauth1_signature\"},\"identity\":{\"url\":\"https://h/{sub}\"}}]}",
    "\"t\"", /* of a retry it is the name */
    NULL};
static const char *const configs[] = {"{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\"}",
                                      "{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"BASIC\"}",
                                      "{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH1\"}", NULL};
static const char *const clients[] = {"{\"client_id\":\"c d\",\"client_secret\":\"PLANTED5ecret\",\"scopes\":\"a,b\"}",
                                      "{\"client_id\":\"c\",\"host\":\"h\"}",
                                      "{\"consumer_key\":\"k /\",\"consumer_secret\":\"PLANTED5ecret\"}", NULL};
static const char *const vals[] = {
    "{\"access_token\":\"PLANTED5ecret\",\"refresh_token\":\"PLANTED5ecret\",\"host\":"
    "\"h\",\"sub\":\"s\",\"instance_url\":\"https://i/\"}",
    "{\"access_token\":\"PLANTED5ecret\\r\\nx: y\",\"instance_url\":\"https://a@b/\"}",
    "{\"oauth_token\":\"t /\",\"oauth_token_secret\":\"PLANTED5ecret\",\"host\":\"h\"}",
    "{\"authed_user\":{\"access_token\":\"PLANTED5ecret\"},\"access_token\":\"PLANTED5ecret\"}",
    "{\"username\":\"PLANTED5ecret\",\"password\":\"\\u0000\",\"host\":\"evil.com/\"}",
    NULL};
static const char *const tools[] = {
    "{\"slug\":\"X\",\"toolkit\":\"t\",\"method\":\"POST\",\"base_url\":\"https://api.h.example\",\"path\":\"/a/"
    "{id}\",\"request_format\":\"json\",\"versions\":[\"1\"],"
    "\"parameters\":[{\"name\":\"id\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"}},{\"name\":"
    "\"n\",\"in\":\"query\",\"schema\":{\"type\":"
    "[\"integer\",\"array\"],\"minimum\":1,\"items\":{\"enum\":[1,\"a\"]}}},{\"name\":\"start.a\",\"schema\":{"
    "\"default\":5}},{\"name\":\"start.b\"}]}",
    "{\"slug\":\"X\",\"method\":\"POST\",\"base_url\":\"{instance_url}\",\"path\":\"/"
    "\",\"request_format\":\"form\",\"parameters\":[{\"name\":\"f\"}],\"headers\":{\"H\":\"{token}\"}}",
    NULL};
static const char *const rests[] = {
    "{\"access_token\":\"PLANTED5ecret\",\"expires_in\":\"3600\",\"scope\":[\"a\"]}",
    "access_token=PLANTED5ecret&scope=a%20b",
    "{\"error\":\"invalid_grant\"}",
    "\xEF\xBB\xBF{\"error\":\"\\u2028 \\u0050LANTED5ecret\",\"error_description\":\"UExBTlRFRDVlY3JldA\"}",
    "{\"ok\":false,\"error\":null}",
    "access_token=a&access_token=b&error=PLANTED5%65cret",
    "{\"ok\":false,\"authed_user\":{\"access_token\":\"PLANTED5ecret\",\"expires_in\":5,\"scope\":\"a\"}}",
    "oauth_token=a%2B&oauth_token_secret=PLANTED5ecret&oauth_callback_confirmed=true",
    "b=%25&a=+&a=&=c",
    "<html>",
    "{\"arguments\":{\"id\":\"..\",\"n\":[1]},\"user_id\":\"u\"}",
    "{\"endpoint\":\"/../y\",\"parameters\":[{\"name\":\"a\",\"value\":\"b\\r\",\"type\":\"header\"}]}",
    "{\"endpoint\":\"/p?a=b\",\"method\":\"POST\",\"body\":{\"a\":1e999}}",
    "{\"data\":[{\"id\":5}],\"errors\":[1]}",
    "",
    NULL};

static const char *const urls[] = {"\"https://H.example:443/a/b?c=d&a=%20+&a=1\"", "\"http://h:80\"",
                                   "\"https://u@h/\"", "\"https://h/?%zz\"", NULL};
static const char *const types[] = {"\"application/x-www-form-urlencoded\"", "\"application/json\"", "\"a\\r\\nb\"",
                                    NULL};
static const char *const methods[] = {"\"GET\"", "\"POST\"", "\"get\"", NULL};
static const char *const queries[] = {"\"a=1&state=s&oauth_token=t%20%2F&oauth_verifier=v\"", "\"a=%zz&a=2\"", NULL};
static const char *const signatures[] = {"\"c2ln+/=\"", "\"a\\r\\nx: y\"", NULL};

#define HOLDER \
    "{\"id\":\"ca_1\",\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_config_id\":\"ac_1\",\"auth_scheme\":\"OAUTH2\"," \
    "\"status\":" \
    "\"ACTIVE\",\"credential\":true,\"connected_at\":"
static const char *const accounts[] = {"[]",
                                       "[" HOLDER "5}]",
                                       "[" HOLDER "2000,\"identity_id\":\"1\"}]",
                                       "[5," HOLDER "\"x\"}]",
                                       "[" HOLDER "1}," HOLDER "2,\"held\":true}]",
                                       NULL};
static const char *const identities[] = {"\"1\"", "null", NULL};
static const char *const users[] = {"\"u\"", "\"v\"", NULL};
static const char *const moments[] = {"0", "1000", "1e300", NULL};
static const char *const denials[] = {"\"t /\"", "\"\"", NULL};
static const char *const answers[] = {"true", "false", NULL};

/* What is signed is three encoded parts, and the key is nowhere but where the host takes it from. */
static void check_to_sign(const dc_reply *reply) {
    dc_span raw, base;
    uint32_t marks = 0;
    if (!reply->part[1].size || !dc_scan_member(reply->part[1], "base", &raw)) return;
    if (!dc_scan_string(raw, &base)) abort();
    for (uint32_t i = 0; i < base.size; i++) {
        const char c = base.at[i];
        const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && !strchr("-._~%&", c)) abort();
        marks += c == '&';
    }
    if (marks != 2 || draw_leaks(reply->part[0])) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    draw_begin(data, size);
    const unsigned step = draw_byte(), http[] = {200, 400, 401, 0, 503};
    char text[32];
    draw_words(
        "{\"state\":\"st\",\"challenge\":\"ch\",\"redirect_uri\":\"https://me/cb\",\"callback\":\"https://me/cb\"");
    draw_words(",\"timestamp\":1800000000,\"nonce\":\"n\",\"oauth_token\":\"t /\",\"oauth_verifier\":\"v\"");
    draw_member("toolkit", toolkits, names);
    draw_member("config", configs, names);
    draw_member("credentials", clients, names);
    draw_member("val", vals, names);
    draw_member("tool", tools, names);
    draw_member("code", NULL, names);
    draw_member("query", queries, names);
    draw_member("url", urls, names);
    draw_member("method", methods, names);
    draw_member("content_type", types, names);
    draw_member("signature", signatures, names);
    draw_member("headers", NULL, names);
    draw_member("accounts", accounts, names);
    draw_member("identity", identities, names);
    draw_member("user", users, names);
    draw_member("since", moments, names);
    draw_member("denied", denials, names);
    draw_member("oauth_problem", NULL, names);
    draw_member("alone", answers, names);
    draw_member("temporary", answers, names);
    snprintf(text, sizeof text, ",\"http\":%u}\n", http[draw_byte() % 5]);
    draw_words(text);
    const unsigned kind = draw_byte();
    if (kind % 3 == 0) draw_value(names, 0);
    else if (kind % 3 == 1) draw_one(rests);
    else draw_put((const char *)drawing.at, (size_t)(drawing.end - drawing.at));
    const bool tool = step & 1;
    const dc_reply *reply = tool ? dc_tool(step / 2 % DC_TOOL_COUNT, 1000, draw_give())
                                 : dc_grant(step / 2 % DC_GRANT_COUNT, 1000, draw_give());
    const uint32_t grant_step = step / 2 % DC_GRANT_COUNT;
    const bool signs = grant_step == DC_GRANT_oauth1_sign || grant_step == DC_GRANT_oauth1_token ||
                       grant_step == DC_GRANT_oauth1_temporary;
    if (!tool && signs && reply->status == 200) check_to_sign(reply);
    const bool asks = grant_step == DC_GRANT_refresh || grant_step == DC_GRANT_exchange ||
                      grant_step == DC_GRANT_authorize || grant_step == DC_GRANT_client_credentials;
    if (!tool && asks && reply->status == 0 &&
        (!dc_span_starts(reply->part[1], "https://") || dc_url_walks(reply->part[1])))
        abort();
    /* What a provider says of a request token is shown, but for the secrets that it was sent. The word may stand here where
     * it is none: whether a word that is one comes through, service-oauth1-consent tells. */
    const bool told = !tool && grant_step == DC_GRANT_oauth1_answer && reply->status >= 400;
    if (!told) draw_check(reply, !tool); /* a tool's result is the provider's document as it came */
    if (!tool && reply->part[1].size && reply->status == 200 && !dc_scan_valid(reply->part[1], NULL)) abort();
    dc_close();
    return 0;
}
