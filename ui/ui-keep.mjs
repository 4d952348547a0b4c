// What is typed into a form marked data-keep survives a lost signal: it is kept in this browser and sent when the
// signal is back. Kept only from the moment of sending until the server has answered, because it is about people.
const prefix = 'colligate-kept-'
const daysMax = 7
const probeMs = 15000

function entryOf (name) {
  try {
    return JSON.parse(localStorage.getItem(prefix + name))
  } catch {
    return null
  }
}

function forget (name) {
  localStorage.removeItem(prefix + name)
}

function typedIn (form) {
  return [...new FormData(form)].filter(([name, value]) => name !== 'csrf' && typeof value === 'string')
}

function keep (form, button) {
  const entry = { path: location.pathname, when: Date.now(), values: typedIn(form), button: button ? [button.name, button.value] : null }
  try {
    localStorage.setItem(prefix + form.dataset.keep, JSON.stringify(entry))
    return true
  } catch {
    return false
  }
}

function putBack (form, values) {
  const given = new Map()
  for (const [name, value] of values) given.set(name, [...(given.get(name) ?? []), value])
  for (const input of form.elements) {
    if (!input.name || input.type === 'hidden' || input.type === 'file') continue
    const texts = given.get(input.name) ?? []
    if (input.type === 'checkbox' || input.type === 'radio') input.checked = texts.includes(input.value)
    else if ('value' in input && input.type !== 'submit') input.value = texts.shift() ?? ''
    input.dispatchEvent(new Event('change', { bubbles: true }))
  }
}

// Is the server there? Nothing is read or recorded by it.
async function isThere () {
  try {
    const answer = await fetch(document.querySelector('link[rel=icon]').href,
      { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(5000) })
    return answer.ok
  } catch {
    return false
  }
}

function say (form, text) {
  let place = form.querySelector('.app-kept')
  if (!place) {
    place = document.createElement('div')
    place.className = 'app-kept'
    place.setAttribute('role', 'status')
    form.prepend(place)
  }
  place.textContent = text
}

function sendNow (form, button) {
  if (button) {
    const field = document.createElement('input')
    field.type = 'hidden'
    field.name = button[0]
    field.value = button[1]
    if (field.name) form.append(field)
  }
  form.submit()
}

function waitAndSend (form, button) {
  let sending = false
  const attempt = async () => {
    if (sending || !(await isThere())) return
    sending = true
    clearInterval(timer)
    say(form, 'The signal is back. Sending what you typed.')
    sendNow(form, button)
  }
  const timer = setInterval(attempt, probeMs)
  window.addEventListener('online', attempt)
}

function guard (form) {
  let waiting = false
  form.addEventListener('submit', async event => {
    event.preventDefault()
    if (waiting) return
    waiting = true
    const by = event.submitter ? [event.submitter.name, event.submitter.value] : null
    const kept = keep(form, event.submitter)
    if (navigator.onLine && (await isThere())) return sendNow(form, by)
    waiting = false
    say(form, kept
      ? 'No signal. What you typed is kept on this device and is sent as soon as the signal is back. Leave this page open if you can.'
      : 'No signal, and this browser keeps nothing. Leave this page open: it is sent as soon as the signal is back.')
    waitAndSend(form, by)
  })
}

// What was sent from this page and never answered is put back; a page with errors is the server's answer.
function restore (form) {
  const entry = entryOf(form.dataset.keep)
  if (!entry) return
  if (!document.querySelector('.govuk-error-summary')) {
    putBack(form, entry.values)
    say(form, 'This was not sent because there was no signal. Check it and send it again.')
  } else {
    forget(form.dataset.keep)
  }
}

// Any other page: what was sent from here has arrived, because it led on; what is left from before is said.
function tellOfOthers () {
  const here = new Set([...document.querySelectorAll('form[data-keep]')].map(form => form.dataset.keep))
  for (const key of Object.keys(localStorage).filter(key => key.startsWith(prefix))) {
    const name = key.slice(prefix.length)
    const entry = entryOf(name)
    const old = !entry || Date.now() - entry.when > daysMax * 86400000
    const answered = entry && document.referrer && new URL(document.referrer).pathname === entry.path
    if (here.has(name)) continue
    if (old || answered) forget(name)
    else tellOf(entry)
  }
}

function tellOf (entry) {
  const place = document.createElement('div')
  const link = document.createElement('a')
  place.className = 'app-kept'
  place.setAttribute('role', 'status')
  link.href = entry.path
  link.textContent = 'Go back to it'
  place.append('Something you typed was not sent because there was no signal. ', link)
  document.querySelector('main').prepend(place)
}

export function keepForms () {
  try {
    if (!localStorage) return
  } catch {
    return
  }
  const forms = document.querySelectorAll('form[data-keep]')
  for (const form of forms) {
    restore(form)
    guard(form)
  }
  tellOfOthers()
}
