/* fields.h: the field tables of the operations (fields.c) and the checking of values (check.c). */
#ifndef DC_FIELDS_H
#define DC_FIELDS_H

#include "operations.h"
#include "reply.h"

extern const dc_field dc_no_fields[], dc_id_fields[], dc_activity_fields[], dc_account_get_fields[],
    dc_accounts_list_fields[], dc_account_create_fields[], dc_account_link_fields[], dc_account_update_fields[],
    dc_account_status_fields[], dc_account_refresh_fields[], dc_account_complete_fields[], dc_configs_list_fields[],
    dc_config_create_fields[], dc_config_update_fields[], dc_config_status_fields[], dc_config_delete_fields[],
    dc_toolkits_list_fields[], dc_toolkit_get_fields[], dc_tools_list_fields[], dc_tool_get_fields[],
    dc_tool_execute_fields[], dc_tool_proxy_fields[], dc_project_fields[], dc_key_create_fields[],
    dc_token_create_fields[], dc_token_revoke_fields[], dc_session_fields[], dc_callback_fields[];

/* Is this raw JSON value what the field wants? NULL when it is, else the problem in words. */
const char *dc_field_check(const dc_field *field, dc_span raw);
/* The same for the text of a query parameter (one item of a list). */
const char *dc_field_check_text(const dc_field *field, dc_span text);

/* The words of a field that has some, ending in NULL. */
const char *const *dc_field_words(const dc_field *field);
/* The name of the column that a field narrows. */
const char *dc_field_column(const dc_field *field);

/* The SDK's name of a field, as a terminated string in the arena. */
const char *dc_field_sdk_name(const dc_field *field);

/* The value at a dotted path of a JSON object. */
bool dc_field_find(dc_span object, const char *path, dc_span *raw);

/* The decoded text at a dotted path of a body, as a terminated copy; NULL: no body, not there, or no string. */
const char *dc_field_text(dc_span body, const char *path);

#endif
