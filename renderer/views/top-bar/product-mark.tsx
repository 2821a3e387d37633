import type { ReactElement } from 'react';

/** Two hops over three points: client, proxy, upstream. */
export function ProductMark(): ReactElement {
  return (
    <svg className="product-mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" className="product-mark-ground" />
      <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
        <path d="M7 19.5a4.5 5 0 0 1 9 0" strokeOpacity="0.65" />
        <path d="M16 19.5a4.5 9 0 0 1 9 0" />
      </g>
      <g fill="#fff">
        <circle cx="7" cy="22" r="2.3" fillOpacity="0.75" />
        <circle cx="16" cy="22" r="2.3" />
        <circle cx="25" cy="22" r="2.3" />
      </g>
    </svg>
  );
}
