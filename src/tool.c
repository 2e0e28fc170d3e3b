/* tool.c: the steps of a tool's execution: find the tool, choose the account, build the request, read the answer. */
#include "tool.h"

#include "catalog.h"
#include "fields.h"
#include "scan.h"

#include <string.h>

static bool knows_version(const cJSON *tool, const char *version) {
    /* 00000000_00 is what v3 takes when none is sent: the version that is there. */
    if (strcmp(version, "latest") == 0 || strcmp(version, "00000000_00") == 0) return true;
    return dc_json_holds(dc_json_get(tool, "versions"), version);
}

static const dc_reply *find(const dc_input *in) {
    const cJSON *tool = dc_input_tree(in, "tool");
    const char *version = dc_field_text(in->rest, "version"), *user = dc_field_text(in->rest, "user_id");
    const char *account = dc_field_text(in->rest, "connected_account_id");
    dc_span arguments = {NULL, 0};
    dc_faults faults = {0};
    if (!version || !version[0]) version = "latest";
    if (!cJSON_IsObject(tool) || !knows_version(tool, version)) return dc_refuse(DC_ERR_TOOL_UNKNOWN, NULL, NULL);
    if (!user && !account) return dc_refuse(DC_ERR_EXECUTE_WHO, NULL, NULL);
    if (in->rest.size && dc_field_find(in->rest, "arguments", &arguments) && arguments.at[0] != '{') arguments.size = 0;
    dc_tool_check(tool, arguments, &faults);
    if (faults.count) return dc_refuse(DC_ERR_BAD_REQUEST, "The arguments do not fit the tool.", &faults);
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "version", version);
    dc_json_put_text(&out, "user", user);
    dc_json_put_text(&out, "account", account);
    dc_json_put_text(&out, "toolkit", dc_json_text(tool, "toolkit"));
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}

static const dc_reply *chosen(const dc_record *r) {
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "id", r->id);
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}

static const dc_reply *not_active(const dc_record *r) {
    dc_out message = {0};
    dc_put_text(&message, "The connected account is ");
    dc_put_text(&message, dc_status_names[r->status]);
    dc_put_text(&message, r->reason ? ": " : ".");
    dc_put_text(&message, r->reason);
    dc_put_byte(&message, '\0');
    const dc_error error = r->status == DC_EXPIRED ? DC_ERR_EXECUTE_EXPIRED : DC_ERR_EXECUTE_INACTIVE;
    return dc_refuse(error, message.failed ? NULL : message.at, NULL);
}

/* The account that the caller named: exactly that one, and only as it was asked for. */
static const dc_reply *choose_named(const dc_input *in, const char *user, const char *toolkit) {
    dc_record r;
    dc_config config;
    if (!dc_record_read(dc_input_tree(in, "found"), &r)) return dc_refuse(DC_ERR_ACCOUNT_UNKNOWN, NULL, NULL);
    if ((user && strcmp(user, r.user) != 0) || (toolkit && strcmp(toolkit, r.toolkit) != 0))
        return dc_refuse(DC_ERR_EXECUTE_OTHER, NULL, NULL);
    if (r.status != DC_ACTIVE) return not_active(&r);
    /* Disabling an auth config stops its accounts without changing them. */
    if (dc_config_read(dc_input_tree(in, "config"), &config) && config.disabled)
        return dc_refuse(DC_ERR_CONFIG_DISABLED, NULL, NULL);
    return chosen(&r);
}

static bool is_candidate(const dc_record *r, const char *user, const char *toolkit) {
    return r->status == DC_ACTIVE && strcmp(r->user, user) == 0 && (!toolkit || strcmp(r->toolkit, toolkit) == 0);
}

static const dc_reply *ambiguous(const cJSON *candidates, const char *user, const char *toolkit) {
    const cJSON *item;
    dc_faults faults = {0};
    cJSON_ArrayForEach(item, candidates) {
        dc_record r;
        dc_out text = {0};
        if (!dc_record_read(item, &r) || !is_candidate(&r, user, toolkit)) continue;
        dc_put_text(&text, r.id);
        dc_put_text(&text, " (");
        dc_put_text(&text, r.alias ? r.alias : r.word_id);
        dc_put_text(&text, ")");
        if (faults.count++ == 0) dc_put_byte(&faults.list, '[');
        dc_json_put_span(&faults.list, NULL, dc_out_span(&text));
    }
    return dc_refuse(DC_ERR_EXECUTE_AMBIGUOUS, NULL, &faults);
}

