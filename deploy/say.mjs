/** A line for the person at the terminal. */
export const say = (line) => process.stdout.write(`${line}\n`)

/** What went wrong and what to do, in one line; then the end. */
export function stop(line) {
  process.stderr.write(`${line}\n`)
  process.exit(1)
}
