import { safeStorage } from 'electron';
import type { KeyProtector } from '../engine/tls/authority-files.ts';

/**
 * Protects keys with what the system keeps for its user: Keychain, DPAPI, the desktop's keyring. Undefined where there is
 * none, also where Chromium would only scramble them with a password that everybody knows. To be called when the app is ready.
 */
export async function keyProtector(): Promise<KeyProtector | undefined> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return undefined;
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') return undefined;
  return {
    protect: (pem) => safeStorage.encryptStringAsync(pem),
    unprotect: async (bytes) => (await safeStorage.decryptStringAsync(Buffer.from(bytes))).result,
  };
}
