/**
 * How a tenant's pages look to its people: colours with enough contrast, logo, links, texts, a style sheet and a frame
 * around the form. Relies on audit only; the pages turn it into HTML, and no script of a tenant ever runs.
 */
export type { BrandColours, Branding, BrandLink, BrandLook, Corners, Picture } from './branding.ts';
export { contrast, readableOn } from './contrast.ts';
export { brandingErrors } from './errors.ts';
export { type FramePart, parseFrame } from './frame.ts';
export { getBranding, noBranding, removeBranding, saveBranding } from './save-branding.ts';
export type { BrandingStore } from './store.ts';
