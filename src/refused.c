/* refused.c: what a token endpoint means by an answer without tokens (RFC 6749 section 5.2). What is known of the
 * standard and of many providers stands here; what one provider says is data of its toolkit:
 *
 *   revoked_markers: [{where: "token endpoint", http_status, match: {member: text}, outcome?}]
 *
 * http_status and each text may be a list of which one is met; a member may be one of several (`reason/code`); a number
 * is its text. outcome: `lost` unless it says `broken` or `later`. What no provider decides by (408, 429, 5xx, a redirect,
 * no answer) is `later`, whatever it says, but for a marker that names the status. */
#include "grant.h"
#include "scan.h"

#include <string.h>

typedef struct error_row {
    const char *error;
    const char *outcome;
} error_row;

/* lost: the grant is gone, only the user can give a new one. broken: the client is not accepted, no account of the
 * auth config can be refreshed. later: nothing was decided. */
static const error_row known_errors[] = {
    {"invalid_grant", "lost"},
    {"bad_refresh_token", "lost"},
    {"invalid_refresh_token", "lost"},
    {"token_revoked", "lost"},
    {"token_expired", "lost"},
    {"token_rejected", "lost"},
    {"token_used", "lost"},
    {"expired_token", "lost"},
    {"bad_verification_code", "lost"},
    {"verifier_invalid", "lost"},
    {"invalid_code", "lost"},
    {"access_denied", "lost"},
    {"permission_denied", "lost"},
    {"interaction_required", "lost"},
    {"consent_required", "lost"},
    {"login_required", "lost"},
    {"invalid_client", "broken"},
    {"unauthorized_client", "broken"},
    {"incorrect_client_credentials", "broken"},
    {"invalid_client_id", "broken"},
    {"bad_client_secret", "broken"},
    {"consumer_key_unknown", "broken"},
    {"consumer_key_rejected", "broken"},
    {"consumer_key_refused", "later"}, /* for now: OAuth 1.0 problem reporting */
    {"signature_invalid", "broken"},
    {"unsupported_grant_type", "broken"},
    {"redirect_uri_mismatch", "broken"},
    {"temporarily_unavailable", "later"},
    {"server_error", "later"},
    {"rate_limited", "later"},
    {"slow_down", "later"},
    {NULL, NULL},
};

typedef bool (*comparison)(const cJSON *wanted, const void *have);

/* Is it what is wanted, or one of those? */
static bool one_of(const cJSON *wanted, comparison same, const void *have) {
    const cJSON *item;
    if (!cJSON_IsArray(wanted)) return same(wanted, have);
    cJSON_ArrayForEach(item, wanted) {
        if (same(item, have)) return true;
    }
    return false;
}

static bool same_number(const cJSON *wanted, const void *have) {
    return cJSON_IsNumber(wanted) && wanted->valuedouble == *(const double *)have;
}

static bool same_value(const cJSON *wanted, const void *have) {
    const dc_span raw = *(const dc_span *)have;
    dc_span text = raw;
    dc_out out = {0};
    if (raw.at[0] == '"' && !dc_scan_string(raw, &text)) return false;
    if (cJSON_IsString(wanted)) return dc_span_is(text, wanted->valuestring);
    dc_json_put_tree(&out, NULL, wanted);
    return !out.failed && dc_span_equal(text, dc_out_span(&out));
}

static bool same_member(dc_span body, const cJSON *wanted) {
    for (const char *name = wanted->string; name && *name;) {
        const size_t size = strcspn(name, "/");
        const char *own = dc_span_copy((dc_span){name, (uint32_t)size});
        dc_span raw;
        if (own && dc_scan_member(body, own, &raw) && one_of(wanted, same_value, &raw)) return true;
        name += size + (name[size] == '/');
    }
    return false;
}

/* An answer of what stands before the provider, or of a provider that could not decide. */
static bool is_passing(double http) {
    return http < 200 || (http >= 300 && http < 400) || http == 408 || http == 429 || http >= 500;
}

static bool fits(const cJSON *marker, double http, dc_span body) {
    const char *where = dc_json_text(marker, "where");
    const cJSON *status = dc_json_get(marker, "http_status"), *match = dc_json_get(marker, "match"), *wanted;
    if (!where || strcmp(where, "token endpoint") != 0 || !cJSON_GetArraySize(match)) return false;
    const bool any = !status || cJSON_IsNull(status);
    if (any ? is_passing(http) : !one_of(status, same_number, &http)) return false;
    cJSON_ArrayForEach(wanted, match) {
        if (!same_member(body, wanted)) return false;
    }
    return true;
}

/* The toolkit's own words go first: some providers say `unauthorized_client` of a refresh token. */
static const char *outcome_of(const dc_grant_call *call, double http, dc_span body, const char *error,
                              const char *otherwise) {
    static const char *const outcomes[] = {"lost", "broken", "later", NULL};
    const cJSON *marker;
    cJSON_ArrayForEach(marker, dc_json_get(call->toolkit, "revoked_markers")) {
        if (!body.size || !fits(marker, http, body)) continue;
        const int at = dc_word_index(outcomes, dc_span_of(dc_json_text(marker, "outcome")));
        return outcomes[at < 0 ? 0 : at];
    }
    for (const error_row *row = known_errors; error && !is_passing(http) && row->error; row++) {
        if (strcmp(row->error, error) == 0) return row->outcome;
    }
    return http >= 400 && !is_passing(http) ? otherwise : "later";
}

/* Seconds that the provider wants to be left alone (RFC 9110 section 10.2.3); a date is not followed. */
static double retry_after(const dc_input *in) {
    const char *text = dc_input_text(in, "retry_after");
    double seconds = 0;
    for (; text && *text >= '0' && *text <= '9' && seconds < 1e6; text++) seconds = seconds * 10 + (*text - '0');
    return text && !*text ? seconds : 0;
}

static const dc_reply *refused(const dc_grant_call *call, double http, dc_span body, const char *otherwise) {
    const char *error = dc_token_text(body, "error"), *more = dc_token_text(body, "error_description");
    if (!error) error = dc_token_text(body, "oauth_problem");
    if (!more) more = dc_token_text(body, "oauth_problem_advice");
    const char *outcome = outcome_of(call, http, body, error, otherwise);
    const bool said = error || strcmp(outcome, "later") != 0;
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "outcome", outcome);
    /* No answer, or one that cannot be read, or what stands before the provider gave up on it: it may have used the
     * refresh token up. */
    const bool gateway = (http >= 500 && http != 503) || http == 408;
    if (http <= 0 || (!said && (gateway || (http >= 200 && http < 300)))) dc_json_put_bool(&out, "unanswered", true);
    const double wait = retry_after(&call->in);
    if (wait > 0) dc_json_put_number(&out, "retry_after", wait);
    if (strcmp(outcome, "broken") == 0 && dc_client_other_secret(call)) dc_json_put_bool(&out, "other_secret", true);
    dc_said_put(&out, call, error, more);
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}

/* A 401 or 403 in words that nobody knows may be anybody's, and would stop all accounts of the auth config. */
const dc_reply *dc_token_refused(const dc_grant_call *call, double http, dc_span body) {
    return refused(call, http, body, "later");
}

const dc_reply *dc_consent_refused(const dc_grant_call *call, double http, dc_span body) {
    return refused(call, http, body, "lost");
}
