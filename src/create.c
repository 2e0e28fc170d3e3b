/* create.c: new accounts, by link or with a credential, and credentials that are typed in later. */
#include "change.h"
#include "fields.h"
#include "scan.h"

#include <string.h>

/* What a new account is made of. */
typedef struct plan {
    dc_event_call *call;
    const cJSON *toolkit, *siblings;
    dc_config config;
    const char *user, *alias, *callback;
    dc_span state, val; /* as the caller sent them; size 0: not at all */
    bool verify, single;
} plan;

static bool body_is(const dc_event_call *call, const char *path, const char *literal) {
    dc_span raw;
    return call->in.rest.size && dc_field_find(call->in.rest, path, &raw) && dc_span_is(raw, literal);
}

/* "Readable id" of an account: two words drawn from the host's random number. */
static const char *word_id(const char *toolkit, uint32_t seed) {
    static const char *const colours[16] = {"red",  "blue", "green", "amber", "black", "white", "coral", "gold",
                                            "grey", "jade", "lime",  "navy",  "pink",  "plum",  "teal",  "ruby"};
    static const char *const things[16] = {"castle", "river",   "forest", "lantern", "harbor", "meadow",
                                           "comet",  "anchor",  "bridge", "cedar",   "falcon", "glacier",
                                           "island", "orchard", "tower",  "valley"};
    dc_out out = {0};
    dc_put_text(&out, toolkit);
    dc_put_byte(&out, '_');
    dc_put_text(&out, colours[seed & 15]);
    dc_put_byte(&out, '-');
    dc_put_text(&out, things[seed >> 4 & 15]);
    dc_put_byte(&out, '-');
    dc_put_integer(&out, seed >> 8 & 1023);
    dc_put_byte(&out, '\0');
    return out.failed ? NULL : out.at;
}

static const char *alias_of(const cJSON *siblings, const char *alias, const char *own_id) {
    const cJSON *item;
    cJSON_ArrayForEach(item, siblings) {
        const char *other = dc_json_text(item, "alias"), *id = dc_json_text(item, "id");
        if (other && id && strcmp(other, alias) == 0 && (!own_id || strcmp(id, own_id) != 0)) return id;
    }
    return NULL;
}

static const dc_reply *alias_taken(const char *id) {
    dc_faults faults = {0};
    dc_out problem = {0};
    dc_put_text(&problem, "is the alias of ");
    dc_put_text(&problem, id);
    dc_put_byte(&problem, '\0');
    dc_faults_add(&faults, "alias", problem.failed ? "is taken" : problem.at);
    return dc_refuse(DC_ERR_ACCOUNT_BAD, "This user has an account of this toolkit with that alias.", &faults);
}

static const dc_reply *already_connected(const plan *p) {
    const cJSON *item;
    dc_faults faults = {0};
    cJSON_ArrayForEach(item, p->siblings) {
        dc_record other;
        if (!dc_record_read(item, &other) || other.status != DC_ACTIVE || strcmp(other.config, p->config.id) != 0)
            continue;
        dc_faults_add(&faults, "connected_account_id", other.id);
    }
    return faults.count ? dc_refuse(DC_ERR_ACCOUNT_CONNECTED, NULL, &faults) : NULL;
}

/* What can be wrong before anything is made; NULL: nothing. */
static const dc_reply *check_plan(const plan *p) {
    const char *scheme = dc_scheme_names[p->config.scheme];
    if (!p->toolkit) return dc_refuse(DC_ERR_TOOLKIT_UNKNOWN, NULL, NULL);
    if (p->config.disabled) return dc_refuse(DC_ERR_CONFIG_DISABLED, NULL, NULL);
    if (dc_scheme_way(p->config.scheme) == DC_WAY_NONE || !dc_scheme_of(p->toolkit, p->config.scheme)) {
        dc_faults faults = {0};
        dc_faults_add(&faults, scheme, "is not run by this service yet");
        return dc_refuse(DC_ERR_NOT_SERVED, NULL, &faults);
    }
    if (!dc_callback_allowed(dc_input_tree(&p->call->in, "project"), p->callback)) {
        dc_faults faults = {0};
        dc_faults_add(&faults, "callback_url", "is not on the project's list of callback_urls");
        return dc_refuse(DC_ERR_ACCOUNT_BAD, NULL, &faults);
    }
    const char *holder = p->alias ? alias_of(p->siblings, p->alias, NULL) : NULL;
    if (holder) return alias_taken(holder);
    return p->single ? already_connected(p) : NULL;
}

