/* Refreshing: what is written down before the call, what comes of it, when the next one is due, and who has to wait. */
#include "call.h"

#include "catalog.h"

#define TOOLKIT(more) "\"toolkit\":{\"slug\":\"t\",\"auth_schemes\":[{\"scheme\":\"OAUTH2\"" more "}]}"
#define CONFIG(more)  "\"config\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\"" more "}"
#define RECORD(more) \
    "\"record\":{\"id\":\"ca_1\",\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_config_id\":\"ac_1\",\"auth_scheme\":\"" \
    "OAUTH2\",\"status\":\"ACTIVE\",\"credential\":true,\"refreshable\":true" more "}"
#define WITH(record, more) "{" record "," CONFIG("") "," TOOLKIT("") more "}"
#define GRANT(more)        ",\"grant\":{" more "}"
#define GRANTED            GRANT("\"outcome\":\"granted\",\"expires_at\":5000000,\"refreshable\":true")
#define UNTOLD             GRANT("\"outcome\":\"granted\",\"expires_at\":0,\"refreshable\":true")
#define LATER              GRANT("\"outcome\":\"later\"")

enum { NOW = 1000000 };

typedef struct row {
    const char *rule;
    dc_event_name event;
    const char *head;
    uint32_t status;
    const char *path, *expected; /* of the first part; *expected NULL: holds `path` */
} row;

#define BEGIN DC_EVENT_refresh_begin
#define END   DC_EVENT_refresh_end
#define MAY   DC_EVENT_refresh

