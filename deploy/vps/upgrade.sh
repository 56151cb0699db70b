# shellcheck shell=bash disable=SC2154
# From one release to another, and back where the new one does not answer.

deploy_release() {
  local old
  old=$(current_release)
  if [ -z "$old" ]; then
    # shellcheck disable=SC2034
    first=1
    act "migrate, write and enable the systemd units, start release $id, and wait until it answers" start_first
  elif [ "$old" != "$id" ]; then
    act "upgrade from release $old to $id: stop, back up, migrate, start, wait until it answers, and else go back" upgrade "$old"
  else
    install_units "$opt/releases/$id"
    enable_units
    if has_systemd && ! systemctl is-active --quiet "$(server_unit)"; then say "Look at: $(server_unit) is not running. sms-admin start"; fi
  fi
}

doctor() {
  local release=$1
  shift
  as_app "$opt/releases/$release" dist/doctor.js "$@"
}

start_first() {
  doctor "$id" --apply || stop "The database cannot be made, for the reason above. Mend it and run this again."
  switch_to "$id"
  install_units "$opt/releases/$id"
  enable_units
  start_and_ask || stop "Release $id does not answer. Mend what it says above, then: sms-admin restart. The first sign-in is admin, with the ADMIN_PASSWORD in $settings."
  ! has_systemd || systemctl start --no-block sms-backup.service
}

# workerd, where somebody chose it, stays the choice.
enable_units() {
  has_systemd || return 0
  systemctl is-enabled --quiet sms.service || systemctl is-enabled --quiet sms-workerd.service ||
    act "start sms.service and its timers at boot" systemctl enable --quiet sms.service sms-scheduler.timer sms-backup.timer
}

upgrade() {
  local old=$1 saved
  saved=$data/backups/before-upgrade-$(date -u +%Y-%m-%dT%H-%M-%SZ)
  if is_newer_than "$id"; then stop "The database is of a newer version than this clone. Install that one, or put an older backup back first."; fi
  trap 'roll_back "$old" "$saved" "It was interrupted."' INT TERM HUP
  ! has_systemd || stop_units
  save "$old" "$saved" || roll_back "$old" "$saved" "There is no upgrade without a backup."
  doctor "$id" --apply || roll_back "$old" "$saved" "The migrations failed, for the reason above."
  switch_to "$id"
  install_units "$opt/releases/$id"
  enable_units
  start_and_ask || roll_back "$old" "$saved" "Release $id does not answer."
  trap - INT TERM HUP
  say "The database from before is $saved.*, release $old stays beside."
  remove_old_releases "$old"
}

# Whether the database has migrations that a release does not know.
is_newer_than() { doctor "$1" --print | grep -q 'of a newer version'; }

# While nothing runs. workerd's data, which the doctor knows nothing of, is copied as it is.
save() {
  if [ -n "$(setting DATABASE_PATH)" ] && [ -e "$(setting DATABASE_PATH)" ]; then doctor "$1" --backup "$2.sqlite" || return 1; fi
  if has_systemd && [ "$(server_unit)" = sms-workerd.service ]; then cp -a "$data/workerd" "$2.workerd" || return 1; fi
}

# Only a database that was migrated is put back, by the fence of --restore: the new release may have sent meanwhile. Else nothing is lost.
roll_back() {
  local old=$1 saved=$2
  trap '' INT TERM HUP
  say "$3 Going back to release $old."
  end_trial
  ! has_systemd || stop_units
  if is_newer_than "$old"; then
    doctor "$old" --restore "$saved.sqlite" || stop "The database could not be put back. Nothing runs now: dbdoctor --restore $saved.sqlite, then sms-admin start"
  fi
  switch_to "$old"
  install_units "$opt/releases/$old"
  start_and_ask || stop "Release $old does not answer either, for the reason above."
  stop "Release $old runs as before. Release $id is beside it for a look: $opt/releases/$id"
}
