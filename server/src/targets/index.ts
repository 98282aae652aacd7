/**
 * Systems that the hub writes to, one folder for each kind of target, and the gate through which all requests to them go.
 * Relies on what provisioning asks of a target; decides nothing of what is written.
 */
export { openTarget } from './open-target.ts';
export { allowedPrivateNetworks, type Gate, openGate } from './outbound/gate.ts';
