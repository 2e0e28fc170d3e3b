/* url.c: the shape of a URL, read as a browser reads it (WHATWG URL, section 4.4) and where that is in doubt as the
 * reader would who finds more to hide: backslashes are slashes, tabs and line feeds are not there, percent-encoded
 * names are names, and a URL inside another's parameter counts too. Constant memory: a name that does not fit is
 * secret. */
#include "url.h"

#include "names.h"

static bool is_slash(uint32_t unit) {
    return unit == '/' || unit == '\\';
}

static bool begins_name(uint32_t unit) {
    return unit == '?' || unit == '#' || unit == '&' || unit == ';';
}

static dc_url_act begin_name(dc_url *url) {
    url->phase = DC_URL_NAME;
    url->name = 0;
    url->secret = false;
    return DC_URL_GO_ON;
}

static bool is_secret(const dc_url *url, const char *buffer) {
    if (url->secret || url->name > DC_URL_NAME_SIZE) return true;
    return (dc_name_meaning((dc_span){buffer, url->name}) & DC_NAME_SECRET) != 0;
}

static dc_url_act take_name(dc_url *url, uint32_t unit, char *buffer) {
    if (begins_name(unit)) return begin_name(url);
    if (unit == '=') {
        url->phase = is_secret(url, buffer) ? DC_URL_HIDDEN : DC_URL_VALUE;
        return url->phase == DC_URL_HIDDEN ? DC_URL_HIDE : DC_URL_GO_ON;
    }
    if (unit == '[') { /* auth[token]=, token[]= */
        url->secret = is_secret(url, buffer);
        url->name = 0;
    } else if (unit != ']') {
        if (url->name < DC_URL_NAME_SIZE) buffer[url->name] = unit < 0x80 ? (char)unit : (char)0x80;
        if (url->name <= DC_URL_NAME_SIZE) url->name++;
    }
    return DC_URL_GO_ON;
}

/* A space ends the host of a URL in prose, but may stand in a password that somebody typed. */
static bool ends_authority(const dc_url *url, uint32_t unit) {
    return is_slash(unit) || unit == '?' || unit == '#' || (unit == ' ' && !(url->colon && url->worded));
}

static dc_url_act take_authority(dc_url *url, uint32_t unit, bool encoded) {
    const bool counts = !encoded || url->coded;
    if (counts && unit == '@') {
        url->filled = url->colon = url->worded = false; /* what is left must read as if it had never been there */
        return DC_URL_FORGET;
    }
    if (!url->filled && is_slash(unit)) return DC_URL_GO_ON;
    url->filled = true;
    if (counts && ends_authority(url, unit)) {
        if (url->colon && url->worded) return DC_URL_REFUSE; /* a port is digits: this is a password with a slash */
        const bool again = is_slash(unit) && url->colon;
        begin_name(url);
        if (is_slash(unit) || unit == ' ') url->phase = DC_URL_PATH;
        url->slashes = again ? 2 : 0; /* the end of `http:/` inside an authority begins another */
        return DC_URL_RELEASE;
    }
    if (unit == ':') {
        url->colon = true;
        url->worded = false;
    } else if (unit == ']') {
        url->colon = url->worded = false; /* the colons were those of an IPv6 address */
    } else if (unit < '0' || unit > '9') {
        url->worded = true;
    }
    return DC_URL_GO_ON;
}

/* `:`, slash, slash: an authority follows. */
static bool begins_authority(dc_url *url, uint32_t unit, bool encoded) {
    if (unit == ':') {
        url->slashes = 1;
    } else if (!is_slash(unit)) {
        url->slashes = 0;
    } else if (url->slashes == 2) {
        url->phase = DC_URL_AUTHORITY;
        url->slashes = 0;
        url->coded = encoded;
        url->filled = url->colon = url->worded = false;
        return true;
    } else if (url->slashes == 1) {
        url->slashes = 2;
    }
    return false;
}

static dc_url_act take_start(dc_url *url, uint32_t unit) {
    if (unit <= ' ') return DC_URL_GO_ON;
    url->phase = is_slash(unit) ? DC_URL_PATH : DC_URL_PROSE;
    url->slashes = is_slash(unit) ? 2 : 0; /* `//host` is an authority without a scheme */
    if (begins_name(unit)) begin_name(url);
    return DC_URL_GO_ON;
}

/* One character, percent-encoding undone. */
static dc_url_act take(dc_url *url, uint32_t unit, bool encoded, char *buffer) {
    if (unit == '\t' || unit == '\n' || unit == '\r') return DC_URL_GO_ON;
    switch (url->phase) {
    case DC_URL_START: return take_start(url, unit);
    case DC_URL_AUTHORITY: return take_authority(url, unit, encoded);
    case DC_URL_HIDDEN:
        if (encoded || (unit != '&' && unit != '#')) return DC_URL_GO_ON;
        begin_name(url);
        return DC_URL_RELEASE;
    default: break;
    }
    if (begins_authority(url, unit, encoded) || url->phase == DC_URL_PROSE) return DC_URL_GO_ON;
    if (url->phase == DC_URL_NAME) return take_name(url, unit, buffer);
    return begins_name(unit) ? begin_name(url) : DC_URL_GO_ON;
}

static int hex_value(uint32_t unit) {
    if (unit >= '0' && unit <= '9') return (int)(unit - '0');
    if ((unit | 0x20) >= 'a' && (unit | 0x20) <= 'f') return (int)((unit | 0x20) - 'a') + 10;
    return -1;
}

dc_url_act dc_url_take(dc_url *url, uint32_t unit, char *buffer) {
    const int value = url->percent != 0 ? hex_value(unit) : -1;
    if (value < 0) {
        url->percent = unit == '%';
        url->code = 0;
        return unit == '%' ? DC_URL_GO_ON : take(url, unit, false, buffer);
    }
    url->code = (uint8_t)(url->code << 4 | value);
    if (url->percent++ < 2) return DC_URL_GO_ON;
    url->percent = 0;
    return take(url, url->code, true, buffer);
}

bool dc_url_shows_end(const dc_url *url) {
    return !(url->colon && url->worded);
}
