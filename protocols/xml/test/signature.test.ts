import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { test } from 'node:test';
import { DOMParser } from '@xmldom/xmldom';
import fc from 'fast-check';
import { SignedXml } from 'xml-crypto';
import {
  defaultSignatureAlgorithms,
  findNamespace,
  getChild,
  isSigned,
  listElements,
  parseXml,
  type SignatureAlgorithm,
  type SignatureTrust,
  type SignedElementSchema,
  signatureAlgorithms,
  signatureNamespace,
  signElement,
  verifySignature,
  vocabulary,
  writeXml,
  type XmlElement,
  XmlError,
  type XmlRefusal,
} from '../src/index.ts';
import { anyElement, meaning } from './documents.ts';
import { digest, ec, otherRsa, rsa, signer, verificationKey } from './node-cryptography.ts';

const letter: SignedElementSchema = { namespace: 'urn:t', name: 'Letter', idAttribute: 'ID', place: { after: 'From' } };
const page: SignedElementSchema = { namespace: 'urn:t', name: 'Page', idAttribute: 'PageID', place: 'last' };
const cover: SignedElementSchema = { namespace: 'urn:t', name: 'Cover', idAttribute: 'ID', place: 'first' };
const schemas = [letter, page, cover];

const rsaSigner = signer('rsa-sha256', rsa.privateKey, 'TUlJ');
const trust: SignatureTrust = {
  keys: [verificationKey('other', otherRsa.publicKey), verificationKey('rsa', rsa.publicKey)],
  algorithms: defaultSignatureAlgorithms,
};

const build = vocabulary({ t: 'urn:t' });
const plainLetter = build('t:Letter', { ID: '_1' }, [build('t:From', {}, 'Marge'), build('t:Text', {}, 'Hello')]);
const signedLetter = writeXml(await signElement(plainLetter, letter, rsaSigner, digest));

function gate(document: string | XmlElement, trusted = trust, pick = (root: XmlElement) => root) {
  const root = typeof document === 'string' ? parseXml(document) : document;
  return verifySignature(root, pick(root), schemas, trusted, digest);
}

async function refuses(
  document: string | XmlElement,
  code: XmlRefusal,
  trusted = trust,
  pick?: (root: XmlElement) => XmlElement,
) {
  await assert.rejects(
    async () => gate(document, trusted, pick),
    (error: unknown) => error instanceof XmlError && error.code === code,
    `must be refused as ${code}`,
  );
}

/** The signed letter with one thing exchanged, which must be there. */
function tampered(search: string, replacement: string): string {
  assert.ok(signedLetter.includes(search), search);
  return signedLetter.replace(search, replacement);
}

test('XML Signature 3.1, SAML Core 5.4: what is signed is verified, and only that is returned', async () => {
  const { element, keyId, algorithm } = await gate(signedLetter);
  assert.deepEqual([keyId, algorithm], ['rsa', 'rsa-sha256']);
  assert.deepEqual(meaning(element), meaning(plainLetter));
  assert.equal(isSigned(parseXml(signedLetter), schemas), true);
  assert.equal(isSigned(plainLetter, schemas), false);
  assert.equal(isSigned(build('t:Other'), schemas), false);
});

test('each kind of element carries its signature where its schema says', async () => {
  const places: [SignedElementSchema, XmlElement, number][] = [
    [letter, build('t:Letter', { ID: '_1' }, build('t:Text')), 0],
    [letter, plainLetter, 1],
    [page, build('t:Page', { PageID: '_1' }, ['\n', build('t:Text'), '\n']), 1],
    [cover, build('t:Cover', { ID: '_1' }, build('t:Text')), 0],
  ];
  for (const [schema, element, index] of places) {
    const signed = parseXml(writeXml(await signElement(element, schema, rsaSigner, digest)));
    assert.equal(listElements(signed)[index]?.name, 'Signature');
    assert.deepEqual(meaning((await gate(signed)).element), meaning(element));
  }
});

test('RFC 9231 2.3: every algorithm of the table signs and verifies, when the trust allows it', async () => {
  const pairs = { rsa, ec };
  for (const algorithm of Object.keys(signatureAlgorithms) as SignatureAlgorithm[]) {
    const { keyType } = signatureAlgorithms[algorithm];
    const { privateKey, publicKey } = pairs[keyType];
    const keys = [verificationKey('key', publicKey)];
    const signed = writeXml(await signElement(plainLetter, letter, signer(algorithm, privateKey), digest));
    assert.equal((await gate(signed, { keys, algorithms: [algorithm] })).algorithm, algorithm);
    const others = defaultSignatureAlgorithms.filter((name) => name !== algorithm);
    await refuses(signed, 'signature.algorithm', { keys, algorithms: others });
  }
});

