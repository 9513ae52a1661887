import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type Fixture, openApp } from '../http/app-fixture.ts';
import { formPdf, signed, stream, updated } from '../verification/files.ts';

const executablePath = process.env.ANSO_CHROMIUM ?? '/usr/bin/chromium';
const missing = existsSync(executablePath)
  ? ''
  : ` (skipped: there is no ${executablePath}; set ANSO_CHROMIUM)`;

describe(`the page /verify${missing}`, () => {
  let folder: string;
  let fixture: Fixture;
  let server: Server;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  before(async function () {
    if (missing) this.skip();
    folder = mkdtempSync(join(tmpdir(), 'anso-page-'));
    const good = await signed(formPdf(), undefined, { field: 'ky', time: new Date('2026-05-31T00:00:00Z') });
    writeFileSync(join(folder, 'good.pdf'), good);
    writeFileSync(join(folder, 'changed.pdf'), updated(good, { 4: stream('BT (Khac) Tj ET') }));
    fixture = await openApp({ environment: { ANSO_PUBLIC_ORIGIN: '' } });
    server = createServer(fixture.app.express).listen(0, '127.0.0.1');
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    page = await browser.newPage({ viewport: { width: 360, height: 740 } });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/verify`);
  });
  after(async () => {
    if (missing) return;
    await browser.close();
    server.close();
    await fixture.close();
    rmSync(folder, { recursive: true });
  });

  it('speaks Vietnamese first and fits a phone', async () => {
    expect(await page.getAttribute('html', 'lang')).to.equal('vi');
    expect(await page.textContent('h1')).to.equal('Kiểm tra chữ ký số trên tệp PDF');
    expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(360);
  });

  it('reaches the file and the language by keyboard', async () => {
    const focused = async () => page.evaluate('document.activeElement.id');
    await page.keyboard.press('Tab');
    expect(await focused()).to.equal('language');
    await page.keyboard.press('Tab');
    expect(await focused()).to.equal('file');
  });

  it('shows missing evidence in yellow, says why and what to do, and moves the focus there', async () => {
    await page.setInputFiles('#file', join(folder, 'good.pdf'));
    await page.waitForSelector('.verdict.indeterminate');
    expect(await page.textContent('#result'))
      .to.include('không dẫn tới tổ chức chứng thực nào')
      .and.include('Việc cần làm');
    expect(await page.evaluate('document.activeElement.id')).to.equal('result');
    expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(360);
  });

  it('shows a changed document in red and can say it in English', async () => {
    await page.setInputFiles('#file', join(folder, 'changed.pdf'));
    await page.waitForSelector('.verdict.invalid');
    await page.click('#language');
    expect(await page.getAttribute('html', 'lang')).to.equal('en');
    expect(await page.textContent('.verdict h2')).to.match(/^NOT VALID/);
    expect(await page.textContent('article')).to.include('changed in a way that is not permitted');
  });

  it('says so when the server cannot be reached, and again in the other language', async () => {
    await page.route('**/api/**', (route) => route.abort());
    await page.setInputFiles('#file', join(folder, 'good.pdf'));
    await page.waitForSelector('#problem:not(:empty)');
    expect(await page.textContent('#problem')).to.include('cannot be reached');
    await page.click('#language');
    expect(await page.textContent('#problem')).to.include('Không kết nối được máy chủ');
    await page.unroute('**/api/**');
    complaints.splice(0, complaints.length, ...complaints.filter((text) => !text.includes('ERR_FAILED')));
  });

  it('has given the browser nothing to complain about', () => {
    expect(complaints).to.deep.equal([]);
  });
});
