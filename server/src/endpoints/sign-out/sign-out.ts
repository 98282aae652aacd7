import { auditEvent } from '../../audit/index.ts';
import type { RedeemableStores } from '../../issuance/index.ts';
import { digestOf, type EndedSession, endSession, type Session, type SignInWriting } from '../../sign-in/index.ts';
import type { HttpResponse } from '../http.ts';
import { noSessionCookie } from '../sign-in/index.ts';
import {
  type AskedSignOut,
  type Participant,
  type SignedOut,
  type SignOutCall,
  type SignOutProtocol,
  upstreamProtocol,
} from './protocol.ts';

type Stores = SignInWriting & Pick<RedeemableStores, 'redeemables'>;

export interface SignOutStorage {
  readonly read: Stores;
  write<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result>;
}

export interface SignOutOptions {
  storage: SignOutStorage;
  /** By name; OpenID Connect is `oauth`. Each comes when it is needed first. */
  protocols: Readonly<Record<string, () => Promise<SignOutProtocol>>>;
}

/** A sign-out under way, kept while the browser is elsewhere. */
interface Running extends SignedOut {
  asked: AskedSignOut;
  waiting: readonly Participant[];
  /** Where the browser is now. */
  visited: Participant;
}

/** So long whoever is told may take for the answer, in milliseconds. */
const patience = 600_000;

/** The sign-outs of all tenants. */
export class SignOut {
  readonly #storage: SignOutStorage;
  readonly #protocols: SignOutOptions['protocols'];

  constructor({ storage, protocols }: SignOutOptions) {
    this.#storage = storage;
    this.#protocols = protocols;
  }

  /** Ends the sessions, and begins to tell those who took part: the applications, and then who signed the person in. */
  async begin(call: SignOutCall, sessions: readonly Session[], asked: AskedSignOut): Promise<HttpResponse> {
    const ended = await this.#endAll(call.act, sessions);
    const waiting = [...ended.flatMap(applicationsOf), ...ended.flatMap(upstreamOf)];
    const others = waiting.filter(
      ({ protocol, applicationId }) => protocol !== asked.protocol || applicationId !== asked.applicationId,
    );
    const answer = await this.#goOn(call, { asked, waiting: others, frames: [], untold: [] });
    const cookie = noSessionCookie(call.request.url, call.tenant.id);
    return { ...answer, headers: { ...answer.headers, 'set-cookie': cookie, 'cache-control': 'no-store' } };
  }

  /** Ends sessions where there is no browser to lead on: applications that the hub calls are told. */
  async end({ act }: SignOutCall, sessions: readonly Session[]): Promise<void> {
    await this.#endAll(act, sessions);
  }

  /** Whom the message went to, whose answer a browser brings; undefined when none is expected. */
  async findVisited({ tenant, act }: SignOutCall, messageId: string): Promise<Participant | undefined> {
    const kept = await this.#storage.read.redeemables.find(tenant.id, 'signOut', digestOf(messageId));
    if (!kept || kept.redeemedAt || kept.expiresAt <= act.now) return undefined;
    return (kept.content as unknown as Running).visited;
  }

