/* The SDK's requests, and the property that ties both directions of the route table together: what dc_request builds,
 * dc_route reads back as the same operation with the same arguments. */
#include "call.h"

static const char *const hostile[] = {"a",
                                      "ca_123456789012",
                                      "a/b",
                                      "a b",
                                      "a+b",
                                      "%2f",
                                      "..x",
                                      "a,b",
                                      "a&b=c",
                                      "#?",
                                      "\xc3\xa9\xf0\x9f\x98\x80",
                                      "[]",
                                      "a[]",
                                      "null",
                                      "0",
                                      "\xe2\x80\xae",
                                      "'",
                                      ";",
                                      "\\\"",
                                      "a.b",
                                      "...",
                                      "$&",
                                      "~"};
enum { HOSTILE = sizeof hostile / sizeof hostile[0] };
static unsigned seed = 20261122;

static unsigned drawn(unsigned below) {
    seed = seed * 1664525U + 1013904223U;
    return below ? (seed >> 8) % below : 0;
}

static const char *word(void) {
    return hostile[drawn(HOSTILE)];
}

static void put_word(char **to) {
    *to += sprintf(*to, "\"%s\"", word());
}

static void put_items(char **to, const dc_field *field) {
    const unsigned count = 1 + drawn(3);
    unsigned words = 0;
    while (field->words && dc_field_words(field)[words]) words++;
    *(*to)++ = '[';
    for (unsigned i = 0; i < count; i++) {
        if (i > 0) *(*to)++ = ',';
        if (field->words) *to += sprintf(*to, "\"%s\"", dc_field_words(field)[drawn(words)]);
        else put_word(to);
    }
    *(*to)++ = ']';
}

static void put_value(char **to, const dc_field *field) {
    static const char *const urls[] = {"\"https://a.b/c?d=e&f=%2F#g\"", "\"http://127.0.0.1:8787/x\"", "\"https://h\""};
    unsigned words = 0;
    while (field->words && dc_field_words(field)[words]) words++;
    switch (field->type) {
    case DC_WORD:
        *to += sprintf(*to, field->flags & DC_SWITCH ? (drawn(2) ? "true" : "false") : "\"%s\"",
                       dc_field_words(field)[drawn(words)]);
        break;
    case DC_TEXTS:
    case DC_WORDS: put_items(to, field); break;
    case DC_WHOLE: *to += sprintf(*to, "%u", 1 + drawn(field->high)); break;
    case DC_BOOL: *to += sprintf(*to, drawn(2) ? "true" : "false"); break;
    case DC_OBJECT:
        *to += sprintf(*to, "{\"n\":9007199254740993,\"s\":\"\\u0061\\ud83d\",\"authScheme\":\"OAUTH2\"}");
        break;
    case DC_ARRAY:
    case DC_ANY: *to += sprintf(*to, "[1e999,-0.0,{\"a\":null}]"); break;
    case DC_URL: *to += sprintf(*to, "%s", urls[drawn(3)]); break;
    default: put_word(to); break;
    }
}

/* Arguments for an operation: required ones always, others by chance. */
static void draw_arguments(char *args, const dc_operation *op) {
    char *to = args;
    *to++ = '{';
    for (const dc_field *field = op->fields; field->wire; field++) {
        if (field->flags & (DC_WIRE_ONLY | DC_UNSERVED) || field->type == DC_MAP) continue;
        if (!(field->flags & DC_REQUIRED) && drawn(3) == 0) continue;
        if (to[-1] != '{') *to++ = ',';
        to += sprintf(to, "\"%s\":", dc_field_sdk_name(field));
        put_value(&to, field);
    }
    to[0] = '}';
    to[1] = '\0';
}

