/* Names (contract section 3): every name of its lists in every spelling, the endings, and what only looks like one. The
 * lists stand here once more, as the contract has them; and which operation's answers hold credentials, and where. */
#include "check.h"

#include "names.h"
#include "operations.h"

#include <ctype.h>

static const char secret[] =
    "access_token refresh_token id_token token auth_token session_token bearer_token oauth_token oauth_token_secret "
    "oauth_verifier api_key apikey api_token secret_key access_key bot_token generic_api_key generic_token "
    "generic_secret secret client_secret consumer_secret app_secret webhook_secret signing_secret password passphrase "
    "proxy_password basic_encoded authorization credentials_json private_key code_verifier session_id dev_key "
    "registration_access_token jwt assertion webhook_signature";

static const char excepted[] = "public_key primary_key foreign_key sort_key consumer_key next_page_token page_token";

static const char harmless[] =
    "status authScheme token_type scope scopes expires_in expires_at expired_at error error_description username "
    "client_id consumer_key redirectUrl redirect_url redirect_uri callback_url callbackUrl finalRedirectUri authUri "
    "state_prefix displayName subdomain your-domain region shop account_url COMPANYDOMAIN extension form_api_base_url "
    "instanceEndpoint api_url borneo_dashboard_url proxy_username domain version dc site_name instanceName account_id "
    "your_server server_location base_url instance_url tenant tenant_id cloud_id realm_id application_id "
    "installation_id";

static const char parameters[] = "key sig signature pass pwd auth code access_code x-amz-signature x-goog-signature";

/* Names whose meaning is none of the above. Endings need a word of their own, and the words are whole. */
static const char ordinary[] =
    "monkey MONKEY hockey keyboard keys tokens tokenizer token_type secretary passwords keynote Key-ring a ab _ __ -- "
    "jwts xjwt xapikey passphrases mypassphrase sessionids code_verifiers xregistrationaccesstoken authorizations id "
    "user_id name public_keys valid dates states";

enum { LONGEST = 64, SPELLINGS = 12 };

typedef struct name {
    char text[LONGEST];
} name;

/* The next word of a list; false: there is none. */
static bool next(const char **list, name *word) {
    const size_t size = strcspn(*list, " ");
    memcpy(word->text, *list, size);
    word->text[size] = '\0';
    *list += size + ((*list)[size] == ' ' ? 1 : 0);
    return size > 0;
}

static uint32_t meaning(const char *text) {
    return dc_name_meaning((dc_span){text, (uint32_t)strlen(text)});
}

enum { NOWHERE = 0, IN_FRONT = 1, BEHIND = 2 };

/* One spelling: a separator between words or none, in front or behind as well; capitals at the beginnings of words. */
static name spell(const char *word, char between, bool camel, bool pascal, int around) {
    name out = {{0}};
    size_t size = 0;
    bool first = pascal;
    if ((around & IN_FRONT) != 0) out.text[size++] = between;
    for (; *word != '\0'; word++) {
        if (*word == '_' || *word == '-') {
            if (between != '\0') out.text[size++] = between;
            first = camel;
            continue;
        }
        out.text[size++] = first ? (char)toupper(*word) : *word;
        first = false;
    }
    if ((around & BEHIND) != 0) out.text[size++] = between;
    return out;
}

static name shout(name word) {
    for (char *at = word.text; *at != '\0'; at++) *at = (char)toupper(*at);
    return word;
}

static void spellings(const char *word, name out[SPELLINGS]) {
    out[0] = spell(word, '_', false, false, NOWHERE);
    out[1] = spell(word, '-', false, false, NOWHERE);
    out[2] = spell(word, '\0', true, false, NOWHERE);
    out[3] = spell(word, '\0', true, true, NOWHERE);
    out[4] = spell(word, '-', true, true, NOWHERE);
    out[5] = shout(out[0]);
    out[6] = shout(out[1]);
    out[7] = spell(word, '\0', false, false, NOWHERE);
    out[8] = spell(word, '_', false, false, IN_FRONT | BEHIND);
    out[9] = spell(word, '-', true, true, IN_FRONT | BEHIND);
    out[10] = spell(word, '_', true, false, IN_FRONT);
    out[11] = spell(word, '-', false, false, BEHIND);
}

/* Of each name in each spelling, the bits of `mask` are `expected`. */
static void all_mean(const char *list, uint32_t mask, uint32_t expected) {
    name word, spelled[SPELLINGS];
    while (next(&list, &word)) {
        spellings(word.text, spelled);
        for (int i = 0; i < SPELLINGS; i++) {
            if (!CHECK_NUMBER(meaning(spelled[i].text) & mask, expected)) fprintf(stderr, "  %s\n", spelled[i].text);
        }
    }
}

