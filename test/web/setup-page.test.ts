import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { type Browser, chromium, type Page } from 'playwright-core';
import { offerFirstAdministrator } from '../../server/accounts/first-administrator.ts';
import { type Fixture, openApp } from '../http/app-fixture.ts';

const executablePath = process.env.ANSO_CHROMIUM ?? '/usr/bin/chromium';
const missing = existsSync(executablePath)
  ? ''
  : ` (skipped: there is no ${executablePath}; set ANSO_CHROMIUM)`;

describe(`the page of the first administrator${missing}`, () => {
  let fixture: Fixture;
  let server: Server;
  let browser: Browser;
  let page: Page;

  before(async function () {
    if (missing) this.skip();
    fixture = await openApp({ environment: { ANSO_PUBLIC_ORIGIN: '' } });
    server = createServer(fixture.app.express).listen(0, '127.0.0.1');
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    page = await browser.newPage({ viewport: { width: 360, height: 740 } });
    const link = await offerFirstAdministrator(fixture.app.accounts);
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${link?.link}`);
  });
  after(async () => {
    if (missing) return;
    await browser.close();
    server.close();
    await fixture.close();
  });

  async function send(changes: Readonly<Record<string, string>> = {}): Promise<void> {
    const values = {
      'agency.code': 'H98',
      'agency.name': 'Ủy ban nhân dân xã Bình Minh',
      'agency.notation': 'UBND',
      'agency.place': 'Bình Minh',
      name: 'Lê Thị Lan',
      login: 'lelan',
      password: 'Manh#Nhat9x',
      again: 'Manh#Nhat9x',
      ...changes,
    };
    for (const [name, value] of Object.entries(values)) await page.fill(`[name="${name}"]`, value);
    await page.click('button');
  }

  it('keeps the secret out of the address, and fits a phone', async () => {
    expect(new URL(page.url()).hash).to.equal('');
    expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(360);
  });

  it('names a wrong field as the form does: it showed a path and a regular expression', async () => {
    await send({ 'agency.code': 'xã 15' });
    await page.waitForSelector('[role=alert]:not(:empty)');
    expect(await page.textContent('[role=alert]'))
      .to.include('→ Mã định danh cơ quan')
      .and.include('ví dụ H12.15')
      .and.not.include('/body');
  });

  it('makes the administrator, and says where to go from here', async () => {
    await send();
    await page.waitForSelector('main a[href="/api"]');
    expect(await page.textContent('main')).to.include('Xong.');
    const { body } = await fixture.http
      .post('/api/v1/sign-in')
      .send({ login: 'lelan', password: 'Manh#Nhat9x' })
      .expect(200);
    expect(body.account).to.include({ name: 'Lê Thị Lan' });
  });
});
