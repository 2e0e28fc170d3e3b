// What must compile, and on the lines marked so what must not, with the types of the packed package.
import {
  type Account,
  type AccountStatus,
  AuthScheme,
  type AuthSchemeName,
  type CallOptions,
  type ClientOptions,
  ConnectionRequest,
  ConnectionRequestFailedError,
  createMaskStream,
  Devcaster,
  DevcasterError,
  type ErrorCode,
  mask,
  NotFoundError,
  Page,
  ToolVersionRequiredError,
  ValidationError,
} from '@devcaster/core';

/** Fails to compile unless the two are the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => {};

const options: ClientOptions = { apiKey: 'ak_1', baseURL: 'https://devcaster.example', timeout: 1000, maxRetries: 0 };
const devcaster = new Devcaster(options);
new Devcaster();
// As an environment and other functions have it: given, but perhaps undefined.
declare const unsure: { key: string | undefined; signal: AbortSignal | undefined };
new Devcaster({ apiKey: unsure.key, baseURL: unsure.key });
new Devcaster({ userToken: async () => 'token' });
new Devcaster({ credentials: 'same-origin', fetch: globalThis.fetch, defaultHeaders: { 'x-team': 'red' } });
new Devcaster({ apiKey: 'ak_1', wasm: () => WebAssembly.compileStreaming(fetch('/core.wasm')) });
// @ts-expect-error misspelt
new Devcaster({ apikey: 'ak_1' });
// @ts-expect-error not a number of milliseconds
new Devcaster({ timeout: '1s' });
// @ts-expect-error the cookie of another site is never meant
new Devcaster({ credentials: 'include' });

const { connectedAccounts, toolkits, tools, authConfigs, project } = devcaster;

// Statuses, schemes and error codes are literal unions.
same<
  AccountStatus,
  'INITIALIZING' | 'INITIATED' | 'ACTIVE' | 'FAILED' | 'EXPIRED' | 'INACTIVE' | 'REVOKED'
>(true);
const scheme: AuthSchemeName = 'S2S_OAUTH2';
// @ts-expect-error no such scheme
const noScheme: AuthSchemeName = 'OAUTH3';
const code: ErrorCode = 'TS-SDK::RATE_LIMIT';
// @ts-expect-error no such code
const noCode: ErrorCode = 'TS-SDK::RATE_LIMITED';

export async function accounts(signal: AbortSignal): Promise<void> {
  const call: CallOptions = { signal, timeout: 1000, headers: { 'x-team': 'blue' }, maxRetries: 1 };
  await connectedAccounts.get('ca_1', { signal: unsure.signal });
  const page = await connectedAccounts.list({ userIds: ['user_123'], statuses: ['ACTIVE'], limit: 10 }, call);
  same<typeof page, Page<Account>>(true);
  same<typeof page.nextCursor, string | null>(true);
  for await (const account of connectedAccounts.list()) same<typeof account, Account>(true);
  // @ts-expect-error no such status
  connectedAccounts.list({ statuses: ['CONNECTED'] });
  // @ts-expect-error misspelt: this would list everybody's accounts
  connectedAccounts.list({ userId: 'user_123' });
  // @ts-expect-error no such option of a call
  connectedAccounts.list({}, { retries: 1 });

  const account = await connectedAccounts.get('ca_1', call);
  same<typeof account.status, AccountStatus>(true);
  same<typeof account.statusReason, string | null>(true);
  same<typeof account.authConfig.authScheme, AuthSchemeName>(true);
  if (account.state) same<typeof account.state.authScheme, AuthSchemeName>(true);
  // @ts-expect-error a status that accounts do not have
  if (account.status === 'CONNECTED') return;
  // @ts-expect-error not every account has a state
  account.state.val;
  // @ts-expect-error the wire's spelling
  account.user_id;
  // @ts-expect-error an id is a text
  connectedAccounts.get(1);

  const request = await connectedAccounts.initiate('user_123', 'ac_1', {
    callbackUrl: 'https://app.example/done',
    config: AuthScheme.APIKey({ api_key: 'demo_1' }),
    allowMultiple: true,
    alias: 'work',
  });
  same<typeof request, ConnectionRequest>(true);
  same<typeof request.redirectUrl, string | null>(true);
  same<Awaited<ReturnType<typeof request.waitForConnection>>, Account>(true);
  await request.waitForConnection({ timeout: 1000, interval: 100, signal });
  // @ts-expect-error misspelt
  connectedAccounts.initiate('user_123', 'ac_1', { callbackURL: 'https://app.example/done' });
  // @ts-expect-error who is it for?
  connectedAccounts.link('user_123');

  const refreshed = await connectedAccounts.refresh('ca_1', { redirectUrl: 'https://app.example/done' });
  same<typeof refreshed.redirect_url, string | null>(true);
  same<typeof refreshed.status, AccountStatus>(true);
  const { success } = await connectedAccounts.disable('ca_1');
  same<typeof success, boolean>(true);
  // @ts-expect-error nothing says whether
  connectedAccounts.updateStatus('ca_1', {});
  const { revocation } = await connectedAccounts.delete('ca_1');
  same<typeof revocation, 'revoked' | 'unsupported' | 'pending' | 'none' | undefined>(true);
}

export async function others(): Promise<void> {
  const result = await tools.execute('GMAIL_GET_PROFILE', { userId: 'user_123', version: '20251111_00', arguments: {} });
  same<typeof result.successful, boolean>(true);
  same<typeof result.error, string | null>(true);
  // @ts-expect-error misspelt: the account would be chosen by the service
  tools.execute('GMAIL_GET_PROFILE', { connectedAccount: 'ca_1' });
  await tools.proxyExecute({ connectedAccountId: 'ca_1', endpoint: '/me', method: 'GET' });
  // @ts-expect-error no such method
  tools.proxyExecute({ connectedAccountId: 'ca_1', endpoint: '/me', method: 'TRACE' });

  for await (const { slug, authSchemes } of toolkits.list({ search: 'mail' })) {
    same<typeof slug, string>(true);
    same<typeof authSchemes, AuthSchemeName[]>(true);
  }
  const config = await authConfigs.create('gmail', { type: 'use_custom_auth', authScheme: 'OAUTH2', credentials: {} });
  same<typeof config.id, string>(true);
  // @ts-expect-error no such scheme
  authConfigs.create('gmail', { authScheme: 'OAUTH' });
  const { maskStyle } = await project.config.update({ maskStyle: 'full' });
  same<typeof maskStyle, 'prefix' | 'full' | undefined>(true);
  // @ts-expect-error no such style
  project.config.update({ maskStyle: 'none' });
}

export async function masks(body: ReadableStream<Uint8Array>): Promise<void> {
  const text: string = await mask('{"token":"abcdef"}');
  const value: { token: string } = await mask({ token: 'abcdef' }, { style: 'full' });
  const stream: ReadableStream<Uint8Array> = body.pipeThrough(createMaskStream());
  // @ts-expect-error no such style
  createMaskStream({ style: 'none' });
  console.log(text, value, stream, scheme, noScheme, code, noCode);
}

// Credentials in the shape of their scheme.
AuthScheme.Basic({ username: 'ada', password: 'secret' });
AuthScheme.OAuth2({ access_token: 'a', scope: ['email'], subdomain: 'team' });
AuthScheme.NoAuth();
// @ts-expect-error a password is needed
AuthScheme.Basic({ username: 'ada' });
// @ts-expect-error a token is a text
AuthScheme.BearerToken({ token: 1 });

export function caught(error: unknown): string | undefined {
  if (error instanceof ConnectionRequestFailedError) return error.statusReason;
  if (error instanceof NotFoundError || error instanceof ToolVersionRequiredError) return error.suggestedFix;
  if (error instanceof ValidationError) return error.errors?.join();
  if (!(error instanceof DevcasterError)) return undefined;
  same<typeof error.code, ErrorCode>(true);
  same<typeof error.status, number | undefined>(true);
  // @ts-expect-error no such code
  if (error.code === 'NOT_FOUND') return undefined;
  return error.requestId;
}
