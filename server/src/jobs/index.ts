/**
 * Recurring work and who does it: leases that several server processes take in turns, and the register of the processes
 * that are alive. Relies on nothing; what the work is comes from whoever starts it.
 */
export { type Announced, announceProcess } from './announce-process.ts';
export { type LeasedJob, type StartedJob, startLeasedJob } from './leased-job.ts';
export type { LeaseStore, ProcessRegister, ServerProcess } from './store.ts';
