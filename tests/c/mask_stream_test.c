/* The masker as a stream: it refuses exactly what the scanner refuses, whichever way it goes through a document; nothing of
 * a secret is out or left behind when it does; any room from 64 on gives the same; and what it remembers of names within a
 * call never takes one name for another. mask_test.c has the rules. */
#include "check.h"

#include "scan.h"

#include <stdlib.h>

enum { WHOLE = DC_MASK_WHOLE, BY_NAME = DC_MASK_BY_NAME, CANARY = 64, LIMIT = 8192 };

typedef struct result {
    uint32_t status;
    size_t size;
    char text[LIMIT];
} result;

static dc_span span(const char *text) {
    return (dc_span){text, (uint32_t)strlen(text)};
}

/* One call; behind the room stands what must not change. */
static bool step(uint32_t *state, dc_span in, uint32_t room, result *out) {
    static char space[LIMIT + CANARY], untouched[CANARY];
    memset(untouched, 0x5A, CANARY);
    memset(space + room, 0x5A, CANARY);
    const bool good = dc_mask(state, in.at, in.size, space, room) == DC_MASK_GOING;
    if (!CHECK(memcmp(space + room, untouched, CANARY) == 0 && state[1] <= room)) return false;
    if (!CHECK(state[0] <= in.size && out->size + state[1] < LIMIT)) return false;
    memcpy(out->text + out->size, space, state[1]);
    out->size += state[1];
    return good;
}

static bool feed(uint32_t *state, const char *at, size_t size, uint32_t room, result *out) {
    bool good = true;
    for (size_t done = 0; good && done < size; done += state[0]) {
        good = step(state, (dc_span){at + done, (uint32_t)(size - done)}, room, out);
        if (good && !CHECK(state[0] + state[1] > 0)) return false;
    }
    return good;
}

static void run(uint32_t scope, dc_span in, size_t cut, uint32_t room, result *out) {
    uint32_t *state = malloc(dc_mask_size());
    out->size = 0;
    out->status = DC_MASK_FAULT;
    CHECK_NUMBER(dc_mask_begin(state, scope, DC_MASK_PREFIX, NULL, 0), 1);
    if (feed(state, in.at, cut, room, out) && feed(state, in.at + cut, in.size - cut, room, out))
        out->status = dc_mask_end(state);
    out->text[out->size] = '\0';
    free(state);
}

/* ---- Faults ------------------------------------------------------------------------------------------ */

/* What members, items, words and numbers look like on the short way, and what leaves it. */
static const char *const documents[] = {
    "{\"a\":\"abcdWXYZ\",\"b\":[true,false,null,0,12,\"abcdWXYZ\"],\"c\":{\"d\":true,\"e\":{},\"f\":[]},\"g\":false,"
    "\"h\":10}",
    "{\"a\" : [ [ 1, 2 ], { \"b\" : null } ] , \"token\" : { \"c\" : 1.5e3, \"d\" : -0, \"e\" : [ ] } , \"f\" : "
    "\"abcdWXYZ\" }",
    "[{\"a\\u0062\":\"ab\\ncd\\u0057X\xC3\xA9\"},{\"status\":\"plain\\n\xE2\x82\xAC\",\"api_key\":[7,"
    "\"\\ud83d\\ude00abcWXYZ\"]}]",
    "{\"base_url\":\"https://u:p@a\\u002fb?token=x\",\"scope\":\"read:user, "
    "x:y\",\"shop\":\"http:a\",\"dc\":\"\\\\\",\"a\":1}",
};

/* One byte in the place of another, one more, one less. */
static dc_span spoil(const char *document, size_t place, int kind, char byte, char *to) {
    const size_t size = strlen(document), skipped = kind == 1 ? 0 : 1, put = kind == 2 ? 0 : 1;
    memcpy(to, document, place);
    to[place] = byte;
    memcpy(to + place + put, document + place + skipped, size - place - skipped);
    return (dc_span){to, (uint32_t)(size + put - skipped)};
}

