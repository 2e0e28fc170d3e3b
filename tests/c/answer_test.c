/* The service's bodies (contract, sections 1 to 4): exactly the members of the account object in every scheme and status,
 * and the answers of the other operations; who may see what; faults; and nothing of a call stays behind. */
#include "call.h"

#include "arena.h"
#include "catalog.h"

static uint32_t op(const char *name) {
    uint32_t i = 0;
    while (i < dc_operation_count && strcmp(dc_operations[i].name, name) != 0) i++;
    return i;
}

static const dc_reply *answer(const char *name, const char *head) {
    return dc_answer(op(name), 1000000, give(head, NULL));
}

/* The names of an object's members in their order, one behind the other. */
static const char *names_of(dc_span object) {
    static char list[1024];
    dc_span name, value;
    size_t size = 0;
    while (dc_scan_next(&object, &name, &value) && size + name.size < sizeof list) {
        size += (size_t)snprintf(list + size, sizeof list - size, "%s%.*s", size ? " " : "", (int)name.size - 2,
                                 name.at + 1);
    }
    list[size] = '\0';
    return list;
}

static char head[4096];

static const char *entry(const char *scheme, const char *status, const char *val, const char *more) {
    snprintf(head, sizeof head,
             "{\"api\":\"v3.1\",\"account\":{\"record\":{\"id\":\"ca_1\",\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_"
             "config_id\":\"ac_1\",\"auth_scheme\":\"%s\","
             "\"status\":\"%s\",\"status_reason\":\"why\",\"updated_at\":951782400000%s},\"val\":%s,\"config\":{"
             "\"disabled\":true}}}",
             scheme, status, more, val);
    return head;
}

static const char members[] = "id user_id status status_reason is_disabled created_at updated_at toolkit auth_config "
                              "state data params alias word_id identity "
                              "expires_at last_refreshed_at next_refresh_at last_used_at scopes reconnect";

typedef struct row {
    const char *scheme, *status, *val, *expected; /* expected: state.val */
} row;

#define WHEN    "\"2000-02-29T00:00:00.000Z\""
#define NO_WORD "\"error\":\"connection_failed\",\"error_description\":\"why\""

static const row states[] = {
    {"OAUTH2", "INITIATED", "{\"redirectUrl\":\"https://r\"}",
     "{\"status\":\"INITIATED\",\"redirectUrl\":\"https://r\"}"},
    {"OAUTH2", "ACTIVE", "{\"access_token\":\"abcd...\",\"n\":9007199254740993,\"status\":\"x\"}",
     "{\"status\":\"ACTIVE\",\"access_token\":\"abcd...\",\"n\":9007199254740993}"},
    {"OAUTH2", "INACTIVE", "{\"access_token\":\"abcd...\"}", "{\"status\":\"INACTIVE\",\"access_token\":\"abcd...\"}"},
    {"OAUTH2", "FAILED", "{\"redirectUrl\":\"https://r\"}", "{\"status\":\"FAILED\"," NO_WORD "}"},
    {"OAUTH2", "EXPIRED", "{\"access_token\":\"abcd...\"}", "{\"status\":\"EXPIRED\",\"expired_at\":" WHEN "}"},
    {"OAUTH2", "REVOKED", "null", "{\"status\":\"REVOKED\",\"expired_at\":" WHEN "}"},
    {"API_KEY", "ACTIVE", "{\"api_key\":\"abcd...\"}", "{\"status\":\"ACTIVE\",\"api_key\":\"abcd...\"}"},
    {"API_KEY", "EXPIRED", "{\"api_key\":\"abcd...\"}", "{\"status\":\"EXPIRED\",\"expired_at\":" WHEN "}"},
    {"BASIC", "EXPIRED", "{\"username\":\"u\",\"password\":\"abcd...\"}",
     "{\"status\":\"EXPIRED\",\"username\":\"u\",\"password\":\"abcd...\",\"expired_at\":" WHEN "}"},
    {"BASIC", "FAILED", "{\"username\":\"u\",\"password\":\"abcd...\"}",
     "{\"status\":\"FAILED\",\"username\":\"u\",\"password\":\"abcd...\"," NO_WORD "}"},
    {"BEARER_TOKEN", "ACTIVE", "{\"token\":\"abcd...\"}", "{\"status\":\"ACTIVE\",\"token\":\"abcd...\"}"},
    {"NO_AUTH", "ACTIVE", "{}", "{\"status\":\"ACTIVE\"}"},
};

