/* scrub_read.c: the readers. A reader cuts the text into units and puts what they stand for through the trie, in seven
 * lanes: as it is, and as hex and base64 in each alignment. Where a unit is an escape, a form may also begin inside of
 * it (`\nsecret` holds `nsecret`): that is looked up by itself, so that what stands before a form never hides it. */
#include "scrub.h"

#include <string.h>

/* ---- Units ------------------------------------------------------------------------------------------- */

static int hex_value(uint8_t byte) {
    if (byte >= '0' && byte <= '9') return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

enum { NO_CODE = -1, CUT = -2 }; /* not that; perhaps, but its end is not there yet */

/* `count` hex digits from `at` on. */
static int32_t read_hex(const dc_scrubber *scrub, const char *text, uint32_t at, uint32_t count) {
    int32_t value = 0;
    for (uint32_t i = at; i < at + count; i++) {
        if (i >= scrub->fill) return scrub->final ? NO_CODE : CUT;
        const int digit = hex_value((uint8_t)text[i]);
        if (digit < 0) return NO_CODE;
        value = value << 4 | digit;
    }
    return value;
}

static int32_t read_u(const dc_scrubber *scrub, const char *text, uint32_t at) {
    for (uint32_t i = 0; i < 2; i++) {
        if (at + i >= scrub->fill) return scrub->final ? NO_CODE : CUT;
        if (text[at + i] != (i == 0 ? '\\' : 'u')) return NO_CODE;
    }
    return read_hex(scrub, text, at + 2, 4);
}

static dc_unit unit_of(uint8_t size, uint32_t code) {
    dc_unit unit = {.size = size};
    unit.count = (uint8_t)dc_scan_put((char *)unit.bytes, code);
    return unit;
}

/* A JSON escape; `plain` where it is none. */
static dc_unit read_json(const dc_scrubber *scrub, const char *text, uint32_t at, dc_unit plain) {
    static const char marks[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    if (at + 1 >= scrub->fill) return scrub->final ? plain : (dc_unit){0};
    const char *mark = text[at + 1] != '\0' ? strchr(marks, text[at + 1]) : NULL;
    if (mark != NULL) return unit_of(2, (uint8_t)bytes[mark - marks]);
    const int32_t code = read_u(scrub, text, at);
    if (code == NO_CODE) return plain;
    if (code == CUT) return (dc_unit){0};
    if (code < 0xD800 || code >= 0xDC00) return unit_of(6, (uint32_t)code);
    const int32_t low = read_u(scrub, text, at + 6);
    if (low == CUT) return (dc_unit){0};
    if (low < 0xDC00 || low >= 0xE000) return unit_of(6, (uint32_t)code);
    return unit_of(12, 0x10000U + (((uint32_t)code - 0xD800U) << 10) + ((uint32_t)low - 0xDC00U));
}

dc_unit dc_scrub_escape(const dc_scrubber *scrub, const char *text, uint32_t at, uint32_t undo) {
    const dc_unit plain = {1, 1, {(uint8_t)text[at]}};
    if (text[at] == '\\' && (undo & DC_UNDO_JSON) != 0) return read_json(scrub, text, at, plain);
    if (text[at] != '%' || (undo & DC_UNDO_PERCENT) == 0) return plain;
    const int32_t code = read_hex(scrub, text, at + 1, 2);
    if (code == CUT) return (dc_unit){0};
    return code == NO_CODE ? plain : (dc_unit){3, 1, {(uint8_t)code}};
}

/* ---- Lanes ------------------------------------------------------------------------------------------- */

enum { RAW = 0, HEX = 1, BASE64 = 3 }; /* the first lane of each width */

void dc_reader_begin(dc_reader *reader, uint32_t at) {
    *reader = (dc_reader){.at = at, .before = at, .undo = reader->undo};
}

/* A unit at hand. */
typedef struct step {
    dc_scrubber *scrub;
    dc_reader *reader;
    const char *text;
    uint32_t end;   /* behind the unit */
    uint32_t width; /* of the lane */
    uint32_t left;  /* bits of the unit behind the byte at hand */
} step;

/* Move the start of a prefix on by so many bytes of the secret, unit by unit, as the reader came. `bytes`: how long the
 * prefix is. Where it has as many units as bytes of text there was no escape in it, and that is an addition. */
static void move_start(const step *now, dc_lane *lane, uint32_t bytes, uint32_t by) {
    const uint32_t bits = lane->lead + 8 * by, units = bits / now->width;
    const uint32_t all = (lane->lead + 8 * bytes + now->left) / now->width;
    lane->lead = (uint8_t)(bits % now->width);
    if (now->end - lane->start == all) {
        lane->start += units;
        return;
    }
    uint32_t left = units;
    while (left > 0) {
        const dc_unit unit = dc_scrub_unit(now->scrub, now->text, lane->start, now->reader->undo);
        const uint32_t count = now->width == 8 ? unit.count : 1;
        if (!dc_scrub_step(now->scrub) || count > left || unit.size == 0)
            return; /* inside a character: it goes as a whole */
        lane->start += unit.size;
        left -= count;
    }
}

/* A byte of a lane through the trie; `first` is the unit where it begins, `lead` what of that unit is before it. */
static void go_through(const step *now, dc_lane *lane, uint8_t byte, uint32_t first, uint32_t lead) {
    dc_scrubber *scrub = now->scrub;
    const dc_node *nodes = dc_scrub_nodes(scrub);
    uint32_t node = lane->node, to;
    const uint32_t depth = nodes[node].depth + 1U;
    while ((to = dc_scrub_child(scrub, node, byte)) == 0 && node != 0) node = nodes[node].fail;
    lane->node = (uint16_t)to;
    if (to == 0) return;
    const uint32_t now_deep = nodes[to].depth, found = nodes[to].found;
    if (now_deep == 1) {
        lane->start = first;
        lane->lead = (uint8_t)lead;
    } else if (now_deep < depth) {
        move_start(now, lane, depth, depth - now_deep);
    }
    if (found == 0) return;
    dc_lane copy = *lane;
    if (found < now_deep) move_start(now, &copy, now_deep, now_deep - found);
    dc_scrub_cover(scrub, copy.start, now->end);
}

/* The same for a byte that begins in the unit before this one; most lanes have no prefix, and most bytes begin none. */
static inline void take_byte(step *now, dc_lane *lane, uint32_t byte, uint32_t width, uint32_t left) {
    byte &= 255;
    if (lane->node == 0 && now->scrub->root[byte] == 0) return;
    now->width = width;
    now->left = left;
    go_through(now, lane, (uint8_t)byte, now->reader->before, 2 * width - 8 - left);
}

/* The value of a hex digit, from its value in base64. */
static inline uint32_t hex_of(uint32_t six) {
    if (six >= 52 && six < 62) return six - 52;
    if (six < 6) return six + 10;
    return six >= 26 && six < 32 ? six - 16 : DC_NO_SIX;
}

static inline uint8_t one_more(uint32_t run) {
    return (uint8_t)(run == 7 ? 4 : run + 1);
}

static void stop(dc_lane *lane, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) lane[i].node = 0;
}

/* A byte of hex ends with each digit, in one of two lanes in turn. */
static inline void take_hex(step *now, dc_reader *reader, uint32_t hex) {
    const uint32_t run = reader->run4;
    if (hex == DC_NO_SIX) {
        if (run > 0) stop(&reader->lane[HEX], 2);
        reader->run4 = 0;
        return;
    }
    if (run > 0) take_byte(now, &reader->lane[HEX + (run & 1)], (uint32_t)reader->last4 << 4 | hex, 4, 0);
    reader->run4 = one_more(run);
    reader->last4 = (uint8_t)hex;
}

/* With each character of base64 a byte ends in three lanes of four: 4, 2 or no bits before the end of the character. */
static inline void take_base64(step *now, dc_reader *reader, uint32_t six) {
    const uint32_t run = reader->run6, pair = (uint32_t)reader->last6 << 6 | six;
    dc_lane *lane = &reader->lane[BASE64];
    if (six == DC_NO_SIX) {
        if (run > 0) stop(lane, 4);
        reader->run6 = 0;
        return;
    }
    if (run > 0) {
        take_byte(now, &lane[run & 3], pair >> 4, 6, 4);
        take_byte(now, &lane[(run - 1) & 3], pair >> 2, 6, 2);
        take_byte(now, &lane[(run - 2) & 3], pair, 6, 0);
    }
    reader->run6 = one_more(run);
    reader->last6 = (uint8_t)six;
}

/* ---- Inside escapes ---------------------------------------------------------------------------------- */

typedef struct probe {
    uint32_t at, node, bits, width;
    int have;
} probe;

/* Does a secret begin right here, as units of this width? Covered where one does. False: it depends on more input. */
static bool look_up(dc_scrubber *scrub, uint32_t undo, uint32_t start, probe look) {
    const char *text = dc_scrub_text(scrub);
    const dc_node *nodes = dc_scrub_nodes(scrub);
    for (;;) {
        if (look.node != 0 && nodes[look.node].side == 0 && (nodes[look.node].flags & DC_NODE_CHAIN) == 0) return true;
        if (!dc_scrub_step(scrub)) return false;
        if (look.at >= scrub->fill) return scrub->final != 0;
        const dc_unit unit = dc_scrub_unit(scrub, text, look.at, undo);
        if (unit.size == 0) return false;
        look.at += unit.size;
        for (uint32_t i = 0; i < unit.count; i++) {
            const uint8_t byte = unit.bytes[i];
            uint32_t value = byte;
            if (look.width < 8) {
                value = look.width == 4 ? hex_of(scrub->six[byte]) : scrub->six[byte];
                if (value == DC_NO_SIX || unit.count > 1) return true;
            }
            look.bits = look.bits << look.width | value;
            look.have += (int)look.width;
            if (look.have < 8) continue;
            look.have -= 8;
            look.node = dc_scrub_child(scrub, look.node, (uint8_t)(look.bits >> look.have));
            if (look.node == 0) return true;
            if ((nodes[look.node].flags & DC_NODE_SECRET) != 0) dc_scrub_cover(scrub, start, look.at);
        }
    }
}

/* May a secret begin right here? Two plain characters tell in most cases. */
static bool may_begin(const dc_scrubber *scrub, const char *text, uint32_t at) {
    const uint16_t *root = scrub->root;
    if (at + 1 >= scrub->fill || text[at] == '\\' || text[at] == '%' || text[at + 1] == '\\' || text[at + 1] == '%')
        return true;
    if (root[(uint8_t)text[at]] != 0) return true;
    const uint32_t six = scrub->six[(uint8_t)text[at]], next = scrub->six[(uint8_t)text[at + 1]];
    if (six == DC_NO_SIX || next == DC_NO_SIX) return false;
    const uint32_t pair = six << 6 | next, hex = hex_of(six), next_hex = hex_of(next);
    if ((root[pair >> 4] | root[pair >> 2 & 255] | root[pair & 255]) != 0) return true;
    return hex != DC_NO_SIX && next_hex != DC_NO_SIX && root[hex << 4 | next_hex] != 0;
}

static bool look_inside(dc_scrubber *scrub, const dc_reader *reader, uint32_t size) {
    static const probe looks[] = {
        {.width = 8}, {.width = 4}, {.width = 6}, {.width = 6, .have = -2}, {.width = 6, .have = -4}};
    const char *text = dc_scrub_text(scrub);
    for (uint32_t start = reader->at + 1; start < reader->at + size; start++) {
        if (!may_begin(scrub, text, start)) continue;
        for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
            probe look = looks[i];
            look.at = start;
            if (!look_up(scrub, reader->undo, start, look)) return false;
        }
    }
    return true;
}

