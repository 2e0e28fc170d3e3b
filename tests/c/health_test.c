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
            snprintf(head, sizeof head, "{\"health\":%s,\"account\":\"%s\",\"grant\":{\"outcome\":\"%s\"}}", health,
                     s->account, s->outcome);
        } else {
            snprintf(head, sizeof head, "{\"health\":%s}", health);
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
#define BROKEN ",\"grant\":{\"outcome\":\"broken\",\"error\":\"invalid_client\"}"

/* What the project keeps of it. */
static void config_health(void) {
    const dc_reply *reply = change(DC_EVENT_config_health, HEALTH("", BROKEN));
    CHECK_RAW(reply->part[0], "record.health.until", "1060000");
    CHECK_RAW(reply->part[0], "record.health.reason", "\"invalid_client\"");
    reply = change(DC_EVENT_config_health,
                   HEALTH(",\"health\":{\"failures\":1,\"broken\":true,\"until\":1000001}", BROKEN));
    CHECK_RAW(reply->part[0], "record.health.failures", "1"); /* asked before that was known */
    reply = change(DC_EVENT_config_health,
                   HEALTH(",\"health\":{\"failures\":9,\"broken\":true,\"until\":1000001,\"probing\":true}", BROKEN));
    CHECK_RAW(reply->part[0], "record.health.until", "4600000"); /* at most an hour */
    reply =
        change(DC_EVENT_config_health, HEALTH(",\"health\":{\"failures\":1,\"broken\":true,\"until\":1000001}", ""));
    CHECK_RAW(reply->part[0], "go", "false");
    reply =
        change(DC_EVENT_config_health, HEALTH(",\"health\":{\"failures\":1,\"broken\":true,\"until\":1000000}", ""));
    CHECK_RAW(reply->part[0], "go", "true");
    CHECK_RAW(reply->part[0], "record.health.until", "1060000"); /* for one of all shards */
    reply = change(DC_EVENT_config_health, HEALTH(",\"health\":{\"failures\":1,\"broken\":true,\"until\":1000001}",
                                                  ",\"grant\":{\"outcome\":\"granted\"}"));
    CHECK_RAW(reply->part[0], "record.health", "");
    reply = change(DC_EVENT_config_health, HEALTH("", ",\"learned\":7000"));
    CHECK_RAW(reply->part[0], "record.learned_ms", "7000");
}

int main(void) {
    health();
    config_health();
    return check_report();
}