static const dc_reply *check_state(const plan *p) {
    dc_span raw;
    dc_faults faults = {0};
    if (dc_scan_member(p->state, "authScheme", &raw) && raw.at[0] == '"' &&
        !dc_span_is((dc_span){raw.at + 1, raw.size - 2}, dc_scheme_names[p->config.scheme])) {
        dc_faults_add(&faults, "connection.state.authScheme", "is not the scheme of the auth config");
    }
    if (p->state.size && !p->val.size) dc_faults_add(&faults, "connection.state.val", "is required");
    if (p->val.size && p->val.at[0] != '{') dc_faults_add(&faults, "connection.state.val", "must be an object");
    return faults.count ? dc_refuse(DC_ERR_ACCOUNT_BAD, NULL, &faults) : NULL;
}

static dc_record new_record(const plan *p) {
    const dc_input *in = &p->call->in;
    const char *slug = dc_json_text(p->toolkit, "slug");
    return (dc_record){
        .id = dc_input_text(in, "id"),
        .user = p->user ? p->user : "default",
        .toolkit = slug ? slug : p->config.toolkit,
        .config = p->config.id,
        .alias = p->alias,
        .word_id = word_id(slug ? slug : "", (uint32_t)dc_input_number(in, "seed", 0)),
        .callback = p->callback,
        .scheme = p->config.scheme,
        .managed = p->config.managed,
        .created = p->call->now,
        .updated = p->call->now,
    };
}

/* The account waits for its user: the link's URL is part of the sealed credential, never of the record. */
static const dc_reply *create_waiting(const plan *p, dc_status status) {
    static const char *const effects[] = {"link", "seal", NULL};
    const char *url = dc_json_text(dc_input_tree(&p->call->in, "link"), "url");
    dc_record r = new_record(p);
    dc_out val = {0}, result = {0};
    r.status = status;
    r.reason = "Waiting for the user to finish the connection.";
    r.link_until = p->call->now + DC_LINK_MS;
    dc_json_open(&val, NULL, '{');
    dc_json_put_text(&val, "redirectUrl", url);
    if (p->callback) dc_json_put_text(&val, "callback_url", p->callback);
    dc_json_close(&val, '}');
    dc_json_open(&result, NULL, '{');
    dc_json_put_text(&result, "redirect_url", url);
    dc_json_close(&result, '}');
    if (val.failed || !url) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    return dc_changed(&r, effects, &result, dc_out_span(&val));
}

/* A credential that came from the outside becomes the account's. */
static const dc_reply *take_credential(dc_record *r, const cJSON *toolkit, dc_span val, bool verify, double now) {
    static const char *const check[] = {"seal", "identify", "verify", NULL}, *const trust[] = {"seal", "identify",
                                                                                               NULL};
    dc_faults faults = {0};
    dc_out copy = {0};
    dc_credential_check(toolkit, r->scheme, val, &faults);
    if (faults.count) return dc_refuse(DC_ERR_ACCOUNT_FIELDS, NULL, &faults);
    if (!dc_credential_copy(&copy, val, &faults)) return dc_refuse(DC_ERR_ACCOUNT_BAD, NULL, &faults);
    if (copy.failed) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    dc_span token;
    r->status = DC_ACTIVE;
    r->reason = NULL;
    r->updated = r->connected = now;
    r->link_until = r->reconnect_until = 0;
    r->credential = true;
    r->identity = r->label = NULL; /* whose the new one is, is asked next */
    r->refreshable =
        r->scheme == DC_OAUTH2 && dc_scan_member(val, "refresh_token", &token) && token.at[0] == '"' && token.size > 2;
    r->expires = r->next_refresh = r->journal = r->failures = 0; /* those were the old credential's */
    r->uncertain = false;
    return dc_changed(r, verify && dc_has_test(toolkit) ? check : trust, NULL, dc_out_span(&copy));
}

static bool make_plan(plan *p, dc_event_call *call) {
    *p = (plan){.call = call};
    p->toolkit = dc_input_tree(&call->in, "toolkit");
    p->siblings = dc_input_tree(&call->in, "siblings");
    if (cJSON_IsNull(p->toolkit)) p->toolkit = NULL;
    return dc_config_read(dc_input_tree(&call->in, "config"), &p->config);
}

