import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Act } from '../audit/index.ts';
import { chooseSigningKey, decideKeyPhase, isForSigning } from './decide-key-phase.ts';
import { buildJwks, type JwkResource } from './jwks.ts';
import { keyDecrypter, keySigner } from './key-signer.ts';
import { makeSigningKey } from './make-signing-key.ts';
import type { SigningKeyStorage } from './rotate-due-keys.ts';
import { keepFirstSigningKey } from './rotate-signing-key.ts';
import type { Decrypter, KeyAlgorithm, Signer, SigningAlgorithm } from './signer.ts';
import type { SigningKey } from './store.ts';

/** The public part of a published key, ready for use. */
export interface VerificationKey {
  keyId: string;
  algorithm: SigningAlgorithm;
  publicKey: KeyObject;
}

/** The keys of all tenants, as those see them who sign, verify and decrypt. */
export interface KeyRing {
  /** The key that signs for the tenant now. The first use makes one. */
  signer(tenantId: string, algorithm?: SigningAlgorithm): Promise<Signer>;
  /** A published key of exactly this tenant. */
  find(tenantId: string, keyId: string): Promise<VerificationKey | undefined>;
  /** Every published key of an existing tenant. The first use makes one. */
  jwks(tenantId: string): Promise<{ keys: JwkResource[] }>;
  /**
   * The certificate, PEM, of the newest key to which others encrypt: they are told of it at once, since those before it
   * still decrypt. The first use makes one.
   */
  encryptionCertificate(tenantId: string): Promise<string>;
  /** The keys to which somebody may have encrypted, newest first. */
  decrypters(tenantId: string): Promise<Decrypter[]>;
}

/** The keys of one tenant as they were when they were read. */
interface TenantKeys {
  readAt: number;
  /** When an unknown key id last had them read again; 0 = never. */
  lookedAgainAt: number;
  keys: SigningKey[];
  publicKeys: Map<string, KeyObject>;
  signers: Map<string, Promise<Signer>>;
}

/** After this time other processes' changes are seen. Keys are published far longer before they sign. */
const freshFor = 30_000;
/** An unknown key id makes us look again, but not more often than this, whoever sends such tokens. */
const unknownKeyPause = 5_000;
/** Tenants whose keys are kept in memory, at about 10 KB each. */
const mostTenants = 2_000;

/** Keeps what was read in memory for a short time. `actIn` makes the act under which a first key is made. */
export function openKeyRing(storage: SigningKeyStorage, actIn: (tenantId: string) => Act, now: () => Date): KeyRing {
  const tenants = new Map<string, TenantKeys>();
  const making = new Map<string, Promise<void>>();

  async function read(tenantId: string, youngerThan: number): Promise<TenantKeys> {
    const known = tenants.get(tenantId);
    const time = now().getTime();
    // A clock that was set back makes the copy look young; it is read again then, too.
    if (known && Math.abs(time - known.readAt) < youngerThan) return known;
    const keys = await storage.read.signingKeys.list(tenantId);
    const { lookedAgainAt = 0 } = known ?? {};
    const read = {
      readAt: time,
      lookedAgainAt,
      keys,
      publicKeys: new Map(),
      signers: new Map(),
      ...keepImported(known, keys),
    };
    tenants.delete(tenantId);
    // Ids of tenants that do not exist come from outside and must not push out those that do.
    if (keys.length > 0) tenants.set(tenantId, read);
    if (tenants.size > mostTenants) {
      const [oldest = ''] = tenants.keys();
      tenants.delete(oldest);
    }
    return read;
  }

  /** Another process may have made the key this moment: the first unknown id is worth a look at once. */
  async function lookAgain(tenantId: string, known: TenantKeys): Promise<TenantKeys> {
    const time = now().getTime();
    if (Math.abs(time - known.lookedAgainAt) < unknownKeyPause) return known;
    known.lookedAgainAt = time;
    return read(tenantId, 0);
  }

  async function choose(tenantId: string, algorithm: KeyAlgorithm): Promise<[TenantKeys, SigningKey]> {
    const known = await read(tenantId, freshFor);
    const key = chooseSigningKey(known.keys, algorithm, now());
    if (key) return [known, key];
    const name = `${tenantId} ${algorithm}`;
    const made = making.get(name) ?? makeFirst(tenantId, algorithm).finally(() => making.delete(name));
    making.set(name, made);
    await made;
    tenants.delete(tenantId);
    return choose(tenantId, algorithm);
  }

  async function makeFirst(tenantId: string, algorithm: KeyAlgorithm): Promise<void> {
    const made = await makeSigningKey(algorithm, tenantId, now());
    await storage.write((stores) => keepFirstSigningKey(stores, actIn(tenantId), made));
  }

  /** The keys to which somebody may have encrypted, newest first. */
  async function listDecrypting(tenantId: string): Promise<SigningKey[]> {
    const { keys } = await read(tenantId, freshFor);
    const decrypting = keys.filter((key) => !isForSigning(key) && decideKeyPhase(key, now()) !== 'expired');
    return decrypting.sort((a, b) => b.signsFrom.getTime() - a.signsFrom.getTime());
  }

  async function openSigner(tenantId: string, key: SigningKey & { algorithm: SigningAlgorithm }): Promise<Signer> {
    const privateKey = await storage.read.signingKeys.findPrivateKey(tenantId, key.id);
    if (privateKey === undefined) throw new Error(`The signing key ${key.id} of tenant ${tenantId} is gone.`);
    return keySigner(key, privateKey);
  }

  return {
    async signer(tenantId, algorithm = 'RS256') {
      const [{ signers }, key] = await choose(tenantId, algorithm);
      const signer = signers.get(key.id) ?? openSigner(tenantId, { ...key, algorithm });
      signers.set(key.id, signer);
      signer.catch(() => signers.delete(key.id));
      return signer;
    },

    async find(tenantId, keyId) {
      const isIt = (key: SigningKey) =>
        isForSigning(key) && key.id === keyId && decideKeyPhase(key, now()) !== 'expired';
      let known = await read(tenantId, freshFor);
      if (known.keys.length > 0 && !known.keys.some(isIt)) known = await lookAgain(tenantId, known);
      const key = known.keys.filter(isForSigning).find(isIt);
      return key && { keyId, algorithm: key.algorithm, publicKey: importOnce(known, key) };
    },

    async jwks(tenantId) {
      const [{ keys }] = await choose(tenantId, 'RS256');
      return buildJwks(keys, now());
    },

    async encryptionCertificate(tenantId) {
      const [, first] = await choose(tenantId, 'RSA-OAEP');
      const [newest = first] = await listDecrypting(tenantId);
      return newest.certificate;
    },

    async decrypters(tenantId) {
      const keys = await listDecrypting(tenantId);
      return keys.map(({ id }) => keyDecrypter(() => storage.read.signingKeys.findPrivateKey(tenantId, id)));
    },
  };
}

/** What was already imported of keys that are still there. */
function keepImported(known: TenantKeys | undefined, keys: SigningKey[]): Partial<TenantKeys> {
  const isThere = ([id]: [string, unknown]) => keys.some((key) => key.id === id);
  return known
    ? {
        publicKeys: new Map([...known.publicKeys].filter(isThere)),
        signers: new Map([...known.signers].filter(isThere)),
      }
    : {};
}

function importOnce({ publicKeys }: TenantKeys, key: SigningKey): KeyObject {
  const publicKey = publicKeys.get(key.id) ?? createPublicKey({ key: { ...key.publicJwk }, format: 'jwk' });
  publicKeys.set(key.id, publicKey);
  return publicKey;
}
