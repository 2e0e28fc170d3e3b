/* change.c: (record, event, now) -> (record', effects): what happens to an account that is there. */
#include "change.h"

#include "fields.h"
#include "scan.h"

#include <string.h>

static const char *const no_effects[] = {NULL};

const dc_reply *dc_changed(const dc_record *record, const char *const *effects, const dc_out *result, dc_span second) {
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_record_put(&out, "record", record);
    dc_record_put_row(&out, record);
    dc_json_open(&out, "effects", '[');
    for (; *effects; effects++) dc_json_put_text(&out, NULL, *effects);
    dc_json_close(&out, ']');
    if (result && result->size) dc_json_put_raw(&out, "result", dc_out_span(result));
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, second);
}

static const dc_reply *plain(const dc_event_call *call) {
    return dc_changed(&call->record, no_effects, NULL, (dc_span){NULL, 0});
}

static const dc_reply *apply(dc_event_call *call, dc_happening happening) {
    const dc_rule *rule = dc_account_rule(call->record.status, happening);
    if (!dc_account_apply(&call->record, happening, call->now)) return dc_refuse(DC_ERR_ACCOUNT_BAD, rule->why, NULL);
    return plain(call);
}

static const dc_reply *event_open(dc_event_call *call) {
    const dc_record *r = &call->record;
    const double until = dc_record_waiting(r) ? r->link_until : r->reconnect_until;
    if (until <= call->now) return dc_refuse(DC_ERR_LINK_OVER, NULL, NULL);
    if (dc_config_is_off(&call->in)) return dc_refuse(DC_ERR_CONFIG_DISABLED, NULL, NULL);
    return apply(call, DC_OPENED);
}

/* Ahead of the end: a fifth of the lifetime, at most a quarter of an hour. */
static double refresh_time(const dc_event_call *call, const dc_record *r) {
    const double life = r->expires - call->now, most = 900000;
    if (!r->refreshable || life <= 0) return 0;
    const double margin = life / 5 < most ? life / 5 : most;
    return r->expires - margin;
}

/* What a token answer (grant step `token`) says of the credential. */
static void take_grant(dc_event_call *call, const cJSON *grant) {
    dc_record *r = &call->record;
    const cJSON *scopes = dc_json_get(grant, "scopes");
    r->credential = true;
    r->expires = dc_json_number(grant, "expires_at", 0);
    r->refreshable = dc_json_true(grant, "refreshable");
    r->failures = 0;
    r->journal = 0;
    r->uncertain = false;
    r->next_refresh = refresh_time(call, r);
    if (!scopes) return;
    r->granted = dc_json_get(scopes, "granted");
    r->missing = dc_json_get(scopes, "missing");
}

static void take_identity(dc_record *r, const cJSON *identity) {
    if (!dc_json_text(identity, "id")) return;
    r->identity = dc_json_text(identity, "id");
    r->label = dc_json_text(identity, "label");
}

static const dc_reply *event_connect(dc_event_call *call) {
    static const char *const effects[] = {"seal", NULL};
    dc_record *r = &call->record;
    const cJSON *identity = dc_input_tree(&call->in, "identity");
    const char *id = dc_json_text(identity, "id");
    if (dc_config_is_off(&call->in)) return dc_refuse(DC_ERR_CONFIG_DISABLED, NULL, NULL);
    if (r->identity && (!id || strcmp(r->identity, id) != 0)) {
        /* Whoever leaves out the scope that tells who it is must not come in as another. */
        return dc_refuse(DC_ERR_ACCOUNT_BAD,
                         id ? "The user signed in as somebody else at the provider; the account keeps its credential."
                            : "The provider did not say who signed in; the account keeps its credential.",
                         NULL);
    }
    const dc_rule *rule = dc_account_rule(r->status, DC_GRANTED);
    const bool open = (dc_record_waiting(r) ? r->link_until : r->reconnect_until) > call->now;
    if (!open || !dc_account_apply(r, DC_GRANTED, call->now)) {
        return dc_refuse(DC_ERR_ACCOUNT_BAD, rule->why ? rule->why : "The account waits for no connection.", NULL);
    }
    take_grant(call, dc_input_tree(&call->in, "grant"));
    take_identity(r, identity);
    return dc_changed(r, effects, NULL, (dc_span){NULL, 0});
}

