import { auditEvent } from '../../audit/index.ts';
import type { RedeemableStores } from '../../issuance/index.ts';
import { digestOf, type EndedSession, endSession, type Session, type SignInWriting } from '../../sign-in/index.ts';
import type { HttpResponse } from '../http.ts';
import { noSessionCookie } from '../sign-in/index.ts';
import {
  type AskedSignOut,
  type Notice,
  type Participant,
  type Reach,
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

/** By whom a sign-out was asked for. */
type Asking = Pick<AskedSignOut, 'protocol' | 'applicationId'>;

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
    const others = await this.#endAll(call.act, sessions, asked);
    const answer = await this.#goOn(call, { asked, waiting: others, frames: [], untold: [] });
    const cookie = noSessionCookie(call.request.url, call.tenant.id);
    return { ...answer, headers: { ...answer.headers, 'set-cookie': cookie, 'cache-control': 'no-store' } };
  }

  /**
   * Ends sessions where there is no browser: whoever the hub can call is told.
   *
   * @param asking  who need not be told
   * @returns those who could not be told
   */
  async end(call: SignOutCall, sessions: readonly Session[], asking: Asking): Promise<SignedOut['untold']> {
    const waiting = await this.#endAll(call.act, sessions, asking);
    return (await this.#tell(call, waiting, { frames: [], untold: [] }, 'call')).untold;
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
      return { ...rest, untold: [...rest.untold, ...(await noteTold(stores, act, visited, failure))] };
    });
    return running && this.#goOn(call, running);
  }

  /** @returns everybody else who took part: the applications, and then who signed the person in */
  async #endAll(act: SignOutCall['act'], sessions: readonly Session[], asking: Asking): Promise<Participant[]> {
    const ended = await this.#storage.write(async (stores) => {
      const all = [];
      for (const session of sessions) all.push(await endSession(stores, act, session));
      return all;
    });
    return [...ended.flatMap(applicationsOf), ...ended.flatMap(upstreamOf)].filter(
      ({ protocol, applicationId }) => protocol !== asking.protocol || applicationId !== asking.applicationId,
    );
  }

  async #goOn(call: SignOutCall, { asked, waiting, ...before }: Omit<Running, 'visited'>): Promise<HttpResponse> {
    const { tenant, act } = call;
    const { visit, ...signedOut } = await this.#tell(call, waiting, before, asked.reach ?? 'visit');
    if (!visit) {
      const protocol = await this.#protocols[asked.protocol]?.();
      if (!protocol) throw new Error(`Nobody answers by ${asked.protocol}.`);
      return protocol.answer(call, asked.state, signedOut);
    }
    const { notice, visited, waiting: others } = visit;
    const frames = notice.hasFrames ? [] : signedOut.frames;
    const running: Running = { asked, frames, untold: signedOut.untold, waiting: others, visited };
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

  /** Tells those who wait, as far as the browser helps, up to the first to whom it must go. */
  async #tell(
    call: SignOutCall,
    waiting: readonly Participant[],
    before: SignedOut,
    reach: Reach,
  ): Promise<SignedOut & { visit: Visit | undefined }> {
    const frames = [...before.frames];
    const untold = [...before.untold];
    const calls: Call[] = [];
    let visit: Visit | undefined;
    for (const [index, participant] of waiting.entries()) {
      const notice = await (await this.#protocols[participant.protocol]?.())?.notify(call, participant, {
        frames,
        reach,
      });
      if (notice?.by === 'visit') {
        visit = { notice, visited: participant, waiting: waiting.slice(index + 1) };
        break;
      }
      if (notice?.by === 'frame') frames.push(notice.address);
      if (notice?.by === 'call' && notice.tell) calls.push({ participant, tell: notice.tell });
      if (!notice) untold.push(await this.#name(call, participant));
    }
    return { frames, untold: [...untold, ...(await this.#callAll(call, calls))], visit };
  }

  /** Makes the calls, all at once. @returns those in vain */
  async #callAll({ act }: SignOutCall, calls: readonly Call[]): Promise<SignedOut['untold']> {
    if (calls.length === 0) return [];
    const failures = await Promise.all(calls.map(({ tell }) => tell()));
    return this.#storage.write(async (stores) => {
      const untold = [];
      for (const [index, { participant }] of calls.entries()) {
        untold.push(...(await noteTold(stores, act, participant, failures[index])));
      }
      return untold;
    });
  }

  async #name({ tenant }: SignOutCall, participant: Participant): Promise<SignedOut['untold'][number]> {
    const { applicationId } = participant;
    return { applicationId, name: await nameOf(this.#storage.read, tenant.id, participant) };
  }
}

/** A visit that is due, and who waits for its end. */
interface Visit {
  notice: Extract<Notice, { by: 'visit' }>;
  visited: Participant;
  waiting: readonly Participant[];
}

interface Call {
  participant: Participant;
  tell: () => Promise<string | undefined>;
}

/** Notes what came of telling a participant. @returns it, when it was in vain */
async function noteTold(
  stores: Stores,
  act: SignOutCall['act'],
  participant: Participant,
  failure: string | undefined,
): Promise<SignedOut['untold']> {
  const { protocol, applicationId, sessionId } = participant;
  const name = await nameOf(stores, act.tenantId, participant);
  const kind = protocol === upstreamProtocol ? 'identityProvider' : 'servicePrincipal';
  const changes = [
    { property: 'sessionId', after: sessionId },
    ...(failure === undefined ? [] : [{ property: 'failure', after: failure }]),
  ];
  const verb = failure === undefined ? 'session.notify' : 'session.notifyFailed';
  await stores.audit.append([auditEvent(act, verb, { kind, id: applicationId, name }, changes)]);
  return failure === undefined ? [] : [{ applicationId, name }];
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
