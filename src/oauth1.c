/* oauth1.c: the requests and answers of OAuth 1.0a. */
#include "oauth1.h"

#include "health.h"
#include "scan.h"

#include <string.h>

/* Who signs, and what it says about itself. */
typedef struct signer {
    dc_span key, secret;         /* the client's */
    dc_span token, token_secret; /* the account's, or a temporary one; size 0: none yet */
    const char *extra;           /* a further protocol parameter, NULL: none */
    dc_span extra_value;
} signer;

enum { OWN_MOST = 6 };

static dc_span client_part(const dc_grant_call *call, const char *name, const char *otherwise) {
    const dc_span text = dc_client_part(call, name);
    return text.size ? text : dc_client_part(call, otherwise);
}

static dc_span val_part(const dc_grant_call *call, const char *name) {
    const dc_values values = {{call->val}};
    dc_span text;
    return dc_values_find(&values, dc_span_of(name), &text) ? text : (dc_span){NULL, 0};
}

static signer client_of(const dc_grant_call *call) {
    return (signer){.key = client_part(call, "consumer_key", "client_id"),
                    .secret = client_part(call, "consumer_secret", "client_secret")};
}

static signer account_of(const dc_grant_call *call) {
    signer who = client_of(call);
    who.token = val_part(call, "oauth_token");
    who.token_secret = val_part(call, "oauth_token_secret");
    return who;
}

/* The protocol parameters (section 3.1) without the signature. 0: the host gave no time or nonce. */
static uint32_t own_parameters(const dc_grant_call *call, const signer *who, dc_oauth1_pair *own) {
    const double timestamp = dc_input_number(&call->in, "timestamp", 0);
    const char *nonce = dc_input_text(&call->in, "nonce");
    uint32_t count = 0;
    dc_out seconds = {0};
    if (!(timestamp >= 1) || !nonce || !nonce[0]) return 0;
    dc_put_integer(&seconds, timestamp);
    own[count++] = (dc_oauth1_pair){dc_span_of("oauth_consumer_key"), who->key};
    if (who->token.size) own[count++] = (dc_oauth1_pair){dc_span_of("oauth_token"), who->token};
    own[count++] = (dc_oauth1_pair){dc_span_of("oauth_signature_method"), dc_span_of("HMAC-SHA1")};
    own[count++] = (dc_oauth1_pair){dc_span_of("oauth_timestamp"), dc_out_span(&seconds)};
    own[count++] = (dc_oauth1_pair){dc_span_of("oauth_nonce"), dc_span_of(nonce)};
    if (who->extra) own[count++] = (dc_oauth1_pair){dc_span_of(who->extra), who->extra_value};
    return count;
}

/* Section 3.4.2: both secrets, encoded, and the `&` even where there is only one. */
static const dc_reply *to_sign(const signer *who, const dc_out *base) {
    dc_out key = {0}, out = {0}, second = {0};
    dc_put_percent(&key, who->secret);
    dc_put_byte(&key, '&');
    dc_put_percent(&key, who->token_secret);
    dc_json_open(&second, NULL, '{');
    dc_json_put_span(&second, "base", dc_out_span(base));
    dc_json_put_span(&second, "key", dc_out_span(&key));
    dc_json_close(&second, '}');
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "signature_method", "HMAC-SHA1");
    dc_json_put_text(&out, "hash", "SHA-1"); /* as WebCrypto names it */
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, dc_out_span(&second));
}

/* Section 3.5.1. */
static void put_header(dc_call *request, const dc_oauth1_pair *own, uint32_t count, const char *signature) {
    dc_out value = {0};
    for (uint32_t i = 0; i <= count; i++) {
        dc_put_text(&value, i ? ", " : "OAuth ");
        dc_put_percent(&value, i < count ? own[i].name : dc_span_of("oauth_signature"));
        dc_put_text(&value, "=\"");
        dc_put_percent(&value, i < count ? own[i].value : dc_span_of(signature));
        dc_put_byte(&value, '"');
    }
    dc_call_header(request, "authorization", dc_out_span(&value));
}

