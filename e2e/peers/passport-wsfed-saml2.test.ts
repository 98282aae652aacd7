// passport-wsfed-saml2, unmodified, as an application that signs people in at a running hub by WS-Federation.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { after, before, test } from 'node:test';
import { parseFederationMetadata, parseSignInResult } from '@countersign/ws-federation';
import { parseXml, textOf } from '@countersign/xml';
import passport from 'passport';
import peer from 'passport-wsfed-saml2';
import { freePort } from '../../tools/free-port.ts';
import { Organization, password } from './organization.ts';
import { type RunningHub, startHub } from './running-hub.ts';
import { type Cookies, walk } from './walk-sign-in.ts';

type Request = IncomingMessage & { query: Record<string, string>; body?: Record<string, string> };

const realm = 'urn:claims-aware-app';
const claim = (name: string) => `http://schemas.xmlsoap.org/ws/2005/05/identity/claims/${name}`;
let hub: RunningHub;
let organization: Organization;
let application: Server;
let home: string;
let principalId: string;
let user: { name: string; password: string };
/** By which of its strategies the application signs people in. */
let strategy: 'wsfed' | 'wsfed-jwt' = 'wsfed';

before(async () => {
  hub = await startHub();
  organization = await Organization.of(hub);
  user = { name: await organization.person('Marge Simpson', { mail: 'marge@springfield.example' }), password };
  const port = await freePort();
  home = `http://127.0.0.1:${port}/`;
  const { appId } = await organization.graph('POST', '/applications', { displayName: 'Claims-aware app' });
  ({ id: principalId } = await organization.graph('POST', '/servicePrincipals', { appId }));
  await trust({});
  application = await startApplication(port);
});
after(async () => {
  application?.closeAllConnections();
  application?.close();
  await hub?.stop();
});

const trust = (change: object) =>
  organization.graph('PUT', `/servicePrincipals/${principalId}/relyingParty`, {
    protocol: 'wsFederation',
    identifier: realm,
    replyAddresses: [{ binding: 'post', location: `${home}acs`, index: 0 }],
    ...change,
  });

/** The application knows of the hub what the hub's federation metadata say. */
async function startApplication(port: number): Promise<Server> {
  const address = `${hub.origin}/${organization.tenantId}/FederationMetadata/2007-06/FederationMetadata.xml`;
  const metadata = parseFederationMetadata(parseXml(await (await fetch(address)).text()));
  const { passiveEndpoints = [], signingCertificates = [] } = metadata.securityTokenService ?? {};
  const thumbprints = signingCertificates.map((certificate) =>
    createHash('sha1').update(Buffer.from(certificate, 'base64')).digest('hex').toUpperCase(),
  );
  const recipientUrl = `${home}acs`;
  const options = {
    realm,
    homeRealm: '',
    identityProviderUrl: passiveEndpoints[0],
    wreply: recipientUrl,
    recipientUrl,
    thumbprints,
  };
  passport.use('wsfed', new peer.Strategy(options, (profile, done) => done(null, profile)));
  const jwt = { issuer: metadata.entityId, audience: realm, algorithms: ['RS256'] };
  const byJwt = { ...options, jwt, cert: pemOf(signingCertificates[0] ?? '') };
  passport.use('wsfed-jwt', new peer.Strategy(byJwt, (profile, done) => done(null, profile)));
  const server = createServer(async (incoming, response) => {
    const url = new URL(incoming.url ?? '', home);
    const request: Request = Object.assign(incoming, { query: Object.fromEntries(url.searchParams) });
    if (request.method === 'POST') request.body = await formOf(request);
    if (strategy === 'wsfed-jwt') takeTokenOut(request);
    if (url.pathname === '/out') response.end('signed out');
    else authenticate(strategy, request, response);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const pemOf = (certificate: string) => `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`;

function authenticate(strategy: string, request: Request, response: ServerResponse): void {
  const done = (error: Error | null, profile?: object | false) =>
    response.end(error?.message ?? JSON.stringify({ profile, wctx: request.body?.['wctx'] }));
  passport.authenticate(strategy, { session: false, wctx: 'the "state" <1>' } as object, done)(request, response, done);
}

/** With the option `jwt` the library takes the bare token for `wresult`: the application unpacks it. */
function takeTokenOut({ body }: Request): void {
  if (!body) return;
  const { token } = parseSignInResult(body['wresult'] ?? '');
  body['wresult'] = Buffer.from(textOf(token), 'base64').toString();
}

async function formOf(request: IncomingMessage): Promise<Record<string, string>> {
  let body = '';
  for await (const part of request.setEncoding('utf8')) body += part;
  return Object.fromEntries(new URLSearchParams(body));
}

async function signIn(cookies: Cookies) {
  const { page } = await walk(home, user, cookies);
  return JSON.parse(page?.text ?? '') as { profile: Record<string, string>; wctx: string };
}

for (const tokenKind of ['saml11', 'saml20']) {
  test(`WS-Federation 1.2 13: passport-wsfed-saml2 signs somebody in with a ${tokenKind} token`, async () => {
    await trust({ tokenKind });
    const { profile, wctx } = await signIn(new Map());
    assert.deepEqual(
      [profile[claim('emailaddress')], profile[claim('name')]],
      ['marge@springfield.example', user.name],
    );
    assert.equal(wctx, 'the "state" <1>');
  });
}

test('WS-Federation 1.2 13: passport-wsfed-saml2 signs somebody in with a JSON Web Token', async () => {
  await trust({ tokenKind: 'jwt' });
  strategy = 'wsfed-jwt';
  const { profile, wctx } = await signIn(new Map());
  strategy = 'wsfed';
  await trust({ tokenKind: 'saml11' });
  assert.deepEqual([profile['email'], profile['unique_name']], ['marge@springfield.example', user.name]);
  assert.equal(wctx, 'the "state" <1>');
});

test('WS-Federation 1.2 13.2.4: after a sign-out the hub asks for the password again, and leads on', async () => {
  await trust({ signOutAddresses: [{ binding: 'redirect', location: `${home}out` }] });
  const cookies: Cookies = new Map();
  await signIn(cookies);
  const out = new URL(`${hub.origin}/${organization.tenantId}/wsfed`);
  out.search = String(new URLSearchParams({ wa: 'wsignout1.0', wtrealm: realm, wreply: `${home}out` }));
  assert.equal((await walk(out, user, cookies)).url.href, `${home}out`);
  const asked = await fetch(home, { redirect: 'manual' });
  const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
  const page = await (await fetch(asked.headers.get('location') ?? '', { headers: { cookie } })).text();
  assert.match(page, /name="password"/);
});
