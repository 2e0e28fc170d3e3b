/** Longest login name, in characters: keeps the subject under the 255 that OpenID Connect allows. */
const MAX_LOGIN = 64;
const MAX_SUBJECT = 255;

/**
 * Reads what somebody typed as a login name. Any name is an account here; there is no list of users.
 *
 * @param {string} typed
 * @returns {string | null} the login name, or null when it cannot be one
 */
export function readLogin(typed) {
  const login = typed.normalize('NFC').trim();
  if (login === '' || [...login].length > MAX_LOGIN || /\p{C}/u.test(login)) return null;
  return subjectOf(login).length > MAX_SUBJECT ? null : login;
}

/**
 * The subject (`sub`) of a login name. It has to be ASCII, so other characters are percent-encoded.
 *
 * @param {string} login
 * @returns {string}
 * @example subjectOf('ada@work.example') === 'ada@work.example'
 */
export const subjectOf = (login) => encodeURIComponent(login).replaceAll('%40', '@');

/**
 * @param {string} subject
 * @returns {string | null} its login name, or null when no login name has this subject
 */
export function loginOf(subject) {
  try {
    const login = decodeURIComponent(subject);
    return readLogin(login) === login && subjectOf(login) === subject ? login : null;
  } catch {
    return null;
  }
}

/**
 * What the provider tells about an account, under the claim names of OpenID Connect.
 *
 * @param {string} login
 */
export function claimsOf(login) {
  const local = login.includes('@') ? login.slice(0, login.indexOf('@')) : login;
  const words = local.split(/[._\s-]+/u).filter(Boolean);
  const name = words.map((word) => word[0].toUpperCase() + word.slice(1)).join(' ');
  return {
    sub: subjectOf(login),
    name: name || login,
    preferred_username: login,
    email: /^[^@\s]+@[^@\s]+$/u.test(login) ? login : `${encodeURIComponent(local) || 'user'}@demo.example`,
    // Nobody checked the address: any login name is taken.
    email_verified: false,
  };
}
