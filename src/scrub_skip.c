/* scrub_skip.c: over text in which no form begins, as fast as can be. Most of the time it looks at four bytes and goes
 * on by most of a window. An escape stops it only where it stands for a byte that is in some form. */
#include "run.h"
#include "scrub.h"

#include <string.h>

static bool is_live(const dc_scrubber *scrub, uint8_t byte) {
    return (scrub->live[byte >> 3] >> (byte & 7) & 1) != 0;
}

static bool concerns(const dc_scrubber *scrub, const char *text, uint32_t at, dc_unit unit) {
    bool live = is_live(scrub, (uint8_t)text[at]);
    for (uint32_t i = 0; i < unit.count; i++) live = live || is_live(scrub, unit.bytes[i]);
    return live;
}

static inline uint32_t gram_hash(const dc_scrubber *scrub, const char *at) {
    uint32_t gram;
    memcpy(&gram, at, sizeof gram);
    return dc_scrub_hash(gram) & (scrub->table - 1);
}

static inline bool begins(const uint8_t *firsts, uint32_t hash) {
    return (firsts[hash >> 3] >> (hash & 7) & 1) != 0;
}

/* Text without escapes, up to `clear`. True: a window may begin at `at`. */
static bool skip_plain(dc_scrubber *scrub, const char *text) {
    const uint8_t *shifts = dc_scrub_shifts(scrub), *firsts = dc_scrub_firsts(scrub);
    const uint32_t window = scrub->window, clear = scrub->clear;
    uint32_t at = scrub->at;
    while (at + window <= clear) {
        const uint32_t shift = shifts[gram_hash(scrub, text + at + window - DC_SCRUB_GRAM)];
        if (shift == 0 && begins(firsts, gram_hash(scrub, text + at))) {
            scrub->at = at;
            return true;
        }
        at += shift > 0 ? shift : 1;
    }
    scrub->at = at;
    return false;
}

enum { NO, YES, CUT }; /* CUT: it depends on more input */

/* Do the four bytes that stand at `at`, decoded, begin a window? */
static int begins_decoded(dc_scrubber *scrub, const char *text, uint32_t at, uint32_t undo) {
    char gram[DC_SCRUB_GRAM];
    for (uint32_t count = 0; count < DC_SCRUB_GRAM;) {
        const dc_unit unit = at < scrub->fill ? dc_scrub_unit(scrub, text, at, undo) : (dc_unit){0};
        if (unit.size == 0) return scrub->final ? NO : CUT;
        for (uint32_t i = 0; i < unit.count && count < DC_SCRUB_GRAM; i++) gram[count++] = (char)unit.bytes[i];
        at += unit.size;
    }
    return begins(dc_scrub_firsts(scrub), gram_hash(scrub, gram)) ? YES : NO;
}

/* At an escape: may a form that it belongs to begin at `at` or later? It begins with four plain bytes that are known,
 * or with fewer and the escape. `at` is moved on to where. */
static int approach(dc_scrubber *scrub, const char *text) {
    const uint8_t *firsts = dc_scrub_firsts(scrub);
    for (; scrub->at + DC_SCRUB_GRAM <= scrub->clear; scrub->at++) {
        if (begins(firsts, gram_hash(scrub, text + scrub->at))) return YES;
    }
    for (; scrub->at <= scrub->clear; scrub->at++) {
        for (uint32_t i = 0; i < scrub->readers; i++) {
            const int found = begins_decoded(scrub, text, scrub->at, scrub->reader[i].undo);
            if (found != NO) return found;
        }
    }
    return NO;
}

bool dc_scrub_skip(dc_scrubber *scrub) {
    const char *text = dc_scrub_text(scrub);
    if (scrub->window == 0) {
        scrub->at = scrub->fill;
        return false;
    }
    for (;;) {
        if (scrub->clear < scrub->at) scrub->clear = scrub->at;
        scrub->clear = (uint32_t)(dc_seek(text + scrub->clear, text + scrub->fill, '%', '\\') - text);
        if (skip_plain(scrub, text)) {
            scrub->until = scrub->at + DC_SCRUB_WINDOW;
            return true;
        }
        if (scrub->clear == scrub->fill) return false;
        const dc_unit unit = dc_scrub_unit(scrub, text, scrub->clear, DC_UNDO_JSON | DC_UNDO_PERCENT);
        if (unit.size == 0) return false;
        if (concerns(scrub, text, scrub->clear, unit)) {
            const int found = approach(scrub, text);
            scrub->until = scrub->clear + unit.size + DC_SCRUB_BEFORE;
            if (found != NO) return found == YES;
        }
        /* What begins inside of it or behind it is found from there on. */
        scrub->at = ++scrub->clear;
    }
}
