/* revoke.c: taking a grant back (RFC 7009), in the ways that providers have for it. */
#include "grant.h"
#include "scan.h"

#include <string.h>

/* Which token a revocation names: the refresh token where the toolkit says so and there is one. */
static dc_span token_to_send(const dc_grant_call *call, const cJSON *revocation) {
    const dc_values values = {{call->val}};
    const char *which = dc_json_text(revocation, "token_to_send");
    const bool refresh = which && strncmp(which, "refresh_token", 13) == 0;
    dc_span token = {NULL, 0};
    if (refresh && dc_values_find(&values, dc_span_of("refresh_token"), &token)) return token;
    if (dc_values_find(&values, dc_span_of("access_token"), &token)) return token;
    if (dc_values_find(&values, dc_span_of("oauth_token"), &token)) return token;
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
    if (strncmp(auth, "Basic", 5) == 0) return dc_client_basic(request, call);
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
    /* Where there is a secret of the client's to lose, the account does not say where it goes. */
    const dc_values values = {{dc_out_span(&named), call->credentials, call->val},
                              .hosts = dc_client_part(call, "client_secret").size ? 1U << 1 : 0};
    if (!dc_call_address(&request, url, &values)) return nothing_to_do("unsupported");
    if (!revoke_authorize(&request, call, dc_json_text(revocation, "auth"), token) ||
        !dc_call_headers(&request, dc_json_get(revocation, "headers"), &values))
        return nothing_to_do("unsupported");
    cJSON_ArrayForEach(item, dc_json_get(revocation, "query")) {
        dc_out text = {0};
        if (!cJSON_IsString(item) || !dc_template_put(&text, item->valuestring, &values, DC_IN_TEXT))
            return nothing_to_do("unsupported");
        dc_call_query(&request, item->string, dc_out_span(&text));
    }
    const cJSON *members = dc_json_get(revocation, "body");
    if (cJSON_GetArraySize(members)) {
        const dc_body b = dc_body_open(&request, type && strstr(type, "json"));
        cJSON_ArrayForEach(item, members) {
            dc_out text = {0};
            if (!cJSON_IsString(item) || !dc_template_put(&text, item->valuestring, &values, DC_IN_TEXT))
                return nothing_to_do("unsupported"); /* half a request would be refused, or worse, taken */
            dc_body_put(&b, item->string, dc_out_span(&text));
        }
        dc_body_close(&b);
    }
    return dc_call_reply(&request, method ? method : "POST");
}

/* What ends with a token says the definition's `ends`: the `token`, its `grant`, or all that the `user` has given to this
 * client. Where the last is so, or where nobody has said, a token that is only to be thrown away might take working
 * accounts along: then the host is to find out whether anybody else holds one of the same person, and comes back with
 * `alone`. What cannot be found out is not true. Such a token stays alive until it ends by itself. */
const dc_reply *dc_oauth_discard(dc_grant_call *call) {
    static const char *const narrow[] = {"token", "grant", NULL};
    const cJSON *revocation = dc_json_get(call->scheme, "revocation");
    const char *ends = dc_json_text(revocation, "ends");
    dc_out out = {0};
    if (!dc_json_text(revocation, "url") || (ends && dc_word_index(narrow, dc_span_of(ends)) >= 0))
        return dc_oauth_revoke(call);
    const cJSON *alone = dc_input_tree(&call->in, "alone");
    if (cJSON_IsTrue(alone)) return dc_oauth_revoke(call);
    if (alone) return nothing_to_do("kept");
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "outcome", "ask");
    dc_json_put_text(&out, "toolkit", call->config.toolkit);
    dc_json_close(&out, '}');
    return dc_reply_value(204, &out, (dc_span){NULL, 0});
}

/* Could the account be of the person who gave the grant? Where it is not known who either is at the provider, the user of
 * the same toolkit stands for that. */
static bool is_same_person(const dc_input *grant, const dc_record *r) {
    const char *identity = dc_input_text(grant, "identity"), *user = dc_input_text(grant, "user");
    const char *toolkit = dc_input_text(grant, "toolkit");
    if (identity && r->identity) return strcmp(identity, r->identity) == 0;
    return user && toolkit && strcmp(user, r->user) == 0 && strcmp(toolkit, r->toolkit) == 0;
}

/* A revocation that was put off, of a token that may take others along (dc_oauth_discard says which): may it be sent now?
 * {identity?, user, toolkit, since, accounts}: whose the token was, when it was to go, and the records of accounts that
 * could be the same person's, or some of them: then all have to be asked about. What they held at that time was meant to
 * go with it; what they were given since was not. A consent that waits to be confirmed is one of those, and so is what
 * cannot be read: a token that lives longer is the smaller harm. */
const dc_reply *dc_oauth_retry(const dc_input *in) {
    const double since = dc_input_number(in, "since", 0);
    const cJSON *accounts = dc_input_tree(in, "accounts"), *item;
    dc_record r;
    if (!cJSON_IsArray(accounts)) return dc_grant_outcome("wait");
    cJSON_ArrayForEach(item, accounts) {
        if (!dc_record_read(item, &r)) return dc_grant_outcome("wait");
        if (!is_same_person(in, &r)) continue;
        if (r.held || (r.credential && r.connected >= since)) return dc_grant_outcome("wait");
    }
    return dc_grant_outcome("send");
}

/* Does the body say that it was not done? What RFC 7009 does not look at, many providers do: an error in a 200. */
static bool denies(dc_span body) {
    static const char *const names[] = {"error", "ok", "success", NULL};
    dc_span raw;
    for (int i = 0; body.size && names[i]; i++) {
        if (!dc_scan_member(body, names[i], &raw)) continue;
        if (i > 0 ? dc_span_is(raw, "false") : !dc_span_is(raw, "null") && !dc_span_is(raw, "\"\"")) return true;
    }
    return false;
}

/* A page, or half of something: no endpoint for programs has taken the request. */
static bool is_page(dc_span rest) {
    const dc_span text = dc_token_bare(rest);
    return text.size && (text.at[0] == '<' || (text.at[0] == '{' && !dc_token_body(text).size));
}

/* RFC 7009 section 2.2: 200, also for a token that is not known any more. Some providers answer 400, or 404 in JSON, for
 * that; whatever else they say means that the token may still live. */
const dc_reply *dc_oauth_revoked(const dc_input *in) {
    static const char *const gone[] = {"invalid_token", "invalid_grant", "token_revoked", "token_not_found", NULL};
    const double http = dc_input_number(in, "http", 0);
    const bool done = http >= 200 && http < 300;
    const dc_span text = dc_token_bare(in->rest), body = dc_token_body(in->rest);
    const char *error = dc_token_text(body, "error");
    const bool unknown = (done || http == 400 || http == 404) && error && dc_word_index(gone, dc_span_of(error)) >= 0;
    const bool taken = (done && !is_page(in->rest)) || (http == 404 && body.size && text.at[0] == '{');
    return dc_grant_outcome(unknown || (taken && !denies(body)) ? "revoked" : "pending");
}
