/* The edge's reading of a request line and body: every operation of the table, tricks with the path, and every
 * parameter that is wrong named, without a value of the caller's in any message. */
#include "call.h"

static char head[8192];

static const dc_reply *route(const char *method, const char *target, const char *body) {
    snprintf(head, sizeof head, "{\"method\":\"%s\",\"target\":\"%s\"}", method, target);
    return dc_route(give(head, body));
}

typedef struct row {
    const char *method, *target, *body, *name, *path, *expected; /* path, expected: a member of the value */
} row;

static const row matched[] = {
    {"GET", "/api/v3/connected_accounts", NULL, "connected_accounts.list", "limit", "20"},
    {"GET", "/api/v3.1/connected_accounts?", NULL, "connected_accounts.list", "api", "\"v3.1\""},
    {"GET", "/api/v3/connected_accounts?limit=1000&cursor=a%2Fb", NULL, "connected_accounts.list", "cursor", "\"a/b\""},
    {"GET", "/api/v3/connected_accounts?statuses=ACTIVE%2CFAILED", NULL, "connected_accounts.list", "filters",
     "[[\"status\",[\"ACTIVE\",\"FAILED\"]]]"},
    {"GET", "/api/v3/connected_accounts?statuses=ACTIVE&statuses=FAILED", NULL, "connected_accounts.list", "filters",
     "[[\"status\",[\"ACTIVE\",\"FAILED\"]]]"},
    {"GET", "/api/v3/connected_accounts?statuses[]=ACTIVE&statuses%5B%5D=FAILED", NULL, "connected_accounts.list",
     "filters", "[[\"status\",[\"ACTIVE\",\"FAILED\"]]]"},
    {"GET", "/api/v3/connected_accounts?user_ids=a%2Cb,c&user_ids[]=d,e", NULL, "connected_accounts.list",
     "query.user_ids", "[\"a\",\"b\",\"c\",\"d,e\"]"},
    {"GET", "/api/v3/connected_accounts?statuses=EXPIRED", NULL, "connected_accounts.list", "filters",
     "[[\"status\",[\"EXPIRED\",\"REVOKED\"]]]"},
    {"GET", "/api/v3/connected_accounts?statuses=EXPIRED,REVOKED", NULL, "connected_accounts.list", "filters",
     "[[\"status\",[\"EXPIRED\",\"REVOKED\"]]]"},
    {"GET", "/api/v3.1/connected_accounts?statuses=EXPIRED", NULL, "connected_accounts.list", "filters",
     "[[\"status\",[\"EXPIRED\"]]]"},
    {"GET", "/api/v3/connected_accounts?order_by=updated_at&order_direction=asc", NULL, "connected_accounts.list",
     "order", "[\"updated_at\",\"asc\"]"},
    {"GET", "/api/v3/connected_accounts?account_type=x", NULL, "connected_accounts.list", "order",
     "[\"created_at\",\"desc\"]"},
    {"GET", "/api/v3/connected_accounts?user_ids=a+b%2B", NULL, "connected_accounts.list", "query.user_ids",
     "[\"a b+\"]"},
    {"GET", "/api/v3/connected_accounts/ca_1", NULL, "connected_accounts.get", "id", "\"ca_1\""},
    {"GET", "/api/v3/connected_accounts/a%2Fb%2e%252e", NULL, "connected_accounts.get", "id", "\"a/b.%2e\""},
    {"GET", "/api/v3/connected_accounts/link", NULL, "connected_accounts.get", "id", "\"link\""},
    {"POST", "/api/v3/connected_accounts", "{\"auth_config\":{\"id\":\"ac_1\"},\"connection\":{}}",
     "connected_accounts.create", "refs.user", "\"default\""},
    {"POST", "/api/v3/connected_accounts",
     " {\"auth_config\":{\"id\":\"ac_1\"},\"connection\":{\"user_id\":\"u\"},\"x\":1} ", "connected_accounts.create",
     "refs", "{\"user\":\"u\",\"config\":\"ac_1\"}"},
    {"POST", "/api/v3/connected_accounts/link", "{\"auth_config_id\":\"ac_1\",\"user_id\":\"u\"}",
     "connected_accounts.link", "refs.config", "\"ac_1\""},
    {"PATCH", "/api/v3/connected_accounts/ca_1", "{}", "connected_accounts.update", "refs.account", "\"ca_1\""},
    {"GET", "/api/v3/connected_accounts/ca_1/activity?limit=7", NULL, "connected_accounts.activity", "limit", "7"},
    {"PATCH", "/api/v3/connected_accounts/ca_1/status", "{\"enabled\":false}", "connected_accounts.set_status", "id",
     "\"ca_1\""},
    {"POST", "/api/v3/connected_accounts/ca_1/refresh", NULL, "connected_accounts.refresh", "id", "\"ca_1\""},
    {"POST", "/api/v3/connected_accounts/ca_1/refresh?redirect_url=https%3A%2F%2Fa.b%2Fc", "{}",
     "connected_accounts.refresh", "query.redirect_url", "\"https://a.b/c\""},
    {"POST", "/api/v3/connected_accounts/ca_1/revoke", "", "connected_accounts.revoke", "id", "\"ca_1\""},
    {"DELETE", "/api/v3/connected_accounts/ca_1?revoke_on_delete=true", NULL, "connected_accounts.delete", "id",
     "\"ca_1\""},
    {"GET", "/api/v3/auth_configs?show_disabled=true&is_composio_managed=true", NULL, "auth_configs.list", "filters",
     "[[\"managed\",[\"true\"]]]"},
    {"GET", "/api/v3/auth_configs?search=a&toolkit_slug=x,y", NULL, "auth_configs.list", "search",
     "[[\"name\",\"toolkit\"],\"a\"]"},
    {"GET", "/api/v3/auth_configs", NULL, "auth_configs.list", "filters", "[[\"status\",[\"ENABLED\"]]]"},
    {"POST", "/api/v3/auth_configs", "{\"toolkit\":{\"slug\":\"gmail\"}}", "auth_configs.create", "refs.toolkit",
     "\"gmail\""},
    {"GET", "/api/v3/auth_configs/ac_1", NULL, "auth_configs.get", "id", "\"ac_1\""},
    {"PATCH", "/api/v3/auth_configs/ac_1", "{\"type\":\"custom\"}", "auth_configs.update", "id", "\"ac_1\""},
    {"DELETE", "/api/v3/auth_configs/ac_1?cascade=true", NULL, "auth_configs.delete", "query.cascade", "true"},
    {"PATCH", "/api/v3/auth_configs/ac_1/ENABLED", NULL, "auth_configs.set_status", "query.status", "\"ENABLED\""},
    {"PATCH", "/api/v3/auth_configs/ac_1/DISABLED", NULL, "auth_configs.set_status", "query.status", "\"DISABLED\""},
    {"GET", "/api/v3/toolkits?managed_by=all&sort_by=usage", NULL, "toolkits.list", "limit", "20"},
    {"GET", "/api/v3/toolkits/categories", NULL, "toolkits.categories", "id", "null"},
    {"GET", "/api/v3/toolkits/gmail?version=20251111_00", NULL, "toolkits.get", "id", "\"gmail\""},
    {"GET", "/api/v3/tools?toolkit_versions[gmail]=latest&important=true", NULL, "tools.list", "query.important",
     "true"},
    {"GET", "/api/v3/tools?tags=a,b&tags[]=c", NULL, "tools.list", "query.tags", "[\"a\",\"b\",\"c\"]"},
    {"GET", "/api/v3/tools/GMAIL_GET_PROFILE?version=latest", NULL, "tools.get", "refs",
     "{\"tool\":\"GMAIL_GET_PROFILE\",\"version\":\"latest\"}"},
    {"POST", "/api/v3/tools/execute/GMAIL_GET_PROFILE", "{\"user_id\":\"u\",\"arguments\":{}}", "tools.execute", "refs",
     "{\"user\":\"u\",\"tool\":\"GMAIL_GET_PROFILE\"}"},
    {"POST", "/api/v3/tools/execute/proxy",
     "{\"connected_account_id\":\"ca_1\",\"endpoint\":\"/\",\"method\":\"HEAD\"}", "tools.proxy", "refs.account",
     "\"ca_1\""},
    {"GET", "/api/v3/org/project/config", NULL, "project_config.get", "id", "null"},
    {"PATCH", "/api/v3/org/project/config", "{\"mask_style\":\"full\"}", "project_config.update", "id", "null"},
    {"GET", "/api/v3/api_keys", NULL, "api_keys.list", "id", "null"},
    {"POST", "/api/v3/api_keys", "{\"name\":\"n\",\"scopes\":[\"read\"]}", "api_keys.create", "id", "null"},
    {"DELETE", "/api/v3/api_keys/k1", NULL, "api_keys.delete", "id", "\"k1\""},
    {"GET", "/api/v3/auth/session/info", NULL, "session.info", "api", "\"v3\""},
    {"POST", "/auth/session", "{\"api_key\":\"k\"}", "session.create", "refs", "{\"key\":\"k\"}"},
    {"DELETE", "/auth/session", NULL, "session.delete", "api", "null"},
    {"GET", "/connect/lk_1", NULL, "connect.show", "id", "\"lk_1\""},
    {"POST", "/connect/lk_1", "a=b&c={", "connect.submit", "id", "\"lk_1\""},
    {"GET", "/oauth/callback?code=a&state=b&anything[x]=y&code=c", NULL, "oauth.callback", "query", "{}"},
    {"GET", "/health", NULL, "health", "name", "\"health\""},
};

