// The pages themselves in a browser, as the people of the demonstration: node pages.test.mjs COLLIGATE, the program.
// Every page of every role is valid, accessible, fits a phone.
import { axeFaults, htmlFaults, keyboardFaults, widthFaults } from './checks.mjs'
import { serve, signIn, stopped, waitForLinks } from './demonstration.mjs'
import { missing, openBrowser } from './site.mjs'
import { runAll, skipAll, test } from './tap.mjs'

const PAGES = {
  hart: ['/', '/deaths', '/deaths?view=map', '/deaths?view=time', '/deaths?q=warden', '/deaths/D1', '/deaths/D1/checks', '/deaths/D1/links',
    '/deaths/D1/exhibits', '/deaths/D1/family', '/deaths/D1/history', '/deaths/D1/category', '/deaths/D1/review', '/deaths/D1?at=2014-06-20',
    '/links', '/links/morning', '/links/suggest', '/links/D1/D2', '/guidance', '/settings', '/accessibility'],
  reid: ['/', '/deaths/new', '/deaths/new/paper'],
  bell: ['/assurance', '/exhibits', '/exhibits/E-1']
}

async function main () {
  const site = await serve(process.argv[2], '2014-08-28T09:00:00Z')
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

  test('the server stops when it is told to', () => stopped(site))
  await runAll()
  await browser.close()
}

const why = missing()
if (why) skipAll(why)
else await main()
