import { useEffect, useState } from 'react';
import type { Answer, WhatIfQuestion } from '../../../shared/contract.ts';
import type { WhatIfAnswer } from '../../../shared/decision.ts';
import { useInspector } from '../inspector-context.tsx';

/** While somebody types, only the last question of such a stretch (ms) is asked. */
const CALM_MS = 120;

/** The engine's answer to a question; the last one stays until the next is there. `undefined` before the first. */
export function useWhatIf(question: WhatIfQuestion | undefined): Answer<WhatIfAnswer> | undefined {
  const { api } = useInspector();
  const [given, setGiven] = useState<{ readonly id: number; readonly answer: Answer<WhatIfAnswer> }>();
  // Questions are made anew with every drawing; their text tells whether they are the same.
  const text = question === undefined ? '' : JSON.stringify(question);

  useEffect(() => {
    if (text === '') return;
    const asked = JSON.parse(text) as WhatIfQuestion;
    let wanted = true;
    const timer = setTimeout(() => {
      void api.request('cache.whatIf', asked).then((answer) => {
        if (wanted) setGiven({ id: asked.id, answer });
      });
    }, CALM_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [api, text]);

  return question !== undefined && given?.id === question.id ? given.answer : undefined;
}
