/* The echo scrub: a row for each form, whole and cut at every byte, with the smallest room and with plenty; which strings
 * of a credential are secrets; and what the state promises. tests/scrub.test.js has the long tables. */
#include "check.h"

#include <stdlib.h>

#define TOKEN     "gho_16C7e42F292c/+ B4a"
#define LIST      "[\"" TOKEN "\"]"
#define FIFTY     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LONG_NAME FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY

typedef struct row {
    const char *rule, *secrets, *in, *out; /* out NULL: as it came */
} row;

static const row rows[] = {
    {"as it is", LIST, "a " TOKEN " b", "a REDACTED b"},
    {"twice", LIST, TOKEN TOKEN "b", "REDACTEDREDACTEDb"},
    {"percent-encoded", LIST, "?t=gho_16C7e42F292c%2F%2B%20B4a&", "?t=REDACTED&"},
    {"in lower case", LIST, "?t=gho_16C7e42F292c%2f%2b%20B4a&", "?t=REDACTED&"},
    {"form-encoded", LIST, "t=gho_16C7e42F292c%2F%2B+B4a&", "t=REDACTED&"},
    {"percent-encoded more than need be", LIST, "%67ho%5f16C7e42F292c/+%20B4a", "REDACTED"},
    {"JSON", LIST, "\"gho_16C7e42F292c\\/\\u002B B4a\"", "\"REDACTED\""},
    {"JSON, all of it", "[\"abcdefgh\"]", "\\u0061\\u0062\\u0063\\u0064\\u0065\\u0066\\u0067\\u0068", "REDACTED"},
    {"JSON, quotes", "[\"ab\\\"cd\\\\ef\\n\"]", "{\"x\":\"ab\\\"cd\\\\ef\\n\"}", "{\"x\":\"REDACTED\"}"},
    {"JSON, other planes", "[\"p\xC3\xA9\xF0\x9F\x98\x80xyz\"]", "p\\u00e9\\ud83d\\ude00xyz p\xC3\xA9\\uD83D\\uDE00xyz",
     "REDACTED REDACTED"},
    {"JSON, other planes, all of it", "[\"pq\xF0\x9F\x98\x80wxyz\"]",
     "\\u0070\\u0071\\ud83d\\ude00\\u0077\\u0078\\u0079\\u007a", "REDACTED"},
    {"percent and backslash of its own", "[\"ab%41\\\\u0042cd\"]", "ab%41\\u0042cd ab%2541%5Cu0042cd ab%41\\\\u0042cd",
     "REDACTED REDACTED REDACTED"},
    {"hex", "[\"abcdefgh\"]", "x6162636465666768x", "xREDACTEDx"},
    {"hex in lower case", "[\"jklmnopq\"]", "6a6b6c6d6e6f7071", "REDACTED"},
    {"hex in upper case", "[\"jklmnopq\"]", "6A6B6C6D6E6F7071", "REDACTED"},
    {"base64", "[\"abcdefgh\"]", "YWJjZGVmZ2g=", "REDACTED="},
    {"base64, phase 1", "[\"abcdefgh\"]", "eGFiY2RlZmdo", "eREDACTED"},
    {"base64, phase 2", "[\"abcdefgh\"]", "eHhhYmNkZWZnaHk=", "eHREDACTEDk="},
    {"base64 with its own letters", "[\"ab~~~~~~?ef\"]", "YWJ+fn5+fn4/ZWY", "REDACTED"},
    {"base64url alone", "[\"ab~~~~~~?ef\"]", "YWJ-fn5-fn4_ZWY", "REDACTED"},
    {"halves that something stands between", "[\"abcdefgh\"]",
     "abcd.efgh YWJj.ZGVmZ2g= YWJjZGVm.Z2g= 61626364.65666768", NULL},
    {"one that begins like another", "[\"abcdefghijkl\",\"abcdefgh\"]", "abcdefghijkl abcdefgh", "REDACTED REDACTED"},
    {"base64url", "[\"ab~~~~~~?ef\"]", "YWJ-fn5-fn4_ZWY YWJ+fn5+fn4/ZWY YWJ%2Bfn5\\u002bfn4\\/ZWY",
     "REDACTED REDACTED REDACTED"},
    {"overlapping secrets", "[\"abcdefgh\",\"efghijkl\"]", "xabcdefghijklx", "xREDACTEDx"},
    {"one within the other", "[\"abcdefghijkl\",\"cdefghij\"]", "abcdefghijkl abcdefghijx", "REDACTED abREDACTEDx"},
    {"one that repeats itself", "[\"aaaaaaaa\"]", "aaaaaaaaaaaaaaab aaaaaaa", "REDACTEDb aaaaaaa"},
    {"one that goes on and on", "[\"aaaaaaaa\"]",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aab",
     "REDACTEDb"},
    {"begun again in the middle", "[\"ababababc\"]", "abababababc", "abREDACTED"},
    {"begun inside of an escape", "[\"n1234567\",\"41BCDEFG\"]", "\\n1234567 %41BCDEFG %41%42CDEFG",
     "\\REDACTED %REDACTED %REDACTED"},
    {"hex begun inside of an escape", "[\"abcdefgh\"]", "%6162636465666768", "%REDACTED"},
    {"base64 begun inside of an escape", "[\"lmnopqrs\"]", "\\bG1ub3BxcnM=", "\\REDACTED="},
    {"base64 begun inside of an escape, phase 1", "[\"abcdefgh\"]", "%2FiY2RlZmdo", "%REDACTED"},
    {"base64 begun inside of an escape, phase 2", "[\"abcdefgh\"]", "\\thYmNkZWZnaA==", "\\REDACTED=="},
    {"after half an escape", LIST, "\\" TOKEN "\\u00" TOKEN "%" TOKEN "%4" TOKEN,
     "\\REDACTED\\u00REDACTED%REDACTED%4REDACTED"},
    {"not quite", LIST, "gho_16C7e42F292c/+ B4 GHO_16C7E42F292C/+ B4A \\u006", NULL},
    {"nothing to look for", "[]", "%41\\u0041 anything", NULL},
    {"short ones", "[\"1234567\"]", "1234567", NULL},

    {"a credential",
     "{\"access_token\":\"abcdefgh\",\"username\":\"username1\",\"n\":12345678,\"x\":{\"y\":[\"ijklmnop\"]}}",
     "abcdefgh username1 12345678 ijklmnop", "REDACTED username1 12345678 REDACTED"},
    {"names that hide all",
     "{\"authorization\":{\"username\":\"abcdefgh\"},\"scope\":[\"ijklmnop\"],\"scopes\":{\"a\":\"qrstuvwx\"}}",
     "abcdefgh ijklmnop qrstuvwx", "REDACTED ijklmnop REDACTED"},
    {"a harmless name in a list", "{\"a\":[{\"status\":\"ijklmnop\"},\"abcdefgh\"]}", "abcdefgh ijklmnop",
     "REDACTED ijklmnop"},
    {"a name too long to know", "{\"" LONG_NAME "\":\"abcdefgh\",\"" LONG_NAME "b\":{\"status\":\"ijklmnop\"}}",
     "abcdefgh ijklmnop", "REDACTED REDACTED"},
    {"a pair of surrogates", "[\"p\\ud83d\\ude00xyzw\"]", "p\xF0\x9F\x98\x80xyzw", "REDACTED"},
    {"harmless names of a toolkit", "{\"extra\":\"abcdefgh\",\"extr\":\"ijklmnop\"}", "abcdefgh ijklmnop",
     "abcdefgh REDACTED"},
};

