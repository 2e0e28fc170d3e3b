/* renew.c: refreshing a credential: when it is due, what is written down before the call, and what comes of it. */
#include "renew.h"

#include "fields.h"
#include "health.h"
#include "lessons.h"

#include <string.h>

enum {
    SECOND = 1000,
    MINUTE = 60 * SECOND,
    HOUR = 60 * MINUTE,
    LEAST_AHEAD = 15 * SECOND, /* a token that lives so shortly is refreshed when somebody wants it, not by the clock */
    SPREAD = 5 * MINUTE        /* accounts that waited for one provider do not come back to it all at once */
};

/* Somewhere in [0, most): another place for each account, and for each try. */
static double jitter(const dc_event_call *call, double most) {
    const dc_record *r = &call->record;
    uint32_t hash = 2166136261U ^ (uint32_t)dc_input_number(&call->in, "seed", 0) ^ (uint32_t)r->failures << 24;
    for (const char *c = r->id; *c; c++) hash = (hash ^ (unsigned char)*c) * 16777619U;
    hash ^= hash >> 15;
    return most > 0 ? (double)(int64_t)(most * ((hash * 2654435769U) >> 8) / 16777216.0) : 0;
}

/* Ahead of the end: a fifth of the lifetime, at most a quarter of an hour, and a little more by chance. */
static double refresh_time(const dc_event_call *call) {
    const dc_record *r = &call->record;
    const double life = r->expires > 0 ? r->expires - call->now : r->learned, most = 15.0 * MINUTE;
    if (!r->refreshable || life <= 0) return 0;
    const double margin = life / 5 < most ? life / 5 : most;
    const double at = call->now + life - margin - jitter(call, margin / 2);
    return at - call->now < LEAST_AHEAD ? 0 : (double)(int64_t)at;
}

void dc_take_grant(dc_event_call *call, const cJSON *grant) {
    dc_record *r = &call->record;
    const cJSON *scopes = dc_json_get(grant, "scopes");
    dc_config config;
    r->credential = true;
    r->obtained = call->now;
    r->expires = dc_json_number(grant, "expires_at", 0);
    r->refreshable = dc_json_true(grant, "refreshable");
    r->failures = r->journal = r->hold = r->refused = r->reuse = 0;
    r->uncertain = false;
    if (!(r->learned > 0) && dc_config_read(dc_input_tree(&call->in, "config"), &config)) r->learned = config.learned;
    r->next_refresh = refresh_time(call);
    if (!scopes) return;
    r->granted = dc_json_get(scopes, "granted");
    r->missing = dc_json_get(scopes, "missing");
}

/* Is it worth telling the other accounts of the auth config? */
static bool is_news(const dc_event_call *call, double before) {
    dc_config config;
    const double now = call->record.learned;
    if (now == before || !dc_config_read(dc_input_tree(&call->in, "config"), &config)) return false;
    return !(config.learned > 0) || now < config.learned * 0.8 || now > config.learned * 1.25;
}

/* Where the provider does not say how long a token lives: the shortest that one lived until it was refused; and every
 * one that was refreshed ahead of that without having been refused may live a tenth longer. */
static void learn(dc_event_call *call, bool rejected) {
    const double most = 30.0 * 24 * HOUR, age = call->now - call->record.obtained;
    double *learned = &call->record.learned;
    if (call->record.expires > 0 || !(call->record.obtained > 0)) return;
    if (rejected && age >= DC_SHORTEST_LIFE && (!(*learned > 0) || age < *learned)) *learned = age < most ? age : most;
    if (!rejected && *learned > 0 && age > *learned * 0.6 && *learned < most)
        *learned = (double)(int64_t)(*learned * 1.1);
}

/* ---- May one be made? ---------------------------------------------------------------------------------------- */

static const dc_reply *refuse_with(dc_error error, const char *message, const char *words) {
    dc_out out = {0};
    dc_put_text(&out, message);
    dc_put_text(&out, words ? ": " : ".");
    dc_put_text(&out, words);
    dc_put_byte(&out, '\0');
    return dc_refuse(error, out.failed ? NULL : out.at, NULL);
}

/* The whole auth config waits: of what the project knows (`config`), or this shard alone (`health`). */
static const dc_reply *paused(const dc_event_call *call, const dc_config *config) {
    dc_health h;
    dc_health_read(config->health, &h);
    if (h.broken && dc_health_waits(&h, call->now))
        return refuse_with(DC_ERR_CONFIG_BAD, "The provider does not accept the client of the auth config", h.reason);
    dc_health_read(dc_input_tree(&call->in, "health"), &h);
    if (dc_health_waits(&h, call->now))
        return refuse_with(DC_ERR_PROVIDER_DOWN, "The provider has not answered for some time", h.reason);
    return NULL;
}

/* Fresh tokens were refused as well: something else is wrong, and each further one is tried for longer. */
static bool in_vain(const dc_record *r, double now) {
    const double wait = dc_doubled(MINUTE, r->refusals - 1, HOUR);
    return r->refusals > 0 && now < r->obtained + wait && now >= r->obtained;
}