static const dc_reply *event_identified(dc_event_call *call) {
    take_identity(&call->record, dc_input_tree(&call->in, "identity"));
    return plain(call);
}

/* The provider's own words, shortened: it may say anything. */
static const char *provider_reason(const dc_input *in, const char *before) {
    enum { MOST = 300 };
    const char *error = dc_input_text(in, "error"), *more = dc_input_text(in, "error_description");
    dc_out out = {0};
    dc_put_text(&out, before);
    if (error) dc_put_text(&out, error);
    if (error && more) dc_put_text(&out, ": ");
    if (more) dc_put_text(&out, more);
    dc_span text = dc_out_span(&out);
    if (text.size > MOST) text.size = MOST;
    while (text.size && !dc_utf8_valid(text)) text.size--;
    return out.failed ? before : dc_span_copy(text);
}

static const dc_reply *event_deny(dc_event_call *call) {
    dc_record *r = &call->record;
    const bool was_active = r->status == DC_ACTIVE;
    if (!dc_account_apply(r, DC_DENIED, call->now)) return dc_refuse(DC_ERR_ACCOUNT_BAD, NULL, NULL);
    if (!was_active && r->status == DC_FAILED) r->reason = provider_reason(&call->in, "The connection was refused: ");
    return plain(call);
}

static const dc_reply *event_lapse(dc_event_call *call) {
    static const char *const due[] = {"refresh", NULL};
    dc_record *r = &call->record;
    const double until = dc_record_waiting(r) ? r->link_until : r->reconnect_until;
    if (until > 0 && until <= call->now) dc_account_apply(r, DC_LAPSED, call->now);
    const double at = dc_record_refresh_due(r);
    const bool refresh = at > 0 && at <= call->now;
    return dc_changed(r, refresh ? due : no_effects, NULL, (dc_span){NULL, 0});
}

static void put_link_result(dc_out *result, const char *url) {
    dc_json_open(result, NULL, '{');
    dc_json_put_text(result, "redirect_url", url);
    dc_json_close(result, '}');
}

static const char *callback_of(const dc_event_call *call) {
    dc_span raw, text;
    const char *query = dc_json_text(dc_input_tree(&call->in, "query"), "redirect_url");
    if (query) return query;
    if (!call->in.rest.size || !dc_field_find(call->in.rest, "redirect_url", &raw)) return NULL;
    return dc_scan_string(raw, &text) ? dc_span_copy(text) : NULL;
}

/* A new consent: a working account stays as it is meanwhile, any other waits for the user. */
static const dc_reply *new_consent(dc_event_call *call) {
    static const char *const keep[] = {"link", NULL}, *const begin[] = {"link", "seal", NULL};
    dc_record *r = &call->record;
    const cJSON *link = dc_input_tree(&call->in, "link");
    const char *url = dc_json_text(link, "url");
    const char *callback = callback_of(call);
    const bool active = r->status == DC_ACTIVE;
    const dc_rule *rule = dc_account_rule(r->status, DC_RENEW);
    if (!dc_callback_allowed(dc_input_tree(&call->in, "project"), callback)) {
        dc_faults faults = {0};
        dc_faults_add(&faults, "redirect_url", "is not on the project's list of callback_urls");
        return dc_refuse(DC_ERR_ACCOUNT_BAD, NULL, &faults);
    }
    if (!url || !dc_account_apply(r, DC_RENEW, call->now)) return dc_refuse(DC_ERR_ACCOUNT_BAD, rule->why, NULL);
    if (callback) r->callback = callback;
    dc_out result = {0}, val = {0};
    put_link_result(&result, url);
    if (active) {
        r->reconnect_until = call->now + DC_LINK_MS;
        return dc_changed(r, keep, &result, (dc_span){NULL, 0});
    }
    r->link_until = call->now + DC_LINK_MS;
    r->credential = r->refreshable = false;
    r->expires = r->next_refresh = r->journal = 0;
    dc_json_open(&val, NULL, '{');
    dc_json_put_text(&val, "redirectUrl", url);
    dc_json_close(&val, '}');
    if (val.failed) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    return dc_changed(r, begin, &result, dc_out_span(&val));
}

