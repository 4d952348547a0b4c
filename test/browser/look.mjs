// Pictures of pages, to be looked at: node look.mjs FOLDER OUT [PAGE...]   FOLDER as patterns_write leaves it.
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openBrowser, serveFiles } from './site.mjs'

const [folder, out, ...wanted] = process.argv.slice(2)
const { server, base } = await serveFiles(folder)
const browser = await openBrowser()
mkdirSync(out, { recursive: true })
const names = readdirSync(folder).filter(name => name.endsWith('.html')).map(name => name.slice(0, -5))
for (const name of wanted.length ? wanted : names) {
  for (const width of [1280, 375]) {
    const page = await browser.newPage({ viewport: { width, height: 800 } })
    await page.goto(`${base}/${name}.html`)
    await page.screenshot({ path: join(out, `${name}-${width}.png`), fullPage: true })
    await page.close()
  }
}
await browser.close()
server.close()
