import { createPublicKey, type KeyObject } from 'node:crypto';
import { ExternalSigningKey } from 'oidc-provider';
import type { JwkResource, KeyRing, Signer, SigningAlgorithm } from '../../issuance/index.ts';

/** The keys of a tenant as a provider uses them: those that sign come first, since it takes the first that fits. */
export interface ProviderKeys {
  /** Changes with every change of the keys, and names no secret. */
  version: string;
  keys: readonly RingKey[];
}

/** What every provider can sign with. */
const algorithms = ['RS256', 'ES256'] as const satisfies SigningAlgorithm[];

/** Reads the keys of a tenant from the ring, and makes what is missing. */
export async function readProviderKeys(ring: KeyRing, tenantId: string): Promise<ProviderKeys> {
  const signers = await Promise.all(algorithms.map((algorithm) => ring.signer(tenantId, algorithm)));
  const { keys: published } = await ring.jwks(tenantId);
  const signing = new Map(signers.map((signer) => [signer.keyId, signer]));
  const order = published.toSorted((a, b) => Number(signing.has(b.kid)) - Number(signing.has(a.kid)));
  return {
    version: [...signing.keys(), ...order.map(({ kid }) => kid)].join(' '),
    keys: order.map((jwk) => new RingKey(jwk, signing.get(jwk.kid))),
  };
}

/** A published key. Its private part stays behind the Signer. */
export class RingKey extends ExternalSigningKey {
  readonly #jwk: JwkResource;
  readonly #publicKey: KeyObject;
  readonly #signer: Signer | undefined;

  constructor(jwk: JwkResource, signer: Signer | undefined) {
    super();
    this.#jwk = jwk;
    this.#publicKey = createPublicKey({ key: { ...jwk }, format: 'jwk' });
    this.#signer = signer;
  }

  override get kid(): string {
    return this.#jwk.kid;
  }

  override get alg(): string {
    return this.#jwk.alg;
  }

  override keyObject(): KeyObject {
    return this.#publicKey;
  }

  override sign(data: Uint8Array): Promise<Uint8Array> {
    if (!this.#signer) throw new Error(`The key ${this.#jwk.kid} only verifies.`);
    return this.#signer.sign(data);
  }
}
