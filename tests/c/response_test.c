/* The SDK's reading of answers: a model for every shape, and an error for every kind of body. */
#include "call.h"

static uint32_t op(const char *name) {
    uint32_t i = 0;
    while (i < dc_operation_count && strcmp(dc_operations[i].name, name) != 0) i++;
    return i;
}

static const dc_reply *respond(const char *name, uint32_t http, const char *head, const char *body) {
    return dc_response(op(name), http, give(head, body));
}

#define ACCOUNT(more) "{\"id\":\"ca_1\",\"status\":\"ACTIVE\",\"toolkit\":{\"slug\":\"t\"}" more "}"

typedef struct row {
    const char *name, *body, *path, *expected; /* path NULL: the answer is not what it must be */
} row;

static const row models[] = {
    {"connected_accounts.get", ACCOUNT(",\"user_id\":\"u\",\"is_disabled\":false"), "userId", "\"u\""},
    {"connected_accounts.get", ACCOUNT(",\"is_disabled\":false"), "isDisabled", "false"},
    {"connected_accounts.get", ACCOUNT(""), "statusReason", "null"},
    {"connected_accounts.get", ACCOUNT(""), "lastRefreshedAt", "null"},
    {"connected_accounts.get",
     ACCOUNT(",\"state\":{\"authScheme\":\"OAUTH2\",\"val\":{\"access_token\":\"abcd...\",\"n\":9007199254740993,\"a_"
             "b\":{\"c_d\":1}}}"),
     "state.val", "{\"access_token\":\"abcd...\",\"n\":9007199254740993,\"a_b\":{\"c_d\":1}}"},
    {"connected_accounts.get", ACCOUNT(",\"data\":{\"x_y\":1e999,\"s\":\"\\u0061\"}"), "data",
     "{\"x_y\":1e999,\"s\":\"\\u0061\"}"},
    {"connected_accounts.get", ACCOUNT(",\"params\":{\"x_y\":1}"), "params", "{\"x_y\":1}"},
    {"connected_accounts.get", ACCOUNT(",\"auth_config\":{\"id\":\"a\",\"is_composio_managed\":true}"), "authConfig",
     "{\"id\":\"a\",\"isComposioManaged\":true,\"isDevcasterManaged\":true}"},
    {"connected_accounts.get",
     ACCOUNT(",\"auth_config\":{\"is_devcaster_managed\":false,\"is_composio_managed\":true}"),
     "authConfig.isDevcasterManaged", "false"},
    {"connected_accounts.get", ACCOUNT(",\"new_member\":{\"some_name\":[{\"in_here\":1}]}"), "newMember",
     "{\"someName\":[{\"inHere\":1}]}"},
    {"connected_accounts.list",
     "{\"items\":[" ACCOUNT(",\"word_id\":\"w\"") "],\"next_cursor\":null,\"total_pages\":1}", "nextCursor", "null"},
    {"connected_accounts.list", "{\"items\":[],\"current_page\":1,\"total_items\":0}", "items", "[]"},
    {"connected_accounts.create",
     "{\"id\":\"ca_1\",\"connectionData\":{\"val\":{\"redirectUrl\":\"https://r\"}},\"status\":\"INITIATED\"}",
     "redirectUrl", "\"https://r\""},
    {"connected_accounts.create", "{\"id\":\"ca_1\",\"redirect_url\":null,\"status\":\"ACTIVE\"}", "status",
     "\"ACTIVE\""},
    {"connected_accounts.link",
     "{\"connected_account_id\":\"ca_1\",\"redirect_url\":\"https://r\",\"link_token\":\"lk\",\"expires_at\":\"e\"}",
     "id", "\"ca_1\""},
    {"connected_accounts.link",
     "{\"connected_account_id\":\"ca_1\",\"redirect_url\":\"https://r\",\"link_token\":\"lk\"}", "linkToken", "\"lk\""},
    {"connected_accounts.refresh", "{\"id\":\"a\",\"status\":\"ACTIVE\",\"redirect_url\":null}", "redirect_url",
     "null"},
    {"connected_accounts.refresh", "{\"id\":\"a\",\"status\":\"INITIATED\",\"redirect_url\":\"https://r\"}",
     "redirectUrl", "\"https://r\""},
    {"connected_accounts.set_status", "{\"success\":true}", "success", "true"},
    {"connected_accounts.revoke", "{\"revoked_tokens\":[],\"connected_account\":{\"id\":\"a\"}}", "connectedAccount.id",
     "\"a\""},
    {"tools.execute", "{\"data\":{\"a_b\":9007199254740993},\"successful\":true,\"log_id\":\"l\"}", "data",
     "{\"a_b\":9007199254740993}"},
    {"tools.execute", "{\"data\":{},\"log_id\":\"l\",\"session_info\":{\"x_y\":1}}", "logId", "\"l\""},
    {"tools.get", "{\"input_parameters\":{\"properties\":{\"user_id\":{}}},\"available_versions\":[]}",
     "inputParameters", "{\"properties\":{\"user_id\":{}}}"},
    {"auth_configs.get", "{\"credentials\":{\"client_id\":\"c\"},\"no_of_connections\":2}", "credentials",
     "{\"client_id\":\"c\"}"},
    {"connected_accounts.get", "", NULL, NULL},
    {"connected_accounts.get", "[]", NULL, NULL},
    {"connected_accounts.get", "<html>planted", NULL, NULL},
    {"connected_accounts.get", "{\"id\":\"planted\"}", NULL, NULL},
    {"connected_accounts.get", "{\"id\":5,\"status\":\"ACTIVE\",\"toolkit\":{\"slug\":\"t\"}}", NULL, NULL},
    {"connected_accounts.get", "{\"id\":\"a\",\"status\":\"planted\",\"toolkit\":{\"slug\":\"t\"}}", NULL, NULL},
    {"connected_accounts.get", "{\"id\":\"a\",\"status\":\"ACTIVE\",\"toolkit\":\"t\"}", NULL, NULL},
    {"connected_accounts.get", ACCOUNT("") "x", NULL, NULL},
    {"connected_accounts.list", "{\"items\":{}}", NULL, NULL},
    {"connected_accounts.list", "{\"items\":[null]}", NULL, NULL},
    {"connected_accounts.create", "{\"id\":5}", NULL, NULL},
    {"connected_accounts.create", "{\"status\":\"ACTIVE\"}", NULL, NULL},
    {"tools.execute", "", NULL, NULL},
};

