/* model_walk.c: wire JSON -> camelCase, for model.c.
 *
 * One walk over the tokenizer's events checks the answer and writes its model. What stays as it is, is copied in runs:
 * [from, at) is read and not yet written. A name loses its underscores, an account gets the members that older services
 * leave out. Nothing is read a second time, so nothing is believed that was not checked. */
#include "model.h"

#include "run.h"
#include "scan.h"
#include "words.h"

#include <string.h>

/* What a value is, by where it stands. From ITEMS on it matters what is there. */
enum { PLAIN, FOREIGN, PAGE, ACCOUNT, TOOLKIT, CONFIG, ITEMS, ID, SLUG, STATUS, FAMILY_FLAG };

/* What is good, in the order of ITEMS, ID, SLUG and STATUS, and what is wrong if it is not. */
enum { HAS_ITEMS = 1, HAS_ID = 2, HAS_SLUG = 4, HAS_STATUS = 8, KNOWN_STATUS = 16, WHOLE_ACCOUNT = 30 };

static const char *const problems[] = {
    "The answer is not a page of items.",
    "The answer holds an account without an id.",
    "The answer holds an account without a toolkit.",
    "The answer holds an account without a status.",
    "The answer holds an account of an unknown status.",
};

/* A name that means something, `in` an object of that kind (PLAIN: everywhere). `decides`: what its value, the last of
 * doubled ones, settles. */
typedef struct name_row {
    const char *name;
    uint8_t size, in, is, decides;
} name_row;

#define NAME(text) text, sizeof(text) - 1

/* By size, so that few are looked at. Every account has the PLAIN members `in` ACCOUNT, although older services leave
 * some out. FOREIGN ones hold what somebody else wrote: it is never renamed. */
static const name_row names[] = {
    {NAME("id"), ACCOUNT, ID, HAS_ID},
    {NAME("val"), PLAIN, FOREIGN},
    {NAME("data"), PLAIN, FOREIGN},
    {NAME("slug"), TOOLKIT, SLUG, HAS_SLUG},
    {NAME("alias"), ACCOUNT},
    {NAME("items"), PAGE, ITEMS, HAS_ITEMS},
    {NAME("params"), PLAIN, FOREIGN},
    {NAME("scopes"), ACCOUNT},
    {NAME("status"), ACCOUNT, STATUS, HAS_STATUS | KNOWN_STATUS},
    {NAME("headers"), PLAIN, FOREIGN},
    {NAME("toolkit"), ACCOUNT, TOOLKIT, HAS_SLUG},
    {NAME("word_id"), ACCOUNT},
    {NAME("identity"), ACCOUNT},
    {NAME("reconnect"), ACCOUNT},
    {NAME("expires_at"), ACCOUNT},
    {NAME("auth_config"), ACCOUNT, CONFIG},
    {NAME("binary_data"), PLAIN, FOREIGN},
    {NAME("credentials"), PLAIN, FOREIGN},
    {NAME("last_used_at"), ACCOUNT},
    {NAME("fingerprints"), PLAIN, FOREIGN},
    {NAME("session_info"), PLAIN, FOREIGN},
    {NAME("status_reason"), ACCOUNT},
    {NAME("next_refresh_at"), ACCOUNT},
    {NAME("input_parameters"), PLAIN, FOREIGN},
    {NAME("last_refreshed_at"), ACCOUNT},
    {NAME("output_parameters"), PLAIN, FOREIGN},
    {NAME("shared_credentials"), PLAIN, FOREIGN},
    {NAME("is_composio_managed"), CONFIG, FAMILY_FLAG}, /* older services know the flag by this name only */
    {NAME("is_devcaster_managed"), CONFIG},
    {NULL}};

enum {
    NAMES = sizeof names / sizeof names[0] - 1,
    OWN_FLAG = NAMES - 1,
    LONGEST = sizeof "is_devcaster_managed" - 1,
    ADDED = 256 /* more than is ever added at one place */
};

typedef struct walk {
    dc_scan scan;
    const char *at, *end, *from;
    dc_out *out;   /* has room for what is left to read and ADDED bytes more */
    uint32_t seen; /* the names of this account, a bit for each */
    uint8_t good;
    uint8_t lacking; /* of what must be good */
    uint8_t is;      /* what comes next */
    bool odd;        /* the string just read is not plain */
    uint8_t kinds[DC_DEPTH + 1];
    uint8_t first[LONGEST + 1]; /* of the names of this size */
} walk;

