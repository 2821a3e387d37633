/** A socket's address as people write it: `127.0.0.1:80`, `[::1]:80`. Parts that a closed socket no longer has are made up. */
export function formatAddress(address = '?', port = 0): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
