// Every page that a person of the demonstration reaches by its links, for each of them: valid, accessible, fit for a telephone, for
// text of 200 % and for the keyboard alone; its weight and the reading age of its words. Long: ./do pages [NAME...]
//   node roles.mjs COLLIGATE [NAME...]
import { axeFaults, htmlFaults, keyboardFaults, weightOf, widthFaults } from './checks.mjs'
import { PEOPLE, serve, signIn, waitForLinks } from './demonstration.mjs'
import { ownTexts, readingAge } from './reading.mjs'
import { missing, openBrowser } from './site.mjs'

const PAGES_MAX = 80 // for one person; more would be records of one kind
const ROOM_KB = { ordinary: 60, drawn: 210 } // shared with ux.md
const AGE_MAX = 11
const WORDS_LEAST = 60 // of fewer, a reading age says nothing
const SEEDS = ['/', '/deaths/D1', '/links/D1/D2', '/deaths?q=warden', '/deaths?view=map', '/deaths?view=time', '/deaths/new/paper', '/accessibility']

// /deaths/D1/checks/finder_known -> /deaths/*/checks/*
// A field or a kind more is the same form again.
const shapeOf = path => path.split('?')[0].replace(/\/(change|add)\/[^/]+/, '/$1/*').replace(/\/(?:[A-Z0-9][^/]*|[^/]*[0-9%_:][^/]*)/g, '/*')

async function linksOf (page) {
  const all = await page.$$eval('a[href^="/"]', links => links.map(link => link.getAttribute('href')))
  return all.map(href => href.split('#')[0]).filter(href => href && !/^\/(assets|api)\/|\.(csv|json)(\?|$)|\/(refused|file|events|checkpoint)(\?|$)/.test(href))
}

async function look (page, base, path, cookie) {
  const faults = []
  const hear = [['console', message => message.type() === 'error' && faults.push(`console: ${message.text()}`)], ['pageerror', error => faults.push(`script: ${error.message}`)]]
  hear.forEach(([event, listener]) => page.on(event, listener))
  await page.setViewportSize({ width: 1280, height: 900 })
  const answer = await page.goto(base + path)
  const found = { status: answer.status(), links: [], shape: shapeOf(new URL(page.url()).pathname) }
  if (found.status !== 200) faults.push(`status ${found.status}`)
  else if ((answer.headers()['content-type'] || '').startsWith('text/html')) {
    found.links = await linksOf(page)
    const told = { ...readingAge(await ownTexts(page)), weight: await weightOf(base, path, cookie) / 1024, drawn: await page.locator('script[src*="/map"], script[src*="/graph"]').count() > 0 }
    Object.assign(found, told)
    faults.push(...await htmlFaults(await answer.text()), ...await axeFaults(page))
    await page.setViewportSize({ width: 320, height: 900 })
    faults.push(...(await widthFaults(page)).map(fault => `320 px: ${fault}`))
    await page.setViewportSize({ width: 1024, height: 900 })
    await page.evaluate(() => { document.documentElement.style.fontSize = '200%' })
    faults.push(...(await widthFaults(page)).map(fault => `200 %: ${fault}`))
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.goto(base + path)
    faults.push(...await keyboardFaults(page))
    const room = told.drawn ? ROOM_KB.drawn : ROOM_KB.ordinary
    if (told.weight > room) faults.push(`${told.weight.toFixed(1)} KB of ${room}`)
    if (told.words >= WORDS_LEAST && told.age > AGE_MAX) faults.push(`reading age ${told.age.toFixed(1)}`)
  }
  hear.forEach(([event, listener]) => page.off(event, listener))
  return { ...found, faults }
}

async function walk (browser, base, name) {
  const context = await browser.newContext()
  const page = await context.newPage()
  await signIn(page, base, name)
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const seen = new Set()
  const waiting = [...SEEDS]
  const counts = { pages: 0, faulty: 0 }
  while (waiting.length > 0 && counts.pages < PAGES_MAX) {
    const path = waiting.shift()
    const key = SEEDS.includes(path) ? path : shapeOf(path)
    if (seen.has(key)) continue
    seen.add(key)
    const found = await look(page, base, path, cookie)
    if (found.status === 403 || found.status === 404) {
      if (!SEEDS.includes(path)) console.log(`${name}\t${path}\ta link that leads to ${found.status}`)
      if (!SEEDS.includes(path)) counts.faulty++
      continue
    }
    counts.pages++
    if (found.faults.length > 0) counts.faulty++
    console.log([name, path, found.weight ? `${found.weight.toFixed(1)} KB` : '', found.words >= WORDS_LEAST ? `age ${found.age.toFixed(1)}` : '', found.faults.length > 0 ? `${found.faults.length} faults` : 'ok'].join('\t'))
    for (const fault of found.faults.slice(0, 8)) console.log(`\t${fault.replaceAll('\n', ' ')}`)
    waiting.push(...found.links)
  }
  await context.close()
  return counts
}

async function main () {
  const [program, ...names] = process.argv.slice(2)
  const site = await serve(program, '2014-08-28T09:00:00Z')
  const browser = await openBrowser()
  const first = await browser.newPage()
  await signIn(first, site.base, 'hart')
  await waitForLinks(first, site.base)
  await first.context().close()
  const sum = { pages: 0, faulty: 0 }
  for (const name of names.length > 0 ? names : PEOPLE) {
    const counts = await walk(browser, site.base, name)
    sum.pages += counts.pages
    sum.faulty += counts.faulty
  }
  await browser.close()
  await site.stop()
  console.log(`${sum.pages} pages of ${names.length || PEOPLE.length} people, ${sum.faulty} with faults`)
  process.exitCode = sum.faulty > 0 ? 1 : 0
}

const why = missing()
if (why) console.log(why)
else await main()