/* ---- Readers ----------------------------------------------------------------------------------------- */

bool dc_reader_run(dc_scrubber *scrub, dc_reader *reader, uint32_t until) {
    step now = {.scrub = scrub, .reader = reader, .text = dc_scrub_text(scrub)};
    while (reader->at < until) {
        if (reader->at >= scrub->fill) return false;
        const dc_unit unit = dc_scrub_unit(scrub, now.text, reader->at, reader->undo);
        if (unit.size == 0 || (unit.size > 1 && !look_inside(scrub, reader, unit.size))) return false;
        now.end = reader->at + unit.size;
        now.width = 8;
        now.left = 0;
        for (uint32_t i = 0; i < unit.count; i++) go_through(&now, &reader->lane[RAW], unit.bytes[i], reader->at, 0);
        const uint32_t six = unit.count == 1 ? scrub->six[unit.bytes[0]] : DC_NO_SIX;
        take_hex(&now, reader, hex_of(six));
        take_base64(&now, reader, six);
        reader->before = reader->at;
        reader->at = now.end;
    }
    return true;
}

uint32_t dc_reader_live(const dc_reader *reader) {
    uint32_t live = reader->before < reader->at ? reader->before : reader->at;
    for (uint32_t i = 0; i < DC_LANES; i++) {
        if (reader->lane[i].node != 0 && reader->lane[i].start < live) live = reader->lane[i].start;
    }
    return live;
}
