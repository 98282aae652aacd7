import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { InsuranceApi } from '../src/insurance-api.ts';
import { insuranceWeb } from '../src/insurance-web.ts';
import { newSession, type Person, type Session } from '../src/session.ts';
import { Sessions } from '../src/sessions.ts';

/** An API that notes what it is asked for. */
const asked: string[] = [];
let apiStatus = 200;
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`.trim());
  response.writeHead(apiStatus).end(JSON.stringify({ plans: [], error: 'invalid_request', error_description: 'No.' }));
});
let apiUrl: string;
let web: FastifyInstance;
let sessions: Sessions<Session>;
let now = 0;

const settings = () => ({
  listenAddress: '127.0.0.1',
  port: 0,
  publicUrl: 'http://localhost:5080',
  tenantUrl: 'https://hub.example/contoso.example',
  clientId: 'web',
  clientSecret: 'secret',
  apiUrl,
  mailPage: undefined,
});

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  apiUrl = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : ''}`;
});
beforeEach(() => {
  asked.length = 0;
  apiStatus = 200;
  now = 1_000;
  sessions = new Sessions(() => now);
  web = insuranceWeb({ settings: settings(), api: new InsuranceApi(apiUrl), sessions, now: () => now });
});
after(() => server.close());

/** The session of somebody who has signed in and proven a second factor. */
function signedIn(): { session: Session; cookie: string } {
  const session = newSession(settings());
  session.person = { signIn: {} as Person['signIn'], claims: { sub: 'marge', name: '<Marge>' } };
  session.secondFactor = { token: 'second', until: now + 60_000 };
  return { session, cookie: `insurance=${sessions.start(session)}` };
}

function post(url: string, cookie: string, fields: Record<string, string>) {
  const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' };
  return web.inject({ method: 'POST', url, headers, payload: new URLSearchParams(fields).toString() });
}

test('pages come under a policy without scripts, and what they show is escaped', async () => {
  const { cookie } = signedIn();
  const { headers, body } = await web.inject({ url: '/', headers: { cookie } });
  const policy = String(headers['content-security-policy']);
  assert.match(policy, /^default-src 'none'; style-src 'self'; img-src 'self';/);
  assert.match(policy, /form-action 'self' https:\/\/hub\.example;/);
  assert.match(body, /Welcome, &#60;Marge&#62;/);
  assert.doesNotMatch(body, /<Marge>|<script/);
});

test('a form that no page of ours has sent changes nothing', async () => {
  const { session, cookie } = signedIn();
  for (const csrf of ['', 'guessed', session.csrf.slice(1)]) {
    assert.equal((await post('/policy/beneficiary', cookie, { name: 'Eve', csrf })).statusCode, 303);
    assert.equal((await post('/sign-out', cookie, { csrf })).headers.location, '/');
  }
  assert.deepEqual(asked, []);
  assert.ok(session.person);
});

test('the second factor counts for one change, and for a few minutes only', async () => {
  const { session, cookie } = signedIn();
  const change = () => post('/policy/beneficiary', cookie, { name: 'Lisa', csrf: session.csrf });
  assert.equal((await change()).headers.location, '/policy');
  assert.deepEqual(asked, ['PUT /policy/beneficiary Bearer second']);
  assert.equal((await change()).headers.location, '/policy/beneficiary');
  session.secondFactor = { token: 'second', until: now };
  assert.equal((await change()).headers.location, '/policy/beneficiary');
  assert.equal(asked.length, 1);
});

test('a name that the API refuses is shown again with the reason', async () => {
  const { session, cookie } = signedIn();
  apiStatus = 400;
  const { statusCode, body } = await post('/policy/beneficiary', cookie, { name: '"', csrf: session.csrf });
  assert.equal(statusCode, 400);
  assert.match(body, /value="&#34;".*aria-invalid="true"/);
  assert.match(body, /role="alert">No\.</);
});

test('signing out ends the session here and leads to the end of the one at the hub', async () => {
  const { session, cookie } = signedIn();
  const { headers } = await post('/sign-out', cookie, { csrf: session.csrf });
  const url = new URL(String(headers.location));
  assert.equal(url.pathname, '/contoso.example/B2C_1_signupsignin1/oauth2/v2.0/logout');
  assert.equal(url.searchParams.get('post_logout_redirect_uri'), 'http://localhost:5080/');
  assert.match(String(headers['set-cookie']), /^insurance=; .*Max-Age=0/);
  assert.doesNotMatch((await web.inject({ url: '/', headers: { cookie } })).body, /Marge/);
});

test('RFC 6749 10.12: an answer with a state that this browser did not bring there is refused', async () => {
  const { cookie } = signedIn();
  for (const url of ['/getAToken', '/getAToken?state=other&code=code', '/getAToken?error=access_denied']) {
    const { statusCode, body } = await web.inject({ url, headers: { cookie } });
    assert.equal(statusCode, 400);
    assert.match(body, /This sign-in has expired/);
  }
});

test('whoever cancels at the hub is told so, once', async () => {
  const { session, cookie } = signedIn();
  session.walks.set('state', { purpose: 'secondFactor', returnTo: '/policy/beneficiary', nonce: '', verifier: '' });
  const { headers } = await web.inject({ url: '/getAToken?state=state&error=access_denied', headers: { cookie } });
  assert.equal(headers.location, '/policy');
  assert.match((await web.inject({ url: '/', headers: { cookie } })).body, /You cancelled/);
  assert.doesNotMatch((await web.inject({ url: '/', headers: { cookie } })).body, /You cancelled/);
});

test('while the API does not answer, a page says so', async () => {
  apiStatus = 500;
  const { statusCode, body } = await web.inject({ url: '/plans' });
  assert.equal(statusCode, 502);
  assert.match(body, /out of reach/);
});
