// Follows a game while it is played: fetches the page again and puts its story in place of the old one.
const EVERY_MS = 1000;

async function follow() {
  const present = document.getElementById('game');
  if (present === null || present.dataset.on !== 'yes') return;
  try {
    const response = await fetch(location.href, { cache: 'no-store' });
    const next = new DOMParser().parseFromString(await response.text(), 'text/html').getElementById('game');
    if (next !== null) present.replaceWith(document.adoptNode(next));
  } catch {
    // The server may be gone for a moment; the next look tells.
  }
  setTimeout(follow, EVERY_MS);
}

setTimeout(follow, EVERY_MS);
