/* oauth.c: OAuth 2 requests: authorization (RFC 6749 section 4.1.1, RFC 7636), token (4.1.3, 6), revocation
 * (RFC 7009). */
#include "grant.h"
#include "scan.h"

#include <string.h>

/* A body in the making: form-encoded, or JSON where the provider wants that. */
typedef struct body {
    dc_out *out;
    bool json;
} body;

static body body_open(dc_call *call, bool json) {
    dc_call_header(call, "content-type", dc_span_of(json ? "application/json" : "application/x-www-form-urlencoded"));
    if (json) dc_json_open(&call->body, NULL, '{');
    return (body){&call->body, json};
}

static void body_put(const body *b, const char *name, dc_span value) {
    if (b->json) {
        dc_json_put_span(b->out, name, value);
        return;
    }
    if (b->out->size) dc_put_byte(b->out, '&');
    dc_put_percent(b->out, dc_span_of(name));
    dc_put_byte(b->out, '=');
    dc_put_percent(b->out, value);
}

static void body_close(const body *b) {
    if (b->json) dc_json_close(b->out, '}');
}

static dc_span client_part(const dc_grant_call *call, const char *name) {
    const dc_values values = {{call->credentials}};
    dc_span text = {NULL, 0};
    return dc_values_find(&values, dc_span_of(name), &text) ? text : (dc_span){NULL, 0};
}

/* Id and secret in the header (RFC 6749 section 2.3.1: form-encoded each). False: there is no secret. */
static bool put_basic(dc_call *call, const dc_grant_call *grant) {
    const dc_span secret = client_part(grant, "client_secret");
    if (!secret.size) return false;
    dc_out pair = {0}, value = {0};
    dc_put_percent(&pair, client_part(grant, "client_id"));
    dc_put_byte(&pair, ':');
    dc_put_percent(&pair, secret);
    dc_put_text(&value, "Basic ");
    dc_put_base64(&value, dc_out_span(&pair));
    dc_call_header(call, "authorization", dc_out_span(&value));
    return true;
}

bool dc_client_header(dc_call *call, const dc_grant_call *grant) {
    const char *way = dc_json_text(grant->scheme, "client_auth");
    const bool body = way && (strcmp(way, "client_secret_post") == 0 || strcmp(way, "none") == 0);
    return !body && put_basic(call, grant);
}

static void put_client(const body *b, const dc_grant_call *grant) {
    const char *way = dc_json_text(grant->scheme, "client_auth");
    const dc_span secret = client_part(grant, "client_secret");
    body_put(b, "client_id", client_part(grant, "client_id"));
    if (secret.size && !(way && strcmp(way, "none") == 0)) body_put(b, "client_secret", secret);
}

static bool pkce(const dc_grant_call *call) {
    const char *way = dc_json_text(call->scheme, "pkce");
    return !way || strcmp(way, "unsupported") != 0;
}

dc_span dc_grant_scopes(const dc_grant_call *call) {
    dc_span raw;
    if (call->credentials.size && dc_scan_member(call->credentials, "scopes", &raw) && !dc_span_is(raw, "null"))
        return raw;
    dc_out out = {0};
    const cJSON *scopes = dc_json_get(call->scheme, "default_scopes");
    if (!scopes) return (dc_span){NULL, 0};
    dc_json_put_tree(&out, NULL, scopes);
    return out.failed ? (dc_span){NULL, 0} : dc_out_span(&out);
}

dc_span dc_scope_text(dc_span raw) {
    dc_span text, item;
    dc_out out = {0};
    if (raw.size && raw.at[0] == '"') return dc_scan_string(raw, &text) ? text : (dc_span){NULL, 0};
    while (raw.size && dc_scan_item(&raw, &item)) {
        if (!dc_scan_string(item, &text)) continue;
        dc_put_byte(&out, ' ');
        dc_put(&out, text);
    }
    return out.size && !out.failed ? dc_out_span(&out) : (dc_span){NULL, 0};
}

static bool separates(char c) {
    return c == ' ' || c == ',' || c == '\t' || c == '\r' || c == '\n';
}

bool dc_scope_next(dc_span *rest, dc_span *scope) {
    uint32_t from = 0;
    while (from < rest->size && separates(rest->at[from])) from++;
    uint32_t end = from;
    while (end < rest->size && !separates(rest->at[end])) end++;
    *scope = (dc_span){rest->at + from, end - from};
    *rest = (dc_span){rest->at + end, rest->size - end};
    return scope->size > 0;
}

