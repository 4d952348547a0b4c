// Makes what the pages are drawn with: node build.mjs FOLDER DEPFILE
// Compiles the style (sass), joins the scripts (bundle.mjs), and writes each file with its compressed form (.gz)
// and its digest (.sha) into FOLDER. The packages of package-lock.json are installed first if they are not there.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'

const here = dirname(fileURLToPath(import.meta.url))
const packages = join(here, 'node_modules')
const [folder, depfile] = process.argv.slice(2)
const used = new Set()

function installed () {
  const stamp = join(packages, '.installed-lock.json')
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === readFileSync(join(here, 'package-lock.json'), 'utf8')
}

// Two builds of one tree must not install at the same time: the folder is the lock.
function install () {
  const lock = join(here, '.installing')
  const sleep = ms => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
  for (let waited = 0; !installed(); waited++) {
    try {
      mkdirSync(lock)
    } catch (error) {
      if (error.code !== 'EEXIST' || waited > 600) throw error
      sleep(500)
      continue
    }
    try {
      execFileSync('npm', ['ci', '--no-progress'], { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] })
      copyFileSync(join(here, 'package-lock.json'), join(packages, '.installed-lock.json'))
    } finally {
      rmdirSync(lock)
    }
  }
}

function write (name, content) {
  const bytes = Buffer.from(content)
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  writeFileSync(join(folder, name), bytes)
  writeFileSync(join(folder, name + '.gz'), gzipSync(bytes, { level: 9 }))
  writeFileSync(join(folder, name + '.sha'), digest)
}

function read (path) {
  used.add(path)
  return readFileSync(path, 'utf8')
}

async function style (name) {
  const sass = createRequire(import.meta.url)('sass')
  const made = sass.compile(join(here, name + '.scss'), {
    loadPaths: [packages], style: 'compressed', quietDeps: true, silenceDeprecations: ['import'], charset: false
  })
  for (const url of made.loadedUrls) used.add(fileURLToPath(url))
  return made.css
}

// What others' work in a file asks to be said in it; their own heads are lost on the way.
const govuk = '/*! Contains parts of govuk-frontend: MIT, Copyright (c) 2017 Crown Copyright (Government Digital Service) */\n'
const leaflet = '/*! Contains Leaflet: BSD-2-Clause, Copyright (c) 2010-2023 Volodymyr Agafonkin, 2010-2011 CloudMade */\n'

install()
const { bundle } = await import(pathToFileURL(join(here, 'bundle.mjs')))
used.add(join(here, 'bundle.mjs'))
used.add(join(here, 'build.mjs'))
mkdirSync(folder, { recursive: true })

write('colligate.css', govuk + await style('colligate'))
// its markers and buttons are drawn, not pictures
write('map.css', leaflet + (await style('map')).replace(/background-image:\s*url\([^)]*\);?/g, ''))
write('colligate.js', govuk + bundle(join(here, 'colligate.js'), packages, read))
// These two come from their packages ready for browsers: they stand before ours as they are.
write('map.js', read(join(packages, 'leaflet/dist/leaflet.js')).replace(/^\/\/# sourceMappingURL.*$/m, '') + '\n' + bundle(join(here, 'map.js'), packages, read))
write('graph.js', read(join(packages, 'cytoscape/dist/cytoscape.min.js')) + '\n' +
  bundle(join(here, 'graph.js'), packages, read))
write('mark.svg', read(join(here, 'mark.svg')))

const names = ['colligate.css', 'colligate.js', 'map.css', 'map.js', 'graph.js', 'mark.svg']
const outputs = [relative(".", join(folder, names[0]))]
writeFileSync(depfile, `${outputs.join(' ')}: ${[...used].join(' ')}\n`)