static const dc_reply *not_signed(dc_oauth1_fault fault, dc_span name) {
    dc_faults faults = {0};
    switch (fault) {
    case DC_OAUTH1_PROTOCOL:
        if (name.size > 64) name = dc_span_of("oauth_...");
        dc_faults_add_span(&faults, name, "is the signature's to say, and nobody else's");
        return dc_refuse(DC_ERR_BAD_REQUEST,
                         "This request cannot be signed: it has a parameter whose name begins with oauth_.", &faults);
    case DC_OAUTH1_MANY:
        return dc_refuse(DC_ERR_BAD_REQUEST, "This request cannot be signed: it has more than 1,000 parameters.", NULL);
    case DC_OAUTH1_SPELLING:
        return dc_refuse(DC_ERR_BAD_REQUEST,
                         "This request cannot be signed: its address, or its form, would be sent in another spelling.",
                         NULL);
    default: return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    }
}

static const dc_reply *sign(const dc_grant_call *call, const signer *who, dc_call *request, const char *method) {
    const char *way = dc_json_text(call->scheme, "signature_method"),
               *signature = dc_input_text(&call->in, "signature");
    dc_oauth1_pair own[OWN_MOST];
    dc_out base = {0};
    dc_span name = {"", 0};
    if (way && strcmp(way, "HMAC-SHA1") != 0)
        return dc_refuse(DC_ERR_NOT_SERVED, "The toolkit wants requests signed in another way than HMAC-SHA1.", NULL);
    if (!who->key.size || !who->secret.size)
        return dc_refuse(DC_ERR_CONFIG_BAD, "The auth config lacks consumer_key or consumer_secret.", NULL);
    const uint32_t count = own_parameters(call, who, own);
    if (!count) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    const dc_oauth1_fault fault = dc_oauth1_base(&base, request, method, own, count, &name);
    if (fault) return not_signed(fault, name);
    if (!signature || !signature[0]) return to_sign(who, &base);
    put_header(request, own, count, signature);
    return dc_call_reply(request, method);
}

bool dc_oauth1_signs(const dc_grant_call *call) {
    const char *in = dc_json_text(dc_json_get(call->scheme, "api_auth"), "in");
    return call->config.scheme == DC_OAUTH1 && in && strcmp(in, "oauth1_signature") == 0;
}

const dc_reply *dc_oauth1_reply(const dc_grant_call *call, dc_call *request, const char *method) {
    const signer who = account_of(call);
    if (!who.token.size || !who.token_secret.size) return dc_refuse(DC_ERR_ACCOUNT_FIELDS, NULL, NULL);
    if (dc_oauth1_gives(call, dc_out_span(&request->target))) {
        dc_faults faults = {0};
        dc_faults_add(&faults, "endpoint", "is where the provider gives credentials; only a connection goes there");
        return dc_refuse(DC_ERR_BAD_REQUEST, NULL, &faults);
    }
    return sign(call, &who, request, method);
}

/* A request for credentials: the URL is the definition's, the body is empty. */
static const dc_reply *ask(const dc_grant_call *call, const signer *who, const char *name) {
    const dc_values values = dc_client_values(call);
    const char *url = dc_json_text(call->scheme, name);
    dc_call request = {0};
    if (!dc_call_address(&request, url, &values))
        return dc_refuse(DC_ERR_CONFIG_BAD,
                         "The provider's address lacks a field, which belongs into the auth config, or is not one of "
                         "https.",
                         NULL);
    return sign(call, who, &request, "POST");
}

const dc_reply *dc_oauth1_temporary(dc_grant_call *call) {
    const char *callback = dc_input_text(&call->in, "callback"), *state = dc_input_text(&call->in, "state");
    signer who = client_of(call);
    dc_call back = {0};
    if (!callback || !callback[0]) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    dc_put_text(&back.target, callback);
    if (state) dc_call_query(&back, "state", dc_span_of(state));
    who.extra = "oauth_callback";
    who.extra_value = dc_out_span(&back.target);
    return ask(call, &who, "request_token_url");
}

