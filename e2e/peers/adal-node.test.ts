// adal-node, unmodified: the client of programs that know a person's name and password, against the AD FS-like authority.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import adal, { type TokenResponse } from 'adal-node';
import Mex from 'adal-node/lib/mex.js';
import WSTrustRequest from 'adal-node/lib/wstrust-request.js';
import { Organization, password } from './organization.ts';
import { type RunningHub, startHub } from './running-hub.ts';

const realm = 'urn:federation:reports';
const context = { _logContext: { correlationId: crypto.randomUUID() } };
let hub: RunningHub;
let organization: Organization;
let name: string;

before(async () => {
  hub = await startHub();
  organization = await Organization.of(hub);
  name = await organization.person('Marge Simpson');
});
after(() => hub?.stop());

test('Interop: adal-node gets a token of the authority adfs by name and password', async () => {
  const tool = await organization.register({
    isFallbackPublicClient: true,
    oauthClient: { allowPasswordGrant: true },
  });
  await organization.registerApi('api://reports', ['Reports.Read'], [tool]);
  const authority = new adal.AuthenticationContext(`${hub.origin}/adfs`, false);
  const token = await new Promise<TokenResponse>((resolve, reject) =>
    authority.acquireTokenWithUsernamePassword('api://reports', name, password, tool.appId, (error, response) =>
      error ? reject(error) : resolve(response as TokenResponse),
    ),
  );
  const [, payload = ''] = token.accessToken.split('.');
  const { upn, scp } = JSON.parse(Buffer.from(payload, 'base64url').toString());
  assert.deepEqual([upn, scp], [name, 'Reports.Read']);
});

for (const base of ['/adfs', '']) {
  test(`Interop: adal-node finds the address for passwords below "${base}" by itself, and reads the token`, async () => {
    const { appId } = await organization.graph('POST', '/applications', { displayName: 'Reports' });
    const { id } = await organization.graph('POST', '/servicePrincipals', { appId });
    const appliesTo = `${realm}${base}`;
    await organization.graph('PUT', `/servicePrincipals/${id}/relyingParty`, {
      protocol: 'wsFederation',
      identifier: appliesTo,
      replyAddresses: [{ binding: 'post', location: 'https://reports.example/', index: 0 }],
      isPasswordRequestAllowed: true,
    });
    const mex = new Mex(context, `${hub.origin}${base || `/${organization.tenantId}`}/services/trust/mex`);
    await new Promise<void>((resolve, reject) => mex.discover((error) => (error ? reject(error) : resolve())));
    const { url, version } = mex.usernamePasswordPolicy;
    const ask = (sent: string) =>
      new Promise<{ token: string; tokenType: string }>((resolve, reject) =>
        new WSTrustRequest(context, url, appliesTo, version).acquireToken(name, sent, (error, response) =>
          error ? reject(error) : resolve(response),
        ),
      );
    const { token, tokenType } = await ask(password);
    assert.equal(tokenType, 'urn:oasis:names:tc:SAML:1.0:assertion');
    assert.ok(token.includes(appliesTo), token);
    await assert.rejects(ask('wrong'), /FailedAuthentication/);
  });
}
