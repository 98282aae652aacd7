import { createHash } from 'node:crypto';
import type { BrandingStore, BrandLook, Picture } from '../branding/index.ts';
import type { Query } from './engine.ts';

export function brandingStore(query: Query): BrandingStore {
  const ofTenant = (tenantId: string) => query.selectFrom('tenant_branding').where('tenant_id', '=', tenantId);

  return {
    async save(tenantId, { logo, icon, ...others }) {
      const look: BrandLook = { ...others, logo: logo && digestOf(logo), icon: icon && digestOf(icon) };
      const row = {
        definition: JSON.stringify(look),
        logo: logo && JSON.stringify(logo),
        icon: icon && JSON.stringify(icon),
      };
      await query
        .insertInto('tenant_branding')
        .values({ tenant_id: tenantId, ...row })
        .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(row))
        .execute();
    },

    async remove(tenantId) {
      const { numDeletedRows } = await query
        .deleteFrom('tenant_branding')
        .where('tenant_id', '=', tenantId)
        .executeTakeFirst();
      return numDeletedRows === 1n;
    },

    async find(tenantId) {
      const row = await ofTenant(tenantId).selectAll().executeTakeFirst();
      return row && { ...JSON.parse(row.definition), logo: pictureOf(row.logo), icon: pictureOf(row.icon) };
    },

    async findLook(tenantId) {
      const row = await ofTenant(tenantId).select('definition').executeTakeFirst();
      return row && JSON.parse(row.definition);
    },

    async findPicture(tenantId, digest) {
      const row = await ofTenant(tenantId).select(['logo', 'icon']).executeTakeFirst();
      const pictures = [row?.logo ?? null, row?.icon ?? null].map(pictureOf);
      return pictures.find((picture) => picture !== null && digestOf(picture) === digest) ?? undefined;
    },
  };
}

function pictureOf(text: string | null): Picture | null {
  return text === null ? null : JSON.parse(text);
}

function digestOf({ contentType, data }: Picture): string {
  return createHash('sha256').update(`${contentType} ${data}`).digest('base64url').slice(0, 22);
}
