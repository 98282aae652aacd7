import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMetadata, signedMetadataElements } from '@countersign/saml';
import { parseFederationMetadata, tokenTypes } from '@countersign/ws-federation';
import { parseXml, verifySignature } from '@countersign/xml';
import { makeSigningKey, rotateSigningKey, xmlDigest, xmlVerificationKey } from '../../../src/issuance/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { origin, WsFederationHub } from './ws-federation-hub.ts';

const path = '/federationmetadata/2007-06/federationmetadata.xml';

onEachDatabase((database) => {
  const fetched = async (hub: WsFederationHub, address = `/${hub.tenant.id}${path}`) => {
    const browser = hub.browser();
    await browser.open(address);
    assert.equal(browser.page.status, 200, browser.page.text);
    return parseXml(browser.page.text);
  };

  test('WS-Federation 1.2 3.1: the metadata is signed by the key that signs tokens, and describes both roles', async () => {
    const hub = await new WsFederationHub(database).begin();
    for (const which of ['the first', 'the next']) {
      const made = await makeSigningKey('RS256', which, hub.now);
      await hub.storage.write((stores) => rotateSigningKey(stores, hub.act(), made));
    }
    const document = await fetched(hub);
    const { certificate } = await hub.keys.signer(hub.tenant.id);
    const current = certificate.replace(/-----[^-]+-----|\s/g, '');
    const trust = { keys: [xmlVerificationKey(current)], algorithms: ['rsa-sha256'] } as const;
    const { element } = await verifySignature(document, document, signedMetadataElements, trust, xmlDigest);
    assert.equal(element.name, 'EntityDescriptor');
    const [entity] = parseMetadata(document);
    const { securityTokenService: service, entityId } = parseFederationMetadata(document);
    assert.deepEqual([entityId, entity?.entityId], [hub.entityId, hub.entityId]);
    assert.deepEqual(service?.passiveEndpoints, [`${origin}/${hub.tenant.id}/wsfed`]);
    assert.ok(service.claimTypes.some(({ type }) => type.endsWith('/claims/Group')));
    assert.deepEqual(
      service.tokenTypes,
      Object.values(tokenTypes).map(([uri]) => uri),
    );
    assert.equal(service.signingCertificates.length, 2);
    assert.equal(service.signingCertificates[0], current);
    assert.deepEqual(entity?.identityProvider?.signingCertificates, service.signingCertificates);
    assert.equal(entity?.identityProvider?.singleSignOnServices[0]?.location, `${origin}/${hub.tenant.id}/saml2`);
  });

  test('where the address names no tenant, and the host is of none of several, there is none', async () => {
    const hub = await new WsFederationHub(database).begin();
    await new WsFederationHub(database).begin();
    const browser = hub.browser();
    await browser.open(path);
    assert.equal(browser.page.status, 404);
  });
});
