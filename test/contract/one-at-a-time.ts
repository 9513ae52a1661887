import { connect, createServer, type Server, type Socket } from 'node:net';
import mongoose from 'mongoose';

/**
 * FerretDB 1.24 runs an update as a query and, after it, a write by id, with nothing between the two that keeps other
 * updates out; MongoDB promises that an update of one document is one step. A server that breaks the promise cannot
 * show whether we rely on it rightly, so it gets a gate that lets one command in at a time.
 */
export async function isAtomic(uri: string): Promise<boolean> {
  const connection = await mongoose.createConnection(uri).asPromise();
  try {
    const probe = connection.collection<{ _id: string; n: number }>('atomic_probe');
    for (let round = 0; round < 5; round += 1) {
      await probe.replaceOne({ _id: 'x' }, { n: 0 }, { upsert: true });
      const wins = await Promise.all(
        Array.from({ length: 20 }, () => probe.updateOne({ _id: 'x', n: 0 }, { $set: { n: 1 } })),
      );
      if (wins.filter((each) => each.matchedCount > 0).length !== 1) return false;
    }
    return true;
  } finally {
    await connection.dropDatabase();
    await connection.close();
  }
}

/** A loopback port in front of `uri` (one host, no TLS); gives the address to use instead. */
export async function openGate(uri: string): Promise<{ uri: string; close(): void }> {
  const [, scheme, host = '', port = '27017', rest] =
    /^(mongodb:\/\/(?:[^@/]*@)?)([^:/?]+)(?::(\d+))?(.*)$/.exec(uri) ?? [];
  let turn: Promise<void> = Promise.resolve();
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    const upstream = connect({ host, port: Number(port) });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    }
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    const answers = messages(upstream);
    onMessages(client, (command) => {
      turn = turn.then(async () => {
        upstream.write(command);
        const answer = await answers();
        if (answer) client.write(answer);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return {
    uri: `${scheme}127.0.0.1:${address.port}${rest}`,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Cuts what arrives into messages: each begins with its length, 32 bits, little-endian. */
function onMessages(socket: Socket, take: (message: Buffer) => void): void {
  let rest = Buffer.alloc(0);
  socket.on('data', (piece: Buffer) => {
    rest = Buffer.concat([rest, piece]);
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const length = rest.readInt32LE(0);
      take(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  });
}

/** The next message of a socket; undefined once it is closed. */
function messages(socket: Socket): () => Promise<Buffer | undefined> {
  const arrived: (Buffer | undefined)[] = [];
  let waiting: ((message: Buffer | undefined) => void) | undefined;
  const give = (message: Buffer | undefined) => {
    if (waiting === undefined) arrived.push(message);
    else waiting(message);
    waiting = undefined;
  };
  onMessages(socket, give);
  socket.on('close', () => give(undefined));
  return () =>
    arrived.length > 0
      ? Promise.resolve(arrived.shift())
      : new Promise((resolve) => {
          if (socket.destroyed) resolve(undefined);
          else waiting = resolve;
        });
}