test('a signature inside a signed element is covered, and verifies inside what was returned', async () => {
  const inner = await signElement(build('t:Page', { PageID: '_2' }), page, rsaSigner, digest);
  const outer = build('t:Letter', { ID: '_1' }, [build('t:From', {}, 'Marge'), inner]);
  const signed = parseXml(writeXml(await signElement(outer, letter, rsaSigner, digest)));
  const verified = (await gate(signed)).element;
  const pageOf = (root: XmlElement) => getChild(root, 'urn:t', 'Page');
  assert.equal((await gate(verified, trust, pageOf)).element.name, 'Page');
  assert.equal((await gate(signed, trust, pageOf)).element.name, 'Page');
});

test('XML Signature 3.2: changed content, values and keys are refused', async () => {
  await refuses(tampered('Hello', 'Hullo'), 'signature.digest');
  await refuses(tampered('Hello', 'Hello '), 'signature.digest');
  await refuses(tampered('<t:Text>', '<t:Text x="">'), 'signature.digest');
  const value = /<ds:SignatureValue>(.{4})/.exec(signedLetter)?.[1] ?? '';
  await refuses(tampered(`<ds:SignatureValue>${value}`, '<ds:SignatureValue>AAAA'), 'signature.value');
  await refuses(signedLetter, 'signature.value', { ...trust, keys: [verificationKey('other', otherRsa.publicKey)] });
  await refuses(signedLetter, 'signature.value', { ...trust, keys: [verificationKey('ec', ec.publicKey)] });
  await refuses(signedLetter, 'signature.value', { ...trust, keys: [] });
  // The digest is forged in SignedInfo: then its signature no longer holds.
  await refuses(tampered('<ds:DigestValue>', '<ds:DigestValue>AAAA'), 'signature.value');
  await refuses(tampered('</ds:DigestValue>', '=</ds:DigestValue>'), 'xml.base64');
});

test('NIST SP 800-131A: short RSA keys are refused', async () => {
  const weak = crypto.generateKeyPairSync('rsa', { modulusLength: 1024 });
  const signed = writeXml(await signElement(plainLetter, letter, signer('rsa-sha256', weak.privateKey), digest));
  await refuses(signed, 'signature.weak_key', { ...trust, keys: [verificationKey('weak', weak.publicKey)] });
});

test('SAML Core 5.4.2: a reference to anything but the element itself is refused', async () => {
  for (const reference of ['URI=""', 'URI="#_2"', 'URI="#xpointer(id(\'_1\'))"', 'URI="http://a.example/#_1"', '']) {
    await refuses(tampered('URI="#_1"', reference), 'signature.reference');
  }
  await refuses(tampered('ID="_1"', 'xml:id="_1"'), 'signature.reference');
  await refuses(tampered('ID="_1"', 'Id="_1"'), 'signature.reference');
  await refuses(tampered('ID="_1"', 't:ID="_1"'), 'signature.reference');
});

test('SAML Core 5.4.2: identifiers are unique, whatever attribute holds them', async () => {
  for (const attribute of ['ID="_1"', 'Id="_1"', 'id="_1"', 'xml:id="_1"', 't:ID="_1"', 'PageID="_1"']) {
    await refuses(tampered('<t:Text>', `<t:Text ${attribute}>`), 'signature.duplicate_id');
  }
});

