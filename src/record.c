/* record.c: account and auth config records as JSON and back. */
#include "record.h"

#include <stddef.h>

/* The members of a record that are written as they are read: what is absent, false or 0 is left out. */
typedef enum member_kind { TEXT, TRUTH, TIME, TREE } member_kind;

typedef struct member {
    const char *name;
    uint16_t kind, offset; /* of the struct's member: const char *, bool, double, const cJSON * */
} member;

#define ACCOUNT(name, kind, field) \
    { name, kind, offsetof(dc_record, field) }
#define CONFIG(name, kind, field) \
    { name, kind, offsetof(dc_config, field) }

static const member account_names[] = {
    ACCOUNT("id", TEXT, id),
    ACCOUNT("user_id", TEXT, user),
    ACCOUNT("toolkit", TEXT, toolkit),
    ACCOUNT("auth_config_id", TEXT, config),
    {NULL, 0, 0},
};

static const member account_members[] = {
    ACCOUNT("alias", TEXT, alias),
    ACCOUNT("word_id", TEXT, word_id),
    ACCOUNT("status_reason", TEXT, reason),
    ACCOUNT("resume_reason", TEXT, resume_reason),
    ACCOUNT("callback_url", TEXT, callback),
    ACCOUNT("identity_id", TEXT, identity),
    ACCOUNT("identity_label", TEXT, label),
    ACCOUNT("managed", TRUTH, managed),
    ACCOUNT("refreshable", TRUTH, refreshable),
    ACCOUNT("credential", TRUTH, credential),
    ACCOUNT("uncertain", TRUTH, uncertain),
    ACCOUNT("single", TRUTH, single),
    ACCOUNT("verifier_hash", TEXT, verifier),
    ACCOUNT("held", TRUTH, held),
    ACCOUNT("needs_verifier", TRUTH, proved),
    ACCOUNT("wrong_verifiers", TIME, wrong),
    ACCOUNT("created_at", TIME, created),
    ACCOUNT("updated_at", TIME, updated),
    ACCOUNT("connected_at", TIME, connected),
    ACCOUNT("expires_at", TIME, expires),
    ACCOUNT("last_refreshed_at", TIME, refreshed),
    ACCOUNT("next_refresh_at", TIME, next_refresh),
    ACCOUNT("last_used_at", TIME, used),
    ACCOUNT("link_until", TIME, link_until),
    ACCOUNT("reconnect_until", TIME, reconnect_until),
    ACCOUNT("journal", TIME, journal),
    ACCOUNT("failures", TIME, failures),
    ACCOUNT("hold_until", TIME, hold),
    ACCOUNT("refused_client", TIME, refused),
    ACCOUNT("reuse_until", TIME, reuse),
    ACCOUNT("obtained_at", TIME, obtained),
    ACCOUNT("learned_ms", TIME, learned),
    ACCOUNT("refusals", TIME, refusals),
    ACCOUNT("scopes_granted", TREE, granted),
    ACCOUNT("scopes_missing", TREE, missing),
    {NULL, 0, 0},
};

static const member config_names[] = {
    CONFIG("id", TEXT, id), CONFIG("uuid", TEXT, uuid), CONFIG("name", TEXT, name), CONFIG("toolkit", TEXT, toolkit),
    {NULL, 0, 0},
};

static const member config_members[] = {
    CONFIG("managed", TRUTH, managed),      CONFIG("disabled", TRUTH, disabled),
    CONFIG("deleting", TRUTH, deleting),    CONFIG("deleting_accounts", TRUTH, deleting_accounts),
    CONFIG("kept_off", TRUTH, kept_off),    CONFIG("created_at", TIME, created),
    CONFIG("updated_at", TIME, updated),    CONFIG("tools", TREE, tools),
    CONFIG("health", TREE, health),         CONFIG("learned_ms", TIME, learned),
    CONFIG("overlap_until", TIME, overlap), CONFIG("generation", TIME, generation),
    CONFIG("lessons", TREE, lessons),       {NULL, 0, 0},
};

