import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOMParser, onWarningStopParsing } from '@xmldom/xmldom';
import fc from 'fast-check';
import { ExclusiveCanonicalization } from 'xml-crypto';
import {
  canonicalize,
  messageLimits,
  metadataLimits,
  parseXml,
  textOf,
  writeXml,
  XmlError,
  type XmlRefusal,
} from '../src/index.ts';
import { anyElement, meaning, printVariant } from './documents.ts';

function refuses(document: string | Uint8Array, code: XmlRefusal, hint = '') {
  assert.throws(
    () => parseXml(document),
    (error: unknown) => error instanceof XmlError && error.code === code && error.message.includes(hint),
    `${document.slice(0, 100)} must be refused as ${code}`,
  );
}

test('XML 1.0 2.1: what is not well-formed is refused, with its place', () => {
  const malformed = [
    ...['', ' ', 'x', '<', '<a', '<a>', '<a></b>', '<a><b></a></b>', '<a/><b/>', '<a/>x', 'x<a/>', '<a/></a>'],
    ...['<a b/>', '<a b=c/>', '<a b="1"c="2"/>', '<a b="1" b="2"/>', '<a b="<"/>', '<a b="x/>', '<a/ >', '< a/>'],
    ...['<1/>', '<a:b:c xmlns:a="urn:a"/>', '<:a/>', '<a :b=""/>', '<a b:="1"/>', '<-/>', '</a>'],
    ...['<×/>', '<a×/>', '<é×/>', '<a b×="1"/>', '<a:/>', '<a b=1/>', '<a b "1"/>', "<a '1'/>", '<a b="1\'/>'],
    ...['<a>& b</a>', '<a>&amp</a>', '<a>&foo;</a>', '<a b="&copy;"/>', '<a>&#xZ;</a>', '<a>&#;</a>'],
    ...[
      '<a>&#0;</a>',
      '<a>&#x1F;</a>',
      '<a>&#xD800;</a>',
      '<a>&#x110000;</a>',
      '<a>&#99999999;</a>',
      '<a>&#xFFFE;</a>',
    ],
    ...['<a>\u0001</a>', '<a b="\u0001"/>', '<a>\uFFFF</a>', '<a>\uD800</a>', '<a>]]></a>'],
    ...['<a><!-- -- --></a>', '<a><!-- </a>', '<a><!-->', '<a><![CDATA[</a>', '<a xmlns="urn:a" xmlns="urn:b"/>'],
    ...['<?xml version="1.1"?><a/>', ' <?xml version="1.0"?><a/>', '<?xml version="1.0"?><?xml version="1.0"?><a/>'],
  ];
  for (const document of malformed) {
    assert.throws(
      () => parseXml(document),
      (error: unknown) =>
        error instanceof XmlError &&
        (error.code === 'xml.malformed' || (document.includes('<?') && error.code === 'xml.processing_instruction')),
      document,
    );
  }
  refuses('<a>\n  <b></a>', 'xml.malformed', '(line 2, column 6)');
});

test('Namespaces in XML 1.0 3: undeclared and abused prefixes and relative names are refused', () => {
  const documents = [
    ...['<p:a/>', '<a p:b="1"/>', '<xmlns:a/>', '<a xmlns:b:c="urn:a"/>', '<a xmlns:p=""/>'],
    ...['<a xmlns:xml="urn:x"/>', '<a xmlns:p="http://www.w3.org/XML/1998/namespace"/>', '<a xmlns:xmlns="urn:x"/>'],
    ...['<a xmlns="http://www.w3.org/2000/xmlns/"/>', '<a xmlns="http://www.w3.org/XML/1998/namespace"/>'],
    ...['<a xmlns="relative"/>', '<a xmlns:p="../b"/>', `<a xmlns="urn:${'x'.repeat(300)}"/>`],
  ];
  for (const document of documents.filter((text) => !text.includes('b:c'))) refuses(document, 'xml.namespace');
  refuses('<a xmlns:b:c="urn:a"/>', 'xml.malformed');
  refuses('<a xmlns:p="urn:u" xmlns:q="urn:u" p:x="1" q:x="2"/>', 'xml.malformed', 'twice');
  assert.equal(parseXml('<xml:a xmlns:xml="http://www.w3.org/XML/1998/namespace"/>').prefix, 'xml');
  assert.equal(parseXml('<a xmlns="urn:a"><b xmlns=""/></a>').children.length, 1);
});

test('XML 1.0 2.3: names have letters of every alphabet, from the first one on or later', () => {
  const { name, prefix, attributes } = parseXml('<Élan:naïve·x xmlns:Élan="urn:é" žluť = "1" a-.9_="2"/>');
  assert.deepEqual([prefix, name], ['Élan', 'naïve·x']);
  assert.deepEqual(
    attributes.map((attribute) => [attribute.name, attribute.value]),
    [
      ['žluť', '1'],
      ['a-.9_', '2'],
    ],
  );
});

