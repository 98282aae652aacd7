// SAML assertions of both versions, as WS-Federation carries them: verified first, and read only from what was signed.
import { X509Certificate } from 'node:crypto';
import { DOMParser, type Element, onErrorStopParsing, XMLSerializer } from '@xmldom/xmldom';
import { SignedXml } from 'xml-crypto';
import { type Claim, claimTypes } from '../person.ts';

export interface Token {
  /** In words. */
  kind: string;
  id: string;
  issuer: string;
  audiences: readonly string[];
  /** Milliseconds since the epoch; NaN when there is none. */
  notBefore: number;
  notOnOrAfter: number;
  claims: readonly Claim[];
  xml: string;
}

const signatureNamespace = 'http://www.w3.org/2000/09/xmldsig#';
const trustNamespaces = [
  'http://schemas.xmlsoap.org/ws/2005/02/trust',
  'http://docs.oasis-open.org/ws-sx/ws-trust/200512',
];

/** What differs between the versions of assertions. */
const versions = {
  'urn:oasis:names:tc:SAML:1.0:assertion': {
    kind: 'SAML 1.1',
    idAttribute: 'AssertionID',
    issuer: (assertion: Element) => assertion.getAttribute('Issuer'),
    name: 'NameIdentifier',
    bearer: 'urn:oasis:names:tc:SAML:1.0:cm:bearer',
    confirmation: (element: Element) => texts(element, 'ConfirmationMethod')[0],
    claimType: (attribute: Element) =>
      `${attribute.getAttribute('AttributeNamespace')}/${attribute.getAttribute('AttributeName')}`,
  },
  'urn:oasis:names:tc:SAML:2.0:assertion': {
    kind: 'SAML 2.0',
    idAttribute: 'ID',
    issuer: (assertion: Element) => children(assertion, 'Issuer')[0]?.textContent,
    name: 'NameID',
    bearer: 'urn:oasis:names:tc:SAML:2.0:cm:bearer',
    confirmation: (element: Element) => element.getAttribute('Method'),
    claimType: (attribute: Element) => attribute.getAttribute('Name') ?? '',
  },
} as const;

/**
 * The token in a `wresult`, signed by one of the keys.
 *
 * @param certificates  DER in base64
 * @throws Error when it is not signed by them, or says nothing of its bearer
 */
export function verifyToken(wresult: string, certificates: readonly string[]): Token {
  const received = parse(wresult);
  const [requested, ...more] = trustNamespaces.flatMap((namespace) => [
    ...received.getElementsByTagNameNS(namespace, 'RequestedSecurityToken'),
  ]);
  const [assertion] = requested ? elements(requested) : [];
  if (!requested || !assertion || more.length > 0) throw new Error('The answer holds no token.');
  const [signature, ...others] = elements(assertion).filter(({ namespaceURI }) => namespaceURI === signatureNamespace);
  if (!signature || others.length > 0) throw new Error('The token is not signed.');
  const xml = new XMLSerializer().serializeToString(assertion);
  const signatureXml = new XMLSerializer().serializeToString(signature);
  for (const certificate of certificates) {
    const signed = signedBy(certificate, xml, signatureXml);
    if (signed !== undefined) return read(parse(signed), xml);
  }
  throw new Error('The token is signed by none of the hub’s keys.');
}

/** The bytes that the key has signed, if it has. */
function signedBy(certificate: string, xml: string, signature: string): string | undefined {
  const verifier = new SignedXml({
    publicCert: new X509Certificate(Buffer.from(certificate, 'base64')).toString(),
    // Besides `ID`, which it knows.
    idAttribute: versions['urn:oasis:names:tc:SAML:1.0:assertion'].idAttribute,
    // The key comes from the metadata, never from the message.
    getCertFromKeyInfo: () => null,
  });
  const strong = /(rsa-sha256|rsa-sha512)$/;
  verifier.SignatureAlgorithms = Object.fromEntries(
    Object.entries(verifier.SignatureAlgorithms).filter(([name]) => strong.test(name)),
  );
  verifier.loadSignature(signature);
  try {
    if (!verifier.checkSignature(xml)) return undefined;
  } catch {
    return undefined;
  }
  const signed = verifier.getSignedReferences();
  return signed.length === 1 ? signed[0] : undefined;
}

function read(assertion: Element, xml: string): Token {
  const version = versionOf(assertion);
  const [conditions] = children(assertion, 'Conditions');
  const instant = (name: string) => Date.parse(conditions?.getAttribute(name) ?? '');
  const issuer = version.issuer(assertion)?.trim() ?? '';
  const confirmations = descendants(assertion, 'SubjectConfirmation').map(version.confirmation);
  if (!confirmations.includes(version.bearer)) throw new Error('The token is not for its bearer.');
  const [name = ''] = texts(assertion, version.name);
  const claims = descendants(assertion, 'Attribute').flatMap((attribute) =>
    texts(attribute, 'AttributeValue').map((value) => ({ type: version.claimType(attribute), value, issuer })),
  );
  return {
    kind: version.kind,
    id: assertion.getAttribute(version.idAttribute) ?? '',
    issuer,
    audiences: conditions ? texts(conditions, 'Audience') : [],
    notBefore: instant('NotBefore'),
    notOnOrAfter: instant('NotOnOrAfter'),
    claims: [{ type: claimTypes.nameIdentifier, value: name, issuer }, ...claims],
    xml,
  };
}

function versionOf({ namespaceURI, localName }: Element) {
  const version = versions[namespaceURI as keyof typeof versions];
  if (localName !== 'Assertion' || !version) throw new Error(`The token is a ${localName}.`);
  return version;
}

/** The root of a document. No DTD has business in a message. */
function parse(text: string): Element {
  if (text.includes('<!DOCTYPE')) throw new Error('The answer has a DTD.');
  const { documentElement } = new DOMParser({ onError: onErrorStopParsing }).parseFromString(text, 'text/xml');
  if (!documentElement) throw new Error('The answer is empty.');
  return documentElement;
}

function elements(of: Element): Element[] {
  return [...of.childNodes].filter((node): node is Element => node.nodeType === node.ELEMENT_NODE);
}

function children(of: Element, name: string): Element[] {
  return elements(of).filter(({ localName, namespaceURI }) => localName === name && namespaceURI === of.namespaceURI);
}

function descendants(of: Element, name: string): Element[] {
  return [...of.getElementsByTagNameNS(of.namespaceURI ?? '', name)];
}

function texts(of: Element, name: string): string[] {
  return descendants(of, name).map(({ textContent }) => textContent?.trim() ?? '');
}
