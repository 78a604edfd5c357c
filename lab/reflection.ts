// The four metadata functions the certificate library's container expects on Reflect, and nothing more of that proposal.
// Must be imported before the library.

const records = new WeakMap<object, Map<unknown, unknown>>();

function getOwnMetadata(key: unknown, target: object): unknown {
  return records.get(target)?.get(key);
}

function getMetadata(key: unknown, target: object): unknown {
  for (let owner: object | null = target; owner !== null; owner = Object.getPrototypeOf(owner)) {
    const value = getOwnMetadata(key, owner);
    if (value !== undefined) return value;
  }
  return undefined;
}

function defineMetadata(key: unknown, value: unknown, target: object): void {
  const record = records.get(target) ?? new Map<unknown, unknown>();
  records.set(target, record.set(key, value));
}

function metadata(key: unknown, value: unknown) {
  return (target: object): void => defineMetadata(key, value, target);
}

if (!('getMetadata' in Reflect)) Object.assign(Reflect, { getOwnMetadata, getMetadata, defineMetadata, metadata });
