// Makes pages more comfortable; every page works without it. Each part looks for its own marks in the page
// (data-...) and does nothing where there are none.
import { Button } from 'govuk-frontend/dist/govuk/components/button/button.mjs'
import { CharacterCount } from 'govuk-frontend/dist/govuk/components/character-count/character-count.mjs'
import { Checkboxes } from 'govuk-frontend/dist/govuk/components/checkboxes/checkboxes.mjs'
import { ErrorSummary } from 'govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs'
import { NotificationBanner } from 'govuk-frontend/dist/govuk/components/notification-banner/notification-banner.mjs'
import { PasswordInput } from 'govuk-frontend/dist/govuk/components/password-input/password-input.mjs'
import { Radios } from 'govuk-frontend/dist/govuk/components/radios/radios.mjs'
import { SkipLink } from 'govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs'
import { foldMenu, foldFilters } from './ui-folds.mjs'
import { keepForms } from './ui-keep.mjs'
import { watchLive, offerPlace } from './ui-live.mjs'
import { warnBeforeLock } from './ui-idle.mjs'
import { listenForNews } from './ui-news.mjs'

// A radio is not a thing that opens: readers of screens are not to be told that it is.
class Choices extends Radios {
  syncConditionalRevealWithInputState (input) {
    super.syncConditionalRevealWithInputState(input)
    input.removeAttribute('aria-expanded')
  }
}

document.body.classList.add('js-enabled')
if ('noModule' in HTMLScriptElement.prototype) document.body.classList.add('govuk-frontend-supported')

const components = [Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Choices, SkipLink]
for (const component of components) {
  for (const place of document.querySelectorAll(`[data-module="${component.moduleName}"]`)) {
    try {
      new component(place)
    } catch (error) {
      console.warn(error.message)
    }
  }
}

foldMenu()
foldFilters()
keepForms()
watchLive()
offerPlace()
warnBeforeLock()
listenForNews()
