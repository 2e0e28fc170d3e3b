/* url.h: what of a URL may be shown. Reads a harmless string character by character and says of each what
 * becomes of it: user info goes, values of secret parameters go. */
#ifndef DC_URL_H
#define DC_URL_H

#include <stdbool.h>
#include <stdint.h>

typedef struct dc_url {
    uint8_t phase;   /* DC_URL_... */
    uint8_t slashes; /* how much of `://` has been seen */
    uint8_t percent; /* bytes of a %XX seen; value so far in `code` */
    uint8_t code;
    uint16_t name; /* bytes of the parameter name in the buffer; over its size: too long */
    bool secret;   /* a part of the name in front of `[` was secret */
    bool coded;    /* the `//` of this authority was percent-encoded, so its ends may be */
    bool filled;   /* the authority has begun: before it, slashes are only more slashes */
    bool colon;    /* a colon in the authority, */
    bool worded;   /* and behind it something that is no port */
} dc_url;

enum {
    DC_URL_START,     /* nothing but white space yet */
    DC_URL_PROSE,     /* no URL yet */
    DC_URL_AUTHORITY, /* between `//` and what ends it: held back by the caller */
    DC_URL_PATH,
    DC_URL_NAME,  /* in a parameter's name */
    DC_URL_VALUE, /* in the value of a parameter that is not secret */
    DC_URL_HIDDEN /* in the value of one that is: not shown by the caller */
};

typedef enum dc_url_act {
    DC_URL_GO_ON,   /* the character belongs to the phase as it was before it */
    DC_URL_FORGET,  /* AUTHORITY: it was user info, `@` included */
    DC_URL_RELEASE, /* AUTHORITY and HIDDEN: over with this character, which may be shown */
    DC_URL_HIDE,    /* show this character, and REDACTED behind it */
    DC_URL_REFUSE   /* AUTHORITY: no telling what this is */
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

/* The next character of the string: a code point or UTF-16 unit. `buffer` keeps the parameter's name; in the phase
 * AUTHORITY it is the caller's. */
dc_url_act dc_url_take(dc_url *url, uint32_t unit, char *buffer);

/* The string is over in the phase AUTHORITY: may what was held be shown? */
bool dc_url_shows_end(const dc_url *url);

#endif
