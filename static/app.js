// Everything here is a convenience: each page does its work without it.

const menus = 'details.menu[open], .tabs details[open]'

document.addEventListener('click', (event) => {
  if (!(event.target instanceof Element)) return
  for (const menu of document.querySelectorAll(menus)) {
    if (!menu.contains(event.target)) menu.open = false
  }
  const chip = event.target.closest('[data-insert]')
  if (chip instanceof HTMLElement) insertField(chip)
})

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return
  for (const menu of document.querySelectorAll(menus)) {
    if (menu.contains(document.activeElement)) menu.querySelector('summary').focus()
    menu.open = false
  }
})

/** A box nobody was in yet has its cursor at 0, where nobody would write on. */
const visited = new WeakSet()
document.addEventListener('focusin', ({ target }) => visited.add(target))

/** Puts `data-insert` where the cursor stands in the textarea that `data-into` names, and lets the counter know. */
function insertField({ dataset }) {
  const box = document.getElementById(dataset.into)
  if (!(box instanceof HTMLTextAreaElement)) return
  if (!visited.has(box)) box.setSelectionRange(box.value.length, box.value.length)
  box.setRangeText(dataset.insert, box.selectionStart, box.selectionEnd, 'end')
  box.focus()
  box.dispatchEvent(new Event('input', { bubbles: true }))
}

/** Day and time are meant on the clock of whoever writes, where the form does not know another one already. */
for (const field of document.querySelectorAll('input[data-zone][value=""]')) {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  if (!timeZone) continue
  field.value = timeZone
  const name = field.form.querySelector('[data-zone-name]')
  if (name) name.textContent = timeZone.split('/').at(-1).replaceAll('_', ' ')
}

/** When something is on the clock of whoever looks, where neither the page's nor UTC shows the same. */
function addOwnTimes() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  for (const time of document.querySelectorAll('time[data-page-zone]:empty')) {
    const at = new Date(time.dateTime)
    const tell = (zone, options) => at.toLocaleString('en-US', { timeZone: zone, ...options })
    const day = (zone) => tell(zone, { month: 'short', day: 'numeric' })
    const clock = (zone) => tell(zone, { hour: 'numeric', minute: '2-digit' })
    const { pageZone } = time.dataset
    if (!timeZone || [pageZone, 'UTC'].some((zone) => day(zone) === day(timeZone) && clock(zone) === clock(timeZone))) continue
    const words = [...(day(timeZone) === day(pageZone) ? [] : [day(timeZone)]), clock(timeZone)].join(', ')
    time.textContent = `${words} ${timeZone.split('/').at(-1).replaceAll('_', ' ')}${pageZone === 'UTC' ? '' : ' · '}`
  }
}
addOwnTimes()
document.addEventListener('htmx:after:swap', addOwnTimes)

/** The page's clock against the server's: a wrong clock on a phone must not show a wrong number of seconds. */
const skews = new WeakMap()

function stepClocks() {
  for (const clock of document.querySelectorAll('[role="timer"][data-until]')) {
    if (!skews.has(clock)) skews.set(clock, Date.now() - Number(clock.dataset.now))
    const left = Math.max(0, Math.ceil((Number(clock.dataset.until) + skews.get(clock) - Date.now()) / 1000))
    const digits = clock.querySelector('text')
    if (digits.textContent.trim() === String(left)) continue
    digits.textContent = left
    const share = Math.min(1, left / Number(clock.dataset.seconds))
    clock.querySelector('.clock-hand').setAttribute('stroke-dasharray', `${(share * 138.2).toFixed(1)} 138.3`)
    if (left === 0) clock.dispatchEvent(new CustomEvent('hold:over', { bubbles: true }))
  }
}

/** What the browser puts back by itself (Back, Reload) is counted as if it was typed: in a turn of its own, after htmx has begun to listen. */
addEventListener('pageshow', () => setTimeout(countAgain))

function countAgain() {
  for (const box of document.querySelectorAll('textarea')) {
    if (box.value !== box.defaultValue) box.dispatchEvent(new Event('input', { bubbles: true }))
  }
}

// Also finds clocks that come later with a part of a page.
setInterval(stepClocks, 1000)
