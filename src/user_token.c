/* user_token.c: tokens by which a browser speaks for one user (contract, section 11): who is given one, what stands in
 * it, and whether one that is shown still holds. The host signs the claims and checks the signature, always by the same
 * algorithm; not a byte of a token is read before it is known to be genuine.
 *
 * claims {v, key, id, user_id, issued, expires, epoch, by?, operations?, toolkits?, origins?, tools?}: `key` is the name
 * of the signing key, `id` the token's own, `by` the API key that asked for it, times in milliseconds since 1970. */
#include "user_token.h"

#include "answer.h"
#include "fields.h"
#include "route.h"
#include "scan.h"
#include "words.h"

#include <string.h>

enum { VERSION = 1, SECONDS = 900, MOST_SECONDS = 1800, SKEW_MS = 60000, USER_MOST = 512, NAME_MOST = 64 };

/* ---- Making one -------------------------------------------------------------------------------------- */

static const dc_reply *forbid(const char *message) {
    return dc_refuse(DC_ERR_FORBIDDEN, message, NULL);
}

/* A token allows nothing that the API key which asks for it may not do itself. */
static const dc_reply *check_maker(const cJSON *caller, const cJSON *scope) {
    const char *kind = dc_json_text(caller, "kind");
    if (!kind || strcmp(kind, "key") != 0) return forbid("A user token is given to an API key alone.");
    for (uint32_t i = 0; i < dc_operation_count; i++) {
        const dc_operation *op = &dc_operations[i];
        if (op->need == DC_NEED_NOTHING || !dc_narrow_allows(scope, op->name)) continue;
        if (!dc_json_holds(dc_json_get(caller, "scopes"), dc_scope_names[op->need]))
            return forbid("This API key may not do itself what the token would allow.");
    }
    return NULL;
}

static bool has_count(const cJSON *list) {
    const cJSON *item;
    cJSON_ArrayForEach(item, list) {
        if (dc_json_get(item, "count")) return true;
    }
    return false;
}

static void check_scope(const cJSON *scope, bool counts, dc_faults *faults) {
    for (const dc_scope_member *member = dc_scope_members; member->name; member++) {
        const cJSON *value = dc_json_get(scope, member->name);
        const bool there = value && !cJSON_IsNull(value);
        const char *problem = there ? member->problem(value) : NULL;
        if (!problem && !counts && has_count(value)) problem = "has a count, and a gateway does not count";
        if (problem) dc_faults_add(faults, member->name, problem);
    }
    const char *conflict = faults->count ? NULL : dc_scope_conflict(scope);
    if (conflict) dc_faults_add(faults, "tools", conflict);
}

static void put_scope(dc_out *out, const cJSON *scope) {
    for (const dc_scope_member *member = dc_scope_members; member->name; member++) {
        const cJSON *value = dc_json_get(scope, member->name);
        if (cJSON_IsArray(value)) dc_json_put_tree(out, member->name, value);
    }
}

static void put_claims(dc_out *out, const dc_input *in, const cJSON *body, double now, double expires) {
    const char *by = dc_json_text(dc_input_tree(in, "caller"), "id");
    dc_json_open(out, NULL, '{');
    dc_json_put_number(out, "v", VERSION);
    dc_json_put_text(out, "key", dc_input_text(in, "key"));
    dc_json_put_text(out, "id", dc_input_text(in, "id"));
    dc_json_put_text(out, "user_id", dc_json_text(body, "user_id"));
    dc_json_put_number(out, "issued", now);
    dc_json_put_number(out, "expires", expires);
    dc_json_put_number(out, "epoch", dc_input_number(in, "epoch", 0));
    if (by) dc_json_put_text(out, "by", by);
    put_scope(out, body);
    dc_json_close(out, '}');
}

const dc_reply *dc_user_token_make(double now, uint32_t size) {
    dc_input in;
    dc_faults faults = {0};
    dc_out out = {0}, claims = {0};
    if (!dc_input_read(size, &in)) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    const cJSON *body = dc_json_read(in.rest);
    const char *user = dc_json_text(body, "user_id");
    const double seconds = dc_json_number(body, "expires_in", SECONDS);
    if (!user || !user[0] || !dc_input_text(&in, "key") || !dc_input_text(&in, "id"))
        return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    if (strlen(user) > USER_MOST) dc_faults_add(&faults, "user_id", "is too long");
    if (seconds < 1 || seconds > MOST_SECONDS) dc_faults_add(&faults, "expires_in", "is out of range");
    check_scope(body, dc_input_true(&in, "counts"), &faults);
    if (faults.count) return dc_refuse(DC_ERR_BAD_REQUEST, NULL, &faults);
    const dc_reply *refusal = check_maker(dc_input_tree(&in, "caller"), body);
    if (refusal) return refusal;
    put_claims(&claims, &in, body, now, now + seconds * 1000);
    if (claims.size > DC_CLAIMS_MOST) {
        dc_faults_add(&faults, "tools", "and the other lists are together too long for a token");
        return dc_refuse(DC_ERR_BAD_REQUEST, NULL, &faults);
    }
    if (claims.failed) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    dc_json_open(&out, NULL, '{');
    dc_json_put_time(&out, "expires_at", now + seconds * 1000);
    dc_json_put_text(&out, "user_id", user);
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, dc_out_span(&claims));
}

/* ---- Reading one ------------------------------------------------------------------------------------- */

