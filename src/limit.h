/* limit.h: how many requests somebody may make in a minute (contract, section 1). The host counts them by the minute of
 * its clock; the last minute counts as much as it still reaches into the sixty seconds before now, so that nobody gets
 * twice as much around the turn of a minute. What was refused is not counted. */
#ifndef DC_LIMIT_H
#define DC_LIMIT_H

#include "text.h"

enum {
    DC_WINDOW_MS = 60000,
    DC_MOST_OF_KEY = 60000,  /* a program of the host's, a thousand a second */
    DC_MOST_OF_TOKEN = 600,  /* a person at a page */
    DC_MOST_OF_ADDRESS = 300 /* whoever has shown no credential; several people can be behind one address */
};

/* For the catalogue: the window, and the limits where the settings say nothing. */
void dc_limit_put_numbers(dc_out *out);

#endif
