/* typed.c: credentials that come from the outside: with create, by the connect page, by PATCH. And what keeps one
 * user's accounts of a toolkit apart: alias, identity, allow_multiple. */
#include "change.h"
#include "fields.h"
#include "scan.h"
#include "verifier.h"

#include <string.h>

bool dc_body_is(const dc_event_call *call, const char *path, const char *literal) {
    dc_span raw;
    return call->in.rest.size && dc_field_find(call->in.rest, path, &raw) && dc_span_is(raw, literal);
}

const char *dc_holder_of(const cJSON *siblings, const char *name, const char *text, const char *own_id) {
    const cJSON *item;
    cJSON_ArrayForEach(item, siblings) {
        const char *other = dc_json_text(item, name), *id = dc_json_text(item, "id");
        if (other && id && strcmp(other, text) == 0 && (!own_id || strcmp(id, own_id) != 0)) return id;
    }
    return NULL;
}

const dc_reply *dc_alias_objection(const cJSON *siblings, const char *alias, const char *own_id) {
    const char *holder = alias ? dc_holder_of(siblings, "alias", alias, own_id) : NULL;
    dc_faults faults = {0};
    dc_out problem = {0};
    if (!holder) return NULL;
    dc_put_text(&problem, "is the alias of ");
    dc_put_text(&problem, holder);
    dc_put_byte(&problem, '\0');
    dc_faults_add(&faults, "alias", problem.failed ? "is taken" : problem.at);
    return dc_refuse(DC_ERR_ACCOUNT_BAD, "This user has an account of this toolkit with that alias.", &faults);
}

const dc_reply *dc_already_connected(const cJSON *siblings, const char *config, const char *own_id) {
    const cJSON *item;
    dc_faults faults = {0};
    cJSON_ArrayForEach(item, siblings) {
        dc_record other;
        if (!dc_record_read(item, &other) || other.status != DC_ACTIVE || strcmp(other.config, config) != 0) continue;
        if (own_id && strcmp(other.id, own_id) == 0) continue;
        dc_faults_add(&faults, "connected_account_id", other.id);
    }
    return faults.count ? dc_refuse(DC_ERR_ACCOUNT_CONNECTED, NULL, &faults) : NULL;
}

const dc_reply *dc_second_account(const dc_event_call *call) {
    const dc_record *r = &call->record;
    if (!r->single || !dc_record_waiting(r)) return NULL;
    return dc_already_connected(dc_input_tree(&call->in, "siblings"), r->config, r->id);
}

const dc_reply *dc_state_objection(dc_span state, dc_scheme scheme) {
    dc_span raw;
    dc_faults faults = {0};
    if (dc_scan_member(state, "authScheme", &raw) && raw.at[0] == '"' &&
        !dc_span_is((dc_span){raw.at + 1, raw.size - 2}, dc_scheme_names[scheme])) {
        dc_faults_add(&faults, "connection.state.authScheme", "is not the scheme of the auth config");
    }
    if (!dc_scan_member(state, "val", &raw)) dc_faults_add(&faults, "connection.state.val", "is required");
    else if (raw.at[0] != '{') dc_faults_add(&faults, "connection.state.val", "must be an object");
    return faults.count ? dc_refuse(DC_ERR_ACCOUNT_BAD, NULL, &faults) : NULL;
}

const char *dc_identity_objection(const dc_record *r, const cJSON *identity) {
    const char *id = dc_json_text(identity, "id");
    if (!r->identity || (id && strcmp(r->identity, id) == 0)) return NULL;
    /* Whoever leaves out the scope that tells who it is must not come in as another. */
    return id ? "The user signed in as somebody else at the provider; the account keeps its credential."
              : "The provider did not say who signed in; the account keeps its credential.";
}

void dc_identity_take(dc_record *r, const cJSON *identity) {
    if (!dc_json_text(identity, "id")) return;
    r->identity = dc_json_text(identity, "id");
    r->label = dc_json_text(identity, "label");
}

/* Copies what is kept of a credential that somebody gave. NULL: it is good. */
static const dc_reply *copy_given(dc_out *copy, const dc_record *r, const dc_taken *taken) {
    dc_faults faults = {0};
    dc_credential_check(taken->toolkit, r->scheme, taken->val, &faults);
    if (faults.count) return dc_refuse(DC_ERR_ACCOUNT_FIELDS, NULL, &faults);
    if (!dc_credential_copy(copy, taken->val, &faults)) return dc_refuse(DC_ERR_ACCOUNT_BAD, NULL, &faults);
    return copy->failed ? dc_refuse(DC_ERR_INTERNAL, NULL, NULL) : NULL;
}

const dc_reply *dc_obtain(const dc_record *r, const dc_taken *taken) {
    static const char *const check[] = {"obtain", "verify", NULL}, *const trust[] = {"obtain", NULL};
    dc_out copy = {0};
    const dc_reply *problem = copy_given(&copy, r, taken);
    if (problem) return problem;
    const bool verify = taken->verify && dc_has_test(taken->toolkit);
    return dc_changed(r, verify ? check : trust, NULL, dc_out_span(&copy));
}

