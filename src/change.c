/* change.c: (record, event, now) -> (record', effects): what happens to an account that is there. */
#include "change.h"

#include "fields.h"
#include "health.h"
#include "renew.h"
#include "scan.h"
#include "verifier.h"

#include <string.h>

static const char *const no_effects[] = {NULL};
static const char lost_unfinished[] =
    "The provider no longer accepts the stored grant, and the reconnection was not finished within 10 minutes";
static const char lost_unconfirmed[] =
    "The provider no longer accepts the stored grant, and the reconnection was not confirmed within 10 minutes";

const dc_reply *dc_changed(const dc_record *record, const char *const *effects, const dc_out *result, dc_span second) {
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_record_put(&out, "record", record);
    dc_record_put_row(&out, record);
    dc_json_open(&out, "effects", '[');
    for (; *effects; effects++) dc_json_put_text(&out, NULL, *effects);
    if (record->held) dc_json_put_text(&out, NULL, "held"); /* without it, the host lets go of what it holds */
    dc_json_close(&out, ']');
    if (result && result->size) dc_json_put_raw(&out, "result", dc_out_span(result));
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, second);
}

const dc_reply *dc_unchanged(dc_event_call *call) {
    return dc_changed(&call->record, no_effects, NULL, (dc_span){NULL, 0});
}

static const dc_reply *apply(dc_event_call *call, dc_happening happening) {
    const dc_rule *rule = dc_account_rule(call->record.status, happening);
    if (!dc_account_apply(&call->record, happening, call->now)) return dc_refuse(DC_ERR_ACCOUNT_BAD, rule->why, NULL);
    return dc_unchanged(call);
}

static const dc_reply *event_open(dc_event_call *call) {
    const dc_record *r = &call->record;
    const double until = dc_record_waiting(r) ? r->link_until : r->reconnect_until;
    if (until <= call->now || r->held) return dc_refuse(DC_ERR_LINK_OVER, NULL, NULL);
    if (dc_config_is_off(&call->in)) return dc_refuse(DC_ERR_CONFIG_DISABLED, NULL, NULL);
    const dc_reply *second = dc_second_account(call);
    return second ? second : apply(call, DC_OPENED);
}

static const dc_reply *event_connect(dc_event_call *call) {
    static const char *const effects[] = {"seal", NULL};
    dc_record *r = &call->record;
    const cJSON *identity = dc_input_tree(&call->in, "identity");
    const char *other = dc_identity_objection(r, identity);
    if (dc_config_is_off(&call->in)) return dc_refuse(DC_ERR_CONFIG_DISABLED, NULL, NULL);
    if (other) {
        call->noted = DC_NOTED_OTHER_IDENTITY;
        return dc_refuse(DC_ERR_ACCOUNT_BAD, other, NULL);
    }
    const dc_reply *second = dc_second_account(call);
    if (second) return second;
    const dc_rule *rule = dc_account_rule(r->status, DC_GRANTED);
    const bool open = (dc_record_waiting(r) ? r->link_until : r->reconnect_until) > call->now;
    if (r->held) return dc_refuse(DC_ERR_LINK_OVER, NULL, NULL);
    if (open && r->verifier && rule->verdict == DC_ALLOWED) return dc_verifier_hold(call);
    if (!open || !dc_account_apply(r, DC_GRANTED, call->now)) {
        return dc_refuse(DC_ERR_ACCOUNT_BAD, rule->why ? rule->why : "The account waits for no connection.", NULL);
    }
    dc_take_grant(call, dc_input_tree(&call->in, "grant"));
    r->refusals = 0;
    dc_identity_take(r, identity);
    r->single = false;
    return dc_changed(r, effects, NULL, (dc_span){NULL, 0});
}

static const char *denied_reason(const dc_input *in) {
    const char *words = dc_provider_words(dc_json_read(in->head));
    dc_out out = {0};
    if (!words) return "The connection was refused.";
    dc_put_text(&out, "The connection was refused: ");
    dc_put_text(&out, words);
    dc_put_byte(&out, '\0');
    return out.failed ? "The connection was refused." : out.at;
}

static const dc_reply *event_deny(dc_event_call *call) {
    dc_record *r = &call->record;
    const bool was_active = r->status == DC_ACTIVE;
    if (r->held) return dc_refuse(DC_ERR_LINK_OVER, NULL, NULL); /* another way of the same consent has ended well */
    if (!dc_account_apply(r, DC_DENIED, call->now)) return dc_refuse(DC_ERR_ACCOUNT_BAD, NULL, NULL);
    if (!was_active && r->status == DC_FAILED) r->reason = denied_reason(&call->in);
    return dc_unchanged(call);
}

