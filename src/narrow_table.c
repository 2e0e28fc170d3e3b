/* narrow_table.c: the operations that a caller who speaks for one user can have, and whether a scope allows them. */
#include "narrow.h"

#include "scan.h"

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

/* ---- Credentials of the caller's own ------------------------------------------------------------------ */

/* Without case and separators, as APIs of this kind read them: `redirectUrl`, `redirect_url`. */
static bool is_stray(dc_span name) {
    static const char *const strays[] = {"callbackurl",      "callbackuri",      "redirecturl", "redirecturi",
                                         "finalredirecturi", "finalredirecturl", "userid"};
    char folded[20];
    size_t size = 0;
    for (uint32_t i = 0; i < name.size; i++) {
        const char byte = name.at[i];
        if (byte == '_' || byte == '-') continue;
        if (size == sizeof folded - 1) return false;
        folded[size++] = (char)(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
    }
    folded[size] = 0;
    for (size_t i = 0; i < sizeof strays / sizeof strays[0]; i++) {
        if (strcmp(folded, strays[i]) == 0) return true;
    }
    return false;
}

/* Anywhere in it, `val` or not: what is deeper is another's than ours to understand. */
static bool holds_stray(dc_span value) {
    const char *at = value.at, *end = value.at + value.size;
    dc_scan scan;
    dc_scan_begin(&scan);
    for (dc_event event; at < end && (event = dc_scan_step(&scan, &at, end)) != DC_EVENT_MORE;) {
        const char *start = at - 1;
        if (event == DC_EVENT_FAULT) return true;
        if (event == DC_EVENT_NUMBER) event = dc_scan_number(&scan, &at, end);
        if (event != DC_EVENT_NAME && event != DC_EVENT_TEXT) continue;
        const bool named = event == DC_EVENT_NAME;
        if (dc_scan_text(&scan, &at, end) != DC_EVENT_END) return true;
        dc_span text;
        if (named && (!dc_scan_string((dc_span){start, (uint32_t)(at - start)}, &text) || is_stray(text))) return true;
    }
    return false;
}

bool dc_narrow_strays(dc_span body) {
    dc_span raw;
    return body.size && dc_field_find(body, "connection.state", &raw) && holds_stray(raw);
}
