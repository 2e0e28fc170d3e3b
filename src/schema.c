/* schema.c: tool arguments against the schemas of the tool's parameters (the part of JSON Schema that tool
 * definitions use). Values are looked at as raw JSON: they are the caller's and travel on unchanged. */
#include "scan.h"
#include "tool.h"

#include <string.h>

static const char *kind_of(dc_span raw) {
    switch (raw.at[0]) {
    case '"': return "string";
    case '{': return "object";
    case '[': return "array";
    case 't':
    case 'f': return "boolean";
    case 'n': return "null";
    default: return "number";
    }
}

static bool is_whole(dc_span raw) {
    for (uint32_t i = 0; i < raw.size; i++) {
        if (raw.at[i] == '.' || raw.at[i] == 'e' || raw.at[i] == 'E') return false;
    }
    return true;
}

static bool kind_fits(const char *want, dc_span raw) {
    const char *have = kind_of(raw);
    if (strcmp(want, "integer") == 0) return strcmp(have, "number") == 0 && is_whole(raw);
    return strcmp(want, have) == 0;
}

static bool type_fits(const cJSON *type, dc_span raw) {
    const cJSON *item;
    if (!type) return true;
    if (cJSON_IsString(type)) return kind_fits(type->valuestring, raw);
    cJSON_ArrayForEach(item, type) {
        if (cJSON_IsString(item) && kind_fits(item->valuestring, raw)) return true;
    }
    return false;
}

static bool in_enum(const cJSON *list, dc_span raw) {
    const cJSON *item;
    dc_span text;
    if (!cJSON_IsArray(list)) return true;
    cJSON_ArrayForEach(item, list) {
        dc_out out = {0};
        if (cJSON_IsString(item)) {
            if (raw.at[0] == '"' && dc_scan_string(raw, &text) && dc_span_is(text, item->valuestring)) return true;
            continue;
        }
        dc_json_put_tree(&out, NULL, item);
        if (dc_span_equal(dc_out_span(&out), raw)) return true;
    }
    return false;
}

static const char *check_number(const cJSON *schema, dc_span raw) {
    const cJSON *value = dc_json_read(raw), *low = dc_json_get(schema, "minimum"),
                *high = dc_json_get(schema, "maximum");
    if (!cJSON_IsNumber(low) && !cJSON_IsNumber(high)) return NULL;
    if (!cJSON_IsNumber(value)) return "has too many digits"; /* more than the reader takes: nothing is known of it */
    if (cJSON_IsNumber(low) && !(value->valuedouble >= low->valuedouble)) return "is under the least that is allowed";
    if (cJSON_IsNumber(high) && !(value->valuedouble <= high->valuedouble)) return "is over the most that is allowed";
    return NULL;
}

static const char *check_string(const cJSON *schema, dc_span raw) {
    dc_span text;
    if (!dc_scan_string(raw, &text)) return "must not hold NUL or half a character";
    const double count = (double)dc_utf8_count(text);
    if (count < dc_json_number(schema, "minLength", 0)) return "is too short";
    if (count > dc_json_number(schema, "maxLength", 1e9)) return "is too long";
    return NULL;
}

static void check(const cJSON *schema, dc_span raw, const char *name, dc_faults *faults, int depth);

static void check_items(const cJSON *schema, dc_span raw, const char *name, dc_faults *faults, int depth) {
    const cJSON *items = dc_json_get(schema, "items");
    uint32_t count = 0;
    for (dc_span item; dc_scan_item(&raw, &item); count++) {
        if (items) check(items, item, name, faults, depth);
    }
    if (count < dc_json_number(schema, "minItems", 0)) dc_faults_add(faults, name, "has too few items");
    if (count > dc_json_number(schema, "maxItems", 1e9)) dc_faults_add(faults, name, "has too many items");
}

static const char *joined(const char *name, const char *member) {
    dc_out out = {0};
    dc_put_text(&out, name);
    dc_put_byte(&out, '.');
    dc_put_text(&out, member);
    dc_put_byte(&out, '\0');
    return out.failed ? member : out.at;
}

static void check_members(const cJSON *schema, dc_span raw, const char *name, dc_faults *faults, int depth) {
    const cJSON *item, *properties = dc_json_get(schema, "properties");
    dc_span rest = raw, quoted, value, text;
    cJSON_ArrayForEach(item, dc_json_get(schema, "required")) {
        if (cJSON_IsString(item) && !dc_scan_member(raw, item->valuestring, &value))
            dc_faults_add(faults, joined(name, item->valuestring), "is required");
    }
    while (dc_scan_next(&rest, &quoted, &value)) {
        const char *member = dc_scan_string(quoted, &text) ? dc_span_copy(text) : NULL;
        const cJSON *property = member ? dc_json_get(properties, member) : NULL;
        if (property) check(property, value, joined(name, member), faults, depth);
        else if (cJSON_IsFalse(dc_json_get(schema, "additionalProperties")))
            dc_faults_add(faults, joined(name, member ? member : "?"), "is not known");
    }
}

static void check(const cJSON *schema, dc_span raw, const char *name, dc_faults *faults, int depth) {
    const char *problem = NULL;
    if (depth > DC_DEPTH) return;
    if (!type_fits(dc_json_get(schema, "type"), raw)) {
        dc_faults_add(faults, name, "is of the wrong type");
        return;
    }
    if (!in_enum(dc_json_get(schema, "enum"), raw)) problem = "is not one of the allowed values";
    const char *kind = kind_of(raw);
    if (!problem && strcmp(kind, "number") == 0) problem = check_number(schema, raw);
    if (!problem && strcmp(kind, "string") == 0) problem = check_string(schema, raw);
    if (problem) dc_faults_add(faults, name, problem);
    if (raw.at[0] == '[') check_items(schema, raw, name, faults, depth + 1);
    if (raw.at[0] == '{') check_members(schema, raw, name, faults, depth + 1);
}

static const cJSON *parameter_named(const cJSON *tool, dc_span name) {
    const cJSON *item;
    cJSON_ArrayForEach(item, dc_json_get(tool, "parameters")) {
        const char *own = dc_json_text(item, "name");
        if (own && dc_span_is(name, own)) return item;
    }
    return NULL;
}

void dc_tool_check(const cJSON *tool, dc_span arguments, dc_faults *faults) {
    const cJSON *item;
    dc_span rest = arguments, quoted, value, name;
    while (rest.size && dc_scan_next(&rest, &quoted, &value)) {
        const cJSON *parameter = dc_scan_string(quoted, &name) ? parameter_named(tool, name) : NULL;
        if (!parameter)
            dc_faults_add_span(faults, (dc_span){quoted.at + 1, quoted.size - 2}, "is not an argument of this tool");
    }
    cJSON_ArrayForEach(item, dc_json_get(tool, "parameters")) {
        const char *own = dc_json_text(item, "name");
        const bool there = own && arguments.size && dc_scan_member(arguments, own, &value);
        if (there) check(dc_json_get(item, "schema"), value, own, faults, 0);
        else if (own && dc_json_true(item, "required")) dc_faults_add(faults, own, "is required");
    }
}
