import type { TargetFailure } from './target.ts';

/** What can be wrong with one object of a cycle, with what to do about it. The codes are stable: logs are searched by them. */
export const provisioningProblems = {
  mapping_failed: 'Correct the expression of the mapping, or the attribute of the object.',
  several_matches: 'Give the objects of the target different values, or match by another attribute.',
  match_taken: 'Two objects of the directory match one of the target: give them different values, or remove one.',
  unauthorized: 'Give the job a new token, and check that the target lets it write.',
  forbidden:
    'Give the job an address outside private networks, or have the operator of the hub name the network in COUNTERSIGN_ALLOWED_PRIVATE_NETWORKS.',
  notFound: 'The object is gone from the target; it is made again at the next try.',
  conflict: 'Another object of the target has the name: rename it, or match by that attribute.',
  refused: 'Read what the target says, and change the mapping or the value. It is tried again later.',
  busy: 'Nothing: it is tried again when the target has time.',
  failed: 'Nothing, when it passes: it is tried again. Else look at the target.',
  malformed: 'The target breaks the protocol; tell its makers what it answered.',
  drift: 'The object was changed in the target. Let the job repair, or change the mapping.',
  changed_since: 'Take back the later change first, or set it right by hand.',
  gone_since: 'Nothing can be taken back: provision the object anew.',
} as const satisfies Record<TargetFailure['kind'] | string, string>;

export type ProblemCode = keyof typeof provisioningProblems;
