import { expect, it } from 'vitest'
import { Gate } from '../../src/platform/workerd-gate'

it('waits for the jobs that run', async () => {
  const gate = new Gate()
  gate.begin()
  gate.begin()
  let idle = false
  const closing = gate.close().then(() => {
    idle = true
  })
  gate.end()
  await Promise.resolve()
  expect(idle).toBe(false)
  gate.end()
  await closing
  expect(idle).toBe(true)
})

it('lets no job begin once it is closed', async () => {
  const gate = new Gate()
  expect(gate.begin()).toBe(true)
  gate.end()
  await gate.close()
  expect(gate.begin()).toBe(false)
})

it('does not wait for jobs that a crash took along', async () => {
  const gate = new Gate()
  gate.begin()
  gate.begin()
  const closing = gate.close()
  gate.forget()
  await closing
  expect(gate.begin()).toBe(false)
})

it('counts no job that ends twice', async () => {
  const gate = new Gate()
  gate.begin()
  gate.forget()
  gate.end()
  gate.begin()
  let idle = false
  const closing = gate.close().then(() => {
    idle = true
  })
  await Promise.resolve()
  expect(idle).toBe(false)
  gate.end()
  await closing
})
