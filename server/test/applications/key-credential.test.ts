import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, test } from 'node:test';
import { readKeyCredentials } from '../../src/applications/key-credential.ts';
import { makeCertificate } from './certificate.ts';

const now = new Date('2026-06-01T00:00:00Z');
type Input = Record<string, string | null>;

let der: Buffer;
let pem: string;

before(async () => {
  ({ der, pem } = await makeCertificate());
});

function read(input: Input, kept: Parameters<typeof readKeyCredentials>[1] = []) {
  return readKeyCredentials([input], kept, now, () => 'new-id');
}

test('a certificate is kept with its thumbprint and its times', () => {
  const [credential] = read({ key: der.toString('base64') });
  assert.deepEqual(credential, {
    keyId: 'new-id',
    displayName: 'CN=insurance-web',
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
    key: der.toString('base64'),
    customKeyIdentifier: createHash('sha1').update(der).digest('hex').toUpperCase(),
    startDateTime: '2026-01-01T00:00:00.000Z',
    endDateTime: '2027-01-01T00:00:00.000Z',
  });
});

test('Interop: az sends the base64 of a certificate with line breaks', () => {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  const [credential] = read({ key: lines.join('\n'), usage: 'Verify', type: 'AsymmetricX509Cert' });
  assert.equal(credential?.key, der.toString('base64'));
});

test('of a PEM file only the certificate is kept, not the private key in it', () => {
  const [credential] = read({ key: Buffer.from(pem).toString('base64') });
  assert.equal(credential?.key, der.toString('base64'));
});

test('a kept credential that comes back without its key stays as it is', () => {
  const kept = read({ key: der.toString('base64'), keyId: 'a', displayName: 'old' });
  const [credential] = read({ keyId: 'a', key: null, displayName: 'new' }, kept);
  assert.deepEqual(credential, { ...kept[0], displayName: 'new' });
});

test('a key credential ends with its certificate at the latest', () => {
  const [credential] = read({ key: der.toString('base64'), endDateTime: '2027-01-01T00:00:00.5Z' });
  assert.equal(credential?.endDateTime, '2027-01-01T00:00:00.000Z');
});

test('a certificate with an EC key is taken', async () => {
  const { der: ec } = await makeCertificate({ curve: 'P-256' });
  assert.equal(read({ key: ec.toString('base64') })[0]?.key, ec.toString('base64'));
});

const refused: Record<string, [() => Input, RegExp]> = {
  'without a key': [() => ({ keyId: 'unknown' }), /no key/],
  'that is not base64': [() => ({ key: '<xml/>' }), /not base64/],
  'that is no certificate': [() => ({ key: Buffer.from('hello').toString('base64') }), /no X\.509/],
  'that is cut off': [() => ({ key: der.subarray(0, 200).toString('base64') }), /no X\.509/],
  'that is too long': [() => ({ key: 'A'.repeat(64_004) }), /not base64/],
  'of another type': [() => ({ key: der.toString('base64'), type: 'Symmetric' }), /type/],
  'of another usage': [() => ({ key: der.toString('base64'), usage: 'Sign' }), /usage/],
  'that ends before it starts': [
    () => ({ key: der.toString('base64'), startDateTime: '2026-12-01T00:00:00Z', endDateTime: '2026-11-01T00:00:00Z' }),
    /does not end after it starts/,
  ],
  'with times that are none': [() => ({ key: der.toString('base64'), startDateTime: 'soon' }), /does not end/],
  'that has expired': [() => ({ key: der.toString('base64'), endDateTime: '2026-02-01T00:00:00Z' }), /expired/],
};

for (const [what, [input, reason]] of Object.entries(refused)) {
  test(`a key credential ${what} is refused`, () => {
    assert.throws(() => read(input()), { code: 'applications.key_credential_invalid', message: reason });
  });
}

test('a certificate with a weak RSA key is refused', async () => {
  const { der: weak } = await makeCertificate({ bits: 1024 });
  assert.throws(() => read({ key: weak.toString('base64') }), { message: /less than 2048 bits/ });
});

test('two key credentials with one keyId are refused, and what is no list of objects with texts', () => {
  const input = { key: der.toString('base64'), keyId: 'a' };
  assert.throws(() => readKeyCredentials([input, input], [], now, () => 'x'), { message: /same keyId/ });
  for (const given of ['x', [null], ['x'], [{ key: 1 }]]) {
    assert.throws(() => readKeyCredentials(given, [], now, () => 'x'), { code: 'applications.key_credential_invalid' });
  }
});
