// An OpenID provider in the test's own process: what it says and how it signs, the test decides.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { OutboundFetch } from '../../src/outbound/index.ts';

const redirectUri = /^https:\/\/hub\.example\/[0-9a-f-]{36}\/federation\//;

export class FakeOidcProvider {
  readonly issuer: string;
  readonly clientId = 'hub';
  readonly secret = 'a secret of the hub';
  /** Said of everybody besides the claims of the protocol. */
  person: Record<string, unknown> = {
    sub: 'marge-1',
    name: 'Marge Simpson',
    given_name: 'Marge',
    family_name: 'Simpson',
  };
  /** Goes over what the ID token would say. */
  wrong: Readonly<Record<string, unknown>> = {};
  /** Goes over the header of the ID token. */
  header: Record<string, unknown> = {};
  /** How often each path was asked. */
  readonly asked = new Map<string, number>();
  /** Said in the discovery document besides. */
  more: Readonly<Record<string, unknown>> = {};
  isAway = false;
  #keys = this.#makeKeys('key-1');
  #signsWith = this.#keys;
  readonly #codes = new Map<
    string,
    { nonce: string | null; challenge: string; redirectUri: string; requestedAt: number }
  >();
  readonly #now: () => Date;

  constructor(issuer: string, now: () => Date) {
    this.issuer = issuer;
    this.#now = now;
  }

  async #makeKeys(kid: string) {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
  }

  /** Publishes another key, and signs with it. */
  rotate(kid: string): void {
    this.#keys = this.#makeKeys(kid);
    this.#signsWith = this.#keys;
  }

  /** Signs with a key that nobody can know. */
  signWithAnotherKey(): void {
    this.#signsWith = this.#makeKeys('key-1');
  }

  /** Where the browser goes from the authorization endpoint: back to the hub, with a code. */
  authorize(url: URL, answer: Record<string, string> = {}): string {
    assert.equal(`${url.origin}${url.pathname}`, `${this.issuer}/authorize`);
    const asked = url.searchParams;
    assert.equal(asked.get('client_id'), this.clientId);
    assert.equal(asked.get('response_type'), 'code');
    assert.equal(asked.get('code_challenge_method'), 'S256');
    const back = asked.get('redirect_uri') ?? '';
    assert.match(back, redirectUri);
    const code = crypto.randomUUID();
    const challenge = asked.get('code_challenge') ?? '';
    this.#codes.set(code, {
      nonce: asked.get('nonce'),
      challenge,
      redirectUri: back,
      requestedAt: Number(this.#now()),
    });
    const target = new URL(back);
    const parameters = { code, state: asked.get('state') ?? '', iss: this.issuer, ...answer };
    for (const [name, value] of Object.entries(parameters)) if (value !== '') target.searchParams.set(name, value);
    return target.pathname + target.search;
  }

  readonly fetch: OutboundFetch = async (address, init = {}) => {
    const url = new URL(address);
    assert.equal(url.origin, new URL(this.issuer).origin, `nobody answers ${url}`);
    if (this.isAway) throw new Error('connect ECONNREFUSED');
    this.asked.set(url.pathname, (this.asked.get(url.pathname) ?? 0) + 1);
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return Response.json({
          issuer: this.issuer,
          authorization_endpoint: `${this.issuer}/authorize`,
          token_endpoint: `${this.issuer}/token`,
          userinfo_endpoint: `${this.issuer}/userinfo`,
          jwks_uri: `${this.issuer}/keys`,
          authorization_response_iss_parameter_supported: true,
          ...this.more,
        });
      case '/keys':
        return Response.json({ keys: [(await this.#keys).jwk] });
      case '/token':
        return this.#token(new URLSearchParams(String(init.body)));
      case '/userinfo':
        return Response.json(this.person);
      default:
        return new Response(null, { status: 404 });
    }
  };

  async #token(form: URLSearchParams): Promise<Response> {
    const kept = this.#codes.get(form.get('code') ?? '');
    this.#codes.delete(form.get('code') ?? '');
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isRight =
      kept?.challenge === verifier &&
      form.get('redirect_uri') === kept.redirectUri &&
      form.get('client_id') === this.clientId &&
      form.get('client_secret') === this.secret;
    if (!isRight) return Response.json({ error: 'invalid_grant' }, { status: 400 });
    return Response.json({
      access_token: 'access',
      token_type: 'Bearer',
      ...(kept.nonce !== null && { id_token: await this.#idToken(kept.nonce) }),
    });
  }

  /** A logout token (OpenID Connect Back-Channel Logout 1.0 2.4), with what is wrong about it over it. */
  async logoutToken(wrong: Readonly<Record<string, unknown>> = {}, header: object = {}): Promise<string> {
    const now = Math.floor(Number(this.#now()) / 1000);
    const { privateKey, jwk } = await this.#signsWith;
    const claims = {
      iss: this.issuer,
      aud: this.clientId,
      iat: now,
      exp: now + 120,
      jti: crypto.randomUUID(),
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      ...wrong,
    };
    return new SignJWT(claims as JWTPayload)
      .setProtectedHeader({ alg: 'RS256', kid: jwk.kid, typ: 'logout+jwt', ...header })
      .sign(privateKey);
  }

  async #idToken(nonce: string): Promise<string> {
    const now = Math.floor(Number(this.#now()) / 1000);
    const { privateKey, jwk } = await this.#signsWith;
    const claims = { iss: this.issuer, aud: this.clientId, iat: now, exp: now + 300, auth_time: now, nonce };
    return new SignJWT({ ...claims, ...this.person, ...this.wrong } as JWTPayload)
      .setProtectedHeader({ alg: 'RS256', kid: jwk.kid, ...this.header })
      .sign(privateKey);
  }
}
