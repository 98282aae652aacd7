import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookieName, readCookie, setCookies } from './cookies.ts';
import { type Html, print } from './pages/html.ts';
import type { PageFrame } from './pages/layout.ts';
import { nameOf } from './person.ts';
import type { Form } from './protocols/protocol.ts';
import { digestOf, newSecret, type Session, type Sessions } from './sessions.ts';

/** One request of a browser, with the session that its cookie names. */
export class Browser {
  readonly #publicUrl: string;
  readonly #sessions: Sessions;
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;
  #secret: string;
  #session: Session | undefined;

  constructor(publicUrl: string, sessions: Sessions, request: FastifyRequest, reply: FastifyReply) {
    this.#publicUrl = publicUrl;
    this.#sessions = sessions;
    this.#request = request;
    this.#reply = reply;
    this.#secret = readCookie(request.headers.cookie, cookieName(publicUrl));
    this.#session = sessions.find(this.#secret);
  }

  /** Undefined while nothing has to be remembered. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** A new session in place of the old one: a secret that somebody planted before the sign-in opens nothing after it. */
  startSession(content: Pick<Session, 'person' | 'notice'>): Session {
    this.#sessions.end(digestOf(this.#secret));
    this.#session = { csrf: newSecret(), ...content };
    this.#secret = this.#sessions.start(this.#session);
    this.#reply.header('set-cookie', setCookies(this.#publicUrl, this.#secret));
    return this.#session;
  }

  endSession(): void {
    this.#sessions.end(digestOf(this.#secret));
    this.#session = undefined;
    this.#reply.header('set-cookie', setCookies(this.#publicUrl, ''));
  }

  /** Ends the session of a browser that the hub has sent here within a frame. */
  endSessionWithinFrame(): FastifyReply {
    this.#sessions.end(readCookie(this.#request.headers.cookie, cookieName(this.#publicUrl, 'end')));
    return this.#reply.header('set-cookie', setCookies(this.#publicUrl, '')).type('text/plain').send('Signed out.');
  }

  /** What pages show around their content. A notice is shown once. */
  frame(): PageFrame {
    const { person, csrf = '', notice } = this.#session ?? {};
    if (this.#session) this.#session.notice = undefined;
    return { path: this.#request.url, personName: person && nameOf(person), csrf, notice };
  }

  show(page: Html, status = 200): FastifyReply {
    return this.#reply.code(status).type('text/html; charset=utf-8').send(print(page));
  }

  /** 303, so that the next page is fetched by GET whatever this request was (RFC 9110 15.4.4). */
  goTo(url: string): FastifyReply {
    return this.#reply.redirect(url, 303);
  }

  /** The fields of a form, whoever has posted it. */
  get form(): Form {
    return (this.#request.body ?? {}) as Form;
  }

  /** Whether a page of ours has posted the form. */
  hasOwnForm(): boolean {
    const given = Buffer.from(this.form['csrf'] ?? '');
    const wanted = Buffer.from(this.#session?.csrf ?? '');
    return wanted.length > 0 && given.length === wanted.length && timingSafeEqual(given, wanted);
  }
}
