/* Answers to the SDK and bodies of the service, from anything: models and errors are whole JSON, a model is what a slow
 * second way makes of the answer, and a list has whole accounts only. */
#include "draw.h"

#include "arena.h"
#include "json.h"
#include "operations.h"
#include "words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {"id",
                                    "items",
                                    "status",
                                    "toolkit",
                                    "slug",
                                    "state",
                                    "val",
                                    "data",
                                    "params",
                                    "auth_config",
                                    "is_composio_managed",
                                    "next_cursor",
                                    "error",
                                    "message",
                                    "code",
                                    "errors",
                                    "redirect_url",
                                    "connectionData",
                                    "record",
                                    "credentials",
                                    "config",
                                    "auth_schemes",
                                    "fields",
                                    "parameters",
                                    "schema",
                                    "name",
                                    "scopes",
                                    "expires_at",
                                    "user_id",
                                    NULL};
static const char *const bodies[] = {
    "{\"items\":[{\"id\":\"a\",\"status\":\"ACTIVE\",\"toolkit\":{\"slug\":\"t\"},\"state\":{\"val\":{\"a_b\":1e999}},"
    "\"auth_config\":{\"is_composio_managed\":true}}]}",
    "{\"id\":\"a\",\"status\":\"REVOKED\",\"toolkit\":{\"slug\":\"t\"},\"data\":{\"a_b\":9007199254740993}}",
    "{\"error\":{\"message\":\"m\",\"code\":1,\"slug\":\"ActionExecute_X\",\"errors\":[\"a\"]}}",
    "<html>",
    "\0",
    NULL};
static const char *const records[] = {
    "{\"id\":\"ca_1\",\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_config_id\":\"ac_1\",\"auth_scheme\":\"OAUTH2\","
    "\"status\":\"ACTIVE\",\"callback_url\":\"https://c?x#y\"}",
    "{\"id\":\"ca_1\",\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_config_id\":\"ac_1\",\"auth_scheme\":\"BASIC\","
    "\"status\":\"FAILED\",\"status_reason\":\"r\"}",
    NULL};
static const char *const entries[] = {
    "{\"record\":{\"id\":\"ca_1\",\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_config_id\":\"ac_1\",\"auth_scheme\":"
    "\"OAUTH2\","
    "\"status\":\"REVOKED\"},\"val\":{\"access_token\":\"abcd...\",\"status\":\"x\"},\"config\":{\"disabled\":true}}",
    NULL};

static bool is_foreign(dc_span quoted) {
    static const char *const foreign[] = {"val",
                                          "data",
                                          "params",
                                          "input_parameters",
                                          "output_parameters",
                                          "credentials",
                                          "shared_credentials",
                                          "headers",
                                          "binary_data",
                                          "session_info",
                                          "fingerprints",
                                          NULL};
    dc_span name;
    return dc_scan_string(quoted, &name) && dc_word_index(foreign, name) >= 0;
}

/* The slow way: each container is walked as spans, each name byte by byte. */
static void put_slowly(dc_out *out, dc_span raw, bool rename) {
    dc_span name, item;
    const bool object = raw.at[0] == '{';
    bool first = true;
    if (!object && raw.at[0] != '[') {
        dc_put(out, raw);
        return;
    }
    dc_put_byte(out, raw.at[0]);
    while (object ? dc_scan_next(&raw, &name, &item) : dc_scan_item(&raw, &item)) {
        if (!first) dc_put_byte(out, ',');
        first = false;
        for (uint32_t i = 0; object && i < name.size; i++) {
            const char next = i + 1 < name.size ? name.at[i + 1] : 0;
            const bool letter = next >= 'a' && next <= 'z', digit = next >= '0' && next <= '9';
            const bool hump = rename && i > 1 && name.at[i] == '_' && (letter || digit);
            if (hump) i++;
            dc_put_byte(out, hump && letter ? (char)(next - 'a' + 'A') : name.at[i]);
        }
        if (object) dc_put_byte(out, ':');
        put_slowly(out, item, rename && !(object && is_foreign(name)));
    }
    dc_put_byte(out, object ? '}' : ']');
}

static bool is_text(dc_span object, const char *name, dc_span *value) {
    return dc_scan_member(object, name, value) && value->at[0] == '"';
}

