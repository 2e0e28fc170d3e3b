/* model.c: the SDK's models (contract, section 8): what they hold that the answer does not. */
#include "model.h"

#include "fields.h"
#include "scan.h"

#include <string.h>

/* A member that a model has under this name. It is added unless the answer has its `own` one; then it is what
 * stands `here`, or `otherwise`. */
static const struct part {
    dc_shape shape;
    const char *name, *own, *here, *otherwise;
} parts[] = {
    /* create and link answer differently; callers of either want the account's id and where to send the user. */
    {DC_SHAPE_CONNECTION, "id", "id", "connected_account_id", NULL},
    {DC_SHAPE_CONNECTION, "status", "status", "status", "\"INITIALIZING\""},
    {DC_SHAPE_CONNECTION, "redirectUrl", "redirect_url", "connectionData.val.redirectUrl", "null"},
    /* The page's samples read redirect_url; the same stands in camelCase. */
    {DC_SHAPE_REFRESH, "redirect_url", NULL, "redirect_url", "null"},
};

void dc_model_reopen(dc_out *out) {
    do out->size--;
    while (out->size && (unsigned char)out->at[out->size - 1] <= ' ');
}

static const char *put_parts(dc_out *out, dc_shape shape, dc_span body) {
    for (const struct part *part = parts; part < parts + sizeof parts / sizeof parts[0]; part++) {
        if (part->shape != shape) continue;
        dc_span raw = dc_span_of(part->otherwise);
        const bool there = dc_scan_member(body, part->own, &raw);
        if (!there) dc_field_find(body, part->here, &raw);
        if (!part->otherwise && (!raw.size || raw.at[0] != '"')) return "The answer names no account.";
        if (there || out->failed) continue;
        dc_model_reopen(out);
        dc_json_put_raw(out, part->name, raw);
        dc_json_close(out, '}');
    }
    return NULL;
}

bool dc_model_put(dc_out *out, dc_shape shape, dc_span body, const char **problem) {
    while (body.size && body.at[0] && strchr(" \t\r\n", body.at[0])) body = (dc_span){body.at + 1, body.size - 1};
    if (!body.size && (shape == DC_SHAPE_DONE || shape == DC_SHAPE_PLAIN)) body = dc_span_of("{}");
    *problem = dc_model_walk(out, shape, body);
    if (!*problem) *problem = put_parts(out, shape, body);
    return !*problem;
}
