import type { EncryptionKeyDescriptor } from '@countersign/saml';
import {
  contentAlgorithms,
  type DecryptionTrust,
  type KeyTransportAlgorithm,
  keyTransportAlgorithms,
} from '@countersign/xml';
import { derOfPem, type KeyRing, xmlDecryptionKey } from '../../issuance/index.ts';
import type { SamlTrust } from '../../upstream-providers/index.ts';

const keyTransport = Object.keys(keyTransportAlgorithms) as KeyTransportAlgorithm[];

/** With what and what we decrypt of a provider: whatever our metadata told it, and keys that they told before. */
export async function decryptionTrust(
  keys: KeyRing,
  tenantId: string,
  { contentEncryption }: SamlTrust,
): Promise<DecryptionTrust> {
  const decrypters = await keys.decrypters(tenantId);
  return { keys: decrypters.map(xmlDecryptionKey), content: contentEncryption, keyTransport };
}

/** To what a provider may encrypt (SAML Metadata 2.4.1.1). None where encryption is not wanted: some encrypt as soon as they can. */
export async function encryptionKeys(
  keys: KeyRing,
  tenantId: string,
  { contentEncryption }: SamlTrust,
): Promise<EncryptionKeyDescriptor[]> {
  if (contentEncryption.length === 0) return [];
  const certificate = derOfPem(await keys.encryptionCertificate(tenantId));
  const content = contentEncryption.map((name) => contentAlgorithms[name].uri);
  return [{ certificate, methods: [...content, ...keyTransport.map((name) => keyTransportAlgorithms[name].uri)] }];
}
