import type { Client } from '@countersign/management-api';
import type { ManagementParts } from './open-management.ts';

/** The demo tenant whose people are provisioned, and its application that stands for the target. */
const companyName = 'jogcloud';
const applicationName = 'Access Portal';
/** The demo tenant that plays the service provider, and its token for the company. */
const providerName = 'accessportal';
const tokenName = 'jogcloud';

/**
 * Connects the company's application to the tenant that plays the service provider, as two administrators do who hand each
 * other address and token, and lets the job run. Done again, the token is another one.
 */
export async function connectDemoTarget(parts: ManagementParts, publicUrl: URL): Promise<void> {
  const company = await clientOf(parts, companyName);
  const job = await findJob(company);
  if (!job) throw new Error(`The application ${applicationName} of ${companyName} has no provisioning job.`);
  const { id, jobId } = job;
  const token = await newToken(await clientOf(parts, providerName));
  const value = [
    { key: 'BaseAddress' as const, value: addressBelow(publicUrl) },
    { key: 'SecretToken' as const, value: token },
  ];
  await company.setSynchronizationSecrets({ id, body: { value } });
  await company.startSynchronizationJob({ id, jobId });
}

/**
 * Lets the job know at which port the hub listens this time. A job that was connected to something else since, or removed,
 * is left so.
 */
export async function moveDemoTarget(parts: ManagementParts, publicUrl: URL): Promise<void> {
  const { read } = parts.storage;
  const tenant = await read.tenants.resolve(companyName);
  // Somebody may have deleted it.
  if (!tenant) return;
  const baseUrl = addressBelow(publicUrl);
  for (const job of await read.provisioningJobs.list(tenant.id)) {
    const { servicePrincipalId: id, id: jobId, definition } = job;
    const present = definition.target.baseUrl;
    const moved = URL.parse(present);
    if (moved) moved.port = publicUrl.port;
    if (present === baseUrl || moved?.href !== baseUrl) continue;
    const company = await clientOf(parts, companyName);
    await company.updateSynchronizationJob({ id, jobId, body: { settings: { baseUrl } } });
  }
}

/** The management API is loaded only where there is something to do: most starts find everything as it was. */
async function clientOf(parts: ManagementParts, tenantName: string): Promise<Client> {
  const { connectWithin } = await import('./connect-within.ts');
  return connectWithin(parts, tenantName).client;
}

/** Where the tenant that plays the service provider is reached by SCIM. */
function addressBelow(publicUrl: URL): string {
  return new URL(`/${providerName}/scim/v2`, publicUrl).href;
}

/** The company's job, by the id of its service principal and its own. */
async function findJob(company: Client): Promise<{ id: string; jobId: string } | undefined> {
  const { value } = await company.listServicePrincipals({ $filter: `displayName eq '${applicationName}'` });
  const [application] = value;
  if (!application) return undefined;
  const [job] = (await company.listSynchronizationJobs({ id: application.id })).value;
  return job && { id: application.id, jobId: job.id };
}

/** The token's file names it without a secret, so nobody has a former one that would have to be accepted for a while. */
async function newToken(provider: Client): Promise<string> {
  for await (const { id, displayName } of provider.each(provider.listScimTokens())) {
    if (displayName !== tokenName) continue;
    const { secretText } = await provider.rotateScimToken({ id, body: { overlapDays: 0 } });
    if (secretText) return secretText;
  }
  throw new Error(`The tenant ${providerName} has no SCIM token ${tokenName}.`);
}
