/* pass.c: the short ways of the masker, through what most documents are made of: members and items that follow each
 * other, names and strings that are all there and plain. Whatever is odd (an escape, a cut, a number with a point) is
 * left to the scanner and the long ways (mask.c, hide.c), which find themselves where they would have got to. Both must
 * come to the same, and the fuzzer sees to that. */
#include "mask.h"

#include <string.h>

/* ---- Strings ----------------------------------------------------------------------------------------- */

/* The closing quote of a text that is all there and plain; NULL: it is not. */
static inline const char *plain_end(const char *at, const char *end) {
    at = dc_run(at, end, '"');
    return at < end && *at == '"' ? at : NULL;
}

static void begin_secret(dc_flow *flow) {
    dc_masker *mask = flow->mask;
    const char *start = flow->at, *quote = dc_run(start, flow->stop, '"');
    const size_t size = (size_t)(quote - start);
    if (quote == flow->stop || *quote != '"' || dc_room_left(flow) < DC_MASK_ROOM) {
        dc_hide_slowly(mask);
        return;
    }
    const bool masked_before = size == DC_REDACTED_SIZE && memcmp(start, dc_redacted, size) == 0;
    dc_flush(flow);
    flow->at = quote + 1;
    dc_scan_text_end(&mask->scan);
    dc_put_masked(flow, start, DC_SHOWN, size >= DC_SHOWN && !masked_before && mask->style == DC_MASK_PREFIX);
}

/* May the word in front of this colon be the scheme of a URL that needs no slashes (http, https, ftp, ws, wss)? */
static bool may_be_scheme(const char *start, const char *colon) {
    if (colon - start < 2) return false;
    const int last = colon[-1] | 0x20, second = colon[-2] | 0x20, third = colon - start > 2 ? colon[-3] | 0x20 : 0;
    if (last == 'p') return second == 't';
    return last == 's' && (second == 'w' || (second == 's' && third == 'w') || (second == 'p' && third == 't'));
}

/* Does anything in [at, end) go on for longer than the long way can hold? A space or a slash lets it go. */
static bool runs_long(const char *at, const char *end) {
    for (const char *next = at; end - at >= HOLD; at = next + 1) {
        next = dc_seek(at, end, ' ', '/');
        if (next - at >= HOLD) return true;
    }
    return false;
}

/* The first byte of [at, end) that dc_url_tells. A block is asked for `"` to `&`, `:` to `@`, `\` and what is uncommon:
 * a few more than tell. */
static inline const char *url_run(const char *at, const char *end) {
    for (; end - at >= DC_BLOCK; at += DC_BLOCK) {
        const dc_bytes block = dc_load(at);
        const dc_bytes marks = dc_within(block, '"', 5) | dc_within(block, ':', 7) | (block == dc_each('\\'));
        for (uint32_t found = dc_bits(marks | dc_uncommon(block)); found != 0; found &= found - 1) {
            if (dc_url_tells(at[__builtin_ctz(found)])) return at + __builtin_ctz(found);
        }
    }
    while (at < end && !dc_url_tells(*at)) at++;
    return at;
}

/* The closing quote of a harmless string, where that is all there and has nothing in it that could lead to user info or
 * to a parameter, nor anything that the long way would refuse: too long an authority, or a port that is none. So colons
 * stand in front of a slash (`https://`), or in words without slashes (`read:user`), where no authority is. */
static const char *harmless_end(const char *start, const char *end, bool list) {
    bool worded = false;
    const char *at = start;
    for (;; at++) {
        at = url_run(at, end);
        if (end - at < 2 || *at != ':') break;
        if (at[1] == '/') continue;
        if (may_be_scheme(start, at)) break;
        worded = true;
    }
    if (at == end || *at != '"') return NULL;
    if (!worded && at - start <= HOLD) return at;
    const bool words = dc_seek(start, at, '/', '/') == at;
    if (worded && !words) return NULL;
    return at - start <= HOLD || (words && list) || !runs_long(start, at) ? at : NULL;
}

static void begin_harmless(dc_flow *flow) {
    dc_masker *mask = flow->mask;
    const bool list = (mask->now & LIST) != 0;
    const char *quote = harmless_end(flow->at, flow->end, list);
    if (quote == NULL) { /* as it was meant, it may have nothing in it either */
        uint32_t size = HOLD;
        quote = dc_scan_ascii(flow->at, flow->end, mask->hold, &size);
        mask->hold[size] = '"';
        /* The long way holds a text as it is spelled, and both must come to the same. */
        if (quote == NULL || quote - flow->at > HOLD || harmless_end(mask->hold, mask->hold + size + 1, list) == NULL) {
            dc_look_for_urls(mask);
            return;
        }
    }
    flow->at = quote + 1;
    dc_scan_text_end(&mask->scan);
}

