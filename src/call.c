/* call.c: tool definition + arguments + credential -> one HTTP request. Arguments are the caller's: what goes into
 * a JSON body goes there byte for byte. */
#include "scan.h"
#include "tool.h"

#include <string.h>

static const char *part_of(const cJSON *parameter) {
    const char *in = dc_json_text(parameter, "in");
    return in ? in : "body";
}

/* The argument of a parameter, or its schema's default. False: neither. */
static bool value_of(const cJSON *parameter, dc_span arguments, dc_span *raw) {
    const char *name = dc_json_text(parameter, "name");
    if (name && arguments.size && dc_scan_member(arguments, name, raw)) return true;
    const cJSON *otherwise = dc_json_get(dc_json_get(parameter, "schema"), "default");
    if (!otherwise || cJSON_IsNull(otherwise)) return false;
    dc_out out = {0};
    dc_json_put_tree(&out, NULL, otherwise);
    *raw = dc_out_span(&out);
    return !out.failed;
}

static dc_span text_of(dc_span raw) {
    dc_span text;
    return raw.at[0] == '"' && dc_scan_string(raw, &text) ? text : raw;
}

static bool find_parameter(const cJSON *tool, dc_span name, const cJSON **parameter) {
    const cJSON *item;
    cJSON_ArrayForEach(item, dc_json_get(tool, "parameters")) {
        const char *own = dc_json_text(item, "name");
        if (!own || !dc_span_is(name, own)) continue;
        *parameter = item;
        return true;
    }
    return false;
}

/* A path segment may not be `.` or `..`: some servers and clients would walk with it. */
static bool is_dots(dc_span text) {
    return dc_span_is(text, ".") || dc_span_is(text, "..");
}

/* The path: `{name}` is an argument first, a member of the connection otherwise. */
static bool put_path(dc_call *call, const cJSON *tool, const dc_values *values, dc_span arguments) {
    const char *path = dc_json_text(tool, "path");
    for (; path && *path; path++) {
        const char *close = *path == '{' ? strchr(path, '}') : NULL;
        if (!close) {
            dc_put_byte(&call->target, *path);
            continue;
        }
        const dc_span name = {path + 1, (uint32_t)(close - path - 1)};
        const cJSON *parameter;
        dc_span raw, text;
        const bool own = find_parameter(tool, name, &parameter) && value_of(parameter, arguments, &raw);
        if (own) text = text_of(raw);
        else if (!dc_values_find(values, name, &text)) return false;
        if (!text.size || is_dots(text)) return false;
        dc_put_percent(&call->target, text);
        path = close;
    }
    return path != NULL;
}

static void put_query(dc_call *call, const char *name, dc_span raw) {
    if (raw.at[0] != '[') {
        dc_call_query(call, name, text_of(raw));
        return;
    }
    for (dc_span item; dc_scan_item(&raw, &item);) dc_call_query(call, name, text_of(item));
}

/* A name with dots stands that deep: `start.dateTime`. Neighbours share their parents, so a tree is written by
 * walking the sorted table once for each level. */
static void put_members(dc_out *out, const cJSON *tool, dc_span arguments, const char *prefix) {
    const cJSON *parameter;
    const size_t skip = strlen(prefix);
    const char *last = "";
    cJSON_ArrayForEach(parameter, dc_json_get(tool, "parameters")) {
        const char *name = dc_json_text(parameter, "name");
        dc_span raw;
        if (!name || strcmp(part_of(parameter), "body") != 0 || strncmp(name, prefix, skip) != 0) continue;
        if (!value_of(parameter, arguments, &raw)) continue;
        const char *rest = name + skip, *dot = strchr(rest, '.');
        if (!dot) {
            dc_json_put_raw(out, rest, raw);
            continue;
        }
        const char *group = dc_span_copy((dc_span){rest, (uint32_t)(dot - rest)});
        const char *deeper = dc_span_copy((dc_span){name, (uint32_t)(dot - name + 1)});
        if (!group || !deeper || strcmp(group, last) == 0) continue;
        last = group;
        dc_json_open(out, group, '{');
        put_members(out, tool, arguments, deeper);
        dc_json_close(out, '}');
    }
}

static void put_json_body(dc_call *call, const cJSON *tool, dc_span arguments) {
    const char *graphql = dc_json_text(tool, "graphql_query");
    dc_call_header(call, "content-type", dc_span_of("application/json"));
    dc_json_open(&call->body, NULL, '{');
    if (graphql) {
        dc_json_put_text(&call->body, "query", graphql);
        dc_json_open(&call->body, "variables", '{');
    }
    put_members(&call->body, tool, arguments, "");
    if (graphql) dc_json_close(&call->body, '}');
    dc_json_close(&call->body, '}');
}

static void put_arguments(dc_call *call, const cJSON *tool, dc_span arguments) {
    const char *format = dc_json_text(tool, "request_format");
    const bool form = format && strcmp(format, "form") == 0;
    const cJSON *parameter;
    cJSON_ArrayForEach(parameter, dc_json_get(tool, "parameters")) {
        const char *name = dc_json_text(parameter, "name"), *in = part_of(parameter);
        dc_span raw;
        if (!name || strcmp(in, "path") == 0 || !value_of(parameter, arguments, &raw)) continue;
        if (strcmp(in, "query") == 0) put_query(call, name, raw);
        else if (form) dc_form_put(&call->body, name, text_of(raw));
    }
    if (form) dc_call_header(call, "content-type", dc_span_of("application/x-www-form-urlencoded"));
    else if (format && (strcmp(format, "json") == 0 || strcmp(format, "graphql") == 0))
        put_json_body(call, tool, arguments);
}

const dc_reply *dc_tool_build(dc_grant_call *grant) {
    const cJSON *tool = dc_input_tree(&grant->in, "tool");
    const dc_values values = dc_grant_values(grant);
    const char *base = dc_json_text(tool, "base_url"), *method = dc_json_text(tool, "method");
    dc_span arguments = {NULL, 0};
    dc_call call = {0};
    if (grant->in.rest.size && (!dc_scan_member(grant->in.rest, "arguments", &arguments) || arguments.at[0] != '{'))
        arguments.size = 0;
    if (!base || !method) return dc_refuse(DC_ERR_TOOL_UNKNOWN, NULL, NULL);
    dc_call_header(&call, "accept", dc_span_of("application/json"));
    if (!dc_template_put(&call.target, base, &values, DC_IN_URL) || !put_path(&call, tool, &values, arguments)) {
        return dc_refuse(DC_ERR_BAD_REQUEST, "An argument that is part of the address is missing or not allowed.",
                         NULL);
    }
    put_arguments(&call, tool, arguments);
    return dc_call_send(&call, grant, dc_json_get(tool, "headers"), method);
}