static void test_lists(void) {
    all_mean(secret, DC_NAME_SECRET, DC_NAME_SECRET);
    all_mean(excepted, DC_NAME_SECRET, 0);
    all_mean("state", ~0U, DC_NAME_STATE);
    all_mean("data", ~0U, DC_NAME_DATA);
    all_mean("params", ~0U, DC_NAME_PARAMS);
    all_mean("connection_data", ~0U, DC_NAME_CONNECTION);
    all_mean("credentials shared_credentials", ~0U, DC_NAME_CREDENTIALS);
    all_mean("val", ~0U, DC_NAME_VAL);
    all_mean("proxy_config", ~0U, DC_NAME_WIDE);
    all_mean(parameters, DC_NAME_PARAMETER, DC_NAME_PARAMETER);
    all_mean("sig signature pass pwd auth code access_code", DC_NAME_SECRET, 0);
    CHECK_NUMBER(meaning("key"), DC_NAME_PARAMETER);
    name word;
    for (const char *list = ordinary; next(&list, &word);) {
        if (!CHECK_NUMBER(meaning(word.text), 0)) fprintf(stderr, "  %s\n", word.text);
    }
}

/* In front of an ending may stand what will, if only the ending is a word: behind a separator, or at a capital. */
static void test_endings(void) {
    static const char *const before[] = {"user", "x", "aws2", "\xC3\xA9", "my_public", "a long name with spaces in it"};
    static const char *const ends[] = {"token", "secret", "password", "key"};
    char text[LONGEST];
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        for (size_t j = 0; j < sizeof ends / sizeof *ends; j++) {
            const char *const end = ends[j];
            static const struct {
                const char *form;
                bool secret;
            } forms[] = {{"%s_%s", true}, {"%s-%s", true}, {"%s%s", false}, {"%s_%sx", false}, {"%s_x%s", false}};
            for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
                snprintf(text, sizeof text, forms[k].form, before[i], end);
                CHECK(meaning(text) == (forms[k].secret ? DC_NAME_SECRET : 0));
            }
            snprintf(text, sizeof text, "%s%c%s", before[i], toupper(end[0]), end + 1);
            CHECK(meaning(text) == DC_NAME_SECRET);
        }
    }
    CHECK(meaning("AWSKey") == DC_NAME_SECRET && meaning("AWSKEY") == 0 && meaning("aws_KEY") == DC_NAME_SECRET);
    CHECK(meaning("_key") == (DC_NAME_SECRET | DC_NAME_PARAMETER) && meaning("key_") == DC_NAME_PARAMETER);
}

static bool is_harmless(const char *text) {
    return dc_name_harmless((dc_span){text, (uint32_t)strlen(text)});
}

/* Spelled exactly so: whatever is a letter more, less or other is another name. */
static void test_harmless(void) {
    name word, other;
    for (const char *list = harmless; next(&list, &word);) {
        if (!CHECK(is_harmless(word.text))) fprintf(stderr, "  %s\n", word.text);
        for (size_t i = 0; word.text[i] != '\0'; i++) {
            other = word;
            other.text[i] = (char)(isupper(other.text[i]) ? tolower(other.text[i]) : toupper(other.text[i]));
            if (other.text[i] == word.text[i]) other.text[i] = other.text[i] == '_' ? '-' : '_';
            if (!CHECK(!is_harmless(other.text))) fprintf(stderr, "  %s\n", other.text);
        }
        snprintf(other.text, sizeof other.text, "%.60sx", word.text);
        CHECK(!is_harmless(other.text));
        CHECK(!is_harmless(word.text + 1));
    }
    CHECK(!is_harmless(""));
}

static void test_listed(void) {
    static const struct {
        const char *lines, *name;
        bool listed;
    } rows[] = {
        {"one\ntwo", "one", true},
        {"one\ntwo", "two", true},
        {"one\ntwo\n", "two", true},
        {"one\ntwo", "tw", false},
        {"one\ntwo", "twoo", false},
        {"one\ntwo", "ne", false},
        {"one\ntwo", "One", false},
        {"one\n\ntwo", "", false},
        {"one\n\ntwo", "two", true},
        {"one", "one\ntwo", false},
        {"", "", false},
        {"", "one", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const dc_span lines = {rows[i].lines, (uint32_t)strlen(rows[i].lines)};
        const dc_span name = {rows[i].name, (uint32_t)strlen(rows[i].name)};
        if (!CHECK(dc_name_listed(lines, name) == rows[i].listed)) fprintf(stderr, "  row %zu\n", i);
    }
    CHECK(!dc_name_listed((dc_span){NULL, 0}, (dc_span){"a", 1}));
}

/* Where credentials stand in an operation's answer; never where the answer is the user's own data. */
static void test_where(void) {
    enum { ACCOUNT = DC_MASK_STATE | DC_MASK_DATA | DC_MASK_PARAMS | DC_MASK_CONNECTION };
    static const struct {
        const char *operations;
        uint32_t mask;
    } rows[] = {
        {"connected_accounts.list connected_accounts.get connected_accounts.create connected_accounts.link "
         "connected_accounts.update connected_accounts.revoke connected_accounts.refresh",
         ACCOUNT},
        {"auth_configs.list auth_configs.get auth_configs.create auth_configs.update", DC_MASK_CREDENTIALS},
        {"tools.execute tools.proxy", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        name word;
        for (const char *list = rows[i].operations; next(&list, &word);) {
            uint32_t op = 0;
            while (op < dc_operation_count && strcmp(dc_operations[op].name, word.text) != 0) op++;
            if (!CHECK(op < dc_operation_count) || !CHECK_NUMBER(dc_operations[op].mask, rows[i].mask))
                fprintf(stderr, "  %s\n", word.text);
        }
    }
}

int main(void) {
    test_lists();
    test_endings();
    test_harmless();
    test_listed();
    test_where();
    return check_report();
}
