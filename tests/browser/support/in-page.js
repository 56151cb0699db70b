/* Runs in the page, before anything of its own: what only the page itself can measure. */

const leastPx = 43.5
const controls = 'a[href], button, summary, input:not([type=hidden]), select, textarea'
const words = (element) => element.outerHTML.slice(0, 160)
const labelsOf = (control) => [...(control.labels ?? [])]

/** What no window may do: scroll sideways, or show more or less than one h1. */
function shapeFaults() {
  const faults = []
  const { scrollWidth } = document.documentElement
  if (scrollWidth > innerWidth) faults.push(`${scrollWidth} px wide in a window of ${innerWidth}`)
  const titles = [...document.querySelectorAll('h1')].filter((title) => title.checkVisibility())
  if (titles.length !== 1) faults.push(`${titles.length} h1`)
  return faults
}

/** What takes the tap beside the control itself: the label of a box, the card that a link's ::after lies on. */
function areasOf(control) {
  const areas = [control, ...(/checkbox|radio/.test(control.type) ? labelsOf(control) : [])]
  if (getComputedStyle(control, '::after').position !== 'absolute') return areas
  let card = control.parentElement
  while (card && getComputedStyle(card).position === 'static') card = card.parentElement
  return card ? [...areas, card] : areas
}

/** A link within a sentence is as high as its line. */
function isInSentence(control) {
  const around = control.closest('p, li, dd, dt, td, small, label, h1, h2, h3')
  return getComputedStyle(control).display === 'inline' && around?.textContent.trim() !== control.textContent.trim()
}

function isSmall(area) {
  const { width, height } = area.getBoundingClientRect()
  return width < leastPx || height < leastPx
}

/** Whether a tap in its middle is for another one, or it shows nothing even when it has the focus. */
function isUnder(control) {
  control.focus()
  control.scrollIntoView({ block: 'center', inline: 'center' })
  const { left, top, width, height } = control.getBoundingClientRect()
  const hit = document.elementFromPoint(left + width / 2, top + height / 2)
  return hit !== null && ![control, ...labelsOf(control)].some((one) => one.contains(hit) || hit.contains(one))
}

/** Every control that a thumb would miss. */
function missedTargets() {
  const shown = [...document.querySelectorAll(controls)].filter((control) => control.checkVisibility({ visibilityProperty: true }))
  const small = shown
    .filter((control) => control.getBoundingClientRect().width > 0 && !isInSentence(control) && areasOf(control).every(isSmall))
    .map((control) => {
      const { width, height } = control.getBoundingClientRect()
      return `${Math.round(width)} × ${Math.round(height)} px: ${words(control)}`
    })
  const under = shown.filter(isUnder).map((control) => `under something else: ${words(control)}`)
  document.activeElement.blur()
  scrollTo(0, 0)
  return [...small, ...under]
}

function unfold() {
  for (const details of document.querySelectorAll('details')) details.open = true
}

const seen = new WeakSet()

/** Where the keyboard stands, and why nobody would see it there; null outside of the page and where it has been. */
function focusStop() {
  const at = document.activeElement
  if (at === document.body || seen.has(at)) return null
  seen.add(at)
  const label = at.closest('label')
  const isRinged = [at, label].some((one) => {
    const { outlineStyle, outlineWidth } = one ? getComputedStyle(one) : { outlineStyle: 'none', outlineWidth: '0' }
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2
  })
  const { left, top, right, bottom } = at.getBoundingClientRect()
  // Of a box larger than the window the middle of what shows.
  const x = (Math.max(0, left) + Math.min(innerWidth, right)) / 2
  const y = (Math.max(0, top) + Math.min(innerHeight, bottom)) / 2
  const hit = document.elementFromPoint(x, y)
  const isOnTop = hit !== null && (at.contains(hit) || hit.contains(at) || label?.contains(hit) === true)
  const why = [isRinged ? '' : 'no ring', isOnTop ? '' : `under ${hit ? words(hit) : 'nothing'}`].filter(Boolean).join(', ')
  return { why, at: words(at) }
}

globalThis.inPage = { shapeFaults, missedTargets, unfold, focusStop }
