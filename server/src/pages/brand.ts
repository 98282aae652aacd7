/** How a tenant's pages look. Colours are in a style sheet of their own, since the pages allow no inline styles. */
export interface Brand {
  name: string;
  logo?: string;
  icon?: string;
  styleSheet?: string;
  links: { href: string; label: string }[];
}

export const standardBrand: Brand = { name: 'Countersign', links: [] };

/** Colours that a tenant may choose, as `#rrggbb`. */
export interface BrandColours {
  /** Buttons and links. */
  accent: string;
  /** Behind the card. */
  background: string;
}

/** WCAG 2.2 1.4.3: text needs this contrast to what is behind it. */
const leastContrast = 4.5;

/** What is wrong with a choice of colours; empty when everybody can read the pages. */
export function checkColours({ accent, background }: BrandColours): string[] {
  const malformed = [accent, background].filter((colour) => !/^#[0-9a-f]{6}$/i.test(colour));
  if (malformed.length > 0) return malformed.map((colour) => `${colour} is no colour of the form #rrggbb.`);
  const onWhite = contrast(accent, '#ffffff');
  if (onWhite >= leastContrast) return [];
  return [`The accent ${accent} has a contrast of ${onWhite.toFixed(1)} to white; text needs ${leastContrast}.`];
}

/** The style sheet of a choice of colours. */
export function brandStyleSheet({ accent, background }: BrandColours): string {
  return `:root{--accent:${accent};--accent-text:#ffffff;--background:${background}}\n`;
}

/** Contrast of two colours (WCAG 2.2, "contrast ratio"): 1 to 21. */
export function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

/** WCAG 2.2, "relative luminance". */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const part = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
