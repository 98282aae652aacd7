/** Limits of one bulk request (RFC 7644 3.7.4), as ServiceProviderConfig tells them. */
export const bulkLimits = { maxOperations: 1000, maxPayloadSize: 2_097_152 } as const;
