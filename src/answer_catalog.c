/* answer_catalog.c: response bodies of toolkits and tools, made from their definitions. */
#include "answer.h"

#include "scan.h"

#include <string.h>

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Letter case aside (ASCII). An empty needle is everywhere. */
static bool contains(const char *text, const char *needle) {
    const size_t size = strlen(needle);
    for (; text && *text; text++) {
        size_t i = 0;
        while (i < size && text[i] && lower(text[i]) == lower(needle[i])) i++;
        if (i == size) return true;
    }
    return size == 0;
}

static bool found_by(const cJSON *definition, const char *search) {
    if (!search) return true;
    return contains(dc_json_text(definition, "slug"), search) || contains(dc_json_text(definition, "name"), search) ||
           contains(dc_json_text(definition, "description"), search);
}

/* Which of the entries that match stand on the page that was asked for. */
typedef struct window {
    double offset, limit, seen;
} window;

static window window_of(const dc_answer_call *call) {
    return (window){dc_input_number(&call->in, "offset", 0), dc_input_number(&call->in, "limit", 20), 0};
}

static bool on_page(window *w) {
    const double at = w->seen++;
    return at >= w->offset && at < w->offset + w->limit;
}

static void put_page(dc_answer_call *call, const window *w) {
    const bool more = w->seen > w->offset + w->limit;
    dc_json_close(&call->out, ']');
    dc_answer_page(call, w->seen, more);
    dc_json_close(&call->out, '}');
}

/* Deprecated spellings and ours of one flag: the managed schemes. */
static void put_schemes(dc_out *out, const char *name, const cJSON *toolkit, bool all) {
    const cJSON *item;
    dc_json_open(out, name, '[');
    cJSON_ArrayForEach(item, dc_json_get(toolkit, "auth_schemes")) {
        if (all) dc_json_put_text(out, NULL, dc_json_text(item, "scheme"));
    }
    dc_json_close(out, ']');
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

static void put_details(dc_out *out, const cJSON *toolkit) {
    const cJSON *scheme;
    dc_json_open(out, "auth_config_details", '[');
    cJSON_ArrayForEach(scheme, dc_json_get(toolkit, "auth_schemes")) {
        const char *mode = dc_json_text(scheme, "scheme");
        const bool oauth = mode && strcmp(mode, dc_scheme_names[DC_OAUTH2]) == 0;
        dc_json_open(out, NULL, '{');
        dc_json_put_text(out, "mode", mode);
        dc_json_put_text(out, "name", mode);
        dc_json_open(out, "fields", '{');
        put_fields(out, "auth_config_creation", oauth ? dc_json_read(dc_span_of(client_fields)) : NULL);
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
    window w = window_of(call);
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
            if (!on_page(&w)) continue;
            dc_json_open(&call->out, NULL, '{');
            dc_json_put_text(&call->out, "id", item->valuestring);
            dc_json_put_text(&call->out, "name", item->valuestring);
            dc_json_close(&call->out, '}');
        }
    }
    put_page(call, &w);
}

bool dc_answer_toolkits(dc_answer_call *call, const char *what) {
    const cJSON *item, *toolkits = dc_input_tree(&call->in, "toolkits"), *query = dc_input_tree(&call->in, "query");
    const cJSON *managed = dc_input_tree(&call->in, "managed");
    const char *search = dc_json_text(query, "search"), *category = dc_json_text(query, "category");
    window w = window_of(call);
    if (strcmp(what, "get") == 0) return toolkit_get(call);
    if (strcmp(what, "categories") == 0) {
        categories(call, toolkits);
        return true;
    }
    dc_json_open(&call->out, NULL, '{');
    dc_json_open(&call->out, "items", '[');
    cJSON_ArrayForEach(item, toolkits) {
        if (!found_by(item, search) || (category && !dc_json_holds(dc_json_get(item, "categories"), category)))
            continue;
        if (!on_page(&w)) continue;
        dc_json_open(&call->out, NULL, '{');
        put_toolkit_head(&call->out, item, dc_json_holds(managed, dc_json_text(item, "slug")));
        put_meta(&call->out, item, "name");
        dc_json_close(&call->out, '}');
    }
    put_page(call, &w);
    return true;
}

