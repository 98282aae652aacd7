import { type Handler, type Hub, pick } from '../handler.ts';

const fields = [
  'displayName',
  'logo',
  'isEnabled',
  'isListed',
  'issuer',
  'domains',
  'createsUsers',
  'isMultiFactorTrusted',
  'acceptanceRules',
  'federatedDomains',
  'clientId',
  'oidc',
  'saml',
  'wsFederation',
] as const;

/** Whoever applies a file has seen the plan. */
const confirmed = { isFederationConfirmed: true };

/** Identity providers that the tenant trusts. Client secrets are not in files: each is set by itself. */
export const identityProvider: Handler = {
  async *read({ client }) {
    for await (const found of client.each(client.listIdentityProviders())) {
      // Kinds of local accounts are always there.
      if (found.protocol) yield { kind: 'identityProvider', key: found.id, fields: pick(found, fields) };
    }
  },

  async create({ client }, { key, fields: given }) {
    // The hub judges what the file says.
    await client.createIdentityProvider({
      body: { ...given, id: key, identityProviderType: typeOf(given), ...confirmed } as CreateBody,
    });
  },

  async update({ client }, { key }, changes) {
    const body = { ...Object.fromEntries(changes.map(({ field, after }) => [field, after])), ...confirmed };
    await client.updateIdentityProvider({ id: key, body });
  },

  async remove({ client }, { key }) {
    await client.deleteIdentityProvider({ id: key });
  },
};

/** The protocol is the one of which the file has settings. */
function typeOf(given: object): string {
  if ('saml' in given) return 'SAML';
  return 'wsFederation' in given ? 'WSFederation' : 'OpenIDConnect';
}

type CreateBody = Parameters<Hub['client']['createIdentityProvider']>[0]['body'];
