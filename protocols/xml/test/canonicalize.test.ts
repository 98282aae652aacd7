import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalize, emptyScope, getChild, parseXml, vocabulary, writeXml, XmlError } from '../src/index.ts';

test('Canonical XML 1.0 3.3: start and end tags are written in one way', () => {
  const document = parseXml(
    `<doc><e1   /><e2   ></e2><e3   name = "elem3"   id="elem3"   /><e5 a:attr="out" b:attr="sorted" attr2="all" attr="I'm"
      xmlns:b="http://www.ietf.org" xmlns:a="http://www.w3.org" xmlns="http://example.org"/></doc>`,
  );
  assert.equal(
    canonicalize(document),
    '<doc><e1></e1><e2></e2><e3 id="elem3" name="elem3"></e3>' +
      '<e5 xmlns="http://example.org" xmlns:a="http://www.w3.org" xmlns:b="http://www.ietf.org" attr="I\'m" attr2="all" b:attr="sorted" a:attr="out"></e5></doc>',
  );
});

test('Canonical XML 1.0 3.4: characters are escaped in one way', () => {
  const document = parseXml(
    '<doc><text>First line&#x0d;&#10;Second line</text><value>&#x32;</value><compute><![CDATA[value>"0" && value<"10" ?"valid":"error"]]></compute>' +
      `<compute expr='value>"0" &amp;&amp; value&lt;"10" ?"valid":"error"'>valid</compute><norm attr=' &apos;   &#x20;&#13;&#xa;&#9;   &apos; '/></doc>`,
  );
  assert.equal(
    canonicalize(document),
    '<doc><text>First line&#xD;\nSecond line</text><value>2</value><compute>value&gt;"0" &amp;&amp; value&lt;"10" ?"valid":"error"</compute>' +
      '<compute expr="value>&quot;0&quot; &amp;&amp; value&lt;&quot;10&quot; ?&quot;valid&quot;:&quot;error&quot;">valid</compute>' +
      '<norm attr=" \'    &#xD;&#xA;&#x9;   \' "></norm></doc>',
  );
});

test('Exclusive XML Canonicalization 2.2: the context of an element does not change its form', () => {
  const element =
    '<n1:elem2 xmlns:n1="http://example.net" xml:lang="en"><n3:stuff xmlns:n3="ftp://example.org"></n3:stuff></n1:elem2>';
  const first = parseXml(`<n0:pdu xmlns:n0="http://a.example" xmlns:n3="urn:other">${element}</n0:pdu>`);
  const second = parseXml(
    `<n2:pdu xmlns:n1="http://example.com" xmlns:n2="http://foo.example" xml:lang="fr">${element}</n2:pdu>`,
  );
  for (const document of [first, second]) {
    assert.equal(canonicalize(getChild(document, 'http://example.net', 'elem2')), element);
  }
});

test('Exclusive XML Canonicalization 3: prefixes of the list are declared though nothing uses them', () => {
  const document = parseXml('<a xmlns="urn:d" xmlns:x="urn:x" xmlns:y="urn:y"><x:b type="y:t"/><c xmlns=""/></a>');
  const [element, child] = [document, getChild(document, 'urn:x', 'b')];
  assert.equal(canonicalize(child), '<x:b xmlns:x="urn:x" type="y:t"></x:b>');
  const inclusivePrefixes = ['y', '', 'unknown', 'xml'];
  assert.equal(
    canonicalize(child, { inclusivePrefixes }),
    '<x:b xmlns="urn:d" xmlns:x="urn:x" xmlns:y="urn:y" type="y:t"></x:b>',
  );
  assert.equal(
    canonicalize(element, { inclusivePrefixes }),
    '<a xmlns="urn:d" xmlns:y="urn:y"><x:b xmlns:x="urn:x" type="y:t"></x:b><c xmlns=""></c></a>',
  );
});

test('Canonical XML 1.0 4.8: declarations and attributes are in the order of code points', () => {
  // xml-crypto sorts prefixes by the rules of a language, in which "b" comes before "B".
  assert.equal(
    canonicalize(parseXml('<a xmlns:b="urn:2" xmlns:B="urn:1" b:x="1" B:x="2" xmlnsx="3" y="4"/>')),
    '<a xmlns:B="urn:1" xmlns:b="urn:2" xmlnsx="3" y="4" B:x="2" b:x="1"></a>',
  );
});

test('an element can be left out', () => {
  const document = parseXml('<a><b>1</b><c/></a>');
  assert.equal(canonicalize(document, { without: getChild(document, '', 'b') }), '<a><c></c></a>');
});

test('what is built declares what it uses where it is used, and what it is told to', () => {
  const build = vocabulary({ md: 'urn:md', fed: 'urn:fed', xsi: 'urn:xsi' });
  const element = build(
    'md:Role',
    { 'xsi:type': 'fed:Type', count: 2, flag: true, none: undefined },
    [undefined, '', [build('fed:Name', {}, ['a & b']), build('md:Empty')]],
    ['fed'],
  );
  assert.equal(
    writeXml(element),
    '<md:Role xmlns:fed="urn:fed" xmlns:md="urn:md" xmlns:xsi="urn:xsi" count="2" flag="true" xsi:type="fed:Type">' +
      '<fed:Name>a &amp; b</fed:Name><md:Empty></md:Empty></md:Role>',
  );
  assert.equal(build('md:Plain').scope, emptyScope);
  assert.throws(() => build('md:Role', {}, '\u0000'), XmlError);
  assert.throws(() => build('md:Role', { a: '\uD800' }), XmlError);
});
