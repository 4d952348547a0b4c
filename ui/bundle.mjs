// Joins a script and the modules it imports into one, in the order in which they need each other. Enough for
// modules that export classes and functions under their own names, as govuk-frontend's do: every name is unique
// over all of them (checked), so that imports and exports can simply be left out.
import { dirname, join } from 'node:path'

const importing = /^import\s*(?:\{([^}]*)\}\s*from\s*)?'([^']+)';?[ \t]*$/gm
const exporting = /^export\s*\{[^}]*\};?[ \t]*$/gm
const declared = /^(?:export )?(?:async )?(?:class|function|const|let) ([A-Za-z_$][\w$]*)/gm

// Comments that stand on lines of their own, and indentation: browsers need neither.
function thin (text) {
  return text
    .replace(/^[ \t]*\/\*\*?[\s\S]*?\*\/[ \t]*$/gm, '')
    .replace(/^[ \t]*\/\/.*$/gm, '')
    .replace(/^[ \t]+/gm, '')
    .replace(/\n{2,}/g, '\n')
}

export function bundle (entry, packages, read) {
  const done = new Set()
  const names = new Map()
  const parts = []

  function take (path) {
    if (done.has(path)) return
    done.add(path)
    const text = read(path)
    for (const [, list, from] of text.matchAll(importing)) {
      if (list && / as /.test(list)) throw new Error(`${path}: "as" in an import is not known`)
      take(from.startsWith('.') ? join(dirname(path), from) : join(packages, from))
    }
    for (const [, name] of text.matchAll(declared)) {
      if (names.has(name)) throw new Error(`${path}: ${name} is also in ${names.get(name)}`)
      names.set(name, path)
    }
    // messages for developers name a site that this is not
    const rest = text.replaceAll('GOV.UK Frontend', 'govuk-frontend').replace(importing, '').replace(exporting, '').replace(/^export (?=class|function|const)/gm, '')
      .replace(/^\/\/# sourceMappingURL.*$/gm, '')
    if (/^(import|export)\b/m.test(rest)) throw new Error(`${path}: an import or export that is not known`)
    parts.push(thin(rest).trim())
  }

  take(entry)
  return parts.join('\n') + '\n'
}
