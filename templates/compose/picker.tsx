import type { TemplateChoice } from '../../src/message-templates/queries'
import type { FormState } from '../../src/web/form'
import { Fault, wiring } from '../ui/field'
import { excerpt } from '../ui/format'

/** Which template would take the place of which text. */
export type Replacing = { by: string; text: string }

type Props = { form: FormState; templates: readonly TemplateChoice[]; replacing?: Replacing }

/** Texts to begin with. Below the box: who writes at once does not pass them. */
export const TemplatePicker = ({ form, templates, replacing }: Props) => (
  <>
    {form.values.template_id ? <input type="hidden" name="template_id" value={form.values.template_id} /> : null}
    <Fault form={form} name="template" />
    {templates.length > 0 ? <Pick form={form} templates={templates} replacing={replacing} /> : null}
    {replacing ? (
      <p class="fine" id="replacing" role="status">
        “{replacing.by}” takes the place of what is in the box: “{excerpt(replacing.text, 80)}”
      </p>
    ) : null}
  </>
)

const Pick = ({ form, templates, replacing }: Props) => {
  const chosen = form.values.template ?? form.values.template_id
  return (
    <div class="pick-template">
      <label class="vh" for="template">
        Template
      </label>
      <select {...wiring({ form, name: 'template', describedBy: replacing ? 'replacing' : undefined })} name="template">
        <option value="">Choose a template</option>
        {templates.map(({ id, name }) => (
          <option value={String(id)} selected={String(id) === chosen}>
            {name}
          </option>
        ))}
      </select>
      <button
        class="btn"
        type="submit"
        name="use_template"
        value={replacing ? 'replace' : 'empty'}
        formaction="/dashboard/edit"
        formnovalidate
        autofocus={replacing !== undefined}
      >
        {replacing ? 'Replace my text' : 'Use it'}
      </button>
    </div>
  )
}
