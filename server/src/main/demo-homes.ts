import type { Client } from '@countersign/management-api';
import type { Storage } from '../storage/index.ts';

/** The tenant to which people of other demo tenants come. */
const gatewayName = 'myoc';
/** Its name as an application in their home tenants. */
const applicationName = 'MyOC';

/** An organization whose people sign in at home, and how it is trusted. */
interface Home {
  tenantName: string;
  metadataPath: string;
  provider: { id: string; displayName: string; domains: string[]; wsFederation?: { realm: string } };
  identityProviderType: 'WSFederation' | 'SAML';
}

const homes: readonly Home[] = [
  {
    tenantName: 'mycompany',
    metadataPath: '/mycompany/FederationMetadata/2007-06/FederationMetadata.xml',
    identityProviderType: 'WSFederation',
    provider: {
      id: 'MyCompany',
      displayName: 'MyCompany',
      domains: ['mycompany.example'],
      wsFederation: { realm: 'urn:myoc' },
    },
  },
  {
    tenantName: 'jogcloud',
    metadataPath: '/jogcloud/saml2/metadata',
    identityProviderType: 'SAML',
    provider: { id: 'Jogcloud', displayName: 'Jogcloud', domains: ['jogcloud.com'] },
  },
];

/** Groups are taken over with the name of the organization before them: whoever calls a group so cannot mean another's. */
function acceptanceRules({ provider: { displayName } }: Home): string {
  return String.raw`@RuleName = "Who it is"
c:[Type =~ "^http://schemas\.xmlsoap\.org/ws/2005/05/identity/claims/(name|givenname|surname|emailaddress)$"]
  => issue(claim = c);
@RuleName = "Groups, with the organization before them"
c:[Type == "http://schemas.xmlsoap.org/claims/Group"] => issue(Type = c.Type, Value = "${displayName}: " + c.Value);
@RuleName = "From where"
=> issue(Type = "http://schemas.microsoft.com/accesscontrolservice/2010/07/claims/identityprovider", Value = "${displayName}");
`;
}

/** By which names, and what, a home organization tells of its people. */
const nameIdFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';
const issuanceRules = String.raw`@RuleName = "Who it is"
c:[Type =~ "^http://schemas\.xmlsoap\.org/ws/2005/05/identity/claims/(name|givenname|surname|emailaddress)$"]
  => issue(claim = c);
@RuleName = "Groups"
c:[Type == "http://schemas.xmlsoap.org/claims/Group"] => issue(claim = c);
`;

/**
 * Makes the trusts between demo tenants, as two administrators do who hand each other their metadata; and brings them up to
 * date at each start, since addresses and keys may be others by then. Rules that were changed stay. None of it is in the
 * tenants' files, which can be applied again at any time.
 *
 * @param connect  a client that may do everything in a tenant
 * @param readMetadata  reads what the hub serves at a path or address
 */
export async function connectDemoHomes(
  storage: Storage,
  connect: (tenantName: string) => Client,
  readMetadata: (address: string) => Promise<string>,
): Promise<void> {
  const gateway = connect(gatewayName);
  for (const home of homes) {
    // Somebody may have deleted it.
    if (!(await storage.read.tenants.resolve(home.tenantName))) continue;
    const trusted = await trust(gateway, home, await readMetadata(home.metadataPath));
    await enterGateway(connect(home.tenantName), home, trusted, readMetadata);
  }
}

/** Makes the gateway an application of a home, or lets it know where answers go by now. */
async function enterGateway(
  client: Client,
  { provider, identityProviderType }: Home,
  { returnAddress, metadataAddress }: Trusted,
  readMetadata: (address: string) => Promise<string>,
): Promise<void> {
  const id = await findServicePrincipal(client, applicationName);
  const { value } = await client.listRelyingParties({});
  const isNew = value.every((known) => known.id !== id);
  const location = returnAddress ?? '';
  if (isNew || !metadataAddress) {
    const party = {
      protocol: identityProviderType === 'SAML' ? ('saml' as const) : ('wsFederation' as const),
      // Metadata, where there is any, says a better one.
      identifier: provider.wsFederation?.realm ?? location,
      replyAddresses: [{ binding: 'post' as const, location, index: 0 }],
    };
    await client.saveRelyingParty({ id, body: { ...party, ...(isNew && { nameIdFormat, issuanceRules }) } });
  }
  if (metadataAddress) {
    await client.importRelyingParty({ id, body: { metadata: await readMetadata(metadataAddress) } });
  }
}

type Trusted = Awaited<ReturnType<Client['getIdentityProvider']>>;

async function trust(gateway: Client, home: Home, metadata: string): Promise<Trusted> {
  const { provider, identityProviderType } = home;
  const { id } = provider;
  const { value } = await gateway.listIdentityProviders({});
  if (value.some((known) => known.id === id)) {
    await gateway.updateIdentityProvider({ id, body: { metadata } });
  } else {
    await gateway.createIdentityProvider({
      body: { ...provider, identityProviderType, metadata, createsUsers: true, acceptanceRules: acceptanceRules(home) },
    });
  }
  return gateway.getIdentityProvider({ id });
}

/** The id of the service principal of that name. @throws Error when there is none */
export async function findServicePrincipal(client: Client, displayName: string): Promise<string> {
  const { value } = await client.listServicePrincipals({ $filter: `displayName eq '${displayName}'` });
  const [found] = value;
  if (!found) throw new Error(`There is no application ${displayName}.`);
  return found.id;
}
