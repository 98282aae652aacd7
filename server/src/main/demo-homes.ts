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

/**
 * Makes the trusts between demo tenants, as two administrators do who hand each other their metadata; and brings them up to
 * date at each start, since addresses and keys may be others by then. Rules that were changed stay.
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
    const { returnAddress, metadataAddress } = await trust(gateway, home, await readMetadata(home.metadataPath));
    const client = connect(home.tenantName);
    const id = await findServicePrincipal(client, applicationName);
    if (metadataAddress) {
      await client.importRelyingParty({ id, body: { metadata: await readMetadata(metadataAddress) } });
    } else if (returnAddress) {
      const replyAddresses = [{ binding: 'post', location: returnAddress, index: 0 } as const];
      const identifier = home.provider.wsFederation?.realm ?? '';
      await client.saveRelyingParty({ id, body: { protocol: 'wsFederation', identifier, replyAddresses } });
    }
  }
}

async function trust(gateway: Client, home: Home, metadata: string) {
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
