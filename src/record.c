/* record.c: account and auth config records as JSON and back. */
#include "record.h"

#include <string.h>

static double time_of(const cJSON *json, const char *name) {
    const double value = dc_json_number(json, name, 0);
    return value > 0 ? value : 0;
}

static int word_of(const cJSON *json, const char *name, const char *const *words) {
    const char *text = dc_json_text(json, name);
    return text ? dc_word_index(words, dc_span_of(text)) : -1;
}

bool dc_record_read(const cJSON *json, dc_record *r) {
    const int status = word_of(json, "status", dc_status_names);
    const int scheme = word_of(json, "auth_scheme", dc_scheme_names);
    const int resume = word_of(json, "resume", dc_status_names);
    *r = (dc_record){
        .id = dc_json_text(json, "id"),
        .user = dc_json_text(json, "user_id"),
        .toolkit = dc_json_text(json, "toolkit"),
        .config = dc_json_text(json, "auth_config_id"),
        .alias = dc_json_text(json, "alias"),
        .word_id = dc_json_text(json, "word_id"),
        .reason = dc_json_text(json, "status_reason"),
        .callback = dc_json_text(json, "callback_url"),
        .identity = dc_json_text(json, "identity_id"),
        .label = dc_json_text(json, "identity_label"),
        .scheme = scheme < 0 ? DC_NO_AUTH : (dc_scheme)scheme,
        .status = status < 0 ? DC_FAILED : (dc_status)status,
        .resume = resume < 0 ? DC_ACTIVE : (dc_status)resume,
        .managed = dc_json_true(json, "managed"),
        .refreshable = dc_json_true(json, "refreshable"),
        .credential = dc_json_true(json, "credential"),
        .uncertain = dc_json_true(json, "uncertain"),
        .created = time_of(json, "created_at"),
        .updated = time_of(json, "updated_at"),
        .connected = time_of(json, "connected_at"),
        .expires = time_of(json, "expires_at"),
        .refreshed = time_of(json, "last_refreshed_at"),
        .next_refresh = time_of(json, "next_refresh_at"),
        .used = time_of(json, "last_used_at"),
        .link_until = time_of(json, "link_until"),
        .reconnect_until = time_of(json, "reconnect_until"),
        .journal = time_of(json, "journal"),
        .failures = time_of(json, "failures"),
        .granted = dc_json_get(json, "scopes_granted"),
        .missing = dc_json_get(json, "scopes_missing"),
    };
    return r->id && r->user && r->toolkit && r->config && status >= 0 && scheme >= 0;
}

static void put_text_if(dc_out *out, const char *name, const char *text) {
    if (text) dc_json_put_text(out, name, text);
}

static void put_time_if(dc_out *out, const char *name, double at) {
    if (at > 0) dc_json_put_number(out, name, at);
}

static void put_true_if(dc_out *out, const char *name, bool value) {
    if (value) dc_json_put_bool(out, name, true);
}

void dc_record_put(dc_out *out, const char *name, const dc_record *r) {
    dc_json_open(out, name, '{');
    dc_json_put_text(out, "id", r->id);
    dc_json_put_text(out, "user_id", r->user);
    dc_json_put_text(out, "toolkit", r->toolkit);
    dc_json_put_text(out, "auth_config_id", r->config);
    dc_json_put_text(out, "auth_scheme", dc_scheme_names[r->scheme]);
    dc_json_put_text(out, "status", dc_status_names[r->status]);
    if (r->status == DC_INACTIVE) dc_json_put_text(out, "resume", dc_status_names[r->resume]);
    put_text_if(out, "alias", r->alias);
    put_text_if(out, "word_id", r->word_id);
    put_text_if(out, "status_reason", r->reason);
    put_text_if(out, "callback_url", r->callback);
    put_text_if(out, "identity_id", r->identity);
    put_text_if(out, "identity_label", r->label);
    put_true_if(out, "managed", r->managed);
    put_true_if(out, "refreshable", r->refreshable);
    put_true_if(out, "credential", r->credential);
    put_true_if(out, "uncertain", r->uncertain);
    put_time_if(out, "created_at", r->created);
    put_time_if(out, "updated_at", r->updated);
    put_time_if(out, "connected_at", r->connected);
    put_time_if(out, "expires_at", r->expires);
    put_time_if(out, "last_refreshed_at", r->refreshed);
    put_time_if(out, "next_refresh_at", r->next_refresh);
    put_time_if(out, "last_used_at", r->used);
    put_time_if(out, "link_until", r->link_until);
    put_time_if(out, "reconnect_until", r->reconnect_until);
    put_time_if(out, "journal", r->journal);
    put_time_if(out, "failures", r->failures);
    if (r->granted) dc_json_put_tree(out, "scopes_granted", r->granted);
    if (r->missing) dc_json_put_tree(out, "scopes_missing", r->missing);
    dc_json_close(out, '}');
}

bool dc_record_waiting(const dc_record *r) {
    return r->status == DC_INITIALIZING || r->status == DC_INITIATED;
}

bool dc_record_holds_back(const dc_record *r, double now) {
    return r->journal > 0 && r->expires > now;
}