/* One argument, as the caller gave it, against what the route read. */
static void check_argument(const dc_field *field, dc_span args, dc_span value, dc_span body) {
    dc_span given, read;
    if (field->flags & DC_WIRE_ONLY || field->type == DC_MAP) return;
    const bool there = dc_scan_member(args, dc_field_sdk_name(field), &given);
    const bool come = field->place == DC_BODY ? body.size && dc_field_find(body, field->wire, &read)
                                              : dc_scan_member(raw_at(value, "query"), field->wire, &read);
    if (!CHECK(there == come)) fprintf(stderr, "  %s in %.*s\n", field->wire, (int)args.size, args.at);
    if (!there || !come) return;
    if (field->flags & DC_SWITCH) {
        CHECK_SPAN(read, dc_span_is(given, "true") ? "\"ENABLED\"" : "\"DISABLED\"");
        return;
    }
    const bool quoted_bool = field->type == DC_BOOL && field->column; /* a filter's value is a text */
    if (quoted_bool) read = (dc_span){read.at + 1, read.size - 2};
    if (!CHECK(dc_span_equal(given, read)))
        fprintf(stderr, "  %s: %.*s became %.*s\n", field->wire, (int)given.size, given.at, (int)read.size, read.at);
}

/* A path parameter that spells another route's fixed word leads there; no other value may. */
static bool is_another_route(const dc_operation *op, dc_span args) {
    dc_span slug;
    return dc_scan_member(args, "slug", &slug) &&
           ((strcmp(op->name, "tools.execute") == 0 && dc_span_is(slug, "\"proxy\"")) ||
            (strcmp(op->name, "toolkits.get") == 0 && dc_span_is(slug, "\"categories\"")));
}

static void round_trip(uint32_t number) {
    static char args[16384], head[32768], body[32768];
    const dc_operation *op = dc_operation_at(number);
    dc_open(0);
    draw_arguments(args, op);
    const dc_reply *reply = dc_request(number, give(args, NULL));
    if (!CHECK_STATUS(reply, 0) || is_another_route(op, dc_span_of(args))) return;
    CHECK_SPAN(reply->part[0], op->method);
    const dc_span sent = reply->part[3];
    snprintf(head, sizeof head, "{\"method\":\"%s\",\"target\":\"%.*s\"}", op->method, (int)reply->part[1].size,
             reply->part[1].at);
    memcpy(body, sent.at ? sent.at : "", sent.size);
    body[sent.size] = '\0';
    const dc_reply *read = dc_route(give(head, sent.size ? body : NULL));
    if (!(op->flags & DC_SERVED)) {
        CHECK_STATUS(read, 501);
        return;
    }
    if (!CHECK_STATUS(read, 200)) {
        fprintf(stderr, "  %s %s -> %s %s\n", op->name, args, head, body);
        return;
    }
    char want[16];
    snprintf(want, sizeof want, "%u", number);
    CHECK_RAW(read->part[0], "op", want);
    for (const dc_field *field = op->fields; field->wire; field++)
        check_argument(field, dc_span_of(args), read->part[0], read->part[1]);
}

typedef struct row {
    const char *name, *args, *expected; /* target, or the fault */
} row;

static const row built[] = {
    {"connected_accounts.list", "{}", "/api/v3/connected_accounts"},
    {"connected_accounts.list", "{\"statuses\":[\"ACTIVE\",\"EXPIRED\"],\"limit\":5,\"cursor\":null}",
     "/api/v3/connected_accounts?statuses=ACTIVE%2CEXPIRED&limit=5"},
    {"connected_accounts.list", "{\"userIds\":[\"a,b\",\"c\"]}",
     "/api/v3/connected_accounts?user_ids%5B%5D=a%2Cb&user_ids%5B%5D=c"},
    {"connected_accounts.get", "{\"id\":\"a/../b\"}", "/api/v3/connected_accounts/a%2F..%2Fb"},
    {"connected_accounts.get", "{\"id\":\"\\u0061?\"}", "/api/v3/connected_accounts/a%3F"},
    {"auth_configs.set_status", "{\"id\":\"ac_1\",\"enabled\":false}", "/api/v3/auth_configs/ac_1/DISABLED"},
    {"tools.execute", "{\"slug\":\"A B\",\"arguments\":{}}", "/api/v3/tools/execute/A%20B"},
    {"session.delete", "{}", "/auth/session"},
};

