import { type DirectoryObject, type DirectoryStores, getObject } from '../directory/index.ts';
import {
  type Application,
  applicationKind,
  type OAuthClientSettings,
  type RegisteredReplyAddresses,
} from './application.ts';
import { findFirstParty } from './first-party/first-party.ts';
import { type ServicePrincipal, servicePrincipalKind } from './service-principal.ts';

type Objects = Pick<DirectoryStores, 'objects'>;

/** @throws Refusal `directory.object_not_found` */
export async function getApplication(stores: Objects, tenantId: string, id: string): Promise<Application> {
  return asApplication(await getObject(stores, tenantId, applicationKind, id));
}

/** @throws Refusal `directory.object_not_found` */
export async function getServicePrincipal(stores: Objects, tenantId: string, id: string): Promise<ServicePrincipal> {
  return asServicePrincipal(await getObject(stores, tenantId, servicePrincipalKind, id));
}

/** Who asks, at an endpoint: the client's service principal and what is registered of its application. */
export interface Client {
  servicePrincipal: ServicePrincipal;
  /** Its registration, if it is of this tenant and not of the hub. */
  application: Application | undefined;
  /** Object ids under which its secrets and federated credentials are kept. */
  credentialOwnerIds: string[];
  replyAddresses: RegisteredReplyAddresses;
  /** True for programs that keep no secret and may use the device code grant. */
  isFallbackPublicClient: boolean;
  oauthClient: OAuthClientSettings;
}

/**
 * Finds a client by its appId, as `client_id` has it. Undefined when the tenant has no service principal for it: without
 * one an application cannot sign in there, and neither can anybody at it.
 */
export async function findClient(stores: Objects, tenantId: string, appId: string): Promise<Client | undefined> {
  const servicePrincipal = await findServicePrincipal(stores, tenantId, appId);
  if (!servicePrincipal) return undefined;
  const application = await findApplication(stores, tenantId, appId);
  const registered: Registered = application?.attributes ?? findFirstParty(appId) ?? {};
  return {
    servicePrincipal,
    application,
    credentialOwnerIds: [servicePrincipal.id, ...(application ? [application.id] : [])],
    replyAddresses: registered,
    isFallbackPublicClient: registered.isFallbackPublicClient ?? false,
    oauthClient: registered.oauthClient ?? {},
  };
}

type Registered = RegisteredReplyAddresses & { isFallbackPublicClient?: boolean; oauthClient?: OAuthClientSettings };

/** The tenant's own registration with this appId. */
export async function findApplication(
  stores: Objects,
  tenantId: string,
  appId: string,
): Promise<Application | undefined> {
  const found = await stores.objects.findByName(tenantId, 'application.appId', appId);
  return found && asApplication(found);
}

/** The service principal with this appId. */
export async function findServicePrincipal(
  stores: Objects,
  tenantId: string,
  appId: string,
): Promise<ServicePrincipal | undefined> {
  const found = await stores.objects.findByName(tenantId, 'servicePrincipal.appId', appId);
  return found && asServicePrincipal(found);
}

/** The resource that one of its names means: an appId or an identifier URI, as tokens are asked for. */
export async function findResource(
  stores: Objects,
  tenantId: string,
  name: string,
): Promise<ServicePrincipal | undefined> {
  const found = await stores.objects.findByName(tenantId, 'servicePrincipal.name', name);
  return found && asServicePrincipal(found);
}

/** What documents hold was checked by the definitions of their kinds, so that their types are known. */
export function asApplication(object: DirectoryObject): Application {
  return object as Application;
}

/** The same for a service principal. */
export function asServicePrincipal(object: DirectoryObject): ServicePrincipal {
  return object as ServicePrincipal;
}
