import type { FormFields } from '@countersign/saml';
import { defaultSignatureAlgorithms, type SignatureTrust } from '@countersign/xml';
import { xmlVerificationKey } from '../../issuance/index.ts';
import type { SamlTrust } from '../../upstream-providers/index.ts';

/** How far the clocks of providers may differ from ours, in seconds. */
export const clockSkewSeconds = 180;

/** With what a provider signs. */
export function signatureTrust({ signingCertificates }: SamlTrust): SignatureTrust {
  return { keys: signingCertificates.map(xmlVerificationKey), algorithms: defaultSignatureAlgorithms };
}

/** What of a form the POST binding reads. */
export function fieldsOf(form: URLSearchParams): FormFields {
  return {
    SAMLRequest: form.getAll('SAMLRequest'),
    SAMLResponse: form.getAll('SAMLResponse'),
    RelayState: form.getAll('RelayState'),
  };
}
