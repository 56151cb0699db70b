# shellcheck shell=bash disable=SC2154
# What a release needs around it. Each step looks first: what is as it should be is not touched.

check_machine() {
  local missing=()
  [ -f "$from/deploy/install.sh" ] || stop "$from is no clone of SMS Admin."
  id=$(release_id)
  if [ ! -d "$opt/releases/$id" ]; then
    local have
    have=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null) || have=0
    if [ "$have" -lt 20 ]; then
      stop "Node 20 or newer is needed to install, and $([ "$have" = 0 ] && echo 'there is none' || echo "this is $have"). Debian 13: apt-get install --no-install-recommends nodejs npm. Debian 12 has 18 only: see https://github.com/nodesource/distributions."
    fi
    packages_at_hand || command -v npm >/dev/null || missing+=(npm)
  fi
  if [ "$nginx" = 1 ]; then
    [ -n "$root" ] || command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx)
    command -v openssl >/dev/null || missing+=(openssl)
  fi
  [ ${#missing[@]} = 0 ] || stop "Missing: ${missing[*]}. Next: apt-get install ${missing[*]}$([[ " ${missing[*]} " != *' nginx '* ]] || echo '; or --no-nginx with a proxy of your own')."
  local system
  system=$(. /etc/os-release && echo "$ID ${VERSION_ID:-}")
  case $system in
    'debian 12' | 'debian 13') ;;
    *) say "Look at: tried on Debian 12 and 13; this is $system." ;;
  esac
}

# The last line of a name counts, as for systemd.
setting() { [ ! -e "$settings" ] || sed -n "s/^$1=//p" "$settings" | tail -n 1 | sed 's/^"\(.*\)"$/\1/'; }

choose_domain() {
  local url
  url=$(setting PUBLIC_URL)
  local known=${url#https://}
  if [ -z "$domain$known" ] && [ -t 0 ]; then read -rp 'The domain under which staff and Twilio reach it (sms.example.org): ' domain; fi
  [ -n "$domain$known" ] || stop "--domain NAME is needed once: where staff and Twilio reach it, such as sms.example.org."
  if [ -n "$known" ] && [ -n "$domain" ] && [ "$known" != "$domain" ]; then
    say "Look at: PUBLIC_URL stays $url, as $settings has it; change it there."
  fi
  domain=${domain:-$known}
  [[ $domain =~ ^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$ ]] || stop "$domain is not a domain such as sms.example.org."
}

make_user() {
  [ -z "$root" ] || return 0
  getent passwd smsadmin >/dev/null ||
    act "make the system user smsadmin, who cannot sign in" \
      useradd --system --user-group --home-dir "$data" --no-create-home --shell /usr/sbin/nologin smsadmin
}

make_folders() {
  folder "$opt/releases" 755 root:root
  folder "$(dirname "$settings")" 750 root:smsadmin
  folder "$data" 700 smsadmin:smsadmin
  folder "$data/backups" 700 smsadmin:smsadmin
}

folder() {
  [ -d "$1" ] || act "make $1" mkdir -p "$1"
  own "$@"
}

# own PATH MODE OWNER
own() {
  [ -e "$1" ] || return 0
  [ "$(stat -c %a "$1")" = "$2" ] || act "give $1 mode $2" chmod "$2" "$1"
  [ -n "$root" ] || [ "$(stat -c %U:%G "$1")" = "$3" ] || act "give $1 to $3" chown "$3" "$1"
}

# put SOURCE TARGET: a file of the release, where it differs.
put() {
  cmp -s "$1" "$2" || act "write $2" install -D -m 644 "$1" "$2"
}

write_settings() {
  local program=$opt/releases/$id node args=("$settings" "$data" --domain "$domain") lines line
  [ -d "$program" ] || program=$from
  node=$program/node_modules/.bin/node
  [ -x "$node" ] || node=node
  [ "$nginx" = 0 ] || args+=(--proxy)
  [ "$dry_run" = 0 ] || args+=(--dry-run)
  lines=$("$node" "$program/deploy/vps/settings.mjs" "${args[@]}")
  while IFS= read -r line; do
    case $line in
      '') ;;
      Look\ at*) say "$line" ;;
      # Done by now, or only told.
      *) act "$line" : ;;
    esac
  done <<<"$lines"
  own "$settings" 660 root:smsadmin
}

