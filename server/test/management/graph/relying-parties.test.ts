import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { textAttacks, wrappingAttacks } from '../../../../protocols/saml/test/corpus.ts';
import { onEachDatabase } from '../../databases.ts';
import { applicationCertificate } from '../../endpoints/saml/saml-hub.ts';
import { type Bearer, openGraphApi } from './graph-api.ts';

const upn = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn';

const metadata = `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="urn:portal">
  <md:SPSSODescriptor AuthnRequestsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${applicationCertificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
    <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://portal.example/slo"/>
    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>
    <md:AssertionConsumerService index="1" isDefault="true" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://portal.example/acs"/>
  </md:SPSSODescriptor>
</md:EntityDescriptor>`;

const passive = `<md:RoleDescriptor xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:fed="http://docs.oasis-open.org/wsfed/federation/200706"
    xmlns:wsa="http://www.w3.org/2005/08/addressing" xsi:type="fed:ApplicationServiceType" protocolSupportEnumeration="http://docs.oasis-open.org/wsfed/federation/200706">
    <fed:TargetScopes><wsa:EndpointReference><wsa:Address>urn:portal:realm</wsa:Address></wsa:EndpointReference></fed:TargetScopes>
    <fed:PassiveRequestorEndpoint><wsa:EndpointReference><wsa:Address>https://portal.example/wsfed</wsa:Address></wsa:EndpointReference></fed:PassiveRequestorEndpoint>
  </md:RoleDescriptor>`;

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage, randomUUID());

  const portal = async (admin: Bearer): Promise<string> => {
    const { body } = await api.call(admin, 'POST /applications', { displayName: 'Portal' });
    const created = await api.call(admin, 'POST /servicePrincipals', { appId: body.appId });
    return `/servicePrincipals/${created.body.id}/relyingParty`;
  };

  test('an application becomes a relying party by its metadata, and keeps what was decided beside it', async () => {
    const { admin } = await api.makeTenant();
    const path = await portal(admin);
    assert.equal((await api.call(admin, `GET ${path}`)).status, 404);
    const made = await api.call(admin, `POST ${path}/importMetadata`, { metadata });
    assert.equal(made.status, 200, made.body.error?.message);
    assert.deepEqual(
      [made.body.identifier, made.body.mustSignRequests, made.body.replyAddresses[0].location, made.body.nameIdFormat],
      ['urn:portal', true, 'https://portal.example/acs', 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'],
    );
    const rules = `c:[Type == "${upn}"] => issue(claim = c);`;
    const changed = await api.call(admin, `PUT ${path}`, {
      protocol: 'saml',
      identifier: 'urn:portal',
      issuanceRules: rules,
    });
    assert.equal(changed.status, 200, changed.body.error?.message);
    await api.call(admin, `POST ${path}/importMetadata`, { metadata: metadata.replace('/acs', '/acs2') });
    const { body } = await api.call(admin, `GET ${path}`);
    assert.deepEqual([body.issuanceRules, body.replyAddresses[0].location], [rules, 'https://portal.example/acs2']);
    const listed = await api.call(admin, 'GET /relyingParties?$top=1&$select=identifier');
    assert.deepEqual(listed.body.value, [{ id: body.id, identifier: 'urn:portal' }]);
    assert.equal((await api.call(admin, `DELETE ${path}`)).status, 204);
    assert.equal((await api.call(admin, `GET ${path}`)).status, 404);
  });

  test('an application becomes a relying party of WS-Federation by its federation metadata', async () => {
    const { admin } = await api.makeTenant();
    const path = await portal(admin);
    const alone = metadata.replace(/<md:SPSSODescriptor[\s\S]*<\/md:SPSSODescriptor>/, passive);
    const made = await api.call(admin, `POST ${path}/importMetadata`, { metadata: alone });
    assert.equal(made.status, 200, made.body.error?.message);
    const { protocol, identifier, replyAddresses, tokenKind } = made.body;
    assert.deepEqual(
      [protocol, identifier, replyAddresses, tokenKind],
      [
        'wsFederation',
        'urn:portal:realm',
        [{ binding: 'post', location: 'https://portal.example/wsfed', index: 0 }],
        'saml11',
      ],
    );
  });

  test('of metadata with two protocols that is read which is asked for, and from then on the same', async () => {
    const { admin } = await api.makeTenant();
    const path = await portal(admin);
    const both = { metadata: metadata.replace('<md:SPSSODescriptor', `${passive}<md:SPSSODescriptor`) };
    const read = async (body: object) =>
      (await api.call(admin, `POST ${path}/importMetadata`, body)).body.protocol as string;
    assert.equal(await read(both), 'saml');
    assert.equal(await read({ ...both, protocol: 'wsFederation' }), 'wsFederation');
    assert.equal(await read(both), 'wsFederation');
  });

  test('rules are tried for a person, and every claim says which rule made it', async () => {
    const { admin, domain } = await api.makeTenant();
    const path = await portal(admin);
    await api.call(admin, `POST ${path}/importMetadata`, { metadata });
    const issuanceRules = `@RuleName = "Sign-in name"\nc:[Type == "${upn}"] => issue(Type = "login", Value = ToUpper(c.Value));`;
    const { status, body } = await api.call(admin, `POST ${path}/evaluate`, { userId: admin.id, issuanceRules });
    assert.equal(status, 200, body.error?.message);
    assert.equal(body.isPermitted, true);
    assert.deepEqual(
      body.claims.map(({ type, value }: { type: string; value: string }) => [type, value]),
      [['login', `ADMIN@${domain.toUpperCase()}`]],
    );
    const made = body.issuance.claims.find(({ isIssued }: { isIssued: boolean }) => isIssued);
    assert.deepEqual([made.firstStatedBy, made.derivations[0].rule.name], [['AD AUTHORITY'], 'Sign-in name']);
    const refused = await api.call(admin, `POST ${path}/evaluate`, { userId: admin.id, authorizationRules: '' });
    const { isPermitted, claims, token, issuance } = refused.body;
    assert.deepEqual([isPermitted, claims, token, issuance], [false, [], null, null]);
  });

  test('a trial shows what the token would say, with the name that the person has there, and keeps nothing', async () => {
    const { tenantId, admin, domain } = await api.makeTenant();
    const path = await portal(admin);
    await api.call(admin, `POST ${path}/importMetadata`, { metadata });
    const draft = async (): Promise<string> =>
      (await api.call(admin, `POST ${path}/evaluate`, { userId: admin.id })).body.token;
    const nameIn = (token: string) => /<saml:NameID[^>]*>([^<]+)</.exec(token)?.[1];
    const first = await draft();
    assert.match(first, new RegExp(`<saml:Issuer>https://hub.example/${tenantId}/</saml:Issuer>`));
    assert.match(first, /<saml:Audience>urn:portal<\/saml:Audience>/);
    assert.match(first, new RegExp(`<saml:AttributeValue[^>]*>admin@${domain}<`));
    assert.notEqual(nameIn(await draft()), nameIn(first), 'nothing was kept');
    const servicePrincipalId = path.split('/')[2] ?? '';
    await storage.write(({ persistentNames }) =>
      persistentNames.findOrKeep(tenantId, servicePrincipalId, admin.id, 'her name there'),
    );
    assert.equal(nameIn(await draft()), 'her name there');
  });

  test('a trial shows each kind of token, and what one cannot carry is refused', async () => {
    const { admin, domain } = await api.makeTenant();
    const path = await portal(admin);
    const trust = {
      protocol: 'wsFederation',
      identifier: 'urn:portal',
      replyAddresses: [{ binding: 'post', location: 'https://portal.example/wsfed', index: 0 }],
    };
    const issuanceRules = `c:[Type == "${upn}"] => issue(Type = "login", Value = c.Value);`;
    const tried = async (tokenKind: string, body: object = {}) => {
      await api.call(admin, `PUT ${path}`, { ...trust, tokenKind });
      return api.call(admin, `POST ${path}/evaluate`, { userId: admin.id, ...body });
    };
    assert.match((await tried('saml11')).body.token, /MajorVersion="1"/);
    assert.equal(JSON.parse((await tried('jwt', { issuanceRules })).body.token).login, `admin@${domain}`);
    const { status, body } = await tried('saml11', { issuanceRules });
    assert.equal(status, 400);
    assert.match(body.error.message, /SAML 1\.1 cannot carry.*"login"/);
  });

  test('what is no metadata, or none of a service provider, is refused and changes nothing', async () => {
    const { admin } = await api.makeTenant();
    const path = await portal(admin);
    for (const wrong of [
      '',
      'no XML',
      '<!DOCTYPE x [<!ENTITY a "b">]><x/>',
      metadata.replaceAll('SPSSODescriptor', 'IDPSSODescriptor'),
      metadata.replace('https://portal.example/acs', 'http://portal.example/acs'),
      metadata.replace(applicationCertificate, 'AAAA'),
      metadata.replace(/<md:SPSSODescriptor[\s\S]*<\/md:SPSSODescriptor>/, passive.replace('https://', 'javascript:')),
    ]) {
      const { status, body } = await api.call(admin, `POST ${path}/importMetadata`, { metadata: wrong });
      assert.equal(status, 400, wrong);
      assert.ok(body.error.message.length > 10);
    }
    assert.equal((await api.call(admin, `GET ${path}`)).status, 404);
  });

  test('every hostile document of the corpus is refused as metadata, of either protocol', async () => {
    const { admin } = await api.makeTenant();
    const path = await portal(admin);
    for (const { name, text } of [...(await wrappingAttacks()), ...(await textAttacks())]) {
      for (const protocol of ['saml', 'wsFederation']) {
        const { status } = await api.call(admin, `POST ${path}/importMetadata`, { metadata: text, protocol });
        assert.equal(status, 400, name);
      }
    }
    assert.equal((await api.call(admin, `GET ${path}`)).status, 404);
  });

  test('a relying party of another tenant is not there', async () => {
    const { admin } = await api.makeTenant();
    const path = await portal(admin);
    await api.call(admin, `POST ${path}/importMetadata`, { metadata });
    const other = await api.makeTenant();
    for (const request of [`GET ${path}`, `DELETE ${path}`] as const) {
      assert.equal((await api.call(other.admin, request)).status, 404);
    }
    assert.deepEqual((await api.call(other.admin, 'GET /relyingParties')).body.value, []);
  });
});
