/* fields.c: what each operation takes (contract, sections 2 to 5 and 11). Fields of one nested object stand
 * next to each other: the SDK's writer opens it once. */
#include "fields.h"

#include "words.h"

static const char *const order_by[] = {"created_at", "updated_at", NULL};
static const char *const directions[] = {"desc", "asc", NULL};
static const char *const switches[] = {"ENABLED", "DISABLED", NULL};
static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", NULL};
static const char *const managers[] = {"devcaster", "composio", "all", "project", NULL};
static const char *const sorts[] = {"usage", "alphabetically", NULL};
static const char *const visibility[] = {"show_all", "dont_store_data", NULL};
static const char *const selections[] = {"explicit", "latest", NULL};
static const char *const styles[] = {"prefix", "full", NULL};
static const char *const config_types[] = {"use_devcaster_managed_auth", "use_composio_managed_auth",
                                           "use_custom_auth", NULL};
static const char *const patch_types[] = {"custom", "default", NULL};

#define PAGING {"cursor", DC_TEXT, DC_QUERY, .high = 4096}, {"limit", DC_WHOLE, DC_QUERY, .high = 1000}
#define END {.wire = NULL}

const dc_field dc_no_fields[] = {END};
const dc_field dc_id_fields[] = {
    {"id", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_ACCOUNT}, {"revoke_on_delete", DC_BOOL, DC_QUERY, .flags = DC_WIRE_ONLY}, END};

const dc_field dc_accounts_list_fields[] = {
    {"user_ids", DC_TEXTS, DC_QUERY, .column = "user_id"},
    {"statuses", DC_WORDS, DC_QUERY, .words = dc_status_names, .column = "status"},
    {"toolkit_slugs", DC_TEXTS, DC_QUERY, .column = "toolkit"},
    {"auth_config_ids", DC_TEXTS, DC_QUERY, .column = "auth_config_id"},
    {"connected_account_ids", DC_TEXTS, DC_QUERY, .column = "id"},
    PAGING,
    {"order_by", DC_WORD, DC_QUERY, .words = order_by},
    {"order_direction", DC_WORD, DC_QUERY, .words = directions},
    {"account_type", DC_TEXT, DC_QUERY, .flags = DC_WIRE_ONLY},
    END};

const dc_field dc_account_create_fields[] = {
    {"auth_config.id", DC_TEXT, DC_BODY, .sdk = "authConfigId", .flags = DC_REQUIRED, .ref = DC_REF_CONFIG},
    {"connection.user_id", DC_TEXT, DC_BODY, .flags = DC_OR_DEFAULT, .high = 512, .ref = DC_REF_USER},
    {"connection.state", DC_OBJECT, DC_BODY, .sdk = "config"},
    {"connection.callback_url", DC_URL, DC_BODY, .high = 2048},
    {"connection.alias", DC_TEXT, DC_BODY, .high = 256},
    {"validate_credentials", DC_BOOL, DC_BODY},
    {"allow_multiple", DC_BOOL, DC_BODY},
    END};

const dc_field dc_account_link_fields[] = {
    {"auth_config_id", DC_TEXT, DC_BODY, .flags = DC_REQUIRED, .ref = DC_REF_CONFIG},
    {"user_id", DC_TEXT, DC_BODY, .flags = DC_REQUIRED, .high = 512, .ref = DC_REF_USER},
    {"callback_url", DC_URL, DC_BODY, .high = 2048},
    {"connection_data", DC_OBJECT, DC_BODY},
    {"alias", DC_TEXT, DC_BODY, .high = 256},
    END};

const dc_field dc_account_update_fields[] = {
    {"id", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_ACCOUNT},
    {"alias", DC_TEXT, DC_BODY, .high = 256},
    {"connection.state", DC_OBJECT, DC_BODY, .sdk = "config"},
    END};

const dc_field dc_account_status_fields[] = {
    {"id", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_ACCOUNT}, {"enabled", DC_BOOL, DC_BODY, .flags = DC_REQUIRED}, END};