# install_units RELEASE
install_units() {
  local unit
  for unit in "$1"/deploy/systemd/*; do put "$unit" "$units/$(basename "$unit")"; done
  ! has_systemd || systemctl daemon-reload
}

# By way of `current`, so that they are always those of the release that runs.
link_commands() {
  local name
  for name in sms-admin dbdoctor; do
    [ "$(readlink "$bin/$name" || true)" = "$opt/current/deploy/vps/$name" ] ||
      act "link $bin/$name" link "$opt/current/deploy/vps/$name" "$bin/$name"
  done
}

link() {
  mkdir -p "$(dirname "$2")"
  ln -sfn "$1" "$2"
}

write_site() {
  [ "$nginx" = 1 ] || return 0
  local available=$root/etc/nginx/sites-available/sms-admin enabled=$root/etc/nginx/sites-enabled/sms-admin
  [ -e "$tls/fullchain.pem" ] || act "make a self-signed certificate for $domain in $tls" make_certificate
  [ -e "$available" ] || act "write $available" render_site "$available"
  [ -e "$enabled" ] || act "turn the site on" enable_site "$available" "$enabled"
}

make_certificate() {
  mkdir -p "$tls"
  (umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj "/CN=$domain" \
    -addext "subjectAltName=DNS:$domain" -keyout "$tls/privkey.pem" -out "$tls/fullchain.pem" 2>/dev/null)
}

render_site() {
  local port edits=()
  port=$(setting PORT)
  mkdir -p "$(dirname "$1")"
  # From 1.25.1 on HTTP/2 has a line of its own; Debian 12 is older, and does not know that line.
  if command -v nginx >/dev/null && is_at_least 1.25.1 "$(nginx -v 2>&1 | sed 's/.*\///')"; then edits=(-e 's/ ssl http2;/ ssl;/' -e 's/^ *server_tokens off;/&\n    http2 on;/'); fi
  sed -e "s/sms\.example\.org/$domain/g" -e "s/127\.0\.0\.1:8787/127.0.0.1:${port:-8787}/" -e "s|/etc/sms-admin/tls|$tls|" "${edits[@]}" \
    "$opt/releases/$id/deploy/nginx.conf" >"$1"
}

is_at_least() { [ "$(printf '%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

enable_site() {
  link "$1" "$2"
  [ -z "$root" ] || return 0
  if ! nginx -t -q; then
    rm "$2"
    stop "nginx does not take the site, for the reason above; it is turned off again. Mend $1 and run this again."
  fi
  if has_systemd; then systemctl reload-or-restart nginx; else say "No systemd runs here: start or reload nginx yourself."; fi
}

tell_end() {
  if [ "$changes" = 0 ]; then
    say "Nothing to do: release $id is installed, and everything is as it should be."
  elif [ "$dry_run" = 1 ]; then
    say "Nothing was touched."
  else
    say "Release $id is installed."
  fi
  if [ "$(setting SMS_PROVIDER)" = simulator ]; then say "Nothing is sent for real: SMS_PROVIDER is simulator in $settings."; fi
  if [ -z "$(readlink "$tls/fullchain.pem" || true)" ] && [ -e "$root/etc/nginx/sites-available/sms-admin" ] &&
    grep -q "$tls/fullchain.pem" "$root/etc/nginx/sites-available/sms-admin"; then
    say "The certificate is self-signed. Next: apt-get install python3-certbot-nginx && certbot --nginx -d $domain"
  fi
  if [ "${first:-0}" = 1 ] && [ "$dry_run" = 0 ]; then
    say "First sign-in: https://$domain with admin and the ADMIN_PASSWORD in $settings."
  fi
}
