/* route.c: request line and body -> operation with checked parameters. */
#include "route.h"

#include "words.h"

#include <string.h>

static const char *const ref_names[DC_REF_COUNT] = {
    [DC_REF_USER] = "user",       [DC_REF_CONFIG] = "config", [DC_REF_ACCOUNT] = "account",
    [DC_REF_TOOLKIT] = "toolkit", [DC_REF_TOOL] = "tool",     [DC_REF_VERSION] = "version",
    [DC_REF_KEY] = "key",         [DC_REF_TOKEN] = "token",   [DC_REF_VERIFIER] = "verifier",
};

/* Fixed segments must agree to the letter: an escaped or doubled slash or a `..` is some other path. */
static bool path_matches(dc_span template, dc_span path) {
    dc_span want, have;
    while (dc_route_segment(&template, &want)) {
        if (!dc_route_segment(&path, &have) || !have.size) return false;
        if (!dc_route_is_parameter(want) && !dc_span_equal(want, have)) return false;
    }
    return path.size == 0;
}

/* A word in the path belongs to the route: PATCH /auth_configs/{id}/{status} knows two statuses. */
static bool words_match(const dc_operation *op, dc_span path) {
    dc_span template = dc_span_of(op->path), want, have;
    while (dc_route_segment(&template, &want) && dc_route_segment(&path, &have)) {
        for (const dc_field *field = op->fields; dc_route_is_parameter(want) && field->wire; field++) {
            const dc_span name = {want.at + 1, want.size - 2};
            if (field->words && dc_span_is(name, field->wire) && dc_field_check_text(field, have)) return false;
        }
    }
    return true;
}

static bool find_operation(dc_request_line *in, dc_span method) {
    static const char *const prefixes[] = {"/api/v3/", "/api/v3.1/"};
    static const char *const names[] = {"v3", "v3.1"};
    dc_span path = in->path;
    for (int i = 0; i < 2; i++) {
        if (!dc_span_starts(in->path, prefixes[i])) continue;
        in->api = names[i];
        path = (dc_span){in->path.at + strlen(prefixes[i]) - 1, in->path.size - (uint32_t)strlen(prefixes[i]) + 1};
    }
    in->path = path;
    for (uint32_t i = 0; i < dc_operation_count; i++) {
        const dc_operation *op = &dc_operations[i];
        const bool outside = op->path[1] == '/';
        if (outside == (in->api != NULL) || !dc_span_is(method, op->method)) continue;
        if (!path_matches(dc_span_of(op->path + outside), path) || !words_match(op, path)) continue;
        in->op = op;
        return true;
    }
    return false;
}

/* Clients of v3 do not know REVOKED, it is written EXPIRED there; so who filters for one means both. */
static void put_filter(dc_out *out, const dc_request_line *in, const dc_field *field, const dc_held *held) {
    dc_json_open(out, NULL, '[');
    dc_json_put_text(out, NULL, dc_field_column(field));
    dc_json_open(out, NULL, '[');
    dc_json_put_raw(out, NULL, dc_out_span(&held->items));
    const char *expired = dc_status_names[DC_EXPIRED];
    if (field->words == DC_STATUSES && strcmp(in->api, "v3") == 0 && held->items.size) {
        const char *items = dc_span_copy(dc_out_span(&held->items));
        const char *revoked = dc_status_names[DC_REVOKED];
        if (items && strstr(items, expired) && !strstr(items, revoked)) dc_json_put_text(out, NULL, revoked);
    }
    dc_json_close(out, ']');
    dc_json_close(out, ']');
}

static void put_enabled(dc_out *out, const dc_field *field, const dc_held *held) {
    if (held->count && dc_span_is(dc_out_span(&held->items), "\"true\"")) return;
    dc_json_open(out, NULL, '[');
    dc_json_put_text(out, NULL, dc_field_column(field));
    dc_json_put_raw(out, NULL, dc_span_of("[\"ENABLED\"]"));
    dc_json_close(out, ']');
}

static void put_filters(dc_out *out, const dc_request_line *in) {
    dc_json_open(out, "filters", '[');
    for (const dc_field *field = in->op->fields; field->wire; field++) {
        const dc_held *held = &in->fields[field - in->op->fields];
        if (field->flags & DC_ENABLED_ONLY) put_enabled(out, field, held);
        else if (field->column && field->type != DC_TEXT && held->count) put_filter(out, in, field, held);
    }
    dc_json_close(out, ']');
}

/* A text to be found in any of some columns: [[columns], text]. */
static void put_search(dc_out *out, const dc_request_line *in) {
    for (const dc_field *field = in->op->fields; field->wire; field++) {
        const dc_held *held = &in->fields[field - in->op->fields];
        if (!field->column || field->type != DC_TEXT || !held->count) continue;
        dc_json_open(out, "search", '[');
        dc_json_open(out, NULL, '[');
        dc_json_put_text(out, NULL, dc_field_column(field));
        dc_json_put_text(out, NULL, "toolkit");
        dc_json_close(out, ']');
        dc_json_put_raw(out, NULL, dc_out_span(&held->items));
        dc_json_close(out, ']');
        return;
    }
    dc_json_put_null(out, "search");
}