static void check_spoiled(dc_span text, size_t place) {
    static result out;
    const bool valid = dc_scan_valid(text, NULL);
    const size_t cuts[] = {0, place, place + 1 < text.size ? place + 1 : text.size};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        run(WHOLE, text, cuts[i], 4096, &out);
        bool good = (out.status == DC_MASK_DONE) == valid && strstr(out.text, "WX") == NULL;
        if (!good && !CHECK(good))
            fprintf(stderr, "  rule: as the scanner; cut %zu: %.*s\n", cuts[i], (int)text.size, text.at);
    }
}

static void test_spoiled(void) {
    static const char bytes[] = "\"\\{}[],: 01-.eEtrufalsn/@?\x01\x1F\x80\xC3\xFF";
    char text[256];
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        const size_t size = strlen(documents[i]);
        CHECK(size < 200 && dc_scan_valid(span(documents[i]), NULL));
        for (size_t place = 0; place < size; place++) {
            for (size_t b = 0; b < sizeof bytes; b++) {
                check_spoiled(spoil(documents[i], place, 0, bytes[b], text), place);
                check_spoiled(spoil(documents[i], place, 1, bytes[b], text), place);
            }
            check_spoiled(spoil(documents[i], place, 2, 0, text), place);
            check_spoiled((dc_span){documents[i], (uint32_t)place}, place);
        }
    }
}

/* Objects go another way than arrays. */
static void test_depth(void) {
    static result out;
    for (int depth = 63; depth <= 67; depth++) {
        char text[1024];
        size_t size = 0;
        for (int i = 0; i < depth; i++) size += (size_t)snprintf(text + size, sizeof text - size, "{\"a\":");
        size += (size_t)snprintf(text + size, sizeof text - size, "\"abcdef\"");
        for (int i = 0; i < depth; i++) size += (size_t)snprintf(text + size, sizeof text - size, "}");
        run(WHOLE, span(text), 0, 4096, &out);
        CHECK_NUMBER(out.status, depth <= DC_DEPTH ? DC_MASK_DONE : DC_MASK_FAULT);
    }
}

static bool holds(const void *state, const char *text) {
    const char *at = state;
    for (size_t i = 0; i + strlen(text) <= dc_mask_size(); i++) {
        if (memcmp(at + i, text, strlen(text)) == 0) return true;
    }
    return false;
}

/* A fault is for good and says of itself nothing; and neither it nor the end leaves a secret in the state. */
static void test_closed(void) {
    uint32_t *state = malloc(dc_mask_size());
    char out[128];
    dc_mask_begin(state, WHOLE, 0, NULL, 0);
    CHECK_NUMBER(dc_mask(state, "[12,\"abcdWX", 11, out, 128), DC_MASK_GOING);
    CHECK(state[0] == 11 && state[1] == 5 && holds(state, "abcd"));
    CHECK_NUMBER(dc_mask(state, "\x01", 1, out, 128), DC_MASK_FAULT);
    CHECK(state[0] == 0 && state[1] == 0 && !holds(state, "ab"));
    CHECK_NUMBER(dc_mask(state, "YZ\"]", 4, out, 128), DC_MASK_FAULT);
    CHECK(state[0] == 0 && state[1] == 0);
    CHECK_NUMBER(dc_mask_end(state), DC_MASK_FAULT);

    dc_mask_begin(state, WHOLE, 0, NULL, 0);
    CHECK_NUMBER(dc_mask(state, "{\"a\":\"abcdWX", 12, out, 128), DC_MASK_GOING);
    CHECK_NUMBER(dc_mask_end(state), DC_MASK_FAULT);
    CHECK(state[0] == 0 && state[1] == 0 && !holds(state, "ab"));

    dc_mask_begin(state, WHOLE, 0, NULL, 0);
    CHECK_NUMBER(dc_mask(state, "{}", 2, out, 128), DC_MASK_GOING);
    CHECK_NUMBER(dc_mask(state, "x", 1, out, 128), DC_MASK_FAULT);
    CHECK_NUMBER(dc_mask_end(state), DC_MASK_FAULT); /* whole as it was */

    dc_mask_begin(state, WHOLE, 0, NULL, 0);
    CHECK_NUMBER(dc_mask(state, "{}", 2, out, 128), DC_MASK_GOING);
    CHECK_NUMBER(dc_mask_end(state), DC_MASK_DONE);
    CHECK_NUMBER(dc_mask(state, " ", 1, out, 128), DC_MASK_FAULT);
    CHECK_NUMBER(dc_mask_end(state), DC_MASK_FAULT);

    memset(state, 0, dc_mask_size()); /* as one that was wiped, or never begun */
    CHECK_NUMBER(dc_mask(state, "1", 1, out, 128), DC_MASK_FAULT);
    CHECK(state[0] == 0 && state[1] == 0);
    free(state);
}

