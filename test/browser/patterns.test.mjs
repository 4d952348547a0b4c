// The pattern pages in a browser: node patterns.test.mjs PATTERNS_WRITE, the program that writes them.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { axeFaults, htmlFaults, keyboardFaults, weightOf, widthFaults } from './checks.mjs'
import { missing, openBrowser, serveFiles } from './site.mjs'
import { runAll, skipAll, test } from './tap.mjs'

const KILOBYTE = 1000
const WEIGHT_MAX = 60 * KILOBYTE
const WEIGHT_DRAWN_MAX = 210 * KILOBYTE

// What the script of a page asks for, answered here.
const posted = []
const own = {
  '/api/v1/near': request => ({ status: 200, type: 'application/json', body: JSON.stringify({ text: `Two within 500 m of ${new URL(request.url, 'http://x').searchParams.get('place-lat') ?? 'nowhere'}`, items: [{ href: '/deaths/D1', text: '<b>Aidan</b>' }, { href: 'javascript:alert(1)', text: 'no' }] }) }),
  '/links/D1/D2': (request, body) => {
    posted.push(body)
    return { status: 303, type: 'text/plain', body: '', headers: { Location: '/lists.html' } }
  }
}

async function main () {
  const folder = mkdtempSync(join(tmpdir(), 'patterns-'))
  execFileSync(process.argv[2], [folder])
  const { server, base } = await serveFiles(folder, own)
  const browser = await openBrowser()
  const names = readdirSync(folder).filter(name => name.endsWith('.html')).sort()

  // Opens a page, and closes it whatever comes of it; what the console complains of counts as a fault.
  async function on (name, options, ask) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
    const page = await context.newPage()
    const faults = []
    page.on('console', message => message.type() === 'error' && !/status of 404/.test(message.text()) && faults.push(`console: ${message.text()}`))
    page.on('pageerror', error => faults.push(`script: ${error.message}`))
    await page.goto(`${base}/${name}`)
    try {
      return [...(await ask(page, context)), ...faults]
    } finally {
      await context.close()
    }
  }

  for (const name of names) {
    test(`${name}: valid HTML`, () => htmlFaults(readFileSync(join(folder, name), 'utf8')))
    test(`${name}: axe at 1280 px`, () => on(name, {}, axeFaults))
    test(`${name}: axe at 375 px`, () => on(name, { viewport: { width: 375, height: 800 } }, axeFaults))
    test(`${name}: 320 px wide`, () => on(name, { viewport: { width: 320, height: 700 } }, widthFaults))
    test(`${name}: 320 px wide without script`, () => on(name, { viewport: { width: 320, height: 700 }, javaScriptEnabled: false }, widthFaults))
    test(`${name}: text of 200 %`, () => on(name, { viewport: { width: 1024, height: 800 } }, async page => {
      await page.evaluate(() => { document.documentElement.style.fontSize = '200%' })
      return widthFaults(page)
    }))
    test(`${name}: keyboard only`, () => on(name, {}, keyboardFaults))
    test(`${name}: weight`, async () => {
      const most = name.startsWith('moving_') ? WEIGHT_DRAWN_MAX : WEIGHT_MAX
      const bytes = await weightOf(base, '/' + name)
      console.log(`# weight of ${name}: ${(bytes / KILOBYTE).toFixed(1)} KB of ${most / KILOBYTE} KB`)
      return bytes <= most ? [] : [`${bytes} bytes`]
    })
  }

  test('signal lost: what was typed is kept, and sent when it is back', () => on('forms.html', {}, async (page, context) => {
    await page.fill('#why', 'Because of <b>this</b>')
    await context.setOffline(true)
    await page.click('text=Continue')
    await page.waitForSelector('.app-kept')
    const faults = []
    if (!/kept on this device/.test(await page.textContent('.app-kept'))) faults.push('nothing is said')
    if (!(await page.evaluate(() => localStorage.getItem('colligate-kept-pattern')))) faults.push('nothing is kept')
    posted.length = 0
    await context.setOffline(false)
    await page.waitForURL('**/lists.html', { timeout: 20000 })
    if (!/Because of <b>this<\/b>/.test(posted[0] ?? '')) faults.push(`sent: ${posted[0]}`)
    if (await page.evaluate(() => localStorage.getItem('colligate-kept-pattern'))) faults.push('it is still kept')
    return faults
  }))

  test('signal lost and the page closed: what was typed is put back', () => on('keep.html', {}, async (page, context) => {
    await page.fill('#story', 'A long story')
    await page.check('#decision-2')
    await context.setOffline(true)
    await page.click('text=Continue')
    await page.waitForSelector('.app-kept')
    await page.close()
    await context.setOffline(false)
    const elsewhere = await context.newPage()
    await elsewhere.goto(`${base}/lists.html`)
    await elsewhere.click('text=Go back to it')
    const faults = []
    if ((await elsewhere.inputValue('#story')) !== 'A long story') faults.push('the text is not put back')
    if (!(await elsewhere.isChecked('#decision-2'))) faults.push('the choice is not put back')
    return faults
  }))

  test('a hint is fetched as the form is filled in, and is text', () => on('keep.html', {}, async page => {
    await page.fill('#place-lat', '51.5')
    await page.waitForFunction(() => document.querySelector('#near').textContent.includes('500 m of 51.5'))
    return page.evaluate(() => {
      const links = [...document.querySelectorAll('#near a')]
      return links[0].textContent === '<b>Aidan</b>' && links.every(link => link.protocol.startsWith('http')) ? [] : ['the hint is not shown as text']
    })
  }))

  test('use where I am', () => on('keep.html', { geolocation: { latitude: 51.536, longitude: 0.0789, accuracy: 12.2 }, permissions: ['geolocation'] }, async page => {
    await page.click('text=Use where I am')
    await page.waitForFunction(() => document.querySelector('#place-lat').value !== '')
    const filled = await page.evaluate(() => ['lat', 'lon', 'radius'].map(part => document.getElementById(`place-${part}`).value).join(' '))
    return filled === '51.53600 0.07890 13' ? [] : [filled]
  }))

  test('a session that will be locked is warned of', () => on('keep.html', {}, async page => {
    await page.clock.install()
    await page.reload()
    await page.clock.fastForward(1700 * 1000)
    const text = await page.textContent('.app-idle')
    await page.click('text=Stay signed in')
    return /sign in again/.test(text) && (await page.locator('.app-idle').count()) === 0 ? [] : [text]
  }))

  test('a map moves by script, with nothing inline', () => on('moving_map.html', {}, async page => {
    const found = await page.evaluate(() => document.querySelectorAll('.leaflet-container path').length)
    return found >= 4 ? [] : [`${found} points`]
  }))

  test('a graph moves by script, with nothing inline', () => on('moving_graph.html', {}, async page => {
    const found = await page.evaluate(() => document.querySelectorAll('.app-live-graph canvas').length)
    return found >= 2 ? [] : [`${found} layers`]
  }))

  await runAll()
  await browser.close()
  server.close()
  rmSync(folder, { recursive: true })
}

if (missing()) skipAll(missing())
else await main()
