import { raw } from 'hono/html'
import type { PropsWithChildren } from 'hono/jsx'
import { Icon } from './ui/icon'

/** An error's page is a whole page: it never goes into the middle of another one. `hx-status:422` lets one in where it is meant. */
const htmxConfig = JSON.stringify({ includeIndicatorCSS: false, prefix: '', history: 'reload', noSwap: [204, 304, '4xx', '5xx'] })

export type DocumentProps = PropsWithChildren<{
  title: string
  /** Part of every asset's path, so that they may be kept for ever. */
  assetVersion: string
}>

export const Document = ({ title, assetVersion, children }: DocumentProps) => {
  const asset = (path: string) => `/static/${assetVersion}/${path}`
  return (
    <>
      {raw('<!doctype html>')}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
          <meta name="color-scheme" content="light dark" />
          <meta name="htmx-config" content={htmxConfig} />
          <title>{`${title} · SMS Admin`}</title>
          <link rel="icon" type="image/svg+xml" href={asset('mark.svg')} />
          <link rel="stylesheet" href={asset('app.css')} />
          <script src={asset('vendor/htmx.min.js')} defer />
          <script type="module" src={asset('app.js')} />
        </head>
        <body>
          <a class="skip" href="#main">
            Skip to content
          </a>
          {children}
        </body>
      </html>
    </>
  )
}

/** First on every page while texts go to the pretend phones only. */
export const Tape = ({ linked = true }: { linked?: boolean }) => (
  <p class="tape">
    <Icon name="phone" />
    <span>
      <strong>Simulated:</strong> nothing leaves this machine.{' '}
      {linked ? (
        <a href="/simulator">
          <span class="only-desk">See the phones</span>
          <span class="only-phone">Phones</span>
        </a>
      ) : null}
    </span>
  </p>
)
