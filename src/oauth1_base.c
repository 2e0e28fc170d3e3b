/* oauth1_base.c: the signature base string (RFC 5849 section 3.4.1): what client and provider both sign. */
#include "arena.h"
#include "oauth1.h"

#include <string.h>

enum { MOST_PAIRS = 1000 };

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Does the text begin with these lower-case letters, in either case? */
static bool begins(dc_span text, const char *letters) {
    uint32_t i = 0;
    while (letters[i] && i < text.size && lower(text.at[i]) == letters[i]) i++;
    return !letters[i];
}

/* A whole number as it is always written, and not over `most`. */
static bool is_number(dc_span text, uint32_t most) {
    uint32_t value = 0;
    for (uint32_t i = 0; i < text.size && value <= most; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') return false;
        value = value * 10 + (uint32_t)(text.at[i] - '0');
    }
    return text.size && value <= most && (text.size == 1 || text.at[0] != '0');
}

/* Would the URL Standard ("ends in a number checker") take a host with this last label for an IPv4 address? */
static bool is_numeric(dc_span label) {
    const bool hex = begins(label, "0x");
    for (uint32_t i = hex ? 2 : 0; i < label.size; i++) {
        const char c = lower(label.at[i]);
        if (!(c >= '0' && c <= '9') && !(hex && c >= 'a' && c <= 'f')) return false;
    }
    return label.size > 0;
}

/* A host that is sent as it stands but for the case of its letters: a name, or an IPv4 address in its one form. */
static bool is_plain_host(dc_span host) {
    uint32_t from = 0, bytes = 0, labels = 0;
    dc_span last = {NULL, 0};
    for (uint32_t i = 0; i <= host.size; i++) {
        const char c = i < host.size ? lower(host.at[i]) : '.';
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !strchr("-._", c)) return false;
        if (c != '.') continue;
        const dc_span label = {host.at + from, i - from};
        if (label.size || i < host.size) last = label; /* a dot at the end has nothing behind it */
        bytes += is_number(label, 255);
        labels++;
        from = i + 1;
    }
    return host.size && (!is_numeric(last) || (labels == 4 && bytes == 4));
}

/* The base string URI (section 3.4.1.2): scheme and host in lower case, no port that says nothing new, no query. Only
 * for a target that fetch sends as it stands: a signature over anything else would not be the request's. */
static bool put_uri(dc_out *out, dc_span target, dc_span *query) {
    if (!target.size) return false;
    const uint32_t from = begins(target, "https://") ? 8 : begins(target, "http://") ? 7 : 0;
    const dc_span rest = {target.at + from, target.size - from};
    uint32_t path = 0, end, host;
    for (uint32_t i = 0; i < target.size; i++) {
        const char c = target.at[i];
        if (c <= ' ' || c >= 0x7F || strchr("\\#@\"<>", c)) return false;
    }
    while (path < rest.size && rest.at[path] != '/' && rest.at[path] != '?') path++;
    for (end = path; end < rest.size && rest.at[end] != '?'; end++) {
        if (strchr("{}`^", rest.at[end])) return false; /* percent-encoded in a path, and only there */
    }
    for (host = 0; host < path && rest.at[host] != ':';) host++;
    if (!from || !is_plain_host((dc_span){rest.at, host}) || dc_url_walks(target)) return false;
    const dc_span port = {rest.at + host, path - host};
    if (port.size > 1 && !is_number((dc_span){port.at + 1, port.size - 1}, 65535)) return false;
    const bool plain = port.size <= 1 || dc_span_is(port, from == 8 ? ":443" : ":80");
    dc_put_text(out, from == 8 ? "https://" : "http://");
    for (uint32_t i = 0; i < (plain ? host : path); i++) dc_put_byte(out, lower(rest.at[i]));
    if (path == end) dc_put_byte(out, '/');
    dc_put(out, (dc_span){rest.at + path, end - path});
    *query = end < rest.size ? (dc_span){rest.at + end + 1, rest.size - end - 1} : (dc_span){"", 0};
    return true;
}

static int order(dc_span a, dc_span b) {
    const uint32_t least = a.size < b.size ? a.size : b.size;
    for (uint32_t i = 0; i < least; i++) {
        if (a.at[i] != b.at[i]) return a.at[i] < b.at[i] ? -1 : 1; /* encoded: all of it is ASCII */
    }
    return a.size == b.size ? 0 : a.size < b.size ? -1 : 1;
}

static bool before(const dc_oauth1_pair *a, const dc_oauth1_pair *b) {
    const int by_name = order(a->name, b->name);
    return by_name ? by_name < 0 : order(a->value, b->value) < 0;
}

