/* account.c: the account state machine: one row a status, one cell a happening. */
#include "account.h"

#include "verifier.h"

#define GO(status, why) \
    { DC_ALLOWED, status, why }
#define NO(why) \
    { DC_REFUSED, 0, why }
#define SAME \
    { DC_SAME, 0, NULL }

static const char not_begun[] = "The connection has not been made yet.";
static const char failed[] = "The connection failed; begin a new one with refresh.";
static const char over[] = "The account is REVOKED; reconnect it with refresh.";
static const char expired[] = "The account is EXPIRED; reconnect it with refresh.";
static const char disabled[] = "The account is INACTIVE; enable it first.";
static const char nothing[] = "The account holds no credential to revoke.";
static const char no_link[] = "The account waits for no connection.";
static const char lapsed[] = "Connection initiation did not complete within 10 minutes";
static const char waiting[] = "Waiting for the user to finish the connection.";
static const char denied[] = "The connection was refused.";
static const char paused[] = "The account was disabled; enable it to use it again.";
static const char revoked[] = "The credential was revoked; reconnect to use the account again.";
static const char lost[] = "The provider no longer accepts the stored grant; the user must reconnect.";
static const char carried[] = "The provider no longer accepts the stored grant; waiting for the open reconnection.";

static const dc_rule rules[DC_STATUS_COUNT][DC_HAPPENINGS] = {
    [DC_INITIALIZING] = {[DC_OPENED] = GO(DC_INITIATED, waiting),
                         [DC_GRANTED] = GO(DC_ACTIVE, NULL),
                         [DC_DENIED] = GO(DC_FAILED, denied),
                         [DC_LAPSED] = GO(DC_EXPIRED, lapsed),
                         [DC_RENEW] = GO(DC_INITIATED, waiting),
                         [DC_RENEWED] = NO(not_begun),
                         [DC_LOST] = NO(not_begun),
                         [DC_DISABLE] = NO(not_begun),
                         [DC_ENABLE] = NO(not_begun),
                         [DC_REVOKE] = NO(nothing)},
    [DC_INITIATED] = {[DC_OPENED] = SAME,
                      [DC_GRANTED] = GO(DC_ACTIVE, NULL),
                      [DC_DENIED] = GO(DC_FAILED, denied),
                      [DC_LAPSED] = GO(DC_EXPIRED, lapsed),
                      [DC_RENEW] = GO(DC_INITIATED, waiting),
                      [DC_RENEWED] = NO(not_begun),
                      [DC_LOST] = NO(not_begun),
                      [DC_DISABLE] = NO(not_begun),
                      [DC_ENABLE] = NO(not_begun),
                      [DC_REVOKE] = NO(nothing)},
    /* An ACTIVE account keeps its status through a reconnection, whatever comes of that. */
    [DC_ACTIVE] = {[DC_OPENED] = SAME,
                   [DC_GRANTED] = GO(DC_ACTIVE, NULL),
                   [DC_DENIED] = GO(DC_ACTIVE, NULL),
                   [DC_LAPSED] = GO(DC_ACTIVE, NULL),
                   [DC_RENEW] = GO(DC_ACTIVE, NULL),
                   [DC_RENEWED] = GO(DC_ACTIVE, NULL),
                   [DC_LOST] = GO(DC_EXPIRED, lost),
                   [DC_DISABLE] = GO(DC_INACTIVE, paused),
                   [DC_ENABLE] = SAME,
                   [DC_REVOKE] = GO(DC_REVOKED, revoked)},
    [DC_FAILED] = {[DC_OPENED] = NO(no_link),
                   [DC_GRANTED] = NO(no_link),
                   [DC_DENIED] = SAME,
                   [DC_LAPSED] = SAME,
                   [DC_RENEW] = GO(DC_INITIATED, waiting),
                   [DC_RENEWED] = NO(failed),
                   [DC_LOST] = SAME,
                   [DC_DISABLE] = NO(failed),
                   [DC_ENABLE] = NO(failed),
                   [DC_REVOKE] = NO(nothing)},
    [DC_EXPIRED] = {[DC_OPENED] = NO(no_link),
                    [DC_GRANTED] = NO(no_link),
                    [DC_DENIED] = SAME,
                    [DC_LAPSED] = SAME,
                    [DC_RENEW] = GO(DC_INITIATED, waiting),
                    [DC_RENEWED] = NO(expired),
                    [DC_LOST] = SAME,
                    [DC_DISABLE] = GO(DC_INACTIVE, paused),
                    [DC_ENABLE] = SAME,
                    [DC_REVOKE] = GO(DC_REVOKED, revoked)},
    /* A refresh that was under way when the account was disabled: what came of it must not be lost. */
    [DC_INACTIVE] = {[DC_OPENED] = NO(disabled),
                     [DC_GRANTED] = NO(disabled),
                     [DC_DENIED] = SAME,
                     [DC_LAPSED] = SAME,
                     [DC_RENEW] = NO(disabled),
                     [DC_RENEWED] = GO(DC_INACTIVE, paused),
                     [DC_LOST] = GO(DC_INACTIVE, lost),
                     [DC_DISABLE] = SAME,
                     [DC_ENABLE] = GO(DC_ACTIVE, NULL) /* or what it was: see apply */,
                     [DC_REVOKE] = GO(DC_REVOKED, revoked)},
    [DC_REVOKED] = {[DC_OPENED] = NO(no_link),
                    [DC_GRANTED] = NO(no_link),
                    [DC_DENIED] = SAME,
                    [DC_LAPSED] = SAME,
                    [DC_RENEW] = GO(DC_INITIATED, waiting),
                    [DC_RENEWED] = NO(over),
                    [DC_LOST] = SAME,
                    [DC_DISABLE] = NO(over),
                    [DC_ENABLE] = NO(over),
                    [DC_REVOKE] = SAME},
};

