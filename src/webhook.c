/* webhook.c: what makes the delivery of a webhook genuine (Standard Webhooks 1.0): which headers it has, how old it may
 * be, which of its signatures count and what they sign. The host does the HMAC-SHA-256. */
#include "json.h"
#include "reply.h"
#include "scan.h"

enum {
    TOLERANCE_S = 300,   /* either way: clocks differ, and a delivery that was overheard must not be good for ever */
    MOST_SIGNATURES = 8, /* each costs an HMAC of the payload; a rotation needs two */
    SIGNATURE = 44,      /* 32 bytes in base64 */
    SECRET_LEAST = 32,   /* 24 bytes in base64 */
    SECRET_MOST = 88     /* 64 bytes */
};
static const char secret_prefix[] = "whsec_", version[] = "v1,";

typedef struct delivery {
    dc_span id, timestamp, signatures;
} delivery;

static const dc_reply *refuse(const char *name, const char *code, const char *message) {
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "name", name);
    dc_json_put_text(&out, "code", code);
    dc_json_put_text(&out, "message", message);
    dc_json_close(&out, '}');
    return dc_reply_value(400, &out, (dc_span){NULL, 0});
}

static bool text_member(dc_span object, const char *name, dc_span *text) {
    dc_span raw;
    return dc_scan_member(object, name, &raw) && dc_scan_string(raw, text) && text->size > 0;
}

static bool is_base64(dc_span text) {
    uint32_t padding = 0;
    for (uint32_t i = 0; i < text.size; i++) {
        const char c = text.at[i];
        const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (c == '=') padding++;
        else if (padding || !(letter || c == '+' || c == '/')) return false;
    }
    return text.size % 4 == 0 && padding <= 2;
}

/* Seconds since 1970; -1: it is no such number. */
static double seconds_of(dc_span digits) {
    double seconds = 0;
    if (digits.size > 12) return -1;
    for (uint32_t i = 0; i < digits.size; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9') return -1;
        seconds = seconds * 10 + (digits.at[i] - '0');
    }
    return seconds;
}

/* The signatures of the version that is known, as an array. False: there is none. */
static bool put_signatures(dc_out *out, dc_span list) {
    const dc_span skipped = {NULL, sizeof version - 1};
    uint32_t count = 0;
    dc_json_open(out, "signatures", '[');
    for (uint32_t from = 0, to; from < list.size && count < MOST_SIGNATURES; from = to + 1) {
        for (to = from; to < list.size && list.at[to] != ' ';) to++;
        const dc_span one = {list.at + from, to - from};
        if (one.size != skipped.size + SIGNATURE || !dc_span_starts(one, version)) continue;
        const dc_span digest = {one.at + skipped.size, SIGNATURE};
        if (!is_base64(digest)) continue;
        dc_json_put_span(out, NULL, digest);
        count++;
    }
    dc_json_close(out, ']');
    return count > 0;
}

/* The keys in base64, without their prefix. False: one of the secrets is none, or there is none. */
static bool put_keys(dc_out *out, dc_span secrets) {
    const uint32_t prefix = sizeof secret_prefix - 1;
    uint32_t count = 0;
    dc_json_open(out, "keys", '[');
    for (dc_span item, text; dc_scan_item(&secrets, &item); count++) {
        if (!dc_scan_string(item, &text) || !dc_span_starts(text, secret_prefix)) return false;
        const dc_span key = {text.at + prefix, text.size - prefix};
        if (key.size < SECRET_LEAST || key.size > SECRET_MOST || !is_base64(key)) return false;
        dc_json_put_span(out, NULL, key);
    }
    dc_json_close(out, ']');
    return count > 0;
}

const dc_reply *dc_webhook(double now, uint32_t size) {
    static const char *const refusal = "WebhookVerificationError";
    dc_input in;
    dc_span headers = {NULL, 0}, secrets = {NULL, 0};
    delivery it;
    if (!dc_input_read(size, &in)) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    if (!dc_scan_member(in.head, "secrets", &secrets) || !put_keys(&out, secrets)) {
        return refuse("ValidationError", "TS-SDK::VALIDATION_ERROR",
                      "A webhook secret is whsec_ and 24 to 64 bytes in base64.");
    }
    if (!dc_scan_member(in.head, "headers", &headers) || !text_member(headers, "webhook-id", &it.id) ||
        !text_member(headers, "webhook-timestamp", &it.timestamp) ||
        !text_member(headers, "webhook-signature", &it.signatures)) {
        return refuse(refusal, "TS-SDK::WEBHOOK_HEADER_MISSING",
                      "webhook-id, webhook-timestamp or webhook-signature is missing.");
    }
    const double sent = seconds_of(it.timestamp), seconds = now / 1000;
    if (sent < 0 || sent - seconds > TOLERANCE_S || seconds - sent > TOLERANCE_S) {
        return refuse(refusal, "TS-SDK::WEBHOOK_TIMESTAMP_OUT_OF_RANGE",
                      "webhook-timestamp is more than five minutes from now; is the clock right?");
    }
    if (!put_signatures(&out, it.signatures)) {
        return refuse(refusal, "TS-SDK::WEBHOOK_SIGNATURE_MISMATCH", "webhook-signature holds no v1 signature.");
    }
    dc_out signed_part = {0};
    dc_put(&signed_part, it.id);
    dc_put_byte(&signed_part, '.');
    dc_put(&signed_part, it.timestamp);
    dc_put_byte(&signed_part, '.');
    dc_json_put_span(&out, "prefix", dc_out_span(&signed_part));
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}
