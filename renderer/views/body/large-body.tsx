import { useEffect, useMemo, useState } from 'react';
import type { ReactElement } from 'react';
import type { BodySource } from '../../../shared/body-contract.ts';
import { formatBytes } from '../../format/units.ts';
import { useInspector, useT } from '../inspector-context.tsx';
import type { BodyForm } from './body-forms.ts';
import type { Finder } from './finder.ts';
import { HexView } from './hex-view.tsx';
import { ImageView } from './image-view.tsx';
import { hostBytes, readWhole } from './readable.ts';
import { TextRowsView } from './text-rows-view.tsx';
import { WHOLE } from './use-body-facts.ts';

/** Pictures up to so many bytes are shown. */
export const LARGEST_IMAGE = 32 * 1024 * 1024;

interface LargeBodyProps {
  readonly form: BodyForm;
  readonly source: BodySource;
  /** Decoded bytes; it may grow. */
  readonly length: number;
  readonly type: string;
  readonly charset: string;
  readonly onFinder: (finder: Finder) => void;
}

/** A body that is read where it is in sight, never as a whole (but for pictures). */
export function LargeBody({ form, source, length, type, charset, onFinder }: LargeBodyProps): ReactElement {
  const t = useT();
  const { api } = useInspector();
  const bytes = useMemo(() => hostBytes(api, source, length), [api, source, length]);
  if (form === 'image') return <LargeImage source={source} length={length} type={type} />;
  return (
    <>
      {form === 'hex' ? (
        <HexView bytes={bytes} source={source} onFinder={onFinder} />
      ) : (
        <TextRowsView source={source} length={length} charset={charset} onFinder={onFinder} />
      )}
      <p className="section-note">{t('body.readInSight', { size: formatBytes(WHOLE) })}</p>
    </>
  );
}

function LargeImage({ source, length, type }: Pick<LargeBodyProps, 'source' | 'length' | 'type'>): ReactElement {
  const t = useT();
  const { api } = useInspector();
  const [bytes, setBytes] = useState<Uint8Array<ArrayBuffer>>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    let wanted = true;
    void readWhole(hostBytes(api, source, length)).then((answer) => {
      if (!wanted) return;
      if (answer.ok) setBytes(answer.value);
      else setError(answer.error.message);
    });
    return () => {
      wanted = false;
    };
  }, [api, source, length]);
  if (bytes === undefined) return <p className="section-note">{error ?? t('body.loadingImage')}</p>;
  return <ImageView bytes={bytes} type={type} />;
}
