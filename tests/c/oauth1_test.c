/* OAuth 1.0a: the requests of RFC 5849 (section 1.2), their answers, and what is refused. The digest is the host's, so it
 * is checked where there is one: tests/oauth1.test.js. */
#include "call.h"

#include "catalog.h"

#define HEAD(scheme, more) \
    "{\"config\":{\"id\":\"ac_1\",\"toolkit\":\"t\",\"auth_scheme\":\"OAUTH1\"},\"toolkit\":{\"slug\":\"t\"," \
    "\"auth_schemes\":[{\"scheme\":\"OAUTH1\"" scheme "}]}" more "}"
#define PHOTOS \
    ",\"request_token_url\":\"https://photos.example.net/initiate\",\"authorization_url\":\"https://" \
    "photos.example.net/authorize\",\"token_url\":\"https://photos.example.net/token\"," \
    "\"extra_authorization_params\":{\"name\":\"My app\"}"
#define PRINTER            ",\"credentials\":{\"consumer_key\":\"dpf43f3p2l4k3l03\",\"consumer_secret\":\"kd94hf93k423kf44\"}"
#define TEMPORARY          ",\"val\":{\"oauth_token\":\"hh5s93j4hdidpola\",\"oauth_token_secret\":\"hdhd0244k9j7ao03\"}"
#define JANE               ",\"val\":{\"oauth_token\":\"nnch734d00sl2jdk\",\"oauth_token_secret\":\"pfkkdhi9sl3r4s00\"}"
#define AT(seconds, nonce) ",\"timestamp\":" seconds ",\"nonce\":\"" nonce "\""

static const dc_reply *grant(dc_grant_step step, const char *head, const char *rest) {
    return dc_grant(step, 1000000, give(head, rest));
}

static dc_span text_at(dc_span json, const char *path) {
    dc_span text = {"", 0};
    if (!dc_scan_string(raw_at(json, path), &text)) return (dc_span){"", 0};
    return text;
}

