/* Fingerprints: which strings of a credential get one, under which path, over which message; and what becomes of the
 * digests that the host hands back. */
#include "call.h"

#include "arena.h"
#include "catalog.h"

#define SIGNED(text) "devcaster fingerprint v1\\u000a" text
#define HARMLESS     "\"harmless\":\"zone\\nworkspace.url\""

typedef struct row {
    const char *rule, *val, *paths, *messages;
} row;

static const row rows[] = {
    {"a token", "{\"access_token\":\"gho_16C7e42F\"}", "[\"access_token\"]", "[\"" SIGNED("gho_16C7e42F") "\"]"},
    {"in the order of the document", "{\"b\":\"bbbbbbbb\",\"a\":\"aaaaaaaa\"}", "[\"b\",\"a\"]",
     "[\"" SIGNED("bbbbbbbb") "\",\"" SIGNED("aaaaaaaa") "\"]"},
    {"nothing there", "{}", "[]", "[]"},
    {"no credential at all", "null", "[]", "[]"},
    {"escapes are undone", "{\"to\\u006ben\":\"\\u0061bcd\\\"ef\\/\\n\"}", "[\"token\"]",
     "[\"" SIGNED("abcd\\\"ef/\\u000a") "\"]"},
    {"an escape or not: one message",
     "{\"a\":\"\\ud83d\\ude00234567\xC3\xA9\",\"b\":\"\xF0\x9F\x98\x80"
     "234567\\u00e9\"}",
     "[\"a\",\"b\"]",
     "[\"" SIGNED("\xF0\x9F\x98\x80"
                  "234567\xC3\xA9") "\",\"" SIGNED("\xF0\x9F\x98\x80"
                                                   "234567\xC3\xA9") "\"]"},
    {"nested", "{\"authed_user\":{\"access_token\":\"xoxp-1234\",\"scope\":\"read:user\"}}",
     "[\"authed_user.access_token\"]", "[\"" SIGNED("xoxp-1234") "\"]"},
    {"lists", "{\"keys\":[\"aaaaaaaa\",7,[\"bbbbbbbb\"],{\"x\":\"cccccccc\"}]}",
     "[\"keys.0\",\"keys.2.0\",\"keys.3.x\"]",
     "[\"" SIGNED("aaaaaaaa") "\",\"" SIGNED("bbbbbbbb") "\",\"" SIGNED("cccccccc") "\"]"},
    {"no two paths are one", "{\"a.b\":\"aaaaaaaa\",\"a\":{\"b\":\"bbbbbbbb\"},\"a\\\\\":{\"b\":\"cccccccc\"}}",
     "[\"a\\\\.b\",\"a.b\",\"a\\\\\\\\.b\"]",
     "[\"" SIGNED("aaaaaaaa") "\",\"" SIGNED("bbbbbbbb") "\",\"" SIGNED("cccccccc") "\"]"},
    {"names without a letter", "{\"\":{\"\":\"aaaaaaaa\",\"x\":\"bbbbbbbb\"},\"x\":\"cccccccc\"}",
     "[\".\",\".x\",\"x\"]", "[\"" SIGNED("aaaaaaaa") "\",\"" SIGNED("bbbbbbbb") "\",\"" SIGNED("cccccccc") "\"]"},
    {"harmless names", "{\"username\":\"username1\",\"scope\":[\"read:user1\"],\"base_url\":\"https://u:password@h\"}",
     "[]", "[]"},
    {"what the toolkit calls not secret",
     "{\"zone\":\"eu-central\",\"workspace.url\":\"abcdefgh\",\"zon\":\"zzzzzzzz\"}", "[\"zon\"]",
     "[\"" SIGNED("zzzzzzzz") "\"]"},
    {"a secret name hides what is below it", "{\"authorization\":{\"username\":\"abcdefgh\"}}",
     "[\"authorization.username\"]", "[\"" SIGNED("abcdefgh") "\"]"},
    {"not so a harmless one", "{\"scopes\":{\"a\":\"abcdefgh\"}}", "[\"scopes.a\"]", "[\"" SIGNED("abcdefgh") "\"]"},
    {"short", "{\"a\":\"1234567\",\"b\":\"12345678\",\"c\":\"\"}", "[\"b\"]", "[\"" SIGNED("12345678") "\"]"},
    {"short in characters, not in bytes", "{\"a\":\"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\"}", "[]",
     "[]"},
    {"masked already", "{\"a\":\"gho_...\",\"b\":\"REDACTED\",\"c\":\"RED\\u0041CTED\",\"d\":\"REDACTED1\"}", "[\"d\"]",
     "[\"" SIGNED("REDACTED1") "\"]"},
    {"numbers, words", "{\"access_token\":1234567890123,\"password\":true,\"api_key\":null}", "[]", "[]"},
    {"no text",
     "{\"a\":\"1234567\\u0000\",\"b\":\"12345678\\ud83d\",\"\\u0000\":\"abcdefgh\",\"\\ud83d\":{\"x\":"
     "\"abcdefgh\"},\"c\":\"abcdefgh\"}",
     "[\"c\"]", "[\"" SIGNED("abcdefgh") "\"]"},
    {"the same name twice", "{\"a\":\"aaaaaaaa\",\"a\":\"bbbbbbbb\"}", "[\"a\",\"a\"]",
     "[\"" SIGNED("aaaaaaaa") "\",\"" SIGNED("bbbbbbbb") "\"]"},
    {"white space", " { \"a\" : [ \"aaaaaaaa\" ] } ", "[\"a.0\"]", "[\"" SIGNED("aaaaaaaa") "\"]"},
};