static const dc_reply *event_refresh(dc_event_call *call) {
    static const char *const now[] = {"refresh", NULL};
    dc_record *r = &call->record;
    dc_config config;
    const dc_rule *rule = dc_account_rule(r->status, DC_RENEW);
    if (dc_scheme_way(r->scheme) != DC_WAY_CONSENT) return dc_refuse(DC_ERR_ACCOUNT_TYPED, NULL, NULL);
    if (rule->verdict == DC_REFUSED) return dc_refuse(DC_ERR_ACCOUNT_BAD, rule->why, NULL);
    if (!dc_config_read(dc_input_tree(&call->in, "config"), &config)) {
        return dc_refuse(DC_ERR_CONFIG_UNKNOWN, NULL, NULL);
    }
    if (config.disabled) return dc_refuse(DC_ERR_CONFIG_DISABLED, NULL, NULL);
    /* `rejected`: the provider's API refuses the access token, so it lives no more whatever the clock says. */
    const bool usable = !dc_record_holds_back(r, call->now) || dc_input_true(&call->in, "rejected");
    if (r->status == DC_ACTIVE && r->refreshable && usable) return dc_changed(r, now, NULL, (dc_span){NULL, 0});
    return new_consent(call);
}

static const dc_reply *event_refresh_begin(dc_event_call *call) {
    dc_record *r = &call->record;
    if (r->status != DC_ACTIVE || !r->credential || !r->refreshable)
        return dc_refuse(DC_ERR_ACCOUNT_BAD, "There is nothing to refresh.", NULL);
    r->uncertain = r->journal > 0; /* the answer to an earlier call was lost: the token may be used up */
    r->journal = call->now;
    return plain(call);
}

/* Try later: doubling from a minute to an hour. */
static double retry_time(const dc_event_call *call) {
    double wait = 60000;
    for (int n = 1; n < call->record.failures && wait < 3600000; n++) wait *= 2;
    return call->now + wait;
}

static const dc_reply *event_refresh_end(dc_event_call *call) {
    static const char *const seal[] = {"seal", NULL};
    dc_record *r = &call->record;
    const cJSON *grant = dc_input_tree(&call->in, "grant");
    const char *outcome = dc_json_text(grant, "outcome");
    if (outcome && strcmp(outcome, "granted") == 0) {
        const dc_rule *rule = dc_account_rule(r->status, DC_RENEWED);
        if (!dc_account_apply(r, DC_RENEWED, call->now)) return dc_refuse(DC_ERR_ACCOUNT_BAD, rule->why, NULL);
        take_grant(call, grant);
        r->refreshed = call->now;
        return dc_changed(r, seal, NULL, (dc_span){NULL, 0});
    }
    const bool uncertain = r->uncertain;
    if (outcome && strcmp(outcome, "lost") == 0) {
        r->journal = r->next_refresh = 0;
        r->refreshable = r->uncertain = false;
        dc_account_apply(r, DC_LOST, call->now);
        if (uncertain && r->status == DC_EXPIRED) {
            r->reason = "The answer to an earlier refresh was lost and the provider does not accept the refresh token "
                        "again; the user must reconnect.";
        }
        return plain(call);
    }
    /* A clear `no, later` means the token was not used; without any answer nobody knows. */
    if (!dc_json_true(grant, "unanswered")) r->journal = 0;
    r->failures++;
    r->next_refresh = retry_time(call);
    return plain(call);
}

