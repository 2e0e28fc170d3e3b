/* record.h: what the service keeps of an account beside its credential. No secret is ever in it: the host stores
 * it as plain text and hands it back. */
#ifndef DC_RECORD_H
#define DC_RECORD_H

#include "json.h"
#include "words.h"

enum {
    DC_LINK_MS = 600000,       /* a link lives ten minutes */
    DC_SESSION_MS = 43200000,  /* a signed-in page twelve hours */
    DC_PROVIDER_MS = 20000,    /* patience with a provider */
    DC_ANSWER_BYTES = 8388608, /* the most that is read of a provider's answer */
    DC_KEY_LEAST = 22          /* characters of a chosen API key: 128 bits in base64 */
};

typedef struct dc_record {
    const char *id, *user, *toolkit, *config, *alias, *word_id, *reason, *callback;
    const char *resume_reason;    /* the status_reason that goes with `resume` */
    const char *identity, *label; /* who the account is at the provider */
    const char *verifier;         /* hash of what confirms the open consent; NULL: it needs no confirmation */
    dc_scheme scheme;
    dc_status status, resume; /* resume: what enable gives back, while INACTIVE */
    bool managed, refreshable, credential, uncertain;
    bool single; /* made with allow_multiple: false, and not connected yet */
    bool held;   /* the consent is done, what came of it waits for its confirmation (verifier.h) */
    bool proved; /* whoever connects it has to be confirmed: begun with a verifier, and not confirmed since */
    double created, updated, connected, expires, refreshed, next_refresh, used; /* milliseconds; 0: never */
    double link_until, reconnect_until; /* an open consent: of a waiting account, of one that keeps working */
    double journal;                     /* a refresh was begun then and its end is not known */
    double failures;                    /* refreshes that failed for now, in a row */
    double hold;                        /* until then nobody asks again, however much somebody wants the token */
    double refused;                     /* the hold is for the client: one more than its generation; 0: it is not */
    double reuse;                       /* until then a refresh token may be sent again whose answer was lost */
    double obtained;                    /* when the access token came; 0: it was brought along, nobody knows */
    double learned;                     /* milliseconds that tokens lived whose provider does not say it; 0: unknown */
    double wrong;                       /* verifiers that were not the one */
    double refusals;                    /* fresh tokens in a row that the provider's API refused */
    const cJSON *granted, *missing;     /* scopes */
} dc_record;

/* False: not a record. */
bool dc_record_read(const cJSON *json, dc_record *record);
void dc_record_put(dc_out *out, const char *name, const dc_record *record);
/* The index columns of the record, as an object by column name. */
void dc_record_put_row(dc_out *out, const dc_record *record);
/* For the catalogue: columns of accounts and auth configs, and which of them the host itself asks by. */
void dc_record_put_columns(dc_out *out);

/* A refresh whose answer was lost, while the access token still lives: the token is used, and the refresh token is
 * not sent a second time until it has ended (a provider with reuse detection would end both), except where the provider
 * takes it once more. */
bool dc_record_holds_back(const dc_record *record, double now);
/* When the access token ends: as the provider says, or as its tokens have ended so far; 0: nobody knows. */
double dc_record_end(const dc_record *record);
/* When the credential is to be refreshed without anybody asking; 0: never. */
double dc_record_refresh_due(const dc_record *record);
bool dc_record_waiting(const dc_record *record); /* for its user: INITIALIZING or INITIATED */

/* What is kept of an auth config; its credentials are sealed elsewhere. */
typedef struct dc_config {
    const char *id, *uuid, *name, *toolkit;
    dc_scheme scheme;
    bool managed, disabled;
    bool deleting;                    /* for good, though its accounts may take a while; it is DISABLED meanwhile */
    bool deleting_accounts, kept_off; /* they go as well; it was DISABLED before */
    double created, updated;
    double learned;      /* as of an account; from what `lessons` say, see lessons.c */
    double generation;   /* of the credentials: what became of earlier ones says nothing about these */
    double overlap;      /* until then the client's previous secret may be the valid one */
    const cJSON *tools;  /* restrict_to_following_tools */
    const cJSON *health; /* see health.h; NULL: all is well */
    const cJSON *lessons;
} dc_config;

/* The member of a client's credentials that holds the secret it had before the last change. */
#define DC_PREVIOUS_SECRET "previous_client_secret"

bool dc_config_read(const cJSON *json, dc_config *config);
void dc_config_put(dc_out *out, const char *name, const dc_config *config);
void dc_config_put_row(dc_out *out, const dc_config *config);

#endif
