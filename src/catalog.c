/* catalog.c: the core's constants as JSON. What JavaScript needs to know of names and numbers it reads here. */
#include "catalog.h"

#include "activity.h"
#include "limit.h"
#include "operations.h"
#include "record.h"
#include "reply.h"
#include "route.h"
#include "words.h"

static const char *const need_names[] = {
    [DC_NEED_READ] = "read",   [DC_NEED_WRITE] = "write", [DC_NEED_REVEAL] = "reveal",
    [DC_NEED_ADMIN] = "admin", [DC_NEED_NOTHING] = NULL,
};

typedef struct number {
    const char *name;
    uint32_t value;
} number;

static const number mask_numbers[] = {
    {"byName", DC_MASK_BY_NAME},
    {"state", DC_MASK_STATE},
    {"data", DC_MASK_DATA},
    {"params", DC_MASK_PARAMS},
    {"connection", DC_MASK_CONNECTION},
    {"credentials", DC_MASK_CREDENTIALS},
    {"whole", DC_MASK_WHOLE},
    {"prefix", DC_MASK_PREFIX},
    {"full", DC_MASK_FULL},
    {"going", DC_MASK_GOING},
    {"fault", DC_MASK_FAULT},
    {"done", DC_MASK_DONE},
    {NULL, 0},
};

static const number limit_numbers[] = {
    {"body", 1048576},
    {"link", DC_LINK_MS},
    {"session", DC_SESSION_MS},
    {"provider", DC_PROVIDER_MS},
    {"answer", DC_ANSWER_BYTES},
    {"key", DC_KEY_LEAST},
    {NULL, 0},
};

static void put_names(dc_out *out, const char *name, const char *const *words) {
    dc_json_open(out, name, '[');
    for (; *words; words++) dc_json_put_text(out, NULL, *words);
    dc_json_close(out, ']');
}

static void put_numbers(dc_out *out, const char *name, const number *numbers) {
    dc_json_open(out, name, '{');
    for (; numbers->name; numbers++) dc_json_put_number(out, numbers->name, numbers->value);
    dc_json_close(out, '}');
}

static void put_layout(dc_out *out) {
    dc_json_open(out, "layout", '{');
    dc_json_put_number(out, "reply", sizeof(dc_reply));
    dc_json_open(out, "parts", '[');
    for (size_t i = 0; i < DC_PARTS; i++) {
        dc_json_put_number(out, NULL, (double)(offsetof(dc_reply, part) + i * sizeof(dc_span)));
    }
    dc_json_close(out, ']');
    dc_json_close(out, '}');
}

static void put_operations(dc_out *out) {
    dc_json_open(out, "operations", '[');
    for (uint32_t i = 0; i < dc_operation_count; i++) {
        const dc_operation *op = &dc_operations[i];
        dc_json_open(out, NULL, '{');
        dc_json_put_text(out, "name", op->name);
        dc_json_put_text(out, "method", op->method);
        dc_json_put_text(out, "path", op->path[1] == '/' ? op->path + 1 : op->path);
        dc_json_put_text(out, "scope", need_names[op->need]);
        dc_json_put_bool(out, "idempotent", (op->flags & DC_IDEMPOTENT) != 0);
        dc_json_put_bool(out, "service", (op->flags & DC_SERVED) != 0);
        dc_json_put_number(out, "mask", op->mask);
        dc_json_close(out, '}');
    }
    dc_json_close(out, ']');
}

const dc_reply *dc_catalog(void) {
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    put_layout(&out);
    put_operations(&out);
    dc_json_open(&out, "statuses", '{');
    for (int i = 0; i < DC_STATUS_COUNT; i++) dc_json_put_text(&out, dc_status_names[i], dc_wait_ends[i]);
    dc_json_close(&out, '}');
    put_names(&out, "schemes", dc_scheme_names);
    put_names(&out, "scopes", dc_scope_names); /* the page offers them, and waits as long as a link lives */
    put_numbers(&out, "limits", limit_numbers);
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}

const dc_reply *dc_catalog_mask(void) {
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    put_layout(&out);
    put_numbers(&out, "mask", mask_numbers);
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}

/* The lists of catalog.h as JSON already: a comma stands before each name, the first one is left out. */
#define NAME(name) ",\"" #name "\""
static void put_list(dc_out *out, const char *name, const char *items) {
    dc_json_open(out, name, '[');
    dc_put_text(out, items + 1);
    dc_json_close(out, ']');
}

const dc_reply *dc_catalog_edge(void) {
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    put_list(&out, "events", DC_EVENTS(NAME));
    put_list(&out, "grants", DC_GRANTS(NAME));
    put_list(&out, "tools", DC_TOOLS(NAME));
    put_list(&out, "faults", DC_FAULTS(NAME));
    dc_record_put_columns(&out);
    dc_activity_put_limits(&out);
    dc_limit_put_numbers(&out);
    dc_narrow_put_names(&out, "usual"); /* what a browser needs */
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}
