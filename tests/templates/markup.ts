/** What a template writes. */
export const html = (node: unknown): string => String(node)

/** Every value of an attribute, in order. */
export const attributes = (markup: string, name: string): string[] =>
  [...markup.matchAll(new RegExp(`\\s${name}="([^"]*)"`, 'g'))].map((match) => match[1] ?? '')
