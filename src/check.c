/* check.c: is a value what its field wants? The answers name the problem, never the value. */
#include "fields.h"

#include "scan.h"
#include "words.h"

#include <string.h>

enum { TEXT_MOST = 1024 };

/* An empty id would be somebody's id, and an empty filter would find nobody or everybody. */
static bool may_be_empty(const dc_field *field) {
    const bool names = field->ref == DC_REF_USER || field->ref == DC_REF_CONFIG || field->ref == DC_REF_ACCOUNT;
    return !names && !(field->flags & DC_REQUIRED) && !(field->place == DC_QUERY && field->type == DC_TEXTS);
}

static const char *check_length(const dc_field *field, dc_span text) {
    const uint32_t most = field->high ? field->high : TEXT_MOST;
    if (!text.size && !may_be_empty(field)) return "must not be empty";
    /* Whoever sends or forwards the path would walk with it, in any spelling (WHATWG URL, section 4.4). */
    if (field->place == DC_PATH && (dc_span_is(text, ".") || dc_span_is(text, ".."))) return "must not be dots";
    if (text.size > most) return "is too long";
    for (uint32_t i = 0; i < text.size; i++) {
        const unsigned char c = (unsigned char)text.at[i];
        if (c < 0x20 || c == 0x7F) return "must not hold control characters";
    }
    return NULL;
}

/* An absolute http(s) URL without user info. Only what could mislead us or a browser is looked at: the URL is
 * used as it was given. */
static const char *check_url(const dc_field *field, dc_span text) {
    const char *problem = check_length(field, text);
    if (problem) return problem;
    const uint32_t from = dc_span_starts(text, "https://") ? 8 : dc_span_starts(text, "http://") ? 7 : 0;
    if (!from) return "must be a URL that begins with https:// or http://";
    uint32_t host = from;
    while (host < text.size && !strchr("/?#", text.at[host])) host++;
    if (host == from) return "must name a host";
    for (uint32_t i = 0; i < text.size; i++) {
        if (strchr(" \\<>\"", text.at[i])) return "must not hold spaces, quotes or backslashes";
        if (i < host && text.at[i] == '@') return "must not hold user info";
    }
    return NULL;
}

static const char *check_whole(const dc_field *field, dc_span text) {
    uint32_t value = 0;
    if (!text.size || text.size > 9 || (text.size > 1 && text.at[0] == '0')) return "must be a whole number";
    for (uint32_t i = 0; i < text.size; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') return "must be a whole number";
        value = value * 10 + (uint32_t)(text.at[i] - '0');
    }
    if (value < 1 || value > field->high) return field->high == 1000 ? "must be 1 to 1000" : "is out of range";
    return NULL;
}

const char *dc_field_check_text(const dc_field *field, dc_span text) {
    switch (field->type) {
    case DC_WORD:
    case DC_WORDS: return dc_word_index(dc_field_words(field), text) < 0 ? "is not one of the known values" : NULL;
    case DC_WHOLE: return check_whole(field, text);
    case DC_BOOL: return dc_span_is(text, "true") || dc_span_is(text, "false") ? NULL : "must be true or false";
    case DC_URL: return check_url(field, text);
    default: return check_length(field, text);
    }
}

static const char *check_string(const dc_field *field, dc_span raw) {
    dc_span text;
    if (raw.at[0] != '"') return "must be a string";
    if (!dc_scan_string(raw, &text)) return "must not hold NUL or half a character";
    return dc_field_check_text(field, text);
}

static const char *check_list(const dc_field *field, dc_span raw) {
    if (raw.at[0] != '[') return "must be a list of strings";
    uint32_t count = 0;
    for (dc_span item; dc_scan_item(&raw, &item); count++) {
        const char *problem = item.at[0] == '"' ? check_string(field, item) : "must be a list of strings";
        if (problem) return problem;
    }
    if (!count && field->place == DC_QUERY) return "must not be empty (leave it out to have all)";
    return count > 1000 ? "must not have more than 1000 items" : NULL;
}

const char *dc_field_check(const dc_field *field, dc_span raw) {
    switch (field->type) {
    case DC_TEXTS:
    case DC_WORDS: return check_list(field, raw);
    case DC_SCOPES: return raw.at[0] == '"' ? check_string(field, raw) : check_list(field, raw);
    case DC_WHOLE: return raw.at[0] == '"' ? "must be a whole number" : check_whole(field, raw);
    case DC_BOOL: return raw.at[0] == '"' ? "must be true or false" : dc_field_check_text(field, raw);
    case DC_OBJECT: return raw.at[0] == '{' ? NULL : "must be an object";
    case DC_ARRAY: return raw.at[0] == '[' ? NULL : "must be an array";
    case DC_ANY:
    case DC_MAP: return NULL;
    default: return check_string(field, raw);
    }
}

/* Where the SDK's name is not the last part of the wire's in camelCase. */
static const char *const sdk_names[][2] = {
    {"auth_config.id", "authConfigId"}, {"connection.state", "config"},
    {"toolkit.slug", "toolkit"},        {"status", "enabled"},
    {"is_2FA_enabled", "is2FAEnabled"},
};

const char *dc_field_sdk_name(const dc_field *field) {
    for (size_t i = 0; i < sizeof sdk_names / sizeof sdk_names[0]; i++) {
        if (strcmp(field->wire, sdk_names[i][0]) == 0) return sdk_names[i][1];
    }
    const char *last = strrchr(field->wire, '.');
    char *name = dc_span_copy(dc_span_of(last ? last + 1 : field->wire));
    if (!name) return "";
    char *to = name;
    for (const char *from = name; *from; from++) {
        const bool hump = *from == '_' && from[1] >= 'a' && from[1] <= 'z';
        if (hump) from++;
        *to++ = hump ? (char)(*from - 'a' + 'A') : *from;
    }
    *to = '\0';
    return name;
}

bool dc_field_find(dc_span object, const char *path, dc_span *raw) {
    const char *dot = strchr(path, '.');
    if (!dot) return dc_scan_member(object, path, raw);
    dc_span inner;
    return dc_scan_member_of(object, (dc_span){path, (uint32_t)(dot - path)}, &inner) &&
           dc_field_find(inner, dot + 1, raw);
}

const char *dc_field_text(dc_span body, const char *path) {
    dc_span raw, text;
    if (!body.size || !dc_field_find(body, path, &raw) || !dc_scan_string(raw, &text)) return NULL;
    return dc_span_copy(text);
}
