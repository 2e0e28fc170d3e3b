/* names.c: the tables of names, and the folding that makes one name of its spellings.
 *
 * Folding drops `_` and `-` and letter case: `accessToken`, `ACCESS_TOKEN` and `access-token` all become
 * `accesstoken`. The suffix rule must not take `monkey` for a key, so folding also keeps where a word began: behind
 * a separator, or at a capital (`userKey`, `AWSKey`). Names are folded from their end, so that a long one costs no
 * more than the longest name we know. */
#include "names.h"

#include <stddef.h>
#include <string.h>

/* Entries of one length stand together, so that a look-up compares with those alone. */
static const char *const secrets[] = {
    [3] = "jwt",
    [5] = "token",
    [6] = "apikey"
          "secret"
          "devkey",
    [7] = "idtoken",
    [8] = "apitoken"
          "bottoken"
          "password",
    [9] = "authtoken"
          "secretkey"
          "accesskey"
          "appsecret"
          "sessionid"
          "assertion",
    [10] = "oauthtoken"
           "passphrase"
           "privatekey",
    [11] = "accesstoken"
           "bearertoken",
    [12] = "refreshtoken"
           "sessiontoken"
           "generictoken"
           "clientsecret"
           "basicencoded"
           "codeverifier",
    [13] = "oauthverifier"
           "genericapikey"
           "genericsecret"
           "webhooksecret"
           "signingsecret"
           "proxypassword"
           "authorization",
    [14] = "consumersecret",
    [15] = "credentialsjson",
    [16] = "oauthtokensecret"
           "webhooksignature",
    [23] = "registrationaccesstoken",
};

/* Not secret, although their ending is. */
static const char *const excepted[] = {
    [7] = "sortkey",
    [9] = "publickey"
          "pagetoken",
    [10] = "primarykey"
           "foreignkey",
    [11] = "consumerkey",
    [13] = "nextpagetoken",
};

/* The endings of the suffix rule, by length. */
static const char *const endings[] = {[3] = "key", [5] = "token", [6] = "secret", [8] = "password"};

static const char *const harmless[] = {
    [2] = "dc",
    [4] = "shop",
    [5] = "scope"
          "error",
    [6] = "status"
          "scopes"
          "region"
          "domain"
          "tenant",
    [7] = "authUri"
          "api_url"
          "version",
    [8] = "username"
          "base_url"
          "cloud_id"
          "realm_id",
    [9] = "client_id"
          "subdomain"
          "extension"
          "site_name"
          "tenant_id",
    [10] = "authScheme"
           "token_type"
           "expires_in"
           "expires_at"
           "expired_at"
           "account_id",
    [11] = "redirectUrl"
           "callbackUrl"
           "displayName"
           "your-domain"
           "account_url"
           "your_server",
    [12] = "consumer_key"
           "redirect_url"
           "redirect_uri"
           "callback_url"
           "state_prefix"
           "instanceName"
           "instance_url",
    [13] = "COMPANYDOMAIN",
    [14] = "proxy_username"
           "application_id",
    [15] = "server_location"
           "installation_id",
    [16] = "finalRedirectUri"
           "instanceEndpoint",
    [17] = "error_description"
           "form_api_base_url",
    [20] = "borneo_dashboard_url",
};