const dc_reply *dc_oauth1_authorize(dc_grant_call *call) {
    const dc_values values = dc_client_values(call);
    const char *url = dc_json_text(call->scheme, "authorization_url");
    const dc_span token = val_part(call, "oauth_token");
    dc_call request = {0};
    const cJSON *extra;
    if (!token.size) return dc_refuse(DC_ERR_ACCOUNT_FIELDS, NULL, NULL);
    if (!dc_call_address(&request, url, &values) || memchr(request.target.at, '#', request.target.size))
        return dc_refuse(DC_ERR_CONFIG_BAD, NULL, NULL);
    dc_call_query(&request, "oauth_token", token);
    cJSON_ArrayForEach(extra, dc_json_get(call->scheme, "extra_authorization_params")) {
        if (cJSON_IsString(extra) && strcmp(extra->string, "oauth_token") != 0)
            dc_call_query(&request, extra->string, dc_span_of(extra->valuestring));
    }
    return dc_call_reply(&request, "GET");
}

/* The callback must be about the temporary credential that this account waits for (section 2.2), and not about one for
 * which somebody else had the user's consent, or gave his own. */
const dc_reply *dc_oauth1_token(dc_grant_call *call) {
    const char *token = dc_input_text(&call->in, "oauth_token"), *verifier = dc_input_text(&call->in, "oauth_verifier");
    signer who = account_of(call);
    if (!who.token.size || !who.token_secret.size) return dc_refuse(DC_ERR_ACCOUNT_FIELDS, NULL, NULL);
    if (!verifier || !verifier[0] || !token || !dc_span_is(who.token, token))
        return dc_refuse(DC_ERR_STATE_BAD, NULL, NULL);
    who.extra = "oauth_verifier";
    who.extra_value = dc_span_of(verifier);
    return ask(call, &who, "token_url");
}

/* How providers say no has no standard: `denied` names the temporary credential, others have words for it. */
const dc_reply *dc_oauth1_returned(dc_grant_call *call) {
    const char *token = dc_input_text(&call->in, "oauth_token"), *denied = dc_input_text(&call->in, "denied");
    const char *error = dc_input_text(&call->in, "error"), *more = dc_input_text(&call->in, "error_description");
    const char *verifier = dc_input_text(&call->in, "oauth_verifier");
    const dc_span own = val_part(call, "oauth_token");
    dc_out out = {0};
    if (!error) error = dc_input_text(&call->in, "oauth_problem");
    const bool other = (token && !dc_span_is(own, token)) || (denied && !dc_span_is(own, denied));
    if (!own.size || other) return dc_refuse(DC_ERR_STATE_BAD, NULL, NULL);
    if (!denied && !error && !(token && verifier)) return dc_refuse(DC_ERR_STATE_BAD, NULL, NULL);
    if (!denied && !error) return dc_reply_value(204, NULL, (dc_span){NULL, 0});
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "error", error ? error : "access_denied");
    dc_json_put_text(&out, "error_description", more);
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}

/* The credential to keep, the two members that it is made of first: of an answer that is too large the rest is left out.
 * Of a temporary one nothing else is wanted. What the connection had beside its grant goes along. */
static bool put_credential(dc_out *out, const dc_grant_call *call, dc_span body, bool temporary) {
    static const char *const names[] = {"oauth_token", "oauth_token_secret", NULL};
    const dc_span key = client_part(call, "consumer_key", "client_id");
    dc_span name, value, text;
    dc_out whole = {0}, known = {0};
    dc_json_open(&whole, NULL, '{');
    for (int i = 0; names[i]; i++) dc_json_put_text(&whole, names[i], dc_token_text(body, names[i]));
    if (key.size && !temporary) dc_json_put_span(&whole, "consumer_key", key);
    const dc_span definition = dc_input_raw(&call->in, "toolkit");
    dc_span rest = temporary ? (dc_span){NULL, 0} : dc_credential_facts(call->scheme, definition, body, call->val);
    while (rest.size && dc_scan_next(&rest, &name, &value)) {
        if (!dc_scan_string(name, &text) || dc_word_index(names, text) >= 0 || dc_span_is(text, "consumer_key"))
            continue;
        dc_json_put_member(&whole, name, value);
    }
    dc_json_close(&whole, '}');
    dc_credential_rest(&known, call->val);
    if (whole.failed || !dc_credential_merge(out, dc_out_span(&whole), dc_out_span(&known), NULL) || out->failed)
        return false;
    return dc_token_text(dc_out_span(out), names[0]) && dc_token_text(dc_out_span(out), names[1]);
}

