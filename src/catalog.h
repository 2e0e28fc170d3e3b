/* catalog.h: the lists of names that the functions with a step or an event take as a number. */
#ifndef DC_CATALOG_H
#define DC_CATALOG_H

#include <stdint.h>

/* The formatter would break the lists in these macros anew each time it runs. */
/* clang-format off */
#define DC_EVENTS(X) \
    X(create) X(link) X(open) X(submit) X(connect) X(deny) X(lapse) X(refresh) \
    X(refresh_begin) X(refresh_end) X(set_status) X(update) X(revoke) X(revoked) X(delete) X(use) X(reveal) X(complete) \
    X(config_create) X(config_update) X(config_status) X(config_delete) X(config_health) X(health) X(project_open) \
    X(project_update) X(key_create)

#define DC_GRANTS(X) \
    X(authorize) X(callback) X(callback_check) X(exchange) X(token) X(refresh) X(revoke) X(revoked) \
    X(identify) X(identity) X(test) X(tested) X(harmless) X(client_credentials) \
    X(oauth1_temporary) X(oauth1_authorize) X(oauth1_token) X(oauth1_answer) X(oauth1_sign) X(discard) X(retry) \
    X(oauth1_returned)

#define DC_TOOLS(X) \
    X(find) X(choose) X(ready) X(build) X(read) X(proxy) X(proxied)

#define DC_FAULTS(X) \
    X(error) X(internal) X(body_too_large) X(bad_body) X(provider_unreachable) X(provider_timeout) \
    X(unauthenticated) X(sign_in_refused) X(not_same_origin) X(rate_limited) X(not_configured) X(link_not_found) \
    X(link_expired) X(state_invalid) X(state_replayed) X(bad_cursor) X(no_such_page) \
    X(account_not_found) X(config_not_found) X(toolkit_not_found) X(tool_not_found) X(key_not_found) \
    X(unreadable) X(credentials_refused) X(link_used) X(client_refused) X(token_refused) X(cursor_over) \
    X(upstream_unusable) X(upstream_timeout) X(upstream_resting) X(headers_too_large) X(operation_not_passed) \
    X(not_counted) X(token_ended) X(token_used_up) X(verifier_wrong)

/* clang-format on */

#define DC_EVENT_NUMBER(name) DC_EVENT_##name,
#define DC_GRANT_NUMBER(name) DC_GRANT_##name,
#define DC_TOOL_NUMBER(name)  DC_TOOL_##name,
#define DC_FAULT_NUMBER(name) DC_FAULT_##name,

typedef enum dc_event_name { DC_EVENTS(DC_EVENT_NUMBER) DC_EVENT_COUNT } dc_event_name;
typedef enum dc_grant_step { DC_GRANTS(DC_GRANT_NUMBER) DC_GRANT_COUNT } dc_grant_step;
typedef enum dc_tool_step { DC_TOOLS(DC_TOOL_NUMBER) DC_TOOL_COUNT } dc_tool_step;
typedef enum dc_fault_name { DC_FAULTS(DC_FAULT_NUMBER) DC_FAULT_COUNT } dc_fault_name;

#endif