/* Section 1.2, all four requests. */
static void story(void) {
    static const struct {
        dc_grant_step step;
        const char *head, *signed_head;
        const char *base, *key, *target, *header;
    } rows[] = {
#define ROW(step, more, signature) step, HEAD(PHOTOS, more), HEAD(PHOTOS, more ",\"signature\":\"" signature "\"")
        {ROW(DC_GRANT_oauth1_temporary,
             PRINTER ",\"callback\":\"http://printer.example.com/ready\"" AT("137131200", "wIjqoS"),
             "74KNZJeDHnMBp0EMJ9ZHt/XKycU="),
         "POST&https%3A%2F%2Fphotos.example.net%2Finitiate&oauth_callback%3Dhttp%253A%252F%252Fprinter.example.com%252F"
         "ready%26oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%3DwIjqoS%26oauth_signature_method%"
         "3DHMAC-"
         "SHA1%26oauth_timestamp%3D137131200",
         "kd94hf93k423kf44&", "https://photos.example.net/initiate",
         "authorization: OAuth oauth_consumer_key=\"dpf43f3p2l4k3l03\", oauth_signature_method=\"HMAC-SHA1\", "
         "oauth_timestamp=\"137131200\", oauth_nonce=\"wIjqoS\", "
         "oauth_callback=\"http%3A%2F%2Fprinter.example.com%2Fready\", "
         "oauth_signature=\"74KNZJeDHnMBp0EMJ9ZHt%2FXKycU%3D\"\n"},
        {ROW(DC_GRANT_oauth1_token,
             PRINTER TEMPORARY
             ",\"oauth_token\":\"hh5s93j4hdidpola\",\"oauth_verifier\":\"hfdp7dh39dks9884\"" AT("137131201", "walatlh"),
             "gKgrFCywp7rO0OXSjdot/IHF7IU="),
         "POST&https%3A%2F%2Fphotos.example.net%2Ftoken&oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%3Dwalatlh%"
         "26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dhh5s93j4hdidpola%26oauth_"
         "verifier%3Dhfdp7dh39dks9884",
         "kd94hf93k423kf44&hdhd0244k9j7ao03", "https://photos.example.net/token",
         "authorization: OAuth oauth_consumer_key=\"dpf43f3p2l4k3l03\", oauth_token=\"hh5s93j4hdidpola\", "
         "oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"137131201\", oauth_nonce=\"walatlh\", "
         "oauth_verifier=\"hfdp7dh39dks9884\", oauth_signature=\"gKgrFCywp7rO0OXSjdot%2FIHF7IU%3D\"\n"},
        {ROW(DC_GRANT_oauth1_sign,
             PRINTER JANE
             ",\"method\":\"GET\",\"url\":\"http://photos.example.net/photos?file=vacation.jpg&size=original\"" AT(
                 "137131202", "chapoH"),
             "MdpQcU8iPSUjWoN/UDMsK2sui9I="),
         "GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacation.jpg%26oauth_consumer_key%3Ddpf43f3p2l4k3l03%"
         "26oauth_nonce%3DchapoH%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131202%26oauth_token%"
         "3Dnnch734d00sl2jdk%26size%3Doriginal",
         "kd94hf93k423kf44&pfkkdhi9sl3r4s00", "http://photos.example.net/photos?file=vacation.jpg&size=original",
         "authorization: OAuth oauth_consumer_key=\"dpf43f3p2l4k3l03\", oauth_token=\"nnch734d00sl2jdk\", "
         "oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"137131202\", oauth_nonce=\"chapoH\", "
         "oauth_signature=\"MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D\"\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const dc_reply *asked = grant(rows[i].step, rows[i].head, NULL);
        if (!CHECK_STATUS(asked, 200)) continue;
        CHECK_SPAN(asked->part[0],
                   "{\"signature_method\":\"HMAC-SHA1\",\"hash\":\"SHA-1\"}"); /* the part that may be looked at */
        CHECK_SPAN(text_at(asked->part[1], "base"), rows[i].base);
        CHECK_SPAN(text_at(asked->part[1], "key"), rows[i].key);
        const dc_reply *request = grant(rows[i].step, rows[i].signed_head, NULL);
        if (!CHECK_STATUS(request, 0)) continue;
        CHECK_SPAN(request->part[1], rows[i].target);
        CHECK_SPAN(request->part[2], rows[i].header);
        CHECK(!reply_holds(request, "kd94hf93k423kf44") && !reply_holds(request, "pfkkdhi9sl3r4s00") &&
              !reply_holds(request, "hdhd0244k9j7ao03")); /* secrets sign, they do not travel */
    }
    const dc_reply *leave = grant(DC_GRANT_oauth1_authorize, HEAD(PHOTOS, PRINTER TEMPORARY), NULL);
    if (CHECK_STATUS(leave, 0))
        CHECK_SPAN(leave->part[1], "https://photos.example.net/authorize?oauth_token=hh5s93j4hdidpola&name=My%20app");
        /* the token stands in the query, and once */
#define PAGE(url, more) \
    HEAD(",\"authorization_url\":\"" url "\",\"extra_authorization_params\":{" more "}", PRINTER TEMPORARY)
    leave =
        grant(DC_GRANT_oauth1_authorize, PAGE("https://p.example/a?b=c", "\"oauth_token\":\"x\",\"d\":\"e\""), NULL);
    if (CHECK_STATUS(leave, 0)) CHECK_SPAN(leave->part[1], "https://p.example/a?b=c&oauth_token=hh5s93j4hdidpola&d=e");
    CHECK_STATUS(grant(DC_GRANT_oauth1_authorize, PAGE("https://p.example/a#b", ""), NULL), 400);
    CHECK_STATUS(grant(DC_GRANT_oauth1_authorize, PAGE("https://p.example/a?b#", ""), NULL), 400);
}

static void refusals(void) {
#define SIGNED(more) ",\"method\":\"GET\",\"url\":\"https://h/\",\"signature\":\"x\"" more
    /* without a secret of either, without time or nonce, in another way */
    CHECK_STATUS(grant(DC_GRANT_oauth1_sign, HEAD("", JANE SIGNED(AT("1", "n"))), NULL), 400);
    CHECK_STATUS(grant(DC_GRANT_oauth1_sign,
                       HEAD("", ",\"credentials\":{\"consumer_key\":\"k\"}" JANE SIGNED(AT("1", "n"))), NULL),
                 400);
    CHECK_STATUS(grant(DC_GRANT_oauth1_sign,
                       HEAD("", ",\"val\":{\"oauth_token\":\"t\",\"oauth_token_secret\":\"s\",\"consumer_key\":\"k\","
                                "\"consumer_secret\":\"s\"}" SIGNED(AT("1", "n"))),
                       NULL),
                 400); /* the client is the auth config's */
    CHECK_STATUS(grant(DC_GRANT_oauth1_sign, HEAD("", PRINTER SIGNED(AT("1", "n"))), NULL), 400);
    CHECK_STATUS(
        grant(DC_GRANT_oauth1_sign, HEAD("", PRINTER ",\"val\":{\"oauth_token\":\"t\"}" SIGNED(AT("1", "n"))), NULL),
        400);
    CHECK_STATUS(grant(DC_GRANT_oauth1_sign, HEAD("", PRINTER JANE SIGNED(AT("0", "n"))), NULL), 500);
    CHECK_STATUS(grant(DC_GRANT_oauth1_sign, HEAD("", PRINTER JANE SIGNED(AT("1", ""))), NULL), 500);
    CHECK_STATUS(grant(DC_GRANT_oauth1_sign, HEAD("", PRINTER JANE SIGNED("")), NULL), 500);
    CHECK_STATUS(grant(DC_GRANT_oauth1_sign,
                       HEAD(",\"signature_method\":\"RSA-SHA1\"", PRINTER JANE SIGNED(AT("1", "n"))), NULL),
                 501);
    /* a callback about somebody else's request */
#define BACK(token, verifier) \
    HEAD(PHOTOS, PRINTER TEMPORARY AT("1", "n") ",\"oauth_token\":\"" token "\",\"oauth_verifier\":\"" verifier "\"")
    CHECK_STATUS(grant(DC_GRANT_oauth1_token, BACK("hh5s93j4hdidpola", "v"), NULL), 200);
    CHECK_STATUS(grant(DC_GRANT_oauth1_token, BACK("hh5s93j4hdidpolb", "v"), NULL), 400);
    CHECK_STATUS(grant(DC_GRANT_oauth1_token, BACK("", "v"), NULL), 400);
    CHECK_STATUS(grant(DC_GRANT_oauth1_token, BACK("hh5s93j4hdidpola", ""), NULL), 400);
    const dc_reply *back = grant(DC_GRANT_callback, "{\"query\":\"oauth_token=a%2B&oauth_verifier=v\"}", NULL);
    CHECK_SPAN(back->part[0], "{\"oauth_token\":\"a+\",\"oauth_verifier\":\"v\"}");
    CHECK_STATUS(grant(DC_GRANT_callback, "{\"query\":\"oauth_token=a&oauth_token=b\"}", NULL), 400);
    /* a host that only the account names */
    CHECK_STATUS(grant(DC_GRANT_oauth1_temporary,
                       HEAD(",\"request_token_url\":\"https://{host}/r\"",
                            PRINTER ",\"val\":{\"host\":\"evil.example\"},\"callback\":\"oob\"" AT("1", "n")),
                       NULL),
                 400);
    /* a signature cannot end the header's line */
    const dc_reply *hostile = grant(DC_GRANT_oauth1_sign,
                                    HEAD("", PRINTER JANE ",\"method\":\"GET\",\"url\":\"https://h/\",\"signature\":"
                                                          "\"a\\r\\nx: y\\\"\"" AT("1", "n\\n")),
                                    NULL);
    if (CHECK_STATUS(hostile, 0)) CHECK(span_holds(hostile->part[2], "oauth_signature=\"a%0D%0Ax%3A%20y%22\"\n"));
}

static void answers(void) {
    static const struct {
        const char *more, *body;
        double http;
        const char *outcome, *credential;
    } rows[] = {
        {",\"temporary\":true", "oauth_token=hh5&oauth_token_secret=hd%2F&oauth_callback_confirmed=true", 200,
         "granted", "{\"oauth_token\":\"hh5\",\"oauth_token_secret\":\"hd/\"}"},
        /* nobody has decided anything */
        {",\"temporary\":true", "", 0, "later", ""},
        {",\"temporary\":true", "", 302, "later", ""},
        {",\"temporary\":true", "oauth_problem=consumer_key_unknown", 503, "later", ""},
        {",\"temporary\":true", "oauth_problem=consumer_key_unknown", 429, "later", ""},
    /* what the connection has beside its grant goes along, and nothing of the grant or the trip before it */
#define BEFORE \
    ",\"val\":{\"subdomain\":\"acme\",\"oauth_token\":\"old\",\"oauth_token_secret\":\"old\",\"oauth_verifier\":" \
    "\"old\"," \
    "\"consumer_key\":\"old\",\"redirectUrl\":\"u\",\"authUri\":\"u\",\"callbackUrl\":\"u\",\"screen_name\":\"old\"}"
        {",\"temporary\":true" BEFORE, "oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=true", 200,
         "granted",
         "{\"oauth_token\":\"t\",\"oauth_token_secret\":\"s\",\"subdomain\":\"acme\",\"screen_name\":\"old\"}"},
        {BEFORE, "oauth_token=t&oauth_token_secret=s&screen_name=new", 200, "granted",
         "{\"oauth_token\":\"t\",\"oauth_token_secret\":\"s\",\"consumer_key\":\"dpf43f3p2l4k3l03\",\"screen_name\":"
         "\"new\","
         "\"subdomain\":\"acme\"}"},
        {"", "screen_name=jane&oauth_token=nn&oauth_token_secret=pf&consumer_key=theirs", 200, "granted",
         "{\"oauth_token\":\"nn\",\"oauth_token_secret\":\"pf\",\"consumer_key\":\"dpf43f3p2l4k3l03\",\"screen_name\":"
         "\"jane\"}"},
        {"", "oauth_token=nn", 200, "later", ""},
        {"", "oauth_token=nn&oauth_token_secret=", 200, "later", ""},
        {"", "oauth_token=nn&oauth_token_secret=pf", 500, "later", ""},
        {"", "oauth_problem=token_expired", 401, "lost", ""},
        {"", "oauth_problem=consumer_key_unknown&oauth_problem_advice=x", 400, "broken", ""},
        {"", "Invalid signature", 401, "lost", ""},
        {"", "Invalid signature", 400, "lost", ""},
        {"", "slow down", 429, "later", ""},
        {"", "oauth_problem=token_expired", 503, "later", ""},
        {"", "<a href=\"x?&oauth_token=nn&oauth_token_secret=pf&\">", 200, "later", ""},
        {"", "", 0, "later", ""},
    };
    char head[2048], word[24];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(head, sizeof head, HEAD("", PRINTER "%s,\"http\":%g"), rows[i].more, rows[i].http);
        snprintf(word, sizeof word, "\"%s\"", rows[i].outcome);
        const dc_reply *reply = grant(DC_GRANT_oauth1_answer, head, rows[i].body);
        bool good = CHECK_STATUS(reply, 200) && CHECK_RAW(reply->part[0], "outcome", word);
        good = good && CHECK_SPAN(reply->part[1].size ? reply->part[1] : ((dc_span){"", 0}), rows[i].credential);
        if (!good) fprintf(stderr, "  %s\n", rows[i].body);
    }
    static char huge[200000]; /* what is too much is left out, and not the credential itself */
    memset(huge, 'x', sizeof huge - 1);
    memcpy(huge, "z=", 2);
    memcpy(huge + sizeof huge - 41, "&oauth_token=nn&oauth_token_secret=pf&y=", 40);
    const dc_reply *large = grant(DC_GRANT_oauth1_answer, HEAD("", PRINTER ",\"http\":200"), huge);
    CHECK_SPAN(large->part[1], "{\"oauth_token\":\"nn\",\"oauth_token_secret\":\"pf\",\"consumer_key\":"
                               "\"dpf43f3p2l4k3l03\"}");
}

