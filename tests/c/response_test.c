/* The SDK's reading of answers: a model for every shape, and an error for every kind of body. */
#include "arena.h"
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
     "{\"id\":\"a\",\"isDevcasterManaged\":true,\"isComposioManaged\":true}"},
    {"connected_accounts.get", ACCOUNT(",\"auth_config\":{\"is_composio_managed\" : null}"),
     "authConfig.isDevcasterManaged", "false"},
    {"connected_accounts.get",
     ACCOUNT(",\"auth_config\":{\"is_composio_managed\":true,\"is_devcaster_managed\":false}"),
     "authConfig.isDevcasterManaged", "false"},
    {"connected_accounts.get", ACCOUNT(",\"auth_config\":[{\"is_composio_managed\":true}]"), "authConfig",
     "[{\"isComposioManaged\":true}]"},
    {"connected_accounts.get", ACCOUNT(",\"a_b_c\":1,\"_d__e_f_\":2,\"g_1_h_I\":3"), "aBC", "1"},
    {"connected_accounts.get", ACCOUNT(",\"a_b_c\":1,\"_d__e_f_\":2,\"g_1_h_I\":3"), "_d_EF_", "2"},
    {"connected_accounts.get", ACCOUNT(",\"a_b_c\":1,\"_d__e_f_\":2,\"g_1_h_I\":3"), "g1H_I", "3"},
    /* Names with escapes mean what they say; so do names and values that are not ASCII, or apart by white space. */
    {"connected_accounts.get", ACCOUNT(",\"d\\u0061ta\":{\"x_y\":1}"), "data", "{\"x_y\":1}"},
    {"connected_accounts.get", ACCOUNT(",\"status\\u005freason\":\"r\",\"x\":{\"\xc3\xa9_b\":\"\xc3\xa9\"}"), "x",
     "{\"\xc3\xa9"
     "B\":\"\xc3\xa9\"}"},
    {"connected_accounts.get",
     " { \"id\" : \"ca_1\" , \"status\"\t:\"ACTIVE\",\r\n\"toolkit\":{ \"slug\" :\"t\" } , \"word_id\" : [ true , "
     "null , -1.5e3 ] } ",
     "wordId", "[ true , null , -1.5e3 ]"},
    /* The last of doubled names counts. */
    {"connected_accounts.get", ACCOUNT(",\"status\":\"FAILED\""), "status", "\"FAILED\""},
    {"connected_accounts.get",
     "{\"id\":5,\"status\":\"x\",\"toolkit\":\"t\",\"id\":\"ca_1\",\"status\":\"ACTIVE\",\"toolkit\":{\"slug\":\"t\"}}",
     "id", "\"ca_1\""},
    {"connected_accounts.list", "{\"items\":{\"a\":{},\"b\":1},\"items\":[ ]}", "items", "[ ]"},
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
    {"connected_accounts.refresh", " { } ", "redirect_url", "null"},
    {"connected_accounts.refresh", "{\"redirect_url\":\"https://r\" } ", "redirect_url", "\"https://r\""},
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
    {"connected_accounts.get", "\x01" ACCOUNT(""), NULL, NULL},
    {"connected_accounts.get", ACCOUNT(",\"x\":nul"), NULL, NULL},
    {"connected_accounts.get", ACCOUNT(",\"x\":falsy"), NULL, NULL},
    {"connected_accounts.get", ACCOUNT(",\"x\":01"), NULL, NULL},
    {"connected_accounts.get", ACCOUNT(",\"x\":1."), NULL, NULL},
    {"connected_accounts.get", ACCOUNT(",\"x\":\"a\nb\""), NULL, NULL},
    {"connected_accounts.get", ACCOUNT(",\"x\":\"\xff\""), NULL, NULL},
    {"connected_accounts.get", ACCOUNT(",\"\xff\":1"), NULL, NULL},
    {"connected_accounts.get", ACCOUNT(",\"data\":{\"x\":tru}"), NULL, NULL},
    {"connected_accounts.get", ACCOUNT(",\"x\":\"open"), NULL, NULL},
    {"connected_accounts.get", ACCOUNT(",\"x\":1,"), NULL, NULL},
    {"connected_accounts.get", ACCOUNT(",\"id\":null"), NULL, NULL},
    {"connected_accounts.get", ACCOUNT(",\"\\u0069d\":5"), NULL, NULL},
    {"connected_accounts.get", ACCOUNT(",\"toolkit\":null"), NULL, NULL},
    {"connected_accounts.get", ACCOUNT(",\"toolkit\":[{\"slug\":\"t\"}]"), NULL, NULL},
    {"connected_accounts.get", ACCOUNT(",\"toolkit\":{\"slug\":1}"), NULL, NULL},
    {"connected_accounts.get", ACCOUNT(",\"status\":[\"ACTIVE\"]"), NULL, NULL},
    {"connected_accounts.get", ACCOUNT(",\"status\":\"ACTIVE\\u0020\""), NULL, NULL},
    {"connected_accounts.list", "{\"items\":[" ACCOUNT("") ",true]}", NULL, NULL},
    {"connected_accounts.list", "{\"items\":[" ACCOUNT("") ",7]}", NULL, NULL},
    {"connected_accounts.list", "{\"items\":[" ACCOUNT("") ",\"planted\"]}", NULL, NULL},
    {"connected_accounts.list", "{\"items\":[" ACCOUNT("") ",[]]}", NULL, NULL},
    {"connected_accounts.list", "{\"items\":[" ACCOUNT("") ",{\"id\":\"planted\"}]}", NULL, NULL},
    {"connected_accounts.list", "{\"items\":[" ACCOUNT("") "],\"items\":null}", NULL, NULL},
    {"connected_accounts.list", "{\"items\":[" ACCOUNT("") "],\"x\":[1,]}", NULL, NULL},
    {"connected_accounts.list", "{\"items\":{}}", NULL, NULL},
    {"connected_accounts.list", "{\"items\":[null]}", NULL, NULL},
    {"connected_accounts.create", "{\"id\":5}", NULL, NULL},
    {"connected_accounts.create", "{\"status\":\"ACTIVE\"}", NULL, NULL},
    {"tools.execute", "", NULL, NULL},
};

