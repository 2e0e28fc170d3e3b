/* config.c: auth configs: what the accounts of a toolkit are connected with. */
#include "change.h"
#include "fields.h"
#include "scan.h"

#include <string.h>

enum { OVERLAP = 604800000 }; /* a week: see keep_secret */

bool dc_config_is_off(const dc_input *in) {
    dc_config config;
    return dc_config_read(dc_input_tree(in, "config"), &config) && config.disabled;
}

static const dc_reply *with_effect(const dc_config *config, const char *effect, dc_span credentials) {
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_config_put(&out, "record", config);
    dc_config_put_row(&out, config);
    dc_json_open(&out, "effects", '[');
    if (effect) dc_json_put_text(&out, NULL, effect);
    dc_json_close(&out, ']');
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, credentials);
}

static const dc_reply *changed(const dc_config *config, dc_span credentials) {
    return with_effect(config, credentials.size ? "seal" : NULL, credentials);
}

static const dc_reply *being_deleted(void) {
    return dc_refuse(DC_ERR_CONFIG_BAD, "The auth config is being deleted.", NULL);
}

/* The scheme that the body names, else the toolkit's first. -1: the toolkit has none of that name. */
static int wanted_scheme(const cJSON *toolkit, const char *name) {
    if (!name) name = dc_json_text(cJSON_GetArrayItem(dc_json_get(toolkit, "auth_schemes"), 0), "scheme");
    const int scheme = name ? dc_word_index(dc_scheme_names, dc_span_of(name)) : -1;
    return scheme >= 0 && dc_scheme_of(toolkit, (dc_scheme)scheme) ? scheme : -1;
}

/* What OAuth 1.0a calls its client's id and secret; both spellings are taken. */
static const char *const consumer[] = {"consumer_key", "consumer_secret", NULL};

/* `path`: where the credentials stand in the caller's body. */
static const dc_reply *check_client(dc_scheme scheme, dc_span credentials, const char *path) {
    dc_faults faults = {0};
    static const char *const names[] = {"client_id", "client_secret"};
    const bool signs = scheme == DC_OAUTH1;
    /* A client that speaks for itself, or signs, must be able to prove who it is. */
    const int count = signs || scheme == DC_S2S_OAUTH2 ? 2 : scheme == DC_OAUTH2 ? 1 : 0;
    for (int i = 0; i < count; i++) {
        dc_out name = {0};
        if (dc_credential_has(credentials, names[i]) || (signs && dc_credential_has(credentials, consumer[i])))
            continue;
        dc_put_text(&name, path);
        dc_put_text(&name, signs ? consumer[i] : names[i]);
        dc_faults_add_span(&faults, dc_out_span(&name), "is required");
    }
    return faults.count ? dc_refuse(DC_ERR_CONFIG_BAD, NULL, &faults) : NULL;
}

/* The list of tools that the body names; null is as good as left out, and lifts no restriction. */
static const cJSON *tools_of(const dc_event_call *call, const char *path, const cJSON *otherwise) {
    dc_span raw;
    return dc_field_find(call->in.rest, path, &raw) && raw.at[0] == '[' ? dc_json_read(raw) : otherwise;
}

/* A previous secret by itself would be kept and never used. NULL: it is not by itself. */
static const dc_reply *previous_objection(dc_span credentials, const char *path) {
    dc_faults faults = {0};
    if (!dc_credential_has(credentials, DC_PREVIOUS_SECRET) || dc_credential_has(credentials, "client_secret"))
        return NULL;
    dc_faults_add(&faults, path, "is taken only together with client_secret");
    return dc_refuse(DC_ERR_CONFIG_BAD, NULL, &faults);
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
    const char *wanted = dc_field_text(call->in.rest, "auth_config.authScheme");
    const int known = wanted ? dc_word_index(dc_scheme_names, dc_span_of(wanted)) : -1;
    if (known >= 0 && dc_scheme_way((dc_scheme)known) == DC_WAY_NONE) return dc_scheme_unserved((dc_scheme)known);
    const int scheme = wanted_scheme(toolkit, wanted);
    if (scheme < 0) {
        dc_faults_add(&faults, "auth_config.authScheme", "is not a scheme of this toolkit");
        return dc_refuse(DC_ERR_CONFIG_BAD, NULL, &faults);
    }
    if (!dc_field_find(call->in.rest, "auth_config.credentials", &credentials)) credentials = dc_span_of("{}");
    const dc_reply *problem = custom ? check_client((dc_scheme)scheme, credentials, "auth_config.credentials.") : NULL;
    if (!problem) problem = previous_objection(credentials, "auth_config.credentials." DC_PREVIOUS_SECRET);
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
        .overlap = dc_credential_has(credentials, DC_PREVIOUS_SECRET) ? call->now + OVERLAP : 0,
        .tools = tools_of(call, "auth_config.restrict_to_following_tools", NULL),
    };
    return changed(&config, dc_out_span(&copy));
}

/* A client's secret is renewed at the provider and here, never in the same moment: the earlier one is kept for a week,
 * and is tried where the provider does not accept the new one. */
static void keep_secret(dc_out *change, dc_config *config, dc_span old, double now) {
    dc_span fresh, had;
    const dc_span open = {change->at, (uint32_t)change->size};
    dc_out whole = {0};
    dc_put(&whole, open);
    dc_put_byte(&whole, '}');
    if (whole.failed || !dc_credential_has(dc_out_span(&whole), "client_secret")) return;
    if (!dc_scan_member(dc_out_span(&whole), DC_PREVIOUS_SECRET, &had)) {
        if (!dc_credential_has(old, "client_secret")) return;
        dc_scan_member(dc_out_span(&whole), "client_secret", &fresh);
        dc_scan_member(old, "client_secret", &had);
        if (dc_span_equal(fresh, had)) return;
        dc_json_put_raw(change, DC_PREVIOUS_SECRET, had);
    }
    config->overlap = now + OVERLAP;
}

