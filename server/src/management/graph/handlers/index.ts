import { groupHandlers } from './groups.ts';
import { userHandlers } from './users.ts';

/** The handler of every operation. A resource's handlers stand in one file, named as the file of its operations. */
export const handlers = {
  ...userHandlers,
  ...groupHandlers,
};
