/** Names under which Microsoft's tools ask for tokens for this API, the usual one first. */
const audiences = ['https://management.core.windows.net/', 'https://management.azure.com/'];

/** Where everything is, for tools that are told of one address only. */
interface CloudPlaces {
  publicUrl: URL;
  /** Where people and programs sign in. */
  loginEndpoint: string;
}

/** The description that api-version asks for: one object until 2018, and a list of clouds since 2019. */
export function describeCloud(places: CloudPlaces, apiVersion: string): object {
  return apiVersion < '2019' ? describeEndpoints(places) : [describeAll(places)];
}

function describeAll({ publicUrl, loginEndpoint }: CloudPlaces): object {
  const here = `${publicUrl.origin}/`;
  return {
    name: 'Countersign',
    portal: here,
    authentication: { loginEndpoint, audiences, tenant: 'common', identityProvider: 'AAD' },
    resourceManager: here,
    graph: here,
    // Azure AD Graph is gone: its tokens are asked for by this name, and nothing answers there.
    graphAudience: 'https://graph.windows.net/',
    microsoftGraphResourceId: here,
    // No storage, vaults or databases: az reads the list and needs none of its entries.
    suffixes: {},
  };
}

function describeEndpoints({ publicUrl, loginEndpoint }: CloudPlaces): object {
  const here = `${publicUrl.origin}/`;
  return {
    galleryEndpoint: here,
    graphEndpoint: here,
    portalEndpoint: here,
    authentication: { loginEndpoint, audiences },
  };
}

/**
 * The login host for whoever asks at this address. Interop: MSAL for Python asks Microsoft about every other host than
 * those of Azure AD B2C and authorities named adfs; at a tenant's own host there is such an authority.
 */
export function loginEndpointAt({ origin, hostname }: URL, isTenantHost: boolean): string {
  return isTenantHost && !hostname.endsWith('.b2clogin.com') ? `${origin}/adfs` : origin;
}