static void query_scopes(dc_call *request, const dc_grant_call *call) {
    const char *separator = dc_json_text(call->scheme, "scope_separator");
    dc_span rest = dc_scope_text(dc_grant_scopes(call)), scope;
    dc_out joined = {0};
    while (rest.size && dc_scope_next(&rest, &scope)) {
        if (joined.size) dc_put_text(&joined, separator && separator[0] ? separator : " ");
        dc_put(&joined, scope);
    }
    if (joined.size) dc_call_query(request, "scope", dc_out_span(&joined));
}

/* Addresses that the client's secret is sent to are filled from the auth config first: whoever may only change an
 * account's credential must not choose where the secret goes. */
static dc_values client_first(const dc_grant_call *call) {
    return (dc_values){{call->credentials, call->val}};
}

const dc_reply *dc_oauth_authorize(dc_grant_call *call) {
    const dc_values values = client_first(call);
    const char *url = dc_json_text(call->scheme, "authorization_url");
    const char *state = dc_input_text(&call->in, "state"), *challenge = dc_input_text(&call->in, "challenge");
    const char *redirect = dc_input_text(&call->in, "redirect_uri");
    dc_call request = {0};
    const cJSON *extra;
    if (!url || !state || !redirect || (pkce(call) && !challenge)) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    if (!dc_template_put(&request.target, url, &values, DC_IN_URL, NULL))
        return dc_refuse(DC_ERR_CONFIG_BAD, "The provider's address lacks a field of the connection.", NULL);
    dc_call_query(&request, "response_type", dc_span_of("code"));
    dc_call_query(&request, "client_id", client_part(call, "client_id"));
    dc_call_query(&request, "redirect_uri", dc_span_of(redirect));
    query_scopes(&request, call);
    dc_call_query(&request, "state", dc_span_of(state));
    if (pkce(call)) {
        dc_call_query(&request, "code_challenge", dc_span_of(challenge));
        dc_call_query(&request, "code_challenge_method", dc_span_of("S256"));
    }
    cJSON_ArrayForEach(extra, dc_json_get(call->scheme, "extra_authorization_params")) {
        if (cJSON_IsString(extra)) dc_call_query(&request, extra->string, dc_span_of(extra->valuestring));
    }
    return dc_call_reply(&request, "GET");
}

/* The token endpoint, up to the grant's own parameters. */
static bool token_open(dc_call *request, body *b, const dc_grant_call *call, const char *url) {
    const dc_values values = client_first(call);
    const char *format = dc_json_text(call->scheme, "token_request_format");
    if (!url || !dc_template_put(&request->target, url, &values, DC_IN_URL, NULL)) return false;
    dc_call_header(request, "accept", dc_span_of("application/json"));
    if (!dc_call_headers(request, dc_json_get(call->scheme, "extra_token_headers"), &values)) return false;
    const bool header = dc_client_header(request, call);
    *b = body_open(request, format && strcmp(format, "json") == 0);
    if (!header) put_client(b, call);
    return true;
}

static const dc_reply *token_close(const dc_call *request, const body *b, const dc_grant_call *call) {
    const cJSON *extra;
    cJSON_ArrayForEach(extra, dc_json_get(call->scheme, "extra_token_params")) {
        if (cJSON_IsString(extra)) body_put(b, extra->string, dc_span_of(extra->valuestring));
    }
    body_close(b);
    return dc_call_reply(request, "POST");
}

const dc_reply *dc_oauth_exchange(dc_grant_call *call) {
    const char *code = dc_input_text(&call->in, "code"), *verifier = dc_input_text(&call->in, "verifier");
    const char *redirect = dc_input_text(&call->in, "redirect_uri");
    dc_call request = {0};
    body b;
    if (!code || !redirect || !token_open(&request, &b, call, dc_json_text(call->scheme, "token_url")))
        return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    body_put(&b, "grant_type", dc_span_of("authorization_code"));
    body_put(&b, "code", dc_span_of(code));
    body_put(&b, "redirect_uri", dc_span_of(redirect));
    if (pkce(call) && verifier) body_put(&b, "code_verifier", dc_span_of(verifier));
    return token_close(&request, &b, call);
}

const dc_reply *dc_oauth_refresh(dc_grant_call *call) {
    const dc_values values = {{call->val}};
    const char *url = dc_json_text(call->scheme, "refresh_url");
    const char *redirect = dc_input_text(&call->in, "redirect_uri");
    dc_span token;
    dc_call request = {0};
    body b;
    if (!dc_values_find(&values, dc_span_of("refresh_token"), &token))
        return dc_refuse(DC_ERR_ACCOUNT_BAD, "The account has no refresh token.", NULL);
    if (!token_open(&request, &b, call, url ? url : dc_json_text(call->scheme, "token_url")))
        return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    body_put(&b, "grant_type", dc_span_of("refresh_token"));
    body_put(&b, "refresh_token", token);
    if (redirect && dc_json_true(call->scheme, "refresh_needs_redirect_uri"))
        body_put(&b, "redirect_uri", dc_span_of(redirect));
    return token_close(&request, &b, call);
}

