import type { OutboundFetch } from '../outbound/index.ts';

/** What the protocols need from outside. */
export interface UpstreamParts {
  /** Refuses addresses of private networks that the settings do not allow. */
  fetch: OutboundFetch;
}
