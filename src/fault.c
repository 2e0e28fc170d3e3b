/* fault.c: the response body of an error: one that the core gave, or a fault that only the host can see. */
#include "catalog.h"
#include "reply.h"

typedef struct fault_row {
    dc_error error;
    const char *message; /* NULL: the error's own */
} fault_row;

static const fault_row rows[DC_FAULT_COUNT] = {
    [DC_FAULT_internal] = {DC_ERR_INTERNAL, NULL},
    [DC_FAULT_body_too_large] = {DC_ERR_TOO_LARGE, NULL},
    [DC_FAULT_bad_body] = {DC_ERR_BAD_REQUEST, "The body could not be read."},
    [DC_FAULT_provider_unreachable] = {DC_ERR_PROVIDER_DOWN, NULL},
    [DC_FAULT_provider_timeout] = {DC_ERR_PROVIDER_SLOW, NULL},
    [DC_FAULT_unauthenticated] = {DC_ERR_UNAUTHORIZED, NULL},
    [DC_FAULT_sign_in_refused] = {DC_ERR_SIGN_IN, NULL},
    [DC_FAULT_not_same_origin] = {DC_ERR_FORBIDDEN, "The request comes from another site."},
    [DC_FAULT_rate_limited] = {DC_ERR_RATE_LIMIT, NULL},
    [DC_FAULT_not_configured] = {DC_ERR_NOT_CONFIGURED, NULL},
    [DC_FAULT_link_not_found] = {DC_ERR_LINK_UNKNOWN, NULL},
    [DC_FAULT_link_expired] = {DC_ERR_LINK_OVER, NULL},
    [DC_FAULT_state_invalid] = {DC_ERR_STATE_BAD, NULL},
    [DC_FAULT_state_replayed] = {DC_ERR_LINK_OVER, "This answer of the provider was used already."},
    [DC_FAULT_bad_cursor] = {DC_ERR_BAD_REQUEST, "The cursor is not one of this list with these filters."},
    [DC_FAULT_no_such_page] = {DC_ERR_NO_ROUTE, NULL},
    [DC_FAULT_account_not_found] = {DC_ERR_ACCOUNT_UNKNOWN, NULL},
    [DC_FAULT_config_not_found] = {DC_ERR_CONFIG_UNKNOWN, NULL},
    [DC_FAULT_toolkit_not_found] = {DC_ERR_TOOLKIT_UNKNOWN, NULL},
    [DC_FAULT_tool_not_found] = {DC_ERR_TOOL_UNKNOWN, NULL},
    [DC_FAULT_key_not_found] = {DC_ERR_KEY_UNKNOWN, NULL},
    [DC_FAULT_unreadable] = {DC_ERR_INTERNAL, "Stored data could not be opened with the keys of this service."},
    [DC_FAULT_credentials_refused] = {DC_ERR_ACCOUNT_REFUSED, NULL},
    [DC_FAULT_link_used] = {DC_ERR_LINK_OVER, NULL},
    [DC_FAULT_client_refused] = {DC_ERR_CONFIG_BAD, "The provider gave the auth config's client no token; check its "
                                                    "client_id, client_secret and scopes."},
    [DC_FAULT_token_refused] = {DC_ERR_ACCOUNT_REFUSED,
                                "The provider's API does not accept the token that the provider "
                                "has just given; the account keeps it."},
    [DC_FAULT_upstream_unusable] = {DC_ERR_UPSTREAM_BAD, NULL},
    [DC_FAULT_upstream_timeout] = {DC_ERR_UPSTREAM_SLOW, NULL},
    [DC_FAULT_upstream_resting] = {DC_ERR_UPSTREAM_RESTS, NULL},
    [DC_FAULT_headers_too_large] = {DC_ERR_HEADERS_LARGE, NULL},
    [DC_FAULT_operation_not_passed] = {DC_ERR_FORBIDDEN, "This gateway does not pass that operation."},
    [DC_FAULT_verifier_wrong] = {DC_ERR_ACCOUNT_BAD, "This is not the verifier of the connection."},
    [DC_FAULT_not_counted] = {DC_ERR_FORBIDDEN, "These credentials are counted, and this gateway does not count."},
    [DC_FAULT_token_ended] = {DC_ERR_UNAUTHORIZED, "This user token was ended; ask for a new one."},
    [DC_FAULT_token_used_up] = {DC_ERR_FORBIDDEN, "This user token has been used as often as it allows."},
    [DC_FAULT_cursor_over] = {DC_ERR_BAD_REQUEST, "This walk was begun over an hour ago; begin it anew."},
};

static void put_error(dc_out *out, const cJSON *given, const fault_row *row, const char *detail) {
    const dc_error_row *known = dc_error_at(row->error);
    for (const cJSON *item = given ? given->child : NULL; item; item = item->next) {
        dc_json_put_tree(out, item->string, item);
    }
    if (given) return;
    dc_json_put_text(out, "message", detail ? detail : row->message ? row->message : known->message);
    dc_json_put_number(out, "code", known->code);
    dc_json_put_number(out, "status", known->status);
    dc_json_put_text(out, "slug", known->slug);
    dc_json_put_text(out, "suggested_fix", known->fix);
}

const dc_reply *dc_fault(uint32_t fault, uint32_t size) {
    dc_input in;
    if (fault >= DC_FAULT_COUNT || !dc_input_read(size, &in)) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    const cJSON *given = fault == DC_FAULT_error ? dc_input_tree(&in, "error") : NULL;
    if (!dc_json_text(given, "message")) given = NULL;
    const fault_row *row = fault == DC_FAULT_error ? &rows[DC_FAULT_internal] : &rows[fault];
    const double status = given ? dc_json_number(given, "status", 500) : dc_error_at(row->error)->status;
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    /* Clients of the family look for the message of a 429 beside the error, too. */
    if (status == 429) dc_json_put_text(&out, "message", dc_error_at(DC_ERR_RATE_LIMIT)->message);
    dc_json_open(&out, "error", '{');
    put_error(&out, given, row, dc_input_text(&in, "detail"));
    dc_json_put_text(&out, "request_id", dc_input_text(&in, "request_id"));
    dc_json_close(&out, '}');
    dc_json_close(&out, '}');
    return dc_reply_value(status >= 400 && status < 600 ? (uint32_t)status : 500, &out, (dc_span){NULL, 0});
}
