/** What one look at the installation found. `note`: worth knowing, and no fault. */
export type Check = {
  name: string
  state: 'ok' | 'note' | 'fault'
  what: string
  /** What to do, for whoever has a shell. */
  mend?: string
}

export const ok = (name: string, what: string): Check => ({ name, state: 'ok', what })
export const note = (name: string, what: string, mend?: string): Check => ({ name, state: 'note', what, ...(mend ? { mend } : {}) })
export const fault = (name: string, what: string, mend: string): Check => ({ name, state: 'fault', what, mend })

/** A fault where the app works for people, a note where somebody tries it out. */
export const faultIf = (serious: boolean, name: string, what: string, mend: string): Check => ({
  name,
  state: serious ? 'fault' : 'note',
  what,
  mend,
})

/** The command as a clone calls it. A server has another name for it: who prints a mend has to say that one (src/cli/doctor/context.ts). */
export const doctor = 'npm run doctor --'

const labels = { ok: 'ok', note: 'note', fault: 'FAULT' } as const

/** `FAULT  backup       No backup is known. npm run doctor -- --backup FILE makes one.` */
export const lineOf = ({ name, state, what, mend }: Check): string =>
  `${labels[state].padEnd(5)}  ${name.padEnd(11)}  ${what}${mend ? ` ${mend}` : ''}`

export const isSound = (checks: readonly Check[]): boolean => checks.every(({ state }) => state !== 'fault')

/** `3 minutes`, `2 hours`, `5 days`. */
export function spanWords(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 120) return minutes === 1 ? '1 minute' : `${minutes} minutes`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`
}
