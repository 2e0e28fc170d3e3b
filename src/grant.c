/* grant.c: the steps of a grant, and the provider's return to our callback (RFC 6749 section 4.1.2, RFC 9207). */
#include "grant.h"

#include "scan.h"

#include <string.h>

bool dc_grant_read(dc_grant_call *call, uint32_t size) {
    if (!dc_input_read(size, &call->in)) return false;
    call->toolkit = dc_input_tree(&call->in, "toolkit");
    call->credentials = dc_input_raw(&call->in, "credentials");
    call->val = dc_input_raw(&call->in, "val");
    if (call->credentials.size && call->credentials.at[0] != '{') call->credentials.size = 0;
    if (call->val.size && call->val.at[0] != '{') call->val.size = 0;
    if (!dc_config_read(dc_input_tree(&call->in, "config"), &call->config)) return false;
    call->scheme = dc_scheme_of(call->toolkit, call->config.scheme);
    return call->scheme != NULL;
}

/* Each parameter at most once (RFC 6749 section 3.1): a doubled one is somebody's trick. */
static bool put_parameter(dc_out *out, dc_span pair, uint32_t *seen) {
    static const char *const names[] = {"state", "code", "iss", "error", "error_description"};
    const char *equals = pair.size ? memchr(pair.at, '=', pair.size) : NULL;
    const uint32_t size = equals ? (uint32_t)(equals - pair.at) : pair.size;
    const dc_span raw = equals ? (dc_span){equals + 1, pair.size - size - 1} : (dc_span){pair.at, 0};
    dc_span name, value;
    if (!dc_percent_decode((dc_span){pair.at, size}, true, &name) || !dc_percent_decode(raw, true, &value))
        return false;
    if (!dc_utf8_valid(value) || value.size > 8192 || (value.size && memchr(value.at, 0, value.size))) return false;
    for (uint32_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (!dc_span_is(name, names[i])) continue;
        if (*seen & 1U << i) return false;
        *seen |= 1U << i;
        if (value.size) dc_json_put_span(out, names[i], value);
    }
    return true;
}

static const dc_reply *callback(const dc_input *in) {
    dc_span rest = dc_span_of(dc_input_text(in, "query"));
    uint32_t seen = 0;
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    while (rest.size) {
        const char *amp = memchr(rest.at, '&', rest.size);
        const uint32_t size = amp ? (uint32_t)(amp - rest.at) : rest.size;
        if (!put_parameter(&out, (dc_span){rest.at, size}, &seen)) return dc_refuse(DC_ERR_STATE_BAD, NULL, NULL);
        rest = amp ? (dc_span){amp + 1, rest.size - size - 1} : (dc_span){NULL, 0};
    }
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}

/* A provider that names itself must be the one that the user was sent to (mix-up, RFC 9207). */
static const dc_reply *callback_check(dc_grant_call *call) {
    const char *issuer = dc_json_text(call->scheme, "issuer"), *iss = dc_input_text(&call->in, "iss");
    if (issuer && (!iss || strcmp(iss, issuer) != 0)) {
        return dc_refuse(DC_ERR_STATE_BAD, "The answer does not come from the provider that was asked.", NULL);
    }
    return dc_reply_value(204, NULL, (dc_span){NULL, 0});
}

static const dc_reply *outcome(const char *word) {
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "outcome", word);
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}

/* RFC 7009 section 2.2: 200, also for a token that is not known any more. Some providers answer 400 or 404 for
 * that; whatever else they say means that the token may still live. */
static const dc_reply *revoked(const dc_input *in) {
    static const char *const gone[] = {"invalid_token", "invalid_grant", "token_revoked", "token_not_found", NULL};
    const double http = dc_input_number(in, "http", 0);
    const cJSON *body = in->rest.size ? dc_json_read(in->rest) : NULL;
    const char *error = dc_json_text(body, "error");
    const bool unknown = http == 404 || (http == 400 && error && dc_word_index(gone, dc_span_of(error)) >= 0);
    return outcome((http >= 200 && http < 300) || unknown ? "revoked" : "pending");
}

static const dc_reply *tested(const dc_input *in) {
    const double http = dc_input_number(in, "http", 0);
    if (http >= 200 && http < 300) return outcome("good");
    return outcome(http >= 400 && http < 500 && http != 408 && http != 429 ? "refused" : "later");
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

typedef const dc_reply *(*step_handler)(dc_grant_call *call);

static const step_handler handlers[DC_GRANT_COUNT] = {
    [DC_GRANT_authorize] = dc_oauth_authorize,  [DC_GRANT_callback_check] = callback_check,
    [DC_GRANT_exchange] = dc_oauth_exchange,    [DC_GRANT_token] = dc_oauth_token,
    [DC_GRANT_refresh] = dc_oauth_refresh,      [DC_GRANT_revoke] = dc_oauth_revoke,
    [DC_GRANT_identify] = dc_provider_identify, [DC_GRANT_identity] = dc_provider_identity,
    [DC_GRANT_test] = dc_provider_test,         [DC_GRANT_harmless] = harmless,
};

typedef const dc_reply *(*bare_handler)(const dc_input *in);

/* Steps that need no toolkit. */
static const bare_handler bare[DC_GRANT_COUNT] = {
    [DC_GRANT_callback] = callback,
    [DC_GRANT_revoked] = revoked,
    [DC_GRANT_tested] = tested,
};

const dc_reply *dc_grant(uint32_t step, double now, uint32_t size) {
    dc_grant_call call = {.now = now};
    if (step >= DC_GRANT_COUNT) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    if (bare[step]) {
        return dc_input_read(size, &call.in) ? bare[step](&call.in) : dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    }
    if (!dc_grant_read(&call, size)) return dc_refuse(DC_ERR_TOOLKIT_UNKNOWN, NULL, NULL);
    /* A disabled auth config begins, ends and renews no grant; it still takes credentials back. */
    const bool obtains = step == DC_GRANT_authorize || step == DC_GRANT_exchange || step == DC_GRANT_refresh;
    if (obtains && call.config.disabled) return dc_refuse(DC_ERR_CONFIG_DISABLED, NULL, NULL);
    return handlers[step](&call);
}