static void accounts(void) {
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        const dc_reply *reply =
            answer("connected_accounts.get", entry(states[i].scheme, states[i].status, states[i].val, ""));
        bool good = CHECK_STATUS(reply, 200) && CHECK_TEXT(names_of(reply->part[0]), members) &&
                    CHECK_RAW(reply->part[0], "state.val", states[i].expected);
        good = good && CHECK_RAW(reply->part[0], "data", states[i].expected) &&
               CHECK_RAW(reply->part[0], "params", states[i].expected);
        good = good &&
               CHECK_RAW(reply->part[0], "is_disabled", strcmp(states[i].status, "INACTIVE") == 0 ? "true" : "false");
        if (!good) fprintf(stderr, "  %s %s\n", states[i].scheme, states[i].status);
    }
    const dc_reply *reply =
        answer("connected_accounts.get", entry("OAUTH2", "ACTIVE", "{}",
                                               ",\"reconnect_until\":951782400000,\"identity_id\":\"i\",\"scopes_"
                                               "granted\":[\"a\"],\"scopes_missing\":[]"));
    CHECK_RAW(reply->part[0], "reconnect", "{\"pending\":true,\"expires_at\":" WHEN "}");
    CHECK_RAW(reply->part[0], "identity", "{\"id\":\"i\",\"label\":null}");
    CHECK_RAW(reply->part[0], "scopes", "{\"granted\":[\"a\"],\"missing\":[]}");
    CHECK_RAW(reply->part[0], "auth_config",
              "{\"id\":\"ac_1\",\"auth_scheme\":\"OAUTH2\",\"is_devcaster_managed\":false,\"is_composio_managed\":"
              "false,\"is_disabled\":true}");
    entry("OAUTH2", "REVOKED", "{}", "");
    head[11] = ' '; /* "v3.1" becomes " 3.1": anything but v3.1 is old */
    reply = answer("connected_accounts.get", head);
    CHECK_RAW(reply->part[0], "status", "\"EXPIRED\"");
    CHECK_RAW(reply->part[0], "status_reason", "\"why\"");
    CHECK_RAW(reply->part[0], "state.val", "{\"status\":\"EXPIRED\",\"expired_at\":" WHEN "}");
    snprintf(head, sizeof head,
             "{\"api\":\"v3\",\"accounts\":[],\"total\":41,\"limit\":20,\"page\":2,\"next_cursor\":\"c\"}");
    CHECK_SPAN(answer("connected_accounts.list", head)->part[0],
               "{\"items\":[],\"next_cursor\":\"c\",\"total_pages\":3,\"current_page\":2,\"total_items\":41}");
    CHECK(dc_answer(op("connected_accounts.get"), 1, give("{\"account\":{\"record\":null}}", NULL))->status == 500);
}

#define REC \
    "\"account\":{\"record\":{\"id\":\"ca_1\",\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_config_id\":\"ac_1\",\"auth_" \
    "scheme\":\"OAUTH2\",\"status\":\"INITIATED\"," \
    "\"link_until\":951782400000},\"val\":{\"redirectUrl\":\"https://r\"}}"

