import { verifyMetadata } from '@countersign/saml';
import { defaultSignatureAlgorithms, metadataLimits, parseXml, type XmlElement } from '@countersign/xml';
import { xmlDigest, xmlVerificationKey } from '../issuance/index.ts';
import { asRefusal, refusing } from './described.ts';

/** @throws Refusal `federation-metadata.unusable` for a text that is not XML as we take it */
export function parseDocument(text: string): XmlElement {
  return refusing(() => parseXml(text, metadataLimits));
}

/**
 * What the key of the certificate signed of a document.
 *
 * @throws Refusal `federation-metadata.unusable`
 */
export async function verifyDocument(document: XmlElement, certificate: string): Promise<XmlElement> {
  const trust = { keys: [xmlVerificationKey(certificate)], algorithms: defaultSignatureAlgorithms };
  try {
    return await verifyMetadata(document, trust, xmlDigest);
  } catch (error) {
    throw asRefusal(error);
  }
}
