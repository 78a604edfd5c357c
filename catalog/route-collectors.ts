// Who tells how route collectors all over the internet see a prefix.

export const RIPESTAT = {
  url: 'https://stat.ripe.net/',
  source: 'https://stat.ripe.net/docs/02.data-api/routing-status.html',
  checkedOn: 'never',
} as const;
