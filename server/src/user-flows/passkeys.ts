import { isIP } from 'node:net';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { AuthenticationMethod, PasskeyMethod } from './authentication-method.ts';
import type { Block } from './form.ts';
import type { StepContext } from './step.ts';

/** EdDSA, ES256 and RS256 (RFC 9053 2), which every authenticator has one of. No other key is taken. */
const algorithms = [-8, -7, -257];

/** What a passkey is called whose owner gave it no name. */
export const unnamedPasskey = 'Passkey';

/** How long a browser waits for the person, in milliseconds: as long as a form is good for a slow reader. */
const timeout = 300_000;

/** Loaded with the first passkey: most sign-ins need none of it. */
const webAuthn = () => import('@simplewebauthn/server');

type Place = Pick<StepContext, 'origin' | 'challenge'>;

/**
 * The relying party of passkeys: the host of the pages (WebAuthn Level 3 5.1.2). A passkey of another host name of the tenant
 * is not offered, since browsers would not find it. Undefined at an IP address, where there are no passkeys.
 */
export function relyingParty(origin: string): string | undefined {
  const { hostname } = new URL(origin);
  return isIP(hostname.replace(/^\[|\]$/g, '')) ? undefined : hostname;
}

/** The passkeys of a user that browsers find at this origin. */
export function passkeysAt(origin: string, methods: readonly AuthenticationMethod[]): PasskeyMethod[] {
  const rpId = relyingParty(origin);
  return methods.filter((method) => method.kind === 'passkey').filter((method) => method.rpId === rpId);
}

/** Asks the browser to make a passkey that finds its owner by itself and verifies that it is the owner. */
export async function newPasskeyBlock({ origin, challenge, tenant, user, methods }: StepContext): Promise<Block> {
  const { generateRegistrationOptions } = await webAuthn();
  const options = await generateRegistrationOptions({
    rpName: tenant.displayName,
    rpID: relyingParty(origin) ?? '',
    userName: String(user?.attributes['userPrincipalName'] ?? ''),
    userDisplayName: String(user?.attributes['displayName'] ?? ''),
    // The object id says nothing about the person (WebAuthn Level 3 14.6.1).
    userID: new TextEncoder().encode(user?.id),
    challenge: bytesOf(challenge),
    timeout,
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: algorithms,
    excludeCredentials: passkeysAt(origin, methods).map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: [...transports],
    })),
  });
  return { kind: 'passkey', ceremony: 'create', options: JSON.stringify(options), conditional: false };
}

/**
 * Asks the browser for a passkey.
 *
 * @param allowed  those of the user, when it is known who that is; else the browser offers all that it has for this host
 */
export async function passkeyBlock(
  { origin, challenge }: Place,
  allowed: readonly PasskeyMethod[] | undefined,
): Promise<Block> {
  const { generateAuthenticationOptions } = await webAuthn();
  const options = await generateAuthenticationOptions({
    rpID: relyingParty(origin) ?? '',
    challenge: bytesOf(challenge),
    timeout,
    userVerification: 'required',
    ...(allowed && {
      allowCredentials: allowed.map(({ credentialId, transports }) => ({
        id: credentialId,
        transports: [...transports],
      })),
    }),
  });
  return { kind: 'passkey', ceremony: 'get', options: JSON.stringify(options), conditional: allowed === undefined };
}

/** What is kept of a passkey that the browser has made; undefined when the answer is not good (WebAuthn Level 3 7.1). */
export async function readNewPasskey(
  { origin, challenge }: Place,
  answer: string,
): Promise<
  Pick<PasskeyMethod, 'credentialId' | 'publicKey' | 'counter' | 'transports' | 'isBackedUp' | 'rpId'> | undefined
> {
  const rpId = relyingParty(origin);
  const response = parse(answer) as RegistrationResponseJSON | undefined;
  if (rpId === undefined || response === undefined) return undefined;
  const { verifyRegistrationResponse } = await webAuthn();
  const found = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: true,
    supportedAlgorithmIDs: algorithms,
  }).catch(notGood);
  if (!found?.verified) return undefined;
  const { credential, credentialBackedUp } = found.registrationInfo;
  return {
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    counter: credential.counter,
    transports: (credential.transports ?? []).filter((transport) => /^[a-z-]{1,20}$/.test(transport)).slice(0, 10),
    isBackedUp: credentialBackedUp,
    rpId,
  };
}

/** The id of the credential with which the browser has answered. */
export function credentialIdOf(answer: string): string | undefined {
  const answered = parse(answer);
  return answered && 'id' in answered && typeof answered.id === 'string' ? answered.id : undefined;
}

/**
 * The counter of the authenticator when the answer proves that the passkey is at hand and its owner was verified; undefined
 * when it does not (WebAuthn Level 3 7.2). Whether the counter has grown is up to whoever keeps it.
 */
export async function verifyPasskey(
  { origin, challenge }: Place,
  { credentialId, publicKey, rpId }: PasskeyMethod,
  ownerId: string,
  answer: string,
): Promise<number | undefined> {
  const response = parse(answer) as AuthenticationResponseJSON | undefined;
  if (response === undefined || rpId !== relyingParty(origin)) return undefined;
  // Step 6: the answer names the owner when the passkey was found without one.
  const userHandle: unknown = response.response?.userHandle;
  if (typeof userHandle === 'string' && Buffer.from(userHandle, 'base64url').toString() !== ownerId) return undefined;
  const { verifyAuthenticationResponse } = await webAuthn();
  const found = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: true,
    // With 0 the library leaves the comparison of counters to us.
    credential: { id: credentialId, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter: 0 },
  }).catch(notGood);
  return found?.verified ? found.authenticationInfo.newCounter : undefined;
}

/** The library throws at whatever is wrong with an answer; its words are for developers, not for the person. */
const notGood = () => undefined;

/** What the browser has answered, if it is an object at all. The library checks every part of it. */
function parse(answer: string): object | undefined {
  try {
    const value: unknown = JSON.parse(answer);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function bytesOf(challenge: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(challenge, 'base64url'));
}
