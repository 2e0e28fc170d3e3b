/* The echo scrub with any secrets and any text. Cut anywhere and with any room it writes what it writes whole; a secret
 * that is planted in some form is not in the output in that form; what is replaced is there
 * because of a secret (without secrets nothing changes); the output is never longer than the input.
 * Input: four bytes of choice, the secrets' sizes and bytes, then the text. */
#include "devcaster.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT = 2048, LONGEST = 40 };

typedef struct bytes {
    size_t size;
    char at[4 * LIMIT];
} bytes;

static void put(bytes *out, const void *at, size_t size) {
    if (out->size + size > sizeof out->at) abort();
    if (size > 0) memcpy(out->at + out->size, at, size);
    out->size += size;
}

/* Copies of the exact size let the sanitizer see every byte that is touched beyond them. */
static void feed(uint32_t *state, const char *at, size_t size, uint32_t room, bytes *out) {
    char *copy = malloc(size + 1);
    size_t done = 0;
    if (size > 0) memcpy(copy, at, size);
    while (done < size) {
        const uint32_t space = state[2] + room;
        char *to = malloc(space);
        if (dc_scrub(state, copy + done, (uint32_t)(size - done), to, space) != DC_SCRUB_GOING) abort();
        if (state[0] == 0 || state[0] > size - done || state[1] > space) abort();
        put(out, to, state[1]);
        done += state[0];
        free(to);
    }
    free(copy);
}

static void run(const bytes *secrets, const bytes *text, size_t cut, uint32_t room, bytes *out) {
    const uint32_t length = (uint32_t)secrets->size;
    const uint32_t size = dc_scrub_size(secrets->at, length, NULL, 0);
    if (size == 0) abort();
    uint32_t *state = malloc(size);
    if (dc_scrub_begin(state, secrets->at, length, NULL, 0) != 1) abort();
    out->size = 0;
    feed(state, text->at, cut, room, out);
    feed(state, text->at + cut, text->size - cut, room, out);
    const uint32_t held = state[2];
    char *to = malloc(held + 1);
    if (dc_scrub_end(state, to, held) != DC_SCRUB_DONE || state[1] > held) abort();
    put(out, to, state[1]);
    free(to);
    free(state);
    if (out->size > text->size) abort();
}

/* One form of a secret; `choice` picks shape and, byte by byte, the writer's escapes. */
static void plant(bytes *out, const uint8_t *secret, size_t size, uint32_t choice) {
    static const char six[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *hex = (choice >> 4 & 1) != 0 ? digits + 16 : digits;
    uint8_t shaped[3 * LONGEST];
    size_t count = 0;
    const uint32_t shape = choice % 5;
    for (size_t i = 0; shape == 1 && i < size; i++) {
        shaped[count++] = (uint8_t)hex[secret[i] >> 4];
        shaped[count++] = (uint8_t)hex[secret[i] & 15];
    }
    const size_t lead = shape < 2 ? 0 : (shape - 2) * 2; /* bits of a neighbour in the first character */
    for (size_t bit = 0; shape >= 2 && bit < lead + 8 * size; bit += 6) {
        uint32_t value = 0;
        for (size_t i = bit; i < bit + 6; i++) {
            const bool ours = i >= lead && i < lead + 8 * size;
            const uint32_t b = ours ? secret[(i - lead) / 8] >> (7 - (i - lead) % 8) & 1U : choice >> (i % 7) & 1U;
            value = value << 1 | b;
        }
        shaped[count++] = (uint8_t)six[value];
    }
    if (shape == 0) memcpy(shaped, secret, count = size);
    for (size_t i = 0; i < count; i++) {
        const uint8_t byte = shaped[i], high = (uint8_t)hex[byte >> 4], low = (uint8_t)hex[byte & 15];
        const uint8_t percent[] = {'%', high, low}, json[] = {'\\', 'u', '0', '0', high, low};
        const uint32_t way = (choice >> 5 & 1) != 0 ? choice >> (i % 23) & 3 : 0;
        const bool own = memchr(secret, '%', size) != NULL || memchr(secret, '\\', size) != NULL;
        if (own || way == 0 || byte >= 0x80) put(out, &byte, 1);
        else if (way == 1) put(out, json, sizeof json);
        else put(out, percent, sizeof percent);
    }
}

static bool is_marked(const bytes *text, size_t from, size_t to) {
    for (size_t i = from < 7 ? 0 : from - 7; i < to && i + 8 <= text->size; i++) {
        if (memcmp(text->at + i, "REDACTED", 8) == 0) return true;
    }
    return false;
}

/* What the marker and its neighbours spell together does not count. */
static bool holds(const bytes *text, const char *at, size_t size) {
    for (size_t i = 0; i + size <= text->size; i++) {
        if (memcmp(text->at + i, at, size) == 0 && !is_marked(text, i, i + size)) return true;
    }
    return false;
}

/* ASCII only, so that the secret's bytes in the list are the secret's bytes. */
static size_t add_secret(bytes *secrets, const uint8_t *from, size_t size, uint8_t *secret) {
    put(secrets, "\"", 1);
    for (size_t i = 0; i < size; i++) {
        secret[i] = from[i] & 0x7F;
        const char escape[] = {
            '\\', 'u', '0', '0', "0123456789abcdef"[secret[i] >> 4], "0123456789abcdef"[secret[i] & 15]};
        put(secrets, escape, sizeof escape);
    }
    put(secrets, "\"", 1);
    return size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static bytes secrets, text, whole, parts, planted;
    static uint8_t secret[LONGEST];
    if (size < 8 || size > LIMIT) return 0;
    static const bytes none = {2, "[]"};
    uint32_t choice;
    memcpy(&choice, data, sizeof choice);
    size_t at = 4, last = 0;
    secrets.size = text.size = planted.size = 0;
    put(&secrets, "[", 1);
    for (uint32_t i = 0; i <= data[3] % 3U; i++) {
        if (at >= size) return 0;
        const size_t length = 8 + (size_t)(data[at] % (LONGEST - 7));
        if (at + 1 + length > size) return 0;
        if (i > 0) put(&secrets, ",", 1);
        last = add_secret(&secrets, data + at + 1, length, secret);
        at += 1 + length;
    }
    put(&secrets, "]", 1);
    plant(&planted, secret, last, choice);
    const size_t middle = at + (size - at) * data[1] / 256;
    put(&text, data + at, middle - at);
    put(&text, planted.at, planted.size);
    put(&text, data + middle, size - middle);
    run(&none, &text, data[2] * (size_t)7 % (text.size + 1), 1 + data[0], &whole);
    if (whole.size != text.size || memcmp(whole.at, text.at, text.size) != 0) abort();
    run(&secrets, &text, 0, 8192, &whole);
    run(&secrets, &text, data[2] * (size_t)13 % (text.size + 1), 1 + data[0], &parts);
    if (whole.size != parts.size || memcmp(whole.at, parts.at, whole.size) != 0) abort();
    if (holds(&whole, planted.at, planted.size) || !is_marked(&whole, 0, whole.size)) abort();
    return 0;
}
