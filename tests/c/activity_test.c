/* The log of an account: what each event leaves in it, who is named, what of a request is told, and that nothing secret
 * is in any of it. */
#include "call.h"

#include "catalog.h"

enum { NOW = 1000000 };
#define AT "\"at\":\"1970-01-01T00:16:40.000Z\""

#define TOOLKIT "\"toolkit\":{\"slug\":\"t\",\"auth_schemes\":[{\"scheme\":\"OAUTH2\"},{\"scheme\":\"API_KEY\"}]}"
#define RECORD(status, more) \
    "\"record\":{\"id\":\"ca_1\",\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_config_id\":\"ac_1\",\"auth_scheme\":" \
    "\"OAUTH2\",\"status\":\"" status "\"" more "}"
#define BY   "\"by\":{\"kind\":\"key\",\"id\":\"ak_1\",\"request_id\":\"req-1\"}"
#define LINK "\"link\":{\"url\":\"https://me/connect/lk_s3cret\",\"token\":\"lk_s3cret\"}"
#define NEW(scheme) \
    "{\"id\":\"ca_9\",\"seed\":5,\"config\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"" scheme \
    "\"}," TOOLKIT ",\"siblings\":[]," LINK "," BY "}"
#define HEAD(record, more) \
    "{" record "," BY ",\"config\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\"}," TOOLKIT \
    "," LINK more "}"

#define WAITING RECORD("INITIATED", ",\"link_until\":2000000")
#define LATE    RECORD("INITIATED", ",\"link_until\":5")
#define ACTIVE  RECORD("ACTIVE", ",\"credential\":true,\"refreshable\":true,\"connected_at\":5,\"last_refreshed_at\":7")
#define FAILING RECORD("ACTIVE", ",\"credential\":true,\"refreshable\":true,\"connected_at\":5,\"failures\":3")
#define RENEWING(until) \
    RECORD("ACTIVE", ",\"credential\":true,\"connected_at\":5,\"identity_id\":\"me\",\"reconnect_until\":" until)
#define PAUSED                      RECORD("INACTIVE", ",\"credential\":true,\"resume\":\"ACTIVE\"")
#define GRANTED                     ",\"grant\":{\"outcome\":\"granted\",\"expires_at\":5000000,\"refreshable\":true}"
#define SAID(outcome)               ",\"grant\":{\"outcome\":\"" outcome "\",\"error\":\"e\",\"error_description\":\"in words\"}"
#define ACTOR                       "\"actor\":{\"type\":\"key\",\"id\":\"ak_1\"},\"request_id\":\"req-1\""
#define ENTRY(group, event, status) "[" group ",{\"event\":\"" event "\"," AT "," ACTOR ",\"status\":\"" status "\""

typedef struct row {
    const char *rule;
    dc_event_name event;
    const char *head, *body, *expected; /* the whole third part; "" when nothing is noted */
} row;

