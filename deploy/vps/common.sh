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
