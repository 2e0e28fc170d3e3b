/* answer_toolkit.c: response bodies of toolkits, made from their definitions. */
#include "answer_list.h"

#include "arena.h"

#include <stdlib.h>
#include <string.h>

/* Deprecated spellings and ours of one flag: the managed schemes. */
static void put_schemes(dc_out *out, const char *name, const cJSON *toolkit, bool all) {
    const cJSON *item;
    dc_json_open(out, name, '[');
    cJSON_ArrayForEach(item, dc_json_get(toolkit, "auth_schemes")) {
        if (all) dc_json_put_text(out, NULL, dc_json_text(item, "scheme"));
    }
    dc_json_close(out, ']');
}

/* A definition is as old as its version says: `20251111_00` is of 11 November 2025. */
static void put_times(dc_out *out, const char *version) {
    static const char midnight[] = "T00:00:00.000Z";
    char time[sizeof "2025-11-11T00:00:00.000Z"];
    if (!version || strspn(version, "0123456789") != 8) return;
    for (int from = 0, to = 0; from < 8; from++) {
        time[to++] = version[from];
        if (from == 3 || from == 5) time[to++] = '-';
    }
    memcpy(time + 10, midnight, sizeof midnight);
    dc_json_put_text(out, "created_at", time);
    dc_json_put_text(out, "updated_at", time);
}

static void put_meta(dc_out *out, const cJSON *toolkit, const char *second) {
    const cJSON *item;
    dc_json_open(out, "meta", '{');
    dc_json_put_text(out, "description", dc_json_text(toolkit, "description"));
    dc_json_put_text(out, "logo", dc_json_text(toolkit, "logo") ? dc_json_text(toolkit, "logo") : "");
    dc_json_put_text(out, "app_url", dc_json_text(toolkit, "app_url"));
    dc_json_open(out, "categories", '[');
    cJSON_ArrayForEach(item, dc_json_get(toolkit, "categories")) {
        if (!cJSON_IsString(item)) continue;
        dc_json_open(out, NULL, '{');
        dc_json_put_text(out, second[0] == 'n' ? "id" : "name", item->valuestring);
        dc_json_put_text(out, second, item->valuestring);
        dc_json_close(out, '}');
    }
    dc_json_close(out, ']');
    dc_json_put_number(out, "triggers_count", 0);
    dc_json_put_number(out, "tools_count", dc_json_number(toolkit, "tools_count", 0));
    put_times(out, dc_json_text(toolkit, "version"));
    dc_json_put_text(out, "version", dc_json_text(toolkit, "version"));
    dc_json_open(out, "available_versions", '[');
    if (dc_json_text(toolkit, "version")) dc_json_put_text(out, NULL, dc_json_text(toolkit, "version"));
    dc_json_close(out, ']');
    dc_json_close(out, '}');
}

static void put_toolkit_head(dc_out *out, const cJSON *toolkit, bool managed) {
    dc_json_put_text(out, "slug", dc_json_text(toolkit, "slug"));
    dc_json_put_text(out, "name", dc_json_text(toolkit, "name"));
    put_schemes(out, "auth_schemes", toolkit, true);
    put_schemes(out, "devcaster_managed_auth_schemes", toolkit, managed);
    put_schemes(out, "composio_managed_auth_schemes", toolkit, managed);
    dc_json_put_bool(out, "is_local_toolkit", false);
    dc_json_put_bool(out, "no_auth", dc_scheme_of(toolkit, DC_NO_AUTH) != NULL);
    dc_json_open(out, "deprecated", '{');
    dc_json_put_text(out, "toolkitId", dc_json_text(toolkit, "slug"));
    dc_json_close(out, '}');
}

