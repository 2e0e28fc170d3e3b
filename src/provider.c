/* provider.c: requests to the provider's API that carry the account's credential: who is it, is it good. */
#include "oauth1.h"
#include "scan.h"

#include <string.h>

dc_values dc_grant_values(const dc_grant_call *call) {
    return (dc_values){{call->val, call->credentials}};
}

static bool same_name(dc_span line, const char *name) {
    uint32_t i = 0;
    for (; name[i] && i < line.size; i++) {
        const char a = line.at[i], b = name[i];
        if ((a >= 'A' && a <= 'Z' ? a + 32 : a) != (b >= 'A' && b <= 'Z' ? b + 32 : b)) return false;
    }
    return !name[i] && i < line.size && line.at[i] == ':';
}

/* A header stands once: a host would join two of one name, and `application/json, application/json` is no type. */
void dc_call_header(dc_call *call, const char *name, dc_span value) {
    for (size_t from = 0; from < call->headers.size;) {
        char *line = call->headers.at + from;
        const char *feed = memchr(line, '\n', call->headers.size - from);
        const size_t size = feed ? (size_t)(feed - line) + 1 : call->headers.size - from;
        if (same_name((dc_span){line, (uint32_t)size}, name)) {
            memmove(line, line + size, call->headers.size - from - size);
            call->headers.size -= size;
        } else {
            from += size;
        }
    }
    dc_put_text(&call->headers, name);
    dc_put_text(&call->headers, ": ");
    dc_put(&call->headers, value);
    dc_put_byte(&call->headers, '\n');
}

dc_span dc_call_find(const dc_call *call, const char *name) {
    dc_span rest = dc_out_span(&call->headers);
    while (rest.size) {
        const char *feed = memchr(rest.at, '\n', rest.size);
        const uint32_t size = feed ? (uint32_t)(feed - rest.at) : rest.size, from = (uint32_t)strlen(name) + 2;
        if (same_name((dc_span){rest.at, size}, name) && size >= from) return (dc_span){rest.at + from, size - from};
        rest = feed ? (dc_span){feed + 1, rest.size - size - 1} : (dc_span){NULL, 0};
    }
    return rest;
}

void dc_call_query(dc_call *call, const char *name, dc_span value) {
    const bool first = !call->target.size || !memchr(call->target.at, '?', call->target.size);
    dc_put_byte(&call->target, first ? '?' : '&');
    dc_put_percent(&call->target, dc_span_of(name));
    dc_put_byte(&call->target, '=');
    dc_put_percent(&call->target, value);
}

const dc_reply *dc_call_reply(const dc_call *call, const char *method) {
    return dc_reply_request(dc_span_of(method), &call->target, &call->headers, &call->body);
}

bool dc_call_headers(dc_call *call, const cJSON *headers, const dc_values *values) {
    const cJSON *item;
    cJSON_ArrayForEach(item, headers) {
        dc_out value = {0};
        if (!cJSON_IsString(item) || !dc_template_put(&value, item->valuestring, values, DC_IN_HEADER)) return false;
        dc_call_header(call, item->string, dc_out_span(&value));
    }
    return true;
}

static bool put_query_credentials(dc_call *call, const cJSON *params, const dc_values *values) {
    const cJSON *item;
    cJSON_ArrayForEach(item, params) {
        dc_out value = {0};
        if (!cJSON_IsString(item) || !dc_template_put(&value, item->valuestring, values, DC_IN_TEXT)) return false;
        dc_call_query(call, item->string, dc_out_span(&value));
    }
    return true;
}

bool dc_call_authorize(dc_call *call, const dc_grant_call *grant) {
    const dc_values values = dc_grant_values(grant);
    const cJSON *way = dc_json_get(grant->scheme, "api_auth");
    const char *in = dc_json_text(way, "in"), *name = dc_json_text(way, "name"), *text = dc_json_text(way, "template");
    if (!dc_call_headers(call, dc_json_get(grant->scheme, "required_headers"), &values)) return false;
    if (in && strcmp(in, "query") == 0) return put_query_credentials(call, dc_json_get(way, "params"), &values);
    if (!name || !text) return grant->config.scheme == DC_NO_AUTH;
    dc_out value = {0};
    if (!dc_template_put(&value, text, &values, DC_IN_HEADER)) return false;
    dc_call_header(call, name, dc_out_span(&value));
    return true;
}

const dc_reply *dc_call_send(dc_call *call, const dc_grant_call *grant, const cJSON *headers, const char *method) {
    const dc_values values = dc_grant_values(grant);
    const bool signs = dc_oauth1_signs(grant); /* what is signed is not known before it is whole */
    const cJSON *required = dc_json_get(grant->scheme, "required_headers");
    if (!(signs ? dc_call_headers(call, required, &values) : dc_call_authorize(call, grant)) ||
        !dc_call_headers(call, headers, &values))
        return dc_refuse(DC_ERR_ACCOUNT_FIELDS, NULL, NULL);
    return signs ? dc_oauth1_reply(grant, call, method) : dc_call_reply(call, method);
}

