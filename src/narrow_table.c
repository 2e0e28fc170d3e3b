/* narrow_table.c: the operations that a caller who speaks for one user can have, and whether a scope allows them. */
#include "narrow.h"

#include <string.h>

/* What is not in this table is nothing for a single user, whatever the scope names. */
static const dc_narrow_row rows[] = {
    {"connected_accounts.list", DC_REACH_LIST, true},
    {"connected_accounts.get", DC_REACH_ACCOUNT, true},
    {"connected_accounts.link", DC_REACH_NEW, true},
    {"connected_accounts.refresh", DC_REACH_ACCOUNT, true},
    {"connected_accounts.set_status", DC_REACH_ACCOUNT, true},
    {"connected_accounts.update", DC_REACH_ACCOUNT, true},
    {"connected_accounts.delete", DC_REACH_ACCOUNT, true},
    {"connected_accounts.revoke", DC_REACH_ACCOUNT, false},
    {"connected_accounts.activity", DC_REACH_ACCOUNT, false},
    {"connected_accounts.create", DC_REACH_NEW, false},
    {"toolkits.list", DC_REACH_DEFINITIONS, true},
    {"toolkits.categories", DC_REACH_DEFINITIONS, true},
    {"toolkits.get", DC_REACH_DEFINITIONS, true},
    {"tools.list", DC_REACH_DEFINITIONS, true},
    {"tools.get", DC_REACH_DEFINITIONS, true},
    {"tools.execute", DC_REACH_TOOL, false},
    {"tools.proxy", DC_REACH_PROXY, false},
    {"auth_configs.list", DC_REACH_CONFIGS, false},
    {"auth_configs.get", DC_REACH_CONFIG, false},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

const dc_narrow_row *dc_narrow_row_of(const char *name) {
    for (size_t i = 0; i < ROWS; i++) {
        if (strcmp(rows[i].name, name) == 0) return &rows[i];
    }
    return NULL;
}

void dc_narrow_put_names(dc_out *out, const char *name) {
    dc_json_open(out, name, '[');
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].usual) dc_json_put_text(out, NULL, rows[i].name);
    }
    dc_json_close(out, ']');
}

bool dc_narrow_tools_say(const cJSON *tools, const char *name) {
    const bool proxy = strcmp(name, "tools.proxy") == 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, tools) {
        if ((dc_json_get(item, "methods") != NULL) == proxy) return true;
    }
    return false;
}

bool dc_narrow_allows(const cJSON *scope, const char *name) {
    const cJSON *operations = dc_json_get(scope, "operations");
    const dc_narrow_row *row = dc_narrow_row_of(name);
    if (!row) return false;
    if (operations && !cJSON_IsNull(operations)) return dc_json_holds(operations, name);
    const bool runs = row->reach == DC_REACH_TOOL || row->reach == DC_REACH_PROXY;
    return row->usual || (runs && dc_narrow_tools_say(dc_json_get(scope, "tools"), name));
}
