import { cheapCost, createHarness } from '../support/harness'

/** Every hash at the cost of the tests' own, and a count of how many passwords were worked on. */
export async function createCheapHarness(settings: Record<string, string> = {}) {
  const h = await createHarness(settings)
  const work = { done: 0 }
  const { scrypt } = h.deps
  h.deps.scrypt = (text, salt, _cost, length) => {
    work.done++
    return scrypt(text, salt, cheapCost, length)
  }
  return { ...h, work }
}

export const location = (answer: Response) => answer.headers.get('location')
