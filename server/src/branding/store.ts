import type { Branding, BrandLook, Picture } from './branding.ts';

/** Where the branding of tenants is kept. */
export interface BrandingStore {
  /** In place of what was there. */
  save(tenantId: string, branding: Branding): Promise<void>;
  remove(tenantId: string): Promise<boolean>;
  find(tenantId: string): Promise<Branding | undefined>;
  /** As `find`, without the bytes of the pictures. */
  findLook(tenantId: string): Promise<BrandLook | undefined>;
  /** The logo or the icon, if that is the digest of what it is now. */
  findPicture(tenantId: string, digest: string): Promise<Picture | undefined>;
}
