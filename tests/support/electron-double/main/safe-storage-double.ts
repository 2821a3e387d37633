import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { AppDouble } from './app-double.ts';

/** What Chromium's begin with on Linux. */
const PREFIX = Buffer.from('v11');

/**
 * `safeStorage`: encrypts with the secret that stands for the user's keyring, which the test gives as
 * `ELECTRON_DOUBLE_KEYRING`. Without one there is, as on a Linux without a keyring, only the backend that protects nothing.
 */
export class SafeStorageDouble {
  readonly #app: AppDouble;
  readonly #secret = process.env['ELECTRON_DOUBLE_KEYRING'];

  constructor(app: AppDouble) {
    this.#app = app;
  }

  isAsyncEncryptionAvailable(): Promise<boolean> {
    return Promise.resolve(this.#app.isReady() && this.#secret !== undefined);
  }

  getSelectedStorageBackend(): string {
    if (!this.#app.isReady()) return 'unknown';
    return this.#secret === undefined ? 'basic_text' : 'gnome_libsecret';
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- it rejects, as Electron's does
  async encryptStringAsync(text: string): Promise<Buffer> {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key('encrypting'), iv);
    const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([PREFIX, iv, cipher.getAuthTag(), encrypted]);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- it rejects, as Electron's does
  async decryptStringAsync(bytes: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> {
    if (!Buffer.isBuffer(bytes) || !bytes.subarray(0, 3).equals(PREFIX)) throw failed('decrypting', 'ciphertext');
    const decipher = createDecipheriv('aes-256-gcm', this.#key('decrypting'), bytes.subarray(3, 15));
    decipher.setAuthTag(bytes.subarray(15, 31));
    const result = Buffer.concat([decipher.update(bytes.subarray(31)), decipher.final()]).toString('utf8');
    return { result, shouldReEncrypt: false };
  }

  #key(doing: string): Buffer {
    if (!this.#app.isReady()) throw new Error('safeStorage cannot be used before app is ready');
    if (this.#secret === undefined) throw failed(doing, 'text');
    return createHash('sha256').update(this.#secret).digest();
  }
}

function failed(doing: string, what: string): Error {
  return new Error(`Error while ${doing} the ${what} provided to safeStorage.`);
}
