/* json.c: reading documents of our own with cJSON, and writing JSON.
 *
 * cJSON gets its memory from the arena and never frees. Its printer and number formatting would cost 15 KB
 * of wasm, so what we write is written here. */
#include "json.h"

#include "arena.h"
#include "run.h"
#include "scan.h"

#include <string.h>

static void *take(size_t size) {
    return dc_arena_take(size);
}

static void keep(void *block) {
    (void)block; /* the arena gives everything back at once */
}

/* cJSON would cut a string at an escaped NUL, so `a\u0000b` and `a` would be the same name to us. */
static bool has_nul(dc_span text) {
    const char *at = text.at, *const end = text.at + text.size;
    while (end - (at = dc_seek(at, end, '\\', '\\')) > 5) {
        if (memcmp(at + 1, "u0000", 5) == 0) return true;
        at += 2; /* the escaped character is no backslash of its own */
    }
    return false;
}

const cJSON *dc_json_read(dc_span text) {
    return dc_scan_valid(text, NULL) ? dc_json_tree(text) : NULL;
}

const cJSON *dc_json_tree(dc_span text) {
    static cJSON_Hooks hooks = {take, keep};
    if (has_nul(text)) return NULL;
    cJSON_InitHooks(&hooks);
    return cJSON_ParseWithLength(text.at, text.size);
}

const cJSON *dc_json_get(const cJSON *object, const char *name) {
    if (!cJSON_IsObject(object)) return NULL;
    const cJSON *found = NULL; /* the last of doubled names, as JSON.parse has it */
    for (const cJSON *item = object->child; item; item = item->next) {
        if (item->string[0] == name[0] && strcmp(item->string, name) == 0) found = item; /* a call for few of them */
    }
    return found;
}

const char *dc_json_text(const cJSON *object, const char *name) {
    const cJSON *item = dc_json_get(object, name);
    return cJSON_IsString(item) ? item->valuestring : NULL;
}

double dc_json_number(const cJSON *object, const char *name, double otherwise) {
    const cJSON *item = dc_json_get(object, name);
    return cJSON_IsNumber(item) ? item->valuedouble : otherwise;
}

bool dc_json_true(const cJSON *object, const char *name) {
    return cJSON_IsTrue(dc_json_get(object, name));
}

bool dc_json_holds(const cJSON *list, const char *text) {
    const cJSON *item;
    cJSON_ArrayForEach(item, list) {
        if (cJSON_IsString(item) && text && strcmp(item->valuestring, text) == 0) return true;
    }
    return false;
}

