/* proxy.c: a request of the caller's own, sent with the account's credential (contract, section 5). It may only go to
 * hosts that the toolkit lists. */
#include "fields.h"
#include "scan.h"
#include "tool.h"

#include <string.h>

/* Scheme and authority of a URL. Size 0: not an absolute URL of the plain form. */
static dc_span origin_of(dc_span url) {
    const uint32_t from = dc_span_starts(url, "https://") ? 8 : dc_span_starts(url, "http://") ? 7 : 0;
    uint32_t end = from;
    while (from && end < url.size && !strchr("/?#", url.at[end])) {
        const char c = url.at[end];
        if (c == '@' || c == '\\' || c <= ' ') return (dc_span){NULL, 0};
        end++;
    }
    return (dc_span){url.at, end > from ? end : 0};
}

static bool same_origin(dc_span url, const char *listed) {
    const dc_span a = origin_of(url), b = listed ? origin_of(dc_span_of(listed)) : (dc_span){NULL, 0};
    return a.size && dc_span_equal(a, b);
}

bool dc_tool_host_listed(const dc_grant_call *call, dc_span url) {
    const dc_values values = dc_grant_values(call);
    const char *base = dc_json_text(call->toolkit, "api_base_url");
    const cJSON *item;
    dc_out out = {0};
    if (base && dc_template_put(&out, base, &values, DC_IN_URL)) {
        dc_put_byte(&out, '\0');
        if (!out.failed && same_origin(url, out.at)) return true;
    }
    cJSON_ArrayForEach(item, dc_json_get(call->toolkit, "hosts")) {
        if (cJSON_IsString(item) && same_origin(url, item->valuestring)) return true;
    }
    return false;
}

static const dc_reply *refuse(const char *field, const char *problem) {
    dc_faults faults = {0};
    dc_faults_add(&faults, field, problem);
    return dc_refuse(DC_ERR_BAD_REQUEST, NULL, &faults);
}

static bool has_dots(dc_span path) {
    for (uint32_t i = 0; i + 1 < path.size; i++) {
        const bool starts = i == 0 || path.at[i - 1] == '/' || path.at[i - 1] == '\\';
        const bool ends = i + 2 >= path.size || strchr("/\\?#;", path.at[i + 2]);
        if (path.at[i] == '.' && path.at[i + 1] == '.' && starts && ends) return true;
    }
    return false;
}

/* `..` in any spelling walks out of the toolkit's base path; servers differ in when and how often they undo escapes.
 * An escaped question mark is part of the path. */
static bool walks(dc_span endpoint) {
    const char *query = memchr(endpoint.at, '?', endpoint.size);
    dc_span path = {endpoint.at, query ? (uint32_t)(query - endpoint.at) : endpoint.size};
    for (int turn = 0; turn < 3; turn++) {
        if (!dc_percent_decode(path, false, &path)) return turn == 0;
        if (has_dots(path)) return true;
    }
    return false;
}

/* A header name for comparison: lower case, and `_` as `-`, since many servers take them for the same. */
static void fold(const char *name, char *folded, size_t room) {
    size_t i = 0;
    for (; name[i] && i + 1 < room; i++) {
        const char c = name[i] == '_' ? '-' : name[i];
        folded[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    folded[i] = '\0';
}

/* Headers that decide who is speaking, or where a message ends, are not the caller's to set. */
static bool is_reserved(const char *name, const dc_grant_call *grant) {
    static const char *const reserved[] = {
        "authorization", "host",   "cookie", "content-length", "transfer-encoding", "connection", "x-api-key",
        "upgrade",       "expect", "te",     "trailer",        "keep-alive",        "forwarded",  NULL};
    static const char *const families[] = {"proxy-", "cf-", "x-forwarded-", "sec-"};
    const char *own = dc_json_text(dc_json_get(grant->scheme, "api_auth"), "name");
    char asked[64], other[64];
    fold(name, asked, sizeof asked);
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (strncmp(asked, families[i], strlen(families[i])) == 0) return true;
    }
    /* Beside the one that we send, some would read this one. */
    if (strcmp(asked, "content-type") == 0 && strchr(name, '_')) return true;
    if (own) fold(own, other, sizeof other);
    return dc_word_index(reserved, dc_span_of(asked)) >= 0 || (own && strcmp(asked, other) == 0);
}

static bool is_header_name(const char *name) {
    for (const char *c = name; *c; c++) {
        const bool word = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');
        if (!word && *c != '-' && *c != '_') return false;
    }
    return name[0] && strlen(name) < 64;
}

static bool is_line(const char *text) {
    for (const char *c = text; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7F) return false;
    }
    return true;
}

