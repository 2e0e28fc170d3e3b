/* The health of an auth config's refreshes: who is asked again, and who waits meanwhile. */
#include "call.h"

#include "catalog.h"

enum { NOW = 1000000 };

static const dc_reply *change(dc_event_name event, const char *head) {
    return dc_change(event, NOW, give(head, NULL));
}

typedef struct step {
    const char *account, *outcome; /* outcome NULL: may one be made? */
    double now;
    const char *go, *until, *failures;
} step;

/* The health of an auth config, one thing after the other. */
static void run_steps(const char *what, const step *steps, size_t count) {
    char health[512] = "null", head[1024];
    for (size_t i = 0; i < count; i++) {
        const step *s = &steps[i];
        if (s->outcome) {
            snprintf(head, sizeof head, "{\"health\":%s,\"who\":\"%s\",\"grant\":{\"outcome\":\"%s\"}}", health,
                     s->account, s->outcome);
        } else {
            snprintf(head, sizeof head, "{\"health\":%s,\"who\":\"%s\"}", health, s->account ? s->account : "");
        }
        const dc_reply *reply = dc_change(DC_EVENT_health, s->now, give(head, NULL));
        bool good = CHECK_STATUS(reply, 200) && CHECK_RAW(reply->part[0], "go", s->go) &&
                    CHECK_RAW(reply->part[0], "health.until", s->until) &&
                    CHECK_RAW(reply->part[0], "health.failures", s->failures);
        if (!good) fprintf(stderr, "  %s, step %zu\n", what, i);
        const dc_span raw = raw_at(reply->part[0], "health");
        snprintf(health, sizeof health, "%.*s", (int)raw.size, raw.at);
    }
}

static void health(void) {
    static const step down[] = {
        {"a", "later", 1000, "true", "", "1"},
        {"a", "later", 1000, "true", "", "1"}, /* one account's own trouble */
        {"b", "later", 1000, "true", "", "2"},
        {"c", "later", 1000, "true", "", "3"},
        {"d", "later", 1000, "true", "", "4"},
        {NULL, NULL, 1000, "true", "", "4"},
        {"e", "later", 1000, "true", "31000", "5"},
        {"f", "later", 1000, "true", "31000", "5"}, /* asked before that was known */
        {NULL, NULL, 30999, "false", "31000", "5"},
        {NULL, NULL, 31000, "true", "91000", "5"}, /* one, to see */
        {NULL, NULL, 31000, "false", "91000", "5"},
        {"e", "later", 32000, "true", "92000", "6"},
        {"e", NULL, 92000, "false", "92000", "6"}, /* who failed last may be the trouble: another one first */
        {NULL, NULL, 92000, "true", "152000", "6"},
        {"a", "granted", 93000, "true", "", ""},
        {NULL, NULL, 93000, "true", "", ""},
    };
    static const step back[] = {
        {"a", "later", 90000000, "true", "", "1"},
        {"b", "later", 90000000, "true", "", "2"},
        {"c", "later", 90000000, "true", "", "3"},
        {"d", "later", 90000000, "true", "", "4"},
        {"e", "later", 90000000, "true", "90030000", "5"},
        {NULL, NULL, 1000, "true", "61000", "5"}, /* clock set back */
    };
    static const step dead[] = {
        {"a", "later", 1000, "true", "", "1"}, {"b", "lost", 1000, "true", "", ""}, /* it answers */
    };
    run_steps("down", down, sizeof down / sizeof down[0]);
    run_steps("back", back, sizeof back / sizeof back[0]);
    run_steps("dead", dead, sizeof dead / sizeof dead[0]);
}

#define HEALTH(record, more) \
    "{\"record\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\"" record "}" more "}"
#define BROKEN(who)         ",\"who\":\"" who "\",\"grant\":{\"outcome\":\"broken\",\"error\":\"invalid_client\"}"
#define PAUSED(until, more) ",\"health\":{\"failures\":1,\"broken\":true,\"suspects\":[1,2,3],\"until\":" until more "}"

typedef struct config_row {
    const char *rule, *head, *path, *raw;
} config_row;

