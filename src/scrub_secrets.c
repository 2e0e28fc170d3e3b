/* scrub_secrets.c: a credential -> its secrets: the strings that the masker would mask (contract section 3), of at
 * least eight bytes. An array of strings is a credential too, so a plain list of secrets needs nothing of its own. */
#include "scrub.h"

#include <string.h>

enum { LONGEST_NAME = 256 };
enum { SECRET, HARMLESS, NAMED, ALL }; /* what a value is; NAMED: a container of that name is ALL */

void dc_secret_begin(dc_secret_walk *walk, dc_span json, dc_span harmless) {
    memset(walk, 0, sizeof *walk);
    dc_scan_begin(&walk->scan);
    walk->at = json.at;
    walk->end = json.at + json.size;
    walk->harmless = harmless;
}

/* The second half of a surrogate pair, when that is what comes next. */
static bool joins(dc_secret *secret) {
    dc_scan scan = secret->scan;
    const char *at = secret->at;
    if (dc_scan_unit(&scan, &at, secret->end) != DC_EVENT_UNIT || scan.unit < 0xDC00 || scan.unit >= 0xE000)
        return false;
    secret->scan = scan;
    secret->at = at;
    return true;
}

int dc_secret_byte(dc_secret *secret) {
    if (secret->given == secret->count) {
        if (dc_scan_unit(&secret->scan, &secret->at, secret->end) != DC_EVENT_UNIT) return -1;
        uint32_t code = secret->scan.unit;
        if (code >= 0xD800 && code < 0xDC00 && joins(secret))
            code = 0x10000 + ((code - 0xD800) << 10) + (secret->scan.unit - 0xDC00);
        secret->count = dc_scan_put(secret->bytes, code);
        secret->given = 0;
    }
    return (unsigned char)secret->bytes[secret->given++];
}

/* What the member's value is. A name too long to know is secret. */
static uint8_t judge(dc_secret_walk *walk) {
    char name[LONGEST_NAME];
    uint32_t size = 0;
    dc_secret text = {.scan = walk->scan, .at = walk->at, .end = walk->end};
    for (int byte = dc_secret_byte(&text); byte >= 0; byte = dc_secret_byte(&text), size++) {
        if (size < LONGEST_NAME) name[size] = (char)byte;
    }
    if (walk->kinds[walk->scan.depth] == ALL) return ALL;
    if (size > LONGEST_NAME) return NAMED;
    const dc_span span = {name, size};
    if (dc_name_harmless(span) || dc_name_listed(walk->harmless, span)) return HARMLESS;
    return (dc_name_meaning(span) & DC_NAME_SECRET) != 0 ? NAMED : SECRET;
}

/* Measure the string that begins here, and step over it. */
static bool take(dc_secret_walk *walk, dc_secret *secret) {
    *secret = (dc_secret){.scan = walk->scan, .at = walk->at, .end = walk->end};
    dc_secret copy = *secret;
    uint32_t size = 0;
    while (dc_secret_byte(&copy) >= 0) size++;
    walk->failed = dc_scan_text(&walk->scan, &walk->at, walk->end) != DC_EVENT_END;
    secret->size = size;
    return !walk->failed && walk->now != HARMLESS && size >= DC_SCRUB_LEAST;
}

bool dc_secret_next(dc_secret_walk *walk, dc_secret *secret) {
    while (!walk->failed) {
        switch (dc_scan_step(&walk->scan, &walk->at, walk->end)) {
        case DC_EVENT_NAME:
            walk->now = judge(walk);
            walk->failed = dc_scan_text(&walk->scan, &walk->at, walk->end) != DC_EVENT_END;
            break;
        case DC_EVENT_TEXT:
            if (take(walk, secret)) return true;
            break;
        case DC_EVENT_NUMBER: walk->failed = dc_scan_number(&walk->scan, &walk->at, walk->end) == DC_EVENT_FAULT; break;
        case DC_EVENT_OPEN:
            if (walk->now == NAMED) walk->now = ALL;
            walk->kinds[walk->scan.depth] = walk->now;
            break;
        case DC_EVENT_CLOSE: walk->now = walk->kinds[walk->scan.depth]; break;
        case DC_EVENT_MORE: walk->failed = !dc_scan_done(&walk->scan); return false;
        case DC_EVENT_FAULT: walk->failed = true; break;
        default: break;
        }
    }
    return false;
}

bool dc_secret_measure(dc_span json, dc_span harmless, dc_secret_sum *sum) {
    dc_secret_walk walk;
    dc_secret secret;
    *sum = (dc_secret_sum){.shortest = UINT32_MAX};
    for (dc_secret_begin(&walk, json, harmless); dc_secret_next(&walk, &secret);) {
        const uint32_t size = secret.size;
        bool spaced = false;
        for (int byte = dc_secret_byte(&secret); byte >= 0; byte = dc_secret_byte(&secret)) {
            spaced = spaced || byte == ' ';
            sum->has_percent = sum->has_percent || byte == '%';
            sum->has_backslash = sum->has_backslash || byte == '\\';
        }
        sum->count++;
        sum->bytes += size;
        if (spaced) sum->spaced += size;
        if (size > sum->longest) sum->longest = size;
        if (size < sum->shortest) sum->shortest = size;
    }
    return !walk.failed && sum->bytes + sum->spaced < DC_SCRUB_NODES;
}
