import type { Storage } from '../storage/index.ts';
import { customerFlow, saveFlow, type UserFlow } from '../user-flows/index.ts';
import { actOfHub } from './act-of-hub.ts';

const attributes = [
  { name: 'displayName', isRequired: true },
  { name: 'givenName', isRequired: true },
  { name: 'surname', isRequired: true },
] as const;
const claims = ['displayName', 'givenName', 'surname', 'emails'] as const;
const flow: Omit<UserFlow, 'name' | 'type'> = { ...customerFlow, attributes, claims };

/** The flows of the insurance company's customers. Changing the beneficiary asks for a second factor each time. */
const demoFlows: readonly UserFlow[] = [
  { ...flow, name: 'B2C_1_signupsignin1', type: 'signUpOrSignIn' },
  {
    ...flow,
    name: 'B2C_1_signupsignin1_mfa',
    type: 'signUpOrSignIn',
    secondFactor: { when: 'always', methods: ['totp', 'email'], holdsSeconds: 0 },
  },
  { ...flow, name: 'B2C_1_profileediting1', type: 'profileEditing' },
  { ...flow, name: 'B2C_1_passwordreset1', type: 'passwordReset' },
];

/** Gives a demo tenant its flows. */
export async function seedDemoFlows(storage: Storage, tenantName: string): Promise<void> {
  const tenant = await storage.read.tenants.resolve(tenantName);
  if (!tenant) throw new Error(`There is no tenant ${tenantName}.`);
  await storage.write(async (stores) => {
    for (const one of demoFlows) await saveFlow(stores, actOfHub(tenant.id), one);
  });
}
