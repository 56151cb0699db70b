import { type Dials, defaultDials } from './dials'

const busyMs = 30_000

export const presets = ['normal', 'busy', 'sender', 'lost', 'receipts', 'flaky'] as const
export type Preset = (typeof presets)[number]
/** `custom`: dial by dial. */
export type DialChoice = Preset | 'custom'

/** What a preset sets; all else goes back to normal. */
export function dialsOf(preset: Preset, now: number): Dials {
  const dials = { ...defaultDials, preset }
  switch (preset) {
    case 'normal':
      return dials
    case 'busy':
      return { ...dials, busyUntil: now + busyMs }
    case 'sender':
      return { ...dials, refusesSender: true }
    case 'lost':
      return { ...dials, lostAfter: 100 }
    case 'receipts':
      return { ...dials, receipts: 'shuffled', doubled: true }
    case 'flaky':
      return { ...dials, unreachable: 5, lostBefore: 5, lostAfter: 5, serverErrors: 5, undeliverable: 5 }
  }
}

/** Which choice stands now; being too busy passes by itself. */
export function choiceOf({ preset, busyUntil }: Dials, now: number): DialChoice {
  if (preset === 'custom') return 'custom'
  if (preset === 'busy' && now >= busyUntil) return 'normal'
  return presets.find((name) => name === preset) ?? 'normal'
}
