import { errors } from 'oidc-provider';
import { auditEvent } from '../../../audit/index.ts';
import type { Redeemable } from '../../../issuance/index.ts';
import { actOfCall } from '../act-of-call.ts';
import type { OAuthCall } from '../call.ts';
import { digestOf } from '../digest.ts';
import type { OAuthOptions } from '../stores.ts';

/** Least time between two polls of one device, in seconds (RFC 8628 3.2); what clients take when they are told nothing. */
export const pollSeconds = 5;

/** Characters of a code as people type it, without dashes and in whatever case (RFC 8628 6.1). */
const longestInput = 64;

/** A device that waits for somebody, found by the code that was typed. Nothing is known of it but its digest. */
export type WaitingDevice = Pick<Redeemable, 'digest' | 'expiresAt'> & {
  /** The device's request. */
  params: Record<string, unknown>;
  clientId: string;
  /** Internet address from which the device asked. */
  address: string;
};

/** The device that waits under the code. Undefined when there is none, it waited too long, or somebody has decided. */
export async function findWaitingDevice(
  { storage, now }: OAuthOptions,
  tenantId: string,
  typed: string,
): Promise<WaitingDevice | undefined> {
  if (typed.length > longestInput) return undefined;
  // As the provider writes them: capitals only.
  const code = typed.toUpperCase().replaceAll(/\W/g, '');
  const found = await storage.read.redeemables.findByAlias(tenantId, 'deviceCode', digestOf(code));
  if (!found || found.expiresAt <= now() || isDecided(found.content)) return undefined;
  const { params, clientId, deviceInfo } = found.content as {
    params: Record<string, unknown>;
    clientId: string;
    deviceInfo: { address: string };
  };
  return { digest: found.digest, expiresAt: found.expiresAt, params, clientId, address: deviceInfo.address };
}

/** Whether somebody has let the device in, or turned it away. */
export function isDecided(content: Readonly<Record<string, unknown>>): boolean {
  return content['accountId'] !== undefined || content['error'] !== undefined;
}

/** Turns the device away: its next poll learns so (RFC 8628 3.5). */
export async function denyDevice(
  { storage, now, newId }: OAuthOptions,
  call: OAuthCall,
  { digest, clientId }: WaitingDevice,
): Promise<void> {
  const { id: tenantId } = call.tenant;
  await storage.write(async ({ redeemables, usedIds, audit }) => {
    const found = await redeemables.find(tenantId, 'deviceCode', digest);
    if (!found || !(await usedIds.use(tenantId, decisionOn(digest), found.expiresAt))) return;
    const content = {
      ...found.content,
      error: 'access_denied',
      errorDescription: 'The person turned the device away.',
    };
    await redeemables.save(tenantId, { ...found, content });
    const about = { kind: 'deviceCode', id: null, name: clientId };
    await audit.append([auditEvent(actOfCall(call, { now: now(), newId }), 'deviceCode.deny', about)]);
  });
}

/** Name under which it is remembered that somebody decided: of two people who do so at once, one is the first. */
export function decisionOn(digest: string): string {
  return `decision on device ${digest}`;
}

/**
 * Refuses polls of a waiting device that come faster than it was told (RFC 8628 3.5): the second within a slice of time. A
 * slice is a little shorter than the interval, so that nobody who keeps it is ever refused.
 *
 * @throws SlowDown
 */
export async function checkPollingPace(
  { storage, now }: OAuthOptions,
  tenantId: string,
  { digest }: Pick<Redeemable, 'digest'>,
): Promise<void> {
  const length = (pollSeconds - 1) * 1000;
  const slice = Math.floor(now().getTime() / length);
  const until = new Date((slice + 1) * length);
  const name = `poll of device ${digest} ${slice}`;
  const isFirst = await storage.write(({ usedIds }) => usedIds.use(tenantId, name, until));
  if (!isFirst) throw new errors.SlowDown();
}
