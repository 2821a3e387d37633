import type { ResponsePolicy, StoredBodySource, StoredHead, StoredResponse } from '../stored-response.ts';
import type { DiskFront } from './disk-front.ts';

const GONE: StoredBodySource = { open: () => undefined };

/** A response that has just been stored. Hardly anybody wants its body at once; who does has it looked up. */
export class FreshResponse implements StoredResponse {
  readonly id: number;
  readonly head: StoredHead;
  readonly bodyLength: number;
  policy: ResponsePolicy | undefined;
  readonly #front: DiskFront;

  constructor(front: DiskFront, { id, head, bodyLength }: Pick<FreshResponse, 'id' | 'head' | 'bodyLength'>) {
    this.#front = front;
    this.id = id;
    this.head = head;
    this.bodyLength = bodyLength;
  }

  get body(): Uint8Array | StoredBodySource {
    return this.#front.find(this.id)?.body ?? GONE;
  }
}
