/* call.h: calling the core in tests the way a host does, and looking into its replies. */
#ifndef DC_CALL_H
#define DC_CALL_H

#include "check.h"
#include "fields.h"
#include "scan.h"

#include <stdlib.h>

/* Hand the core a head and what stands behind it (NULL: nothing); the size of both. */
static inline uint32_t give_bytes(const char *head, const char *rest, size_t rest_size) {
    const size_t size = strlen(head), whole = size + (rest != NULL ? 1 + rest_size : 0);
    char *room = dc_open((uint32_t)whole);
    if (room == NULL) abort();
    memcpy(room, head, size);
    if (rest != NULL) {
        room[size] = '\n';
        if (rest_size > 0) memcpy(room + size + 1, rest, rest_size);
    }
    return (uint32_t)whole;
}

static inline uint32_t give(const char *head, const char *rest) {
    return give_bytes(head, rest, rest != NULL ? strlen(rest) : 0);
}

/* The raw JSON at a dotted path of a part; empty where there is none. */
static inline dc_span raw_at(dc_span json, const char *path) {
    dc_span raw = {"", 0};
    if (json.size == 0 || json.at[0] != '{' || !dc_field_find(json, path, &raw)) return (dc_span){"", 0};
    return raw;
}

static inline bool span_holds(dc_span text, const char *what) {
    const size_t size = strlen(what);
    for (size_t i = 0; i + size <= text.size; i++) {
        if (memcmp(text.at + i, what, size) == 0) return true;
    }
    return false;
}

static inline bool reply_holds(const dc_reply *reply, const char *what) {
    for (int i = 0; i < DC_PARTS; i++) {
        if (reply->part[i].size && span_holds(reply->part[i], what)) return true;
    }
    return false;
}

/* Expected: this status, and a first part that is whole JSON wherever there must be some. */
static inline bool check_status(const dc_reply *reply, uint32_t status, const char *what, const char *file, int line) {
    const dc_span json = reply->part[0];
    const bool same = check_number(reply->status, status, what, file, line);
    if (!same) fprintf(stderr, "  answer   %.*s\n", (int)json.size, json.size ? json.at : "");
    if (reply->status >= 200 && json.size) check_that(dc_scan_valid(json, NULL), "the reply is JSON", file, line);
    return same;
}

#define CHECK_STATUS(reply, status)     check_status((reply), (status), #reply, __FILE__, __LINE__)
#define CHECK_RAW(json, path, expected) check_span(raw_at((json), (path)), (expected), (path), __FILE__, __LINE__)

#endif
