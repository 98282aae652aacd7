import { type Claim, compileRules, evaluateRules, localAuthority, stringValueType } from '@countersign/claims';
import { repeated } from './assertions.ts';
import { printProgress, type Row } from './report.ts';

/** Claims of a person, and rules of which every tenth finds one of them. */
export async function measureClaimsRules(count: number, rules = 1000, claims = 100): Promise<Row[]> {
  const given: Claim[] = Array.from({ length: claims }, (_, index) => ({
    type: `http://bench.example/claims/${index % 20}`,
    value: `Operators of network ${index}`,
    valueType: stringValueType,
    issuer: localAuthority,
    originalIssuer: localAuthority,
    properties: {},
  }));
  const text = Array.from(
    { length: rules },
    (_, index) =>
      `c:[Type == "http://bench.example/claims/${index % 200}", Value =~ "network ${index}$"] => issue(Type = "role", Value = c.Value);`,
  ).join('\n');
  const compiled = compileRules([{ name: 'bench', text }]);
  const noStore = async () => {
    throw new Error('No rule asks the directory.');
  };
  const work = () => evaluateRules(compiled, given, noStore);
  for (let warm = 0; warm < Math.min(50, count); warm++) await work();
  const row = { what: `${rules} rules over ${claims} claims`, engine: 'Countersign', ...(await repeated(count, work)) };
  printProgress(row);
  return [row];
}
