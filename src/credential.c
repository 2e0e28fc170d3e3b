/* credential.c: credentials that are typed in or handed over: which members they need, and their copy. */
#include "credential.h"

#include "scan.h"

#include <string.h>

const cJSON *dc_scheme_of(const cJSON *toolkit, dc_scheme scheme) {
    const cJSON *item;
    cJSON_ArrayForEach(item, dc_json_get(toolkit, "auth_schemes")) {
        const char *name = dc_json_text(item, "scheme");
        if (name && strcmp(name, dc_scheme_names[scheme]) == 0) return item;
    }
    return NULL;
}

bool dc_has_test(const cJSON *toolkit) {
    return dc_json_text(dc_json_get(toolkit, "test_request"), "url") != NULL;
}

/* `REDACTED`, or at most four characters and three dots: what the mask leaves of a secret. */
static bool is_masked(dc_span text) {
    if (dc_span_is(text, "REDACTED")) return true;
    const dc_span kept = {text.at, text.size < 3 ? 0 : text.size - 3};
    return text.size >= 3 && memcmp(text.at + text.size - 3, "...", 3) == 0 && dc_utf8_count(kept) <= 4;
}

/* What is wrong with a value, at any depth. NULL: nothing. */
static const char *check_value(dc_span value) {
    dc_span name, each, text;
    const char *problem = NULL;
    if (value.at[0] == '"') {
        if (!dc_scan_string(value, &text)) return "must not hold NUL or half a character";
        return is_masked(text) ? "is a masked value, not the secret itself" : NULL;
    }
    for (dc_span rest = value; !problem && dc_scan_next(&rest, &name, &each);) problem = check_value(each);
    for (dc_span rest = value; !problem && dc_scan_item(&rest, &each);) problem = check_value(each);
    return problem;
}

/* What is stored is put into larger documents again and again, so it is kept small and flat. */
enum { MOST_MEMBERS = 256, MOST_BYTES = 65536, MOST_GRANT = 524288, MOST_DEPTH = 16 };

static bool too_deep(dc_span value) {
    uint32_t depth = 0;
    bool quoted = false;
    for (uint32_t i = 0; i < value.size; i++) {
        const char c = value.at[i];
        if (quoted && c == '\\') i++;
        else if (c == '"') quoted = !quoted;
        else if (!quoted && (c == '{' || c == '[') && ++depth > MOST_DEPTH) return true;
        else if (!quoted && (c == '}' || c == ']')) depth--;
    }
    return false;
}

/* What a grant is made of: kept however much else the provider sends along. */
static bool is_grant(dc_span name) {
    static const char *const names[] = {"\"access_token\"",   "\"refresh_token\"", "\"id_token\"",
                                        "\"token_type\"",     "\"expires_in\"",    "\"scope\"",
                                        "\"authed_user\"",    "\"oauth_token\"",   "\"oauth_token_secret\"",
                                        "\"oauth_verifier\"", "\"consumer_key\"",  NULL};
    return dc_word_index(names, name) >= 0;
}

/* Is there room for one more member? The problem, or NULL. */
static const char *check_room(const dc_out *out, uint32_t count, dc_span value) {
    if (count > MOST_MEMBERS) return "is one member too many";
    if (out->size + value.size > MOST_BYTES) return "makes the credential larger than 64 KiB";
    return too_deep(value) ? "is nested too deep" : NULL;
}

/* A grant's own members are kept where there is no room, though no longer than a row of the store can hold. What is nested
 * too deep is none of them: it would stand deeper still in every list, and make that more than can be read. */
static bool may_exceed(const dc_out *out, dc_span name, dc_span value) {
    return is_grant(name) && !too_deep(value) && out->size + value.size <= MOST_GRANT;
}

bool dc_credential_copy(dc_out *out, dc_span val, dc_faults *faults) {
    dc_span name, value;
    const uint32_t before = faults ? faults->count : 0;
    uint32_t count = 0;
    dc_json_open(out, NULL, '{');
    while (dc_scan_next(&val, &name, &value)) {
        if (dc_span_is(name, "\"status\"") || dc_span_is(value, "null")) continue;
        if (!faults && dc_span_is(value, "\"\"")) continue;
        const char *problem = check_room(out, ++count, value);
        if (problem && !faults && !may_exceed(out, name, value)) continue;
        if (!problem && faults) problem = check_value(value);
        if (problem && faults) {
            dc_faults_add_span(faults, (dc_span){name.at + 1, name.size - 2}, problem);
            continue;
        }
        dc_out compact = {0};
        dc_put_compact(&compact, value);
        dc_json_put_member(out, name, dc_out_span(&compact));
    }
    dc_json_close(out, '}');
    return !faults || faults->count == before;
}

