# Starts postfix, dovecot and the impostors with a configuration of their own
# under $work. Made-up accounts: the passwords are part of the sample.

start_servers() {
  make_certificate
  write_accounts
  write_dovecot
  write_postfix
  on_mail_host dovecot -c "$work/dovecot.conf"
  on_mail_host postfix -c "$work/postfix" start >"$work/postfix.log" 2>&1
  ip netns exec "$net_mail" node "$parts/impostor.mjs" >"$work/impostor.log" 2>&1 &
  own_pids+=($!)
  local port
  for port in 25 587 465 110 143 993 995; do await_port 10.0.0.25 "$port"; done
  await_port 10.0.0.26 25
  await_port 10.0.0.77 110
}

# With a host name, hosts file and (empty) resolver of its own: the name is seen
# in APOP timestamps, and nobody waits for a name server that does not exist.
on_mail_host() {
  : >"$work/resolv.conf"
  printf '127.0.0.1 localhost\n10.0.0.25 mail.example.org mail\n' >"$work/hosts"
  in_mail unshare --uts --mount sh -c '
    mount --bind "$0/resolv.conf" /etc/resolv.conf && mount --bind "$0/hosts" /etc/hosts &&
    hostname mail.example.org && exec "$@"' "$work" "$@"
}

stop_servers() {
  in_mail postfix -c "$work/postfix" stop >/dev/null 2>&1
  in_mail doveadm -c "$work/dovecot.conf" stop >/dev/null 2>&1
}

await_port() { # ADDRESS PORT
  local attempt
  for attempt in $(seq 100); do
    in_mail bash -c "exec 3<>/dev/tcp/$1/$2" 2>/dev/null && return 0
    read -rt 0.1 <> <(:) || true
  done
  echo "record-samples: nothing listens on $1:$2, see $work" >&2
  return 1
}

make_certificate() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=mail.example.org \
    -addext subjectAltName=DNS:mail.example.org \
    -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
}

# user:password; `bob` and `info` are weak on purpose.
write_accounts() {
  {
    echo 'alice@example.org:{PLAIN}tr8-Mokk.vul'
    echo 'bob@example.org:{PLAIN}bob123'
    echo 'carol@example.org:{PLAIN}Lumpen-Zirkel.41'
    echo 'dave@example.org:{PLAIN}vex0-quilt-Harbour'
    echo 'info@example.org:{PLAIN}Summer2026'
  } >"$work/users"
  chmod 644 "$work/users"
  mkdir -p "$work/mail" "$work/run"
  chown nobody "$work/mail"
}

write_dovecot() {
  cat >"$work/dovecot.conf" <<CONF
protocols = imap pop3
listen = 10.0.0.25, 2001:db8::25
base_dir = $work/run/dovecot
state_dir = $work/run/state
instance_name = record-samples
log_path = $work/dovecot.log
ssl = yes
ssl_cert = <$work/cert.pem
ssl_key = <$work/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login apop cram-md5 digest-md5 scram-sha-256
auth_failure_delay = 0
login_greeting = mail.example.org ready.
mail_location = maildir:$work/mail/%n
first_valid_uid = 1
mail_max_userip_connections = 50
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u $work/users
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$work/mail/%n
}
service auth {
  unix_listener $work/run/smtp-auth {
    mode = 0666
  }
}
# No waiting after failed logins: the recording is to stay short.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
namespace inbox {
  inbox = yes
  mailbox Sent {
    auto = create
    special_use = \Sent
  }
  mailbox Drafts {
    auto = create
    special_use = \Drafts
  }
}
CONF
}

write_postfix() {
  mkdir -p "$work/postfix" "$work/queue" "$work/data"
  chown postfix "$work/data"
  local name
  for name in alice bob carol dave info sales; do echo "$name@example.org $name/"; done >"$work/postfix/mailboxes"
  cat >"$work/postfix/main.cf" <<CONF
compatibility_level = 3.6
queue_directory = $work/queue
data_directory = $work/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = $work/maillog
maillog_file_prefixes = $work
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 10.0.0.25, 10.0.0.26, [2001:db8::25]
inet_protocols = all
myhostname = mail.example.org
mydomain = example.org
mydestination =
mynetworks = 127.0.0.0/8
smtpd_peername_lookup = no
disable_dns_lookups = yes
default_transport = discard
relay_transport = discard
virtual_mailbox_domains = example.org
virtual_mailbox_maps = texthash:$work/postfix/mailboxes
virtual_mailbox_base = $work/mail
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 1
smtpd_tls_cert_file = $work/cert.pem
smtpd_tls_key_file = $work/key.pem
smtpd_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = $work/run/smtp-auth
smtpd_sasl_auth_enable = yes
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions =
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
smtpd_hard_error_limit = 40
smtpd_recipient_limit = 1000
line_length_limit = 16384
recipient_delimiter = +
biff = no
alias_maps =
local_recipient_maps =
CONF
  cat >"$work/postfix/master.cf" <<CONF
10.0.0.25:25         inet n - n - - smtpd
[2001:db8::25]:25    inet n - n - - smtpd
10.0.0.26:25         inet n - n - - smtpd
  -o smtpd_delay_reject=no
  -o smtpd_client_restrictions=reject
10.0.0.25:587        inet n - n - - smtpd
10.0.0.25:465        inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
showq     unix  n - n - - showq
error     unix  - - n - - error
discard   unix  - - n - - discard
virtual   unix  - n n - - virtual
anvil     unix  - - n - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
CONF
}