/* The client gets no temporary credential: that is the auth config's fault, in the provider's words but not with what was
 * sent to it. */
static void no_temporary(void) {
    static const char *const rows[][3] = {
        {"200", "oauth_token=hh5&oauth_token_secret=hd", "no temporary credential; check"},
        {"200", "oauth_token=hh5&oauth_token_secret=hd&oauth_callback_confirmed=false", "; check its consumer_key"},
        {"200", "", "; check"},
        {"401", "Invalid signature", "; check"},
        {"401", "oauth_problem=consumer_key_unknown", "(consumer_key_unknown); check"},
        {"400", "{\"error\":\"no\"}", "(no); check"},
        {"403", "oauth_problem=callback_rejected&oauth_problem_advice=of+kd94hf93k423kf44+and+dpf43f3p2l4k3l03",
         "(callback_rejected: of REDACTED and "},
    };
    char head[2048];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(head, sizeof head, HEAD("", PRINTER ",\"temporary\":true,\"http\":%s"), rows[i][0]);
        const dc_reply *reply = grant(DC_GRANT_oauth1_answer, head, rows[i][1]);
        if (CHECK_STATUS(reply, 400)) CHECK(reply_holds(reply, rows[i][2]) && !reply_holds(reply, "kd94hf93k423kf44"));
    }
}

