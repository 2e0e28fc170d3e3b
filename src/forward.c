/* forward.c: a gateway between a browser and the API. What goes on is built anew from what was read and checked, so a
 * browser's path, query and body never reach the API; and what may come back is said here, too. */
#include "route.h"

#include "scan.h"

#include <string.h>

enum {
    MEMBERS = DC_MASK_STATE | DC_MASK_DATA | DC_MASK_PARAMS | DC_MASK_CONNECTION | DC_MASK_CREDENTIALS,
    EVERYTHING = MEMBERS | DC_MASK_BY_NAME
};

/* What of an answer is masked, whatever the API has masked itself. Accounts and auth configs: every member that ever
 * holds a credential, and by name what stands beside them, for another API may put it anywhere. Definitions of toolkits
 * and tools hold the names of credentials, not credentials, and must stay as they are; so must what a tool answers, which
 * is the user's. All else: by name, too. The host scrubs its key from every answer. */
static uint32_t masked(const dc_operation *op) {
    const dc_span name = dc_span_of(op->name);
    if (dc_span_starts(name, "connected_accounts.") || dc_span_starts(name, "auth_configs."))
        return EVERYTHING | DC_MASK_WIDE;
    if (dc_span_starts(name, "toolkits.") || dc_span_starts(name, "tools.")) return 0;
    return EVERYTHING;
}

/* A slash in a segment, escaped as it must be, is a slash again for who undoes it too early. */
static bool path_is_plain(const dc_request_line *in) {
    for (int i = 0; in->op->fields[i].wire; i++) {
        const dc_span text = dc_out_span(&in->fields[i].items); /* with its quotes */
        if (in->op->fields[i].place != DC_PATH) continue;
        if (text.size < 2 || !dc_route_is_plain((dc_span){text.at + 1, text.size - 2})) return false;
    }
    return true;
}

/* `toolkit_versions[gmail]=...`: any key, so it is no field of the table. */
static void put_maps(dc_out *out, const dc_request_line *in) {
    dc_span rest = in->query, name, value;
    dc_form form;
    while ((form = dc_form_next(&rest, &name, &value)) != DC_FORM_END) {
        for (const dc_field *field = in->op->fields; form == DC_FORM_PAIR && field->wire; field++) {
            if (field->type != DC_MAP || !dc_span_starts(name, field->wire)) continue;
            dc_put_byte(out, memchr(out->at, '?', out->size) ? '&' : '?');
            dc_put_percent(out, name);
            dc_put_byte(out, '=');
            dc_put_percent(out, value);
        }
    }
}

/* ---- What a gateway asks for beyond a narrowed request ----------------------------------------------- */

static const char *text_of(const dc_input *input, const char *name) {
    return dc_json_text(dc_input_tree(input, "scope"), name);
}

/* A service applies a filter itself; of another API's we only know that it was sent, so each item is looked at. */
static const dc_reply *check_list(dc_request_line *in, const dc_input *input) {
    const char *user = text_of(input, "user_id");
    const cJSON *toolkits = dc_json_get(dc_input_tree(input, "scope"), "toolkits");
    const bool accounts = in->op->shape == DC_SHAPE_ACCOUNTS;
    for (int i = 0; accounts && in->op->fields[i].wire; i++) {
        if (strcmp(in->op->fields[i].wire, "account_type") == 0 && in->fields[i].count)
            return dc_route_refuse(in, DC_ERR_FORBIDDEN, "These credentials are for one user's own accounts alone.");
    }
    /* However it is spelt, some API splits it, and then it is the names of other users. */
    if (accounts && (!user || strchr(user, ',')))
        return dc_route_refuse(in, DC_ERR_FORBIDDEN, "A user's name with a comma cannot be filtered by.");
    if (!accounts && !toolkits) return NULL;
    dc_json_open(&in->reads, NULL, '{');
    dc_json_put_text(&in->reads, "kind", "list");
    dc_json_put_bool(&in->reads, "self", true);
    if (accounts) dc_json_put_text(&in->reads, "user_id", user);
    if (toolkits) dc_json_put_tree(&in->reads, "toolkits", toolkits);
    dc_json_close(&in->reads, '}');
    return NULL;
}

static const dc_reply *narrowed(dc_request_line *in, const dc_input *input) {
    const dc_reply *refusal = dc_narrow(in, input);
    if (refusal) return refusal;
    const char *name = in->op->name;
    if (strcmp(name, "connected_accounts.list") == 0 || strcmp(name, "auth_configs.list") == 0)
        return check_list(in, input);
    return NULL;
}

/* ---- The whole --------------------------------------------------------------------------------------- */

static const dc_reply *forwarded(const dc_request_line *in) {
    const dc_operation *op = in->op;
    dc_span values[DC_MOST_FIELDS] = {{NULL, 0}};
    dc_out out = {0}, target = {0}, body = {0};
    dc_route_values(in, values);
    dc_request_put_target(&target, op, in->api, values);
    put_maps(&target, in);
    const bool sends = strcmp(op->method, "GET") != 0 && strcmp(op->method, "DELETE") != 0;
    if (sends) dc_request_put_body(&body, op, values);
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "name", op->name);
    const dc_span id = dc_out_span(&in->fields[0].items);
    if (op->fields[0].wire && op->fields[0].place == DC_PATH && id.size) dc_json_put_raw(&out, "id", id);
    dc_json_put_number(&out, "mask", masked(op));
    dc_narrow_put(&out, in);
    dc_json_close(&out, '}');
    if (target.failed || body.failed) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    dc_reply_value(200, &out, dc_out_span(&target));
    return dc_reply_third(dc_out_span(&body));
}

