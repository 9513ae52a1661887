import { join } from 'node:path';
import express, { type Express } from 'express';

const WEB = join(import.meta.dirname, '../web');

/** Static pages, each a folder of `server/web`. They hold nothing secret, so nobody is asked who they are. */
export function servePages(app: Express): void {
  const files = (folder: string) => express.static(join(WEB, folder), { index: 'index.html', maxAge: 0 });
  app.use('/assets', files('assets'));
  app.use('/verify', files('verify'));
  app.use('/setup', files('setup'));
  app.use('/invitation', files('invitation'));
  app.get('/', (_req, res) => res.redirect('/verify/'));
}
