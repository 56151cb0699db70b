import type { PropsWithChildren } from 'hono/jsx'
import { Document, Tape } from './document'

type Props = PropsWithChildren<{ title: string; assetVersion: string; simulated: boolean }>

/** The page in front of the app, with the wall on which everyone was counted. */
export const Door = ({ title, assetVersion, simulated, children }: Props) => (
  <Document title={title} assetVersion={assetVersion}>
    <div class="door">
      <header class="top">{simulated ? <Tape linked={false} /> : null}</header>
      <main class="door-form" id="main" tabindex={-1}>
        <div class="stack stack-l">{children}</div>
      </main>
      <div class="door-wall">
        <Wall />
      </div>
    </div>
  </Document>
)

const columns = 6
const fullGates = 38
const barsInLastGate = 3

const Wall = () => (
  <svg aria-hidden="true" viewBox="0 0 900 1000" preserveAspectRatio="xMidYMid slice" fill="none" stroke-linecap="round" stroke-width="6">
    <path
      class="wall-bar"
      d={strokes((gate) => [0, 1, 2, 3].slice(0, gate < fullGates ? 4 : barsInLastGate).map((bar) => barPath(gate, bar)))}
    />
    <path class="wall-slash" d={strokes((gate) => (gate < fullGates ? [slashPath(gate)] : []))} />
  </svg>
)

function strokes(draw: (gate: number) => string[]): string {
  return Array.from({ length: fullGates + 1 }, (_, gate) => draw(gate).join('')).join('')
}

/** Unevenness of a hand, the same at every visit: -1 to 1. */
function wobble(seed: number): number {
  const turn = Math.sin(seed * 12.9898) * 43758.5453
  return (turn - Math.floor(turn)) * 2 - 1
}

const corner = (gate: number) => ({ x: 64 + (gate % columns) * 142, y: 88 + Math.floor(gate / columns) * 124 })
const at = (n: number): string => n.toFixed(1)

function barPath(gate: number, bar: number): string {
  const { x, y } = corner(gate)
  const seed = gate * 20 + bar * 4
  const left = x + bar * 19.3 + wobble(seed) * 2
  return `M${at(left)} ${at(y + wobble(seed + 1) * 2.3)}L${at(left + wobble(seed + 2) * 2.6)} ${at(y + 66 + wobble(seed + 3) * 2.6)}`
}

function slashPath(gate: number): string {
  const { x, y } = corner(gate)
  const seed = gate * 20 + 16
  return `M${at(x - 13 + wobble(seed) * 2)} ${at(y + 50 + wobble(seed + 1) * 3)}L${at(x + 73 + wobble(seed + 2) * 2.5)} ${at(y + 11 + wobble(seed + 3) * 2.5)}`
}
