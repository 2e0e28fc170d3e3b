/* What a gateway sends on, made from any request line and body: it is read as the same operation again, it stays what it is
 * when it is written once more, and with a scope nothing in it names another user. */
#include "draw.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {"user_id", "auth_config_id", "auth_config", "connection", "id",
                                    "alias",   "arguments",      "endpoint",    "method",     "connected_account_id",
                                    "enabled", "callback_url",   NULL};
static const char *const methods[] = {"GET", "POST", "PATCH", "DELETE", NULL};
static const char *const parts[] = {"connected_accounts",
                                    "tools/execute",
                                    "/",
                                    "ca_1",
                                    "link",
                                    "status",
                                    "refresh",
                                    "proxy",
                                    "X_Y",
                                    "?",
                                    "&",
                                    "=",
                                    "user_ids",
                                    "[]",
                                    "ada",
                                    "eve",
                                    ",",
                                    "%2C",
                                    "%26",
                                    "%5B%5D",
                                    "toolkit_slugs",
                                    "cursor",
                                    "limit",
                                    "7",
                                    "..",
                                    "%2e",
                                    "%2f",
                                    "statuses",
                                    "ACTIVE",
                                    "redirect_url=https://a.b/",
                                    NULL};
static const char *const scopes[] = {
    "\"all\"",
    "{\"user_id\":\"ada\"}",
    "{\"user_id\":\"ada\",\"toolkits\":[\"gmail\"]}",
    "{\"user_id\":\"ada\",\"operations\":[\"tools.execute\",\"tools.proxy\",\"connected_accounts.list\","
    "\"connected_accounts.create\"],\"tools\":[\"X_Y\",{\"methods\":[\"GET\"],\"count\":1}]}",
    "{\"user_id\":\"a,b&user_ids=eve\",\"origins\":[\"https://a.b\"]}",
    NULL};

static bool equal(dc_span a, const char *b, size_t size) {
    return a.size == size && (size == 0 || memcmp(a.at, b, size) == 0);
}

/* Once more, by somebody who may do everything: the same request comes out. */
static void again(const char *method, const dc_reply *reply) {
    static char head[40960], target[32768], body[32768];
    const size_t target_size = reply->part[1].size, body_size = reply->part[2].size;
    if (target_size >= sizeof target || body_size > sizeof body) return;
    memcpy(target, reply->part[1].at, target_size);
    if (body_size) memcpy(body, reply->part[2].at, body_size);
    const int size = snprintf(head, sizeof head, "{\"method\":\"%s\",\"target\":\"%.*s\",\"scope\":\"all\"}\n", method,
                              (int)target_size, target);
    char *room = dc_open((uint32_t)((size_t)size + body_size));
    if (room == NULL) abort();
    memcpy(room, head, (size_t)size);
    if (body_size) memcpy(room + size, body, body_size);
    const dc_reply *second = dc_forward((uint32_t)((size_t)size + body_size));
    if (second->status != 200) abort();
    if (!equal(second->part[1], target, target_size) || !equal(second->part[2], body, body_size)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    draw_begin(data, size);
    const char *method = methods[draw_byte() & 3], *scope = scopes[draw_byte() % 5];
    draw_words("{\"method\":\"");
    draw_words(method);
    draw_words("\",\"scope\":");
    draw_words(scope);
    draw_words(",\"target\":\"/api/v3/");
    for (unsigned left = draw_byte() & 15; left > 0; left--) draw_one(parts);
    draw_words("\"}\n");
    if (draw_byte() & 1) draw_value(names, 0);
    const dc_reply *reply = dc_forward(draw_give());
    draw_check(reply, false);
    if (reply->status == 200) {
        if (scope[0] == '{' && draw_found(reply->part[1], "user_ids=eve")) abort();
        again(method, reply);
    }
    dc_close();
    return 0;
}
