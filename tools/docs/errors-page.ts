import { globSync } from 'node:fs';
import path from 'node:path';
import { applicationsErrors } from '../../server/src/applications/index.ts';
import { brandingErrors } from '../../server/src/branding/index.ts';
import { directoryErrors } from '../../server/src/directory/index.ts';
import { endpointsErrors } from '../../server/src/endpoints/index.ts';
import { federationMetadataErrors } from '../../server/src/federation-metadata/index.ts';
import { httpErrors } from '../../server/src/http/index.ts';
import { inboundProvisioningErrors } from '../../server/src/inbound-provisioning/index.ts';
import { issuanceErrors } from '../../server/src/issuance/index.ts';
import { provisioningErrors } from '../../server/src/provisioning/index.ts';
import type { RefusalDefinition } from '../../server/src/refusal.ts';
import { ruleGroupsErrors } from '../../server/src/rule-groups/index.ts';
import { setupErrors } from '../../server/src/setup/index.ts';
import { signInErrors } from '../../server/src/sign-in/index.ts';
import { storageErrors } from '../../server/src/storage/index.ts';
import { upstreamProvidersErrors } from '../../server/src/upstream-providers/index.ts';
import { userFlowsErrors } from '../../server/src/user-flows/index.ts';
import { code, table } from './markdown.ts';

/** The catalogues by the folders of server/src to which they belong. */
const catalogues: Readonly<Record<string, Readonly<Record<string, RefusalDefinition>>>> = {
  applications: applicationsErrors,
  branding: brandingErrors,
  directory: directoryErrors,
  endpoints: endpointsErrors,
  http: httpErrors,
  'inbound-provisioning': inboundProvisioningErrors,
  issuance: issuanceErrors,
  provisioning: provisioningErrors,
  'rule-groups': ruleGroupsErrors,
  setup: setupErrors,
  'sign-in': signInErrors,
  storage: storageErrors,
  'upstream-providers': upstreamProvidersErrors,
  'federation-metadata': federationMetadataErrors,
  'user-flows': userFlowsErrors,
};

const source = path.resolve(import.meta.dirname, '../../server/src');

/** Every refusal of every folder. */
export function errorsPage(): string {
  const forgotten = globSync('*/errors.ts', { cwd: source }).find((file) => !(path.dirname(file) in catalogues));
  if (forgotten) throw new Error(`The catalogue in server/src/${forgotten} is missing in tools/docs/errors-page.ts.`);
  const sections = Object.entries(catalogues).map(([folder, catalogue]) => {
    const rows = Object.entries(catalogue).map(([name, { status, text, advice }]) => {
      return [code(name), String(status), text, advice];
    });
    return `## ${folder}\n\n${table(['Code', 'Status', 'Text', 'What to do'], rows)}\n`;
  });
  return `# Errors

What the server refuses, by the stable codes that stand in its answers, its log and the audit events. A code is never used again
for anything else. Protocols answer with the errors of their own specification; the code then stands in the log.

Two codes are no refusals: \`http.unavailable\` (503) is for what may work after the seconds in Retry-After, and \`http.failed\` (500)
for what nobody foresaw. Its text never leaves the server: the reference in the answer finds it in the log.

${sections.join('\n')}`;
}
