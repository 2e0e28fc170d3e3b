/* activity_use.c: the request that an account was used for, as its log may tell it: method, host, path template,
 * result. A tool's path stands in its definition as a template already. Of a request of the caller's own the template is
 * made here, by what is known of the API and not by what the path looks like, since a name (`/users/johnsmith`) looks
 * like any other word: where the whole path fits the template of one of the toolkit's tools, that is shown; otherwise a
 * segment stays only if it is a version, a word that stands in one of those templates, or one of the few words below
 * that nearly every API has. All others become {...}. Queries are left out. */
#include "activity.h"
#include "scan.h"
#include "scrub.h"

#include <string.h>

enum { MOST_PATH = 255, MOST_HOST = 255 };

static const char hidden[] = "{...}";

typedef struct credential {
    dc_span val, harmless; /* harmless: names whose values are no secrets, as lines */
} credential;

/* Host (and port) of an absolute URL, and what follows it. */
static dc_span host_of(const char *url, const char **behind) {
    const char *slashes = strstr(url, "://"), *from = slashes ? slashes + 3 : url;
    const char *end = from + strcspn(from, "/?#");
    *behind = end;
    for (const char *at = end; at > from; at--) {
        if (at[-1] == '@') from = at; /* user info */
        if (from == at) break;
    }
    return (dc_span){from, (uint32_t)(end - from)};
}

/* `v1`, `v1.2`: part of the API, not of somebody's data. */
static bool is_version(dc_span word) {
    if (word.size < 2 || word.size > 6 || word.at[0] != 'v') return false;
    for (uint32_t i = 1; i < word.size; i++) {
        if ((word.at[i] < '0' || word.at[i] > '9') && word.at[i] != '.') return false;
    }
    return true;
}

static bool is_common(dc_span word) {
    static const char *const words[] = {"api",   "rest",   "me",       "users",  "user",     "files",    "folders",
                                        "items", "search", "messages", "events", "comments", "projects", NULL};
    return dc_word_index(words, word) >= 0;
}

/* The next segment of a path, without its slash; false: there is none. */
static bool next_segment(const char **at, dc_span *segment) {
    if (**at != '/') return false;
    *segment = (dc_span){*at + 1, (uint32_t)strcspn(*at + 1, "/?#")};
    *at = segment->at + segment->size;
    return true;
}

static bool has_brace(dc_span segment) {
    return memchr(segment.at, '{', segment.size) != NULL;
}

/* The path of a tool's definition: braces stay braces. `{instance_url}/path` has its path behind the brace. */
static const char *defined_path(const cJSON *tool) {
    const char *base = dc_json_text(tool, "base_url"), *own = dc_json_text(tool, "path"), *behind = "";
    dc_out path = {0};
    if (base && base[0] == '{' && strchr(base, '}')) behind = strchr(base, '}') + 1;
    else if (base) host_of(base, &behind);
    dc_put(&path, (dc_span){behind, (uint32_t)strcspn(behind, "?#")});
    if (own) dc_put(&path, (dc_span){own, (uint32_t)strcspn(own, "?#")});
    dc_put_byte(&path, '\0');
    return path.failed ? "" : path.at;
}

/* Does the path fit the template, each literal segment by itself and each brace by whatever is not empty? */
static bool fits(const char *path, const char *template) {
    dc_span given, wanted;
    for (;;) {
        const bool more = next_segment(&path, &given);
        if (more != next_segment(&template, &wanted)) return false;
        if (!more) return true;
        if (has_brace(wanted) ? !given.size : !dc_span_equal(given, wanted)) return false;
    }
}

/* Is the word a literal segment of one of the toolkit's templates? */
static bool is_known(dc_span word, const cJSON *tools) {
    const cJSON *tool;
    cJSON_ArrayForEach(tool, tools) {
        const char *at = defined_path(tool);
        for (dc_span segment; next_segment(&at, &segment);) {
            if (!has_brace(segment) && dc_span_equal(segment, word)) return true;
        }
    }
    return false;
}

static bool is_in(dc_secret secret, dc_span word, uint32_t at) {
    for (int byte = dc_secret_byte(&secret); byte >= 0; byte = dc_secret_byte(&secret), at++) {
        if (at >= word.size || byte != (unsigned char)word.at[at]) return false;
    }
    return true;
}

/* Does the word hold a secret of the credential? What cannot be read to its end could be any. */
static bool shows_secret(dc_span word, const credential *own) {
    dc_secret_walk walk;
    dc_secret secret;
    if (!own->val.size || dc_span_is(own->val, "null")) return false;
    for (dc_secret_begin(&walk, own->val, own->harmless); dc_secret_next(&walk, &secret);) {
        for (uint32_t at = 0; at < word.size; at++) {
            if (is_in(secret, word, at)) return true;
        }
    }
    return walk.failed;
}

/* A request of the caller's own, by what the toolkit's tools tell of the API. */
static void put_template(dc_out *path, const char *text, const cJSON *tools, const credential *own) {
    const cJSON *tool;
    cJSON_ArrayForEach(tool, tools) {
        const char *template = defined_path(tool);
        if (!*template || !fits(text, template)) continue;
        dc_put_text(path, template);
        return;
    }
    for (dc_span word; next_segment(&text, &word);) {
        const bool known = !word.size || is_version(word) || is_common(word) || is_known(word, tools);
        if (path->size + word.size > MOST_PATH) {
            dc_put_text(path, "/...");
            return;
        }
        dc_put_byte(path, '/');
        if (known && !shows_secret(word, own)) dc_put(path, word);
        else dc_put_text(path, hidden);
    }
}

static void put_result(dc_out *out, const cJSON *request) {
    static const char *const classes[] = {"1xx", "2xx", "3xx", "4xx", "5xx"};
    const char *fault = dc_json_text(request, "fault");
    const double http = dc_json_number(request, "http", 0);
    const bool answered = !fault && http >= 100 && http < 600;
    if (answered) dc_json_put_number(out, "http_status", http);
    else dc_json_put_null(out, "http_status");
    const bool late = fault && strcmp(fault, "provider_timeout") == 0;
    dc_json_put_text(out, "result", answered ? classes[(int)http / 100 - 1] : late ? "timeout" : "unreachable");
}

void dc_activity_put_use(dc_out *out, const dc_input *in) {
    const cJSON *request = dc_input_tree(in, "request"), *tool = dc_input_tree(in, "tool");
    const char *target = dc_json_text(request, "target"), *behind = "";
    const char *slug = dc_json_text(tool, "slug");
    const credential own = {dc_input_raw(in, "val"), dc_span_of(dc_input_text(in, "harmless"))};
    dc_span host = target ? host_of(target, &behind) : (dc_span){NULL, 0};
    dc_out path = {0};
    if (!request) return;
    if (slug) dc_put_text(&path, defined_path(tool));
    else put_template(&path, behind, dc_input_tree(in, "tools"), &own);
    if (path.size > MOST_PATH + 4) path.size = MOST_PATH;
    if (host.size > MOST_HOST || shows_secret(host, &own)) host = dc_span_of(hidden);
    dc_json_put_text(out, "tool", slug);
    dc_json_put_text(out, "method", dc_json_text(request, "method"));
    dc_json_put_span(out, "host", host);
    dc_json_put_span(out, "path", dc_out_span(&path));
    if (path.failed) out->failed = true;
    put_result(out, request);
}
