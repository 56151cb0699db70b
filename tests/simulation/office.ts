import { cancelBlast, pauseBlast, resumeBlast, retryBlast, undoBlast } from '../../src/blasts/acts'
import { countAudience } from '../../src/blasts/audience'
import { createBlast } from '../../src/blasts/blasts'
import { decideUnknown } from '../../src/deliveries/decisions'
import type { Deps } from '../../src/deps'
import type { Profile } from './profile'
import type { Server } from './server'
import type { Ground } from './store'
import type { World } from './world'

export const officePhone = '+13235559999'

const acts = {
  undo: undoBlast,
  pause: (deps: Deps, id: number) => pauseBlast(deps, id, { username: 'rosa', trail: [] }),
  resume: resumeBlast,
  cancel: cancelBlast,
  retry: retryBlast,
}
const actNames = Object.keys(acts) as (keyof typeof acts)[]

/** Staff: in a hurry, with two tabs, and never sure that a click was heard. */
export class Office {
  private readonly world: World
  private readonly profile: Profile
  private readonly ground: Ground
  private readonly servers: readonly Server[]

  constructor(world: World, profile: Profile, ground: Ground, servers: readonly Server[]) {
    this.world = world
    this.profile = profile
    this.ground = ground
    this.servers = servers
  }

  submit(number: number): void {
    const { world, profile } = this
    const { dice } = world
    const test = dice.chance(0.05)
    const messageBody = profile.sameWords ? 'Hi {first_name}' : `Hi {first_name|friend}, number ${number}`
    const twice = dice.chance(0.3)
    const send = async (): Promise<void> => {
      const made = await this.server().errand('staff', async (deps) => {
        const audience = { target: 'community', eventId: null, testPhone: test ? officePhone : null } as const
        const { fingerprint } = await countAudience(deps.db, audience)
        const excluded = { optedOut: 0, suppressed: 0, duplicates: 0 }
        const submissionId = `form ${number}`
        return createBlast(deps, {
          messageBody,
          audience,
          includeUnsubscribe: false,
          submissionId,
          fingerprint,
          excluded,
          createdBy: 'rosa',
          trail: () => [],
        })
      })
      if (made && made.kind !== 'changed') world.note('staff', `blast ${made.id} ${made.kind}`)
    }
    // An answer that does not come within seconds is a click that is made again.
    for (const delayMs of twice ? [0, dice.between(0, 50)] : [0]) world.at(delayMs, () => void send())
    for (const delayMs of [4000, 9000]) {
      world.at(delayMs, () => {
        if (this.ground.rows('SELECT 1 FROM message_logs WHERE submission_id = ?', `form ${number}`).length === 0 || dice.chance(0.1))
          void send()
      })
    }
  }

  /** Something at random, perhaps in both tabs, perhaps two things at once. */
  act(): void {
    const { world } = this
    const { dice } = world
    const undecided = this.undecided()
    if (undecided.length > 0 && dice.chance(0.7)) {
      this.decide(dice.pick(undecided))
      return
    }
    const blasts = this.ground.rows<{ id: number; status: string }>('SELECT id, status FROM message_logs')
    if (blasts.length === 0) return
    const { id, status } = dice.pick(blasts)
    if (status === 'held' && dice.chance(0.8)) return
    const likely = { held: 'undo', processing: dice.pick(['pause', 'cancel']), paused: 'resume', sent: 'retry', failed: 'retry' }[status]
    for (let tabs = dice.pick([1, 1, 2, 3]); tabs > 0; tabs--) this.press((dice.chance(0.7) && likely) || dice.pick(actNames), id)
  }

  press(name: string, id: number): void {
    const act = acts[name as keyof typeof acts]
    this.world.note('staff', `${name} blast ${id}`)
    void this.server().errand('staff', (deps) => act(deps, id))
  }

  decide({ id, logId }: { id: number; logId: number }): void {
    const { dice } = this.world
    for (let tabs = dice.pick([1, 1, 2]); tabs > 0; tabs--) {
      const decision = dice.pick(['arrived', 'again', 'gave_up'] as const)
      this.world.note('staff', `#${id}: ${decision}`)
      void this.server().errand(decision === 'again' ? 'again' : 'staff', (deps) => decideUnknown(deps, logId, id, decision))
    }
  }

  undecided(): { id: number; logId: number }[] {
    return this.ground.rows(`SELECT id, log_id AS "logId" FROM message_deliveries WHERE status = 'unknown' AND needs_person = 1`)
  }

  private server(): Server {
    return this.world.dice.pick(this.servers)
  }
}
