/* credential.c: credentials that are typed in or handed over: which members they need, and their copy. */
#include "change.h"
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

/* White space between tokens falls away; strings stay byte for byte. */
static void put_compact(dc_out *out, dc_span raw) {
    bool quoted = false;
    uint32_t from = 0;
    for (uint32_t i = 0; i < raw.size; i++) {
        const char c = raw.at[i];
        if (quoted) {
            if (c == '\\') i++;
            else if (c == '"') quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            dc_put(out, (dc_span){raw.at + from, i - from});
            from = i + 1;
        }
    }
    dc_put(out, (dc_span){raw.at + from, raw.size - from});
}

bool dc_credential_copy(dc_out *out, dc_span val, dc_faults *faults) {
    dc_span name, value, text;
    const uint32_t before = faults->count;
    dc_json_open(out, NULL, '{');
    while (dc_scan_next(&val, &name, &value)) {
        if (dc_span_is(name, "\"status\"") || dc_span_is(value, "null")) continue;
        if (value.at[0] == '"' && !dc_scan_string(value, &text)) {
            dc_faults_add_span(faults, (dc_span){name.at + 1, name.size - 2}, "must not hold NUL or half a character");
        } else if (value.at[0] == '"' && is_masked(text)) {
            dc_faults_add_span(faults, (dc_span){name.at + 1, name.size - 2}, "is a masked value, not the secret itself");
        }
        if (out->at[out->size - 1] != '{') dc_put_byte(out, ',');
        dc_put(out, name);
        dc_put_byte(out, ':');
        put_compact(out, value);
    }
    dc_json_close(out, '}');
    return faults->count == before;
}

static bool has_text(dc_span val, const char *name) {
    dc_span value, text;
    return val.size && dc_scan_member(val, name, &value) && value.at[0] == '"' && dc_scan_string(value, &text) && text.size;
}

/* The members that the contract requires of a scheme, whatever the toolkit says. */
static const char *const *required_members(dc_scheme scheme) {
    static const char *const token[] = {"access_token", NULL}, *const bearer[] = {"token", NULL},
                              *const none[] = {NULL}, *const basic[] = {"username", "password", NULL};
    switch (scheme) {
    case DC_OAUTH2: return token;
    case DC_BEARER_TOKEN: return bearer;
    case DC_BASIC: return basic;
    default: return none;
    }
}

void dc_credential_check(const cJSON *toolkit, dc_scheme scheme, dc_span val, dc_faults *faults) {
    const cJSON *field, *fields = dc_json_get(dc_scheme_of(toolkit, scheme), "fields");
    cJSON_ArrayForEach(field, fields) {
        const char *name = dc_json_text(field, "name");
        if (name && dc_json_true(field, "required") && !has_text(val, name)) dc_faults_add(faults, name, "is required");
    }
    if (cJSON_GetArraySize(fields)) return;
    for (const char *const *name = required_members(scheme); *name; name++) {
        if (!has_text(val, *name)) dc_faults_add(faults, *name, "is required");
    }
    if (scheme == DC_API_KEY && !has_text(val, "api_key") && !has_text(val, "generic_api_key"))
        dc_faults_add(faults, "api_key", "is required");
}
