import type { BrandColours, Branding, Picture } from './branding.ts';
import { contrast, leastContrast } from './contrast.ts';
import { refuse } from './errors.ts';
import { parseFrame } from './frame.ts';

/** Largest picture and longest style sheet, in bytes. */
const largestPicture = 102_400;
const longestStyleSheet = 32_768;
const mostLinks = 8;

/** Colours of our pages that tenants do not choose: texts beside the card, and the card. */
const mutedText = '#4d5a69';
const surface = '#ffffff';

/**
 * Checks what the types cannot say: that everybody can read the pages, and that nothing on them leads astray.
 * @throws Refusal `branding.invalid`
 */
export function checkBranding(branding: Branding): void {
  const problem = problems(branding).next().value;
  if (problem) throw refuse('branding.invalid', { problem });
  if (branding.frame !== null) parseFrame(branding.frame);
}

function* problems({ colours, logo, icon, links, styleSheet }: Branding): Generator<string, undefined> {
  if (colours) yield* colourProblems(colours);
  if (logo) yield* pictureProblems('logo', logo);
  if (icon) yield* pictureProblems('icon', icon);
  if (links.length > mostLinks) yield `there are more than ${mostLinks} links`;
  for (const { href, labels } of links) {
    if (!/^(https:\/\/|mailto:)/i.test(href) || !URL.canParse(href)) yield `${href} is no link by https or mailto`;
    if (!labels['en']) yield `the link ${href} has no English words, which stand in for other languages`;
  }
  if (styleSheet !== null && Buffer.byteLength(styleSheet) > longestStyleSheet) {
    yield `the style sheet has more than ${longestStyleSheet} bytes`;
  }
  return undefined;
}

/** WCAG 2.2 1.4.3, for each pair of colours of which one is the tenant's. */
function* colourProblems({ accent, background }: BrandColours): Generator<string, undefined> {
  for (const colour of [accent, background]) {
    if (!/^#[0-9a-f]{6}$/i.test(colour)) yield `${colour} is no colour of the form #rrggbb`;
  }
  const pairs = [
    ['accent', accent, 'the white of cards and of buttons’ words', surface],
    ['background', background, 'the grey of the words at the foot', mutedText],
  ] as const;
  for (const [name, colour, to, other] of pairs) {
    const found = contrast(colour, other);
    if (found < leastContrast) {
      yield `the ${name} ${colour} has a contrast of ${found.toFixed(1)} to ${to}; texts need ${leastContrast}`;
    }
  }
  return undefined;
}

/** With what the bytes of each type begin. */
const beginnings: Readonly<Record<Picture['contentType'], RegExp>> = {
  'image/png': /^\x89PNG\r\n/,
  'image/jpeg': /^\xff\xd8\xff/,
  'image/webp': /^RIFF[\s\S]{4}WEBP/,
  'image/svg+xml': /^\s*(<\?xml[^>]*\?>\s*)?<svg[\s>]/,
};

function* pictureProblems(name: string, { contentType, data }: Picture): Generator<string, undefined> {
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length > largestPicture) yield `the ${name} has more than ${largestPicture} bytes`;
  if (!beginnings[contentType].test(bytes.subarray(0, 500).toString('latin1'))) {
    yield `the ${name} is no ${contentType} in base64`;
  }
  return undefined;
}
