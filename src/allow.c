/* allow.c: may this caller do this, and does it see credentials masked or plain? */
#include "operations.h"
#include "reply.h"
#include "words.h"

#include <string.h>

static bool has_scope(const cJSON *caller, const char *scope) {
    return dc_json_holds(dc_json_get(caller, "scopes"), scope);
}

/* At most eight characters of what was sent: enough to know one's own key, too few to use it. */
static const dc_reply *unauthorized(const cJSON *caller, const char *kind) {
    const char *hint = dc_json_text(caller, "hint");
    dc_out message = {0};
    if (kind && strcmp(kind, "over") == 0) {
        dc_put_text(&message, "This user token is over; ask for a new one.");
    } else if (kind && strcmp(kind, "many") == 0) {
        dc_put_text(&message, "Several credentials were sent at once.");
    } else if (hint && hint[0]) {
        dc_put_text(&message, "The credential that begins with ");
        for (int i = 0; i < 8 && hint[i] > 0x20 && hint[i] < 0x7F; i++) dc_put_byte(&message, hint[i]);
        dc_put_text(&message, "... is not valid here.");
    }
    dc_put_byte(&message, '\0');
    const bool said = !message.failed && message.size > 1;
    return dc_refuse(DC_ERR_UNAUTHORIZED, said ? message.at : NULL, NULL);
}

static const dc_reply *forbidden(const char *scope) {
    dc_out message = {0};
    dc_put_text(&message, "This needs an API key with the scope ");
    dc_put_text(&message, scope);
    dc_put_text(&message, ".");
    dc_put_byte(&message, '\0');
    return dc_refuse(DC_ERR_FORBIDDEN, message.failed ? NULL : message.at, NULL);
}

const dc_reply *dc_allow(uint32_t op, uint32_t size) {
    dc_input in;
    const dc_operation *operation = dc_operation_at(op);
    if (!operation || !dc_input_read(size, &in)) return dc_refuse(DC_ERR_INTERNAL, NULL, NULL);
    const cJSON *caller = dc_input_tree(&in, "caller"), *config = dc_input_tree(&in, "config");
    const char *kind = dc_json_text(caller, "kind");
    const bool token = kind && strcmp(kind, "token") == 0; /* what it may do in particular is narrow.c's to say */
    const bool known = kind && (token || strcmp(kind, "key") == 0 || strcmp(kind, "session") == 0);
    if (operation->need != DC_NEED_NOTHING) {
        if (!known) return unauthorized(caller, kind);
        if (!has_scope(caller, dc_scope_names[operation->need])) return forbidden(dc_scope_names[operation->need]);
    }
    /* Plain only where the project says so and the key may see it; whatever is missing means masked. */
    const bool off = cJSON_IsFalse(dc_json_get(config, "mask_secret_keys_in_connected_account"));
    const bool plain = known && !token && off && has_scope(caller, dc_scope_names[DC_NEED_REVEAL]);
    const char *style = dc_json_text(config, "mask_style");
    dc_out out = {0};
    dc_json_open(&out, NULL, '{');
    dc_json_put_text(&out, "credentials", plain ? "plain" : "masked");
    /* Whoever holds an open connect link may connect the account, which takes `write`, and of a token that it may link. */
    const bool links = known && has_scope(caller, dc_scope_names[DC_NEED_WRITE]);
    dc_json_put_bool(&out, "links", links && (!token || dc_json_true(caller, "links")));
    dc_json_put_number(&out, "style", style && strcmp(style, "full") == 0 ? DC_MASK_FULL : DC_MASK_PREFIX);
    /* For the views that are sealed, so a matter of the project alone: to whom secrets are plain is given no view. */
    dc_json_put_bool(&out, "fingerprints", dc_json_true(config, "fingerprints"));
    dc_json_close(&out, '}');
    return dc_reply_value(200, &out, (dc_span){NULL, 0});
}
