/* response.c: HTTP answer -> model of the SDK, or its error model. */
#include "fields.h"
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

/* Retry-After in milliseconds (RFC 9110 section 10.2.3: seconds), as a JSON string; a date the host has turned into
 * seconds already. */
static double retry_after(dc_span raw) {
    uint32_t seconds = 0, i = 1;
    if (!begins(raw, '"') || raw.size > 9) return 0;
    for (; raw.at[i] >= '0' && raw.at[i] <= '9'; i++) seconds = seconds * 10 + (uint32_t)(raw.at[i] - '0');
    return i + 1 == raw.size ? seconds * 1000.0 : 0;
}

/* What the service says is wrong, as a raw string; size 0: nothing. Services answer an envelope, a bare {message}, an
 * OAuth error, HTML, or nothing. */
static dc_span read_message(dc_span body) {
    static const char *const paths[] = {"error.message", "message", "error_description", "error"};
    dc_span message = {NULL, 0};
    for (size_t i = 0; body.size && i < sizeof paths / sizeof paths[0]; i++) {
        if (dc_field_find(body, paths[i], &message) && begins(message, '"')) return message;
    }
    return (dc_span){NULL, 0};
}

/* `problem`: what is wrong with an answer that claims success. What the service says goes along as it was written. */
static const dc_reply *failed(const dc_operation *op, uint32_t http, const dc_input *in, const char *problem) {
    static const char *const copied[][2] = {{"slug", "slug"},
                                            {"serviceCode", "code"},
                                            {"suggestedFix", "suggested_fix"},
                                            {"errors", "errors"},
                                            {"requestId", "request_id"}};
    enum { COPIED = sizeof copied / sizeof copied[0], SLUG = 0, REQUEST_ID = COPIED - 1 };
    const dc_span body = !problem && dc_scan_valid(in->rest, NULL) ? in->rest : (dc_span){NULL, 0};
    const dc_span message = read_message(body), inner = member(body, "error");
    dc_span copies[COPIED];
    for (size_t i = 0; i < COPIED; i++) copies[i] = member(begins(inner, '{') ? inner : body, copied[i][1]);
    const dc_span own = member(in->head, copied[REQUEST_ID][0]), slug = copies[SLUG];
    if (own.size) copies[REQUEST_ID] = own;
    const kind_row *kind = problem ? &kinds[sizeof kinds / sizeof kinds[0] - 1] : kind_of(http);
    if (begins(slug, '"')) kind = kind_by_slug((dc_span){slug.at + 1, slug.size - 1}, kind);
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "name", kind->name);
    dc_json_put_text(&out, "code", kind->code);
    if (!problem) problem = "The service answered with an error and said nothing more.";
    if (message.size) dc_json_put_raw(&out, "message", message);
    else dc_json_put_text(&out, "message", problem);
    dc_json_put_number(&out, "status", http);
    for (size_t i = 0; i < COPIED; i++) {
        if (copies[i].size) dc_json_put_raw(&out, copied[i][0], copies[i]);
    }
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
