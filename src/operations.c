/* operations.c: the route table (contract, sections 2 to 5 and 11). Where a fixed segment and a parameter could
 * both match, the fixed one stands first. */
#include "operations.h"

#include "errors.h"
#include "fields.h"

enum {
    GOES = DC_SERVED,
    SAFE = DC_SERVED | DC_IDEMPOTENT, /* may be repeated after a lost answer */
    ACCOUNT_MASK = DC_MASK_STATE | DC_MASK_DATA | DC_MASK_PARAMS | DC_MASK_CONNECTION,
    CONFIG_MASK = DC_MASK_CREDENTIALS
};

const dc_operation dc_operations[] = {
    {"connected_accounts.list", "GET", "/connected_accounts", dc_accounts_list_fields, DC_NEED_READ, DC_SHAPE_ACCOUNTS,
     SAFE, DC_ERR_BAD_REQUEST, ACCOUNT_MASK},
    {"connected_accounts.create", "POST", "/connected_accounts", dc_account_create_fields, DC_NEED_WRITE,
     DC_SHAPE_CONNECTION, GOES, DC_ERR_ACCOUNT_INVALID, ACCOUNT_MASK},
    {"connected_accounts.link", "POST", "/connected_accounts/link", dc_account_link_fields, DC_NEED_WRITE,
     DC_SHAPE_CONNECTION, GOES, DC_ERR_ACCOUNT_INVALID, ACCOUNT_MASK},
    {"connected_accounts.complete", "POST", "/connected_accounts/complete_auth", dc_account_complete_fields,
     DC_NEED_WRITE, DC_SHAPE_DONE, GOES, DC_ERR_ACCOUNT_INVALID, ACCOUNT_MASK},
    {"connected_accounts.get", "GET", "/connected_accounts/{id}", dc_account_get_fields, DC_NEED_READ, DC_SHAPE_ACCOUNT,
     SAFE, DC_ERR_BAD_REQUEST, ACCOUNT_MASK},
    {"connected_accounts.update", "PATCH", "/connected_accounts/{id}", dc_account_update_fields, DC_NEED_WRITE,
     DC_SHAPE_DONE, SAFE, DC_ERR_ACCOUNT_INVALID, ACCOUNT_MASK},
    {"connected_accounts.delete", "DELETE", "/connected_accounts/{id}", dc_id_fields, DC_NEED_WRITE, DC_SHAPE_DONE,
     SAFE, DC_ERR_BAD_REQUEST, 0},
    {"connected_accounts.set_status", "PATCH", "/connected_accounts/{id}/status", dc_account_status_fields,
     DC_NEED_WRITE, DC_SHAPE_DONE, SAFE, DC_ERR_ACCOUNT_INVALID, 0},
    {"connected_accounts.refresh", "POST", "/connected_accounts/{id}/refresh", dc_account_refresh_fields, DC_NEED_WRITE,
     DC_SHAPE_REFRESH, GOES, DC_ERR_ACCOUNT_INVALID, ACCOUNT_MASK},
    {"connected_accounts.revoke", "POST", "/connected_accounts/{id}/revoke", dc_id_fields, DC_NEED_WRITE,
     DC_SHAPE_PLAIN, GOES, DC_ERR_ACCOUNT_INVALID, ACCOUNT_MASK},
    {"connected_accounts.activity", "GET", "/connected_accounts/{id}/activity", dc_activity_fields, DC_NEED_READ,
     DC_SHAPE_PAGE, SAFE, DC_ERR_BAD_REQUEST, 0},

    {"auth_configs.list", "GET", "/auth_configs", dc_configs_list_fields, DC_NEED_READ, DC_SHAPE_PAGE, SAFE,
     DC_ERR_BAD_REQUEST, CONFIG_MASK},
    {"auth_configs.create", "POST", "/auth_configs", dc_config_create_fields, DC_NEED_ADMIN, DC_SHAPE_CONFIG, GOES,
     DC_ERR_CONFIG_BAD, CONFIG_MASK},
    {"auth_configs.get", "GET", "/auth_configs/{id}", dc_id_fields, DC_NEED_READ, DC_SHAPE_CONFIG, SAFE,
     DC_ERR_BAD_REQUEST, CONFIG_MASK},
    {"auth_configs.update", "PATCH", "/auth_configs/{id}", dc_config_update_fields, DC_NEED_ADMIN, DC_SHAPE_DONE, SAFE,
     DC_ERR_CONFIG_BAD, CONFIG_MASK},
    {"auth_configs.delete", "DELETE", "/auth_configs/{id}", dc_config_delete_fields, DC_NEED_ADMIN, DC_SHAPE_DONE, SAFE,
     DC_ERR_CONFIG_BAD, 0},
    {"auth_configs.set_status", "PATCH", "/auth_configs/{id}/{status}", dc_config_status_fields, DC_NEED_ADMIN,
     DC_SHAPE_DONE, SAFE, DC_ERR_CONFIG_BAD, 0},

    {"toolkits.list", "GET", "/toolkits", dc_toolkits_list_fields, DC_NEED_READ, DC_SHAPE_PAGE, SAFE,
     DC_ERR_BAD_REQUEST, 0},
    {"toolkits.categories", "GET", "/toolkits/categories", dc_no_fields, DC_NEED_READ, DC_SHAPE_PLAIN, SAFE,
     DC_ERR_BAD_REQUEST, 0},
    {"toolkits.get", "GET", "/toolkits/{slug}", dc_toolkit_get_fields, DC_NEED_READ, DC_SHAPE_PLAIN, SAFE,
     DC_ERR_BAD_REQUEST, 0},
    {"tools.list", "GET", "/tools", dc_tools_list_fields, DC_NEED_READ, DC_SHAPE_PAGE, SAFE, DC_ERR_BAD_REQUEST, 0},
    {"tools.get", "GET", "/tools/{slug}", dc_tool_get_fields, DC_NEED_READ, DC_SHAPE_PLAIN, SAFE, DC_ERR_BAD_REQUEST,
     0},
    {"tools.proxy", "POST", "/tools/execute/proxy", dc_tool_proxy_fields, DC_NEED_WRITE, DC_SHAPE_RESULT, GOES,
     DC_ERR_BAD_REQUEST, 0},
    {"tools.execute", "POST", "/tools/execute/{slug}", dc_tool_execute_fields, DC_NEED_WRITE, DC_SHAPE_RESULT, GOES,
     DC_ERR_BAD_REQUEST, 0},

    {"project_config.get", "GET", "/org/project/config", dc_no_fields, DC_NEED_READ, DC_SHAPE_PLAIN, SAFE,
     DC_ERR_BAD_REQUEST, 0},
    {"project_config.update", "PATCH", "/org/project/config", dc_project_fields, DC_NEED_ADMIN, DC_SHAPE_PLAIN, SAFE,
     DC_ERR_BAD_REQUEST, 0},
    {"api_keys.list", "GET", "/api_keys", dc_no_fields, DC_NEED_ADMIN, DC_SHAPE_PAGE, SAFE, DC_ERR_BAD_REQUEST, 0},
    {"api_keys.create", "POST", "/api_keys", dc_key_create_fields, DC_NEED_ADMIN, DC_SHAPE_PLAIN, GOES,
     DC_ERR_BAD_REQUEST, 0},
    {"api_keys.delete", "DELETE", "/api_keys/{id}", dc_id_fields, DC_NEED_ADMIN, DC_SHAPE_DONE, SAFE,
     DC_ERR_BAD_REQUEST, 0},
    {"user_tokens.create", "POST", "/user_tokens", dc_token_create_fields, DC_NEED_WRITE, DC_SHAPE_PLAIN, GOES,
     DC_ERR_BAD_REQUEST, 0},
    {"user_tokens.revoke", "DELETE", "/user_tokens", dc_token_revoke_fields, DC_NEED_WRITE, DC_SHAPE_DONE, SAFE,
     DC_ERR_BAD_REQUEST, 0},

    {"session.info", "GET", "/auth/session/info", dc_no_fields, DC_NEED_READ, DC_SHAPE_PLAIN, SAFE, DC_ERR_BAD_REQUEST,
     0},
    {"session.create", "POST", "//auth/session", dc_session_fields, DC_NEED_NOTHING, DC_SHAPE_DONE, GOES,
     DC_ERR_BAD_REQUEST, 0},
    {"session.delete", "DELETE", "//auth/session", dc_no_fields, DC_NEED_NOTHING, DC_SHAPE_DONE, SAFE,
     DC_ERR_BAD_REQUEST, 0},
    {"connect.show", "GET", "//connect/{id}", dc_id_fields, DC_NEED_NOTHING, DC_SHAPE_PLAIN, SAFE, DC_ERR_LINK_UNKNOWN,
     0},
    {"connect.submit", "POST", "//connect/{id}", dc_id_fields, DC_NEED_NOTHING, DC_SHAPE_PLAIN, GOES | DC_FORM,
     DC_ERR_LINK_UNKNOWN, 0},
    {"oauth.callback", "GET", "//oauth/callback", dc_callback_fields, DC_NEED_NOTHING, DC_SHAPE_PLAIN, GOES,
     DC_ERR_STATE_BAD, 0},
    {"health", "GET", "//health", dc_no_fields, DC_NEED_NOTHING, DC_SHAPE_PLAIN, SAFE, DC_ERR_BAD_REQUEST, 0},
};

const uint32_t dc_operation_count = sizeof dc_operations / sizeof dc_operations[0];

const dc_operation *dc_operation_at(uint32_t op) {
    return op < dc_operation_count ? &dc_operations[op] : NULL;
}
