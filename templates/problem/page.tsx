import type { Child } from 'hono/jsx'
import { Document, Tape } from '../document'
import { Layout, type LayoutProps } from '../layout'
import { Art } from '../ui/blank'
import { Brand } from '../ui/brand'
import { Icon } from '../ui/icon'
import { type ProblemWords, wordsFor } from './words'

type Props = {
  status: number
  /** What the server's log knows it by. */
  requestId: string
  /** `5:42 PM`, the organisation's time. */
  time?: string
  /** Better words than the status has, e.g. what a conflict was about. */
  words?: Partial<ProblemWords>
  assetVersion: string
  simulated: boolean
  /** Who is signed in; without it the page stands alone. */
  frame?: Pick<LayoutProps, 'user' | 'available' | 'sending' | 'current'>
}

export const ProblemPage = ({ status, requestId, time, words, assetVersion, simulated, frame }: Props) => {
  const said = { ...wordsFor(status), ...words }
  const act = frame || words?.act || said.act === null ? said.act : { href: '/login', label: 'To sign-in' }
  const problem = <Problem words={{ ...said, act }} ours={status >= 500} requestId={requestId} time={time} />
  if (frame) {
    return (
      <Layout title={said.title} assetVersion={assetVersion} simulated={simulated} {...frame}>
        {problem}
      </Layout>
    )
  }
  return (
    <Document title={said.title} assetVersion={assetVersion}>
      <header class="top">{simulated ? <Tape linked={false} /> : null}</header>
      <main class="main main-alone" id="main" tabindex={-1}>
        <p class="mb">
          <Brand href="/login" />
        </p>
        {problem}
      </main>
    </Document>
  )
}

type ProblemProps = { words: ProblemWords; ours: boolean; requestId: string; time?: string }

const Problem = ({ words, ours, requestId, time }: ProblemProps): Child => (
  <section class="card blank">
    <Art broken />
    <h1>{words.title}</h1>
    <p>{words.text}</p>
    {words.act ? (
      <div class="row">
        <a class="btn btn-go" href={words.act.href}>
          <Icon name="back" />
          {words.act.label}
        </a>
      </div>
    ) : null}
    <p class="fine">
      {ours ? 'If it happens again, give this to whoever runs the server: ' : 'Request '}
      <span class="raw">{requestId}</span>
      {time ? `, ${time}` : ''}
    </p>
  </section>
)