static void put_field_list(dc_out *out, const char *name, const cJSON *fields, bool required) {
    const cJSON *field;
    dc_json_open(out, name, '[');
    cJSON_ArrayForEach(field, fields) {
        if (dc_json_true(field, "required") != required) continue;
        dc_json_open(out, NULL, '{');
        dc_json_put_text(out, "name", dc_json_text(field, "name"));
        dc_json_put_text(out, "displayName", dc_json_text(field, "label"));
        dc_json_put_text(out, "type", "string");
        dc_json_put_text(out, "description", dc_json_text(field, "description"));
        dc_json_put_bool(out, "required", required);
        dc_json_put_null(out, "default");
        dc_json_close(out, '}');
    }
    dc_json_close(out, ']');
}

static void put_fields(dc_out *out, const char *name, const cJSON *fields) {
    dc_json_open(out, name, '{');
    put_field_list(out, "required", fields, true);
    put_field_list(out, "optional", fields, false);
    dc_json_close(out, '}');
}

/* The client of an OAuth 2 app: what every auth config of that scheme needs, whatever the toolkit. */
static const char client_fields[] =
    "[{\"name\":\"client_id\",\"label\":\"Client id\",\"description\":\"Of your OAuth app\",\"required\":true},"
    "{\"name\":\"client_secret\",\"label\":\"Client secret\",\"description\":\"Of your OAuth app\",\"required\":true},"
    "{\"name\":\"scopes\",\"label\":\"Scopes\",\"description\":\"What to ask the user for\",\"required\":false}]";

/* The same of OAuth 1.0a. */
static const char consumer_fields[] =
    "[{\"name\":\"consumer_key\",\"label\":\"Consumer key\",\"description\":\"Of your app\",\"required\":true},"
    "{\"name\":\"consumer_secret\",\"label\":\"Consumer secret\",\"description\":\"Of your app\",\"required\":true}]";

static const cJSON *app_fields(const char *mode) {
    if (mode && strcmp(mode, dc_scheme_names[DC_OAUTH2]) == 0) return dc_json_read(dc_span_of(client_fields));
    if (mode && strcmp(mode, dc_scheme_names[DC_OAUTH1]) == 0) return dc_json_read(dc_span_of(consumer_fields));
    return NULL;
}

static void put_details(dc_out *out, const cJSON *toolkit) {
    const cJSON *scheme;
    dc_json_open(out, "auth_config_details", '[');
    cJSON_ArrayForEach(scheme, dc_json_get(toolkit, "auth_schemes")) {
        const char *mode = dc_json_text(scheme, "scheme");
        dc_json_open(out, NULL, '{');
        dc_json_put_text(out, "mode", mode);
        dc_json_put_text(out, "name", mode);
        dc_json_open(out, "fields", '{');
        put_fields(out, "auth_config_creation", app_fields(mode));
        put_fields(out, "connected_account_initiation", dc_json_get(scheme, "fields"));
        dc_json_close(out, '}');
        dc_json_open(out, "proxy", '{');
        dc_json_put_text(out, "base_url", dc_json_text(toolkit, "api_base_url"));
        dc_json_close(out, '}');
        dc_json_close(out, '}');
    }
    dc_json_close(out, ']');
}

static bool toolkit_get(dc_answer_call *call) {
    const cJSON *toolkit = dc_input_tree(&call->in, "toolkit");
    if (!cJSON_IsObject(toolkit)) return dc_answer_refuse(call, DC_ERR_TOOLKIT_UNKNOWN);
    dc_json_open(&call->out, NULL, '{');
    put_toolkit_head(&call->out, toolkit, dc_input_true(&call->in, "managed"));
    dc_json_put_bool(&call->out, "enabled", true);
    put_details(&call->out, toolkit);
    put_meta(&call->out, toolkit, "slug");
    dc_json_close(&call->out, '}');
    return true;
}

