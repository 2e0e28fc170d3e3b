/* reply.c: reading a call's input and building its reply. The reply itself is one static block: it lives, like
 * all that it points to, until the next call. */
#include "reply.h"

#include "arena.h"
#include "scan.h"

#include <string.h>

static dc_reply reply;

/* Where the members of this call's head are: they are asked for by name, dozens of times. */
static struct {
    dc_span head; /* whose they are; empty: nobody's */
    uint32_t count;
    dc_span names[32], values[32];
} known;

bool dc_input_read(uint32_t size, dc_input *in) {
    const char *at = dc_arena_input();
    known.head.size = 0;
    const char *feed = size ? memchr(at, '\n', size) : NULL;
    const uint32_t head = feed ? (uint32_t)(feed - at) : size;
    in->head = (dc_span){at, head};
    in->rest = feed ? (dc_span){feed + 1, size - head - 1} : (dc_span){at + size, 0};
    return head > 1 && at[0] == '{' && dc_scan_valid(in->head, NULL);
}

bool dc_input_is_document(const dc_input *in) {
    return !in->rest.size || dc_scan_valid(in->rest, NULL);
}

/* False: there are too many, or a name is not written as it is read. */
static bool learn(dc_span head) {
    dc_span rest = head, name, value;
    for (known.count = 0; dc_scan_next(&rest, &name, &value); known.count++) {
        if (known.count == sizeof known.names / sizeof known.names[0] || memchr(name.at, '\\', name.size)) return false;
        known.names[known.count] = (dc_span){name.at + 1, name.size - 2};
        known.values[known.count] = value;
    }
    known.head = head;
    return true;
}

dc_span dc_input_raw(const dc_input *in, const char *name) {
    dc_span value = {NULL, 0};
    const bool same = known.head.at == in->head.at && known.head.size == in->head.size;
    if (!same && !learn(in->head)) return dc_scan_member(in->head, name, &value) ? value : (dc_span){NULL, 0};
    for (uint32_t i = known.count; i > 0; i--) { /* the last one of doubled names, as in JSON.parse */
        if (dc_span_is(known.names[i - 1], name)) return known.values[i - 1];
    }
    return value;
}

const cJSON *dc_input_tree(const dc_input *in, const char *name) {
    const dc_span raw = dc_input_raw(in, name);
    return raw.size ? dc_json_tree(raw) : NULL;
}

const char *dc_input_text(const dc_input *in, const char *name) {
    dc_span text;
    const dc_span raw = dc_input_raw(in, name);
    return raw.size && dc_scan_string(raw, &text) ? dc_span_copy(text) : NULL;
}

double dc_input_number(const dc_input *in, const char *name, double otherwise) {
    const cJSON *value = dc_input_tree(in, name);
    return cJSON_IsNumber(value) ? value->valuedouble : otherwise;
}

bool dc_input_true(const dc_input *in, const char *name) {
    return dc_span_is(dc_input_raw(in, name), "true");
}

void dc_faults_add_span(dc_faults *faults, dc_span name, const char *problem) {
    enum { MOST = 100 }; /* more tell nobody anything, and a hostile body could hold 100,000 */
    if (faults->count >= MOST) return;
    dc_out text = {0};
    dc_put(&text, name);
    dc_put_text(&text, ": ");
    dc_put_text(&text, problem);
    if (faults->count++ == 0) dc_put_byte(&faults->list, '[');
    dc_json_put_span(&faults->list, NULL, dc_out_span(&text));
    if (text.failed) faults->list.failed = true;
}

void dc_faults_add(dc_faults *faults, const char *name, const char *problem) {
    dc_faults_add_span(faults, dc_span_of(name), problem);
}

static const dc_reply *no_memory(void) {
    static const char text[] = "{\"message\":\"The input is too large.\",\"code\":10500,\"status\":500,"
                               "\"slug\":\"HTTP_InternalServerError\",\"suggested_fix\":\"Send less at once.\"}";
    reply = (dc_reply){500, {{text, sizeof text - 1}}};
    return &reply;
}

const dc_reply *dc_reply_value(uint32_t status, const dc_out *json, dc_span second) {
    if (dc_arena_failed() || (json && json->failed)) return no_memory();
    reply = (dc_reply){status, {json ? dc_out_span(json) : (dc_span){NULL, 0}, second}};
    return &reply;
}

const dc_reply *dc_reply_request(dc_span method, const dc_out *target, const dc_out *headers, const dc_out *body) {
    if (dc_arena_failed() || target->failed || headers->failed || body->failed) return no_memory();
    reply = (dc_reply){0, {method, dc_out_span(target), dc_out_span(headers), dc_out_span(body)}};
    return &reply;
}

const dc_reply *dc_refuse(dc_error error, const char *message, const dc_faults *faults) {
    const dc_error_row *row = dc_error_at(error);
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "message", message ? message : row->message);
    dc_json_put_number(&out, "code", row->code);
    dc_json_put_number(&out, "status", row->status);
    dc_json_put_text(&out, "slug", row->slug);
    dc_json_put_text(&out, "suggested_fix", row->fix);
    if (faults && faults->count) {
        dc_json_put_raw(&out, "errors", dc_out_span(&faults->list));
        dc_put_byte(&out, ']');
        if (faults->list.failed) out.failed = true;
    }
    dc_json_close(&out, '}');
    return dc_reply_value(row->status, &out, (dc_span){NULL, 0});
}

const dc_reply *dc_reply_with(dc_span second) {
    reply.part[1] = second;
    return &reply;
}

const dc_reply *dc_reply_third(dc_span third) {
    reply.part[2] = third;
    return &reply;
}