double dc_record_refresh_due(const dc_record *r) {
    if (r->status != DC_ACTIVE || !r->refreshable || !(r->next_refresh > 0)) return 0;
    return dc_record_holds_back(r, r->next_refresh) ? r->expires : r->next_refresh;
}

static double sooner(double a, double b) {
    return a > 0 && (b <= 0 || a < b) ? a : b;
}

/* When the record must be looked at next, without anybody asking; 0: never. */
static double due(const dc_record *r) {
    double at = dc_record_waiting(r) ? r->link_until : 0;
    at = sooner(r->reconnect_until, at);
    return sooner(dc_record_refresh_due(r), at);
}

void dc_record_put_row(dc_out *out, const dc_record *r) {
    const double at = due(r);
    dc_json_open(out, "row", '{');
    dc_json_put_text(out, "id", r->id);
    dc_json_put_text(out, "user_id", r->user);
    dc_json_put_text(out, "toolkit", r->toolkit);
    dc_json_put_text(out, "auth_config_id", r->config);
    dc_json_put_text(out, "status", dc_status_names[r->status]);
    dc_json_put_text(out, "alias", r->alias);
    dc_json_put_number(out, "created_at", r->created);
    dc_json_put_number(out, "updated_at", r->updated);
    if (at > 0) {
        dc_json_put_number(out, "due_at", at);
    } else {
        dc_json_put_null(out, "due_at");
    }
    dc_json_close(out, '}');
}

/* As JSON already: the columns of a row and their SQL types; then what a host calls those that it needs by name. */
#define COLUMN(name, type) "[\"" #name "\",\"" #type "\"]"
#define KEY(name, column) "\"" #name "\":\"" #column "\""

static const char account_columns[] =
    "[" COLUMN(id, TEXT) "," COLUMN(user_id, TEXT) "," COLUMN(toolkit, TEXT) "," COLUMN(auth_config_id, TEXT) ","
    COLUMN(status, TEXT) "," COLUMN(alias, TEXT) "," COLUMN(created_at, INTEGER) "," COLUMN(updated_at, INTEGER) ","
    COLUMN(due_at, INTEGER) "]";
static const char account_keys[] =
    "{" KEY(id, id) "," KEY(user, user_id) "," KEY(toolkit, toolkit) "," KEY(config, auth_config_id) ","
    KEY(status, status) "," KEY(created, created_at) "," KEY(due, due_at) "}";
static const char config_columns[] =
    "[" COLUMN(id, TEXT) "," COLUMN(toolkit, TEXT) "," COLUMN(name, TEXT) "," COLUMN(managed, TEXT) ","
    COLUMN(status, TEXT) "," COLUMN(created_at, INTEGER) "]";
static const char config_keys[] =
    "{" KEY(id, id) "," KEY(toolkit, toolkit) "," KEY(managed, managed) "," KEY(created, created_at) "}";

void dc_record_put_columns(dc_out *out) {
    dc_json_put_raw(out, "columns", dc_span_of(account_columns));
    dc_json_put_raw(out, "keys", dc_span_of(account_keys));
    dc_json_put_raw(out, "config_columns", dc_span_of(config_columns));
    dc_json_put_raw(out, "config_keys", dc_span_of(config_keys));
}

bool dc_config_read(const cJSON *json, dc_config *c) {
    const int scheme = word_of(json, "auth_scheme", dc_scheme_names);
    *c = (dc_config){
        .id = dc_json_text(json, "id"),
        .uuid = dc_json_text(json, "uuid"),
        .name = dc_json_text(json, "name"),
        .toolkit = dc_json_text(json, "toolkit"),
        .scheme = scheme < 0 ? DC_NO_AUTH : (dc_scheme)scheme,
        .managed = dc_json_true(json, "managed"),
        .disabled = dc_json_true(json, "disabled"),
        .created = time_of(json, "created_at"),
        .updated = time_of(json, "updated_at"),
        .tools = dc_json_get(json, "tools"),
    };
    return c->id && c->toolkit && scheme >= 0;
}

void dc_config_put(dc_out *out, const char *name, const dc_config *c) {
    dc_json_open(out, name, '{');
    dc_json_put_text(out, "id", c->id);
    put_text_if(out, "uuid", c->uuid);
    put_text_if(out, "name", c->name);
    dc_json_put_text(out, "toolkit", c->toolkit);
    dc_json_put_text(out, "auth_scheme", dc_scheme_names[c->scheme]);
    put_true_if(out, "managed", c->managed);
    put_true_if(out, "disabled", c->disabled);
    put_time_if(out, "created_at", c->created);
    put_time_if(out, "updated_at", c->updated);
    if (c->tools) dc_json_put_tree(out, "tools", c->tools);
    dc_json_close(out, '}');
}

void dc_config_put_row(dc_out *out, const dc_config *c) {
    dc_json_open(out, "row", '{');
    dc_json_put_text(out, "id", c->id);
    dc_json_put_text(out, "toolkit", c->toolkit);
    dc_json_put_text(out, "name", c->name);
    dc_json_put_text(out, "managed", c->managed ? "true" : "false");
    dc_json_put_text(out, "status", c->disabled ? "DISABLED" : "ENABLED");
    dc_json_put_number(out, "created_at", c->created);
    dc_json_close(out, '}');
}
