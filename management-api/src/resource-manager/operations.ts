import { z } from 'zod';

/** One operation of the API in Azure Resource Manager's shape. Its name is its key in the table of operations. */
export interface ResourceManagerOperation {
  method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** From the root of the host, with parameters in braces. */
  path: string;
  summary: string;
  /** Nobody needs to be signed in, or whoever is may call it. */
  access: 'anybody' | 'authenticated';
  response: z.ZodType;
}

/** Where the parts of a cloud are, as of api-version 2019-05-01; earlier versions have `endpointsOf2015`. */
const cloud = z
  .object({
    name: z.string(),
    portal: z.url(),
    authentication: z.object({
      loginEndpoint: z.url(),
      audiences: z.array(z.string()),
      tenant: z.literal('common'),
      identityProvider: z.literal('AAD'),
    }),
    resourceManager: z.url(),
    graph: z.url(),
    graphAudience: z.url(),
    microsoftGraphResourceId: z.url(),
    suffixes: z.record(z.string(), z.string()),
  })
  .meta({ id: 'azure.cloud' });

const endpointsOf2015 = z
  .object({
    galleryEndpoint: z.url(),
    graphEndpoint: z.url(),
    portalEndpoint: z.url(),
    authentication: z.object({ loginEndpoint: z.url(), audiences: z.array(z.string()) }),
  })
  .meta({ id: 'azure.endpoints' });

const tenantEntry = z
  .object({
    id: z.string(),
    tenantId: z.guid(),
    displayName: z.string(),
    domains: z.array(z.string()),
    defaultDomain: z.string(),
    tenantCategory: z.literal('Home'),
    tenantType: z.literal('AAD'),
  })
  .meta({ id: 'azure.tenant' });

const subscription = z
  .object({
    id: z.string(),
    subscriptionId: z.guid(),
    tenantId: z.guid(),
    displayName: z.string(),
    state: z.literal('Enabled'),
  })
  .meta({ id: 'azure.subscription' });

/** Every operation of the API in Azure Resource Manager's shape, by its name. */
export const resourceManagerOperations = {
  describeCloud: {
    method: 'GET',
    path: '/metadata/endpoints',
    summary: 'Says where login host, management API and this API are, for tools that are told of one address.',
    access: 'anybody',
    response: z.union([z.array(cloud), endpointsOf2015]),
  },
  listTenantsOfCaller: {
    method: 'GET',
    path: '/tenants',
    summary: 'Lists the tenant of the caller.',
    access: 'authenticated',
    response: z.object({ value: z.array(tenantEntry) }),
  },
  listSubscriptions: {
    method: 'GET',
    path: '/subscriptions',
    summary: 'Lists the subscriptions of the tenant.',
    access: 'authenticated',
    response: z.object({
      value: z.array(subscription),
      count: z.object({ type: z.literal('Total'), value: z.int() }),
    }),
  },
} as const satisfies Readonly<Record<string, ResourceManagerOperation>>;
