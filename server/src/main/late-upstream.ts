import type { Upstream } from '../sign-in/index.ts';
import type { Storage } from '../storage/index.ts';
import type { UpstreamParts } from '../upstream/index.ts';

export type LateUpstreamParts = Omit<UpstreamParts, 'useId'> & { storage: Storage };

/** Remembers the ids of messages that count once. */
export function useIdOf(storage: Pick<Storage, 'write'>): UpstreamParts['useId'] {
  return (tenantId, id, until) => storage.write(({ usedIds }) => usedIds.use(tenantId, id, until));
}

/** Proves tokens of identity providers. Their protocols are loaded with the first token. */
export function lateUpstream({ storage, ...parts }: LateUpstreamParts): Pick<Upstream, 'prove'> {
  const useId = useIdOf(storage);
  let opened: Promise<Upstream> | undefined;
  return {
    async prove(presented) {
      opened ??= import('../upstream/index.ts').then(({ openUpstream }) => openUpstream({ ...parts, useId }));
      return (await opened).prove(presented);
    },
  };
}
