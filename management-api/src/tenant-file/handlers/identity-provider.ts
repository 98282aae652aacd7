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
  'acceptanceRuleGroups',
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
const described = [
  'metadataExchangeAddress',
  'saml.signingCertificates',
  'saml.singleSignOn',
  'saml.singleLogout',
  'saml.singleLogoutBySoap',
  'saml.artifactResolution',
  'wsFederation.passiveEndpoint',
  'wsFederation.signingCertificates',
];

/** Whoever applies a file has seen the plan. */
const confirmed = { isFederationConfirmed: true };

/** Identity providers that the tenant trusts. Client secrets are not in files: each is set by itself. */
export const identityProvider: Handler = {
  async *read(hub) {
    const { client } = hub;
    for await (const found of client.each(client.listIdentityProviders())) {
      // Kinds of local accounts are always there.
      if (found.protocol) yield { kind: 'identityProvider', key: found.id, fields: fieldsOf(hub, found) };
    }
  },

  async create(hub, { key, fields: written }) {
    const given = numberingApplication(hub, written);
    // The hub judges what the file says.
    await hub.client.createIdentityProvider({
      body: { ...given, id: key, identityProviderType: typeOf(given), ...confirmed } as CreateBody,
    });
  },

  async update(hub, { key }, changes) {
    const given = numberingApplication(hub, Object.fromEntries(changes.map(({ field, after }) => [field, after])));
    await hub.client.updateIdentityProvider({ id: key, body: { ...given, ...confirmed } });
  },

  async remove({ client }, { key }) {
    await client.deleteIdentityProvider({ id: key });
  },
};

function fieldsOf({ names }: Hub, found: IdentityProvider): Fields {
  const said = found.metadataSource ? (found.metadataStatus?.settings ?? []) : [];
  const left = described.filter((name) => said.includes(name));
  const { saml, wsFederation } = found;
  const named = saml && { ...saml, unsolicitedFor: names.nameOf(saml.unsolicitedFor ?? '') };
  const settings = { saml: without(left, 'saml', named), wsFederation: without(left, 'wsFederation', wsFederation) };
  return pick(
    { ...found, ...settings },
    fields.filter((name) => !left.includes(name)),
  );
}

function without(left: readonly string[], group: string, settings: object | null | undefined): object {
  return Object.fromEntries(Object.entries(settings ?? {}).filter(([name]) => !left.includes(`${group}.${name}`)));
}

/** A file names the application to which people come unasked; the hub has its id. */
function numberingApplication({ names }: Hub, given: Fields): Fields {
  const { saml } = given as { saml?: { unsolicitedFor?: string | null } };
  if (!saml?.unsolicitedFor) return given;
  return { ...given, saml: { ...saml, unsolicitedFor: names.id('servicePrincipal', saml.unsolicitedFor) } };
}

/** The protocol is the one of which the file has settings. */
function typeOf(given: object): string {
  if ('saml' in given) return 'SAML';
  return 'wsFederation' in given ? 'WSFederation' : 'OpenIDConnect';
}

type IdentityProvider = Awaited<ReturnType<Hub['client']['getIdentityProvider']>>;
type CreateBody = Parameters<Hub['client']['createIdentityProvider']>[0]['body'];
type Fields = Readonly<Record<string, unknown>>;
