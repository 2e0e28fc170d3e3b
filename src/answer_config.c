/* answer_config.c: response bodies of auth configs, project configuration, API keys and sessions. */
#include "answer.h"
#include "health.h"
#include "scan.h"

#include <string.h>

static void put_flags(dc_out *out, const dc_config *c) {
    dc_json_put_bool(out, "is_devcaster_managed", c->managed);
    dc_json_put_bool(out, "is_composio_managed", c->managed);
}

static void put_tools(dc_out *out, const char *name, const cJSON *tools) {
    if (tools) {
        dc_json_put_tree(out, name, tools);
    } else {
        dc_json_put_raw(out, name, dc_span_of("[]"));
    }
}

/* Why its accounts cannot be refreshed, where the provider does not accept its client. */
static const char *broken_reason(const dc_config *c) {
    dc_health h;
    dc_out out = {0};
    dc_health_read(c->health, &h);
    if (!h.broken) return NULL;
    dc_put_text(&out, "The provider does not accept the client; correct its credentials");
    dc_put_text(&out, h.reason ? ": " : ".");
    dc_put_text(&out, h.reason);
    dc_put_byte(&out, '\0');
    return out.failed ? NULL : out.at;
}

/* The item of the contract (section 4); `entry` is {record, credentials, connections}. */
static bool put_item(dc_out *out, dc_span entry) {
    dc_config c;
    dc_span record, credentials, count;
    if (!dc_scan_member(entry, "record", &record) || !dc_config_read(dc_json_read(record), &c)) return false;
    if (!dc_scan_member(entry, "credentials", &credentials) || credentials.at[0] != '{') credentials = dc_span_of("{}");
    dc_json_open(out, NULL, '{');
    dc_json_put_text(out, "id", c.id);
    dc_json_put_text(out, "uuid", c.uuid);
    dc_json_put_text(out, "type", c.managed ? "default" : "custom");
    dc_json_put_text(out, "name", c.name);
    dc_json_open(out, "toolkit", '{');
    dc_json_put_text(out, "slug", c.toolkit);
    dc_json_put_text(out, "logo", "");
    dc_json_close(out, '}');
    dc_json_put_text(out, "auth_scheme", dc_scheme_names[c.scheme]);
    put_flags(out, &c);
    dc_json_put_raw(out, "credentials", credentials);
    dc_json_put_text(out, "status", c.disabled ? "DISABLED" : "ENABLED");
    dc_json_put_text(out, "status_reason", broken_reason(&c));
    dc_json_put_time(out, "created_at", c.created);
    dc_json_put_time(out, "last_updated_at", c.updated);
    dc_json_put_raw(out, "no_of_connections", dc_scan_member(entry, "connections", &count) ? count : dc_span_of("0"));
    dc_json_put_raw(out, "expected_input_fields", dc_span_of("[]"));
    dc_json_open(out, "tool_access_config", '{');
    put_tools(out, "tools_for_connected_account_creation", NULL);
    put_tools(out, "tools_available_for_execution", c.tools);
    dc_json_close(out, '}');
    put_tools(out, "restrict_to_following_tools", c.tools);
    dc_json_close(out, '}');
    return true;
}

static bool put_created(dc_answer_call *call, dc_span entry) {
    dc_config c;
    dc_span record;
    dc_out *out = &call->out;
    if (!entry.size || !dc_scan_member(entry, "record", &record) || !dc_config_read(dc_json_read(record), &c))
        return false;
    call->status = 201;
    dc_json_open(out, NULL, '{');
    dc_json_open(out, "toolkit", '{');
    dc_json_put_text(out, "slug", c.toolkit);
    dc_json_close(out, '}');
    dc_json_open(out, "auth_config", '{');
    dc_json_put_text(out, "id", c.id);
    dc_json_put_text(out, "auth_scheme", dc_scheme_names[c.scheme]);
    put_flags(out, &c);
    put_tools(out, "restrict_to_following_tools", c.tools);
    dc_json_close(out, '}');
    dc_json_close(out, '}');
    return true;
}

