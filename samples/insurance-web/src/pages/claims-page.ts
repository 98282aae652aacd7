import { type Html, html } from './html.ts';
import { layout, type PageFrame } from './layout.ts';

/** What well-known claims mean (OpenID Connect Core 1.0 2 and 5.1, and the token reference of Azure AD B2C). */
const meanings: Readonly<Record<string, string>> = {
  iss: 'who signed the token',
  sub: 'who you are, for good',
  aud: 'for which application',
  exp: 'until when it counts',
  iat: 'when it was signed',
  nbf: 'from when on it counts',
  auth_time: 'when you signed in',
  nonce: 'binds the token to this sign-in',
  name: 'your name for others',
  given_name: 'first name',
  family_name: 'surname',
  emails: 'proven e-mail addresses',
  oid: 'your object in the directory',
  tid: 'the tenant',
  tfp: 'the user flow that you came through',
  acr: 'how strongly you signed in',
  amr: 'by which means you signed in',
  sid: 'your session at the hub',
  ver: 'version of the token',
};

const times = new Set(['exp', 'iat', 'nbf', 'auth_time']);

/** Every claim of the ID token. */
export function claimsPage(frame: PageFrame, claims: Readonly<Record<string, unknown>>): Html {
  return layout(
    frame,
    'My claims',
    html`<h1>My claims</h1>
<p>This is what the sign-in told the application about you: the claims of the ID token.</p>
<dl class="facts">${Object.entries(claims).map(
      ([name, value]) =>
        html`<div><dt><code>${name}</code> <small>${meanings[name]}</small></dt><dd>${shown(name, value)}</dd></div>`,
    )}</dl>
<p class="actions"><a class="button" href="/profile">Edit profile</a> <a href="/password">Reset password</a></p>`,
  );
}

function shown(name: string, value: unknown): string {
  if (times.has(name) && typeof value === 'number') return new Date(value * 1000).toISOString().replace('.000', '');
  return Array.isArray(value) ? value.join(', ') : String(value);
}