static void listed(void) {
    static char head[4096];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(head, sizeof head, "{%s,\"val\":%s}", HARMLESS, rows[i].val);
        const dc_reply *reply = dc_secrets(give(head, NULL));
        bool good = CHECK_STATUS(reply, 200) && CHECK_SPAN(reply->part[0], rows[i].paths);
        good = good && CHECK_SPAN(reply->part[1], rows[i].messages) && CHECK(dc_scan_valid(reply->part[1], NULL));
        if (!good) fprintf(stderr, "  %s\n", rows[i].rule);
    }
}

static uint32_t items(dc_span list) {
    uint32_t count = 0;
    for (dc_span item; dc_scan_item(&list, &item);) count++;
    return count;
}

/* What a provider may answer: never more than it is worth, always in linear time. */
static void hostile(void) {
    enum { MANY = 5000, ROOM = 400000 };
    char *head = malloc(ROOM);
    size_t size = (size_t)snprintf(head, ROOM, "{\"val\":{\"a\":[");
    for (int i = 0; i < MANY; i++) size += (size_t)snprintf(head + size, ROOM - size, "%s\"%08d\"", i ? "," : "", i);
    snprintf(head + size, ROOM - size, "],\"b\":\"abcdefgh\"}}");
    const dc_reply *reply = dc_secrets(give(head, NULL));
    if (CHECK_STATUS(reply, 200)) {
        CHECK_NUMBER(items(reply->part[0]), 16);
        CHECK_NUMBER(items(reply->part[1]), 16);
    }
    /* A path of 256 bytes, and one of 257. */
    for (int more = 0; more < 2; more++) {
        snprintf(head, ROOM, "{\"val\":{\"%0*d\":{\"x\":\"abcdefgh\"},\"y\":\"abcdefgh\"}}", 254 + more, 1);
        reply = dc_secrets(give(head, NULL));
        if (CHECK_STATUS(reply, 200)) CHECK_NUMBER(items(reply->part[0]), 2 - more);
    }
    /* As deep as a document may be: the head and `val` are two of it. */
    size = (size_t)snprintf(head, ROOM, "{\"val\":{\"a\":");
    for (int i = 0; i < DC_DEPTH - 2; i++) head[size++] = '[';
    size += (size_t)snprintf(head + size, ROOM - size, "\"abcdefgh\"");
    for (int i = 0; i < DC_DEPTH - 2; i++) head[size++] = ']';
    snprintf(head + size, ROOM - size, "}}");
    reply = dc_secrets(give(head, NULL));
    if (CHECK_STATUS(reply, 200)) CHECK_NUMBER(items(reply->part[0]), 1);
    free(head);
    CHECK_STATUS(dc_secrets(give("", NULL)), 500);
    CHECK_STATUS(dc_secrets(give("{}", NULL)), 500);
    CHECK_STATUS(dc_secrets(give("{\"val\":{\"a\":\"abcdefgh\"", NULL)), 500);
}

