/* oauth.c: OAuth 2 requests: authorization (RFC 6749 section 4.1.1, RFC 7636), token (4.1.3, 4.4.2, 6). */
#include "grant.h"
#include "scan.h"

#include <string.h>

dc_body dc_body_open(dc_call *call, bool json) {
    dc_call_header(call, "content-type", dc_span_of(json ? "application/json" : "application/x-www-form-urlencoded"));
    if (json) dc_json_open(&call->body, NULL, '{');
    return (dc_body){&call->body, json};
}

void dc_body_put(const dc_body *body, const char *name, dc_span value) {
    if (body->json) dc_json_put_span(body->out, name, value);
    else dc_form_put(body->out, name, value);
}

void dc_body_close(const dc_body *body) {
    if (body->json) dc_json_close(body->out, '}');
}

dc_span dc_client_part(const dc_grant_call *call, const char *name) {
    const dc_values values = {{call->credentials}};
    dc_span text = {NULL, 0};
    if (call->previous && strcmp(name, "client_secret") == 0) name = DC_PREVIOUS_SECRET;
    return dc_values_find(&values, dc_span_of(name), &text) ? text : (dc_span){NULL, 0};
}

bool dc_client_other_secret(const dc_grant_call *call) {
    return !call->previous && call->config.overlap > call->now && dc_client_part(call, DC_PREVIOUS_SECRET).size;
}

bool dc_client_basic(dc_call *call, const dc_grant_call *grant) {
    const dc_span secret = dc_client_part(grant, "client_secret");
    if (!secret.size) return false;
    dc_out pair = {0}, value = {0};
    dc_put_percent(&pair, dc_client_part(grant, "client_id"));
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
    return !body && dc_client_basic(call, grant);
}

