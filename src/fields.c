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
static const char *const config_types[] = {"use_devcaster_managed_auth", "use_composio_managed_auth", "use_custom_auth",
                                           NULL};
static const char *const patch_types[] = {"custom", "default", NULL};

static const char *const *const vocabularies[DC_VOCABULARIES] = {
    [DC_STATUSES] = dc_status_names,  [DC_SCHEMES] = dc_scheme_names, [DC_KEY_SCOPES] = dc_scope_names,
    [DC_ORDERS] = order_by,           [DC_DIRECTIONS] = directions,   [DC_SWITCHES] = switches,
    [DC_METHODS] = methods,           [DC_MANAGERS] = managers,       [DC_SORTS] = sorts,
    [DC_VISIBILITIES] = visibility,   [DC_SELECTIONS] = selections,   [DC_STYLES] = styles,
    [DC_CONFIG_TYPES] = config_types, [DC_PATCH_TYPES] = patch_types,
};

const char *const *dc_field_words(const dc_field *field) {
    return vocabularies[field->words];
}

const char *dc_field_column(const dc_field *field) {
    static const char *const names[DC_COLUMNS] = {
        [DC_COLUMN_ID] = "id",           [DC_COLUMN_USER] = "user_id",          [DC_COLUMN_STATUS] = "status",
        [DC_COLUMN_TOOLKIT] = "toolkit", [DC_COLUMN_CONFIG] = "auth_config_id", [DC_COLUMN_MANAGED] = "managed",
        [DC_COLUMN_NAME] = "name",
    };
    return names[field->column];
}

#define PAGING \
    {"cursor", DC_TEXT, DC_QUERY, .high = 4096}, { \
        "limit", DC_WHOLE, DC_QUERY, .high = 1000 \
    }
#define END \
    { .wire = NULL }

const dc_field dc_no_fields[] = {END};
const dc_field dc_id_fields[] = {{"id", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_ACCOUNT},
                                 {"revoke_on_delete", DC_BOOL, DC_QUERY, .flags = DC_WIRE_ONLY},
                                 END};

/* min_valid: seconds that the access token must still live; otherwise it is refreshed first. */
const dc_field dc_account_get_fields[] = {{"id", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_ACCOUNT},
                                          {"revoke_on_delete", DC_BOOL, DC_QUERY, .flags = DC_WIRE_ONLY},
                                          {"min_valid", DC_WHOLE, DC_QUERY, .high = 3600},
                                          END};

const dc_field dc_activity_fields[] = {{"id", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_ACCOUNT}, PAGING, END};

const dc_field dc_accounts_list_fields[] = {
    {"user_ids", DC_TEXTS, DC_QUERY, .column = DC_COLUMN_USER},
    {"statuses", DC_WORDS, DC_QUERY, .words = DC_STATUSES, .column = DC_COLUMN_STATUS},
    {"toolkit_slugs", DC_TEXTS, DC_QUERY, .column = DC_COLUMN_TOOLKIT},
    {"auth_config_ids", DC_TEXTS, DC_QUERY, .column = DC_COLUMN_CONFIG},
    {"connected_account_ids", DC_TEXTS, DC_QUERY, .column = DC_COLUMN_ID},
    PAGING,
    {"order_by", DC_WORD, DC_QUERY, .words = DC_ORDERS},
    {"order_direction", DC_WORD, DC_QUERY, .words = DC_DIRECTIONS},
    {"account_type", DC_TEXT, DC_QUERY, .flags = DC_WIRE_ONLY},
    END};

const dc_field dc_account_create_fields[] = {
    {"auth_config.id", DC_TEXT, DC_BODY, .flags = DC_REQUIRED, .ref = DC_REF_CONFIG},
    {"connection.user_id", DC_TEXT, DC_BODY, .flags = DC_OR_DEFAULT, .high = 512, .ref = DC_REF_USER},
    {"connection.state", DC_OBJECT, DC_BODY},
    {"connection.callback_url", DC_URL, DC_BODY, .high = 2048},
    {"connection.alias", DC_TEXT, DC_BODY, .high = 256},
    {"validate_credentials", DC_BOOL, DC_BODY},
    {"allow_multiple", DC_BOOL, DC_BODY},
    {"verifier_hash", DC_TEXT, DC_BODY, .high = 43},
    END};

const dc_field dc_account_link_fields[] = {
    {"auth_config_id", DC_TEXT, DC_BODY, .flags = DC_REQUIRED, .ref = DC_REF_CONFIG},
    {"user_id", DC_TEXT, DC_BODY, .flags = DC_REQUIRED, .high = 512, .ref = DC_REF_USER},
    {"callback_url", DC_URL, DC_BODY, .high = 2048},
    {"connection_data", DC_OBJECT, DC_BODY, .flags = DC_UNSERVED},
    {"alias", DC_TEXT, DC_BODY, .high = 256},
    {"verifier_hash", DC_TEXT, DC_BODY, .high = 43},
    END};