/* What belonged to a connection under way is no part of a credential. */
static bool is_passing(dc_span name) {
    static const char *const passing[] = {
        "\"redirectUrl\"", "\"callback_url\"", "\"code_verifier\"", "\"finalRedirectUri\"",
        "\"status\"",      "\"authUri\"",      "\"callbackUrl\"",   NULL};
    return dc_word_index(passing, name) >= 0;
}

bool dc_credential_merge(dc_out *out, dc_span fresh, dc_span old, dc_faults *faults) {
    dc_span name, value, text, ignored;
    if (!dc_credential_copy(out, fresh, faults) || out->failed) return false;
    const char *copy = dc_span_copy(dc_out_span(out));
    const dc_span taken = {copy, (uint32_t)out->size};
    if (!copy) return false;
    out->size--; /* reopen */
    while (old.size && dc_scan_next(&old, &name, &value)) {
        if (is_passing(name) || !dc_scan_string(name, &text)) continue;
        if (!dc_scan_member(taken, dc_span_copy(text), &ignored)) dc_json_put_member(out, name, value);
    }
    dc_json_close(out, '}');
    return !out->failed;
}

static bool is_field(const cJSON *scheme, dc_span name) {
    const cJSON *field;
    cJSON_ArrayForEach(field, dc_json_get(scheme, "fields")) {
        const char *own = dc_json_text(field, "name");
        if (own && dc_span_is(name, own)) return true;
    }
    return false;
}

/* Is there a `{name}` in the definition? */
static bool is_used(dc_span definition, dc_span name) {
    const char *end = definition.size ? definition.at + definition.size : NULL;
    for (const char *at = definition.at; end && at < end && (at = memchr(at, '{', (size_t)(end - at))); at++) {
        const size_t left = (size_t)(end - at - 1);
        if (left > name.size && memcmp(at + 1, name.at, name.size) == 0 && at[name.size + 1] == '}') return true;
    }
    return false;
}

dc_span dc_credential_facts(const cJSON *scheme, dc_span definition, dc_span answer, dc_span val) {
    dc_span name, value, text, own;
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    while (answer.size && dc_scan_next(&answer, &name, &value)) {
        if (!dc_scan_string(name, &text) || is_passing(name)) continue;
        const bool kept = !is_grant(name) && (is_field(scheme, text) || is_used(definition, text));
        if (kept && val.size && dc_scan_member_of(val, text, &own) && !dc_span_is(own, "\"\"")) continue;
        dc_json_put_member(&out, name, value);
    }
    dc_json_close(&out, '}');
    return out.failed ? (dc_span){NULL, 0} : dc_out_span(&out);
}

void dc_credential_rest(dc_out *out, dc_span val) {
    dc_span name, value;
    dc_json_open(out, NULL, '{');
    while (val.size && dc_scan_next(&val, &name, &value)) {
        if (!is_grant(name) && !is_passing(name)) dc_json_put_member(out, name, value);
    }
    dc_json_close(out, '}');
}

bool dc_credential_has(dc_span val, const char *name) {
    dc_span value, text;
    return val.size && dc_scan_member(val, name, &value) && value.at[0] == '"' && dc_scan_string(value, &text) &&
           text.size;
}

/* The members that the contract requires of a scheme, whatever the toolkit says. */
static const char *const *required_members(dc_scheme scheme) {
    static const char *const token[] = {"access_token", NULL}, *const bearer[] = {"token", NULL},
                             *const none[] = {NULL}, *const basic[] = {"username", "password", NULL},
                             *const oauth1[] = {"oauth_token", "oauth_token_secret", NULL};
    switch (scheme) {
    case DC_OAUTH2: return token;
    case DC_OAUTH1: return oauth1;
    case DC_BEARER_TOKEN: return bearer;
    case DC_BASIC: return basic;
    default: return none;
    }
}

bool dc_credential_brought(dc_scheme scheme, dc_span val) {
    dc_span value;
    for (const char *const *name = required_members(scheme); val.size && *name; name++) {
        if (dc_scan_member(val, *name, &value)) return true;
    }
    return false;
}

void dc_credential_check(const cJSON *toolkit, dc_scheme scheme, dc_span val, dc_faults *faults) {
    const cJSON *field, *fields = dc_json_get(dc_scheme_of(toolkit, scheme), "fields");
    cJSON_ArrayForEach(field, fields) {
        const char *name = dc_json_text(field, "name");
        if (name && dc_json_true(field, "required") && !dc_credential_has(val, name))
            dc_faults_add(faults, name, "is required");
    }
    /* What a person types in is described by the toolkit; what a consent would have brought is the scheme's. */
    if (cJSON_GetArraySize(fields) && dc_scheme_way(scheme) != DC_WAY_CONSENT) return;
    for (const char *const *name = required_members(scheme); *name; name++) {
        if (!dc_credential_has(val, *name)) dc_faults_add(faults, *name, "is required");
    }
    if (scheme == DC_API_KEY && !dc_credential_has(val, "api_key") && !dc_credential_has(val, "generic_api_key"))
        dc_faults_add(faults, "api_key", "is required");
}