/* redirect_url is taken in the query and in the body; the SDK sends it in the body. */
const dc_field dc_account_refresh_fields[] = {
    {"id", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_ACCOUNT},
    {"redirect_url", DC_URL, DC_QUERY, .flags = DC_WIRE_ONLY, .high = 2048},
    {"redirect_url", DC_URL, DC_BODY, .high = 2048},
    {"validate_credentials", DC_BOOL, DC_BODY},
    END};

const dc_field dc_account_complete_fields[] = {
    {"connected_account_id", DC_TEXT, DC_BODY, .flags = DC_REQUIRED, .ref = DC_REF_ACCOUNT},
    {"verifier", DC_TEXT, DC_BODY, .flags = DC_REQUIRED},
    END};

const dc_field dc_configs_list_fields[] = {
    {"toolkit_slug", DC_TEXTS, DC_QUERY, .column = "toolkit"},
    {"is_devcaster_managed", DC_BOOL, DC_QUERY, .column = "managed"},
    {"is_composio_managed", DC_BOOL, DC_QUERY, .flags = DC_WIRE_ONLY, .column = "managed"},
    {"show_disabled", DC_BOOL, DC_QUERY, .flags = DC_ENABLED_ONLY, .column = "status"},
    {"search", DC_TEXT, DC_QUERY, .column = "name"},
    PAGING,
    END};

const dc_field dc_config_create_fields[] = {
    {"toolkit.slug", DC_TEXT, DC_BODY, .sdk = "toolkit", .flags = DC_REQUIRED, .ref = DC_REF_TOOLKIT},
    {"auth_config.type", DC_WORD, DC_BODY, .words = config_types},
    {"auth_config.name", DC_TEXT, DC_BODY, .high = 256},
    {"auth_config.authScheme", DC_WORD, DC_BODY, .words = dc_scheme_names},
    {"auth_config.credentials", DC_OBJECT, DC_BODY},
    {"auth_config.restrict_to_following_tools", DC_TEXTS, DC_BODY},
    END};

const dc_field dc_config_update_fields[] = {
    {"id", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_CONFIG},
    {"type", DC_WORD, DC_BODY, .flags = DC_REQUIRED, .words = patch_types},
    {"name", DC_TEXT, DC_BODY, .high = 256},
    {"credentials", DC_OBJECT, DC_BODY},
    {"scopes", DC_SCOPES, DC_BODY},
    {"restrict_to_following_tools", DC_TEXTS, DC_BODY},
    END};

const dc_field dc_config_status_fields[] = {
    {"id", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_CONFIG},
    {"status", DC_WORD, DC_PATH, DC_REQUIRED | DC_SWITCH, .sdk = "enabled", .words = switches},
    END};

const dc_field dc_config_delete_fields[] = {{"id", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_CONFIG}, {"cascade", DC_BOOL, DC_QUERY}, END};

const dc_field dc_toolkits_list_fields[] = {
    {"category", DC_TEXT, DC_QUERY},
    {"managed_by", DC_WORD, DC_QUERY, .words = managers},
    {"sort_by", DC_WORD, DC_QUERY, .words = sorts},
    {"search", DC_TEXT, DC_QUERY},
    {"include_deprecated", DC_BOOL, DC_QUERY},
    PAGING,
    END};

const dc_field dc_toolkit_get_fields[] = {{"slug", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_TOOLKIT}, {"version", DC_TEXT, DC_QUERY}, END};

const dc_field dc_tools_list_fields[] = {
    {"toolkit_slug", DC_TEXT, DC_QUERY, .ref = DC_REF_TOOLKIT},
    {"tool_slugs", DC_TEXTS, DC_QUERY},
    {"search", DC_TEXT, DC_QUERY},
    {"tags", DC_TEXTS, DC_QUERY},
    {"scopes", DC_TEXTS, DC_QUERY},
    {"important", DC_BOOL, DC_QUERY},
    {"auth_config_ids", DC_TEXTS, DC_QUERY},
    {"include_deprecated", DC_BOOL, DC_QUERY},
    PAGING,
    {"toolkit_versions", DC_MAP, DC_QUERY, .flags = DC_WIRE_ONLY},
    END};

