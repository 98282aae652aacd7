import type { Refusal } from '../refusal.ts';
import type { Problem } from './step.ts';

/** What a refusal of another feature means on a page: at the field that it names, or at one that the step knows. */
export function problemOf({ code, details }: Refusal, field: string | null = null): Problem {
  const { attribute } = details;
  const text = { key: `refused.${code}`, values: details };
  return { field: typeof attribute === 'string' ? attribute : field, text };
}