static const dc_reply *not_now(const dc_event_call *call, const dc_config *config, bool rejected) {
    const dc_record *r = &call->record;
    const dc_reply *pause = paused(call, config);
    if (pause) return pause;
    const bool corrected = r->refused > 0 && r->refused != config->generation + 1; /* what was wrong is so no more */
    if (r->hold > call->now && r->hold <= call->now + HOUR && !corrected)
        return refuse_with(DC_ERR_PROVIDER_DOWN, "The last refresh did not succeed a moment ago", NULL);
    if (rejected && in_vain(r, call->now))
        return dc_refuse(DC_ERR_ACCOUNT_BAD, "The provider's API refuses the tokens that it has just given.", NULL);
    return NULL;
}

const dc_reply *dc_event_refresh(dc_event_call *call) {
    static const char *const now[] = {"refresh", NULL}, *const check[] = {"refresh", "verify", NULL};
    dc_record *r = &call->record;
    dc_config config;
    const dc_rule *rule = dc_account_rule(r->status, DC_RENEW);
    const bool rejected = dc_input_true(&call->in, "rejected");
    const dc_way way = dc_scheme_way(r->scheme);
    if (way != DC_WAY_CONSENT && way != DC_WAY_CLIENT) return dc_refuse(DC_ERR_ACCOUNT_TYPED, NULL, NULL);
    if (rule->verdict == DC_REFUSED) return dc_refuse(DC_ERR_ACCOUNT_BAD, rule->why, NULL);
    if (!dc_config_read(dc_input_tree(&call->in, "config"), &config)) {
        return dc_refuse(DC_ERR_CONFIG_UNKNOWN, NULL, NULL);
    }
    if (config.disabled) return dc_refuse(DC_ERR_CONFIG_DISABLED, NULL, NULL);
    /* The attempt has just shown that the grant is dead: a reconnection that is open already goes on. */
    if (dc_input_true(&call->in, "lost") && dc_record_waiting(r)) return dc_unchanged(call);
    /* `rejected`: the provider's API refuses the access token, so it lives no more whatever the clock says. */
    const bool usable = !dc_record_holds_back(r, call->now) || rejected;
    if (r->status != DC_ACTIVE || !r->refreshable || !usable) return dc_new_consent(call);
    const dc_reply *later = not_now(call, &config, rejected);
    if (later) return later;
    const bool verify =
        dc_body_is(call, "validate_credentials", "true") && dc_has_test(dc_input_tree(&call->in, "toolkit"));
    return dc_changed(r, verify ? check : now, NULL, (dc_span){NULL, 0});
}

/* ---- The journal --------------------------------------------------------------------------------------------- */

/* Until when may the same refresh token be sent again although its answer was lost? Some providers never take one back
 * by a refresh, some document for how long they take it once more (`rotation_grace_s`). */
static double reuse_until(const dc_event_call *call) {
    const double always = 8640000000000000;
    const cJSON *scheme = dc_scheme_of(dc_input_tree(&call->in, "toolkit"), call->record.scheme);
    const char *kind = dc_json_text(scheme, "refresh_token");
    const double grace = dc_json_number(scheme, "rotation_grace_s", 0);
    if (call->record.scheme == DC_S2S_OAUTH2 || (kind && strcmp(kind, "reusable") == 0)) return always;
    return grace > 0 ? call->now + grace * SECOND : 0;
}

const dc_reply *dc_event_refresh_begin(dc_event_call *call) {
    dc_record *r = &call->record;
    if (r->status != DC_ACTIVE || !r->credential || !r->refreshable)
        return dc_refuse(DC_ERR_ACCOUNT_BAD, "There is nothing to refresh.", NULL);
    r->uncertain = r->journal > 0; /* the answer to an earlier call was lost: the token may be used up */
    if (!r->uncertain) r->reuse = reuse_until(call); /* counted from the first call that may have used it up */
    r->journal = call->now;
    return dc_unchanged(call);
}

/* ---- What came of it ----------------------------------------------------------------------------------------- */

static const char *with_words(const char *before, const char *words, const char *after) {
    dc_out out = {0};
    dc_put_text(&out, before);
    if (words) {
        dc_put_text(&out, " (");
        dc_put_text(&out, words);
        dc_put_byte(&out, ')');
    }
    dc_put_text(&out, after);
    dc_put_byte(&out, '\0');
    return out.failed ? before : out.at;
}

static const dc_reply *granted(dc_event_call *call, const cJSON *grant) {
    static const char *const seal[] = {"seal", NULL}, *const tell[] = {"seal", "learned", NULL};
    dc_record *r = &call->record;
    dc_out result = {0};
    const double learned = r->learned;
    const bool rejected = dc_input_true(&call->in, "rejected");
    const dc_rule *rule = dc_account_rule(r->status, DC_RENEWED);
    if (!dc_account_apply(r, DC_RENEWED, call->now)) return dc_refuse(DC_ERR_ACCOUNT_BAD, rule->why, NULL);
    learn(call, rejected);
    r->refusals = rejected ? r->refusals + 1 : r->refusals;
    dc_take_grant(call, grant);
    r->refreshed = call->now;
    if (!is_news(call, learned)) return dc_changed(r, seal, NULL, (dc_span){NULL, 0});
    dc_json_open(&result, NULL, '{');
    dc_json_put_number(&result, "learned", r->learned);
    dc_json_close(&result, '}');
    return dc_changed(r, tell, &result, (dc_span){NULL, 0});
}