static void check_account(dc_span item) {
    static const char *const always[] = {"statusReason",    "alias",         "wordId",     "identity", "expiresAt",
                                         "lastRefreshedAt", "nextRefreshAt", "lastUsedAt", "scopes",   "reconnect"};
    dc_span value;
    if (!is_text(item, "id", &value) || !is_text(item, "status", &value)) abort();
    if (dc_word_index(dc_status_names, (dc_span){value.at + 1, value.size - 2}) < 0) abort();
    if (!dc_scan_member(item, "toolkit", &value) || !is_text(value, "slug", &value)) abort();
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++) {
        if (!dc_scan_member(item, always[i], &value)) abort();
    }
    if (dc_scan_member(item, "authConfig", &item) && dc_scan_member(item, "isComposioManaged", &value) &&
        !dc_scan_member(item, "isDevcasterManaged", &value))
        abort();
}

/* `text`: the head and the body, as they were handed in. */
static void check_model(dc_span text, dc_shape shape, const dc_reply *reply) {
    const char *feed = memchr(text.at, '\n', text.size);
    dc_span body = {feed + 1, text.size - (uint32_t)(feed + 1 - text.at)}, model = reply->part[0], items, item;
    while (body.size && body.at[0] && strchr(" \t\r\n", body.at[0])) body = (dc_span){body.at + 1, body.size - 1};
    const bool object = body.size && body.at[0] == '{' && dc_scan_valid(body, NULL);
    const bool special = shape == DC_SHAPE_ACCOUNT || shape == DC_SHAPE_ACCOUNTS || shape == DC_SHAPE_CONNECTION;
    if (reply->status == 500) return; /* no memory */
    if ((reply->status == 200) != object && !(object && special) && body.size) abort();
    if (reply->status != 200 || !body.size) return;
    if ((const char *)dc_arena_take(1) < model.at + model.size) abort(); /* written where no room was taken */
    if (shape == DC_SHAPE_ACCOUNT) check_account(model);
    if (shape == DC_SHAPE_ACCOUNTS) {
        if (!dc_scan_member(model, "items", &items) || items.at[0] != '[') abort();
        while (dc_scan_item(&items, &item)) check_account(item);
    }
    if (special || shape == DC_SHAPE_REFRESH) return;
    dc_out slow = {0}, fast = {0};
    put_slowly(&slow, body, true);
    dc_put_compact(&fast, model);
    dc_out bare = {0};
    dc_put_compact(&bare, dc_out_span(&slow));
    if (!fast.failed && !bare.failed && !dc_span_equal(dc_out_span(&bare), dc_out_span(&fast))) abort();
}

static void answer(uint32_t op) {
    draw_words("{\"api\":\"v3.1\",\"total\":7,\"limit\":3,\"page\":2");
    draw_member("account", entries, names);
    draw_member("record", records, names);
    draw_member("config", entries, names);
    draw_member("toolkit", NULL, names);
    draw_member("toolkits", NULL, names);
    draw_member("tools", NULL, names);
    draw_member("query", NULL, names);
    draw_member("next_cursor", NULL, names);
    draw_member("link", NULL, names);
    draw_words("}");
    draw_check(dc_answer(op, 1000, draw_give()), false);
}

static void respond(uint32_t op) {
    static const uint32_t http[] = {200, 201, 204, 302, 400, 404, 429, 500, 0, 4294967295U};
    const uint32_t status = http[draw_byte() % 10];
    draw_words("{");
    draw_member("requestId", NULL, names);
    draw_member("retryAfter", NULL, names);
    draw_words("}\n");
    const unsigned kind = draw_byte();
    if (kind % 3 == 0) draw_value(names, 0);
    else if (kind % 3 == 1) draw_one(bodies);
    else draw_put((const char *)drawing.at, (size_t)(drawing.end - drawing.at));
    const dc_reply *reply = dc_response(op, status, draw_give());
    draw_check(reply, false);
    if (status < 200 || status > 299 || !memchr(drawing.text, '\n', drawing.size)) return;
    check_model((dc_span){drawing.text, (uint32_t)drawing.size}, (dc_shape)dc_operations[op].shape, reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    draw_begin(data, size);
    const unsigned kind = draw_byte();
    const uint32_t op = draw_byte() % dc_operation_count;
    if (kind % 4 == 0) {
        answer(op);
    } else if (kind % 4 == 3) {
        draw_words("{");
        draw_member("caller", NULL, names);
        draw_member("error", NULL, names);
        draw_member("detail", NULL, names);
        draw_words("}");
        draw_check(kind & 128 ? dc_allow(op, draw_give()) : dc_fault(kind / 4, draw_give()), false);
    } else {
        respond(op);
    }
    dc_close();
    return 0;
}
