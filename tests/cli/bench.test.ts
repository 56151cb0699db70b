import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { PagesResult } from '../../src/cli/bench/pages'
import type { Blast } from '../../src/cli/bench/report'

/** The command itself, with numbers that are over in seconds. */
async function bench<T>(...args: string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, ['deploy/run.mjs', 'bench', ...args, '--json'])
  return JSON.parse(stdout.slice(stdout.indexOf('[')))[0]
}

describe('npm run bench', () => {
  it.each(['twilio', 'simulator'])('sends a whole blast through %s and counts what it did', async (provider) => {
    const args = ['--recipients', '60', '--concurrency', '7', '--latency', '10', '--provider', provider]
    const result = await bench<Blast>('blast', ...args)
    expect(result).toMatchObject({ recipients: 60, concurrency: 7, latencyMs: 10, limit: 700, taken: 60, counts: { accepted: 60 } })
    expect(Object.values(result.counts).reduce((sum, n) => sum + n)).toBe(60)
    expect(result.perSecond * result.seconds).toBeCloseTo(60)
    expect(result.bare === null).toBe(provider === 'simulator')
    for (const measured of [result.cpuMsPerMessage, result.peakRssMb, result.writesPerMessage]) expect(measured).toBeGreaterThan(0)
  })

  it('asks a real server for every page of a database of the size it was told', async () => {
    const sizes = ['--members', '300', '--blasts', '4', '--deliveries', '500', '--largest', '120', '--opt-outs', '9']
    const { pages, ...result } = await bench<PagesResult>('pages', ...sizes, '--seconds', '0.05')
    expect(result).toMatchObject({ members: 300, blasts: 4, deliveries: 500, largest: 120, optOuts: 9 })
    expect(pages.map(({ path }) => path)).toContain('/logs/4')
    for (const { bytes, cpuMsPerRequest, alone, crowd } of pages) {
      expect(cpuMsPerRequest ?? 0).toBeGreaterThanOrEqual(0)
      expect(bytes).toBeGreaterThan(0)
      expect(alone.requests).toBeGreaterThanOrEqual(1)
      expect(crowd.requests).toBeGreaterThanOrEqual(crowd.connections)
      expect(alone.medianMs).toBeLessThanOrEqual(alone.p95Ms)
    }
  })

  it('refuses an option that is no number, in a line', async () => {
    await expect(bench('blast', '--recipients', 'many')).rejects.toThrow(/--recipients is not a number: many/)
  })
})
