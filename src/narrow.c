/* narrow.c: what a caller may do who speaks for one user alone: a browser with a user token, or a page whose host says
 * whose session it is (contract, section 11). A request is refused, or becomes one that cannot reach beyond that user.
 *
 * scope {user_id, operations?, toolkits?, origins?, tools?, count?}. `operations` names what is allowed, without it the
 * usual things are. `tools` names what may be executed: a slug, or {slug, count?}, or for requests of the caller's own
 * {methods, count?}. Whatever a scope says that is not understood allows nothing. */
#include "narrow.h"

#include "scan.h"

#include <string.h>

/* One narrowing under way. */
typedef struct narrowing {
    dc_request_line *in;
    const cJSON *scope;
    const char *user;
    const cJSON *toolkits; /* NULL: all */
    bool named;            /* the scope names this operation */
} narrowing;

static const dc_reply *forbid(const narrowing *now, const char *message) {
    return dc_route_refuse(now->in, DC_ERR_FORBIDDEN, message);
}

static const dc_reply *other_user(const narrowing *now) {
    return forbid(now, "These credentials are for one user alone, and the request names another.");
}

static const dc_reply *other_toolkit(const narrowing *now) {
    return forbid(now, "These credentials are for some toolkits alone, and the request names another.");
}

static const dc_reply *stray(const narrowing *now) {
    return forbid(now, "A credential does not say where a link leads back to, or whose it is.");
}

static const dc_field *field_of(const dc_operation *op, dc_place place, const char *wire) {
    for (const dc_field *field = op->fields; field->wire; field++) {
        if (field->place == place && strcmp(field->wire, wire) == 0) return field;
    }
    return NULL;
}

/* ---- Filters of lists -------------------------------------------------------------------------------- */

/* A filter that was given must stay within `allowed`; one that was not becomes all of it. */
static bool narrow_filter(dc_request_line *in, dc_column column, const cJSON *allowed) {
    for (const dc_field *field = in->op->fields; field->wire; field++) {
        dc_held *held = &in->fields[field - in->op->fields];
        if (field->column != column || field->place != DC_QUERY) continue;
        dc_out list = {0};
        dc_put_byte(&list, '[');
        dc_put(&list, dc_out_span(&held->items));
        dc_put_byte(&list, ']');
        dc_span rest = dc_out_span(&list);
        for (dc_span item, text; held->count && dc_scan_item(&rest, &item);) {
            if (!dc_scan_string(item, &text) || !dc_json_holds(allowed, dc_span_copy(text))) return false;
        }
        if (held->count) return true;
        const cJSON *one;
        cJSON_ArrayForEach(one, allowed) {
            if (!cJSON_IsString(one)) return false;
            dc_json_put_text(&held->items, NULL, one->valuestring);
            held->count++;
        }
        return held->count > 0 && held->count <= DC_MOST_ITEMS;
    }
    return false;
}

static const dc_reply *narrow_toolkits(narrowing *now) {
    if (!now->toolkits || narrow_filter(now->in, DC_COLUMN_TOOLKIT, now->toolkits)) return NULL;
    return other_toolkit(now);
}

static const dc_reply *narrow_list(narrowing *now) {
    cJSON user = {.type = cJSON_String, .valuestring = (char *)now->user}, one = {.type = cJSON_Array, .child = &user};
    if (!narrow_filter(now->in, DC_COLUMN_USER, &one)) return other_user(now);
    return narrow_toolkits(now);
}

/* ---- What is looked at before ------------------------------------------------------------------------ */

/* The host reads this first and asks dc_owned. `self`: the answer of the request itself is what is looked at. */
static void read_first(narrowing *now, const char *kind, const char *path, const char *id, bool self) {
    dc_out *out = &now->in->reads, target = {0};
    dc_put_text(&target, "/api/");
    dc_put_text(&target, now->in->api);
    dc_put_text(&target, path);
    dc_put_percent(&target, dc_span_of(id));
    dc_json_open(out, NULL, '{');
    dc_json_put_text(out, "kind", kind);
    dc_json_put_text(out, "id", id);
    dc_json_put_span(out, "target", dc_out_span(&target));
    dc_json_put_bool(out, "self", self);
    if (strcmp(kind, "account") == 0) dc_json_put_text(out, "user_id", now->user);
    if (now->toolkits) dc_json_put_tree(out, "toolkits", now->toolkits);
    dc_json_close(out, '}');
    if (target.failed) out->failed = true;
}

/* An id that a path cannot hold as it is could be another one for who reads the path next. */
static bool is_plain_id(const char *id) {
    return id && dc_route_is_plain(dc_span_of(id));
}

