# What crosses the wire: ready-made clients here, hand-made dialogues in typed.mjs.

run_day() {
  in_world node "$parts/typed.mjs" ordinary
  swaks_mails
  curl_sessions
  in_world node "$parts/typed.mjs" attacks
  openssl_sessions
}

run_small() { in_world node "$parts/typed.mjs" small; }

# A client that is refused on purpose ends with an error: recorded all the same.
quietly() { "$@" >>"$work/clients.log" 2>&1 || true; }

mail_by_swaks() { # FROM_ADDRESS NAME ARGUMENTS...
  local from=$1 name=$2
  shift 2
  quietly in_world swaks --local-interface "$from" --helo "$name" --timeout 10 \
    --header "Message-Id: <$name.$#@example.net>" --header-X-Mailer 'swaks' "$@"
}

swaks_mails() {
  mail_by_swaks 198.51.100.7 mx1.example.net --server 10.0.0.25 --from eva@example.net --to alice@example.org,dave@example.org \
    --header 'Subject: Plan of the week' --body 'Monday: nothing. Tuesday: less.'
  mail_by_swaks 198.51.100.20 mail.example.com --server 10.0.0.25 --pipeline --from orders@example.com --to info@example.org \
    --header 'Subject: Order 4711' --attach-type text/csv --attach-name order.csv --attach-body 'item,count' --body 'Please find attached.'
  mail_by_swaks 203.0.113.9 dsl-9.example.com --server 10.0.0.25 --from lottery@example.com --to victim@example.net --header 'Subject: You won'
  mail_by_swaks 198.51.100.7 mx1.example.net --server 10.0.0.25 --tls --from eva@example.net --to carol@example.org --header 'Subject: In private'
  mail_by_swaks 10.0.0.31 desk-1.example.org --server 10.0.0.25:587 --tls --auth PLAIN --auth-user alice@example.org \
    --auth-password tr8-Mokk.vul --from alice@example.org --to eva@example.net --header 'Subject: Submitted'
  mail_by_swaks 10.0.0.32 desk-2.example.org --server 10.0.0.25:587 --auth DIGEST-MD5 --auth-user carol@example.org \
    --auth-password Lumpen-Zirkel.41 --from carol@example.org --to partner@example.net --header 'Subject: Digest'
  mail_by_swaks 10.0.0.33 desk-3.example.org --server 10.0.0.25:465 --tls-on-connect --auth LOGIN --auth-user dave@example.org \
    --auth-password vex0-quilt-Harbour --from dave@example.org --to eva@example.net --header 'Subject: Wrapped'
}

by_curl() { # FROM_ADDRESS ARGUMENTS...
  local from=$1
  shift
  quietly in_world curl -sS --max-time 10 -k --interface "$from" "$@"
}

curl_sessions() {
  local alice=alice@example.org:tr8-Mokk.vul
  by_curl 10.0.0.31 -u "$alice" pop3://10.0.0.25/
  by_curl 10.0.0.31 -u "$alice" pop3://10.0.0.25/1
  by_curl 10.0.0.31 -u "$alice" pop3://10.0.0.25/ -X UIDL --login-options AUTH=PLAIN
  by_curl 10.0.0.32 -u "$alice" --ssl-reqd pop3://10.0.0.25/
  by_curl 10.0.0.33 -u "$alice" pop3s://10.0.0.25/
  by_curl 10.0.0.31 -u "$alice" imap://10.0.0.25/
  by_curl 10.0.0.31 -u "$alice" 'imap://10.0.0.25/INBOX;MAILINDEX=1'
  by_curl 10.0.0.32 -u "$alice" 'imap://10.0.0.25/INBOX?SUBJECT%20week'
  by_curl 10.0.0.32 -u "$alice" --login-options AUTH=SCRAM-SHA-256 imap://10.0.0.25/INBOX -X 'EXAMINE INBOX'
  by_curl 10.0.0.33 -u "$alice" --ssl-reqd imap://10.0.0.25/
  by_curl 10.0.0.34 -u "$alice" imaps://10.0.0.25/
  printf 'From: alice@example.org\r\nTo: eva@example.net\r\nSubject: Kept\r\n\r\nA copy.\r\n' >"$work/kept.eml"
  by_curl 10.0.0.31 -u "$alice" -T "$work/kept.eml" imap://10.0.0.25/Sent
  by_curl 198.51.100.20 --mail-from eva@example.com --mail-rcpt alice@example.org -T "$work/kept.eml" smtp://10.0.0.25/mail.example.com
}

openssl_sessions() {
  local protocol port
  for protocol in smtp:587 pop3:110 imap:143; do
    port=${protocol#*:}
    (printf 'QUIT\r\na1 LOGOUT\r\n'; read -rt 0.3 <> <(:) || true) |
      quietly in_world openssl s_client -connect "10.0.0.25:$port" -starttls "${protocol%:*}" -tls1_2 -quiet -servername mail.example.org
  done
}
