/* tool.h: what the steps of a tool's execution share. */
#ifndef DC_TOOL_H
#define DC_TOOL_H

#include "grant.h"

/* Check tool arguments (raw JSON; size 0: none) against the definition's parameters; every fault is added. */
void dc_tool_check(const cJSON *tool, dc_span arguments, dc_faults *faults);

/* Requests. Where the toolkit wants them signed, what is to be signed comes first: see oauth1.h. */
const dc_reply *dc_tool_build(dc_grant_call *call);
const dc_reply *dc_tool_proxy(dc_grant_call *call);
const dc_reply *dc_tool_read(const dc_input *in);
const dc_reply *dc_tool_proxied(const dc_input *in);

/* Is this URL's host one that the toolkit lists? */
bool dc_tool_host_listed(const dc_grant_call *call, dc_span url);

#endif
