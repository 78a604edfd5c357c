// How much memory this process takes.

/** Bytes; null while the kernel cannot be asked: it tells by a file, and a process without file descriptors can open none. */
export function residentMemory(): number | null {
  try {
    return process.memoryUsage.rss();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
