/* token.c: the answer of a token endpoint that has tokens (RFC 6749 section 5.1), as providers really send it. */
#include "grant.h"
#include "scan.h"

#include <string.h>

/* RFC 6749 appendix A: a parameter's name. */
static bool is_parameter(dc_span name) {
    for (uint32_t i = 0; i < name.size; i++) {
        const char c = name.at[i];
        const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && c != '-' && c != '.' && c != '_') return false;
    }
    return name.size > 0;
}

/* A form-encoded answer (some providers still send one) as JSON text. A page or a sentence is none, whatever its links
 * hold. Of a doubled parameter the last one counts, as it does in JSON. */
static dc_span form_as_json(dc_span form) {
    enum { MOST = 256 };
    dc_span names[MOST], values[MOST], name, value;
    uint32_t count = 0;
    dc_out out = {0};
    for (dc_form next; (next = dc_form_next(&form, &name, &value)) != DC_FORM_END;) {
        uint32_t at = 0;
        if (next == DC_FORM_BAD || !is_parameter(name)) return (dc_span){NULL, 0};
        while (at < count && !dc_span_equal(names[at], name)) at++;
        if (at == MOST) return (dc_span){NULL, 0};
        names[at] = name;
        values[at] = value;
        if (at == count) count++;
    }
    dc_json_open(&out, NULL, '{');
    for (uint32_t i = 0; i < count; i++) dc_json_put_span(&out, dc_span_copy(names[i]), values[i]);
    dc_json_close(&out, '}');
    return out.failed ? (dc_span){NULL, 0} : dc_out_span(&out);
}

dc_span dc_token_bare(dc_span body) {
    /* A byte order mark is no reason to lose the refresh token that stands behind it. */
    if (dc_span_starts(body, "\xEF\xBB\xBF")) body = (dc_span){body.at + 3, body.size - 3};
    while (body.size && body.at[0] && strchr(" \t\r\n", body.at[0])) body = (dc_span){body.at + 1, body.size - 1};
    return body;
}

dc_span dc_token_body(dc_span body) {
    body = dc_token_bare(body);
    if (!body.size) return body;
    if (body.at[0] == '{') return dc_scan_valid(body, NULL) ? body : (dc_span){NULL, 0};
    return form_as_json(body);
}

const char *dc_token_text(dc_span body, const char *name) {
    dc_span raw, text;
    if (!body.size || !dc_scan_member(body, name, &raw) || raw.at[0] != '"') return NULL;
    return dc_scan_string(raw, &text) && text.size ? dc_span_copy(text) : NULL;
}

/* Has it an access token, of the characters that one may have (RFC 6749 appendix A.12), and of a length that can be stored
 * and sent? */
static bool has_token(dc_span body) {
    enum { MOST = 131072 };
    const char *token = dc_token_text(body, "access_token");
    if (token && strlen(token) > MOST) return false;
    for (const char *c = token; c && *c; c++) {
        if (*c < ' ' || *c >= 0x7F) return false;
    }
    return token != NULL;
}

