#!/usr/bin/env bash
# SMS Admin on a Debian server: installs, upgrades (the same command in a newer clone) and uninstalls. docs/deployment.md goes through it.
set -Eeuo pipefail
umask 022
trap 'printf "%s stopped at line %s: %s\n" "${BASH_SOURCE[0]}" "$LINENO" "$BASH_COMMAND" >&2' ERR

from=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source-path=SCRIPTDIR/..
. "$from/deploy/vps/common.sh"
. "$from/deploy/vps/place.sh"
. "$from/deploy/vps/release.sh"
. "$from/deploy/vps/upgrade.sh"
. "$from/deploy/vps/uninstall.sh"

usage() {
  cat <<'END'
  deploy/install.sh [--domain NAME] [--no-nginx] [--from CLONE] [--dry-run] [--prefix DIR]
  deploy/install.sh uninstall [--dry-run] [--prefix DIR]

  --domain NAME   where staff and Twilio reach it, such as sms.example.org; needed once
  --no-nginx      you bring the proxy with https yourself
  --from CLONE    installs that tree instead of the one this file is in
  --dry-run       tells what would be done, and touches nothing
  --prefix DIR    a trial below DIR: no user is made, no unit started
END
}

changes=0
dry_run=0
# Every change goes through here: told, and in a dry run only told.
act() {
  local words=$1
  shift
  changes=$((changes + 1))
  if [ "$dry_run" = 1 ]; then
    say "would $words"
  else
    say "$words"
    "$@"
  fi
}

mode=install domain='' nginx=1 prefix=''
value() { [ -n "${2:-}" ] || stop "$1 needs a value: see --help."; }
while [ $# -gt 0 ]; do
  case $1 in
    uninstall) mode=uninstall ;;
    --domain | --from | --prefix)
      value "$@"
      case $1 in
        --domain) domain=$2 ;;
        --from) from=$(realpath -e "$2" 2>/dev/null) || stop "There is no folder $2." ;;
        --prefix) prefix=$(realpath -m "$2") ;;
      esac
      shift
      ;;
    --no-nginx) nginx=0 ;;
    --dry-run) dry_run=1 ;;
    --help | -h) usage && exit ;;
    *) stop "There is no option $1: see --help." ;;
  esac
  shift
done
set_paths "$prefix"

install_all() {
  check_machine
  choose_domain
  make_user
  make_folders
  build_release
  write_settings
  # Before anything starts: the first backup is `sms-admin backup`.
  link_commands
  deploy_release
  write_site
  tell_end
}

[ -n "$root" ] || [ "$(id -u)" = 0 ] || stop "This changes the system: run it with sudo. --prefix DIR tries it without."
if [ "$dry_run" = 0 ]; then
  mkdir -p "$root/run/lock"
  exec 9>"$root/run/lock/sms-admin-install"
  flock -n 9 || stop "Another install, upgrade or uninstall is under way."
fi
if [ "$mode" = uninstall ]; then uninstall; else install_all; fi
exit
