/* said.c: what a provider or a browser says, made fit to be shown and kept: short, on one line, and without anything that
 * was sent to the provider: `val`, `credentials` and `sent` of the head. */
#include "arena.h"
#include "grant.h"
#include "scrub.h"
#include "utf8.h"

#include <string.h>

enum { LONGEST = 300 }; /* code points: more than a sentence tells nobody anything */

/* Controls (C0, DEL, C1), and what breaks a line or turns the writing around: nobody may disguise what is said. */
static bool is_control(uint32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0x200E || code == 0x200F || code == 0x061C || code == 0xFEFF;
}

static uint32_t code_at(const char *at, uint32_t size) {
    const uint8_t *byte = (const uint8_t *)at;
    uint32_t code = size == 1 ? byte[0] : byte[0] & (0x7FU >> size);
    for (uint32_t i = 1; i < size; i++) code = code << 6 | (byte[i] & 0x3FU);
    return code;
}

dc_span dc_said_plain(dc_span text) {
    dc_out out = {0};
    uint32_t count = 0;
    for (uint32_t i = 0, size; i < text.size && count < LONGEST; i += size) {
        size = dc_utf8_size(text.at + i, text.size - i);
        if (!size) return (dc_span){NULL, 0};
        const uint32_t code = code_at(text.at + i, size);
        const bool blank = code == ' ' || is_control(code);
        if (blank && !out.size) continue;
        if (blank) dc_put_byte(&out, ' ');
        else dc_put(&out, (dc_span){text.at + i, size});
        count++;
    }
    while (out.size && out.at[out.size - 1] == ' ') out.size--;
    return out.size && !out.failed ? dc_out_span(&out) : (dc_span){NULL, 0};
}

/* Every form of the secrets of a JSON document taken out. Size 0: that cannot be made sure. */
static dc_span scrubbed(dc_span secrets, dc_span text) {
    const uint32_t size = dc_scrub_size(secrets.at, secrets.size, NULL, 0);
    dc_scrubber *scrub = size ? dc_arena_take(size) : NULL;
    char *out = dc_arena_take(text.size);
    if (!scrub || !out || !dc_scrub_begin(scrub, secrets.at, secrets.size, NULL, 0)) return (dc_span){NULL, 0};
    if (dc_scrub(scrub, text.at, text.size, out, text.size) != DC_SCRUB_GOING || scrub->consumed != text.size)
        return (dc_span){NULL, 0};
    const uint32_t done = scrub->produced;
    if (dc_scrub_end(scrub, out + done, text.size - done) != DC_SCRUB_DONE) return (dc_span){NULL, 0};
    return (dc_span){out, done + scrub->produced};
}

void dc_said_put(dc_out *out, const dc_grant_call *call, const char *error, const char *more) {
    dc_out secrets = {0}, both = {0};
    dc_json_open(&secrets, NULL, '[');
    if (call->val.size) dc_json_put_raw(&secrets, NULL, call->val);
    if (call->credentials.size) dc_json_put_raw(&secrets, NULL, call->credentials);
    const dc_span sent = dc_input_raw(&call->in, "sent"); /* a code and its verifier */
    if (sent.size) dc_json_put_raw(&secrets, NULL, sent);
    dc_json_close(&secrets, ']');
    /* One after the other, since a scrubber is costly to set up. Before they are cut: half a secret would stay. */
    dc_put_text(&both, error);
    dc_put_byte(&both, '\0');
    dc_put_text(&both, more);
    dc_span first = {NULL, 0}, second = {NULL, 0};
    if (!secrets.failed && !both.failed && (error || more)) first = scrubbed(dc_out_span(&secrets), dc_out_span(&both));
    const char *mark = first.size ? memchr(first.at, 0, first.size) : NULL;
    if (mark) {
        const uint32_t size = (uint32_t)(mark - first.at);
        second = (dc_span){mark + 1, first.size - size - 1};
        first.size = size;
    }
    first = dc_said_plain(first);
    second = dc_said_plain(second);
    dc_json_put_text(out, "error", first.size ? dc_span_copy(first) : NULL);
    dc_json_put_text(out, "error_description", second.size ? dc_span_copy(second) : NULL);
}
