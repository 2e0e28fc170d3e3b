/* project.c: the project's configuration and its API keys. */
#include "change.h"
#include "fields.h"
#include "scan.h"
#include "user_token.h"

#include <string.h>

/* What a project is before anybody changes it (contract, section 3). */
static const char defaults[] = "{\"display_name\":\"Devcaster\",\"logo_url\":null,\"is_2FA_enabled\":false,"
                               "\"mask_secret_keys_in_connected_account\":true,\"log_visibility_setting\":\"show_all\","
                               "\"require_mcp_api_key\":false,\"account_selection\":\"explicit\","
                               "\"mask_style\":\"prefix\",\"fingerprints\":false,\"callback_urls\":[],"
                               "\"allowed_origins\":[]}";

static const dc_reply *project(const dc_out *record) {
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_json_put_raw(&out, "record", dc_out_span(record));
    dc_json_close(&out, '}');
    if (record->failed) out.failed = true;
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}

const dc_reply *dc_event_project_open(dc_event_call *call) {
    (void)call;
    dc_out record = {0};
    dc_put_text(&record, defaults);
    return project(&record);
}

/* An origin that no browser would ever send is a mistake, and a silent one. */
static const dc_reply *check_origins(const dc_event_call *call) {
    static const char *const name = "allowed_origins";
    dc_span raw;
    if (!call->in.rest.size || !dc_field_find(call->in.rest, name, &raw) || dc_span_is(raw, "null")) return NULL;
    const char *problem = dc_scope_origins(dc_json_read(raw));
    dc_faults faults = {0};
    if (problem) dc_faults_add(&faults, name, problem);
    return problem ? dc_refuse(DC_ERR_BAD_REQUEST, NULL, &faults) : NULL;
}

/* PATCH merges: the members that the body names are replaced, in the order of the defaults. */
const dc_reply *dc_event_project_update(dc_event_call *call) {
    dc_span old = dc_input_raw(&call->in, "record"), known = dc_span_of(defaults), name, value, text, now;
    dc_out record = {0};
    const dc_reply *refusal = check_origins(call);
    if (refusal) return refusal;
    dc_json_open(&record, NULL, '{');
    while (dc_scan_next(&known, &name, &value)) {
        const char *member = dc_scan_string(name, &text) ? dc_span_copy(text) : NULL;
        if (!member) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
        const bool nothing = dc_span_is(value, "null");
        if (old.size && dc_scan_member(old, member, &now)) value = now;
        /* null is `left out`, save where it is the default: nobody would know what a switch without a value means. */
        if (call->in.rest.size && dc_field_find(call->in.rest, member, &now) && (!dc_span_is(now, "null") || nothing))
            value = now;
        dc_out line = {0};
        dc_put_compact(&line, value);
        if (line.failed) record.failed = true;
        dc_json_put_raw(&record, member, dc_out_span(&line));
    }
    dc_json_close(&record, '}');
    return project(&record);
}

/* A key that a person chose must not be guessable: long enough, and not one character over and over. */
static bool strong(const char *value) {
    bool seen[256] = {false};
    int kinds = 0;
    const size_t size = strlen(value);
    for (size_t i = 0; i < size; i++) {
        const unsigned char c = (unsigned char)value[i];
        if (c < 0x21 || c > 0x7E) return false;
        kinds += !seen[c];
        seen[c] = true;
    }
    return size >= DC_KEY_LEAST && kinds >= 8;
}

static void put_scopes(dc_out *out, const char *name, const dc_event_call *call, bool first) {
    dc_span raw;
    if (!first && dc_field_find(call->in.rest, "scopes", &raw)) {
        dc_out line = {0};
        dc_put_compact(&line, raw);
        if (line.failed) out->failed = true;
        dc_json_put_raw(out, name, dc_out_span(&line));
        return;
    }
    dc_json_open(out, name, '[');
    for (int i = 0; dc_scope_names[i]; i++) dc_json_put_text(out, NULL, dc_scope_names[i]);
    dc_json_close(out, ']');
}

/* A key gives no more than its maker has: otherwise `admin` alone would be as good as `reveal`. */
static bool may_give(const dc_event_call *call) {
    dc_span raw;
    const cJSON *item, *own = dc_json_get(dc_input_tree(&call->in, "caller"), "scopes");
    if (!dc_field_find(call->in.rest, "scopes", &raw)) return false;
    const cJSON *asked = dc_json_read(raw);
    if (!asked) return false;
    cJSON_ArrayForEach(item, asked) {
        if (!cJSON_IsString(item) || !dc_json_holds(own, item->valuestring)) return false;
    }
    return true;
}

const dc_reply *dc_event_key_create(dc_event_call *call) {
    dc_span raw;
    dc_out out = {0};
    const char *value = dc_input_text(&call->in, "value");
    const bool first = dc_input_true(&call->in, "first");
    if (value && !strong(value)) {
        return dc_refuse(DC_ERR_BAD_REQUEST,
                         "The chosen API key is too easy to guess: take at least 22 random printable characters.",
                         NULL);
    }
    if (!first && !may_give(call)) {
        return dc_refuse(DC_ERR_FORBIDDEN, "A key can only be given scopes that its maker has.", NULL);
    }
    dc_json_open(&out, NULL, '{');
    dc_json_open(&out, "record", '{');
    dc_json_put_text(&out, "id", dc_input_text(&call->in, "id"));
    if (!first && dc_field_find(call->in.rest, "name", &raw)) {
        dc_json_put_raw(&out, "name", raw);
    } else {
        dc_json_put_text(&out, "name", "First key");
    }
    put_scopes(&out, "scopes", call, first);
    dc_json_put_number(&out, "created_at", call->now);
    dc_json_close(&out, '}');
    dc_json_open(&out, "result", '{');
    put_scopes(&out, "scopes", call, first);
    dc_json_close(&out, '}');
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}

/* An entry is a whole URL, or an origin, which allows every address of it. */
static bool entry_allows(const char *entry, const char *url) {
    const size_t size = strlen(entry);
    const char *slashes = strstr(entry, "://");
    if (strcmp(entry, url) == 0) return true;
    if (!slashes || strchr(slashes + 3, '/') || strncmp(entry, url, size) != 0) return false;
    return url[size] == '/' || url[size] == '?' || url[size] == '#';
}

bool dc_callback_allowed(const cJSON *project, const char *url) {
    const cJSON *item, *list = dc_json_get(project, "callback_urls");
    if (!url || !cJSON_GetArraySize(list)) return true;
    cJSON_ArrayForEach(item, list) {
        if (cJSON_IsString(item) && entry_allows(item->valuestring, url)) return true;
    }
    return false;
}
