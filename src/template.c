/* template.c: the braces of toolkit definitions. */
#include "template.h"

#include "scan.h"

#include <string.h>

bool dc_values_find(const dc_values *values, dc_span name, dc_span *text) {
    const char *key = dc_span_copy(name);
    dc_span raw;
    for (int i = 0; key && i < 3; i++) {
        if (!values->from[i].size || !dc_scan_member(values->from[i], key, &raw)) continue;
        if (raw.at[0] == '"' && dc_scan_string(raw, text) && text->size) return true;
        if (raw.at[0] == '-' || (raw.at[0] >= '0' && raw.at[0] <= '9')) {
            *text = raw;
            return true;
        }
    }
    return false;
}

static bool is_host_text(dc_span text) {
    for (uint32_t i = 0; i < text.size; i++) {
        const char c = text.at[i];
        const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && c != '-' && c != '.') return false;
    }
    return true;
}

static bool is_line_text(dc_span text) {
    for (uint32_t i = 0; i < text.size; i++) {
        const unsigned char c = (unsigned char)text.at[i];
        if (c < 0x20 || c >= 0x7F) return false; /* what else HTTP does not say how to read */
    }
    return true;
}

/* A value at the very start of a URL is a base address of its own (`instance_url`): https, and nothing in it that
 * could lead elsewhere. */
static bool is_base_url(dc_span text) {
    if (!dc_span_starts(text, "https://")) return false;
    const dc_span host = {text.at + 8, text.size - 8};
    uint32_t end = 0;
    while (end < host.size && host.at[end] != '/') end++;
    for (uint32_t i = end; i < host.size; i++) {
        if (host.at[i] <= ' ' || host.at[i] == 0x7F || strchr("?#\\@", host.at[i])) return false;
    }
    return end > 0 && is_host_text((dc_span){host.at, end});
}

/* Does the place `at` belong to the authority? That begins behind `://`, or behind a base address at the start, and ends
 * with the definition's own `/`, `?` or `#`, whatever the values before it hold. */
static bool in_authority(const char *start, const char *at) {
    const char *from = *start == '{' ? strchr(start, '}') : strstr(start, "://");
    if (!from || from >= at) return false;
    for (const char *c = from + (*start == '{' ? 1 : 3); c < at; c++) {
        const char *close = *c == '{' ? strchr(c, '}') : NULL;
        if (close) c = close;
        else if (*c == '/' || *c == '?' || *c == '#') return false;
    }
    return true;
}

/* Does the value for the brace at `at` decide which domain the URL leads to? Not where the definition itself ends the
 * host behind it with a domain of at least two names (`{shop}.myshopify.com`). */
static bool decides_host(const char *start, const char *at) {
    if (at == start) return true;
    if (!in_authority(start, at)) return false;
    const char *behind = strchr(at, '}') + 1, *dot = *behind == '.' ? strchr(behind + 1, '.') : NULL;
    const char *end = behind + strcspn(behind, "/?#:{");
    return *end == '{' || !dot || dot + 1 >= end;
}

/* Finds the value for the brace at `at`, in the objects that may have a say there. */
static bool find_value(const dc_values *values, dc_span name, const char *start, const char *at, dc_template_use use,
                       dc_span *value) {
    dc_values own = *values;
    for (uint32_t i = 0; use == DC_IN_URL && values->hosts && decides_host(start, at) && i < 3; i++) {
        if (!(values->hosts >> i & 1)) own.from[i].size = 0;
    }
    return dc_values_find(&own, name, value);
}

static bool put_value(dc_out *out, dc_span text, const char *start, const char *at, dc_template_use use) {
    if (use == DC_IN_HEADER && !is_line_text(text)) return false;
    if (use != DC_IN_URL) {
        dc_put(out, text);
        return true;
    }
    if (at == start) {
        if (!is_base_url(text)) return false;
        while (text.size && text.at[text.size - 1] == '/') text.size--;
        dc_put(out, text);
        return true;
    }
    if (in_authority(start, at)) {
        if (!is_host_text(text)) return false;
        dc_put(out, text);
    } else {
        dc_put_percent(out, text);
    }
    return true;
}

/* The size of a dot at `at`, as it is or escaped; 0: it is none. */
static uint32_t dot_size(dc_span text, uint32_t at) {
    if (at < text.size && text.at[at] == '.') return 1;
    const bool escaped = at + 2 < text.size && memcmp(text.at + at, "%2", 2) == 0 && (text.at[at + 2] | 32) == 'e';
    return escaped ? 3 : 0;
}

bool dc_url_walks(dc_span url) {
    uint32_t at = 0;
    while (at + 2 < url.size && memcmp(url.at + at, "://", 3) != 0) at++;
    for (at += 3; at < url.size && !strchr("?#", url.at[at]); at++) {
        if (url.at[at] != '/') continue;
        uint32_t end = at + 1;
        for (uint32_t dots = 0, size; dots < 2 && (size = dot_size(url, end)) > 0; dots++) end += size;
        if (end > at + 1 && (end >= url.size || strchr("/?#", url.at[end]))) return true;
    }
    return false;
}

bool dc_template_put(dc_out *out, const char *text, const dc_values *values, dc_template_use use) {
    static const char open64[] = "base64(";
    const size_t before = out->size;
    for (const char *at = text; *at; at++) {
        const char *close = *at == '{' ? strchr(at, '}') : NULL;
        if (close) {
            const dc_span name = {at + 1, (uint32_t)(close - at - 1)};
            dc_span value;
            if (!find_value(values, name, text, at, use, &value) || !put_value(out, value, text, at, use)) return false;
            at = close;
        } else if (strncmp(at, open64, sizeof open64 - 1) == 0 && strchr(at, ')')) {
            const char *from = at + sizeof open64 - 1, *end = strchr(from, ')');
            const char *inner = dc_span_copy((dc_span){from, (uint32_t)(end - from)});
            dc_out plain = {0};
            if (!inner || !dc_template_put(&plain, inner, values, DC_IN_TEXT)) return false;
            dc_put_base64(out, dc_out_span(&plain));
            at = end;
        } else {
            dc_put_byte(out, *at);
        }
    }
    if (out->failed || out->size == before) return !out->failed;
    return use != DC_IN_URL || !dc_url_walks((dc_span){out->at + before, (uint32_t)(out->size - before)});
}
