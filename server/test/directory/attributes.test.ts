import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { checkAttributes } from '../../src/directory/check-attributes.ts';
import { parseDateTime } from '../../src/directory/date-time.ts';
import { fold } from '../../src/directory/fold.ts';
import { type AttributeChange, type AttributeValue, userKind } from '../../src/directory/index.ts';
import { Refusal } from '../../src/refusal.ts';
import { openStorage, type Storage } from '../../src/storage/index.ts';
import { openTestSqlite, type TestDatabase, testSealing } from '../databases.ts';
import { openTenant } from './open-tenant.ts';

let database: TestDatabase;
let storage: Storage;
before(async () => {
  database = await openTestSqlite();
  await database.engine.migrate();
  storage = openStorage(database.engine, testSealing);
});
after(async () => {
  await storage.close();
  await database.drop();
});

const check = (change: AttributeChange) => checkAttributes(userKind, change, []);
const deep = (levels: number): AttributeValue => (levels === 0 ? 1 : [deep(levels - 1)]);

const refused: Record<string, [attribute: string, value: AttributeValue, problem: RegExp]> = {
  'a number for a text': ['displayName', 7, /must be text/],
  'a text for a truth value': ['accountEnabled', 'true', /must be true or false/],
  'a text for a list': ['otherMails', 'a@b.example', /must be a list/],
  'an empty value in a list': ['otherMails', ['a@b.example', ''], /has an empty value/],
  'too many values': ['businessPhones', Array.from({ length: 21 }, String), /more than 20 values/],
  'a text that is too long': ['givenName', '😀'.repeat(65), /more than 64 characters/],
  'NUL in a text': ['displayName', 'a\0b', /a character that is none/],
  'half of a character': ['displayName', 'a\ud800', /a character that is none/],
  'a value that is not allowed': ['userType', 'Owner', /must be one of Member, Guest/],
  'a date that does not exist': ['employeeHireDate', '2026-02-30', /must be a time/],
  'a number for a time': ['employeeHireDate', 0, /must be a time/],
  'a list for an object': ['onPremisesExtensionAttributes', ['x'], /must be an object/],
  'a member that does not exist': ['onPremisesExtensionAttributes', { extensionAttribute16: 'x' }, /has no member/],
  'an identity without issuer': ['identities', [{ signInType: 'federated', issuerAssignedId: 'x' }], /is required/],
  'a country that is none': ['usageLocation', 'Germany', /more than 2 characters/],
  'a country in small letters': ['usageLocation', 'de', /no country code/],
  'a name without @': ['userPrincipalName', 'marge', /must be a name, an @ and a domain/],
  'a name with two @': ['userPrincipalName', 'a@b@c.example', /must be a name, an @ and a domain/],
  'a name with a space': ['userPrincipalName', 'ma rge@c.example', /has characters/],
  'a name with a dot at its end': ['userPrincipalName', 'marge.@c.example', /has a dot/],
  'a name with a long first part': ['userPrincipalName', `${'m'.repeat(65)}@c.example`, /more than 64 characters/],
  'a name whose domain is none': ['userPrincipalName', 'marge@-.example', /no domain name/],
};

for (const [what, [attribute, value, problem]] of Object.entries(refused)) {
  test(`${what} is refused`, () => {
    assert.throws(
      () => check({ [attribute]: value }),
      (error) => {
        assert.ok(error instanceof Refusal);
        assert.equal(error.code, 'directory.attribute_invalid');
        assert.match(error.message, problem);
        return true;
      },
    );
  });
}

test('attributes that do not exist are refused, whatever they are called', () => {
  for (const attribute of ['displayname', 'shoeSize', '__proto__', 'constructor', 'toString', 'extension_0_x', '']) {
    const change = JSON.parse(`{${JSON.stringify(attribute)}: "x"}`) as AttributeChange;
    assert.throws(() => check(change), { code: 'directory.attribute_unknown' }, attribute);
  }
});

test('JSON that is nested too deep is refused without exhausting anything', () => {
  const kind = { ...userKind, attributes: { json: { type: 'complex' } } } as const;
  let nested: AttributeValue = 1;
  for (let depth = 0; depth < 100_000; depth++) nested = [nested];
  assert.throws(() => checkAttributes(kind, { json: nested }, []), { code: 'directory.attribute_invalid' });
  assert.deepEqual(checkAttributes(kind, { json: deep(10) }, []), { json: deep(10) });
});

test('whatever is given, checking answers or refuses, and its answer is checked to itself', () => {
  const names = fc.constantFrom(...Object.keys(userKind.attributes));
  const value = fc.jsonValue({ maxDepth: 4 });
  fc.assert(
    fc.property(fc.dictionary(names, value, { maxKeys: 4 }), (change) => {
      try {
        const checked = check(change as AttributeChange);
        assert.deepEqual(check(checked), checked);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }),
  );
});

test('RFC 3339 5.6: a time is read whatever its offset and digits, and none that does not exist', () => {
  const read = (text: string) => parseDateTime(text)?.toISOString();
  assert.equal(read('2026-03-01T10:00:00Z'), '2026-03-01T10:00:00.000Z');
  assert.equal(read('2026-03-01t10:00:00.1234567z'), '2026-03-01T10:00:00.123Z');
  assert.equal(read('2015-10-10T14:38:21.8617979-07:00'), '2015-10-10T21:38:21.861Z');
  assert.equal(read('2026-03-01T10:00:00+0230'), '2026-03-01T07:30:00.000Z');
  assert.equal(read('2026-03-01'), '2026-03-01T00:00:00.000Z');
  assert.equal(read('2024-02-29T10:00'), '2024-02-29T10:00:00.000Z');
  for (const text of ['2026-02-29', '2026-13-01', '2026-01-01T25:00:00Z', '26-01-01', '0000-01-01', 'now', '', '1e3']) {
    assert.equal(read(text), undefined, text);
  }
});

test('UAX 15: folding twice is folding once, and texts that look alike fold alike', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(fold(fold(text)), fold(text))));
  for (const [a, b] of [
    ['ＭＡＲＧＥ', 'marge'],
    ['é', 'E\u0301'],
    ['ﬁ', 'FI'],
    ['K', 'k'],
  ] as const) {
    assert.equal(fold(a), fold(b));
  }
  assert.notEqual(fold('ß'), fold('ss'), 'there are people called Weiß and Weiss');
});

test('a document that is too large is refused', async () => {
  const { user } = await openTenant(storage);
  const addresses = Array.from({ length: 250 }, (_, index) => `${index}${'😀'.repeat(300)}`);
  const created = user('huge', { otherMails: addresses, proxyAddresses: addresses });
  await assert.rejects(created, { code: 'directory.object_too_large', status: 413 });
  await user('large', { otherMails: addresses });
});
