// What the calls take and answer. The core makes these models; here they only get names that an editor can show.

/**
 * @typedef {'INITIALIZING' | 'INITIATED' | 'ACTIVE' | 'FAILED' | 'EXPIRED' | 'INACTIVE' | 'REVOKED'} AccountStatus
 */
/**
 * @typedef {'OAUTH2' | 'OAUTH1' | 'API_KEY' | 'BASIC' | 'BEARER_TOKEN' | 'NO_AUTH' | 'BASIC_WITH_JWT' | 'GOOGLE_SERVICE_ACCOUNT'
 *   | 'SERVICE_ACCOUNT' | 'BILLCOM_AUTH' | 'CALCOM_AUTH' | 'SAML' | 'DCR_OAUTH' | 'S2S_OAUTH2'} AuthSchemeName
 */

/**
 * The authentication of an account. The members of `val` keep the service's spelling (`access_token`), and are
 * masked (`gho_...`) unless the project says otherwise.
 *
 * @typedef {object} AccountState
 * @property {AuthSchemeName} authScheme
 * @property {Record<string, any>} val
 */

/**
 * A user's authenticated connection to a toolkit. Times are ISO 8601 texts in UTC.
 *
 * @typedef {object} Account
 * @property {string} id  `ca_...`
 * @property {string} userId
 * @property {AccountStatus} status  only ACTIVE accounts execute tools
 * @property {string | null} statusReason  why it is not ACTIVE, for people to read
 * @property {boolean} isDisabled  true while INACTIVE
 * @property {string} createdAt
 * @property {string} updatedAt
 * @property {{ slug: string }} toolkit
 * @property {{ id: string, authScheme: AuthSchemeName, isDevcasterManaged: boolean, isDisabled: boolean }} authConfig
 * @property {AccountState} [state]
 * @property {Record<string, any>} data  the members of `state.val`, for older programs
 * @property {Record<string, any>} [params]  of a single account only, for older programs
 * @property {string | null} alias  unique among a user's accounts of one toolkit
 * @property {string | null} wordId
 * @property {{ id: string, label: string } | null} [identity]  who the account is at the provider
 * @property {string[]} [sameIdentityAs]  of a single account only: the user's other accounts of that identity
 * @property {string | null} [expiresAt]
 * @property {string | null} [lastRefreshedAt]
 * @property {string | null} [nextRefreshAt]
 * @property {string | null} [lastUsedAt]
 * @property {{ granted: string[], missing: string[] } | null} [scopes]
 * @property {{ pending: true, expiresAt: string } | null} [reconnect]  a new consent is under way meanwhile
 * @property {string} [testRequestEndpoint]
 * @property {Record<string, string>} [fingerprints]  where the project has them on: path of a masked secret in `state.val`
 *   (`authed_user.access_token`) -> eight hex digits, the same wherever the secret is the same
 */

/**
 * @typedef {object} AccountQuery
 * @property {string[] | undefined} [userIds]
 * @property {AccountStatus[] | undefined} [statuses]
 * @property {string[] | undefined} [toolkitSlugs]
 * @property {string[] | undefined} [authConfigIds]
 * @property {string[] | undefined} [connectedAccountIds]
 * @property {number | undefined} [limit]  1 to 1000; default 20
 * @property {string | undefined} [cursor]  `nextCursor` of the page before
 * @property {'created_at' | 'updated_at' | undefined} [orderBy]
 * @property {'asc' | 'desc' | undefined} [orderDirection]
 */

