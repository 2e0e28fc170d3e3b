/* activity.c: what an event means for the account's log. */
#include "activity.h"

#include "answer.h"
#include "arena.h"
#include "change.h"
#include "health.h"
#include "scan.h"

#include <string.h>

/* Entries are bounded by group, so that what comes often or at anybody's wish does not push out what matters: LIFE has
 * what happens to an account once, TURN what somebody else must take part in or what ends it, SETTING what a caller can
 * repeat as often as it likes. The numbers are stored: a new group goes to the end. */
enum { LIFE, VISIT, UPKEEP, USE, REVEAL, TURN, SETTING, GROUPS };

static const uint8_t limits[GROUPS] = {
    [LIFE] = 100, [VISIT] = 50, [UPKEEP] = 50, [USE] = 100, [REVEAL] = 100, [TURN] = 100, [SETTING] = 50};

typedef struct happening {
    const char *name;
    uint8_t group;
    bool why; /* with the reason, in the provider's own words where it gave some */
} happening;

static const happening happenings[DC_ACTIVITIES] = {
    [DC_NOTED_CREATED] = {"created", LIFE, false},
    [DC_NOTED_CONNECTED] = {"connected", LIFE, false},
    [DC_NOTED_RECONNECTED] = {"reconnected", TURN, false},
    [DC_NOTED_UPDATED] = {"updated", SETTING, false},
    [DC_NOTED_DISABLED] = {"disabled", SETTING, false},
    [DC_NOTED_ENABLED] = {"enabled", SETTING, false},
    [DC_NOTED_RECONNECT_BEGUN] = {"reconnect_begun", SETTING, false},
    [DC_NOTED_EXPIRED] = {"expired", TURN, true},
    [DC_NOTED_REVOKED] = {"revoked", TURN, false},
    [DC_NOTED_OPENED] = {"link_opened", VISIT, false},
    [DC_NOTED_DENIED] = {"connect_failed", VISIT, true},
    [DC_NOTED_RECONNECT_LAPSED] = {"reconnect_lapsed", VISIT, false},
    [DC_NOTED_OTHER_IDENTITY] = {"identity_refused", VISIT, false},
    [DC_NOTED_REFRESHED] = {"refreshed", UPKEEP, false},
    [DC_NOTED_REFRESH_FAILED] = {"refresh_failed", UPKEEP, true},
    [DC_NOTED_RECOVERED] = {"recovered", UPKEEP, false},
    [DC_NOTED_USED] = {"used", USE, false},
    [DC_NOTED_REVEALED] = {"revealed", REVEAL, false},
    [DC_NOTED_HELD] = {"awaiting_confirmation", VISIT, false},
    [DC_NOTED_UNPROVED] = {"confirmation_refused", VISIT, false},
};

/* What an event is in the log, if it is anything; see `refined`. */
static const uint8_t by_event[DC_EVENT_COUNT] = {
    [DC_EVENT_create] = DC_NOTED_CREATED,
    [DC_EVENT_link] = DC_NOTED_CREATED,
    [DC_EVENT_open] = DC_NOTED_OPENED,
    [DC_EVENT_submit] = DC_NOTED_CONNECTED,
    [DC_EVENT_connect] = DC_NOTED_CONNECTED,
    [DC_EVENT_deny] = DC_NOTED_DENIED,
    [DC_EVENT_lapse] = DC_NOTED_EXPIRED,
    [DC_EVENT_refresh] = DC_NOTED_RECONNECT_BEGUN,
    [DC_EVENT_refresh_end] = DC_NOTED_REFRESHED,
    [DC_EVENT_set_status] = DC_NOTED_ENABLED,
    [DC_EVENT_update] = DC_NOTED_UPDATED,
    [DC_EVENT_revoked] = DC_NOTED_REVOKED,
    [DC_EVENT_use] = DC_NOTED_USED,
    [DC_EVENT_reveal] = DC_NOTED_REVEALED,
    [DC_EVENT_complete] = DC_NOTED_UNPROVED,
};

/* An event, and the account before and after it. */
typedef struct change {
    const dc_event_call *call;
    const dc_record *before, *after;
    bool credential; /* it brought one */
} change;

