/* Fingerprints of any credential: as many paths as messages, each message the purpose and a text that is long enough;
 * and any digests, or none, make an object or an error. That they are the texts which the masker masks is the matter of
 * tests/fingerprints.test.js. */
#include "draw.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char purpose[] = "devcaster fingerprint v1\n";
static const char *const names[] = {
    "access_token", "refreshToken", "username", "scope",   "scopes",      "authorization", "a.b",  "a", "b", "",
    "\\\\",         "\\u0000",      "\\ud83d",  "api_key", "authed_user", "val",           "zone", NULL};
static const char *const credentials[] = {
    "{\"access_token\":\"PLANTED5ecret\",\"authed_user\":{\"access_token\":\"PLANTED5ecret\",\"scope\":\"a b\"}}",
    "{\"username\":\"somebody1\",\"keys\":[\"PLANTED5ecret\",[\"REDACTED\",\"gho_...\",\"12345678\"]]}", "null", NULL};
static const char *const harmless[] = {"\"zone\\na\"", "\"\"", "null", NULL};
static const char *const digests[] = {"\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"",
                                      "\"fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210\"",
                                      "\"PLANTED5ecret\"", "7", NULL};

/* Never short, never what stands in the answer as it is. */
static void check_message(dc_span raw) {
    dc_span text;
    const size_t before = sizeof purpose - 1;
    if (!dc_scan_string(raw, &text) || text.size < before + 8) abort();
    if (memcmp(text.at, purpose, before) != 0) abort();
    if (text.size == before + 8 && memcmp(text.at + before, "REDACTED", 8) == 0) abort();
}

static uint32_t check_lists(const dc_reply *reply) {
    dc_span paths = reply->part[0], messages = reply->part[1], path, message, text;
    uint32_t count = 0;
    if (!dc_scan_valid(messages, NULL) || draw_found(messages, "\n") || draw_leaks(paths)) abort();
    for (; dc_scan_item(&paths, &path); count++) {
        if (!dc_scan_string(path, &text) || text.size > 256) abort();
        if (!dc_scan_item(&messages, &message)) abort();
        check_message(message);
    }
    if (dc_scan_item(&messages, &message) || count > 16) abort();
    return count;
}

static void hand_back(dc_span paths, uint32_t count) {
    char *kept = malloc(paths.size + 1);
    memcpy(kept, paths.at, paths.size);
    kept[paths.size] = '\0';
    drawing.size = 0;
    draw_words("{\"paths\":");
    draw_words(kept);
    draw_words(",\"digests\":[");
    const unsigned odd = draw_byte();
    for (uint32_t i = 0; i < count + (odd == 77); i++) {
        if (i > 0) draw_words(",");
        if (odd < 200) draw_words(digests[i & 1]);
        else draw_one(digests);
    }
    draw_words("]}");
    free(kept);
    if (drawing.size + 80 > sizeof drawing.text) return; /* not all of it was put */
    const dc_reply *reply = dc_fingerprints(draw_give());
    draw_check(reply, true);
    if (draw_leaks(reply->part[0])) abort();
    if (odd < 200 && odd != 77 && reply->status != 200) abort();
    if (odd == 77 && reply->status < 400) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    draw_begin(data, size);
    draw_words("{");
    draw_member("harmless", harmless, names);
    draw_member("val", credentials, names);
    draw_words("}");
    const dc_reply *reply = dc_secrets(draw_give());
    draw_check(reply, true);
    if (reply->status == 200) hand_back(reply->part[0], check_lists(reply));
    dc_close();
    return 0;
}
