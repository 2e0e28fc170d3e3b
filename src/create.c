/* create.c: new accounts, by link or with a credential. */
#include "change.h"
#include "fields.h"
#include "scan.h"
#include "verifier.h"

#include <string.h>

/* What a new account is made of. */
typedef struct plan {
    dc_event_call *call;
    const cJSON *toolkit, *siblings;
    dc_config config;
    const char *user, *alias, *callback, *verifier;
    dc_span state, val; /* as the caller sent them; size 0: not at all */
    bool verify, single;
} plan;

/* "Readable id" of an account: two words and a number, drawn from the host's random one. */
static const char *word_id_of(const char *toolkit, uint32_t seed) {
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

/* The user's accounts of a toolkit do not share one. */
static const char *word_id(const cJSON *siblings, const char *toolkit, uint32_t seed) {
    enum { TRIES = 8 };
    const char *id = word_id_of(toolkit, seed);
    for (int i = 0; i < TRIES && id && dc_holder_of(siblings, "word_id", id, NULL); i++) {
        seed = seed * 1664525U + 1013904223U;
        id = word_id_of(toolkit, seed >> 8);
    }
    return id;
}

const dc_reply *dc_scheme_unserved(dc_scheme scheme) {
    dc_faults faults = {0};
    dc_faults_add(&faults, dc_scheme_names[scheme], "is not run by this service yet");
    return dc_refuse(DC_ERR_NOT_SERVED, NULL, &faults);
}

/* What can be wrong before anything is made; NULL: nothing. */
static const dc_reply *check_plan(const plan *p) {
    if (!p->toolkit) return dc_refuse(DC_ERR_TOOLKIT_UNKNOWN, NULL, NULL);
    if (p->config.disabled) return dc_refuse(DC_ERR_CONFIG_DISABLED, NULL, NULL);
    if (dc_scheme_way(p->config.scheme) == DC_WAY_NONE || !dc_scheme_of(p->toolkit, p->config.scheme))
        return dc_scheme_unserved(p->config.scheme);
    if (!dc_callback_allowed(dc_input_tree(&p->call->in, "project"), p->callback)) {
        dc_faults faults = {0};
        dc_faults_add(&faults, "callback_url", "is not on the project's list of callback_urls");
        return dc_refuse(DC_ERR_ACCOUNT_BAD, NULL, &faults);
    }
    const dc_reply *hash = dc_verifier_objection(p->verifier);
    if (hash) return hash;
    const dc_reply *taken = dc_alias_objection(p->siblings, p->alias, NULL);
    if (taken || !p->single) return taken;
    return dc_already_connected(p->siblings, p->config.id, NULL);
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
        .word_id = word_id(p->siblings, slug ? slug : "", (uint32_t)dc_input_number(in, "seed", 0)),
        .callback = p->callback,
        .verifier = p->verifier,
        .proved = p->verifier != NULL,
        .scheme = p->config.scheme,
        .managed = p->config.managed,
        .single = p->single,
        .created = p->call->now,
        .updated = p->call->now,
    };
}

void dc_put_way(dc_out *val, dc_scheme scheme, const char *url, const char *callback) {
    const bool oauth1 = scheme == DC_OAUTH1;
    dc_json_put_text(val, "redirectUrl", url);
    if (oauth1) dc_json_put_text(val, "authUri", url);
    if (callback) dc_json_put_text(val, oauth1 ? "callbackUrl" : "callback_url", callback);
}

/* The account waits for its user: the link's URL is part of the sealed credential, never of the record. What the
 * caller knows of the connection already (a subdomain, a tenant) is kept beside it. */