typedef struct result {
    uint32_t size;
    char text[1024];
} result;

static const char harmless[] = "more\nextra";

static void *begin(const char *secrets) {
    const uint32_t length = (uint32_t)strlen(secrets), names = sizeof harmless - 1;
    const uint32_t size = dc_scrub_size(secrets, length, harmless, names);
    void *state = size > 0 ? malloc(size) : NULL;
    if (state != NULL) CHECK_NUMBER(dc_scrub_begin(state, secrets, length, harmless, names), 1);
    return state;
}

/* Copies of the exact size let the sanitizer see every byte that is touched beyond them. */
static void feed(uint32_t *state, const char *at, size_t size, uint32_t room, result *out) {
    char *copy = malloc(size + 1);
    size_t done = 0;
    memcpy(copy, at, size);
    while (done < size) {
        const uint32_t space = state[2] + room;
        char *to = malloc(space);
        CHECK_NUMBER(dc_scrub(state, copy + done, (uint32_t)(size - done), to, space), DC_SCRUB_GOING);
        if (!CHECK(state[0] > 0 && state[1] <= space)) break;
        memcpy(out->text + out->size, to, state[1]);
        out->size += state[1];
        done += state[0];
        free(to);
    }
    free(copy);
}

static void finish(uint32_t *state, result *out) {
    const uint32_t held = state[2];
    char *to = malloc(held + 1);
    CHECK_NUMBER(dc_scrub_end(state, to, held), DC_SCRUB_DONE);
    memcpy(out->text + out->size, to, state[1]);
    out->size += state[1];
    out->text[out->size] = '\0';
    free(to);
}

