/* mask.h: the inside of the masker, shared by mask.c (the document), pass.c (the short ways through it) and hide.c (what
 * does not go out as it is).
 * Not for others: devcaster.h has what they may call. */
#ifndef DC_MASK_H
#define DC_MASK_H

#include "names.h"
#include "run.h"
#include "scan.h"
#include "url.h"

/* What a value is, as bits; a container hands it on to what it holds. SECRET, STATE and CONNECTION are the name's. */
enum {
    HARMLESS = 4,
    CREDENTIAL = 8,
    ALL = 32,
    LIST = 64,
    HIDE = 128 /* a string is masked: follows from the others */
};

/* What the bytes at hand belong to. */
enum {
    MODE_FAULT,         /* nothing comes out any more; zero, so that a block that was wiped is at fault */
    MODE_PLAIN,         /* between names and values */
    MODE_NAME,          /* a name on the long way */
    MODE_TEXT,          /* a string that stays */
    MODE_NUMBER,        /* a number that stays */
    MODE_SECRET,        /* a string that is masked */
    MODE_SHOW_REDACTED, /* before a number that is masked */
    MODE_HIDE_NUMBER,   /* in it */
    MODE_URL,           /* a harmless string */
    MODE_RELEASE,       /* held back bytes of it go out */
    MODE_REFUSED        /* the rest of it does not */
};

enum {
    HOLD = 256, /* the longest name that is known, the longest authority that is looked at */
    SLACK = 8,  /* and the last character of one that is longer */
    EXTRAS = 512,
    DC_SHOWN = 4, /* characters of a secret */
    DC_REDACTED_SIZE = 8,
    DC_MASK_ROOM = 56 /* for four characters of two escapes each, the dots and the quote */
};

typedef struct dc_masker {
    uint32_t consumed, produced; /* first, for the host to read */
    dc_scan scan;
    uint8_t scope, style, mode;
    uint8_t now;         /* what the value at hand is */
    uint8_t count;       /* secret string: characters read, up to one more than REDACTED has */
    uint8_t kept;        /* secret string: bytes of the first four, in `hold` */
    bool same;           /* secret string: so far it is REDACTED itself */
    bool paired;         /* the character before was an escaped high surrogate */
    uint16_t held, sent; /* bytes in `hold`, and how many of them are out already */
    uint16_t extras;
    dc_url url;
    uint8_t kinds[DC_DEPTH + 1]; /* by depth: what the container is */
    char hold[HOLD + SLACK];     /* a name, the start of a secret, a word, an authority or a parameter name of a URL */
    char extra[EXTRAS];          /* further harmless names */
} dc_masker;

enum { DC_MEMOS = 64 };

/* What names meant, for the time of a call of dc_mask. */
typedef struct dc_memo {
    uint16_t parent[DC_MEMOS]; /* the container's kind, and 0x100; 0: nothing is remembered here */
    uint8_t kind[DC_MEMOS];
    char name[DC_MEMOS][DC_BLOCK]; /* and the quote behind it */
} dc_memo;

/* What dc_mask has at hand while it runs. [from, at) is read, stays as it is, and is not yet written. */
typedef struct dc_flow {
    dc_masker *mask;
    const char *from, *at;
    const char *stop; /* the end of the input */
    const char *end;  /* as far as the room reaches when all is copied */
    char *out, *out_end;
    dc_memo *memo;
} dc_flow;

static inline size_t dc_room_left(const dc_flow *flow) {
    return (size_t)(flow->out_end - flow->out) - (size_t)(flow->at - flow->from);
}

/* Set how far the room reaches. */
static inline void dc_fit(dc_flow *flow) {
    const size_t room = (size_t)(flow->out_end - flow->out), left = (size_t)(flow->stop - flow->from);
    flow->end = room < left ? flow->from + room : flow->stop;
}

/* Write what was read and stays as it is. */
void dc_flush(dc_flow *flow);

/* Write something else. */
void dc_replace(dc_flow *flow, const char *text, size_t size);

/* What was read since `from` does not go out, but for the last `keep` bytes. */
static inline void dc_drop(dc_flow *flow, size_t keep) {
    flow->from = flow->at - keep;
    dc_fit(flow);
}

static inline bool dc_mask_fault(dc_flow *flow) {
    flow->mask->mode = MODE_FAULT;
    return false;
}

static inline bool dc_is_high(uint32_t unit) {
    return (unit & 0xFFFFFC00U) == 0xD800U;
}

static inline bool dc_is_low(uint32_t unit) {
    return (unit & 0xFFFFFC00U) == 0xDC00U;
}

extern const char dc_redacted[];

/* What the value of a member is, in a container that is `parent`. */
uint8_t dc_mask_judge(const dc_masker *mask, uint8_t parent, dc_span name);

/* What a container is whose own name made it this. */
static inline uint8_t dc_mask_held(uint8_t now) {
    return (now & DC_NAME_SECRET) != 0 ? ALL | HIDE : now;
}

/* From behind the opening quote of a name, as far as the short ways lead. */
void dc_pass(dc_flow *flow);

/* The opening quote of a string was taken. */
void dc_begin_text(dc_flow *flow);

/* The closing quote of a secret was taken: write what becomes of it (`shown`: `size` bytes from `start` and dots, else
 * REDACTED); the quote follows by itself. */
void dc_put_masked(dc_flow *flow, const char *start, size_t size, bool shown);

/* Take the long way through a name whose opening quote was taken. */
static inline void dc_name_slowly(dc_masker *mask) {
    mask->mode = MODE_NAME;
    mask->held = 0;
    mask->paired = false;
}

/* Take the long way through a string whose opening quote was taken: mask it, or look through it for URLs. */
void dc_hide_slowly(dc_masker *mask);
void dc_look_for_urls(dc_masker *mask);

/* Go on with one of hide.c's modes; false: input or room is used up, or the document is at fault. */
bool dc_hide(dc_flow *flow);

#endif