/* What the project keeps of it. */
static const config_row configs[] = {
    {"at most an hour", HEALTH(PAUSED("1000001", ",\"probing\":true"), BROKEN("d")), "record.health.until", "1120000"},
    {"asked before that was known", HEALTH(PAUSED("1000001", ""), BROKEN("d")), "record.health.failures", "1"},
    {"paused", HEALTH(PAUSED("1000001", ""), ""), "go", "false"},
    {"the pause is over", HEALTH(PAUSED("1000000", ""), ""), "go", "true"},
    {"for one of all shards", HEALTH(PAUSED("1000000", ""), ""), "record.health.until", "1060000"},
    {"let in", HEALTH(PAUSED("1000001", ""), ",\"grant\":{\"outcome\":\"granted\"}"), "record.health", ""},
    {"earlier credentials say nothing", HEALTH(",\"generation\":2", BROKEN("a") ",\"generation\":1"), "record.health",
     ""},
    {"and the refresh is to be made again", HEALTH(",\"generation\":2", BROKEN("a") ",\"generation\":1"), "stale",
     "true"},
    {"nor that they were good",
     HEALTH(",\"generation\":2" PAUSED("1000001", ""), ",\"generation\":1,\"grant\":{\"outcome\":\"granted\"}"),
     "record.health.broken", "true"},
    {"these do", HEALTH(",\"generation\":2", BROKEN("a") ",\"generation\":2"), "record.health.failures", "1"},
    {"one lesson is not believed", HEALTH("", ",\"who\":\"a\",\"learned\":700000"), "record.learned_ms", ""},
    {"it is remembered", HEALTH("", ",\"who\":\"a\",\"learned\":700000"), "record.lessons", "[3826002220,700000]"},
    {"nor a short one", HEALTH("", ",\"who\":\"a\",\"learned\":599999"), "record.lessons", ""},
    {"the longest of three", HEALTH(",\"lessons\":[1,900000,2,800000]", ",\"who\":\"a\",\"learned\":700000"),
     "record.learned_ms", "900000"},
    {"three of different users",
     HEALTH(",\"lessons\":[1,900000,3826002220,800000]", ",\"who\":\"a\",\"learned\":700000"), "record.learned_ms", ""},
    {"the newest three",
     HEALTH(",\"learned_ms\":900000,\"lessons\":[1,900000,2,800000,3,600000]", ",\"who\":\"a\",\"learned\":700000"),
     "record.learned_ms", "800000"},
};

static void config_rows(void) {
    for (size_t i = 0; i < sizeof configs / sizeof configs[0]; i++) {
        const dc_reply *reply = change(DC_EVENT_config_health, configs[i].head);
        if (!CHECK_STATUS(reply, 200) || !CHECK_RAW(reply->part[0], configs[i].path, configs[i].raw))
            fprintf(stderr, "  %s\n", configs[i].rule);
    }
}

/* One user after the other is told that the client is not accepted. */
static void suspicion(void) {
    static const struct {
        const char *who, *broken, *until;
    } steps[] = {{"a", "", ""}, {"a", "", ""}, {"b", "", ""}, {"a", "", ""}, {"c", "true", "1060000"}};
    char record[512] = "", head[1024];
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        snprintf(
            head, sizeof head,
            "{\"record\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\"%s},\"who\":\"%s\",\"grant\":{"
            "\"outcome\":\"broken\",\"error\":\"invalid_client\"}}",
            record, steps[i].who);
        const dc_reply *reply = change(DC_EVENT_config_health, head);
        CHECK_RAW(reply->part[0], "record.health.broken", steps[i].broken);
        CHECK_RAW(reply->part[0], "record.health.until", steps[i].until);
        const dc_span raw = raw_at(reply->part[0], "record.health");
        snprintf(record, sizeof record, ",\"health\":%.*s", (int)raw.size, raw.at);
    }
    CHECK(strstr(record, "\"reason\":\"invalid_client\"") != NULL);
    snprintf(head, sizeof head,
             "{\"record\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\"%s},\"who\":\"c\"}", record);
    CHECK_RAW(dc_change(DC_EVENT_config_health, 1060000, give(head, NULL))->part[0], "go", "false");
    CHECK_RAW(dc_change(DC_EVENT_config_health, 1120000, give(head, NULL))->part[0], "go",
              "true"); /* nobody else came */
}

#define HOSTED(url) \
    ",\"config\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH2\",\"health\":{\"failures\":1}}," \
    "\"toolkit\":" \
    "{\"slug\":\"t\",\"auth_schemes\":[{\"scheme\":\"OAUTH2\",\"token_url\":\"" url "\"}]}}"
#define TOLD "{\"who\":\"a\",\"grant\":{\"outcome\":\"broken\"}"

/* Who owns the host of his account's token endpoint does not stop the accounts of others. */
static void hosts(void) {
    static const config_row rows[] = {
        {"the provider's own", TOLD HOSTED("https://a.example/{tenant}/token"), "tell", "true"},
        {"the account's", TOLD HOSTED("https://{shop}.example/token"), "tell", "false"},
        {"and it is not asked about", "{\"who\":\"a\"" HOSTED("https://{shop}.example/token"), "ask", "false"},
        {"nor remembered here",
         "{\"who\":\"a\",\"grant\":{\"outcome\":\"later\"}" HOSTED("https://{shop}.example/token"), "health", "null"},
        {"a whole address", TOLD HOSTED("{base_url}/token"), "tell", "false"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const dc_reply *reply = change(DC_EVENT_health, rows[i].head);
        if (!CHECK_STATUS(reply, 200) || !CHECK_RAW(reply->part[0], rows[i].path, rows[i].raw))
            fprintf(stderr, "  %s\n", rows[i].rule);
    }
}

int main(void) {
    health();
    config_rows();
    suspicion();
    hosts();
    return check_report();
}
