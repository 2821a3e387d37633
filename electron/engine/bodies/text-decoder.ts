import { getHeader } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';

/** A decoder for a message's body, by the charset that its fields name, where it is one; UTF-8 otherwise. */
export function textDecoderFor(headers: HeaderList): InstanceType<typeof TextDecoder> {
  const charset = /charset="?([^\s";]+)/i.exec(getHeader(headers, 'content-type') ?? '')?.[1];
  try {
    return new TextDecoder(charset ?? 'utf-8');
  } catch (error) {
    if (error instanceof RangeError) return new TextDecoder('utf-8');
    throw error;
  }
}