static const struct {
    const char *name;
    uint8_t size;
    uint16_t meaning;
} members[] = {
    {"key", 3, DC_NAME_PARAMETER},
    {"sig", 3, DC_NAME_PARAMETER},
    {"pwd", 3, DC_NAME_PARAMETER},
    {"val", 3, DC_NAME_VAL},
    {"pass", 4, DC_NAME_PARAMETER},
    {"auth", 4, DC_NAME_PARAMETER},
    {"code", 4, DC_NAME_PARAMETER},
    {"data", 4, DC_NAME_DATA},
    {"state", 5, DC_NAME_STATE},
    {"params", 6, DC_NAME_PARAMS},
    {"signature", 9, DC_NAME_PARAMETER},
    {"accesscode", 10, DC_NAME_PARAMETER},
    {"credentials", 11, DC_NAME_CREDENTIALS},
    {"proxyconfig", 11, DC_NAME_WIDE},
    {"xamzsignature", 13, DC_NAME_PARAMETER},
    {"xgoogsignature", 14, DC_NAME_PARAMETER},
    {"connectiondata", 14, DC_NAME_CONNECTION},
    {"sharedcredentials", 17, DC_NAME_CREDENTIALS},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

enum { LONGEST = COUNT(secrets) - 1, FOLDED = LONGEST + 1, LETTER = 31 };

/* Most names of a document mean nothing, and their letters tell so without folding: names that do end in a pair of
 * letters of `endings`, or in one of the others and then begin with a letter of `first`. A bit for each letter
 * (& LETTER makes both cases of one a number below 32), by the last letter. */
#define BIT(letter) ((uint32_t)1 << ((letter)&LETTER))
static const struct {
    uint32_t before_ending; /* the letter before the last, in what the suffix rule takes */
    uint32_t before, first; /* the same in the other names, and how those begin */
} telling[32] = {
    ['a' & LETTER] = {0, BIT('t'), BIT('d') | BIT('c')},
    ['d' & LETTER] = {BIT('r'), BIT('e') | BIT('i') | BIT('w'), BIT('b') | BIT('s') | BIT('p')},
    ['e' & LETTER] = {0, BIT('r') | BIT('s') | BIT('t') | BIT('d'),
                      BIT('p') | BIT('s') | BIT('w') | BIT('a') | BIT('c') | BIT('x')},
    ['g' & LETTER] = {0, BIT('i'), BIT('s') | BIT('p')},
    ['h' & LETTER] = {0, BIT('t'), BIT('a')},
    ['l' & LETTER] = {0, BIT('a'), BIT('v')},
    ['n' & LETTER] = {BIT('e'), BIT('o'), BIT('a') | BIT('c')},
    ['r' & LETTER] = {0, BIT('e'), BIT('c') | BIT('o')},
    ['s' & LETTER] = {0, BIT('l') | BIT('m') | BIT('s'), BIT('c') | BIT('p') | BIT('s')},
    ['t' & LETTER] = {BIT('e'), BIT('w'), BIT('j')},
    ['y' & LETTER] = {BIT('e'), 0, 0},
};

typedef struct folded {
    char text[FOLDED]; /* filled from its end */
    uint32_t size;     /* FOLDED: longer than every name of the tables */
} folded;

static bool is_upper(char byte) {
    return byte >= 'A' && byte <= 'Z';
}

static bool is_lower(char byte) {
    return byte >= 'a' && byte <= 'z';
}

static bool is_letter(char byte) {
    return is_lower((char)(byte | 0x20));
}

static bool is_separator(char byte) {
    return byte == '_' || byte == '-';
}

static bool begins_word(dc_span name, uint32_t i) {
    if (i == 0) return false;
    const char before = name.at[i - 1];
    if (is_separator(before)) return true;
    if (!is_upper(name.at[i])) return false;
    return !is_upper(before) || (i + 1 < name.size && is_lower(name.at[i + 1]));
}

static void fold(folded *out, dc_span name) {
    out->size = 0;
    for (uint32_t i = name.size; i-- > 0 && out->size < FOLDED;) {
        const char byte = name.at[i];
        if (is_separator(byte)) continue;
        out->text[FOLDED - ++out->size] = is_upper(byte) ? (char)(byte | 0x20) : byte;
    }
}

/* memcmp is a call, which for a few bytes costs more than comparing them. */
static inline bool same(const char *a, const char *b, size_t size) {
    while (size > 0 && *a == *b) a++, b++, size--;
    return size == 0;
}

static bool has(const char *const *table, size_t count, const char *text, size_t size) {
    if (size >= count || table[size] == NULL) return false;
    for (const char *each = table[size]; *each != '\0'; each += size) {
        if (same(each, text, size)) return true;
    }
    return false;
}

/* Does a word begin where the last `letters` letters of the name do, separators not counted? */
static bool word_begins(dc_span name, size_t letters) {
    uint32_t i = name.size;
    while (letters > 0) letters -= is_separator(name.at[--i]) ? 0 : 1;
    return begins_word(name, i);
}

static bool ends_secret(const folded *form, dc_span name) {
    for (size_t size = 0; size < COUNT(endings) && size <= form->size; size++) {
        if (endings[size] != NULL && same(form->text + FOLDED - size, endings[size], size) && word_begins(name, size))
            return true;
    }
    return false;
}

bool dc_name_dull(dc_span name) {
    if (name.size < 3) return true; /* `jwt` and `val` are the shortest */
    const char first = name.at[0], before = name.at[name.size - 2], last = name.at[name.size - 1];
    if (!is_letter(first) || !is_letter(before) || !is_letter(last)) return false;
    const uint32_t i = last & LETTER;
    if ((telling[i].before_ending & BIT(before)) != 0) return false;
    return (telling[i].before & BIT(before)) == 0 || (telling[i].first & BIT(first)) == 0;
}

__attribute__((noinline)) static uint32_t look_up(dc_span name) {
    folded short_form;
    fold(&short_form, name);
    const char *text = short_form.text + FOLDED - short_form.size;
    if (has(secrets, COUNT(secrets), text, short_form.size)) return DC_NAME_SECRET;
    for (size_t i = 0; i < COUNT(members); i++) {
        if (members[i].size == short_form.size && same(members[i].name, text, short_form.size))
            return members[i].meaning | (ends_secret(&short_form, name) ? DC_NAME_SECRET : 0); /* `_key` */
    }
    if (has(excepted, COUNT(excepted), text, short_form.size)) return 0;
    return ends_secret(&short_form, name) ? DC_NAME_SECRET : 0;
}

uint32_t dc_name_meaning(dc_span name) {
    return dc_name_dull(name) ? 0 : look_up(name);
}

bool dc_name_harmless(dc_span name) {
    return has(harmless, COUNT(harmless), name.at, name.size);
}

bool dc_name_listed(dc_span lines, dc_span name) {
    if (lines.size == 0) return false;
    const char *at = lines.at, *end = lines.at + lines.size;
    while (at < end) {
        const char *line = memchr(at, '\n', (size_t)(end - at));
        const size_t size = (size_t)((line != NULL ? line : end) - at);
        if (size > 0 && size == name.size && memcmp(at, name.at, size) == 0) return true;
        at += size + 1;
    }
    return false;
}