static const dc_reply *narrow_account(narrowing *now) {
    const char *id = now->in->refs[DC_REF_ACCOUNT];
    if (!is_plain_id(id)) return dc_route_refuse(now->in, DC_ERR_ACCOUNT_UNKNOWN, NULL);
    const bool self = strcmp(now->in->op->name, "connected_accounts.get") == 0;
    read_first(now, "account", "/connected_accounts/", id, self);
    return NULL;
}

static const dc_reply *narrow_config(narrowing *now, const char *id, bool self) {
    if (!now->toolkits) return NULL;
    if (!is_plain_id(id)) return dc_route_refuse(now->in, DC_ERR_CONFIG_UNKNOWN, NULL);
    read_first(now, "config", "/auth_configs/", id, self);
    return NULL;
}

/* ---- Bodies ------------------------------------------------------------------------------------------ */

/* The body anew, with the user in it; nothing that the table does not know is left. */
static const dc_reply *own_body(narrowing *now, const char *wire) {
    dc_request_line *in = now->in;
    const dc_field *field = field_of(in->op, DC_BODY, wire);
    dc_span values[DC_MOST_FIELDS] = {{NULL, 0}}, text;
    dc_route_values(in, values);
    dc_span *value = &values[field - in->op->fields];
    if (value->size && (!dc_scan_string(*value, &text) || !dc_span_is(text, now->user))) return other_user(now);
    dc_out user = {0}, body = {0};
    dc_json_put_text(&user, NULL, now->user);
    *value = dc_out_span(&user);
    dc_request_put_body(&body, in->op, values);
    in->body = dc_out_span(&body);
    in->refs[DC_REF_USER] = now->user;
    return user.failed || body.failed ? dc_route_refuse(in, DC_ERR_INTERNAL, NULL) : NULL;
}

/* Is the URL on one of the origins? They are compared to the letter: what is spelt otherwise is another one. */
static bool on_origin(dc_span url, const cJSON *origins) {
    const cJSON *one;
    cJSON_ArrayForEach(one, origins) {
        if (!cJSON_IsString(one) || !one->valuestring[0] || !dc_span_starts(url, one->valuestring)) continue;
        const size_t size = strlen(one->valuestring);
        if (size == url.size || strchr("/?#", url.at[size])) return true;
    }
    return false;
}

/* Where the user is sent afterwards. */
static const dc_reply *narrow_returns(narrowing *now) {
    dc_request_line *in = now->in;
    const cJSON *origins = dc_json_get(now->scope, "origins");
    dc_span values[DC_MOST_FIELDS] = {{NULL, 0}}, text;
    dc_route_values(in, values);
    for (int i = 0; in->op->fields[i].wire; i++) {
        const dc_field *field = &in->op->fields[i];
        if (field->type != DC_URL || !values[i].size) continue;
        if (!dc_scan_string(values[i], &text) || !on_origin(text, origins))
            dc_faults_add(&in->faults, field->wire, "must be on an origin of these credentials");
    }
    return in->faults.count ? dc_route_refuse(in, (dc_error)in->op->bad, NULL) : NULL;
}

static const dc_reply *narrow_new(narrowing *now) {
    const bool link = strcmp(now->in->op->name, "connected_accounts.link") == 0;
    if (dc_narrow_strays(now->in->body)) return stray(now);
    const dc_reply *refusal = own_body(now, link ? "user_id" : "connection.user_id");
    return refusal ? refusal : narrow_config(now, now->in->refs[DC_REF_CONFIG], false);
}

/* A new credential for an account is more than a new name for it. */
static const dc_reply *narrow_update(narrowing *now) {
    dc_span raw;
    const bool state = now->in->body.size && dc_field_find(now->in->body, "connection.state", &raw);
    if (state && !now->named) return forbid(now, "A credential may be changed only where the operation is named.");
    return state && dc_narrow_strays(now->in->body) ? stray(now) : narrow_account(now);
}

/* ---- Execution --------------------------------------------------------------------------------------- */

/* How often, where that is limited: the host counts. */
static void put_count(narrowing *now, const char *of, const cJSON *holder) {
    const cJSON *count = dc_json_get(holder, "count");
    if (!count) return;
    dc_out *out = &now->in->counts;
    dc_json_open(out, NULL, '{');
    dc_json_put_text(out, "of", of);
    dc_json_put_number(out, "most", cJSON_IsNumber(count) && count->valuedouble > 0 ? count->valuedouble : 0);
    dc_json_close(out, '}');
}

