// The part of oidc-provider (which ships no types) and of Koa that the demo provider uses.

declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  interface Token {
    readonly isValid: boolean;
    readonly isExpired: boolean;
    readonly scopes: Set<string>;
    accountId: string;
    clientId: string;
    grantId: string;
  }
  interface Grant extends Token {
    addOIDCScope(scope: string): void;
    addOIDCClaims(claims: string[]): void;
    save(): Promise<string>;
  }
  interface Session {
    authorizations?: Record<string, unknown>;
    loginAccount(details: { accountId: string }): void;
    persist(): Promise<string>;
  }
  interface Client {
    clientId: string;
    clientName?: string;
    redirectUris: string[];
    grantTypeAllowed(type: string): boolean;
  }
  interface Interaction {
    uid: string;
    params: Record<string, string | undefined>;
    prompt: { name: string; details: Record<string, unknown> };
    session?: { accountId: string; uid: string };
  }
  interface Oidc {
    route: string;
    params?: Record<string, unknown>;
    entities: Record<string, { accountId?: string } | undefined>;
    result?: { consent?: { grantId?: string } };
    provider: Provider;
  }
  interface Context {
    req: IncomingMessage;
    res: ServerResponse;
    method: string;
    path: string;
    query: Record<string, string | string[] | undefined>;
    headers: IncomingMessage['headers'];
    status: number;
    body: unknown;
    type: string;
    state: { account?: string };
    oidc?: Oidc;
    get(name: string): string;
    set(name: string, value: string): void;
    redirect(url: string): void;
  }
  type Middleware = (ctx: Context, next: () => Promise<void>) => Promise<void> | void;

  class Provider {
    constructor(issuer: string, configuration: object);
    readonly issuer: string;
    silent: boolean;
    AccessToken: { find(value: string): Promise<Token | undefined> };
    Client: { find(id: string): Promise<Client | undefined> };
    Grant: { new (of: { accountId: string; clientId: string }): Grant; find(id: string): Promise<Grant | undefined> };
    Session: { findByUid(uid: string): Promise<Session | undefined> };
    use(middleware: Middleware): this;
    on(event: string, listener: (ctx: Context, error: Error) => void): this;
    callback(): (req: IncomingMessage, res: ServerResponse) => void;
    interactionDetails(req: IncomingMessage, res: ServerResponse): Promise<Interaction>;
    interactionResult(req: IncomingMessage, res: ServerResponse, result: object): Promise<string>;
  }
  const errors: {
    InvalidGrant: new (detail: string) => Error;
    SessionNotFound: new (detail: string) => Error;
  };
  export { Provider, errors };
  export type { Client, Context, Grant, Interaction, Middleware, Oidc, Session, Token };
}