typedef struct wrong {
    const char *name, *head, *body;
    uint32_t http;
    const char *path, *expected;
} wrong;

#define GET "connected_accounts.get"
#define ENVELOPE \
    "{\"error\":{\"message\":\"m\",\"code\":606,\"slug\":\"ConnectedAccount_ResourceNotFound\",\"request_id\":\"r1\"," \
    "\"suggested_fix\":\"f\",\"errors\":[\"a: b\"]}}"

static const wrong errors[] = {
    {GET, "{}", ENVELOPE, 404, "name", "\"NotFoundError\""},
    {GET, "{}", ENVELOPE, 404, "message", "\"m\""},
    {GET, "{}", ENVELOPE, 404, "serviceCode", "606"},
    {GET, "{}", ENVELOPE, 404, "suggestedFix", "\"f\""},
    {GET, "{}", ENVELOPE, 404, "errors", "[\"a: b\"]"},
    {GET, "{}", ENVELOPE, 404, "requestId", "\"r1\""},
    {GET, "{\"requestId\":\"r2\"}", ENVELOPE, 404, "requestId", "\"r2\""},
    {GET, "{}", "{\"message\":\"bare\"}", 400, "message", "\"bare\""},
    {GET, "{}", "{\"error\":\"invalid_token\",\"error_description\":\"words\"}", 401, "message", "\"words\""},
    {GET, "{}", "{\"error\":\"invalid_token\"}", 401, "name", "\"AuthenticationError\""},
    {GET, "{}", "<html>", 403, "name", "\"PermissionDeniedError\""},
    {GET, "{}", "", 409, "name", "\"ConflictError\""},
    {GET, "{}", "[]", 422, "name", "\"UnprocessableEntityError\""},
    {GET, "{\"retryAfter\":\"7\"}", "{\"message\":\"slow\",\"error\":{\"message\":\"inner\"}}", 429, "retryAfterMs",
     "7000"},
    {GET, "{\"retryAfter\":\"Wed, 21 Oct 2026 07:28:00 GMT\"}", "", 429, "retryAfterMs", "0"},
    {GET, "{\"retryAfter\":\"-1\"}", "", 429, "retryAfterMs", "0"},
    {GET, "{}", "", 429, "name", "\"RateLimitError\""},
    {GET, "{}", "", 429, "retryable", "true"},
    {GET, "{}", "", 404, "retryable", "false"},
    {GET, "{}", "\xff", 500, "name", "\"InternalServerError\""},
    {GET, "{}", "", 503, "retryable", "true"},
    {GET, "{}", "", 501, "retryable", "false"},
    {"tools.execute", "{}", "", 503, "retryable", "false"}, /* it may have been done */
    {"connected_accounts.create", "{}", "", 503, "retryable", "false"},
    {"connected_accounts.create", "{}", "{\"error\":{\"slug\":\"ConnectedAccount_AlreadyConnected\"}}", 400, "name",
     "\"MultipleConnectedAccountsError\""},
    {"tools.execute", "{}", "{\"error\":{\"slug\":\"ActionExecute_ConnectedAccountExpired\",\"message\":\"m\"}}", 410,
     "name", "\"ToolExecutionError\""},
    {GET, "{}", "", 302, "name", "\"DevcasterError\""},
    {GET, "{}", "", 0, "name", "\"DevcasterError\""},
    {GET, "{}", "", 4294967295U, "name", "\"InternalServerError\""},
};

int main(void) {
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        const row *r = &models[i];
        const dc_reply *reply = respond(r->name, 200, "{}", r->body);
        bool good = CHECK_STATUS(reply, r->path ? 200 : 502);
        if (r->path) good = good && CHECK_RAW(reply->part[0], r->path, r->expected);
        else
            good = good && CHECK_RAW(reply->part[0], "code", "\"TS-SDK::UNEXPECTED_ANSWER\"") &&
                   CHECK(!reply_holds(reply, "planted"));
        if (!good) fprintf(stderr, "  %s %s\n", r->name, r->body);
    }
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        const wrong *r = &errors[i];
        const dc_reply *reply = respond(r->name, r->http, r->head, r->body);
        const bool error = r->http >= 400 && r->http < 600, known = r->http != 4294967295U;
        bool good = CHECK_STATUS(reply, error ? r->http : 502);
        good = good && (known ? CHECK_RAW(reply->part[0], r->path, r->expected)
                              : CHECK(raw_at(reply->part[0], "name").size > 0));
        if (!good) fprintf(stderr, "  %s %u %s\n", r->name, (unsigned)r->http, r->body);
    }
    CHECK_SPAN(respond("connected_accounts.delete", 204, "{}", "")->part[0], "{}");
    CHECK(dc_response(dc_operation_count, 200, give("{}", "{}"))->status >= 400 &&
          dc_response(0, 200, give("", NULL))->status >= 400);
    return check_report();
}
