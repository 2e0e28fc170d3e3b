/* The signature base string of OAuth 1.0a: the example of RFC 5849 (section 3.4.1.1), and what each rule does at its
 * edges. */
#include "arena.h"
#include "call.h"

#include "catalog.h"

#define HEAD(scheme, more) \
    "{\"config\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH1\"},\"toolkit\":{\"slug\":\"t\"," \
    "\"auth_schemes\":[{\"scheme\":\"OAUTH1\"" scheme "}]}" more "}"
#define AT(seconds, nonce) ",\"timestamp\":" seconds ",\"nonce\":\"" nonce "\""

static const dc_reply *grant(dc_grant_step step, const char *head, const char *rest) {
    return dc_grant(step, 1000000, give(head, rest));
}

static dc_span text_at(dc_span json, const char *path) {
    dc_span text = {"", 0};
    if (!dc_scan_string(raw_at(json, path), &text)) return (dc_span){"", 0};
    return text;
}

/* Section 3.4.1.1, as the RFC has it. */
static void example(void) {
    const dc_reply *reply = grant(
        DC_GRANT_oauth1_sign,
        HEAD("", ",\"credentials\":{\"client_id\":\"9djdj82h48djs9d2\",\"client_secret\":\"j49sk3j29djd\"},\"val\":{"
                 "\"oauth_token\":\"kkk9d7dh3k39sjv7\",\"oauth_token_secret\":\"dh893hdasih9\"},\"method\":\"POST\","
                 "\"url\":\"http://EXAMPLE.com:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b\",\"content_type\":"
                 "\"application/x-www-form-urlencoded\"" AT("137131201", "7d8f3e4a")),
        "c2&a3=2+q");
    if (CHECK_STATUS(reply, 200))
        CHECK_SPAN(
            text_at(reply->part[1], "base"),
            "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%"
            "2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_"
            "method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7");
}

#define SIGN(method, url, type) \
    HEAD("", ",\"credentials\":{\"consumer_key\":\"k\",\"consumer_secret\":\"a&b\"},\"val\":{\"oauth_token\":\"t\"," \
             "\"oauth_token_secret\":\"\\u00e9\"},\"method\":\"" method "\",\"url\":\"" url \
             "\",\"content_type\":\"" type "\"" AT("1", "n"))
#define OWN \
    "oauth_consumer_key%3Dk%26oauth_nonce%3Dn%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1%26oauth_" \
    "token%3Dt"
#define FORM "application/x-www-form-urlencoded"