static void others(void) {
    static const struct {
        const char *name, *head;
        uint32_t status;
        const char *body;
    } rows[] = {
        {"connected_accounts.create", "{\"api\":\"v3\",\"link\":{\"url\":\"https://r\"}," REC "}", 201,
         "{\"id\":\"ca_1\",\"connectionData\":{\"authScheme\":\"OAUTH2\",\"val\":{\"status\":\"INITIATED\","
         "\"redirectUrl\":\"https://r\"}},\"status\":\"INITIATED\","
         "\"redirect_url\":\"https://r\",\"redirect_uri\":\"https://"
         "r\",\"deprecated\":{\"uuid\":\"ca_1\",\"authConfigUuid\":\"ac_1\"}}"},
        {"connected_accounts.link", "{\"api\":\"v3\",\"link\":{\"url\":\"https://r\",\"token\":\"lk_1\"}," REC "}", 201,
         "{\"link_token\":\"lk_1\",\"redirect_url\":\"https://r\",\"expires_at\":" WHEN
         ",\"connected_account_id\":\"ca_1\"}"},
        {"connected_accounts.update", "{" REC "}", 200, "{\"id\":\"ca_1\",\"status\":\"INITIATED\",\"success\":true}"},
        {"connected_accounts.set_status", "{" REC "}", 200, "{\"success\":true}"},
        {"connected_accounts.refresh", "{\"result\":{\"redirect_url\":\"https://r\"}," REC "}", 200,
         "{\"id\":\"ca_1\",\"status\":\"INITIATED\",\"redirect_url\":\"https://r\"}"},
        {"connected_accounts.revoke", "{\"outcome\":\"pending\"," REC "}", 200,
         "{\"revoked_tokens\":[],\"connected_account\":{\"id\":\"ca_1\",\"status\":\"INITIATED\"}}"},
        {"connected_accounts.delete", "{\"outcome\":\"revoked\"}", 200,
         "{\"success\":true,\"revocation\":\"revoked\"}"},
        {"connected_accounts.delete", "{}", 200, "{\"success\":true,\"revocation\":\"none\"}"},
        {"auth_configs.delete", "{}", 200, "{\"success\":true}"},
        {"toolkits.get", "{\"toolkit\":null}", 404, NULL},
        {"tools.get", "{\"tool\":null}", 404, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const dc_reply *reply = answer(rows[i].name, rows[i].head);
        if (!CHECK_STATUS(reply, rows[i].status)) fprintf(stderr, "  %s\n", rows[i].name);
        if (rows[i].body) CHECK_SPAN(reply->part[0], rows[i].body);
    }
    const dc_reply *back =
        answer("oauth.callback", "{\"outcome\":\"failed\",\"record\":{\"id\":\"ca_1\",\"user_id\":\"u\",\"toolkit\":"
                                 "\"t\",\"auth_config_id\":\"a\",\"auth_scheme\":\"OAUTH2\","
                                 "\"status\":\"ACTIVE\",\"callback_url\":\"https://c/?x=1#frag?\"}}");
    CHECK_RAW(back->part[0], "url", "\"https://c/?x=1&status=failed&connected_account_id=ca_1#frag?\"");
    CHECK_RAW(answer("auth_configs.get",
                     "{\"config\":{\"record\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":"
                     "\"OAUTH2\"},\"credentials\":{\"client_secret\":\"abcd...\"},\"connections\":2}}")
                  ->part[0],
              "credentials", "{\"client_secret\":\"abcd...\"}");
}

static void allowed(void) {
    static const struct {
        const char *op, *caller, *config;
        uint32_t status;
        const char *holds;
    } rows[] = {
        {"connected_accounts.get", "{\"kind\":\"key\",\"scopes\":[\"read\"]}", "{}", 200,
         "\"masked\",\"links\":false,\"style\":0"},
        {"connected_accounts.get", "{\"kind\":\"session\",\"scopes\":[\"read\"]}", "{\"mask_style\":\"full\"}", 200,
         "\"masked\",\"links\":false,\"style\":1"},
        {"connected_accounts.get", "{\"kind\":\"key\",\"scopes\":[\"read\"]}",
         "{\"mask_secret_keys_in_connected_account\":false}", 200, "masked"},
        {"connected_accounts.get", "{\"kind\":\"key\",\"scopes\":[\"read\",\"reveal\"]}",
         "{\"mask_secret_keys_in_connected_account\":true}", 200, "masked"},
        {"connected_accounts.get", "{\"kind\":\"key\",\"scopes\":[\"read\",\"reveal\"]}",
         "{\"mask_secret_keys_in_connected_account\":null}", 200, "masked"},
        {"connected_accounts.get", "{\"kind\":\"key\",\"scopes\":[\"read\",\"reveal\"]}",
         "{\"mask_secret_keys_in_connected_account\":false}", 200, "plain"},
        {"connected_accounts.get", "{\"kind\":\"token\",\"scopes\":[\"read\",\"reveal\"]}",
         "{\"mask_secret_keys_in_connected_account\":false}", 200, "\"masked\",\"links\":false"},
        {"connected_accounts.get", "{\"kind\":\"token\",\"scopes\":[\"read\",\"write\"],\"links\":true}", "{}", 200,
         "\"links\":true"},
        {"connected_accounts.get", "{\"kind\":\"token\",\"scopes\":[\"read\",\"write\"]}", "{}", 200,
         "\"links\":false"},
        {"connected_accounts.get", "{\"kind\":\"token\",\"scopes\":[]}", "{}", 403, "scope read"},
        {"connected_accounts.get", "{\"kind\":\"over\"}", "{}", 401, "is over"},
        {"connected_accounts.get", "{\"kind\":\"none\",\"scopes\":[\"read\"]}", "{}", 401, "10401"},
        {"connected_accounts.get", "{\"kind\":\"many\",\"scopes\":[\"read\"]}", "{}", 401, "Several"},
        {"connected_accounts.get", "{\"kind\":\"unknown\",\"hint\":\"ak_12345planted\"}", "{}", 401, "ak_12345..."},
        {"connected_accounts.get", "{\"kind\":\"unknown\",\"hint\":\"a\\nplanted\"}", "{}", 401, "with a..."},
        {"connected_accounts.get", "{\"kind\":\"key\",\"scopes\":[]}", "{}", 403, "scope read"},
        {"connected_accounts.get", "null", "{}", 401, "10401"},
        {"connected_accounts.delete", "{\"kind\":\"key\",\"scopes\":[\"read\"]}", "{}", 403, "scope write"},
        {"auth_configs.create", "{\"kind\":\"key\",\"scopes\":[\"read\",\"write\"]}", "{}", 403, "scope admin"},
        {"project_config.update", "{\"kind\":\"key\",\"scopes\":[\"read\",\"write\",\"reveal\"]}", "{}", 403,
         "scope admin"},
        {"api_keys.create", "{\"kind\":\"key\",\"scopes\":[\"write\"]}", "{}", 403, "scope admin"},
        {"connected_accounts.get", "{\"kind\":\"key\",\"scopes\":[\"read\",\"write\"]}", "{}", 200, "\"links\":true"},
        {"connect.show", "{\"kind\":\"none\",\"scopes\":[\"reveal\"]}",
         "{\"mask_secret_keys_in_connected_account\":false}", 200, "masked"},
        {"connect.show", "{\"kind\":\"none\"}", "{}", 200, "masked"},
    };
    char text[512];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(text, sizeof text, "{\"caller\":%s,\"config\":%s}", rows[i].caller, rows[i].config);
        const dc_reply *reply = dc_allow(op(rows[i].op), give(text, NULL));
        if (!(CHECK_STATUS(reply, rows[i].status) && CHECK(span_holds(reply->part[0], rows[i].holds))))
            fprintf(stderr, "  row %zu\n", i);
        CHECK(!reply_holds(reply, "planted"));
    }
}

