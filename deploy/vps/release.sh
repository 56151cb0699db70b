# shellcheck shell=bash disable=SC2154
# A release is a folder that is complete when it has its name, and never changes after: opt/releases/<version>-<hash of its sources>.

sources=(src templates static migrations deploy docs package.json package-lock.json .npmrc tsconfig.json wrangler.toml .dev.vars.example
  README.md LICENSE)

release_id() {
  local version hash
  version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$from/package.json")
  hash=$(cd "$from" && find "${sources[@]}" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-12)
  echo "$version-$hash"
}

current_release() { basename "$(readlink "$opt/current" 2>/dev/null || true)"; }

build_release() {
  [ -d "$opt/releases/$id" ] || act "build release $id, beside whatever runs" build
}

build() {
  local building=$opt/releases/.building
  rm -rf "$building"
  mkdir "$building"
  tar -C "$from" -cf - "${sources[@]}" | tar -C "$building" --no-same-owner --no-same-permissions -xf -
  take_packages "$building"
  (cd "$building" && node deploy/vps/build.mjs) || stop "Release $id was not built, for the reason above. Nothing that runs was touched."
  [ -n "$root" ] || chown -R root:root "$building"
  mv -T "$building" "$opt/releases/$id"
}

# Of the release before, if it has the same lock file: it never changes, so links will do. Of the clone, if it is installed. Else npm fetches.
take_packages() {
  local before
  before=$opt/releases/$(current_release)
  if [ -d "$before/node_modules" ] && cmp -s "$from/package-lock.json" "$before/package-lock.json"; then
    cp -al "$before/node_modules" "$1/node_modules"
  elif packages_at_hand; then
    cp -a "$from/node_modules" "$1/node_modules"
  fi
}

# The clone has what its lock file names: deploy/install.mjs left the hash of it there, or npm, run by hand, wrote its own file last.
packages_at_hand() {
  local lock=$from/package-lock.json modules=$from/node_modules
  [ -x "$modules/.bin/node" ] || return 1
  if [ -e "$modules/.sms-admin-lock" ]; then
    [ "$(cat "$modules/.sms-admin-lock")" = "$(sha256sum <"$lock" | cut -d ' ' -f 1)" ]
  else
    [ -e "$modules/.package-lock.json" ] && [ ! "$lock" -nt "$modules/.package-lock.json" ]
  fi
}

# One rename: there is a current release at every moment.
switch_to() {
  ln -sfn "$opt/releases/$1" "$opt/current.new"
  mv -T "$opt/current.new" "$opt/current"
}

# The release before stays, to go back to.
remove_old_releases() {
  local each
  for each in "$opt/releases"/*; do
    case $(basename "$each") in
      "$id" | "$1") ;;
      *) rm -rf "$each" ;;
    esac
  done
  find "$data/backups" -maxdepth 1 -name 'before-upgrade-*' | sort | head -n -2 | while IFS= read -r each; do rm -rf -- "$each"; done
}
