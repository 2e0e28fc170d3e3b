/* The account state machine: every status and every happening, against a table written from the contract (sections 2
 * and 10), not from the code. A letter is the status that comes of it, `=` nothing changes, `!` it is refused. */
#include "call.h"

#include "account.h"

static const char letters[DC_STATUS_COUNT + 1] =
    "ZIAFEDR"; /* initialiZing Initiated Active Failed Expired Disabled Revoked */

static const char *const table[DC_HAPPENINGS] = {
    /*               Z I A F E D R */
    [DC_OPENED] = "I==!!!!",  /* only who waits, or reconnects, has a link to open */
    [DC_GRANTED] = "AAA!!!!", /* an ACTIVE one by reconnecting */
    [DC_DENIED] = "FFA====",  /* a reconnection that fails leaves a working account as it is */
    [DC_LAPSED] = "EEA====",  /* ten minutes, then EXPIRED */
    [DC_RENEW] = "IIAII!I",   /* EXPIRED, FAILED, REVOKED become INITIATED, ACTIVE keeps working, INACTIVE is a 400 */
    [DC_RENEWED] = "!!A!!D!", /* what came while it was disabled is kept, and it stays disabled */
    [DC_LOST] = "!!E==D=",    [DC_DISABLE] = "!!D!D=!", /* from ACTIVE or EXPIRED, idempotent */
    [DC_ENABLE] = "!!=!=A!",                            /* 400 for INITIALIZING, INITIATED, FAILED, REVOKED */
    [DC_REVOKE] = "!!R!RR=",
};

static void check_cell(dc_status status, dc_happening happening) {
    const char want = table[happening][status];
    dc_record r = {.id = "ca_1",
                   .user = "u",
                   .toolkit = "t",
                   .config = "ac_1",
                   .status = status,
                   .resume = DC_ACTIVE,
                   .reason = "why",
                   .updated = 5,
                   .link_until = 9000,
                   .reconnect_until = happening == DC_LOST ? 7777 : 9000}; /* an open one: see carrying */
    const bool done = dc_account_apply(&r, happening, 7777);
    bool good = done == (want != '!');
    if (want == '!' || want == '=') {
        good = good && r.status == status && strcmp(r.reason, "why") == 0 && r.updated == 5;
        if (want == '!') good = good && dc_account_rule(status, happening)->why != NULL; /* refusals say why */
    } else {
        good = good && letters[r.status] == want && r.updated == 7777;
        good = good && (r.status == DC_ACTIVE) == (r.reason == NULL); /* all but ACTIVE carry a reason */
        good =
            good && (dc_record_waiting(&r) || r.link_until == 0) && (r.status == DC_ACTIVE || r.reconnect_until == 0);
    }
    if (!CHECK(good)) {
        fprintf(stderr, "  %s, happening %d: expected %c, got %s %s\n", dc_status_names[status], (int)happening, want,
                done ? "yes" : "no", dc_status_names[r.status]);
    }
}

/* Enable gives back what disable took, also when the grant was lost meanwhile. */
static void resuming(void) {
    static const dc_status before[] = {DC_ACTIVE, DC_EXPIRED};
    for (int i = 0; i < 2; i++) {
        dc_record r = {.status = before[i], .reason = before[i] == DC_ACTIVE ? NULL : "The grant is gone."};
        CHECK(dc_account_apply(&r, DC_DISABLE, 1) && r.status == DC_INACTIVE);
        CHECK(dc_account_apply(&r, DC_DISABLE, 2) && r.status == DC_INACTIVE);
        CHECK(dc_account_apply(&r, DC_ENABLE, 3) && r.status == before[i]);
        if (before[i] == DC_ACTIVE) CHECK(r.reason == NULL);
        else CHECK_TEXT(r.reason, "The grant is gone.");
        CHECK(dc_account_apply(&r, DC_ENABLE, 4) && r.status == before[i]);
    }
    dc_record r = {.status = DC_ACTIVE};
    dc_account_apply(&r, DC_DISABLE, 1);
    CHECK(dc_account_apply(&r, DC_LOST, 2) && r.status == DC_INACTIVE);
    CHECK(dc_account_apply(&r, DC_ENABLE, 3) && r.status == DC_EXPIRED && r.reason != NULL);
}