/* Seconds that the token lives: a number or a string of digits; 0 where there is no sensible one. */
static double lifetime(dc_span body, double otherwise) {
    const double most = 315360000; /* ten years: what is longer is as good as for ever */
    dc_span raw, text;
    if (!body.size || !dc_scan_member(body, "expires_in", &raw) || dc_span_is(raw, "null")) return otherwise;
    text = raw;
    if (raw.at[0] == '"' && !dc_scan_string(raw, &text)) return otherwise;
    double seconds = 0;
    bool whole = true;
    for (uint32_t i = 0; i < text.size; i++) {
        const char c = text.at[i];
        if (whole && c == '.') whole = false;
        else if (c < '0' || c > '9') return otherwise; /* a sign, an exponent, a word */
        else if (whole && seconds <= most) seconds = seconds * 10 + (c - '0');
    }
    if (seconds > most) return most;
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

/* ---- Where the tokens are ---------------------------------------------------------------------------------- */

static dc_span member(dc_span object, const char *name) {
    dc_span raw;
    const bool has = object.size && dc_scan_member(object, name, &raw) && !dc_span_is(raw, "null");
    return has && !dc_span_is(raw, "\"\"") ? raw : (dc_span){NULL, 0};
}

/* The members of `base`, with those that a token is made of as `over` has them. */
static void put_tokens(dc_out *out, dc_span base, dc_span over) {
    static const char *const names[] = {"access_token", "refresh_token", "token_type", "expires_in", "scope", NULL};
    dc_span name, value, text;
    for (int i = 0; names[i]; i++) {
        const dc_span own = member(over, names[i]);
        if (own.size) dc_json_put_raw(out, names[i], own);
    }
    while (base.size && dc_scan_next(&base, &name, &value)) {
        const int i = dc_scan_string(name, &text) ? dc_word_index(names, text) : -1;
        if (i < 0 || !member(over, names[i]).size) dc_json_put_member(out, name, value);
    }
}

/* Slack and its like put the user's token one level down (`authed_user`). Where there is no other it is the account's:
 * it is kept at the top level as well, where requests, clients and the next refresh look for it. */
static dc_span user_of(dc_span answer) {
    const dc_span user = member(answer, "authed_user");
    return !dc_token_text(answer, "access_token") && has_token(user) ? user : (dc_span){NULL, 0};
}

/* Such a token is refreshed by an answer that has the new one at the top level only: then authed_user follows. */
static dc_span followed(dc_span answer, dc_span val) {
    const dc_span user = member(val, "authed_user"), token = member(val, "access_token");
    const bool follows =
        token.size && !member(answer, "authed_user").size && dc_span_equal(token, member(user, "access_token"));
    return follows ? user : (dc_span){NULL, 0};
}

/* What the provider told the callback and nobody else, under the names that the definition gives it: `callback_params`,
 * {"realm_id": "realmId"}. What the answer says itself goes first; a doubled parameter is somebody's trick. */
static void put_callback(dc_out *out, const dc_grant_call *call, dc_span answer) {
    enum { MOST = 1024 };
    const char *query = dc_input_text(&call->in, "query");
    const cJSON *wanted;
    cJSON_ArrayForEach(wanted, dc_json_get(call->scheme, "callback_params")) {
        dc_span rest = dc_span_of(query), name, value, found = {NULL, 0};
        uint32_t count = 0;
        if (!cJSON_IsString(wanted) || member(answer, wanted->string).size) continue;
        for (dc_form form; (form = dc_form_next(&rest, &name, &value)) != DC_FORM_END;) {
            if (form == DC_FORM_BAD || !dc_span_is(name, wanted->valuestring)) continue;
            found = value;
            count++;
        }
        if (count == 1 && found.size && found.size <= MOST) dc_json_put_span(out, wanted->string, found);
    }
}

static dc_span whole_answer(const dc_grant_call *call, dc_span body) {
    const dc_span user = user_of(body), old = followed(body, call->val);
    dc_out out = {0};
    if (!user.size && !old.size && !dc_input_text(&call->in, "query")) return body;
    dc_json_open(&out, NULL, '{');
    put_tokens(&out, body, user);
    if (old.size) {
        dc_json_open(&out, "authed_user", '{');
        put_tokens(&out, old, body);
        dc_json_close(&out, '}');
    }
    put_callback(&out, call, body);
    dc_json_close(&out, '}');
    return out.failed ? (dc_span){NULL, 0} : dc_out_span(&out);
}

const dc_reply *dc_oauth_token(dc_grant_call *call) {
    const double http = dc_input_number(&call->in, "http", 0);
    const dc_span body = dc_token_body(call->in.rest);
    const bool granted = has_token(body) || user_of(body).size;
    dc_out out = {0}, val = {0}, rest = {0};
    if (http < 200 || http > 299 || !granted) return dc_token_refused(call, http, body);
    /* Where the account is (`instance_url`) is the provider's to say, and it may move. */
    const dc_span whole = whole_answer(call, body), none = {NULL, 0},
                  fresh = dc_credential_facts(call->scheme, none, whole, call->val);
    /* A new consent (`anew`) takes nothing over from the grant before it: not its lifetime, not its refresh token. */
    const bool anew = dc_input_true(&call->in, "anew");
    if (anew) dc_credential_rest(&rest, call->val);
    if (!dc_credential_merge(&val, fresh, anew ? dc_out_span(&rest) : call->val, NULL))
        return dc_token_refused(call, http, (dc_span){NULL, 0});
    const dc_span credential = dc_out_span(&val);
    const double known = lifetime(call->val, dc_json_number(call->scheme, "access_token_ttl_s", 0));
    const double seconds = lifetime(fresh, known);
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "outcome", "granted");
    dc_json_put_number(&out, "expires_at", seconds > 0 ? call->now + seconds * 1000 : 0);
    /* A client's own token is followed by another of the same grant, without a refresh token (RFC 6749 section 4.4.3). */
    const bool again = dc_scheme_way(call->config.scheme) == DC_WAY_CLIENT;
    dc_json_put_bool(&out, "refreshable", again || dc_token_text(credential, "refresh_token") != NULL);
    put_scopes(&out, call, credential);
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, credential);
}
