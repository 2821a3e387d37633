import { useState } from 'react';
import type { ReactElement } from 'react';
import { useInspector, useT, useUi } from '../inspector-context.tsx';
import { Sheet } from '../common/sheet.tsx';
import { ResendForm } from './resend-form.tsx';
import { useRecordedRequest } from './use-recorded-request.ts';
import './resend.css';

/** A recorded request, to be edited and sent again. */
export function ResendSheet(): ReactElement | null {
  const id = useUi((state) => state.editedRequest);
  return id === null ? null : <EditedRequestSheet key={id} id={id} />;
}

function EditedRequestSheet({ id }: { readonly id: number }): ReactElement {
  const t = useT();
  const { api, ui } = useInspector();
  const request = useRecordedRequest(api, id);
  const [open, setOpen] = useState(true);
  return (
    <Sheet title={t('resend.title', { id })} open={open} onClose={() => ui.setState({ editedRequest: null })}>
      {request.state === 'loading' && (
        <p className="section-note" aria-busy="true">
          {t('resend.reading')}
        </p>
      )}
      {request.state === 'failed' && (
        <p className="callout" data-tone="error" role="alert">
          {request.message}
        </p>
      )}
      {request.state === 'ready' && (
        <ResendForm view={request.view} body={request.body} onDone={() => setOpen(false)} />
      )}
    </Sheet>
  );
}
