/* answer_list.h: lists of definitions, of which the core itself cuts the page out. */
#ifndef DC_ANSWER_LIST_H
#define DC_ANSWER_LIST_H

#include "answer.h"

/* Which of the entries that match stand on the page that was asked for. */
typedef struct dc_window {
    double offset, limit, seen;
} dc_window;

dc_window dc_window_of(const dc_answer_call *call);
/* One more that matches: is it on the page? */
bool dc_on_page(dc_window *w);
/* Ends `items` and the object around it. */
void dc_put_page(dc_answer_call *call, const dc_window *w);

/* Which comes first, letter case aside (ASCII)? As strcmp; NULL is as ''. */
int dc_alphabetical(const char *a, const char *b);

/* Does the text stand in slug, name or description? NULL: nothing was looked for. */
bool dc_found_by(const cJSON *definition, const char *search);

#endif
