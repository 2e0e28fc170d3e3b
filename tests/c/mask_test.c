/* The masking rules of contract section 3, a row for each. Every row is run whole and cut at every byte, with the
 * smallest room and with plenty, and its result is masked once more: nothing may change by any of that. */
#include "check.h"

#include <stdlib.h>

enum {
    BY_NAME = DC_MASK_BY_NAME,
    WHOLE = DC_MASK_WHOLE,
    DATA = DC_MASK_DATA,
    FULL = 1,
    ALL_SCOPES = 127 & ~DC_MASK_WHOLE,
    EVERYWHERE = ALL_SCOPES | DC_MASK_WIDE
};

typedef struct row {
    const char *rule;
    unsigned scope;
    const char *in, *out; /* out NULL: refused */
} row;

#define SAME(rule, scope, text) \
    { rule, scope, text, text }
#define DEEP_63        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
#define SHUT_63        "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
#define TIMES_10(text) text text text text text text text text text text

static const row rows[] = {
    /* scoping */
    {"the whole document", WHOLE, "{\"a\":\"abcdef\",\"b\":[\"abcdef\"]}", "{\"a\":\"abcd...\",\"b\":[\"abcd...\"]}"},
    {"a bare string", WHOLE, " \"abcdef\" ", " \"abcd...\" "},
    SAME("a bare number", WHOLE, "12"),
    {"val under state", DC_MASK_STATE,
     "{\"state\":{\"authScheme\":\"OAUTH2\",\"val\":{\"x\":\"abcdef\"}},\"val\":{\"x\":\"abcdef\"}}",
     "{\"state\":{\"authScheme\":\"OAUTH2\",\"val\":{\"x\":\"abcd...\"}},\"val\":{\"x\":\"abcdef\"}}"},
    {"all of state, connectionData and proxy_config", EVERYWHERE,
     "{\"state\":{\"authScheme\":\"OAUTH2\",\"x\":\"abcdef\",\"val\":{\"y\":[\"abcdef\"]}},\"connection_data\":"
     "\"abcdef\","
     "\"proxyConfig\":{\"proxy_url\":\"http://u:p@h\"},\"id\":\"abcdef\"}",
     "{\"state\":{\"authScheme\":\"OAUTH2\",\"x\":\"abcd...\",\"val\":{\"y\":[\"abcd...\"]}},\"connection_data\":"
     "\"abcd...\","
     "\"proxyConfig\":{\"proxy_url\":\"http...\"},\"id\":\"abcdef\"}"},
    {"a link_token is for browsers, but not in a credential", EVERYWHERE,
     "{\"link_token\":\"abcdef\",\"linkToken\":\"abcdef\",\"state\":{\"link_token\":\"abcdef\"}}",
     "{\"link_token\":\"abcdef\",\"linkToken\":\"abcd...\",\"state\":{\"link_token\":\"abcd...\"}}"},
    {"only where it is asked for", ALL_SCOPES,
     "{\"state\":{\"x\":\"abcdef\"},\"proxy_config\":{\"x\":\"abcdef\"},\"link_token\":\"abcdef\"}",
     "{\"state\":{\"x\":\"abcdef\"},\"proxy_config\":{\"x\":\"abcdef\"},\"link_token\":\"abcd...\"}"},
    {"val under connectionData", DC_MASK_CONNECTION,
     "{\"connectionData\":{\"val\":{\"x\":\"abcdef\"}},\"state\":{\"val\":{\"x\":\"abcdef\"}}}",
     "{\"connectionData\":{\"val\":{\"x\":\"abcd...\"}},\"state\":{\"val\":{\"x\":\"abcdef\"}}}"},
    {"data", DATA, "{\"items\":[{\"id\":\"abcdef\",\"data\":{\"x\":\"abcdef\"}}]}",
     "{\"items\":[{\"id\":\"abcdef\",\"data\":{\"x\":\"abcd...\"}}]}"},
    {"data that is a string", DATA, "{\"data\":\"abcdef\",\"b\":\"abcdef\"}",
     "{\"data\":\"abcd...\",\"b\":\"abcdef\"}"},
    {"data ends with its bracket", DATA, "[{\"data\":{\"data\":{}}},\"abcdef\",{\"x\":\"abcdef\"}]",
     "[{\"data\":{\"data\":{}}},\"abcdef\",{\"x\":\"abcdef\"}]"},
    {"params", DC_MASK_PARAMS, "{\"params\":{\"x\":\"abcdef\"},\"data\":\"abcdef\"}",
     "{\"params\":{\"x\":\"abcd...\"},\"data\":\"abcdef\"}"},
    {"credentials", DC_MASK_CREDENTIALS, "{\"credentials\":{\"x\":\"abcdef\"},\"shared_credentials\":[\"abcdef\"]}",
     "{\"credentials\":{\"x\":\"abcd...\"},\"shared_credentials\":[\"abcd...\"]}"},
    {"val in an array under state", DC_MASK_STATE, "{\"state\":[{\"val\":\"abcdef\"}]}",
     "{\"state\":[{\"val\":\"abcd...\"}]}"},
    {"a member's name in another spelling", ALL_SCOPES,
     "{\"connection_data\":{\"val\":\"abcdef\"},\"sharedCredentials\":\"abcdef\"}",
     "{\"connection_data\":{\"val\":\"abcd...\"},\"sharedCredentials\":\"abcd...\"}"},
    {"a member's name in escapes", DATA, "{\"d\\u0061ta\":\"abcdef\"}", "{\"d\\u0061ta\":\"abcd...\"}"},
    SAME("outside, nothing without the rule by name", DATA, "{\"access_token\":\"abcdef\",\"token\":123}"),
    SAME("no scope", 0, "{\"access_token\":\"abcdef\",\"data\":\"abcdef\"}"),

    /* credential members */
    SAME("harmless names", WHOLE,
         "{\"status\":\"ACTIVE\",\"scopes\":[\"abcdef\",[\"abcdef\"]],\"client_id\":\"abcdef\",\"your-domain\":"
         "\"abcdef\","
         "\"COMPANYDOMAIN\":\"abcdef\",\"consumer_key\":\"abcdef\",\"borneo_dashboard_url\":\"abcdef\",\"dc\":"
         "\"abcdef\"}"),
    {"harmless names are spelled exactly so", WHOLE,
     "{\"Status\":\"abcdef\",\"clientId\":\"abcdef\",\"statu\":\"abcdef\",\"status2\":\"abcdef\"}",
     "{\"Status\":\"abcd...\",\"clientId\":\"abcd...\",\"statu\":\"abcd...\",\"status2\":\"abcd...\"}"},
    {"an object under a harmless name", WHOLE, "{\"scope\":{\"a\":\"abcdef\",\"status\":\"abcdef\"}}",
     "{\"scope\":{\"a\":\"abcd...\",\"status\":\"abcdef\"}}"},
    {"objects in an array under a harmless name", WHOLE, "{\"scopes\":[{\"a\":\"abcdef\"},\"abcdef\"]}",
     "{\"scopes\":[{\"a\":\"abcd...\"},\"abcdef\"]}"},
    {"a secret container hides harmless names", WHOLE,
     "{\"authorization\":{\"status\":\"abcdef\",\"n\":[1,true,null]},\"status\":\"abcdef\"}",
     "{\"authorization\":{\"status\":\"abcd...\",\"n\":[\"REDACTED\",true,null]},\"status\":\"abcdef\"}"},
    {"containers are transparent", WHOLE, "{\"authed_user\":{\"access_token\":\"abcdef\",\"scope\":\"abcdef\"}}",
     "{\"authed_user\":{\"access_token\":\"abcd...\",\"scope\":\"abcdef\"}}"},
    {"numbers under a secret name", WHOLE, "{\"api_key\":-1.5e+10,\"expires_in\":3600,\"other\":12,\"token\":[1,1,1]}",
     "{\"api_key\":\"REDACTED\",\"expires_in\":3600,\"other\":12,\"token\":[\"REDACTED\",\"REDACTED\",\"REDACTED\"]}"},
    SAME("null and booleans", WHOLE, "{\"access_token\":null,\"api_key\":true,\"token\":false}"),
    {"harmless in escapes", WHOLE, "{\"st\\u0061tus\":\"abcdef\",\"\\u0061ccess_token\":\"abcdef\"}",
     "{\"st\\u0061tus\":\"abcdef\",\"\\u0061ccess_token\":\"abcd...\"}"},
    SAME("extra harmless names", WHOLE,
         "{\"extra_one\":\"abcdef\",\"\xF0\x9F\x98\x80\":\"abcdef\",\"\\ud83d\\ude00\":\"abcdef\"}"),
    {"near extra harmless names", WHOLE,
     "{\"extra_on\":\"abcdef\",\"extra_one2\":\"abcdef\",\"\":\"abcdef\",\"\\ud83d\":\"abcdef\"}",
     "{\"extra_on\":\"abcd...\",\"extra_one2\":\"abcd...\",\"\":\"abcd...\",\"\\ud83d\":\"abcd...\"}"},

    /* by name */
    {"spellings", BY_NAME,
     "{\"access_token\":\"abcdef\",\"accessToken\":\"abcdef\",\"ACCESS-TOKEN\":\"abcdef\",\"AccessToken\":\"abcdef\","
     "\"accesstoken\":\"abcdef\"}",
     "{\"access_token\":\"abcd...\",\"accessToken\":\"abcd...\",\"ACCESS-TOKEN\":\"abcd...\",\"AccessToken\":\"abcd..."
     "\",\"accesstoken\":\"abcd...\"}"},
    {"endings", BY_NAME,
     "{\"x-api-key\":\"abcdef\",\"userToken\":\"abcdef\",\"MY_SECRET\":\"abcdef\",\"db_password\":\"abcdef\","
     "\"AWSKey\":\"abcdef\",\"_key\":\"abcdef\"}",
     "{\"x-api-key\":\"abcd...\",\"userToken\":\"abcd...\",\"MY_SECRET\":\"abcd...\",\"db_password\":\"abcd...\","
     "\"AWSKey\":\"abcd...\",\"_key\":\"abcd...\"}"},
    SAME("no endings", BY_NAME,
         "{\"monkey\":\"abcdef\",\"key\":\"abcdef\",\"MONKEY\":\"abcdef\",\"keys\":\"abcdef\",\"tokens\":\"abcdef\","
         "\"token_type\":\"abcdef\",\"xjwt\":\"abcdef\"}"),
    SAME("excepted", BY_NAME,
         "{\"public_key\":\"abcdef\",\"PrimaryKey\":\"abcdef\",\"foreign-key\":\"abcdef\",\"sortKey\":\"abcdef\","
         "\"consumer_key\":\"abcdef\","
         "\"next_page_token\":\"abcdef\",\"pageToken\":\"abcdef\",\"nextPageToken\":\"abcdef\"}"),
    {"only whole exceptions", BY_NAME, "{\"my_public_key\":\"abcdef\"}", "{\"my_public_key\":\"abcd...\"}"},
    {"escaped names", BY_NAME,
     "{\"\\u0061ccess_token\":\"abcdef\",\"access\\u005Ftoken\":\"abcdef\",\"toke\\u006e\":1}",
     "{\"\\u0061ccess_token\":\"abcd...\",\"access\\u005Ftoken\":\"abcd...\",\"toke\\u006e\":\"REDACTED\"}"},
    SAME("other names", BY_NAME, "{\"a\":\"abcdef\",\"data\":\"abcdef\",\"n\":1,\"id\":\"abcdef\",\"\":\"abcdef\"}"),
    SAME("harmless names mean nothing outside", BY_NAME,
         "{\"status\":{\"x\":\"abcdef\"},\"base_url\":\"https://u:p@a?key=b\",\"scopes\":[\"abcdef\"]}"),
    {"any depth", BY_NAME, "[{\"a\":[{\"token\":\"abcdef\"}]},\"abcdef\"]",
     "[{\"a\":[{\"token\":\"abcd...\"}]},\"abcdef\"]"},
    {"secret containers", BY_NAME,
     "{\"secret\":{\"a\":\"abcdef\",\"b\":[1,{\"c\":\"x\"}],\"d\":null},\"e\":\"abcdef\",\"f\":1}",
     "{\"secret\":{\"a\":\"abcd...\",\"b\":[\"REDACTED\",{\"c\":\"REDACTED\"}],\"d\":null},\"e\":\"abcdef\",\"f\":1}"},
    {"arrays inherit", BY_NAME, "{\"token\":[\"abcdef\",[2],{\"x\":\"abcdef\"},\"abcdef\"],\"x\":[1]}",
     "{\"token\":[\"abcd...\",[\"REDACTED\"],{\"x\":\"abcd...\"},\"abcd...\"],\"x\":[1]}"},
    {"beside credential members", BY_NAME | DATA, "{\"data\":{\"x\":\"abcdef\"},\"x\":\"abcdef\",\"token\":\"abcdef\"}",
     "{\"data\":{\"x\":\"abcd...\"},\"x\":\"abcdef\",\"token\":\"abcd...\"}"},
    {"a name too long to know", BY_NAME,
     "{\"" TIMES_10("0123456789012345678901234567") "\":\"abcdef\",\"" TIMES_10(
         "0123456789012345678901234") "\":\"abcdef\"}",
     "{\"" TIMES_10("0123456789012345678901234567") "\":\"abcd...\",\"" TIMES_10(
         "0123456789012345678901234") "\":\"abcdef\"}"},
    SAME("a name just not too long", BY_NAME, "{\"" TIMES_10("abcdefghijklmnopqrstuvwxy") "abcdef\":\"abcdef\"}"),
    {"a name of halves of pairs", BY_NAME, "{\"abc" TIMES_10(TIMES_10("\\ude00")) "\":\"abcdef\"}",
     "{\"abc" TIMES_10(TIMES_10("\\ude00")) "\":\"abcd...\"}"},
    {"half a pair at the end of a name", WHOLE,
     "{\"\\ud83d\":\"abcdef\",\"\\ude00\":\"abcdef\",\"a\":\"b\\ud83d\",\"\\ude00x\":1}",
     "{\"\\ud83d\":\"abcd...\",\"\\ude00\":\"abcd...\",\"a\":\"REDACTED\",\"\\ude00x\":1}"},
    {"a long name with an ending", BY_NAME, "{\"" TIMES_10("0123456789") "_token\":\"abcdef\"}",
     "{\"" TIMES_10("0123456789") "_token\":\"abcd...\"}"},

    /* what a masked string looks like */
    {"short ones", WHOLE, "[\"\",\"a\",\"abc\",\"abcd\",\"abcde\"]",
     "[\"REDACTED\",\"REDACTED\",\"REDACTED\",\"abcd...\",\"abcd...\"]"},
    SAME("masked before", WHOLE, "[\"gho_...\",\"REDACTED\",\"a\\nb\\n...\"]"),
    {"nearly REDACTED", WHOLE, "[\"REDACTEd\",\"REDACTE\",\"REDACTED.\",\"REDA\",\"REDACT\\u0045D\"]",
     "[\"REDA...\",\"REDA...\",\"REDA...\",\"REDA...\",\"REDACTED\"]"},
    {"escapes stay whole", WHOLE, "[\"\\u0061\\n\\\\\\/xyz\",\"ab\\\"cdef\",\"\\u0061\\u0062\\u0063\",\"abc\\u0064\"]",
     "[\"\\u0061\\n\\\\\\/...\",\"ab\\\"c...\",\"REDACTED\",\"abc\\u0064...\"]"},
    {"code points", WHOLE,
     "[\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80xyz\",\"\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\"]",
     "[\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80x...\",\"REDACTED\"]"},
    {"surrogate pairs", WHOLE,
     "[\"\\ud83d\\ude00bcdef\",\"abc\\ud83d\\ude00ef\",\"abc\\ud83d\\ude00\",\"\\ud83d\\ude00ab\"]",
     "[\"\\ud83d\\ude00bcd...\",\"abc\\ud83d\\ude00...\",\"abc\\ud83d\\ude00...\",\"REDACTED\"]"},
    {"lone surrogates", WHOLE, "[\"\\ude00\\ud83dabcd\",\"abc\\ud83de\",\"\\ud83d\\ud83d\\ude00\\ude00x\"]",
     "[\"\\ude00\\ud83dab...\",\"abc\\ud83d...\",\"\\ud83d\\ud83d\\ude00\\ude00x...\"]"},
    {"the longest four", WHOLE, "[\"\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\"]",
     "[\"\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00...\"]"},
    {"half a pair at the end of another name", WHOLE,
     "{\"Q\\ud83d\":\"abcdef\",\"\\ude00\":\"abcdef\",\"Q\":\"abcdef\"}",
     "{\"Q\\ud83d\":\"abcd...\",\"\\ude00\":\"abcd...\",\"Q\":\"abcdef\"}"},
    {"half a pair at the end of a secret", WHOLE, "[\"ab\\ud83d\",\"\\ude00bcde\"]",
     "[\"REDACTED\",\"\\ude00bcd...\"]"},
    {"long ones", WHOLE, "[\"" TIMES_10("0123456789") "\",\"" TIMES_10("\xC3\xA9\\n345678") "\"]",
     "[\"0123...\",\"\xC3\xA9\\n34...\"]"},

    /* what is not masked stays to the byte */
    SAME("spelling and space", BY_NAME,
         " {\r\n\t\"a\" : 1.0E+2 , \"\\u0062\":-0,\"c\":9007199254740993,\"d\":1e999 ,\"a\":\"\\u00e9\\/\xC3\xA9\" } "
         "\n"),

    /* URLs under harmless names */
    SAME("URLs without secrets", WHOLE,
         "{\"redirectUrl\":\"https://a.example:8080/b?c=d&e=f#g\",\"scope\":\"https://a.example/b "
         "https://c.example:1/d\",\"error\":\"at https://a: b@c\","
         "\"base_url\":\"HTTPS://[::1]:80/x@y\",\"domain\":\"a@b\",\"error_description\":\"say ?token=12 &c\"}"),
    {"user info", WHOLE,
     "{\"base_url\":\"https://user:pass@a.example/b\",\"api_url\":\"ftp://u@a\",\"shop\":\"see https://u:p@a and "
     "http://u:p@b?c\"}",
     "{\"base_url\":\"https://a.example/b\",\"api_url\":\"ftp://a\",\"shop\":\"see https://a and http://b?c\"}"},
    {"user info in escapes", WHOLE,
     "{\"base_url\":\"https:\\/\\/user:pass\\u0040a\",\"api_url\":\"https\\u003a/\\u002fu:p@a\\u002fb\"}",
     "{\"base_url\":\"https:\\/\\/a\",\"api_url\":\"https\\u003a/\\u002fa\\u002fb\"}"},
    {"odd user info", WHOLE,
     "{\"a_\":1,\"base_url\":\"https:\\\\\\\\u:p@a\",\"shop\":\"////u:p@a\",\"domain\":\"//u:p@a\",\"dc\":\"x://"
     "u:p@q@a\",\"region\":\"x://my:pass word@a\"}",
     "{\"a_\":1,\"base_url\":\"https:\\\\\\\\a\",\"shop\":\"////a\",\"domain\":\"//a\",\"dc\":\"x://"
     "a\",\"region\":\"x://"
     "a\"}"},
    {"secret parameters", WHOLE,
     "{\"redirect_url\":\"https://a/b?c=d&access_token=abc&e=f#id_token=x&y=z\",\"api_url\":\"/b?token=x\"}",
     "{\"redirect_url\":\"https://a/b?c=d&access_token=REDACTED&e=f#id_token=REDACTED&y=z\",\"api_url\":\"/"
     "b?token=REDACTED\"}"},
    {"disguised parameters", WHOLE,
     "{\"redirect_url\":\"https://a?%61ccess%5Ftoken=abc\",\"api_url\":\"https://"
     "a?\\u0061piKey\\u003dabc\\u0026x=y\",\"base_url\":\"https://a?a[token]=x&token[]=y&t\\tok\\nen=z\"}",
     "{\"redirect_url\":\"https://a?%61ccess%5Ftoken=REDACTED\",\"api_url\":\"https://"
     "a?\\u0061piKey\\u003dREDACTED\\u0026x=y\",\"base_url\":\"https://"
     "a?a[token]=REDACTED&token[]=REDACTED&t\\tok\\nen=REDACTED\"}"},
    {"URLs in parameters", WHOLE,
     "{\"authUri\":\"https://a?next=https%3A%2F%2Fu%3Ap%40b%2F%3Ftoken%3Dabc%26x&c=https://u:p@d\"}",
     "{\"authUri\":\"https://a?next=https%3A%2F%2Fb%2F%3Ftoken%3DREDACTED&c=https://d\"}"},
    {"an authority that cannot be held", WHOLE,
     "{\"base_url\":\"https://" TIMES_10("abcdefghijklmnopqrstuvwxyz0") "/b\",\"shop\":\"x\"}",
     "{\"base_url\":\"https://REDACTED\",\"shop\":\"x\"}"},
    SAME("an authority that can", WHOLE,
         "{\"base_url\":\"https://" TIMES_10("abcdefghijklmnopqrstuvwxy") "/b\",\"shop\":\"x\"}"),
    {"a port that is none", WHOLE, "{\"base_url\":\"https://u:p/w@a\",\"api_url\":\"https://a:b\"}",
     "{\"base_url\":\"https://REDACTED\",\"api_url\":\"https://REDACTED\"}"},
    {"a port that is none, without slashes", WHOLE,
     "{\"base_url\":\"https:a:b\",\"api_url\":\"http:a:b\",\"shop\":\"ftp:a:b\",\"domain\":\"ws:a:b\",\"dc\":\"WSS:a:"
     "b\","
     "\"region\":\"https://abcdefghijklmnop:bcd\"}",
     "{\"base_url\":\"https:REDACTED\",\"api_url\":\"http:REDACTED\",\"shop\":\"ftp:REDACTED\",\"domain\":\"ws:"
     "REDACTED\",\"dc\":\"WSS:REDACTED\",\"region\":\"https://REDACTED\"}"},
    SAME("an IPv6 address", WHOLE, "{\"base_url\":\"https://[fe80::a]/x\",\"api_url\":\"http://[::ffff:1.2.3.4]:80\"}"),
    {"any number of slashes", WHOLE,
     "{\"base_url\":\"https:/u:p@a/\",\"api_url\":\"https:u:p@a/\",\"shop\":\"HTTPS:\\\\u:p@a\",\"domain\":\"wss:///"
     "u:p@"
     "a\",\"dc\":\"ftp:\\/\\\\/\\\\u@a\",\"region\":\"see ws:u:p@a and "
     "http:/u@b\",\"scope\":\"ftp:u@a\",\"tenant\":\"x:/u:p@a http:8080\"}",
     "{\"base_url\":\"https:/a/\",\"api_url\":\"https:a/\",\"shop\":\"HTTPS:\\\\a\",\"domain\":\"wss:///"
     "a\",\"dc\":\"ftp:\\/\\\\/\\\\a\",\"region\":\"see ws:a and http:/b\",\"scope\":\"ftp:a\",\"tenant\":\"x:/u:p@a "
     "http:8080\"}"},
    {"few slashes in disguise", WHOLE,
     "{\"base_url\":\"h\\u0074t\\tps\\u003au:p\\u0040a\",\"api_url\":\"https%3Au%3Ap%40a\",\"shop\":\"https:%2F%2Fu:p%"
     "40a\","
     "\"domain\":\"x://b/?c=https:%2Fu:p%40a&d=e\",\"dc\":\"https:/http:/u:p@a\",\"region\":\"https:u%2Fp@a\"}",
     "{\"base_url\":\"h\\u0074t\\tps\\u003aa\",\"api_url\":\"https%3Aa\",\"shop\":\"https:%2F%2Fa\","
     "\"domain\":\"x://b/?c=https:%2Fa&d=e\",\"dc\":\"https:/http:/a\",\"region\":\"https:a\"}"},
    {"no scheme", WHOLE,
     "{\"base_url\":\"u:p@a/b?key=c\",\"api_url\":\"u:p@q@a:80/x@y\",\"shop\":\" "
     "m@x.org:p@a\",\"domain\":\"u\\u003ap\\u0040a"
     "\",\"dc\":\"u%3Ap%2Fq%40r@a\",\"region\":\"see u:p&q;r,s@a now\",\"tenant\":\"x://a u:p@b\",\"version\":\"u:p@\","
     "\"extra_one\":\"u:p@a\",\"scopes\":[\"u:p@a\"]}",
     "{\"base_url\":\"a/b?key=REDACTED\",\"api_url\":\"a:80/x@y\",\"shop\":\" a\",\"domain\":\"a"
     "\",\"dc\":\"a\",\"region\":\"see a now\",\"tenant\":\"x://b\",\"version\":\"\","
     "\"extra_one\":\"a\",\"scopes\":[\"a\"]}"},
    {"no scheme that needs no slashes", WHOLE,
     "{\"base_url\":\"wss:u:p@a\",\"api_url\":\"abcdefhttps:u:p@a\",\"shop\":\"x+https:u:p@a\",\"domain\":\"u:p@https:"
     "q@a\"}",
     "{\"base_url\":\"wss:a\",\"api_url\":\"a\",\"shop\":\"a\",\"domain\":\"REDACTED\"}"},
    SAME("no user info without a colon, or behind the host", WHOLE,
         "{\"username\":\"me@x.example\",\"domain\":\"a:80/b@c\",\"shop\":\"a?b:c@d\",\"region\":\"a: "
         "b@c\",\"dc\":\"a:b\","
         "\"expires_at\":\"2026-11-22T16:58:01.000Z\",\"base_url\":\"a.b:80\",\"tenant\":\"C:\\\\x@y\",\"error\":\"a/"
         "b#c:d@e\"}"),
    {"a name too long to be known is secret, whatever its letters", BY_NAME,
     "{\"" TIMES_10("yyyyyyyyyyyyyyyyyyyyyyyyyy") "\":\"abcdef\",\"yyy\":\"abcdef\"}",
     "{\"" TIMES_10("yyyyyyyyyyyyyyyyyyyyyyyyyy") "\":\"abcd...\",\"yyy\":\"abcdef\"}"},
    {"a backslash in user info", WHOLE,
     "{\"base_url\":\"mssql://D\\\\u:p@a/x\",\"api_url\":\"https://D\\\\u:p@a\",\"shop\":\"x://u\\\\:p@a\","
     "\"domain\":\"D\\\\u:p@a\",\"dc\":\"\\\\\\\\u@a\",\"region\":\"https://a\\\\b/c\"}",
     "{\"base_url\":\"mssql://a/x\",\"api_url\":\"https://a\",\"shop\":\"x://a\","
     "\"domain\":\"a\",\"dc\":\"\\\\\\\\a\",\"region\":\"https://a\\\\b/c\"}"},
    {"a space in user info", WHOLE,
     "{\"base_url\":\"https://u @a/x\",\"api_url\":\"https: u@a/x\",\"shop\":\"https://  u@a\","
     "\"domain\":\"see https://a and m@b\",\"dc\":\"https://a m@b\",\"region\":\"https://a  \"}",
     "{\"base_url\":\"https://a/x\",\"api_url\":\"https: a/x\",\"shop\":\"https://  a\","
     "\"domain\":\"see https://a and m@b\",\"dc\":\"https://a m@b\",\"region\":\"https://a  \"}"},
    {"slashes in disguise behind a colon that is not", WHOLE,
     "{\"base_url\":\"http:%2Fu%2Fx@a/\",\"api_url\":\"http:%2F%2Fu%2Fx%40a/b\",\"shop\":\"http%3A%2F%2Fa%2Fx%40y\"}",
     "{\"base_url\":\"http:%2Fa/\",\"api_url\":\"http:%2F%2Fa/b\",\"shop\":\"http%3A%2F%2Fa%2Fx%40y\"}"},
    {"a fragment has no end but the text's", WHOLE,
     "{\"base_url\":\"https://a#access_token=b#c\",\"api_url\":\"a?x#password=b#c&d=e\",\"shop\":\"a?token=b#c#d\"}",
     "{\"base_url\":\"https://a#access_token=REDACTED\",\"api_url\":\"a?x#password=REDACTED&d=e\","
     "\"shop\":\"a?token=REDACTED#c#d\"}"},
    {"an equals sign in disguise", WHOLE,
     "{\"base_url\":\"a?x%3Daccess_token=b\",\"api_url\":\"a#%3dpassword=b\",\"shop\":\"a?u=%3Ftoken%3Db\","
     "\"domain\":\"a?token%3Db&x%3Dy=z\"}",
     "{\"base_url\":\"a?x%3Daccess_token=REDACTED\",\"api_url\":\"a#%3dpassword=REDACTED\","
     "\"shop\":\"a?u=%3Ftoken%3DREDACTED\",\"domain\":\"a?token%3DREDACTED&x%3Dy=z\"}"},
    {"a long text in escapes", WHOLE, "{\"version\":\"" TIMES_10("\\u003a\\u003a\\u003a\\u003a\\u003a") "\"}",
     "{\"version\":\"REDACTED\"}"},
    {"words that cannot be held", WHOLE,
     "{\"domain\":\"u:" TIMES_10("abcdefghijklmnopqrstuvwxyz") "@a\",\"dc\":\"" TIMES_10(
         "abcdefghijklmnopqrstuvwxyz") ":p@a/"
                                       "b c\",\"region\":\"u:p@" TIMES_10("abcdefghijklmnopqrstuvwxyz") "@a\"}",
     "{\"domain\":\"REDACTED\",\"dc\":\"" TIMES_10(
         "abcdefghijklmnopqrstuvwxyz") ":REDACTED\",\"region\":\"REDACTED\"}"},
    {"words with colons that are no list", WHOLE, "{\"domain\":\"" TIMES_10("im:read,chat:write.customize,") "a\"}",
     "{\"domain\":\"REDACTED\"}"},
    SAME("words that need not be", WHOLE,
         "{\"domain\":\"" TIMES_10("abcdefghijklmnopqrstuvwxyz") "@a\",\"scope\":\"" TIMES_10(
             "im:read,chat:write.customize,") "a:b\"}"),
    {"parameters that are secret in URLs alone", WHOLE,
     "{\"base_url\":\"https:/a?key=b&monkey=c&KEY=d&sig=e&signature=f&pass=g#pwd=h&auth=i\",\"domain\":\"a/"
     "b?access_code=c&"
     "error_code=d&X-Amz-Signature=e&x-goog-signature=f&%63ode=g&auth[x]=h&accessCode=i\"}",
     "{\"base_url\":\"https:/"
     "a?key=REDACTED&monkey=c&KEY=REDACTED&sig=REDACTED&signature=REDACTED&pass=REDACTED#pwd=REDACTED&"
     "auth=REDACTED\",\"domain\":\"a/"
     "b?access_code=REDACTED&error_code=d&X-Amz-Signature=REDACTED&x-goog-signature=REDACTED&"
     "%63ode=REDACTED&auth[x]=REDACTED&accessCode=REDACTED\"}"},
    SAME("and not as members", BY_NAME,
         "{\"key\":\"abcdef\",\"sig\":\"abcdef\",\"code\":\"abcdef\",\"auth\":\"abcdef\",\"x-amz-signature\":"
         "\"abcdef\"}"),
    {"parameters behind a URL in a parameter", WHOLE,
     "{\"base_url\":\"https://a?b=https://c&key=d&e=https://f:p&q@g\",\"domain\":\"https://a?http:access_token=b\"}",
     "{\"base_url\":\"https://a?b=https://c&key=REDACTED&e=https://REDACTED\",\"domain\":\"https://a?http:REDACTED\"}"},
    {"parameters behind a host or nothing", WHOLE,
     "{\"base_url\":\"a#token=b\",\"shop\":\"#token=b\",\"domain\":\"https://a?b=c;token=d\",\"dc\":\"a/b;token=c\"}",
     "{\"base_url\":\"a#token=REDACTED\",\"shop\":\"#token=REDACTED\",\"domain\":\"https://"
     "a?b=c;token=REDACTED\",\"dc\":\"a/b;token=REDACTED\"}"},
    {"a text of parameters", WHOLE, "{\"base_url\":\"&u:p@a\",\"domain\":\"&token=a\",\"dc\":\"?token=a\"}",
     "{\"base_url\":\"a\",\"domain\":\"REDACTED\",\"dc\":\"?token=REDACTED\"}"},
    {"a parameter's name too long to know", WHOLE,
     "{\"base_url\":\"https://a?" TIMES_10("abcdefghijklmnopqrstuvwxyz") "=b\"}",
     "{\"base_url\":\"https://a?" TIMES_10("abcdefghijklmnopqrstuvwxyz") "=REDACTED\"}"},

    /* fails closed */
    {"cut short", WHOLE, "{\"a\":\"abcdef\"", NULL},
    {"cut in a secret", WHOLE, "{\"a\":\"abcdef", NULL},
    {"trailing", WHOLE, "\"abcdef\" x", NULL},
    {"two documents", WHOLE, "{}{}", NULL},
    {"nothing", WHOLE, "", NULL},
    {"a mark", WHOLE, "\xEF\xBB\xBF{}", NULL},
    {"a bad number", BY_NAME, "{\"token\":01}", NULL},
    {"a bad escape in a secret", WHOLE, "[\"abcdefghi\\x\"]", NULL},
    {"bad UTF-8 in a secret", WHOLE, "[\"abcdefghi\xC0\x80\"]", NULL},
    {"a control character in a secret", WHOLE, "[\"abc\ndefghi\"]", NULL},
    {"a bad name", BY_NAME, "{\"a\xFF\":1}", NULL},
    {"a bad URL text", WHOLE, "{\"base_url\":\"https://a\\q\"}", NULL},
    {"too deep", WHOLE, "[[" DEEP_63 "1" SHUT_63 "]]", NULL},
    SAME("just not too deep", WHOLE, "[" DEEP_63 "1" SHUT_63 "]"),
};