_Static_assert(NAMES <= 32, "a bit of `seen` for each name");

/* ---- Writing ----------------------------------------------------------------------------------------- */

static void put(walk *w, const char *text, size_t size) {
    dc_copy(w->out->at + w->out->size, text, size);
    w->out->size += size;
}

static void flush(walk *w, const char *to) {
    put(w, w->from, (size_t)(to - w->from));
    w->from = to;
}

/* False: there is no memory, and nothing more to read: a document that ends early has no model. */
static bool make_room(walk *w) {
    const bool made = dc_out_reserve(w->out, (size_t)(w->end - w->from) + ADDED);
    if (!made) w->at = w->end;
    return made;
}

/* From `at` on, which is not the first character. Names never get longer. */
static void put_camel(walk *w, const char *at, const char *quote) {
    for (; at < quote; at++) {
        if (*at != '_') continue;
        char next = at[1];
        const bool letter = next >= 'a' && next <= 'z', digit = next >= '0' && next <= '9';
        if (!letter && !digit) continue;
        flush(w, at);
        if (letter) next = (char)(next - 'a' + 'A');
        put(w, &next, 1);
        w->from = ++at + 1;
    }
}

/* Behind white space (of the lowest bytes the scanner lets no other pass) and `mark`. */
static const char *skip(const char *at, const char *end, char mark) {
    while (at < end && ((unsigned char)*at <= ' ' || *at == mark)) at++;
    return at;
}

static void end_account(walk *w) {
    w->lacking |= (uint8_t)(WHOLE_ACCOUNT & ~w->good);
    flush(w, w->at);
    dc_model_reopen(w->out);
    for (uint32_t i = 0; i < NAMES; i++) {
        const name_row *each = &names[i];
        if (each->in != ACCOUNT || each->is != PLAIN || (w->seen >> i & 1)) continue;
        put(w, ",\"", 2);
        w->from = each->name;
        put_camel(w, each->name + 1, each->name + each->size);
        flush(w, each->name + each->size);
        put(w, "\":null", 6);
    }
    put(w, "}", 1);
    w->from = w->at;
    make_room(w);
}

/* The flag under our name, in front of the family's. Should our own come later, it wins: the last of doubled ones. */
static bool put_flag(walk *w, const char *name, bool on) {
    flush(w, name - 1);
    put(w, "\"isDevcasterManaged\":", 21);
    put(w, on ? "true," : "false,", on ? 5 : 6);
    return make_room(w);
}

/* The value behind this name is one that matters; the scanner will see whether it is well-formed. False: no memory. */
static bool take_value(walk *w, const char *name) {
    const char *value = skip(w->at, w->end, ':');
    const char first = value < w->end ? *value : 0;
    if (w->is == FAMILY_FLAG) return w->seen >> OWN_FLAG & 1 || put_flag(w, name, first == 't');
    if (first != (w->is == ITEMS ? '[' : '"')) {
        w->is = PLAIN;
        return true;
    }
    w->good |= (uint8_t)(1U << (w->is - ITEMS));
    const char *word = value + 1, *quote = dc_run(word, w->end, '"');
    if (w->is == STATUS && quote < w->end && *quote == '"' &&
        dc_word_index(dc_status_names, (dc_span){word, (uint32_t)(quote - word)}) >= 0)
        w->good |= KNOWN_STATUS;
    return true;
}

/* Words are no event: an item that is no account is seen from the place before it. */
static void expect_account(walk *w) {
    const char *at = skip(w->at, w->end, ',');
    if (at < w->end && *at != '{' && *at != ']') w->lacking |= HAS_ID;
}

/* ---- The walk ---------------------------------------------------------------------------------------- */

/* What a member is. */
static uint8_t look_up(walk *w, dc_span name) {
    for (uint32_t i = name.size <= LONGEST ? w->first[name.size] : 0; names[i].size == name.size; i++) {
        const name_row *each = &names[i];
        if (*each->name != *name.at || memcmp(each->name, name.at, name.size) != 0) continue;
        if (each->in != PLAIN && each->in != w->kinds[w->scan.depth]) break;
        w->seen |= 1U << i;
        w->good &= (uint8_t)~each->decides;
        return each->is;
    }
    return PLAIN;
}

