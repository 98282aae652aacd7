/** Everything that a tenant chooses about the look of its pages. */
export interface Branding {
  /** Null leaves ours. */
  colours: BrandColours | null;
  corners: Corners;
  /** Stands above the form in place of the tenant's name. */
  logo: Picture | null;
  /** In the tab of the browser. */
  icon: Picture | null;
  /** At the foot of every page, such as an imprint. */
  links: readonly BrandLink[];
  /** Texts in place of ours: language, then key of the message. A flow's own texts come before them. */
  texts: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** CSS of the tenant, after ours. The class names that begin with `cs-` are never renamed. */
  styleSheet: string | null;
  /** HTML around the form, with `{form}` where that stands; see `parseFrame`. */
  frame: string | null;
}

/** Colours as `#rrggbb`. */
export interface BrandColours {
  /** Buttons and links. */
  accent: string;
  /** Behind the card. */
  background: string;
}

export type Corners = 'round' | 'slight' | 'square';

export interface Picture {
  contentType: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/svg+xml';
  /** In base64. */
  data: string;
}

/** A link by `https:`, with its words by language; English stands in for missing ones. */
export interface BrandLink {
  href: string;
  labels: Readonly<Record<string, string>>;
}

/** What every page needs: pictures by the digest under which they are served, so that their bytes are not read. */
export interface BrandLook extends Omit<Branding, 'logo' | 'icon'> {
  logo: string | null;
  icon: string | null;
}