static const char extra[] = "extra_one\n\nanother\nQ\n\xF0\x9F\x98\x80";

typedef struct result {
    uint32_t status;
    size_t size;
    char text[4096];
} result;

/* Feed [at, end) into the stream from a copy of exactly that size, as the host does. */
static bool feed(void *state, const char *at, size_t size, uint32_t room, result *out) {
    char *copy = malloc(size + 1), *space = malloc(room);
    const uint32_t *counts = state;
    size_t done = 0;
    bool good = true;
    memcpy(copy, at, size);
    do {
        good = dc_mask(state, copy + done, (uint32_t)(size - done), space, room) == DC_MASK_GOING;
        CHECK(counts[0] <= size - done && counts[1] <= room && out->size + counts[1] < sizeof out->text);
        if (good && done < size && !CHECK(counts[0] + counts[1] > 0)) break;
        memcpy(out->text + out->size, space, counts[1]);
        out->size += counts[1];
        done += counts[0];
    } while (good && done < size);
    free(copy);
    free(space);
    return good;
}

static void run(const row *row, unsigned style, size_t cut, uint32_t room, result *out) {
    void *state = malloc(dc_mask_size());
    const size_t size = strlen(row->in);
    memset(out, 0, sizeof *out);
    CHECK(dc_mask_begin(state, row->scope, style, extra, sizeof extra - 1) == 1);
    out->status = DC_MASK_FAULT;
    if (feed(state, row->in, cut, room, out) && feed(state, row->in + cut, size - cut, room, out))
        out->status = dc_mask_end(state);
    free(state);
    out->text[out->size] = '\0';
}