/* name NULL: no such route; otherwise the operation whose parameters are refused, and the fault that names it. */
typedef struct wrong {
    const char *method, *target, *body;
    uint32_t status;
    const char *name, *fault;
} wrong;

#define LIST "/api/v3/connected_accounts"
#define BAD(target, fault) \
    { "GET", target, NULL, 400, "connected_accounts.list", fault }
#define POST_BAD(body, fault) \
    { "POST", LIST, body, 400, "connected_accounts.create", fault }

static const wrong refused[] = {
    {"GET", "/", NULL, 404, NULL, NULL},
    {"GET", "", NULL, 404, NULL, NULL},
    {"GET", "api/v3/connected_accounts", NULL, 404, NULL, NULL},
    {"GET", "/api/v3", NULL, 404, NULL, NULL},
    {"GET", "/api/v3/", NULL, 404, NULL, NULL},
    {"GET", "/api/v2/connected_accounts", NULL, 404, NULL, NULL},
    {"GET", "/api/v3.2/connected_accounts", NULL, 404, NULL, NULL},
    {"GET", "/connected_accounts", NULL, 404, NULL, NULL},
    {"GET", "//api/v3/connected_accounts", NULL, 404, NULL, NULL},
    {"GET", "/api/v3//connected_accounts", NULL, 404, NULL, NULL},
    {"GET", "/api/v3/connected_accounts/", NULL, 404, NULL, NULL},
    {"GET", "/api/v3/connected_accounts//", NULL, 404, NULL, NULL},
    {"GET", "/api/v3/connected_accounts/ca_1/", NULL, 404, NULL, NULL},
    {"GET", "/api/v3/connected_accounts/ca_1/x", NULL, 404, NULL, NULL},
    {"GET", "/api/v3/../v3/connected_accounts", NULL, 404, NULL, NULL},
    {"GET", "/api/v3/connected_accounts%2Fca_1", NULL, 404, NULL, NULL},
    {"GET", "/api/v3/connected%5Faccounts", NULL, 404, NULL, NULL},
    {"GET", "/API/v3/connected_accounts", NULL, 404, NULL, NULL},
    {"GET", "/api/v3/Connected_accounts", NULL, 404, NULL, NULL},
    {"get", LIST, NULL, 404, NULL, NULL},
    {"PUT", LIST, NULL, 404, NULL, NULL},
    {"HEAD", LIST, NULL, 404, NULL, NULL},
    {"PATCH", "/api/v3/auth_configs/ac_1/OTHER", NULL, 404, NULL, NULL},
    {"PATCH", "/api/v3/auth_configs/ac_1/enabled", NULL, 404, NULL, NULL},
    {"POST", "/api/v3/auth/session", "{}", 404, NULL, NULL},
    {"GET", "/api/v3/connect/lk_1", NULL, 404, NULL, NULL},
    {"GET", "/connect/", NULL, 404, NULL, NULL},
    {"GET", "/connect/lk_1/x", NULL, 404, NULL, NULL},
    {"GET", "/api/v3/health", NULL, 404, NULL, NULL},
    {"GET", "/api/v3/connected_accounts/..", NULL, 400, "connected_accounts.get", "id: "},
    {"GET", "/api/v3/connected_accounts/%2e%2E", NULL, 400, "connected_accounts.get", "id: "},
    {"GET", "/api/v3/connected_accounts/.", NULL, 400, "connected_accounts.get", "id: "},
    {"GET", "/api/v3/connected_accounts/a%00b", NULL, 400, "connected_accounts.get", "id: "},
    {"GET", "/api/v3/connected_accounts/a%0Ab", NULL, 400, "connected_accounts.get", "id: "},
    {"GET", "/api/v3/connected_accounts/%ff", NULL, 400, "connected_accounts.get", "id: "},
    {"GET", "/api/v3/connected_accounts/%zz", NULL, 400, "connected_accounts.get", "id: "},
    BAD(LIST "?status=ACTIVE", "status: is not a parameter"),
    BAD(LIST "?userIds=a", "userIds: is not a parameter"),
    BAD(LIST "?statuses=planted", "statuses: is not one of"),
    BAD(LIST "?statuses=active", "statuses: is not one of"),
    BAD(LIST "?statuses=ACTIVE,", "statuses: has an empty item"),
    BAD(LIST "?statuses=", "statuses: has an empty item"),
    BAD(LIST "?user_ids", "user_ids: has an empty item"),
    BAD(LIST "?user_ids[]=", "user_ids: "),
    BAD(LIST "?user_ids[0]=a", "user_ids[0]: is not a parameter"),
    BAD(LIST "?user_ids[][]=a", "user_ids[][]: is not a parameter"),
    BAD(LIST "?limit[]=5", "limit[]: is not a parameter"),
    BAD(LIST "?limit=0", "limit: must be 1 to 1000"),
    BAD(LIST "?limit=1001", "limit: must be 1 to 1000"),
    BAD(LIST "?limit=-1", "limit: must be a whole number"),
    BAD(LIST "?limit=1e2", "limit: must be a whole number"),
    BAD(LIST "?limit=010", "limit: must be a whole number"),
    BAD(LIST "?limit=99999999999999999999", "limit: must be a whole number"),
    BAD(LIST "?limit=", "limit: must be a whole number"),
    BAD(LIST "?limit=1&limit=2", "limit: is given twice"),
    BAD(LIST "?cursor=a&cursor=b", "cursor: is given twice"),
    BAD(LIST "?order_by=id", "order_by: is not one of"),
    BAD(LIST "?order_direction=ASC", "order_direction: is not one of"),
    BAD(LIST "?cursor=%00", "cursor: must not hold control"),
    BAD(LIST "?cursor=%ff", "query: is not well-formed"),
    BAD(LIST "?cur%sor=1", "query: is not well-formed"),
    BAD(LIST "?toolkit_versions[gmail]=latest", "toolkit_versions[gmail]: is not a parameter"),
    {"GET", "/api/v3/auth_configs?show_disabled=1", NULL, 400, "auth_configs.list",
     "show_disabled: must be true or false"},
    {"GET", "/api/v3/tools?toolkit_versionsx=1", NULL, 400, "tools.list", "toolkit_versionsx: is not a parameter"},
    {"DELETE", "/api/v3/auth_configs/ac_1?cascade=yes", NULL, 400, "auth_configs.delete",
     "cascade: must be true or false"},
    POST_BAD(NULL, "auth_config.id: is required"),
    POST_BAD("", "auth_config.id: is required"),
    POST_BAD("[]", NULL),
    POST_BAD("null", NULL),
    POST_BAD("\"planted\"", NULL),
    POST_BAD("{\"auth_config\":{\"id\":\"x\"}", NULL),
    POST_BAD("{} {}", NULL),
    POST_BAD("{\"auth_config\":{\"id\":5}}", "auth_config.id: must be a string"),
    POST_BAD("{\"auth_config\":{\"id\":\"\"}}", "auth_config.id: must not be empty"),
    POST_BAD("{\"auth_config\":{\"id\":null}}", "auth_config.id: is required"),
    POST_BAD("{\"auth_config\":{\"id\":\"a\\u0000b\"}}", "auth_config.id: must not hold NUL"),
    POST_BAD("{\"auth_config\":{\"id\":\"\\ud800\"}}", "auth_config.id: must not hold NUL or half"),
    POST_BAD("{\"auth_config\":{\"id\":\"a\"},\"connection\":\"planted\"}", "connection: must be an object"),
    POST_BAD("{\"auth_config\":{\"id\":\"a\"},\"connection\":[{\"user_id\":\"planted\"}]}",
             "connection: must be an object"),
    POST_BAD("{\"auth_config\":{\"id\":\"a\"},\"connection\":{\"user_id\":7}}", "connection.user_id: must be a string"),
    POST_BAD("{\"auth_config\":{\"id\":\"a\"},\"connection\":{\"user_id\":\"\"}}",
             "connection.user_id: must not be empty"),
    POST_BAD("{\"auth_config\":{\"id\":\"a\"},\"connection\":{\"state\":[]}}", "connection.state: must be an object"),
    POST_BAD("{\"auth_config\":{\"id\":\"a\"},\"connection\":{\"callback_url\":\"javascript:planted\"}}",
             "connection.callback_url: must be a URL"),
    POST_BAD("{\"auth_config\":{\"id\":\"a\"},\"connection\":{\"callback_url\":\"https://planted@h/\"}}",
             "connection.callback_url: must not hold user info"),
    POST_BAD("{\"auth_config\":{\"id\":\"a\"},\"connection\":{\"callback_url\":\"https:///x\"}}",
             "connection.callback_url: must name a host"),
    POST_BAD("{\"auth_config\":{\"id\":\"a\"},\"connection\":{\"callback_url\":\"https://a\\\\@b/\"}}",
             "connection.callback_url: must not hold"),
    POST_BAD("{\"auth_config\":{\"id\":\"a\"},\"allow_multiple\":\"false\"}", "allow_multiple: must be true or false"),
    POST_BAD("{\"auth_config\":{\"id\":\"a\"},\"validate_credentials\":1}",
             "validate_credentials: must be true or false"),
    {"PATCH", LIST "/ca_1/status", "{}", 400, "connected_accounts.set_status", "enabled: is required"},
    {"PATCH", LIST "/ca_1/status", "{\"enabled\":\"true\"}", 400, "connected_accounts.set_status",
     "enabled: must be true"},
    {"POST", "/api/v3/tools/execute/proxy", "{\"method\":\"TRACE\",\"parameters\":{}}", 400, "tools.proxy",
     "endpoint: is required"},
    {"POST", "/api/v3/tools/execute/proxy", "{\"method\":\"TRACE\",\"parameters\":{}}", 400, "tools.proxy",
     "method: is not one of"},
    {"POST", "/api/v3/tools/execute/proxy", "{\"method\":\"TRACE\",\"parameters\":{}}", 400, "tools.proxy",
     "parameters: must be an array"},
    {"POST", "/api/v3/tools/execute/X", "{\"arguments\":[1]}", 400, "tools.execute", "arguments: must be an object"},
    {"POST", "/api/v3/api_keys", "{\"name\":\"n\",\"scopes\":[\"root\"]}", 400, "api_keys.create",
     "scopes: is not one of"},
    {"POST", "/api/v3/api_keys", "{\"name\":\"n\",\"scopes\":\"read\"}", 400, "api_keys.create",
     "scopes: must be a list"},
    {"POST", "/api/v3/tools/execute/X", "{\"text\":\"planted\"}", 400, "tools.execute", "text: is not served yet"},
    {"POST", "/api/v3/user_tokens", "{\"user_id\":\"u\",\"expires_in\":1801}", 400, "user_tokens.create",
     "expires_in: is out of range"},
    {"DELETE", "/api/v3.1/user_tokens", NULL, 400, "user_tokens.revoke", "user_id: is required"},
    {"GET", LIST "/ca_1/activity?limit=0", NULL, 400, "connected_accounts.activity", "limit: "},
    {"GET", LIST "/ca_1/activity?event=used", NULL, 400, "connected_accounts.activity", "event: is not a parameter"},
};

