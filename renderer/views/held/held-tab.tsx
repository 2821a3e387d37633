import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import type { Answer } from '../../../shared/contract.ts';
import type { HeldMessage } from '../../../shared/rules-contract.ts';
import { useInspector, useT } from '../inspector-context.tsx';
import { HeldRequestEditor } from './held-request-editor.tsx';
import { HeldResponseEditor } from './held-response-editor.tsx';
import './held.css';

/** What is paused of an exchange, to be edited and let go. Keyed by its pause. */
export function HeldTab({ id }: { readonly id: number }): ReactElement {
  const t = useT();
  const { api } = useInspector();
  const [held, setHeld] = useState<Answer<HeldMessage>>();
  useEffect(() => {
    let wanted = true;
    void api.request('exchange.held', { id }).then((answer) => {
      if (wanted) setHeld(answer);
    });
    return () => {
      wanted = false;
    };
  }, [api, id]);
  if (held === undefined) {
    return (
      <p className="section section-note" aria-busy="true">
        {t('held.reading')}
      </p>
    );
  }
  if (!held.ok) {
    return (
      <p className="section section-note" role="alert">
        {held.error.message}
      </p>
    );
  }
  const message = held.value;
  return message.stage === 'request' ? (
    <HeldRequestEditor id={id} held={message} />
  ) : (
    <HeldResponseEditor id={id} held={message} />
  );
}
