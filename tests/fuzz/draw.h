/* draw.h: JSON out of fuzzer bytes. Every byte decides something, so that small changes of the input are small changes
 * of the document, and most documents are well-formed and get deep. */
#ifndef DC_DRAW_H
#define DC_DRAW_H

#include "devcaster.h"
#include "scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Stands in secret places only, and may not come back in an error. */
static const char planted[] = "PLANTED5ecret";

typedef struct draw {
    const uint8_t *at, *end;
    char text[32768];
    size_t size;
} draw;

static draw drawing;

static inline void draw_begin(const uint8_t *data, size_t size) {
    drawing.at = data;
    drawing.end = data + size;
    drawing.size = 0;
}

static inline unsigned draw_byte(void) {
    return drawing.at < drawing.end ? *drawing.at++ : 0;
}

static inline void draw_put(const char *text, size_t size) {
    if (drawing.size + size > sizeof drawing.text) return;
    memcpy(drawing.text + drawing.size, text, size);
    drawing.size += size;
}

static inline void draw_words(const char *text) {
    draw_put(text, strlen(text));
}

static inline void draw_one(const char *const *words) {
    unsigned count = 0;
    while (words[count]) count++;
    draw_words(words[draw_byte() % count]);
}

/* A JSON string: of a list of telling texts, or of the input's own bytes. */
static inline void draw_string(void) {
    static const char *const telling[] = {"ACTIVE",
                                          "OAUTH2",
                                          "API_KEY",
                                          "BASIC",
                                          "..",
                                          "a/b",
                                          "https://h.example/x?a=b#c",
                                          "{access_token}",
                                          "{token}",
                                          "{x",
                                          "base64({username}:{password})",
                                          "abcd...",
                                          "REDACTED",
                                          "\\u0000",
                                          "\\ud83d",
                                          "\\ud83d\\ude00",
                                          "\\r\\nx: y",
                                          "//evil",
                                          "%2e%2e",
                                          "",
                                          "a,b",
                                          "https://{host}/y",
                                          "{instance_url}/z",
                                          "evil.com/",
                                          "a@b",
                                          "9007199254740993",
                                          "3600",
                                          "granted",
                                          "lost",
                                          "later",
                                          "invalid_grant",
                                          "data.viewer[0].id",
                                          "a.b.c",
                                          "integer",
                                          "object",
                                          "array",
                                          "string",
                                          NULL};
    const unsigned kind = draw_byte();
    draw_words("\"");
    if (kind < 128) {
        draw_words(telling[kind % 37]);
    } else {
        for (unsigned left = kind & 15; left > 0; left--) {
            const unsigned byte = draw_byte();
            char escaped[8];
            if (byte < 0x20 || byte >= 0x7F || byte == '"' || byte == '\\')
                snprintf(escaped, sizeof escaped, "\\u%04x", byte);
            else snprintf(escaped, sizeof escaped, "%c", (char)byte);
            draw_words(escaped);
        }
    }
    draw_words("\"");
}

static inline void draw_value(const char *const *names, int depth) {
    static const char *const plain[] = {"null",
                                        "true",
                                        "false",
                                        "0",
                                        "-1",
                                        "5",
                                        "1e999",
                                        "9007199254740993",
                                        "0.5",
                                        "1795359600000",
                                        "123456789012345678901234567890123456789012345678901234567890123456789",
                                        "{ }",
                                        "[ ]",
                                        NULL};
    const unsigned kind = draw_byte() & 15;
    if (depth > 3 || kind < 5) {
        draw_string();
    } else if (kind < 10) {
        draw_one(plain);
    } else {
        const char open = kind < 14 ? '{' : '[';
        draw_put(&open, 1);
        for (unsigned i = 0, count = draw_byte() & 7; i < count; i++) {
            if (i > 0) draw_words(",");
            if (open == '{') {
                draw_words("\"");
                draw_one(names);
                draw_words("\":");
            }
            draw_value(names, depth + 1);
        }
        draw_words(open == '{' ? "}" : "]");
    }
}

/* One member of a head: left out, one that makes sense, or anything. */
static inline void draw_member(const char *name, const char *const *sound, const char *const *names) {
    const unsigned kind = draw_byte();
    if (kind % 8 == 7) return;
    if (drawing.size > 0 && drawing.text[drawing.size - 1] != '{') draw_words(",");
    draw_words("\"");
    draw_words(name);
    draw_words("\":");
    if (sound && kind % 8 < 6) draw_one(sound);
    else draw_value(names, 0);
}

static inline uint32_t draw_give(void) {
    char *room = dc_open((uint32_t)drawing.size);
    if (room == NULL) abort();
    memcpy(room, drawing.text, drawing.size);
    return (uint32_t)drawing.size;
}

static inline bool draw_found(dc_span text, const char *what) {
    const size_t size = strlen(what);
    for (size_t i = 0; text.size && i + size <= text.size; i++) {
        if (memcmp(text.at + i, what, size) == 0) return true;
    }
    return false;
}

/* Does the text hold the secret? Compared by hash: from a comparison the fuzzer would learn the word, put it where it is
 * no secret, and report that. */
static inline uint32_t draw_hash(const char *text) {
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i + 1 < sizeof planted; i++) hash = (hash ^ (unsigned char)text[i]) * 16777619U;
    return hash;
}

static inline bool draw_leaks(dc_span text) {
    for (size_t i = 0; i + sizeof planted - 1 <= text.size; i++) {
        if (draw_hash(text.at + i) == draw_hash(planted)) return true;
    }
    return false;
}

/* What every reply must be. Values go back into heads, which are one line. */
static inline void draw_check(const dc_reply *reply, bool one_line) {
    const uint32_t status = reply->status;
    if (status != 0 && (status < 200 || status > 599)) abort();
    if (status >= 200 && reply->part[0].size && !dc_scan_valid(reply->part[0], NULL)) abort();
    if (status >= 400 && (!reply->part[0].size || draw_leaks(reply->part[0]))) abort();
    if (one_line && status >= 200 && draw_found(reply->part[0], "\n")) abort();
    if (status != 0) return;
    if (!reply->part[0].size || !reply->part[1].size) abort();
    for (uint32_t i = 0; i < reply->part[1].size; i++) {
        const char c = reply->part[1].at[i];
        if (c == '\n' || c == '\r' || c == ' ') abort(); /* a target is one word */
    }
    bool name = true, filled = false;
    for (uint32_t i = 0; i < reply->part[2].size; i++) { /* every line is `name: value` */
        const char c = reply->part[2].at[i];
        if (c == '\r' || c == '\0') abort();
        if (c == '\n') {
            if (name) abort();
            name = true;
            filled = false;
        } else if (name && c == ':') {
            if (!filled) abort();
            name = false;
        } else {
            filled = true;
        }
    }
    if (reply->part[2].size && reply->part[2].at[reply->part[2].size - 1] != '\n') abort();
}

#endif
