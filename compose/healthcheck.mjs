// The container's health: does the exporter answer on the address it listens on? Whether its verdicts are good is not asked here.
const url = `http://${process.env.DEMARC_LISTEN ?? '127.0.0.1:9815'}/-/healthy`;
try {
  const response = await fetch(url, { signal: AbortSignal.timeout(4_000) });
  if (!response.ok) throw new Error(`answered ${response.status}`);
} catch (error) {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  process.stderr.write(`${url}: ${cause instanceof Error ? cause.message : cause}\n`);
  process.exitCode = 1;
}
