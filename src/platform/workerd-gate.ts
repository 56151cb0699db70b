/** Counts the queue's jobs that run inside workerd, and lets no more begin once the process is asked to end. */
export class Gate {
  private running = 0
  isClosed = false
  private onIdle: (() => void)[] = []

  /** False: the job must not run. Its nudge may be lost, the cron of the next start finds the work. */
  begin(): boolean {
    if (this.isClosed) return false
    this.running++
    return true
  }

  end(): void {
    this.running = Math.max(0, this.running - 1)
    if (this.running === 0) for (const resolve of this.onIdle.splice(0)) resolve()
  }

  /** workerd crashed: none of the jobs that ran in it will end. */
  forget(): void {
    this.running = 1
    this.end()
  }

  /** Lets no more begin; resolves when nothing runs. */
  close(): Promise<void> {
    this.isClosed = true
    return this.running === 0 ? Promise.resolve() : new Promise((resolve) => this.onIdle.push(resolve))
  }
}
