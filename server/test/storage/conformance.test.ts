import { applicationsConformance } from '../../src/storage/conformance/applications.ts';
import { auditConformance } from '../../src/storage/conformance/audit.ts';
import { jobsConformance } from '../../src/storage/conformance/jobs.ts';
import { setupConformance } from '../../src/storage/conformance/setup.ts';
import { signingKeyConformance } from '../../src/storage/conformance/signing-keys.ts';
import { onEachDatabase } from '../databases.ts';

onEachDatabase(auditConformance);
onEachDatabase(signingKeyConformance);
onEachDatabase(setupConformance);
onEachDatabase(jobsConformance);
onEachDatabase(applicationsConformance);
