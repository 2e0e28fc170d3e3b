/* operations.h: the route table. Every operation of the contract stands in it once; the SDK builds its
 * requests from it (request.c), the edge matches and checks requests with it (route.c). */
#ifndef DC_OPERATIONS_H
#define DC_OPERATIONS_H

#include "text.h"

typedef enum dc_place { DC_PATH, DC_QUERY, DC_BODY } dc_place;

typedef enum dc_type {
    DC_TEXT,  /* a string */
    DC_WORD,  /* one of `words` */
    DC_TEXTS, /* list of strings */
    DC_WORDS, /* list of words */
    DC_WHOLE, /* whole number, `low` to `high` */
    DC_BOOL,
    DC_OBJECT, /* any object; passes through byte for byte */
    DC_ARRAY,  /* any array; likewise */
    DC_ANY,    /* any value; likewise */
    DC_SCOPES, /* a string or a list of strings */
    DC_URL,    /* absolute http(s) URL */
    DC_MAP     /* query only: name[key]=value; known, not used */
} dc_type;

enum {
    DC_REQUIRED = 1,
    DC_WIRE_ONLY = 2,   /* the SDK does not offer it */
    DC_OR_DEFAULT = 4,  /* a user that is not named is the user `default` */
    DC_UNSERVED = 32,   /* a promise that cannot be kept yet: refused, not ignored */
    DC_SWITCH = 16,     /* the SDK says true for the first word, false for the second */
    DC_ENABLED_ONLY = 8 /* unless it is true, only rows whose column says ENABLED */
};

/* What a field refers to, so that a host can look it up without knowing names. */
typedef enum dc_ref {
    DC_REF_NONE,
    DC_REF_USER,
    DC_REF_CONFIG,
    DC_REF_ACCOUNT,
    DC_REF_TOOLKIT,
    DC_REF_TOOL,
    DC_REF_VERSION,
    DC_REF_KEY,
    DC_REF_TOKEN,
    DC_REF_VERIFIER,
    DC_REF_COUNT
} dc_ref;

/* Lists of words that a value is one of; fields.c has the words. */
typedef enum dc_vocabulary {
    DC_NO_WORDS,
    DC_STATUSES,
    DC_SCHEMES,
    DC_KEY_SCOPES,
    DC_ORDERS,
    DC_DIRECTIONS,
    DC_SWITCHES,
    DC_METHODS,
    DC_MANAGERS,
    DC_SORTS,
    DC_VISIBILITIES,
    DC_SELECTIONS,
    DC_STYLES,
    DC_CONFIG_TYPES,
    DC_PATCH_TYPES,
    DC_VOCABULARIES
} dc_vocabulary;

/* Columns that a filter narrows; fields.c has their names. */
typedef enum dc_column {
    DC_NO_COLUMN,
    DC_COLUMN_ID,
    DC_COLUMN_USER,
    DC_COLUMN_STATUS,
    DC_COLUMN_TOOLKIT,
    DC_COLUMN_CONFIG,
    DC_COLUMN_MANAGED,
    DC_COLUMN_NAME,
    DC_COLUMNS
} dc_column;

/* Kept small: there are over a hundred, and each SDK carries them. */
typedef struct dc_field {
    const char *wire; /* query name, or dotted path in the body */
    uint32_t type : 4, place : 2, flags : 6, ref : 4;
    uint32_t words : 4, column : 3; /* dc_vocabulary; dc_column */
    uint32_t high;                  /* DC_WHOLE: 1 to `high`; texts: the most bytes (0: 1024) */
} dc_field;

/* What a caller must be allowed to: one of the scopes of an API key, or nothing. */
typedef enum dc_need { DC_NEED_READ, DC_NEED_WRITE, DC_NEED_REVEAL, DC_NEED_ADMIN, DC_NEED_NOTHING } dc_need;

/* The shape of an answer, for the SDK's models (model.c). */
typedef enum dc_shape {
    DC_SHAPE_PLAIN,
    DC_SHAPE_ACCOUNT,
    DC_SHAPE_ACCOUNTS,
    DC_SHAPE_CONNECTION,
    DC_SHAPE_REFRESH,
    DC_SHAPE_CONFIG,
    DC_SHAPE_PAGE,
    DC_SHAPE_RESULT,
    DC_SHAPE_DONE
} dc_shape;

enum { DC_IDEMPOTENT = 1, DC_SERVED = 2, DC_FORM = 4 /* its body is no JSON */ };

typedef struct dc_operation {
    const char *name;
    const char *method;
    const char *path; /* below /api/v3 unless it begins with `//`, which stands for the host's root */
    const dc_field *fields;
    uint8_t need, shape, flags, bad; /* bad: the dc_error of a bad body */
    uint32_t mask;                   /* which members of the answer hold credentials (devcaster.h) */
} dc_operation;

extern const dc_operation dc_operations[];
extern const uint32_t dc_operation_count;
const dc_operation *dc_operation_at(uint32_t op); /* NULL: no such number */

#endif
