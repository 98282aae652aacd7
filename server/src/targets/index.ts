/**
 * Systems that the hub writes to, one folder for each kind of target. Relies on what provisioning asks of a target, and on
 * `outbound` for every request; decides nothing of what is written.
 */
export { targetsThrough } from './open-target.ts';