/* Which token a revocation names: the refresh token where the toolkit says so and there is one. */
static dc_span token_to_send(const dc_grant_call *call, const cJSON *revocation) {
    const dc_values values = {{call->val}};
    const char *which = dc_json_text(revocation, "token_to_send");
    const bool refresh = which && strncmp(which, "refresh_token", 13) == 0;
    dc_span token = {NULL, 0};
    if (refresh && dc_values_find(&values, dc_span_of("refresh_token"), &token)) return token;
    if (dc_values_find(&values, dc_span_of("access_token"), &token)) return token;
    return dc_values_find(&values, dc_span_of("token"), &token) ? token : (dc_span){NULL, 0}; /* BEARER_TOKEN */
}

static const dc_reply *nothing_to_do(const char *outcome) {
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "outcome", outcome);
    dc_json_close(&out, '}');
    return dc_reply_value(204, &out, (dc_span){NULL, 0});
}

/* How the toolkit's revocation endpoint wants to be asked. False: a way that is not known here, so nothing is sent:
 * an unauthenticated request would be refused and the tokens would live on. */
static bool revoke_authorize(dc_call *request, const dc_grant_call *call, const char *auth, dc_span token) {
    if (!auth || strncmp(auth, "client_id and client_secret in", 30) == 0 || strncmp(auth, "none", 4) == 0 ||
        strncmp(auth, "key and token query", 19) == 0)
        return true;
    if (strncmp(auth, "Basic", 5) == 0) return put_basic(request, call);
    if (strncmp(auth, "Bearer", 6) != 0) return false;
    dc_out value = {0};
    dc_put_text(&value, "Bearer ");
    dc_put(&value, token);
    for (uint32_t i = 0; i < token.size; i++) {
        if (token.at[i] <= ' ' || token.at[i] >= 0x7F) return false; /* nothing may end the line */
    }
    dc_call_header(request, "authorization", dc_out_span(&value));
    return !value.failed;
}

const dc_reply *dc_oauth_revoke(dc_grant_call *call) {
    const cJSON *revocation = dc_json_get(call->scheme, "revocation"), *item;
    const char *url = dc_json_text(revocation, "url"), *method = dc_json_text(revocation, "method");
    const char *type = dc_json_text(revocation, "content_type"), *which = dc_json_text(revocation, "token_to_send");
    const dc_span token = token_to_send(call, revocation);
    dc_out named = {0};
    dc_call request = {0};
    if (!token.size) return nothing_to_do("none");
    if (!url) return nothing_to_do("unsupported");
    dc_json_open(&named, NULL, '{');
    dc_json_put_span(&named, "token", token);
    /* Without a refresh token the access token stands in for it where the toolkit says that it may. */
    if (which && strstr(which, "or access_token")) dc_json_put_span(&named, "refresh_token", token);
    dc_json_close(&named, '}');
    const dc_values values = {{dc_out_span(&named), call->credentials, call->val}};
    if (!dc_template_put(&request.target, url, &values, DC_IN_URL, NULL)) return nothing_to_do("unsupported");
    if (!revoke_authorize(&request, call, dc_json_text(revocation, "auth"), token) ||
        !dc_call_headers(&request, dc_json_get(revocation, "headers"), &values))
        return nothing_to_do("unsupported");
    cJSON_ArrayForEach(item, dc_json_get(revocation, "query")) {
        dc_out text = {0};
        if (!cJSON_IsString(item) || !dc_template_put(&text, item->valuestring, &values, DC_IN_TEXT, NULL))
            return nothing_to_do("unsupported");
        dc_call_query(&request, item->string, dc_out_span(&text));
    }
    const cJSON *members = dc_json_get(revocation, "body");
    if (cJSON_GetArraySize(members)) {
        const body b = body_open(&request, type && strstr(type, "json"));
        cJSON_ArrayForEach(item, members) {
            dc_out text = {0};
            if (!cJSON_IsString(item) || !dc_template_put(&text, item->valuestring, &values, DC_IN_TEXT, NULL))
                return nothing_to_do("unsupported"); /* half a request would be refused, or worse, taken */
            body_put(&b, item->string, dc_out_span(&text));
        }
        body_close(&b);
    }
    return dc_call_reply(&request, method ? method : "POST");
}
