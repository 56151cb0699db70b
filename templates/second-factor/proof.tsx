import type { FormState } from '../../src/web/form'
import { FaultSummary } from '../ui/fault-summary'
import { PageHead } from '../ui/head'
import { ProofFields } from './fields'
import { proofs } from './words'

export const ProofPage = ({ form, what }: { form: FormState; what: keyof typeof proofs }) => {
  const { title, path, says, act, leave, danger } = proofs[what]
  return (
    <>
      <PageHead title={title} crumb={{ href: '/account/second-factor', label: 'Sign-in code' }} />
      <FaultSummary form={form} />
      <form class="card stack narrow" method="post" action={path}>
        <p>{says}</p>
        <ProofFields form={form} hint="The six digits your app shows now, or a recovery code." />
        <div class="row">
          <button class={danger ? 'btn btn-danger' : 'btn btn-go'} type="submit">
            {act}
          </button>
          <a class="btn btn-plain" href="/account/second-factor">
            {leave}
          </a>
        </div>
      </form>
    </>
  )
}
