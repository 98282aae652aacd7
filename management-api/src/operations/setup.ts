import { z } from 'zod';
import type { Operations } from '../operation.ts';
import { user } from '../resources/user.ts';

/** The first administrator of a new hub. */
export const setupOperations = {
  setUp: {
    method: 'POST',
    path: '/setup',
    summary: 'Creates the first administrator, with the one-time secret that the hub printed at its first start.',
    access: 'anybody',
    request: z.strictObject({
      secret: z.string(),
      displayName: z.string(),
      userPrincipalName: z.string(),
      password: z.string(),
    }),
    response: user.schema,
    status: 201,
  },
} as const satisfies Operations;
