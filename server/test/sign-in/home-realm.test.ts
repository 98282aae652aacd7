import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tenant } from '../../src/directory/index.ts';
import { decideHome, type HomeFacts, readHomes } from '../../src/sign-in/home-realm.ts';
import { completeProvider } from '../../src/upstream-providers/provider.ts';

const provider = (id: string, domains: string[] = []) =>
  completeProvider({ id, displayName: id, issuer: `https://${id}.example`, domains, oidc: { clientId: 'hub' } });
const partner = provider('Partner', ['partner.example']);
const social = provider('Social');

const tenant: Tenant = {
  id: 'tenant',
  name: 'contoso',
  displayName: 'Contoso',
  createdAt: new Date(0),
  domains: ['contoso.example', 'federated.example'].map((name) => ({
    name,
    isInitial: false,
    isDefault: false,
    verifiedAt: new Date(0),
  })),
  hosts: [],
  settings: { federatedDomains: { 'federated.example': 'partner' } },
};

const usual: HomeFacts = {
  tenant,
  requested: { domainHint: null, loginHint: null, prompts: [] },
  progress: { home: null, choosesHome: false, path: 'signIn' },
  homes: { providers: [partner, social], isLocal: true },
  rememberedHome: null,
  person: undefined,
};

function home(facts: Partial<HomeFacts>): string {
  const decided = decideHome({ ...usual, ...facts });
  return decided.kind === 'provider' ? decided.provider.id : decided.kind;
}
const hint = (domainHint: string) => ({ requested: { ...usual.requested, domainHint } });
const login = (loginHint: string) => ({ requested: { ...usual.requested, loginHint } });

test('without providers people sign in here, and with a single place they are sent there', () => {
  assert.equal(home({ homes: { providers: [], isLocal: true } }), 'local');
  assert.equal(home({ homes: { providers: [social], isLocal: false } }), 'Social');
  assert.equal(home({}), 'choose');
});

test('a hint leads by domain, id or issuer, in any case of letters', () => {
  for (const text of ['partner.example', 'PARTNER.example', 'partner', 'https://Partner.example']) {
    assert.equal(home(hint(text)), 'Partner', text);
  }
  assert.equal(home(hint('federated.example')), 'Partner');
  assert.equal(home(hint('contoso.example')), 'local');
  assert.equal(home(login('marge@partner.example')), 'Partner');
  assert.equal(home(login('marge@federated.example')), 'Partner');
});

test('bad-inputs 10: a hint to an unknown or disabled provider is passed over', () => {
  assert.equal(home(hint('nobody.example')), 'choose');
  const disabled = { ...partner, isEnabled: false };
  const homes = readHomes([disabled, social], { providers: null, accountNames: ['emailAddress'] });
  assert.equal(home({ ...hint('partner.example'), homes }), 'local');
});

test('the last choice is taken again, unless the person is to choose an account or tried in vain', () => {
  assert.equal(home({ rememberedHome: 'Social' }), 'Social');
  assert.equal(home({ rememberedHome: 'Gone' }), 'choose');
  assert.equal(home({ rememberedHome: 'Social', ...hint('partner') }), 'Partner');
  const requested = { ...usual.requested, prompts: ['select_account'] as const };
  assert.equal(home({ rememberedHome: 'Social', requested }), 'choose');
  assert.equal(home({ rememberedHome: 'Social', progress: { ...usual.progress, choosesHome: true } }), 'choose');
});

test('what was chosen counts before every hint, as long as it is offered', () => {
  assert.equal(home({ ...hint('partner'), progress: { ...usual.progress, home: { provider: 'social' } } }), 'Social');
  assert.equal(home({ ...hint('partner'), progress: { ...usual.progress, home: 'local' } }), 'local');
  assert.equal(home({ progress: { ...usual.progress, home: { provider: 'Gone' } } }), 'choose');
});

test('where buttons are enough, the page for the password has them; whoever signs up gets them with the first page', () => {
  assert.equal(home({ homes: { providers: [social], isLocal: true } }), 'local');
  assert.equal(home({ homes: { providers: [social, { ...social, isListed: false }], isLocal: true } }), 'choose');
  assert.equal(home({ homes: { providers: [social, social], isLocal: false } }), 'choose');
  const progress = { ...usual.progress, path: 'signUp' } as const;
  assert.equal(home({ progress, rememberedHome: 'Social' }), 'local');
  assert.equal(home({ progress, ...hint('partner') }), 'Partner');
  assert.equal(home({ progress, homes: { providers: [partner, social], isLocal: false } }), 'choose');
});

test('a flow narrows the places', () => {
  const ids = (providers: readonly string[] | null, accountNames: readonly 'emailAddress'[]) => {
    const homes = readHomes([partner, social], { accountNames, providers });
    return [...homes.providers.map(({ id }) => id), ...(homes.isLocal ? ['local'] : [])];
  };
  assert.deepEqual(ids(null, ['emailAddress']), ['Partner', 'Social', 'local']);
  assert.deepEqual(ids([], ['emailAddress']), ['local']);
  assert.deepEqual(ids(['PARTNER'], ['emailAddress']), ['Partner', 'local']);
  assert.deepEqual(ids(['social'], []), ['Social']);
});

test('whoever must prove it again does so where it was proven', () => {
  const at = new Date(0);
  const federated = { provider: 'Social', context: 'singleFactor', authenticatedAt: at, claims: [] } as const;
  assert.equal(home({ person: { factors: [{ method: 'federated', at, federated }] } }), 'Social');
  assert.equal(home({ person: { factors: [{ method: 'password', at }] } }), 'local');
});
