// Scripts in every text field, formulas in every export, and requests that no browser sends: nothing fires, nothing is told, nothing
// swells. The content policy is switched off in the browser, so that only the writing of the pages stands between. ./do attack [VALUES]
//   node attack.mjs COLLIGATE [VALUES]
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve, signIn } from './demonstration.mjs'
import { feedOf, FORMULAS, needsLibrary, OF_ONE_DEATH, PLANTED, SCRIPTS } from './hostile.mjs'
import { missing, openBrowser } from './site.mjs'

const KNOWN = '2014-08-27T08:00:00Z'
const NOW = '2014-08-28T09:00:00Z'
const faults = []
const fault = words => { faults.push(words); console.log(`fault: ${words}`) }

const memoryOf = pid => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) // kB

// ---- scripts ---------------------------------------------------------------------------------------------------------------------

const WIDTH = 6 // documents at a time
const ROUND = 50 // values between two lines of progress; one of them is opened as people open pages, and typed into forms

// What no page of ours has: a mark of a hostile value as markup, a handler in an attribute, an address that is a script. In the browser.
function aliens (root) {
  const isAlien = element => [...element.attributes].some(({ name, value }) => name === 'data-hostile' || name.startsWith('on') || /^\s*javascript:/i.test(value))
  return [...root.querySelectorAll('*')].filter(isAlien).map(element => element.outerHTML.slice(0, 100))
}

// Documents, each in a frame of its own in one page of the site, where their scripts run as they would alone: [{ path, status, aliens }].
// asked: [{ path, text }]; without a text the server is asked.
const lookInFrames = (page, asked) => page.evaluate(async ({ asked, width, source }) => {
  const find = new Function(`return ${source}`)()
  const found = []
  let next = 0
  const one = async () => {
    while (next < asked.length) {
      let { path, text } = asked[next++]
      let status = 200
      if (text === undefined) {
        const answer = await fetch(path)
        status = answer.status
        text = await answer.text()
      }
      const frame = document.createElement('iframe')
      frame.name = path
      frame.srcdoc = text
      const loaded = new Promise(resolve => { frame.onload = resolve; setTimeout(resolve, 20000) })
      document.body.append(frame)
      await loaded
      const inside = frame.contentDocument
      found.push({ path, status, aliens: inside ? find(inside) : ['it went elsewhere'], whole: Boolean(inside?.querySelector('h1')) })
      frame.remove()
    }
  }
  await Promise.all(Array.from({ length: width }, one))
  return found
}, { asked, width: WIDTH, source: aliens.toString() })

// Where a value stands: in every text field of every kind of record, and in the address.
function pagesOf (n) {
  const death = `/deaths/X${n}-death`
  const value = encodeURIComponent(SCRIPTS[n])
  const own = [death, `${death}/history`, `/exhibits/X${n}-exhibit`, `/concerns/X${n}-concern`, `/deaths?q=${value}`, `/links/suggest?first=${value}`]
  return n % OF_ONE_DEATH > 0 ? own : own.concat(['family', 'exhibits', 'checks', 'category'].map(page => `${death}/${page}`))
}

async function openAndLook (page, address) {
  const answer = await page.goto(address)
  if (answer.status() >= 500) fault(`${answer.status()} at ${address}`)
  for (const alien of await page.evaluate(`(${aliens})(document)`)) fault(`${alien} at ${address}`)
}

// Fields of every form on the page are filled, each with a value of its own, and sent; what comes back shows them again.
async function sendForms (page, address, n, count) {
  let fields = 0
  await page.goto(address)
  for (let at = 0; at < await page.locator('main form[method=post]').count(); at++) {
    const form = page.locator('main form[method=post]').nth(at)
    for (const field of await form.locator('input[type=text], input:not([type]), textarea').all()) await field.evaluate((element, text) => { element.value = text }, SCRIPTS[(n + fields++) % count])
    await Promise.all([page.waitForEvent('load'), form.evaluate(element => HTMLFormElement.prototype.submit.call(element))])
    for (const alien of await page.evaluate(`(${aliens})(document)`)) fault(`${alien} sent by ${address}`)
    await page.goto(address)
  }
  return fields
}