static void test_row(const row *row) {
    static result out;
    for (size_t cut = 0; cut <= strlen(row->in); cut++) {
        for (uint32_t room = 64; room <= 4096; room *= 64) {
            run(row, DC_MASK_PREFIX, cut, room, &out);
            bool good = CHECK_NUMBER(out.status, row->out != NULL ? DC_MASK_DONE : DC_MASK_FAULT);
            if (row->out != NULL) good = CHECK_TEXT(out.text, row->out) && good;
            if (row->out == NULL) good = CHECK(strstr(out.text, "abcde") == NULL) && good;
            if (!good) {
                fprintf(stderr, "  rule: %s; cut %zu, room %u\n", row->rule, cut, room);
                return;
            }
        }
    }
    if (row->out == NULL) return;
    const struct row again = {row->rule, row->scope, row->out, row->out};
    run(&again, DC_MASK_PREFIX, 0, 4096, &out);
    if (!CHECK_TEXT(out.text, row->out)) fprintf(stderr, "  rule: %s, masked twice\n", row->rule);
}

static void test_full(void) {
    static const row full = {
        "full", WHOLE,
        "[\"gho_...\",\"abcdef\",\"REDACTED\",\"\\u0061\\u0062bcdef\",\"a\",{\"scope\":\"abcdef\",\"token\":1}]",
        "[\"REDACTED\",\"REDACTED\",\"REDACTED\",\"REDACTED\",\"REDACTED\",{\"scope\":\"abcdef\",\"token\":"
        "\"REDACTED\"}]"};
    static result out;
    for (size_t cut = 0; cut <= strlen(full.in); cut++) {
        run(&full, DC_MASK_FULL, cut, 64, &out);
        CHECK_TEXT(out.text, full.out);
    }
}

