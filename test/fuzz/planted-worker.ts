import { serve } from '../../scripts/fuzz/serve.ts';
import { plantedTargets } from './planted-targets.ts';

serve(plantedTargets);
