import { LONGEST_WAIT_DAYS } from '../signing/deferred/longest-wait.ts';

export const PREPARE_HELP = `anso sign prepare IN --certificate FILE [--chain FILE]... --out STATE [--days N] [options] [--json]

For a key that is elsewhere, on a USB token or at a remote service: checks everything, keeps what is to become of IN in
STATE (which holds no secret), and prints what the key is to sign: the digest, and the attributes it is the digest of.

  --certificate FILE  the key's certificate, PEM or DER
  --chain FILE        certificates of its issuers
  --out STATE         a new file; the name of a completed state is not taken again
  --days N            how long the value may be waited for, 1 to ${LONGEST_WAIT_DAYS}; default 7
  --appearance NAME|FILE and all that belongs to it, as in anso sign: how the signature shows`;

export const COMPLETE_HELP = `anso sign complete STATE --signature FILE --out OUT [--in IN] [--tsa URL]... [--password-env NAME] [--json]

Finishes what \`prepare\` began, in another process, on another day. Everything is checked again: IN is unchanged, the
certificate may still sign, the time is not over, the value is that of the key. A refusal leaves STATE as it is; once
OUT is written STATE is called STATE.completed, and is good for nothing more.

  --signature FILE    the value as the key gave it: raw, hexadecimal or base64; ECDSA as DER or as r and s
  --out OUT           a new file
  --in IN             where the document is now; default: where it was`;
