import { type CryptoKey, createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { OAuthOptions } from './stores.ts';

interface KnownKeys {
  find: ReturnType<typeof createLocalJWKSet>;
  readAt: number;
}

/** After this time the keys of an issuer are fetched again, in milliseconds. */
const freshFor = 600_000;
/** A key id that is unknown has them fetched again, but not more often than this, whoever sends such tokens. */
const unknownKeyPause = 30_000;
/** Issuers whose keys are kept in memory. */
const mostIssuers = 500;

/**
 * The keys of issuers that tenants trust, found by their metadata (OpenID Connect Discovery 4). Ask only for issuers that
 * somebody has registered: their servers are called.
 */
export class ForeignKeys {
  readonly #fetch: OAuthOptions['fetch'];
  readonly #now: () => Date;
  readonly #known = new Map<string, Promise<KnownKeys>>();

  constructor({ fetch, now }: Pick<OAuthOptions, 'fetch' | 'now'>) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /** Finds the key with which a token of the issuer was signed, for `jwtVerify`. */
  of(issuer: string): JWTVerifyGetKey {
    return async (header, token): Promise<CryptoKey> => {
      const known = await this.#read(issuer, freshFor);
      try {
        return await known.find(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        const again = await this.#read(issuer, unknownKeyPause);
        if (again === known) throw error;
        return again.find(header, token);
      }
    };
  }

  async #read(issuer: string, youngerThan: number): Promise<KnownKeys> {
    const kept = this.#known.get(issuer);
    const known = await kept;
    if (kept && known && Math.abs(this.#now().getTime() - known.readAt) < youngerThan) return known;
    // Somebody else may have begun to read them while this one waited.
    const current = this.#known.get(issuer);
    if (current && current !== kept) return current;
    const reading = this.#fetchKeys(issuer);
    this.#known.set(issuer, reading);
    reading.catch(() => this.#known.get(issuer) === reading && this.#known.delete(issuer));
    if (this.#known.size > mostIssuers) {
      const [oldest = ''] = this.#known.keys();
      this.#known.delete(oldest);
    }
    return reading;
  }

  async #fetchKeys(issuer: string): Promise<KnownKeys> {
    const metadata = await this.#json(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    // OpenID Connect Discovery 4.3: MUST exactly match.
    if (metadata['issuer'] !== issuer) throw new Error(`The metadata of ${issuer} is of another issuer.`);
    const keySet = await this.#json(String(metadata['jwks_uri']));
    return { find: createLocalJWKSet(keySet as unknown as JSONWebKeySet), readAt: this.#now().getTime() };
  }

  async #json(url: string): Promise<Record<string, unknown>> {
    if (URL.parse(url)?.protocol !== 'https:') throw new Error(`${url} is no https address.`);
    const response = await this.#fetch(url, { headers: { accept: 'application/json' } });
    if (response.status !== 200) throw new Error(`${url} answered ${response.status}.`);
    return (await response.json()) as Record<string, unknown>;
  }
}
