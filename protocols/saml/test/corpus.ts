// Hostile SAML responses: made from a good one that asserts Marge, so that a reader who is taken in reads Homer.
import { getChild, signatureNamespace, writeXml, type XmlElement, type XmlNode } from '@countersign/xml';
import { protocolNamespace, samlNamespace } from '../src/index.ts';
import { seal } from './parties.ts';

/** A document that must be refused, and why. */
export interface Hostile {
  name: string;
  text: string;
  reason: string;
}

type Tree = XmlElement;
const replaceContent = (element: Tree, children: readonly XmlNode[]): Tree => ({ ...element, children });
const without = (element: Tree, child: XmlNode): Tree =>
  replaceContent(
    element,
    element.children.filter((other) => other !== child),
  );
const exchange = (element: Tree, old: XmlNode, ...others: XmlNode[]): Tree =>
  replaceContent(
    element,
    element.children.flatMap((child) => (child === old ? others : [child])),
  );
const rename = (element: Tree, id: string): Tree => ({
  ...element,
  attributes: element.attributes.map((attribute) =>
    attribute.name === 'ID' ? { ...attribute, value: id } : attribute,
  ),
});
const element = (namespace: string, prefix: string, name: string, ...children: XmlNode[]): Tree => ({
  prefix,
  name,
  namespace,
  attributes: [],
  children,
  scope: { declared: new Map() },
});

/** The same with another user. */
function forge(tree: Tree): Tree {
  return {
    ...tree,
    children: tree.children.map((child) =>
      typeof child === 'string' ? child.replace('marge', 'homer') : forge(child),
    ),
  };
}

const signatureOf = (signed: Tree): Tree => getChild(signed, signatureNamespace, 'Signature');
const assertionOf = (response: Tree): Tree => getChild(response, samlNamespace, 'Assertion');
const unsigned = (signed: Tree): Tree => without(signed, signatureOf(signed));

