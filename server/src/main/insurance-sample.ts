import { hostname } from 'node:os';
import path from 'node:path';
import type { Client } from '@countersign/management-api';
import type { Log } from '../http/index.ts';
import { environmentName, type Settings } from '../settings/index.ts';
import { connectWithin } from './connect-within.ts';
import type { ManagementParts } from './open-management.ts';
import { freePort, notStarted, type Sample, SamplePrograms } from './sample-programs.ts';

const name = 'Insurance sample';
const tenantName = 'contoso';

/** By which the secret of the web application is known again at the next start on this machine. */
const secretName = `Sample on ${hostname()}`;

/**
 * Finds out whether the sample can run here. Undefined when the settings do not want it, or when the demo tenant is not
 * there.
 *
 * @param authorityFile  the hub's own certificate authority, if it has one
 */
export async function insuranceSample(
  parts: ManagementParts,
  settings: Settings,
  log: Log,
  authorityFile: string | undefined,
): Promise<Sample | undefined> {
  const tenant = settings.samples ? await parts.storage.read.tenants.resolve(tenantName) : undefined;
  const domain = tenant?.domains.find(({ isDefault }) => isDefault)?.name;
  if (domain === undefined) return undefined;
  const ports = await findPorts(settings);
  if ('taken' in ports) return notStarted(name, settings[ports.taken], environmentName(ports.taken));

  const programs = new SamplePrograms(log, authorityFile);
  const tenantUrl = new URL(domain, settings.publicUrl).href;
  return {
    name,
    report: `http://localhost:${ports.web}`,
    stop: () => programs.stop(),
    async start() {
      try {
        const client = connectWithin(parts, tenantName).client;
        programs.start('insurance-api', {
          PORT: String(ports.api),
          AUTHORITY: `${tenantUrl}/B2C_1_signupsignin1/v2.0`,
          AUDIENCE: (await findApplication(client, 'Insurance API')).appId,
          DATA_FILE: path.join(settings.dataFolder, 'samples/insurance.db'),
        });
        const web = await findApplication(client, 'Insurance Web');
        programs.start('insurance-web', {
          PORT: String(ports.web),
          TENANT_URL: tenantUrl,
          CLIENT_ID: web.appId,
          CLIENT_SECRET: await renewSecret(client, web),
          API_URL: `http://127.0.0.1:${ports.api}`,
          MAIL_PAGE: settings.smtpUrl === undefined ? new URL('/-/mail', settings.publicUrl).href : undefined,
        });
      } catch (error) {
        log.error({ error }, 'the insurance sample was not started');
      }
    },
  };
}

/** The ports for both programs, or the setting of the first that is taken. */
async function findPorts(
  settings: Settings,
): Promise<{ web: number; api: number } | { taken: 'sampleWebPort' | 'sampleApiPort' }> {
  const web = await freePort(settings.sampleWebPort);
  if (web === undefined) return { taken: 'sampleWebPort' };
  const api = await freePort(settings.sampleApiPort);
  return api === undefined ? { taken: 'sampleApiPort' } : { web, api };
}

interface Registered {
  id: string;
  appId: string;
  passwordCredentials: readonly { keyId?: string | undefined; displayName?: string | null | undefined }[];
}

async function findApplication(client: Client, displayName: string): Promise<Registered> {
  const { value } = await client.listApplications({ $filter: `displayName eq '${displayName}'` });
  const [found] = value;
  if (!found?.appId) throw new Error(`The tenant ${tenantName} has no application ${displayName}.`);
  return { id: found.id, appId: found.appId, passwordCredentials: found.passwordCredentials ?? [] };
}

/** A new secret at each start, in place of the last one: so it never stands in a file. */
async function renewSecret(client: Client, { id, passwordCredentials }: Registered): Promise<string> {
  for (const { keyId, displayName } of passwordCredentials) {
    if (keyId && displayName === secretName) await client.removeApplicationPassword({ id, body: { keyId } });
  }
  const body = { passwordCredential: { displayName: secretName } };
  const { secretText } = await client.addApplicationPassword({ id, body });
  if (!secretText) throw new Error('The new secret was not shown.');
  return secretText;
}
