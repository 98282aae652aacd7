import { type RefusalDefinition, refusals } from '../refusal.ts';

/** Everything that the metadata of parties is refused for. */
export const federationMetadataErrors = {
  'federation-metadata.unusable': {
    status: 400,
    text: 'The metadata cannot be used: {problem}',
    advice: 'Ask whoever runs the other side for its present metadata.',
  },
  'federation-metadata.setup_link_over': {
    status: 404,
    text: 'This link was used, taken back, or is too old.',
    advice: 'Make another one: each is good for one trust.',
  },
  'federation-metadata.setup_link_for_known': {
    status: 409,
    text: 'This tenant trusts an identity provider {id} already.',
    advice: 'Setup links make new trusts. Import new metadata into this one, or choose another id.',
  },
  'federation-metadata.not_fetched': {
    status: 400,
    text: 'The metadata could not be fetched from {url}: {problem}',
    advice:
      'Look whether the address answers with the document itself, from where the hub runs; redirects are not followed.',
  },
  'federation-metadata.address_malformed': {
    status: 400,
    text: '{url} is no address from which metadata is fetched.',
    advice: 'Give an https URL without user information; http is for loopback addresses only.',
  },
  'federation-metadata.certificate_malformed': {
    status: 400,
    text: 'The certificate for signatures of metadata is no X.509 certificate, DER in base64.',
    advice: 'Give the text between the lines of its PEM file, without line breaks.',
  },
  'federation-metadata.not_refreshed': {
    status: 409,
    text: 'The metadata of {id} is not as it was last published: {problem}',
    advice: 'The trust stays as it was, and the hub tries again. Ask whoever runs the other side.',
  },
  'federation-metadata.not_followed': {
    status: 404,
    text: 'No address of metadata is known for {id}.',
    advice: 'Set one first, or give the text of the metadata.',
  },
} as const satisfies Readonly<Record<string, RefusalDefinition>>;

export const refuse = refusals(federationMetadataErrors);
