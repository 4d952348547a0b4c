// The pages themselves in a browser, as the people of the demonstration: node pages.test.mjs COLLIGATE, the program.
// Every page of every role is valid, accessible, fits a phone; and the tour is walked, with script and without.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { axeFaults, htmlFaults, keyboardFaults, widthFaults } from './checks.mjs'
import { missing, openBrowser } from './site.mjs'
import { runAll, skipAll, test } from './tap.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const PASSWORD = 'three blue kettles'

const PAGES = {
  hart: ['/', '/deaths', '/deaths?view=map', '/deaths?view=time', '/deaths?q=warden', '/deaths/D1', '/deaths/D1/checks', '/deaths/D1/links',
    '/deaths/D1/exhibits', '/deaths/D1/family', '/deaths/D1/history', '/deaths/D1/category', '/deaths/D1/review', '/deaths/D1?at=2014-06-20',
    '/links', '/links/morning', '/links/suggest', '/links/D1/D2', '/guidance', '/settings', '/accessibility'],
  reid: ['/', '/deaths/new', '/deaths/new/paper'],
  bell: ['/assurance', '/exhibits', '/exhibits/E-1']
}

// The program on a port of its own, with the case in it and no other deaths.
async function serve (program) {
  const folder = mkdtempSync(join(tmpdir(), 'colligate-pages-'))
  const store = join(folder, 'store')
  execFileSync(program, ['init', store])
  const child = spawn(program, ['serve', '-d', store, '--listen', '0', '--play-from', '2014-08-28T09:00:00Z',
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

async function signIn (page, base, name) {
  await page.goto(`${base}/sign-in`)
  await page.fill('#name', name)
  await page.fill('#password', PASSWORD)
  await page.press('#password', 'Enter')
  await page.waitForURL(url => !url.pathname.startsWith('/sign-in'))
}

// The linker takes the case in within seconds.
async function waitForLinks (page, base) {
  for (let tries = 0; tries < 60; tries++) {
    const answer = await page.goto(`${base}/links/D1/D2`)
    if (answer.status() === 200) return
    await page.waitForTimeout(1000)
  }
  throw new Error('the linker did not become ready')
}

async function main () {
  const site = await serve(process.argv[2])
  const browser = await openBrowser()
  const contexts = {}
  for (const name of Object.keys(PAGES)) {
    contexts[name] = await browser.newContext({ viewport: { width: 1280, height: 900 } })
    const page = await contexts[name].newPage()
    await signIn(page, site.base, name)
    if (name === 'hart') await waitForLinks(page, site.base)
    await page.close()
  }

  // As one who has signed in; what the console complains of counts as a fault.
  async function on (name, path, width, ask) {
    const page = await contexts[name].newPage()
    const faults = []
    page.on('console', message => message.type() === 'error' && faults.push(`console: ${message.text()}`))
    page.on('pageerror', error => faults.push(`script: ${error.message}`))
    await page.setViewportSize({ width, height: 900 })
    const answer = await page.goto(site.base + path)
    if (answer.status() !== 200) faults.push(`status ${answer.status()}`)
    try {
      return [...(await ask(page, answer)), ...faults]
    } finally {
      await page.close()
    }
  }

  for (const [name, paths] of Object.entries(PAGES)) {
    for (const path of paths) {
      test(`${path} as ${name}: valid HTML`, () => on(name, path, 1280, async (_, answer) => htmlFaults(await answer.text())))
      test(`${path} as ${name}: axe`, () => on(name, path, 1280, axeFaults))
      test(`${path} as ${name}: 320 px wide`, () => on(name, path, 320, widthFaults))
      test(`${path} as ${name}: text of 200 %`, () => on(name, path, 1024, async page => {
        await page.evaluate(() => { document.documentElement.style.fontSize = '200%' })
        return widthFaults(page)
      }))
    }
  }
  for (const path of ['/', '/deaths', '/links/D1/D2', '/settings']) test(`${path}: keyboard only`, () => on('hart', path, 1280, keyboardFaults))

  for (const script of [true, false]) {
    test(`the tour, ${script ? 'with' : 'without'} script`, async () => {
      const context = await browser.newContext({ javaScriptEnabled: script })
      const page = await context.newPage()
      const faults = []
      const expect = async (what, ok) => { if (!await ok) faults.push(`not there: ${what}`) }
      await signIn(page, site.base, 'cole')
      await page.goto(`${site.base}/deaths/D2/links`)
      await expect('the earlier death among the nearest', page.getByText('Aidan Warden').first().isVisible())
      await page.goto(`${site.base}/links/D1/D2`)
      await expect('what ties them', page.getByRole('heading', { name: 'What ties them' }).isVisible())
      await expect('the drug in both', page.getByText('GHB').first().isVisible())
      await expect('what speaks against it', page.getByRole('heading', { name: 'What speaks against it' }).isVisible())
      await page.goto(`${site.base}/deaths/D1?at=2014-06-20`)
      await expect('the record as it was known', page.getByText('20 June 2014').first().isVisible())
      await page.getByRole('button', { name: 'Sign out' }).or(page.getByText('Sign out')).first().click()
      await page.waitForURL('**/sign-in')
      const stranger = await page.goto(`${site.base}/deaths/D1`)
      await expect('the way to signing in', page.url().includes('/sign-in') && stranger.ok())
      await context.close()
      return faults
    })
  }
  test('the server stops when it is told to', async () => {
    const code = await site.stop()
    return code === 0 ? [] : [`it ended with ${code}`]
  })
  await runAll()
  await browser.close()
}

const why = missing()
if (why) skipAll(why)
else await main()