static const dc_reply *event_set_status(dc_event_call *call) {
    dc_span raw;
    if (!dc_field_find(call->in.rest, "enabled", &raw)) return dc_refuse(DC_ERR_ACCOUNT_BAD, NULL, NULL);
    return apply(call, dc_span_is(raw, "true") ? DC_ENABLE : DC_DISABLE);
}

static const dc_reply *event_revoke(dc_event_call *call) {
    static const char *const effects[] = {"revoke", NULL};
    const dc_rule *rule = dc_account_rule(call->record.status, DC_REVOKE);
    if (rule->verdict == DC_REFUSED) return dc_refuse(DC_ERR_ACCOUNT_CONFLICT, rule->why, NULL);
    return dc_changed(&call->record, rule->verdict == DC_SAME ? no_effects : effects, NULL, (dc_span){NULL, 0});
}

static const dc_reply *event_revoked(dc_event_call *call) {
    static const char *const effects[] = {"forget", NULL};
    dc_record *r = &call->record;
    dc_account_apply(r, DC_REVOKE, call->now);
    r->credential = r->refreshable = false;
    r->expires = r->next_refresh = r->journal = 0;
    return dc_changed(r, effects, NULL, (dc_span){NULL, 0});
}

static const dc_reply *event_delete(dc_event_call *call) {
    static const char *const both[] = {"revoke", "remove", NULL}, *const remove[] = {"remove", NULL};
    const dc_record *r = &call->record;
    const bool revoke = r->credential && dc_scheme_way(r->scheme) == DC_WAY_CONSENT;
    return dc_changed(r, revoke ? both : remove, NULL, (dc_span){NULL, 0});
}

static const dc_reply *event_use(dc_event_call *call) {
    call->record.used = call->now;
    return plain(call);
}

static const dc_event_handler handlers[DC_EVENT_COUNT] = {
    [DC_EVENT_create] = dc_event_create,
    [DC_EVENT_link] = dc_event_link,
    [DC_EVENT_open] = event_open,
    [DC_EVENT_submit] = dc_event_submit,
    [DC_EVENT_connect] = event_connect,
    [DC_EVENT_identified] = event_identified,
    [DC_EVENT_deny] = event_deny,
    [DC_EVENT_lapse] = event_lapse,
    [DC_EVENT_refresh] = event_refresh,
    [DC_EVENT_refresh_begin] = event_refresh_begin,
    [DC_EVENT_refresh_end] = event_refresh_end,
    [DC_EVENT_set_status] = event_set_status,
    [DC_EVENT_update] = dc_event_update,
    [DC_EVENT_revoke] = event_revoke,
    [DC_EVENT_revoked] = event_revoked,
    [DC_EVENT_delete] = event_delete,
    [DC_EVENT_use] = event_use,
    [DC_EVENT_config_create] = dc_event_config_create,
    [DC_EVENT_config_update] = dc_event_config_update,
    [DC_EVENT_config_status] = dc_event_config_status,
    [DC_EVENT_config_delete] = dc_event_config_delete,
    [DC_EVENT_project_open] = dc_event_project_open,
    [DC_EVENT_project_update] = dc_event_project_update,
    [DC_EVENT_key_create] = dc_event_key_create,
};

/* These begin without an account. */
static bool without_account(uint32_t event) {
    return event == DC_EVENT_create || event == DC_EVENT_link || event >= DC_EVENT_config_create;
}

const dc_reply *dc_change(uint32_t event, double now, uint32_t size) {
    dc_event_call call = {.now = now};
    if (event >= DC_EVENT_COUNT || !dc_input_read(size, &call.in)) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    if (!without_account(event) && !dc_record_read(dc_input_tree(&call.in, "record"), &call.record)) {
        return dc_refuse(DC_ERR_ACCOUNT_UNKNOWN, NULL, NULL);
    }
    return handlers[event](&call);
}
