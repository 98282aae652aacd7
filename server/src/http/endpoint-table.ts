import FindMyWay from 'find-my-way';
import { type Endpoint, endpointsOf } from './endpoints.ts';
import type { LateMount, Mount } from './route.ts';

/** An endpoint and what stood at the `:name` places of its path, decoded. */
export interface FoundEndpoint extends Endpoint {
  parameters: Readonly<Record<string, string>>;
}

/**
 * Finds the endpoint of a path. Late mounts are loaded when the first path is asked for that they serve, so that a process
 * starts at once and keeps no modules of protocols that nobody speaks with it.
 */
export class EndpointTable {
  readonly #router: ReturnType<typeof FindMyWay>;
  readonly #late: Map<LateMount, Promise<void> | undefined>;

  /** @param longestParameter  of one segment of the path, in characters */
  constructor(mounts: readonly (Mount | LateMount)[], longestParameter: number) {
    // Interop: MSAL JS lower-cases whole paths, and UserRealm is asked for as userrealm.
    this.#router = FindMyWay({ caseSensitive: false, maxParamLength: longestParameter });
    this.#late = new Map(mounts.filter(isLate).map((mount) => [mount, undefined]));
    for (const mount of mounts) if (!isLate(mount)) this.#add(mount);
  }

  /** @param path  begins with a slash */
  async find(path: string): Promise<FoundEndpoint | undefined> {
    // Before anything is looked up, so that which route wins does not depend on what was asked for earlier.
    for (const mount of this.#late.keys()) if (mount.serves.test(path)) await this.#load(mount);
    const found = this.#router.find(anyMethod, path);
    if (!found) return undefined;
    return { ...(found.store as Endpoint), parameters: found.params as Record<string, string> };
  }

  /** One load for all requests that wait for it; after a failure the next request tries again. */
  async #load(mount: LateMount): Promise<void> {
    let loading = this.#late.get(mount);
    if (!loading) {
      loading = mount.load().then((loaded) => {
        this.#add(loaded);
        this.#late.delete(mount);
      });
      this.#late.set(mount, loading);
    }
    try {
      await loading;
    } catch (error) {
      this.#late.set(mount, undefined);
      throw error;
    }
  }

  #add(mount: Mount): void {
    for (const endpoint of endpointsOf([mount])) this.#router.on(anyMethod, endpoint.path, nothing, endpoint);
  }
}

function isLate(mount: Mount | LateMount): mount is LateMount {
  return 'load' in mount;
}

/** Methods are looked up in the endpoint, which tells which of them it allows; the router knows paths only. */
const anyMethod = 'GET';

function nothing(): void {}
