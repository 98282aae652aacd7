import { type RefusalDefinition, refusals } from '../refusal.ts';

/** Everything that provisioning refuses. What goes wrong with single objects stands in problems.ts. */
export const provisioningErrors = {
  'provisioning.job_not_found': {
    status: 404,
    text: 'The application has no provisioning job {id}.',
    advice: 'List the jobs of the application to see their ids.',
  },
  'provisioning.mapping_invalid': {
    status: 400,
    text: 'The mapping to {target} cannot be used: {reason}',
    advice: 'Correct it; nothing was saved.',
  },
  'provisioning.target_address_invalid': {
    status: 400,
    text: 'The address {address} cannot be a target: {reason}.',
    advice: 'Give the base URL of the SCIM endpoint, with https and without a query.',
  },
  'provisioning.nothing_to_approve': {
    status: 409,
    text: 'No removals of the job {id} wait for an approval.',
    advice: 'Look at the status of the job.',
  },
  'provisioning.cycle_not_found': {
    status: 404,
    text: 'The log of the job has no changes of a cycle {id}.',
    advice: 'Take the id of a cycle from the provisioning log; entries that are older than the retention are gone.',
  },
  'provisioning.job_runs': {
    status: 409,
    text: 'The job {id} runs, and would do again what is taken back.',
    advice: 'Pause it, take the cycle back, put right what was wrong, and start it again.',
  },
  'provisioning.object_not_provisionable': {
    status: 404,
    text: 'There is no user or group {id} that the job could provision.',
    advice: 'Give the object id of a user or group, living or known to the job.',
  },
} as const satisfies Record<string, RefusalDefinition>;

export const refuse = refusals(provisioningErrors);
