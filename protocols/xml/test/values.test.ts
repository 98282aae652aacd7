import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decodeBase64,
  encodeBase64,
  findAttribute,
  findChild,
  formatInstant,
  getAttribute,
  getChild,
  listChildren,
  parseBoolean,
  parseInstant,
  parseUnsignedShort,
  parseXml,
  textOf,
  tokenOf,
  XmlError,
  xmlRefusals,
} from '../src/index.ts';

const refused = (code: string) => (error: unknown) => error instanceof XmlError && error.code === code;

test('XML Schema part 2, 3.2.7: times have a zone and exist', () => {
  assert.equal(formatInstant(parseInstant('2026-11-21T19:23:00Z')), '2026-11-21T19:23:00.000Z');
  assert.equal(formatInstant(parseInstant(' 2026-11-21T19:23:00.1234567+01:00\n')), '2026-11-21T18:23:00.123Z');
  for (const text of [
    '',
    '2026-11-21',
    '2026-11-21T19:23:00',
    '2026-02-30T00:00:00Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21T19:23:60Z',
    '2026-11-21T19:23:00+99:99',
    '99999-01-01T00:00:00Z',
    '2026-11-21t19:23:00z',
  ]) {
    assert.throws(() => parseInstant(text), refused('xml.unexpected_content'), text);
  }
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
      (instant) => {
        assert.deepEqual(parseInstant(formatInstant(instant)), instant);
      },
    ),
  );
});

test('XML Schema part 2, 3.2.2 and 3.3.23: booleans and numbers have their lexical forms', () => {
  assert.deepEqual(['true', '1', ' false', '0'].map(parseBoolean), [true, true, false, false]);
  for (const text of ['', 'TRUE', 'yes', '2'])
    assert.throws(() => parseBoolean(text), refused('xml.unexpected_content'));
  assert.deepEqual(['0', '65535', ' +7 '].map(parseUnsignedShort), [0, 65535, 7]);
  for (const text of ['', '-1', '65536', '1.0', '0x1']) {
    assert.throws(() => parseUnsignedShort(text), refused('xml.unexpected_content'));
  }
});

test('XML Schema part 2, 3.2.16: base64 is read in its canonical form only', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) =>
      assert.deepEqual(decodeBase64(encodeBase64(bytes)), bytes),
    ),
  );
  const large = new Uint8Array(100_000).fill(7);
  assert.deepEqual(decodeBase64(encodeBase64(large)), large);
  assert.deepEqual(decodeBase64(' AQ\r\nID\t'), Uint8Array.of(1, 2, 3));
  for (const text of ['A', 'AQ', 'AQ=', 'AQ=A', 'A===', '====', 'AR==', 'AAB=', 'AQ-_', 'AQ==AQ==']) {
    assert.throws(() => decodeBase64(text), refused('xml.base64'), text);
  }
});

test('an element is read by what its schema says is there', () => {
  const element = parseXml('<a xmlns:p="urn:p" p:x="1" x="2"> <p:b> 1\n 2 </p:b><c><d/></c><c/>\n</a>');
  assert.equal(findAttribute(element, 'x'), '2');
  assert.equal(findAttribute(element, 'x', 'urn:p'), '1');
  assert.equal(getAttribute(element, 'x'), '2');
  assert.throws(() => getAttribute(element, 'y'), refused('xml.unexpected_content'));
  assert.equal(textOf(getChild(element, 'urn:p', 'b')), ' 1\n 2 ');
  assert.equal(tokenOf(getChild(element, 'urn:p', 'b')), '1 2');
  assert.equal(findChild(element, '', 'b'), undefined);
  assert.throws(() => getChild(element, '', 'b'), refused('xml.unexpected_content'));
  assert.throws(() => findChild(element, '', 'c'), refused('xml.unexpected_content'));
  assert.equal(listChildren(element, '', 'c').length, 2);
  for (const child of listChildren(element, '', 'c').slice(0, 1)) {
    assert.throws(() => textOf(child), refused('xml.unexpected_content'));
  }
  assert.throws(() => findChild(parseXml('<a>text<b/></a>'), '', 'b'), refused('xml.unexpected_content'));
  assert.throws(() => textOf(parseXml('<a>text<b/></a>')), refused('xml.unexpected_content'));
});

test('every refusal has a rule and the place where it stands', () => {
  for (const { rule, spec } of Object.values(xmlRefusals)) assert.ok(rule.endsWith('.') && spec.length > 0);
  const error = new XmlError('xml.doctype', 'There is one.');
  assert.deepEqual([error.name, error.spec], ['XmlError', xmlRefusals['xml.doctype'].spec]);
});
