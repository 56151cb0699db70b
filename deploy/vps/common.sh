# shellcheck shell=bash
# What the installer and the command `sms-admin` share. `root` is empty on a server, and a folder of its own in a trial (--prefix).

# shellcheck disable=SC2034
set_paths() {
  root=${1%/}
  opt=$root/opt/sms-admin
  settings=$root/etc/sms-admin/sms-admin.env
  tls=$root/etc/sms-admin/tls
  data=$root/var/lib/sms-admin
  units=$root/etc/systemd/system
  bin=$root/usr/local/bin
}

say() { printf '%s\n' "$*"; }

# What went wrong and what to do, in one line; then the end.
stop() {
  printf '%s\n' "$*" >&2
  exit 1
}

has_systemd() { [ -z "$root" ] && [ -d /run/systemd/system ]; }

# What serves: Node, unless somebody enabled workerd instead.
server_unit() {
  if systemctl is-enabled --quiet sms-workerd.service 2>/dev/null; then echo sms-workerd.service; else echo sms.service; fi
}

start_units() {
  if [ "$(server_unit)" = sms-workerd.service ]; then systemctl start sms-workerd.service
  else systemctl start sms.service sms-scheduler.timer sms-backup.timer; fi
}

# Waits for what is on its way to the provider. The daily backup may go on.
stop_units() { systemctl stop sms-scheduler.timer sms-scheduler.service sms.service sms-workerd.service; }

# as_app RELEASE PROGRAM [ARGUMENTS]: as the user of the service and with its settings; nothing of the caller's environment gets in.
as_app() { (become_app "$@"); }

# The same in the place of this shell: what is started in the background has to get its signals itself.
become_app() {
  local release=$1 program=$2
  shift 2
  local run=(env -i PATH=/usr/bin:/bin HOME="$data" INIT_CWD="$PWD" DOCTOR_COMMAND=dbdoctor SETTINGS_FILE="$settings"
    "$release/node_modules/.bin/node" --env-file="$settings" --enable-source-maps "$program" "$@")
  if [ -z "$root" ] && [ "$(id -un)" != smsadmin ]; then
    [ "$(id -u)" = 0 ] || stop "The settings and the data belong to smsadmin: run this with sudo."
    run=(setpriv --reuid=smsadmin --regid=smsadmin --init-groups --inh-caps=-all --no-new-privs -- "${run[@]}")
  fi
  cd "$release" || exit
  umask 077
  exec "${run[@]}"
}

health_seconds=45

# Starts the current release and waits until it answers. Without systemd that is a trial: it is stopped again.
trial=0
start_and_ask() {
  local asking answered=0
  if has_systemd; then
    start_units || { tell_last_words; return 1; }
  else
    (become_app "$opt/current" dist/server.js) </dev/null 9>&- &
    trial=$!
  fi
  (become_app "$opt/current" deploy/vps/health.mjs "$health_seconds") &
  asking=$!
  while kill -0 "$asking" 2>/dev/null; do
    if is_dead; then kill "$asking" 2>/dev/null || true; fi
    sleep 0.2
  done
  wait "$asking" || answered=1
  [ "$answered" = 0 ] || tell_last_words
  end_trial
  if [ "$answered" = 0 ] && ! has_systemd; then say "It answers. No systemd runs here, so it is stopped again: sms-admin start serves."; fi
  return "$answered"
}

end_trial() {
  [ "$trial" != 0 ] || return 0
  kill -TERM "$trial" 2>/dev/null || true
  wait "$trial" || true
  trial=0
}

# systemd tries again and again; the first death is the answer.
is_dead() {
  has_systemd || { ! kill -0 "$trial" 2>/dev/null; return; }
  case $(systemctl show --property SubState --value "$(server_unit)") in
    auto-restart* | failed | dead) ;;
    *) return 1 ;;
  esac
}

# What the server said before it died: a setting that is wrong is named there. A trial has said it here already.
tell_last_words() {
  has_systemd || return 0
  local invocation
  invocation=$(systemctl show --property InvocationID --value "$(server_unit)")
  journalctl --no-pager --quiet --output cat --lines 20 "_SYSTEMD_INVOCATION_ID=$invocation" >&2 || true
}
