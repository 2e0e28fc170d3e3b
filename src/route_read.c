/* route_read.c: the parameters of a request: taken out of path, query and body, checked, and held. */
#include "route.h"

#include "scan.h"

#include <string.h>

bool dc_route_segment(dc_span *path, dc_span *out) {
    if (!path->size || path->at[0] != '/') return false;
    uint32_t size = 1;
    while (size < path->size && path->at[size] != '/') size++;
    *out = (dc_span){path->at + 1, size - 1};
    *path = (dc_span){path->at + size, path->size - size};
    return true;
}

bool dc_route_is_parameter(dc_span part) {
    return part.size && part.at[0] == '{';
}

static void hold(dc_request_line *in, const dc_field *field, dc_span text) {
    dc_held *held = &in->fields[field - in->op->fields];
    const char *problem = dc_field_check_text(field, text);
    const bool list = field->type == DC_TEXTS || field->type == DC_WORDS;
    if (!problem && held->count >= (list ? DC_MOST_ITEMS : 1)) problem = list ? "has too many items" : "is given twice";
    if (problem) {
        dc_faults_add(&in->faults, field->wire, problem);
        return;
    }
    held->count++;
    if (field->type == DC_WHOLE || (field->type == DC_BOOL && !field->column)) {
        dc_put(&held->items, text);
    } else {
        dc_json_put_span(&held->items, NULL, text);
    }
    if (field->ref) in->refs[field->ref] = dc_span_copy(text);
}

void dc_route_read_path(dc_request_line *in) {
    dc_span template = dc_span_of(in->op->path + (in->api ? 0 : 1)), path = in->path, want, have;
    while (dc_route_segment(&template, &want) && dc_route_segment(&path, &have)) {
        for (const dc_field *field = in->op->fields; dc_route_is_parameter(want) && field->wire; field++) {
            dc_span text;
            if (!dc_span_is((dc_span){want.at + 1, want.size - 2}, field->wire)) continue;
            if (dc_percent_decode(have, false, &text) && dc_utf8_valid(text)) {
                hold(in, field, text);
            } else {
                dc_faults_add(&in->faults, field->wire, "is not well-formed");
            }
        }
    }
}

/* The field of a query name; *bracketed where it was written `name[]`. */
static const dc_field *query_field(const dc_request_line *in, dc_span name, bool *bracketed) {
    *bracketed = name.size > 2 && name.at[name.size - 2] == '[' && name.at[name.size - 1] == ']';
    const dc_span bare = {name.at, name.size - (*bracketed ? 2 : 0)};
    for (const dc_field *field = in->op->fields; field->wire; field++) {
        if (field->place != DC_QUERY) continue;
        if (field->type == DC_MAP) {
            const uint32_t size = (uint32_t)strlen(field->wire);
            const bool keyed = name.size > size + 1 && name.at[size] == '[' && name.at[name.size - 1] == ']';
            if (field->wire[0] == '*' || (dc_span_starts(name, field->wire) && (keyed || name.size == size)))
                return field;
        } else if (dc_span_is(bare, field->wire)) {
            const bool list = field->type == DC_TEXTS || field->type == DC_WORDS;
            return *bracketed && !list ? NULL : field;
        }
    }
    return NULL;
}

static void hold_query(dc_request_line *in, const dc_field *field, dc_span value, bool bracketed) {
    if (field->type == DC_MAP) return;
    if (bracketed || (field->type != DC_TEXTS && field->type != DC_WORDS)) {
        hold(in, field, value);
        return;
    }
    for (bool more = true; more;) {
        const char *comma = value.size ? memchr(value.at, ',', value.size) : NULL;
        const uint32_t size = comma ? (uint32_t)(comma - value.at) : value.size;
        const dc_span item = {value.at, size};
        if (item.size) {
            hold(in, field, item);
        } else {
            dc_faults_add(&in->faults, field->wire, "has an empty item (leave it out to have all)");
        }
        more = comma != NULL;
        if (more) value = (dc_span){comma + 1, value.size - size - 1};
    }
}

static void check_required(dc_request_line *in) {
    for (const dc_field *field = in->op->fields; field->wire; field++) {
        const dc_held *held = &in->fields[field - in->op->fields];
        if (field->place == DC_QUERY && (field->flags & DC_REQUIRED) && !held->count)
            dc_faults_add(&in->faults, field->wire, "is required");
    }
}