const dc_reply *dc_forward(uint32_t size) {
    dc_input input;
    dc_request_line in = {0};
    const dc_reply *refusal;
    if (!dc_input_read(size, &input)) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    if (!dc_route_open(&in, &input, &refusal)) return refusal;
    if (!in.api || (in.op->flags & DC_FORM)) return dc_refuse(DC_ERR_NO_ROUTE, NULL, NULL);
    if (!path_is_plain(&in)) {
        dc_faults_add(&in.faults, in.op->fields[0].wire, "holds characters that no id has");
        return dc_route_refuse(&in, (dc_error)in.op->bad, NULL);
    }
    /* Who may do everything is said in so many words: a scope that was forgotten is a scope that allows nothing. */
    if (!dc_span_is(dc_input_raw(&input, "scope"), "\"all\"")) refusal = narrowed(&in, &input);
    return refusal ? refusal : forwarded(&in);
}

/* ---- What was read before ---------------------------------------------------------------------------- */

/* The text of a member, terminated; NULL: none, or the member stands there twice: readers differ in which they take. It
 * holds no NUL, so nothing of it is lost. */
static const char *text_of_only(dc_span object, const char *name) {
    dc_span raw, text;
    return dc_scan_only(object, name, &raw) && dc_scan_string(raw, &text) ? dc_span_copy(text) : NULL;
}

static bool text_is(dc_span object, const char *name, const char *wanted) {
    const char *text = text_of_only(object, name);
    return text && wanted && strcmp(text, wanted) == 0;
}

static bool of_toolkits(dc_span object, const cJSON *read) {
    const cJSON *toolkits = dc_json_get(read, "toolkits");
    dc_span toolkit;
    return !toolkits ||
           (dc_scan_only(object, "toolkit", &toolkit) && dc_json_holds(toolkits, text_of_only(toolkit, "slug")));
}

static bool is_account(dc_span answer, const cJSON *read) {
    return text_is(answer, "id", dc_json_text(read, "id")) &&
           text_is(answer, "user_id", dc_json_text(read, "user_id")) && of_toolkits(answer, read);
}

static bool is_config(dc_span answer, const cJSON *read) {
    return text_is(answer, "id", dc_json_text(read, "id")) && of_toolkits(answer, read);
}

static bool is_tool(dc_span answer, const cJSON *read) {
    return text_is(answer, "slug", dc_json_text(read, "id")) && of_toolkits(answer, read);
}

/* One item of a list, which begins at *rest and is left behind: is it the user's (NULL: whoever's) and of the toolkits (NULL: of any)? */
static bool is_own_item(dc_span *rest, const char *user, const cJSON *read) {
    uint32_t users = 0;
    if (!of_toolkits(*rest, read)) return false;
    for (dc_span name, value; dc_scan_next(rest, &name, &value);) {
        if (!user || !dc_scan_is(name, dc_span_of("user_id"))) continue;
        if (value.at[0] != '"' || !dc_scan_is(value, dc_span_of(user))) return false;
        users++;
    }
    return (!user || users == 1) && dc_scan_leave(rest, '{');
}

/* Every item is the user's. Where items stand more than once, all of them count: readers differ in which they take. */
static bool is_list(dc_span answer, const cJSON *read) {
    const char *user = dc_json_text(read, "user_id");
    bool found = false;
    if (!user && dc_json_get(read, "user_id")) return false;
    for (dc_span name, value; dc_scan_name(&answer, &name);) {
        if (!dc_scan_is(name, dc_span_of("items"))) {
            if (!dc_scan_value(&answer, &value)) return false;
            continue;
        }
        if (!answer.size || answer.at[0] != '[') return false;
        found = true;
        while (dc_scan_enter(&answer)) {
            if (!is_own_item(&answer, user, read)) return false;
        }
        if (!dc_scan_leave(&answer, '[')) return false;
    }
    return found && dc_scan_leave(&answer, '{');
}

/* Is what was read, which is well-formed, the caller's? */
static const dc_reply *judged(const cJSON *read, dc_span answer) {
    /* Whose it is instead is nobody's business: it is not there. A list that holds it is an answer of no use. */
    static const struct {
        const char *kind;
        bool (*is_good)(dc_span answer, const cJSON *read);
        dc_error error;
    } kinds[] = {
        {"account", is_account, DC_ERR_ACCOUNT_UNKNOWN},
        {"tool", is_tool, DC_ERR_FORBIDDEN},
        {"list", is_list, DC_ERR_UPSTREAM_BAD},
        {"config", is_config, DC_ERR_CONFIG_UNKNOWN},
    };
    const char *kind = dc_json_text(read, "kind");
    size_t i = 0;
    while (i + 1 < sizeof kinds / sizeof kinds[0] && (!kind || strcmp(kind, kinds[i].kind) != 0)) i++;
    if (!kind || !answer.size || !kinds[i].is_good(answer, read)) return dc_refuse(kinds[i].error, NULL, NULL);
    dc_out out = {0};
    dc_json_put_bool(&out, NULL, true);
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}

const dc_reply *dc_owned(uint32_t size) {
    dc_input input;
    if (!dc_input_read(size, &input)) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    const bool whole = dc_scan_valid(input.rest, NULL);
    return judged(dc_input_tree(&input, "read"), whole ? input.rest : (dc_span){NULL, 0});
}

const dc_reply *dc_owned_at(const char *read, uint32_t n, const char *answer, uint32_t size) {
    return judged(dc_json_read((dc_span){read, n}), (dc_span){answer, size});
}
