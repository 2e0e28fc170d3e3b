/* scrub.h: the inside of the echo scrub, shared by the scrub_*.c files. devcaster.h has what others may call.
 *
 * A form is a way to write a secret: a decoder of units (characters as they are, %XX, JSON escapes) and, on top of it,
 * how many bits of the secret a unit carries: 8 (as it is), 6 (base64), 4 (hex). So one trie over the secrets' own
 * bytes finds all forms, and memory is a few times the secrets.
 *
 *   scrub_secrets.c   a credential -> its secrets
 *   scrub_build.c     secrets -> trie with failure links (Aho-Corasick) and filter
 *   scrub_skip.c      the filter: runs over text in which no form can begin
 *   scrub_read.c      the readers: what the filter cannot rule out goes through the trie
 *   scrub.c           the stream: buffer, spans, output */
#ifndef DC_SCRUB_H
#define DC_SCRUB_H

#include "names.h"
#include "scan.h"

enum {
    DC_SCRUB_LEAST = 8,      /* bytes of a secret; shorter ones stand in harmless text too often */
    DC_SCRUB_NODES = 65535,  /* of the trie: a few more than all secrets together have bytes */
    DC_SCRUB_WINDOW = 32,    /* bytes of a form that the filter knows, at most */
    DC_SCRUB_GRAM = 4,       /* bytes that it looks at at once */
    DC_SCRUB_BEFORE = 8,     /* a form may begin that far before its window: a partial base64 character, escaped */
    DC_SCRUB_WIDEST = 24,    /* bytes of text that a byte of a secret can take, doubled: hex digits as \u escapes */
    DC_SCRUB_STEP = 8192,    /* bytes taken in at a time, at least */
    DC_SCRUB_PATIENCE = 128, /* steps for each byte that is taken in */
    DC_LANES = 7             /* one of 8 bits, two of 4, four of 6 */
};

/* What a decoder undoes. All combinations are needed only for secrets that have a `%` or `\` themselves. */
enum { DC_UNDO_JSON = 1, DC_UNDO_PERCENT = 2 };

/* A node is a prefix of a secret. Nodes of one secret follow each other, so most have the next one for their child. */
typedef struct dc_node {
    uint16_t fail;       /* the longest other prefix that this one ends with */
    uint16_t side, next; /* further children: the first one; the next one of the parent's */
    uint16_t depth;
    uint16_t found; /* bytes of the longest secret that this prefix ends with */
    uint8_t label;  /* the last byte of the prefix */
    uint8_t flags;
} dc_node;

enum { DC_NODE_CHAIN = 1, DC_NODE_SECRET = 2 }; /* the node after it is a child; the prefix is a whole secret */

/* One alignment of one width: bytes go through the trie. */
typedef struct dc_lane {
    uint32_t start; /* the unit in which the current prefix begins, where there is one */
    uint16_t node;
    uint8_t lead; /* bits of that first unit which do not belong to the prefix */
} dc_lane;

typedef struct dc_reader {
    uint32_t at, before; /* the next unit and the one before it */
    uint8_t undo;
    uint8_t run4, run6;   /* characters of the alphabet so far; more than 7 count as 4 to 7 */
    uint8_t last4, last6; /* value of the one before */
    dc_lane lane[DC_LANES];
} dc_reader;

typedef struct dc_piece {
    uint32_t start, end;
} dc_piece;

/* The state block: this, then nodes, filter, firsts, pieces and buffer. All positions are in the buffer. */
typedef struct dc_scrubber {
    uint32_t consumed, produced, held; /* first, for the host to read */
    uint32_t going;                    /* DC_SCRUB_ALIVE while bytes may pass */
    uint32_t nodes, used;              /* of the trie: there is room for, there are */
    uint32_t room, table;              /* bytes of the buffer, of the filter */
    uint32_t window;                   /* 0: there are no secrets */
    uint32_t done, at, fill;           /* put out, filtered, taken in */
    uint32_t until;                    /* readers: as far as they go before the filter may have it again */
    uint32_t clear;                    /* no escape before it, from `at` on */
    uint32_t patience;                 /* steps that looking back or inside of escapes may still take */
    uint32_t pieces, owed;             /* covered ones; bytes to put out for the part of one that is dropped */
    uint8_t filtering, final, readers;
    uint8_t live[32]; /* bits: bytes that stand in some form */
    uint8_t six[256]; /* by byte: its value in base64 or base64url */
    uint16_t root[256];
    dc_reader reader[4];
} dc_scrubber;