void dc_route_read_query(dc_request_line *in) {
    dc_span rest = in->query, name, value;
    for (dc_form form; (form = dc_form_next(&rest, &name, &value)) != DC_FORM_END;) {
        bool bracketed;
        if (form == DC_FORM_BAD) {
            dc_faults_add(&in->faults, "query", "is not well-formed");
            continue;
        }
        const dc_field *field = query_field(in, name, &bracketed);
        if (field) {
            hold_query(in, field, value, bracketed);
        } else {
            dc_faults_add_span(&in->faults, name, "is not a parameter of this route");
        }
    }
    check_required(in);
}

/* What holds fields must be an object: read as absent it would hide that they were given. */
static void check_parent(dc_request_line *in, const dc_field *field) {
    const char *dot = strchr(field->wire, '.');
    const uint32_t size = dot ? (uint32_t)(dot - field->wire) : 0;
    const bool first = field == in->op->fields || strncmp(field[-1].wire, field->wire, size + 1) != 0;
    const char *name = dot && first && in->body.size ? dc_span_copy((dc_span){field->wire, size}) : NULL;
    dc_span raw;
    if (name && dc_scan_member(in->body, name, &raw) && raw.at[0] != '{' && !dc_span_is(raw, "null"))
        dc_faults_add(&in->faults, name, "must be an object");
}

static void read_body_field(dc_request_line *in, const dc_field *field) {
    dc_span raw, text;
    const bool there = in->body.size && dc_field_find(in->body, field->wire, &raw) && !dc_span_is(raw, "null");
    if (!there) {
        if (field->flags & DC_REQUIRED) dc_faults_add(&in->faults, field->wire, "is required");
        if (field->flags & DC_OR_DEFAULT) in->refs[field->ref] = "default";
        return;
    }
    const bool unserved = (field->flags & DC_UNSERVED) != 0;
    const char *problem = unserved ? "is not served yet; leave it out" : dc_field_check(field, raw);
    if (problem) {
        dc_faults_add(&in->faults, field->wire, problem);
    } else if (field->ref && dc_scan_string(raw, &text)) {
        in->refs[field->ref] = dc_span_copy(text);
    }
}

bool dc_route_read_body(dc_request_line *in) {
    if (in->op->flags & DC_FORM) return true;
    if (in->body.size && !dc_scan_valid(in->body, NULL)) return false;
    for (uint32_t i = 0; i < in->body.size; i++) { /* white space before the value */
        if (!strchr(" \t\r\n", in->body.at[i])) {
            in->body = (dc_span){in->body.at + i, in->body.size - i};
            break;
        }
    }
    if (in->body.size && in->body.at[0] != '{') return false;
    for (const dc_field *field = in->op->fields; field->wire; field++) {
        if (field->place != DC_BODY) continue;
        check_parent(in, field);
        read_body_field(in, field);
    }
    return true;
}

bool dc_route_is_plain(dc_span segment) {
    for (uint32_t i = 0; i < segment.size; i++) {
        const char c = segment.at[i];
        const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && (!c || !strchr("-_.~", c))) return false;
    }
    return segment.size && !dc_span_is(segment, ".") && !dc_span_is(segment, "..");
}

void dc_route_values(const dc_request_line *in, dc_span values[DC_MOST_FIELDS]) {
    for (int i = 0; in->op->fields[i].wire; i++) {
        const dc_field *field = &in->op->fields[i];
        const bool list = field->type == DC_TEXTS || field->type == DC_WORDS;
        dc_span raw = {NULL, 0};
        if (field->place != DC_BODY && in->fields[i].count) {
            dc_out out = {0};
            if (list) dc_put_byte(&out, '[');
            dc_put(&out, dc_out_span(&in->fields[i].items));
            if (list) dc_put_byte(&out, ']');
            raw = dc_out_span(&out);
        } else if (field->place == DC_BODY && in->body.size && !dc_field_find(in->body, field->wire, &raw)) {
            raw.size = 0;
        }
        values[i] = raw.size && dc_span_is(raw, "null") ? (dc_span){NULL, 0} : raw;
    }
}
