/* Request lines and the SDK's arguments. What is routed is JSON with an operation; what the SDK builds from any
 * arguments, the route reads as the same operation, and nothing in it was made up on the way. */
#include "draw.h"

#include "operations.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {"id",
                                    "slug",
                                    "userIds",
                                    "statuses",
                                    "limit",
                                    "cursor",
                                    "enabled",
                                    "alias",
                                    "config",
                                    "userId",
                                    "authConfigId",
                                    "auth_config",
                                    "connection",
                                    "user_id",
                                    "state",
                                    "callback_url",
                                    "callbackUrl",
                                    "arguments",
                                    "endpoint",
                                    "method",
                                    "toolkitSlugs",
                                    "tags",
                                    "version",
                                    "scopes",
                                    "name",
                                    "type",
                                    "connectedAccountId",
                                    NULL};
static const char *const methods[] = {"GET", "POST", "PATCH", "DELETE", "PUT", NULL};
static const char *const starts[] = {"/api/v3/", "/api/v3.1/", "/", "//", "/api/v3/../", NULL};
static const char *const parts[] = {"connected_accounts",
                                    "auth_configs",
                                    "tools",
                                    "execute",
                                    "proxy",
                                    "toolkits",
                                    "categories",
                                    "link",
                                    "ca_1",
                                    "status",
                                    "refresh",
                                    "revoke",
                                    "/",
                                    "%2f",
                                    "..",
                                    "%2e%2e",
                                    "?",
                                    "&",
                                    "=",
                                    "limit",
                                    "user_ids",
                                    "statuses",
                                    "[]",
                                    "ACTIVE",
                                    ",",
                                    "%",
                                    "5",
                                    "ENABLED",
                                    "connect",
                                    "oauth/callback",
                                    "health",
                                    "auth/session",
                                    "org/project/config",
                                    "cursor",
                                    "%00",
                                    NULL};

static void route(void) {
    draw_words("{\"method\":\"");
    draw_one(methods);
    draw_words("\",\"target\":\"");
    draw_one(starts);
    for (unsigned left = draw_byte() & 15; left > 0; left--) draw_one(parts);
    draw_words("\"}\n");
    if (draw_byte() & 1) draw_value(names, 0);
    else draw_put((const char *)drawing.at, (size_t)(drawing.end - drawing.at));
    const dc_reply *reply = dc_route(draw_give());
    draw_check(reply, false);
    dc_span name;
    if (reply->status == 200 && (!dc_scan_member(reply->part[0], "name", &name) || name.size < 4)) abort();
}

/* Words of paths are words of other routes as well: only for slugs, so they are left aside. */
static bool spells_route(dc_span target) {
    return draw_found(target, "/execute/proxy") || draw_found(target, "/toolkits/categories");
}

static void build_and_route(uint32_t op) {
    static char head[65536], body[32768];
    const dc_operation *operation = dc_operation_at(op);
    draw_value(names, 0);
    const dc_reply *reply = dc_request(op, draw_give());
    draw_check(reply, true);
    if (reply->status != 0 || operation->flags & DC_FORM || !(operation->flags & DC_SERVED) ||
        spells_route(reply->part[1]))
        return;
    const dc_span sent = reply->part[3];
    if (sent.size > sizeof body || reply->part[1].size > 32768) return;
    if (sent.size) memcpy(body, sent.at, sent.size);
    const int size = snprintf(head, sizeof head, "{\"method\":\"%s\",\"target\":\"%.*s\"}\n", operation->method,
                              (int)reply->part[1].size, reply->part[1].at);
    char *room = dc_open((uint32_t)size + sent.size);
    if (room == NULL) abort();
    memcpy(room, head, (size_t)size);
    memcpy(room + size, body, sent.size);
    const dc_reply *read = dc_route((uint32_t)size + sent.size);
    draw_check(read, false);
    dc_span number;
    char want[16];
    snprintf(want, sizeof want, "%u", op);
    if (read->status != 200 || !dc_scan_member(read->part[0], "op", &number)) abort();
    if (number.size != strlen(want) || memcmp(number.at, want, number.size) != 0) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    draw_begin(data, size);
    const unsigned kind = draw_byte();
    if (kind & 1) route();
    else build_and_route(kind / 2 % dc_operation_count);
    dc_close();
    return 0;
}