static void faults(void) {
    for (uint32_t i = 0; i < DC_FAULT_COUNT; i++) {
        const dc_reply *reply = dc_fault(i, give("{\"request_id\":\"r\"}", NULL));
        if (!CHECK(reply->status >= 400 && reply->status < 600)) fprintf(stderr, "  fault %u\n", (unsigned)i);
        CHECK_TEXT(names_of(raw_at(reply->part[0], "error")), "message code status slug suggested_fix request_id");
        CHECK(raw_at(reply->part[0], "error.message").size > 2);
    }
    const dc_reply *limit = dc_fault(DC_FAULT_rate_limited, give("{}", NULL));
    CHECK_NUMBER(limit->status, 429);
    CHECK(raw_at(limit->part[0], "message").size > 2); /* where the family's clients look */
    const dc_reply *given =
        dc_fault(DC_FAULT_error,
                 give("{\"request_id\":\"r\",\"error\":{\"message\":\"m\",\"status\":410,\"errors\":[\"a\"]}}", NULL));
    CHECK_NUMBER(given->status, 410);
    CHECK_RAW(given->part[0], "error", "{\"message\":\"m\",\"status\":410,\"errors\":[\"a\"],\"request_id\":\"r\"}");
    CHECK_STATUS(dc_fault(DC_FAULT_error, give("{\"error\":{\"message\":\"m\",\"status\":200}}", NULL)), 500);
    CHECK_STATUS(dc_fault(DC_FAULT_COUNT, give("{}", NULL)), 500);
}