/* Two streams that take turns do not disturb each other, and a state may be moved between calls. */
static void test_streams(void) {
    const row *a = &rows[0], *b = &rows[3];
    void *states[2] = {malloc(dc_mask_size()), malloc(dc_mask_size())}, *moved = malloc(dc_mask_size());
    static result outs[2];
    dc_mask_begin(states[0], a->scope, DC_MASK_PREFIX, NULL, 0);
    dc_mask_begin(states[1], b->scope, DC_MASK_PREFIX, NULL, 0);
    for (size_t i = 0; i < strlen(a->in) || i < strlen(b->in); i++) {
        if (i < strlen(a->in)) feed(states[0], a->in + i, 1, 64, &outs[0]);
        memcpy(moved, states[1], dc_mask_size());
        memset(states[1], 0xAA, dc_mask_size());
        void *swap = states[1];
        states[1] = moved;
        moved = swap;
        if (i < strlen(b->in)) feed(states[1], b->in + i, 1, 64, &outs[1]);
    }
    CHECK_TEXT(outs[0].text, a->out);
    CHECK_TEXT(outs[1].text, b->out);
    for (int i = 0; i < 2; i++) {
        CHECK_NUMBER(dc_mask_end(states[i]), DC_MASK_DONE);
        free(states[i]);
    }
    free(moved);
}

static void test_edges(void) {
    uint32_t *state = malloc(dc_mask_size());
    char out[64], many[600];
    memset(many, 'a', sizeof many);
    CHECK(dc_mask_size() <= 1536 && dc_mask_size() % 8 == 0);
    CHECK_NUMBER(dc_mask_begin(state, WHOLE, 0, many, 512), 1);
    CHECK_NUMBER(dc_mask_begin(state, WHOLE, 0, many, 513), 0);
    CHECK_NUMBER(dc_mask_begin(state, WHOLE, 2, NULL, 0), 0);
    CHECK_NUMBER(dc_mask_begin(state, WHOLE, 0, NULL, 0), 1);
    CHECK_NUMBER(dc_mask(state, "[}", 2, out, 64), DC_MASK_FAULT);
    CHECK(state[0] == 0 && state[1] == 0);
    CHECK_NUMBER(dc_mask(state, "[]", 2, out, 64), DC_MASK_FAULT); /* for good */
    CHECK(state[0] == 0 && state[1] == 0);
    CHECK_NUMBER(dc_mask_end(state), DC_MASK_FAULT);
    free(state);
}

int main(void) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) test_row(&rows[i]);
    test_full();
    test_streams();
    test_edges();
    return check_report();
}
