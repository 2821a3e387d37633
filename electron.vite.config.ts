import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const at = (path: string): string => resolve(import.meta.dirname, path);

export default defineConfig({
  main: {
    build: {
      outDir: at('out/main'),
      // Dependencies stay outside the bundle: they are resolved from node_modules at run time, by Electron and by plain Node alike.
      externalizeDeps: true,
      sourcemap: true,
      rolldownOptions: {
        input: {
          main: at('electron/main.ts'),
          cli: at('electron/cli.ts'),
          // A thread's program is a file of its own; store-client.ts and thread-file.ts know their names.
          'store-thread': at('electron/engine/cache/stores/store-thread.ts'),
          'pac-thread': at('electron/engine/upstream/pac/pac-thread.ts'),
          'bcrypt-thread': at('electron/engine/access/bcrypt-thread.ts'),
          'application-thread': at('electron/engine/gateway/thread/application-thread.ts'),
          handlers: at('electron/engine/gateway/thread/handlers.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: at('out/preload'),
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: at('electron/preload.ts') },
        // A sandboxed preload can neither use ESM imports nor load a second file.
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    // Relative addresses work under app:// and under http:// with any prefix.
    base: './',
    plugins: [react()],
    build: {
      outDir: at('out/renderer'),
      emptyOutDir: true,
      // Both would put inline scripts or data: addresses into the page, which its content security policy forbids.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      minify: true,
      rolldownOptions: { input: at('renderer/index.html') },
    },
  },
});
