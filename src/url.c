/* url.c: the shape of a URL, read as a browser reads it (WHATWG URL, section 4.4) and where that is in doubt as the
 * reader would who finds more to hide: backslashes are slashes, `https:` needs none, tabs and line feeds are not there,
 * percent-encoded names are names, `user:password@host` needs no scheme, and a URL inside another's parameter counts
 * too. Constant memory: a name that does not fit is secret. */
#include "url.h"

#include "names.h"

static bool is_slash(uint32_t unit) {
    return unit == '/' || unit == '\\';
}

static bool begins_name(uint32_t unit) {
    return unit == '?' || unit == '#' || unit == '&' || unit == ';';
}

/* Read on in what may be the scheme of a URL. Is this the colon behind one whose slashes do not matter? Five letters
 * fit; what cannot be such a scheme any more keeps a bit above them. */
static bool ends_special(dc_url *url, uint32_t unit) {
    enum { SCHEME_FULL = 1 << 20, NO_SCHEME = 1 << 30, F = 6, H = 8, P = 16, S = 19, T = 20, W = 23 };
    enum { WS = W << 5 | S, FTP = (F << 5 | T) << 5 | P, HTTP = ((H << 5 | T) << 5 | T) << 5 | P };
    const uint32_t scheme = url->scheme, lower = unit | 0x20;
    if (lower >= 'a' && lower <= 'z') {
        url->scheme = scheme < SCHEME_FULL ? scheme << 5 | (lower & 31) : NO_SCHEME;
        return false;
    }
    url->scheme = (unit >= '0' && unit <= '9') || unit == '+' || unit == '-' || unit == '.' ? NO_SCHEME : 0;
    const bool known =
        scheme == WS || scheme == (WS << 5 | S) || scheme == FTP || scheme == HTTP || scheme == (HTTP << 5 | S);
    return unit == ':' && known;
}

static dc_url_act begin_name(dc_url *url, uint32_t unit) {
    url->phase = DC_URL_NAME;
    url->fragment = url->fragment || unit == '#';
    url->scheme = 0;
    url->name = 0;
    url->secret = false;
    return DC_URL_RELEASE;
}

static dc_url_act begin_path(dc_url *url, uint8_t slashes) {
    url->phase = DC_URL_PATH;
    url->slashes = slashes;
    return DC_URL_RELEASE;
}

/* What is left when user info is gone must read as if it had never been there. */
static void begin_again(dc_url *url) {
    url->slashes = 0;
    url->filled = url->colon = url->worded = url->lead = false;
}

static dc_url_act begin_word(dc_url *url, bool path) {
    if (url->phase != DC_URL_START || url->filled) url->phase = DC_URL_WORD;
    url->path = path;
    url->forgot = url->late = url->fragment = url->spaced = false;
    begin_again(url);
    return DC_URL_RELEASE;
}

static dc_url_act begin_authority(dc_url *url, bool encoded) {
    if (url->phase != DC_URL_AUTHORITY) url->from = url->phase;
    url->phase = DC_URL_AUTHORITY;
    url->coded = encoded;
    url->loose = url->spaced = false;
    begin_again(url);
    return DC_URL_RELEASE;
}

static bool is_secret(const dc_url *url, const char *buffer) {
    if (url->secret || url->name > DC_URL_NAME_SIZE) return true;
    return (dc_name_meaning((dc_span){buffer, url->name}) & (DC_NAME_SECRET | DC_NAME_PARAMETER)) != 0;
}

