import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** A mail server that hands out the code of each message (RFC 5321, as much of it as a sender needs). */
export class CaughtMail {
  readonly #server: Server;
  readonly #codes = new Map<string, string>();
  readonly #waiting = new Map<string, (code: string) => void>();

  private constructor() {
    this.#server = createServer((socket) => this.#serve(socket).catch(() => socket.destroy()));
  }

  static async open(): Promise<CaughtMail> {
    const mail = new CaughtMail();
    await new Promise<void>((resolve) => mail.#server.listen(0, '127.0.0.1', resolve));
    return mail;
  }

  /** For the setting COUNTERSIGN_SMTP_URL. */
  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The mail server does not listen.');
    return `smtp://127.0.0.1:${address.port}`;
  }

  /** The code that is sent to the address, as soon as it is there; each once. */
  async codeTo(address: string): Promise<string> {
    const code = this.#codes.get(address);
    this.#codes.delete(address);
    return code ?? new Promise((resolve) => this.#waiting.set(address, resolve));
  }

  close(): void {
    this.#server.close();
  }

  async #serve(socket: Socket): Promise<void> {
    const say = (line: string) => socket.write(`${line}\r\n`);
    say('220 localhost');
    let receiver = '';
    let message: string[] | undefined;
    for await (const line of createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (message === undefined) {
        receiver = /^RCPT TO:<(.*)>/i.exec(line)?.[1] ?? receiver;
        if (/^DATA/i.test(line)) message = [];
        say(message ? '354 go on' : '250 ok');
      } else if (line === '.') {
        const text = message.slice(message.indexOf('')).join('\n');
        this.#keep(receiver, /(?<!\d)\d{6}(?!\d)/.exec(text)?.[0] ?? '');
        message = undefined;
        say('250 ok');
      } else message.push(line);
    }
  }

  #keep(receiver: string, code: string): void {
    const waits = this.#waiting.get(receiver);
    this.#waiting.delete(receiver);
    if (waits) waits(code);
    else this.#codes.set(receiver, code);
  }
}
