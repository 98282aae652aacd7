import { groupKind } from './group-kind.ts';
import { userKind } from './user-kind.ts';

/** The kinds of objects that the directory itself defines. */
export const directoryKinds = [userKind, groupKind] as const;
