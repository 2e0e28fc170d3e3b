/* Answers to the SDK and bodies of the service, from anything: models and errors are whole JSON, and what stands under
 * a foreign name comes through byte for byte. */
#include "draw.h"

#include "operations.h"

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
    draw_check(dc_response(op, status, draw_give()), false);
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
