import type { Command, MachineCommand } from '../command.ts';
import { appCommands } from './app.ts';
import { apply } from './apply.ts';
import { attributeCommands } from './attribute.ts';
import { auditExport } from './audit.ts';
import { brandingCommands } from './branding.ts';
import { exportCommand } from './export.ts';
import { flowCommands } from './flow.ts';
import { identityProviderCommands } from './identity-provider.ts';
import { keyCommands } from './key.ts';
import { methodCommands } from './method.ts';
import { passwordPolicyCommands } from './password-policy.ts';
import { policyAuthorization } from './policy.ts';
import { provisioningCommands } from './provisioning.ts';
import { registrationCommands } from './registration.ts';
import { rulesCommands } from './rules.ts';
import { scimCommands } from './scim.ts';
import { sessionCommands } from './session.ts';
import { setup } from './setup.ts';
import { signInCommands } from './sign-in.ts';
import { tenantCommands } from './tenant.ts';
import { trustCommands } from './trust.ts';
import { userCommands } from './user.ts';

/** Work on the machine of the hub, done by the server program itself. */
const machineCommands: MachineCommand[] = [
  { name: 'start', meaning: 'Starts the hub.', passOn: [] },
  { name: 'backup', meaning: 'Writes everything into one file while the hub runs.', passOn: ['backup'] },
  { name: 'restore', meaning: 'Reads a backup into an empty database of either engine.', passOn: ['restore'] },
  {
    name: 'token',
    meaning: 'Signs an access token for an administrator with the key of the tenant.',
    passOn: ['token'],
  },
  {
    name: 'doctor',
    meaning: 'Checks clock, files, database and certificates, and says what to do.',
    passOn: ['doctor'],
  },
];

/** Every command, in the order in which the overview lists them. */
export const commands: (Command | MachineCommand)[] = [
  ...machineCommands,
  setup,
  apply,
  exportCommand,
  ...tenantCommands,
  ...userCommands,
  ...appCommands,
  ...trustCommands,
  ...rulesCommands,
  policyAuthorization,
  ...registrationCommands,
  ...flowCommands,
  ...attributeCommands,
  ...brandingCommands,
  ...identityProviderCommands,
  ...passwordPolicyCommands,
  ...sessionCommands,
  ...methodCommands,
  ...keyCommands,
  ...scimCommands,
  ...provisioningCommands,
  auditExport,
  ...signInCommands,
];
