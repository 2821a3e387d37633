import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MethodHandler } from 'hopscope/handlers';

const folder = process.env['CACHE_FOLDER'] ?? 'cache';

/** The caching proxy that Hopscope comes from: a file for each path, kept for ever. */
export class CachingProxy extends MethodHandler {
  async do_GET(): Promise<void> {
    const file = join(folder, createHash('sha256').update(this.path).digest('hex'));
    const kept = await readFile(file).catch(() => undefined);
    if (kept !== undefined) {
      this.log('Cache hit');
      this.sendResponse(200);
      this.endHeaders();
      return this.write(kept);
    }
    this.log('Cache miss');
    const reply = await this.next();
    if (reply.status !== 200 || this.command === 'HEAD') return this.sendReply(reply);
    const pieces: Uint8Array[] = [];
    for await (const piece of reply.body) pieces.push(piece);
    const body = Buffer.concat(pieces);
    await mkdir(folder, { recursive: true });
    // A rename, so that nobody reads half a file.
    await writeFile(`${file}.${this.clientAddress[1]}`, body);
    await rename(`${file}.${this.clientAddress[1]}`, file);
    this.sendResponse(200);
    this.endHeaders();
    return this.write(body);
  }
}
