import type { RequestHandler } from 'express';
import type { Logger } from '../platform/services.ts';
import { contextOf } from './request-context.ts';

/**
 * One line an answer: who, from where, what, how it ended (QCVN 12:2026/BCA: source, destination, account, time). No query,
 * header or body is logged, since they may hold what a person wrote.
 */
export function accessLog(logger: Logger): RequestHandler {
  return (req, res, next) => {
    const started = process.hrtime.bigint();
    const path = req.path;
    res.once('close', () => {
      const { requestId, actor, route } = contextOf(res);
      logger.info(
        {
          requestId,
          method: req.method,
          path,
          route,
          status: res.statusCode,
          milliseconds: Number((process.hrtime.bigint() - started) / 1_000_000n),
          address: req.ip,
          account: actor?.accountId,
          via: actor?.via,
          ...(res.writableFinished ? {} : { aborted: true }),
        },
        'request',
      );
    });
    next();
  };
}
