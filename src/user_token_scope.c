/* user_token_scope.c: what a user token may be given (contract, section 11). The same checks when it is made and when it
 * is shown: one that was made by other rules than ours is none. What a scope allows is narrow.c's to say. */
#include "user_token.h"

#include "fields.h"
#include "route.h"

#include <string.h>

enum { SLUG_MOST = 128, HOST_MOST = 253, COUNT_MOST = 1000000 };

static const char nothing[] = "must not be empty; leave it out for the usual";

static bool is_word(const char *text, const char *more) {
    const size_t size = strlen(text);
    for (size_t i = 0; i < size; i++) {
        const char c = text[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !strchr(more, c)) return false;
    }
    return size > 0 && size <= SLUG_MOST;
}

static bool is_toolkit(const char *text) {
    return is_word(text, "-_");
}

static bool is_tool(const char *text) {
    return is_word(text, "-_ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

/* As browsers write it (RFC 6454, section 6.2), because it is compared to the letter: no path, no default port. */
static bool is_origin(const char *text) {
    const bool safe = strncmp(text, "https://", 8) == 0;
    if (!safe && strncmp(text, "http://", 7) != 0) return false;
    const char *host = text + (safe ? 8 : 7), *colon = strrchr(host, ':');
    const char *bracket = strchr(host, ']');
    if (bracket && colon && colon < bracket) colon = NULL; /* of an IPv6 address */
    const char *port = colon ? colon + 1 : NULL;
    const size_t size = colon ? (size_t)(colon - host) : strlen(host);
    for (size_t i = 0; i < size; i++) {
        const char c = host[i];
        const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
        if (!word && !(bracket && strchr("[]:", c))) return false;
    }
    if (bracket && (host[0] != '[' || bracket != host + size - 1)) return false;
    if (size == 0 || size > HOST_MOST) return false;
    if (!port) return true;
    const size_t digits = strspn(port, "0123456789");
    if (digits == 0 || digits > 5 || port[digits] || port[0] == '0') return false;
    return strcmp(port, safe ? "443" : "80") != 0;
}

/* Every item a text that `good` takes. */
static const char *texts(const cJSON *list, bool (*good)(const char *text), const char *problem) {
    const cJSON *item;
    if (!cJSON_IsArray(list)) return "must be a list of strings";
    if (!list->child) return nothing;
    cJSON_ArrayForEach(item, list) {
        if (!cJSON_IsString(item) || !good(item->valuestring)) return problem;
    }
    return NULL;
}

static bool can_be_given(const char *name) {
    cJSON one = {.type = cJSON_String, .valuestring = (char *)name}, operations = {.type = cJSON_Array, .child = &one};
    cJSON scope = {.type = cJSON_Object, .child = &operations};
    operations.string = (char *)"operations";
    return dc_narrow_allows(&scope, name);
}

static const char *check_operations(const cJSON *value) {
    return texts(value, can_be_given, "names one that no user token can have");
}

static const char *check_toolkits(const cJSON *value) {
    return texts(value, is_toolkit, "must be slugs of toolkits");
}

static const char *check_origins(const cJSON *value) {
    return texts(value, is_origin, "must be exact origins, such as https://app.example");
}

const char *dc_scope_origins(const cJSON *list) {
    return cJSON_IsArray(list) && !list->child ? NULL : check_origins(list);
}

static const char *check_count(const cJSON *item) {
    const cJSON *count = dc_json_get(item, "count");
    if (!count) return NULL;
    const double most = cJSON_IsNumber(count) ? count->valuedouble : 0;
    return most >= 1 && most <= COUNT_MOST && most == (double)(int)most ? NULL : "has a count that is none";
}

static bool is_method(const char *text) {
    static const dc_field method = {"method", DC_WORD, DC_BODY, .words = DC_METHODS};
    return dc_field_check_text(&method, dc_span_of(text)) == NULL;
}

/* `{slug, count?}` or `{methods, count?}`: what else stands there might be meant to limit it. */
static const char *check_tool(const cJSON *item) {
    const cJSON *slug = dc_json_get(item, "slug"), *methods = dc_json_get(item, "methods"), *member;
    if (cJSON_IsString(item)) return is_tool(item->valuestring) ? NULL : "must be slugs of tools";
    if (!cJSON_IsObject(item) || !slug == !methods) return "must be slugs, {slug, count} or {methods, count}";
    cJSON_ArrayForEach(member, item) {
        const bool known = member == slug || member == methods || member == dc_json_get(item, "count");
        if (!known) return "has a member that is not known";
    }
    if (slug && (!cJSON_IsString(slug) || !is_tool(slug->valuestring))) return "must be slugs of tools";
    const char *problem = methods ? texts(methods, is_method, "has a method that is not known") : NULL;
    return problem ? problem : check_count(item);
}

/* Is the tool, or one of the methods, in an item behind this one as well? Which of the two counts held then? */
static bool again(const cJSON *item) {
    const char *slug = cJSON_IsString(item) ? item->valuestring : dc_json_text(item, "slug");
    for (const cJSON *next = item->next, *method; next; next = next->next) {
        const char *other = cJSON_IsString(next) ? next->valuestring : dc_json_text(next, "slug");
        if (slug && other && strcmp(slug, other) == 0) return true;
        cJSON_ArrayForEach(method, dc_json_get(item, "methods")) {
            if (dc_json_holds(dc_json_get(next, "methods"), method->valuestring)) return true;
        }
    }
    return false;
}

static const char *check_tools(const cJSON *value) {
    const cJSON *item;
    if (!cJSON_IsArray(value)) return "must be a list";
    if (!value->child) return nothing;
    cJSON_ArrayForEach(item, value) {
        const char *problem = check_tool(item);
        if (problem) return problem;
    }
    cJSON_ArrayForEach(item, value) {
        if (again(item)) return "names something twice";
    }
    return NULL;
}

const dc_scope_member dc_scope_members[] = {{"operations", check_operations},
                                            {"toolkits", check_toolkits},
                                            {"origins", check_origins},
                                            {"tools", check_tools},
                                            {NULL, NULL}};

/* Execution only where the token says so, and what it says must be of some use. */
const char *dc_scope_conflict(const cJSON *scope) {
    static const char *const names[] = {"tools.execute", "tools.proxy"};
    static const char *const missing[] = {"must name the tools that tools.execute may run",
                                          "must name the methods that tools.proxy may send"};
    static const char *const idle[] = {"names tools, but the operations lack tools.execute",
                                       "names methods, but the operations lack tools.proxy"};
    for (int i = 0; i < 2; i++) {
        const bool said = dc_narrow_tools_say(dc_json_get(scope, "tools"), names[i]);
        const bool allowed = dc_narrow_allows(scope, names[i]);
        if (allowed != said) return allowed ? missing[i] : idle[i];
    }
    return NULL;
}
