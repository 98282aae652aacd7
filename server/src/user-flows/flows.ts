import { type Act, type AuditStore, auditEvent } from '../audit/index.ts';
import type { DirectoryStores } from '../directory/index.ts';
import { staffFlow, staffFlowName } from './built-in-flow.ts';
import { checkFlow } from './check-flow.ts';
import { refuse } from './errors.ts';
import type { UserFlow } from './flow.ts';
import type { FlowStore } from './store.ts';

interface Reading {
  flows: FlowStore;
}
type Writing = Reading & Pick<DirectoryStores, 'extensionProperties'> & { audit: AuditStore };

/**
 * The flow of that name, in any case; without a name the one in which staff signs in.
 * @throws Refusal `user-flows.flow_not_found`
 */
export async function getFlow({ flows }: Reading, tenantId: string, name: string | null): Promise<UserFlow> {
  if (name === null || name === staffFlowName) return (await flows.find(tenantId, staffFlowName)) ?? staffFlow;
  const flow = await flows.find(tenantId, name);
  if (!flow) throw refuse('user-flows.flow_not_found', { name });
  return flow;
}

/**
 * Adds a flow, or replaces the one of that name in any case.
 * @throws Refusal `user-flows.flow_invalid`
 */
export async function saveFlow(stores: Writing, act: Act, flow: UserFlow): Promise<void> {
  checkFlow(flow, await stores.extensionProperties.list(act.tenantId));
  const before = await stores.flows.find(act.tenantId, flow.name);
  await stores.flows.save(act.tenantId, flow);
  const verb = before ? 'userFlow.update' : 'userFlow.create';
  await stores.audit.append([auditEvent(act, verb, audited(flow.name), changesBetween(before, flow))]);
}

/**
 * Removes a flow. A tenant that removes its own staff flow gets the built-in one back.
 * @throws Refusal `user-flows.flow_not_found`
 */
export async function removeFlow(stores: Writing, act: Act, name: string): Promise<void> {
  if (!(await stores.flows.remove(act.tenantId, name))) throw refuse('user-flows.flow_not_found', { name });
  await stores.audit.append([auditEvent(act, 'userFlow.delete', audited(name))]);
}

function audited(name: string) {
  return { kind: 'userFlow', id: null, name };
}

function changesBetween(before: UserFlow | undefined, after: UserFlow) {
  return (Object.keys(after) as (keyof UserFlow)[])
    .filter((property) => JSON.stringify(before?.[property]) !== JSON.stringify(after[property]))
    .map((property) => ({ property, before: before?.[property], after: after[property] }));
}