const dc_field dc_tool_get_fields[] = {
    {"slug", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_TOOL},
    {"version", DC_TEXT, DC_QUERY, .ref = DC_REF_VERSION},
    {"toolkit_versions", DC_MAP, DC_QUERY, .flags = DC_WIRE_ONLY},
    END};

const dc_field dc_tool_execute_fields[] = {
    {"slug", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_TOOL},
    {"user_id", DC_TEXT, DC_BODY, .high = 512, .ref = DC_REF_USER},
    {"connected_account_id", DC_TEXT, DC_BODY, .ref = DC_REF_ACCOUNT},
    {"version", DC_TEXT, DC_BODY, .ref = DC_REF_VERSION},
    {"arguments", DC_OBJECT, DC_BODY},
    {"text", DC_TEXT, DC_BODY, .high = 65536},
    {"custom_auth_params", DC_OBJECT, DC_BODY},
    {"custom_connection_data", DC_OBJECT, DC_BODY},
    {"allow_tracing", DC_BOOL, DC_BODY},
    END};

const dc_field dc_tool_proxy_fields[] = {
    {"connected_account_id", DC_TEXT, DC_BODY, .flags = DC_REQUIRED, .ref = DC_REF_ACCOUNT},
    {"endpoint", DC_TEXT, DC_BODY, .flags = DC_REQUIRED, .high = 8192},
    {"method", DC_WORD, DC_BODY, .flags = DC_REQUIRED, .words = methods},
    {"body", DC_ANY, DC_BODY},
    {"binary_body", DC_ANY, DC_BODY},
    {"parameters", DC_ARRAY, DC_BODY},
    END};

const dc_field dc_project_fields[] = {
    {"display_name", DC_TEXT, DC_BODY, .high = 256},
    {"logo_url", DC_URL, DC_BODY, .high = 2048},
    {"is_2FA_enabled", DC_BOOL, DC_BODY, .sdk = "is2FAEnabled"},
    {"mask_secret_keys_in_connected_account", DC_BOOL, DC_BODY},
    {"log_visibility_setting", DC_WORD, DC_BODY, .words = visibility},
    {"require_mcp_api_key", DC_BOOL, DC_BODY},
    {"account_selection", DC_WORD, DC_BODY, .words = selections},
    {"mask_style", DC_WORD, DC_BODY, .words = styles},
    {"callback_urls", DC_TEXTS, DC_BODY},
    END};

const dc_field dc_key_create_fields[] = {
    {"name", DC_TEXT, DC_BODY, .flags = DC_REQUIRED, .high = 256},
    {"scopes", DC_WORDS, DC_BODY, .flags = DC_REQUIRED, .words = dc_scope_names},
    END};

const dc_field dc_token_create_fields[] = {
    {"user_id", DC_TEXT, DC_BODY, .flags = DC_REQUIRED, .high = 512, .ref = DC_REF_USER},
    {"expires_in", DC_WHOLE, DC_BODY, .high = 1800},
    {"operations", DC_TEXTS, DC_BODY},
    {"toolkits", DC_TEXTS, DC_BODY},
    {"origins", DC_TEXTS, DC_BODY},
    {"tools", DC_ARRAY, DC_BODY},
    END};

const dc_field dc_token_revoke_fields[] = {
    {"user_id", DC_TEXT, DC_QUERY, .flags = DC_REQUIRED, .high = 512, .ref = DC_REF_USER}, END};

const dc_field dc_session_fields[] = {
    {"api_key", DC_TEXT, DC_BODY, .high = 512, .ref = DC_REF_KEY},
    {"sign_in_token", DC_TEXT, DC_BODY, .high = 512, .ref = DC_REF_TOKEN}, END};

/* What a provider may append to our callback is its own affair: read in grant_callback.c. */
const dc_field dc_callback_fields[] = {{"*", DC_MAP, DC_QUERY}, END};