/* What the browser brings back: about this temporary credential, and yes or no. */
static void returned(void) {
#define CAME(more) HEAD(PHOTOS, PRINTER TEMPORARY more)
#define OURS       ",\"oauth_token\":\"hh5s93j4hdidpola\""
    static const struct {
        const char *head;
        uint32_t status;
        const char *words;
    } rows[] = {
        {CAME(OURS ",\"oauth_verifier\":\"v\""), 204, NULL},
        {CAME(OURS), 400, NULL},
        {CAME(""), 400, NULL},
        {CAME(",\"oauth_verifier\":\"v\""), 400, NULL},
        {CAME(",\"oauth_token\":\"hh5s93j4hdidpolb\",\"oauth_verifier\":\"v\""), 400, NULL},
        {CAME(",\"denied\":\"hh5s93j4hdidpola\""), 200, "{\"error\":\"access_denied\",\"error_description\":null}"},
        {CAME(",\"denied\":\"hh5s93j4hdidpolb\""), 400, NULL},
        {CAME(",\"denied\":\"\""), 400, NULL},
        {CAME(OURS ",\"oauth_problem\":\"user_refused\""), 200,
         "{\"error\":\"user_refused\",\"error_description\":null}"},
        {CAME(",\"oauth_token\":\"x\",\"oauth_problem\":\"user_refused\""), 400, NULL},
        {CAME(",\"error\":\"e\",\"error_description\":\"d\",\"oauth_problem\":\"p\""), 200,
         "{\"error\":\"e\",\"error_description\":\"d\"}"},
        {HEAD(PHOTOS, PRINTER OURS ",\"oauth_verifier\":\"v\""), 400, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const dc_reply *reply = grant(DC_GRANT_oauth1_returned, rows[i].head, NULL);
        const bool good = CHECK_STATUS(reply, rows[i].status);
        if (good && rows[i].words) CHECK_SPAN(reply->part[0], rows[i].words);
        if (!good) fprintf(stderr, "  row %zu\n", i);
    }
    for (int i = 0; i < 2; i++) {
        const dc_reply *reply = grant(i ? DC_GRANT_callback_check : DC_GRANT_authorize, HEAD(PHOTOS, PRINTER), NULL);
        if (CHECK_STATUS(reply, 200)) CHECK_SPAN(reply->part[0], "{\"outcome\":\"temporary\"}");
    }
    const dc_reply *read = grant(DC_GRANT_callback, "{\"query\":\"denied=a%2B&oauth_problem=x%0Ay\"}", NULL);
    CHECK_SPAN(read->part[0], "{\"denied\":\"a+\",\"oauth_problem\":\"x y\"}");
    CHECK_STATUS(grant(DC_GRANT_callback, "{\"query\":\"denied=a&denied=a\"}", NULL), 400);
    /* the state stands in the callback's query, whatever that has already */
    static const char *const callbacks[] = {"https://me/c", "https://me/c?a=b"};
    char head[2048], expected[256];
    for (size_t i = 0; i < 2; i++) {
        snprintf(head, sizeof head,
                 HEAD(PHOTOS, PRINTER AT("1", "n") ",\"signature\":\"x\",\"state\":\"s+\",\"callback\":\"%s\""),
                 callbacks[i]);
        snprintf(expected, sizeof expected, "%s%s", i ? "%3Fa%3Db%26" : "%3F", "state%3Ds%252B\"");
        const dc_reply *reply = grant(DC_GRANT_oauth1_temporary, head, NULL);
        if (CHECK_STATUS(reply, 0)) CHECK(span_holds(reply->part[2], expected));
    }
}

/* Requests of the definition that carry the account's credential are signed as well, and never go without. */
static void described(void) {
#define TRELLO \
    ",\"api_auth\":{\"in\":\"oauth1_signature\"},\"required_headers\":{\"X-V\":\"1\"},\"identity\":{\"url\":\"https:/" \
    "/" \
    "api.t.example/me?x=y\"}"
    const dc_reply *asked = grant(DC_GRANT_identify, HEAD(TRELLO, PRINTER JANE AT("1", "n")), NULL);
    if (CHECK_STATUS(asked, 200)) CHECK(span_holds(asked->part[1], "\"base\":\"GET&https%3A%2F%2Fapi.t.example%2Fme&"));
    const dc_reply *sent =
        grant(DC_GRANT_identify, HEAD(TRELLO, PRINTER JANE AT("1", "n") ",\"signature\":\"sig=\""), NULL);
    if (CHECK_STATUS(sent, 0)) {
        CHECK(span_holds(sent->part[2], "X-V: 1\n"));
        CHECK(span_holds(sent->part[2],
                         "authorization: OAuth oauth_consumer_key=\"dpf43f3p2l4k3l03\", oauth_token=\"nnch"));
        CHECK(span_holds(sent->part[2], "oauth_signature=\"sig%3D\"\n"));
    }
    CHECK(grant(DC_GRANT_identify, HEAD(TRELLO, PRINTER JANE), NULL)->status >= 400);
    CHECK(grant(DC_GRANT_identify, HEAD(TRELLO, PRINTER AT("1", "n")), NULL)->status >= 400);
}

int main(void) {
    story();
    refusals();
    answers();
    no_temporary();
    returned();
    described();
    return check_report();
}
