import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noGroups } from '../../rule-groups/index.ts';
import type { UpstreamProvider } from '../../upstream-providers/index.ts';
import type { OpenedDatabase } from './database.ts';

const at = new Date(1000);

export function provider(id: string): UpstreamProvider {
  return {
    id,
    displayName: 'My Company',
    logo: null,
    isEnabled: true,
    isListed: true,
    issuer: `https://${id}.example`,
    domains: [],
    createsUsers: false,
    isMultiFactorTrusted: false,
    acceptanceRules: null,
    acceptanceRuleGroups: noGroups,
    metadataExchangeAddress: null,
    activeSignInAddress: null,
    isMetadataExpired: false,
    protocol: 'oidc',
    oidc: {
      clientId: 'hub',
      scopes: ['openid'],
      endpoints: null,
      clientAuthentication: 'none',
      algorithms: ['RS256'],
      responseMode: 'query',
      identifiedBy: 'idToken',
      subjectClaim: 'sub',
      readsUserInfo: false,
      endsSession: false,
    },
  };
}

/** What any store of identity providers must do. */
export function upstreamProviderConformance({ storage }: OpenedDatabase): void {
  const save = (tenantId: string, wanted: UpstreamProvider) =>
    storage.write(({ upstreamProviders }) => upstreamProviders.save(tenantId, wanted, at));

  test('a provider is found by its id in any case, in its tenant only', async () => {
    const wanted = provider('MyCompany');
    await save('tenant-1', wanted);
    const { upstreamProviders } = storage.read;
    assert.deepEqual(await upstreamProviders.find('tenant-1', 'MYCOMPANY'), wanted);
    assert.equal(await upstreamProviders.find('tenant-2', 'MyCompany'), undefined);
    await save('tenant-1', { ...wanted, displayName: 'Renamed' });
    const listed = await upstreamProviders.list('tenant-1');
    assert.deepEqual(listed, [{ ...wanted, displayName: 'Renamed' }]);
  });

  test('the secret of a provider stays when the provider changes, and goes with it', async () => {
    await save('tenant-3', provider('one'));
    const { upstreamProviders } = storage.read;
    assert.equal(await upstreamProviders.findSecret('tenant-3', 'one'), undefined);
    await storage.write((stores) => stores.upstreamProviders.saveSecret('tenant-3', 'ONE', 'hidden', at));
    await save('tenant-3', { ...provider('one'), isEnabled: false });
    assert.equal(await upstreamProviders.findSecret('tenant-3', 'one'), 'hidden');
    const remove = () => storage.write((stores) => stores.upstreamProviders.remove('tenant-3', 'One', at));
    assert.deepEqual([await remove(), await remove()], [true, false]);
    await save('tenant-3', provider('one'));
    assert.equal(await upstreamProviders.findSecret('tenant-3', 'one'), undefined);
  });

  test('two providers of a tenant cannot be kept with one issuer', async () => {
    await save('tenant-4', provider('one'));
    await assert.rejects(save('tenant-4', { ...provider('two'), issuer: 'https://ONE.example' }));
  });
}