#define DIGEST_A "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define DIGEST_B "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"

static void placed(void) {
    static const struct {
        const char *head, *expected; /* expected NULL: refused */
    } digests[] = {
        {"{\"paths\":[\"access_token\",\"a\\\\.b\"],\"digests\":[\"" DIGEST_A "\",\"" DIGEST_B "\"]}",
         "{\"access_token\":\"01234567\",\"a\\\\.b\":\"fedcba98\"}"},
        {"{\"paths\":[],\"digests\":[]}", "{}"},
        {"{\"paths\":[\"a\"],\"digests\":[]}", NULL},
        {"{\"paths\":[],\"digests\":[\"" DIGEST_A "\"]}", NULL},
        {"{\"paths\":[\"a\"],\"digests\":[\"01234567\"]}", NULL},
        {"{\"paths\":[\"a\"],\"digests\":[\"" DIGEST_A "0\"]}", NULL},
        {"{\"paths\":[\"a\"],\"digests\":[\"ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef0123456789\"]}",
         NULL},
        {"{\"paths\":[\"a\"],\"digests\":[\"gho_456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"]}",
         NULL},
        {"{\"paths\":[\"a\"],\"digests\":[\"0123456789abcdeg0123456789abcdef0123456789abcdef0123456789abcdef\"]}",
         NULL},
        {"{\"paths\":[\"a\"],\"digests\":[1]}", NULL},
        {"{\"paths\":[1],\"digests\":[\"" DIGEST_A "\"]}", NULL},
        {"{\"paths\":{},\"digests\":[]}", NULL},
        {"{\"paths\":[],\"digests\":null}", NULL},
        {"{\"paths\":[]}", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof digests / sizeof digests[0]; i++) {
        const dc_reply *reply = dc_fingerprints(give(digests[i].head, NULL));
        bool good = CHECK_STATUS(reply, digests[i].expected ? 200 : 500);
        if (digests[i].expected) good = good && CHECK_SPAN(reply->part[0], digests[i].expected);
        else good = good && CHECK(!reply_holds(reply, "01234567") && !reply_holds(reply, "gho_"));
        if (!good) fprintf(stderr, "  row %zu\n", i);
    }
}

static uint32_t operation(const char *name) {
    uint32_t i = 0;
    while (i < dc_operation_count && strcmp(dc_operations[i].name, name) != 0) i++;
    return i;
}

#define ACCOUNT(status) \
    "{\"record\":{\"id\":\"ca_1\",\"user_id\":\"u\",\"toolkit\":\"t\",\"auth_config_id\":\"a\",\"auth_scheme\":" \
    "\"OAUTH2\",\"status\":\"" status "\"},\"val\":{\"access_token\":\"gho_...\"}"
#define PRINTS ",\"fingerprints\":{\"access_token\":\"01234567\"}}"