/* A name of our own making: nothing in it that a log or a table could read as something else. */
static bool is_name(const cJSON *claims, const char *member) {
    const char *text = dc_json_text(claims, member);
    const size_t size = text ? strlen(text) : 0;
    for (size_t i = 0; i < size; i++) {
        const char c = text[i];
        const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && c != '-' && c != '_') return false;
    }
    return size > 0 && size <= NAME_MOST;
}

static bool is_whole(const cJSON *claims, const char *member) {
    const double value = dc_json_number(claims, member, -1);
    return value >= 0 && value <= 9007199254740991.0 && value == (double)(int64_t)value;
}

/* Every member is known, and there once: a claim that we do not know may be one that forbids. */
static bool members_known(const cJSON *claims) {
    static const char *const known[] = {"v",     "key", "id",         "user_id",  "issued",  "expires",
                                        "epoch", "by",  "operations", "toolkits", "origins", "tools"};
    const cJSON *member;
    bool seen[sizeof known / sizeof known[0]] = {false};
    cJSON_ArrayForEach(member, claims) {
        size_t i = 0;
        while (i < sizeof known / sizeof known[0] && strcmp(known[i], member->string) != 0) i++;
        if (i == sizeof known / sizeof known[0] || seen[i]) return false;
        seen[i] = true;
    }
    return true;
}

static bool is_sound(const cJSON *claims, const char *key, double now) {
    const char *user = dc_json_text(claims, "user_id"), *own = dc_json_text(claims, "key");
    const double issued = dc_json_number(claims, "issued", 0), expires = dc_json_number(claims, "expires", 0);
    if (!cJSON_IsObject(claims) || !members_known(claims) || dc_json_number(claims, "v", 0) != VERSION) return false;
    if (!key || !own || strcmp(key, own) != 0 || !is_name(claims, "id")) return false;
    if (!user || !user[0] || strlen(user) > USER_MOST) return false;
    if (!is_whole(claims, "issued") || !is_whole(claims, "expires") || !is_whole(claims, "epoch")) return false;
    if (dc_json_get(claims, "by") && !is_name(claims, "by")) return false;
    if (expires <= issued || expires - issued > MOST_SECONDS * 1000.0 || issued > now + SKEW_MS) return false;
    for (const dc_scope_member *member = dc_scope_members; member->name; member++) {
        const cJSON *value = dc_json_get(claims, member->name);
        if (value && member->problem(value)) return false;
    }
    return !dc_scope_conflict(claims);
}

/* What the routes ask for; whether a link is shown by which an account can be connected. Never `reveal`, never `admin`. */
static void put_needs(dc_out *out, const cJSON *claims) {
    bool needs[DC_NEED_NOTHING + 1] = {false};
    for (uint32_t i = 0; i < dc_operation_count; i++) {
        if (dc_narrow_allows(claims, dc_operations[i].name)) needs[dc_operations[i].need] = true;
    }
    dc_json_open(out, "scopes", '[');
    if (needs[DC_NEED_READ]) dc_json_put_text(out, NULL, dc_scope_names[DC_NEED_READ]);
    if (needs[DC_NEED_WRITE]) dc_json_put_text(out, NULL, dc_scope_names[DC_NEED_WRITE]);
    dc_json_close(out, ']');
    const bool links =
        dc_narrow_allows(claims, "connected_accounts.link") || dc_narrow_allows(claims, "connected_accounts.create");
    dc_json_put_bool(out, "links", links);
}

const dc_reply *dc_user_token_read(double now, uint32_t size) {
    dc_input in;
    if (!dc_input_read(size, &in)) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    const cJSON *claims = in.rest.size <= DC_CLAIMS_MOST ? dc_json_read(in.rest) : NULL;
    if (!is_sound(claims, dc_input_text(&in, "key"), now)) return dc_refuse(DC_ERR_UNAUTHORIZED, NULL, NULL);
    dc_out out = {0};
    const bool over = dc_json_number(claims, "expires", 0) <= now;
    dc_json_open(&out, NULL, '{');
    dc_json_put_bool(&out, "over", over);
    dc_json_put_text(&out, "id", dc_json_text(claims, "id"));
    dc_json_put_text(&out, "by", dc_json_text(claims, "by"));
    dc_json_put_number(&out, "expires", dc_json_number(claims, "expires", 0));
    dc_json_put_number(&out, "epoch", dc_json_number(claims, "epoch", 0));
    put_needs(&out, claims);
    dc_json_open(&out, "scope", '{');
    dc_json_put_text(&out, "user_id", dc_json_text(claims, "user_id"));
    put_scope(&out, claims);
    dc_json_close(&out, '}');
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}

bool dc_answer_user_tokens(dc_answer_call *call, const char *what) {
    const cJSON *made = dc_input_tree(&call->in, "made");
    dc_json_open(&call->out, NULL, '{');
    if (strcmp(what, "create") == 0) {
        call->status = 201;
        dc_json_put_text(&call->out, "token", dc_input_text(&call->in, "token"));
        dc_json_put_text(&call->out, "expires_at", dc_json_text(made, "expires_at"));
        dc_json_put_text(&call->out, "user_id", dc_json_text(made, "user_id"));
    } else {
        dc_json_put_bool(&call->out, "success", true);
    }
    dc_json_close(&call->out, '}');
    return true;
}
