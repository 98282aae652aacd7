import { SamlStatusError } from '../errors.ts';

const duration = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?$/;
const unitSeconds = [365 * 86_400, 30 * 86_400, 86_400, 3_600, 60, 1];

/** An `xs:duration` in seconds, with years of 365 and months of 30 days. Throws {@link SamlStatusError}. */
export function parseDuration(text: string): number {
  const parts = duration.exec(text.trim())?.slice(1);
  if (!parts || parts.every((part) => part === undefined)) {
    throw new SamlStatusError('metadata.content', `"${text.slice(0, 40)}" is no duration.`);
  }
  return parts.reduce((sum, part, at) => sum + Number(part ?? 0) * (unitSeconds[at] ?? 0), 0);
}
