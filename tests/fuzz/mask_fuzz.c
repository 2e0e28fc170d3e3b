/* The masker on any input: cut anywhere and with any room it writes what it writes whole; a valid document stays
 * valid, and masked once more stays the same; what is no document is refused; and of a document that is one secret
 * no fifth character comes out. The first bytes choose scope, style, room and cut. */
#include "devcaster.h"
#include "scan.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT = 4096, GROWTH = 12 };

typedef struct result {
    uint32_t status;
    size_t size;
    char text[LIMIT * GROWTH];
} result;

/* Copies of the exact size let the sanitizer see every byte that is touched beyond them. */
static bool feed(void *state, const char *at, size_t size, uint32_t room, result *out) {
    const uint32_t *counts = state;
    char *copy = malloc(size + 1), *space = malloc(room);
    size_t done = 0;
    bool good;
    if (size > 0) memcpy(copy, at, size);
    do {
        good = dc_mask(state, copy + done, (uint32_t)(size - done), space, room) == DC_MASK_GOING;
        if (counts[0] > size - done || counts[1] > room || out->size + counts[1] > sizeof out->text) abort();
        if (!good && counts[0] + counts[1] > 0) abort();
        if (good && done < size && counts[0] + counts[1] == 0) abort();
        memcpy(out->text + out->size, space, counts[1]);
        out->size += counts[1];
        done += counts[0];
    } while (good && done < size);
    free(copy);
    free(space);
    return good;
}

static void run(const uint8_t *choice, dc_span text, size_t cut, uint32_t room, result *out) {
    static const char extra[] = "a\nhost\nextra_key";
    void *state = malloc(dc_mask_size());
    out->size = 0;
    out->status = DC_MASK_FAULT;
    if (dc_mask_begin(state, choice[0], choice[1] & 1, extra, sizeof extra - 1) != 1) abort();
    if (feed(state, text.at, cut, room, out) && feed(state, text.at + cut, text.size - cut, room, out))
        out->status = dc_mask_end(state);
    free(state);
}

/* A document that is one plain string under the scope of the whole: at most the first four and three dots. */
static void check_one_secret(dc_span text, const result *out) {
    if (text.size < 2 || text.at[0] != '"' || text.at[text.size - 1] != '"') return;
    const size_t kept = text.size - 2 < 4 ? text.size - 2 : 4;
    for (size_t i = 0; i < text.size; i++) {
        if (text.at[i] == '\\' || (unsigned char)text.at[i] >= 0x80) return;
    }
    const bool prefix = out->size == kept + 5 && memcmp(out->text + 1, text.at + 1, kept) == 0 &&
                        memcmp(out->text + 1 + kept, "...\"", 4) == 0;
    const bool redacted = out->size == 10 && memcmp(out->text, "\"REDACTED\"", 10) == 0;
    if (!prefix && !redacted) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static result whole, parts, twice;
    if (size < 5 || size > LIMIT) return 0;
    const dc_span text = {(const char *)data + 4, (uint32_t)(size - 4)};
    run(data, text, 0, LIMIT * GROWTH, &whole);
    run(data, text, data[3] * (size_t)7 % (text.size + 1), 64 + data[2] % 128, &parts);
    if (whole.status != parts.status) abort();
    if ((whole.status == DC_MASK_DONE) != dc_scan_valid(text, NULL)) abort();
    if (whole.status != DC_MASK_DONE) return 0;
    if (whole.size != parts.size || memcmp(whole.text, parts.text, whole.size) != 0) abort();
    const dc_span masked = {whole.text, (uint32_t)whole.size};
    if (!dc_scan_valid(masked, NULL)) abort();
    if ((data[0] & DC_MASK_WHOLE) != 0) check_one_secret(text, &whole);
    run(data, masked, 0, LIMIT * GROWTH, &twice);
    if (twice.status != DC_MASK_DONE || twice.size != whole.size || memcmp(twice.text, whole.text, whole.size) != 0)
        abort();
    return 0;
}