static void edges(void) {
    static const char *const rows[][3] = {
        /* head, body, base string; NULL: refused */
        {SIGN("GET", "HTTPS://H.Example:443", ""), "", "GET&https%3A%2F%2Fh.example%2F&" OWN},
        {SIGN("GET", "https://h.example:80/a", ""), "", "GET&https%3A%2F%2Fh.example%3A80%2Fa&" OWN},
        {SIGN("GET", "http://h.example:443/A//b", ""), "", "GET&http%3A%2F%2Fh.example%3A443%2FA%2F%2Fb&" OWN},
        {SIGN("GET", "http://h.example:/", ""), "", "GET&http%3A%2F%2Fh.example%2F&" OWN},
        {SIGN("GET", "https://h?", ""), "", "GET&https%3A%2F%2Fh%2F&" OWN},
        {SIGN("GET", "https://h/%7Ea%2f", ""), "", "GET&https%3A%2F%2Fh%2F%257Ea%252f&" OWN},
        {SIGN("GET", "https://1.2.3.4:8443/...?{^`|}=1", ""), "",
         "GET&https%3A%2F%2F1.2.3.4%3A8443%2F...&%257B%255E%2560%257C%257D%3D1%26" OWN},
        {SIGN("GET", "https://h.3a./a..", ""), "", "GET&https%3A%2F%2Fh.3a.%2Fa..&" OWN},
        /* by bytes of what is encoded, names before values: a < a%20 < a-; `=` does not count */
        {SIGN("GET", "https://h/?a-=1&a+=1&a=2&a=10&A=1&%C3%A9=1", ""), "",
         "GET&https%3A%2F%2Fh%2F&%25C3%25A9%3D1%26A%3D1%26a%3D10%26a%3D2%26a%2520%3D1%26a-%3D1%26" OWN},
        {SIGN("GET", "https://h/?&&x&=y&", ""), "", "GET&https%3A%2F%2Fh%2F&%3Dy%26" OWN "%26x%3D"},
        {SIGN("GET", "https://h/?a=%7E~%2D", ""), "", "GET&https%3A%2F%2Fh%2F&a%3D~~-%26" OWN},
        /* a body counts when it is a form */
        {SIGN("POST", "https://h/", FORM "; charset=UTF-8"), "z=1", "POST&https%3A%2F%2Fh%2F&" OWN "%26z%3D1"},
        {SIGN("POST", "https://h/", "Application/X-WWW-Form-URLencoded"), "z=1",
         "POST&https%3A%2F%2Fh%2F&" OWN "%26z%3D1"},
        {SIGN("POST", "https://h/", "application/json"), "z=1", "POST&https%3A%2F%2Fh%2F&" OWN},
        {SIGN("POST", "https://h/", ""), "z=1", "POST&https%3A%2F%2Fh%2F&" OWN},
        {SIGN("POST", "https://h/", FORM "x"), "z=1", "POST&https%3A%2F%2Fh%2F&" OWN},
        {SIGN("POST", "https://h/", FORM "+json"), "z=1", "POST&https%3A%2F%2Fh%2F&" OWN},
        {SIGN("POST", "https://h/", " " FORM), "z=1", "POST&https%3A%2F%2Fh%2F&" OWN "%26z%3D1"},
        {SIGN("POST", "https://h/", FORM " ; a=b"), "z=1", "POST&https%3A%2F%2Fh%2F&" OWN "%26z%3D1"},
        /* what a client would send otherwise than it was signed, or a provider read otherwise */
        {SIGN("GET", "https://h/?a=%zz", ""), "", NULL},
        {SIGN("GET", "https://h/?a=b&oauth_token=t", ""), "", NULL},
        {SIGN("GET", "https://h/?%6Fauth_nonce", ""), "", NULL},
        {SIGN("POST", "https://h/", FORM), "oauth_timestamp=2", NULL},
        {SIGN("GET", "https://h/?a=%ff", ""), "", NULL},
        {SIGN("POST", "https://h/", FORM), "a=%f", NULL},
        {SIGN("GET", "https://u@h/", ""), "", NULL},
        {SIGN("GET", "https://h/#f", ""), "", NULL},
        {SIGN("GET", "https://h/a b", ""), "", NULL},
        {SIGN("GET", "https://h\\\\x/", ""), "", NULL},
        {SIGN("GET", "https://h/\\u00e9", ""), "", NULL},
        {SIGN("GET", "https:///x", ""), "", NULL},
        {SIGN("GET", "ftp://h/", ""), "", NULL},
        {SIGN("GET", "//h/", ""), "", NULL},
        {SIGN("GET", "", ""), "", NULL},
        {SIGN("get", "https://h/", ""), "", NULL},
        {SIGN("", "https://h/", ""), "", NULL},
        {SIGN("POST", "https://h/", "a\\r\\nx: y"), "", NULL},
    };
    /* what fetch rewrites: the path, the port, addresses in other spellings */
    static const char *const rewritten[] = {
        "https://h/a{b}",  "https://h/a`",    "https://h/a^",       "https://h/a/../b",  "https://h/..",
        "https://h/a/./b", "https://h/.",     "https://h/%2e%2e/a", "https://h/.%2E?a",  "https://[::1]:443/",
        "https://[::1]/",  "https://h:0443/", "https://h:65536/",   "https://h:x/",      "https://h:1:2/",
        "https://1.2.3/",  "https://0x7f.1/", "https://1.2.3.4./",  "https://01.2.3.4/", "https://1.2.3.256/",
        "https://1/",      "https://a.0x/",   "https://h%61/",      "https://h,i/",      "https://1.2.3.4.5/",
        "https://1..2.3/",
    };
    char head[1024];
    for (size_t i = 0; i < sizeof rewritten / sizeof rewritten[0]; i++) {
        snprintf(head, sizeof head, SIGN("GET", "%s", ""), rewritten[i]);
        const dc_reply *reply = grant(DC_GRANT_oauth1_sign, head, "");
        if (!CHECK_STATUS(reply, 400) || !CHECK(span_holds(reply->part[0], "cannot be signed")))
            fprintf(stderr, "  %s\n", rewritten[i]);
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const dc_reply *reply = grant(DC_GRANT_oauth1_sign, rows[i][0], rows[i][1]);
        bool good = rows[i][2] ? CHECK_STATUS(reply, 200) : CHECK(reply->status >= 400);
        if (good && rows[i][2]) {
            good = CHECK_SPAN(text_at(reply->part[1], "base"), rows[i][2]);
            CHECK_SPAN(text_at(reply->part[1], "key"), "a%26b&%C3%A9");
        }
        if (!good) fprintf(stderr, "  row %zu\n", i);
    }
}

