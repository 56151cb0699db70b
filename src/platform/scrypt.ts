import { scrypt as nodeScrypt } from 'node:crypto'
import type { Deps } from '../deps'

/** node:crypto's scrypt, the same on Node and workerd; beyond N=16384 it wants `maxmem` raised. */
export const scrypt: Deps['scrypt'] = (password, salt, { n, r, p }, length) =>
  new Promise((resolve, reject) => {
    nodeScrypt(password, salt, length, { N: n, r, p, maxmem: 128 * n * r * 2 }, (fault, key) => (fault ? reject(fault) : resolve(key)))
  })
