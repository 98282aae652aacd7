// MSAL for Python (Debian package python3-msal), unmodified, with the requests of Azure AD B2C's sample for Flask.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { after, before, test } from 'node:test';
import { type RunningHub, startHub } from '../peers/running-hub.ts';
import { walkSignIn } from '../peers/walk-sign-in.ts';
import { callGraph } from './azure-cli.ts';

const script = path.join(import.meta.dirname, 'b2c-sample.py');
const domain = 'contoso.onmicrosoft.com';
const apiName = `https://${domain}/api`;
const scopes = [`${apiName}/Accounts.Read`, `${apiName}/Accounts.Write`];
const policies = ['B2C_1_signupsignin1', 'B2C_1_other'];
const callback = 'http://localhost:5000/getAToken';
const email = 'marge@example.com';
const password = 'correct horse battery staple';

let hub: RunningHub;
let tenantId: string;
let web: { appId: string; secret: string };
let apiId: string;

before(async () => {
  hub = await startHub();
  const contoso = { name: 'contoso', displayName: 'Contoso Insurance' };
  tenantId = (await callGraph(hub, hub.token, 'POST', '/tenants', contoso)).id;
  const token = await hub.run('token', '--tenant', 'contoso');
  const graph = (method: string, address: string, body?: object) => callGraph(hub, token, method, address, body);
  for (const name of policies) {
    await graph('POST', '/identity/userFlows', {
      id: name,
      userFlowType: 'signUpOrSignIn',
      claims: ['givenName', 'emails'],
    });
  }
  const register = async (attributes: object) => {
    const { id, appId } = await graph('POST', '/applications', attributes);
    const { id: principalId } = await graph('POST', '/servicePrincipals', { appId });
    return { id, appId, principalId };
  };
  const oauth2PermissionScopes = ['Accounts.Read', 'Accounts.Write'].map((value) => ({
    id: crypto.randomUUID(),
    value,
    type: 'User',
    isEnabled: true,
    adminConsentDisplayName: value,
    adminConsentDescription: value,
  }));
  const api = await register({ displayName: 'API', identifierUris: [apiName], api: { oauth2PermissionScopes } });
  const client = await register({ displayName: 'Web', web: { redirectUris: [callback] } });
  const { secretText: secret } = await graph('POST', `/applications/${client.id}/addPassword`, {});
  await graph('POST', '/oauth2PermissionGrants', {
    clientId: client.principalId,
    consentType: 'AllPrincipals',
    resourceId: api.principalId,
    scope: 'Accounts.Read Accounts.Write',
  });
  await graph('POST', '/users', {
    displayName: 'Marge Simpson',
    givenName: 'Marge',
    accountEnabled: true,
    identities: [{ signInType: 'emailAddress', issuer: domain, issuerAssignedId: email }],
    passwordProfile: { password, forceChangePasswordNextSignIn: false },
  });
  web = { appId: client.appId, secret };
  apiId = api.appId;
});
after(() => hub.stop());

/** The script, which answers each line with a line. */
class Sample {
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #lines: Interface;

  constructor() {
    const env = { PATH: process.env['PATH'], REQUESTS_CA_BUNDLE: hub.authorityFile, PYTHONWARNINGS: 'ignore' };
    // The package is that of the system's own Python.
    this.#process = spawn('/usr/bin/python3', [script], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    assert.ok(this.#process.stdout);
    this.#lines = createInterface(this.#process.stdout);
    this.#answers = this.#lines[Symbol.asyncIterator]();
  }

  say(text: string): void {
    this.#process.stdin?.write(`${text}\n`);
  }

  // biome-ignore lint/suspicious/noExplicitAny: the test looks into any answer, and an assertion fails where it is otherwise
  async next(): Promise<any> {
    const { value, done } = await this.#answers.next();
    assert.ok(!done, 'the script ended; it needs the package python3-msal');
    return JSON.parse(value);
  }

  stop(): void {
    this.#lines.close();
    this.#process.kill();
  }
}

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

test('MSAL for Python walks the requests of the sample for Azure AD B2C', async (context) => {
  const sample = new Sample();
  context.after(() => sample.stop());
  const tenant = `${hub.origin}/${domain}`;
  const configured = { client_id: web.appId, client_secret: web.secret, redirect_uri: callback };
  sample.say(JSON.stringify({ ...configured, tenant, policies, scopes }));

  for (const policy of policies) {
    const { url } = await sample.next();
    const back = await walkSignIn(new URL(url), email, password);
    assert.equal(back.searchParams.get('state'), 'kept');
    sample.say(back.searchParams.get('code') ?? '');
    const { id_token_claims: claims, access_token: token, refresh_token: refresh } = await sample.next();
    assert.deepEqual([claims.aud, claims.given_name, claims.tfp], [web.appId, 'Marge', policy]);
    assert.ok(refresh);
    const { iss, aud, scp, emails, at_hash: hash } = claimsOf(token);
    assert.deepEqual(
      [iss, aud, scp, emails, hash],
      [`${hub.origin}/${tenantId}/v2.0/`, apiId, 'Accounts.Read Accounts.Write', [email], undefined],
    );
  }

  const { account, cached } = await sample.next();
  assert.match(account.home_account_id, new RegExp(`^[0-9a-f-]{36}-b2c_1_.*\\.${tenantId}$`));
  assert.ok(cached.access_token, 'the token is found in the cache');
  const renewed = await sample.next();
  assert.ok(renewed.access_token && renewed.access_token !== cached.access_token);
  const refused = await sample.next();
  assert.equal(refused.error, 'invalid_grant');
  assert.match(refused.error_description, /^AADSTS70008: /);
});
