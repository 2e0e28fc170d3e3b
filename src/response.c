/* response.c: HTTP answer -> model of the SDK, or its error model. */
#include "model.h"
#include "operations.h"
#include "reply.h"
#include "scan.h"

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
    while (row->low && (http < row->low || http > row->high)) row++;
    return row;
}

typedef struct slug_row {
    const char *prefix; /* of the error's slug, behind its opening quote */
    kind_row kind;
} slug_row;

/* Errors that have a class of their own, whatever their status. */
static const slug_row slugs[] = {
    {"ConnectedAccount_AlreadyConnected",
     {0, 0, "MultipleConnectedAccountsError", "TS-SDK::MULTIPLE_CONNECTED_ACCOUNTS"}},
    {"ActionExecute_", {0, 0, "ToolExecutionError", "TS-SDK::TOOL_EXECUTION_ERROR"}},
};

static const kind_row *kind_by_slug(dc_span slug, const kind_row *otherwise) {
    for (size_t i = 0; i < sizeof slugs / sizeof slugs[0]; i++) {
        if (dc_span_starts(slug, slugs[i].prefix)) return &slugs[i].kind;
    }
    return otherwise;
}

static bool retryable(const dc_operation *op, uint32_t http) {
    const bool again = http == 408 || http == 409 || http == 429 || http >= 500;
    return again && http != 501 && (op->flags & DC_IDEMPOTENT);
}

/* A member as it was written; size 0: not there, or null. */
static dc_span member(dc_span object, const char *name) {
    dc_span value;
    const bool there = object.size && dc_scan_member(object, name, &value) && !dc_span_is(value, "null");
    return there ? value : (dc_span){NULL, 0};
}

static bool begins(dc_span raw, char with) {
    return raw.size && raw.at[0] == with;
}

/* Retry-After in seconds (RFC 9110 section 10.2.3), as a JSON string; a date the host has turned into seconds already. */
static double retry_after(dc_span raw) {
    double seconds = 0;
    if (!begins(raw, '"') || raw.size > 9) return 0;
    for (uint32_t i = 1; i + 1 < raw.size; i++) {
        if (raw.at[i] < '0' || raw.at[i] > '9') return 0;
        seconds = seconds * 10 + (raw.at[i] - '0');
    }
    return seconds * 1000;
}

/* Services answer an envelope, a bare {message}, an OAuth error, HTML, or nothing. The object that tells what is wrong,
 * and what it says as a raw string; size 0 where there is none. */
static dc_span read_error(dc_span body, dc_span *message) {
    static const char *const names[] = {"message", "error_description", "error"};
    const dc_span root = dc_scan_valid(body, NULL) ? body : (dc_span){NULL, 0};
    dc_span error = member(root, "error");
    if (!begins(error, '{')) error = root;
    *message = member(error, "message");
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !begins(*message, '"'); i++)
        *message = member(root, names[i]);
    if (!begins(*message, '"')) message->size = 0;
    return error;
}

static void put_copy(dc_out *out, const char *name, dc_span raw) {
    if (raw.size) dc_json_put_raw(out, name, raw);
}

/* `problem`: what is wrong with an answer that claims success. What the service says goes along as it was written. */
static const dc_reply *failed(const dc_operation *op, uint32_t http, const dc_input *in, const char *problem) {
    dc_span message = {NULL, 0}, error = {NULL, 0};
    if (!problem) error = read_error(in->rest, &message);
    const kind_row *kind = problem ? &kinds[sizeof kinds / sizeof kinds[0] - 1] : kind_of(http);
    const dc_span slug = member(error, "slug");
    if (begins(slug, '"')) kind = kind_by_slug((dc_span){slug.at + 1, slug.size - 1}, kind);
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "name", kind->name);
    dc_json_put_text(&out, "code", kind->code);
    if (message.size) dc_json_put_raw(&out, "message", message);
    else
        dc_json_put_text(&out, "message",
                         problem ? problem : "The service answered with an error and said nothing more.");
    dc_json_put_number(&out, "status", http);
    put_copy(&out, "slug", slug);
    put_copy(&out, "serviceCode", member(error, "code"));
    put_copy(&out, "suggestedFix", member(error, "suggested_fix"));
    put_copy(&out, "errors", member(error, "errors"));
    const dc_span id = member(in->head, "requestId");
    put_copy(&out, "requestId", id.size ? id : member(error, "request_id"));
    dc_json_put_bool(&out, "retryable", retryable(op, http));
    dc_json_put_number(&out, "retryAfterMs", retry_after(member(in->head, "retryAfter")));
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