static void check_matched(const row *r) {
    const dc_reply *reply = route(r->method, r->target, r->body);
    if (!CHECK_STATUS(reply, 200)) fprintf(stderr, "  %s %s\n", r->method, r->target);
    snprintf(head, sizeof head, "\"%s\"", r->name);
    CHECK_RAW(reply->part[0], "name", head);
    CHECK_RAW(reply->part[0], r->path, r->expected);
    CHECK_SPAN(reply->part[1].size ? reply->part[1] : ((dc_span){"", 0}),
               r->body != NULL ? r->body + strspn(r->body, " ") : "");
}

static void check_refused(const wrong *r) {
    const dc_reply *reply = route(r->method, r->target, r->body);
    const dc_span name = reply->part[1].size ? reply->part[1] : (dc_span){"", 0};
    if (!CHECK_STATUS(reply, r->status)) fprintf(stderr, "  %s %s %s\n", r->method, r->target, r->body ? r->body : "");
    CHECK_SPAN(name, r->name != NULL ? r->name : "");
    if (r->fault != NULL && !CHECK(span_holds(raw_at(reply->part[0], "errors"), r->fault)))
        fprintf(stderr, "  %s: %.*s\n", r->fault, (int)reply->part[0].size, reply->part[0].at);
    CHECK(!reply_holds(reply, "planted"));
}

