/* Bodies that ask for a user token, claims that somebody signed, and requests narrowed to what such claims say. A token
 * that is made can be read; what is read gives neither `reveal` nor `admin`; a request that passes has the user of the
 * claims and no other. */
#include "draw.h"

#include "fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const double now = 1800000000000.0;
static const char *const names[] = {"user_id", "expires_in", "operations", "toolkits", "origins", "tools", "slug",
                                    "methods", "count",      "v",          "key",      "id",      "epoch", NULL};
static const char *const scopes[] = {"\"operations\":[\"connected_accounts.list\"]",
                                     "\"operations\":[\"connected_accounts.get\",\"tools.execute\",\"tools.proxy\"]",
                                     "\"toolkits\":[\"gmail\"]",
                                     "\"origins\":[\"https://a.example\"]",
                                     "\"tools\":[\"GMAIL_A\",{\"methods\":[\"GET\"]}]",
                                     "\"tools\":[{\"slug\":\"GMAIL_A\",\"count\":2}]",
                                     "\"expires_in\":60",
                                     "\"operations\":null",
                                     NULL};
static const char *const requests[] = {"\"GET\",\"target\":\"/api/v3/connected_accounts",
                                       "\"GET\",\"target\":\"/api/v3/connected_accounts/ca_1",
                                       "\"DELETE\",\"target\":\"/api/v3/connected_accounts/ca_1",
                                       "\"POST\",\"target\":\"/api/v3/connected_accounts/link",
                                       "\"POST\",\"target\":\"/api/v3/connected_accounts",
                                       "\"PATCH\",\"target\":\"/api/v3.1/connected_accounts/ca_1",
                                       "\"POST\",\"target\":\"/api/v3/tools/execute/GMAIL_A",
                                       "\"POST\",\"target\":\"/api/v3/tools/execute/proxy",
                                       "\"GET\",\"target\":\"/api/v3/api_keys",
                                       "\"POST\",\"target\":\"/api/v3/user_tokens",
                                       NULL};
static const char *const queries[] = {"",         "?user_ids=eve", "?user_ids[]=ada&user_ids=eve",
                                      "?limit=5", "?user_ids=ada", NULL};
static const char *const bodies[] = {"",
                                     "{}",
                                     "{\"auth_config_id\":\"ac_1\",\"user_id\":\"eve\"}",
                                     "{\"auth_config_id\":\"ac_1\",\"user_id\":\"ada\"}",
                                     "{\"auth_config\":{\"id\":\"ac_1\"},\"connection\":{\"user_id\":\"eve\"}}",
                                     "{\"auth_config\":{\"id\":\"ac_1\"},\"connection\":{}}",
                                     "{\"connected_account_id\":\"ca_1\",\"endpoint\":\"/\",\"method\":\"GET\"}",
                                     "{\"user_id\":\"ada\",\"user_id\":\"eve\"}",
                                     NULL};

static void draw_body(void) {
    draw_words("{\"user_id\":\"ada\"");
    for (unsigned left = draw_byte() & 3; left > 0; left--) {
        draw_words(",");
        if (draw_byte() & 3) {
            draw_one(scopes);
        } else {
            draw_words("\"");
            draw_one(names);
            draw_words("\":");
            draw_value(names, 1);
        }
    }
    draw_words("}");
}

static const dc_reply *read_claims(void) {
    static char claims[8192];
    draw_words(
        "{\"key\":\"k\",\"id\":\"0123456789abcdef\",\"counts\":true,\"caller\":{\"kind\":\"key\",\"id\":\"ak_1\","
        "\"scopes\":[\"read\",\"write\"]}}\n");
    draw_body();
    const dc_reply *made = dc_user_token_make(now, draw_give());
    draw_check(made, true);
    if (made->status != 200) return made;
    if (made->part[1].size > sizeof claims) abort();
    const uint32_t size = made->part[1].size;
    memcpy(claims, made->part[1].at, size);
    drawing.size = 0;
    draw_words("{\"key\":\"k\"}\n");
    draw_put(claims, size);
    const dc_reply *reply = dc_user_token_read(now, draw_give());
    if (reply->status != 200) abort(); /* what is made is good */
    return reply;
}

static const dc_reply *read_anything(void) {
    draw_words("{\"key\":\"k\"}\n");
    if (draw_byte() & 1) {
        draw_words(
            "{\"v\":1,\"key\":\"k\",\"id\":\"x\",\"issued\":1800000000000,\"expires\":1800000001000,\"epoch\":0,");
        draw_words("\"user_id\":\"ada\",");
        draw_one(scopes);
        draw_words("}");
    } else {
        draw_value(names, 0);
    }
    return dc_user_token_read(now, draw_give());
}

static void route(dc_span scope) {
    static char kept[8192];
    if (scope.size > sizeof kept) return;
    memcpy(kept, scope.at, scope.size);
    drawing.size = 0;
    draw_words("{\"method\":");
    draw_one(requests);
    draw_one(queries);
    draw_words("\",\"scope\":");
    draw_put(kept, scope.size);
    draw_words("}\n");
    draw_one(bodies);
    const dc_reply *reply = dc_route(draw_give());
    draw_check(reply, false);
    if (reply->status != 200 || draw_found((dc_span){kept, scope.size}, "eve")) return; /* eve herself, by chance */
    /* Where a body names no user it may hold what it likes: nobody reads it. */
    const bool names_user = draw_found(reply->part[0], "\"refs\":{\"user\"");
    if (draw_found(reply->part[0], "eve") || (names_user && draw_found(reply->part[1], "eve"))) abort();
    dc_span name; /* of the operation: users may be called what they like */
    if (!dc_scan_member(reply->part[0], "name", &name)) abort();
    if (dc_span_starts(name, "\"api_keys.") || dc_span_starts(name, "\"user_tokens.")) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    draw_begin(data, size);
    const dc_reply *reply = draw_byte() & 1 ? read_claims() : read_anything();
    draw_check(reply, true);
    if (reply->status == 200) {
        dc_span scope, may;
        if (!dc_scan_member(reply->part[0], "scopes", &may) || !dc_scan_member(reply->part[0], "scope", &scope))
            abort();
        if (draw_found(may, "reveal") || draw_found(may, "admin")) abort();
        route(scope);
    }
    dc_close();
    return 0;
}
