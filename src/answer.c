/* answer.c: records and credentials -> response body: dispatch by group, and account answers. Credentials come from
 * the host, masked or plain, as raw JSON, and go out byte for byte. */
#include "answer.h"

#include "fields.h"
#include "scan.h"
#include "shape.h"

#include <string.h>

static void put_config(dc_out *out, const dc_record *r, bool disabled) {
    dc_json_open(out, "auth_config", '{');
    dc_json_put_text(out, "id", r->config);
    dc_json_put_text(out, "auth_scheme", dc_scheme_names[r->scheme]);
    dc_json_put_bool(out, "is_devcaster_managed", r->managed);
    dc_json_put_bool(out, "is_composio_managed", r->managed);
    dc_json_put_bool(out, "is_disabled", disabled);
    dc_json_close(out, '}');
}

static void put_identity(dc_out *out, const dc_record *r) {
    if (!r->identity) {
        dc_json_put_null(out, "identity");
        return;
    }
    dc_json_open(out, "identity", '{');
    dc_json_put_text(out, "id", r->identity);
    dc_json_put_text(out, "label", r->label);
    dc_json_close(out, '}');
}

static void put_scopes(dc_out *out, const dc_record *r) {
    if (!r->granted) {
        dc_json_put_null(out, "scopes");
        return;
    }
    dc_json_open(out, "scopes", '{');
    dc_json_put_tree(out, "granted", r->granted);
    if (r->missing) dc_json_put_tree(out, "missing", r->missing);
    dc_json_close(out, '}');
}

static void put_reconnect(dc_out *out, const dc_record *r) {
    if (!(r->reconnect_until > 0)) {
        dc_json_put_null(out, "reconnect");
        return;
    }
    dc_json_open(out, "reconnect", '{');
    dc_json_put_bool(out, "pending", true);
    dc_json_put_time(out, "expires_at", r->reconnect_until);
    dc_json_close(out, '}');
}

/* Beside the masks, where the project has them on: then the entry has them. None of a credential that is not shown. */
static void put_fingerprints(dc_out *out, dc_span entry, dc_span val) {
    dc_span fingerprints;
    if (!dc_scan_member(entry, "fingerprints", &fingerprints) || fingerprints.at[0] != '{') return;
    dc_json_put_raw(out, "fingerprints", val.size ? fingerprints : dc_span_of("{}"));
}

/* Which other accounts of the user have the same identity, where the host has looked. */
static void put_twins(dc_out *out, dc_span entry) {
    dc_span twins;
    if (dc_scan_member(entry, "same_identity_as", &twins) && twins.at[0] == '[')
        dc_json_put_raw(out, "same_identity_as", twins);
}

/* The account object of the contract (section 2). `entry` is {record, val, fingerprints?, config, same_identity_as?}. */
static bool put_account(dc_answer_call *call, const char *name, dc_span entry, bool params) {
    dc_record r;
    dc_span record, val = {NULL, 0}, disabled;
    dc_out *out = &call->out;
    if (!dc_scan_member(entry, "record", &record) || !dc_record_read(dc_json_tree(record), &r)) return false;
    if (!dc_scan_member(entry, "val", &val) || val.at[0] != '{') val.size = 0;
    const bool off = dc_field_find(entry, "config.disabled", &disabled) && dc_span_is(disabled, "true");
    if (dc_answer_dead(&r) && !*dc_shape_required(r.scheme, r.status)) val.size = 0;
    dc_json_open(out, name, '{');
    dc_json_put_text(out, "id", r.id);
    dc_json_put_text(out, "user_id", r.user);
    dc_json_put_text(out, "status", dc_answer_status(call, r.status));
    dc_json_put_text(out, "status_reason", r.reason);
    dc_json_put_bool(out, "is_disabled", r.status == DC_INACTIVE);
    dc_json_put_time(out, "created_at", r.created);
    dc_json_put_time(out, "updated_at", r.updated);
    dc_json_open(out, "toolkit", '{');
    dc_json_put_text(out, "slug", r.toolkit);
    dc_json_close(out, '}');
    put_config(out, &r, off);
    dc_json_open(out, "state", '{');
    dc_json_put_text(out, "authScheme", dc_scheme_names[r.scheme]);
    dc_answer_val(call, "val", &r, val);
    dc_json_close(out, '}');
    dc_answer_val(call, "data", &r, val);
    if (params) dc_answer_val(call, "params", &r, val);
    put_fingerprints(out, entry, val);
    dc_json_put_text(out, "alias", r.alias);
    dc_json_put_text(out, "word_id", r.word_id);
    put_identity(out, &r);
    put_twins(out, entry);
    dc_json_put_time(out, "expires_at", r.expires);
    dc_json_put_time(out, "last_refreshed_at", r.refreshed);
    dc_json_put_time(out, "next_refresh_at", r.next_refresh);
    dc_json_put_time(out, "last_used_at", r.used);
    put_scopes(out, &r);
    put_reconnect(out, &r);
    dc_json_close(out, '}');
    return true;
}

