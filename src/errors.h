/* errors.h: every error that the service answers, as one table. */
#ifndef DC_ERRORS_H
#define DC_ERRORS_H

#include <stdint.h>

typedef enum dc_error {
    DC_ERR_BAD_REQUEST,
    DC_ERR_UNAUTHORIZED,
    DC_ERR_FORBIDDEN,
    DC_ERR_NO_ROUTE,
    DC_ERR_RATE_LIMIT,
    DC_ERR_TOO_LARGE,
    DC_ERR_NOT_SERVED,
    DC_ERR_INTERNAL,
    DC_ERR_NOT_CONFIGURED,
    DC_ERR_ACCOUNT_BAD,
    DC_ERR_ACCOUNT_INVALID,
    DC_ERR_SIGN_IN,
    DC_ERR_ACCOUNT_UNKNOWN,
    DC_ERR_ACCOUNT_CONNECTED,
    DC_ERR_ACCOUNT_FIELDS,
    DC_ERR_ACCOUNT_CONFLICT,
    DC_ERR_ACCOUNT_TYPED,
    DC_ERR_ACCOUNT_REFUSED,
    DC_ERR_CONFIG_UNKNOWN,
    DC_ERR_CONFIG_BAD,
    DC_ERR_CONFIG_DISABLED,
    DC_ERR_CONFIG_NOT_MANAGED,
    DC_ERR_TOOLKIT_UNKNOWN,
    DC_ERR_EXECUTE_NONE,
    DC_ERR_EXECUTE_WHO,
    DC_ERR_EXECUTE_OTHER,
    DC_ERR_EXECUTE_AMBIGUOUS,
    DC_ERR_EXECUTE_EXPIRED,
    DC_ERR_EXECUTE_INACTIVE,
    DC_ERR_TOOL_UNKNOWN,
    DC_ERR_PROVIDER_DOWN,
    DC_ERR_PROVIDER_SLOW,
    DC_ERR_LINK_UNKNOWN,
    DC_ERR_LINK_OVER,
    DC_ERR_STATE_BAD,
    DC_ERR_KEY_UNKNOWN,
    DC_ERR_UPSTREAM_BAD,
    DC_ERR_UPSTREAM_SLOW,
    DC_ERR_UPSTREAM_RESTS,
    DC_ERR_HEADERS_LARGE,
    DC_ERR_COUNT
} dc_error;

typedef struct dc_error_row {
    uint16_t status;
    uint16_t code;
    const char *slug;
    const char *message; /* said where the caller has nothing more exact */
    const char *fix;     /* the contract's suggested_fix */
} dc_error_row;

const dc_error_row *dc_error_at(dc_error error);

#endif
