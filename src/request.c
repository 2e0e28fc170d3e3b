/* request.c: one call of the SDK -> HTTP request. */
#include "request.h"

#include "fields.h"
#include "scan.h"

#include <string.h>

/* The caller's value for each field of the operation; size 0: not given. */
typedef struct given {
    const dc_operation *op;
    dc_span values[DC_MOST_FIELDS];
    dc_faults faults;
} given;

/* An SDK error: the model that dc_response makes of a service's answer, for a call that was never sent. */
static const dc_reply *invalid(const dc_faults *faults) {
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "name", "ValidationError");
    dc_json_put_text(&out, "code", "TS-SDK::VALIDATION_ERROR");
    dc_json_put_text(&out, "message", "The arguments are not valid; nothing was sent.");
    dc_json_put_text(&out, "suggestedFix", "Correct what errors names.");
    dc_json_put_raw(&out, "errors", dc_out_span(&faults->list));
    dc_put_byte(&out, ']');
    dc_json_put_bool(&out, "retryable", false);
    dc_json_close(&out, '}');
    return dc_reply_value(400, &out, (dc_span){NULL, 0});
}

static bool offered(const dc_field *field) {
    return !(field->flags & DC_WIRE_ONLY);
}

static int field_named(const dc_operation *op, dc_span raw_name) {
    dc_span name;
    if (!dc_scan_string(raw_name, &name)) return -1;
    for (int i = 0; op->fields[i].wire; i++) {
        if (offered(&op->fields[i]) && dc_span_is(name, dc_field_sdk_name(&op->fields[i]))) return i;
    }
    return -1;
}

static void sort_arguments(given *in, dc_span args) {
    dc_span name, value;
    while (dc_scan_next(&args, &name, &value)) {
        const int index = field_named(in->op, name);
        if (index < 0) {
            const dc_span bare = {name.at + 1, name.size - 2};
            dc_faults_add_span(&in->faults, bare, "is not an argument of this call");
        } else if (!dc_span_is(value, "null")) {
            in->values[index] = value;
        }
    }
}

static const char *check_argument(const dc_field *field, dc_span raw) {
    if (!(field->flags & DC_SWITCH)) return dc_field_check(field, raw);
    return dc_span_is(raw, "true") || dc_span_is(raw, "false") ? NULL : "must be true or false";
}

static void check_arguments(given *in) {
    for (int i = 0; in->op->fields[i].wire; i++) {
        const dc_field *field = &in->op->fields[i];
        if (!offered(field)) continue;
        const char *problem = NULL;
        if (in->values[i].size) {
            problem = check_argument(field, in->values[i]);
        } else if (field->flags & DC_REQUIRED) {
            problem = "is required";
        }
        if (problem) dc_faults_add(&in->faults, dc_field_sdk_name(field), problem);
    }
}

static void put_value(dc_out *out, dc_span raw) {
    dc_span text = raw;
    if (raw.size && raw.at[0] == '"') dc_scan_string(raw, &text);
    dc_put_percent(out, text);
}

/* A switch is a word on the wire; the SDK's caller says true or false for it. */
static void put_part(dc_out *out, const dc_field *field, dc_span raw) {
    const bool says = (field->flags & DC_SWITCH) != 0 && raw.size && raw.at[0] != '"';
    if (says) dc_put_text(out, dc_field_words(field)[dc_span_is(raw, "false")]);
    else put_value(out, raw);
}

static void put_path(dc_out *out, const dc_operation *op, const char *api, const dc_span *values) {
    const char *path = op->path;
    if (path[0] == '/' && path[1] == '/') {
        path++;
    } else {
        dc_put_text(out, "/api/");
        dc_put_text(out, api);
    }
    for (; *path; path++) {
        if (*path != '{') {
            dc_put_byte(out, *path);
            continue;
        }
        const char *close = strchr(path, '}');
        const dc_span name = {path + 1, (uint32_t)(close - path - 1)};
        for (int i = 0; op->fields[i].wire; i++) {
            if (dc_span_is(name, op->fields[i].wire)) put_part(out, &op->fields[i], values[i]);
        }
        path = close;
    }
}

static bool has_comma(dc_span list) {
    for (dc_span item, text; dc_scan_item(&list, &item);) {
        if (dc_scan_string(item, &text) && text.size && memchr(text.at, ',', text.size)) return true;
    }
    return false;
}

/* One comma-joined parameter; where an item holds a comma itself, the bracketed form, which is not split. */
static void put_list(dc_out *out, const char *name, dc_span list, char *separator) {
    const bool brackets = has_comma(list);
    bool first = true;
    for (dc_span item; dc_scan_item(&list, &item); first = false) {
        if (brackets || first) {
            dc_put_byte(out, *separator);
            dc_put_text(out, name);
            dc_put_text(out, brackets ? "%5B%5D=" : "=");
            *separator = '&';
        } else {
            dc_put_text(out, "%2C");
        }
        put_value(out, item);
    }
}

static void put_query(dc_out *out, const dc_operation *op, const dc_span *values) {
    char separator = '?';
    for (int i = 0; op->fields[i].wire; i++) {
        const dc_field *field = &op->fields[i];
        if (field->place != DC_QUERY || !values[i].size) continue;
        if (values[i].at[0] == '[') {
            put_list(out, field->wire, values[i], &separator);
            continue;
        }
        dc_put_byte(out, separator);
        separator = '&';
        dc_put_text(out, field->wire);
        dc_put_byte(out, '=');
        put_value(out, values[i]);
    }
}

void dc_request_put_target(dc_out *out, const dc_operation *op, const char *api, const dc_span *values) {
    put_path(out, op, api, values);
    put_query(out, op, values);
}

/* Body fields of one nested object stand together in the table, so each is opened once. */
void dc_request_put_body(dc_out *out, const dc_operation *op, const dc_span *values) {
    dc_span open = {NULL, 0};
    dc_json_open(out, NULL, '{');
    for (int i = 0; op->fields[i].wire; i++) {
        const dc_field *field = &op->fields[i];
        if (field->place != DC_BODY || !values[i].size) continue;
        const char *dot = strchr(field->wire, '.');
        const dc_span group = {field->wire, dot ? (uint32_t)(dot - field->wire) : 0};
        if (open.size && !dc_span_equal(open, group)) dc_json_close(out, '}');
        if (group.size && !dc_span_equal(open, group)) dc_json_open(out, dc_span_copy(group), '{');
        open = group;
        dc_json_put_raw(out, dot ? dot + 1 : field->wire, values[i]);
    }
    if (open.size) dc_json_close(out, '}');
    dc_json_close(out, '}');
}

const dc_reply *dc_request(uint32_t op, uint32_t size) {
    dc_input input;
    given in = {.op = dc_operation_at(op)};
    if (!in.op) return dc_refuse(DC_ERR_INTERNAL, "There is no such call.", NULL);
    if (!dc_input_read(size, &input)) {
        dc_faults_add(&in.faults, "arguments", "must be an object");
        return invalid(&in.faults);
    }
    sort_arguments(&in, input.head);
    check_arguments(&in);
    if (in.faults.count) return invalid(&in.faults);

    dc_out target = {0}, headers = {0}, body = {0};
    dc_request_put_target(&target, in.op, "v3", in.values);
    dc_put_text(&headers, "accept: application/json\n");
    if (strcmp(in.op->method, "GET") != 0 && strcmp(in.op->method, "DELETE") != 0) {
        dc_put_text(&headers, "content-type: application/json\n");
        dc_request_put_body(&body, in.op, in.values);
    }
    return dc_reply_request(dc_span_of(in.op->method), &target, &headers, &body);
}