static void put_quoted(dc_out *out, dc_span text) {
    static const char hex[] = "0123456789abcdef";
    dc_put_byte(out, '"');
    uint32_t from = 0;
    for (uint32_t i = 0; i < text.size; i++) {
        const unsigned char c = (unsigned char)text.at[i];
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        dc_put(out, (dc_span){text.at + from, i - from});
        const char pair[2] = {'\\', (char)c};
        const char code[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
        dc_put(out, c < 0x20 ? (dc_span){code, 6} : (dc_span){pair, 2});
        from = i + 1;
    }
    if (text.size > from) dc_put(out, (dc_span){text.at + from, text.size - from});
    dc_put_byte(out, '"');
}

/* A comma is due unless something was just opened: no value ends in `{`, `[` or `:`. */
static void put_name(dc_out *out, const char *name) {
    const char last = out->size ? out->at[out->size - 1] : '[';
    if (last != '{' && last != '[' && last != ':') dc_put_byte(out, ',');
    if (!name) return;
    put_quoted(out, dc_span_of(name));
    dc_put_byte(out, ':');
}

void dc_json_open(dc_out *out, const char *name, char bracket) {
    put_name(out, name);
    dc_put_byte(out, bracket);
}

void dc_json_close(dc_out *out, char bracket) {
    dc_put_byte(out, bracket);
}

void dc_json_put_span(dc_out *out, const char *name, dc_span text) {
    put_name(out, name);
    put_quoted(out, text);
}

void dc_json_put_text(dc_out *out, const char *name, const char *text) {
    if (text) {
        dc_json_put_span(out, name, dc_span_of(text));
    } else {
        dc_json_put_null(out, name);
    }
}

void dc_json_put_raw(dc_out *out, const char *name, dc_span json) {
    put_name(out, name);
    dc_put(out, json);
}

/* White space between tokens falls away; strings stay byte for byte. */
void dc_put_compact(dc_out *out, dc_span raw) {
    bool quoted = false;
    uint32_t from = 0;
    for (uint32_t i = 0; i < raw.size; i++) {
        const char c = raw.at[i];
        if (quoted) {
            if (c == '\\') i++;
            else if (c == '"') quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            dc_put(out, (dc_span){raw.at + from, i - from});
            from = i + 1;
        }
    }
    dc_put(out, (dc_span){raw.at + from, raw.size - from});
}

void dc_json_put_member(dc_out *out, dc_span quoted, dc_span json) {
    put_name(out, NULL);
    dc_put(out, quoted);
    dc_put_byte(out, ':');
    dc_put(out, json);
}

void dc_json_put_number(dc_out *out, const char *name, double value) {
    put_name(out, name);
    dc_put_integer(out, value);
}

void dc_json_put_bool(dc_out *out, const char *name, bool value) {
    dc_json_put_raw(out, name, dc_span_of(value ? "true" : "false"));
}

void dc_json_put_null(dc_out *out, const char *name) {
    dc_json_put_raw(out, name, dc_span_of("null"));
}

void dc_json_put_time(dc_out *out, const char *name, double at) {
    if (!(at > 0)) {
        dc_json_put_null(out, name);
        return;
    }
    put_name(out, name);
    dc_put_byte(out, '"');
    dc_put_time(out, at);
    dc_put_byte(out, '"');
}

/* With up to nine decimals, as the documents of ours have them (limits and defaults of schemas). What somebody else
 * wrote goes along as a span. */
static void put_decimals(dc_out *out, double fraction) {
    enum { DECIMALS = 9 };
    char digits[DECIMALS + 1] = ".";
    uint32_t rest = (uint32_t)(fraction * 1e9 + 0.5), size = 0;
    for (uint32_t i = DECIMALS; i > 0; i--, rest /= 10) {
        digits[i] = (char)('0' + rest % 10);
        if (size == 0 && rest % 10 != 0) size = i + 1;
    }
    dc_put(out, (dc_span){digits, size});
}

static void put_decimal(dc_out *out, const char *name, double value) {
    put_name(out, name);
    const double size = value < 0 ? -value : value;
    const bool exact = size < 9007199254740992.0; /* beyond it, and beyond all numbers, there are no fractions */
    double whole = exact ? (double)(uint64_t)size : size, fraction = exact ? size - whole : 0;
    if (fraction * 1e9 + 0.5 >= 1e9) { /* rounds up to the next whole one */
        whole++;
        fraction = 0;
    }
    if (value < 0 && whole == 0 && fraction > 0) dc_put_byte(out, '-');
    dc_put_integer(out, value < 0 ? -whole : whole);
    put_decimals(out, fraction);
}

/* Recursion is bounded by the reader's nesting limit. */
void dc_json_put_tree(dc_out *out, const char *name, const cJSON *value) {
    if (cJSON_IsString(value)) {
        dc_json_put_text(out, name, value->valuestring);
    } else if (cJSON_IsNumber(value)) {
        put_decimal(out, name, value->valuedouble);
    } else if (cJSON_IsBool(value)) {
        dc_json_put_bool(out, name, cJSON_IsTrue(value));
    } else if (cJSON_IsObject(value) || cJSON_IsArray(value)) {
        const bool object = cJSON_IsObject(value);
        dc_json_open(out, name, object ? '{' : '[');
        for (const cJSON *item = value->child; item; item = item->next) {
            dc_json_put_tree(out, object ? item->string : NULL, item);
        }
        dc_json_close(out, object ? '}' : ']');
    } else {
        dc_json_put_null(out, name);
    }
}