static const row rows[] = {
    {"an account that waits for its user", DC_EVENT_link, NEW("OAUTH2"), "{\"user_id\":\"u\"}",
     "[" ENTRY("0", "created", "INITIALIZING") "}]]"},
    {"one that comes with its key", DC_EVENT_create, NEW("API_KEY"),
     "{\"connection\":{\"state\":{\"val\":{\"api_key\":\"s3cret\"}}}}",
     "[" ENTRY("0", "created", "ACTIVE") "}]," ENTRY("0", "connected", "ACTIVE") "}]]"},
    {"the user leaves for the provider", DC_EVENT_open, HEAD(RECORD("INITIALIZING", ",\"link_until\":2000000"), ""), "",
     "[" ENTRY("1", "link_opened", "INITIATED") "}]]"},
    {"and comes back with a grant", DC_EVENT_connect, HEAD(WAITING, GRANTED), "",
     "[" ENTRY("0", "connected", "ACTIVE") "}]]"},
    {"a second time", DC_EVENT_connect, HEAD(RENEWING("2000000"), GRANTED ",\"identity\":{\"id\":\"me\"}"), "",
     "[" ENTRY("5", "reconnected", "ACTIVE") "}]]"},
    {"as somebody else: refused, and noted", DC_EVENT_connect,
     HEAD(RENEWING("2000000"), GRANTED ",\"identity\":{\"id\":\"eve\"}"), "",
     "[" ENTRY("1", "identity_refused", "ACTIVE") "}]]"},
    {"the user says no", DC_EVENT_deny, HEAD(WAITING, ",\"error\":\"access_denied\",\"error_description\":\"no\""), "",
     "[" ENTRY("1", "connect_failed", "FAILED") ",\"reason\":\"access_denied: no\"}]]"},
    {"the link's time is over", DC_EVENT_lapse, HEAD(LATE, ""), "",
     "[" ENTRY("5", "expired",
               "EXPIRED") ",\"reason\":\"Connection initiation did not complete within 10 minutes\"}]]"},
    {"a reconnection's time is over", DC_EVENT_lapse, HEAD(RENEWING("5"), ""), "",
     "[" ENTRY("1", "reconnect_lapsed", "ACTIVE") "}]]"},
    {"nothing is over", DC_EVENT_lapse, HEAD(WAITING, ""), "", ""},
    {"a new consent is asked for", DC_EVENT_refresh, HEAD(RENEWING("0"), ""), "",
     "[" ENTRY("6", "reconnect_begun", "ACTIVE") "}]]"},
    {"a refresh that is only due changes nothing", DC_EVENT_refresh, HEAD(ACTIVE, ""), "", ""},
    {"nor does the journal's entry say anything yet", DC_EVENT_refresh_begin, HEAD(ACTIVE, ""), "", ""},
    {"refreshed", DC_EVENT_refresh_end, HEAD(ACTIVE, GRANTED), "", "[" ENTRY("2", "refreshed", "ACTIVE") "}]]"},
    {"refreshed after failures", DC_EVENT_refresh_end, HEAD(FAILING, GRANTED), "",
     "[" ENTRY("2", "refreshed", "ACTIVE") "}]," ENTRY("2", "recovered", "ACTIVE") "}]]"},
    {"not refreshed for now", DC_EVENT_refresh_end, HEAD(ACTIVE, SAID("later")), "",
     "[" ENTRY("2", "refresh_failed", "ACTIVE") ",\"reason\":\"e: in words\"}]]"},
    {"never again", DC_EVENT_refresh_end, HEAD(ACTIVE, SAID("lost")), "",
     "[" ENTRY("5", "expired", "EXPIRED") ",\"reason\":\"e: in words\"}]]"},
    {"disabled", DC_EVENT_set_status, HEAD(ACTIVE, ""), "{\"enabled\":false}",
     "[" ENTRY("6", "disabled", "INACTIVE") "}]]"},
    {"enabled", DC_EVENT_set_status, HEAD(PAUSED, ""), "{\"enabled\":true}", "[" ENTRY("6", "enabled", "ACTIVE") "}]]"},
    {"disabled twice", DC_EVENT_set_status, HEAD(PAUSED, ""), "{\"enabled\":false}", ""},
    {"another alias", DC_EVENT_update, HEAD(ACTIVE, ",\"siblings\":[]"), "{\"alias\":\"work\"}",
     "[" ENTRY("6", "updated", "ACTIVE") ",\"changed\":[\"alias\"]}]]"},
    {"the same alias", DC_EVENT_update,
     HEAD(RECORD("ACTIVE", ",\"alias\":\"work\",\"credential\":true"), ",\"siblings\":[]"), "{\"alias\":\"work\"}", ""},
    {"revoked", DC_EVENT_revoked, HEAD(ACTIVE, ",\"outcome\":\"pending\""), "",
     "[" ENTRY("5", "revoked", "REVOKED") ",\"outcome\":\"pending\"}]]"},
    {"what is deleted takes its log along", DC_EVENT_delete, HEAD(ACTIVE, ""), "", ""},
    {"its credential was shown", DC_EVENT_reveal, HEAD(ACTIVE, ""), "", "[" ENTRY("4", "revealed", "ACTIVE") "}]]"},
    {"where there was none to show", DC_EVENT_reveal, HEAD(WAITING, ""), "", ""},
    {"a refusal is no event", DC_EVENT_set_status, HEAD(WAITING, ""), "{\"enabled\":false}", ""},
    {"what is no account has no log", DC_EVENT_project_open, "{" BY "}", "", ""},
};

static const dc_reply *change(dc_event_name event, const char *head, const char *rest) {
    return dc_change(event, NOW, give(head, rest));
}

static void check_rows(void) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const dc_reply *reply = change(rows[i].event, rows[i].head, rows[i].body);
        const dc_span third = reply->part[2].size ? reply->part[2] : ((dc_span){"", 0});
        if (!(CHECK_SPAN(third, rows[i].expected) && CHECK(!span_holds(third, "s3cret"))))
            fprintf(stderr, "  %s\n", rows[i].rule);
        if (third.size) CHECK(dc_scan_valid(third, NULL));
    }
}

