import { useEffect, useState } from 'react';
import type { BodyFacts, BodySource } from '../../../shared/body-contract.ts';
import type { Answer } from '../../../shared/contract.ts';
import { useInspector } from '../inspector-context.tsx';
import { hostBytes, readWhole } from './readable.ts';

/** While a body is being decoded, the host is asked again so often. */
const DECODING_MS = 120;

/** Bodies up to so many decoded bytes are read as a whole, so that they can be laid out; larger ones by range alone. */
export const WHOLE = 4 * 1024 * 1024;

/** What is known of a body; undefined before the first answer. It grows until everything is decoded. */
export function useBodyFacts(source: BodySource): Answer<BodyFacts> | undefined {
  const { api } = useInspector();
  const [facts, setFacts] = useState<Answer<BodyFacts>>();
  useEffect(() => {
    let wanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const answer = await api.request('body.open', { source });
      if (!wanted) return;
      setFacts(answer);
      if (answer.ok && !answer.value.done) timer = setTimeout(() => void ask(), DECODING_MS);
    };
    void ask();
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [api, source]);
  return facts;
}

/** The whole of a body that is small enough; undefined for others, and until it is read. */
export function useWholeBody(
  source: BodySource,
  facts: BodyFacts | undefined,
): Answer<Uint8Array<ArrayBuffer>> | undefined {
  const { api } = useInspector();
  const [whole, setWhole] = useState<Answer<Uint8Array<ArrayBuffer>>>();
  const length = facts?.done === true && facts.length <= WHOLE ? facts.length : undefined;
  useEffect(() => {
    if (length === undefined) return;
    let wanted = true;
    void readWhole(hostBytes(api, source, length)).then((answer) => {
      if (wanted) setWhole(answer);
    });
    return () => {
      wanted = false;
    };
  }, [api, source, length]);
  return whole;
}