static const dc_reply *create_waiting(const plan *p, dc_status status) {
    static const char *const effects[] = {"link", "seal", NULL};
    const char *url = dc_json_text(dc_input_tree(&p->call->in, "link"), "url");
    dc_record r = new_record(p);
    dc_out val = {0}, known = {0}, both = {0}, result = {0};
    dc_faults faults = {0};
    if (p->val.size && !dc_credential_copy(&known, p->val, &faults))
        return dc_refuse(DC_ERR_ACCOUNT_BAD, NULL, &faults);
    r.status = status;
    r.reason = "Waiting for the user to finish the connection.";
    r.link_until = p->call->now + DC_LINK_MS;
    dc_json_open(&val, NULL, '{');
    /* Who began a connection that is to be confirmed must not learn where it ends (README, forwarded links). */
    dc_put_way(&val, r.scheme, url, p->verifier ? NULL : p->callback);
    dc_json_close(&val, '}');
    dc_json_open(&result, NULL, '{');
    dc_json_put_text(&result, "redirect_url", url);
    dc_json_close(&result, '}');
    if (val.failed || !url || !dc_credential_merge(&both, dc_out_span(&val), dc_out_span(&known), NULL))
        return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    return dc_changed(&r, effects, &result, dc_out_span(&both));
}

static bool make_plan(plan *p, dc_event_call *call) {
    *p = (plan){.call = call};
    p->toolkit = dc_input_tree(&call->in, "toolkit");
    p->siblings = dc_input_tree(&call->in, "siblings");
    if (cJSON_IsNull(p->toolkit)) p->toolkit = NULL;
    return dc_config_read(dc_input_tree(&call->in, "config"), &p->config);
}

/* What the plan comes to, by the way in which the scheme's credential comes. */
static const dc_reply *make(const plan *p) {
    dc_record r = new_record(p);
    const dc_way way = dc_scheme_way(r.scheme);
    const cJSON *identity = dc_input_tree(&p->call->in, "identity");
    dc_taken taken = {p->toolkit, p->val, identity, p->verify, p->call->now};
    const bool given = p->val.size && (way != DC_WAY_CONSENT || dc_credential_brought(r.scheme, p->val));
    if (!given && (way == DC_WAY_CONSENT || way == DC_WAY_TYPED)) return create_waiting(p, DC_INITIATED);
    if (p->verifier) return dc_verifier_needs_link();
    if (!given) taken.val = dc_span_of("{}");
    if (way != DC_WAY_CLIENT) return dc_take_credential(&r, &taken);
    /* Nobody is asked, but the provider: until it has answered, the account is one that waits. */
    r.status = DC_INITIATED;
    r.link_until = p->call->now + DC_LINK_MS;
    return dc_obtain(&r, &taken);
}

const dc_reply *dc_event_create(dc_event_call *call) {
    plan p;
    if (!make_plan(&p, call)) return dc_refuse(DC_ERR_CONFIG_UNKNOWN, NULL, NULL);
    p.user = dc_field_text(call->in.rest, "connection.user_id");
    p.alias = dc_field_text(call->in.rest, "connection.alias");
    p.callback = dc_field_text(call->in.rest, "connection.callback_url");
    p.verifier = dc_field_text(call->in.rest, "verifier_hash");
    p.verify = dc_body_is(call, "validate_credentials", "true");
    p.single = dc_body_is(call, "allow_multiple", "false");
    if (p.alias && !p.alias[0]) p.alias = NULL;
    if (call->in.rest.size) {
        if (!dc_field_find(call->in.rest, "connection.state", &p.state) || p.state.at[0] != '{') p.state.size = 0;
        if (p.state.size && !dc_scan_member(p.state, "val", &p.val)) p.val.size = 0;
    }
    const dc_reply *problem = check_plan(&p);
    if (!problem && p.state.size) problem = dc_state_objection(p.state, p.config.scheme);
    if (problem) return problem;
    return make(&p);
}

const dc_reply *dc_event_link(dc_event_call *call) {
    plan p;
    if (!make_plan(&p, call)) return dc_refuse(DC_ERR_CONFIG_UNKNOWN, NULL, NULL);
    p.user = dc_field_text(call->in.rest, "user_id");
    p.alias = dc_field_text(call->in.rest, "alias");
    p.callback = dc_field_text(call->in.rest, "callback_url");
    p.verifier = dc_field_text(call->in.rest, "verifier_hash");
    if (p.alias && !p.alias[0]) p.alias = NULL;
    const dc_reply *problem = check_plan(&p);
    return problem ? problem : create_waiting(&p, DC_INITIALIZING);
}
