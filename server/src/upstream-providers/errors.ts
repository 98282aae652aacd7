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
    advice:
      'People are known by issuer and subject, so that every issuer belongs to one provider of a tenant. Change {other}: one client id serves all applications, and each may choose its providers. What needs another client id needs another tenant, or another issuer at the vendor.',
  },
  'upstream-providers.federation_unconfirmed': {
    status: 409,
    text: 'This changes how {count} people sign in. Domains whose people will sign in at {provider} only: {added}. Their passwords, passkeys and sessions here stop working, and second factors are asked there where it is trusted for them. Domains whose people will sign in here again: {removed}. They need a password here. Users, groups and assignments stay.',
    advice: 'Ask again with the confirmation (`isFederationConfirmed`, or `--yes` on the command line).',
  },
  'upstream-providers.domain_not_own': {
    status: 400,
    text: 'People of the domain {domain} cannot be sent to an identity provider.',
    advice: 'Name a verified domain of the tenant, and not the initial one, by which administrators get in without it.',
  },
  'upstream-providers.federates_domains': {
    status: 409,
    text: 'People of {domains} sign in at the identity provider {id} only.',
    advice: 'Let them sign in here again first: take its federated domains away.',
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