/* The rest of a string. False: it is faulty, and the scanner, told what it is in, stays there. */
static bool pass_string(walk *w, uint8_t expect) {
    w->at = dc_run(w->at, w->end, '"');
    if (w->at < w->end && *w->at == '"') {
        w->at++;
        return true;
    }
    w->odd = true;
    w->scan.expect = expect;
    w->scan.part = DC_SCAN_BETWEEN;
    return dc_scan_text(&w->scan, &w->at, w->end) == DC_EVENT_END;
}

static bool pass_name(walk *w) {
    const char *start = w->at;
    w->odd = false;
    if (!pass_string(w, DC_EXPECT_NAME_TEXT)) return false;
    if (w->kinds[w->scan.depth] == FOREIGN) return true;
    const char *quote = w->at - 1;
    dc_span name = {start, (uint32_t)(quote - start)};
    /* One with escapes is known by what they say. */
    if (w->odd && !dc_scan_string((dc_span){start - 1, name.size + 2}, &name)) name.size = 0;
    w->is = look_up(w, name);
    if (w->is >= ITEMS && !take_value(w, start)) return false;
    if (dc_run(start, w->end, '_') < quote) put_camel(w, start + 1, quote);
    return true;
}

static inline uint32_t four(const char *at) {
    uint32_t bytes;
    memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

/* From the opening quote of a name on, as long as members follow each other without white space. */
static void pass_members(walk *w) {
    while (pass_name(w)) {
        const char *at = w->at;
        w->scan.expect = DC_EXPECT_COLON;
        if (w->end - at < 7 || *at++ != ':') return;
        if (*at == '"') {
            w->at = at + 1;
            if (!pass_string(w, DC_EXPECT_TEXT)) return;
        } else {
            const bool off = *at == 'f';
            const uint32_t word = four(at += off);
            if (off ? word != four("alse") : word != four("null") && word != four("true")) return;
            w->at = at + 4;
        }
        w->scan.expect = DC_EXPECT_NEXT;
        if (w->end - w->at < 2 || w->at[0] != ',' || w->at[1] != '"') return;
        w->at += 2;
    }
}

static uint8_t item_of(uint8_t kind) {
    return kind == FOREIGN ? FOREIGN : kind == ITEMS ? ACCOUNT : PLAIN;
}

static void open_container(walk *w) {
    const uint8_t is = w->is;
    w->kinds[w->scan.depth] = is;
    w->is = item_of(is);
    if (is != ACCOUNT) return;
    w->seen = 0;
    w->good &= HAS_ITEMS;
}

static void close_container(walk *w) {
    const uint8_t *kinds = w->kinds + w->scan.depth;
    w->is = item_of(kinds[0]);
    if (kinds[1] == ACCOUNT) end_account(w);
    if (w->scan.depth == 0) flush(w, w->at); /* what follows is white space, or a fault */
}

static bool pass_document(walk *w) {
    for (;;) {
        if (w->kinds[w->scan.depth] == ITEMS) expect_account(w);
        switch (dc_scan_step(&w->scan, &w->at, w->end)) {
        case DC_EVENT_MORE: return dc_scan_done(&w->scan);
        case DC_EVENT_FAULT: return false;
        case DC_EVENT_NAME: pass_members(w); break;
        case DC_EVENT_TEXT:
            if (pass_string(w, DC_EXPECT_TEXT)) dc_scan_text_end(&w->scan);
            break;
        case DC_EVENT_NUMBER: dc_scan_number(&w->scan, &w->at, w->end); break;
        case DC_EVENT_OPEN: open_container(w); break;
        case DC_EVENT_CLOSE: close_container(w); break;
        default: break;
        }
    }
}

const char *dc_model_walk(dc_out *out, dc_shape shape, dc_span body) {
    walk w = {.at = body.at, .from = body.at, .end = body.at + body.size, .out = out};
    for (uint32_t i = NAMES; i-- > 0;) w.first[names[i].size] = (uint8_t)i;
    w.is = shape == DC_SHAPE_ACCOUNT ? ACCOUNT : shape == DC_SHAPE_ACCOUNTS ? PAGE : PLAIN;
    dc_scan_begin(&w.scan);
    make_room(&w);
    if (!body.size || body.at[0] != '{' || !pass_document(&w)) return "The answer is not a JSON object.";
    if (shape == DC_SHAPE_ACCOUNTS) w.lacking |= (uint8_t)(HAS_ITEMS & ~w.good);
    return w.lacking ? problems[__builtin_ctz(w.lacking)] : NULL;
}
