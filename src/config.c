/* config.c: auth configs: what the accounts of a toolkit are connected with. */
#include "change.h"
#include "fields.h"
#include "scan.h"

#include <string.h>

bool dc_config_is_off(const dc_input *in) {
    dc_config config;
    return dc_config_read(dc_input_tree(in, "config"), &config) && config.disabled;
}

static const dc_reply *changed(const dc_config *config, dc_span credentials) {
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_config_put(&out, "record", config);
    dc_config_put_row(&out, config);
    dc_json_open(&out, "effects", '[');
    if (credentials.size) dc_json_put_text(&out, NULL, "seal");
    dc_json_close(&out, ']');
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, credentials);
}

/* The scheme that the body names, else the toolkit's first. -1: the toolkit has none of that name. */
static int wanted_scheme(const cJSON *toolkit, const char *name) {
    if (!name) name = dc_json_text(cJSON_GetArrayItem(dc_json_get(toolkit, "auth_schemes"), 0), "scheme");
    const int scheme = name ? dc_word_index(dc_scheme_names, dc_span_of(name)) : -1;
    return scheme >= 0 && dc_scheme_of(toolkit, (dc_scheme)scheme) ? scheme : -1;
}

static bool has_text(dc_span object, const char *name) {
    dc_span raw;
    return object.size && dc_scan_member(object, name, &raw) && raw.at[0] == '"' && raw.size > 2;
}

static const dc_reply *check_client(dc_scheme scheme, dc_span credentials) {
    dc_faults faults = {0};
    if (scheme != DC_OAUTH2) return NULL;
    if (!has_text(credentials, "client_id")) dc_faults_add(&faults, "auth_config.credentials.client_id", "is required");
    return faults.count ? dc_refuse(DC_ERR_CONFIG_BAD, NULL, &faults) : NULL;
}

/* The list of tools that the body names; null is as good as left out, and lifts no restriction. */
static const cJSON *tools_of(const dc_event_call *call, const char *path, const cJSON *otherwise) {
    dc_span raw;
    return dc_field_find(call->in.rest, path, &raw) && raw.at[0] == '[' ? dc_json_read(raw) : otherwise;
}

const dc_reply *dc_event_config_create(dc_event_call *call) {
    const cJSON *toolkit = dc_input_tree(&call->in, "toolkit");
    const char *type = dc_field_text(call->in.rest, "auth_config.type");
    const bool custom = type && strcmp(type, "use_custom_auth") == 0;
    dc_span credentials = {NULL, 0};
    dc_faults faults = {0};
    dc_out copy = {0};
    if (!cJSON_IsObject(toolkit)) return dc_refuse(DC_ERR_TOOLKIT_UNKNOWN, NULL, NULL);
    if (!custom && !dc_input_true(&call->in, "managed")) return dc_refuse(DC_ERR_CONFIG_NOT_MANAGED, NULL, NULL);
    const int scheme = wanted_scheme(toolkit, dc_field_text(call->in.rest, "auth_config.authScheme"));
    if (scheme < 0) {
        dc_faults_add(&faults, "auth_config.authScheme", "is not a scheme of this toolkit");
        return dc_refuse(DC_ERR_CONFIG_BAD, NULL, &faults);
    }
    if (!dc_field_find(call->in.rest, "auth_config.credentials", &credentials)) credentials = dc_span_of("{}");
    const dc_reply *problem = custom ? check_client((dc_scheme)scheme, credentials) : NULL;
    if (problem) return problem;
    if (!dc_credential_copy(&copy, credentials, &faults)) return dc_refuse(DC_ERR_CONFIG_BAD, NULL, &faults);
    const char *name = dc_field_text(call->in.rest, "auth_config.name");
    const dc_config config = {
        .id = dc_input_text(&call->in, "id"),
        .uuid = dc_input_text(&call->in, "uuid"),
        .name = name && name[0] ? name : dc_json_text(toolkit, "name"),
        .toolkit = dc_json_text(toolkit, "slug"),
        .scheme = (dc_scheme)scheme,
        .managed = !custom,
        .created = call->now,
        .updated = call->now,
        .tools = tools_of(call, "auth_config.restrict_to_following_tools", NULL),
    };
    return changed(&config, dc_out_span(&copy));
}

const dc_reply *dc_event_config_update(dc_event_call *call) {
    dc_config config;
    dc_span credentials, scopes;
    dc_faults faults = {0};
    dc_out change = {0}, merged = {0};
    if (!dc_config_read(dc_input_tree(&call->in, "record"), &config))
        return dc_refuse(DC_ERR_CONFIG_UNKNOWN, NULL, NULL);
    const char *name = dc_field_text(call->in.rest, "name");
    if (name && name[0]) config.name = name;
    config.tools = tools_of(call, "restrict_to_following_tools", config.tools);
    config.updated = call->now;
    const bool given = dc_field_find(call->in.rest, "credentials", &credentials) && credentials.at[0] == '{';
    const bool scoped = dc_field_find(call->in.rest, "scopes", &scopes);
    if (!given && !scoped) return changed(&config, (dc_span){NULL, 0});
    if (given && config.managed) {
        return dc_refuse(DC_ERR_CONFIG_BAD, "A managed auth config takes no credentials; create a custom one.", NULL);
    }
    if (given) credentials.size--; /* still open; `{ }` must read as `{` */
    while (given && credentials.size > 1 && strchr(" \t\r\n", credentials.at[credentials.size - 1])) credentials.size--;
    dc_put(&change, given ? credentials : dc_span_of("{"));
    if (scoped) dc_json_put_raw(&change, "scopes", scopes);
    dc_json_close(&change, '}');
    if (!dc_credential_merge(&merged, dc_out_span(&change), dc_input_raw(&call->in, "credentials"), &faults)) {
        return dc_refuse(DC_ERR_CONFIG_BAD, NULL, &faults);
    }
    return changed(&config, dc_out_span(&merged));
}

const dc_reply *dc_event_config_status(dc_event_call *call) {
    dc_config config;
    const char *status = dc_json_text(dc_input_tree(&call->in, "query"), "status");
    if (!dc_config_read(dc_input_tree(&call->in, "record"), &config))
        return dc_refuse(DC_ERR_CONFIG_UNKNOWN, NULL, NULL);
    config.disabled = !status || strcmp(status, "ENABLED") != 0;
    config.updated = call->now;
    return changed(&config, (dc_span){NULL, 0});
}

const dc_reply *dc_event_config_delete(dc_event_call *call) {
    dc_config config;
    const double accounts = dc_input_number(&call->in, "accounts", 0);
    if (!dc_config_read(dc_input_tree(&call->in, "record"), &config))
        return dc_refuse(DC_ERR_CONFIG_UNKNOWN, NULL, NULL);
    if (accounts > 0 && !dc_json_true(dc_input_tree(&call->in, "query"), "cascade")) {
        return dc_refuse(DC_ERR_CONFIG_BAD,
                         "The auth config still has accounts; delete them first, or send cascade=true.", NULL);
    }
    return changed(&config, (dc_span){NULL, 0});
}