bool dc_answer_refuse(dc_answer_call *call, dc_error error) {
    call->refusal = error;
    return false;
}

void dc_answer_page(dc_answer_call *call, double total, bool more) {
    const double limit = dc_input_number(&call->in, "limit", 20);
    const dc_span cursor = dc_input_raw(&call->in, "next_cursor");
    dc_json_put_raw(&call->out, "next_cursor", more && cursor.size ? cursor : dc_span_of("null"));
    const double whole = limit > 0 ? (double)(uint64_t)((total + limit - 1) / limit) : 1;
    dc_json_put_number(&call->out, "total_pages", whole > 1 ? whole : 1);
    dc_json_put_number(&call->out, "current_page", dc_input_number(&call->in, "page", 1));
    dc_json_put_number(&call->out, "total_items", total);
}

static bool list(dc_answer_call *call) {
    dc_span entries = dc_input_raw(&call->in, "accounts"), entry;
    dc_json_open(&call->out, NULL, '{');
    dc_json_open(&call->out, "items", '[');
    while (entries.size && dc_scan_item(&entries, &entry)) {
        if (!put_account(call, NULL, entry, false)) return false;
    }
    dc_json_close(&call->out, ']');
    dc_answer_page(call, dc_input_number(&call->in, "total", 0), true);
    dc_json_close(&call->out, '}');
    return true;
}

static const char *link_url(const dc_answer_call *call) {
    return dc_json_text(dc_input_tree(&call->in, "link"), "url");
}

static bool created(dc_answer_call *call, const dc_record *r, dc_span entry, dc_span val) {
    dc_out *out = &call->out;
    const char *url = dc_record_waiting(r) ? link_url(call) : NULL;
    call->status = 201;
    dc_json_open(out, NULL, '{');
    dc_json_put_text(out, "id", r->id);
    dc_json_open(out, "connectionData", '{');
    dc_json_put_text(out, "authScheme", dc_scheme_names[r->scheme]);
    dc_answer_val(call, "val", r, val);
    dc_json_close(out, '}');
    put_fingerprints(out, entry, val);
    dc_json_put_text(out, "status", dc_status_names[r->status]);
    dc_json_put_text(out, "redirect_url", url);
    dc_json_put_text(out, "redirect_uri", url);
    put_twins(out, entry);
    dc_json_open(out, "deprecated", '{');
    dc_json_put_text(out, "uuid", r->id);
    dc_json_put_text(out, "authConfigUuid", r->config);
    dc_json_close(out, '}');
    dc_json_close(out, '}');
    return true;
}

static bool linked(dc_answer_call *call, const dc_record *r) {
    const cJSON *link = dc_input_tree(&call->in, "link");
    call->status = 201;
    dc_json_open(&call->out, NULL, '{');
    dc_json_put_text(&call->out, "link_token", dc_json_text(link, "token"));
    dc_json_put_text(&call->out, "redirect_url", dc_json_text(link, "url"));
    dc_json_put_time(&call->out, "expires_at", r->link_until);
    dc_json_put_text(&call->out, "connected_account_id", r->id);
    dc_json_close(&call->out, '}');
    return true;
}

static void put_success(dc_out *out) {
    dc_json_put_bool(out, "success", true);
}

static bool refreshed(dc_answer_call *call, const dc_record *r) {
    dc_json_open(&call->out, NULL, '{');
    dc_json_put_text(&call->out, "id", r->id);
    dc_json_put_text(&call->out, "status", dc_answer_status(call, r->status));
    dc_json_put_text(&call->out, "redirect_url", dc_json_text(dc_input_tree(&call->in, "result"), "redirect_url"));
    dc_json_close(&call->out, '}');
    return true;
}

