import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { readConfig, settings } from '../../server/config.ts';
import { checkConfigurationPage } from '../../server/config-command.ts';
import { type Environment, SettingsError } from '../../server/platform/settings.ts';

function problemsOf(environment: Environment): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  it('needs nothing: one machine, for itself', () => {
    const config = readConfig({});
    expect(config).to.include({ host: '127.0.0.1', port: 8080, dataFolder: resolve('data') });
    expect(config.mongodbUri).to.equal(undefined);
    expect(config.uploadLimit).to.equal(100 * 1024 * 1024);
  });

  it('tells all problems at once, each with its variable', () => {
    const problems = problemsOf({
      ANSO_PORT: '99999',
      ANSO_LOG_LEVEL: 'chatty',
      ANSO_UPLOAD_LIMIT: '100 bananas',
      ANSO_PUBLIC_ORIGIN: 'anso.example/path',
      ANSO_SERVER_KEY: 'x',
      ANSO_SERVER_KEY_FILE: '/nowhere',
    });
    expect(problems.map((problem) => problem.split(' ')[0])).to.have.members([
      'ANSO_PORT',
      'ANSO_LOG_LEVEL',
      'ANSO_UPLOAD_LIMIT',
      'ANSO_PUBLIC_ORIGIN',
      'ANSO_SERVER_KEY',
    ]);
  });

  it('lists time-stamp authorities in their order, and nothing but http', () => {
    const { timeStampAuthorities } = readConfig({
      ANSO_TSA_URLS: ' https://a.example/tsr, http://10.0.0.1:318 ',
    });
    expect(timeStampAuthorities).to.deep.equal(['https://a.example/tsr', 'http://10.0.0.1:318']);
    for (const url of ['ftp://a.example', 'a.example', 'http://name:word@a.example/']) {
      expect(problemsOf({ ANSO_TSA_URLS: url }), url).to.have.length(1);
    }
  });

  it('fetches nothing that certificates name unless told to', () => {
    expect(readConfig({})).to.include({ network: 'off', fetchSeconds: 15 });
    expect(
      readConfig({ ANSO_NETWORK_HOSTS: 'ocsp.example a.example:80 10.0.0.5:8080 [FD00::1]' }).privateHosts,
    ).to.deep.equal(['ocsp.example', 'a.example:80', '10.0.0.5:8080', '[fd00::1]']);
    for (const host of ['http://a', 'a/b', 'me@a', 'a?b']) {
      expect(problemsOf({ ANSO_NETWORK_HOSTS: host }), host).to.have.length(1);
    }
  });

  for (const port of ['', '0', '65535']) {
    it(`takes ${JSON.stringify(port)} for a port`, () => {
      expect(problemsOf({ ANSO_PORT: port })).to.deep.equal([]);
    });
  }
  for (const port of ['-1', '65536', '8e3', '0x50', ' 80', '80.0', '9'.repeat(20)]) {
    it(`takes ${JSON.stringify(port)} for no port`, () => {
      expect(problemsOf({ ANSO_PORT: port })).to.have.length(1);
    });
  }

  it('reads a secret from the file a _FILE variable names, without the line end', () => {
    const folder = mkdtempSync(join(tmpdir(), 'anso-config-'));
    writeFileSync(join(folder, 'uri'), 'mongodb://host/anso\n');
    const config = readConfig({ ANSO_MONGODB_URI_FILE: join(folder, 'uri') });
    expect(config.mongodbUri).to.equal('mongodb://host/anso');
    rmSync(folder, { recursive: true });
  });

  it('never repeats a secret in a problem', () => {
    const problems = problemsOf({ ANSO_MONGODB_URI: 'mongodb://u:secret@h/', ANSO_MONGODB_URI_FILE: '/x' });
    expect(problems).to.have.length(1);
    expect(problems[0]).not.to.contain('secret');
  });

  it('notices a variable that looks like ours and is not', () => {
    const { unknown } = readConfig({
      ANSO_MONGO_URI: 'x',
      ANSO_TEST_MONGODB_URI: 'x',
      ANSO_PIN: 'x',
      PATH: 'x',
    });
    expect(unknown).to.deep.equal(['ANSO_MONGO_URI']);
  });

  it('has a sentence for every variable, and a page that is fresh', () => {
    for (const { variable, sentence } of Object.values(settings)) {
      expect(sentence, variable).to.match(/^[A-Z].*\.$/);
    }
    expect(checkConfigurationPage()).to.deep.equal([]);
  });
});