static bool tool_listed(narrowing *now, const char *slug) {
    const cJSON *tools = dc_json_get(now->scope, "tools"), *item;
    if (!tools) return true;
    cJSON_ArrayForEach(item, tools) {
        const char *own = cJSON_IsString(item) ? item->valuestring : dc_json_text(item, "slug");
        if (!own || strcmp(own, slug) != 0) continue;
        put_count(now, slug, item);
        return true;
    }
    return false;
}

static bool method_listed(narrowing *now, const char *method) {
    const cJSON *tools = dc_json_get(now->scope, "tools"), *item;
    if (!tools) return true;
    cJSON_ArrayForEach(item, tools) {
        if (dc_json_get(item, "slug") || !dc_json_holds(dc_json_get(item, "methods"), method)) continue;
        /* Counted under the first of its methods: no two items of a scope share one. */
        const cJSON *first = dc_json_get(item, "methods")->child;
        dc_out of = {0};
        dc_put_text(&of, "proxy ");
        dc_put_text(&of, cJSON_IsString(first) ? first->valuestring : "");
        put_count(now, dc_span_copy(dc_out_span(&of)), item);
        return true;
    }
    return false;
}

static const dc_reply *narrow_tool(narrowing *now) {
    const char *slug = now->in->refs[DC_REF_TOOL];
    if (!is_plain_id(slug) || !tool_listed(now, slug)) return forbid(now, "This tool is not allowed here.");
    /* How a slug begins does not tell the toolkit: ZOHO_MAIL_SEND is not one of `zoho`. */
    if (now->toolkits) read_first(now, "tool", "/tools/", slug, false);
    put_count(now, "", now->scope);
    const dc_reply *refusal = own_body(now, "user_id");
    if (refusal || !now->in->refs[DC_REF_ACCOUNT]) return refusal;
    return narrow_account(now);
}

static const dc_reply *narrow_proxy(narrowing *now) {
    const char *method = dc_field_text(now->in->body, "method");
    if (!method || !method_listed(now, method)) return forbid(now, "This method is not allowed here.");
    put_count(now, "", now->scope);
    return narrow_account(now);
}

/* ---- The whole --------------------------------------------------------------------------------------- */

static const dc_reply *narrow_reach(narrowing *now, dc_reach reach) {
    switch (reach) {
    case DC_REACH_DEFINITIONS: return NULL;
    case DC_REACH_LIST: return narrow_list(now);
    case DC_REACH_ACCOUNT:
        return strcmp(now->in->op->name, "connected_accounts.update") == 0 ? narrow_update(now) : narrow_account(now);
    case DC_REACH_NEW: return narrow_new(now);
    case DC_REACH_TOOL: return narrow_tool(now);
    case DC_REACH_PROXY: return narrow_proxy(now);
    case DC_REACH_CONFIGS: return narrow_toolkits(now);
    case DC_REACH_CONFIG: return narrow_config(now, now->in->refs[DC_REF_ACCOUNT], true);
    }
    return forbid(now, NULL);
}

/* A list of a scope: not there, or a list. */
static bool is_list(const cJSON *scope, const char *name) {
    const cJSON *list = dc_json_get(scope, name);
    return !list || cJSON_IsArray(list);
}

const dc_reply *dc_narrow(dc_request_line *in, const dc_input *input) {
    narrowing now = {in, dc_input_tree(input, "scope")};
    now.user = dc_json_text(now.scope, "user_id");
    now.toolkits = dc_json_get(now.scope, "toolkits");
    const cJSON *operations = dc_json_get(now.scope, "operations"), *origins = dc_json_get(now.scope, "origins");
    const bool whole = now.user && now.user[0] && is_list(now.scope, "operations") && is_list(now.scope, "toolkits") &&
                       is_list(now.scope, "origins") && is_list(now.scope, "tools");
    if (!whole) return forbid(&now, NULL);
    const char *origin = dc_input_text(input, "origin");
    if (origin && origins && !dc_json_holds(origins, origin))
        return forbid(&now, "These credentials are not for a page of this origin.");
    now.named = operations && dc_json_holds(operations, in->op->name);
    const dc_narrow_row *row = dc_narrow_row_of(in->op->name);
    if (!row || !dc_narrow_allows(now.scope, in->op->name))
        return forbid(&now, "These credentials do not allow this operation.");
    const dc_reply *refusal = narrow_reach(&now, row->reach);
    return refusal ? refusal : narrow_returns(&now);
}

static void put_list(dc_out *out, const char *name, const dc_out *items) {
    dc_json_open(out, name, '[');
    if (items->size) dc_json_put_raw(out, NULL, dc_out_span(items));
    dc_json_close(out, ']');
    if (items->failed) out->failed = true;
}

void dc_narrow_put(dc_out *out, const dc_request_line *in) {
    put_list(out, "reads", &in->reads);
    put_list(out, "counts", &in->counts);
}
