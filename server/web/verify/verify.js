import { renderReport } from './report.js';
import { texts } from './texts.js';

const byId = (id) => document.getElementById(id);
const [form, input, drop] = [byId('form'), byId('file'), byId('drop')];
const [working, workingText, progress] = [byId('working'), byId('working-text'), byId('progress')];
const [problem, result, languageButton] = [byId('problem'), byId('result'), byId('language')];

let language = 'vi';
let report;
/** The sentence of what went wrong in a language; nothing when all is well. */
let trouble;

form.addEventListener('submit', (event) => event.preventDefault());
input.addEventListener('change', () => {
  if (input.files.length > 0) verify(input.files[0]);
});
languageButton.addEventListener('click', () => speak(language === 'vi' ? 'en' : 'vi'));

for (const name of ['dragover', 'drop', 'dragleave']) {
  // Anywhere on the page: a file dropped beside the zone must not replace the page.
  document.addEventListener(name, (event) => event.preventDefault());
}
drop.addEventListener('dragover', () => drop.classList.add('over'));
drop.addEventListener('dragleave', () => drop.classList.remove('over'));
drop.addEventListener('drop', (event) => {
  drop.classList.remove('over');
  const { files } = event.dataTransfer;
  if (files.length === 1) verify(files[0]);
  else if (files.length > 1) tell((spoken) => texts[spoken].onlyOne);
});

function verify(file) {
  report = undefined;
  tell(undefined);
  result.replaceChildren();
  showWork(texts[language].uploading, 0);
  const body = new FormData();
  body.append('file', file);
  const request = new XMLHttpRequest();
  request.open('POST', '/api/v1/verifications');
  request.setRequestHeader('Accept-Language', language);
  request.responseType = 'json';
  request.upload.addEventListener('progress', ({ loaded, total, lengthComputable }) => {
    if (lengthComputable) showWork(texts[language].uploading, (loaded / total) * 100);
  });
  request.upload.addEventListener('load', () => showWork(texts[language].verifying));
  request.addEventListener('load', () => finish(request));
  request.addEventListener('error', () => fail((spoken) => texts[spoken].unreachable));
  request.send(body);
  input.value = '';
}

function finish({ status, response }) {
  working.hidden = true;
  if (status !== 200 || !response) {
    fail((spoken) => response?.messages?.[spoken] ?? texts[spoken].failed);
    return;
  }
  report = response;
  result.replaceChildren(...renderReport(report, language));
  result.focus();
}

function fail(sentence) {
  working.hidden = true;
  tell(sentence);
}

function tell(sentence) {
  trouble = sentence;
  problem.textContent = sentence?.(language) ?? '';
}

/** Without a percentage the bar only shows that something is going on. */
function showWork(text, percent) {
  working.hidden = false;
  if (workingText.textContent !== text) workingText.textContent = text;
  if (percent === undefined) progress.removeAttribute('value');
  else progress.value = percent;
}

function speak(chosen) {
  language = chosen;
  const words = texts[language];
  document.documentElement.lang = language;
  document.title = `${words.title} – Ấn Số`;
  for (const place of document.querySelectorAll('[data-text]')) place.textContent = words[place.dataset.text];
  const other = language === 'vi' ? 'en' : 'vi';
  languageButton.lang = other;
  languageButton.textContent = other === 'en' ? 'English' : 'Tiếng Việt';
  languageButton.setAttribute('aria-label', other === 'en' ? 'Switch to English' : 'Chuyển sang tiếng Việt');
  tell(trouble);
  if (report) result.replaceChildren(...renderReport(report, language));
}