static void test_row(const row *row) {
    const size_t size = strlen(row->in);
    const char *expected = row->out != NULL ? row->out : row->in;
    for (size_t cut = 0; cut <= size; cut++) {
        static result out;
        uint32_t *state = begin(row->secrets);
        out.size = 0;
        state[2] = 0;
        feed(state, row->in, cut, 64, &out);
        feed(state, row->in + cut, size - cut, 1, &out);
        finish(state, &out);
        free(state);
        if (!CHECK_TEXT(out.text, expected)) fprintf(stderr, "  rule: %s; cut %zu\n", row->rule, cut);
    }
}

/* The state may be copied anywhere between calls, and after the end nothing is left in it. */
static void test_state(void) {
    static result out;
    const uint32_t size = dc_scrub_size(LIST, sizeof LIST - 1, NULL, 0);
    uint32_t *state = begin(LIST);
    out.size = 0;
    for (const char *at = "a " TOKEN " b"; *at != '\0'; at++) {
        uint32_t *moved = malloc(size);
        memcpy(moved, state, size);
        memset(state, 0xAA, size);
        free(state);
        state = moved;
        feed(state, at, 1, 8, &out);
        CHECK(memcmp(out.text, "a REDACTED b", out.size) == 0); /* nothing of the token has left */
    }
    finish(state, &out);
    CHECK_TEXT(out.text, "a REDACTED b");
    unsigned left = 0;
    for (uint32_t i = 2; i < size / 4; i++) left |= state[i];
    CHECK_NUMBER(left, 0);
    char to[8];
    CHECK_NUMBER(dc_scrub(state, "abc", 3, to, 8), DC_SCRUB_FAULT);
    CHECK_NUMBER(state[1], 0);
    CHECK_NUMBER(dc_scrub_end(state, to, 8), DC_SCRUB_FAULT);
    free(state);
}

/* At the end, what is held back leaves as a whole or not at all. */
static void test_end(void) {
    char to[16];
    for (uint32_t room = 3; room <= 4; room++) {
        static result out;
        uint32_t *state = begin(LIST);
        out.size = 0;
        state[2] = 0;
        feed(state, "gho_", 4, 8, &out);
        CHECK_NUMBER(state[2], 4 - out.size);
        CHECK_NUMBER(dc_scrub_end(state, to, state[2] - 4 + room), room == 4 ? DC_SCRUB_DONE : DC_SCRUB_FAULT);
        CHECK_NUMBER(state[1], room == 4 ? 4 - out.size : 0);
        free(state);
    }
}

