// A tenant whose customers may also come from an identity provider, the Social Club.
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { createProvider, type ProviderInput } from '../../src/upstream-providers/index.ts';
import type { UserFlow } from '../../src/user-flows/index.ts';
import { Journey } from '../sign-in/journey.ts';
import type { TestBrowser } from '../sign-in/test-browser.ts';
import { FakeOidcProvider } from './fake-oidc-provider.ts';

/** The button of the provider. */
export const socialButton = 'provider=Social';

const usual = { name: 'B2C_1_Members', type: 'signUpOrSignIn', providers: ['Social'] } as const;

/** Makes the tenant with one flow, and the trust. */
export async function openSocialClub(
  database: OpenedDatabase,
  flow: Partial<UserFlow> = {},
  input: ProviderInput = {},
) {
  const journey = await new Journey(database).begin({ ...usual, ...flow });
  const provider = new FakeOidcProvider('https://idp.example', () => journey.now);
  journey.upstreamFetch = provider.fetch;
  const trust = {
    id: 'Social',
    displayName: 'Social Club',
    issuer: provider.issuer,
    createsUsers: true,
    oidc: { clientId: provider.clientId },
    ...input,
  };
  await journey.storage.write((stores) => createProvider(stores, journey.act(), trust, provider.secret));
  const browser = journey.browser();
  const comeBack = (by: TestBrowser = browser) => by.open(provider.authorize(by.continuesTo()));
  const user = async (id: string) => (await journey.storage.read.objects.find(journey.tenant.id, id))?.attributes;
  return { journey, provider, browser, comeBack, user, asked: { flow: usual.name } };
}
