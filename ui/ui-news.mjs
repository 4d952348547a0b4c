// Counts in the bar what is new since the page was loaded; nothing that somebody reads moves. Listens only while
// the page is seen: a browser has few connections to one site.
const places = { links: ['/links', 'new'], work: ['/', 'newly due'] }

function place (menu, href) {
  const link = menu.querySelector(`a[href="${href}"]`)
  if (!link) return null
  const count = document.createElement('span')
  count.className = 'app-bar__new'
  link.append(' ', count)
  return count
}

export function listenForNews () {
  const address = document.body.dataset.news
  const menu = document.querySelector('.app-bar')
  if (!address || !menu || !window.EventSource) return
  const said = document.createElement('div')
  said.className = 'govuk-visually-hidden'
  said.setAttribute('role', 'status')
  document.body.append(said)
  const counts = {}
  let source = null
  let before = {} // heard before the page was last hidden
  let now = {}

  const tell = name => event => {
    now[name] = Number(event.data) || 0
    const sum = (before[name] ?? 0) + now[name]
    const [href, words] = places[name]
    counts[name] ??= place(menu, href)
    if (!counts[name] || sum === 0) return
    counts[name].textContent = `${sum} ${words}`
    said.textContent = name === 'links' ? `New links: ${sum}` : `Newly due: ${sum}`
  }
  const listen = () => {
    if (document.hidden === (source === null)) return
    if (source) {
      source.close()
      source = null
      for (const name of Object.keys(now)) before[name] = (before[name] ?? 0) + now[name]
      now = {}
      return
    }
    source = new EventSource(address)
    for (const name of Object.keys(places)) source.addEventListener(name, tell(name))
  }
  document.addEventListener('visibilitychange', listen)
  window.addEventListener('pagehide', () => source?.close())
  listen()
}
