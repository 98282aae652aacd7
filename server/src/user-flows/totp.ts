import { Secret, TOTP } from 'otpauth';
import encodeQR from 'qr';

/** Bytes of a seed (RFC 4226 4 R6 recommends 160 bits). */
export const seedBytes = 20;

const period = 30;

function totpOf(seed: string): TOTP {
  return new TOTP({ secret: Secret.fromBase32(seed), algorithm: 'SHA1', digits: 6, period });
}

/** A seed as text (base32, RFC 4648 6). */
export function seedFrom(random: Uint8Array<ArrayBuffer>): string {
  return new Secret({ buffer: random.buffer }).base32;
}

/**
 * The time step whose code it is: the present one, or one before or after it, as clocks differ (RFC 6238 5.2). Undefined
 * when it is none of them.
 */
export function totpStep(seed: string, code: string, now: Date): number | undefined {
  const token = code.replace(/\s/g, '');
  const delta = /^\d{6}$/.test(token) ? totpOf(seed).validate({ token, timestamp: now.getTime(), window: 1 }) : null;
  return delta === null ? undefined : Math.floor(now.getTime() / 1000 / period) + delta;
}

/** What an authenticator app needs: as a picture (a data URI), and as text in groups to type. */
export function totpInvitation(seed: string, issuer: string, account: string): { picture: string; secret: string } {
  const totp = new TOTP({
    secret: Secret.fromBase32(seed),
    algorithm: 'SHA1',
    digits: 6,
    period,
    issuer,
    label: account,
  });
  const svg = encodeQR(totp.toString(), 'svg', { border: 1 });
  return {
    picture: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
    secret: seed.replace(/(.{4})(?=.)/g, '$1 '),
  };
}