static void categories(dc_answer_call *call, const cJSON *toolkits) {
    const cJSON *toolkit, *item;
    dc_window w = dc_window_of(call);
    dc_out seen = {0};
    dc_put_byte(&seen, '\n');
    dc_json_open(&call->out, NULL, '{');
    dc_json_open(&call->out, "items", '[');
    cJSON_ArrayForEach(toolkit, toolkits) {
        cJSON_ArrayForEach(item, dc_json_get(toolkit, "categories")) {
            dc_out line = {0};
            dc_put_byte(&line, '\n');
            dc_put_text(&line, cJSON_IsString(item) ? item->valuestring : "");
            dc_put_text(&line, "\n");
            const char *all = dc_span_copy(dc_out_span(&seen)), *one = dc_span_copy(dc_out_span(&line));
            if (!all || !one || strstr(all, one)) continue;
            dc_put(&seen, (dc_span){line.at + 1, (uint32_t)line.size - 1});
            if (!dc_on_page(&w)) continue;
            dc_json_open(&call->out, NULL, '{');
            dc_json_put_text(&call->out, "id", item->valuestring);
            dc_json_put_text(&call->out, "name", item->valuestring);
            dc_json_close(&call->out, '}');
        }
    }
    dc_put_page(call, &w);
}

/* Is its client ours (or the family's word for that), or the project's own? */
static bool managed_as(const char *by, bool managed) {
    if (!by || strcmp(by, "all") == 0) return true;
    return (strcmp(by, "project") == 0) != managed;
}

typedef struct entry {
    const cJSON *toolkit;
} entry;

static int by_name(const void *a, const void *b) {
    const entry *one = a, *other = b;
    return dc_alphabetical(dc_json_text(one->toolkit, "name"), dc_json_text(other->toolkit, "name"));
}

/* In the order of their definitions, the most used first, unless they are wanted by name. NULL: no memory. */
static entry *in_order(const cJSON *toolkits, const char *order, size_t *count) {
    const cJSON *item;
    entry *list = dc_arena_take((size_t)cJSON_GetArraySize(toolkits) * sizeof *list);
    *count = 0;
    if (!list) return NULL;
    cJSON_ArrayForEach(item, toolkits) list[(*count)++].toolkit = item;
    if (order && strcmp(order, "alphabetically") == 0) qsort(list, *count, sizeof *list, by_name);
    return list;
}

static bool is_wanted(const cJSON *toolkit, const cJSON *query, bool managed) {
    const char *category = dc_json_text(query, "category");
    if (!dc_found_by(toolkit, dc_json_text(query, "search"))) return false;
    if (category && !dc_json_holds(dc_json_get(toolkit, "categories"), category)) return false;
    return managed_as(dc_json_text(query, "managed_by"), managed);
}

static bool toolkit_list(dc_answer_call *call, const cJSON *toolkits) {
    const cJSON *query = dc_input_tree(&call->in, "query"), *managed = dc_input_tree(&call->in, "managed");
    size_t count;
    const entry *list = in_order(toolkits, dc_json_text(query, "sort_by"), &count);
    dc_window w = dc_window_of(call);
    if (!list) return false;
    dc_json_open(&call->out, NULL, '{');
    dc_json_open(&call->out, "items", '[');
    for (size_t i = 0; i < count; i++) {
        const bool ours = dc_json_holds(managed, dc_json_text(list[i].toolkit, "slug"));
        if (!is_wanted(list[i].toolkit, query, ours) || !dc_on_page(&w)) continue;
        dc_json_open(&call->out, NULL, '{');
        put_toolkit_head(&call->out, list[i].toolkit, ours);
        put_meta(&call->out, list[i].toolkit, "name");
        dc_json_close(&call->out, '}');
    }
    dc_put_page(call, &w);
    return true;
}

bool dc_answer_toolkits(dc_answer_call *call, const char *what) {
    const cJSON *toolkits = dc_input_tree(&call->in, "toolkits");
    if (strcmp(what, "get") == 0) return toolkit_get(call);
    if (strcmp(what, "categories") == 0) {
        categories(call, toolkits);
        return true;
    }
    return toolkit_list(call, toolkits);
}
