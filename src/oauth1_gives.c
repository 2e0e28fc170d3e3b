/* oauth1_gives.c: the addresses of a provider at which credentials are given, in whatever spelling it would know them. */
#include "oauth1.h"

#include <string.h>

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static void put_lower(dc_out *out, dc_span text) {
    for (uint32_t i = 0; i < text.size; i++) dc_put_byte(out, lower(text.at[i]));
}

/* What ends a path, once its escapes are undone; some servers stop at a NUL. */
static bool ends_path(char c) {
    return c == '?' || c == '#' || !c;
}

/* Segment by segment, without those that say nothing and without their parameters (`;jsessionid=1`). */
static void put_path(dc_out *out, dc_span path) {
    for (int turn = 0; turn < 3; turn++) {
        if (!dc_percent_decode(path, false, &path)) break;
    }
    for (uint32_t at = 0; at < path.size && !ends_path(path.at[at]);) {
        dc_span segment = {path.at + at, 0};
        bool bare = true;
        for (; at < path.size && !strchr("/\\?#", path.at[at]); at++) { /* finds NUL, too */
            bare = bare && path.at[at] != ';';
            segment.size += bare;
        }
        at += at < path.size && !ends_path(path.at[at]);
        if (!segment.size || dc_span_is(segment, ".")) continue;
        dc_put_byte(out, '/');
        put_lower(out, segment);
    }
}

/* Host and path, as a provider compares them or is laxer. Scheme and port are left out: what listens there at another one
 * is the provider as well. Size 0: no URL. */
static dc_span place_of(dc_span url) {
    uint32_t from = 0, end, host;
    dc_out out = {0};
    while (from + 3 <= url.size && memcmp(url.at + from, "://", 3) != 0) from++;
    if (from + 3 > url.size) return (dc_span){NULL, 0};
    end = from += 3;
    while (end < url.size && !strchr(":/?#", url.at[end])) end++;
    host = end;
    while (end < url.size && !strchr("/?#", url.at[end])) end++;
    if (host > from && url.at[host - 1] == '.') host--;
    dc_span path = {url.at + end, 0};
    while (end + path.size < url.size && !strchr("?#", path.at[path.size])) path.size++;
    put_lower(&out, (dc_span){url.at + from, host - from});
    put_path(&out, path);
    return out.failed ? (dc_span){NULL, 0} : dc_out_span(&out);
}

bool dc_oauth1_gives(const dc_grant_call *call, dc_span target) {
    static const char *const names[] = {"request_token_url", "token_url", "authorization_url"};
    const dc_values values[] = {dc_client_values(call), dc_grant_values(call)};
    const dc_span place = place_of(target);
    for (size_t i = 0; i < sizeof names / sizeof names[0] * 2; i++) {
        const char *url = dc_json_text(call->scheme, names[i / 2]);
        dc_out out = {0};
        if (!url || !dc_template_put(&out, url, &values[i % 2], DC_IN_URL)) continue;
        if (place.size && dc_span_equal(place, place_of(dc_out_span(&out)))) return true;
    }
    return false;
}
