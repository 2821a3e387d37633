/**
 * `target` with every access to something it does not have turned into an error. A double that answers `undefined` for what it
 * lacks would let the code under test pass for the wrong reason.
 */
export function strict<T extends object>(name: string, target: T): T {
  const bound = new Map<PropertyKey, unknown>();
  return new Proxy(target, {
    get(object, key) {
      const value: unknown = Reflect.get(object, key, object);
      if (value === undefined && !(key in object) && !isProbe(key)) throw notImplemented(name, key);
      if (typeof value !== 'function' || typeof object === 'function') return value;
      // Methods see the target itself, whose private fields a proxy does not have.
      if (!bound.has(key)) bound.set(key, value.bind(object));
      return bound.get(key);
    },
    set(object, key, value) {
      if (!(key in object)) throw notImplemented(name, key);
      return Reflect.set(object, key, value, object);
    },
  });
}

/** Throws for an option that the double would have to ignore. */
export function checkOptions(name: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) throw notImplemented(name, unknown);
}

/** The error for what the double lacks. */
export function notImplemented(name: string, key: PropertyKey): Error {
  return new Error(`The double of electron does not implement ${name}.${String(key)}`);
}

/** What the language and its tools look for in any object, such as `then` when a value is awaited. */
function isProbe(key: PropertyKey): boolean {
  return typeof key === 'symbol' || key === 'then' || key === 'toJSON';
}
