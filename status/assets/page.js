// Keeps the open page current: asks for the same markup the server first sent, and changes only what differs.
// Without this script the page still says everything; the browser then reloads it every 15 s.

const POLL_MS = 5_000;
const ANSWER_WITHIN_MS = 4_000;

const live = document.getElementById('live');
const lost = document.getElementById('lost');
const notice = document.getElementById('notice');
const icon = document.getElementById('icon');
const pending = new Set();
let lastAnswer = new Date();
let asking = null;
let askAgain = false;

/** What the server cannot know: the reader's time zone, and which buttons wait for an answer. */
function localise(root) {
  for (const time of root.querySelectorAll('time.clock')) {
    const date = new Date(time.dateTime);
    const today = date.toDateString() === new Date().toDateString();
    const long = { dateStyle: 'medium', timeStyle: 'short' };
    time.textContent = today ? date.toLocaleTimeString() : date.toLocaleString([], long);
    time.title = date.toISOString();
  }
  for (const button of root.querySelectorAll('button[data-fault], button[data-heal]')) {
    button.disabled = pending.has(keyOf(button)) || 'active' in button.dataset;
    button.ariaBusy = String(pending.has(keyOf(button)));
  }
}

function keyOf(button) {
  return button.dataset.fault ?? `heal ${button.dataset.heal}`;
}

function sameKind(a, b) {
  if (a.nodeType !== b.nodeType || a.nodeName !== b.nodeName) return false;
  return a.nodeType !== Node.ELEMENT_NODE || a.dataset?.key === b.dataset?.key;
}

function syncAttributes(from, to) {
  for (const { name } of [...from.attributes]) {
    // Whether evidence is unfolded is the reader's choice.
    if (!to.hasAttribute(name) && !(name === 'open' && from.localName === 'details')) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    if (name === 'open' && from.localName === 'details') continue;
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
}

/** Makes `from` like `to`, keeping every node that can stay: focus and unfolded lists are left in peace. */
function sync(from, to) {
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
    return;
  }
  syncAttributes(from, to);
  syncChildren(from, to);
}

function syncChildren(from, to) {
  let old = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const match = old !== null && sameKind(old, wanted) ? old : findKeyed(old, wanted);
    if (match === null) {
      from.insertBefore(wanted, old);
    } else {
      if (match !== old) from.insertBefore(match, old);
      else old = old.nextSibling;
      sync(match, wanted);
    }
  }
  while (old !== null) {
    const next = old.nextSibling;
    old.remove();
    old = next;
  }
}

/** A later sibling with the same key, so that cards can change places without being made anew. */
function findKeyed(from, wanted) {
  const key = wanted.dataset?.key;
  if (key === undefined) return null;
  for (let node = from; node !== null; node = node.nextSibling) {
    if (node.dataset?.key === key) return node;
  }
  return null;
}

function show(markup) {
  // A document without a window: nothing in it loads or runs.
  const fresh = new DOMParser().parseFromString(markup, 'text/html');
  localise(fresh);
  syncChildren(live, fresh.body);
  const view = live.querySelector('.view');
  if (view === null) return;
  document.title = view.dataset.title;
  if (icon.getAttribute('href') !== view.dataset.icon) icon.href = view.dataset.icon;
}

function showLost() {
  const since = lastAnswer.toLocaleTimeString();
  if (lost.hidden) lost.textContent = `Connection to demarc lost since ${since}. What stands below is as of then.`;
  lost.hidden = false;
  document.documentElement.classList.add('stale');
}

function showFound() {
  lastAnswer = new Date();
  lost.hidden = true;
  document.documentElement.classList.remove('stale');
}

async function ask() {
  try {
    const response = await fetch(live.dataset.source, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    show(await response.text());
    showFound();
  } catch (error) {
    console.warn('demarc does not answer:', error);
    showLost();
  }
}

/** At most one question at a time; what happens meanwhile is asked for right after. */
async function refresh() {
  askAgain = true;
  while (askAgain && asking === null) {
    askAgain = false;
    asking = ask();
    await asking;
    asking = null;
  }
}

let source = null;

function listen() {
  if (source !== null && source.readyState !== EventSource.CLOSED) return;
  source = new EventSource('/api/v1/stream');
  source.addEventListener('verdicts', refresh);
  source.addEventListener('error', refresh);
}

function tell(text) {
  notice.textContent = text;
  notice.hidden = false;
  setTimeout(() => {
    notice.hidden = true;
  }, 8_000);
}

async function press(button) {
  const { fault, heal } = button.dataset;
  const key = keyOf(button);
  const address = heal ? `/demo/faults/${encodeURIComponent(heal)}` : '/demo/faults';
  const request = fault === undefined ? { method: 'DELETE' } : { method: 'POST', body: fault };
  pending.add(key);
  localise(live);
  try {
    const response = await fetch(address, { ...request, headers: { 'content-type': 'application/json' } });
    if (!response.ok) tell((await response.json()).error);
  } catch (error) {
    tell('demarc does not answer.');
    console.warn(error);
  }
  pending.delete(key);
  await refresh();
  localise(live);
}

live.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-fault], button[data-heal]');
  if (button !== null) press(button);
});

localise(live);
listen();
setInterval(() => {
  listen();
  if (!document.hidden) refresh();
}, POLL_MS);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) refresh();
});