static const dc_reply *lost(dc_event_call *call, const char *words) {
    dc_record *r = &call->record;
    const bool uncertain = r->uncertain;
    const char *before = uncertain ? "The answer to an earlier refresh was lost and the provider does not accept the "
                                     "refresh token again"
                                   : "The provider no longer accepts the stored grant";
    r->journal = r->next_refresh = r->hold = r->refused = r->reuse = 0;
    r->refreshable = r->uncertain = false;
    dc_account_apply(r, DC_LOST, call->now);
    const char *next = r->status != DC_INITIATED ? "; the user must reconnect."
                       : r->held                 ? "; the user has connected anew; waiting for the host to confirm it."
                                                 : "; waiting for the user to finish the reconnection.";
    const char *why = with_words(before, words, next);
    if (r->status == DC_EXPIRED || r->status == DC_INITIATED) r->reason = why;
    if (r->status == DC_INACTIVE && r->resume == DC_EXPIRED) r->resume_reason = why;
    return dc_unchanged(call);
}

/* Nobody is at fault here: the account waits with all others of its auth config, or for what keeps it from being tried,
 * for `least` milliseconds. */
static const dc_reply *put_off(dc_event_call *call, double least) {
    dc_record *r = &call->record;
    dc_config config;
    dc_health here, project = {0};
    dc_health_read(dc_input_tree(&call->in, "health"), &here);
    if (dc_config_read(dc_input_tree(&call->in, "config"), &config)) dc_health_read(config.health, &project);
    double from = here.until > project.until ? here.until : project.until;
    if (r->hold > from && r->hold <= call->now + HOUR) from = r->hold;
    if (from < call->now + least) from = call->now + least;
    /* The longer it takes, the longer the clock leaves it alone: whoever wants the token asks by himself. */
    const double more = here.failures * MINUTE, most = 10.0 * MINUTE;
    from += more < most ? more : most;
    r->next_refresh = from + jitter(call, SPREAD);
    return dc_unchanged(call);
}

/* Try later: by the clock after a minute, doubling to an hour; when somebody wants the token, after a second, doubling
 * to a minute. The provider's own Retry-After goes first. */
static const dc_reply *later(dc_event_call *call, const cJSON *grant, const char *words) {
    dc_record *r = &call->record;
    const bool unanswered = dc_json_true(grant, "unanswered");
    double asked = dc_json_number(grant, "retry_after", 0) * SECOND;
    const double wait = dc_doubled(MINUTE, r->failures, HOUR), hold = dc_doubled(SECOND, r->failures, MINUTE);
    if (asked > HOUR) asked = HOUR;
    /* A clear `no, later` means the token was not used; without any answer nobody knows. What an earlier call left
     * open stays open, whatever this one was told. */
    if (!unanswered && !r->uncertain) r->journal = r->reuse = 0;
    r->failures++;
    r->hold = call->now + (asked > hold ? asked : hold);
    r->refused = 0;
    r->next_refresh = call->now + (asked > wait ? asked : wait) + jitter(call, wait / 4);
    if (r->status == DC_ACTIVE) {
        r->reason = with_words("The last refresh did not succeed and will be tried again",
                               words ? words : "the provider gave no usable answer", ".");
    }
    return dc_unchanged(call);
}

/* The client was refused, which may concern this account alone: until it is known to be the client, it waits by itself
 * as after any other refusal. The reason stands at the auth config. */
static const dc_reply *refused_client(dc_event_call *call) {
    dc_record *r = &call->record;
    dc_config config;
    const double wait = dc_doubled(MINUTE, r->failures, HOUR);
    if (!r->uncertain) r->journal = r->reuse = 0; /* who is not let in has used nothing */
    r->hold = call->now + dc_doubled(SECOND, r->failures, MINUTE);
    if (dc_config_read(dc_input_tree(&call->in, "config"), &config)) r->refused = config.generation + 1;
    r->failures++;
    return put_off(call, wait);
}

/* `outcome`: granted, lost, later, broken (the client, not this account), paused (no call was made). */
const dc_reply *dc_event_refresh_end(dc_event_call *call) {
    const cJSON *grant = dc_input_tree(&call->in, "grant");
    const char *outcome = dc_json_text(grant, "outcome"), *words = dc_provider_words(grant);
    if (outcome && strcmp(outcome, "granted") == 0) return granted(call, grant);
    if (outcome && strcmp(outcome, "lost") == 0) return lost(call, words);
    if (outcome && strcmp(outcome, "paused") == 0) return put_off(call, MINUTE);
    if (outcome && strcmp(outcome, "broken") == 0) return refused_client(call);
    return later(call, grant, words);
}