/* A tool's parameters as one JSON Schema. */
static void put_schema(dc_out *out, const cJSON *tool) {
    const cJSON *item, *member;
    dc_json_open(out, "input_parameters", '{');
    dc_json_put_text(out, "type", "object");
    dc_json_open(out, "properties", '{');
    cJSON_ArrayForEach(item, dc_json_get(tool, "parameters")) {
        const cJSON *schema = dc_json_get(item, "schema");
        if (!dc_json_text(item, "name")) continue;
        dc_json_open(out, dc_json_text(item, "name"), '{');
        for (member = cJSON_IsObject(schema) ? schema->child : NULL; member; member = member->next)
            dc_json_put_tree(out, member->string, member);
        dc_json_put_text(out, "description", dc_json_text(item, "description"));
        dc_json_close(out, '}');
    }
    dc_json_close(out, '}');
    dc_json_open(out, "required", '[');
    cJSON_ArrayForEach(item, dc_json_get(tool, "parameters")) {
        if (dc_json_true(item, "required")) dc_json_put_text(out, NULL, dc_json_text(item, "name"));
    }
    dc_json_close(out, ']');
    dc_json_close(out, '}');
}

static const cJSON *toolkit_of(const cJSON *toolkits, const char *slug) {
    const cJSON *item;
    cJSON_ArrayForEach(item, toolkits) {
        const char *own = dc_json_text(item, "slug");
        if (own && slug && strcmp(own, slug) == 0) return item;
    }
    return NULL;
}

static void put_tool(dc_out *out, const cJSON *tool, const cJSON *toolkit) {
    static const char empty[] = "{\"type\":\"object\",\"properties\":{}}";
    const cJSON *versions = dc_json_get(tool, "versions"), *scopes = dc_json_get(tool, "scopes_any_of");
    const cJSON *version = cJSON_GetArrayItem(versions, 0);
    const char *name = dc_json_text(toolkit, "name"), *slug = dc_json_text(tool, "toolkit");
    dc_json_open(out, NULL, '{');
    dc_json_put_text(out, "slug", dc_json_text(tool, "slug"));
    dc_json_put_text(out, "name", dc_json_text(tool, "name"));
    dc_json_put_text(out, "description", dc_json_text(tool, "description"));
    dc_json_open(out, "toolkit", '{');
    dc_json_put_text(out, "slug", slug);
    dc_json_put_text(out, "name", name ? name : slug);
    dc_json_put_text(out, "logo", "");
    dc_json_close(out, '}');
    put_schema(out, tool);
    dc_json_put_raw(out, "output_parameters", dc_span_of(empty));
    dc_json_put_bool(out, "no_auth", false);
    if (scopes) dc_json_put_tree(out, "scopes", scopes);
    else dc_json_put_raw(out, "scopes", dc_span_of("[]"));
    dc_json_put_raw(out, "tags", dc_span_of("[]"));
    dc_json_put_text(out, "version", cJSON_IsString(version) ? version->valuestring : NULL);
    if (versions) dc_json_put_tree(out, "available_versions", versions);
    dc_json_put_bool(out, "is_deprecated", false);
    dc_json_close(out, '}');
}

/* Is it one of the items of a comma-joined list? The family's clients send several toolkits so. */
static bool is_named(const char *list, const char *slug) {
    const size_t size = strlen(slug);
    for (; list; list = strchr(list, ',') ? strchr(list, ',') + 1 : NULL)
        if (strncmp(list, slug, size) == 0 && (list[size] == ',' || !list[size])) return true;
    return false;
}

bool dc_answer_tools(dc_answer_call *call, const char *what) {
    const cJSON *item, *query = dc_input_tree(&call->in, "query"), *toolkits = dc_input_tree(&call->in, "toolkits");
    if (strcmp(what, "get") == 0) {
        const cJSON *tool = dc_input_tree(&call->in, "tool");
        if (!cJSON_IsObject(tool)) return dc_answer_refuse(call, DC_ERR_TOOL_UNKNOWN);
        put_tool(&call->out, tool, toolkit_of(toolkits, dc_json_text(tool, "toolkit")));
        return true;
    }
    const char *search = dc_json_text(query, "search"), *slug = dc_json_text(query, "toolkit_slug");
    const cJSON *slugs = dc_json_get(query, "tool_slugs"), *tools = dc_input_tree(&call->in, "tools");
    window w = window_of(call);
    dc_json_open(&call->out, NULL, '{');
    dc_json_open(&call->out, "items", '[');
    cJSON_ArrayForEach(item, tools) {
        const char *own = dc_json_text(item, "toolkit");
        if (!found_by(item, search) || (slug && own && !is_named(slug, own))) continue;
        if (slugs && !dc_json_holds(slugs, dc_json_text(item, "slug"))) continue;
        if (!on_page(&w)) continue;
        put_tool(&call->out, item, toolkit_of(toolkits, own));
    }
    put_page(call, &w);
    return true;
}