const dc_field dc_account_update_fields[] = {{"id", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_ACCOUNT},
                                             {"alias", DC_TEXT, DC_BODY, .high = 256},
                                             {"connection.state", DC_OBJECT, DC_BODY},
                                             END};

const dc_field dc_account_status_fields[] = {
    {"id", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_ACCOUNT}, {"enabled", DC_BOOL, DC_BODY, .flags = DC_REQUIRED}, END};

/* redirect_url is taken in the query and in the body; the SDK sends it in the body. */
const dc_field dc_account_refresh_fields[] = {{"id", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_ACCOUNT},
                                              {"redirect_url", DC_URL, DC_QUERY, .flags = DC_WIRE_ONLY, .high = 2048},
                                              {"redirect_url", DC_URL, DC_BODY, .high = 2048},
                                              {"validate_credentials", DC_BOOL, DC_BODY},
                                              {"verifier_hash", DC_TEXT, DC_BODY, .high = 43},
                                              END};

const dc_field dc_account_complete_fields[] = {
    {"connected_account_id", DC_TEXT, DC_BODY, .flags = DC_REQUIRED, .ref = DC_REF_ACCOUNT},
    {"verifier", DC_TEXT, DC_BODY, .flags = DC_REQUIRED, .high = 128, .ref = DC_REF_VERIFIER},
    END};

const dc_field dc_configs_list_fields[] = {
    {"toolkit_slug", DC_TEXTS, DC_QUERY, .column = DC_COLUMN_TOOLKIT},
    {"is_devcaster_managed", DC_BOOL, DC_QUERY, .column = DC_COLUMN_MANAGED},
    {"is_composio_managed", DC_BOOL, DC_QUERY, .flags = DC_WIRE_ONLY, .column = DC_COLUMN_MANAGED},
    {"show_disabled", DC_BOOL, DC_QUERY, .flags = DC_ENABLED_ONLY, .column = DC_COLUMN_STATUS},
    {"search", DC_TEXT, DC_QUERY, .column = DC_COLUMN_NAME},
    PAGING,
    END};

const dc_field dc_config_create_fields[] = {
    {"toolkit.slug", DC_TEXT, DC_BODY, .flags = DC_REQUIRED, .ref = DC_REF_TOOLKIT},
    {"auth_config.type", DC_WORD, DC_BODY, .words = DC_CONFIG_TYPES},
    {"auth_config.name", DC_TEXT, DC_BODY, .high = 256},
    {"auth_config.authScheme", DC_WORD, DC_BODY, .words = DC_SCHEMES},
    {"auth_config.credentials", DC_OBJECT, DC_BODY},
    {"auth_config.restrict_to_following_tools", DC_TEXTS, DC_BODY},
    END};

const dc_field dc_config_update_fields[] = {{"id", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_CONFIG},
                                            {"type", DC_WORD, DC_BODY, .flags = DC_REQUIRED, .words = DC_PATCH_TYPES},
                                            {"name", DC_TEXT, DC_BODY, .high = 256},
                                            {"credentials", DC_OBJECT, DC_BODY},
                                            {"scopes", DC_SCOPES, DC_BODY},
                                            {"restrict_to_following_tools", DC_TEXTS, DC_BODY},
                                            END};

const dc_field dc_config_status_fields[] = {{"id", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_CONFIG},
                                            {"status", DC_WORD, DC_PATH, DC_REQUIRED | DC_SWITCH, .words = DC_SWITCHES},
                                            END};

const dc_field dc_config_delete_fields[] = {
    {"id", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_CONFIG}, {"cascade", DC_BOOL, DC_QUERY}, END};

const dc_field dc_toolkits_list_fields[] = {{"category", DC_TEXT, DC_QUERY},
                                            {"managed_by", DC_WORD, DC_QUERY, .words = DC_MANAGERS},
                                            {"sort_by", DC_WORD, DC_QUERY, .words = DC_SORTS},
                                            {"search", DC_TEXT, DC_QUERY},
                                            {"include_deprecated", DC_BOOL, DC_QUERY},
                                            PAGING,
                                            END};

const dc_field dc_toolkit_get_fields[] = {
    {"slug", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_TOOLKIT}, {"version", DC_TEXT, DC_QUERY}, END};

