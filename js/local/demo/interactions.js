import { claimsOf, loginOf, readLogin, subjectOf } from './accounts.js';
import { isForeignPost } from './guard.js';
import { consentPage, loginPage, problemPage } from './pages.js';
import { SCOPES } from './scopes.js';

/** @typedef {import('oidc-provider').Context} Context */
/** @typedef {import('oidc-provider').Interaction} Interaction */
/** @typedef {import('oidc-provider').Provider} Provider */

const MAX_FORM = 4096;
const DENIED = { error: 'access_denied', error_description: 'The user did not allow access.' };
const BAD_LOGIN = 'Use 1 to 64 characters, without control characters.';

/** @param {Context} ctx @returns {Promise<URLSearchParams | null>} the posted form; null when it is too long */
async function readForm(ctx) {
  let text = '';
  for await (const chunk of ctx.req.setEncoding('utf8')) {
    text += chunk;
    if (text.length > MAX_FORM) return null;
  }
  return new URLSearchParams(text);
}

/**
 * The policy of the login and consent pages. A posted form ends, after redirects, at the application's callback and
 * often at a further address that the application redirects to; Chromium holds every step of that chain against
 * `form-action`. So the client's own redirect addresses, other local ports and https are allowed there.
 *
 * @param {string[]} redirectUris
 */
const pagePolicy = (redirectUris) =>
  [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    `form-action 'self' ${redirectUris.map((uri) => new URL(uri).origin).join(' ')} ` +
      'http://localhost:* http://127.0.0.1:* https:',
  ].join('; ');

/** The login and consent pages, and what their forms do. */
class Pages {
  #provider;

  /** @param {Provider} provider */
  constructor(provider) {
    this.#provider = provider;
  }

  /** @param {Context} ctx @param {Interaction} interaction @param {string} [problem] */
  async show(ctx, interaction, problem) {
    const { params, prompt, session, uid } = interaction;
    const client = await this.#provider.Client.find(params.client_id ?? '');
    const login = session && loginOf(session.accountId);
    const about = { origin: this.#provider.issuer, uid, client: client?.clientName ?? params.client_id ?? '' };
    ctx.set('content-security-policy', pagePolicy(client?.redirectUris ?? []));
    ctx.type = 'html';
    if (prompt.name !== 'consent' || !login || problem || ctx.query.switch) {
      ctx.body = loginPage({ ...about, hint: params.login_hint ?? '', problem });
    } else {
      ctx.body = consentPage({ ...about, login, scopes: scopesOf(interaction) });
    }
  }

  /** @param {Context} ctx @param {Interaction} interaction @param {URLSearchParams} form */
  async login(ctx, interaction, form) {
    const login = readLogin(form.get('login') ?? '');
    if (login === null) {
      ctx.status = 400;
      return this.show(ctx, interaction, BAD_LOGIN);
    }
    const accountId = subjectOf(login);
    await this.#finish(ctx, { login: { accountId } });
    // Last: the library takes no answer for an interaction whose session has changed hands.
    return this.#handOver(interaction, accountId);
  }

  /**
   * Lets another account take over the browser's session. Without this the library ends the session, and with it
   * withdraws the grants of the first account, which an application goes on using.
   *
   * @param {Interaction} interaction
   * @param {string} accountId
   */
  async #handOver(interaction, accountId) {
    if (!interaction.session || interaction.session.accountId === accountId) return;
    const session = await this.#provider.Session.findByUid(interaction.session.uid);
    if (!session) return;
    session.loginAccount({ accountId });
    session.authorizations = {};
    await session.persist();
  }

  /** @param {Context} ctx @param {Interaction} interaction @param {URLSearchParams} form */
  async consent(ctx, interaction, form) {
    const { params, prompt, session } = interaction;
    const decision = form.get('decision');
    if (decision === 'deny') return this.#finish(ctx, DENIED);
    if (decision !== 'allow' || prompt.name !== 'consent' || !session) {
      ctx.status = 400;
      return this.show(ctx, interaction);
    }
    // A grant of its own for every consent: revoking one connected account leaves the others alone.
    const grant = new this.#provider.Grant({ accountId: session.accountId, clientId: params.client_id ?? '' });
    const scopes = scopesOf(interaction);
    if (scopes.length > 0) grant.addOIDCScope(scopes.join(' '));
    const claims = prompt.details.missingOIDCClaims;
    if (Array.isArray(claims)) grant.addOIDCClaims(claims);
    return this.#finish(ctx, { consent: { grantId: await grant.save() } });
  }

  /** @param {Context} ctx */
  async cancel(ctx) {
    return this.#finish(ctx, DENIED);
  }

  /** @param {Context} ctx @param {object} result */
  async #finish(ctx, result) {
    const next = await this.#provider.interactionResult(ctx.req, ctx.res, result);
    ctx.status = 303;
    ctx.redirect(next);
  }
}

/** @param {Interaction} interaction @returns {string[]} the requested scopes that exist here */
const scopesOf = ({ params }) => [...new Set(params.scope?.split(' '))].filter((scope) => SCOPES.has(scope));

/**
 * Serves `/interaction/...`.
 *
 * @param {Provider} provider
 * @param {typeof import('oidc-provider').errors.SessionNotFound} SessionNotFound
 * @returns {import('oidc-provider').Middleware}
 */
export function interactions(provider, SessionNotFound) {
  const pages = new Pages(provider);
  const origin = provider.issuer;
  /** @param {Context} ctx @param {number} status @param {string} text */
  const refuse = (ctx, status, text) => {
    ctx.status = status;
    ctx.type = 'html';
    ctx.set('content-security-policy', pagePolicy([]));
    ctx.body = problemPage({ origin, title: 'This did not work', text });
  };
  return async (ctx, next) => {
    const [, step] = /^\/interaction\/[\w-]+(?:\/(login|consent|cancel))?$/.exec(ctx.path) ?? ['', null];
    if (step === null) return next();
    if (ctx.method !== (step ? 'POST' : 'GET')) return refuse(ctx, 405, 'This address is part of a sign-in.');
    if (step && isForeignPost(ctx, origin)) return refuse(ctx, 403, 'The form came from another site.');
    try {
      const interaction = await provider.interactionDetails(ctx.req, ctx.res);
      if (!step) return await pages.show(ctx, interaction);
      const form = await readForm(ctx);
      if (!form) return refuse(ctx, 413, 'The form is too long.');
      return await pages[/** @type {'login' | 'consent' | 'cancel'} */ (step)](ctx, interaction, form);
    } catch (error) {
      if (!(error instanceof SessionNotFound)) throw error;
      return refuse(ctx, 400, 'This sign-in is over, or it began in another browser.');
    }
  };
}

/** @param {Context | undefined} _ctx @param {string} subject */
export async function findAccount(_ctx, subject) {
  const login = loginOf(subject);
  return login === null ? undefined : { accountId: subject, claims: async () => claimsOf(login) };
}
