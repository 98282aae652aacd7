// A hub with an application that speaks WS-Federation, asked without a socket.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  parseSignInResult,
  type ReceivedToken,
  type SecurityToken,
  type TokenTrust,
  verifyToken,
} from '@countersign/ws-federation';
import {
  addPassword,
  createServicePrincipal,
  type RelyingPartyInput,
  registerApplication,
  saveRelyingParty,
} from '../../../src/applications/index.ts';
import { type Route, wsFederationRoutes, wsTrustRoutes } from '../../../src/endpoints/index.ts';
import { claimsIssuer, type KeyRing, openKeyRing, xmlDigest, xmlVerificationKey } from '../../../src/issuance/index.ts';
import { xmlContentCipher } from '../../../src/issuance/xml-cryptography.ts';
import { openSignOut } from '../../../src/main/open-sign-out.ts';
import type { OpenedDatabase } from '../../../src/storage/conformance/database.ts';
import { hasher, Journey, newSecret, password } from '../../sign-in/journey.ts';
import { TestBrowser } from '../../sign-in/test-browser.ts';

export const origin = 'https://hub.example';
export const realm = 'urn:app';
export const replyAddress = 'https://app.example/federation';

export class WsFederationHub extends Journey {
  readonly all: Route[];
  readonly keys: KeyRing;

  constructor(database: OpenedDatabase) {
    super(database);
    const { storage } = this;
    this.keys = openKeyRing(
      storage,
      (tenantId) => this.act(tenantId),
      () => this.now,
    );
    const options = {
      storage,
      keys: this.keys,
      passwords: hasher,
      upstream: this.upstream,
      issueClaims: claimsIssuer(),
      publicUrl: new URL(origin),
      signOut: openSignOut({
        storage,
        keys: this.keys,
        publicUrl: new URL(origin),
        fetch: (...call) => this.upstreamFetch(...call),
      }),
      now: () => this.now,
      newId: () => crypto.randomUUID(),
      newSecret,
      randomBytes: (length: number) => new Uint8Array(randomBytes(length)),
    };
    this.all = [...this.routes, ...wsFederationRoutes(options), ...wsTrustRoutes(options)];
  }

  override browser(): TestBrowser {
    return new TestBrowser(this.all);
  }

  get entityId(): string {
    return `${origin}/${this.tenant.id}/`;
  }

  /** Makes an application that trusts us. @returns the id of its service principal */
  async application(change: Partial<RelyingPartyInput> = {}): Promise<string> {
    return (await this.registered(change)).id;
  }

  /** The same, with all that it knows of itself. */
  async registered(change: Partial<RelyingPartyInput>): Promise<{ id: string; appId: string; secret: string }> {
    return this.storage.write(async (stores) => {
      const application = await registerApplication(stores, this.act(), { displayName: 'Claims app' });
      const { appId } = application.attributes;
      const principal = await createServicePrincipal(stores, this.act(), appId);
      const { secretText: secret } = await addPassword(stores, this.act(), application, {}, randomBytes(32));
      await saveRelyingParty(stores, this.act(), principal.id, {
        protocol: 'wsFederation',
        identifier: realm,
        replyAddresses: [{ binding: 'post', location: replyAddress, index: 0 }],
        ...change,
      });
      return { id: principal.id, appId, secret };
    });
  }

  /** The address of a passive request. */
  passive(parameters: Readonly<Record<string, string>> = {}, path = `/${this.tenant.id}/wsfed`): string {
    return `${path}?${new URLSearchParams({ wa: 'wsignin1.0', wtrealm: realm, ...parameters })}`;
  }

  /** Goes to the application's request, and signs in where it is asked for. */
  async signOn(browser: TestBrowser, name: string, parameters: Readonly<Record<string, string>> = {}): Promise<void> {
    await browser.open(this.passive(parameters));
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

  /** The token in the form that the browser is about to post, verified as the application does it. */
  async token(browser: TestBrowser, decryption?: TokenTrust['decryption']): Promise<SecurityToken> {
    return this.verified(parseSignInResult(posted(browser).fields['wresult'] ?? ''), decryption);
  }

  async verified(
    received: Pick<ReceivedToken, 'document' | 'token'>,
    decryption?: TokenTrust['decryption'],
    audience = realm,
  ): Promise<SecurityToken> {
    const { certificate } = await this.keys.signer(this.tenant.id);
    const key = xmlVerificationKey(certificate.replace(/-----[^-]+-----|\s/g, ''));
    return verifyToken(
      received,
      { signatures: { keys: [key], algorithms: ['rsa-sha256'] }, decryption },
      { issuer: this.entityId, audiences: [audience], recipients: [replyAddress], now: this.now, clockSkewSeconds: 0 },
      { digest: xmlDigest, cipher: xmlContentCipher },
    );
  }
}

/** The form that the browser is about to post to the application. */
export function posted(browser: TestBrowser): { action: string; fields: Record<string, string> } {
  assert.equal(browser.page.status, 200, browser.page.text);
  const { action, fields } = browser.form();
  assert.ok(fields['wresult'], browser.page.text);
  return { action, fields };
}
