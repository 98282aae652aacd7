// A hub of the tests: signs tokens as the real one does, and also those that no hub would sign.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { SignedXml } from 'xml-crypto';

export const realm = 'urn:myoc:claims-aware-app';
export const issuer = 'https://hub.example/myoc/';
export const now = Date.parse('2026-03-01T12:00:00Z');

export interface Key {
  /** DER in base64. */
  certificate: string;
  privateKey: string;
}

/** A key with a certificate that is signed by itself. */
export async function makeKey(): Promise<Key> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048 };
  const publicExponent = new Uint8Array([1, 0, 1]);
  const keys = await crypto.subtle.generateKey({ ...algorithm, publicExponent }, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({ name: 'CN=hub', keys }, crypto);
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    certificate: Buffer.from(certificate.rawData).toString('base64'),
    privateKey: `-----BEGIN PRIVATE KEY-----\n${pkcs8.replaceAll(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`,
  };
}

/** What a token says, where a test wants it otherwise. */
export interface Said {
  id?: string;
  issuer?: string;
  audience?: string;
  notBefore?: string;
  notOnOrAfter?: string;
  confirmation?: string;
  role?: string;
}

/** A SAML 1.1 assertion, unsigned. */
export function saml11(said: Said = {}): string {
  const { id = '_1', audience = realm, confirmation = 'urn:oasis:names:tc:SAML:1.0:cm:bearer' } = said;
  const { notBefore = '2026-03-01T11:59:00Z', notOnOrAfter = '2026-03-01T13:00:00Z', role = 'Approver' } = said;
  const subject = `<Subject><NameIdentifier>ned</NameIdentifier><SubjectConfirmation><ConfirmationMethod>${confirmation}</ConfirmationMethod></SubjectConfirmation></Subject>`;
  const attribute = (namespace: string, name: string, value: string) =>
    `<Attribute AttributeName="${name}" AttributeNamespace="${namespace}"><AttributeValue>${value}</AttributeValue></Attribute>`;
  return `<Assertion xmlns="urn:oasis:names:tc:SAML:1.0:assertion" MajorVersion="1" MinorVersion="1" AssertionID="${id}" Issuer="${said.issuer ?? issuer}" IssueInstant="2026-03-01T12:00:00Z"><Conditions NotBefore="${notBefore}" NotOnOrAfter="${notOnOrAfter}"><AudienceRestrictionCondition><Audience>${audience}</Audience></AudienceRestrictionCondition></Conditions><AttributeStatement>${subject}${attribute('http://schemas.xmlsoap.org/ws/2005/05/identity/claims', 'name', 'Ned &lt;b&gt;')}${attribute('http://schemas.microsoft.com/ws/2008/06/identity/claims', 'role', role)}</AttributeStatement></Assertion>`;
}

/** A SAML 2.0 assertion, unsigned. */
export function saml20(): string {
  return `<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0" ID="_2" IssueInstant="2026-03-01T12:00:00Z"><Issuer>${issuer}</Issuer><Subject><NameID>ned</NameID><SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"/></Subject><Conditions NotBefore="2026-03-01T11:59:00Z" NotOnOrAfter="2026-03-01T13:00:00Z"><AudienceRestriction><Audience>${realm}</Audience></AudienceRestriction></Conditions><AttributeStatement><Attribute Name="http://schemas.microsoft.com/ws/2008/06/identity/claims/role"><AttributeValue>Approver</AttributeValue></Attribute></AttributeStatement></Assertion>`;
}

/** The assertion with a signature in it. */
export function sign(assertion: string, { privateKey }: Key): string {
  const signer = new SignedXml({
    privateKey,
    idAttribute: 'AssertionID',
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  });
  signer.addReference({
    xpath: "/*[local-name(.)='Assertion']",
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
  });
  signer.computeSignature(assertion);
  return signer.getSignedXml();
}

/** The answer of WS-Trust that carries a token. */
export function answer(token: string): string {
  return `<t:RequestSecurityTokenResponse xmlns:t="http://schemas.xmlsoap.org/ws/2005/02/trust"><t:RequestedSecurityToken>${token}</t:RequestedSecurityToken></t:RequestSecurityTokenResponse>`;
}