static void put_client(const dc_body *b, const dc_grant_call *grant) {
    const char *way = dc_json_text(grant->scheme, "client_auth");
    const dc_span secret = dc_client_part(grant, "client_secret");
    dc_body_put(b, "client_id", dc_client_part(grant, "client_id"));
    if (secret.size && !(way && strcmp(way, "none") == 0)) dc_body_put(b, "client_secret", secret);
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

/* The scopes as the provider wants them written; size 0: none. */
static dc_span joined_scopes(const dc_grant_call *call) {
    const char *separator = dc_json_text(call->scheme, "scope_separator");
    dc_span rest = dc_scope_text(dc_grant_scopes(call)), scope;
    dc_out joined = {0};
    while (rest.size && dc_scope_next(&rest, &scope)) {
        if (joined.size) dc_put_text(&joined, separator && separator[0] ? separator : " ");
        dc_put(&joined, scope);
    }
    return dc_out_span(&joined);
}

dc_values dc_client_values(const dc_grant_call *call) {
    return (dc_values){{call->credentials, call->val}, .hosts = 1};
}

/* Is this definition's address one on this machine? Its host is written out, or it would be somebody else's choice. */
static bool is_local(const char *url) {
    if (strncmp(url, "http://", 7) != 0) return false;
    const char *host = url + 7;
    const size_t whole = strcspn(host, "/?#"), size = host[0] == '[' ? 5 : strcspn(host, ":/?#");
    for (size_t i = 0; i < whole; i++) {
        if (strchr("@{\\%", host[i])) return false;
    }
    if (strncmp(host, "[::1]", 5) == 0) return whole == size || host[size] == ':';
    if (size >= 9 && strncmp(host + size - 9, "localhost", 9) == 0) return size == 9 || host[size - 10] == '.';
    return strncmp(host, "127.", 4) == 0 && strspn(host, ".0123456789") == size;
}

bool dc_call_address(dc_call *call, const char *url, const dc_values *values) {
    if (!url || !dc_template_put(&call->target, url, values, DC_IN_URL)) return false;
    return dc_span_starts(dc_out_span(&call->target), "https://") || is_local(url);
}

static const char no_address[] =
    "The provider's address lacks a field, which belongs into the auth config, or is not one "
    "of https.";

/* What the request says itself, no definition says otherwise. */
static bool is_own(const char *name) {
    static const char *const own[] = {"response_type",         "client_id", "redirect_uri", "state", "code_challenge",
                                      "code_challenge_method", NULL};
    return dc_word_index(own, dc_span_of(name)) >= 0;
}

const dc_reply *dc_oauth_authorize(dc_grant_call *call) {
    const dc_values values = dc_client_values(call);
    const char *url = dc_json_text(call->scheme, "authorization_url");
    const char *state = dc_input_text(&call->in, "state"), *challenge = dc_input_text(&call->in, "challenge");
    const char *redirect = dc_input_text(&call->in, "redirect_uri");
    const char *parameter = dc_json_text(call->scheme, "scope_parameter");
    const dc_span scopes = joined_scopes(call), client = dc_client_part(call, "client_id");
    dc_call request = {0};
    const cJSON *extra;
    if (!url || !state || !redirect || (pkce(call) && !challenge)) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    if (!client.size) return dc_refuse(DC_ERR_CONFIG_BAD, "The auth config lacks client_id.", NULL);
    /* Behind a fragment the query would not be one (RFC 6749 section 3.1). */
    if (!dc_call_address(&request, url, &values) || memchr(request.target.at, '#', request.target.size))
        return dc_refuse(DC_ERR_CONFIG_BAD, no_address, NULL);
    dc_call_query(&request, "response_type", dc_span_of("code"));
    dc_call_query(&request, "client_id", client);
    dc_call_query(&request, "redirect_uri", dc_span_of(redirect));
    if (scopes.size) dc_call_query(&request, parameter ? parameter : "scope", scopes);
    dc_call_query(&request, "state", dc_span_of(state));
    if (pkce(call)) {
        dc_call_query(&request, "code_challenge", dc_span_of(challenge));
        dc_call_query(&request, "code_challenge_method", dc_span_of("S256"));
    }
    cJSON_ArrayForEach(extra, dc_json_get(call->scheme, "extra_authorization_params")) {
        if (cJSON_IsString(extra) && !is_own(extra->string))
            dc_call_query(&request, extra->string, dc_span_of(extra->valuestring));
    }
    return dc_call_reply(&request, "GET");
}

/* The token endpoint, up to the grant's own parameters. */
static bool token_open(dc_call *request, dc_body *b, const dc_grant_call *call, const char *url) {
    const dc_values values = dc_client_values(call);
    const char *format = dc_json_text(call->scheme, "token_request_format");
    if (!dc_call_address(request, url, &values)) return false;
    dc_call_header(request, "accept", dc_span_of("application/json"));
    if (!dc_call_headers(request, dc_json_get(call->scheme, "extra_token_headers"), &values)) return false;
    const bool header = dc_client_header(request, call);
    *b = dc_body_open(request, format && strcmp(format, "json") == 0);
    if (!header) put_client(b, call);
    return true;
}

static const dc_reply *token_close(const dc_call *request, const dc_body *b, const dc_grant_call *call) {
    const cJSON *extra;
    cJSON_ArrayForEach(extra, dc_json_get(call->scheme, "extra_token_params")) {
        if (cJSON_IsString(extra)) dc_body_put(b, extra->string, dc_span_of(extra->valuestring));
    }
    dc_body_close(b);
    return dc_call_reply(request, "POST");
}

const dc_reply *dc_oauth_exchange(dc_grant_call *call) {
    const char *code = dc_input_text(&call->in, "code"), *verifier = dc_input_text(&call->in, "verifier");
    const char *redirect = dc_input_text(&call->in, "redirect_uri");
    dc_call request = {0};
    dc_body b;
    if (!code || !redirect || (pkce(call) && !verifier)) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    if (!token_open(&request, &b, call, dc_json_text(call->scheme, "token_url")))
        return dc_refuse(DC_ERR_CONFIG_BAD, no_address, NULL);
    dc_body_put(&b, "grant_type", dc_span_of("authorization_code"));
    dc_body_put(&b, "code", dc_span_of(code));
    dc_body_put(&b, "redirect_uri", dc_span_of(redirect));
    if (pkce(call)) dc_body_put(&b, "code_verifier", dc_span_of(verifier));
    return token_close(&request, &b, call);
}

const dc_reply *dc_oauth_refresh(dc_grant_call *call) {
    const dc_values values = {{call->val}};
    const char *url = dc_json_text(call->scheme, "refresh_url");
    const char *redirect = dc_input_text(&call->in, "redirect_uri");
    dc_span token;
    dc_call request = {0};
    dc_body b;
    if (dc_scheme_way(call->config.scheme) == DC_WAY_CLIENT) return dc_oauth_client_credentials(call);
    if (!dc_values_find(&values, dc_span_of("refresh_token"), &token))
        return dc_refuse(DC_ERR_ACCOUNT_BAD, "The account has no refresh token.", NULL);
    if (!token_open(&request, &b, call, url ? url : dc_json_text(call->scheme, "token_url")))
        return dc_refuse(DC_ERR_CONFIG_BAD, no_address, NULL);
    dc_body_put(&b, "grant_type", dc_span_of("refresh_token"));
    dc_body_put(&b, "refresh_token", token);
    if (redirect && dc_json_true(call->scheme, "refresh_needs_redirect_uri"))
        dc_body_put(&b, "redirect_uri", dc_span_of(redirect));
    return token_close(&request, &b, call);
}

/* RFC 6749 section 4.4: the client speaks for itself, so it must prove who it is. */
const dc_reply *dc_oauth_client_credentials(dc_grant_call *call) {
    const char *way = dc_json_text(call->scheme, "client_auth");
    const dc_span scopes = joined_scopes(call);
    dc_call request = {0};
    dc_body b;
    if ((way && strcmp(way, "none") == 0) || !dc_client_part(call, "client_secret").size)
        return dc_refuse(DC_ERR_CONFIG_BAD, "This grant needs a client with a client_secret.", NULL);
    if (!token_open(&request, &b, call, dc_json_text(call->scheme, "token_url")))
        return dc_refuse(DC_ERR_CONFIG_BAD, no_address, NULL);
    dc_body_put(&b, "grant_type", dc_span_of("client_credentials"));
    if (scopes.size) dc_body_put(&b, "scope", scopes);
    return token_close(&request, &b, call);
}