static const row rows[] = {
    /* The journal. */
    {"a call is written down", BEGIN, WITH(RECORD(""), ""), 200, "record.journal", "1000000"},
    {"and nothing is wrong yet", BEGIN, WITH(RECORD(""), ""), 200, "record.uncertain", ""},
    {"an earlier answer was lost", BEGIN, WITH(RECORD(",\"journal\":5"), ""), 200, "record.uncertain", "true"},
    {"no grace is known", BEGIN, WITH(RECORD(""), ""), 200, "record.reuse_until", ""},
    {"a documented grace", BEGIN, "{" RECORD("") "," CONFIG("") "," TOOLKIT(",\"rotation_grace_s\":600") "}", 200,
     "record.reuse_until", "1600000"},
    {"the grace counts from the first call", BEGIN,
     "{" RECORD(",\"journal\":5,\"reuse_until\":600005") "," CONFIG("") "," TOOLKIT(",\"rotation_grace_s\":600") "}",
     200, "record.reuse_until", "600005"},
    {"a refresh token that stays the same", BEGIN,
     "{" RECORD("") "," CONFIG("") "," TOOLKIT(",\"refresh_token\":\"reusable\"") "}", 200, "record.reuse_until",
     "8640000000000000"},

    /* May one be made? */
    {"yes", MAY, WITH(RECORD(""), ""), 200, "effects", "[\"refresh\"]"},
    {"a lost answer, and the access token lives: a consent instead", MAY,
     WITH(RECORD(",\"journal\":5,\"expires_at\":2000000"), ",\"link\":{\"url\":\"l\"}"), 200, "effects", "[\"link\"]"},
    {"its end is not known, so it lives", MAY, WITH(RECORD(",\"journal\":5"), ",\"link\":{\"url\":\"l\"}"), 200,
     "effects", "[\"link\"]"},
    {"it was refused, so it does not", MAY, WITH(RECORD(",\"journal\":5"), ",\"rejected\":true"), 200, "effects",
     "[\"refresh\"]"},
    {"it has ended", MAY, WITH(RECORD(",\"journal\":5,\"expires_at\":999999"), ""), 200, "effects", "[\"refresh\"]"},
    {"within the grace", MAY, WITH(RECORD(",\"journal\":5,\"expires_at\":2000000,\"reuse_until\":1000001"), ""), 200,
     "effects", "[\"refresh\"]"},
    {"the grace is over", MAY,
     WITH(RECORD(",\"journal\":5,\"expires_at\":2000000,\"reuse_until\":999999"), ",\"link\":{\"url\":\"l\"}"), 200,
     "effects", "[\"link\"]"},
    {"failed a moment ago", MAY, WITH(RECORD(",\"hold_until\":1000001"), ""), 502, "did not succeed", NULL},
    {"a hold from before the clock was set back", MAY, WITH(RECORD(",\"hold_until\":99000000"), ""), 200, "effects",
     "[\"refresh\"]"},
    {"fresh tokens are refused too", MAY, WITH(RECORD(",\"refusals\":1,\"obtained_at\":950000"), ",\"rejected\":true"),
     400, "just given", NULL},
    {"after a while it is tried again", MAY,
     WITH(RECORD(",\"refusals\":1,\"obtained_at\":940000"), ",\"rejected\":true"), 200, "effects", "[\"refresh\"]"},
    {"the client is not accepted", MAY,
     "{" RECORD("") "," CONFIG(
         ",\"health\":{\"failures\":1,\"broken\":true,\"until\":1000001,\"reason\":\"invalid_client\"}") "}",
     400, "invalid_client", NULL},
    {"the provider is down", MAY, WITH(RECORD(""), ",\"health\":{\"failures\":5,\"until\":1000001}"), 502,
     "not answered for some time", NULL},
    {"the pause is over", MAY, WITH(RECORD(""), ",\"health\":{\"failures\":5,\"until\":1000000}"), 200, "effects",
     "[\"refresh\"]"},

    /* What came of it. */
    {"granted", END, WITH(RECORD(",\"journal\":5,\"uncertain\":true,\"failures\":2,\"hold_until\":7"), GRANTED), 200,
     "record.journal", ""},
    {"granted: no failure stays", END, WITH(RECORD(",\"failures\":2,\"status_reason\":\"x\""), GRANTED), 200,
     "record.failures", ""},
    {"granted: nor its reason", END, WITH(RECORD(",\"failures\":2,\"status_reason\":\"x\""), GRANTED), 200,
     "record.status_reason", ""},
    {"granted: the age begins", END, WITH(RECORD(""), GRANTED), 200, "record.obtained_at", "1000000"},
    {"lost, in the provider's words", END,
     WITH(RECORD(""), GRANT("\"outcome\":\"lost\",\"error\":\"invalid_grant\",\"error_description\":\"gone\"")), 200,
     "record.status_reason",
     "\"The provider no longer accepts the stored grant (invalid_grant: gone); the user must reconnect.\""},
    {"lost: there is nothing to refresh with", END, WITH(RECORD(""), GRANT("\"outcome\":\"lost\"")), 200,
     "record.refreshable", ""},
    {"lost after a lost answer", END, WITH(RECORD(",\"uncertain\":true"), GRANT("\"outcome\":\"lost\"")), 200,
     "answer to an earlier refresh was lost", NULL},
    {"later: the status stays, and the reason says why", END,
     WITH(RECORD(""), GRANT("\"outcome\":\"later\",\"error\":\"slow_down\"")), 200, "record.status_reason",
     "\"The last refresh did not succeed and will be tried again (slow_down).\""},
    {"later: a clear no used nothing up", END, WITH(RECORD(",\"journal\":5"), LATER), 200, "record.journal", ""},
    {"later: no answer may have", END,
     WITH(RECORD(",\"journal\":5"), GRANT("\"outcome\":\"later\",\"unanswered\":true")), 200, "record.journal", "5"},
    {"later: a clear no does not settle an earlier call", END, WITH(RECORD(",\"journal\":5,\"uncertain\":true"), LATER),
     200, "record.journal", "5"},
    {"later: counted", END, WITH(RECORD(",\"failures\":2"), LATER), 200, "record.failures", "3"},
    {"later: who wants the token waits for seconds", END, WITH(RECORD(",\"failures\":2"), LATER), 200,
     "record.hold_until", "1004000"},
    {"later: at most for a minute", END, WITH(RECORD(",\"failures\":20"), LATER), 200, "record.hold_until", "1060000"},
    {"later: but for as long as the provider asks", END,
     WITH(RECORD(""), GRANT("\"outcome\":\"later\",\"retry_after\":300")), 200, "record.hold_until", "1300000"},
    {"later: within an hour", END, WITH(RECORD(""), GRANT("\"outcome\":\"later\",\"retry_after\":300000")), 200,
     "record.hold_until", "4600000"},
    {"a refused client: each account waits longer", END,
     WITH(RECORD(",\"journal\":5,\"failures\":1"), GRANT("\"outcome\":\"broken\",\"error\":\"invalid_client\"")), 200,
     "record.failures", "2"},
    {"a refused client: who wants the token waits for seconds", END,
     WITH(RECORD(",\"failures\":1"), GRANT("\"outcome\":\"broken\"")), 200, "record.hold_until", "1002000"},
    {"of which client", END, WITH(RECORD(""), GRANT("\"outcome\":\"broken\"")), 200, "record.refused_client", "1"},
    {"the same client: not yet", MAY, WITH(RECORD(",\"hold_until\":1000001,\"refused_client\":1"), ""), 502,
     "did not succeed", NULL},
    {"another client: at once", MAY, WITH(RECORD(",\"hold_until\":1000001,\"refused_client\":7"), ""), 200, "effects",
     "[\"refresh\"]"},
    {"a refused client used nothing up", END, WITH(RECORD(",\"journal\":5"), GRANT("\"outcome\":\"broken\"")), 200,
     "record.journal", ""},
    {"a refused client is no reason of the account's", END, WITH(RECORD(""), GRANT("\"outcome\":\"broken\"")), 200,
     "record.status_reason", ""},
    {"a pause counts as no failure", END, WITH(RECORD(",\"journal\":5"), GRANT("\"outcome\":\"paused\"")), 200,
     "record.failures", ""},
    {"a pause leaves the journal", END, WITH(RECORD(",\"journal\":5"), GRANT("\"outcome\":\"paused\"")), 200,
     "record.journal", "5"},

    /* How long do tokens live whose provider does not say it? */
    {"learned from the first that was refused", END,
     WITH(RECORD(",\"obtained_at\":100000"), UNTOLD ",\"rejected\":true"), 200, "record.learned_ms", "900000"},
    {"told to the others", END, WITH(RECORD(",\"obtained_at\":100000"), UNTOLD ",\"rejected\":true"), 200, "effects",
     "[\"seal\",\"learned\"]"},
    {"and how long", END, WITH(RECORD(",\"obtained_at\":100000"), UNTOLD ",\"rejected\":true"), 200, "result.learned",
     "900000"},
    {"the others know it", END, "{" RECORD("") "," CONFIG(",\"learned_ms\":700000") "," TOOLKIT("") UNTOLD "}", 200,
     "record.learned_ms", "700000"},
    {"a shorter one counts", END,
     WITH(RECORD(",\"obtained_at\":400000,\"learned_ms\":900000"), UNTOLD ",\"rejected\":true"), 200,
     "record.learned_ms", "600000"},
    {"a longer one does not: nobody looked before", END,
     WITH(RECORD(",\"obtained_at\":1,\"learned_ms\":900000"), UNTOLD ",\"rejected\":true"), 200, "record.learned_ms",
     "900000"},
    {"one that was not refused may live longer", END,
     WITH(RECORD(",\"obtained_at\":200000,\"learned_ms\":900000"), UNTOLD), 200, "record.learned_ms", "990000"},
    {"refused within minutes: that was not its age", END,
     WITH(RECORD(",\"obtained_at\":400001"), UNTOLD ",\"rejected\":true"), 200, "record.learned_ms", ""},
    {"one that was brought along has no age", END, WITH(RECORD(""), UNTOLD ",\"rejected\":true"), 200,
     "record.learned_ms", ""},
    {"what the provider says goes first", END,
     WITH(RECORD(",\"obtained_at\":100000,\"expires_at\":900000"), GRANTED ",\"rejected\":true"), 200,
     "record.learned_ms", ""},
    {"refusals are counted", END, WITH(RECORD(",\"refusals\":1"), GRANTED ",\"rejected\":true"), 200, "record.refusals",
     "2"},
    {"until the API takes a token", DC_EVENT_use, WITH(RECORD(",\"refusals\":2"), ",\"request\":{\"http\":200}"), 200,
     "record.refusals", ""},
    {"a further refusal takes nothing back", DC_EVENT_use,
     WITH(RECORD(",\"refusals\":2"), ",\"request\":{\"http\":401}"), 200, "record.refusals", "2"},
};

