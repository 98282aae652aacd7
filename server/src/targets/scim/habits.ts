/** How SCIM service providers differ from the RFCs, as far as a client must know it, as data. */
export interface TargetHabits {
  /** Members that one request may add and remove. */
  readonly membersPerRequest: number;
  /** Whether a group can be read without its members (RFC 7644 3.9). */
  readonly leavesOutMembers: boolean;
  /** Whether a group is answered with its members when they are asked for. */
  readonly tellsMembers: boolean;
  /** Whether the first value of a list must be the primary one. */
  readonly wantsPrimary: boolean;
}

const standard: TargetHabits = {
  membersPerRequest: 500,
  leavesOutMembers: true,
  tellsMembers: true,
  wantsPrimary: false,
};

export const targetHabits: Readonly<Record<string, TargetHabits>> = {
  standard,
  // docs.aws.amazon.com/singlesignon/latest/developerguide/limitations.html: at most 100 members per request, emails must
  // be primary, groups are answered without members.
  'aws-identity-center': { membersPerRequest: 100, leavesOutMembers: false, tellsMembers: false, wantsPrimary: true },
};

export const standardHabits = standard;
