/* response.c: HTTP answer -> model of the SDK, or its error model. */
#include "model.h"
#include "operations.h"
#include "reply.h"
#include "scan.h"

#include <string.h>

typedef struct kind_row {
    uint16_t low, high;
    const char *name, *code;
} kind_row;

/* The first row that holds the status. */
static const kind_row kinds[] = {
    {401, 401, "AuthenticationError", "TS-SDK::AUTHENTICATION_ERROR"},
    {403, 403, "PermissionDeniedError", "TS-SDK::PERMISSION_DENIED"},
    {404, 404, "NotFoundError", "TS-SDK::NOT_FOUND"},
    {409, 409, "ConflictError", "TS-SDK::CONFLICT"},
    {422, 422, "UnprocessableEntityError", "TS-SDK::UNPROCESSABLE_ENTITY"},
    {429, 429, "RateLimitError", "TS-SDK::RATE_LIMIT"},
    {500, 599, "InternalServerError", "TS-SDK::INTERNAL_SERVER_ERROR"},
    {400, 499, "BadRequestError", "TS-SDK::BAD_REQUEST"},
    {0, 65535, "DevcasterError", "TS-SDK::UNEXPECTED_ANSWER"},
};

static const kind_row *kind_of(uint32_t http) {
    const kind_row *row = kinds;
    while (http < row->low || http > row->high) row++;
    return row;
}

static bool retryable(const dc_operation *op, uint32_t http) {
    const bool again = http == 408 || http == 409 || http == 429 || http >= 500;
    return again && http != 501 && (op->flags & DC_IDEMPOTENT);
}

/* Retry-After in seconds (RFC 9110 section 10.2.3); a date the host has turned into seconds already. */
static double retry_after(const char *text) {
    double seconds = 0;
    if (!text || !*text) return 0;
    for (const char *c = text; *c; c++) {
        if (*c < '0' || *c > '9' || c - text > 6) return 0;
        seconds = seconds * 10 + (*c - '0');
    }
    return seconds * 1000;
}

/* Services answer an envelope, a bare {message}, an OAuth error, HTML, or nothing. */
static const cJSON *read_error(dc_span body, const char **message) {
    const cJSON *root = body.size ? dc_json_read(body) : NULL;
    const cJSON *error = dc_json_get(root, "error");
    if (!cJSON_IsObject(error)) error = root;
    *message = dc_json_text(error, "message");
    if (!*message) *message = dc_json_text(root, "message");
    if (!*message) *message = dc_json_text(root, "error_description");
    if (!*message) *message = dc_json_text(root, "error");
    return error;
}

static void put_copy(dc_out *out, const char *name, const cJSON *error, const char *member) {
    const cJSON *value = dc_json_get(error, member);
    if (value && !cJSON_IsNull(value)) dc_json_put_tree(out, name, value);
}

static const dc_reply *failed(const dc_operation *op, uint32_t http, const dc_input *in, const char *problem) {
    const char *message = NULL, *id = NULL;
    const cJSON *error = problem ? NULL : read_error(in->rest, &message);
    const kind_row *kind = problem ? &kinds[sizeof kinds / sizeof kinds[0] - 1] : kind_of(http);
    if (!message) message = problem ? problem : "The service answered with an error and said nothing more.";
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "name", kind->name);
    dc_json_put_text(&out, "code", kind->code);
    dc_json_put_text(&out, "message", message);
    dc_json_put_number(&out, "status", http);
    put_copy(&out, "slug", error, "slug");
    put_copy(&out, "serviceCode", error, "code");
    put_copy(&out, "suggestedFix", error, "suggested_fix");
    put_copy(&out, "errors", error, "errors");
    id = dc_input_text(in, "requestId");
    if (!id) id = dc_json_text(error, "request_id");
    if (id) dc_json_put_text(&out, "requestId", id);
    dc_json_put_bool(&out, "retryable", retryable(op, http));
    dc_json_put_number(&out, "retryAfterMs", retry_after(dc_input_text(in, "retryAfter")));
    dc_json_close(&out, '}');
    return dc_reply_value(http >= 400 && http < 600 ? http : 502, &out, (dc_span){NULL, 0});
}

const dc_reply *dc_response(uint32_t op, uint32_t http, uint32_t size) {
    dc_input in;
    const dc_operation *operation = dc_operation_at(op);
    if (!operation || !dc_input_read(size, &in)) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    if (http < 200 || http > 299) return failed(operation, http, &in, NULL);
    const char *problem = NULL;
    dc_out out = {0};
    if (!dc_model_put(&out, (dc_shape)operation->shape, in.rest, &problem)) {
        return failed(operation, http, &in, problem);
    }
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}
