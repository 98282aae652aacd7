import { RecentlyUsed } from '../recently-used.ts';

/** Says whether a host name belongs to a tenant. */
export type IsTenantHost = (host: string) => Promise<boolean>;

/** Most answers of the database that are kept, and for how long in milliseconds. */
const mostKept = 1000;
const keptFor = 10_000;

/**
 * The names under which the server answers: the public URL's, those of tenants, and this machine's own for clients on it.
 * A request for any other name is refused, since links and issuers are made from it.
 */
export class ServedHosts {
  readonly #publicUrl: URL;
  readonly #isTenantHost: IsTenantHost;
  readonly #now: () => number;
  readonly #kept = new RecentlyUsed<{ isServed: boolean; until: number }>(mostKept);

  constructor(publicUrl: URL, isTenantHost: IsTenantHost, now: () => number) {
    this.#publicUrl = publicUrl;
    this.#isTenantHost = isTenantHost;
    this.#now = now;
  }

  /**
   * @param listeningPort  accepted as well as the public one, for clients that come past a port mapping
   * @param isLocal        whether the client runs on this machine
   */
  async serves(url: URL, listeningPort: number, isLocal: boolean): Promise<boolean> {
    if (url.host === this.#publicUrl.host) return true;
    if (url.port !== this.#publicUrl.port && Number(url.port) !== listeningPort) return false;
    if (url.hostname === this.#publicUrl.hostname) return true;
    if (isLocal && machineNames.includes(url.hostname)) return true;
    return this.isTenantHost(url.hostname);
  }

  /** Asks the database, at most once in ten seconds for each name. */
  async isTenantHost(host: string): Promise<boolean> {
    const now = this.#now();
    const kept = this.#kept.get(host);
    if (kept && kept.until > now) return kept.isServed;
    const isServed = await this.#isTenantHost(host);
    this.#kept.keep(host, { isServed, until: now + keptFor });
    return isServed;
  }
}

const machineNames = ['localhost', '127.0.0.1', '[::1]'];