static void sift(dc_oauth1_pair *at, uint32_t root, uint32_t count) {
    const dc_oauth1_pair down = at[root];
    for (uint32_t child; (child = root * 2 + 1) < count; root = child) {
        if (child + 1 < count && before(&at[child], &at[child + 1])) child++;
        if (!before(&down, &at[child])) break;
        at[root] = at[child];
    }
    at[root] = down;
}

/* Heapsort: a caller decides how many there are, and of what. */
static void sort(dc_oauth1_pair *at, uint32_t count) {
    for (uint32_t root = count / 2; root-- > 0;) sift(at, root, count);
    while (count > 1) {
        const dc_oauth1_pair last = at[--count];
        at[count] = at[0];
        at[0] = last;
        sift(at, 0, count);
    }
}

/* False: no memory, and what is there must not be signed for the whole. */
static bool encode(dc_span *text) {
    dc_out out = {0};
    dc_put_percent(&out, *text);
    *text = out.size ? dc_out_span(&out) : (dc_span){"", 0};
    return !out.failed;
}

typedef struct pair_list {
    dc_oauth1_pair *at;
    uint32_t count;
} pair_list;

static bool add(pair_list *list, dc_span name, dc_span value) {
    list->at[list->count++] = (dc_oauth1_pair){name, value};
    dc_oauth1_pair *pair = &list->at[list->count - 1];
    return encode(&pair->name) && encode(&pair->value);
}

/* Nothing of a request says what the protocol says, in whatever case a provider may read it: who signs would vouch for a
 * callback or a verifier that somebody else chose (and section 3.1: no protocol parameter stands twice). */
static dc_oauth1_fault add_form(pair_list *list, dc_span form, dc_span *name) {
    dc_span value;
    for (dc_form next; (next = dc_form_next(&form, name, &value)) != DC_FORM_END;) {
        if (next == DC_FORM_BAD) return DC_OAUTH1_SPELLING; /* the provider may read it otherwise than we do */
        if (begins(*name, "oauth_")) return DC_OAUTH1_PROTOCOL;
        if (!add(list, *name, value)) return DC_OAUTH1_MEMORY;
    }
    return DC_OAUTH1_FINE;
}

/* By the whole media type: there may be others that begin so. */
static bool is_form(dc_span type) {
    static const char name[] = "application/x-www-form-urlencoded";
    const uint32_t size = sizeof name - 1;
    while (type.size && strchr(" \t", type.at[0])) type = (dc_span){type.at + 1, type.size - 1}; /* fetch does, too */
    return begins(type, name) && (type.size == size || strchr("; \t", type.at[size]));
}

static uint32_t pairs_of(dc_span form) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < form.size; i++) count += form.at[i] != '&' && (i == 0 || form.at[i - 1] == '&');
    return count;
}

static void put_pairs(dc_out *out, const pair_list *list) {
    for (uint32_t i = 0; i < list->count; i++) {
        if (i > 0) dc_put_byte(out, '&');
        dc_put(out, list->at[i].name);
        dc_put_byte(out, '=');
        dc_put(out, list->at[i].value);
    }
}

dc_oauth1_fault dc_oauth1_base(dc_out *out, const dc_call *request, const char *method, const dc_oauth1_pair *own,
                               uint32_t count, dc_span *name) {
    const bool form = is_form(dc_call_find(request, "content-type"));
    const dc_span body = form ? dc_out_span(&request->body) : (dc_span){"", 0};
    dc_oauth1_fault fault;
    dc_span query;
    dc_out uri = {0}, pairs = {0};
    if (!put_uri(&uri, dc_out_span(&request->target), &query)) return DC_OAUTH1_SPELLING;
    const uint32_t most = pairs_of(query) + pairs_of(body);
    if (most > MOST_PAIRS) return DC_OAUTH1_MANY; /* each takes memory and time by itself */
    pair_list list = {dc_arena_take((count + most) * sizeof *list.at), 0};
    if (!list.at) return DC_OAUTH1_MEMORY;
    for (uint32_t i = 0; i < count; i++) {
        if (!add(&list, own[i].name, own[i].value)) return DC_OAUTH1_MEMORY;
    }
    if ((fault = add_form(&list, query, name)) || (fault = add_form(&list, body, name))) return fault;
    sort(list.at, list.count);
    put_pairs(&pairs, &list);
    dc_put_text(out, method);
    dc_put_byte(out, '&');
    dc_put_percent(out, dc_out_span(&uri));
    dc_put_byte(out, '&');
    dc_put_percent(out, dc_out_span(&pairs));
    return pairs.failed || uri.failed || out->failed ? DC_OAUTH1_MEMORY : DC_OAUTH1_FINE;
}
