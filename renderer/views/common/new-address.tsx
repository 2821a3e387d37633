import { LogIn } from 'lucide-react';
import { useId, useState } from 'react';
import type { ReactElement, SubmitEvent } from 'react';
import { openWithToken, tokenIn } from '../../client/session-token.ts';
import { useT } from '../inspector-context.tsx';
import './new-address.css';

/** Takes the address that Hopscope printed at its newest start, and opens this page with the token in it. */
export function NewAddress(): ReactElement {
  const t = useT();
  const [address, setAddress] = useState('');
  const [wrong, setWrong] = useState(false);
  const id = useId();

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const token = tokenIn(address);
    if (token === undefined) setWrong(true);
    else openWithToken(token);
  };

  return (
    <form className="new-address" onSubmit={submit} noValidate>
      <input
        className="field"
        aria-label={t('common.newAddress')}
        placeholder={t('common.newAddressExample', { origin: window.location.origin })}
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        value={address}
        aria-invalid={wrong}
        aria-describedby={wrong ? id : undefined}
        onChange={({ target }) => {
          setAddress(target.value);
          setWrong(false);
        }}
      />
      <button type="submit" className="button" data-kind="primary">
        <LogIn className="icon icon-small" />
        {t('common.openAddress')}
      </button>
      {wrong && (
        <p id={id} className="field-error" role="alert">
          {t('common.noToken')}
        </p>
      )}
    </form>
  );
}