/* The credentials without the other spelling of what a change brings: what was given last is what counts. */
static dc_span without_twins(dc_span credentials, dc_span change) {
    static const char *const spellings[] = {"client_id", "client_secret", NULL};
    dc_span name, value, text, rest = credentials;
    dc_out out = {0};
    if (!credentials.size) return credentials;
    dc_json_open(&out, NULL, '{');
    while (dc_scan_next(&rest, &name, &value)) {
        const int one = dc_scan_string(name, &text) ? dc_word_index(consumer, text) : -1;
        const int other = dc_scan_string(name, &text) ? dc_word_index(spellings, text) : -1;
        const char *twin = one >= 0 ? spellings[one] : other >= 0 ? consumer[other] : NULL;
        if (!twin || !dc_credential_has(change, twin)) dc_json_put_member(&out, name, value);
    }
    dc_json_close(&out, '}');
    return out.failed ? (dc_span){NULL, 0} : dc_out_span(&out);
}

/* The credentials as they are now: a previous secret whose time is over is forgotten. */
static dc_span without_previous(dc_span credentials, bool keep) {
    dc_span name, value, rest = credentials;
    dc_out out = {0};
    if (keep || !credentials.size) return credentials;
    dc_json_open(&out, NULL, '{');
    while (dc_scan_next(&rest, &name, &value)) {
        if (!dc_span_is(name, "\"" DC_PREVIOUS_SECRET "\"")) dc_json_put_member(&out, name, value);
    }
    dc_json_close(&out, '}');
    return out.failed ? (dc_span){NULL, 0} : dc_out_span(&out);
}

const dc_reply *dc_event_config_update(dc_event_call *call) {
    dc_config config;
    dc_span credentials, scopes;
    dc_faults faults = {0};
    dc_out change = {0}, merged = {0};
    if (!dc_config_read(dc_input_tree(&call->in, "record"), &config))
        return dc_refuse(DC_ERR_CONFIG_UNKNOWN, NULL, NULL);
    if (config.deleting) return being_deleted();
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
    const dc_reply *alone = given ? previous_objection(credentials, "credentials." DC_PREVIOUS_SECRET) : NULL;
    if (alone) return alone;
    const dc_span whole = given ? credentials : (dc_span){NULL, 0};
    if (given) credentials.size--; /* still open; `{ }` must read as `{` */
    while (given && credentials.size > 1 && strchr(" \t\r\n", credentials.at[credentials.size - 1])) credentials.size--;
    dc_put(&change, given ? credentials : dc_span_of("{"));
    if (scoped) dc_json_put_raw(&change, "scopes", scopes);
    dc_span old = without_previous(dc_input_raw(&call->in, "credentials"), config.overlap > call->now);
    if (given && config.scheme == DC_OAUTH1) old = without_twins(old, whole);
    /* What is signed has one secret. */
    if (config.scheme != DC_OAUTH1) keep_secret(&change, &config, old, call->now);
    dc_json_close(&change, '}');
    if (!dc_credential_merge(&merged, dc_out_span(&change), old, &faults)) {
        return dc_refuse(DC_ERR_CONFIG_BAD, NULL, &faults);
    }
    if (given) {
        const dc_reply *lacking = check_client(config.scheme, dc_out_span(&merged), "credentials.");
        if (lacking) return lacking;
        config.health = NULL; /* with these it may go again */
        config.generation++;
    }
    return changed(&config, dc_out_span(&merged));
}

const dc_reply *dc_event_config_status(dc_event_call *call) {
    dc_config config;
    const char *status = dc_json_text(dc_input_tree(&call->in, "query"), "status");
    if (!dc_config_read(dc_input_tree(&call->in, "record"), &config))
        return dc_refuse(DC_ERR_CONFIG_UNKNOWN, NULL, NULL);
    if (config.deleting) return being_deleted();
    config.disabled = !status || strcmp(status, "ENABLED") != 0;
    if (!config.disabled) config.health = NULL;
    config.updated = call->now;
    return changed(&config, (dc_span){NULL, 0});
}

/* The deletion, a turn at a time: the host does what the effect says and asks again. First the record is marked, so that
 * nothing begins with the config any more, however long the rest takes and whatever crashes; then the shards take no
 * further account (`close`), the accounts go (`purge`), and only what has none left goes itself (`remove`). Where they
 * are not to go, one that was made before the shards closed brings the config back (`reopen`). */
const dc_reply *dc_event_config_delete(dc_event_call *call) {
    static const dc_span none = {NULL, 0};
    dc_config config;
    const bool accounts = dc_input_number(&call->in, "accounts", 0) > 0;
    const bool cascade = dc_json_true(dc_input_tree(&call->in, "query"), "cascade");
    if (!dc_config_read(dc_input_tree(&call->in, "record"), &config))
        return dc_refuse(DC_ERR_CONFIG_UNKNOWN, NULL, NULL);
    if (!config.deleting) {
        if (accounts && !cascade)
            return dc_refuse(DC_ERR_CONFIG_BAD,
                             "The auth config still has accounts; delete them first, or send cascade=true.", NULL);
        config.kept_off = config.disabled;
        config.deleting = config.disabled = true;
    }
    if (cascade) config.deleting_accounts = true;
    if (!dc_input_true(&call->in, "closed")) return with_effect(&config, "close", none);
    if (!accounts) return with_effect(&config, "remove", none);
    if (config.deleting_accounts) return with_effect(&config, "purge", none);
    config.disabled = config.kept_off;
    config.deleting = config.kept_off = false;
    return with_effect(&config, "reopen", none);
}
