// Somebody who came from an identity provider and is signed in at an application of SAML, to be signed out.
import assert from 'node:assert/strict';
import { parseLogoutResponse, parseRedirect } from '@countersign/saml';
import { compression } from '../../src/issuance/index.ts';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { createProvider, type ProviderInput } from '../../src/upstream-providers/index.ts';
import { origin, profileOf, SamlHub } from '../endpoints/saml/saml-hub.ts';
import type { TestBrowser } from '../sign-in/test-browser.ts';

export const applicationSlo = 'https://app.example/slo';

/** A hub that trusts the provider Home, with the application. */
export async function openPartnerSignOut(database: OpenedDatabase, trust: ProviderInput, secret: string | null = null) {
  const hub = await new SamlHub(database).begin();
  const { id } = hub.tenant;
  const provider = { id: 'Home', displayName: 'Home', createsUsers: true, ...trust };
  await hub.storage.write((stores) => createProvider(stores, hub.act(), provider, secret));
  await hub.application({ signOutAddresses: [{ binding: 'redirect', location: applicationSlo }] });
  const app = await hub.provider({
    logoutUrl: `${origin}/${id}/saml2`,
    logoutCallbackUrl: applicationSlo,
    wantAuthnResponseSigned: false,
  });

  /** Goes to the provider, which sends the browser back. @returns the application's profile */
  const signIn = async (browser: TestBrowser, comeBack: (at: URL) => Promise<unknown>) => {
    const url = new URL(await app.getAuthorizeUrlAsync('', undefined, {}));
    await browser.open(`${url.pathname}${url.search}&whr=Home`);
    await comeBack(browser.continuesTo());
    const back = browser.continuesTo();
    await browser.open(back.pathname + back.search);
    return profileOf(browser, app);
  };

  const isIn = async (sessionId: unknown) =>
    (await hub.storage.read.sessions.find(id, String(sessionId), hub.now)) !== undefined;

  /** What the application is told in the end. */
  const statusAt = async ({ origin: at, pathname, search }: URL) => {
    assert.equal(at + pathname, applicationSlo);
    const { code, secondLevelCode } = parseLogoutResponse(
      (await parseRedirect(search.slice(1), compression)).element,
    ).status;
    return [code, secondLevelCode];
  };

  return { hub, app, signIn, isIn, statusAt, logoutPath: `/${id}/federation/Home/logout` };
}

/** Goes to an address of the hub, which sends the browser elsewhere. */
export async function visit(browser: TestBrowser, address: string): Promise<URL> {
  const { pathname, search } = new URL(address, origin);
  const { status, headers, text } = await browser.open(pathname + search);
  assert.equal(status, 303, text);
  return new URL(String(headers['location']));
}
