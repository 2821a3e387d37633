import type { ReactElement } from 'react';
import { useT } from '../inspector-context.tsx';
import './hop-picture.css';

/** A request's way in two hops: from the client to Hopscope, and on to the upstream only when the cache has no answer. */
export function HopPicture(): ReactElement {
  const t = useT();
  return (
    <svg className="hop-picture" viewBox="0 0 480 132" role="img" aria-label={t('start.hops')}>
      <path className="hop-ground" d="M36 92.5h408" />
      <path className="hop-arc" d="M68 83C98 24 202 24 232 80" />
      <path className="hop-arrow" d="M222.9 73.9L232 80L232 69" />
      <path className="hop-arc" data-far="true" d="M248 80C278 32 382 32 412 83" />
      <path className="hop-arrow" data-far="true" d="M402.6 77.2L412 83L411.5 72" />
      <circle className="hop-point" cx="60" cy="92" r="8" />
      <circle className="hop-point" data-main="true" cx="240" cy="92" r="11" />
      <circle className="hop-point" cx="420" cy="92" r="8" />
      <text className="hop-name" x="60" y="123">
        {t('start.client')}
      </text>
      <text className="hop-name" data-main="true" x="240" y="124">
        Hopscope
      </text>
      <text className="hop-name" x="420" y="123">
        {t('start.upstream')}
      </text>
    </svg>
  );
}
