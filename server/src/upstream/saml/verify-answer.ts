import {
  type Assertion,
  type CheckedAssertion,
  checkAssertion,
  checkResponse,
  SamlStatusError,
  verifyResponse,
} from '@countersign/saml';
import type { DecryptionTrust, XmlElement } from '@countersign/xml';
import { xmlContentCipher, xmlDigest } from '../../issuance/index.ts';
import type { SamlTrust } from '../../upstream-providers/index.ts';
import { clockSkewSeconds, signatureTrust } from './message.ts';

/** What an answer is held against. */
export interface ExpectedAnswer {
  issuer: string;
  /** Our entity identifier. */
  audience: string;
  /** Our address to which it came. */
  returnTo: string;
  /** Id of our request; undefined: nobody asked. */
  inResponseTo: string | undefined;
  now: Date;
  decryption: DecryptionTrust;
}

/** Everything of SAML Profiles 4.1.4.3 but replay. @throws SamlStatusError, XmlError */
export async function verifyAnswer(
  element: XmlElement,
  saml: SamlTrust,
  { issuer, audience, returnTo, inResponseTo, now, decryption }: ExpectedAnswer,
): Promise<{ assertion: Assertion; checked: CheckedAssertion }> {
  const { signed, mustBeEncrypted } = saml;
  const trust = { signatures: signatureTrust(saml), signed, decryption, mustBeEncrypted };
  const cryptography = { digest: xmlDigest, cipher: xmlContentCipher };
  const { response, assertion, isResponseSigned } = await verifyResponse(element, trust, cryptography);
  const expected = { issuer, inResponseTo, now, clockSkewSeconds };
  checkResponse(response, { ...expected, destinations: [returnTo], isSigned: isResponseSigned });
  if (!assertion) throw new SamlStatusError('response.assertions', 'There is none.');
  return { assertion, checked: checkAssertion(assertion, { ...expected, audience, recipient: returnTo }) };
}