/* Under these stands what somebody else wrote. */
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
                                      "fingerprints"};

/* Members of every account, and how they are called. */
static const char *const members[][2] = {{"status_reason", "statusReason"},
                                         {"alias", "alias"},
                                         {"word_id", "wordId"},
                                         {"identity", "identity"},
                                         {"expires_at", "expiresAt"},
                                         {"last_refreshed_at", "lastRefreshedAt"},
                                         {"next_refresh_at", "nextRefreshAt"},
                                         {"last_used_at", "lastUsedAt"},
                                         {"scopes", "scopes"},
                                         {"reconnect", "reconnect"}};

static void check_names(void) {
    char body[256], path[64];
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        snprintf(body, sizeof body, "{\"a_b\":{\"%s\":{\"c_d\":[{\"e_f\":1}]},\"g_h\":2}}", foreign[i]);
        dc_span in = respond("toolkits.get", 200, "{}", body)->part[0];
        snprintf(path, sizeof path, "{\"c_d\":[{\"e_f\":1}]},\"gH\":2}}");
        if (!CHECK(in.size > strlen(path) && memcmp(in.at + in.size - strlen(path), path, strlen(path)) == 0))
            fprintf(stderr, "  %s\n", body);
    }
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        snprintf(body, sizeof body, ACCOUNT(",\"%s\":\"x\""), members[i][0]);
        dc_span model = respond("connected_accounts.get", 200, "{}", body)->part[0];
        for (size_t k = 0; k < sizeof members / sizeof members[0]; k++)
            CHECK_RAW(model, members[k][1], k == i ? "\"x\"" : "null");
    }
}

/* The model of a list with `more` so many times in it; all of it must be in room that was taken. */
static dc_span list_of(const char *before, const char *more, size_t count, const char *behind) {
    char *body = malloc(strlen(before) + count * strlen(more) + strlen(behind) + 1);
    if (!body) abort();
    size_t size = (size_t)sprintf(body, "%s", before);
    for (size_t i = 0; i < count; i++) size += (size_t)sprintf(body + size, "%s", more);
    sprintf(body + size, "%s", behind);
    const dc_reply *reply = respond("connected_accounts.list", 200, "{}", body);
    free(body);
    CHECK_STATUS(reply, 200);
    CHECK((const char *)dc_arena_take(1) >= reply->part[0].at + reply->part[0].size);
    return reply->part[0];
}

/* Every account is made whole by itself, and models get larger than the room that is taken at first. */
static void check_lists(void) {
    for (size_t count = 1; count < 3000; count = count * 3 + 1) {
        dc_span items =
            raw_at(list_of("{\"items\":[" ACCOUNT(",\"alias\":\"a\""), "," ACCOUNT(""), count, "]}"), "items");
        size_t found = 0;
        for (dc_span item; dc_scan_item(&items, &item); found++) {
            CHECK_RAW(item, "alias", found == 0 ? "\"a\"" : "null");
            CHECK_RAW(item, "reconnect", "null");
        }
        CHECK(found == count + 1);
        list_of("{\"items\":[{\"id\":\"a\",\"status\":\"ACTIVE\",\"toolkit\":{\"slug\":\"t\"}",
                ",\"auth_config\":{\"is_composio_managed\":1}", count, "}]}");
    }
}

/* Whichever allocation of a model that grows is the first to fail, nothing is written behind its room. */
static void check_memory(void) {
    static const char one[] = ACCOUNT(",\"\\u0061\":1,\"auth_config\":{\"is_composio_managed\":true}");
    static const char *const names[] = {"connected_accounts.list", "connected_accounts.refresh"};
    char body[8192];
    size_t size = (size_t)sprintf(body, "{\"items\":[");
    for (int i = 0; i < 40; i++) size += (size_t)sprintf(body + size, "%s%s", i ? "," : "", one);
    sprintf(body + size, "]}");
    for (size_t i = 0; i < 2; i++) {
        bool ended = false;
        for (size_t n = 0; !ended && n < 1000; n++) {
            const uint32_t given = give("{}", body);
            dc_arena_allowance = n;
            const dc_reply *reply = dc_response(op(names[i]), 200, given);
            ended = !dc_arena_failed();
            dc_arena_allowance = SIZE_MAX;
            CHECK(ended ? reply->status == 200 : reply->status == 500 && reply_holds(reply, "Send less at once"));
        }
        CHECK(ended);
    }
}

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
    check_names();
    check_lists();
    check_memory();
    CHECK_SPAN(respond("connected_accounts.delete", 204, "{}", "")->part[0], "{}");
    CHECK(dc_response(dc_operation_count, 200, give("{}", "{}"))->status >= 400 &&
          dc_response(0, 200, give("", NULL))->status >= 400);
    return check_report();
}
