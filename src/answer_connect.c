/* answer_connect.c: what the connect page and the page after it show. The host makes HTML of it. */
#include "answer.h"

#include <string.h>

static void put_fields(dc_out *out, const cJSON *scheme) {
    const cJSON *field;
    dc_json_open(out, "fields", '[');
    cJSON_ArrayForEach(field, dc_json_get(scheme, "fields")) {
        const char *name = dc_json_text(field, "name"), *label = dc_json_text(field, "label");
        if (!name) continue;
        dc_json_open(out, NULL, '{');
        dc_json_put_text(out, "name", name);
        dc_json_put_text(out, "label", label ? label : name);
        dc_json_put_text(out, "description", dc_json_text(field, "description"));
        dc_json_put_bool(out, "secret", !cJSON_IsFalse(dc_json_get(field, "secret")));
        dc_json_put_bool(out, "required", dc_json_true(field, "required"));
        dc_json_close(out, '}');
    }
    dc_json_close(out, ']');
}

static void put_toolkit(dc_out *out, const dc_record *r, const cJSON *toolkit) {
    const char *name = dc_json_text(toolkit, "name");
    dc_json_open(out, "toolkit", '{');
    dc_json_put_text(out, "slug", r->toolkit);
    dc_json_put_text(out, "name", name ? name : r->toolkit);
    dc_json_close(out, '}');
}

static void show(dc_answer_call *call, const dc_record *r) {
    const cJSON *toolkit = dc_input_tree(&call->in, "toolkit");
    const bool open = dc_record_waiting(r) ? r->link_until > call->now : r->reconnect_until > call->now;
    const bool waiting = open && !r->held;
    put_toolkit(&call->out, r, toolkit);
    dc_json_put_text(&call->out, "user", r->user);
    dc_json_put_text(&call->out, "alias", r->alias);
    dc_json_put_text(&call->out, "scheme", dc_scheme_names[r->scheme]);
    dc_json_put_bool(&call->out, "consent", dc_scheme_way(r->scheme) == DC_WAY_CONSENT);
    put_fields(&call->out, dc_scheme_of(toolkit, r->scheme));
    dc_json_put_bool(&call->out, "waiting", waiting);
    dc_json_put_bool(&call->out, "done", r->held || (r->status == DC_ACTIVE && !waiting));
    dc_json_put_bool(&call->out, "held", r->held);
    dc_json_put_text(&call->out, "reason", r->reason);
}

/* The callback URL with our two parameters behind whatever query it had, before its fragment. */
static void put_return(dc_out *out, const dc_record *r, bool good) {
    if (!r->callback) {
        dc_json_put_null(out, "url");
        return;
    }
    dc_out url = {0};
    const size_t size = strcspn(r->callback, "#");
    const bool query = memchr(r->callback, '?', size) != NULL;
    dc_put(&url, (dc_span){r->callback, (uint32_t)size});
    dc_put_text(&url, query ? "&" : "?");
    dc_put_text(&url, good ? "status=success" : "status=failed");
    dc_put_text(&url, "&connected_account_id=");
    dc_put_percent(&url, dc_span_of(r->id));
    dc_put_text(&url, r->callback + size);
    dc_json_put_span(out, "url", dc_out_span(&url));
}

static void landed(dc_answer_call *call, const dc_record *r) {
    const char *outcome = dc_input_text(&call->in, "outcome");
    const bool good = outcome ? strcmp(outcome, "success") == 0 : r->status == DC_ACTIVE;
    put_toolkit(&call->out, r, dc_input_tree(&call->in, "toolkit"));
    dc_json_put_text(&call->out, "user", r->user);
    dc_json_put_bool(&call->out, "done", good);
    dc_json_put_bool(&call->out, "held", r->held);
    dc_json_put_text(&call->out, "reason", r->reason);
    const dc_span twins = dc_input_raw(&call->in, "same_identity_as");
    dc_json_put_raw(&call->out, "same_identity_as", good && twins.size ? twins : dc_span_of("[]"));
    put_return(&call->out, r, good);
}

bool dc_answer_connect(dc_answer_call *call, const char *what) {
    dc_record r;
    if (!dc_record_read(dc_input_tree(&call->in, "record"), &r)) return false;
    dc_json_open(&call->out, NULL, '{');
    if (strcmp(what, "callback") == 0) landed(call, &r);
    else show(call, &r);
    dc_json_close(&call->out, '}');
    return true;
}