// Are they noticed where nothing is escaped? Every value, in the first planted page that shows it.
async function selfCheck (page, count, fired) {
  let silent = Array.from({ length: count }, (_, n) => n)
  let elements = 0
  fired.clear()
  for (const plant of PLANTED) {
    const found = await lookInFrames(page, silent.map(n => ({ path: `planted-${n}`, text: plant(SCRIPTS[n]) })))
    const seen = new Set(found.filter(({ aliens }) => aliens.length > 0).map(({ path }) => Number(path.slice(8))))
    elements += seen.size
    silent = silent.filter(n => !seen.has(n) && !fired.has(n))
  }
  const ran = fired.size
  for (const n of silent) if (!needsLibrary(SCRIPTS[n])) fault(`planted and not noticed: ${SCRIPTS[n]}`)
  if (ran === 0) fault('no planted script ran: what runs would not be noticed')
  fired.clear()
  console.log(`planted without escaping: ${count - silent.length} of ${count} are noticed, ${elements} as markup, ${ran} by running (${silent.length} need a library)`)
}

async function scripts (browser, site, count) {
  const context = await browser.newContext({ bypassCSP: true })
  const page = await context.newPage()
  const began = Date.now()
  const fired = new Map() // number of a value: where it ran
  let looked = 0
  let typed = 0
  page.setDefaultTimeout(60000)
  page.on('dialog', dialog => { fault(`a dialog at ${page.url()}`); dialog.dismiss() })
  await context.exposeBinding('fired', ({ frame }, number) => { fired.set(number, frame.name() || frame.url()) })
  await signIn(page, site.base, 'hart')
  await page.goto(`${site.base}/guidance`)
  await selfCheck(page, count, fired)
  for (let from = 0; from < count; from += ROUND) {
    const to = Math.min(count, from + ROUND)
    await page.goto(`${site.base}/guidance`)
    const asked = Array.from({ length: to - from }, (_, i) => pagesOf(from + i)).flat()
    for (const { path, status, aliens, whole } of await lookInFrames(page, asked.map(path => ({ path })))) {
      if (status >= 500 || !whole) fault(`${status} at ${path}`)
      for (const alien of aliens) fault(`${alien} at ${path}`)
      looked++
    }
    // as people open them: with what script adds, and several values on one page
    for (const path of [...pagesOf(from), `/links/X${from}-death/X${from + 1}-death`, '/deaths?view=map', '/deaths', '/exhibits', '/links', '/settings/units']) {
      await openAndLook(page, site.base + path)
      looked++
    }
    for (const path of ['add/statement', 'concerns/new', 'contacts/new', 'change/narrative'].map(form => `/deaths/X${from}-death/${form}`).concat('/links/suggest')) typed += await sendForms(page, site.base + path, from, count)
    for (const [number, where] of fired) fault(`a script ran: ${SCRIPTS[number]} at ${where}`)
    fired.clear()
    console.log(`${to} of ${count} scripts, ${looked} pages, ${typed} fields of forms, ${faults.length} faults, ${Math.round((Date.now() - began) / 1000)} s`)
  }
  await context.close()
  return looked
}

// ---- formulas --------------------------------------------------------------------------------------------------------------------

