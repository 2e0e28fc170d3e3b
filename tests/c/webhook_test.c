/* What makes the delivery of a webhook worth checking: headers, age, signatures, secrets. */
#include "call.h"

#define SECRET    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define KEY       "\"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\""
#define SIGNATURE "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
static const double now = 1614265330000.0;

static const dc_reply *ask(double at, const char *timestamp, const char *signature, const char *secrets) {
    char head[2048];
    snprintf(head, sizeof head,
             "{\"headers\":{\"webhook-id\":\"msg_1\",\"webhook-timestamp\":\"%s\",\"webhook-signature\":\"%s\"},"
             "\"secrets\":%s}",
             timestamp, signature, secrets);
    return dc_webhook(at, give(head, NULL));
}

static void refused(const dc_reply *reply, const char *code) {
    char expected[80];
    snprintf(expected, sizeof expected, "\"TS-SDK::%s\"", code);
    CHECK_STATUS(reply, 400);
    CHECK_RAW(reply->part[0], "code", expected);
    CHECK(!reply_holds(reply, "MfKQ"));
}

static void test_what_is_signed(void) {
    const dc_reply *reply = ask(now, "1614265330", "v1," SIGNATURE, "[\"" SECRET "\"]");
    CHECK_STATUS(reply, 200);
    CHECK_SPAN(reply->part[0],
               "{\"keys\":[" KEY "],\"signatures\":[\"" SIGNATURE "\"],\"prefix\":\"msg_1.1614265330.\"}");
}

static void test_age(void) {
    static const struct {
        double at;
        const char *timestamp;
        bool good;
    } cases[] = {{300000, "1614265330", true},      {-300000, "1614265330", true}, {301000, "1614265330", false},
                 {-301000, "1614265330", false},    {0, "01614265330", true},      {0, "", false},
                 {0, "1614265330x", false},         {0, "-1614265330", false},     {0, "1614265330.5", false},
                 {0, "9999999999999999999", false}, {0, " 1614265330", false},     {0, "1e9", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const dc_reply *reply = ask(now + cases[i].at, cases[i].timestamp, "v1," SIGNATURE, "[\"" SECRET "\"]");
        if (cases[i].good) CHECK_STATUS(reply, 200);
        else if (cases[i].timestamp[0] == '\0') refused(reply, "WEBHOOK_HEADER_MISSING");
        else refused(reply, "WEBHOOK_TIMESTAMP_OUT_OF_RANGE");
    }
}

static void test_signatures(void) {
    static const char *const none[] = {"v1",
                                       "v1,",
                                       SIGNATURE,
                                       "v2," SIGNATURE,
                                       "V1," SIGNATURE,
                                       "v1,, " SIGNATURE,
                                       "v1,AAAA",
                                       "v1," SIGNATURE "A",
                                       "v1,=0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                                       "   "};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        refused(ask(now, "1614265330", none[i], "[\"" SECRET "\"]"), "WEBHOOK_SIGNATURE_MISMATCH");
    }
    const dc_reply *reply = ask(now, "1614265330", " v2,x v1," SIGNATURE "  v1," SIGNATURE " ", "[\"" SECRET "\"]");
    CHECK_RAW(reply->part[0], "signatures", "[\"" SIGNATURE "\",\"" SIGNATURE "\"]");
    char many[1024];
    size_t used = 0;
    while (used + 64 < sizeof many) used += (size_t)snprintf(many + used, sizeof many - used, "v1,%s ", SIGNATURE);
    dc_span list = raw_at(ask(now, "1614265330", many, "[\"" SECRET "\"]")->part[0], "signatures"), item;
    int count = 0;
    while (dc_scan_item(&list, &item)) count++;
    CHECK_NUMBER(count, 8);
}

static void test_secrets(void) {
    static const char *const bad[] = {"[]",
                                      "null",
                                      "\"" SECRET "\"",
                                      "[null]",
                                      "[\"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"]",
                                      "[\"whsec_\"]",
                                      "[\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS\"]",
                                      "[\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa_-\"]",
                                      "[\"" SECRET "\",\"\"]"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        refused(ask(now, "1614265330", "v1," SIGNATURE, bad[i]), "VALIDATION_ERROR");
    }
    const dc_reply *two = ask(now, "1614265330", "v1," SIGNATURE, "[\"" SECRET "\",\"" SECRET "\"]");
    CHECK_RAW(two->part[0], "keys", "[" KEY "," KEY "]");
}

static void test_what_is_missing(void) {
    static const char *const heads[] = {
        "{\"secrets\":[\"" SECRET "\"]}", "{\"headers\":[],\"secrets\":[\"" SECRET "\"]}",
        "{\"headers\":{\"webhook-id\":7,\"webhook-timestamp\":\"1614265330\",\"webhook-signature\":\"v1,x\"},"
        "\"secrets\":[\"" SECRET "\"]}",
        "{\"headers\":{\"webhook-timestamp\":\"1614265330\",\"webhook-signature\":\"v1,x\"},\"secrets\":[\"" SECRET
        "\"]}"};
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        refused(dc_webhook(now, give(heads[i], NULL)), "WEBHOOK_HEADER_MISSING");
    }
    CHECK_STATUS(dc_webhook(now, give("nonsense", NULL)), 500);
}

int main(void) {
    test_what_is_signed();
    test_age();
    test_signatures();
    test_secrets();
    test_what_is_missing();
    return check_report();
}