void dc_begin_text(dc_flow *flow) {
    dc_masker *mask = flow->mask;
    if ((mask->now & HIDE) != 0) begin_secret(flow);
    else if ((mask->now & HARMLESS) != 0) begin_harmless(flow);
    else mask->mode = MODE_TEXT;
}

/* ---- Names ------------------------------------------------------------------------------------------- */

/* Lists repeat the same names, so what a name of up to 15 letters means is remembered for the time of a call. */
static inline uint32_t place_of(const char *name, size_t size) {
    uint32_t first;
    memcpy(&first, name, sizeof first);
    const uint32_t mixed = (first ^ (uint32_t)(unsigned char)name[size >> 1] << 3 ^ (uint32_t)size << 9) * 0x9E3779B1U;
    return mixed / (0xFFFFFFFFU / DC_MEMOS + 1);
}

/* `room`: how much may be read from `name` on. */
static inline uint8_t meaning_of(dc_flow *flow, uint8_t parent, const char *name, size_t size, ptrdiff_t room) {
    if ((parent & (CREDENTIAL | ALL)) == 0 && size <= HOLD && dc_name_dull((dc_span){name, (uint32_t)size})) return 0;
    if (size >= DC_BLOCK || room < DC_BLOCK) return dc_mask_judge(flow->mask, parent, (dc_span){name, (uint32_t)size});
    dc_memo *memo = flow->memo;
    const uint32_t place = place_of(name, size);
    const uint16_t known = (uint16_t)(parent | 0x100);
    if (memo->parent[place] == known &&
        (~dc_bits(dc_load(memo->name[place]) == dc_load(name)) & ((2U << size) - 1)) == 0)
        return memo->kind[place];
    dc_store(memo->name[place], dc_load(name) & dc_first(size + 1)); /* a secret may stand behind the name */
    memo->parent[place] = known;
    return memo->kind[place] = dc_mask_judge(flow->mask, parent, (dc_span){name, (uint32_t)size});
}

/* ---- Members and items --------------------------------------------------------------------------------- */

/* Where the way stands: what of the masker and its scan it would otherwise write again and again. */
typedef struct way {
    const char *at, *end;
    uint64_t objects;
    uint8_t depth, expect, now;
} way;

static inline bool in_object(const way *w) {
    return (w->objects >> (w->depth - 1) & 1) != 0;
}

static inline void skip_space(way *w) {
    while (w->at < w->end && dc_is_space(*w->at)) w->at++;
}

/* A name with escapes. Its closing quote, or NULL: only the long way leads through it. */
static const char *decode_name(dc_flow *flow, const char *at, uint8_t parent, uint8_t *meaning) {
    char *hold = flow->mask->hold;
    uint32_t size = HOLD;
    const char *quote = dc_scan_ascii(at, flow->end, hold, &size);
    hold[size] = '"';
    if (quote == NULL) dc_name_slowly(flow->mask);
    else *meaning = meaning_of(flow, parent, hold, size, HOLD);
    return quote;
}

/* From behind the opening quote of a name to the value. */
static inline bool take_name(dc_flow *flow, way *w) {
    const char *start = w->at, *quote = plain_end(start, w->end);
    const uint8_t parent = flow->mask->kinds[w->depth];
    if (quote != NULL) {
        w->now = meaning_of(flow, parent, start, (size_t)(quote - start), w->end - start);
    } else {
        uint8_t now = 0;
        quote = decode_name(flow, start, parent, &now);
        if (quote == NULL) return false;
        w->now = now;
    }
    w->at = quote + 1;
    w->expect = DC_EXPECT_COLON;
    if (w->end - w->at < 2 || *w->at != ':') return false;
    w->at++;
    w->expect = DC_EXPECT_VALUE;
    return true;
}

/* A string that stays and is not plain: the scanner reads it, which can stop in it. */
static bool pass_odd(dc_flow *flow) {
    dc_masker *mask = flow->mask;
    mask->scan.expect = DC_EXPECT_TEXT;
    mask->mode = MODE_TEXT;
    const dc_event event = dc_scan_text(&mask->scan, &flow->at, flow->end);
    if (event == DC_EVENT_FAULT) return dc_mask_fault(flow);
    if (event == DC_EVENT_END) mask->mode = MODE_PLAIN;
    return event == DC_EVENT_END;
}

