import type { AnyRoute } from '../platform/route.ts';
import { deferredRoutes } from './deferred/routes.ts';
import { readRoutes } from './read-routes.ts';
import type { DocumentServices } from './services.ts';
import { taskRoutes } from './task-routes.ts';
import { writeRoutes } from './write-routes.ts';

/** Documents on their way through a process: work lists, tasks, files, signatures, numbers, release. */
export const documentsRoutes = (deps: DocumentServices): AnyRoute[] => [
  ...readRoutes(deps),
  ...writeRoutes(deps),
  ...taskRoutes(deps),
  ...deferredRoutes(deps),
];
