/** Texts of views/details. */
export const details = {
  size: 'Size of the details',
} as const;