static const row refused[] = {
    {"connected_accounts.get", "{}", "id: is required"},
    {"connected_accounts.get", "{\"id\":\"\"}", "id: must not be empty"},
    {"connected_accounts.get", "{\"id\":null}", "id: is required"},
    {"connected_accounts.get", "{\"id\":5}", "id: must be a string"},
    {"connected_accounts.get", "{\"id\":\"..\"}", "id: "},
    {"connected_accounts.get", "{\"id\":\".\"}", "id: "},
    {"connected_accounts.delete", "{\"id\":\"\\u002e\\u002e\"}", "id: "},
    {"connected_accounts.get", "{\"id\":\"a\\u0000\"}", "id: must not hold NUL"},
    {"connected_accounts.get", "{\"id\":\"a\\n\"}", "id: must not hold control"},
    {"connected_accounts.get", "{\"id\":\"a\",\"ID\":\"planted\"}", "ID: is not an argument"},
    {"connected_accounts.list", "{\"user_ids\":[\"planted\"]}", "user_ids: is not an argument"},
    {"connected_accounts.list", "{\"userIds\":[]}", "userIds: must not be empty"},
    {"connected_accounts.list", "{\"userIds\":[\"\"]}", "userIds: must not be empty"},
    {"connected_accounts.list", "{\"userIds\":\"planted\"}", "userIds: must be a list"},
    {"connected_accounts.list", "{\"userIds\":[null]}", "userIds: must be a list"},
    {"connected_accounts.list", "{\"statuses\":[\"planted\"]}", "statuses: is not one of"},
    {"connected_accounts.list", "{\"limit\":0}", "limit: must be 1 to 1000"},
    {"connected_accounts.list", "{\"limit\":\"5\"}", "limit: must be a whole number"},
    {"connected_accounts.list", "{\"limit\":1.5}", "limit: must be a whole number"},
    {"connected_accounts.create", "{\"userId\":\"u\"}", "authConfigId: is required"},
    {"connected_accounts.create", "{\"authConfigId\":\"a\",\"config\":[]}", "config: must be an object"},
    {"connected_accounts.create", "{\"authConfigId\":\"a\",\"callbackUrl\":\"ftp://planted\"}",
     "callbackUrl: must be a URL"},
    {"auth_configs.set_status", "{\"id\":\"a\",\"enabled\":\"true\"}", "enabled: must be true or false"},
    {"tools.list", "{\"toolSlugs\":[]}", "toolSlugs: must not be empty"},
    {"tools.list", "{\"tags\":[\"a\",\"\"]}", "tags: must not be empty"},
};

static uint32_t number_of(const char *name) {
    for (uint32_t i = 0; i < dc_operation_count; i++) {
        if (strcmp(dc_operations[i].name, name) == 0) return i;
    }
    return dc_operation_count;
}

int main(void) {
    for (size_t i = 0; i < sizeof built / sizeof built[0]; i++) {
        const dc_reply *reply = dc_request(number_of(built[i].name), give(built[i].args, NULL));
        CHECK_STATUS(reply, 0);
        CHECK_SPAN(reply->part[1], built[i].expected);
    }
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        const dc_reply *reply = dc_request(number_of(refused[i].name), give(refused[i].args, NULL));
        CHECK_STATUS(reply, 400);
        CHECK_RAW(reply->part[0], "name", "\"ValidationError\"");
        if (!CHECK(span_holds(raw_at(reply->part[0], "errors"), refused[i].expected)))
            fprintf(stderr, "  %s\n", refused[i].args);
        CHECK(!reply_holds(reply, "planted"));
    }
    CHECK(dc_request(dc_operation_count, give("{}", NULL))->status >= 400);
    CHECK(dc_request(0, give("", NULL))->status >= 400 && dc_request(0, give("[]", NULL))->status >= 400);
    for (uint32_t i = 0; i < dc_operation_count; i++) {
        const dc_operation *op = &dc_operations[i];
        if (op->flags & DC_FORM || op->need == DC_NEED_NOTHING) continue; /* browsers come there, not the SDK */
        for (int turn = 0; turn < 200; turn++) round_trip(i);
    }
    return check_report();
}