/** The eight signature wrapping attacks by their usual numbers, and variations. */
export async function wrappingAttacks(): Promise<Hostile[]> {
  const response = await seal('response');
  const message = await seal('assertion');
  const signature = signatureOf(response);
  const assertion = assertionOf(message);
  const assertionSignature = signatureOf(assertion);
  const bare = unsigned(assertion);
  const evilResponse = rename(forge(unsigned(response)), '_evil');
  const evil = rename(forge(bare), '_evil');
  const evilSigned = rename(forge(assertion), '_evil');
  const inSignature = (content: Tree) => replaceContent(assertionSignature, [...assertionSignature.children, content]);
  const withSignature = (target: Tree, moved: Tree) => {
    const [issuer, ...rest] = target.children;
    return replaceContent(target, [issuer as XmlNode, moved, ...rest]);
  };
  const put = (...assertions: Tree[]) => exchange(message, assertion, ...assertions);
  const extended = (content: Tree) => {
    const [issuer, ...rest] = message.children;
    const extensions = element(protocolNamespace, 'samlp', 'Extensions', content);
    return replaceContent(exchange(message, assertion, evil), [
      issuer as XmlNode,
      extensions,
      ...rest.map((child) => (child === assertion ? evil : child)),
    ]);
  };
  const ds = (name: string, ...children: Tree[]) => element(signatureNamespace, 'ds', name, ...children);

  const trees: [string, Tree, string][] = [
    [
      'XSW1: the signed response inside the signature of a forged one',
      withSignature(evilResponse, replaceContent(signature, [...signature.children, unsigned(response)])),
      'response.assertions',
    ],
    [
      'XSW2: the signed response beside its signature in a forged one',
      replaceContent(withSignature(evilResponse, signature), [
        ...withSignature(evilResponse, signature).children,
        unsigned(response),
      ]),
      'response.assertions',
    ],
    ['XSW3: a forged assertion before the signed one', put(evil, assertion), 'response.assertions'],
    [
      'XSW4: the signed assertion inside a forged one',
      put(replaceContent(evil, [...evil.children, assertion])),
      'response.assertions',
    ],
    [
      'XSW5: a forged assertion with the signature, the signed one at the end',
      put(evilSigned, bare),
      'response.assertions',
    ],
    [
      'XSW6: a forged assertion, the signed one in its signature',
      put(
        exchange(
          evilSigned,
          evilSigned.children.find((child) => typeof child !== 'string' && child.name === 'Signature') as Tree,
          inSignature(bare),
        ),
      ),
      'response.assertions',
    ],
    [
      'XSW7: the forged assertion in Extensions before the signed one',
      replaceContent(message, [
        ...message.children.slice(0, 1),
        element(protocolNamespace, 'samlp', 'Extensions', evil),
        ...message.children.slice(1),
      ]),
      'response.assertions',
    ],
    ['XSW7, turned: the signed assertion in Extensions', extended(assertion), 'response.assertions'],
    [
      'XSW8: the signed assertion in an Object of the signature',
      put(
        exchange(
          evilSigned,
          evilSigned.children.find((child) => typeof child !== 'string' && child.name === 'Signature') as Tree,
          inSignature(ds('Object', bare)),
        ),
      ),
      'response.assertions',
    ],
    ['a forged assertion after the signed one', put(assertion, evil), 'response.assertions'],
    [
      'a forged assertion beside a signed response',
      replaceContent(response, [...response.children, evil]),
      'response.assertions',
    ],
    [
      'the assertion of a signed response exchanged',
      exchange(response, assertionOf(response), evil),
      'signature.digest',
    ],
    [
      'the signed assertion in Advice of a forged one',
      put(replaceContent(evil, [...evil.children, element(samlNamespace, 'saml', 'Advice', assertion)])),
      'response.assertions',
    ],
    [
      'the signed assertion around the response',
      exchange(message, assertion, replaceContent(evil, [...evil.children, message])),
      'response.assertions',
    ],
    [
      'an encrypted assertion beside the signed one',
      put(assertion, element(samlNamespace, 'saml', 'EncryptedAssertion')),
      'response.assertions',
    ],
    [
      'the signature in Extensions of the response',
      replaceContent(put(bare), [
        ...put(bare).children.slice(0, 1),
        element(protocolNamespace, 'samlp', 'Extensions', assertionSignature),
        ...put(bare).children.slice(1),
      ]),
      'assertion.unsigned',
    ],
    [
      'the signature of the assertion as that of the response',
      withSignature(put(evil), assertionSignature),
      'signature.reference',
    ],
    [
      'the signature at the end of the assertion',
      put(replaceContent(bare, [...bare.children, assertionSignature])),
      'assertion.unsigned',
    ],
    [
      'the signature in the subject',
      put(
        replaceContent(
          bare,
          bare.children.map((child) =>
            typeof child !== 'string' && child.name === 'Subject'
              ? replaceContent(child, [...child.children, assertionSignature])
              : child,
          ),
        ),
      ),
      'assertion.unsigned',
    ],
    ['two signatures', put(withSignature(assertion, assertionSignature)), 'signature.several'],
    [
      'a signature twice, in and out of place',
      put(replaceContent(assertion, [...assertion.children, assertionSignature])),
      'signature.several',
    ],
    ['the assertion has the identifier of the response', put(rename(assertion, '_response')), 'signature.duplicate_id'],
    ['no signature at all', put(bare), 'assertion.unsigned'],
  ];
  return trees.map(([name, tree, reason]) => ({ name, text: writeXml(tree), reason }));
}

