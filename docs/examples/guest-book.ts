import type { JavaScriptApplication } from 'hopscope/handlers';

const guests: string[] = [];
const encoder = new TextEncoder();

/** An application of WSGI's shape in JavaScript: `hopscope serve --app docs/examples/guest-book.ts`. */
export const application: JavaScriptApplication = async (environ, startResponse) => {
  if (environ['REQUEST_METHOD'] === 'POST') {
    const pieces: Uint8Array[] = [];
    for await (const piece of environ['hopscope.input']) pieces.push(piece);
    const form = new URLSearchParams(Buffer.concat(pieces).toString());
    guests.push(form.get('name') ?? 'nobody');
    startResponse('303 See Other', [
      ['Location', environ['SCRIPT_NAME'] || '/'],
      ['Content-Type', 'text/plain'],
    ]);
    return [];
  }
  startResponse('200 OK', [['Content-Type', 'text/plain; charset=utf-8']]);
  return guests.map((guest) => encoder.encode(`${guest} was here\n`));
};