static bool revoked(dc_answer_call *call, const dc_record *r) {
    const char *outcome = dc_input_text(&call->in, "outcome");
    dc_json_open(&call->out, NULL, '{');
    dc_json_open(&call->out, "revoked_tokens", '[');
    if (outcome && strcmp(outcome, "revoked") == 0) dc_json_put_text(&call->out, NULL, "access_token");
    if (outcome && strcmp(outcome, "revoked") == 0) dc_json_put_text(&call->out, NULL, "refresh_token");
    dc_json_close(&call->out, ']');
    dc_json_open(&call->out, "connected_account", '{');
    dc_json_put_text(&call->out, "id", r->id);
    dc_json_put_text(&call->out, "status", dc_answer_status(call, r->status));
    dc_json_close(&call->out, '}');
    dc_json_close(&call->out, '}');
    return true;
}

static bool removed(dc_answer_call *call) {
    const char *outcome = dc_input_text(&call->in, "outcome");
    dc_json_open(&call->out, NULL, '{');
    put_success(&call->out);
    dc_json_put_text(&call->out, "revocation", outcome ? outcome : "none");
    dc_json_close(&call->out, '}');
    return true;
}

bool dc_answer_accounts(dc_answer_call *call, const char *what) {
    const dc_span entry = dc_input_raw(&call->in, "account");
    dc_record r;
    dc_span record, val = {NULL, 0};
    if (strcmp(what, "list") == 0) return list(call);
    if (strcmp(what, "delete") == 0) return removed(call);
    if (strcmp(what, "get") == 0) return put_account(call, NULL, entry, true);
    if (!entry.size || !dc_scan_member(entry, "record", &record) || !dc_record_read(dc_json_read(record), &r))
        return false;
    if (!dc_scan_member(entry, "val", &val) || val.at[0] != '{') val.size = 0;
    if (strcmp(what, "create") == 0) return created(call, &r, entry, val);
    if (strcmp(what, "link") == 0) return linked(call, &r);
    if (strcmp(what, "refresh") == 0) return refreshed(call, &r);
    if (strcmp(what, "revoke") == 0) return revoked(call, &r);
    dc_json_open(&call->out, NULL, '{');
    if (strcmp(what, "update") == 0 || strcmp(what, "complete") == 0) {
        dc_json_put_text(&call->out, "id", r.id);
        dc_json_put_text(&call->out, "status", dc_answer_status(call, r.status));
    }
    put_success(&call->out);
    dc_json_close(&call->out, '}');
    return true;
}

typedef struct group {
    const char *prefix;
    bool (*put)(dc_answer_call *call, const char *what);
} group;

static bool health(dc_answer_call *call, const char *what) {
    (void)what;
    dc_put_text(&call->out, "{\"status\":\"ok\"}");
    return true;
}

static const group groups[] = {
    {"connected_accounts.activity", dc_answer_activity},
    {"connected_accounts.", dc_answer_accounts},
    {"auth_configs.", dc_answer_configs},
    {"toolkits.", dc_answer_toolkits},
    {"tools.", dc_answer_tools},
    {"project_config.", dc_answer_project},
    {"api_keys.", dc_answer_keys},
    {"user_tokens.", dc_answer_user_tokens},
    {"session.", dc_answer_session},
    {"connect.", dc_answer_connect},
    {"oauth.", dc_answer_connect},
    {"health", health},
};

const dc_reply *dc_answer(uint32_t op, double now, uint32_t size) {
    dc_answer_call call = {.op = dc_operation_at(op), .now = now, .status = 200, .refusal = DC_ERR_INTERNAL};
    if (!call.op || !dc_input_read(size, &call.in)) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    /* Read once: the head of a list holds every account of the page. */
    const char *api = dc_input_text(&call.in, "api");
    call.old = !api || strcmp(api, "v3.1") != 0;
    call.hide_links = dc_span_is(dc_input_raw(&call.in, "links"), "false");
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        const size_t length = strlen(groups[i].prefix);
        if (strncmp(call.op->name, groups[i].prefix, length) != 0) continue;
        if (!groups[i].put(&call, call.op->name + length)) return dc_refuse(call.refusal, NULL, NULL);
        return dc_reply_value(call.status, &call.out, (dc_span){NULL, 0});
    }
    return dc_refuse(DC_ERR_NOT_SERVED, NULL, NULL);
}