/** Changes to the text of a response whose assertion is signed. */
export async function textAttacks(): Promise<Hostile[]> {
  const good = writeXml(await seal('assertion'));
  const nameId = 'marge@jogcloud.com';
  const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
  const edits: [string, string | RegExp, string, string][] = [
    ['a comment in the name identifier', nameId, 'marge@jogcloud.com<!---->.evil.example', 'xml.interrupted_text'],
    ['a comment before the name identifier', nameId, '<!-- x -->marge@jogcloud.com', 'xml.interrupted_text'],
    ['CDATA in the name identifier', nameId, 'marge<![CDATA[@jogcloud.com]]>', 'xml.interrupted_text'],
    [
      'a processing instruction in the name identifier',
      nameId,
      'marge@jogcloud.com<?x?>.evil',
      'xml.processing_instruction',
    ],
    ['a comment in DigestValue', '<ds:DigestValue>', '<ds:DigestValue><!--QUJD-->', 'xml.interrupted_text'],
    ['an element in DigestValue', '<ds:DigestValue>', '<ds:DigestValue><x/>', 'xml.unexpected_content'],
    ['an element in the name identifier', nameId, 'marge<x/>@jogcloud.com', 'signature.digest'],
    ['another name identifier', nameId, 'homer@jogcloud.com', 'signature.digest'],
    ['a DOCTYPE', /^/, '<!DOCTYPE samlp:Response>', 'xml.doctype'],
    ['an external entity', /^/, '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>', 'xml.doctype'],
    ['an undeclared entity', nameId, '&lol;', 'xml.malformed'],
    ['two SignedInfo', /(<ds:SignedInfo>.*<\/ds:SignedInfo>)/, '$1$1', 'signature.malformed'],
    ['two references', /(<ds:Reference .*<\/ds:Reference>)/, '$1$1', 'signature.malformed'],
    ['no reference', /<ds:Reference .*<\/ds:Reference>/, '', 'signature.malformed'],
    ['an empty reference', 'URI="#_assertion"', 'URI=""', 'signature.reference'],
    ['a reference to the response', 'URI="#_assertion"', 'URI="#_response"', 'signature.reference'],
    ['a reference by XPointer', 'URI="#_assertion"', 'URI="#xpointer(/)"', 'signature.reference'],
    ['a reference without URI', ' URI="#_assertion"', '', 'signature.reference'],
    [
      'an XSLT transform',
      `Transform Algorithm="${exclusive}"`,
      'Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"',
      'signature.transform',
    ],
    [
      'an XPath transform',
      `Transform Algorithm="${exclusive}"`,
      'Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"',
      'signature.transform',
    ],
    [
      'a base64 transform',
      `Transform Algorithm="${exclusive}"`,
      'Transform Algorithm="http://www.w3.org/2000/09/xmldsig#base64"',
      'signature.transform',
    ],
    [
      'canonicalization with comments',
      `Transform Algorithm="${exclusive}"`,
      `Transform Algorithm="${exclusive}WithComments"`,
      'signature.transform',
    ],
    [
      'SignedInfo canonicalized with comments',
      `Method Algorithm="${exclusive}"`,
      `Method Algorithm="${exclusive}WithComments"`,
      'signature.canonicalization',
    ],
    [
      'SHA-1 as digest',
      'http://www.w3.org/2001/04/xmlenc#sha256',
      'http://www.w3.org/2000/09/xmldsig#sha1',
      'signature.algorithm',
    ],
    [
      'RSA with SHA-1',
      'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
      'signature.algorithm',
    ],
    [
      'RSA with MD5',
      'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      'http://www.w3.org/2001/04/xmldsig-more#rsa-md5',
      'signature.algorithm',
    ],
    [
      'HMAC with the public key',
      'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256',
      'signature.algorithm',
    ],
    [
      'ECDSA with an RSA key',
      'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
      'signature.value',
    ],
    ['an empty signature value', /<ds:SignatureValue>[^<]*/, '<ds:SignatureValue>', 'signature.value'],
    [
      'an attribute twice under two prefixes',
      '<saml:NameID',
      '<saml:NameID xmlns:a="urn:u" xmlns:b="urn:u" a:x="1" b:x="2"',
      'xml.malformed',
    ],
    ['ID and a:ID', 'ID="_assertion"', 'xmlns:a="urn:a" a:ID="_assertion" ID="_evil"', 'signature.reference'],
    ['ID twice by xml:id', '<saml:Subject>', '<saml:Subject xml:id="_assertion">', 'signature.duplicate_id'],
    ['ID twice in another case', '<saml:Subject>', '<saml:Subject Id="_assertion">', 'signature.duplicate_id'],
    ['a relative namespace name', '<saml:Subject>', '<saml:Subject xmlns:r="relative">', 'xml.namespace'],
    [
      'a prefix bound to the namespace of declarations',
      '<saml:Subject>',
      '<saml:Subject xmlns:r="http://www.w3.org/2000/xmlns/">',
      'xml.namespace',
    ],
    ['a rebound xml prefix', '<saml:Subject>', '<saml:Subject xmlns:xml="urn:x">', 'xml.namespace'],
    [
      'an assertion of another namespace',
      /<saml:Assertion xmlns:saml="[^"]*"/,
      '<saml:Assertion xmlns:saml="urn:x"',
      'response.assertions',
    ],
    ['too deep', nameId, '<x>'.repeat(10_000), 'xml.too_deep'],
    [
      'too many attributes',
      '<saml:Subject>',
      `<saml:Subject ${Array.from({ length: 15_000 }, (_, at) => `a${at}=""`).join(' ')}>`,
      'xml.too_many_attributes',
    ],
    ['too large', nameId, 'x'.repeat(250_001), 'xml.too_large'],
  ];
  return edits.map(([name, search, replacement, reason]) => {
    const text = good.replace(search, replacement);
    if (text === good) throw new Error(`"${name}" changes nothing.`);
    return { name, text, reason };
  });
}