/* More than the buffer holds: what is found, what may yet be and what may grow move along in it. */
static void test_long(void) {
    enum { PIECES = 700, ROOM = 200000 };
    static const char secrets[] = "[\"" TOKEN "\",\"qqqqqqqq\"]", same[] = "some text, %2F and \\n escapes; ";
    char *in = malloc(ROOM), *expected = malloc(ROOM), *out = malloc(ROOM);
    size_t size = 0, wanted = 0, given = 0;
    for (int i = 0; i < PIECES; i++) {
        const int filler = i % (int)sizeof same, many = i % 100 == 50 ? 20000 : 8 + i % 5;
        size += (size_t)snprintf(in + size, ROOM - size, "%.*s%s|%.*s", filler, same, TOKEN, filler, same);
        wanted += (size_t)snprintf(expected + wanted, ROOM - wanted, "%.*sREDACTED|%.*sREDACTED|", filler, same, filler,
                                   same);
        memset(in + size, 'q', (size_t)many);
        size += (size_t)many;
        in[size++] = '|';
    }
    for (size_t chunk = 1; chunk < 20000; chunk = chunk * 3 + 50) {
        uint32_t *state = begin(secrets);
        given = 0;
        for (size_t at = 0; at < size; at += state[0]) {
            const size_t take = size - at < chunk ? size - at : chunk;
            CHECK_NUMBER(dc_scrub(state, in + at, (uint32_t)take, out + given, (uint32_t)(ROOM - given)),
                         DC_SCRUB_GOING);
            given += state[1];
        }
        CHECK_NUMBER(dc_scrub_end(state, out + given, (uint32_t)(ROOM - given)), DC_SCRUB_DONE);
        given += state[1];
        if (!CHECK(given == wanted && memcmp(out, expected, given) == 0)) fprintf(stderr, "  chunks of %zu\n", chunk);
        free(state);
    }
    free(in);
    free(expected);
    free(out);
}

/* A secret and a text that were made for each other would take for ever: that is a fault, and nothing is left. */
static void test_patience(void) {
    enum { SECRET = 5000, TEXT = 12 * 6000 };
    static const char *const units[] = {"\\u0036\\u0031", "%36%31%36%31", "\\u0061\\u0061"};
    char *secrets = malloc(SECRET + 20), *in = malloc(TEXT), *out = malloc(TEXT);
    memset(secrets, 'a', SECRET);
    memcpy(secrets, "[\"", 2);
    snprintf(secrets + SECRET, 20, "\",\"aaaaaaaa\"]");
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        uint32_t *state = begin(secrets);
        for (size_t i = 0; i < TEXT; i++) in[i] = units[u][i % 12];
        CHECK_NUMBER(dc_scrub(state, in, TEXT, out, TEXT), DC_SCRUB_FAULT);
        CHECK_NUMBER(state[1], 0);
        CHECK_NUMBER(state[2], 0);
        CHECK_NUMBER(dc_scrub(state, in, TEXT, out, TEXT), DC_SCRUB_FAULT); /* for good */
        CHECK_NUMBER(dc_scrub_end(state, out, TEXT), DC_SCRUB_FAULT);
        free(state);
    }
    free(secrets);
    free(in);
    free(out);
}

static void test_refused(void) {
    static const char *const bad[] = {"",          "[", "[\"abcdefgh\"", "[\"abcdefgh\"]]", "{\"a\":\"abcdefgh\xFF\"}",
                                      "{\"a\":1e}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_NUMBER(dc_scrub_size(bad[i], (uint32_t)strlen(bad[i]), NULL, 0), 0);
    enum { HUGE_SIZE = 70000 };
    char *huge = malloc(HUGE_SIZE);
    memset(huge, 'a', HUGE_SIZE);
    huge[0] = huge[HUGE_SIZE - 1] = '"';
    CHECK_NUMBER(dc_scrub_size(huge, HUGE_SIZE, NULL, 0), 0);
    huge[60000] = '"';
    CHECK(dc_scrub_size(huge, 60001, NULL, 0) > 0);
    free(huge);
}

int main(void) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) test_row(&rows[i]);
    test_state();
    test_end();
    test_long();
    test_patience();
    test_refused();
    return check_report();
}