static inline bool take_text(dc_flow *flow, way *w) {
    w->at++;
    w->expect = DC_EXPECT_TEXT;
    dc_masker *mask = flow->mask;
    if ((w->now & (HIDE | HARMLESS)) == 0) {
        const char *quote = plain_end(w->at, w->end);
        if (quote != NULL) {
            w->at = quote + 1;
            return true;
        }
        flow->at = w->at;
        const bool whole = pass_odd(flow);
        w->at = flow->at;
        return whole;
    }
    flow->at = w->at;
    mask->now = w->now;
    mask->scan.expect = DC_EXPECT_TEXT;
    dc_begin_text(flow);
    w->at = flow->at;
    w->end = flow->end;
    return mask->mode == MODE_PLAIN;
}

static inline bool is_mark(char byte) {
    return byte == ',' || byte == '}' || byte == ']';
}

/* true, false, null, and whole numbers that stay. */
static inline bool take_scalar(way *w) {
    const char *at = w->at;
    if (w->end - at < DC_BLOCK) return false;
    if (*at >= '0' && *at <= '9') {
        if ((w->now & (ALL | DC_NAME_SECRET)) != 0) return false;
        if (*at++ != '0') {
            while (at < w->end && *at >= '0' && *at <= '9') at++;
        }
        if (at == w->end || !is_mark(*at)) return false;
    } else if (memcmp(at, "true", 4) == 0 || memcmp(at, "null", 4) == 0) {
        at += 4;
    } else if (memcmp(at, "false", 5) == 0) {
        at += 5;
    } else {
        return false;
    }
    w->at = at;
    return true;
}

static inline bool open_container(dc_masker *mask, way *w, bool object) {
    if (w->depth >= DC_DEPTH) return false;
    const uint64_t bit = (uint64_t)1 << w->depth;
    w->objects = object ? w->objects | bit : w->objects & ~bit;
    w->now = dc_mask_held(w->now);
    mask->kinds[++w->depth] = w->now;
    w->at++;
    w->expect = object ? DC_EXPECT_FIRST : DC_EXPECT_ITEM;
    skip_space(w);
    return w->at < w->end;
}

/* Closing brackets and the comma behind a value. False: the way ends here. */
static inline bool take_marks(const dc_masker *mask, way *w) {
    for (;;) {
        w->expect = w->depth > 0 ? DC_EXPECT_NEXT : DC_EXPECT_NOTHING;
        skip_space(w);
        if (w->depth == 0 || w->at == w->end) return false;
        const bool object = in_object(w);
        if (*w->at == ',') {
            w->at++;
            w->expect = object ? DC_EXPECT_NAME : DC_EXPECT_VALUE;
            return true;
        }
        if (*w->at != (object ? '}' : ']')) return false;
        w->at++;
        w->now = mask->kinds[--w->depth];
    }
}

static inline bool take_quote(way *w) {
    skip_space(w);
    if (w->at == w->end || *w->at != '"') return false;
    w->at++;
    w->expect = DC_EXPECT_NAME_TEXT;
    return true;
}

/* As far as it goes, from behind the opening quote of a name. */
static inline void go(dc_flow *flow, way *w) {
    bool named = true;
    for (;;) {
        if (named && w->expect != DC_EXPECT_NAME_TEXT && !take_quote(w)) return;
        if (named && !take_name(flow, w)) return;
        skip_space(w);
        if (w->at == w->end) return;
        const char first = *w->at;
        if (first == '"') {
            if (!take_text(flow, w)) return;
        } else if (first == '{' || first == '[') {
            named = first == '{';
            if (!open_container(flow->mask, w, named)) return;
            if (*w->at != first + 2) continue; /* `]` and `}` stand two behind `[` and `{` */
        } else if (!take_scalar(w)) {
            return;
        }
        if (!take_marks(flow->mask, w)) return;
        named = in_object(w);
    }
}

__attribute__((noinline)) void dc_pass(dc_flow *flow) {
    dc_masker *mask = flow->mask;
    way w = {flow->at, flow->end, mask->scan.objects, mask->scan.depth, DC_EXPECT_NAME_TEXT, mask->now};
    go(flow, &w);
    flow->at = w.at;
    mask->scan.objects = w.objects;
    mask->scan.depth = w.depth;
    mask->scan.expect = w.expect;
    mask->now = w.now;
}
