import type { Refusal } from '../refusal.ts';
import type { Problem } from './step.ts';

/**
 * What a refusal of another feature means on a page: at the field that it names, or at one that the step knows. Where the
 * pages have no words for it, they tell its code.
 */
export function problemOf({ code, details }: Refusal, field: string | null = null): Problem {
  const { attribute } = details;
  const text = { key: `refused.${code}`, values: { ...details, code } };
  return { field: typeof attribute === 'string' ? attribute : field, text };
}