/* Beside `state` and `data` in the answers that show a credential; nowhere when the entry has none. */
static void answered(void) {
    static const struct {
        const char *name, *head, *path, *expected;
    } answers[] = {
        {"connected_accounts.get", "{\"account\":" ACCOUNT("ACTIVE") PRINTS "}", "fingerprints",
         "{\"access_token\":\"01234567\"}"},
        {"connected_accounts.get", "{\"account\":" ACCOUNT("ACTIVE") "}}", "fingerprints", ""},
        {"connected_accounts.get", "{\"account\":" ACCOUNT("ACTIVE") ",\"fingerprints\":null}}", "fingerprints", ""},
        {"connected_accounts.get", "{\"account\":" ACCOUNT("EXPIRED") PRINTS "}", "fingerprints", "{}"},
        {"connected_accounts.create", "{\"account\":" ACCOUNT("ACTIVE") PRINTS "}", "fingerprints",
         "{\"access_token\":\"01234567\"}"},
        {"connected_accounts.create", "{\"account\":" ACCOUNT("ACTIVE") "}}", "fingerprints", ""},
        {"connected_accounts.update", "{\"account\":" ACCOUNT("ACTIVE") PRINTS "}", "fingerprints", ""},
        {"connected_accounts.get", "{\"account\":" ACCOUNT("ACTIVE") PRINTS "}", "state.val",
         "{\"status\":\"ACTIVE\",\"access_token\":\"gho_...\"}"},
    };
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        const dc_reply *reply = dc_answer(operation(answers[i].name), 1000, give(answers[i].head, NULL));
        if (!CHECK_RAW(reply->part[0], answers[i].path, answers[i].expected)) fprintf(stderr, "  row %zu\n", i);
    }
    const dc_reply *list = dc_answer(operation("connected_accounts.list"), 1000,
                                     give("{\"accounts\":[" ACCOUNT("ACTIVE") PRINTS "]}", NULL));
    CHECK(span_holds(list->part[0], ",\"fingerprints\":{\"access_token\":\"01234567\"},\"alias\""));
}

/* Off unless the project says so. */
static void switched(void) {
    static const char *const configs[][2] = {
        {"{}", "\"fingerprints\":false"},
        {"null", "\"fingerprints\":false"},
        {"{\"fingerprints\":\"true\"}", "\"fingerprints\":false"},
        {"{\"fingerprints\":true}", "\"fingerprints\":true"},
    };
    char head[256];
    for (size_t i = 0; i < sizeof configs / sizeof configs[0]; i++) {
        snprintf(head, sizeof head, "{\"caller\":{\"kind\":\"key\",\"scopes\":[\"read\"]},\"config\":%s}",
                 configs[i][0]);
        const dc_reply *reply = dc_allow(operation("connected_accounts.get"), give(head, NULL));
        if (!CHECK(reply_holds(reply, configs[i][1]))) fprintf(stderr, "  %s\n", configs[i][0]);
    }
    CHECK_RAW(dc_change(DC_EVENT_project_open, 1, give("{}", NULL))->part[0], "record.fingerprints", "false");
    /* A project of before there were any. */
    const dc_reply *reply = dc_change(DC_EVENT_project_update, 1,
                                      give("{\"record\":{\"mask_style\":\"full\"}}", "{\"fingerprints\":true}"));
    CHECK_RAW(reply->part[0], "record.fingerprints", "true");
    CHECK_RAW(reply->part[0], "record.mask_style", "\"full\"");
}

/* Whichever allocation is the first to fail: an error, never a list that lacks something. */
static void memory(void) {
    static const char *const heads[] = {
        "{\"harmless\":\"x\",\"val\":{\"a\":\"aaaaaaaa\",\"b\":{\"c\":[\"bbbbbbbb\"]}}}",
        "{\"paths\":[\"a\"],\"digests\":[\"" DIGEST_A "\"]}",
    };
    for (int i = 0; i < 2; i++) {
        bool ended = false;
        size_t n = 0;
        for (; !ended && n < 1000; n++) {
            const uint32_t size = give(heads[i], NULL);
            dc_arena_allowance = n;
            const dc_reply *reply = i ? dc_fingerprints(size) : dc_secrets(size);
            ended = !dc_arena_failed();
            dc_arena_allowance = SIZE_MAX;
            CHECK_NUMBER(reply->status, ended ? 200 : 500);
        }
        CHECK(ended && n > 1);
    }
}

int main(void) {
    memory();
    listed();
    hostile();
    placed();
    answered();
    switched();
    return check_report();
}
