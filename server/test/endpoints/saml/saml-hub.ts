// A hub with a SAML application, and node-saml as that application, asked without a socket.
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { Signer } from '@countersign/xml';
import { type Profile, SAML, type SamlConfig } from '@node-saml/node-saml';
import {
  createServicePrincipal,
  type RelyingPartyInput,
  registerApplication,
  saveRelyingParty,
} from '../../../src/applications/index.ts';
import { type Route, samlRoutes, upstreamSignOutRoutes } from '../../../src/endpoints/index.ts';
import type { SignOut } from '../../../src/endpoints/sign-out/index.ts';
import { claimsIssuer, type KeyRing, openKeyRing } from '../../../src/issuance/index.ts';
import { makeSigningKey } from '../../../src/issuance/make-signing-key.ts';
import { useIdOf } from '../../../src/main/late-upstream.ts';
import { openSignOut } from '../../../src/main/open-sign-out.ts';
import type { OutboundFetch } from '../../../src/outbound/index.ts';
import type { OpenedDatabase } from '../../../src/storage/conformance/database.ts';
import { openUpstreamSignOut } from '../../../src/upstream/index.ts';
import { Journey, newSecret, password } from '../../sign-in/journey.ts';
import { TestBrowser } from '../../sign-in/test-browser.ts';

export const origin = 'https://hub.example';
export const replyAddress = 'https://app.example/acs';

/** The certificates of the application, made once. */
const made = await makeSigningKey('RS256', 'app', new Date());
export const applicationKey = made.privateKey;
export const applicationCertificate = made.certificate.replace(/-----[^-]+-----|\s/g, '');
export const applicationSigner: Signer = {
  algorithm: 'rsa-sha256',
  certificate: applicationCertificate,
  sign: (data) => new Uint8Array(sign('sha256', data, applicationKey)),
};
export const strangerKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ format: 'pem', type: 'pkcs8' })
  .toString();

export class SamlHub extends Journey {
  readonly all: Route[];
  readonly keys: KeyRing;
  readonly signOut: SignOut;

  constructor(database: OpenedDatabase) {
    super(database);
    // node-saml looks at its own clock.
    this.now = new Date();
    const { storage } = this;
    this.keys = openKeyRing(
      storage,
      (tenantId) => this.act(tenantId),
      () => new Date(),
    );
    const fetch: OutboundFetch = (url, init) => this.upstreamFetch(url, init);
    this.signOut = openSignOut({ storage, keys: this.keys, publicUrl: new URL(origin), fetch });
    const options = {
      storage,
      keys: this.keys,
      fetch,
      useId: useIdOf(storage),
      issueClaims: claimsIssuer(),
      publicUrl: new URL(origin),
      signOut: this.signOut,
      now: () => this.now,
      newId: () => crypto.randomUUID(),
      newSecret,
      randomBytes: (length: number) => new Uint8Array(randomBytes(length)),
    };
    const upstream = openUpstreamSignOut(options);
    this.all = [...this.routes, ...samlRoutes(options), ...upstreamSignOutRoutes({ ...options, upstream })];
  }

  override browser(): TestBrowser {
    return new TestBrowser(this.all);
  }

  get entityId(): string {
    return `${origin}/${this.tenant.id}/`;
  }

  /** Makes an application that trusts us. @returns the id of its service principal */
  async application(change: Partial<RelyingPartyInput> = {}): Promise<string> {
    return this.storage.write(async (stores) => {
      const { attributes } = await registerApplication(stores, this.act(), { displayName: 'Claims app' });
      const principal = await createServicePrincipal(stores, this.act(), attributes.appId);
      await saveRelyingParty(stores, this.act(), principal.id, {
        protocol: 'saml',
        identifier: 'urn:app',
        replyAddresses: [{ binding: 'post', location: replyAddress, index: 0 }],
        signingCertificates: [applicationCertificate],
        mustSignRequests: true,
        ...change,
      });
      return principal.id;
    });
  }

  /** node-saml as the application. */
  async provider(change: Partial<SamlConfig> = {}): Promise<SAML> {
    const { certificate } = await this.keys.signer(this.tenant.id);
    return new SAML({
      idpCert: certificate,
      idpIssuer: this.entityId,
      issuer: 'urn:app',
      callbackUrl: replyAddress,
      audience: 'urn:app',
      entryPoint: `${origin}/${this.tenant.id}/saml2`,
      privateKey: applicationKey,
      signatureAlgorithm: 'sha256',
      digestAlgorithm: 'sha256',
      identifierFormat: null,
      disableRequestedAuthnContext: true,
      wantAuthnResponseSigned: true,
      wantAssertionsSigned: true,
      acceptedClockSkewMs: 2_000,
      ...change,
    });
  }

  /** Goes to the application's request, and signs in where it is asked for. */
  async signOn(browser: TestBrowser, provider: SAML, name: string): Promise<void> {
    const url = new URL(await provider.getAuthorizeUrlAsync('the-state', undefined, {}));
    await browser.open(url.pathname + url.search);
    await this.enter(browser, name);
  }

  /** Signs in with the form that the browser shows, if it shows one. */
  async enter(browser: TestBrowser, name: string): Promise<void> {
    assert.equal(browser.page.status, 200, browser.page.text);
    if (!/name="password"/.test(browser.page.text)) return;
    await browser.submit({ name, password }, 'submit');
    const back = browser.continuesTo();
    await browser.open(back.pathname + back.search);
  }
}

/** The form that the browser is about to post to the application. */
export function posted(browser: TestBrowser): { action: string; fields: Record<string, string> } {
  assert.equal(browser.page.status, 200, browser.page.text);
  const { action, fields } = browser.form();
  assert.ok(fields['SAMLResponse'], browser.page.text);
  return { action, fields };
}

/** What node-saml makes of the answer. */
export async function profileOf(browser: TestBrowser, provider: SAML): Promise<Profile> {
  const { fields } = posted(browser);
  const { profile } = await provider.validatePostResponseAsync(fields);
  assert.ok(profile);
  return profile;
}
