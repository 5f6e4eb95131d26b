import { defineConfig } from 'vite';

export default defineConfig({
  base: './', // a mirror may stand below any path
  build: {
    outDir: process.env.JIEDING_PAGE_OUT || 'dist',
    emptyOutDir: true,
    // Neighbours read this on telephones that are years old.
    target: ['es2020', 'chrome80', 'safari14', 'firefox78'],
    // The content security policy allows no data: address and no script in the document.
    assetsInlineLimit: 0,
    modulePreload: false,
  },
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  server: { proxy: { '/api': process.env.JIEDING_URL || 'http://127.0.0.1:8080' } },
});
