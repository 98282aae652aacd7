import { createHash } from 'node:crypto';
import { type BrandLook, type Corners, type FramePart, parseFrame, readableOn } from '../branding/index.ts';

/** How a tenant's pages look, with addresses in place of what a browser fetches. */
export interface Brand {
  name: string;
  logo?: string;
  icon?: string;
  styleSheet?: string;
  links: { href: string; label: string }[];
  /** What stands around the form. */
  frame?: FramePart[];
}

export const standardBrand: Brand = { name: 'Countersign', links: [] };

/** Where the files of a tenant's look are served. The digest changes with their content, so browsers may keep them. */
export function brandPath(tenantId: string, digest: string): string {
  return `/${tenantId}/branding/${digest}`;
}

/** The look of a tenant's pages in a language. */
export function brandOf(tenant: { id: string; displayName: string }, look: BrandLook, language: string): Brand {
  const address = (digest: string) => brandPath(tenant.id, digest);
  const css = brandStyleSheet(look);
  return {
    name: tenant.displayName,
    links: look.links.map(({ href, labels }) => ({ href, label: labels[language] ?? labels['en'] ?? href })),
    ...(look.logo && { logo: address(look.logo) }),
    ...(look.icon && { icon: address(look.icon) }),
    ...(css !== '' && { styleSheet: address(digestOf(css)) }),
    ...(look.frame && { frame: parseFrame(look.frame) }),
  };
}

/** The style sheet that is served under this digest; undefined when it is not that of the look. */
export function findBrandStyleSheet(look: BrandLook, digest: string): string | undefined {
  const css = brandStyleSheet(look);
  return css !== '' && digestOf(css) === digest ? css : undefined;
}

const radii: Readonly<Record<Corners, string>> = { round: '0.625rem', slight: '0.25rem', square: '0' };

/** The surface of cards in the dark, on which a tenant's accent is made lighter. */
const darkSurface = '#19222d';

/** What differs from our style sheet; empty when nothing does. */
function brandStyleSheet({ colours, corners, styleSheet }: BrandLook): string {
  const rules: string[] = [];
  if (corners !== 'round') rules.push(`:root{--radius:${radii[corners]};--card-radius:${radii[corners]}}`);
  if (colours) {
    const { accent, background } = colours;
    const light = readableOn(darkSurface, accent);
    rules.push(
      `:root{--accent:${accent};--accent-strong:color-mix(in srgb,${accent},#000 20%);--accent-text:#fff;--focus:${accent};--background:${background}}`,
      `@media(prefers-color-scheme:dark){:root{--accent:${light};--accent-strong:color-mix(in srgb,${light},#fff 20%);--accent-text:#0f151c;--focus:${light};--background:#0f151c}}`,
    );
  }
  if (styleSheet !== null) rules.push(styleSheet);
  return rules.join('\n');
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
