// The bar and the filters of a list fold away on a phone.
const phone = window.matchMedia('(max-width: 40.0525em)')
const narrow = window.matchMedia('(max-width: 48.0525em)')

export function foldMenu () {
  for (const menu of document.querySelectorAll('[data-menu]')) {
    const button = menu.querySelector('button')
    const fold = folded => {
      menu.classList.toggle('app-bar--folded', folded)
      button.setAttribute('aria-expanded', String(!folded))
    }
    menu.classList.add('app-bar--folds')
    button.hidden = false
    fold(true)
    button.addEventListener('click', () => fold(!menu.classList.contains('app-bar--folded')))
  }
}

export function foldFilters () {
  for (const filter of document.querySelectorAll('details.app-filter:not([data-open])')) filter.open = !narrow.matches
}

export function isPhone () {
  return phone.matches
}