/**
 * One thing that happened to an account. Newer services may know further events.
 *
 * @typedef {object} Activity
 * @property {'created' | 'connected' | 'reconnected' | 'updated' | 'disabled' | 'enabled' | 'reconnect_begun' | 'expired'
 *   | 'revoked' | 'link_opened' | 'connect_failed' | 'reconnect_lapsed' | 'identity_refused' | 'refreshed'
 *   | 'refresh_failed' | 'recovered' | 'used' | 'revealed' | 'awaiting_confirmation' | 'confirmation_refused'} event
 * @property {string} at
 * @property {{ type: 'key' | 'session' | 'link' | 'service', id: string | null }} actor  an API key, a page signed in with
 *   the key `id`, whoever has the connect link, or the service itself
 * @property {string | null} requestId
 * @property {AccountStatus} status  behind it
 * @property {string | null} [reason]  of what failed, in the provider's words where it gave some
 * @property {('alias' | 'credential')[]} [changed]  of `updated`
 * @property {string} [outcome]  of `revoked`: what the provider made of it
 * @property {string | null} [tool]  of `used`: its slug; null: a request of the caller's own
 * @property {string} [method]  of `used`
 * @property {string} [host]  of `used`
 * @property {string} [path]  of `used`: a template, without a query
 * @property {number | null} [httpStatus]  of `used`
 * @property {'1xx' | '2xx' | '3xx' | '4xx' | '5xx' | 'timeout' | 'unreachable'} [result]  of `used`
 */

/**
 * @typedef {object} WaitOptions
 * @property {number | undefined} [timeout]  milliseconds for everything; default 60 s
 * @property {AbortSignal | undefined} [signal]
 * @property {number | undefined} [interval]  milliseconds between two looks; default 1 s
 * @property {Record<string, string> | undefined} [headers]
 */

/**
 * What `refresh` answers. With a `redirectUrl` the user has to consent again; without, the account is fresh.
 *
 * @typedef {object} Refreshed
 * @property {string} id
 * @property {AccountStatus} status
 * @property {string | null} redirectUrl
 * @property {string | null} redirect_url  the same
 */

/**
 * @typedef {object} Success
 * @property {boolean} success
 */

/**
 * How the users of a toolkit authenticate.
 *
 * @typedef {object} AuthConfig
 * @property {string} id  `ac_...`
 * @property {string} uuid
 * @property {'default' | 'custom'} type
 * @property {string} name
 * @property {{ slug: string, logo: string }} toolkit
 * @property {AuthSchemeName} authScheme
 * @property {boolean} isDevcasterManaged
 * @property {Record<string, any>} credentials  masked but for the client id
 * @property {'ENABLED' | 'DISABLED'} status
 * @property {string} createdAt
 * @property {string} lastUpdatedAt
 * @property {number} noOfConnections
 * @property {object[]} expectedInputFields
 * @property {string[]} restrictToFollowingTools
 */

/**
 * @typedef {object} AuthConfigQuery
 * @property {string[] | undefined} [toolkitSlug]
 * @property {boolean | undefined} [isDevcasterManaged]
 * @property {boolean | undefined} [showDisabled]
 * @property {string | undefined} [search]
 * @property {number | undefined} [limit]
 * @property {string | undefined} [cursor]
 */

/**
 * @typedef {object} AuthConfigCreation
 * @property {'use_devcaster_managed_auth' | 'use_composio_managed_auth' | 'use_custom_auth' | undefined} [type]
 * @property {string | undefined} [name]
 * @property {AuthSchemeName | undefined} [authScheme]  for `use_custom_auth`
 * @property {Record<string, any> | undefined} [credentials]  such as `client_id`, `client_secret`, `scopes`
 * @property {string[] | undefined} [restrictToFollowingTools]
 */

/**
 * What is left out stays as it is.
 *
 * @typedef {object} AuthConfigChange
 * @property {'default' | 'custom'} type
 * @property {string | undefined} [name]
 * @property {Record<string, any> | undefined} [credentials]
 * @property {string | string[] | undefined} [scopes]
 * @property {string[] | undefined} [restrictToFollowingTools]
 */

/**
 * @typedef {object} ToolkitQuery
 * @property {string | undefined} [category]
 * @property {'devcaster' | 'composio' | 'all' | 'project' | undefined} [managedBy]
 * @property {'usage' | 'alphabetically' | undefined} [sortBy]
 * @property {string | undefined} [search]
 * @property {boolean | undefined} [includeDeprecated]
 * @property {number | undefined} [limit]
 * @property {string | undefined} [cursor]
 */

/**
 * @typedef {object} Toolkit
 * @property {string} slug
 * @property {string} name
 * @property {AuthSchemeName[]} authSchemes
 * @property {AuthSchemeName[]} devcasterManagedAuthSchemes
 * @property {boolean} noAuth
 * @property {Record<string, any>} meta
 */

