import { type RefusalDefinition, refusals } from '../refusal.ts';

/** Everything that the trust in identity providers refuses. */
export const upstreamProvidersErrors = {
  'upstream-providers.not_found': {
    status: 404,
    text: 'This tenant trusts no identity provider {id}.',
    advice: 'List the identity providers of the tenant; ids are compared without regard to case.',
  },
  'upstream-providers.exists': {
    status: 409,
    text: 'This tenant trusts an identity provider {id} already.',
    advice: 'Change that one, or choose another id.',
  },
  'upstream-providers.invalid': {
    status: 400,
    text: 'The identity provider {id} cannot be trusted like this: {problem}.',
    advice: 'Correct it; nothing was saved.',
  },
  'upstream-providers.issuer_taken': {
    status: 409,
    text: 'The identity provider {other} of this tenant has the issuer {issuer}.',
    advice: 'People are known by issuer and subject, so that every issuer belongs to one provider. Change that one.',
  },
  'upstream-providers.metadata_unusable': {
    status: 400,
    text: 'The metadata of the identity provider cannot be used: {problem}',
    advice: 'Ask whoever runs the identity provider for its present metadata.',
  },
  'upstream-providers.rules_failed': {
    status: 400,
    text: 'The acceptance rules of the identity provider {id} cannot run over the claims that came: {problem}',
    advice: 'Correct the rules, and try them.',
  },
  'upstream-providers.domain_taken': {
    status: 409,
    text: 'The domain {domain} belongs to the identity provider {other} of this tenant.',
    advice: 'Take it from that one first.',
  },
} as const satisfies Readonly<Record<string, RefusalDefinition>>;

export const refuse = refusals(upstreamProvidersErrors);