  /**
   * Goes on when one that was told has answered.
   *
   * @param failure  why its session may go on; undefined when it has ended
   */
  async resume(call: SignOutCall, messageId: string, failure: string | undefined): Promise<HttpResponse | undefined> {
    const { tenant, act } = call;
    const running = await this.#storage.write(async (stores) => {
      const digest = digestOf(messageId);
      const kept = await stores.redeemables.find(tenant.id, 'signOut', digest);
      if (!kept || !(await stores.redeemables.redeem(tenant.id, 'signOut', digest, act.now))) return undefined;
      const { visited, ...rest } = kept.content as unknown as Running;
      const name = await nameOf(stores, tenant.id, visited);
      const kind = visited.protocol === upstreamProtocol ? 'identityProvider' : 'servicePrincipal';
      const about = { kind, id: visited.applicationId, name };
      const changes = [
        { property: 'sessionId', after: visited.sessionId },
        ...(failure === undefined ? [] : [{ property: 'failure', after: failure }]),
      ];
      const verb = failure === undefined ? 'session.notify' : 'session.notifyFailed';
      await stores.audit.append([auditEvent(act, verb, about, changes)]);
      const untold = failure === undefined ? [] : [{ applicationId: visited.applicationId, name }];
      return { ...rest, untold: [...rest.untold, ...untold] };
    });
    return running && this.#goOn(call, running);
  }

  #endAll(act: SignOutCall['act'], sessions: readonly Session[]): Promise<EndedSession[]> {
    return this.#storage.write(async (stores) => {
      const all = [];
      for (const session of sessions) all.push(await endSession(stores, act, session));
      return all;
    });
  }

  async #goOn(call: SignOutCall, { asked, waiting, ...signedOut }: Omit<Running, 'visited'>): Promise<HttpResponse> {
    const { tenant, act } = call;
    const frames = [...signedOut.frames];
    const untold = [...signedOut.untold];
    for (const [index, participant] of waiting.entries()) {
      const { applicationId, protocol } = participant;
      const notice = await (await this.#protocols[protocol]?.())?.notify(call, participant, frames);
      const isVisit = notice?.by === 'visit' && !asked.isFramed;
      if (notice?.by === 'frame') frames.push(notice.address);
      if (!notice || (notice.by === 'visit' && !isVisit)) {
        untold.push({ applicationId, name: await nameOf(this.#storage.read, tenant.id, participant) });
      }
      if (!isVisit) continue;
      const running: Running = {
        asked,
        frames: notice.hasFrames ? [] : frames,
        untold,
        waiting: waiting.slice(index + 1),
        visited: participant,
      };
      await this.#storage.write(({ redeemables }) =>
        redeemables.save(tenant.id, {
          kind: 'signOut',
          digest: digestOf(notice.messageId),
          familyDigest: null,
          aliasDigest: null,
          content: { ...running },
          expiresAt: new Date(act.now.getTime() + patience),
        }),
      );
      return notice.answer;
    }
    const protocol = await this.#protocols[asked.protocol]?.();
    if (!protocol) throw new Error(`Nobody answers by ${asked.protocol}.`);
    return protocol.answer(call, asked.state, { frames, untold });
  }
}

/** An application takes part by OpenID Connect when it knows an issuer, and by others when they told it of the person. */
function applicationsOf({ session: { id: sessionId }, applications }: EndedSession): Participant[] {
  const participants = new Map<string, Participant>();
  for (const { applicationId, issuer, participation } of applications) {
    const told = [
      ...(issuer === null ? [] : [{ protocol: 'oauth', state: issuer }]),
      ...(participation ? [participation] : []),
    ];
    for (const { protocol, state } of told) {
      participants.set(`${protocol} ${applicationId} ${state}`, { protocol, applicationId, sessionId, state });
    }
  }
  return [...participants.values()];
}

/** The identity provider at which the person has a session of which this one came. */
function upstreamOf({ session: { id: sessionId, factors } }: EndedSession): Participant[] {
  return factors.flatMap(({ federated }) => {
    if (!federated?.session) return [];
    const { provider: applicationId, session } = federated;
    return [{ protocol: upstreamProtocol, applicationId, sessionId, state: session.state }];
  });
}

async function nameOf(
  { objects, upstreamProviders }: Pick<Stores, 'objects' | 'upstreamProviders'>,
  tenantId: string,
  { protocol, applicationId }: Participant,
): Promise<string> {
  if (protocol === upstreamProtocol) {
    return (await upstreamProviders.find(tenantId, applicationId))?.displayName ?? applicationId;
  }
  const found = await objects.find(tenantId, applicationId);
  return String(found?.attributes['displayName'] ?? applicationId);
}
