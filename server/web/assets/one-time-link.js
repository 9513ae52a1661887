// Sends a form together with the secret of the address's fragment, which no server has seen until now.
const form = document.querySelector('form');
const message = form.querySelector('[role="alert"]');
const token = location.hash.slice(1);
history.replaceState(null, '', location.pathname);

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  message.textContent = '';
  const fields = new FormData(form);
  if (fields.get('password') !== fields.get('again')) {
    message.textContent = 'Hai mật khẩu không giống nhau. The two passwords differ.';
    return;
  }
  const body = { token };
  for (const [name, value] of fields) {
    if (name === 'again') continue;
    const [group, key] = name.split('.');
    if (key === undefined) body[name] = value;
    else body[group] = { ...body[group], [key]: value };
  }
  const response = await fetch(form.dataset.post, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => undefined);
  if (response?.ok) {
    const done = document.createElement('p');
    done.append(
      'Xong. Bạn có thể đăng nhập qua API. Done. You can sign in through the API: ',
      linkTo('/api'),
    );
    form.replaceWith(done);
    return;
  }
  message.textContent = await explain(response);
});

async function explain(response) {
  if (response === undefined) return 'Không kết nối được máy chủ. The server cannot be reached.';
  const problem = await response.json().catch(() => ({}));
  const missing = problem.details?.missing?.map((name) => CLASSES[name] ?? name) ?? [];
  const violations = problem.details?.violations?.map(wrongField) ?? [];
  return [problem.messages?.vi, problem.messages?.en, ...missing, ...violations].filter(Boolean).join('\n');
}

/** The field as the form calls it, with its example; what the form does not ask for, as the server calls it. */
function wrongField({ path, message }) {
  const name = path.replace(/^\/body\//, '').replaceAll('/', '.');
  const label = form.elements.namedItem(name)?.closest('label');
  return label ? `→ ${label.textContent.replace(/\s+/g, ' ').trim()}` : `${path} ${message}`;
}

function linkTo(path) {
  const link = document.createElement('a');
  link.href = path;
  link.textContent = path;
  return link;
}

const CLASSES = {
  length: 'ít nhất 8 ký tự (at least 8 characters)',
  lower: 'chữ thường (a lower case letter)',
  upper: 'chữ hoa (an upper case letter)',
  digit: 'chữ số (a digit)',
  special: 'ký tự đặc biệt (another character)',
  'without-login': 'không chứa tên đăng nhập (not the login)',
};
