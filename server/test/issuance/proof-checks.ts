import { dpopNonces, type ProofChecks } from '../../src/issuance/index.ts';

/** Checks of proofs that remember used ids here. */
export function proofChecks(): ProofChecks {
  const used = new Set<string>();
  return {
    nonces: dpopNonces(new Uint8Array(32).fill(7)),
    demandsNonce: async () => false,
    async useId(tenantId, id) {
      const isFirst = !used.has(tenantId + id);
      used.add(tenantId + id);
      return isFirst;
    },
  };
}