static void limits(void) {
    static char long_id[2000], items[6000];
    memset(long_id, 'a', 1025);
    snprintf(items, sizeof items, "/api/v3/connected_accounts/%s", long_id);
    CHECK_STATUS(route("GET", items, NULL), 400);
    long_id[1024] = '\0';
    snprintf(items, sizeof items, "/api/v3/connected_accounts/%s", long_id);
    CHECK_STATUS(route("GET", items, NULL), 200);
    for (int count = 1000; count <= 1001; count++) {
        char *to = items + sprintf(items, "/api/v3/connected_accounts?user_ids=");
        for (int i = 0; i < count; i++) to += sprintf(to, i ? ",a" : "a");
        CHECK_STATUS(route("GET", items, NULL), count == 1000 ? 200 : 400);
    }
}

/* No head, or one that is not what it must be, is an answer and never a trap. */
static void heads(void) {
    static const char *const bad[] = {"",
                                      "{",
                                      "[]",
                                      "null",
                                      "{}",
                                      "{\"method\":1}",
                                      "{\"method\":\"GET\"}",
                                      "{\"method\":\"GET\",\"target\":[]}",
                                      "{\"method\":\"GET\",\"target\":\"\\u0000\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) CHECK(dc_route(give(bad[i], NULL))->status >= 400);
}

int main(void) {
    for (size_t i = 0; i < sizeof matched / sizeof matched[0]; i++) check_matched(&matched[i]);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) check_refused(&refused[i]);
    limits();
    heads();
    return check_report();
}
