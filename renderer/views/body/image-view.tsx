import { useEffect, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { useT } from '../inspector-context.tsx';

interface ImageViewProps {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The type that the bytes show, or the one that is given. */
  readonly type: string;
}

/** A picture, decoded by the browser's image decoder alone, with its true size. */
export function ImageView({ bytes, type }: ImageViewProps): ReactElement {
  const t = useT();
  const image = useRef<HTMLImageElement>(null);
  const [size, setSize] = useState('');
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const element = image.current;
    if (element === null) return;
    const url = URL.createObjectURL(new Blob([bytes], { type }));
    element.src = url;
    return () => URL.revokeObjectURL(url);
  }, [bytes, type, broken]);
  if (broken) return <p className="section-note">{t('body.brokenImage', { type })}</p>;
  return (
    <figure className="image-view">
      <img
        ref={image}
        alt={t('body.body')}
        onError={() => setBroken(true)}
        onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => setSize(`${naturalWidth} × ${naturalHeight}`)}
      />
      <figcaption>
        {size} {type.replace('image/', '')}
      </figcaption>
    </figure>
  );
}
