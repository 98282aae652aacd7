import {
  type Client,
  findClient,
  findSigningSecret,
  type OAuthClientSettings,
  replyAddressesOf,
  type ServicePrincipal,
} from '../../applications/index.ts';
import { auditEvent } from '../../audit/index.ts';
import { type SigningAlgorithm, signJwt, signJwtBySecret } from '../../issuance/index.ts';
import type { DueNotice } from '../../sign-in/index.ts';
import type { OAuthOptions, OutboundFetch } from './stores.ts';
import { pairwiseSubject, sectorOf } from './subject.ts';

/** What is needed to tell applications of the end of sessions. */
export type LogoutNoticeOptions = Pick<OAuthOptions, 'storage' | 'keys' | 'now' | 'newId' | 'fetch' | 'deriveKey'>;

/** Applications that are told at the same time. */
const atOnce = 20;
/** So long nobody else tries a notice that somebody delivers, in milliseconds. A call is given up before that. */
const claimed = 30_000;
/** Time for one call, in milliseconds. */
const patience = 5_000;
/** After so many vain tries, about five minutes, the application is not told any more: its own session has an end, too. */
const mostTries = 8;
/** OpenID Connect Back-Channel Logout 2.4 recommends two minutes at most. In seconds. */
const tokenSeconds = 120;

/**
 * Tells applications that sessions have ended (OpenID Connect Back-Channel Logout 1.0 2.5), until nobody waits to be told
 * or the signal is given. Every process may call it: a notice is claimed before it is delivered, and comes again when the
 * process dies meanwhile.
 */
export async function deliverLogoutNotices(options: LogoutNoticeOptions, signal: AbortSignal): Promise<void> {
  const { storage, now } = options;
  for (let looked = atOnce; looked === atOnce && !signal.aborted; ) {
    const due = await storage.read.logoutNotices.listDue(now(), atOnce);
    await Promise.all(due.map((notice) => deliver(options, notice)));
    looked = due.length;
  }
}

async function deliver(options: LogoutNoticeOptions, notice: DueNotice): Promise<void> {
  const { storage, now } = options;
  const mine = { ...notice, dueAt: new Date(now().getTime() + claimed) };
  if (!(await storage.write(({ logoutNotices }) => logoutNotices.postpone(notice, mine)))) return;
  const told = await findTold(options, notice);
  const failure = told && (await tell(options, notice, told));
  if (failure !== undefined && notice.tries + 1 < mostTries) {
    const dueAt = new Date(now().getTime() + 2000 * 2 ** notice.tries);
    await storage.write(({ logoutNotices }) => logoutNotices.postpone(mine, { tries: notice.tries + 1, dueAt }));
    return;
  }
  await storage.write(async ({ logoutNotices, audit }) => {
    await logoutNotices.remove(notice.tenantId, notice.id);
    if (!told) return;
    const verb = failure === undefined ? 'session.notify' : 'session.notifyFailed';
    const about = {
      kind: 'servicePrincipal',
      id: notice.applicationId,
      name: told.client.servicePrincipal.attributes.displayName,
    };
    const changes = [
      { property: 'sessionId', after: notice.sessionId },
      ...(failure === undefined ? [] : [{ property: 'failure', after: failure }]),
    ];
    await audit.append([auditEvent(actOf(options, notice), verb, about, changes)]);
  });
}

interface Told {
  client: Client;
  settings: OAuthClientSettings;
  address: string;
}

/** The application, if it wants to be told and is still there. */
async function findTold({ storage }: LogoutNoticeOptions, { tenantId, applicationId }: DueNotice) {
  const found = await storage.read.objects.find(tenantId, applicationId);
  if (found?.kind !== 'servicePrincipal') return undefined;
  const client = await findClient(storage.read, tenantId, (found as ServicePrincipal).attributes.appId);
  const settings = client?.application?.attributes.oauthClient;
  const address = settings?.backchannelLogoutUri;
  return client && settings && address !== undefined ? ({ client, settings, address } satisfies Told) : undefined;
}

/** Sends the logout token. @returns why it failed; undefined when the application knows now */
async function tell(options: LogoutNoticeOptions, notice: DueNotice, told: Told): Promise<string | undefined> {
  try {
    const body = new URLSearchParams({ logout_token: await logoutToken(options, notice, told) }).toString();
    const { status } = await post(options.fetch, told.address, body);
    // 2.8: 200, and 204 of some frameworks. 2.7 says 400 where the token was refused, which another try may mend.
    return status >= 200 && status < 300 ? undefined : `The application answered ${status}.`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function post(call: OutboundFetch, address: string, body: string): Promise<Response> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return call(address, { method: 'POST', headers, body, signal: AbortSignal.timeout(patience) });
}

/** OpenID Connect Back-Channel Logout 2.4 */
async function logoutToken(
  options: LogoutNoticeOptions,
  { tenantId, issuer, userId, sessionId }: DueNotice,
  { client, settings }: Told,
): Promise<string> {
  const { appId } = client.servicePrincipal.attributes;
  const sector = sectorOf(settings, replyAddressesOf(client.replyAddresses));
  const iat = Math.floor(options.now().getTime() / 1000);
  const claims = {
    iss: issuer,
    aud: appId,
    iat,
    exp: iat + tokenSeconds,
    jti: options.newId(),
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    sub: settings.subjectType === 'pairwise' ? pairwiseSubject(options, tenantId, sector, userId) : userId,
    sid: sessionId,
  };
  // 2.6: logout tokens are signed as ID tokens are.
  const { idTokenSignedResponseAlg: algorithm = 'RS256' } = settings;
  if (algorithm !== 'HS256') {
    return signJwt(await options.keys.signer(tenantId, algorithm as SigningAlgorithm), 'logout+jwt', claims);
  }
  const secret = await findSigningSecret(options.storage.read, tenantId, client, options.now());
  if (secret === undefined) throw new Error('The application has no valid secret by which the hub could sign.');
  return signJwtBySecret(secret, 'logout+jwt', claims);
}

function actOf({ now, newId }: LogoutNoticeOptions, { tenantId, id }: DueNotice) {
  const actor = { kind: 'system', id: null, name: 'OAuth' } as const;
  return { tenantId, actor, now: now(), correlationId: id, newId };
}
