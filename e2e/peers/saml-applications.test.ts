// node-saml, which passport-saml is made of, as an application behind a web server of its own, against a running hub. The
// hub is told of it by the application's own metadata, and the application of the hub by the hub's.
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { after, before, test } from 'node:test';
import { SAML } from '@node-saml/node-saml';
import { Organization, password } from './organization.ts';
import { type RunningHub, startHub } from './running-hub.ts';
import { walkSignIn } from './walk-sign-in.ts';

let hub: RunningHub;
let organization: Organization;
let tenantId: string;
let name: string;
let application: Server;
let saml: SAML;
let home: string;

before(async () => {
  hub = await startHub();
  organization = await Organization.of(hub);
  ({ tenantId } = organization);
  name = await organization.person('Marge Simpson', { mail: 'marge@springfield.example' });
  await startApplication();
});
after(async () => {
  application.close();
  await hub.stop();
});

/** Sends people to the hub, takes its answers, and shows who they are. */
async function startApplication(): Promise<void> {
  application = createServer(async (request, response) => {
    if (request.url === '/') {
      response.writeHead(303, { location: await saml.getAuthorizeUrlAsync('/deep', undefined, {}) }).end();
      return;
    }
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += part;
    const fields = Object.fromEntries(new URLSearchParams(body));
    const { profile } = await saml
      .validatePostResponseAsync(fields)
      .catch((error) => ({ profile: { nameID: error.message } }));
    const who = encodeURIComponent(String(profile?.nameID));
    response.writeHead(303, { location: `http://127.0.0.1:1${fields['RelayState']}?who=${who}` }).end();
  });
  await new Promise<void>((resolve) => application.listen(0, 'localhost', resolve));
  const address = application.address();
  assert.ok(address && typeof address === 'object');
  home = `http://localhost:${address.port}`;

  const metadata = await (await fetch(`${hub.origin}/${tenantId}/saml2/metadata`)).text();
  const certificate = /<ds:X509Certificate>([^<]*)</.exec(metadata)?.[1] ?? '';
  saml = new SAML({
    issuer: 'urn:portal',
    audience: 'urn:portal',
    callbackUrl: `${home}/acs`,
    idpIssuer: /entityID="([^"]*)"/.exec(metadata)?.[1] ?? '',
    idpCert: certificate,
    entryPoint: /SingleSignOnService[^>]*Location="([^"]*)"/.exec(metadata)?.[1] ?? '',
    identifierFormat: null,
    disableRequestedAuthnContext: true,
    wantAuthnResponseSigned: true,
    wantAssertionsSigned: true,
    acceptedClockSkewMs: 5_000,
  });
}

test('SAML Profiles 4.1: an application that was made known by its metadata signs somebody in', async () => {
  const { appId } = await organization.graph('POST', '/applications', { displayName: 'Portal' });
  const { id } = await organization.graph('POST', '/servicePrincipals', { appId });
  const metadata = saml.generateServiceProviderMetadata(null, null);
  const party = await organization.graph('POST', `/servicePrincipals/${id}/relyingParty/importMetadata`, { metadata });
  assert.equal(party.identifier, 'urn:portal');
  const asked = await fetch(home, { redirect: 'manual' });
  const start = new URL(asked.headers.get('location') ?? '');
  assert.equal(start.origin, hub.origin);
  const end = await walkSignIn(start, name, password);
  assert.equal(end.pathname, '/deep');
  assert.equal(end.searchParams.get('who'), 'marge@springfield.example');
});
