/* upstream.c: what a gateway makes of an API behind it that refuses or fails. The browser gets an error of our own making:
 * the API's words only where they are about the request, short, and on one line. */
#include "fields.h"
#include "grant.h"
#include "scan.h"

#include <string.h>

enum { MOST_ERRORS = 20 };

/* A text of the API's error, fit to be shown; size 0: none. */
static dc_span said(dc_span body, const char *path) {
    dc_span raw, text;
    if (!body.size || !dc_field_find(body, path, &raw) || !dc_scan_string(raw, &text)) return (dc_span){NULL, 0};
    return dc_said_plain(text);
}

static double code_of(dc_span body) {
    dc_span raw;
    double code = 0;
    if (!body.size || !dc_field_find(body, "error.code", &raw) || raw.size > 6) return 0;
    for (uint32_t i = 0; i < raw.size; i++) {
        if (raw.at[i] < '0' || raw.at[i] > '9') return 0;
        code = code * 10 + (raw.at[i] - '0');
    }
    return code;
}

static void put_errors(dc_out *out, dc_span body) {
    dc_span list, item, text;
    if (!body.size || !dc_field_find(body, "error.errors", &list) || list.at[0] != '[') return;
    dc_json_open(out, "errors", '[');
    for (int count = 0; count < MOST_ERRORS && dc_scan_item(&list, &item); count++) {
        if (!dc_scan_string(item, &text)) continue;
        const dc_span plain = dc_said_plain(text);
        if (plain.size) dc_json_put_span(out, NULL, plain);
    }
    dc_json_close(out, ']');
}

static void put_said(dc_out *out, const char *name, dc_span text, const char *otherwise) {
    if (text.size) dc_json_put_span(out, name, text);
    else dc_json_put_text(out, name, otherwise);
}

/* The request was refused: what the API says of it is for who made it. */
static const dc_reply *refused(uint32_t http, dc_span body) {
    const dc_error known = http == 404   ? DC_ERR_NO_ROUTE
                           : http == 429 ? DC_ERR_RATE_LIMIT
                           : http == 413 ? DC_ERR_TOO_LARGE
                                         : DC_ERR_BAD_REQUEST;
    const dc_error_row *row = dc_error_at(known);
    const double code = code_of(body);
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    put_said(&out, "message", said(body, "error.message"), row->message);
    dc_json_put_number(&out, "code", code > 0 ? code : row->code);
    dc_json_put_number(&out, "status", http);
    put_said(&out, "slug", said(body, "error.slug"), row->slug);
    put_said(&out, "suggested_fix", said(body, "error.suggested_fix"), row->fix);
    put_errors(&out, body);
    dc_json_close(&out, '}');
    return dc_reply_value(http, &out, (dc_span){NULL, 0});
}

/* It failed: nothing that it says is for others. That a provider behind it failed is told in our own words. */
static dc_error failure(uint32_t http, dc_span body) {
    const double code = code_of(body);
    if (http == 502 && code == dc_error_at(DC_ERR_PROVIDER_DOWN)->code) return DC_ERR_PROVIDER_DOWN;
    if (http == 504 && code == dc_error_at(DC_ERR_PROVIDER_SLOW)->code) return DC_ERR_PROVIDER_SLOW;
    if (http == 501) return DC_ERR_NOT_SERVED;
    if (http == 503) return DC_ERR_UPSTREAM_RESTS;
    return http == 504 || http == 408 ? DC_ERR_UPSTREAM_SLOW : DC_ERR_UPSTREAM_BAD;
}

/* The refusal, saying to the host that it is the API that fails. */
static const dc_reply *blame(dc_error error, const char *message) {
    dc_refuse(error, message, NULL);
    return dc_reply_with(dc_span_of("failed"));
}

const dc_reply *dc_upstream(uint32_t http, uint32_t size) {
    dc_input input;
    if (!dc_input_read(size, &input)) return blame(DC_ERR_INTERNAL, NULL);
    const dc_span body = dc_scan_valid(input.rest, NULL) ? input.rest : (dc_span){NULL, 0};
    /* The API shows the beginning of a key that it does not know, and the key is the gateway's. */
    if (http == 401 || http == 407) return blame(DC_ERR_UPSTREAM_BAD, "The API does not accept the gateway's key.");
    if (http == 403) return dc_refuse(DC_ERR_FORBIDDEN, "The API does not allow this to the gateway.", NULL);
    if (http >= 400 && http < 500 && http != 408) return refused(http, body);
    const dc_error error = failure(http, body);
    const bool of_others = error == DC_ERR_PROVIDER_DOWN || error == DC_ERR_PROVIDER_SLOW || error == DC_ERR_NOT_SERVED;
    return of_others ? dc_refuse(error, NULL, NULL) : blame(error, NULL);
}

uint32_t dc_rest(uint32_t failures) {
    enum { ENOUGH = 5, LEAST = 1000, MOST = 30000 };
    if (failures < ENOUGH) return 0;
    const uint32_t doublings = failures - ENOUGH > 5 ? 5 : failures - ENOUGH;
    const uint32_t rest = (uint32_t)LEAST << doublings;
    return rest > MOST ? MOST : rest;
}