const dc_reply *dc_event_create(dc_event_call *call) {
    plan p;
    if (!make_plan(&p, call)) return dc_refuse(DC_ERR_CONFIG_UNKNOWN, NULL, NULL);
    p.user = dc_field_text(call->in.rest, "connection.user_id");
    p.alias = dc_field_text(call->in.rest, "connection.alias");
    p.callback = dc_field_text(call->in.rest, "connection.callback_url");
    p.verify = body_is(call, "validate_credentials", "true");
    p.single = body_is(call, "allow_multiple", "false");
    if (p.alias && !p.alias[0]) p.alias = NULL;
    if (call->in.rest.size) {
        if (!dc_field_find(call->in.rest, "connection.state", &p.state) || p.state.at[0] != '{') p.state.size = 0;
        if (p.state.size && !dc_scan_member(p.state, "val", &p.val)) p.val.size = 0;
    }
    const dc_reply *problem = check_plan(&p);
    if (!problem && p.state.size) problem = check_state(&p);
    if (problem) return problem;
    const dc_way way = dc_scheme_way(p.config.scheme);
    dc_span token;
    const bool given = p.val.size && (way != DC_WAY_CONSENT || dc_scan_member(p.val, "access_token", &token));
    dc_record r = new_record(&p);
    if (way == DC_WAY_NOTHING) return take_credential(&r, p.toolkit, dc_span_of("{}"), p.verify, call->now);
    return given ? take_credential(&r, p.toolkit, p.val, p.verify, call->now) : create_waiting(&p, DC_INITIATED);
}

const dc_reply *dc_event_link(dc_event_call *call) {
    plan p;
    if (!make_plan(&p, call)) return dc_refuse(DC_ERR_CONFIG_UNKNOWN, NULL, NULL);
    p.user = dc_field_text(call->in.rest, "user_id");
    p.alias = dc_field_text(call->in.rest, "alias");
    p.callback = dc_field_text(call->in.rest, "callback_url");
    if (p.alias && !p.alias[0]) p.alias = NULL;
    const dc_reply *problem = check_plan(&p);
    return problem ? problem : create_waiting(&p, DC_INITIALIZING);
}

const dc_reply *dc_event_submit(dc_event_call *call) {
    dc_record *r = &call->record;
    const cJSON *toolkit = dc_input_tree(&call->in, "toolkit");
    const dc_way way = dc_scheme_way(r->scheme);
    dc_out val = {0};
    if (!dc_record_waiting(r) || r->link_until <= call->now) return dc_refuse(DC_ERR_LINK_OVER, NULL, NULL);
    if (dc_config_is_off(&call->in)) return dc_refuse(DC_ERR_CONFIG_DISABLED, NULL, NULL);
    if (way == DC_WAY_CONSENT) return dc_refuse(DC_ERR_ACCOUNT_BAD, "This account needs the provider's consent.", NULL);
    dc_json_open(&val, NULL, '{');
    dc_span rest = call->in.rest, name, value;
    for (dc_form form;
         (form = dc_form_next(&rest, &name, &value)) != DC_FORM_END;) { /* an input has its field's name */
        if (form == DC_FORM_BAD) return dc_refuse(DC_ERR_BAD_REQUEST, "The form could not be read.", NULL);
        if (name.size && value.size) dc_json_put_span(&val, dc_span_copy(name), value);
    }
    dc_json_close(&val, '}');
    if (val.failed) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    return take_credential(r, toolkit, dc_out_span(&val), true, call->now);
}

const dc_reply *dc_event_update(dc_event_call *call) {
    static const char *const no_effects[] = {NULL};
    dc_record *r = &call->record;
    const char *alias = dc_field_text(call->in.rest, "alias");
    dc_span val, token;
    if (alias && alias[0]) {
        const char *holder = alias_of(dc_input_tree(&call->in, "siblings"), alias, r->id);
        if (holder) return alias_taken(holder);
    }
    if (alias) {
        r->alias = alias[0] ? alias : NULL;
        r->updated = call->now;
    }
    if (!call->in.rest.size || !dc_field_find(call->in.rest, "connection.state.val", &val))
        return dc_changed(r, no_effects, NULL, (dc_span){NULL, 0});
    if (r->status != DC_ACTIVE && r->status != DC_EXPIRED) {
        return dc_refuse(DC_ERR_ACCOUNT_BAD, "Only an ACTIVE or EXPIRED account takes a new credential.", NULL);
    }
    if (val.at[0] != '{' || (r->scheme == DC_OAUTH2 && !dc_scan_member(val, "access_token", &token)))
        return dc_refuse(DC_ERR_ACCOUNT_FIELDS, NULL, NULL);
    return take_credential(r, dc_input_tree(&call->in, "toolkit"), val, true, call->now);
}
