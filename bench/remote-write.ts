// Prometheus remote write 1.0: series into a Prometheus that listens for them, as far as filling one with a past needs it.
// https://prometheus.io/docs/specs/prw/remote_write_spec/

export interface PastSeries {
  /** With `__name__`. */
  labels: Readonly<Record<string, string>>;
  /** Unix ms and value, in order of time. */
  samples: readonly (readonly [at: number, value: number])[];
}

const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;

const LIMIT_MS = 60_000;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}

const tag = (field: number, type: number): number => field * 8 + type;

function bytesField(field: number, content: Buffer): Buffer {
  return Buffer.concat([varint(tag(field, BYTES)), varint(content.length), content]);
}

function labelField(name: string, value: string): Buffer {
  return bytesField(1, Buffer.concat([bytesField(1, Buffer.from(name)), bytesField(2, Buffer.from(value))]));
}

/** Bytes of a time between 2004 and 2109 as a varint, and of a whole sample with its value. */
const TIME_BYTES = 6;
const SAMPLE_BYTES = 1 + 8 + 1 + TIME_BYTES;

/** All samples of a series at once: millions of them are written. */
function sampleFields(samples: PastSeries['samples']): Buffer {
  const fields = Buffer.allocUnsafe(samples.length * (2 + SAMPLE_BYTES));
  let end = 0;
  for (const [at, value] of samples) {
    fields[end] = tag(2, BYTES);
    fields[end + 1] = SAMPLE_BYTES;
    fields[end + 2] = tag(1, FIXED_64);
    fields.writeDoubleLE(value, end + 3);
    fields[end + 11] = tag(2, VARINT);
    let rest = at;
    for (let byte = 0; byte < TIME_BYTES; byte += 1, rest = Math.floor(rest / 128)) {
      fields[end + 12 + byte] = (rest % 128) + (byte < TIME_BYTES - 1 ? 128 : 0);
    }
    end += 2 + SAMPLE_BYTES;
  }
  return fields;
}

/** Labels are sorted by name, as the protocol demands. */
function seriesField({ labels, samples }: PastSeries): Buffer {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return bytesField(
    1,
    Buffer.concat([...sorted.map(([name, value]) => labelField(name, value)), sampleFields(samples)]),
  );
}

const LITERAL_MOST = 65_536;

/** Snappy's block format without any compression: literals only. */
export function snappyLiterals(content: Buffer): Buffer {
  const parts = [varint(content.length)];
  for (let at = 0; at < content.length; at += LITERAL_MOST) {
    const literal = content.subarray(at, at + LITERAL_MOST);
    const head = Buffer.alloc(3);
    // 61: the length less one follows in two bytes.
    head[0] = 61 << 2;
    head.writeUInt16LE(literal.length - 1, 1);
    parts.push(head, literal);
  }
  return Buffer.concat(parts);
}

/** Throws when Prometheus refuses a sample. */
export async function writePast(prometheus: string, series: readonly PastSeries[]): Promise<void> {
  const response = await fetch(`${prometheus}/api/v1/write`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    },
    body: new Uint8Array(snappyLiterals(Buffer.concat(series.map(seriesField)))),
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  if (!response.ok) throw new Error(`remote write: ${response.status} ${await response.text()}`);
  await response.body?.cancel();
}
