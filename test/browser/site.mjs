// A browser, and a server of files with the headers that the program sends. For tests of pages.
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join, normalize } from 'node:path'

const types = {
  html: 'text/html; charset=utf-8', css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml'
}

// The policy of src/web/http_request.c: no script or style but our own files.
const policy = "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'"

async function bodyOf (request) {
  const pieces = []
  for await (const piece of request) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

// own: answers by path, functions of (request, body) that give { status, type, body, headers }.
export async function serveFiles (folder, own = {}) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname))
    const body = await bodyOf(request)
    const file = join(folder, path)
    let answer = { status: 404, type: 'text/plain', body: 'none' }
    if (own[path]) answer = own[path](request, body)
    else if (!path.endsWith('/') && existsSync(file)) answer = { status: 200, type: types[path.split('.').pop()], body: readFileSync(file) }
    response.writeHead(answer.status, { 'Content-Type': answer.type, 'Content-Security-Policy': policy, ...answer.headers })
    response.end(request.method === 'HEAD' ? undefined : answer.body)
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return { server, base: `http://127.0.0.1:${server.address().port}` }
}

// Where Debian, and others, put it; undefined when there is none.
export const browserPath = () => ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

// Sandboxes of the kernel are not to be had in every container; the pages are our own.
export async function openBrowser () {
  const { chromium } = await import('playwright-core')
  return chromium.launch({ executablePath: browserPath(), args: ['--no-sandbox', '--disable-gpu'] })
}

// Why tests in a browser cannot run here; '' when they can.
export function missing () {
  if (!browserPath()) return 'no Chromium: ./do install test'
  if (!existsSync(new URL('node_modules/playwright-core', import.meta.url))) return 'no node_modules: ./do install test'
  return ''
}