static bool put_success(dc_answer_call *call) {
    dc_put_text(&call->out, "{\"success\":true}");
    return true;
}

bool dc_answer_configs(dc_answer_call *call, const char *what) {
    const dc_span entry = dc_input_raw(&call->in, "config");
    if (strcmp(what, "get") == 0) return entry.size && put_item(&call->out, entry);
    if (strcmp(what, "create") == 0) return put_created(call, entry);
    if (strcmp(what, "list") != 0) return put_success(call);
    dc_span entries = dc_input_raw(&call->in, "configs"), item;
    dc_json_open(&call->out, NULL, '{');
    dc_json_open(&call->out, "items", '[');
    while (entries.size && dc_scan_item(&entries, &item)) {
        if (!put_item(&call->out, item)) return false;
    }
    dc_json_close(&call->out, ']');
    dc_answer_page(call, dc_input_number(&call->in, "total", 0), true);
    dc_json_close(&call->out, '}');
    return true;
}

bool dc_answer_project(dc_answer_call *call, const char *what) {
    const dc_span record = dc_input_raw(&call->in, "record");
    (void)what;
    dc_put(&call->out, record);
    return record.size && record.at[0] == '{';
}

static void put_key(dc_answer_call *call, const cJSON *record, const char *value) {
    const cJSON *scopes = dc_json_get(record, "scopes");
    dc_json_open(&call->out, NULL, '{');
    dc_json_put_text(&call->out, "id", dc_json_text(record, "id"));
    dc_json_put_text(&call->out, "name", dc_json_text(record, "name"));
    if (scopes) dc_json_put_tree(&call->out, "scopes", scopes);
    dc_json_put_time(&call->out, "created_at", dc_json_number(record, "created_at", 0));
    dc_json_put_time(&call->out, "last_used_at", dc_json_number(record, "last_used_at", 0));
    if (value) dc_json_put_text(&call->out, "key", value); /* shown this once */
    dc_json_close(&call->out, '}');
}

bool dc_answer_keys(dc_answer_call *call, const char *what) {
    const cJSON *item, *keys = dc_input_tree(&call->in, "keys");
    if (strcmp(what, "delete") == 0) return put_success(call);
    if (strcmp(what, "create") == 0) {
        call->status = 201;
        put_key(call, dc_input_tree(&call->in, "record"), dc_input_text(&call->in, "key"));
        return true;
    }
    dc_json_open(&call->out, NULL, '{');
    dc_json_open(&call->out, "items", '[');
    cJSON_ArrayForEach(item, keys) put_key(call, item, NULL);
    dc_json_close(&call->out, ']');
    dc_answer_page(call, dc_input_number(&call->in, "total", 0), true);
    dc_json_close(&call->out, '}');
    return true;
}

bool dc_answer_session(dc_answer_call *call, const char *what) {
    const cJSON *caller = dc_input_tree(&call->in, "caller"), *project = dc_input_tree(&call->in, "project");
    const cJSON *scopes = dc_json_get(caller, "scopes"),
                *mask = dc_json_get(project, "mask_secret_keys_in_connected_account");
    if (strcmp(what, "delete") == 0) return put_success(call);
    dc_json_open(&call->out, NULL, '{');
    dc_json_put_text(&call->out, "kind", dc_json_text(caller, "kind"));
    dc_json_put_text(&call->out, "name", dc_json_text(caller, "name"));
    if (scopes) dc_json_put_tree(&call->out, "scopes", scopes);
    dc_json_open(&call->out, "project", '{');
    dc_json_put_text(&call->out, "display_name", dc_json_text(project, "display_name"));
    dc_json_put_bool(&call->out, "mask_secret_keys_in_connected_account", !cJSON_IsFalse(mask));
    dc_json_close(&call->out, '}');
    dc_json_close(&call->out, '}');
    return true;
}
