/* shape.c: the required members of `state.val`: one row a scheme, those that are not run yet too. */
#include "shape.h"

#include <stddef.h>

typedef struct shape {
    const char *const *waiting, *const *working, *const *failed, *const *expired;
} shape;

static const char *const nothing[] = {NULL};
static const char *const redirect[] = {"redirectUrl", NULL};
static const char *const token_set[] = {"access_token", NULL};
static const char *const bearer[] = {"token", NULL};
static const char *const basic[] = {"username", "password", NULL};
static const char *const oauth1_waiting[] = {"oauth_token", "oauth_token_secret", "authUri", "redirectUrl", NULL};
static const char *const oauth1_working[] = {"oauth_token", "oauth_token_secret", NULL};
static const char *const google[] = {"credentials_json", NULL};
static const char *const application[] = {"application_id", "installation_id", "private_key", NULL};
static const char *const client_waiting[] = {"client_id", "redirectUrl", NULL};
static const char *const client_working[] = {"client_id", "access_token", NULL};

static const shape shapes[DC_SCHEME_COUNT] = {
    [DC_OAUTH2] = {.waiting = redirect, .working = token_set},
    [DC_OAUTH1] = {.waiting = oauth1_waiting, .working = oauth1_working},
    [DC_BASIC] = {.working = basic, .failed = basic, .expired = basic},
    [DC_BASIC_WITH_JWT] = {.working = basic, .failed = basic, .expired = basic},
    [DC_BEARER_TOKEN] = {.working = bearer},
    [DC_GOOGLE_SERVICE_ACCOUNT] = {.waiting = redirect, .working = google},
    [DC_SERVICE_ACCOUNT] = {.working = application},
    [DC_S2S_OAUTH2] = {.working = token_set},
    [DC_DCR_OAUTH] = {.waiting = client_waiting, .working = client_working},
};

const char *const *dc_shape_required(dc_scheme scheme, dc_status status) {
    const shape *row = &shapes[scheme];
    const char *const *names = NULL;
    switch (status) {
    case DC_INITIATED: names = row->waiting; break;
    case DC_ACTIVE:
    case DC_INACTIVE: names = row->working; break;
    case DC_FAILED: names = row->failed; break;
    case DC_EXPIRED:
    case DC_REVOKED: names = row->expired; break; /* older clients read it as EXPIRED */
    default: break;
    }
    return names ? names : nothing;
}
