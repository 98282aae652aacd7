import {
  type BroughtArtifact,
  type FormFields,
  type PostedMessage,
  parseArtifactFields,
  parsePost,
  SamlStatusError,
} from '@countersign/saml';
import { defaultSignatureAlgorithms, type SignatureTrust } from '@countersign/xml';
import { xmlVerificationKey } from '../../issuance/index.ts';
import type { SamlTrust } from '../../upstream-providers/index.ts';

/** How far the clocks of providers may differ from ours, in seconds. */
export const clockSkewSeconds = 180;

/** With what a provider signs. */
export function signatureTrust({ signingCertificates }: SamlTrust): SignatureTrust {
  return { keys: signingCertificates.map(xmlVerificationKey), algorithms: defaultSignatureAlgorithms };
}

/** The SAMLResponse that the browser brought, or the artifact that stands for it. @throws SamlStatusError */
export function readAnswer(parameters: URLSearchParams): PostedMessage | BroughtArtifact {
  const fields = fieldsOf(parameters);
  if (parameters.has('SAMLart')) return parseArtifactFields(fields);
  const message = parsePost(fields);
  if (message.parameter !== 'SAMLResponse') throw new SamlStatusError('message.kind', 'A SAMLResponse was expected.');
  return message;
}

/** What of a form or query the POST and Artifact bindings read. */
export function fieldsOf(form: URLSearchParams): FormFields {
  return {
    SAMLart: form.getAll('SAMLart'),
    SAMLRequest: form.getAll('SAMLRequest'),
    SAMLResponse: form.getAll('SAMLResponse'),
    RelayState: form.getAll('RelayState'),
  };
}
