/* scan.h: the forward scanner. It reads JSON without changing a byte of it: values that belong to somebody
 * else travel through the core as spans that it finds.
 *
 * Two layers. The resumable tokenizer underneath the masker (its types stand further down) stops and goes on at
 * any byte. The functions on whole documents below find members and items as spans; they expect text that
 * dc_scan_valid has accepted. */
#ifndef DC_SCAN_H
#define DC_SCAN_H

#include "devcaster.h"

#include <stdbool.h>

enum { DC_DEPTH = 64 }; /* containers within containers; one more is an error */

/* Is this one whole JSON value (RFC 8259), well-formed UTF-8, not deeper than DC_DEPTH, nothing behind it
 * but white space? On failure *where is the offset of the fault (`where` may be NULL). */
bool dc_scan_valid(dc_span text, uint32_t *where);

/* The value of a member of an object, without surrounding white space. Names are compared decoded
 * (`\u0061` is `a`). The last one of doubled names wins, as in JSON.parse. False: not an object, not there. */
bool dc_scan_member(dc_span object, const char *name, dc_span *value);
bool dc_scan_member_of(dc_span object, dc_span name, dc_span *value); /* the same for a name that is a part of a text */
bool dc_scan_only(dc_span object, const char *name, dc_span *value);  /* the same, false where it stands twice */

/* Walk an object or array: start with *rest = the container; each call gives the next member (raw name with
 * its quotes, value) or item, and moves *rest on. False: the end, or not a container. */
bool dc_scan_next(dc_span *rest, dc_span *name, dc_span *value); /* objects */
bool dc_scan_item(dc_span *rest, dc_span *value);                /* arrays */

/* The same without skipping what is walked into. dc_scan_name leaves *rest at the member's value, which dc_scan_value or a
 * walk takes; dc_scan_enter leaves it at the next item; dc_scan_leave, at the end of a walk through the container that
 * began with `bracket`, moves *rest behind it. The end of *rest need not be the container's. */
bool dc_scan_name(dc_span *rest, dc_span *name);
bool dc_scan_value(dc_span *rest, dc_span *value);
bool dc_scan_enter(dc_span *rest);
bool dc_scan_leave(dc_span *rest, char bracket);

/* Is this raw string (with its quotes), decoded, that text? */
bool dc_scan_is(dc_span raw, dc_span text);

/* The text of a JSON string (raw, with its quotes) decoded into the arena. False: not a string, a lone
 * surrogate, a NUL, or no memory. */
bool dc_scan_string(dc_span raw, dc_span *text);

/* ---- The resumable tokenizer ------------------------------------------------------------------------- */

/* Where a scan stands: a plain block without pointers. It may be copied, kept, and gone on with at any byte. */
typedef struct dc_scan {
    uint64_t objects; /* bit d-1: the container at depth d is an object */
    uint32_t unit;    /* the character just read: a code point, or the UTF-16 unit of a \u escape */
    uint8_t depth;
    uint8_t expect;    /* what may come next: DC_EXPECT_... */
    uint8_t part;      /* the place inside a character, a number or a word */
    uint8_t left;      /* bytes that the character or word still lacks */
    uint8_t low, high; /* bounds of the next byte of a UTF-8 sequence */
} dc_scan;

enum {
    DC_EXPECT_VALUE, /* after `:`, after `,` in an array, at the very start */
    DC_EXPECT_ITEM,  /* after `[`: a value or `]` */
    DC_EXPECT_FIRST, /* after `{`: a name or `}` */
    DC_EXPECT_NAME,  /* after `,` in an object */
    DC_EXPECT_COLON,
    DC_EXPECT_NEXT,      /* after a value in a container: `,` or its end */
    DC_EXPECT_NAME_TEXT, /* inside a name: call dc_scan_text or dc_scan_unit */
    DC_EXPECT_TEXT,      /* inside a string: the same */
    DC_EXPECT_NUMBER,    /* inside a number: call dc_scan_number */
    DC_EXPECT_WORD,      /* inside true, false or null: call dc_scan_step */
    DC_EXPECT_NOTHING    /* the document is whole: white space only */
};

enum { DC_SCAN_BETWEEN }; /* part, inside names and strings: no character is begun */

typedef enum dc_event {
    DC_EVENT_MORE,   /* all of the input is used up */
    DC_EVENT_FAULT,  /* not JSON; *at is the byte at fault */
    DC_EVENT_NAME,   /* the opening quote of a name was taken */
    DC_EVENT_TEXT,   /* the opening quote of a string was taken */
    DC_EVENT_NUMBER, /* a number begins at *at; nothing of it was taken */
    DC_EVENT_OPEN,   /* `[` or `{` was taken, depth counts it */
    DC_EVENT_CLOSE,  /* `]` or `}` was taken, depth does not count it any more */
    DC_EVENT_UNIT,   /* dc_scan_unit: one character was taken, it is in `unit` */
    DC_EVENT_END     /* the end of a string (its quote taken), of a number (nothing behind it taken), or of
                      * true, false or null where it is the whole document */
} dc_event;

void dc_scan_begin(dc_scan *scan);

/* Read on to the next event; white space, commas, colons and (but for END) words pass by without one. */
dc_event dc_scan_step(dc_scan *scan, const char **at, const char *end);

/* Read the rest of a name or string: END, MORE or FAULT. */
dc_event dc_scan_text(dc_scan *scan, const char **at, const char *end);

/* Read one character of a name or string: UNIT, END, MORE (its first bytes are kept in the scan) or FAULT. An
 * escaped surrogate is a unit by itself; a raw one is a fault. */
dc_event dc_scan_unit(dc_scan *scan, const char **at, const char *end);

/* The short way to the text of a name or string, from behind its opening quote: decoded into `out`, which has room for
 * *size bytes. The closing quote, not taken; NULL: not all of it is there, or it is too long, or more than `\u` escapes
 * and ASCII, or some of it had to be escaped. */
const char *dc_scan_ascii(const char *at, const char *end, char *out, uint32_t *size);

/* The string that a caller has looked through itself is over, its quote taken. */
void dc_scan_text_end(dc_scan *scan);

/* Read the rest of a number: END, MORE or FAULT. */
dc_event dc_scan_number(dc_scan *scan, const char **at, const char *end);

/* Put `code` out as UTF-8 (1 to 4 bytes). A surrogate takes three bytes that are no UTF-8: equal to no text. */
uint32_t dc_scan_put(char *out, uint32_t code);

/* No more input: was that one whole value? */
bool dc_scan_done(const dc_scan *scan);

static inline bool dc_is_space(char byte) {
    return byte <= ' ' && (byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t');
}

static inline bool dc_scan_in_object(const dc_scan *scan) {
    return scan->depth > 0 && ((scan->objects >> (scan->depth - 1)) & 1) != 0;
}

#endif