/* Sorting is by comparison of all, whatever their number and order. */
static void many(void) {
    static char head[40000], expected[60000];
    uint32_t seed = 7;
    int count[512] = {0};
    size_t size = (size_t)snprintf(
        head, sizeof head,
        "{\"config\":{\"id\":\"a\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH1\"},\"toolkit\":{\"slug\":"
        "\"t\",\"auth_schemes\":[{\"scheme\":\"OAUTH1\"}]}"
        ",\"credentials\":{\"consumer_key\":\"k\",\"consumer_secret\":\"s\"},\"val\":{\"oauth_token\":\"t\",\"oauth_"
        "token_secret\":\"s\"}" AT("1", "n") ",\"method\":\"GET\",\"url\":\"https://h/?");
    for (int i = 0; i < 1000; i++) {
        seed = seed * 1664525 + 1013904223;
        const unsigned value = seed >> 16 & 511;
        count[value]++;
        size += (size_t)snprintf(head + size, sizeof head - size, "a=%03u&", value);
    }
    snprintf(head + size, sizeof head - size, "\"}");
    size = (size_t)snprintf(expected, sizeof expected, "GET&https%%3A%%2F%%2Fh%%2F&");
    for (unsigned value = 0; value < 512; value++) {
        for (; count[value] > 0; count[value]--)
            size += (size_t)snprintf(expected + size, sizeof expected - size, "a%%3D%03u%%26", value);
    }
    const dc_reply *reply = grant(DC_GRANT_oauth1_sign, head, NULL);
    if (CHECK_STATUS(reply, 200)) {
        const dc_span base = text_at(reply->part[1], "base");
        CHECK(base.size > size && memcmp(base.at, expected, size) == 0);
    }
}

/* Whichever allocation fails, nothing is signed that lacks something. */
static void out_of_memory(void) {
    bool ended = false;
    size_t n = 0;
    for (; !ended && n < 5000; n++) {
        const uint32_t size = give(SIGN("POST", "https://h/?a=b&c=d", FORM), "e=f&g=h");
        dc_arena_allowance = n;
        const dc_reply *reply = dc_grant(DC_GRANT_oauth1_sign, 1, size);
        ended = !dc_arena_failed();
        dc_arena_allowance = SIZE_MAX;
        CHECK(ended ? reply->status == 200 : reply->status == 500);
    }
    CHECK(ended && n > 10);
}

int main(void) {
    example();
    edges();
    many();
    out_of_memory();
    return check_report();
}
