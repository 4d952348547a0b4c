// A browser, and a server of files with the headers that the program sends. For tests of pages.
import { createServer } from 'node:http'
import { existsSync, readFileSync } from 'node:fs'
import { join, normalize } from 'node:path'
import { chromium } from 'playwright-core'

const types = { html: 'text/html; charset=utf-8', css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml' }

// The policy of src/web/http.c: no script or style but our own files.
const policy = "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'"

export async function serveFiles (folder) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname))
    const file = join(folder, path)
    if (!existsSync(file) || path.endsWith('/')) return response.writeHead(404, { 'Content-Type': 'text/plain' }).end('none')
    response.writeHead(200, { 'Content-Type': types[path.split('.').pop()] ?? 'text/plain', 'Content-Security-Policy': policy })
    response.end(request.method === 'HEAD' ? undefined : readFileSync(file))
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return { server, base: `http://127.0.0.1:${server.address().port}` }
}

export const browserPath = () => ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

// Sandboxes of the kernel are not to be had in every container; the pages are our own.
export const openBrowser = () => chromium.launch({ executablePath: browserPath(), args: ['--no-sandbox', '--disable-gpu'] })
