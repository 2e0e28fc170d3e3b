/* health.c: (health, what came of a refresh, now) -> health'. One and the same rule for what a shard knows of a provider
 * that does not answer and for what the project knows of a client that is not accepted. */
#include "health.h"

#include "change.h"
#include "lessons.h"

#include <string.h>

enum {
    SECOND = 1000,
    LEASE = 60 * SECOND,        /* a probe that is never heard of again */
    PATIENCE = 5,               /* accounts in a row that may fail before the others are spared */
    DOWN = 30 * SECOND,         /* then nobody asks for so long, and twice as long from the second time on */
    BROKEN_FIRST = 60 * SECOND, /* a refused client: doubling up to an hour */
    LONGEST = 3600 * SECOND
};

bool dc_health_well(const dc_health *h) {
    return !(h->failures > 0);
}

bool dc_health_waits(const dc_health *h, double now) {
    return h->until > now && h->until <= now + 2 * LONGEST; /* further away: the clock was set back */
}

void dc_health_read(const cJSON *json, dc_health *h) {
    *h = (dc_health){
        .failures = dc_json_number(json, "failures", 0),
        .until = dc_json_number(json, "until", 0),
        .broken = dc_json_true(json, "broken"),
        .probing = dc_json_true(json, "probing"),
        .reason = dc_json_text(json, "reason"),
        .last = dc_json_number(json, "last", 0),
    };
    const cJSON *suspects = dc_json_get(json, "suspects"), *who;
    int at = 0;
    cJSON_ArrayForEach(who, suspects) {
        if (at < DC_SUSPICION) h->suspects[at++] = cJSON_IsNumber(who) ? who->valuedouble : 0;
    }
}

void dc_health_put(dc_out *out, const char *name, const dc_health *h) {
    if (dc_health_well(h)) {
        dc_json_put_null(out, name);
        return;
    }
    dc_json_open(out, name, '{');
    dc_json_put_number(out, "failures", h->failures);
    if (h->until > 0) dc_json_put_number(out, "until", h->until);
    if (h->broken) dc_json_put_bool(out, "broken", true);
    if (h->probing) dc_json_put_bool(out, "probing", true);
    if (h->reason) dc_json_put_text(out, "reason", h->reason);
    if (h->last > 0) dc_json_put_number(out, "last", h->last);
    if (h->suspects[0] > 0) {
        dc_json_open(out, "suspects", '[');
        for (int i = 0; i < DC_SUSPICION && h->suspects[i] > 0; i++) dc_json_put_number(out, NULL, h->suspects[i]);
        dc_json_close(out, ']');
    }
    dc_json_close(out, '}');
}

double dc_who(const char *name) {
    uint32_t hash = 2166136261U; /* FNV-1a */
    if (!name) return 0;
    for (; *name; name++) hash = (hash ^ (unsigned char)*name) * 16777619U;
    return hash ? (double)hash : 1;
}

const char *dc_provider_words(const cJSON *grant) {
    enum { MOST = 240 };
    const char *error = dc_json_text(grant, "error"), *more = dc_json_text(grant, "error_description");
    dc_out out = {0};
    if (!error && !more) return NULL;
    dc_put_text(&out, error);
    if (error && more) dc_put_text(&out, ": ");
    dc_put_text(&out, more);
    dc_span text = dc_out_span(&out);
    if (text.size > MOST) text.size = MOST;
    while (text.size && !dc_utf8_valid(text)) text.size--;
    return out.failed ? NULL : dc_span_copy(text);
}

double dc_doubled(double first, double times, double most) {
    const uint32_t count = times > 32 ? 32 : times > 0 ? (uint32_t)times : 0;
    for (uint32_t i = 0; i < count && first < most; i++) first *= 2;
    return first < most ? first : most;
}

/* Has everybody who is needed to believe it been told that the client is not accepted? */
static bool suspect(dc_health *h, double who) {
    int at = 0;
    while (at < DC_SUSPICION && h->suspects[at] > 0 && h->suspects[at] != who) at++;
    if (at < DC_SUSPICION) h->suspects[at] = who;
    return h->suspects[DC_SUSPICION - 1] > 0;
}

/* The client is refused. One user may be told so for reasons of his own (an organisation that does not let the client
 * in, a token of another client): it is believed when several were, and nobody was let in between. From then on each
 * account would be told the same. */
static void refuse_client(dc_health *h, double who, const char *words, double now) {
    if (h->broken && dc_health_waits(h, now) && !h->probing) return; /* asked before anybody knew */
    const double again = h->broken ? h->failures : 0;
    h->broken = suspect(h, who) || h->broken;
    h->failures = again + 1;
    h->probing = false;
    h->last = who;
    h->reason = h->broken ? words : NULL;
    h->until = h->broken ? now + dc_doubled(BROKEN_FIRST, again, LONGEST) : 0;
}

