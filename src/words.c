/* words.c: the closed vocabularies of the contract. */
#include "words.h"

const char *const dc_status_names[DC_STATUS_COUNT + 1] = {
    [DC_INITIALIZING] = "INITIALIZING", [DC_INITIATED] = "INITIATED", [DC_ACTIVE] = "ACTIVE",   [DC_FAILED] = "FAILED",
    [DC_EXPIRED] = "EXPIRED",           [DC_INACTIVE] = "INACTIVE",   [DC_REVOKED] = "REVOKED",
};

const char *const dc_wait_ends[] = {
    [DC_INITIALIZING] = "wait", [DC_INITIATED] = "wait",  [DC_ACTIVE] = "done",    [DC_FAILED] = "failed",
    [DC_EXPIRED] = "failed",    [DC_INACTIVE] = "failed", [DC_REVOKED] = "failed",
};

const char *const dc_scheme_names[DC_SCHEME_COUNT + 1] = {
    [DC_OAUTH2] = "OAUTH2",
    [DC_OAUTH1] = "OAUTH1",
    [DC_API_KEY] = "API_KEY",
    [DC_BASIC] = "BASIC",
    [DC_BEARER_TOKEN] = "BEARER_TOKEN",
    [DC_NO_AUTH] = "NO_AUTH",
    [DC_BASIC_WITH_JWT] = "BASIC_WITH_JWT",
    [DC_GOOGLE_SERVICE_ACCOUNT] = "GOOGLE_SERVICE_ACCOUNT",
    [DC_SERVICE_ACCOUNT] = "SERVICE_ACCOUNT",
    [DC_BILLCOM_AUTH] = "BILLCOM_AUTH",
    [DC_CALCOM_AUTH] = "CALCOM_AUTH",
    [DC_SAML] = "SAML",
    [DC_DCR_OAUTH] = "DCR_OAUTH",
    [DC_S2S_OAUTH2] = "S2S_OAUTH2",
};

const char *const dc_scope_names[] = {"read", "write", "reveal", "admin", NULL};

dc_way dc_scheme_way(dc_scheme scheme) {
    static const uint8_t ways[DC_SCHEME_COUNT] = {
        [DC_OAUTH2] = DC_WAY_CONSENT,    [DC_OAUTH1] = DC_WAY_CONSENT,     [DC_API_KEY] = DC_WAY_TYPED,
        [DC_BASIC] = DC_WAY_TYPED,       [DC_BEARER_TOKEN] = DC_WAY_TYPED, [DC_NO_AUTH] = DC_WAY_NOTHING,
        [DC_S2S_OAUTH2] = DC_WAY_CLIENT,
    };
    return scheme < DC_SCHEME_COUNT ? (dc_way)ways[scheme] : DC_WAY_NONE;
}

int dc_word_index(const char *const *words, dc_span word) {
    for (int i = 0; words[i]; i++) {
        if (dc_span_is(word, words[i])) return i;
    }
    return -1;
}
