import type { RuleGroup } from './rule-group.ts';

/** A trust that includes a group. */
export interface RuleGroupUse {
  kind: 'relyingParty' | 'identityProvider';
  /** Of the relying party's service principal, or of the provider. */
  id: string;
  /** What the relying party calls itself, or the provider's id. */
  name: string;
}

/** Where shared rules are kept. Ids are compared without regard to case. */
export interface RuleGroupStore {
  /** Adds it, or replaces the one of this id. */
  save(tenantId: string, group: RuleGroup, at: Date): Promise<void>;
  find(tenantId: string, id: string): Promise<RuleGroup | undefined>;
  /** Those of these ids that there are, in any order. */
  findMany(tenantId: string, ids: readonly string[]): Promise<RuleGroup[]>;
  /** By id. Tenants have few. */
  list(tenantId: string): Promise<RuleGroup[]>;
  /** The trusts that include it, at most `limit`, by name. The stores of trusts note it when one is saved. */
  listUses(tenantId: string, id: string, limit: number): Promise<RuleGroupUse[]>;
  remove(tenantId: string, id: string, at: Date): Promise<boolean>;
  /** Makes others wait who change groups of the tenant, or include some, until the transaction ends. */
  lock(tenantId: string): Promise<void>;
}

export interface RuleGroupStores {
  ruleGroups: RuleGroupStore;
}
