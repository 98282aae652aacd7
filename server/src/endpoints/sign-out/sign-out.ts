import { auditEvent } from '../../audit/index.ts';
import type { RedeemableStores } from '../../issuance/index.ts';
import {
  digestOf,
  endSession,
  type Session,
  type SessionApplication,
  type SignInWriting,
} from '../../sign-in/index.ts';
import type { HttpResponse } from '../http.ts';
import { noSessionCookie } from '../sign-in/index.ts';
import type { AskedSignOut, Participant, SignedOut, SignOutCall, SignOutProtocol } from './protocol.ts';

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

/** A sign-out under way, kept while the browser is at an application. */
interface Running extends SignedOut {
  asked: AskedSignOut;
  waiting: readonly Participant[];
  /** Where the browser is now. */
  visited: Participant;
}

/** So long an application may take for its answer, in milliseconds. */
const patience = 600_000;

/** The sign-outs of all tenants. */
export class SignOut {
  readonly #storage: SignOutStorage;
  readonly #protocols: SignOutOptions['protocols'];

  constructor({ storage, protocols }: SignOutOptions) {
    this.#storage = storage;
    this.#protocols = protocols;
  }

  /** Ends the session, if there is one, and begins to tell the applications that took part. */
  async begin(call: SignOutCall, session: Session | undefined, asked: AskedSignOut): Promise<HttpResponse> {
    const ended = session && (await this.#storage.write((stores) => endSession(stores, call.act, session)));
    const waiting = session ? participantsOf(session.id, ended?.applications ?? []) : [];
    const others = waiting.filter(
      ({ protocol, applicationId }) => protocol !== asked.protocol || applicationId !== asked.applicationId,
    );
    const answer = await this.#goOn(call, { asked, waiting: others, frames: [], untold: [] });
    const cookie = noSessionCookie(call.request.url, call.tenant.id);
    return { ...answer, headers: { ...answer.headers, 'set-cookie': cookie, 'cache-control': 'no-store' } };
  }

  /** Whom the message went to, whose answer a browser brings; undefined when none is expected. */
  async findVisited({ tenant, act }: SignOutCall, messageId: string): Promise<Participant | undefined> {
    const kept = await this.#storage.read.redeemables.find(tenant.id, 'signOut', digestOf(messageId));
    if (!kept || kept.redeemedAt || kept.expiresAt <= act.now) return undefined;
    return (kept.content as unknown as Running).visited;
  }

  /**
   * Goes on when an application has answered.
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
      const about = { kind: 'servicePrincipal', id: visited.applicationId, name };
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

  async #goOn(call: SignOutCall, { asked, waiting, ...signedOut }: Omit<Running, 'visited'>): Promise<HttpResponse> {
    const { tenant, act } = call;
    const frames = [...signedOut.frames];
    const untold = [...signedOut.untold];
    for (const [index, participant] of waiting.entries()) {
      const { applicationId, protocol } = participant;
      const notice = await (await this.#protocols[protocol]?.())?.notify(call, participant);
      if (notice?.by === 'frame') frames.push(notice.address);
      if (!notice) untold.push({ applicationId, name: await nameOf(this.#storage.read, tenant.id, participant) });
      if (notice?.by !== 'visit') continue;
      const running: Running = {
        asked,
        frames,
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
function participantsOf(sessionId: string, applications: readonly SessionApplication[]): Participant[] {
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

async function nameOf({ objects }: Pick<Stores, 'objects'>, tenantId: string, { applicationId }: Participant) {
  const found = await objects.find(tenantId, applicationId);
  return String(found?.attributes['displayName'] ?? applicationId);
}
