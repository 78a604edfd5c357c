// Ends the process from a thread beside the main one, which `process.exit()` cannot: there it ends the thread. Of what Node offers,
// only WASI's proc_exit reaches the exit() of the C library.
import { WASI } from 'node:wasi';

/** What is needed of it: the types of Node leave it to those of browsers. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => object;
};

const IMPORTED = 'wasi_snapshot_preview1';

const bytesOf = (text: string): number[] => [text.length, ...Buffer.from(text)];

const section = (id: number, ...body: number[]): number[] => [id, body.length, ...body];

/** `(module (import "wasi_snapshot_preview1" "proc_exit" …) (memory (export "memory") 1) (func (export "_start") (call 0 …)))` */
function program(code: number): Uint8Array {
  const [i32, call, end] = [[0x41, (code & 0x7f) | 0x80, code >> 7], [0x10, 0], 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 2, 0x60, 1, 0x7f, 0, 0x60, 0, 0),
    ...section(2, 1, ...bytesOf(IMPORTED), ...bytesOf('proc_exit'), 0, 0),
    ...section(3, 1, 1),
    ...section(5, 1, 0, 1),
    ...section(7, 2, ...bytesOf('memory'), 2, 0, ...bytesOf('_start'), 0, 1),
    ...section(10, 1, 2 + i32.length + call.length, 0, ...i32, ...call, end),
  ]);
}

/** Does not return. `code`: 0 to 127. Nothing that waits in other threads is written any more. */
export function exitFromThread(code: number): void {
  const wasi = new WASI({ version: 'preview1', returnOnExit: false });
  const module = new WebAssembly.Module(program(code));
  wasi.start(new WebAssembly.Instance(module, { [IMPORTED]: { proc_exit: wasi.wasiImport.proc_exit } }));
}
