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

static void reset(dc_lane *lane, uint32_t count, int debt) {
    for (uint32_t i = 0; i < count; i++) lane[i] = (dc_lane){.have = (int8_t)(-debt * (int)i)};
}

void dc_reader_begin(dc_reader *reader, uint32_t at) {
    reader->at = reader->before = at;
    reader->idle4 = reader->idle6 = 1;
    reset(&reader->lane[RAW], 1, 0);
    reset(&reader->lane[HEX], 2, 4);
    reset(&reader->lane[BASE64], 4, 2);
}

/* A unit at hand, for all lanes. */
typedef struct step {
    dc_scrubber *scrub;
    dc_reader *reader;
    const char *text;
    uint32_t end; /* behind the unit */
    uint32_t width;
} step;

/* Move the start of a prefix on by so many bytes of the secret, unit by unit, as the reader came. `bytes`: how long the
 * prefix is. Where it has as many units as bytes of text there was no escape in it, and that is an addition. */
static void move_start(const step *now, dc_lane *lane, uint32_t bytes, uint32_t by) {
    const uint32_t bits = lane->lead + 8 * by, units = bits / now->width;
    const uint32_t all = (lane->lead + 8 * bytes + (uint32_t)lane->have) / now->width;
    lane->lead = (uint8_t)(bits % now->width);
    if (now->end - lane->start == all) {
        lane->start += units;
        return;
    }
    uint32_t left = units;
    while (left > 0) {
        const dc_unit unit = dc_scrub_unit(now->scrub, now->text, lane->start, now->reader->undo);
        const uint32_t count = now->width == 8 ? unit.count : 1;
        if (count > left || unit.size == 0) return; /* inside a character: it goes as a whole */
        lane->start += unit.size;
        left -= count;
    }
}

/* The rest of take_byte, for a lane that is in the middle of a prefix. */
static void go_on_with(const step *now, dc_lane *lane, uint8_t byte, uint32_t first, uint32_t lead) {
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

/* One byte of a lane through the trie; `first` is the unit where it begins, `lead` what of that unit is before it. */
static inline void take_byte(const step *now, dc_lane *lane, uint8_t byte, uint32_t first, uint32_t lead) {
    if (lane->node == 0 && now->scrub->root[byte] == 0) return;
    go_on_with(now, lane, byte, first, lead);
}

static inline void take_bits(step *now, uint32_t width, dc_lane *lane, uint32_t value) {
    lane->bits = lane->bits << width | value;
    lane->have = (int8_t)(lane->have + (int)width);
    if (lane->have < 8) return;
    lane->have = (int8_t)(lane->have - 8);
    now->width = width;
    take_byte(now, lane, (uint8_t)(lane->bits >> lane->have), now->reader->before,
              2 * width - 8 - (uint32_t)lane->have);
}

/* The value of a hex digit, from its value in base64. */
static inline uint32_t hex_of(uint32_t six) {
    if (six >= 52 && six < 62) return six - 52;
    if (six < 6) return six + 10;
    return six >= 26 && six < 32 ? six - 16 : DC_NO_SIX;
}

/* A character through the lanes of hex and base64. One that is in neither alphabet ends what they had. */
static inline void take_character(step *now, dc_reader *reader, uint32_t six) {
    const uint32_t hex = hex_of(six);
    if (hex != DC_NO_SIX) {
        reader->idle4 = 0;
        for (uint32_t i = HEX; i < BASE64; i++) take_bits(now, 4, &reader->lane[i], hex);
    } else if (reader->idle4 == 0) {
        reset(&reader->lane[HEX], BASE64 - HEX, 4);
        reader->idle4 = 1;
    }
    if (six != DC_NO_SIX) {
        reader->idle6 = 0;
        for (uint32_t i = BASE64; i < DC_LANES; i++) take_bits(now, 6, &reader->lane[i], six);
    } else if (reader->idle6 == 0) {
        reset(&reader->lane[BASE64], DC_LANES - BASE64, 2);
        reader->idle6 = 1;
    }
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

static bool look_inside(dc_scrubber *scrub, const dc_reader *reader, uint32_t size) {
    static const probe looks[] = {
        {.width = 8}, {.width = 4}, {.width = 6}, {.width = 6, .have = -2}, {.width = 6, .have = -4}};
    for (uint32_t start = reader->at + 1; start < reader->at + size; start++) {
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
        for (uint32_t i = 0; i < unit.count; i++) take_byte(&now, &reader->lane[RAW], unit.bytes[i], reader->at, 0);
        take_character(&now, reader, unit.count == 1 ? scrub->six[unit.bytes[0]] : DC_NO_SIX);
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