test('SAML Core 5.4.3, 5.4.4: other canonicalizations and transforms are refused', async () => {
  const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
  const method = `<ds:CanonicalizationMethod Algorithm="${exclusive}">`;
  for (const other of ['http://www.w3.org/TR/2001/REC-xml-c14n-20010315', `${exclusive}WithComments`, '']) {
    await refuses(tampered(method, method.replace(exclusive, other)), 'signature.canonicalization');
    await refuses(
      tampered(`<ds:Transform Algorithm="${exclusive}">`, `<ds:Transform Algorithm="${other}">`),
      'signature.transform',
    );
  }
  await refuses(tampered(method, `${method}<x/>`), 'signature.canonicalization');
  const manyPrefixes = Array.from({ length: 40 }, (_, at) => `p${at}`).join(' ');
  const list = `<ec:InclusiveNamespaces xmlns:ec="${exclusive}" PrefixList="${manyPrefixes}"/>`;
  await refuses(tampered(method, method + list), 'signature.canonicalization');
  const transforms = /<ds:Transforms>.*<\/ds:Transforms>/.exec(signedLetter)?.[0] ?? '';
  const transform = (algorithm: string, content = '') =>
    `<ds:Transform Algorithm="${algorithm}">${content}</ds:Transform>`;
  const enveloped = transform('http://www.w3.org/2000/09/xmldsig#enveloped-signature');
  const lists = [
    '',
    enveloped,
    transform(exclusive),
    transform(exclusive) + enveloped,
    enveloped + transform(exclusive) + transform(exclusive),
    enveloped.replace('><', '><x/><') + transform(exclusive),
    enveloped + transform('http://www.w3.org/TR/1999/REC-xslt-19991116', '<x/>'),
    enveloped + transform('http://www.w3.org/TR/1999/REC-xpath-19991116', '<x/>'),
    enveloped + transform('http://www.w3.org/2000/09/xmldsig#base64'),
    `${enveloped}<ds:Other/>`,
  ];
  for (const others of lists) {
    await refuses(tampered(transforms, `<ds:Transforms>${others}</ds:Transforms>`), 'signature.transform');
  }
  await refuses(tampered(transforms, ''), 'signature.malformed');
});

test('XML Signature 6.1: other algorithms, and parameters to known ones, are refused', async () => {
  const method = `<ds:SignatureMethod Algorithm="${signatureAlgorithms['rsa-sha256'].uri}">`;
  for (const uri of [
    'http://www.w3.org/2000/09/xmldsig#hmac-sha1',
    'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256',
    'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
    'http://www.w3.org/2001/04/xmldsig-more#rsa-md5',
    '',
  ]) {
    await refuses(tampered(method, `<ds:SignatureMethod Algorithm="${uri}">`), 'signature.algorithm');
  }
  await refuses(tampered(method, '<ds:SignatureMethod>'), 'signature.algorithm');
  await refuses(tampered(method, `${method}<ds:HMACOutputLength>8</ds:HMACOutputLength>`), 'signature.algorithm');
  const sha256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
  for (const uri of ['http://www.w3.org/2000/09/xmldsig#sha1', 'http://www.w3.org/2001/04/xmldsig-more#md5', '']) {
    await refuses(
      tampered(`<ds:DigestMethod Algorithm="${sha256}">`, `<ds:DigestMethod Algorithm="${uri}">`),
      'signature.algorithm',
    );
  }
});

test('XML Signature 4: parts too many, too few or elsewhere are refused', async () => {
  const signature = /<ds:Signature .*<\/ds:Signature>/.exec(signedLetter)?.[0] ?? '';
  const signedInfo = /<ds:SignedInfo>.*<\/ds:SignedInfo>/.exec(signature)?.[0] ?? '';
  const reference = /<ds:Reference.*<\/ds:Reference>/.exec(signature)?.[0] ?? '';
  await refuses(tampered(signature, ''), 'signature.missing');
  await refuses(tampered(signature, signature + signature), 'signature.several');
  await refuses(tampered(signedInfo, signedInfo + signedInfo), 'signature.malformed');
  await refuses(tampered(signedInfo, ''), 'signature.malformed');
  await refuses(tampered(reference, reference + reference), 'signature.malformed');
  await refuses(tampered(reference, ''), 'signature.malformed');
  await refuses(tampered('</ds:Signature>', '<ds:Object><x/></ds:Object></ds:Signature>'), 'signature.malformed');
  const keyInfo = /<ds:KeyInfo>.*<\/ds:KeyInfo>/.exec(signature)?.[0] ?? '';
  await refuses(tampered(keyInfo, '<ds:Object/>'), 'signature.malformed');
  assert.equal((await gate(tampered(keyInfo, '<ds:KeyInfo><ds:KeyValue/></ds:KeyInfo>'))).keyId, 'rsa');
  assert.equal((await gate(tampered(keyInfo, ''))).keyId, 'rsa');
  // Elsewhere in the letter, or around it.
  const unsigned = tampered(signature, '');
  await refuses(unsigned.replace('<t:Text>', `${'<t:Text>'}${signature}`).replace('Hello', ''), 'signature.misplaced');
  await refuses(unsigned.replace('</t:Letter>', `${signature}</t:Letter>`), 'signature.misplaced');
  await refuses(unsigned.replace('<t:From>', `${signature}<t:From>`), 'signature.misplaced');
  await refuses(signature, 'signature.misplaced', trust, () => plainLetter);
  await refuses(`<t:Cover xmlns:t="urn:t">${signature}</t:Cover>`, 'signature.reference');
  await refuses(signature, 'signature.missing');
});