/* After dc_close nothing of the call is left in the memory that it used; without memory the answer is an answer. */
static void memory(void) {
    static const char secret[] = "PLANTED-secret-of-the-call";
    const dc_reply *reply = answer("connected_accounts.get",
                                   entry("OAUTH2", "ACTIVE", "{\"access_token\":\"PLANTED-secret-of-the-call\"}", ""));
    CHECK(reply_holds(reply, secret));
    const char *from = dc_arena_input();
    const size_t used = (size_t)((char *)dc_arena_take(8) - from);
    dc_close();
    CHECK(used > 2000 && !span_holds((dc_span){from, (uint32_t)used}, "PLANTED"));
    for (size_t i = 0; i < used; i++) {
        if (from[i] != 0 && !CHECK(from[i] == 0)) break;
    }
    const uint32_t much = 240U << 20;
    char *room = dc_open(much);
    if (CHECK(room != NULL)) {
        memset(room, ' ', much);
        memcpy(room, "{\"record\":{\"display_name\":\"", 27);
        memset(room + 27, 'x', much - 30);
        memcpy(room + much - 3, "\"}}", 3);
        CHECK_STATUS(dc_change(DC_EVENT_project_update, 1, much), 500);
    }
    dc_close();
    CHECK_STATUS(answer("health", "{}"), 200); /* and the next call is as if nothing had been */
}

static void catalogue(void) {
    dc_open(0);
    const dc_reply *reply = dc_catalog();
    CHECK_STATUS(reply, 200);
    CHECK_RAW(reply->part[0], "statuses",
              "{\"INITIALIZING\":\"wait\",\"INITIATED\":\"wait\",\"ACTIVE\":\"done\",\"FAILED\":\"failed\",\"EXPIRED\":"
              "\"failed\",\"INACTIVE\":\"failed\",\"REVOKED\":\"failed\"}");
    CHECK_RAW(reply->part[0], "limits.link", "600000");
}

int main(void) {
    accounts();
    others();
    allowed();
    faults();
    memory();
    catalogue();
    for (uint32_t i = 0; i <= dc_operation_count; i++) {
        CHECK(dc_answer(i, 1, give("", NULL))->status >= 400 && dc_answer(i, 1, give("{}", NULL))->status >= 200);
        CHECK(dc_allow(i, give("", NULL))->status >= 400 && dc_allow(i, give("{}", NULL))->status >= 200);
    }
    CHECK_NUMBER(dc_delay(1, 0, 0), 500);
    CHECK_NUMBER(dc_delay(5, 0, 0), 8000);
    CHECK_NUMBER(dc_delay(4000000000U, 0, 0), 8000);
    CHECK_NUMBER(dc_delay(1, 60000, 7), 60000);
    for (uint32_t seed = 0; seed < 70000; seed += 997)
        CHECK(dc_delay(5, 60001, seed) >= 6000 && dc_delay(5, 60001, seed) <= 8000);
    return check_report();
}
