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
  'metadataExchangeAddress',
  'activeSignInAddress',
  'federatedDomains',
  'clientId',
  'oidc',
  'saml',
  'wsFederation',
  'metadataSource',
] as const;

/** What metadata says that is followed is not in files, which would hold on to what has been replaced. */
const described = ['signingCertificates', 'singleSignOn', 'singleLogout', 'artifactResolution', 'passiveEndpoint'];

/** Whoever applies a file has seen the plan. */
const confirmed = { isFederationConfirmed: true };

/** Identity providers that the tenant trusts. Client secrets are not in files: each is set by itself. */
export const identityProvider: Handler = {
  async *read({ client }) {
    for await (const found of client.each(client.listIdentityProviders())) {
      // Kinds of local accounts are always there.
      if (found.protocol) yield { kind: 'identityProvider', key: found.id, fields: fieldsOf(found) };
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

function fieldsOf(found: IdentityProvider) {
  if (!found.metadataSource) return pick(found, fields);
  const { saml, wsFederation, protocol } = found;
  // Metadata of SAML says nothing of WS-Trust.
  const shown = fields.filter((name) => name !== 'metadataExchangeAddress' || protocol === 'saml');
  return pick({ ...found, saml: without(saml), wsFederation: without(wsFederation) }, shown);
}

function without(settings: object | null | undefined): object {
  return Object.fromEntries(Object.entries(settings ?? {}).filter(([name]) => !described.includes(name)));
}

/** The protocol is the one of which the file has settings. */
function typeOf(given: object): string {
  if ('saml' in given) return 'SAML';
  return 'wsFederation' in given ? 'WSFederation' : 'OpenIDConnect';
}

type IdentityProvider = Awaited<ReturnType<Hub['client']['getIdentityProvider']>>;
type CreateBody = Parameters<Hub['client']['createIdentityProvider']>[0]['body'];