static void read_members(const cJSON *json, const member *members, void *record) {
    for (const member *m = members; m->name; m++) {
        void *at = (char *)record + m->offset;
        const double number = dc_json_number(json, m->name, 0);
        switch ((member_kind)m->kind) {
        case TEXT: *(const char **)at = dc_json_text(json, m->name); break;
        case TRUTH: *(bool *)at = dc_json_true(json, m->name); break;
        case TIME: *(double *)at = number > 0 ? number : 0; break;
        case TREE: *(const cJSON **)at = dc_json_get(json, m->name); break;
        }
    }
}

static void put_members(dc_out *out, const member *members, const void *record) {
    for (const member *m = members; m->name; m++) {
        const void *at = (const char *)record + m->offset;
        switch ((member_kind)m->kind) {
        case TEXT:
            if (*(const char *const *)at) dc_json_put_text(out, m->name, *(const char *const *)at);
            break;
        case TRUTH:
            if (*(const bool *)at) dc_json_put_bool(out, m->name, true);
            break;
        case TIME:
            if (*(const double *)at > 0) dc_json_put_number(out, m->name, *(const double *)at);
            break;
        case TREE:
            if (*(const cJSON *const *)at) dc_json_put_tree(out, m->name, *(const cJSON *const *)at);
            break;
        }
    }
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
        .scheme = scheme < 0 ? DC_NO_AUTH : (dc_scheme)scheme,
        .status = status < 0 ? DC_FAILED : (dc_status)status,
        .resume = resume < 0 ? DC_ACTIVE : (dc_status)resume,
    };
    read_members(json, account_names, r);
    read_members(json, account_members, r);
    r->proved = r->proved || r->verifier; /* one of an earlier version says so by its open consent alone */
    return r->id && r->user && r->toolkit && r->config && status >= 0 && scheme >= 0;
}

void dc_record_put(dc_out *out, const char *name, const dc_record *r) {
    dc_json_open(out, name, '{');
    put_members(out, account_names, r);
    dc_json_put_text(out, "auth_scheme", dc_scheme_names[r->scheme]);
    dc_json_put_text(out, "status", dc_status_names[r->status]);
    if (r->status == DC_INACTIVE) dc_json_put_text(out, "resume", dc_status_names[r->resume]);
    put_members(out, account_members, r);
    dc_json_close(out, '}');
}

bool dc_record_waiting(const dc_record *r) {
    return r->status == DC_INITIALIZING || r->status == DC_INITIATED;
}

bool dc_record_holds_back(const dc_record *r, double now) {
    const bool lives = r->expires > now || !(r->expires > 0); /* whose end nobody knows lives until it is refused */
    return r->journal > 0 && lives && !(r->reuse > now);
}

double dc_record_end(const dc_record *r) {
    if (r->expires > 0) return r->expires;
    return r->learned > 0 && r->obtained > 0 ? r->obtained + r->learned : 0;
}

/* The answer to a refresh was lost and its token is taken once more for a while: soon, but not while the first call may
 * still be under way. */
static double again(const dc_record *r) {
    const double call = 30000, grace = r->reuse - r->journal, for_ever = 86400000;
    if (!(r->journal > 0) || grace <= 0 || grace > for_ever) return 0;
    return r->journal + (grace / 2 < call ? grace / 2 : call);
}