/**
 * @typedef {object} ToolQuery
 * @property {string | undefined} [toolkitSlug]
 * @property {string[] | undefined} [toolSlugs]
 * @property {string | undefined} [search]
 * @property {string[] | undefined} [tags]
 * @property {string[] | undefined} [scopes]
 * @property {boolean | undefined} [important]
 * @property {string[] | undefined} [authConfigIds]
 * @property {boolean | undefined} [includeDeprecated]
 * @property {number | undefined} [limit]
 * @property {string | undefined} [cursor]
 */

/**
 * @typedef {object} Tool
 * @property {string} slug
 * @property {string} name
 * @property {string} description
 * @property {{ slug: string, name: string, logo: string }} toolkit
 * @property {Record<string, any>} inputParameters  JSON Schema
 * @property {Record<string, any>} outputParameters  JSON Schema
 * @property {string} version
 * @property {string[]} availableVersions
 */

/**
 * @typedef {object} Execution
 * @property {string | undefined} [userId]  whose account; enough where the user has one of the toolkit
 * @property {string | undefined} [connectedAccountId]  exactly this account
 * @property {string | undefined} [version]  of the tool, such as `20251111_00`
 * @property {Record<string, any> | undefined} [arguments]
 * @property {string | undefined} [text]
 * @property {Record<string, any> | undefined} [customAuthParams]
 * @property {Record<string, any> | undefined} [customConnectionData]
 * @property {boolean | undefined} [allowTracing]
 * @property {number | undefined} [minValid]  seconds that the access token must still live, 1 to 3600; otherwise it is renewed first
 * @property {boolean | undefined} [dangerouslySkipVersionCheck]  without a version the service chooses one, and that changes
 */

/**
 * @typedef {object} ExecutionResult
 * @property {Record<string, any>} data
 * @property {string | null} error  the provider's own words, where it refused
 * @property {boolean} successful
 * @property {string} logId
 */

/**
 * @typedef {object} ProxyCall
 * @property {string} connectedAccountId
 * @property {string} endpoint  a path below the toolkit's base URL, or a URL on a host that it lists
 * @property {'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD'} method
 * @property {any | undefined} [body]
 * @property {any | undefined} [binaryBody]
 * @property {{ name: string, value: string, type: 'header' | 'query' }[] | undefined} [parameters]
 * @property {number | undefined} [minValid]  as in an execution
 */

/**
 * @typedef {object} ProxyResult
 * @property {any} data
 * @property {number} status  the provider's
 * @property {Record<string, string>} headers
 * @property {any} [binaryData]
 */

/**
 * @typedef {object} ProjectConfig
 * @property {string | undefined} [displayName]
 * @property {string | undefined} [logoUrl]
 * @property {boolean | undefined} [is2FAEnabled]
 * @property {boolean | undefined} [maskSecretKeysInConnectedAccount]
 * @property {'show_all' | 'dont_store_data' | undefined} [logVisibilitySetting]
 * @property {boolean | undefined} [requireMcpApiKey]
 * @property {'explicit' | 'latest' | undefined} [accountSelection]
 * @property {'prefix' | 'full' | undefined} [maskStyle]
 * @property {boolean | undefined} [fingerprints]  accounts have `fingerprints` beside their masked credentials; default false
 * @property {string[] | undefined} [callbackUrls]
 * @property {string[] | undefined} [allowedOrigins]  of pages elsewhere that may call with a user token; default none
 */

/**
 * @typedef {'connected_account.created' | 'connected_account.activated' | 'connected_account.expired'
 *   | 'connected_account.recovered' | 'connected_account.disabled' | 'connected_account.enabled'
 *   | 'connected_account.deleted' | 'connected_account.refresh_failed'} WebhookEventName
 */

/**
 * What a webhook says. Events that exist in the API's family come under its name as well, with a prefix of its own.
 *
 * @typedef {object} WebhookEvent
 * @property {WebhookEventName | `composio.${WebhookEventName}`} type
 * @property {string} timestamp  ISO 8601, when it happened
 * @property {Record<string, any>} data  of an account: as the service writes it (`user_id`), credentials always masked
 */

export {};