/* No answer, or none that decides anything. One account may have a trouble of its own: only different ones count. */
static void count_failure(dc_health *h, double who, const char *words, double now) {
    const bool same = who > 0 && h->last == who;
    if (h->broken || (dc_health_waits(h, now) && !h->probing)) return;
    if (same && !h->probing) return;
    h->failures++;
    h->probing = false;
    h->last = who;
    h->reason = words;
    h->until = h->failures < PATIENCE ? 0 : now + dc_doubled(DOWN, h->failures - PATIENCE, 2.0 * DOWN);
}

/* May a refresh be made? Where something is wrong, one at a time, and only when the pause is over; and not by who
 * failed last, whose trouble may be his own, unless nobody else comes. */
static bool probe(dc_health *h, double who, double now) {
    if (dc_health_well(h)) return true;
    if (dc_health_waits(h, now)) return false;
    if (!h->broken && h->failures < PATIENCE) return true;
    if (who > 0 && who == h->last && now < h->until + LEASE) return false;
    h->until = now + LEASE;
    h->probing = true;
    return true;
}

static bool apply(dc_health *h, const dc_input *in, double now) {
    const cJSON *grant = dc_input_tree(in, "grant");
    const char *outcome = dc_json_text(grant, "outcome");
    const double who = dc_who(dc_input_text(in, "who"));
    if (!outcome) return probe(h, who, now);
    /* The code alone: what else the provider said was about one account, and others are shown this. */
    const char *code = dc_json_text(grant, "error");
    if (strcmp(outcome, "broken") == 0) refuse_client(h, who, code, now);
    else if (strcmp(outcome, "later") == 0) count_failure(h, who, code, now);
    else *h = (dc_health){0}; /* granted or lost: it answers, and takes the client */
    return true;
}

/* Is the token endpoint on a host that the account itself names (`{shop}.example.com`)? Then what it says is no word
 * about the others: whoever owns the host could stop them all. Each account has its own back-off alone. */
static bool own_host(const dc_input *in, dc_scheme scheme) {
    const cJSON *definition = dc_scheme_of(dc_input_tree(in, "toolkit"), scheme);
    const char *url = dc_json_text(definition, "refresh_url");
    if (!url) url = dc_json_text(definition, "token_url");
    const char *host = url ? strstr(url, "://") : NULL;
    if (!host) return url && strchr(url, '{') != NULL;
    host += 3;
    return memchr(host, '{', strcspn(host, "/?")) != NULL;
}

/* `grant`: what came of a refresh; without it, whether one may be made. `who`: the account. ask, tell: the project
 * keeps something of this auth config as well, and is to be asked, to be told; generation: of the credentials. */
const dc_reply *dc_event_health(dc_event_call *call) {
    dc_health h = {0};
    dc_config config;
    dc_out out = {0};
    const char *outcome = dc_json_text(dc_input_tree(&call->in, "grant"), "outcome");
    const bool broken = outcome && strcmp(outcome, "broken") == 0;
    const bool answered = outcome && (strcmp(outcome, "granted") == 0 || strcmp(outcome, "lost") == 0);
    const bool read = dc_config_read(dc_input_tree(&call->in, "config"), &config);
    const bool alone = read && own_host(&call->in, config.scheme), known = read && !alone && config.health;
    if (!alone) dc_health_read(dc_input_tree(&call->in, "health"), &h);
    /* A refused client is the project's to remember. */
    const bool go = alone || broken || apply(&h, &call->in, call->now);
    dc_json_open(&out, NULL, '{');
    dc_json_put_bool(&out, "go", go);
    dc_json_put_bool(&out, "ask", known);
    dc_json_put_bool(&out, "tell", !alone && (broken || (known && answered)));
    dc_json_put_number(&out, "generation", read ? config.generation : 0);
    dc_health_put(&out, "health", &h);
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}

/* The same, kept in the auth config's record, where `who` is the user; and how long tokens live whose provider does not
 * say it. stale: the refresh was made with credentials that are no longer these, and says nothing. */
const dc_reply *dc_event_config_health(dc_event_call *call) {
    dc_config config;
    dc_health h;
    dc_out out = {0}, text = {0};
    if (!dc_config_read(dc_input_tree(&call->in, "record"), &config))
        return dc_refuse(DC_ERR_CONFIG_UNKNOWN, NULL, NULL);
    const double learned = dc_input_number(&call->in, "learned", 0);
    const bool stale = dc_input_number(&call->in, "generation", config.generation) < config.generation;
    dc_health_read(config.health, &h);
    bool go = true;
    if (learned > 0) dc_lesson(&config, dc_who(dc_input_text(&call->in, "who")), learned);
    else if (!stale) go = apply(&h, &call->in, call->now);
    dc_health_put(&text, NULL, &h);
    if (text.failed) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    config.health = dc_health_well(&h) ? NULL : dc_json_read(dc_out_span(&text));
    dc_json_open(&out, NULL, '{');
    dc_json_put_bool(&out, "go", go);
    dc_json_put_bool(&out, "stale", stale);
    dc_config_put(&out, "record", &config);
    dc_config_put_row(&out, &config);
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}
