import { isDeepStrictEqual } from 'node:util';
import { type Act, type AuditStore, auditEvent } from '../audit/index.ts';
import type { DirectoryStores } from '../directory/index.ts';
import { accountFlow, customerFlow, staffFlow, staffFlowName } from './built-in-flow.ts';
import { changedFlow, type FlowChange } from './changed-flow.ts';
import { checkFlow } from './check-flow.ts';
import { refuse } from './errors.ts';
import type { FlowType, UserFlow } from './flow.ts';
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
  if (name === accountFlow.name) return accountFlow;
  const flow = await flows.find(tenantId, name);
  if (!flow) throw refuse('user-flows.flow_not_found', { name });
  return flow;
}

/** The flows of a tenant by name; first the one in which staff signs in, whether the tenant has changed it or not. */
export async function listFlows({ flows }: Reading, tenantId: string): Promise<UserFlow[]> {
  const own = await flows.list(tenantId);
  return own.some(({ name }) => name === staffFlowName) ? own : [staffFlow, ...own];
}

/**
 * Adds a flow. What is not said about it is as Azure AD B2C has it.
 * @throws Refusal `user-flows.flow_exists`, `user-flows.flow_invalid`
 */
export async function createFlow(
  stores: Writing,
  act: Act,
  name: string,
  type: FlowType,
  change: FlowChange,
): Promise<UserFlow> {
  if (await stores.flows.findToChange(act.tenantId, name)) throw refuse('user-flows.flow_exists', { name });
  const flow = changedFlow({ ...customerFlow, name, type }, change);
  await saveFlow(stores, act, flow);
  return flow;
}

/**
 * Changes settings of a flow; with the empty name, of the one in which staff signs in. It holds from the next request on,
 * also for sign-ins that are under way.
 *
 * @throws Refusal `user-flows.flow_not_found`, `user-flows.flow_invalid`
 */
export async function changeFlow(stores: Writing, act: Act, name: string, change: FlowChange): Promise<void> {
  const own = await stores.flows.findToChange(act.tenantId, name);
  const before = own ?? (await getFlow(stores, act.tenantId, name));
  const after = changedFlow(before, change);
  if (!isDeepStrictEqual(before, after)) await saveFlow(stores, act, after);
}

/**
 * Adds a flow, or replaces the one of that name in any case.
 * @throws Refusal `user-flows.flow_invalid`
 */
export async function saveFlow(stores: Writing, act: Act, flow: UserFlow): Promise<void> {
  checkFlow(flow, await stores.extensionProperties.list(act.tenantId));
  const before = await stores.flows.find(act.tenantId, flow.name);
  await stores.flows.save(act.tenantId, flow, act.now);
  const verb = before ? 'userFlow.update' : 'userFlow.create';
  await stores.audit.append([auditEvent(act, verb, audited(flow.name), changesBetween(before, flow))]);
}

/**
 * Removes a flow. A tenant that removes its own staff flow gets the built-in one back.
 * @throws Refusal `user-flows.flow_not_found`
 */
export async function removeFlow(stores: Writing, act: Act, name: string): Promise<void> {
  if (!(await stores.flows.remove(act.tenantId, name, act.now))) throw refuse('user-flows.flow_not_found', { name });
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
