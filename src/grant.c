/* grant.c: the steps of a grant, and the provider's return to our callback (RFC 6749 section 4.1.2, RFC 9207). */
#include "catalog.h"
#include "oauth1.h"
#include "scan.h"

#include <string.h>

bool dc_grant_read(dc_grant_call *call, uint32_t size) {
    if (!dc_input_read(size, &call->in)) return false;
    call->toolkit = dc_input_tree(&call->in, "toolkit");
    call->credentials = dc_input_raw(&call->in, "credentials");
    call->val = dc_input_raw(&call->in, "val");
    call->previous = dc_input_true(&call->in, "previous");
    if (call->credentials.size && call->credentials.at[0] != '{') call->credentials.size = 0;
    if (call->val.size && call->val.at[0] != '{') call->val.size = 0;
    if (!dc_config_read(dc_input_tree(&call->in, "config"), &call->config)) return false;
    call->scheme = dc_scheme_of(call->toolkit, call->config.scheme);
    return call->scheme != NULL;
}

/* Each parameter at most once (RFC 6749 section 3.1): a doubled one is somebody's trick. */
static bool put_parameter(dc_out *out, dc_span name, dc_span value, uint32_t *seen) {
    static const char *const names[] = {"state",       "code",           "iss",    "error",         "error_description",
                                        "oauth_token", "oauth_verifier", "denied", "oauth_problem", NULL};
    const int at = dc_word_index(names, name);
    if (value.size > 8192 || memchr(value.at, 0, value.size)) return false;
    if (at < 0) return true;
    if (*seen & 1U << at) return false;
    *seen |= 1U << at;
    const bool words = strncmp(names[at], "error", 5) == 0 || strcmp(names[at], "oauth_problem") == 0;
    if (value.size && words) { /* anybody can write an address */
        value = dc_said_plain(value);
        if (!value.size) value = dc_span_of("?"); /* an error it is, even so */
    }
    if (value.size) dc_json_put_span(out, names[at], value);
    return true;
}

static const dc_reply *callback(const dc_input *in) {
    dc_span rest = dc_span_of(dc_input_text(in, "query")), name, value;
    uint32_t seen = 0;
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    for (dc_form form; (form = dc_form_next(&rest, &name, &value)) != DC_FORM_END;) {
        if (form == DC_FORM_BAD || !put_parameter(&out, name, value, &seen))
            return dc_refuse(DC_ERR_STATE_BAD, NULL, NULL);
    }
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}

/* A provider that names itself must be the one that the user was sent to (mix-up, RFC 9207). */
static const dc_reply *callback_check(dc_grant_call *call) {
    const char *issuer = dc_json_text(call->scheme, "issuer"), *iss = dc_input_text(&call->in, "iss");
    if (call->config.scheme == DC_OAUTH1) return dc_grant_outcome("temporary"); /* oauth1_returned checks what came */
    if (issuer && (!iss || strcmp(iss, issuer) != 0)) {
        return dc_refuse(DC_ERR_STATE_BAD, "The answer does not come from the provider that was asked.", NULL);
    }
    return dc_reply_value(204, NULL, (dc_span){NULL, 0});
}

const dc_reply *dc_grant_outcome(const char *word) {
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "outcome", word);
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}

static const dc_reply *tested(const dc_input *in) {
    const double http = dc_input_number(in, "http", 0);
    if (http >= 200 && http < 300) return dc_grant_outcome("good");
    return dc_grant_outcome(http >= 400 && http < 500 && http != 408 && http != 429 ? "refused" : "later");
}

/* The credential's members that the toolkit does not call secret, for the masker. */
static const dc_reply *harmless(dc_grant_call *call) {
    dc_out names = {0}, out = {0};
    const cJSON *field;
    cJSON_ArrayForEach(field, dc_json_get(call->scheme, "fields")) {
        const char *name = dc_json_text(field, "name");
        if (!name || !cJSON_IsFalse(dc_json_get(field, "secret"))) continue;
        if (names.size) dc_put_byte(&names, '\n');
        dc_put_text(&names, name);
    }
    dc_json_open(&out, NULL, '{');
    dc_json_put_span(&out, "names", dc_out_span(&names));
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}

/* OAuth 1.0a leaves with a temporary credential, which has to be asked for first: see oauth1.h. */
static const dc_reply *authorize(dc_grant_call *call) {
    return call->config.scheme == DC_OAUTH1 ? dc_grant_outcome("temporary") : dc_oauth_authorize(call);
}

typedef const dc_reply *(*step_handler)(dc_grant_call *call);

typedef struct step_row {
    step_handler handler;
    bool obtains; /* begins or renews a grant: nothing for a disabled auth config, which still takes credentials back */
} step_row;

static const step_row steps[DC_GRANT_COUNT] = {
    [DC_GRANT_authorize] = {authorize, true},
    [DC_GRANT_callback_check] = {callback_check, false},
    [DC_GRANT_exchange] = {dc_oauth_exchange, true},
    [DC_GRANT_token] = {dc_oauth_token, false},
    [DC_GRANT_refresh] = {dc_oauth_refresh, true},
    [DC_GRANT_revoke] = {dc_oauth_revoke, false},
    [DC_GRANT_discard] = {dc_oauth_discard, false},
    [DC_GRANT_identify] = {dc_provider_identify, false},
    [DC_GRANT_identity] = {dc_provider_identity, false},
    [DC_GRANT_test] = {dc_provider_test, false},
    [DC_GRANT_harmless] = {harmless, false},
    [DC_GRANT_client_credentials] = {dc_oauth_client_credentials, true},
    [DC_GRANT_oauth1_temporary] = {dc_oauth1_temporary, true},
    [DC_GRANT_oauth1_authorize] = {dc_oauth1_authorize, true},
    [DC_GRANT_oauth1_returned] = {dc_oauth1_returned, false},
    [DC_GRANT_oauth1_token] = {dc_oauth1_token, true},
    [DC_GRANT_oauth1_answer] = {dc_oauth1_answer, false},
    [DC_GRANT_oauth1_sign] = {dc_oauth1_sign, false},
};

typedef const dc_reply *(*bare_handler)(const dc_input *in);

/* Steps that need no toolkit. */
static const bare_handler bare[DC_GRANT_COUNT] = {
    [DC_GRANT_callback] = callback,
    [DC_GRANT_revoked] = dc_oauth_revoked,
    [DC_GRANT_retry] = dc_oauth_retry,
    [DC_GRANT_tested] = tested,
};

const dc_reply *dc_grant(uint32_t step, double now, uint32_t size) {
    dc_grant_call call = {.now = now};
    if (step >= DC_GRANT_COUNT) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    if (bare[step]) {
        return dc_input_read(size, &call.in) ? bare[step](&call.in) : dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    }
    if (!dc_grant_read(&call, size)) return dc_refuse(DC_ERR_TOOLKIT_UNKNOWN, NULL, NULL);
    if (steps[step].obtains && call.config.disabled) return dc_refuse(DC_ERR_CONFIG_DISABLED, NULL, NULL);
    return steps[step].handler(&call);
}
