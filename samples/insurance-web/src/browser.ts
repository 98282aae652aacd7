import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookieName, readCookie, setCookie } from './cookies.ts';
import type { Purpose } from './identity.ts';
import { type Html, print } from './pages/html.ts';
import type { PageFrame } from './pages/layout.ts';
import { beginWalk, newSession, type Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { Settings } from './settings.ts';

/** One request of a browser, with the session that its cookie names. */
export class Browser {
  readonly #settings: Settings;
  readonly #sessions: Sessions<Session>;
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;
  #secret: string;
  #session: Session | undefined;

  constructor(settings: Settings, sessions: Sessions<Session>, request: FastifyRequest, reply: FastifyReply) {
    this.#settings = settings;
    this.#sessions = sessions;
    this.#request = request;
    this.#reply = reply;
    this.#secret = readCookie(request.headers.cookie, cookieName(settings.publicUrl));
    this.#session = sessions.find(this.#secret);
  }

  /** Undefined while nothing has to be remembered. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** The session, which begins now if there is none. */
  openSession(): Session {
    if (!this.#session) {
      this.#session = newSession(this.#settings);
      this.#secret = this.#sessions.start(this.#session);
      this.#reply.header('set-cookie', setCookie(this.#settings.publicUrl, this.#secret));
    }
    return this.#session;
  }

  /** A new secret for the same session: one that somebody planted before the sign-in opens nothing after it. */
  renewSession(): void {
    const session = this.openSession();
    this.#sessions.end(this.#secret);
    this.#secret = this.#sessions.start(session);
    this.#reply.header('set-cookie', setCookie(this.#settings.publicUrl, this.#secret));
  }

  endSession(): void {
    this.#sessions.end(this.#secret);
    this.#session = undefined;
    this.#reply.header('set-cookie', setCookie(this.#settings.publicUrl, ''));
  }

  /** What pages show around their content. A notice is shown once. */
  frame(): PageFrame {
    const { person, csrf = '', notice } = this.#session ?? {};
    if (this.#session) this.#session.notice = undefined;
    const name = person?.claims['name'];
    const personName = person && (typeof name === 'string' ? name : 'Signed in');
    return { path: this.#request.url, personName, csrf, notice };
  }

  show(page: Html, status = 200): FastifyReply {
    return this.#reply.code(status).type('text/html; charset=utf-8').send(print(page));
  }

  /** 303, so that the next page is fetched by GET whatever this request was (RFC 9110 15.4.4). */
  goTo(url: string): FastifyReply {
    return this.#reply.redirect(url, 303);
  }

  /** Sends the browser through a user flow at the hub. */
  async walk(purpose: Purpose, returnTo: string): Promise<FastifyReply> {
    return this.goTo(await beginWalk(this.openSession(), purpose, returnTo));
  }

  /** The fields of a form that a page of ours has posted; undefined for a form of anybody else. */
  postedForm(): Readonly<Record<string, string>> | undefined {
    const form = this.#request.body as Readonly<Record<string, string>> | null | undefined;
    const given = Buffer.from(form?.['csrf'] ?? '');
    const wanted = Buffer.from(this.#session?.csrf ?? '');
    const isOurs = wanted.length > 0 && given.length === wanted.length && timingSafeEqual(given, wanted);
    return isOurs && form ? form : undefined;
  }
}
