/** Contrast of two colours of the form `#rrggbb` (WCAG 2.2, "contrast ratio"): 1 to 21. */
export function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

/** The colour made lighter, as little as it takes to be read on a dark surface (WCAG 2.2 1.4.3). */
export function readableOn(surface: string, colour: string): string {
  for (let white = 0; white < 1; white += 0.05) {
    const mixed = mixedWithWhite(colour, white);
    if (contrast(mixed, surface) >= leastContrast) return mixed;
  }
  return '#ffffff';
}

/** WCAG 2.2 1.4.3: text needs this contrast to what is behind it. */
export const leastContrast = 4.5;

function mixedWithWhite(colour: string, white: number): string {
  const parts = partsOf(colour).map((part) => Math.round(part + (255 - part) * white));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** WCAG 2.2, "relative luminance". */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = partsOf(colour).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function partsOf(colour: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
}
