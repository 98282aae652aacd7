import { groupOperations } from './groups.ts';
import { userOperations } from './users.ts';

/** Every operation of the management API, by its name. */
export const operations = {
  ...userOperations,
  ...groupOperations,
} as const;

export type OperationName = keyof typeof operations;