static const dc_reply *change(dc_event_name event, const char *head) {
    return dc_change(event, NOW, give(head, NULL));
}

/* Expected: the number at `path` lies in [low, high]. */
static void check_between(const dc_reply *reply, const char *path, double low, double high) {
    const dc_span raw = raw_at(reply->part[0], path);
    const double value = raw.size ? strtod(raw.at, NULL) : 0;
    if (!CHECK(value >= low && value <= high)) fprintf(stderr, "  %s is %.0f\n", path, value);
}

/* When the next one is due: the chance in it stays within bounds, and differs from account to account. */
static void due(void) {
    char head[1024];
    check_between(change(END, WITH(RECORD(""), GRANTED)), "record.next_refresh_at", 3800000, 4200000);
    check_between(change(END, WITH(RECORD(""), GRANT("\"outcome\":\"granted\",\"expires_at\":40000000,\"refreshable\":"
                                                     "true"))),
                  "record.next_refresh_at", 38650000, 39100000); /* at most a quarter of an hour, and half of it */
    check_between(change(END, WITH(RECORD(""), GRANT("\"outcome\":\"granted\",\"expires_at\":1015000,\"refreshable\":"
                                                     "true"))),
                  "record.next_refresh_at", 0, 0); /* fifteen seconds: not by the clock */
    check_between(change(END, WITH(RECORD(",\"learned_ms\":1000000"), UNTOLD)), "record.next_refresh_at", 1700000,
                  1800000);
    check_between(change(END, WITH(RECORD(",\"failures\":2"), LATER)), "record.next_refresh_at", 1240000, 1300000);
    check_between(change(END, WITH(RECORD(",\"failures\":20"), LATER)), "record.next_refresh_at", 4600000, 5500000);
    check_between(change(END, WITH(RECORD(""), GRANT("\"outcome\":\"paused\"") ",\"health\":{\"failures\":5,\"until\":"
                                                                               "9000000}")),
                  "record.next_refresh_at", 9300000, 9600000);
    check_between(change(BEGIN, WITH(RECORD(",\"next_refresh_at\":999,\"expires_at\":2000000"), "")), "row.due_at",
                  2000000, 2000000); /* after a crash: when the access token has ended, and not before */
    check_between(change(BEGIN, "{" RECORD(",\"next_refresh_at\":999,\"expires_at\":2000000") "," CONFIG(
                                    "") "," TOOLKIT(",\"rotation_grace_s\":600") "}"),
                  "row.due_at", 999, 999); /* at once within the grace */
    check_between(change(BEGIN, "{" RECORD(",\"expires_at\":2000000") "," CONFIG("") "," TOOLKIT(
                                    ",\"rotation_grace_s\":600") "}"),
                  "row.due_at", 1030000, 1030000); /* when the call that is under way must be over */
    check_between(
        change(BEGIN, "{" RECORD(",\"expires_at\":2000000") "," CONFIG("") "," TOOLKIT(",\"rotation_grace_s\":10") "}"),
        "row.due_at", 1005000, 1005000);
    enum { MANY = 1000, SLOTS = 10 };
    int slots[SLOTS] = {0};
    for (int i = 0; i < MANY; i++) {
        snprintf(head, sizeof head,
                 "{\"record\":{\"id\":\"ca_%08x\",\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_config_id\":\"a\",\"auth_"
                 "scheme\":\"OAUTH2\",\"status\":\"ACTIVE\",\"refreshable\":true},\"grant\":{\"outcome\":\"paused\"},"
                 "\"health\":{\"failures\":5,\"until\":9000000}}",
                 (unsigned)i);
        const dc_span at = raw_at(change(END, head)->part[0], "record.next_refresh_at");
        const double part = (strtod(at.at, NULL) - 9300000) / (300000.0 / SLOTS);
        if (CHECK(part >= 0 && part < SLOTS)) slots[(int)part]++;
    }
    for (int i = 0; i < SLOTS; i++) CHECK(slots[i] > MANY / SLOTS / 2 && slots[i] < MANY / SLOTS * 2);
}