/* NULL: taken; otherwise the problem. */
static const char *put_parameter(dc_call *call, const dc_grant_call *grant, dc_span item) {
    const char *name = dc_field_text(item, "name"), *value = dc_field_text(item, "value"),
               *type = dc_field_text(item, "type");
    if (!name || !value || !type) return "each needs name, value and type, as strings";
    if (strcmp(type, "query") == 0) {
        dc_call_query(call, name, dc_span_of(value));
        return NULL;
    }
    if (strcmp(type, "header") != 0) return "type must be header or query";
    if (!is_header_name(name) || is_reserved(name, grant)) return "holds a header that may not be set";
    if (!is_line(value)) return "holds a header value with control characters";
    dc_call_header(call, name, dc_span_of(value));
    return NULL;
}

/* Read one by one, without a tree: a megabyte of them would take fifty. */
static const char *put_parameters(dc_call *call, const dc_grant_call *grant, dc_span list) {
    enum { MOST = 1000 };
    const char *problem = NULL;
    uint32_t count = 0;
    for (dc_span item; !problem && dc_scan_item(&list, &item);) {
        if (++count > MOST) return "are more than 1,000";
        problem = put_parameter(call, grant, item);
    }
    return problem;
}

static bool put_target(dc_call *call, const dc_grant_call *grant, dc_span endpoint) {
    const dc_values values = dc_grant_values(grant);
    const char *base = dc_json_text(grant->toolkit, "api_base_url");
    if (endpoint.at[0] == '/') {
        const bool host = endpoint.size > 1 && (endpoint.at[1] == '/' || endpoint.at[1] == '\\');
        if (host || !base || !dc_template_put(&call->target, base, &values, DC_IN_URL)) return false;
        if (call->target.size && call->target.at[call->target.size - 1] == '/') call->target.size--;
    } else if (!dc_tool_host_listed(grant, endpoint)) {
        return false;
    }
    for (uint32_t i = 0; i < endpoint.size; i++) {
        const unsigned char c = (unsigned char)endpoint.at[i];
        if (c <= ' ' || c == 0x7F || c == '\\' || c == '#') return false;
    }
    dc_put(&call->target, endpoint);
    return true;
}

static bool is_method(dc_span text) {
    for (uint32_t i = 0; i < text.size; i++) {
        if (text.at[i] < 'A' || text.at[i] > 'Z') return false;
    }
    return text.size > 0;
}

const dc_reply *dc_tool_proxy(dc_grant_call *grant) {
    dc_span raw, endpoint, method, body, parameters;
    dc_call call = {0};
    if (!dc_field_find(grant->in.rest, "endpoint", &raw) || !dc_scan_string(raw, &endpoint) || !endpoint.size ||
        !dc_field_find(grant->in.rest, "method", &raw) || !dc_scan_string(raw, &method) || !is_method(method)) {
        return dc_refuse(DC_ERR_BAD_REQUEST, NULL, NULL);
    }
    if (walks(endpoint) || !put_target(&call, grant, endpoint)) {
        return refuse("endpoint",
                      "must be a path under the toolkit's base URL, or a URL on a host that the toolkit lists");
    }
    const bool bodiless = dc_span_is(method, "GET") || dc_span_is(method, "HEAD");
    const bool has_body = dc_field_find(grant->in.rest, "body", &body) && !dc_span_is(body, "null");
    if (has_body && bodiless) return refuse("body", "cannot go with GET or HEAD");
    if (has_body)
        dc_call_header(&call, "content-type", dc_span_of("application/json")); /* a parameter may say otherwise */
    if (dc_field_find(grant->in.rest, "parameters", &parameters)) {
        const char *problem = put_parameters(&call, grant, parameters);
        if (problem) return refuse("parameters", problem);
    }
    if (has_body) dc_put(&call.body, body);
    const char *own = dc_span_copy(method);
    return own ? dc_call_send(&call, grant, NULL, own) : dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
}
