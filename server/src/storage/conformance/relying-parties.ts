import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RelyingParty } from '../../applications/index.ts';
import { noGroups } from '../../rule-groups/index.ts';
import type { OpenedDatabase } from './database.ts';
import { readChanges } from './read-changes.ts';

const at = new Date(1000);

export function party(servicePrincipalId: string, identifier: string): RelyingParty {
  return {
    servicePrincipalId,
    protocol: 'saml',
    identifier,
    replyAddresses: [{ binding: 'post', location: 'https://app.example/acs', index: 0 }],
    signOutAddresses: [],
    prefersSoapSignOut: false,
    signingCertificates: [],
    mustSignRequests: false,
    encryptionKeys: [],
    encryptsTokens: false,
    signs: 'both',
    nameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    tokenKind: 'saml20',
    tokenLifetimeSeconds: 3600,
    isUnsolicitedAllowed: false,
    isPasswordRequestAllowed: false,
    isTokenRequestAllowed: false,
    isActingAllowed: false,
    actors: [],
    isMetadataExpired: false,
    issuanceRules: null,
    issuanceRuleGroups: noGroups,
    authorizationRules: null,
    authorizationRuleGroups: noGroups,
  };
}

/** What any store of relying parties must do. */
export function relyingPartyConformance({ storage }: OpenedDatabase): void {
  const save = (tenantId: string, wanted: RelyingParty) =>
    storage.write(({ relyingParties }) => relyingParties.save(tenantId, wanted, at));
  const remove = (tenantId: string, id: string) =>
    storage.write(({ relyingParties }) => relyingParties.remove(tenantId, id, at));

  test('a relying party is found by service principal and identifier, in its tenant and protocol only', async () => {
    const wanted = party('principal-1', 'https://App.example/sp');
    assert.equal(await save('tenant-1', wanted), true);
    const { relyingParties } = storage.read;
    assert.deepEqual(await relyingParties.find('tenant-1', 'principal-1'), wanted);
    assert.deepEqual(await relyingParties.findByIdentifier('tenant-1', 'saml', wanted.identifier), wanted);
    for (const [tenant, protocol, identifier] of [
      ['tenant-2', 'saml', wanted.identifier],
      ['tenant-1', 'wsFederation', wanted.identifier],
      ['tenant-1', 'saml', wanted.identifier.toLowerCase()],
    ] as const) {
      assert.equal(await relyingParties.findByIdentifier(tenant, protocol, identifier), undefined);
    }
  });

  test('an identifier belongs to one application of a tenant, also when two take it at once', async () => {
    const taken = await Promise.all(
      ['principal-1', 'principal-2', 'principal-3'].map((id) => save('tenant-3', party(id, 'urn:app'))),
    );
    assert.deepEqual(
      taken.filter((isKept) => isKept),
      [true],
    );
    assert.equal((await storage.read.relyingParties.list('tenant-3', 10)).length, 1);
  });

  test('a relying party that is saved again is replaced, and frees the identifier that it had', async () => {
    await save('tenant-4', party('principal-1', 'urn:old'));
    await save('tenant-4', party('principal-1', 'urn:new'));
    assert.equal(await save('tenant-4', party('principal-2', 'urn:old')), true);
    assert.equal(await save('tenant-4', party('principal-2', 'urn:new')), false);
    const { relyingParties } = storage.read;
    const first = await relyingParties.list('tenant-4', 1);
    assert.deepEqual(
      first.map(({ identifier }) => identifier),
      ['urn:new'],
    );
    const rest = await relyingParties.list('tenant-4', 10, 'principal-1');
    assert.deepEqual(
      rest.map(({ identifier }) => identifier),
      ['urn:old'],
    );
  });

  test('writing is told to the change feed, removing once', async () => {
    const place = await storage.read.changes.end();
    await save('tenant-5', party('principal-1', 'urn:app'));
    await save('tenant-5', { ...party('principal-1', 'urn:app'), tokenLifetimeSeconds: 60 });
    assert.deepEqual([await remove('tenant-5', 'principal-1'), await remove('tenant-5', 'principal-1')], [true, false]);
    const changes = await readChanges(storage, place, 3, 'tenant-5');
    assert.deepEqual(
      changes.map(({ verb }) => verb),
      ['created', 'updated', 'deleted'],
    );
    assert.equal(await storage.read.relyingParties.find('tenant-5', 'principal-1'), undefined);
  });
}