test('a digest or signature value beside a comment is refused', () => {
  assert.throws(
    () => parseXml(tampered('<ds:DigestValue>', '<ds:DigestValue><!--AAAA-->')),
    (error: unknown) => error instanceof XmlError && error.code === 'xml.interrupted_text',
  );
});

test('Exclusive XML Canonicalization 4: a prefix list keeps declarations that only values use', async () => {
  const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
  const list = `<ec:InclusiveNamespaces xmlns:ec="${exclusive}" PrefixList="xs  #default"></ec:InclusiveNamespaces>`;
  const content = '<t:From xmlns:t="urn:t">x</t:From>';
  const start = '<t:Letter xmlns="urn:d" xmlns:t="urn:t" xmlns:xs="urn:xs" ID="_1" type="xs:string">';
  const canonical = `${start}<t:From>x</t:From></t:Letter>`;
  const digestValue = crypto.createHash('sha256').update(canonical).digest('base64');
  const signedInfo =
    '<ds:SignedInfo xmlns="urn:d" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:xs="urn:xs">' +
    `<ds:CanonicalizationMethod Algorithm="${exclusive}">${list}</ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${signatureAlgorithms['rsa-sha256'].uri}"></ds:SignatureMethod>` +
    '<ds:Reference URI="#_1"><ds:Transforms>' +
    '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>' +
    `<ds:Transform Algorithm="${exclusive}">${list}</ds:Transform></ds:Transforms>` +
    '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>' +
    `<ds:DigestValue>${digestValue}</ds:DigestValue></ds:Reference></ds:SignedInfo>`;
  const value = crypto.sign('sha256', Buffer.from(signedInfo), rsa.privateKey).toString('base64');
  const signature =
    '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">' +
    `${signedInfo}<ds:SignatureValue>${value}</ds:SignatureValue></ds:Signature>`;
  const { element } = await gate(`${start}${content}${signature}</t:Letter>`);
  assert.equal(findNamespace(element.scope, 'xs'), 'urn:xs');
});

/** A PEM of the public key, which xml-crypto takes like a certificate. */
const publicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const privatePem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A random element as the content of a letter. */
const anyLetter = anyElement.map((content) => build('t:Letter', { ID: '_1' }, content));

test('xml-crypto verifies what is signed here', async () => {
  await fc.assert(
    fc.asyncProperty(anyLetter, async (element) => {
      const text = writeXml(await signElement(element, letter, rsaSigner, digest));
      const dom = new DOMParser().parseFromString(text, 'text/xml');
      const theirs = new SignedXml({ publicCert: publicPem });
      theirs.loadSignature(dom.getElementsByTagNameNS(signatureNamespace, 'Signature')[0] as never);
      assert.ok(theirs.checkSignature(text));
    }),
    { numRuns: 40 },
  );
});

test('what xml-crypto signs is verified here', async () => {
  await fc.assert(
    fc.asyncProperty(anyLetter, async (element) => {
      const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
      const theirs = new SignedXml({
        privateKey: privatePem,
        signatureAlgorithm: signatureAlgorithms['rsa-sha256'].uri,
        canonicalizationAlgorithm: exclusive,
      });
      theirs.addReference({
        xpath: '/*',
        digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
        transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', exclusive],
      });
      theirs.computeSignature(writeXml(element), { location: { reference: '/*', action: 'prepend' } });
      assert.equal((await gate(theirs.getSignedXml())).keyId, 'rsa');
    }),
    { numRuns: 40 },
  );
});

test('whatever is changed in a signed document, nothing but the signed content comes out', async () => {
  const edit = fc.record({ at: fc.nat(), remove: fc.nat(40), from: fc.nat(), length: fc.nat(400) });
  await fc.assert(
    fc.asyncProperty(edit, async ({ at, remove, from, length }) => {
      const place = at % signedLetter.length;
      const piece = signedLetter.slice(from % signedLetter.length).slice(0, length);
      const text = signedLetter.slice(0, place) + piece + signedLetter.slice(place + remove);
      try {
        assert.deepEqual(meaning((await gate(text)).element), meaning(plainLetter));
      } catch (error) {
        assert.ok(error instanceof XmlError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});
