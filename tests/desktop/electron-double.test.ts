import { expect, it } from 'vitest';
import { openDesktop } from './desktop-app.ts';

it('the double of Electron throws on what it does not implement', async () => {
  const { app, page } = await openDesktop();
  await expect(app.evaluate((electron) => electron.app.getVersion(), undefined)).rejects.toThrow('app.getVersion');
  await expect(app.evaluate(({ app: a }) => void a.on('gpu-info-update', () => undefined), undefined)).rejects.toThrow(
    'app.event "gpu-info-update"',
  );
  const opening = app.evaluate(
    ({ BrowserWindow }) => new BrowserWindow({ width: 1, height: 1, frame: false, webPreferences: {} }).id,
    undefined,
  );
  await expect(opening).rejects.toThrow('BrowserWindow.frame');
  // What crosses the bridge is a copy: neither side holds an object of the other.
  const copied = await page.evaluate(async () => {
    const { hopscope } = window as unknown as { hopscope: { request(name: string, params: unknown): Promise<object> } };
    const [first, second] = await Promise.all([1, 2].map(() => hopscope.request('cache.stats', undefined)));
    return first !== second && Object.getPrototypeOf(first) === Object.prototype;
  });
  expect(copied).toBe(true);
});