static const dc_reply *choose(const dc_input *in) {
    const char *account = dc_input_text(in, "account"), *user = dc_input_text(in, "user");
    const char *toolkit = dc_input_text(in, "toolkit");
    const char *selection = dc_json_text(dc_input_tree(in, "project"), "account_selection");
    const cJSON *item, *candidates = dc_input_tree(in, "candidates");
    if (account) return choose_named(in, user, toolkit);
    if (!user) return dc_refuse(DC_ERR_EXECUTE_WHO, NULL, NULL);
    dc_record best = {0};
    int count = 0;
    cJSON_ArrayForEach(item, candidates) {
        dc_record r;
        if (!dc_record_read(item, &r) || !is_candidate(&r, user, toolkit)) continue;
        if (!count++ || r.connected > best.connected) best = r;
    }
    if (!count) return dc_refuse(DC_ERR_EXECUTE_NONE, NULL, NULL);
    if (count > 1 && !(selection && strcmp(selection, "latest") == 0)) return ambiguous(candidates, user, toolkit);
    return chosen(&best);
}

static double whole_of(dc_span digits) {
    double value = 0;
    for (uint32_t i = 0; i < digits.size && digits.at[i] >= '0' && digits.at[i] <= '9'; i++)
        value = value * 10 + (digits.at[i] - '0');
    return value;
}

/* How long an access token must still live for it to be used as it is: what the caller wants (`min_valid`, seconds), or
 * half a minute; but a new one is of use only where the present one has lived a fifth of its life. */
static double wanted_life(const dc_input *in, const dc_record *r) {
    const double least = 30000, life = dc_record_end(r) - r->obtained;
    dc_span raw;
    double wanted = dc_json_number(dc_input_tree(in, "query"), "min_valid", 0);
    if (in->rest.size && in->rest.at[0] == '{' && dc_field_find(in->rest, "min_valid", &raw)) wanted = whole_of(raw);
    wanted = wanted > 3600 ? 3600000 : wanted * 1000;
    if (!(wanted > 0) && dc_input_true(in, "asked_only")) return 0;
    if (wanted < least) wanted = least;
    return r->obtained > 0 && wanted > life * 0.8 ? life * 0.8 : wanted;
}

/* Should the credential be refreshed before it is used, and may it be used when that fails for now? */
static const dc_reply *ready(const dc_input *in, double now) {
    dc_record r;
    if (!dc_record_read(dc_input_tree(in, "record"), &r)) return dc_refuse(DC_ERR_ACCOUNT_UNKNOWN, NULL, NULL);
    const double end = dc_record_end(&r);
    const double wanted = wanted_life(in, &r);
    const bool over = wanted > 0 && end > 0 && end <= now + wanted && !dc_record_holds_back(&r, now);
    const bool usable = !(r.expires > 0) || r.expires > now;
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_json_put_bool(&out, "refresh", r.status == DC_ACTIVE && r.refreshable && over && (!usable || r.hold <= now));
    dc_json_put_bool(&out, "usable", usable);
    if (r.scheme == DC_OAUTH1) dc_json_put_bool(&out, "client", true); /* its secret signs what is sent */
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}

/* An auth config that is restricted to some tools runs no other, and no request of the caller's own either. */
static bool tool_allowed(const dc_config *config, const char *slug) {
    return !cJSON_GetArraySize(config->tools) || dc_json_holds(config->tools, slug);
}

static const dc_reply *restricted(void) {
    return dc_refuse(DC_ERR_FORBIDDEN, "The auth config is restricted to other tools.", NULL);
}

static const dc_reply *with_toolkit(uint32_t step, uint32_t size, double now) {
    dc_grant_call grant = {.now = now};
    if (!dc_grant_read(&grant, size)) return dc_refuse(DC_ERR_TOOLKIT_UNKNOWN, NULL, NULL);
    if (!dc_input_is_document(&grant.in)) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    if (grant.config.disabled) return dc_refuse(DC_ERR_CONFIG_DISABLED, NULL, NULL);
    if (step == DC_TOOL_build) {
        const char *slug = dc_json_text(dc_input_tree(&grant.in, "tool"), "slug");
        return tool_allowed(&grant.config, slug) ? dc_tool_build(&grant) : restricted();
    }
    return cJSON_GetArraySize(grant.config.tools) ? restricted() : dc_tool_proxy(&grant);
}

const dc_reply *dc_tool(uint32_t step, double now, uint32_t size) {
    dc_input in;
    if (step == DC_TOOL_build || step == DC_TOOL_proxy) return with_toolkit(step, size, now);
    const bool answered = step == DC_TOOL_read || step == DC_TOOL_proxied; /* by a provider, in any form */
    if (!dc_input_read(size, &in) || (!answered && !dc_input_is_document(&in)))
        return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    switch (step) {
    case DC_TOOL_find: return find(&in);
    case DC_TOOL_choose: return choose(&in);
    case DC_TOOL_ready: return ready(&in, now);
    case DC_TOOL_read: return dc_tool_read(&in);
    case DC_TOOL_proxied: return dc_tool_proxied(&in);
    default: return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    }
}
