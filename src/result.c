/* result.c: the provider's answer to a tool or proxy request -> response body of ours. What the provider wrote goes
 * along byte for byte. */
#include "scan.h"
#include "tool.h"

#include <string.h>

static dc_span trimmed(dc_span text) {
    static const char white[] = " \t\r\n";
    while (text.size && memchr(white, text.at[0], 4)) text = (dc_span){text.at + 1, text.size - 1};
    while (text.size && memchr(white, text.at[text.size - 1], 4)) text.size--;
    return text;
}

static const char *error_text(dc_span body, bool json) {
    static const char *const names[] = {"error_description", "message", "error", "detail", "title", NULL};
    dc_span raw, text, inner;
    if (!json || body.at[0] != '{') return NULL;
    for (int i = 0; names[i]; i++) {
        if (!dc_scan_member(body, names[i], &raw)) continue;
        if (raw.at[0] == '{' && dc_scan_member(raw, "message", &inner)) raw = inner;
        if (raw.at[0] == '"' && dc_scan_string(raw, &text) && text.size) return dc_span_copy(text);
    }
    return NULL;
}

/* `data` is always an object: what is none stands in one. */
static void put_data(dc_out *out, dc_span body, bool json) {
    if (json && body.at[0] == '{') {
        dc_json_put_raw(out, "data", body);
        return;
    }
    dc_json_open(out, "data", '{');
    if (json) dc_json_put_raw(out, "result", body);
    else if (body.size && dc_utf8_valid(body)) dc_json_put_span(out, "text", body);
    else if (body.size) {
        dc_out coded = {0};
        dc_put_base64(&coded, body);
        dc_json_put_span(out, "base64", dc_out_span(&coded));
    }
    dc_json_close(out, '}');
}

static void put_error(dc_out *out, dc_span body, bool json, double http) {
    const char *said = error_text(body, json);
    dc_out text = {0};
    if (said) {
        dc_json_put_text(out, "error", said);
        return;
    }
    dc_put_text(&text, "The provider answered with HTTP ");
    dc_put_integer(&text, http);
    dc_put_byte(&text, '.');
    dc_json_put_span(out, "error", dc_out_span(&text));
}

/* Errors in HTTP 200 bodies: Slack says ok: false, GraphQL has a list of errors and no data. */
static bool failed_inside(dc_span body, bool json) {
    dc_span raw, data;
    if (!json || body.at[0] != '{') return false;
    if (dc_scan_member(body, "ok", &raw) && dc_span_is(raw, "false")) return true;
    return dc_scan_member(body, "errors", &raw) && raw.at[0] == '[' && raw.size > 2 &&
           (!dc_scan_member(body, "data", &data) || dc_span_is(data, "null"));
}

const dc_reply *dc_tool_read(const dc_input *in) {
    const double http = dc_input_number(in, "http", 0);
    const dc_span body = trimmed(in->rest);
    const bool json = body.size && dc_scan_valid(body, NULL);
    const bool good = http >= 200 && http < 300 && !failed_inside(body, json);
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    put_data(&out, json ? body : in->rest, json);
    if (good) dc_json_put_null(&out, "error");
    else put_error(&out, body, json, http);
    dc_json_put_bool(&out, "successful", good);
    dc_json_put_text(&out, "log_id", dc_input_text(in, "log_id"));
    dc_json_close(&out, '}');
    const bool again = http == 401 && dc_input_number(in, "attempt", 1) <= 1;
    return dc_reply_value(200, &out, dc_span_of(again ? "refresh" : ""));
}

/* Headers that carry secrets or belong to one connection stay here. */
static bool header_passes(const char *name) {
    static const char *const stay[] = {
        "set-cookie",        "set-cookie2", "www-authenticate", "authorization",  "connection",
        "transfer-encoding", "keep-alive",  "content-encoding", "content-length", NULL};
    for (int i = 0; stay[i]; i++) {
        if (strcmp(name, stay[i]) == 0) return false;
    }
    return true;
}

const dc_reply *dc_tool_proxied(const dc_input *in) {
    const double http = dc_input_number(in, "http", 0);
    const dc_span body = trimmed(in->rest);
    const cJSON *pair;
    dc_out out = {0}, coded = {0};
    dc_json_open(&out, NULL, '{');
    if (body.size && dc_scan_valid(body, NULL)) {
        dc_json_put_raw(&out, "data", body);
    } else if (dc_utf8_valid(in->rest)) {
        dc_json_put_span(&out, "data", in->rest);
    } else {
        dc_json_put_null(&out, "data");
        dc_put_base64(&coded, in->rest);
        dc_json_put_span(&out, "binary_data", dc_out_span(&coded));
    }
    dc_json_put_number(&out, "status", http);
    dc_json_open(&out, "headers", '{');
    const cJSON *headers = dc_input_tree(in, "headers");
    cJSON_ArrayForEach(pair, headers) {
        const cJSON *name = cJSON_GetArrayItem(pair, 0), *value = cJSON_GetArrayItem(pair, 1);
        if (cJSON_IsString(name) && cJSON_IsString(value) && header_passes(name->valuestring))
            dc_json_put_text(&out, name->valuestring, value->valuestring);
    }
    dc_json_close(&out, '}');
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}
