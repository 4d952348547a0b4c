// Hints fetched while a form is filled in, and the place where the reader stands.

// ---- a hint: { text, items: [{ href, text }] }, put in as text only

function show (place, answer) {
  const heading = document.createElement('strong')
  const text = document.createElement('div')
  const list = document.createElement('ul')
  heading.textContent = place.dataset.title
  text.textContent = answer.text ?? ''
  for (const { href, text: words } of answer.items ?? []) {
    const item = document.createElement('li')
    const link = document.createElement('a')
    link.href = new URL(href, location.origin).origin === location.origin ? href : '#'
    link.textContent = words
    item.append(link)
    list.append(item)
  }
  place.replaceChildren(heading, text, ...(list.children.length ? [list] : []))
  place.hidden = !answer.text && !list.children.length
}

function watchOne (place) {
  const names = new Set(place.dataset.watch.split(' ').filter(Boolean))
  const form = place.closest('form') ?? document
  let timer = 0
  let asked = ''
  const ask = async () => {
    const address = new URL(place.dataset.href, location.href)
    for (const input of form.querySelectorAll('input, select, textarea')) {
      const off = (input.type === 'checkbox' || input.type === 'radio') && !input.checked
      if (names.has(input.name) && input.value && !off) address.searchParams.append(input.name, input.value)
    }
    if (address.href === asked) return
    asked = address.href
    try {
      const answer = await fetch(address, { headers: { Accept: 'application/json' } })
      if (answer.ok && address.href === asked) show(place, await answer.json())
    } catch {
      place.hidden = true // no signal: the form goes on without the hint
      asked = ''
    }
  }
  const soon = event => {
    if (!names.has(event.target.name)) return
    clearTimeout(timer)
    timer = setTimeout(ask, 600)
  }
  form.addEventListener('input', soon)
  form.addEventListener('change', soon)
  ask()
}

export function watchLive () {
  document.querySelectorAll('.app-live[data-href]').forEach(watchOne)
}

// ---- "Use where I am": data-locate names the field whose -lat, -lon and -radius are filled

function fill (name, value) {
  const input = document.getElementById(name)
  if (!input) return
  input.value = value
  input.dispatchEvent(new Event('change', { bubbles: true }))
}

export function offerPlace () {
  for (const button of document.querySelectorAll('button[data-locate]')) {
    const name = button.dataset.locate
    const status = document.getElementById(name + '-located')
    if (!navigator.geolocation) continue
    button.hidden = false
    button.addEventListener('click', () => {
      status.textContent = 'Looking for where you are…'
      navigator.geolocation.getCurrentPosition(({ coords }) => {
        fill(name + '-lat', coords.latitude.toFixed(5))
        fill(name + '-lon', coords.longitude.toFixed(5))
        fill(name + '-radius', String(Math.max(5, Math.ceil(coords.accuracy))))
        status.textContent = `Filled in, give or take ${Math.max(5, Math.ceil(coords.accuracy))} m.`
      }, () => {
        status.textContent = 'This device does not say where it is. Type the place instead.'
      }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 })
    })
  }
}
