// How many passwords a core checks when it does nothing else: `node argon2-limit.ts <count>` prints a load result as JSON. With
// the parameters that the hub has.
import { hash, verify } from '@node-rs/argon2';

const count = Number(process.argv[2]);
const kept = await hash('correct horse battery staple', { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
const durations: number[] = [];
const usedBefore = process.cpuUsage();
const startedAt = performance.now();
for (let index = 0; index < count; index++) {
  const begun = performance.now();
  await verify(kept, 'correct horse battery staple');
  durations.push(performance.now() - begun);
}
const seconds = (performance.now() - startedAt) / 1000;
const { user, system } = process.cpuUsage(usedBefore);
durations.sort((one, other) => one - other);
const quantile = (part: number) => durations[Math.min(count - 1, Math.floor(count * part))] ?? 0;
const cpu = (user + system) / 1000 / count;
const result = {
  perSecond: count / seconds,
  median: quantile(0.5),
  p99: quantile(0.99),
  largest: quantile(1),
  cpu,
  count,
};
process.stdout.write(JSON.stringify(result));
