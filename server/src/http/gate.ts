import type { Settings } from '../settings/index.ts';
import type { Arrival } from './arrival.ts';
import { addressKey } from './client-address.ts';
import { refuse } from './errors.ts';
import type { ServedHosts } from './served-hosts.ts';
import { TokenBuckets } from './token-buckets.ts';

/** Decides who comes in: not too often, encrypted, and for a host that is ours. */
export class Gate {
  readonly #publicUrl: URL;
  readonly #hosts: ServedHosts;
  readonly #clock: () => number;
  readonly #addresses: TokenBuckets;
  readonly #tenants: TokenBuckets;

  /** @param clock  milliseconds of a clock that never goes back */
  constructor(
    settings: Pick<Settings, 'publicUrl' | 'requestsPerMinutePerAddress' | 'requestsPerMinutePerTenant'>,
    hosts: ServedHosts,
    clock: () => number,
  ) {
    this.#publicUrl = settings.publicUrl;
    this.#hosts = hosts;
    this.#clock = clock;
    this.#addresses = new TokenBuckets(settings.requestsPerMinutePerAddress);
    this.#tenants = new TokenBuckets(settings.requestsPerMinutePerTenant);
  }

  /** @throws Refusal `http.too_many_requests` */
  admitAddress(address: string): void {
    this.#take(this.#addresses, addressKey(address));
  }

  /** @throws Refusal `http.too_many_requests` */
  admitTenant(tenantId: string): void {
    this.#take(this.#tenants, tenantId);
  }

  /** @throws Refusal `http.not_encrypted`, `http.host_not_served` */
  async admitHost({ url, isLocal }: Arrival, listeningPort: number): Promise<void> {
    if (this.#publicUrl.protocol === 'https:' && url.protocol === 'http:') throw refuse('http.not_encrypted');
    if (!(await this.#hosts.serves(url, listeningPort, isLocal))) {
      throw refuse('http.host_not_served', { host: url.host });
    }
  }

  #take(limit: TokenBuckets, caller: string): void {
    const retryAfterSeconds = limit.take(caller, this.#clock());
    if (retryAfterSeconds > 0) throw refuse('http.too_many_requests', { retryAfterSeconds });
  }
}
