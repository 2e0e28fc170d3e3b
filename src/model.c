/* model.c: the SDK's models: wire JSON -> camelCase (contract, section 8). */
#include "model.h"

#include "json.h"
#include "scan.h"
#include "words.h"

#include <string.h>

/* Under these names stands what somebody else wrote: it is never renamed. */
static const char *const foreign[] = {
    "val",
    "data",
    "params",
    "input_parameters",
    "output_parameters",
    "credentials",
    "shared_credentials",
    "headers",
    "binary_data",
    "session_info",
    NULL,
};

/* Members that every account has, although older services leave some out. */
static const char *const account_members[] = {
    "status_reason",   "alias",        "word_id", "identity",  "expires_at", "last_refreshed_at",
    "next_refresh_at", "last_used_at", "scopes",  "reconnect", NULL,
};

static void put_camel(dc_out *out, dc_span name) {
    uint32_t from = 0;
    for (uint32_t i = 1; i + 1 < name.size; i++) {
        const char next = name.at[i + 1];
        const bool letter = next >= 'a' && next <= 'z', digit = next >= '0' && next <= '9';
        if (name.at[i] != '_' || !(letter || digit)) continue;
        dc_put(out, (dc_span){name.at + from, i - from});
        if (letter) dc_put_byte(out, (char)(next - 'a' + 'A'));
        from = i + (letter ? 2 : 1);
        i++;
    }
    dc_put(out, (dc_span){name.at + from, name.size - from});
}

static void put_value(dc_out *out, dc_span raw);

static void put_named(dc_out *out, dc_span quoted, dc_span value) {
    const dc_span name = {quoted.at + 1, quoted.size - 2};
    bool keep = false;
    for (int i = 0; foreign[i]; i++) keep = keep || dc_span_is(name, foreign[i]);
    if (out->failed) return;
    if (out->at[out->size - 1] != '{') dc_put_byte(out, ',');
    dc_put_byte(out, '"');
    put_camel(out, name);
    dc_put_text(out, "\":");
    if (keep) {
        dc_put(out, value);
    } else {
        put_value(out, value);
    }
}

static void put_members(dc_out *out, dc_span object) {
    dc_span name, value;
    while (dc_scan_next(&object, &name, &value)) put_named(out, name, value);
}

/* Recursion is bounded: the text was validated, so it is at most DC_DEPTH deep. */
static void put_value(dc_out *out, dc_span raw) {
    if (raw.at[0] == '{') {
        dc_put_byte(out, '{');
        put_members(out, raw);
        dc_put_byte(out, '}');
    } else if (raw.at[0] == '[') {
        dc_put_byte(out, '[');
        bool first = true;
        for (dc_span item; dc_scan_item(&raw, &item); first = false) {
            if (!first) dc_put_byte(out, ',');
            put_value(out, item);
        }
        dc_put_byte(out, ']');
    } else {
        dc_put(out, raw);
    }
}

static void put_flag(dc_out *out, dc_span object, const char *wire, const char *family, const char *name) {
    dc_span value;
    if (!dc_scan_member(object, wire, &value) && dc_scan_member(object, family, &value))
        dc_json_put_raw(out, name, value);
}

/* What is found on the one walk over an account. */
typedef struct account {
    dc_span id, status, toolkit;
    uint32_t seen; /* one bit for each of account_members */
} account;

static void note_member(account *a, dc_span quoted, dc_span value) {
    const dc_span name = {quoted.at + 1, quoted.size - 2};
    if (dc_span_is(name, "id")) a->id = value;
    if (dc_span_is(name, "status")) a->status = value;
    if (dc_span_is(name, "toolkit")) a->toolkit = value;
    const int known = dc_word_index(account_members, name);
    if (known >= 0) a->seen |= 1U << known;
}

static bool is_text(dc_span raw) {
    return raw.size && raw.at[0] == '"';
}

/* NULL: an account that callers can rely on. */
static const char *check_account(const account *a) {
    dc_span slug;
    if (!is_text(a->id)) return "The answer holds an account without an id.";
    if (!a->toolkit.size || !dc_scan_member(a->toolkit, "slug", &slug) || !is_text(slug))
        return "The answer holds an account without a toolkit.";
    if (!is_text(a->status)) return "The answer holds an account without a status.";
    const dc_span word = {a->status.at + 1, a->status.size - 2};
    return dc_word_index(dc_status_names, word) < 0 ? "The answer holds an account of an unknown status." : NULL;
}