const dc_reply *dc_take_credential(dc_record *r, const dc_taken *taken) {
    const char *effects[5] = {"seal", "identify"};
    uint32_t count = 2;
    dc_out copy = {0};
    dc_span token;
    const dc_reply *problem = copy_given(&copy, r, taken);
    if (problem) return problem;
    r->status = DC_ACTIVE;
    r->reason = NULL;
    r->updated = r->connected = taken->now;
    r->link_until = r->reconnect_until = 0;
    dc_verifier_end(r);
    r->credential = true;
    r->single = false;
    r->identity = r->label = NULL; /* whose the new one is, is asked next, unless it was already */
    dc_identity_take(r, taken->identity);
    r->refreshable = r->scheme == DC_OAUTH2 && dc_scan_member(taken->val, "refresh_token", &token) &&
                     token.at[0] == '"' && token.size > 2;
    r->expires = r->next_refresh = r->journal = r->failures = 0; /* those were the old credential's */
    r->hold = r->refused = r->reuse = r->obtained = r->learned = r->refusals = 0;
    r->uncertain = false;
    if (taken->verify && dc_has_test(taken->toolkit)) effects[count++] = "verify";
    if (r->scheme == DC_OAUTH1) effects[count++] = "sign";
    return dc_changed(r, effects, NULL, dc_out_span(&copy));
}

/* The fields of the connect page as a credential: an input has its field's name. */
static const dc_reply *read_form(const dc_event_call *call, dc_out *val) {
    dc_span rest = call->in.rest, name, value;
    dc_json_open(val, NULL, '{');
    for (dc_form form; (form = dc_form_next(&rest, &name, &value)) != DC_FORM_END;) {
        if (form == DC_FORM_BAD) return dc_refuse(DC_ERR_BAD_REQUEST, "The form could not be read.", NULL);
        if (name.size && value.size) dc_json_put_span(val, dc_span_copy(name), value);
    }
    dc_json_close(val, '}');
    return val->failed ? dc_refuse(DC_ERR_INTERNAL, NULL, NULL) : NULL;
}

const dc_reply *dc_event_submit(dc_event_call *call) {
    dc_record *r = &call->record;
    const dc_way way = dc_scheme_way(r->scheme);
    dc_out val = {0};
    if (!dc_record_waiting(r) || r->held || r->link_until <= call->now) return dc_refuse(DC_ERR_LINK_OVER, NULL, NULL);
    if (dc_config_is_off(&call->in)) return dc_refuse(DC_ERR_CONFIG_DISABLED, NULL, NULL);
    if (way == DC_WAY_CONSENT) return dc_refuse(DC_ERR_ACCOUNT_BAD, "This account needs the provider's consent.", NULL);
    const dc_reply *problem = dc_second_account(call);
    if (!problem) problem = read_form(call, &val);
    if (problem) return problem;
    const dc_taken taken = {
        .toolkit = dc_input_tree(&call->in, "toolkit"),
        .val = dc_out_span(&val),
        .identity = dc_input_tree(&call->in, "identity"),
        .verify = true,
        .now = call->now,
    };
    if (way == DC_WAY_CLIENT) return dc_obtain(r, &taken);
    return r->verifier ? dc_verifier_hold_typed(call, &taken) : dc_take_credential(r, &taken);
}

/* Does the provider tell credentials of this scheme apart rather than their owners (`identity.of`: "credential")? Then a
 * new one has another identity by nature. */
static bool tells_owner(const cJSON *toolkit, dc_scheme scheme) {
    const char *of = dc_json_text(dc_json_get(dc_scheme_of(toolkit, scheme), "identity"), "of");
    return !of || strcmp(of, "credential") != 0;
}

/* A new credential by PATCH. The host first asks the provider whose it is, then comes again with `identity`. */
static const dc_reply *replace(dc_event_call *call, dc_span val) {
    dc_record *r = &call->record;
    const dc_span told = dc_input_raw(&call->in, "identity");
    const dc_taken taken = {
        .toolkit = dc_input_tree(&call->in, "toolkit"),
        .val = val,
        .identity = dc_input_tree(&call->in, "identity"),
        .verify = true,
        .now = call->now,
    };
    if (r->status == DC_INACTIVE || dc_record_waiting(r)) {
        return dc_refuse(DC_ERR_ACCOUNT_BAD, "An account that is disabled or waits for its user takes no credential.",
                         NULL);
    }
    if (dc_scheme_way(r->scheme) == DC_WAY_CLIENT) {
        return dc_refuse(DC_ERR_ACCOUNT_BAD, "The auth config's client fetches this account's token; refresh it.",
                         NULL);
    }
    if (dc_scheme_way(r->scheme) == DC_WAY_CONSENT && !dc_credential_brought(r->scheme, val))
        return dc_refuse(DC_ERR_ACCOUNT_FIELDS, NULL, NULL);
    const bool owner = told.size && tells_owner(taken.toolkit, r->scheme);
    const char *other = owner ? dc_identity_objection(r, taken.identity) : NULL;
    if (!other) return dc_take_credential(r, &taken);
    call->noted = DC_NOTED_OTHER_IDENTITY;
    return dc_refuse(DC_ERR_ACCOUNT_BAD, other, NULL);
}

const dc_reply *dc_event_update(dc_event_call *call) {
    static const char *const no_effects[] = {NULL};
    dc_record *r = &call->record;
    const char *alias = dc_field_text(call->in.rest, "alias");
    dc_span state, val;
    if (alias && !alias[0]) r->alias = NULL; /* cleared */
    const dc_reply *problem = dc_alias_objection(dc_input_tree(&call->in, "siblings"), alias, r->id);
    if (problem) return problem;
    if (alias && alias[0]) r->alias = alias;
    if (alias) r->updated = call->now;
    const bool given = call->in.rest.size && dc_field_find(call->in.rest, "connection.state", &state);
    if (!given || state.at[0] != '{') return dc_changed(r, no_effects, NULL, (dc_span){NULL, 0});
    problem = dc_state_objection(state, r->scheme);
    if (problem) return problem;
    dc_scan_member(state, "val", &val);
    return replace(call, val);
}
