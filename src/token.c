/* token.c: the answer of a token endpoint (RFC 6749 sections 5.1 and 5.2), as providers really send it. */
#include "grant.h"
#include "scan.h"

#include <string.h>

typedef struct error_row {
    const char *error;
    const char *outcome;
} error_row;

/* lost: the grant is gone, only the user can give a new one. broken: the client is not accepted, no account of the
 * auth config can be refreshed. later: nothing was decided. */
static const error_row known_errors[] = {
    {"invalid_grant", "lost"},
    {"bad_refresh_token", "lost"},
    {"invalid_refresh_token", "lost"},
    {"token_revoked", "lost"},
    {"token_expired", "lost"},
    {"expired_token", "lost"},
    {"bad_verification_code", "lost"},
    {"invalid_code", "lost"},
    {"access_denied", "lost"},
    {"interaction_required", "lost"},
    {"consent_required", "lost"},
    {"login_required", "lost"},
    {"invalid_client", "broken"},
    {"unauthorized_client", "broken"},
    {"incorrect_client_credentials", "broken"},
    {"invalid_client_id", "broken"},
    {"bad_client_secret", "broken"},
    {"unsupported_grant_type", "broken"},
    {"redirect_uri_mismatch", "broken"},
    {"temporarily_unavailable", "later"},
    {"server_error", "later"},
    {"rate_limited", "later"},
    {"slow_down", "later"},
    {NULL, NULL},
};

static const char *outcome_of(double http, const char *error) {
    for (const error_row *row = known_errors; error && row->error; row++) {
        if (strcmp(row->error, error) == 0) return row->outcome;
    }
    if (http == 401 || http == 403) return "broken";
    return "later";
}

/* A form-encoded answer (some providers still send one) as JSON text. */
static dc_span form_as_json(dc_span form) {
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    while (form.size) {
        const char *amp = memchr(form.at, '&', form.size);
        const dc_span pair = {form.at, amp ? (uint32_t)(amp - form.at) : form.size};
        const char *equals = pair.size ? memchr(pair.at, '=', pair.size) : NULL;
        const uint32_t size = equals ? (uint32_t)(equals - pair.at) : pair.size;
        dc_span name, value;
        if (!equals || !dc_percent_decode((dc_span){pair.at, size}, true, &name) ||
            !dc_percent_decode((dc_span){equals + 1, pair.size - size - 1}, true, &value) || !dc_utf8_valid(name) ||
            !dc_utf8_valid(value) || memchr(name.at, 0, name.size))
            return (dc_span){NULL, 0};
        dc_json_put_span(&out, dc_span_copy(name), value);
        form = amp ? (dc_span){amp + 1, form.size - pair.size - 1} : (dc_span){NULL, 0};
    }
    dc_json_close(&out, '}');
    return out.failed ? (dc_span){NULL, 0} : dc_out_span(&out);
}

static dc_span read_body(dc_span body) {
    while (body.size && body.at[0] && strchr(" \t\r\n", body.at[0])) body = (dc_span){body.at + 1, body.size - 1};
    if (!body.size) return body;
    if (body.at[0] == '{') return dc_scan_valid(body, NULL) ? body : (dc_span){NULL, 0};
    return form_as_json(body);
}

static const char *text_of(dc_span object, const char *name) {
    dc_span raw, text;
    if (!object.size || !dc_scan_member(object, name, &raw) || raw.at[0] != '"') return NULL;
    return dc_scan_string(raw, &text) && text.size ? dc_span_copy(text) : NULL;
}

static const dc_reply *refused(double http, dc_span body) {
    const char *error = text_of(body, "error"), *more = text_of(body, "error_description");
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "outcome", outcome_of(http, error));
    /* No answer, or one that cannot be read: the provider may have used the refresh token up. */
    if (http <= 0 || (http >= 200 && http < 300 && !error)) dc_json_put_bool(&out, "unanswered", true);
    dc_json_put_text(&out, "error", error);
    dc_json_put_text(&out, "error_description", more);
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}

/* Seconds that the token lives: a number or a string of digits; 0 where there is no sensible one. */
static double lifetime(dc_span body, double otherwise) {
    const double most = 315360000; /* ten years: what is longer is as good as for ever */
    dc_span raw, text;
    if (!dc_scan_member(body, "expires_in", &raw) || dc_span_is(raw, "null")) return otherwise;
    text = raw;
    if (raw.at[0] == '"' && !dc_scan_string(raw, &text)) return otherwise;
    double seconds = 0;
    for (uint32_t i = 0; i < text.size && text.at[i] != '.'; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') return otherwise;
        seconds = seconds * 10 + (text.at[i] - '0');
        if (seconds > most) return most;
    }
    return seconds > 0 ? seconds : otherwise;
}

static bool holds(dc_span scopes, dc_span scope) {
    for (dc_span item; scopes.size && dc_scope_next(&scopes, &item);) {
        if (dc_span_equal(item, scope)) return true;
    }
    return false;
}

static void put_list(dc_out *out, const char *name, dc_span scopes, dc_span except) {
    dc_json_open(out, name, '[');
    for (dc_span item; scopes.size && dc_scope_next(&scopes, &item);) {
        if (!except.size || !holds(except, item)) dc_json_put_span(out, NULL, item);
    }
    dc_json_close(out, ']');
}

/* An answer without `scope` granted what was asked for (RFC 6749 section 5.1). */
static void put_scopes(dc_out *out, const dc_grant_call *call, dc_span val) {
    dc_span granted;
    const dc_span asked = dc_scope_text(dc_grant_scopes(call));
    granted = dc_scan_member(val, "scope", &granted) ? dc_scope_text(granted) : (dc_span){NULL, 0};
    if (!granted.size) granted = asked;
    if (!granted.size) return;
    dc_json_open(out, "scopes", '{');
    put_list(out, "granted", granted, (dc_span){NULL, 0});
    put_list(out, "missing", asked, granted);
    dc_json_close(out, '}');
}

/* Slack and its like put the user's token one level down. */
static bool has_token(dc_span body) {
    dc_span user;
    if (text_of(body, "access_token")) return true;
    return dc_scan_member(body, "authed_user", &user) && user.at[0] == '{' && text_of(user, "access_token");
}

const dc_reply *dc_oauth_token(dc_grant_call *call) {
    const double http = dc_input_number(&call->in, "http", 0);
    const dc_span body = read_body(call->in.rest);
    dc_out out = {0}, val = {0};
    if (http < 200 || http > 299 || !body.size || !has_token(body)) return refused(http, body);
    if (!dc_credential_merge(&val, body, call->val, NULL)) return refused(http, (dc_span){NULL, 0});
    const dc_span credential = dc_out_span(&val);
    const double known = lifetime(credential, dc_json_number(call->scheme, "access_token_ttl_s", 0));
    const double seconds = lifetime(body, known);
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "outcome", "granted");
    dc_json_put_number(&out, "expires_at", seconds > 0 ? call->now + seconds * 1000 : 0);
    dc_json_put_bool(&out, "refreshable", text_of(credential, "refresh_token") != NULL);
    put_scopes(&out, call, credential);
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, credential);
}
