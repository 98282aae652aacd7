import { type AssertionEncryption, chooseEncryption, SamlStatusError } from '@countersign/saml';
import { contentAlgorithms, keyTransportAlgorithms } from '@countersign/xml';
import type { RelyingParty } from '../../applications/index.ts';
import { xmlContentCipher, xmlEncryptionKey } from '../xml-cryptography.ts';

/** Authenticated encryption first; what the application says that it can decrypt decides. */
const allowed = {
  content: Object.keys(contentAlgorithms) as (keyof typeof contentAlgorithms)[],
  keyTransport: Object.keys(keyTransportAlgorithms).reverse() as (keyof typeof keyTransportAlgorithms)[],
};

/**
 * How assertions for the application are encrypted; undefined: they are not.
 *
 * @throws SamlStatusError `assertion.unencrypted` when it knows none of our algorithms
 */
export function encryptionFor(
  party: RelyingParty,
  random: AssertionEncryption['random'],
): AssertionEncryption | undefined {
  if (!party.encryptsTokens) return undefined;
  const choice = chooseEncryption(party.encryptionKeys, allowed);
  if (!choice) throw new SamlStatusError('assertion.unencrypted', 'The application names no algorithm that we have.');
  const { certificate, content, keyTransport } = choice;
  return { recipient: { key: xmlEncryptionKey(certificate), content, keyTransport }, cipher: xmlContentCipher, random };
}
