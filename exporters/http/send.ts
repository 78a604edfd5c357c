// The head of a request of HTTP/1 as it goes out: nothing of what it is made of ends a line, or begins another.

const TARGET = /^[\x21-\x7e]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** In Latin-1, with the empty line at its end. `target`: what stands behind the method; fields by name in lower case. */
export function headToSend(method: string, target: string, fields: Readonly<Record<string, string>>): string {
  if (!TARGET.test(target)) throw new Error('a request for what is no target');
  let head = `${method} ${target} HTTP/1.1\r\n`;
  for (const [name, value] of Object.entries(fields)) {
    if (!VALUE.test(value)) throw new Error(`a value that does not fit into one line of ${name}`);
    head += `${name}: ${value}\r\n`;
  }
  return `${head}\r\n`;
}
