// The API of the sample: it trusts the hub's access tokens and keeps one policy for each customer.
import { callerIdentifier } from './callers.ts';
import { insuranceApi } from './insurance-api.ts';
import { Policies } from './policies.ts';
import { readSettings } from './settings.ts';

const settings = readSettings(process.env);
const policies = new Policies(settings.dataFile);
const api = insuranceApi(callerIdentifier(settings), policies, () => new Date());

async function stop(): Promise<void> {
  await api.close();
  policies.close();
  process.exit();
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
// When the hub has started this program, it ends with it.
process.once('disconnect', stop);

console.log(`The insurance API listens at ${await api.listen({ host: settings.listenAddress, port: settings.port })}`);