test('SOAP 1.2 part 1, 5: document type declarations and processing instructions are refused', () => {
  refuses('<!DOCTYPE a><a/>', 'xml.doctype');
  refuses('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 'xml.doctype');
  refuses('<a><!ENTITY x "y"></a>', 'xml.doctype');
  refuses('<?xml version="1.0"?>\n<!DOCTYPE a><a/>', 'xml.doctype');
  refuses('<?target data?><a/>', 'xml.processing_instruction');
  refuses('<a>admin<?x?>@example.test</a>', 'xml.processing_instruction');
});

test('XML 1.0 4.3.3: a document is UTF-8, and says nothing else', () => {
  const utf8 = new TextEncoder();
  assert.equal(textOf(parseXml(utf8.encode('<?xml version="1.0" encoding="UTF-8"?><a>é</a>'))), 'é');
  assert.equal(textOf(parseXml("<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n<a>é</a>")), 'é');
  assert.equal(textOf(parseXml('\uFEFF<a>é</a>')), 'é');
  refuses('<?xml version="1.0" encoding="utf-16"?><a/>', 'xml.encoding');
  refuses(Uint8Array.of(0x3c, 0x61, 0x3e, 0xe9, 0x3c, 0x2f, 0x61, 0x3e), 'xml.encoding');
  refuses(Uint8Array.of(0xff, 0xfe, 0x3c, 0x00), 'xml.encoding');
});

test('documents above the limits are refused quickly', () => {
  refuses(`<a>${'x'.repeat(messageLimits.size)}</a>`, 'xml.too_large');
  refuses('<a>'.repeat(10_000), 'xml.too_deep');
  refuses(`<a ${Array.from({ length: 10_000 }, (_, at) => `b${at}=""`).join(' ')}/>`, 'xml.too_many_attributes');
  refuses(`<a ${' '.repeat(200_000)}`, 'xml.malformed');
  refuses(`<${'a'.repeat(200_000)}`, 'xml.malformed');
  refuses('<'.repeat(200_000), 'xml.malformed');
  refuses(`<a>${'&amp'.repeat(50_000)}</a>`, 'xml.malformed');
  const large = `<a>${'x'.repeat(metadataLimits.size)}</a>`;
  assert.throws(() => parseXml(large, metadataLimits), /limit is 5000000/);
  assert.equal(parseXml(large.slice(100_000).replace(/^/, '<a>'), metadataLimits).name, 'a');
  assert.equal(parseXml(`${'<a>'.repeat(64)}${'</a>'.repeat(64)}`).name, 'a');
});

test('a text is read whole: what would split it is refused', () => {
  refuses('<NameID>admin@x<!---->.evil</NameID>', 'xml.interrupted_text');
  refuses('<NameID><!-- x -->admin</NameID>', 'xml.interrupted_text');
  refuses('<NameID>admin<![CDATA[@x]]></NameID>', 'xml.interrupted_text');
  refuses('<NameID><![CDATA[admin]]><![CDATA[@x]]></NameID>', 'xml.interrupted_text');
  assert.equal(textOf(parseXml('<NameID><![CDATA[<admin>&amp;]]></NameID>')), '<admin>&amp;');
  assert.deepEqual(parseXml('<!-- 1 --><a> <!-- 2 --> <b/></a><!-- 3 -->\n').children.length, 2);
});

test('XML 1.0 2.11 and 3.3.3: line ends and white space are normalized', () => {
  assert.equal(textOf(parseXml('<a>1\r\n2\r3&#13;</a>')), '1\n2\n3\r');
  assert.equal(parseXml('<a b="1\r\n2\t3&#10;"/>').attributes[0]?.value, '1 2 3\n');
});

test('what is written is read as it was', () => {
  fc.assert(
    fc.property(anyElement, (element) => {
      const text = writeXml(element);
      assert.deepEqual(meaning(parseXml(text)), meaning(element));
      assert.equal(writeXml(parseXml(text)), text);
    }),
  );
});

test('@xmldom/xmldom and xml-crypto read the same from any notation of a document', () => {
  const numbers = fc.infiniteStream(fc.nat(11));
  fc.assert(
    fc.property(anyElement, numbers, (element, stream) => {
      const text = printVariant(element, () => stream.next().value ?? 0);
      const theirs = new DOMParser({ onError: onWarningStopParsing }).parseFromString(text, 'text/xml').documentElement;
      const expected = new ExclusiveCanonicalization().process(theirs as never, {});
      assert.equal(canonicalize(parseXml(text)), expected);
    }),
    { numRuns: 300 },
  );
});

test('whatever is made of a document, it is read or refused', () => {
  const edit = fc.record({
    at: fc.nat(),
    remove: fc.nat(6),
    insert: fc.constantFrom('<', '>', '&', '"', '/', '<!--', ']]>', '\0', ' xmlns="x"', '<!DOCTYPE a>', 'é'),
  });
  fc.assert(
    fc.property(anyElement, fc.array(edit, { maxLength: 3 }), (element, edits) => {
      let text = writeXml(element);
      for (const { at, remove, insert } of edits) {
        const place = at % text.length;
        text = text.slice(0, place) + insert + text.slice(place + remove);
      }
      try {
        parseXml(text);
      } catch (error) {
        assert.ok(error instanceof XmlError, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});