// Cells by RFC 4180.
function cellsOf (text) {
  const cells = []
  for (const found of text.matchAll(/(?:^|,|\r?\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)) cells.push(found[1] !== undefined ? found[1].replaceAll('""', '"') : found[2] ?? '')
  return cells
}

const number = /^[-+]?\d+(\.\d+)?$/
const harmless = cell => !/^[\s\u00a0\u200b\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r]/.test(cell) || number.test(cell)

async function formulas (site, cookie) {
  const paths = ['/deaths.csv', '/exhibits.csv', '/deaths/X0-death/exhibits.csv', '/assurance.csv', '/assurance/checks.csv', '/assurance/sample.csv', '/assurance/audit.csv']
  let cells = 0
  for (const path of paths) {
    const answer = await fetch(site.base + path, { headers: { cookie } })
    if (answer.status !== 200) {
      if (answer.status >= 500) fault(`${path}: ${answer.status}`)
      continue
    }
    for (const cell of cellsOf(await answer.text())) {
      cells++
      if (!harmless(cell)) fault(`${path}: the cell ${JSON.stringify(cell.slice(0, 60))}`)
    }
  }
  return cells
}

// ---- requests that no browser sends ----------------------------------------------------------------------------------------------

// Sends pieces until the server ends the line; gives the first line of its answer, and how many bytes were taken.
function raw (port, pieces) {
  return new Promise(resolve => {
    let said = ''
    let sent = 0
    const line = connect(port, '127.0.0.1')
    const end = () => { line.destroy(); resolve({ first: said.split('\r\n')[0], sent }) }
    line.setTimeout(60000, end)
    line.on('data', piece => { said += piece.toString('latin1'); if (said.includes('\r\n\r\n')) end() })
    line.on('error', end)
    line.on('close', end)
    line.on('connect', () => {
      const iterator = pieces()
      const next = () => {
        for (;;) {
          const { value, done } = iterator.next()
          if (done || line.destroyed) return
          sent += value.length
          if (!line.write(value)) { line.once('drain', next); return }
        }
      }
      next()
    })
  })
}

const head = (cookie, path, more) => `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${cookie}\r\n${more}\r\n`
const MEGABYTE = Buffer.alloc(1 << 20, 'a')

async function requests (site, cookie) {
  const port = Number(new URL(site.base).port)
  const before = memoryOf(site.pid)
  const form = 'Content-Type: application/x-www-form-urlencoded\r\n'
  const trials = {
    'a body of 1 GB that says so': function * () { yield head(cookie, '/deaths/new', `${form}Content-Length: 1073741824\r\n`); for (let i = 0; i < 1024; i++) yield MEGABYTE },
    'a body of 1 GB in chunks': function * () { yield head(cookie, '/deaths/new', `${form}Transfer-Encoding: chunked\r\n`); for (let i = 0; i < 1024; i++) { yield '100000\r\n'; yield MEGABYTE; yield '\r\n' } },
    'a file of 1 GB': function * () { yield head(cookie, '/import', 'Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1073741824\r\n'); yield '--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'; for (let i = 0; i < 1024; i++) yield MEGABYTE },
    'two lengths': function * () { yield head(cookie, '/deaths/new', `${form}Content-Length: 4\r\nContent-Length: 5\r\n`); yield 'abcde' },
    'a length and chunks': function * () { yield head(cookie, '/deaths/new', `${form}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n`); yield '0\r\n\r\n' },
    'a length below nought': function * () { yield head(cookie, '/deaths/new', `${form}Content-Length: -1\r\n`) },
    'a boundary that never comes': function * () { yield head(cookie, '/import', 'Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 64\r\n'); yield 'x'.repeat(64) },
    'no boundary': function * () { yield head(cookie, '/import', 'Content-Type: multipart/form-data\r\nContent-Length: 4\r\n'); yield 'abcd' },
    '100,000 fields': function * () { const body = 'a=1&'.repeat(100000); yield head(cookie, '/deaths/new', `${form}Content-Length: ${body.length}\r\n`); yield body },
    'deep JSON': function * () { const body = '['.repeat(200000); yield head(cookie, '/import', `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`); yield body },
    'a head of 1 MB': function * () { yield `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(1 << 20)}\r\n\r\n` },
    'an address of 1 MB': function * () { yield `GET /${'a'.repeat(1 << 20)} HTTP/1.1\r\nHost: x\r\n\r\n` }
  }
  for (const [what, pieces] of Object.entries(trials)) {
    const { first, sent } = await raw(port, pieces)
    const grown = memoryOf(site.pid) - before
    console.log(`${what}: ${first || 'the line was ended'} after ${(sent / 1048576).toFixed(1)} MB; memory ${grown >= 0 ? '+' : ''}${(grown / 1024).toFixed(1)} MB`)
    if (!/^HTTP\/1\.1 4\d\d|^$/.test(first)) fault(`${what}: ${first}`)
    if (sent > 64 << 20) fault(`${what}: ${sent} bytes were taken`)
    if (grown > 64 << 10) fault(`${what}: memory grew by ${grown} kB`)
  }
  return Object.keys(trials).length
}

// Ways out of the folder, and words of SQL: no server error, no file, the same list as for a word that is nowhere.
async function tricks (site, cookie) {
  const paths = ['/assets/../../etc/passwd', '/assets/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc/passwd', '/deaths/..%2f..%2fchange.db', '/guidance/..%2f..%2fpolicy%2froles', '/exhibits/%00', '/deaths/%c0%ae%c0%ae', '//etc/passwd', '/deaths/D1%0d%0aX: y']
  const sql = ["' OR '1'='1", '\' UNION SELECT name FROM sqlite_master--', '"; DROP TABLE account;--', "') OR 1=1--", "%' AND sleep(5)--", '1; ATTACH DATABASE x', "' || (SELECT password FROM account) || '", '*', 'NEAR("a" "b", 1)', '"unclosed', '(((((', 'a AND NOT b OR', '\\', '%', '_']
  const get = async path => { const answer = await fetch(site.base + path, { headers: { cookie }, redirect: 'manual' }); return { status: answer.status, text: await answer.text() } }
  for (const path of paths) {
    const { status, text } = await get(path)
    if (status >= 500 || /root:|sqlite/i.test(text)) fault(`${path}: ${status}`)
  }
  for (const words of sql) {
    for (const path of ['/deaths?q=', '/deaths?unit=', '/exhibits?q=', '/links?unit=', '/deaths/', '/exhibits/', '/links/D1/', '/guidance?on=']) {
      const { status, text } = await get(path + encodeURIComponent(words))
      if ((status >= 500 && status !== 503) || /SQL logic|syntax error|CREATE TABLE/i.test(text)) fault(`${path}${words}: ${status}`)
    }
  }
  return paths.length + 8 * sql.length
}

// ----------------------------------------------------------------------------------------------------------------------------------

async function main () {
  const [program, values] = process.argv.slice(2)
  const count = Math.min(SCRIPTS.length, Number(values || SCRIPTS.length))
  const folder = mkdtempSync(join(tmpdir(), 'colligate-attack-'))
  const { kinds } = JSON.parse(execFileSync(program, ['kinds', '--json'], { maxBuffer: 1 << 26 }))
  const feed = join(folder, 'hostile.ndjson')
  writeFileSync(feed, feedOf(kinds, [...SCRIPTS.slice(0, count), ...FORMULAS], KNOWN))
  const site = await serve(program, NOW, [feed])
  const browser = await openBrowser()
  const looked = await scripts(browser, site, count)
  const context = await browser.newContext()
  const page = await context.newPage()
  await signIn(page, site.base, 'bell')
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const cells = await formulas(site, cookie)
  const tried = await tricks(site, cookie) + await requests(site, cookie)
  await browser.close()
  const code = await site.stop()
  rmSync(folder, { recursive: true })
  if (code !== 0) fault(`the server ended with ${code}`)
  console.log(`${count} scripts on ${looked} pages, ${FORMULAS.length} formulas in ${cells} cells, ${tried} requests: ${faults.length} faults`)
  process.exitCode = faults.length > 0 ? 1 : 0
}

const why = missing()
if (why) console.log(why)
else await main()