/* Nobody but the client has spoken so far: a provider that says no means the auth config, and not an account. */
static const dc_reply *no_temporary(const dc_grant_call *call, double http, dc_span body) {
    const char *error = dc_token_text(body, "oauth_problem"), *more = dc_token_text(body, "oauth_problem_advice");
    dc_out said = {0}, message = {0};
    if (http < 200 || (http >= 300 && http < 400) || http == 408 || http == 429 || http >= 500)
        return dc_token_refused(call, http, body);
    dc_json_open(&said, NULL, '{');
    dc_said_put(&said, call, error ? error : dc_token_text(body, "error"), more);
    dc_json_close(&said, '}');
    const char *words = said.failed ? NULL : dc_provider_words(dc_json_read(dc_out_span(&said)));
    dc_put_text(&message, "The provider gave the auth config's client no temporary credential");
    dc_put_text(&message, words ? " (" : NULL);
    dc_put_text(&message, words);
    dc_put_text(&message, words ? ")" : NULL);
    dc_put_text(&message, "; check its consumer_key, its consumer_secret and the callback address that is registered.");
    dc_put_byte(&message, '\0');
    return dc_refuse(DC_ERR_CONFIG_BAD, message.failed ? NULL : message.at, NULL);
}

const dc_reply *dc_oauth1_answer(dc_grant_call *call) {
    const double http = dc_input_number(&call->in, "http", 0);
    const dc_span body = dc_token_body(call->in.rest);
    const char *confirmed = dc_token_text(body, "oauth_callback_confirmed");
    const bool temporary = dc_input_true(&call->in, "temporary");
    /* Section 2.1: a provider that does not confirm the callback speaks OAuth 1.0, which can be tricked. */
    const bool fixed = !temporary || (confirmed && strcmp(confirmed, "true") == 0);
    const bool granted = http >= 200 && http < 300 && fixed && dc_token_text(body, "oauth_token") &&
                         dc_token_text(body, "oauth_token_secret");
    dc_out out = {0}, val = {0};
    if (!granted) return temporary ? no_temporary(call, http, body) : dc_consent_refused(call, http, body);
    if (!put_credential(&val, call, body, temporary)) return dc_token_refused(call, http, (dc_span){NULL, 0});
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "outcome", "granted");
    dc_json_put_number(&out, "expires_at", 0);
    dc_json_put_bool(&out, "refreshable", false);
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, dc_out_span(&val));
}

static bool is_method(const char *method) {
    uint32_t i = 0;
    while (method && method[i] >= 'A' && method[i] <= 'Z') i++;
    return i > 0 && !method[i];
}

const dc_reply *dc_oauth1_sign(dc_grant_call *call) {
    const char *method = dc_input_text(&call->in, "method"), *url = dc_input_text(&call->in, "url");
    const char *type = dc_input_text(&call->in, "content_type");
    dc_call request = {0};
    if (!is_method(method) || !url) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    dc_put_text(&request.target, url);
    for (const char *c = type; c && *c; c++) {
        if (*c < ' ' || *c == 0x7F) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL); /* nothing may end the line */
    }
    if (type && type[0]) dc_call_header(&request, "content-type", dc_span_of(type));
    dc_put(&request.body, call->in.rest);
    return dc_oauth1_reply(call, &request, method);
}