/* Who: only kinds that are known, and never an id for the service itself. */
static void check_actors(void) {
    static const char *const cases[][2] = {
        {"{" ACTIVE "}", "{\"type\":\"service\",\"id\":null},\"request_id\":null"},
        {"{" ACTIVE ",\"by\":{\"kind\":\"session\",\"request_id\":\"r\"}}",
         "{\"type\":\"session\",\"id\":null},\"request_id\":\"r\""},
        {"{" ACTIVE ",\"by\":{\"kind\":\"link\",\"request_id\":\"r\"}}", "{\"type\":\"link\",\"id\":null}"},
        {"{" ACTIVE ",\"by\":{\"kind\":\"unknown\",\"id\":\"x\"}}", "{\"type\":\"service\",\"id\":null}"},
        {"{" ACTIVE ",\"by\":5}", "{\"type\":\"service\",\"id\":null}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const dc_reply *reply = change(DC_EVENT_set_status, cases[i][0], "{\"enabled\":false}");
        if (!CHECK(span_holds(reply->part[2], cases[i][1]))) fprintf(stderr, "  %s\n", cases[i][0]);
    }
}

#define SECRETS \
    "\"val\":{\"access_token\":\"s3cretsecret\",\"password\":\"letterssecret\",\"host\":\"git.acme.example\"}"
#define TOOLS \
    "\"tools\":[{\"base_url\":\"https://h\",\"path\":\"/repos/{owner}/{repo}/pulls?x=1\"}," \
    "{\"base_url\":\"{instance_url}/sendMessage\",\"path\":\"\"},{}]"
#define TOOL \
    "\"tool\":{\"slug\":\"T_X\",\"base_url\":\"https://api.example/bot{access_token}\",\"path\":\"/users/{id}/" \
    "files?x=1\"}"

typedef struct use {
    const char *request, *more, *expected;
} use;

static const use uses[] = {
    {"{\"method\":\"GET\",\"target\":\"https://api.example/bots3cretsecret/users/77/files?x=1\",\"http\":200}",
     "," SECRETS "," TOOL,
     "\"tool\":\"T_X\",\"method\":\"GET\",\"host\":\"api.example\",\"path\":\"/bot{access_token}/users/{id}/files\","
     "\"http_status\":200,\"result\":\"2xx\""},
    {"{\"method\":\"POST\",\"target\":\"https://api.example/v1.2/users/ada@x.example/sendMessage/77/"
     "?token=s3cretsecret\","
     "\"http\":404}",
     "," SECRETS "," TOOLS,
     "\"tool\":null,\"method\":\"POST\",\"host\":\"api.example\",\"path\":\"/v1.2/users/{...}/sendMessage/{...}/\","
     "\"http_status\":404,\"result\":\"4xx\""},
    /* Letters alone are no sign of an API's word. */
    {"{\"method\":\"GET\",\"target\":\"https://h/users/johnsmith\",\"http\":200}", "", "\"path\":\"/users/{...}\","},
    {"{\"method\":\"GET\",\"target\":\"https://h/repos/johnsmith/diary/pulls\",\"http\":200}", "," TOOLS,
     "\"path\":\"/repos/{owner}/{repo}/pulls\","}, /* a tool's own */
    {"{\"method\":\"GET\",\"target\":\"https://h/repos/johnsmith/diary/wiki\",\"http\":200}", "," TOOLS,
     "\"path\":\"/repos/{...}/{...}/{...}\","},
    {"{\"method\":\"GET\",\"target\":\"https://h/repos//diary/pulls\",\"http\":200}", "," TOOLS,
     "\"path\":\"/repos//{...}/pulls\","},
    {"{\"method\":\"GET\",\"target\":\"https://h/pulls/owner/Repos/{owner}\",\"http\":200}", "," TOOLS,
     "\"path\":\"/pulls/{...}/{...}/{...}\","},
    {"{\"method\":\"GET\",\"target\":\"https://h/base/sendMessage\",\"http\":200}", "," TOOLS,
     "\"path\":\"/{...}/sendMessage\","},
    {"{\"method\":\"GET\",\"target\":\"https://me:s3cretsecret@api.example:8443/users/xletterssecretx/"
     "%41b#c\",\"http\":302}",
     "," SECRETS, "\"host\":\"api.example:8443\",\"path\":\"/users/{...}/{...}\",\"http_status\":302"},
    {"{\"method\":\"GET\",\"target\":\"https://h/letterssecret/users\",\"http\":200}",
     "," SECRETS ",\"tools\":[{\"base_url\":\"https://h\",\"path\":\"/letterssecret/list\"}]",
     "\"path\":\"/{...}/users\","}, /* known, and a secret all the same */
    {"{\"method\":\"GET\",\"target\":\"https://git.acme.example/api/v4/user\",\"fault\":\"provider_timeout\"}",
     "," SECRETS, "\"host\":\"{...}\",\"path\":\"/api/v4/user\",\"http_status\":null,\"result\":\"timeout\""},
    {"{\"method\":\"GET\",\"target\":\"https://git.acme.example/api/v4/user\",\"fault\":\"provider_unreachable\"}",
     "," SECRETS ",\"harmless\":\"region\\nhost\"",
     "\"host\":\"git.acme.example\",\"path\":\"/api/v4/user\",\"http_status\":null,\"result\":\"unreachable\""},
    {"{\"method\":\"GET\",\"target\":\"https://h\",\"http\":500}", "",
     "\"host\":\"h\",\"path\":\"\",\"http_status\":500,\"result\":\"5xx\""},
    {"{\"method\":\"GET\",\"target\":\"https://h/abcdefghijklmnopqrstuvwxyzABCDEFGHIJ/list\",\"http\":200}",
     ",\"val\":null", "\"host\":\"h\",\"path\":\"/{...}/{...}\""},
    {"{\"method\":\"GET\",\"target\":\"https://h/a/b\",\"http\":200}", ",\"val\":[", NULL},
};

static void check_uses(void) {
    char head[4096];
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
        snprintf(head, sizeof head, "{" ACTIVE "," BY ",\"request\":%s%s}", uses[i].request, uses[i].more);
        const dc_reply *reply = change(DC_EVENT_use, head, "");
        if (uses[i].expected == NULL) {
            CHECK_STATUS(reply, 500);
            continue;
        }
        const bool good = CHECK(span_holds(reply->part[2], uses[i].expected)) &&
                          CHECK(dc_scan_valid(reply->part[2], NULL)) && CHECK(!span_holds(reply->part[2], "secret"));
        if (!good) fprintf(stderr, "  %.*s\n  for %s\n", (int)reply->part[2].size, reply->part[2].at, uses[i].expected);
    }
}

