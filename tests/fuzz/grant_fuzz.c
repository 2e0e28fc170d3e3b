/* Grants and tools: hostile provider answers, definitions, credentials and callbacks. A request that is built is one
 * line of a target and headers of one line each, whatever the values hold; no error repeats a secret. */
#include "draw.h"

#include "catalog.h"

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
    NULL};
static const char *const configs[] = {"{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\"}",
                                      "{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"BASIC\"}", NULL};
static const char *const clients[] = {"{\"client_id\":\"c d\",\"client_secret\":\"PLANTED5ecret\",\"scopes\":\"a,b\"}",
                                      "{\"client_id\":\"c\",\"host\":\"h\"}", NULL};
static const char *const vals[] = {"{\"access_token\":\"PLANTED5ecret\",\"refresh_token\":\"PLANTED5ecret\",\"host\":"
                                   "\"h\",\"sub\":\"s\",\"instance_url\":\"https://i/\"}",
                                   "{\"access_token\":\"PLANTED5ecret\\r\\nx: y\",\"instance_url\":\"https://a@b/\"}",
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
    "<html>",
    "{\"arguments\":{\"id\":\"..\",\"n\":[1]},\"user_id\":\"u\"}",
    "{\"endpoint\":\"/../y\",\"parameters\":[{\"name\":\"a\",\"value\":\"b\\r\",\"type\":\"header\"}]}",
    "{\"endpoint\":\"/p?a=b\",\"method\":\"POST\",\"body\":{\"a\":1e999}}",
    "{\"data\":[{\"id\":5}],\"errors\":[1]}",
    "",
    NULL};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    draw_begin(data, size);
    const unsigned step = draw_byte(), http[] = {200, 400, 401, 0, 503};
    char text[32];
    draw_words("{\"state\":\"st\",\"challenge\":\"ch\",\"redirect_uri\":\"https://me/cb\"");
    draw_member("toolkit", toolkits, names);
    draw_member("config", configs, names);
    draw_member("credentials", clients, names);
    draw_member("val", vals, names);
    draw_member("tool", tools, names);
    draw_member("code", NULL, names);
    draw_member("query", NULL, names);
    draw_member("headers", NULL, names);
    snprintf(text, sizeof text, ",\"http\":%u}\n", http[draw_byte() % 5]);
    draw_words(text);
    const unsigned kind = draw_byte();
    if (kind % 3 == 0) draw_value(names, 0);
    else if (kind % 3 == 1) draw_one(rests);
    else draw_put((const char *)drawing.at, (size_t)(drawing.end - drawing.at));
    const bool tool = step & 1;
    const dc_reply *reply = tool ? dc_tool(step / 2 % DC_TOOL_COUNT, 1000, draw_give())
                                 : dc_grant(step / 2 % DC_GRANT_COUNT, 1000, draw_give());
    draw_check(reply, !tool); /* a tool's result is the provider's document as it came */
    if (!tool && reply->part[1].size && reply->status == 200 && !dc_scan_valid(reply->part[1], NULL)) abort();
    dc_close();
    return 0;
}
