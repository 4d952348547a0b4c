// How hard the words of a page are: Flesch and Kincaid's grade (Kincaid, Fishburne, Rogers and Chissom, Derivation of new
// readability formulas for Navy enlisted personnel, 1975), and five more for the age.

// Groups of vowels; a silent e at the end is none.
function syllables (word) {
  const groups = word.toLowerCase().replace(/(?:[^laeiouy]es|[^aeiouy]ed|[^laeiouy]e)$/, end => end[0]).match(/[aeiouy]+/g)
  return Math.max(1, groups ? groups.length : 0)
}

// texts: headings, paragraphs, labels, each at least one sentence. Names and numbers are no test of reading.
export function readingAge (texts) {
  let sentences = 0
  let words = 0
  let sounds = 0
  for (const text of texts) {
    for (const sentence of text.split(/[.!?:;]+(?:\s|$)/)) {
      const list = sentence.match(/\b[a-z][a-z']*\b/g)
      if (!list) continue
      sentences++
      words += list.length
      sounds += list.reduce((sum, word) => sum + syllables(word), 0)
    }
  }
  return { words, age: words === 0 ? 0 : 0.39 * words / sentences + 11.8 * sounds / words - 15.59 + 5 }
}

// What the page itself says: not tables, records, or what somebody typed.
export function ownTexts (page) {
  return page.evaluate(() => {
    const data = 'table, dd, mark, svg, .app-identity, .app-entries, .govuk-summary-list__value'
    return [...document.querySelectorAll('main :is(h1, h2, h3, p, li, label, legend, summary, .govuk-hint)')]
      .filter(element => !element.closest(data) && !element.querySelector('p, li, label')).map(element => element.innerText.trim()).filter(Boolean)
  })
}
