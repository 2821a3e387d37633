/** What an application gets to know of a request: the strings of CGI, and what is added for it. */
export type ApplicationEnviron = Record<string, string> & {
  /** The request's body; read once. */
  'hopscope.input': AsyncIterable<Uint8Array>;
  /** Takes text for the trace. */
  'hopscope.errors': { write(text: string): void };
  'hopscope.fileWrapper': typeof fileWrapper;
};

/** Name and value of each field, in order. */
export type ApplicationHeaders = readonly (readonly [name: string, value: string])[];

/**
 * Begins the response. Called once; again only with `error`, to replace what was said while nothing has been sent.
 * After that it throws `error`. Returns a function that sends bytes at once; resolves when there is room for more.
 */
export type StartResponse = (
  status: string,
  headers: ApplicationHeaders,
  error?: unknown,
) => (bytes: Uint8Array) => Promise<void>;

/** What an application gives: pieces of the body. A `close` method, or else the iterator's `return`, is called at the end. */
export type ApplicationResult = (Iterable<Uint8Array> | AsyncIterable<Uint8Array>) & {
  close?(): void | Promise<void>;
};

/** WSGI's shape (PEP 3333) in JavaScript. */
export type JavaScriptApplication = (
  environ: ApplicationEnviron,
  startResponse: StartResponse,
) => ApplicationResult | Promise<ApplicationResult>;

/** Anything that is read in blocks: a FileHandle of node:fs/promises, say. */
export interface FileLike {
  read(buffer: Uint8Array, offset: number, length: number): Promise<{ readonly bytesRead: number }>;
  close?(): void | Promise<void>;
}

/** A file as a result, block by block; it is closed with the result. */
export function fileWrapper(file: FileLike, blockSize = 65_536): ApplicationResult {
  return {
    async *[Symbol.asyncIterator]() {
      while (true) {
        const block = new Uint8Array(blockSize);
        const { bytesRead } = await file.read(block, 0, blockSize);
        if (bytesRead === 0) return;
        yield block.subarray(0, bytesRead);
      }
    },
    close: () => file.close?.(),
  };
}
