// Says two minutes before an idle session is locked that it will be, and offers to stay.
const warnS = 120

export function warnBeforeLock () {
  const seconds = Number(document.body.dataset.idleS)
  const stay = document.body.dataset.stay
  if (!seconds || seconds <= warnS) return
  let timer = 0

  const wait = () => {
    clearTimeout(timer)
    timer = setTimeout(warn, (seconds - warnS) * 1000)
  }

  const warn = () => {
    const place = document.createElement('div')
    const button = document.createElement('button')
    place.className = 'app-idle'
    place.setAttribute('role', 'alert')
    place.textContent = 'You have not done anything for a while. In 2 minutes you will have to sign in again. '
    button.type = 'button'
    button.className = 'govuk-button govuk-button--inverse'
    button.textContent = 'Stay signed in'
    button.addEventListener('click', async () => {
      place.remove()
      try {
        await fetch(stay, { cache: 'no-store' })
        wait()
      } catch {
        warn()
      }
    })
    if (stay) place.append(button)
    document.body.append(place)
  }

  wait()
}
