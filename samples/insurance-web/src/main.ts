// The web application of the sample: people sign in at the hub, and it calls the API in their name.
import { InsuranceApi } from './insurance-api.ts';
import { insuranceWeb } from './insurance-web.ts';
import { Sessions } from './sessions.ts';
import { readSettings } from './settings.ts';

const settings = readSettings(process.env);
const api = new InsuranceApi(settings.apiUrl);
const web = insuranceWeb({ settings, api, sessions: new Sessions(Date.now), now: Date.now });

async function stop(): Promise<void> {
  await web.close();
  process.exit();
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
// When the hub has started this program, it ends with it.
process.once('disconnect', stop);

console.log(
  `The insurance web application listens at ${await web.listen({ host: settings.listenAddress, port: settings.port })}`,
);