static const dc_held *query_value(const dc_request_line *in, const char *name) {
    for (const dc_field *field = in->op->fields; field->wire; field++) {
        const dc_held *held = &in->fields[field - in->op->fields];
        if (field->place == DC_QUERY && held->count && strcmp(field->wire, name) == 0) return held;
    }
    return NULL;
}

static void put_or(dc_out *out, const char *name, const dc_held *value, const char *otherwise) {
    dc_json_put_raw(out, name, value ? dc_out_span(&value->items) : dc_span_of(otherwise));
}

static void put_query(dc_out *out, const dc_request_line *in) {
    dc_json_open(out, "query", '{');
    for (const dc_field *field = in->op->fields; field->wire; field++) {
        const dc_held *held = &in->fields[field - in->op->fields];
        if (field->place == DC_BODY || !held->count) continue;
        const bool list = field->type == DC_TEXTS || field->type == DC_WORDS;
        if (list) dc_json_open(out, field->wire, '[');
        dc_json_put_raw(out, list ? NULL : field->wire, dc_out_span(&held->items));
        if (list) dc_json_close(out, ']');
    }
    dc_json_close(out, '}');
}

static const dc_reply *matched(const dc_request_line *in) {
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_json_put_number(&out, "op", (double)(in->op - dc_operations));
    dc_json_put_text(&out, "name", in->op->name);
    dc_json_put_text(&out, "api", in->api);
    const dc_held *id = &in->fields[0];
    put_or(&out, "id", in->op->fields[0].place == DC_PATH && id->count ? id : NULL, "null");
    put_query(&out, in);
    put_filters(&out, in);
    put_search(&out, in);
    dc_json_open(&out, "order", '[');
    put_or(&out, NULL, query_value(in, "order_by"), "\"created_at\"");
    put_or(&out, NULL, query_value(in, "order_direction"), "\"desc\"");
    dc_json_close(&out, ']');
    put_or(&out, "limit", query_value(in, "limit"), "20");
    put_or(&out, "cursor", query_value(in, "cursor"), "null");
    dc_json_open(&out, "refs", '{');
    for (int i = 1; i < DC_REF_COUNT; i++) {
        if (in->refs[i]) dc_json_put_text(&out, ref_names[i], in->refs[i]);
    }
    dc_json_close(&out, '}');
    if (in->reads.size || in->counts.size) dc_narrow_put(&out, in);
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, in->body);
}

const dc_reply *dc_route_refuse(const dc_request_line *in, dc_error error, const char *message) {
    dc_refuse(error, message, &in->faults);
    return dc_reply_with(dc_span_of(in->op->name));
}

static const dc_reply *no_route(void) {
    return dc_refuse(DC_ERR_NO_ROUTE, NULL, NULL);
}

bool dc_route_open(dc_request_line *in, const dc_input *input, const dc_reply **refusal) {
    const dc_span method = dc_span_of(dc_input_text(input, "method"));
    const dc_span target = dc_span_of(dc_input_text(input, "target"));
    *refusal = NULL;
    if (!method.size || !target.size) return *refusal = no_route(), false;
    const char *mark = memchr(target.at, '?', target.size);
    const uint32_t path = mark ? (uint32_t)(mark - target.at) : target.size;
    in->path = (dc_span){target.at, path};
    in->query = mark ? (dc_span){mark + 1, target.size - path - 1} : (dc_span){NULL, 0};
    in->body = input->rest;
    if (!find_operation(in, method)) return *refusal = no_route(), false;
    if (!(in->op->flags & DC_SERVED)) return *refusal = dc_route_refuse(in, DC_ERR_NOT_SERVED, NULL), false;
    dc_route_read_path(in);
    dc_route_read_query(in);
    if (!dc_route_read_body(in)) {
        *refusal = dc_route_refuse(in, DC_ERR_BAD_REQUEST, "The body is not a JSON object.");
    } else if (in->faults.count) {
        *refusal = dc_route_refuse(in, (dc_error)in->op->bad, "The request is not valid.");
    }
    return !*refusal;
}

const dc_reply *dc_route(uint32_t size) {
    dc_input input;
    dc_request_line in = {0};
    const dc_reply *refusal;
    if (!dc_input_read(size, &input)) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    if (!dc_route_open(&in, &input, &refusal)) return refusal;
    /* A caller with a scope is one that speaks for a single user; an API key has none. */
    if (dc_input_raw(&input, "scope").size) refusal = dc_narrow(&in, &input);
    return refusal ? refusal : matched(&in);
}
