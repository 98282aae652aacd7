import { type RefusalDefinition, refusals } from '../refusal.ts';

/** Everything that shared rules refuse. */
export const ruleGroupsErrors = {
  'rule-groups.not_found': {
    status: 404,
    text: 'This tenant has no group of claims rules {id}.',
    advice: 'List the groups of the tenant; ids are compared without regard to case.',
  },
  'rule-groups.exists': {
    status: 409,
    text: 'This tenant has a group of claims rules {id} already.',
    advice: 'Change that one, or choose another id.',
  },
  'rule-groups.invalid': {
    status: 400,
    text: 'The group of claims rules {id} cannot be kept like this: {problem}.',
    advice: 'Correct it; nothing was saved.',
  },
  'rule-groups.rules_invalid': {
    status: 400,
    text: 'The rules of the group {id} cannot be used: {reason}',
    advice: 'Correct the rules; nothing was saved.',
  },
  'rule-groups.not_in_the_language': {
    status: 400,
    text: 'The rules cannot be shown: {problem}',
    advice: 'Correct the place that is named.',
  },
  'rule-groups.wrong_purpose': {
    status: 400,
    text: 'The group {id} is for {purpose} rules only.',
    advice: 'Include a group of the right purpose; nothing was saved.',
  },
  'rule-groups.too_many': {
    status: 400,
    text: 'More than {most} groups are included in one rule set.',
    advice: 'Join groups that always stand together; nothing was saved.',
  },
  'rule-groups.in_use': {
    status: 409,
    text: 'The group of claims rules {id} is included by {places}.',
    advice: 'Take it out there first.',
  },
} as const satisfies Readonly<Record<string, RefusalDefinition>>;

export const refuse = refusals(ruleGroupsErrors);