const dc_rule *dc_account_rule(dc_status status, dc_happening happening) {
    return &rules[status][happening];
}

/* What a disabled account goes back to when it is enabled. */
static void keep_for_later(dc_record *r, dc_status status, const char *reason) {
    r->resume = status;
    r->resume_reason = reason;
}

/* The grant has died while its user is giving another: the account waits for that, instead of throwing it away. */
static bool carry_over(dc_record *r, double now) {
    if (r->status != DC_ACTIVE || !(r->reconnect_until > now)) return false;
    r->status = DC_INITIATED;
    r->reason = carried;
    r->link_until = r->reconnect_until;
    r->reconnect_until = 0;
    r->updated = now;
    return true;
}

bool dc_account_apply(dc_record *r, dc_happening happening, double now) {
    const dc_rule *rule = dc_account_rule(r->status, happening);
    if (rule->verdict != DC_ALLOWED) return rule->verdict == DC_SAME;
    const bool was_disabled = r->status == DC_INACTIVE;
    if (happening == DC_LOST && carry_over(r, now)) return true;
    if (happening == DC_DISABLE) keep_for_later(r, r->status, r->reason);
    if (happening == DC_LOST && was_disabled) keep_for_later(r, DC_EXPIRED, lost);
    const bool back = happening == DC_ENABLE && was_disabled;
    r->status = back ? r->resume : (dc_status)rule->next;
    r->reason = back ? r->resume_reason : rule->why;
    r->updated = now;
    if (r->status != DC_INACTIVE) r->resume_reason = NULL;
    if (happening == DC_GRANTED) r->connected = now;
    if (!dc_record_waiting(r)) r->link_until = 0;
    if (happening == DC_GRANTED || happening == DC_DENIED || happening == DC_LAPSED || r->status != DC_ACTIVE)
        r->reconnect_until = 0;
    if (!(r->link_until > 0) && !(r->reconnect_until > 0)) dc_verifier_end(r);
    return true;
}
