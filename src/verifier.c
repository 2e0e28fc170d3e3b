/* verifier.c: connections that the host confirms: the hash that a link carries, and the verifier that answers to it. */
#include "verifier.h"

#include "fields.h"

#include <string.h>

/* RFC 7636: a verifier is 43 to 128 unreserved characters; its hash here is the S256 challenge. */
enum { HASH = 43, LEAST = 43, MOST = 128, MOST_WRONG = 5 };

const char dc_verifier_unconfirmed[] = "The connection was not confirmed within 10 minutes";

static bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* 32 bytes in base64url: the last character holds four bits, the two below them are 0. */
static bool is_hash(const char *text) {
    if (strlen(text) != HASH || !strchr("AEIMQUYcgkosw048", text[HASH - 1])) return false;
    for (const char *c = text; *c; c++) {
        if (!is_letter(*c)) return false;
    }
    return true;
}

static bool is_verifier(const char *text) {
    const size_t size = text ? strlen(text) : 0;
    for (const char *c = text; c && *c; c++) {
        if (!is_letter(*c) && *c != '.' && *c != '~') return false;
    }
    return size >= LEAST && size <= MOST;
}

/* How long it takes says nothing about where they differ. */
static bool same_hash(const char *a, const char *b) {
    uint32_t differ = 0;
    if (!a || strlen(a) != HASH || strlen(b) != HASH) return false;
    for (int i = 0; i < HASH; i++) differ |= (uint32_t)(unsigned char)(a[i] ^ b[i]);
    return differ == 0;
}

static const dc_reply *faulty(const char *field, const char *problem) {
    dc_faults faults = {0};
    dc_faults_add(&faults, field, problem);
    return dc_refuse(DC_ERR_ACCOUNT_INVALID, NULL, &faults);
}

const dc_reply *dc_verifier_objection(const char *hash) {
    if (!hash || is_hash(hash)) return NULL;
    return faulty("verifier_hash", "must be the SHA-256 of the verifier, as 43 characters of base64url");
}

const dc_reply *dc_verifier_needs_link(void) {
    return faulty("verifier_hash", "is for an account that its user connects by a link");
}

const dc_reply *dc_verifier_next(const dc_event_call *call, const char **hash) {
    const char *given = dc_field_text(call->in.rest, "verifier_hash");
    *hash = given ? given : call->record.verifier;
    if (!*hash && call->record.proved)
        return faulty("verifier_hash", "is required: the account was begun with one and nobody has confirmed it since; "
                                       "send the hash of a new verifier");
    return dc_verifier_objection(given);
}

void dc_verifier_end(dc_record *r) {
    r->verifier = NULL;
    r->held = false;
    r->wrong = 0;
}

static const dc_reply *hold(dc_event_call *call, bool verify, dc_span second) {
    static const char *const check[] = {"hold", "verify", NULL}, *const trust[] = {"hold", NULL};
    dc_record *r = &call->record;
    const double until = call->now + DC_LINK_MS;
    dc_account_apply(r, DC_OPENED, call->now);
    r->held = true;
    r->wrong = 0;
    r->updated = call->now;
    if (dc_record_waiting(r)) {
        r->reason = "The user has connected; waiting for the host to confirm it.";
        r->link_until = until;
    } else {
        r->reconnect_until = until;
    }
    return dc_changed(r, verify ? check : trust, NULL, second);
}

const dc_reply *dc_verifier_hold(dc_event_call *call) {
    return hold(call, false, (dc_span){NULL, 0});
}

const dc_reply *dc_verifier_hold_typed(dc_event_call *call, const dc_taken *taken) {
    const dc_record before = call->record;
    const dc_reply *reply = dc_take_credential(&call->record, taken); /* would it be connected? */
    if (reply->status >= 400) return reply;
    call->record = before;
    return hold(call, taken->verify && dc_has_test(taken->toolkit), reply->part[1]);
}

/* Whoever guesses does not go on for long: the connection fails, and a working account stays as it is. */
static const dc_reply *wrong(dc_event_call *call) {
    static const char *const effects[] = {"wrong", NULL};
    dc_record *r = &call->record;
    r->wrong++;
    if (r->wrong >= MOST_WRONG) {
        dc_account_apply(r, DC_DENIED, call->now);
        if (r->status == DC_FAILED) r->reason = "The connection was confirmed with a wrong verifier too often.";
    }
    return dc_changed(r, effects, NULL, (dc_span){NULL, 0});
}

const dc_reply *dc_event_complete(dc_event_call *call) {
    static const char *const effects[] = {"confirm", NULL};
    dc_record *r = &call->record;
    const double until = dc_record_waiting(r) ? r->link_until : r->reconnect_until;
    if (!is_verifier(dc_field_text(call->in.rest, "verifier")))
        return faulty("verifier", "must be 43 to 128 characters of A-Z, a-z, 0-9 and -._~");
    if (!r->verifier || until <= call->now)
        return dc_refuse(DC_ERR_ACCOUNT_BAD, "The account waits for no confirmation.", NULL);
    if (!r->held) return dc_refuse(DC_ERR_ACCOUNT_BAD, "The user has not connected yet.", NULL);
    if (!same_hash(dc_input_text(&call->in, "digest"), r->verifier)) return wrong(call);
    dc_verifier_end(r);
    r->proved = false;
    return dc_changed(r, effects, NULL, (dc_span){NULL, 0});
}
