// An authenticator in software (WebAuthn Level 3 6), which can also do what none should.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What differs from a good answer. */
export interface Mischief {
  origin?: string;
  rpId?: string;
  challenge?: string;
  isUserVerified?: boolean;
  counter?: number;
  credentialId?: string;
  userHandle?: string;
  /** In place of the COSE key of the new credential. */
  coseKey?: Buffer;
}

interface Options {
  challenge: string;
  rp?: { id: string };
  rpId?: string;
  user?: { id: string };
}

/** One passkey on one device. */
export class Authenticator {
  readonly credentialId = randomBytes(16).toString('base64url');
  readonly #origin: string;
  readonly #key: KeyObject;
  readonly #x: Buffer;
  readonly #y: Buffer;
  #userHandle = '';
  counter = 0;

  constructor(origin: string) {
    this.#origin = origin;
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    this.#key = privateKey;
    this.#x = Buffer.from(x, 'base64url');
    this.#y = Buffer.from(y, 'base64url');
  }

  /** Answers `navigator.credentials.create`. */
  create(options: string, mischief: Mischief = {}): string {
    const { challenge, rp, user } = JSON.parse(options) as Options;
    this.#userHandle = user?.id ?? '';
    const id = Buffer.from(this.credentialId, 'base64url');
    const key =
      mischief.coseKey ??
      cbor(
        new Map<number, unknown>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, this.#x],
          [-3, this.#y],
        ]),
      );
    const credential = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, key]);
    const authData = Buffer.concat([this.#authData(mischief.rpId ?? rp?.id ?? '', 0x40, mischief), credential]);
    const attestation = new Map<string, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ]);
    return this.#answer({
      clientDataJSON: this.#clientData('webauthn.create', mischief.challenge ?? challenge, mischief),
      attestationObject: cbor(attestation).toString('base64url'),
      transports: ['internal'],
    });
  }

  /** Answers `navigator.credentials.get`. */
  get(options: string, mischief: Mischief = {}): string {
    const { challenge, rpId = '' } = JSON.parse(options) as Options;
    const authData = this.#authData(mischief.rpId ?? rpId, 0, mischief);
    const clientDataJSON = this.#clientData('webauthn.get', mischief.challenge ?? challenge, mischief);
    const signed = Buffer.concat([authData, sha256(Buffer.from(clientDataJSON, 'base64url'))]);
    return this.#answer(
      {
        clientDataJSON,
        authenticatorData: authData.toString('base64url'),
        signature: sign('sha256', signed, this.#key).toString('base64url'),
        userHandle: mischief.userHandle ?? this.#userHandle,
      },
      mischief.credentialId,
    );
  }

  #authData(rpId: string, flags: number, { isUserVerified = true, counter = this.counter }: Mischief): Buffer {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(Buffer.from(rpId)), Buffer.from([flags | 1 | (isUserVerified ? 4 : 0)]), count]);
  }

  #clientData(type: string, challenge: string, { origin = this.#origin }: Mischief): string {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false })).toString('base64url');
  }

  #answer(response: object, id = this.credentialId): string {
    return JSON.stringify({ id, rawId: id, type: 'public-key', response, clientExtensionResults: {} });
  }
}

/** CBOR (RFC 8949) of what authenticators send: whole numbers, texts, bytes and maps. */
export function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Map) return Buffer.concat([head(5, value.size), ...[...value].flat().map(cbor)]);
  throw new Error(`${value} is not sent by authenticators.`);
}

function head(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  return value < 256
    ? Buffer.from([(major << 5) | 24, value])
    : Buffer.from([(major << 5) | 25, value >> 8, value & 255]);
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
