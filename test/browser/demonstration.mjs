// The program with the demonstration in it, and its invented people in a browser. For tests of the pages themselves.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const PASSWORD = 'three blue kettles'

export const PEOPLE = ['reid', 'bell', 'hart', 'cole', 'sato', 'marsh', 'lane', 'hayes', 'penn', 'wynn', 'ford', 'admin']

// On a port of its own, with the case in it and what `feeds` add. pid: of the server.
export async function serve (program, from, feeds = []) {
  const folder = mkdtempSync(join(tmpdir(), 'colligate-pages-'))
  const store = join(folder, 'store')
  execFileSync(program, ['init', store])
  const child = spawn(program, ['serve', '-d', store, '--listen', '0', '--play-from', from, ...feeds,
    join(root, 'demo/people.ndjson'), join(root, 'demo/barking.ndjson')], { stdio: ['ignore', 'pipe', 'inherit'] })
  const base = await new Promise((resolve, reject) => {
    let said = ''
    child.stdout.on('data', piece => {
      said += piece
      const at = said.match(/answers at (http:\S+)/)
      if (at) resolve(at[1])
    })
    child.on('exit', code => reject(new Error(`the server ended: ${code}`)))
  })
  return {
    base,
    folder,
    pid: child.pid,
    async stop () {
      child.removeAllListeners('exit')
      const ended = new Promise(resolve => child.on('exit', resolve))
      child.kill('SIGTERM')
      const code = await ended
      rmSync(folder, { recursive: true })
      return code
    }
  }
}

// The demonstration shows the present code of a second factor beside the name.
async function codeOf (page, name) {
  const row = page.locator('tr', { has: page.locator(`:text-is("${name}")`) })
  const shown = (await row.locator('td').last().innerText()).trim()
  return /^\d{6}$/.test(shown) ? shown : ''
}

// A code serves once: who comes again within its half minute waits for the next.
export async function signIn (page, base, name) {
  for (let used = ''; ;) {
    await page.goto(`${base}/sign-in`)
    const code = await codeOf(page, name)
    if (code && code === used) {
      await page.waitForTimeout(1000)
      continue
    }
    await page.fill('#name', name)
    await page.fill('#password', PASSWORD)
    if (code) await page.fill('#code', code)
    await page.press('#password', 'Enter')
    await page.waitForLoadState()
    if (!new URL(page.url()).pathname.startsWith('/sign-in')) return
    if (!code || used) throw new Error(`${name} could not sign in: ${await page.locator('main').innerText()}`)
    used = code
  }
}

// A test case that ends the server.
export async function stopped (site) {
  const code = await site.stop()
  return code === 0 ? [] : [`it ended with ${code}`]
}

// The linker takes the case in within seconds.
export async function waitForLinks (page, base) {
  for (let tries = 0; tries < 60; tries++) {
    const answer = await page.goto(`${base}/links/D1/D2`)
    if (answer.status() === 200) return
    await page.waitForTimeout(1000)
  }
  throw new Error('the linker did not become ready')
}