/* However long the words of a provider and the path of a request are, an entry is small. */
static void check_bounds(void) {
    static char head[40000];
    char words[9001], path[9001];
    for (size_t i = 0; i < 9000; i++) path[i] = i % 9 ? 'a' : '/';
    memset(words, 'w', 9000);
    words[9000] = path[9000] = '\0';
    snprintf(head, sizeof head, "{" ACTIVE ",\"grant\":{\"outcome\":\"later\",\"error_description\":\"%s\"}}", words);
    CHECK(change(DC_EVENT_refresh_end, head, "")->part[2].size < 700);
    snprintf(head, sizeof head, "{" ACTIVE ",\"request\":{\"method\":\"GET\",\"target\":\"https://h%s\",\"http\":200}}",
             path);
    const dc_reply *reply = change(DC_EVENT_use, head, "");
    CHECK(reply->part[2].size < 700);
    CHECK(span_holds(reply->part[2], "/{...}/...\""));
}

static void check_answer(void) {
    uint32_t op = 0;
    while (op < dc_operation_count && strcmp(dc_operations[op].name, "connected_accounts.activity") != 0) op++;
    const char *head = "{\"entries\":[{\"event\":\"used\"},{\"event\":\"created\"}],\"total\":9,\"limit\":2,\"page\":3,"
                       "\"next_cursor\":\"c\"}";
    CHECK_SPAN(dc_answer(op, NOW, give(head, NULL))->part[0],
               "{\"items\":[{\"event\":\"used\"},{\"event\":\"created\"}],\"next_cursor\":\"c\",\"total_pages\":5,"
               "\"current_page\":3,\"total_items\":9}");
}

int main(void) {
    check_rows();
    check_actors();
    check_uses();
    check_bounds();
    check_answer();
    CHECK(span_holds(dc_catalog_edge()->part[0], "\"activity\":[100,50,50,100,100,100,50]"));
    return check_report();
}
