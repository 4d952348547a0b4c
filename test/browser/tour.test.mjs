// The tour of the demonstration (demo/tour.txt), walked by its people: node tour.test.mjs COLLIGATE, the program.
// With script on a desk, without it on a telephone. SHOTS=FOLDER keeps a picture of every step.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { serve, signIn, stopped, waitForLinks } from './demonstration.mjs'
import { missing, openBrowser } from './site.mjs'
import { runAll, skipAll, test } from './tap.mjs'

const START = '2014-08-28T05:30:00Z' // before the second death of the case is reported

// What the attending officer fills in, step by step; what is not here is left with "Not known".
const REPORT = {
  place: async page => {
    await page.fill('[name=place-lat]', '51.5357')
    await page.fill('[name=place-lon]', '0.0755')
    await page.fill('[name=address]', 'churchyard of St Margaret, Barking')
  },
  setting: async page => page.selectOption('[name=setting]', 'churchyard'),
  times: async page => {
    await page.fill('[name=found-from-date]', '2014-08-28')
    await page.fill('[name=found-from-time]', '05:10')
  },
  person: async page => {
    await page.fill('[name=age]', '22')
    await page.check('[name=sex][value=M]')
  },
  position: async page => page.selectOption('[name=posture]', 'seated'),
  phone: async page => page.check('[name=phone][value=not_seen]'),
  things: async page => page.check('[name=present][value=drug_container]'),
  body: async page => page.fill('[name=substances]', 'GHB'),
  account: async page => page.fill('[name=narrative]', 'Seated with his back to the churchyard wall. A small bottle beside him, no telephone.')
}

// Presses a button of a form and waits for the page that follows.
async function press (page, name) {
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name }).first().click()])
}

// Each person has a browser of their own.
function walker (browser, manner, base, shots) {
  let number = 0
  return async name => {
    const context = await browser.newContext(manner)
    context.setDefaultTimeout(20000)
    const page = await context.newPage()
    const faults = []
    await signIn(page, base, name)
    return {
      page,
      faults,
      async see (what, locator) {
        if (!await locator.first().isVisible()) faults.push(`${name} does not see ${what} at ${new URL(page.url()).pathname}`)
      },
      async picture (what) {
        if (shots) await page.screenshot({ path: join(shots, `${String(++number).padStart(2, '0')}-${what}.png`), fullPage: true })
      },
      async leave () {
        await press(page, 'Sign out')
        await context.close()
        return faults
      }
    }
  }
}

// Step 1: the attending officer reports and is told of the earlier death before sending. Gives its address.
async function report (walk, base, done) {
  const reid = await walk('reid')
  const { page } = reid
  await page.goto(`${base}/deaths/new`)
  await press(page, /start|begin/i)
  for (let steps = 0; steps < 12; steps++) {
    const step = page.url().split('/').pop()
    if (REPORT[step]) await REPORT[step](page)
    await reid.picture(`report-${step}`)
    await press(page, REPORT[step] ? 'Save and continue' : 'Not known, go on')
  }
  await reid.see('the earlier death', page.getByText('Aidan Warden'))
  await reid.see('how near it is', page.getByText('70 days ago'))
  await reid.see('that both were seated', page.getByText('position alike: seated'))
  await reid.picture('report-links')
  await press(page, 'Continue')
  await reid.picture('report-check')
  await press(page, 'Send the report')
  await reid.see('the reference', page.getByText(/KG\/2014\/\d+|sent/i))
  await reid.picture('report-sent')
  const death = new URL(page.url()).pathname.replace(/\/reported$/, '')
  done(death)
  return reid.leave()
}

// Step 2 and 4: the analyst compares it with the earlier death and decides.
async function decide (walk, base, death) {
  const cole = await walk('cole')
  const { page } = cole
  await waitForLinks(page, base).catch(() => {})
  await page.goto(`${base}${death}/links`)
  await cole.see('the earlier death among the nearest', page.getByText('Aidan Warden'))
  await cole.picture('death-links')
  await page.getByRole('link', { name: /Aidan Warden/ }).first().click()
  await cole.see('what ties them', page.getByRole('heading', { name: 'What ties them' }))
  await cole.see('the drug in both', page.getByText('GHB'))
  await cole.see('what speaks against it', page.getByRole('heading', { name: 'What speaks against it' }))
  await cole.picture('compare')
  await cole.see('that the program has linked the two by itself', page.locator('[name=answer][value=linked]').first())
  await page.check('[name=answer][value=linked]')
  await page.fill('[name=reason]', 'Two young men, one drug, no telephone, 250 metres and 70 days apart.')
  await press(page, 'Record the decision')
  await cole.see('that the decision is on record', page.getByText('Decision recorded'))
  await cole.see('the reason given', page.getByText('Two young men, one drug'))
  await cole.picture('decided')
  return cole.leave()
}

// Step 3: the supervisor sees what was not done, and reviews.
async function review (walk, base, death) {
  const bell = await walk('bell')
  const { page } = bell
  await page.goto(`${base}${death}/checks`)
  await bell.picture('checks')
  await bell.see('what has not been done', page.getByText('House to house'))
  await bell.see('by when it is due', page.getByText(/Due by \d+ \w+ 2014/))
  await page.goto(`${base}${death}/review`)
  await bell.see('which procedures were not followed', page.getByText('Procedures not followed, or not yet'))
  await page.check('[name=outcome][value=return]')
  await page.fill('[name=text]', 'Ask who found him, and take the caller through the records.')
  await bell.picture('review')
  await press(page, 'Record the review')
  await bell.see('that the review is on record', page.getByText('Review recorded'))
  await bell.picture('reviewed')
  return bell.leave()
}

// Step 5: the inspector sees who read what, and the record as it was known on a day.
async function lookBack (walk, base, death) {
  const wynn = await walk('wynn')
  const { page } = wynn
  await page.goto(`${base}/assurance/audit?death=${death.split('/').pop()}`)
  await wynn.see('who read the record', page.getByRole('row', { name: /bell.*review|bell.*checks/ }))
  await wynn.picture('audit')
  await page.goto(`${base}/deaths/D1?at=2014-06-20`)
  await wynn.see('the record as it was known', page.getByText('20 June 2014'))
  await wynn.picture('as-known')
  return wynn.leave()
}

async function main () {
  const site = await serve(process.argv[2], START)
  const browser = await openBrowser()
  const shots = process.env.SHOTS
  for (const script of [true, false]) {
    const words = script ? 'with script on a desk' : 'without script on a telephone'
    const viewport = script ? { width: 1280, height: 900 } : { width: 375, height: 800 }
    const folder = shots && join(shots, script ? '1280' : '375')
    if (folder) mkdirSync(folder, { recursive: true })
    const walk = walker(browser, { javaScriptEnabled: script, viewport }, site.base, folder)
    let death
    test(`the attending officer reports, ${words}`, () => report(walk, site.base, made => { death = made }))
    test(`the analyst decides, ${words}`, () => decide(walk, site.base, death))
    test(`the supervisor reviews, ${words}`, () => review(walk, site.base, death))
    test(`the inspector looks back, ${words}`, () => lookBack(walk, site.base, death))
  }
  test('who is not signed in is led to signing in', async () => {
    const page = await browser.newPage()
    const answer = await page.goto(`${site.base}/deaths/D1`)
    return page.url().includes('/sign-in') && answer.ok() ? [] : [`led to ${page.url()}`]
  })
  test('the server stops when it is told to', () => stopped(site))
  await runAll()
  await browser.close()
}

const why = missing()
if (why) skipAll(why)
else await main()