/* ---- Room -------------------------------------------------------------------------------------------- */

#define PAIR         "\\ud83d\\ude00"
#define FOUR(text)   text text text text
#define TEN(text)    text text text text text text text text text text
#define LETTERS      "abcdefghijklmnopqrstuvwxyz"
#define LONG_SECRET  "\"" FOUR(PAIR) PAIR "\""
#define LONG_MASK    "\"" FOUR(PAIR) "...\""
#define COUNTED      "\"n\":[" TEN("1,2,3,4,5,6,7,8,9,10,") "11]"
#define EMPTY(name)  "\"" name "\":\"\","
#define REFUSED(url) "{\"base_url\":\"" url "\",\"n\":1}"

/* Masks that are as long as can be, that are longer than what they stand for, and texts that are held back. */
static const char *const roomy[][2] = {
    {"[" LONG_SECRET "," LONG_SECRET "," LONG_SECRET ",[" LONG_SECRET "]]",
     "[" LONG_MASK "," LONG_MASK "," LONG_MASK ",[" LONG_MASK "]]"},
    {"{" EMPTY("a") EMPTY("bb") EMPTY("ccc") EMPTY("d") EMPTY("e") EMPTY("f") EMPTY("g") "\"h\":\"i\"}",
     "{\"a\":\"REDACTED\",\"bb\":\"REDACTED\",\"ccc\":\"REDACTED\",\"d\":\"REDACTED\",\"e\":\"REDACTED\",\"f\":"
     "\"REDACTED\",\"g\":\"REDACTED\",\"h\":\"REDACTED\"}"},
    {"{" EMPTY("a") EMPTY("b") EMPTY("c") EMPTY("d") COUNTED "}",
     "{\"a\":\"REDACTED\",\"b\":\"REDACTED\",\"c\":\"REDACTED\",\"d\":\"REDACTED\"," COUNTED "}"},
    {"{\"token\":[1,1,1,1,1,1,1,1,1,1],\"api_key\":1}",
     "{\"token\":[\"REDACTED\",\"REDACTED\",\"REDACTED\",\"REDACTED\",\"REDACTED\",\"REDACTED\",\"REDACTED\","
     "\"REDACTED\","
     "\"REDACTED\",\"REDACTED\"],\"api_key\":\"REDACTED\"}"},
    {REFUSED("https://u:p/w@a"), REFUSED("https://REDACTED")},
    {REFUSED("https://a:b"), REFUSED("https://REDACTED")},
    {REFUSED("https://" TEN("abcdefghijklmnopqrstuvwxyz0") "/b"), REFUSED("https://REDACTED")},
    {REFUSED("https://u:p@" LETTERS LETTERS LETTERS LETTERS ":80/b?code=c&sig=d&e=f&key=g"),
     REFUSED("https://" LETTERS LETTERS LETTERS LETTERS ":80/b?code=REDACTED&sig=REDACTED&e=f&key=REDACTED")},
};

