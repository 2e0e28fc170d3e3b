/** A stand-in for Gmail on the demo provider, so that the page's GMAIL_GET_PROFILE sample runs here; its name says so. */
import { demo } from './demo.js';

const [oauth] = demo.auth_schemes;

export const gmail = {
  ...demo,
  slug: 'gmail',
  name: 'Gmail (demo stand-in)',
  description: 'Not Gmail: the demo provider answers the profile request in the shape of Gmail',
  categories: ['email', 'productivity'],
  auth_schemes: [
    {
      ...oauth,
      default_scopes: ['openid', 'email', 'offline_access', 'https://www.googleapis.com/auth/gmail.modify'],
      extra_authorization_params: { access_type: 'offline', prompt: 'consent' },
    },
  ],
  test_request: { ...demo.test_request, url: '{demo}/gmail/v1/users/me/profile' },
};

export const gmailTools = [
  {
    slug: 'GMAIL_GET_PROFILE',
    toolkit: 'gmail',
    name: 'Get profile',
    description: 'Address, message and thread counts and current history id of the mailbox',
    method: 'GET',
    base_url: '{demo}',
    path: '/gmail/v1/users/{userId}/profile',
    request_format: 'query',
    parameters: [
      {
        name: 'userId',
        in: 'path',
        schema: { type: 'string', default: 'me' },
        required: false,
        description: 'Mailbox address; me means the connected account',
      },
    ],
    scopes_any_of: [
      'https://www.googleapis.com/auth/gmail.readonly',
      'https://www.googleapis.com/auth/gmail.modify',
      'https://www.googleapis.com/auth/gmail.metadata',
      'https://www.googleapis.com/auth/gmail.compose',
      'https://mail.google.com/',
    ],
    hints: { read_only: true, destructive: false, idempotent: true, open_world: true },
    versions: ['20251111_00'],
  },
];
