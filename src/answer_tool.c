/* answer_tool.c: response bodies of tools, made from their definitions. */
#include "answer_list.h"

#include <string.h>

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

/* What a tool does, in the words that the Model Context Protocol has for it. */
static const struct {
    const char *hint, *tag;
} tags[] = {
    {"read_only", "readOnlyHint"},
    {"destructive", "destructiveHint"},
    {"idempotent", "idempotentHint"},
    {"open_world", "openWorldHint"},
};
enum { TAGS = sizeof tags / sizeof tags[0] };

static void put_tags(dc_out *out, const cJSON *tool) {
    const cJSON *hints = dc_json_get(tool, "hints");
    dc_json_open(out, "tags", '[');
    for (int i = 0; i < TAGS; i++) {
        if (dc_json_true(hints, tags[i].hint)) dc_json_put_text(out, NULL, tags[i].tag);
    }
    dc_json_close(out, ']');
}

static bool is_tagged(const cJSON *tool, const cJSON *wanted) {
    const cJSON *hints = dc_json_get(tool, "hints");
    for (int i = 0; i < TAGS; i++) {
        if (dc_json_true(hints, tags[i].hint) && dc_json_holds(wanted, tags[i].tag)) return true;
    }
    return false;
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
    put_tags(out, tool);
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

/* Can an account with one of these scopes use it? */
static bool is_in_scope(const cJSON *tool, const cJSON *wanted) {
    const cJSON *scope, *scopes = dc_json_get(tool, "scopes_any_of");
    if (cJSON_GetArraySize(scopes) == 0) return true;
    cJSON_ArrayForEach(scope, scopes) {
        if (cJSON_IsString(scope) && dc_json_holds(wanted, scope->valuestring)) return true;
    }
    return false;
}

/* Is it one of those that a toolkit's definition marks as important? A toolkit that marks none has no others. */
static bool is_important(const cJSON *tool, const cJSON *tools) {
    const cJSON *other;
    const char *slug = dc_json_text(tool, "toolkit");
    if (dc_json_true(tool, "important")) return true;
    cJSON_ArrayForEach(other, tools) {
        const char *own = dc_json_text(other, "toolkit");
        if (own && slug && strcmp(own, slug) == 0 && dc_json_true(other, "important")) return false;
    }
    return true;
}

/* May an account of one of these auth configs execute it? */
static bool is_of_config(const cJSON *tool, const cJSON *configs) {
    const cJSON *config;
    const char *toolkit = dc_json_text(tool, "toolkit"), *slug = dc_json_text(tool, "slug");
    cJSON_ArrayForEach(config, configs) {
        const char *own = dc_json_text(config, "toolkit");
        const cJSON *tools = dc_json_get(config, "tools");
        if (!own || !toolkit || strcmp(own, toolkit) != 0) continue;
        if (cJSON_GetArraySize(tools) == 0 || dc_json_holds(tools, slug)) return true;
    }
    return false;
}

/* Every filter that is given narrows the list. */
static bool is_wanted(const cJSON *tool, const dc_input *in) {
    const cJSON *query = dc_input_tree(in, "query"), *configs = dc_input_tree(in, "configs");
    const char *toolkit = dc_json_text(query, "toolkit_slug"), *own = dc_json_text(tool, "toolkit");
    const cJSON *slugs = dc_json_get(query, "tool_slugs"), *wanted = dc_json_get(query, "tags");
    const cJSON *scopes = dc_json_get(query, "scopes");
    if (!dc_found_by(tool, dc_json_text(query, "search"))) return false;
    if (toolkit && own && !is_named(toolkit, own)) return false;
    if (slugs && !dc_json_holds(slugs, dc_json_text(tool, "slug"))) return false;
    if (wanted && !is_tagged(tool, wanted)) return false;
    if (scopes && !is_in_scope(tool, scopes)) return false;
    if (dc_json_get(query, "auth_config_ids") && !is_of_config(tool, configs)) return false;
    return !dc_json_true(query, "important") || is_important(tool, dc_input_tree(in, "tools"));
}

static bool tool_get(dc_answer_call *call, const cJSON *toolkits) {
    const cJSON *tool = dc_input_tree(&call->in, "tool");
    if (!cJSON_IsObject(tool)) return dc_answer_refuse(call, DC_ERR_TOOL_UNKNOWN);
    put_tool(&call->out, tool, toolkit_of(toolkits, dc_json_text(tool, "toolkit")));
    return true;
}

bool dc_answer_tools(dc_answer_call *call, const char *what) {
    const cJSON *item, *toolkits = dc_input_tree(&call->in, "toolkits"), *tools;
    dc_window w = dc_window_of(call);
    if (strcmp(what, "get") == 0) return tool_get(call, toolkits);
    dc_json_open(&call->out, NULL, '{');
    dc_json_open(&call->out, "items", '[');
    tools = dc_input_tree(&call->in, "tools");
    cJSON_ArrayForEach(item, tools) {
        if (!is_wanted(item, &call->in) || !dc_on_page(&w)) continue;
        put_tool(&call->out, item, toolkit_of(toolkits, dc_json_text(item, "toolkit")));
    }
    dc_put_page(call, &w);
    return true;
}
