/* health.h: how the refreshes of an auth config go, all accounts together. A provider that refuses the client, or that
 * does not answer, is not asked again by every single account. */
#ifndef DC_HEALTH_H
#define DC_HEALTH_H

#include "json.h"

enum { DC_SUSPICION = 3 }; /* so many different users whose refresh is refused for the client: then it is the client */

typedef struct dc_health {
    double failures, until; /* in a row; milliseconds: nothing is asked before then */
    bool broken;            /* the client is not accepted: a person has to do something */
    bool probing;           /* one refresh was let through to see whether it goes again */
    const char *reason;
    double last;                   /* who failed last, see dc_who */
    double suspects[DC_SUSPICION]; /* users who were told that the client is not accepted; 0: nobody */
} dc_health;

void dc_health_read(const cJSON *json, dc_health *health); /* NULL: all is well */
/* null where all is well. */
void dc_health_put(dc_out *out, const char *name, const dc_health *health);
bool dc_health_well(const dc_health *health);
/* Is nothing asked for now? */
bool dc_health_waits(const dc_health *health, double now);

/* A number that tells names apart and does not say them; 0: no name. */
double dc_who(const char *name);

/* `first`, doubled so often, but no more than `most`. */
double dc_doubled(double first, double times, double most);

/* The provider's own words of a grant that failed, shortened: `error: description`. NULL: it said nothing. */
const char *dc_provider_words(const cJSON *grant);

#endif
