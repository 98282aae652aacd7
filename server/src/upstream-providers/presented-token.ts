import type { XmlElement } from '@countersign/xml';
import type { UpstreamProvider } from './provider.ts';

/** An assertion that a program brings, for the person of whom it speaks. Nothing of it is proven. */
export interface PresentedToken {
  tenantId: string;
  /** Whom it names as its issuer. */
  provider: UpstreamProvider;
  /** The document in which it came. */
  document: XmlElement;
  token: XmlElement;
  /** Our addresses to which it may have been made out. */
  addresses: readonly string[];
  now: Date;
}
