/** Texts of views/gateway. */
export const gateway = {
  called: '{{application}} was called by {{worker}}.',
  traceback: 'Traceback',
  copyTraceback: 'Copy the traceback',
  output: 'Output',
  after: '{{signal}} after {{time}}',
  framework: 'Framework',
} as const;
