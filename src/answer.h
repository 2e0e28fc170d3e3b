/* answer.h: response bodies of the service, by group of operations. */
#ifndef DC_ANSWER_H
#define DC_ANSWER_H

#include "change.h"
#include "operations.h"

typedef struct dc_answer_call {
    const dc_operation *op;
    dc_input in;
    double now;
    dc_out out;
    uint32_t status;
    bool old;         /* the caller speaks v3 */
    bool hide_links;  /* and may not see where an account can be connected */
    dc_error refusal; /* where a part answers an error of the table instead */
} dc_answer_call;

/* Each writes the body to call->out and may change call->status (200). False: the input is not what it must be. */
bool dc_answer_accounts(dc_answer_call *call, const char *what);
bool dc_answer_activity(dc_answer_call *call, const char *what);
bool dc_answer_configs(dc_answer_call *call, const char *what);
bool dc_answer_toolkits(dc_answer_call *call, const char *what);
bool dc_answer_tools(dc_answer_call *call, const char *what);
bool dc_answer_project(dc_answer_call *call, const char *what);
bool dc_answer_keys(dc_answer_call *call, const char *what);
bool dc_answer_user_tokens(dc_answer_call *call, const char *what);
bool dc_answer_session(dc_answer_call *call, const char *what);
bool dc_answer_connect(dc_answer_call *call, const char *what);

/* The members of the pagination envelope beside `items`. `more`: the host's next_cursor leads to something. */
void dc_answer_page(dc_answer_call *call, double total, bool more);
/* Answer this error instead of a body. Always false. */
bool dc_answer_refuse(dc_answer_call *call, dc_error error);

/* The account's status as the caller's version of the API writes it. */
const char *dc_answer_status(const dc_answer_call *call, dc_status status);
/* A credential that works no more is nobody's business, but for the members that the contract wants of it. */
bool dc_answer_dead(const dc_record *record);
/* `state.val` under that name; `val` is the credential, masked or plain. */
void dc_answer_val(dc_answer_call *call, const char *name, const dc_record *record, dc_span val);

#endif
