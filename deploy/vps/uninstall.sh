# shellcheck shell=bash disable=SC2154
# Takes away what the installer brought. Settings, data and backups stay.

uninstall() {
  local unit files=() path
  for unit in "$units"/sms.service "$units"/sms-{scheduler,backup}.{service,timer} "$units"/sms-workerd.service; do
    [ ! -e "$unit" ] || files+=("$unit")
  done
  if has_systemd && [ ${#files[@]} -gt 0 ]; then act "stop and disable the units" disable_units "${files[@]}"; fi
  for path in "${files[@]}" "$bin/sms-admin" "$bin/dbdoctor" "$root/etc/nginx/sites-enabled/sms-admin" \
    "$root/etc/nginx/sites-available/sms-admin" "$root/var/cache/sms-admin" "$opt"; do
    if [ -e "$path" ] || [ -L "$path" ]; then act "remove $path" rm -rf "$path"; fi
  done
  if has_systemd && [ "$changes" -gt 0 ] && [ "$dry_run" = 0 ]; then
    systemctl daemon-reload
    ! systemctl is-active --quiet nginx || systemctl reload nginx
  fi
  [ "$changes" -gt 0 ] || say "Nothing to do: SMS Admin is not installed here."
  say "Kept: the settings in $(dirname "$settings"), the database and its backups in $data, and the user smsadmin."
  say "An install brings it back. To be rid of them, too: rm -r $(dirname "$settings") $data && userdel smsadmin"
}

disable_units() {
  local names=() each
  for each in "$@"; do names+=("$(basename "$each")"); done
  systemctl disable --now --quiet "${names[@]}" 2>/dev/null || systemctl stop "${names[@]}"
}
