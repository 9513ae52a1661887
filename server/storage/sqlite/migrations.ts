/**
 * Every change ever made to the tables the engine keeps for itself, oldest first. A step that has shipped never
 * changes: its digest is kept in each database. (Tables of collections are not here: they follow their spec.)
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE _meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO _meta VALUES ('cursor_key', randomblob(32));

  CREATE TABLE _collection (name TEXT PRIMARY KEY, spec TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE _usage_certificate (number INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE _usage_event (
    sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, certificate INTEGER NOT NULL, time TEXT NOT NULL,
    outcome TEXT NOT NULL, channel TEXT NOT NULL, code TEXT, agency_id TEXT, document_id TEXT, process TEXT, step TEXT
  ) STRICT;
  CREATE INDEX _usage_event_certificate ON _usage_event (certificate, time);

  CREATE TABLE _usage_total (
    certificate INTEGER NOT NULL, day TEXT NOT NULL,
    signed INTEGER NOT NULL, refused INTEGER NOT NULL, failed INTEGER NOT NULL, observed INTEGER NOT NULL,
    PRIMARY KEY (certificate, day)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE _audit_entry (
    sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, event TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL
  ) STRICT;

  CREATE TABLE _register_row (
    series TEXT NOT NULL, number INTEGER NOT NULL, document_id TEXT NOT NULL, time TEXT NOT NULL,
    columns TEXT NOT NULL, voided TEXT,
    PRIMARY KEY (series, number), UNIQUE (series, document_id)
  ) STRICT, WITHOUT ROWID;
  `,
];
