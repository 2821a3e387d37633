/** Texts of views/top-bar. */
export const topBar = {
  language: 'Language',
  languageAuto: 'Like the system',
} as const;
