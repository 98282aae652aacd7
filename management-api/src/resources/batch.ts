import { z } from 'zod';

const headers = z.record(z.string(), z.string());

/** https://learn.microsoft.com/graph/json-batching */
export const batchRequest = z.strictObject({
  requests: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        method: z.string(),
        /** Below `/v1.0`. */
        url: z.string().max(16_384),
        headers: headers.optional(),
        body: z.unknown().optional(),
        /** Ids of requests that must have succeeded before. */
        dependsOn: z.array(z.string()).optional(),
      }),
    )
    .min(1)
    .max(20),
});

export const batchResponse = z.object({
  responses: z.array(z.object({ id: z.string(), status: z.int(), headers, body: z.unknown().optional() })),
});