/* A member of a described body: a whole value in braces is filled in; a GraphQL query has braces of its own. */
static bool put_described(dc_out *out, const cJSON *item, const dc_values *values) {
    const char *text = item->valuestring;
    const size_t size = strlen(text);
    const bool whole = size > 2 && text[0] == '{' && strcspn(text, " }") == size - 1 && text[size - 1] == '}';
    if (whole) return dc_template_put(out, text, values, DC_IN_TEXT);
    dc_put_text(out, text);
    return true;
}

static bool put_form(dc_out *out, const cJSON *members, const dc_values *values) {
    const cJSON *item;
    cJSON_ArrayForEach(item, members) {
        dc_out text = {0};
        if (!cJSON_IsString(item) || !put_described(&text, item, values)) return false;
        dc_form_put(out, item->string, dc_out_span(&text));
    }
    return true;
}

static bool is_form(const cJSON *headers) {
    const cJSON *item;
    cJSON_ArrayForEach(item, headers) {
        if (cJSON_IsString(item) && strstr(item->valuestring, "x-www-form-urlencoded")) return true;
    }
    return false;
}

/* A request as the definition describes it: {method, url, headers, body}. 204: the definition has none. */
static const dc_reply *described(dc_grant_call *call, const cJSON *request) {
    const dc_values values = dc_grant_values(call);
    const char *url = dc_json_text(request, "url"), *method = dc_json_text(request, "method");
    const cJSON *body = dc_json_get(request, "body"), *headers = dc_json_get(call->scheme, "required_headers");
    const bool signs = dc_oauth1_signs(call); /* what is signed is not known before it is whole */
    dc_call out = {0};
    if (!url) return dc_reply_value(204, NULL, (dc_span){NULL, 0});
    dc_call_header(&out, "accept", dc_span_of("application/json"));
    if (!dc_template_put(&out.target, url, &values, DC_IN_URL) ||
        !(signs ? dc_call_headers(&out, headers, &values) : dc_call_authorize(&out, call)) ||
        !dc_call_headers(&out, dc_json_get(request, "headers"), &values)) {
        return dc_refuse(DC_ERR_ACCOUNT_FIELDS, NULL, NULL);
    }
    if (cJSON_IsObject(body) && is_form(dc_json_get(request, "headers"))) {
        if (!put_form(&out.body, body, &values)) return dc_refuse(DC_ERR_ACCOUNT_FIELDS, NULL, NULL);
    } else if (cJSON_IsObject(body)) {
        dc_call_header(&out, "content-type", dc_span_of("application/json"));
        dc_json_put_tree(&out.body, NULL, body);
    } else if (cJSON_IsString(body)) {
        dc_put_text(&out.body, body->valuestring);
    }
    if (!method) method = "GET";
    return signs ? dc_oauth1_reply(call, &out, method) : dc_call_reply(&out, method);
}

const dc_reply *dc_provider_identify(dc_grant_call *call) {
    return described(call, dc_json_get(call->scheme, "identity"));
}

const dc_reply *dc_provider_test(dc_grant_call *call) {
    return described(call, dc_json_get(call->toolkit, "test_request"));
}

/* `data.viewer.id`, `[0].tenantId`: members and items on the way down. */
static bool find_path(dc_span at, const char *path, dc_span *text) {
    while (*path) {
        const size_t size = strcspn(path, ".[");
        if (*path == '[') {
            uint32_t index = 0;
            for (path++; *path >= '0' && *path <= '9'; path++) index = index * 10 + (uint32_t)(*path - '0');
            dc_span rest = at;
            for (uint32_t i = 0; i <= index; i++) {
                if (!dc_scan_item(&rest, &at)) return false;
            }
            path += *path == ']';
        } else {
            const char *name = dc_span_copy((dc_span){path, (uint32_t)size});
            if (!name || !dc_scan_member(at, name, &at)) return false;
            path += size;
        }
        path += *path == '.';
    }
    if (at.at[0] == '"') return dc_scan_string(at, text) && text->size;
    *text = at; /* a number as it is written */
    return at.at[0] >= '0' && at.at[0] <= '9';
}

static const char *first_label(const cJSON *identity, dc_span body) {
    const cJSON *path;
    dc_span text;
    cJSON_ArrayForEach(path, dc_json_get(identity, "label_paths")) {
        if (cJSON_IsString(path) && find_path(body, path->valuestring, &text)) return dc_span_copy(text);
    }
    return NULL;
}

const dc_reply *dc_provider_identity(dc_grant_call *call) {
    enum { MOST = 256 };
    const cJSON *identity = dc_json_get(call->scheme, "identity");
    const char *path = dc_json_text(identity, "id_path");
    const double http = dc_input_number(&call->in, "http", 0);
    dc_span id;
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    if (http >= 200 && http < 300 && path && dc_scan_valid(call->in.rest, NULL) &&
        find_path(call->in.rest, path, &id) && id.size <= MOST) {
        dc_json_open(&out, "identity", '{');
        dc_json_put_span(&out, "id", id);
        dc_json_put_text(&out, "label", first_label(identity, call->in.rest));
        dc_json_close(&out, '}');
    } else {
        dc_json_put_null(&out, "identity");
    }
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}
