import type { Child, PropsWithChildren } from 'hono/jsx'
import type { FormState } from '../../src/web/form'
import { Icon } from './icon'

type Common = {
  form: FormState
  name: string
  label: Child
  hint?: Child
  /** Defaults to the name; give one where a name stands twice on a page. */
  id?: string
  required?: boolean
  /** Adds an element that describes the field, e.g. a counter's id. */
  describedBy?: string
}

const idOf = ({ id, name }: Pick<Common, 'id' | 'name'>): string => id ?? name

/** What makes a refused field known to a screen reader, for inputs of one's own making. */
export function wiring(field: Pick<Common, 'form' | 'name' | 'id' | 'hint' | 'describedBy'>) {
  const id = idOf(field)
  const refused = field.form.faults[field.name] !== undefined
  const described = [field.hint ? `${id}-hint` : '', refused ? `${id}-fault` : '', field.describedBy ?? ''].filter(Boolean).join(' ')
  return { id, 'aria-invalid': refused ? ('true' as const) : undefined, 'aria-describedby': described || undefined }
}

export const Fault = ({ form, name, id }: Pick<Common, 'form' | 'name' | 'id'>) =>
  form.faults[name] === undefined ? null : (
    <p class="fault" id={`${idOf({ id, name })}-fault`}>
      <Icon name="warning" />
      {form.faults[name]}
    </p>
  )

const Frame = ({ field, children }: PropsWithChildren<{ field: Common }>) => (
  <div class="field">
    <label for={idOf(field)}>{field.label}</label>
    {field.hint ? (
      <p class="hint" id={`${idOf(field)}-hint`}>
        {field.hint}
      </p>
    ) : null}
    <Fault form={field.form} name={field.name} id={field.id} />
    {children}
  </div>
)

type FieldProps = Common & {
  type?: 'text' | 'password' | 'tel' | 'search' | 'date' | 'time' | 'number' | 'file'
  autocomplete?: string
  inputmode?: 'text' | 'tel' | 'numeric' | 'search'
  placeholder?: string
  maxlength?: number
  /** For files. */
  accept?: string
  /** For words that are not prose: user names, phones. */
  plain?: boolean
  /** An attribute set of one's own, e.g. htmx's. */
  extra?: Record<string, string>
}

export const Field = (props: FieldProps) => {
  const { form, name, type = 'text', required, plain, extra } = props
  const kept = type === 'password' || type === 'file' ? undefined : form.values[name]
  return (
    <Frame field={props}>
      <input
        {...wiring(props)}
        name={name}
        type={type}
        value={kept}
        required={required}
        autocomplete={props.autocomplete}
        inputmode={props.inputmode}
        placeholder={props.placeholder}
        maxlength={props.maxlength}
        accept={props.accept}
        autocapitalize={plain ? 'none' : undefined}
        spellcheck={plain ? false : undefined}
        {...extra}
      />
    </Frame>
  )
}

type TextAreaProps = Common & { rows?: number; maxlength?: number; placeholder?: string; extra?: Record<string, string> }

export const TextArea = (props: TextAreaProps) => (
  <Frame field={props}>
    <textarea
      {...wiring(props)}
      name={props.name}
      rows={props.rows ?? 5}
      maxlength={props.maxlength}
      placeholder={props.placeholder}
      required={props.required}
      {...props.extra}
    >
      {/* A browser drops the first line break of a textarea; this one is there to be dropped. */}
      {`\n${props.form.values[props.name] ?? ''}`}
    </textarea>
  </Frame>
)

export type Option = { value: string; label: string }

export const Select = (props: Common & { options: readonly Option[]; extra?: Record<string, string> }) => (
  <Frame field={props}>
    <select {...wiring(props)} name={props.name} required={props.required} {...props.extra}>
      {props.options.map(({ value, label }) => (
        <option value={value} selected={value === props.form.values[props.name]}>
          {label}
        </option>
      ))}
    </select>
  </Frame>
)
