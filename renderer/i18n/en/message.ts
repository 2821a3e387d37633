/** Texts of views/message. */
export const message = {
  storedBody: 'The stored body that this 304 stands for',
  storedBodyNote:
    'A 304 has no body: the client has it already. This is what the cache has stored for such requests, since {{when}}.',
  broughtBy: 'It came with request {{id}}.',
  storedOther: 'What is stored now has the entity tag {{stored}}, the 304 has {{answered}}: it may be another version.',
  openEntry: 'Open the stored entry',
} as const;
