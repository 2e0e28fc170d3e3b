/* fingerprint.c: short keyed marks that tell people whether two masked secrets are the same.
 *
 * The core says which strings of a credential get one and what is hashed, the host makes the HMAC-SHA-256 with a key that
 * the core never sees, and the core cuts the digest and writes it down. A string gets a fingerprint where
 *
 *   - the masker masks it: the walk of the echo scrub has that rule already, so it is not written again here;
 *   - it has eight characters or more: those who may connect accounts can hold a guess against a fingerprint, and short
 *     secrets are found by guessing;
 *   - it is not REDACTED, which stands in the answer as it is (`gho_...` is too short anyway);
 *   - it is text: with a NUL or half a surrogate pair in it, what its bytes are depends on who is asked.
 *
 * What is hashed has no name in it: the same token is the same under `access_token` and under `token`. */
#include "reply.h"
#include "scrub.h"

/* MOST and LONGEST bound what a provider's answer, which may hold anything, can add to each account of a list; MOST also
 * how many guesses one call can hold against the others. */
enum { LEAST = 8, MOST = 16, LONGEST = 256, DIGEST = 64, SHOWN = 8 };

/* In front of each secret: a key that does anything else one day must not do it with the same messages. */
static const char purpose[] = "devcaster fingerprint v1\n";

typedef struct listing {
    const char *root; /* where the credential begins */
    dc_secret_walk walk;
    dc_secret secret; /* the next one in the document */
    bool more;        /* there is one */
    uint32_t count;
    dc_out path, paths, messages;
} listing;

/* A step of a path, behind a dot where it is not the first. A name's own dots and backslashes get a backslash, so that no
 * two paths are one. False: the path is too long, or the name is no text. */
static bool put_step(dc_out *path, bool first, dc_span quoted, uint32_t item) {
    dc_span name = {NULL, 0};
    if (quoted.size > 0 && !dc_scan_string(quoted, &name)) return false;
    if (!first) dc_put_byte(path, '.');
    if (quoted.size == 0) dc_put_integer(path, item);
    for (uint32_t i = 0; i < name.size; i++) {
        if (name.at[i] == '.' || name.at[i] == '\\') dc_put_byte(path, '\\');
        dc_put_byte(path, name.at[i]);
    }
    return path->size <= LONGEST;
}

static void list_text(listing *list, dc_span raw, bool known) {
    dc_span text;
    dc_out message = {0};
    if (!list->more || raw.at + 1 != list->secret.at) return; /* harmless, or too short for the scrub already */
    list->more = dc_secret_next(&list->walk, &list->secret);
    if (!known || list->count == MOST || !dc_scan_string(raw, &text)) return;
    if (dc_utf8_count(text) < LEAST || dc_span_is(text, "REDACTED")) return;
    dc_put_text(&message, purpose);
    dc_put(&message, text);
    dc_json_put_span(&list->paths, NULL, dc_out_span(&list->path));
    dc_json_put_span(&list->messages, NULL, dc_out_span(&message));
    list->count++;
}

/* The walk knows which strings are secret, this one where they stand; both go through the document in its order.
 * Recursion is bounded: the head was validated, so it is at most DC_DEPTH deep. */
static void list_value(listing *list, dc_span value, bool known) {
    const size_t size = list->path.size;
    const bool first = value.at == list->root;
    dc_span rest = value, name, each;
    if (value.at[0] == '"') list_text(list, value, known);
    while (dc_scan_next(&rest, &name, &each)) {
        list_value(list, each, known && put_step(&list->path, first, name, 0));
        list->path.size = size;
    }
    rest = value;
    for (uint32_t i = 0; dc_scan_item(&rest, &each); i++) {
        list_value(list, each, known && put_step(&list->path, first, (dc_span){NULL, 0}, i));
        list->path.size = size;
    }
}

const dc_reply *dc_secrets(uint32_t size) {
    dc_input in;
    listing list = {0};
    if (!dc_input_read(size, &in)) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    const dc_span val = dc_input_raw(&in, "val");
    if (val.size == 0) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    list.root = val.at;
    dc_secret_begin(&list.walk, val, dc_span_of(dc_input_text(&in, "harmless")));
    list.more = dc_secret_next(&list.walk, &list.secret);
    dc_json_open(&list.paths, NULL, '[');
    dc_json_open(&list.messages, NULL, '[');
    list_value(&list, val, true);
    dc_json_close(&list.paths, ']');
    dc_json_close(&list.messages, ']');
    /* A secret that is left over was not met: the two walks do not agree, and no fingerprint may be trusted. */
    if (list.more || list.walk.failed) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    return dc_reply_value(200, &list.paths, dc_out_span(&list.messages));
}

static bool is_digest(dc_span text) {
    for (uint32_t i = 0; i < text.size; i++) {
        const char c = text.at[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
    }
    return text.size == DIGEST;
}

const dc_reply *dc_fingerprints(uint32_t size) {
    dc_input in;
    dc_out out = {0};
    dc_span path, raw, digest;
    if (!dc_input_read(size, &in)) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    dc_span paths = dc_input_raw(&in, "paths"), digests = dc_input_raw(&in, "digests");
    if (paths.size == 0 || paths.at[0] != '[' || digests.size == 0 || digests.at[0] != '[')
        return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    dc_json_open(&out, NULL, '{');
    while (dc_scan_item(&paths, &path)) {
        const bool paired = path.at[0] == '"' && dc_scan_item(&digests, &raw);
        if (!paired || !dc_scan_string(raw, &digest) || !is_digest(digest))
            return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
        dc_out shown = {0};
        dc_json_put_span(&shown, NULL, (dc_span){digest.at, SHOWN});
        dc_json_put_member(&out, path, dc_out_span(&shown));
    }
    dc_json_close(&out, '}');
    if (dc_scan_item(&digests, &raw)) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}
