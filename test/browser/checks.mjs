// What is asked of any page, whoever drew it. Each check gives a list of what is wrong.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'

const require = createRequire(import.meta.url)

// Standard HTML; what is left out is a matter of taste, or of govuk-frontend's own markup.
const rules = {
  extends: ['html-validate:standard'],
  rules: {
    'long-title': 'off',
    'no-trailing-whitespace': 'off',
    'attribute-boolean-style': 'off',
    'prefer-native-element': 'off', // links that look like buttons; regions of tables that scroll
    'no-redundant-role': 'off',
    'require-sri': 'off', // our own files, under their digest
    'tel-non-breaking': 'off',
    'svg-focusable': 'off',
    'no-implicit-button-type': 'error',
    'no-inline-style': 'error'
  }
}

export async function htmlFaults (source) {
  const { HtmlValidate } = await import('html-validate')
  const report = await new HtmlValidate(rules).validateString(source)
  return report.results.flatMap(result => result.messages)
    .map(({ ruleId, message, line, column }) => `${line}:${column} ${ruleId}: ${message}`)
}

// Levels A and AA of WCAG 2.2, targets of 24 px among them.
export async function axeFaults (page) {
  const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }))
  return violations.flatMap(({ id, help, nodes }) => nodes.map(node => `${id}: ${help}: ${node.html.slice(0, 200)}`))
}

// Nothing is cut off or has to be moved sideways; tables and pictures move within themselves.
export async function widthFaults (page) {
  return page.evaluate(() => {
    const room = document.documentElement.clientWidth
    if (document.scrollingElement.scrollWidth <= room) return []
    const inside = element => element.closest('.app-table, svg, .govuk-visually-hidden, .leaflet-container')
    return [...document.querySelectorAll('body *')].filter(element => element.getBoundingClientRect().right > room + 1 && !inside(element))
      .slice(0, 5).map(element => `wider than ${room} px: ${element.outerHTML.slice(0, 150)}`).concat(`page is ${document.scrollingElement.scrollWidth} px wide`)
  })
}

// With the Tab key alone: everything that can be used is reached, in the order of the page, and it is seen where one is.
export async function keyboardFaults (page) {
  const faults = []
  const count = await page.evaluate(() => {
    document.body.tabIndex = -1 // from the top, wherever the page has put the focus
    document.body.focus()
    document.body.removeAttribute('tabindex')
    const usable = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
    return usable.filter(element => element.checkVisibility({ checkVisibilityCSS: true }) && !element.disabled).length
  })
  let reached = 0
  for (let presses = 0; presses < count * 8 + 50; presses++) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate(() => {
      const element = document.activeElement
      if (!element || element === document.body) return null
      const again = element.dataset.reached === 'yes'
      element.dataset.reached = 'yes'
      const style = getComputedStyle(element)
      const seen = style.outlineStyle !== 'none' || style.boxShadow !== 'none' || ['radio', 'checkbox'].includes(element.type)
      return { again, seen, html: element.outerHTML.slice(0, 120) }
    })
    if (!at) break
    if (!at.again) reached++
    if (!at.seen) faults.push(`focus is not seen on ${at.html}`)
  }
  const radios = await page.evaluate(() => [...document.querySelectorAll('input[type=radio]:not([data-reached])')].filter(radio => radio.checkVisibility()).length)
  if (reached + radios < count) faults.push(`${count - reached - radios} of ${count} are not reached by the Tab key`)
  return faults
}

// Bytes sent for a page on a first visit, compressed as the program compresses.
export async function weightOf (base, path, cookie = '') {
  const source = await (await fetch(base + path, { headers: { cookie } })).text()
  const files = [...source.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, file]) => file)
  let bytes = gzipSync(source).length
  for (const file of new Set(files)) bytes += gzipSync(Buffer.from(await (await fetch(base + file)).arrayBuffer()), { level: 9 }).length
  return bytes
}