/* A grant that dies while another is being given does not take that along. */
static void carrying(void) {
    dc_record r = {.status = DC_ACTIVE, .reconnect_until = 9000, .verifier = "hash", .held = true};
    CHECK(dc_account_apply(&r, DC_LOST, 7777) && r.status == DC_INITIATED && r.reason != NULL);
    CHECK(r.link_until == 9000 && r.reconnect_until == 0 && r.updated == 7777 && r.held && r.verifier != NULL);
}

static void words(void) {
    dc_record r = {.status = DC_INITIATED};
    dc_account_apply(&r, DC_LAPSED, 1);
    CHECK_TEXT(r.reason, "Connection initiation did not complete within 10 minutes");
    CHECK_NUMBER(DC_LINK_MS, 600000);
    for (int i = 0; i < DC_STATUS_COUNT; i++)
        CHECK_NUMBER(dc_word_index(dc_status_names, dc_span_of(dc_status_names[i])), i);
    for (int i = 0; i < DC_SCHEME_COUNT; i++)
        CHECK_NUMBER(dc_word_index(dc_scheme_names, dc_span_of(dc_scheme_names[i])), i);
    CHECK_NUMBER(dc_word_index(dc_status_names, dc_span_of("active")), -1);
    CHECK_NUMBER(dc_word_index(dc_status_names, dc_span_of("")), -1);
}

/* A record that is written is read back the same, whatever its members. */
static void records(void) {
    static const char *const whole =
        "{\"id\":\"ca_1\",\"user_id\":\"u\\\"\\\\\",\"toolkit\":\"t\",\"auth_config_id\":\"ac_1\",\"auth_scheme\":"
        "\"OAUTH2\","
        "\"status\":\"INACTIVE\",\"resume\":\"EXPIRED\",\"alias\":\"a\",\"word_id\":\"t_red-castle-1\",\"status_"
        "reason\":\"r\","
        "\"callback_url\":\"https://"
        "c\",\"identity_id\":\"i\",\"identity_label\":\"l\",\"managed\":true,\"refreshable\":true,"
        "\"credential\":true,\"uncertain\":true,\"created_at\":1,\"updated_at\":2,\"connected_at\":3,\"expires_at\":4,"
        "\"last_refreshed_at\":5,\"next_refresh_at\":6,\"last_used_at\":7,\"link_until\":8,\"reconnect_until\":9,"
        "\"journal\":10,"
        "\"failures\":11,\"scopes_granted\":[\"a\"],\"scopes_missing\":[]}";
    static const char *const bad[] = {"{}",
                                      "null",
                                      "[]",
                                      "{\"id\":\"a\",\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_config_id\":\"c\"}",
                                      "{\"id\":1,\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_config_id\":\"c\",\"auth_"
                                      "scheme\":\"BASIC\",\"status\":\"ACTIVE\"}",
                                      "{\"id\":\"a\",\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_config_id\":\"c\","
                                      "\"auth_scheme\":\"X\",\"status\":\"ACTIVE\"}",
                                      "{\"id\":\"a\",\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_config_id\":\"c\","
                                      "\"auth_scheme\":\"BASIC\",\"status\":\"GONE\"}"};
    dc_record r;
    dc_out out = {0};
    dc_open(0);
    CHECK(dc_record_read(dc_json_read(dc_span_of(whole)), &r));
    dc_record_put(&out, NULL, &r);
    CHECK_SPAN(dc_out_span(&out), whole);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!dc_record_read(dc_json_read(dc_span_of(bad[i])), &r));
}

int main(void) {
    for (int s = 0; s < DC_STATUS_COUNT; s++) {
        for (int h = 0; h < DC_HAPPENINGS; h++) check_cell((dc_status)s, (dc_happening)h);
    }
    resuming();
    carrying();
    words();
    records();
    return check_report();
}
