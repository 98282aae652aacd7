import type { Client } from '@countersign/management-api';
import type { Log } from '../http/index.ts';
import { outboundFetch } from '../outbound/index.ts';
import { environmentName, type Settings } from '../settings/index.ts';
import { connectWithin } from './connect-within.ts';
import { connectDemoHomes, findServicePrincipal } from './demo-homes.ts';
import type { ManagementParts } from './open-management.ts';
import { freePort, notStarted, type Sample, SamplePrograms } from './sample-programs.ts';

const name = 'Claims-aware sample';
const tenantName = 'myoc';

/** Where the hub reaches itself: it exchanges metadata between its own tenants. */
const ownNetworks = ['127.0.0.0/8', '::1'];

/**
 * Finds out whether the claims-aware application can run here. Undefined when its tenant is not there.
 *
 * @param authorityFile  the hub's own certificate authority, if it has one
 */
export async function claimsSample(
  parts: ManagementParts,
  settings: Settings,
  log: Log,
  authorityFile: string | undefined,
): Promise<Sample | undefined> {
  const tenant = await parts.storage.read.tenants.resolve(tenantName);
  const domain = tenant?.domains.find(({ isDefault }) => isDefault)?.name;
  if (domain === undefined) return undefined;
  const port = await freePort(settings.sampleClaimsPort);
  if (port === undefined) {
    return notStarted(name, settings.sampleClaimsPort, environmentName('sampleClaimsPort'));
  }
  const { publicUrl, allowedPrivateNetworks } = settings;
  const { authorities } = parts.targetAccess;
  const programs = new SamplePrograms(log, authorityFile);
  const url = `http://localhost:${port}`;
  return {
    name,
    report: url,
    stop: () => programs.stop(),
    async start() {
      try {
        const fetch = outboundFetch([...allowedPrivateNetworks, ...ownNetworks], { authorities });
        const connect = (tenant: string) => connectWithin(parts, tenant, publicUrl.origin).client;
        await connectDemoHomes(parts.storage, connect, async (address) =>
          (await fetch(new URL(address, publicUrl))).text(),
        );
        await enterAddresses(connect(tenantName), url);
        programs.start('claims-aware-app', { PORT: String(port), TENANT_URL: new URL(domain, publicUrl).href });
      } catch (error) {
        log.error({ error }, 'the claims-aware sample was not started');
      }
    },
  };
}

/** Lets both trusts in the application know at which port it listens this time. */
async function enterAddresses(client: Client, url: string): Promise<void> {
  await client.saveRelyingParty({
    id: await findServicePrincipal(client, 'Claims Aware App'),
    body: {
      protocol: 'wsFederation',
      identifier: 'urn:myoc:claims-aware-app',
      replyAddresses: [{ binding: 'post', location: `${url}/signin`, index: 0 }],
    },
  });
  await client.saveRelyingParty({
    id: await findServicePrincipal(client, 'Claims Aware App by SAML'),
    body: {
      protocol: 'saml',
      identifier: 'urn:myoc:claims-aware-app:saml',
      replyAddresses: [{ binding: 'post', location: `${url}/saml/acs`, index: 0 }],
      signOutAddresses: [{ binding: 'redirect', location: `${url}/saml/logout` }],
    },
  });
}