/* One walk: members go out as they come, then those that older services leave out. The problem, or NULL. */
static const char *put_account(dc_out *out, dc_span raw) {
    dc_span name, value;
    account found = {.seen = 0};
    dc_put_byte(out, '{');
    while (dc_scan_next(&raw, &name, &value)) {
        note_member(&found, name, value);
        put_named(out, name, value);
        if (!dc_span_is(name, "\"auth_config\"") || value.at[0] != '{' || out->failed) continue;
        out->size--; /* reopen the object: older services know the flag by the family's name only */
        put_flag(out, value, "is_devcaster_managed", "is_composio_managed", "isDevcasterManaged");
        dc_put_byte(out, '}');
    }
    for (uint32_t i = 0; account_members[i]; i++) {
        if (found.seen & 1U << i) continue;
        dc_put_text(out, ",\"");
        put_camel(out, dc_span_of(account_members[i]));
        dc_put_text(out, "\":null");
    }
    dc_put_byte(out, '}');
    return check_account(&found);
}

static bool put_accounts(dc_out *out, dc_span body, const char **problem) {
    dc_span items, item, name, value;
    if (!dc_scan_member(body, "items", &items) || items.at[0] != '[') {
        *problem = "The answer is not a page of items.";
        return false;
    }
    dc_put_byte(out, '{');
    for (dc_span rest = body; dc_scan_next(&rest, &name, &value);) {
        if (!dc_span_is(name, "\"items\"")) put_named(out, name, value);
    }
    dc_json_open(out, "items", '[');
    while (dc_scan_item(&items, &item)) {
        if (!out->failed && out->at[out->size - 1] != '[') dc_put_byte(out, ',');
        *problem = put_account(out, item);
        if (*problem) return false;
    }
    dc_put_text(out, "]}");
    return true;
}

static void put_raw_or(dc_out *out, const char *name, bool there, dc_span raw, const char *otherwise) {
    dc_json_put_raw(out, name, there ? raw : dc_span_of(otherwise));
}

/* create and link answer differently; callers of either want the account's id and where to send the user. */
static bool put_connection(dc_out *out, dc_span body, const char **problem) {
    dc_span id = {NULL, 0}, url, status, value;
    const bool own = dc_scan_member(body, "id", &id) && is_text(id);
    if (!own && !(dc_scan_member(body, "connected_account_id", &id) && is_text(id))) {
        *problem = "The answer names no account.";
        return false;
    }
    bool has_url = dc_scan_member(body, "redirect_url", &url);
    if (!has_url && dc_scan_member(body, "connectionData", &value) && dc_scan_member(value, "val", &value))
        has_url = dc_scan_member(value, "redirectUrl", &url);
    dc_json_open(out, NULL, '{');
    dc_json_put_raw(out, "id", id);
    const bool has_status = dc_scan_member(body, "status", &status);
    put_raw_or(out, "status", has_status, status, "\"INITIALIZING\"");
    put_raw_or(out, "redirectUrl", has_url, url, "null");
    if (dc_scan_member(body, "expires_at", &value)) dc_json_put_raw(out, "expiresAt", value);
    if (dc_scan_member(body, "link_token", &value)) dc_json_put_raw(out, "linkToken", value);
    dc_json_close(out, '}');
    return true;
}

/* The page's samples read redirect_url; the same stands in camelCase. */
static void put_refresh(dc_out *out, dc_span body) {
    dc_span url;
    const bool there = dc_scan_member(body, "redirect_url", &url);
    dc_put_byte(out, '{');
    put_members(out, body);
    put_raw_or(out, "redirect_url", there, url, "null");
    dc_put_byte(out, '}');
}

bool dc_model_put(dc_out *out, dc_shape shape, dc_span body, const char **problem) {
    while (body.size && body.at[0] && strchr(" \t\r\n", body.at[0])) body = (dc_span){body.at + 1, body.size - 1};
    if (!body.size && (shape == DC_SHAPE_DONE || shape == DC_SHAPE_PLAIN)) {
        dc_put_text(out, "{}");
        return true;
    }
    *problem = "The answer is not a JSON object.";
    if (!body.size || body.at[0] != '{' || !dc_scan_valid(body, NULL)) return false;
    switch (shape) {
    case DC_SHAPE_ACCOUNTS: return put_accounts(out, body, problem);
    case DC_SHAPE_CONNECTION: return put_connection(out, body, problem);
    case DC_SHAPE_ACCOUNT: *problem = put_account(out, body); return !*problem;
    case DC_SHAPE_REFRESH: put_refresh(out, body); return true;
    default: put_value(out, body); return true;
    }
}