static const dc_reply *event_lapse(dc_event_call *call) {
    static const char *const due[] = {"refresh", NULL};
    dc_record *r = &call->record;
    const double until = dc_record_waiting(r) ? r->link_until : r->reconnect_until;
    const bool waited = dc_record_waiting(r), unconfirmed = r->held;
    if (until > 0 && until <= call->now) dc_account_apply(r, DC_LAPSED, call->now);
    if (unconfirmed && r->status == DC_EXPIRED) r->reason = dc_verifier_unconfirmed;
    /* One that waits with a credential lost its grant while it was connected anew. */
    if (waited && r->credential && r->status == DC_EXPIRED)
        r->reason = unconfirmed ? lost_unconfirmed : lost_unfinished;
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
const dc_reply *dc_new_consent(dc_event_call *call) {
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
    const char *verifier;
    const dc_reply *hash = dc_verifier_next(call, &verifier);
    if (hash) return hash;
    if (!url || !dc_account_apply(r, DC_RENEW, call->now)) return dc_refuse(DC_ERR_ACCOUNT_BAD, rule->why, NULL);
    dc_verifier_end(r); /* of the consent before */
    r->verifier = verifier;
    r->proved = r->proved || verifier;
    if (callback) r->callback = callback;
    dc_out result = {0}, val = {0}, rest = {0}, both = {0};
    put_link_result(&result, url);
    if (active) {
        r->reconnect_until = call->now + DC_LINK_MS;
        return dc_changed(r, keep, &result, (dc_span){NULL, 0});
    }
    r->link_until = call->now + DC_LINK_MS;
    r->credential = r->refreshable = false;
    r->expires = r->next_refresh = r->journal = r->hold = 0;
    dc_json_open(&val, NULL, '{');
    dc_put_way(&val, r->scheme, url, NULL);
    dc_json_close(&val, '}');
    dc_credential_rest(&rest, dc_input_raw(&call->in, "val"));
    if (val.failed || !dc_credential_merge(&both, dc_out_span(&val), dc_out_span(&rest), NULL))
        return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    return dc_changed(r, begin, &result, dc_out_span(&both));
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
    const dc_way way = dc_scheme_way(r->scheme);
    const bool revoke = r->credential && (way == DC_WAY_CONSENT || way == DC_WAY_CLIENT);
    return dc_changed(r, revoke ? both : remove, NULL, (dc_span){NULL, 0});
}

static const dc_reply *event_use(dc_event_call *call) {
    const double http = dc_json_number(dc_input_tree(&call->in, "request"), "http", 0);
    if (http >= 200 && http < 300) call->record.refusals = 0; /* the API takes what the provider gave */
    call->record.used = call->now;
    return dc_unchanged(call);
}

static const dc_event_handler handlers[DC_EVENT_COUNT] = {
    [DC_EVENT_create] = dc_event_create,
    [DC_EVENT_link] = dc_event_link,
    [DC_EVENT_open] = event_open,
    [DC_EVENT_submit] = dc_event_submit,
    [DC_EVENT_connect] = event_connect,
    [DC_EVENT_deny] = event_deny,
    [DC_EVENT_lapse] = event_lapse,
    [DC_EVENT_refresh] = dc_event_refresh,
    [DC_EVENT_refresh_begin] = dc_event_refresh_begin,
    [DC_EVENT_refresh_end] = dc_event_refresh_end,
    [DC_EVENT_set_status] = event_set_status,
    [DC_EVENT_update] = dc_event_update,
    [DC_EVENT_revoke] = event_revoke,
    [DC_EVENT_revoked] = event_revoked,
    [DC_EVENT_delete] = event_delete,
    [DC_EVENT_use] = event_use,
    [DC_EVENT_reveal] = dc_unchanged,
    [DC_EVENT_complete] = dc_event_complete,
    [DC_EVENT_config_create] = dc_event_config_create,
    [DC_EVENT_config_update] = dc_event_config_update,
    [DC_EVENT_config_status] = dc_event_config_status,
    [DC_EVENT_config_delete] = dc_event_config_delete,
    [DC_EVENT_config_health] = dc_event_config_health,
    [DC_EVENT_health] = dc_event_health,
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
    const bool form = event == DC_EVENT_submit;
    if (!form && !dc_input_is_document(&call.in)) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    if (!without_account(event) && !dc_record_read(dc_input_tree(&call.in, "record"), &call.record)) {
        return dc_refuse(DC_ERR_ACCOUNT_UNKNOWN, NULL, NULL);
    }
    const dc_record before = call.record;
    return dc_activity_noted(&call, (dc_event_name)event, &before, handlers[event](&call));
}