static dc_url_act take_name(dc_url *url, uint32_t unit, bool encoded, char *buffer) {
    if (begins_name(unit)) return begin_name(url, unit);
    if (unit == '=') {
        const bool secret = is_secret(url, buffer);
        if (encoded && !secret) unit = '_'; /* it may belong to the name: then that goes on behind it */
        else url->phase = secret ? DC_URL_HIDDEN : DC_URL_VALUE;
        if (secret) return DC_URL_HIDE;
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

/* ---- Words: `user:password@host` without a scheme ---------------------------------------------------------- */

/* In front of a word's `@`. An address of mail has no colon and stays. */
static dc_url_act take_at(dc_url *url) {
    if (url->late && url->colon) return DC_URL_REFUSE;
    if (!url->colon && !url->forgot) return DC_URL_GO_ON;
    url->forgot = true;
    begin_again(url);
    return DC_URL_FORGET;
}

static dc_url_act take_word_colon(dc_url *url, bool encoded, bool special) {
    if (special && url->forgot) return DC_URL_REFUSE; /* still the password, or another URL? */
    if (special && !url->colon) return begin_authority(url, encoded);
    if (url->phase == DC_URL_PROSE) {
        url->phase = DC_URL_WORD;
        url->late = true;
    }
    url->worded = url->colon;
    url->filled = url->colon = true;
    url->slashes = special ? 3 : 1;
    return DC_URL_GO_ON;
}

/* A percent-encoded slash may be the password's, a plain one ends the word. */
static dc_url_act take_word_slash(dc_url *url, bool encoded) {
    const uint8_t before = url->slashes;
    if (before >= 2) {
        if (encoded && (url->worded || url->forgot)) return DC_URL_REFUSE;
        return begin_authority(url, encoded);
    }
    url->slashes = before == 1 || !url->filled ? 2 : 0; /* `//host` is an authority without a scheme */
    url->filled = true;
    return encoded ? DC_URL_GO_ON : begin_path(url, url->slashes);
}

/* `?`, `#`, `&` or `;`: parameters begin where they do for a URL, else it is a character like others. */
static dc_url_act take_word_mark(dc_url *url, uint32_t unit, bool encoded) {
    const bool ends = !encoded && (unit == '?' || unit == '#');
    if (ends && (url->filled || url->path || url->phase == DC_URL_START)) return begin_name(url, unit);
    if (ends) {
        url->phase = DC_URL_PROSE;
        url->forgot = false;
    } else if (url->path) {
        return url->colon || url->forgot ? DC_URL_REFUSE : begin_name(url, unit);
    } else if (!url->filled && url->phase == DC_URL_START) {
        url->lead = true;
    }
    url->filled = true;
    url->slashes = 0;
    return ends ? DC_URL_RELEASE : DC_URL_GO_ON;
}

static dc_url_act take_word(dc_url *url, uint32_t unit, bool encoded) {
    const bool special = ends_special(url, unit);
    if (!encoded && (unit == ' ' || (unit < ' ' && !url->filled))) return begin_word(url, url->path);
    if (unit == ':') return take_word_colon(url, encoded, special);
    /* Behind other text a backslash is text: `DOMAIN\\user:password@host`. */
    if (unit == '/' || (unit == '\\' && (url->slashes > 0 || !url->filled))) return take_word_slash(url, encoded);
    if (begins_name(unit)) return take_word_mark(url, unit, encoded);
    if (unit == '=' && url->lead) return DC_URL_REFUSE;
    url->filled = true;
    url->slashes = 0;
    return unit == '@' && !encoded ? take_at(url) : DC_URL_GO_ON;
}

/* ---- Authorities ------------------------------------------------------------------------------------------ */

/* A backslash ends it for browsers and `https:` only; for others it stands in a user's name or password. */
static bool ends_authority(uint32_t unit) {
    return unit == '/' || unit == '?' || unit == '#';
}

static dc_url_act end_authority(dc_url *url, uint32_t unit, bool encoded) {
    if (url->colon && url->worded) return DC_URL_REFUSE; /* a port is digits: this is a password with a slash */
    if (unit != '/') {
        url->slashes = 0;
        return begin_name(url, unit);
    }
    if (url->slashes == 3) return begin_authority(url, encoded || url->coded);
    return begin_path(url, url->colon ? 2 : 0); /* the end of `x:/` inside an authority begins another */
}

/* A space ends the host of a URL in prose, but may stand in a password that somebody typed, and in front of an `@`. */
static bool is_spaced(dc_url *url, uint32_t unit) {
    if (unit != ' ' || (url->colon && url->worded)) return false;
    url->spaced = true;
    return true;
}

static dc_url_act take_authority(dc_url *url, uint32_t unit, bool encoded) {
    const bool counts = !encoded || url->coded;
    if (unit == '@' && (counts || url->loose)) {
        url->scheme = 0;
        url->spaced = false;
        begin_again(url);
        return DC_URL_FORGET;
    }
    if (counts && unit == ' ' && !url->filled) return DC_URL_RELEASE;
    if (url->spaced && unit != ' ') {
        begin_word(url, true);
        return take_word(url, unit, encoded);
    }
    const bool special = ends_special(url, unit);
    if (!url->filled && is_slash(unit)) {
        url->loose = url->loose || (encoded && !url->coded);
        return DC_URL_RELEASE;
    }
    url->filled = true;
    if (counts && is_spaced(url, unit)) return DC_URL_GO_ON;
    if (counts && ends_authority(unit)) return end_authority(url, unit, encoded);
    /* In a parameter, the next one ends it; and what looks like a parameter's name may be one. */
    const bool inside = url->from == DC_URL_NAME || url->from == DC_URL_VALUE;
    if (inside && !encoded && begins_name(unit))
        return url->colon && url->worded ? DC_URL_REFUSE : begin_name(url, unit);
    if (unit == '=' && url->from == DC_URL_NAME) return DC_URL_REFUSE;
    url->slashes = 0;
    if (unit == ':') {
        url->colon = true;
        url->worded = false;
        url->slashes = special ? 3 : 1;
    } else if (unit == ']') {
        url->colon = url->worded = false; /* the colons were those of an IPv6 address */
    } else if (unit < '0' || unit > '9') {
        url->worded = true;
    }
    return DC_URL_GO_ON;
}

/* `https:`, or `:`, slash, slash: an authority follows. */
static bool begins_authority(dc_url *url, uint32_t unit, bool encoded) {
    if (ends_special(url, unit)) {
        begin_authority(url, encoded);
        return true;
    }
    if (is_slash(unit) && url->slashes == 2) {
        begin_authority(url, encoded);
        return true;
    }
    if (!is_slash(unit)) url->slashes = unit == ':';
    else if (url->slashes == 1) url->slashes = 2;
    return false;
}

/* One character, percent-encoding undone. */
static dc_url_act take(dc_url *url, uint32_t unit, bool encoded, char *buffer) {
    if (unit == '\t' || unit == '\n' || unit == '\r') return DC_URL_GO_ON;
    if (url->phase <= DC_URL_PROSE) return take_word(url, unit, encoded);
    if (url->phase == DC_URL_AUTHORITY) return take_authority(url, unit, encoded);
    if (url->phase == DC_URL_HIDDEN) {
        const bool over = !encoded && (unit == '&' || (unit == '#' && !url->fragment));
        return over ? begin_name(url, unit) : DC_URL_GO_ON;
    }
    if (begins_authority(url, unit, encoded)) return DC_URL_GO_ON;
    if (url->phase == DC_URL_NAME) return take_name(url, unit, encoded, buffer);
    if (unit == ' ' && !encoded) return begin_word(url, true);
    return begins_name(unit) ? begin_name(url, unit) : DC_URL_GO_ON;
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

bool dc_url_let_go(dc_url *url) {
    if (url->phase > DC_URL_WORD || url->forgot || url->lead || (url->colon && !url->list)) return false;
    url->phase = DC_URL_PROSE;
    url->colon = url->worded = url->late = false;
    return true;
}

bool dc_url_shows_end(const dc_url *url) {
    return url->phase != DC_URL_AUTHORITY || !(url->colon && url->worded);
}
