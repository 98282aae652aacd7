// The claims-aware application: it knows people only by the claims of tokens that the hub signs.
import { claimsAwareApp } from './claims-aware-app.ts';
import { hubMetadata } from './hub-metadata.ts';
import { samlProtocol } from './protocols/saml.ts';
import { wsFederationProtocol } from './protocols/ws-federation.ts';
import { Sessions } from './sessions.ts';
import { readSettings } from './settings.ts';

const settings = readSettings(process.env);
const metadataUrl = `${settings.tenantUrl}/FederationMetadata/2007-06/FederationMetadata.xml`;
const metadata = hubMetadata(metadataUrl, fetch, Date.now);
const app = claimsAwareApp({
  settings,
  sessions: new Sessions(Date.now),
  protocols: {
    'ws-federation': wsFederationProtocol(settings, () => metadata('ws-federation'), Date.now),
    saml: samlProtocol(settings, () => metadata('saml')),
  },
});

async function stop(): Promise<void> {
  await app.close();
  process.exit();
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
// When the hub has started this program, it ends with it.
process.once('disconnect', stop);

const address = await app.listen({ host: settings.listenAddress, port: settings.port });
console.log(`The claims-aware application listens at ${address}`);
