/* answer_val.c: `state.val` as clients see it: the credential's members, and what the status wants beside them. */
#include "answer.h"
#include "names.h"
#include "scan.h"
#include "shape.h"

/* On v3, clients do not know REVOKED. */
const char *dc_answer_status(const dc_answer_call *call, dc_status status) {
    return dc_status_names[status == DC_REVOKED && call->old ? DC_EXPIRED : status];
}

/* `links: false` in the head: the caller may not see where an account can be connected. */
static void put_members(dc_answer_call *call, dc_span val) {
    dc_out *out = &call->out;
    dc_span name, value;
    while (val.size && dc_scan_next(&val, &name, &value)) {
        if (dc_span_is(name, "\"status\"")) continue;
        const bool link = dc_span_is(name, "\"redirectUrl\"") || dc_span_is(name, "\"authUri\"");
        if (call->hide_links && link) value = dc_span_of("\"REDACTED\"");
        dc_json_put_member(out, name, value);
    }
}

bool dc_answer_dead(const dc_record *r) {
    return r->status == DC_FAILED || r->status == DC_EXPIRED || r->status == DC_REVOKED;
}

/* The members that a client needs to read the state at all: as the credential has them, else as texts that say nothing. */
static void put_required(dc_answer_call *call, const dc_record *r, dc_span val, bool there) {
    const char *const *name = dc_shape_required(r->scheme, r->status);
    dc_span value;
    for (; *name; name++) {
        const bool has = val.size && dc_scan_member(val, *name, &value) && value.at[0] == '"';
        if (has && !there) dc_json_put_raw(&call->out, *name, value);
        if (!has) dc_json_put_text(&call->out, *name, dc_name_harmless(dc_span_of(*name)) ? "" : "REDACTED");
    }
}

/* `state.val` of the contract's table: the credential's members, the status, and what the status explains. */
void dc_answer_val(dc_answer_call *call, const char *name, const dc_record *r, dc_span val) {
    const bool dead = dc_answer_dead(r);
    dc_json_open(&call->out, name, '{');
    dc_json_put_text(&call->out, "status", dc_answer_status(call, r->status));
    if (!dead) put_members(call, val);
    put_required(call, r, val, !dead);
    if (r->status == DC_FAILED) {
        dc_json_put_text(&call->out, "error", "connection_failed");
        dc_json_put_text(&call->out, "error_description", r->reason);
    }
    if (r->status == DC_EXPIRED || r->status == DC_REVOKED) dc_json_put_time(&call->out, "expired_at", r->updated);
    dc_json_close(&call->out, '}');
}
