# Two namespaces joined by a veth pair: `mail` holds the servers, `world` the
# clients with several addresses each of which is a person or an attacker.
# Offloading is off, so that segments and checksums are those of a real wire.

in_mail() { ip netns exec "$net_mail" "$@"; }
in_world() { ip netns exec "$net_world" "$@"; }

make_network() {
  ip netns add "$net_mail"
  ip netns add "$net_world"
  ip link add mail0 netns "$net_mail" address 02:00:00:00:00:19 type veth \
    peer name world0 netns "$net_world" address 02:00:00:00:00:fe
  local address
  for address in 10.0.0.25/24 10.0.0.26/24 10.0.0.77/24; do in_mail ip addr add "$address" dev mail0; done
  in_mail ip -6 addr add 2001:db8::25/64 dev mail0 nodad
  for address in 10.0.0.31/24 10.0.0.32/24 10.0.0.33/24 10.0.0.34/24 \
    198.51.100.7/32 198.51.100.20/32 203.0.113.9/32 203.0.113.66/32 192.0.2.44/32; do
    in_world ip addr add "$address" dev world0
  done
  in_world ip -6 addr add 2001:db8::7/64 dev world0 nodad
  local side device
  for side in in_mail in_world; do
    device=$([ "$side" = in_mail ] && echo mail0 || echo world0)
    $side ip link set lo up
    $side ethtool -K "$device" tx off rx off tso off gso off gro off >/dev/null 2>&1 || true
    $side ip link set "$device" up
  done
  in_mail ip route add default dev mail0
  # A wire of 3 ms, where the kernel has netem; without it the sessions are only quicker.
  in_world tc qdisc add dev world0 root netem delay 3ms 2>/dev/null || true
}

remove_network() {
  ip netns del "$net_mail" 2>/dev/null
  ip netns del "$net_world" 2>/dev/null
}