enum { DC_NO_SIX = 255 };
enum { DC_SCRUB_ALIVE = 0x53635275 };

/* What a credential asks for, before anything is laid out. */
typedef struct dc_secret_sum {
    uint32_t count, bytes, longest, shortest;
    uint32_t spaced; /* bytes of those with a space: they are there a second time, with `+` for it */
    bool has_percent, has_backslash;
} dc_secret_sum;

/* A walk over the secrets of a credential, or any JSON. */
typedef struct dc_secret_walk {
    dc_scan scan;
    const char *at, *end;
    dc_span harmless;
    bool failed;
    uint8_t now;
    uint8_t kinds[DC_DEPTH + 1];
} dc_secret_walk;

/* One secret, to be read byte by byte. */
typedef struct dc_secret {
    dc_scan scan;
    const char *at, *end;
    uint32_t size;         /* bytes, decoded */
    uint32_t count, given; /* of the character at hand */
    char bytes[4];
} dc_secret;

void dc_secret_begin(dc_secret_walk *walk, dc_span json, dc_span harmless);
bool dc_secret_next(dc_secret_walk *walk, dc_secret *secret); /* false: no more, or `failed` */
int dc_secret_byte(dc_secret *secret);                        /* -1: no more */
bool dc_secret_measure(dc_span json, dc_span harmless, dc_secret_sum *sum);

static inline dc_node *dc_scrub_nodes(dc_scrubber *scrub) {
    return (dc_node *)(void *)(scrub + 1);
}

/* By gram: how far the filter may go on when it stands at the end of the window. */
static inline uint8_t *dc_scrub_shifts(dc_scrubber *scrub) {
    return (uint8_t *)(dc_scrub_nodes(scrub) + scrub->nodes);
}

/* By gram, in bits: a window begins with it. */
static inline uint8_t *dc_scrub_firsts(dc_scrubber *scrub) {
    return dc_scrub_shifts(scrub) + scrub->table;
}

static inline uint32_t dc_scrub_hash(uint32_t gram) {
    return (gram * 0x9E3779B1U) >> 8;
}

/* ---- scrub_build.c ----------------------------------------------------------------------------------- */
void dc_scrub_build(dc_scrubber *scrub, dc_span json, dc_span harmless);

/* 0: there is none. */
static inline uint32_t dc_scrub_child(dc_scrubber *scrub, uint32_t node, uint8_t byte) {
    const dc_node *nodes = dc_scrub_nodes(scrub);
    if (node == 0) return scrub->root[byte];
    if ((nodes[node].flags & DC_NODE_CHAIN) != 0 && nodes[node + 1].label == byte) return node + 1;
    uint32_t child = nodes[node].side;
    while (child != 0 && nodes[child].label != byte) child = nodes[child].next;
    return child;
}

/* ---- scrub_read.c ------------------------------------------------------------------------------------ */

/* A unit of text: how many bytes of it, and what they stand for. */
typedef struct dc_unit {
    uint8_t size, count; /* size 0: its end is not there yet */
    uint8_t bytes[4];
} dc_unit;

dc_unit dc_scrub_escape(const dc_scrubber *scrub, const char *text, uint32_t at, uint32_t undo);

static inline dc_unit dc_scrub_unit(const dc_scrubber *scrub, const char *text, uint32_t at, uint32_t undo) {
    if (text[at] == '%' || text[at] == '\\') return dc_scrub_escape(scrub, text, at, undo);
    return (dc_unit){1, 1, {(uint8_t)text[at]}};
}

/* A step of those whose number is bounded, so that no text and no secret makes the scrub slow. False: too many. */
static inline bool dc_scrub_step(dc_scrubber *scrub) {
    if (scrub->patience > 0) scrub->patience--;
    return scrub->patience > 0;
}

void dc_reader_begin(dc_reader *reader, uint32_t at);

/* Read up to `until` at least. False: more input is needed for that. */
bool dc_reader_run(dc_scrubber *scrub, dc_reader *reader, uint32_t until);

/* Where the first prefix begins that may still become a secret. */
uint32_t dc_reader_live(const dc_reader *reader);

/* ---- scrub_skip.c ------------------------------------------------------------------------------------ */

/* Move `at` on to where the readers must look, and set `until`. False: not in what is there. */
bool dc_scrub_skip(dc_scrubber *scrub);

/* ---- scrub.c ----------------------------------------------------------------------------------------- */
char *dc_scrub_text(dc_scrubber *scrub);
void dc_scrub_cover(dc_scrubber *scrub, uint32_t start, uint32_t end);

#endif
