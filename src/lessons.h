/* lessons.h: how long an auth config's tokens live where the provider does not say it. */
#ifndef DC_LESSONS_H
#define DC_LESSONS_H

#include "record.h"

/* A shorter life is not believed: whatever ended the token, it was hardly its age. Milliseconds. */
enum { DC_SHORTEST_LIFE = 10 * 60 * 1000 };

/* `who` (see dc_who) has seen tokens live for `life` milliseconds. The auth config learns from it when several users
 * have; a record that is not changed stays as it is. */
void dc_lesson(dc_config *config, double who, double life);

#endif