/* The family's clients ask for tools by slug with a limit of 9999. */
const dc_field dc_tools_list_fields[] = {{"toolkit_slug", DC_TEXT, DC_QUERY, .ref = DC_REF_TOOLKIT},
                                         {"tool_slugs", DC_TEXTS, DC_QUERY},
                                         {"search", DC_TEXT, DC_QUERY},
                                         {"tags", DC_TEXTS, DC_QUERY},
                                         {"scopes", DC_TEXTS, DC_QUERY},
                                         {"important", DC_BOOL, DC_QUERY},
                                         {"auth_config_ids", DC_TEXTS, DC_QUERY, .column = DC_COLUMN_ID},
                                         {"include_deprecated", DC_BOOL, DC_QUERY},
                                         {"cursor", DC_TEXT, DC_QUERY, .high = 4096},
                                         {"limit", DC_WHOLE, DC_QUERY, .high = 9999},
                                         {"toolkit_versions", DC_MAP, DC_QUERY, .flags = DC_WIRE_ONLY},
                                         END};

const dc_field dc_tool_get_fields[] = {{"slug", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_TOOL},
                                       {"version", DC_TEXT, DC_QUERY, .ref = DC_REF_VERSION},
                                       {"toolkit_versions", DC_MAP, DC_QUERY, .flags = DC_WIRE_ONLY},
                                       END};

const dc_field dc_tool_execute_fields[] = {{"slug", DC_TEXT, DC_PATH, DC_REQUIRED, DC_REF_TOOL},
                                           {"user_id", DC_TEXT, DC_BODY, .high = 512, .ref = DC_REF_USER},
                                           {"connected_account_id", DC_TEXT, DC_BODY, .ref = DC_REF_ACCOUNT},
                                           {"version", DC_TEXT, DC_BODY, .ref = DC_REF_VERSION},
                                           {"arguments", DC_OBJECT, DC_BODY},
                                           {"text", DC_TEXT, DC_BODY, .flags = DC_UNSERVED, .high = 65536},
                                           {"custom_auth_params", DC_OBJECT, DC_BODY, .flags = DC_UNSERVED},
                                           {"custom_connection_data", DC_OBJECT, DC_BODY, .flags = DC_UNSERVED},
                                           {"allow_tracing", DC_BOOL, DC_BODY},
                                           {"min_valid", DC_WHOLE, DC_BODY, .high = 3600},
                                           END};

const dc_field dc_tool_proxy_fields[] = {
    {"connected_account_id", DC_TEXT, DC_BODY, .flags = DC_REQUIRED, .ref = DC_REF_ACCOUNT},
    {"endpoint", DC_TEXT, DC_BODY, .flags = DC_REQUIRED, .high = 8192},
    {"method", DC_WORD, DC_BODY, .flags = DC_REQUIRED, .words = DC_METHODS},
    {"body", DC_ANY, DC_BODY},
    {"binary_body", DC_ANY, DC_BODY, .flags = DC_UNSERVED},
    {"parameters", DC_ARRAY, DC_BODY},
    {"min_valid", DC_WHOLE, DC_BODY, .high = 3600},
    END};

const dc_field dc_project_fields[] = {{"display_name", DC_TEXT, DC_BODY, .high = 256},
                                      {"logo_url", DC_URL, DC_BODY, .high = 2048},
                                      {"is_2FA_enabled", DC_BOOL, DC_BODY},
                                      {"mask_secret_keys_in_connected_account", DC_BOOL, DC_BODY},
                                      {"log_visibility_setting", DC_WORD, DC_BODY, .words = DC_VISIBILITIES},
                                      {"require_mcp_api_key", DC_BOOL, DC_BODY},
                                      {"account_selection", DC_WORD, DC_BODY, .words = DC_SELECTIONS},
                                      {"mask_style", DC_WORD, DC_BODY, .words = DC_STYLES},
                                      {"fingerprints", DC_BOOL, DC_BODY},
                                      {"callback_urls", DC_TEXTS, DC_BODY},
                                      {"allowed_origins", DC_TEXTS, DC_BODY},
                                      END};

const dc_field dc_key_create_fields[] = {{"name", DC_TEXT, DC_BODY, .flags = DC_REQUIRED, .high = 256},
                                         {"scopes", DC_WORDS, DC_BODY, .flags = DC_REQUIRED, .words = DC_KEY_SCOPES},
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

const dc_field dc_session_fields[] = {{"api_key", DC_TEXT, DC_BODY, .high = 512, .ref = DC_REF_KEY},
                                      {"sign_in_token", DC_TEXT, DC_BODY, .high = 512, .ref = DC_REF_TOKEN},
                                      END};

/* What a provider may append to our callback is its own affair: read in grant_callback.c. */
const dc_field dc_callback_fields[] = {{"*", DC_MAP, DC_QUERY}, END};