/* A call with less room than that gets nowhere or somewhere, but does no harm. */
static void test_little_room(void) {
    static result out;
    for (size_t i = 0; i < sizeof roomy / sizeof *roomy; i++) {
        const dc_span in = span(roomy[i][0]);
        for (uint32_t room = 0; room < 64; room += room < 16 ? 1 : 7) {
            for (uint32_t cut = 0; cut < in.size; cut++) {
                uint32_t *state = malloc(dc_mask_size());
                dc_mask_begin(state, WHOLE, DC_MASK_PREFIX, NULL, 0);
                out.size = 0;
                feed(state, in.at, cut, 4096, &out);
                CHECK(step(state, (dc_span){in.at + cut, in.size - cut}, room, &out));
                feed(state, in.at + cut + state[0], in.size - cut - state[0], 4096, &out);
                out.text[out.size] = '\0';
                const bool good = CHECK_NUMBER(dc_mask_end(state), DC_MASK_DONE) && CHECK_TEXT(out.text, roomy[i][1]);
                free(state);
                if (good) continue;
                fprintf(stderr, "  rule: little room %u, cut %u\n", room, cut);
                return;
            }
        }
    }
}

static void test_rooms(void) {
    static result out;
    for (size_t i = 0; i < sizeof roomy / sizeof *roomy; i++) {
        for (uint32_t room = 64; room < 400; room++) {
            for (size_t cut = 0; cut <= 30; cut += 3) {
                run(WHOLE, span(roomy[i][0]), cut, room, &out);
                if (CHECK_NUMBER(out.status, DC_MASK_DONE) && CHECK_TEXT(out.text, roomy[i][1])) continue;
                fprintf(stderr, "  rule: room %u, cut %zu\n", room, cut);
                return;
            }
        }
    }
}

/* ---- What is remembered of names --------------------------------------------------------------------- */

/* Of two names in one document the secret one's value is masked and the other's is not, wherever the memo keeps them:
 * `{"tokenaaaa":..., "token":...}`, the longer name first or last. */
static void check_pair(const char *secret, size_t size, int letter) {
    static result out;
    char longer[16], in[128], expected[128];
    memset(longer, letter, size);
    memcpy(longer, secret, strlen(secret));
    longer[size] = '\0';
    for (int turn = 0; turn < 2; turn++) {
        const char *const first = turn ? secret : longer, *const second = turn ? longer : secret;
        snprintf(in, sizeof in, "{\"%s\":\"abcdef\",\"%s\":\"abcdef\",\"x\":[0,0,0,0,0]}", first, second);
        snprintf(expected, sizeof expected, "{\"%s\":\"abcd%s\",\"%s\":\"abcd%s\",\"x\":[0,0,0,0,0]}", first,
                 turn ? "..." : "ef", second, turn ? "ef" : "...");
        run(BY_NAME, span(in), 0, 4096, &out);
        CHECK_TEXT(out.text, expected);
    }
}

static void test_memo(void) {
    static const char *const secrets[] = {"jwt", "token", "secret", "api_key", "password", "id_token"};
    static result out;
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        for (size_t size = strlen(secrets[i]) + 1; size < 16; size++) {
            for (int letter = 'a'; letter <= 'z'; letter++) check_pair(secrets[i], size, letter);
        }
    }
    /* These two have one place. */
    run(BY_NAME, span("{\"token\":\"abcdef\",\"toker\":\"abcdef\",\"token\":\"abcdef\",\"x\":[0,0,0,0,0]}"), 0, 4096,
        &out);
    CHECK_TEXT(out.text, "{\"token\":\"abcd...\",\"toker\":\"abcdef\",\"token\":\"abcd...\",\"x\":[0,0,0,0,0]}");
}

int main(void) {
    test_spoiled();
    test_depth();
    test_closed();
    test_rooms();
    test_little_room();
    test_memo();
    return check_report();
}
