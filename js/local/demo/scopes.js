/** Every scope of the demo provider, and what it lets an application do, as the consent page says it. */
export const SCOPES = new Map([
  ['openid', 'Know which account you are'],
  ['profile', 'See your name and login name'],
  ['email', 'See your email address'],
  ['offline_access', 'Keep access while you are away, until you withdraw it'],
  ['demo.read', 'Read your demo profile'],
  ['demo.write', 'Change your demo profile'],
  ['https://www.googleapis.com/auth/gmail.readonly', 'Read mail of the Gmail stand-in'],
  ['https://www.googleapis.com/auth/gmail.modify', 'Read and change mail of the Gmail stand-in'],
  ['https://www.googleapis.com/auth/gmail.send', 'Send mail through the Gmail stand-in'],
  ['https://www.googleapis.com/auth/gmail.compose', 'Write drafts in the Gmail stand-in'],
  ['https://www.googleapis.com/auth/gmail.labels', 'See and change labels of the Gmail stand-in'],
  ['https://www.googleapis.com/auth/gmail.metadata', 'See headers and labels of the Gmail stand-in'],
  ['https://mail.google.com/', 'Full access to the Gmail stand-in'],
  ['https://www.googleapis.com/auth/userinfo.email', 'See the email address of the Gmail stand-in'],
  ['https://www.googleapis.com/auth/userinfo.profile', 'See the name in the Gmail stand-in'],
]);

/** Scopes that allow the demo profile. */
export const PROFILE_SCOPES = ['demo.read', 'profile'];

/** Scopes that allow the Gmail profile, as in Gmail's own reference (users.getProfile). */
export const GMAIL_SCOPES = [
  'https://mail.google.com/',
  'https://www.googleapis.com/auth/gmail.modify',
  'https://www.googleapis.com/auth/gmail.compose',
  'https://www.googleapis.com/auth/gmail.readonly',
  'https://www.googleapis.com/auth/gmail.metadata',
];
