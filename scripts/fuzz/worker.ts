import { serve } from './serve.ts';
import { makeTargets } from './targets.ts';

serve(await makeTargets(process.argv[2] ?? ''));