double dc_record_refresh_due(const dc_record *r) {
    if (r->status != DC_ACTIVE || !r->refreshable) return 0;
    const double soon = again(r);
    if (soon > 0 && (!(r->next_refresh > 0) || soon < r->next_refresh)) return soon;
    if (!(r->next_refresh > 0)) return 0;
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

/* When what the account holds was given; 0: it holds nothing. By it a revocation finds who has connected since. What waits
 * to be confirmed counts as given last of all: whenever that was, nothing may take it along. */
static double given(const dc_record *r) {
    const double last = 9007199254740991; /* the greatest integer that every reader of JSON takes for itself */
    if (r->held) return last;
    return r->credential ? r->connected : 0;
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
    /* By it the same identity is found twice: an account that holds no credential is nobody's. */
    dc_json_put_text(out, "identity_id", r->credential ? r->identity : NULL);
    dc_json_put_number(out, "created_at", r->created);
    dc_json_put_number(out, "updated_at", r->updated);
    dc_json_put_number(out, "given_at", given(r));
    if (at > 0) {
        dc_json_put_number(out, "due_at", at);
    } else {
        dc_json_put_null(out, "due_at");
    }
    dc_json_close(out, '}');
}

/* As JSON already: the columns of a row and their SQL types; then what a host calls those that it needs by name. */
#define COLUMN(name, type) "[\"" #name "\",\"" #type "\"]"
#define KEY(name, column)  "\"" #name "\":\"" #column "\""

/* clang-format off */
static const char account_columns[] =
    "[" COLUMN(id, TEXT) "," COLUMN(user_id, TEXT) "," COLUMN(toolkit, TEXT) "," COLUMN(auth_config_id, TEXT)
    "," COLUMN(status, TEXT) "," COLUMN(alias, TEXT) "," COLUMN(identity_id, TEXT) "," COLUMN(created_at, INTEGER)
    "," COLUMN(updated_at, INTEGER) "," COLUMN(due_at, INTEGER) "," COLUMN(given_at, INTEGER) "]";
static const char account_keys[] =
    "{" KEY(id, id) "," KEY(user, user_id) "," KEY(toolkit, toolkit) "," KEY(config, auth_config_id)
    "," KEY(status, status) "," KEY(identity, identity_id) "," KEY(created, created_at) "," KEY(updated, updated_at)
    "," KEY(due, due_at) "," KEY(given, given_at) "}";
/* clang-format on */
static const char config_columns[] = "[" COLUMN(id, TEXT) "," COLUMN(toolkit, TEXT) "," COLUMN(name, TEXT) "," COLUMN(
    managed, TEXT) "," COLUMN(status, TEXT) "," COLUMN(deleting, TEXT) "," COLUMN(created_at, INTEGER) "]";
static const char config_keys[] = "{" KEY(id, id) "," KEY(toolkit, toolkit) "," KEY(managed, managed) "," KEY(
    deleting, deleting) "," KEY(created, created_at) "}";

void dc_record_put_columns(dc_out *out) {
    dc_json_put_raw(out, "columns", dc_span_of(account_columns));
    dc_json_put_raw(out, "keys", dc_span_of(account_keys));
    dc_json_put_raw(out, "config_columns", dc_span_of(config_columns));
    dc_json_put_raw(out, "config_keys", dc_span_of(config_keys));
}

bool dc_config_read(const cJSON *json, dc_config *c) {
    const int scheme = word_of(json, "auth_scheme", dc_scheme_names);
    *c = (dc_config){.scheme = scheme < 0 ? DC_NO_AUTH : (dc_scheme)scheme};
    read_members(json, config_names, c);
    read_members(json, config_members, c);
    return c->id && c->toolkit && scheme >= 0;
}

void dc_config_put(dc_out *out, const char *name, const dc_config *c) {
    dc_json_open(out, name, '{');
    put_members(out, config_names, c);
    dc_json_put_text(out, "auth_scheme", dc_scheme_names[c->scheme]);
    put_members(out, config_members, c);
    dc_json_close(out, '}');
}

void dc_config_put_row(dc_out *out, const dc_config *c) {
    dc_json_open(out, "row", '{');
    dc_json_put_text(out, "id", c->id);
    dc_json_put_text(out, "toolkit", c->toolkit);
    dc_json_put_text(out, "name", c->name);
    dc_json_put_text(out, "managed", c->managed ? "true" : "false");
    dc_json_put_text(out, "status", c->disabled ? "DISABLED" : "ENABLED");
    dc_json_put_text(out, "deleting", c->deleting ? "true" : "false");
    dc_json_put_number(out, "created_at", c->created);
    dc_json_close(out, '}');
}