typedef struct ready_row {
    const char *rule, *head, *body, *refresh, *usable;
} ready_row;

static const ready_row readies[] = {
    {"long", "{" RECORD(",\"expires_at\":1030001") "}", "{}", "false", "true"},
    {"half a minute", "{" RECORD(",\"expires_at\":1030000") "}", "{}", "true", "true"},
    {"over", "{" RECORD(",\"expires_at\":999999") "}", "{}", "true", "false"},
    {"nobody knows", "{" RECORD("") "}", "{}", "false", "true"},
    {"wanted for longer", "{" RECORD(",\"expires_at\":1100000") "}", "{\"min_valid\":100}", "true", "true"},
    {"long enough", "{" RECORD(",\"expires_at\":1100001") "}", "{\"min_valid\":100}", "false", "true"},
    {"no token lives so long, and this one is fresh", "{" RECORD(",\"expires_at\":1100000,\"obtained_at\":990000") "}",
     "{\"min_valid\":3600}", "false", "true"},
    {"and this one is not", "{" RECORD(",\"expires_at\":1100000,\"obtained_at\":900000") "}", "{\"min_valid\":3600}",
     "true", "true"},
    {"a short life is no reason to refresh each time", "{" RECORD(",\"expires_at\":1019000,\"obtained_at\":999000") "}",
     "{}", "false", "true"},
    {"learned", "{" RECORD(",\"learned_ms\":300000,\"obtained_at\":720000") "}", "{}", "true", "true"},
    {"in the query", "{" RECORD(",\"expires_at\":1100000") ",\"query\":{\"min_valid\":100},\"asked_only\":true}", NULL,
     "true", "true"},
    {"not asked for", "{" RECORD(",\"expires_at\":1000001") ",\"query\":{},\"asked_only\":true}", NULL, "false",
     "true"},
    {"a lost answer", "{" RECORD(",\"expires_at\":1000001,\"journal\":5") "}", "{}", "false", "true"},
    {"failed a moment ago, and usable", "{" RECORD(",\"expires_at\":1000001,\"hold_until\":1000001") "}", "{}", "false",
     "true"},
    {"failed a moment ago, and over", "{" RECORD(",\"expires_at\":999999,\"hold_until\":1000001") "}", "{}", "true",
     "false"},
};

static void ready(void) {
    for (size_t i = 0; i < sizeof readies / sizeof readies[0]; i++) {
        const ready_row *r = &readies[i];
        const dc_reply *reply = dc_tool(DC_TOOL_ready, NOW, give(r->head, r->body));
        bool good = CHECK_STATUS(reply, 200) && CHECK_RAW(reply->part[0], "refresh", r->refresh) &&
                    CHECK_RAW(reply->part[0], "usable", r->usable);
        if (!good) fprintf(stderr, "  %s\n", r->rule);
    }
}

int main(void) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const dc_reply *reply = change(rows[i].event, rows[i].head);
        bool good = CHECK_STATUS(reply, rows[i].status);
        if (rows[i].expected) good = good && CHECK_RAW(reply->part[0], rows[i].path, rows[i].expected);
        else good = good && CHECK(span_holds(reply->part[0], rows[i].path));
        if (!good) fprintf(stderr, "  %s\n", rows[i].rule);
    }
    due();
    ready();
    return check_report();
}
