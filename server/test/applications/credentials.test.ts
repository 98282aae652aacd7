import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  type ClientSecret,
  type FederatedCredential,
  findClientSecret,
  findFederatedCredential,
} from '../../src/applications/index.ts';

const now = new Date('2026-06-01T00:00:00Z');

function secret(id: string, text: string, startsAt = '2026-01-01', endsAt = '2027-01-01'): ClientSecret {
  const digest = createHash('sha256').update(text).digest('base64url');
  return {
    id,
    objectId: 'app',
    displayName: null,
    hint: '',
    digest,
    startsAt: new Date(startsAt),
    endsAt: new Date(endsAt),
  };
}

test('a presented secret is found among several, and told apart when it is not valid now', () => {
  const secrets = [
    secret('a', 'one'),
    secret('b', 'two', '2025-01-01', '2026-06-01'),
    secret('c', 'three', '2026-07-01'),
  ];
  assert.deepEqual(findClientSecret(secrets, 'one', now), { secret: secrets[0], state: 'valid' });
  assert.deepEqual(findClientSecret(secrets, 'two', now), { secret: secrets[1], state: 'expired' });
  assert.deepEqual(findClientSecret(secrets, 'three', now), { secret: secrets[2], state: 'notYetValid' });
});

test('another text is no secret, however much of one it has', () => {
  const secrets = [secret('a', 'csec_secret')];
  for (const text of ['', 'csec_secre', 'csec_secret ', 'CSEC_SECRET', secrets[0]?.digest ?? '']) {
    assert.equal(findClientSecret(secrets, text, now), undefined, text);
  }
  assert.equal(findClientSecret([], 'csec_secret', now), undefined);
});

const credential: FederatedCredential = {
  id: '1',
  objectId: 'app',
  name: 'deploy',
  issuer: 'https://token.actions.githubusercontent.com',
  subject: 'repo:contoso/insurance:environment:Production',
  audiences: ['api://AzureADTokenExchange'],
  description: null,
  createdAt: now,
};
const { issuer, subject, audiences } = credential;

test('a token of the trusted issuer, subject and audience meets the credential', () => {
  assert.equal(findFederatedCredential([credential], { issuer, subject, audiences }), credential);
});

const foreign = {
  'an issuer with a trailing slash': { issuer: `${issuer}/`, subject, audiences },
  'an issuer that looks alike': { issuer: issuer.replace('.com', '.com.evil.example'), subject, audiences },
  'an issuer in another case': { issuer: issuer.toUpperCase(), subject, audiences },
  'a subject in another case': { issuer, subject: subject.toLowerCase(), audiences },
  'a longer subject': { issuer, subject: `${subject}-2`, audiences },
  'another audience': { issuer, subject, audiences: ['api://other'] },
  'several audiences, of which one is right': { issuer, subject, audiences: [...audiences, 'api://other'] },
  'no audience': { issuer, subject, audiences: [] },
};

for (const [what, token] of Object.entries(foreign)) {
  test(`a token with ${what} meets no federated credential`, () => {
    assert.equal(findFederatedCredential([credential], token), undefined);
  });
}
