/* url.h: what of a URL may be shown. Reads a harmless string character by character and says of each what
 * becomes of it: user info goes, values of secret parameters go. */
#ifndef DC_URL_H
#define DC_URL_H

#include <stdbool.h>
#include <stdint.h>

typedef struct dc_url {
    uint32_t scheme; /* the letters since a scheme could begin, five bits each */
    uint16_t name;   /* bytes of the parameter name in the buffer; over its size: too long */
    uint8_t phase;   /* DC_URL_... */
    uint8_t from;    /* the phase in which the authority began */
    uint8_t slashes; /* how much of `://` has been seen */
    uint8_t percent; /* bytes of a %XX seen; value so far in `code` */
    uint8_t code;
    bool list;     /* set by the caller: a list of words with colons in them, which may be long */
    bool secret;   /* a part of the name in front of `[` was secret */
    bool coded;    /* the colon or slashes of this authority were percent-encoded, so its ends may be */
    bool loose;    /* slashes were, but not the colon: there is no telling what ends it, but its `@` may be encoded */
    bool spaced;   /* the authority has a space, which is its end unless an `@` follows */
    bool filled;   /* the authority or word has begun: before it, slashes and white space are only more of them */
    bool colon;    /* a colon in the authority or word, */
    bool worded;   /* and behind it something that is no port (in a word: another colon) */
    bool forgot;   /* the word lost user info; all up to its last `@` is */
    bool fragment; /* behind a `#`: further ones are nothing special */
    bool late;     /* the word's beginning was too long to hold and is out */
    bool lead;     /* the text begins as a list of parameters does */
    bool path;     /* a URL stands in front of the word, and may go on in it */
} dc_url;

enum {
    DC_URL_START,     /* the first word of the text: held back by the caller */
    DC_URL_WORD,      /* a further one: held back, it may be `user:password@host` */
    DC_URL_PROSE,     /* in a word too long to hold, or that is no address */
    DC_URL_AUTHORITY, /* between `//` (or `https:`) and what ends it: held back */
    DC_URL_PATH,
    DC_URL_NAME,  /* in a parameter's name */
    DC_URL_VALUE, /* in the value of a parameter that is not secret */
    DC_URL_HIDDEN /* in the value of one that is: not shown by the caller */
};

typedef enum dc_url_act {
    DC_URL_GO_ON,   /* the character belongs to the phase as it was before it */
    DC_URL_FORGET,  /* held back: it was user info, `@` included */
    DC_URL_RELEASE, /* held back and HIDDEN: over with this character, which may be shown */
    DC_URL_HIDE,    /* show this character, and REDACTED behind it */
    DC_URL_REFUSE   /* held back: no telling what this is */
} dc_url_act;

enum { DC_URL_NAME_SIZE = 256 }; /* room that dc_url_take needs in `buffer` */

/* May this byte of a raw JSON string be more than text to dc_url_take? Control characters, `"`, `\`, bytes that are not
 * ASCII, and what leads to user info or parameters. */
static inline bool dc_url_tells(char byte) {
    static const uint32_t telling[4] = {
        0xFFFFFFFF,
        1U << ('"' - 32) | 1U << ('#' - 32) | 1U << ('%' - 32) | 1U << ('&' - 32) | 1U << (':' - 32) |
            1U << (';' - 32) | 1U << ('?' - 32),
        1U << ('@' - 64) | 1U << ('\\' - 64),
        0,
    };
    const uint8_t code = (uint8_t)byte;
    return code >= 0x80 || (telling[code >> 5] >> (code & 31) & 1) != 0;
}

/* Is what belongs to the phase held back? */
static inline bool dc_url_holds(const dc_url *url) {
    static const uint32_t holding =
        1U << DC_URL_START | 1U << DC_URL_WORD | 1U << DC_URL_AUTHORITY | 1U << DC_URL_HIDDEN;
    return (holding >> url->phase & 1) != 0;
}

/* The next character of the string: a code point or UTF-16 unit. `buffer` keeps the parameter's name; while something
 * is held back it is the caller's. */
dc_url_act dc_url_take(dc_url *url, uint32_t unit, char *buffer);

/* What is held back becomes too long: may it be shown? If so, it is from now on. */
bool dc_url_let_go(dc_url *url);

/* The string is over: may what was held be shown? */
bool dc_url_shows_end(const dc_url *url);

#endif
