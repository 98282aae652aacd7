import type { Operations } from '../operation.ts';
import { batchRequest, batchResponse } from '../resources/batch.ts';

/** https://learn.microsoft.com/graph/json-batching */
export const batchOperations = {
  batch: {
    method: 'POST',
    path: '/$batch',
    summary: 'Performs up to 20 requests, each of which needs its own permission and has its own status.',
    access: 'authenticated',
    request: batchRequest,
    response: batchResponse,
    status: 200,
  },
} as const satisfies Operations;