static bool same(const char *a, const char *b) {
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static dc_activity of_lapse(const change *c) {
    if (dc_record_waiting(c->before) && c->after->status == DC_EXPIRED) return DC_NOTED_EXPIRED;
    const bool over = c->before->reconnect_until > 0 && !(c->after->reconnect_until > 0);
    return over ? DC_NOTED_RECONNECT_LAPSED : DC_NOTED_NOTHING;
}

static dc_activity of_refresh(const change *c) {
    const dc_record *a = c->before, *b = c->after;
    if (b->refreshed != a->refreshed) return DC_NOTED_REFRESHED;
    if (b->status != a->status || b->resume != a->resume) return DC_NOTED_EXPIRED;
    return b->failures > a->failures ? DC_NOTED_REFRESH_FAILED : DC_NOTED_NOTHING;
}

/* The same event can be one thing or another, or nothing at all. */
static dc_activity refined(dc_activity what, const change *c) {
    const dc_record *a = c->before, *b = c->after;
    switch (what) {
    case DC_NOTED_UNPROVED: return b->wrong > a->wrong || b->updated != a->updated ? what : DC_NOTED_NOTHING;
    case DC_NOTED_CONNECTED:
        if (b->held) return DC_NOTED_HELD;
        return a->connected > 0 ? DC_NOTED_RECONNECTED : what;
    case DC_NOTED_EXPIRED: return of_lapse(c);
    case DC_NOTED_REFRESHED: return of_refresh(c);
    case DC_NOTED_RECONNECT_BEGUN:
        return b->status != a->status || b->reconnect_until != a->reconnect_until ? what : DC_NOTED_NOTHING;
    case DC_NOTED_ENABLED:
        if (b->status == a->status) return DC_NOTED_NOTHING;
        return b->status == DC_INACTIVE ? DC_NOTED_DISABLED : what;
    case DC_NOTED_UPDATED: return c->credential || !same(a->alias, b->alias) ? what : DC_NOTED_NOTHING;
    case DC_NOTED_REVEALED: return b->credential ? what : DC_NOTED_NOTHING;
    default: return what;
    }
}

/* What one event is besides. */
static dc_activity besides(dc_activity what, const change *c) {
    if (what == DC_NOTED_CREATED && c->after->status == DC_ACTIVE) return DC_NOTED_CONNECTED;
    if (what == DC_NOTED_REFRESHED && c->before->failures > 0) return DC_NOTED_RECOVERED;
    return DC_NOTED_NOTHING;
}

/* Who: the caller's key or session, the user by way of a link or of a token, or the service itself (an alarm). */
static void put_actor(dc_out *out, const cJSON *by) {
    static const char *const kinds[] = {"service", "key", "session", "link", "token", NULL};
    enum { MOST = 128 };
    const char *kind = dc_json_text(by, "kind"), *id = dc_json_text(by, "id"),
               *request = dc_json_text(by, "request_id");
    const int at = kind ? dc_word_index(kinds, dc_span_of(kind)) : 0;
    dc_json_open(out, "actor", '{');
    dc_json_put_text(out, "type", kinds[at > 0 ? at : 0]);
    dc_json_put_text(out, "id", at > 0 && id && strlen(id) <= MOST ? id : NULL);
    dc_json_close(out, '}');
    dc_json_put_text(out, "request_id", request && strlen(request) <= MOST ? request : NULL);
}

/* The provider's own words, where it gave some; otherwise what the account says. */
static void put_reason(dc_out *out, const change *c) {
    const cJSON *grant = dc_input_tree(&c->call->in, "grant");
    const char *words = dc_provider_words(grant ? grant : dc_json_read(c->call->in.head));
    dc_json_put_text(out, "reason", words ? words : c->after->reason);
}

static void put_changed(dc_out *out, const change *c) {
    dc_json_open(out, "changed", '[');
    if (!same(c->before->alias, c->after->alias)) dc_json_put_text(out, NULL, "alias");
    if (c->credential) dc_json_put_text(out, NULL, "credential");
    dc_json_close(out, ']');
}

static void put_entry(dc_out *out, dc_activity what, const change *c) {
    if (what == DC_NOTED_NOTHING) return;
    const happening *h = &happenings[what];
    dc_json_open(out, NULL, '[');
    dc_json_put_number(out, NULL, h->group);
    dc_json_open(out, NULL, '{');
    dc_json_put_text(out, "event", h->name);
    dc_json_put_time(out, "at", c->call->now);
    put_actor(out, dc_input_tree(&c->call->in, "by"));
    dc_json_put_text(out, "status", dc_status_names[c->after->status]);
    if (h->why) put_reason(out, c);
    if (what == DC_NOTED_UPDATED) put_changed(out, c);
    if (what == DC_NOTED_REVOKED) dc_json_put_text(out, "outcome", dc_input_text(&c->call->in, "outcome"));
    if (what == DC_NOTED_USED) dc_activity_put_use(out, &c->call->in);
    dc_json_close(out, '}');
    dc_json_close(out, ']');
}

const dc_reply *dc_activity_noted(const dc_event_call *call, dc_event_name event, const dc_record *before,
                                  const dc_reply *reply) {
    change c = {call, before, &call->record, reply->part[1].size > 0};
    dc_record made;
    dc_span record;
    dc_out out = {0};
    dc_activity what = by_event[event];
    if (reply->status >= 400) {
        what = call->noted; /* a refusal is worth an entry only where the event says so */
    } else if (before->id == NULL && what != DC_NOTED_NOTHING) {
        if (!dc_scan_member(reply->part[0], "record", &record) || !dc_record_read(dc_json_tree(record), &made))
            return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
        c.after = &made;
    }
    if (reply->status < 400) what = refined(what, &c);
    if (what == DC_NOTED_NOTHING) return reply;
    dc_json_open(&out, NULL, '[');
    put_entry(&out, what, &c);
    if (reply->status < 400) put_entry(&out, besides(what, &c), &c);
    dc_json_close(&out, ']');
    /* What cannot be noted does not happen. */
    return out.failed || dc_arena_failed() ? dc_refuse(DC_ERR_INTERNAL, NULL, NULL) : dc_reply_third(dc_out_span(&out));
}

void dc_activity_put_limits(dc_out *out) {
    dc_json_open(out, "activity", '[');
    for (int i = 0; i < GROUPS; i++) dc_json_put_number(out, NULL, limits[i]);
    dc_json_close(out, ']');
}

/* GET /connected_accounts/{id}/activity: entries are kept as they go out. */
bool dc_answer_activity(dc_answer_call *call, const char *what) {
    const dc_span entries = dc_input_raw(&call->in, "entries");
    (void)what;
    dc_json_open(&call->out, NULL, '{');
    dc_json_put_raw(&call->out, "items", entries.size ? entries : dc_span_of("[]"));
    dc_answer_page(call, dc_input_number(&call->in, "total", 0), true);
    dc_json_close(&call->out, '}');
    return true;
}
